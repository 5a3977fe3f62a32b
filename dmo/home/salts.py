"""What a juror has to keep between committing to a ruling and revealing it.

One file per commitment, named by it and readable by its owner alone. It is on the disk before the
commitment is sent, so a juror who is killed in between loses nothing; the jury says which of
several commitments counts. A file is never changed and never removed: an earlier commitment counts
until a later one is on the chain, and again should the chain reorganise. Copied to another
machine, it reveals there.
"""

import json
import logging
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.abi.codec import checksum, encode, keccak
from dmo.core.errors import FAULTS, BadInput
from dmo.core.files import read_json, write_new

_MAX_FILE = 64 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Secret:
    """A ruling nobody else knows yet, and the 32 random bytes that prove it.

    Attributes:
        dispute: The jury's number of the dispute.
        juror: Who commits.
        ruling: To what: 1 pays the work, 2 does not.
    """

    chain_id: int
    jury: str
    dispute: int
    juror: str
    ruling: int
    salt: bytes

    @property
    def committed(self) -> bytes:
        """The commitment, as the jury computes it; nothing is asked of a node."""
        kinds = ["uint256", "address", "uint256", "address", "uint256", "bytes32"]
        return keccak(encode(kinds, list(vars(self).values())))


def new_salt() -> bytes:
    """32 random bytes, to be kept until the ruling is revealed."""
    return secrets.token_bytes(32)


@dataclass(frozen=True)
class Salts:
    """The commitments of the jurors of this machine, in a folder that is made when the first one is."""

    folder: Path

    @property
    def place(self) -> str:
        """Where they are, in words; empty where nothing is kept."""
        return str(self.folder)

    def path(self, committed: bytes) -> Path:
        """Where the secret behind a commitment is."""
        return self.folder / f"{committed.hex()}.json"

    def keep(self, secret: Secret) -> Path:
        """Write a secret, and have it on the disk on return. Raises BadInput: it cannot be kept."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise words.bad("unmakeable", why=error.strerror).at(str(self.folder)) from error
        file = self.path(secret.committed)
        write_secret(file, secret)
        return file

    def of(self, chain_id: int, jury: str, dispute: int) -> list[Secret]:
        """Everything kept for a dispute, whoever's."""
        found = []
        for file in sorted(self.folder.glob("*.json")):
            try:
                secret = read_secret(file)
            except BadInput as error:
                # Cut short while it was written, so its commitment was never sent; or not ours.
                _log.warning("%s", error)
                continue
            its = (secret.chain_id, secret.jury, secret.dispute)
            if its == (chain_id, checksum(jury), dispute) and secret not in found:
                found.append(secret)
        return found

    def behind(self, committed: bytes) -> Secret | None:
        """The secret behind a commitment; nothing if it is not on this machine."""
        try:
            secret = read_secret(self.path(committed))
        except BadInput:
            return None
        return secret if secret.committed == committed else None


def write_secret(file: Path, secret: Secret) -> None:
    """Write a file of its own, for its owner alone. Raises BadInput: it is there, or cannot be written."""
    content = {**vars(secret), "salt": "0x" + secret.salt.hex()}
    write_new(file, json.dumps(content, indent=2, sort_keys=True), mode=0o600)


def read_secret(file: Path) -> Secret:
    """Read a secret. Raises BadInput: it is none."""
    try:
        raw: Any = read_json(file, _MAX_FILE)
        salt = bytes.fromhex(str(raw["salt"]).removeprefix("0x"))
        if len(salt) != 32 or raw["ruling"] not in (1, 2):
            raise ValueError(raw["ruling"])
        jury, juror = (checksum(str(raw[key])) for key in ("jury", "juror"))
        return Secret(int(raw["chain_id"]), jury, int(raw["dispute"]), juror, int(raw["ruling"]), salt)
    except (OSError, BadInput, *FAULTS) as error:
        raise words.bad("no_salt_file").at(str(file)) from error
