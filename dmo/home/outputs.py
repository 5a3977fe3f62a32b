"""Machine-readable outputs: their models, of which tools/generate_schemas.py makes docs/schemas.

dmo/core/files.py writes them. What the demo writes is beside it, what the tools write beside them.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dmo.core import words
from dmo.core.abi.codec import checksum


def _checksummed(value: str) -> str:
    mixed = checksum(value)
    if mixed != value:
        raise ValueError(words.bad("not_checksummed", mixed=mixed).reason)
    return value


Address = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$"), AfterValidator(_checksummed)]
AmountText = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]*)$")]
"""An amount in the smallest unit."""
DecimalText = Annotated[str, StringConstraints(pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$")]
"""An amount in whole tokens, without trailing zeros."""
Hash32 = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{64}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


class Output(BaseModel):
    """Base of all outputs: closed, and named by ``schema`` where it is a file of its own."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)


class ReplayInput(Output):
    """A file that was read, or all of a folder; left_out: votes of those who hold nothing any more."""

    rows: Count
    sha256: Sha256
    tokens: DecimalText | None = None
    left_out: Count | None = None


class ReplayInputs(Output):
    """The files that were read."""

    holders: ReplayInput
    votes: ReplayInput


class ReplayTerms(Output):
    """The options of a replay; ask and budget in whole tokens."""

    round_days: float | int
    ask: DecimalText
    budget: DecimalText
    threshold_bps: Count
    one_member_one_vote: Literal[True] | None = None


class ReplayProposal(Output):
    """A proposal's result; votes in whole tokens."""

    proposal: str
    round: Count
    for_: DecimalText = Field(alias="for")
    against: DecimalText
    passed: bool
    funded: bool


class OpenZeppelinCost(Output):
    """The same votes, cast one by one at an OpenZeppelin Governor."""

    votes: Count
    gas_votes: Count
    gas_per_vote: Count


class ReplayResult(Output):
    """What another DAO's history would have funded, and what it would have cost."""

    schema_: Literal["dmo.replay/1"] = Field(default="dmo.replay/1", alias="schema")
    inputs: ReplayInputs
    options: ReplayTerms
    threshold: DecimalText
    rounds: Count
    proposals: list[ReplayProposal]
    ballots: Count
    choices: Count
    gas_ballots: Count
    gas_settlements: Count
    gas_per_choice: Count
    openzeppelin: OpenZeppelinCost
    gas_saved_bps: int


class TransactionInfo(Output):
    """A transaction that a command sent."""

    hash: Hash32
    block: Count
    gas_used: Count
    description: str


class SentInfo(Output):
    """A transaction that left before it was told to the end: its step of how many, and what is known of it."""

    hash: str
    step: int = 1
    steps: int = 1
    description: str
    state: Literal["sent", "pending", "mined", "failed", "dropped"]
    block: int | None = None


class TokenInfo(Output):
    """A token in whose smallest unit amounts are told."""

    address: Address
    symbol: str
    decimals: Count


class Success(Output):
    """What a command prints with --format json when it is done."""

    ok: Literal[True] = True
    command: str
    deployment: str
    chain_id: Count
    block: Count | None = None
    tokens: dict[str, TokenInfo] = Field(default_factory=dict)
    data: dict[str, Any]
    transactions: list[TransactionInfo] = Field(default_factory=list)
    sent: list[SentInfo] = Field(default_factory=list)


class FailureDetail(Output):
    """Why a command did not do it."""

    code: str
    args: dict[str, Any]
    message: str
    hint: str


class Failure(Output):
    """What a command prints with --format json when it did not do it."""

    ok: Literal[False] = False
    command: str
    error: FailureDetail
    sent: list[SentInfo] = Field(default_factory=list)


class BookContract(Output):
    """A contract of a deployment.

    block, tx, args, code_sha256 and input_json are empty for contracts that were there before.
    ``input_json`` is the standard-JSON compiler input, or as a rule the name of its file beside the book.
    """

    address: Address
    block: Count | None = None
    tx: Hash32 | None = None
    args: list[Any] = Field(default_factory=list)
    code_sha256: Sha256 | None = None
    input_json: dict[str, Any] | str | None = None


class DeploymentBook(Output):
    """Where everything of a deployment is: deployments/<name>.json."""

    schema_: Literal["dmo.deployment/1"] = Field(default="dmo.deployment/1", alias="schema")
    chain_id: Count
    commit: str
    contracts: dict[str, BookContract]


SCHEMAS: dict[str, type[Output] | tuple[type[Output], ...]] = {
    "replay": ReplayResult,
    "command": (Success, Failure),
    "deployment": DeploymentBook,
}
