"""What a juror has to keep between committing to a ruling and revealing it.

One file per commitment, named by it and readable by its owner alone. It is on the disk before the
commitment is sent, so a juror who is killed in between loses nothing; the jury says which of
several commitments counts.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from dmo.client.disputes import Ruling, commitment, live_commitment, new_salt
from dmo.deployment import Dmo
from dmo.errors import NotFound

__all__ = ["Salts", "Secret"]


@dataclass(frozen=True)
class Secret:
    """A ruling nobody else knows yet, and the salt that proves it."""

    ruling: Ruling
    salt: bytes


class Salts:
    """The commitments of the jurors of this machine.

    Args:
        folder: Where they are kept; made when the first one is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, committed: bytes) -> Path:
        """Where the secret behind a commitment is."""
        return self.folder / f"{committed.hex()}.json"

    def commit(self, dmo: Dmo, case: int, juror: str, ruling: Ruling) -> bytes:
        """Choose a salt and keep it; returns the commitment, which can then be sent.

        Args:
            dmo: The deployment.
            case: The jury's number of the dispute.
            juror: Who commits.
            ruling: To what.
        """
        salt = new_salt()
        committed = commitment(dmo, case, juror, ruling, salt)
        content = {
            "chain_id": dmo.chain_id,
            "jury": dmo.address("Jury"),
            "dispute": case,
            "juror": juror,
            "ruling": int(ruling),
            "salt": "0x" + salt.hex(),
        }
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path(committed), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return committed

    def find(self, dmo: Dmo, case: int, juror: str) -> Secret:
        """The secret behind a juror's live commitment.

        Raises:
            NotFound: There is no such commitment, or its salt is not on this machine.
        """
        live = live_commitment(dmo, case, juror)
        if live == bytes(32):
            raise NotFound(
                f"{juror} has no commitment in dispute {case} that waits to be revealed.",
                hint="One is revealed once; who has not committed in time has no voice.",
            )
        file = self.path(live)
        try:
            content = json.loads(file.read_text("utf-8"))
            secret = Secret(Ruling(content["ruling"]), bytes.fromhex(content["salt"][2:]))
            is_its = commitment(dmo, case, juror, secret.ruling, secret.salt) == live
        except (OSError, ValueError, KeyError, TypeError):
            is_its = False
        if not is_its:
            raise NotFound(
                f"The salt of {juror}'s commitment in dispute {case} is not on this machine.",
                hint=f"It is where the commitment was made; copy it to {file}.",
            )
        return secret
