"""The journal of a deployment: what was about to be sent, written down before it is sent."""

import json
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, ValidationError

from dmo.core import words
from dmo.core.errors import BadInput
from dmo.core.files import read_json, write_text

_MAX_FILE = 64 * 1024 * 1024


class JournalEntry(BaseModel, extra="forbid"):
    """One step."""

    nonce: int  # the deployer's that the step is sent with
    address: str  # where the contract will be, or where the call goes
    digest: str  # sha2-256 of what is sent: the creation input or the call's data
    # "sending" from before it is sent, "done" once it is mined, "failed" if that reverted
    state: Literal["sending", "done", "failed"] = "sending"
    tx: str | None = None  # once it is known
    block: int | None = None  # where it was mined
    gas_used: int | None = None


class Journal(BaseModel, extra="forbid"):
    """A deployment under way."""

    schema_: Literal["dmo.journal/1"] = Field(default="dmo.journal/1", alias="schema")
    chain_id: int
    genesis: str  # hash of the first block, so that a new local chain is told from the old one
    deployer: str
    first_nonce: int  # the deployer's when the deployment began
    fingerprint: str  # sha2-256 over config, holders and code: it is finished as it was begun
    start_block: int  # the chain's height when it began
    supply: str  # of an existing votes token when it began; floors follow from it
    origin: int | None = None  # start of round 1 (Unix seconds), once it is decided
    finished: bool = False  # all steps are done and the address book is written
    steps: dict[str, JournalEntry] = Field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """Read a journal, or nothing where there is none; BadInput if it is no journal."""
        try:
            return cls.model_validate(read_json(path, _MAX_FILE))
        except FileNotFoundError:
            return None
        except (BadInput, ValidationError) as error:
            raise words.bad("deploy_no_journal").at(str(path)) from error

    def save(self, path: Path) -> None:
        """Write the journal so that it survives a kill."""
        data = self.model_dump(mode="json", by_alias=True)
        write_text(path, json.dumps(data, indent=1, sort_keys=True) + "\n")

    @property
    def places(self) -> dict[str, str]:
        """Where contracts are whose creation is written down."""
        created = ((key.partition("/"), entry.address) for key, entry in self.steps.items())
        return {name: address for (what, _, name), address in created if what == "create"}
