"""Ideas: what a budget is asked for; posted, changed, withdrawn, read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass
from typing import TYPE_CHECKING, Any

from dmo.capabilities import documents
from dmo.capabilities.documents import DOCUMENT, TITLE, DocumentAct, TemplateQuery, paper
from dmo.capabilities.lens import CAMPAIGN, MONEY, VOTES, ZERO, pages
from dmo.core import words
from dmo.core.act import Act, Done, arg, option
from dmo.core.errors import BadInput
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import (
    ACCOUNT,
    DIGEST,
    DURATION,
    FLAG,
    NUMBER,
    SHARE,
    TEXT,
    TIME,
    Amount,
    Bps,
    Kind,
    Seconds,
    Value,
    choice,
    shape,
)
from dmo.core.view import Query
from dmo.home.documents import Document
from dmo.home.rounds import Phase, round_at, round_times

if TYPE_CHECKING:
    from dmo.core.chain import Event
    from dmo.home.home import Home


_REFERENCE = re.compile(r"([1-9]\d{0,8})[/.]([1-9]\d{0,8})", re.ASCII)


def _reference(home: Home, text: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(str(text).strip())
    if found is None:
        raise words.bad("no_reference", given=str(text)[:40])
    return int(found[1]), int(found[2])


IDEA = Kind(
    "ROUND/NUMBER",
    _reference,
    lambda home, value: f"{value[0]}/{value[1]}" if value else "",
    lambda value: list(value) if value else None,
    {"type": ["array", "null"], "items": {"type": "integer"}},
)
STATE = choice(
    "idea_state",
    *("withdrawn", "funded", "did_not_fit", "lapsed", "fell_short", "passing", "not_passing"),
    *("future", "posting", "voting", "settling"),
)


@dataclass
class Idea(Fact, key=("round", "number"), born="IdeaBoard.IdeaPosted", changed=("IdeaBoard.IdeaFunded",)):
    """An idea as it was posted, and what became of it. ``ideas`` asks the Lens for its votes."""

    round: int = of(NUMBER)
    number: int = of(NUMBER)
    author: str = of(ACCOUNT)
    digest: bytes = of(DIGEST)
    ask: int = of(MONEY)
    lead: str = of(ACCOUNT)
    duration_seconds: int = of(DURATION)
    fee_bps: int = of(SHARE)
    builds_on_round: int = of(NUMBER)
    builds_on_number: int = of(NUMBER)
    version: int = of(NUMBER)
    campaign: int | None = of(CAMPAIGN, None)
    is_withdrawn: bool = of(FLAG, False)
    for_votes: int = of(VOTES, 0)
    against_votes: int = of(VOTES, 0)
    is_passing: bool = of(FLAG, False)

    @on("IdeaBoard.IdeaWithdrawn")
    def withdraw(self, event: Event) -> None:
        """Withdrawn, or replaced by an edit."""
        self.is_withdrawn = True

    @property
    def builds_on(self) -> tuple[int, int] | None:
        """Round and number of the idea it builds on."""
        return (self.builds_on_round, self.builds_on_number) if self.builds_on_round else None

    @property
    def net(self) -> int:
        """For less against, in units of the votes token."""
        return self.for_votes - self.against_votes


def ideas(home: Home, round_number: int) -> list[Idea]:
    """All ideas of a round with their votes, in the order of numbers."""
    known = {one.number: one for one in home.facts(Idea).values() if one.round == round_number}
    for told in pages(home, "ideas", len(known), round_number):
        known[told["number"]].update(**told["tally"])
    return list(known.values())


def latest_round(home: Home) -> int:
    """The last round with ideas; 0 for none."""
    return max((one.round for one in home.facts(Idea).values()), default=0)


def idea(home: Home, round_number: int, number: int) -> Idea:
    """One idea with its votes.

    Raises:
        NotFound: There is no such idea.
    """
    for one in ideas(home, round_number):
        if one.number == number:
            return one
    home.ask("IdeaBoard", "ideaOf", round_number, number)  # which says why not
    raise words.missing("no_idea", round=round_number, number=number)


def idea_title(home: Home, round_number: int, number: int) -> str:
    """The title of an idea's document."""
    found = home.facts(Idea).get((round_number, number))
    return documents.title(home, found.digest) if found else ""


