"""The kinds of documents and their fields; docs and templates are made from these models.

An example of a field is how a template writes it; what has none is empty there, to be filled in.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from dmo.core.abi.codec import checksum
from dmo.core.digests import parse_digest
from dmo.core.errors import BadInput

MAX_TITLE = 80


def _language(tag: str) -> str:
    import langcodes

    if not langcodes.tag_is_valid(tag):
        raise ValueError(f"{tag[:40]!r} is not a language")
    return tag


def _account(text: str) -> str:
    mixed = _checked(checksum)(text)
    if int(mixed, 16) == 0:
        raise ValueError("nobody has this address")
    return mixed


def _checked(read: Callable[[str], Any]) -> Callable[[str], str]:
    """Refuses as pydantic wants it what ``read`` refuses; an account is written with its capitals."""

    def check(text: str) -> str:
        try:
            found = read(text)
        except BadInput as error:
            raise ValueError(error.reason) from None
        return found if isinstance(found, str) else text

    return check


_AS_LIST = BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Account = Annotated[str, AfterValidator(_account)]
Reference = Annotated[str, AfterValidator(_checked(parse_digest))]
Number = Annotated[int | float, Field(allow_inf_nan=False)]
Texts = Annotated[list[Text], _AS_LIST, Field(min_length=1)]
Audience = Literal["developer", "designer", "investor", "creator", "user", "partner"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, coerce_numbers_to_str=True)


def parts_of(annotation: Any) -> list[type[BaseModel]]:
    """The group of fields that a field holds, or that each of its list is; nothing for others."""
    options = (annotation, *get_args(annotation))
    return [one for one in options if isinstance(one, type) and issubclass(one, _Part)]


class Front(_Part):
    """What every document has."""

    kind: str = Field(description="idea, brief, evidence, reason or lesson")
    title: Text = Field(max_length=MAX_TITLE, description="at most 80 characters")
    lang: Annotated[Text, AfterValidator(_language)] = Field(
        description="language of the text, a BCP 47 tag such as en, id, es or zh-Hans"
    )


class Goal(_Part):
    """What shall be reached, so that it can be measured."""

    metric: Text = Field(description="what is counted, such as “monthly active wallets”")
    baseline: Number = Field(description="how much it is now", examples=["0"])
    target: Number = Field(description="how much it shall be", examples=["0"])
    date: datetime.date = Field(description="when it is measured, such as 2027-03-31")


class Idea(Front):
    """An idea: what a budget is asked for."""

    kind: Literal["idea"]
    objective: Literal["awareness", "perception", "demand"] = Field(
        description="awareness, perception or demand", examples=["awareness"]
    )
    audience: Annotated[list[Audience], _AS_LIST, Field(min_length=1)] = Field(
        description="developer, designer, investor, creator, user or partner; one or a list", examples=["[user]"]
    )
    goal: Goal = Field(description="metric, baseline, target and date")
    pillar: Text | None = Field(default=None, description="the pillar of the brand it stands on")
    need: Text | None = Field(default=None, description="the need of the project it answers")
    builds_on: Annotated[str, Field(pattern=r"^[1-9]\d*/[1-9]\d*$")] | None = Field(
        default=None, description="an earlier idea, as round/number such as 3/7"
    )


class Brief(Front):
    """A brief: what a bounty pays for."""

    kind: Literal["brief"]
    deliverable: Text = Field(description="what is handed in")
    acceptance: Texts = Field(description="what it is judged by, one criterion or a list")
    disclosure: Text = Field(description="what has to be said to the audience, such as “paid by …”")


class File(_Part):
    """A file of the evidence."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="sha2-256 of the file, 64 hexadecimal digits in lower case"
    )
    size: Annotated[int, Field(ge=0)] = Field(description="size in bytes", examples=["12345"])
    where: Text = Field(description="where it is found, an address or a CID")


class Evidence(Front):
    """Evidence: what was done. It names its worker, so a copy by somebody else is worth nothing."""

    kind: Literal["evidence"]
    worker: Account = Field(description="address of the account that submits it")
    files: list[File] = Field(description="sha256, size and where of each file; may be empty", examples=["[]"])
    disclosure: Text = Field(description="how it was told that the work is paid")


class Reason(Front):
    """A reason: why work is rejected, or why a verdict on it is wrong."""

    kind: Literal["reason"]


class Lesson(Front):
    """Lessons of a campaign: its last submission."""

    kind: Literal["lesson"]
    result: Text = Field(description="what was reached, against the goal")
    repeat: Text = Field(description="what to do again")
    avoid: Text = Field(description="what to do no more")
    cites: Annotated[list[Reference], _AS_LIST] = Field(
        default_factory=list, description="digests or CIDs of documents it rests on", examples=["[]"]
    )


KINDS: dict[str, type[Front]] = {"idea": Idea, "brief": Brief, "evidence": Evidence, "reason": Reason, "lesson": Lesson}
