"""The journal of a deployment: what was about to be sent, written down before it is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dmo.core.files import write_text
from dmo.deploy.sentences import bad

__all__ = ["Entry", "Journal"]


class Entry(BaseModel):
    """One step.

    Attributes:
        nonce: The deployer's nonce the step is sent with.
        address: Where the contract will be, or where the call goes.
        digest: sha2-256 of what is sent: the creation input or the call's data.
        state: ``sending`` from before it is sent; ``done`` once it is mined; ``failed`` if it
            was mined and reverted.
        tx: Hash of the transaction, once it is known.
        block: Where it was mined.
        gas_used: What it cost, in gas.
    """

    model_config = ConfigDict(extra="forbid")

    nonce: int
    address: str
    digest: str
    state: Literal["sending", "done", "failed"] = "sending"
    tx: str | None = None
    block: int | None = None
    gas_used: int | None = None


class Journal(BaseModel):
    """A deployment under way.

    Attributes:
        chain_id: The chain.
        genesis: Hash of its first block, so that a new local chain is told from the old one.
        deployer: Who sends.
        first_nonce: The deployer's nonce when the deployment began.
        fingerprint: sha2-256 over config, holders and code; a deployment is finished as begun.
        start_block: The chain's height when the deployment began.
        supply: Supply of an existing votes token when the deployment began; floors follow from it.
        origin: Start of round 1 (Unix seconds), once it is decided.
        finished: All steps are done and the address book is written.
        steps: Entries by step.
    """

    model_config = ConfigDict(extra="forbid")

    schema_: Literal["dmo.journal/1"] = Field(default="dmo.journal/1", alias="schema")
    chain_id: int
    genesis: str
    deployer: str
    first_nonce: int
    fingerprint: str
    start_block: int
    supply: str
    origin: int | None = None
    finished: bool = False
    steps: dict[str, Entry] = Field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Journal | None:
        """Read a journal, or nothing where there is none.

        Raises:
            BadInput: It is no journal.
        """
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise bad("no_journal").at(str(path)) from error

    def save(self, path: Path) -> None:
        """Write the journal so that it survives a kill."""
        data = self.model_dump(mode="json", by_alias=True)
        write_text(path, json.dumps(data, indent=1, sort_keys=True) + "\n")
