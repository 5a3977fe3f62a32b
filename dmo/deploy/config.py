"""What a deployment is asked to be: config/<name>.toml, read and checked.

Lengths of time carry their unit (``"7 days"``), shares their sign (``"4 %"``), amounts are whole
tokens (``"1,000"``). Every default here is the recommended one; docs/deploying.md lists them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput
from dmo.core.units import format_duration, parse_amount, parse_bps, parse_duration, parse_time

__all__ = [
    "LOCAL_CHAIN_ID",
    "DeployConfig",
    "HolderRow",
    "NewToken",
    "VotesToken",
    "WrappedToken",
    "load_config",
    "recommended_defaults",
]

LOCAL_CHAIN_ID = 31337
"""Chain id of the local development chain."""

_DAY = 86_400
_LONGEST_WINDOW = 60 * _DAY
_LONGEST_JURY = 30 * _DAY
_MOST_DECIMALS = 36

# Marking one of these as a test network is a mistake, not a choice.
_REAL_CHAINS = {
    1: "Ethereum",
    10: "OP Mainnet",
    56: "BNB Smart Chain",
    100: "Gnosis",
    137: "Polygon",
    324: "ZKsync Era",
    8453: "Base",
    42161: "Arbitrum One",
    43114: "Avalanche",
    59144: "Linea",
    534352: "Scroll",
}


def _reading(parse: Callable[[str], int]) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, str):
            raise ValueError(f"{value!r} has no unit|a text in quotes, with its unit")
        try:
            return parse(value)
        except BadInput as error:
            raise ValueError(f"{error.reason}|{error.expected}") from error

    return read


def _amount(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(f'{value!r} is not an amount|whole tokens in quotes, such as "1,000"')
    try:
        parse_amount(value, _MOST_DECIMALS)
    except BadInput as error:
        raise ValueError(f"{error.reason}|{error.expected}") from error
    return value


def _address(value: object) -> str:
    expected = "an address of 40 hex digits with 0x"
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not an address|{expected}")
    try:
        address = checksum(value)
    except BadInput as error:
        raise ValueError(f"{error.reason}|{error.expected}") from error
    if int(address, 16) == 0:
        raise ValueError(f"the zero address cannot be used|{expected}")
    return address


def _hex(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"0x([0-9a-fA-F]{2})*", value):
        return value.lower()
    raise ValueError(f"{value!r} is no data|hexadecimal digits in pairs, with 0x")


def _origin(value: object) -> int | None:
    if value == "auto":
        return None
    if isinstance(value, str):
        try:
            return parse_time(value)
        except BadInput as error:
            raise ValueError(f'{error.reason}|"auto", or {error.expected}') from error
    raise ValueError(f'{value!r} is not a moment|"auto", or a text such as "2027-01-04T12:00Z"')


Duration = Annotated[int, BeforeValidator(_reading(parse_duration))]
Share = Annotated[int, BeforeValidator(_reading(parse_bps))]
TokenAmount = Annotated[str, BeforeValidator(_amount)]
Address = Annotated[str, BeforeValidator(_address)]
Origin = Annotated[int | None, BeforeValidator(_origin)]
HexBytes = Annotated[str, BeforeValidator(_hex)]


def _written(default: str, **bounds: Any) -> Any:
    """A field whose default is written as a person would write it."""
    return Field(default=default, **bounds)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class HolderRow(_Section):
    """One holder of a new token."""

    account: Address
    tokens: TokenAmount


class _Token(_Section):
    excluded: tuple[Address, ...] = Field(
        default=(),
        max_length=4,
        description="accounts without votes besides treasury and escrow, at most four",
    )


class NewToken(_Token):
    """A new votes token with a fixed supply."""

    kind: Literal["new"]
    name: str = Field(min_length=1, max_length=64)
    symbol: str = Field(min_length=1, max_length=16)
    supply: TokenAmount
    holders: tuple[HolderRow, ...] | str = Field(
        description="rows of account and tokens, or the name of a CSV file with these columns"
    )
    rest: Literal["treasury"] | Address = Field(
        default="treasury", description="who gets what the holders' list leaves"
    )
    batch: int = Field(default=120, ge=1, le=250, description="holders served by one transaction")

    @field_validator("rest", mode="before")
    @classmethod
    def _rest(cls, value: object) -> object:
        return value if value == "treasury" else _address(value)


class VotesToken(_Token):
    """An existing ERC-5805 token whose clock counts seconds."""

    kind: Literal["votes"]
    address: Address


class WrappedToken(_Token):
    """An existing ERC-20, wrapped to give it votes."""

    kind: Literal["wrap"]
    address: Address
    name: str = Field(min_length=1, max_length=64)
    symbol: str = Field(min_length=1, max_length=16)


class Network(_Section):
    """Where the deployment lives."""

    chain_id: int = Field(gt=0)
    testnet: bool = Field(default=False, description="a test network; on others money is real")

    @model_validator(mode="after")
    def _honest(self) -> Network:
        real = _REAL_CHAINS.get(self.chain_id)
        if self.testnet and real is not None:
            raise ValueError(f"chain {self.chain_id} is {real}, not a test network|testnet = false")
        return self


class Budget(_Section):
    """The token that campaigns are paid in."""

    token: Address | None = None
    mock: bool = Field(
        default=False, description="deploy a play-money stablecoin (local chain only)"
    )

    @model_validator(mode="after")
    def _one(self) -> Budget:
        if (self.token is None) != self.mock:
            raise ValueError('name one budget token|either token = "0x…" or mock = true')
        return self


class Rounds(_Section):
    """Ideas and ballots."""

    cap: TokenAmount = Field(description="most a round may assign, in whole budget tokens")
    length: Duration = _written("7 days", gt=0, description="length of a round")
    holding: Duration = _written("3 days", gt=0, description="how long tokens must be held to post")
    origin: Origin = _written(
        "auto",
        description="start of round 1; auto: a holding period and the slack after the tokens",
    )
    slack: Duration = _written("1 hour", gt=0, description="room of an automatic origin")
    passing: Share = _written("4 %", ge=200, le=5000, description="for − against an idea needs")
    posting: Share = _written("0.1 %", ge=1, le=500, description="votes needed per idea")
    passing_floor: TokenAmount | None = Field(
        default=None, description="in whole tokens; default: the share of a tenth of the supply"
    )
    posting_floor: TokenAmount | None = Field(
        default=None, description="in whole tokens; default: the share of a tenth of the supply"
    )


class JurySection(_Section):
    """Who decides disputes, where the terms name nobody else."""

    commit: Duration = _written(
        "3 days", gt=0, le=_LONGEST_JURY, description="jurors commit to a ruling"
    )
    reveal: Duration = _written("2 days", gt=0, le=_LONGEST_JURY, description="then they reveal it")
    quorum: Share = _written(
        "10 %", ge=100, le=5000, description="share of all jurors' weight that has to be revealed"
    )
    quorum_floor: TokenAmount | None = Field(
        default=None,
        description="in whole tokens, while jurors come from the token; default: the share of a"
        " tenth of the supply",
    )
    min_points: TokenAmount = Field(
        default="10,000",
        description="from so many points on jurors come from reputation, before from the token",
    )

    @property
    def margin(self) -> int:
        """Room for handing a ruling over after the reveals, in seconds."""
        return -(-(self.commit + self.reveal) // 5)

    @property
    def needed(self) -> int:
        """How long a dispute has to be allowed to take, in seconds."""
        return self.commit + self.reveal + self.margin


class Campaigns(_Section):
    """Bounties, work and disputes."""

    review: Duration = _written("5 days", description="the lead may judge; silence accepts")
    answer: Duration = _written("3 days", description="a worker may answer a rejection")
    challenge: Duration = _written("3 days", description="anyone may challenge an acceptance")
    arbitration: Duration = _written("7 days", description="a dispute may take this long")
    notice: Duration = _written(
        "3 days", description="what is cancelled runs on at least this long"
    )
    shortest_window: Duration = _written(
        "1 day", gt=0, description="no later terms may have a shorter window"
    )
    dispute_bond: Share = _written(
        "10 %", ge=100, le=5000, description="bond of a dispute, as a share of the reward"
    )
    dispute_bond_min: TokenAmount = Field(
        default="10", description="the bond is never below this, in whole budget tokens"
    )
    arbitrator: Address | None = Field(
        default=None,
        description="another ERC-792 arbitrator than the jury, which campaigns then trust instead",
    )
    arbitrator_extra_data: HexBytes = Field(
        default="0x", description="what that arbitrator is told, such as its court"
    )

    @model_validator(mode="after")
    def _windows(self) -> Campaigns:
        for name in ("review", "answer", "challenge", "arbitration", "notice"):
            if not self.shortest_window <= getattr(self, name) <= _LONGEST_WINDOW:
                raise ValueError(
                    f"{name} is outside its bounds|at least shortest_window, at most 60 days"
                )
        if self.arbitrator is None and self.arbitrator_extra_data != "0x":
            raise ValueError(
                "arbitrator_extra_data is for another arbitrator than the jury|arbitrator too"
            )
        return self


class ReputationSection(_Section):
    """Points."""

    half_life: Duration = _written(
        "180 days", ge=90 * _DAY, le=720 * _DAY, description="points fade by half"
    )


class Governance(_Section):
    """Governor and timelock."""

    timelock: Duration = _written("2 days", description="delay of a passed proposal")
    voting_delay: Duration = _written("1 day", description="from proposal to snapshot")
    voting_period: Duration = _written("5 days", description="votes are cast")
    late_quorum: Duration = _written(
        "1 day", description="voting left at least after the quorum is reached"
    )
    quorum: Share = _written("10 %", ge=1, description="share that has to be cast")
    threshold: Share = _written("1 %", description="share needed to propose")
    quorum_floor: TokenAmount | None = Field(
        default=None, description="in whole tokens; default: the share of a tenth of the supply"
    )
    threshold_floor: TokenAmount | None = Field(
        default=None, description="in whole tokens; default: the share of a tenth of the supply"
    )


class Guardian(_Section):
    """Who may halt new ideas and bounties for one round."""

    address: Address


class DeployConfig(_Section):
    """One deployment."""

    network: Network
    token: NewToken | VotesToken | WrappedToken = Field(discriminator="kind")
    budget: Budget
    rounds: Rounds
    campaigns: Campaigns = Field(default_factory=Campaigns)
    jury: JurySection = Field(default_factory=JurySection)
    reputation: ReputationSection = Field(default_factory=ReputationSection)
    governance: Governance = Field(default_factory=Governance)
    guardian: Guardian

    @model_validator(mode="after")
    def _together(self) -> DeployConfig:
        if self.budget.mock and self.network.chain_id != LOCAL_CHAIN_ID:
            raise ValueError('play money is for the local chain|budget.token = "0x…"')
        if self.campaigns.arbitrator is None and self.campaigns.arbitration < self.jury.needed:
            raise ValueError(
                f"campaigns.arbitration of {format_duration(self.campaigns.arbitration)} ends"
                " before the jury can rule"
                f"|at least {format_duration(self.jury.needed)}: jury.commit, jury.reveal and a"
                " fifth of both for handing the ruling over"
            )
        if isinstance(self.token, WrappedToken):
            floors = {
                "rounds.passing_floor": self.rounds.passing_floor,
                "rounds.posting_floor": self.rounds.posting_floor,
                "governance.quorum_floor": self.governance.quorum_floor,
                "governance.threshold_floor": self.governance.threshold_floor,
            }
            for name, floor in floors.items():
                if floor is not None and parse_amount(floor, _MOST_DECIMALS) == 0:
                    raise ValueError(
                        f"{name} is zero, so the first to wrap one token would own the DAO"
                        "|leave it out for the default, or name an amount"
                    )
        return self


def load_config(path: Path) -> DeployConfig:
    """Read and check a deployment's config.

    Raises:
        BadInput: With file, key, and what would be right.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadInput("there is no such file", file=str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}", file=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"is not TOML: {error}", file=str(path)) from error
    try:
        return DeployConfig.model_validate(data)
    except ValidationError as error:
        problems = [_problem(item) for item in error.errors(include_url=False)]
        field, reason, expected = problems[0]
        more = "".join(
            f"\n  {name}: {why}" + (f" (expected: {right})" if right else "")
            for name, why, right in problems[1:]
        )
        raise BadInput(
            reason
            if not more
            else f"{reason}{f' (expected: {expected})' if expected else ''}{more}",
            expected="" if more else expected,
            file=str(path),
            field=field,
        ) from error


