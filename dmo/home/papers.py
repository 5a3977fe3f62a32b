"""The kinds of documents and their fields; docs and templates are made from these models.

What a field is for stands in ``[word.front]``, by its name or, where a name is taken, with its kind before it.
"""

import datetime
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dmo.core import words
from dmo.home.held import (
    AS_LIST,
    IDEA,
    SHA256,
    Account,
    Audience,
    Figure,
    Language,
    Number,
    Numbers,
    Reference,
    Text,
    Texts,
)

MAX_TITLE = 80


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, coerce_numbers_to_str=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for name, field in cls.model_fields.items():
            field.description = about(cls, name)


def about(model: type[BaseModel], name: str) -> str | None:
    """What a field is for, in the language spoken."""
    told = words.load()["word"]["front"]
    found: str | None = told.get(f"{model.__name__.lower()}_{name}") or told.get(name)
    return found


def parts_of(annotation: Any) -> list[type[BaseModel]]:
    """The group of fields that a field holds, or that each of its list is; nothing for others."""
    options = (annotation, *get_args(annotation))
    return [one for one in options if isinstance(one, type) and issubclass(one, _Part)]


class Front(_Part):
    """What every document has."""

    kind: str
    title: Text = Field(max_length=MAX_TITLE)
    lang: Language


class Goal(_Part):
    """What shall be reached, so that it can be measured."""

    metric: Text
    baseline: Number
    target: Number
    date: datetime.date


class IdeaPaper(Front):
    """An idea: what a budget is asked for."""

    kind: Literal["idea"]
    objective: Literal["awareness", "perception", "demand"]
    audience: Annotated[list[Audience], AS_LIST, Field(min_length=1)]
    goal: Goal
    pillar: Text | None = None
    tactic: Text | None = None
    claims: Numbers = []
    assets: Numbers = []
    disclosure: Text | None = None
    need: Text | None = None
    builds_on: Annotated[str, Field(pattern=IDEA)] | None = None


class Brief(Front):
    """A brief: what a bounty pays for."""

    kind: Literal["brief"]
    deliverable: Text
    acceptance: Texts
    disclosure: Text


class File(_Part):
    """A file of the evidence."""

    sha256: Annotated[str, Field(pattern=SHA256)]
    size: Annotated[int, Field(ge=0)]
    where: Text


class Evidence(Front):
    """Evidence: what was done. It names its worker, so a copy by somebody else is worth nothing."""

    kind: Literal["evidence"]
    worker: Account
    files: list[File]
    disclosure: Text


class Reason(Front):
    """A reason: why work is rejected, or why a verdict on it is wrong."""

    kind: Literal["reason"]


class Lesson(Front):
    """Lessons of a campaign: its last submission."""

    kind: Literal["lesson"]
    result: Text
    value: Number | None = None
    reached: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    repeat: Text
    avoid: Text
    cites: Annotated[list[Reference], AS_LIST] = []


class Comment(Front):
    """A comment: what somebody says of an idea or of work, or why they vote as they do."""

    kind: Literal["comment"]
    about: Annotated[str, Field(pattern=r"^[1-9]\d*(/[1-9]\d*)?$")]


class NeedPaper(Front):
    """A need: what somebody misses in the protocol."""

    kind: Literal["need"]
    audience: Annotated[list[Audience], AS_LIST, Field(min_length=1)]
    missing: Text
    met_when: Text


class _Voice(Front):
    """What is said in the project's name; it names its own translations, so that nobody else adds one."""

    translations: Annotated[list[Reference], AS_LIST] = []


class PageLink(_Part):
    """Where more of the project is found."""

    title: Text
    where: Annotated[str, Field(pattern=r"^https?://[!-~]+$")]


class Brand(_Voice):
    """The brand: what everybody who speaks for the project can build on."""

    kind: Literal["brand"]
    why: Text
    how: Text
    what: Text
    disclosure: Text
    links: list[PageLink] = []


class Pillar(_Voice):
    """A pillar of the brand: one thing that it stands for."""

    kind: Literal["pillar"]
    promise: Text
    proof: Texts


class Objective(_Voice):
    """An objective of the plan."""

    kind: Literal["objective"]
    objective: Literal["awareness", "perception", "demand"]
    why: Text


class GoalPaper(_Voice):
    """A goal of the plan, below an objective."""

    kind: Literal["goal"]
    goal: Goal

    @model_validator(mode="after")
    def _is_some_way(self) -> Self:
        if self.goal.target == self.goal.baseline:
            raise ValueError(words.bad("no_way").reason)
        return self


class Strategy(_Voice):
    """A strategy of the plan, below a goal."""

    kind: Literal["strategy"]
    how: Text


class Tactic(_Voice):
    """A tactic of the plan, below a strategy: what ideas are posted for."""

    kind: Literal["tactic"]
    audience: Annotated[list[Audience], AS_LIST, Field(min_length=1)]
    channel: Text
    how: Text


class Claim(_Voice):
    """A claim: a sentence that may be said in the project's name."""

    kind: Literal["claim"]
    says: Text
    proof: Texts
    not_for: Annotated[list[Text], AS_LIST] = []


