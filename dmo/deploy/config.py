"""What a deployment is asked to be: config/<name>.toml, read and checked.

Lengths of time carry their unit (``"7 days"``), shares their sign (``"4 %"``), amounts are whole
tokens (``"1,000"``). Every default here is the recommended one; docs/deploying.md lists them.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput
from dmo.core.files import read_text
from dmo.core.units import format_bps, format_duration, parse_amount, parse_bps, parse_duration, parse_time
from dmo.home.context import chains

LOCAL_CHAIN_ID = 31337
"""Chain id of the local development chain."""

_DAY = 86_400
_LONGEST_WINDOW, _LONGEST_JURY = 60 * _DAY, 30 * _DAY
_MOST_DECIMALS = 36


class _Wrong(ValueError):
    """What pydantic carries: what is wrong, and what would be right."""

    def __init__(self, error: BadInput, before: str = "") -> None:
        super().__init__(error.reason)
        self.right = before + error.expected


def _bad(name: str, /, **values: Any) -> _Wrong:
    return _Wrong(words.bad(f"deploy_{name}", **values))


def _text(parse: Callable[[str], Any], otherwise: str, before: str = "") -> BeforeValidator:
    """Reads what stands in quotes; ``otherwise`` is said of anything else."""

    def read(value: object) -> Any:
        try:
            if isinstance(value, str):
                return parse(value)
            raise words.bad(f"deploy_{otherwise}", value=value)
        except BadInput as error:
            raise _Wrong(error, before) from error

    return BeforeValidator(read)


def _amount(text: str) -> str:
    parse_amount(text, _MOST_DECIMALS)
    return text


def _address(text: str) -> str:
    address = checksum(text)
    if int(address, 16) == 0:
        raise words.bad("deploy_zero_address")
    return address


def _hex(text: str) -> str:
    if not re.fullmatch(r"0x([0-9a-fA-F]{2})*", text):
        raise words.bad("deploy_no_data", value=text)
    return text.lower()


def _unquoted(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_DURATION, _SHARE = _text(parse_duration, "no_unit"), _text(parse_bps, "no_unit")
Duration = Annotated[int, _DURATION]
Share = Annotated[int, _SHARE]
TokenAmount = Annotated[str, _text(_amount, "no_amount"), BeforeValidator(_unquoted)]
Address = Annotated[str, _text(_address, "no_address")]
Rest = Annotated[str, _text(lambda text: text if text == "treasury" else _address(text), "no_address")]
Origin = Annotated[
    int | None, _text(lambda text: None if text == "auto" else parse_time(text), "no_moment", '"auto", or ')
]
HexBytes = Annotated[str, _text(_hex, "no_data")]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Symbol = Annotated[str, Field(min_length=1, max_length=16)]


def _key(default: Any, **bounds: Any) -> Any:
    """A key with its recommended default, as a person would write it."""
    return Field(default=default, **bounds)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class HolderRow(_Section):
    """One holder of a new token."""

    account: Address
    tokens: TokenAmount


class _Token(_Section):
    excluded: tuple[Address, ...] = _key((), max_length=4)


class NewToken(_Token):
    """A new votes token with a fixed supply; holders as rows, or in a CSV file of that name."""

    kind: Literal["new"]
    name: Name
    symbol: Symbol
    supply: TokenAmount
    holders: tuple[HolderRow, ...] | str
    rest: Rest = _key("treasury")
    batch: int = _key(120, ge=1, le=200)


class VotesToken(_Token):
    """An existing ERC-5805 token whose clock counts seconds."""

    kind: Literal["votes"]
    address: Address


class WrappedToken(_Token):
    """An existing ERC-20, wrapped to give it votes."""

    kind: Literal["wrap"]
    address: Address
    name: Name
    symbol: Symbol


class Network(_Section):
    """Where the deployment lives."""

    chain_id: int = Field(gt=0)
    testnet: bool = False

    @model_validator(mode="after")
    def _honest(self) -> Self:
        """Marking a known chain as a test network is a mistake, not a choice."""
        known = chains().get(self.chain_id)
        if self.testnet and known is not None and not known.is_test:
            raise _bad("real_chain", chain_id=self.chain_id, chain=known.name)
        return self


class Budget(_Section):
    """The token that campaigns are paid in."""

    token: Address | None = None
    mock: bool = False
    pool: TokenAmount | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.token is None) != self.mock:
            raise _bad("budget")
        if self.mock and self.pool is not None:
            raise _bad("mock_pool")
        return self


class Rounds(_Section):
    """Ideas and ballots; the cap in whole budget tokens."""

    cap: TokenAmount
    length: Duration = _key("7 days", gt=0)
    holding: Duration = _key("3 days", gt=0)
    origin: Origin = _key("auto")
    slack: Duration = _key("1 hour", gt=0)
    passing: Share = _key("4 %", ge=200, le=5000)
    posting: Share = _key("0.1 %", ge=1, le=500)
    passing_floor: TokenAmount | None = None
    posting_floor: TokenAmount | None = None


class JurySection(_Section):
    """Who decides disputes, where the terms name nobody else."""

    commit: Duration = _key("3 days", gt=0, le=_LONGEST_JURY)
    reveal: Duration = _key("2 days", gt=0, le=_LONGEST_JURY)
    quorum: Share = _key("10 %", ge=100, le=5000)
    quorum_floor: TokenAmount | None = None
    min_points: TokenAmount = _key("3")


class Campaigns(_Section):
    """Bounties, work and disputes."""

    review: Duration = _key("5 days")
    answer: Duration = _key("3 days")
    challenge: Duration = _key("3 days")
    arbitration: Duration = _key("7 days")
    notice: Duration = _key("3 days")
    shortest_window: Duration = _key("1 day", gt=0)
    dispute_bond: Share = _key("10 %", ge=100, le=5000)
    dispute_bond_min: TokenAmount | None = None
    arbitrator: Address | None = None
    arbitrator_extra_data: HexBytes = _key("0x")

    @model_validator(mode="after")
    def _windows(self) -> Self:
        for name in ("review", "answer", "challenge", "arbitration", "notice"):
            if not self.shortest_window <= getattr(self, name) <= _LONGEST_WINDOW:
                raise _bad("window", key=name)
        if self.arbitrator is None and self.arbitrator_extra_data != "0x":
            raise _bad("extra_data")
        return self


class ReputationSection(_Section):
    """Points."""

    half_life: Duration = _key("180 days", ge=90 * _DAY, le=720 * _DAY)
    points_per_token: TokenAmount = _key("1")


class Governance(_Section):
    """Governor and treasury."""

    timelock: Duration = _key("2 days", le=7 * _DAY)
    voting_delay: Duration = _key("1 day", gt=0, le=7 * _DAY)
    voting_period: Duration = _key("5 days", gt=0, le=14 * _DAY)
    late_quorum: Duration = _key("1 day")
    quorum: Share = _key("10 %", ge=1)
    threshold: Share = _key("1 %")
    quorum_floor: TokenAmount | None = None
    threshold_floor: TokenAmount | None = None

    @model_validator(mode="after")
    def _late(self) -> Self:
        if self.late_quorum > self.voting_period // 2:
            raise _bad("late_quorum", most=format_duration(self.voting_period // 2))
        return self


class Rooms(_Section):
    """Rooms that are there from the beginning; a proposal can add others later.

    What a config of before says nothing of is not there; the configs that are starting points name all.
    """

    needs: bool = _key(True)
    content: bool = _key(True)
    drops: bool = _key(False)
    badges: bool = _key(False)
    outcomes: bool = _key(False)
    forecasts: bool = _key(False)
    advisor: bool = _key(False)

    @model_validator(mode="after")
    def _asked(self) -> Self:
        """Forecasts are of outcomes."""
        if self.forecasts and not self.outcomes:
            raise _bad("forecasts_alone")
        return self


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
    rooms: Rooms = Field(default_factory=Rooms)
    guardian: Guardian

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.budget.mock and self.network.chain_id != LOCAL_CHAIN_ID:
            raise _bad("play_money")
        asked = self.campaigns.arbitration
        needed = self.jury.commit + self.jury.reveal + _DAY  # as the desk demands
        if self.campaigns.arbitrator is None and asked < needed:
            raise _bad("arbitration", asked=format_duration(asked), needed=format_duration(needed))
        if isinstance(self.token, WrappedToken):
            for key, _, floor in self.floors():
                if floor is not None and parse_amount(floor, _MOST_DECIMALS) == 0:
                    raise _bad("zero_floor", key=key)
        return self

    def floors(self) -> Iterator[tuple[str, int, str | None]]:
        """Every floor's key, the share it belongs to (bps), and what was asked for."""
        for section in ("rounds", "governance", "jury"):
            asked = getattr(self, section)
            for key, it in asked:
                if key.endswith("_floor"):
                    yield f"{section}.{key}", getattr(asked, key.removesuffix("_floor")), it