def order_of(found: Iterable[Idea]) -> list[int]:
    """Numbers of the passing ideas, net support falling, ties the lower number first."""
    passing = [one for one in found if one.is_passing and not one.is_withdrawn]
    return [one.number for one in sorted(passing, key=lambda one: (-one.net, one.number))]


# ── acts ────────────────────────────────────────────────────────────────────────────────────────

FEE = choice("idea_fee", "some", "none")
LEADER = choice("idea_lead", "named", "author")


class PostIdea(DocumentAct, name="idea post", call="IdeaBoard.post", told_by="IdeaPosted", who="holder"):
    file: Document = arg(paper("idea"))
    ask: Amount = option(MONEY, MISSING)
    duration: Seconds = option(DURATION, MISSING)
    fee: Bps = option(SHARE, Bps(0))
    lead: str | None = option(ACCOUNT)
    builds_on: tuple[int, int] | None = option(IDEA)
    again: bool = option(FLAG, False)

    def check(self, home: Home) -> None:
        super().check(home)
        if self.again:
            return
        from dmo.capabilities.rounds import frame

        current = round_at(frame(home), home.now)
        for one in home.facts(Idea).values():
            is_mine = one.author == home.maybe_me and not one.is_withdrawn
            if is_mine and (one.round, one.digest) == (current, self.file.digest):
                raise words.bad("posted_already", round=one.round, number=one.number).at(self.file.file)

    def arguments(self, home: Home) -> Sequence[Any]:
        on_round, on_number = self.builds_on or _written_reference(home, self.file) or (0, 0)
        lead = self.lead or ZERO
        terms = (self.ask, lead, self.duration, self.fee, on_round, on_number)
        return [(self.file.digest, *terms)]

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {**super().facts(home), **_asking(self.ask, self.fee, self.lead)}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        return _numbered(home, done)


def _written_reference(home: Home, file: Document) -> tuple[int, int] | None:
    """The idea that a document says it builds on."""
    written = file.front.model_dump().get("builds_on")
    return _reference(home, written) if written else None


def _asking(ask: int, fee_bps: int, lead: str | None) -> dict[str, Value]:
    fee = ask * fee_bps // 10_000
    return {
        "fee_amount": MONEY(fee or None),
        "fee_text": FEE("some" if fee else "none"),
        "leader": LEADER("named" if lead else "author"),
    }


def _numbered(home: Home, done: Done) -> dict[str, Value]:
    event = done.event("IdeaPosted")
    if event is None:
        return {}
    from dmo.capabilities.rounds import frame

    opens = round_times(frame(home), event.arguments["round"]).voting_opens
    return {
        "round": NUMBER(event.arguments["round"]),
        "number": NUMBER(event.arguments["number"]),
        "voting_opens": TIME(opens),
    }


class EditIdea(DocumentAct, name="idea edit", call="IdeaBoard.edit", told_by="IdeaPosted", who="author"):
    idea: tuple[int, int] = arg(IDEA)
    file: Document = arg(paper("idea"))
    ask: Amount | None = option(MONEY)
    duration: Seconds | None = option(DURATION)
    fee: Bps | None = option(SHARE)
    lead: str | None = option(ACCOUNT)
    builds_on: tuple[int, int] | None = option(IDEA)

    def whole(self, home: Home) -> PostIdea:
        """The new version, whole."""
        old = home.facts(Idea).get(self.idea)
        if old is None:
            home.ask("IdeaBoard", "ideaOf", *self.idea)  # which says why not
            raise words.missing("no_idea", round=self.idea[0], number=self.idea[1])
        return PostIdea(
            self.file,
            old.ask if self.ask is None else self.ask,
            old.duration_seconds if self.duration is None else self.duration,
            old.fee_bps if self.fee is None else self.fee,
            self.lead or old.lead,
            self.builds_on or _written_reference(home, self.file) or old.builds_on,
        )

    def arguments(self, home: Home) -> Sequence[Any]:
        return [*self.idea, *self.whole(home).arguments(home)]

    def facts(self, home: Home) -> Mapping[str, Value]:
        new = self.whole(home)
        known = {key: one for key, one in new.given().items() if key not in ("file", "again")}
        return {**super().facts(home), **known, **_asking(new.ask, new.fee, new.lead)}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        return _numbered(home, done)


