"""What a deployment is asked to be: config/<name>.toml, read and checked.

Lengths of time carry their unit (``"7 days"``), shares their sign (``"4 %"``), amounts are whole
tokens (``"1,000"``). Every default here is the recommended one; docs/deploying.md lists them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput
from dmo.core.units import format_duration, parse_amount, parse_bps, parse_duration, parse_time
from dmo.home.context import CHAINS

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
_WINDOWS = ("review", "answer", "challenge", "arbitration", "notice")
_FLOORS = (
    *("rounds.passing_floor", "rounds.posting_floor"),
    *("governance.quorum_floor", "governance.threshold_floor"),
)

# ── kinds of values ─────────────────────────────────────────────────────────────────────────────

_Value = TypeVar("_Value")


def _wrong(reason: str, expected: str) -> ValueError:
    """One text is all that pydantic carries: what is wrong, behind the bar what would be right."""
    return ValueError(f"{reason}|{expected}")


def _read(parse: Callable[[str], _Value], value: object, reason: str, expected: str) -> _Value:
    if not isinstance(value, str):
        raise _wrong(f"{value!r} {reason}", expected)
    try:
        return parse(value)
    except BadInput as error:
        raise _wrong(error.reason, error.expected) from error


def _with_unit(parse: Callable[[str], int]) -> Callable[[object], int]:
    return lambda value: _read(parse, value, "has no unit", "a text in quotes, with its unit")


def _amount(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    expected = 'whole tokens in quotes, such as "1,000"'
    _read(lambda given: parse_amount(given, _MOST_DECIMALS), text, "is not an amount", expected)
    return str(text)


def _address(value: object) -> str:
    expected = "an address of 40 hex digits with 0x"
    address = _read(checksum, value, "is not an address", expected)
    if int(address, 16) == 0:
        raise _wrong("the zero address cannot be used", expected)
    return address


def _hex(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"0x([0-9a-fA-F]{2})*", value):
        return value.lower()
    raise _wrong(f"{value!r} is no data", "hexadecimal digits in pairs, with 0x")


def _origin(value: object) -> int | None:
    if value == "auto":
        return None
    try:
        expected = 'a text such as "2027-01-04T12:00Z"'
        return _read(parse_time, value, "is not a moment", expected)
    except ValueError as error:
        reason, _, expected = str(error).partition("|")
        raise _wrong(reason, f'"auto", or {expected}') from error


Duration = Annotated[int, BeforeValidator(_with_unit(parse_duration))]
Share = Annotated[int, BeforeValidator(_with_unit(parse_bps))]
TokenAmount = Annotated[str, BeforeValidator(_amount)]
Address = Annotated[str, BeforeValidator(_address)]
Rest = Annotated[str, BeforeValidator(lambda v: v if v == "treasury" else _address(v))]
Origin = Annotated[int | None, BeforeValidator(_origin)]
HexBytes = Annotated[str, BeforeValidator(_hex)]


def _key(default: Any, description: str, **bounds: Any) -> Any:
    """A key with its recommended default, as a person would write it."""
    return Field(default=default, description=description, **bounds)


def _floor(about: str = "in whole tokens") -> Any:
    return _key(None, f"{about}; default: the share of a tenth of the supply")


# ── sections ────────────────────────────────────────────────────────────────────────────────────


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class HolderRow(_Section):
    """One holder of a new token."""

    account: Address
    tokens: TokenAmount


class _Token(_Section):
    excluded: tuple[Address, ...] = _key(
        (), "accounts without votes besides treasury and escrow, at most four", max_length=4
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
    rest: Rest = _key("treasury", "who gets what the holders' list leaves")
    batch: int = _key(120, "holders served by one transaction", ge=1, le=250)


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
    testnet: bool = _key(False, "a test network; on others money is real")

    @model_validator(mode="after")
    def _honest(self) -> Network:
        """Marking a known chain as a test network is a mistake, not a choice."""
        known = CHAINS.get(self.chain_id)
        if self.testnet and known is not None and not known.is_test:
            raise _wrong(
                f"chain {self.chain_id} is {known.name}, not a test network", "testnet = false"
            )
        return self


class Budget(_Section):
    """The token that campaigns are paid in."""

    token: Address | None = None
    mock: bool = _key(False, "deploy a play-money stablecoin (local chain only)")

    @model_validator(mode="after")
    def _one(self) -> Budget:
        if (self.token is None) != self.mock:
            raise _wrong("name one budget token", 'either token = "0x…" or mock = true')
        return self


class Rounds(_Section):
    """Ideas and ballots."""

    cap: TokenAmount = Field(description="most a round may assign, in whole budget tokens")
    length: Duration = _key("7 days", "length of a round", gt=0)
    holding: Duration = _key("3 days", "how long tokens must be held to post", gt=0)
    origin: Origin = _key(
        "auto", "start of round 1; auto: a holding period and the slack after the tokens"
    )
    slack: Duration = _key("1 hour", "room of an automatic origin", gt=0)
    passing: Share = _key("4 %", "for − against an idea needs", ge=200, le=5000)
    posting: Share = _key("0.1 %", "votes needed per idea", ge=1, le=500)
    passing_floor: TokenAmount | None = _floor()
    posting_floor: TokenAmount | None = _floor()


class JurySection(_Section):
    """Who decides disputes, where the terms name nobody else."""

    commit: Duration = _key("3 days", "jurors commit to a ruling", gt=0, le=_LONGEST_JURY)
    reveal: Duration = _key("2 days", "then they reveal it", gt=0, le=_LONGEST_JURY)
    quorum: Share = _key(
        "10 %", "share of all jurors' weight that has to be revealed", ge=100, le=5000
    )
    quorum_floor: TokenAmount | None = _floor("in whole tokens, while jurors come from the token")
    min_points: TokenAmount = _key(
        "10,000", "from so many points on jurors come from reputation, before from the token"
    )

    @property
    def needed(self) -> int:
        """How long a dispute has to be allowed to take, in seconds.

        A fifth of both phases is room for handing a ruling over after the reveals.
        """
        voting = self.commit + self.reveal
        return voting + -(-voting // 5)


class Campaigns(_Section):
    """Bounties, work and disputes."""

    review: Duration = _key("5 days", "the lead may judge; silence accepts")
    answer: Duration = _key("3 days", "a worker may answer a rejection")
    challenge: Duration = _key("3 days", "anyone may challenge an acceptance")
    arbitration: Duration = _key("7 days", "a dispute may take this long")
    notice: Duration = _key("3 days", "what is cancelled runs on at least this long")
    shortest_window: Duration = _key("1 day", "no later terms may have a shorter window", gt=0)
    dispute_bond: Share = _key(
        "10 %", "bond of a dispute, as a share of the reward", ge=100, le=5000
    )
    dispute_bond_min: TokenAmount = _key(
        "10", "the bond is never below this, in whole budget tokens"
    )
    arbitrator: Address | None = _key(
        None, "another ERC-792 arbitrator than the jury, which campaigns then trust instead"
    )
    arbitrator_extra_data: HexBytes = _key("0x", "what that arbitrator is told, such as its court")

    @model_validator(mode="after")
    def _windows(self) -> Campaigns:
        for name in _WINDOWS:
            if not self.shortest_window <= getattr(self, name) <= _LONGEST_WINDOW:
                raise _wrong(
                    f"{name} is outside its bounds", "at least shortest_window, at most 60 days"
                )
        if self.arbitrator is None and self.arbitrator_extra_data != "0x":
            raise _wrong(
                "arbitrator_extra_data is for another arbitrator than the jury", "arbitrator too"
            )
        return self


class ReputationSection(_Section):
    """Points."""

    half_life: Duration = _key("180 days", "points fade by half", ge=90 * _DAY, le=720 * _DAY)


class Governance(_Section):
    """Governor and timelock."""

    timelock: Duration = _key("2 days", "delay of a passed proposal")
    voting_delay: Duration = _key("1 day", "from proposal to snapshot")
    voting_period: Duration = _key("5 days", "votes are cast")
    late_quorum: Duration = _key("1 day", "voting left at least after the quorum is reached")
    quorum: Share = _key("10 %", "share that has to be cast", ge=1)
    threshold: Share = _key("1 %", "share needed to propose")
    quorum_floor: TokenAmount | None = _floor()
    threshold_floor: TokenAmount | None = _floor()


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
        campaigns = self.campaigns
        if self.budget.mock and self.network.chain_id != LOCAL_CHAIN_ID:
            raise _wrong("play money is for the local chain", 'budget.token = "0x…"')
        if campaigns.arbitrator is None and campaigns.arbitration < self.jury.needed:
            raise _wrong(
                f"campaigns.arbitration of {format_duration(campaigns.arbitration)} ends"
                " before the jury can rule",
                f"at least {format_duration(self.jury.needed)}: jury.commit, jury.reveal and a"
                " fifth of both for handing the ruling over",
            )
        if isinstance(self.token, WrappedToken):
            for name in _FLOORS:
                section, _, key = name.partition(".")
                floor = getattr(getattr(self, section), key)
                if floor is not None and parse_amount(floor, _MOST_DECIMALS) == 0:
                    raise _wrong(
                        f"{name} is zero, so the first to wrap one token would own the DAO",
                        "leave it out for the default, or name an amount",
                    )
        return self


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


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
        (field, reason, expected), *more = map(_problem, error.errors(include_url=False))
        if more:
            lines = [f"{name}: {why}{_expecting(right)}" for name, why, right in more]
            reason, expected = "\n  ".join([reason + _expecting(expected), *lines]), ""
        raise BadInput(reason, expected=expected, file=str(path), field=field) from error


def _expecting(what: str) -> str:
    return f" (expected: {what})" if what else ""


def _problem(item: Mapping[str, Any]) -> tuple[str, str, str]:
    where = [str(part) for part in item["loc"]]
    if where[0:1] == ["token"] and where[1:2] in (["new"], ["votes"], ["wrap"]):
        del where[1]
    message, _, expected = str(item["msg"]).removeprefix("Value error, ").partition("|")
    match item["type"]:
        case "missing":
            message, expected = "is missing", "this key"
        case "extra_forbidden":
            message, expected = "is not a known key", "only the keys of docs/deploying.md"
        case "union_tag_invalid" | "union_tag_not_found":
            where.append("kind")
            message, expected = "does not name a kind of token", '"new", "votes" or "wrap"'
    return ".".join(where), message, expected


def recommended_defaults() -> Iterator[tuple[str, str, str]]:
    """Every key with a recommended default: its name, the default, what it means."""
    for section, whole in DeployConfig.model_fields.items():
        model: Any = NewToken if section == "token" else whole.annotation
        for key, field in model.model_fields.items():
            if section not in ("network", "budget") and not field.is_required():
                shown = "–" if field.default in (None, ()) else str(field.default)
                yield f"{section}.{key}", shown, str(field.description)