_KNOWN = {
    "missing": "key_missing",
    "extra_forbidden": "key_unknown",
    "union_tag_invalid": "token_kind",
    "union_tag_not_found": "token_kind",
}
_BOUNDS = {"gt": "too_small", "ge": "small", "le": "large", "min_length": "short", "max_length": "long"}
_TYPES = ("int", "bool", "string", "tuple", "model")
"""How pydantic's own names begin for what is of another type, such as int_parsing."""
_UNION = re.compile(r"str|tuple\[.*\]|new|votes|wrap")
"""What pydantic adds to a key's name for each kind of value or token that it may hold."""
_MAX_FILE = 1024 * 1024


def load_config(path: Path) -> DeployConfig:
    """Read and check a deployment's config; BadInput names file, key, and what would be right."""
    try:
        return DeployConfig.model_validate(tomllib.loads(read_text(path, _MAX_FILE)))
    except FileNotFoundError as error:
        raise words.bad("deploy_no_file").at(str(path)) from error
    except ValidationError as error:
        found = [_problem(item) for item in _told(error)]
        first = found[0]
        if len(found) > 1:
            told = [one.reason + (f" (expected: {one.expected})" if one.expected else "") for one in found]
            named = [f"{one.field}: {said}" for one, said in zip(found[1:], told[1:], strict=True)]
            first = BadInput("\n  ".join([told[0], *named]), field=first.field)
        raise first.at(str(path)) from error
    except (ValueError, RecursionError) as error:  # TOML that is none, too deep, or with numbers that are too long
        raise words.bad("deploy_no_toml", why=error).at(str(path)) from error