class WithdrawIdea(Act, name="idea withdraw", call="IdeaBoard.withdraw", told_by="IdeaWithdrawn", who="author"):
    idea: tuple[int, int] = arg(IDEA)

    def arguments(self, home: Home) -> Sequence[Any]:
        return list(self.idea)

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {"round": NUMBER(self.idea[0]), "number": NUMBER(self.idea[1])}


# ── queries ─────────────────────────────────────────────────────────────────────────────────────

IDEA_SHAPE = shape(
    (NUMBER, "round number version"),
    (ACCOUNT, "author lead"),
    (MONEY, "ask fee"),
    (VOTES, "for against net"),
    (FLAG, "withdrawn passing"),
    (TIME, "voting_opens voting_closes lapses_at posting_opens"),
    digest=DIGEST,
    fee_bps=SHARE,
    duration_seconds=DURATION,
    builds_on=IDEA,
    campaign=CAMPAIGN,
    title=TITLE,
    state=STATE,
    place=TEXT,
)


def idea_row(home: Home, one: Idea, order: Sequence[int] = ()) -> dict[str, Any]:
    """An idea as tables and machines have it; ``order`` is that of settlement."""
    from dmo.capabilities.rounds import Settled, frame

    times = round_times(frame(home), one.round)
    phase = times.phase(home.now)
    is_settled = one.round in home.facts(Settled)
    if one.is_withdrawn:
        state = "withdrawn"
    elif one.campaign:
        state = "funded"
    elif is_settled or phase is Phase.PAST:
        late = "did_not_fit" if is_settled else "lapsed"
        state = late if one.is_passing else "fell_short"
    else:
        state = "passing" if one.is_passing else ""
    place = f"{order.index(one.number) + 1}." if one.number in order else ""
    return {
        **vars(one),
        **{key: value for key, value in vars(times).items() if key != "round"},
        "fee": one.ask * one.fee_bps // 10_000,
        "builds_on": one.builds_on,
        "for": one.for_votes,
        "against": one.against_votes,
        "net": one.net,
        "withdrawn": one.is_withdrawn,
        "passing": one.is_passing,
        "title": documents.title(home, one.digest),
        "state": state,
        "place": place or (words.word("idea_state", "not_passing") if order else ""),
    }


class ShowIdea(Query, name="idea show", gives={"idea": {**IDEA_SHAPE, "phase": STATE}, "document": DOCUMENT}):
    idea: str = arg(TEXT.called("[ROUND/]NUMBER"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.capabilities.rounds import clock

        written = self.idea.strip()
        if written.isascii() and written.isdigit():
            voting, latest = clock(home).voting, latest_round(home)
            written = f"{min(voting.round, latest) if voting else latest}/{written}"
        try:
            round_number, number = _reference(home, written)
        except BadInput as error:
            raise error.at(field="idea") from None
        one = idea(home, round_number, number)
        found = idea_row(home, one)
        phase = round_times(clock(home).frame, round_number).phase(home.now).value
        is_open = found["state"] in ("", "passing")
        found["phase"] = phase if is_open else found["state"]
        found["state"] = found["state"] or ("not_passing" if is_open else "")
        return {"idea": found, "document": documents.document(home, one.digest, is_far=True)}


class ListIdeas(Query, name="idea list", gives={"round": NUMBER, "ideas": [IDEA_SHAPE]}):
    round: int | None = arg(NUMBER.called("ROUND"), default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        number = self.round if self.round is not None else latest_round(home)
        found = ideas(home, number) if number else []
        return {"round": number, "ideas": [idea_row(home, one) for one in found]}


class NewIdea(TemplateQuery, name="idea new"):
    file: str = arg(TEXT.called("FILE"), default="idea.md")
    lang: str = option(TEXT.called("TAG"), "en")