_EXPECTED = {
    "missing": "this key",
    "extra_forbidden": "only the keys of docs/deploying.md",
}


def _problem(item: Mapping[str, Any]) -> tuple[str, str, str]:
    tags = {"new", "votes", "wrap"}
    where = [str(part) for part in item["loc"]]
    if len(where) > 1 and where[0] == "token" and where[1] in tags:
        del where[1]
    message, _, expected = str(item["msg"]).removeprefix("Value error, ").partition("|")
    if item["type"] == "missing":
        message = "is missing"
    elif item["type"] == "extra_forbidden":
        message = "is not a known key"
    elif item["type"].startswith("union_tag"):
        where.append("kind")
        message, expected = "does not name a kind of token", '"new", "votes" or "wrap"'
    return ".".join(where), message, expected or _EXPECTED.get(item["type"], "")


def recommended_defaults() -> Iterator[tuple[str, str, str]]:
    """Every key with a recommended default: its name, the default, what it means."""
    sections: tuple[tuple[str, type[_Section]], ...] = (
        ("token", NewToken),
        ("rounds", Rounds),
        ("campaigns", Campaigns),
        ("jury", JurySection),
        ("reputation", ReputationSection),
        ("governance", Governance),
    )
    for section, model in sections:
        for key, field in model.model_fields.items():
            if field.is_required() or not field.description:
                continue
            default = field.default
            shown = "–" if default in (None, ()) else str(default)
            yield f"{section}.{key}", shown, field.description