def field_of(where: Sequence[str]) -> FieldInfo | None:
    """The field of a dotted key; nothing where there is none."""
    models: list[Any] = [DeployConfig]
    field = None
    for part in where:
        field = next((one.model_fields[part] for one in models if part in one.model_fields), None)
        models = [one for one in (field.annotation, *get_args(field.annotation)) if _is_section(one)] if field else []
    return field


def _is_section(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, BaseModel)


def shown(field: FieldInfo | None, value: Any) -> str:
    """A key's value as a person would write it."""
    metadata = field.metadata if field else ()
    if isinstance(value, int) and _DURATION in metadata:
        return format_duration(value)
    if isinstance(value, int) and _SHARE in metadata:
        return format_bps(value)
    text = str(value) if isinstance(value, int | float) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _told(error: ValidationError) -> list[Any]:
    """What pydantic found, without what it says of the other kind of value where there are two."""
    found = error.errors(include_url=False)
    return [one for one in found if "str" not in one["loc"] or not isinstance(one["input"], list)] or found


def _problem(item: Mapping[str, Any]) -> BadInput:
    """What pydantic found, in our words."""
    kind, given = str(item["type"]), item.get("ctx", {})
    where = [str(part) for place, part in enumerate(item["loc"]) if not place or not _UNION.fullmatch(str(part))]
    where += ["kind"] if kind.startswith("union_tag") else []
    name = ".".join(where)
    if kind in _KNOWN:
        return words.bad(f"deploy_{_KNOWN[kind]}", name)
    if isinstance(wrong := given.get("error"), _Wrong):
        return BadInput(str(wrong), expected=wrong.right, field=name)
    field = field_of([part for part in where if not part.isdigit()])
    value = shown(field, item["input"])
    for bound, told in _BOUNDS.items():
        if bound in given:
            return words.bad(f"deploy_{told}", name, value=value, bound=shown(field, given[bound]))
    right = next((one for one in _TYPES if kind.startswith(one)), "string")
    return words.bad("deploy_other_type", name, value=value, right=words.word("deploy_type", right))