class AssetFile(_Part):
    """A file of an asset; what is seen or heard says in words what it shows."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    sha256: Annotated[str, Field(pattern=SHA256)]
    size: Annotated[int, Field(ge=0)]
    media_type: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]{0,79}$")]
    alt: Text | None = None
    where: Text | None = None

    @model_validator(mode="after")
    def _is_described(self) -> Self:
        if self.alt is None and self.media_type.partition("/")[0] in ("image", "audio", "video"):
            raise ValueError(words.bad("no_alt").reason)
        return self


class AssetPaper(_Voice):
    """An asset: files that holders may use to speak for the project, and its licence."""

    kind: Literal["asset"]
    creator: Text
    licence: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]{0,79}$")]
    files: Annotated[list[AssetFile], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_each_once(self) -> Self:
        names = [one.name.lower() for one in self.files]
        if len({*names}) < len(names):
            raise ValueError(words.bad("name_twice").reason)
        return self


class Day(_Part):
    """A day of a programme."""

    date: datetime.date
    title: Text
    where: Text | None = None


class Programme(_Voice):
    """A programme: what is on when."""

    kind: Literal["programme"]
    dates: Annotated[list[Day], Field(min_length=1)]


class ExperimentPaper(Front):
    """The plan of an experiment with two arms, made before anybody is shown anything."""

    kind: Literal["experiment"]
    metric: Text
    arms: Annotated[list[Text], Field(min_length=2, max_length=2)]
    begins: datetime.date
    block: Annotated[int, Field(ge=1, le=1_000)]
    order: Literal["time, id"]
    stops_at: Annotated[int, Field(ge=2, le=1_000_000)]
    most_blocks: Annotated[int, Field(ge=1, le=1_000_000)]
    replications: Annotated[int, Field(ge=1, le=1_000)] = 1

    @model_validator(mode="after")
    def _has_two_arms(self) -> Self:
        if self.arms[0].casefold() == self.arms[1].casefold():
            raise ValueError(words.bad("one_arm").reason)
        return self


class Replicated(_Part):
    """A replication of an experiment, as its data were read."""

    replication: Annotated[int, Field(ge=1, le=1_000)]
    e: Figure
    shown: Annotated[int, Field(ge=0)]


class FindingPaper(Front):
    """What replications of an experiment came to, read from these data by its plan."""

    kind: Literal["finding"]
    plan: Annotated[str, Field(pattern=SHA256)]
    replications: Annotated[list[Replicated], Field(min_length=1)]
    data: Annotated[list[Annotated[str, Field(pattern=SHA256)]], AS_LIST, Field(min_length=1)]


class ReferralPaper(Front):
    """The plan of a campaign that pays for what new holders keep: by it anybody works out who gets what."""

    kind: Literal["referral"]
    campaign: Annotated[int, Field(ge=1, lt=2**32)]
    chain_id: Annotated[int, Field(ge=1, lt=2**53)]
    escrow: Account
    begins: datetime.date
    ends: datetime.date
    sources: Annotated[list[Account], AS_LIST, Field(min_length=1)]
    first_round: Annotated[int, Field(ge=0, lt=2**48)]
    round_seconds: Annotated[int, Field(ge=1, lt=2**32)]
    token_decimals: Annotated[int, Field(ge=0, le=36)]
    paid_decimals: Annotated[int, Field(ge=0, le=36)]
    price: Figure
    pool_fee_bps: Annotated[int, Field(ge=1, le=10_000)]
    rate_bps: Annotated[int, Field(ge=1, le=10_000)]
    pot: Figure

    @model_validator(mode="after")
    def _costs_who_trades_with_themselves(self) -> Self:
        if self.rate_bps > self.pool_fee_bps:
            raise ValueError(words.bad("high_rate", most=self.pool_fee_bps).reason)
        if self.ends <= self.begins:
            raise ValueError(words.bad("no_term").reason)
        return self


class DataSet(_Part):
    """The ideas that a model was made of."""

    ideas: Annotated[int, Field(ge=1)]
    passed: Annotated[int, Field(ge=0)]
    first: Annotated[str, Field(pattern=IDEA)]
    last: Annotated[str, Field(pattern=IDEA)]
    digest: Annotated[str, Field(pattern=SHA256)]


class Foretold(_Part):
    """How a model made in this way did on later ideas than those that it was made of."""

    ideas: Annotated[int, Field(ge=0)]
    auc: Number | None = None
    loss: Number
    constant: Number


class ModelCard(Front):
    """A card: what a model was made of, how well it did, and what it is not good for."""

    kind: Literal["card"]
    model: Annotated[str, Field(pattern=SHA256)]
    bias: Annotated[int, Field(ge=-(2**31), lt=2**31)]
    language: Language
    data: DataSet
    figures: Foretold
    made_with: Texts
    seed: int
    limits: Text


KINDS: dict[str, type[Front]] = {
    "idea": IdeaPaper,
    "brief": Brief,
    "evidence": Evidence,
    "reason": Reason,
    "lesson": Lesson,
    "comment": Comment,
    "need": NeedPaper,
    "brand": Brand,
    "pillar": Pillar,
    "objective": Objective,
    "goal": GoalPaper,
    "strategy": Strategy,
    "tactic": Tactic,
    "claim": Claim,
    "asset": AssetPaper,
    "programme": Programme,
    "experiment": ExperimentPaper,
    "finding": FindingPaper,
    "referral": ReferralPaper,
    "card": ModelCard,
}
