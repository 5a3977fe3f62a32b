"""Ideas: what a budget is asked for; posted, changed, withdrawn, read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.documents import DOCUMENT, TITLE, DocumentAct, Stand, TemplateQuery, paper
from dmo.capabilities.lens import CAMPAIGN, MONEY, VOTES, ZERO, pages
from dmo.core import abi, explain, kinds, words
from dmo.core.act import Act, arg, option
from dmo.core.chain import Event
from dmo.core.compared import Compared
from dmo.core.engine import Done
from dmo.core.errors import BadInput, Refused
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, DURATION, FLAG, NUMBER, SHARE, TEXT, TIME, Amount, Bps, Kind, Seconds, Value
from dmo.core.view import Query
from dmo.home.documents import Document
from dmo.home.home import Home
from dmo.home.rounds import Frame, Phase, round_at, round_times

_REFERENCE = re.compile(r"([1-9]\d{0,8})[/.]([1-9]\d{0,8})", re.ASCII)


def _reference(home: Home, text: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(str(text).strip())
    if found is None:
        raise words.bad("no_reference", given=str(text)[:40])
    return int(found[1]), int(found[2])


def latest(home: Home, text: str) -> tuple[int, int]:
    """A number alone is of the round voted on, else the latest."""
    written = text.strip()
    if written.isascii() and written.isdigit():
        voting, latest = round_at(frame(home), home.now) - 1, latest_round(home)
        written = f"{min(voting, latest) if voting > 0 else latest}/{written}"
    return _reference(home, written)


INTEGERS = {"type": ["array", "null"], "items": {"type": "integer"}}
IDEA = Kind(
    "ROUND/NUMBER",
    _reference,
    lambda home, value: f"{value[0]}/{value[1]}" if value else "",
    lambda value: list(value) if value else None,
    INTEGERS,
    like="reference",
)


_FUNDED = ("IdeaBoard.IdeaFunded",)


@dataclass
class Idea(Fact, key=("round", "number"), born="IdeaBoard.IdeaPosted", changed=_FUNDED, listed="Lens.ideas"):
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
    replaces: int = of(NUMBER, 0)

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


@dataclass
class Settled(Fact, key=("round",), born="IdeaBoard.RoundSettled"):
    """A round that was settled."""

    round: int = of(NUMBER)
    budget: int = of(MONEY)
    assigned: int = of(MONEY)
    passing: int = of(NUMBER)
    funded: int = of(NUMBER)


def frame(home: Home) -> Frame:
    """What never changes of the board."""
    return Frame(**abi.named("IdeaBoard", "frame", home.ask("IdeaBoard", "frame")))


def ideas(home: Home, round_number: int) -> list[Idea]:
    """All ideas of a round with their votes, in the order of numbers."""
    known = {one.number: one for one in home.facts(Idea).values() if one.round == round_number}
    for told in pages(home, "ideas", len(known), round_number):
        known[told["number"]].update(**told["tally"])
    return list(known.values())


def latest_round(home: Home) -> int:
    """The last round with ideas; 0 for none."""
    return max((one.round for one in home.facts(Idea).values()), default=0)


def as_posted(home: Home, round_number: int, number: int) -> Idea:
    """One idea, without its votes. Raises Refused: there is none, as the board says it."""
    found = home.facts(Idea).get((round_number, number))
    if found is None:
        raise explain.refused("IdeaBoardUnknownIdea", {"round": round_number, "number": number})
    return found


def idea_title(home: Home, round_number: int, number: int) -> str:
    """The title of an idea's document."""
    found = home.facts(Idea).get((round_number, number))
    return documents.title(home, found.digest) if found else ""


@documents.binds
def _binds(home: Home) -> Iterator[Stand]:
    for one in home.facts(Idea).values():
        if not one.is_withdrawn:
            yield Stand(one.digest, "idea", one.said())


def order_of(found: Iterable[Idea]) -> list[int]:
    """Numbers of the passing ideas, net support falling, ties the lower number first."""
    passing = [one for one in found if one.is_passing and not one.is_withdrawn]
    return [one.number for one in sorted(passing, key=lambda one: (-one.net, one.number))]


_TERMS = {
    **{"digest": "file", "ask": "ask", "durationSeconds": "duration_seconds", "feeBps": "fee_bps", "lead": "lead"},
    **{"buildsOnRound": "builds_on.0", "buildsOnNumber": "builds_on.1"},
}
_MAY_LACK = ("lead", "buildsOnRound", "buildsOnNumber")


class _Posting(DocumentAct):
    def whole(self, home: Home) -> Any:
        """All that is posted."""
        return self

    def facts(self, home: Home) -> Mapping[str, Value]:
        whole = self.whole(home)
        known = {key: one for key, one in whole.given().items() if key != "file"}
        return {**super().facts(home), **known, "fee_amount": MONEY(whole.ask * whole.fee_bps // 10_000 or None)}

    def check(self, home: Home) -> None:
        super().check(home)
        goal = vars(self)["file"].fields["goal"]
        if goal["target"] == goal["baseline"]:
            raise words.bad("no_way", "goal").at(vars(self)["file"].file)

    def remarks(self, home: Home) -> Sequence[str]:
        from dmo.capabilities.judged import remarks  # which knows what became of ideas
        from dmo.capabilities.worth import doubts

        whole = self.whole(home)
        told = doubts(home, whole.file, self.posted_in(home), whole.duration_seconds, self._publishes(home, whole.file))
        return [*super().remarks(home), *told, *remarks(home, whole.file)]

    def posted_in(self, home: Home) -> int:
        """The round it is posted in."""
        return round_at(frame(home), home.now)

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        told = done.events("IdeaPosted")[0].arguments
        opens = round_times(frame(home), told["round"]).voting_opens
        return {"round": NUMBER(told["round"]), "number": NUMBER(told["number"]), "voting_opens": TIME(opens)}


class PostIdea(_Posting, name="idea post", call="IdeaBoard.post", told_by="IdeaPosted", who="holder"):
    file: Document = arg(paper("idea"))
    ask: Amount = option(MONEY, MISSING)
    duration_seconds: Seconds = option(DURATION, MISSING, flag="duration")
    fee_bps: Bps = option(SHARE, Bps(0), flag="fee")
    lead: str | None = option(ACCOUNT)
    builds_on: tuple[int, int] | None = option(IDEA)
    compared = Compared({f"params.{key}": f"{at} or 0" if key in _MAY_LACK else at for key, at in _TERMS.items()})

    def repeated(self, home: Home) -> BadInput | None:
        same = (home.maybe_me, False, round_at(frame(home), home.now), self.file.digest)
        for one in home.facts(Idea).values():
            if same == (one.author, one.is_withdrawn, one.round, one.digest):
                return words.bad("posted_already", round=one.round, number=one.number).at(self.file.file)
        return None

    def refused(self, home: Home, error: Refused) -> Refused:
        """Who holds nothing has used nothing up."""
        if error.name == "IdeaBoardNotEnoughPower" and not error.arguments["used"]:
            shown = {key: VOTES.show(home, error.arguments[key]) for key in ("power", "threshold")}
            error.message, error.hint = words.wrong("no_power", shown)
            error.is_told = True
        return error

    def arguments(self, home: Home) -> Sequence[Any]:
        reference = self.builds_on or _written_reference(home, self.file) or (0, 0)
        return [(self.file.digest, self.ask, self.lead or ZERO, self.duration_seconds, self.fee_bps, *reference)]


def _written_reference(home: Home, file: Document) -> tuple[int, int] | None:
    """The idea that a document says it builds on."""
    written = file.front.model_dump().get("builds_on")
    return _reference(home, written) if written else None


class EditIdea(_Posting, name="idea edit", call="IdeaBoard.edit", told_by="IdeaPosted", who="author"):
    idea: tuple[int, int] = arg(IDEA)
    file: Document = arg(paper("idea"))
    ask: Amount | None = option(MONEY)
    duration_seconds: Seconds | None = option(DURATION, flag="duration")
    fee_bps: Bps | None = option(SHARE, flag="fee")
    lead: str | None = option(ACCOUNT)
    builds_on: tuple[int, int] | None = option(IDEA)
    compared = Compared(
        {
            **{"round": "idea.0", "number": "idea.1"},
            **{
                f"params.{key}": at if key == "digest" else f"{at} or shown.{abi.snake(key)}"
                for key, at in _TERMS.items()
            },
        }
    )

    def whole(self, home: Home) -> PostIdea:
        old = as_posted(home, *self.idea)
        terms: dict[str, Any] = {key: getattr(old, key) for key in ("ask", "duration_seconds", "fee_bps", "lead")}
        terms["builds_on"] = _written_reference(home, self.file) or old.builds_on
        wished = {key: getattr(self, key) for key in terms if getattr(self, key) is not None}
        return PostIdea(self.file, **{**terms, **wished})

    def posted_in(self, home: Home) -> int:
        return self.idea[0]

    def without_effect(self, home: Home) -> str:
        old = as_posted(home, *self.idea)
        same = [old.digest, old.ask, old.lead, old.duration_seconds, old.fee_bps, *(old.builds_on or (0, 0))]
        is_so = [*self.whole(home).arguments(home)[0]] == same
        return home.word("idea", "unchanged").format(*self.idea) if is_so else ""

    def arguments(self, home: Home) -> Sequence[Any]:
        return [*self.idea, *self.whole(home).arguments(home)]


class WithdrawIdea(Act, name="idea withdraw", call="IdeaBoard.withdraw", told_by="IdeaWithdrawn", who="author"):
    idea: tuple[int, int] = arg(IDEA)
    compared = Compared({"round": "idea.0", "number": "idea.1"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return list(self.idea)

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {"round": NUMBER(self.idea[0]), "number": NUMBER(self.idea[1])}


STATE = kinds.choice(
    "idea_state",
    *("withdrawn", "funded", "did_not_fit", "lapsed", "fell_short", "passing", "not_passing"),
    *("future", "posting", "voting", "settling"),
)
IDEA_SHAPE = {
    **kinds.shape((NUMBER, "round number version"), (ACCOUNT, "author lead led_by"), (MONEY, "ask fee")),
    **kinds.shape((TIME, "voting_opens voting_closes lapses_at posting_opens"), (FLAG, "withdrawn passing")),
    **{"digest": DIGEST, "fee_bps": SHARE, "duration_seconds": DURATION, "builds_on": IDEA, "campaign": CAMPAIGN},
    **kinds.shape((VOTES, "for against net"), (STATE, "state outcome"), title=TITLE),
    **kinds.shape((TEXT, "place same_as")),
}


def idea_row(home: Home, one: Idea, order: Sequence[int] = ()) -> dict[str, Any]:
    """An idea as tables and machines have it; ``order`` is that of settlement."""
    times = round_times(frame(home), one.round)
    is_settled = one.round in home.facts(Settled)
    if one.is_withdrawn or one.campaign:
        state = "withdrawn" if one.is_withdrawn else "funded"
    elif is_settled or times.phase(home.now) is Phase.PAST:
        state = "fell_short" if not one.is_passing else "did_not_fit" if is_settled else "lapsed"
    else:
        state = "passing" if one.is_passing else ""
    is_open = state in ("", "passing")
    last = words.word("idea_state", "not_passing") if order else ""
    return {
        **vars(times),
        **vars(one),
        **{"fee": one.ask * one.fee_bps // 10_000, "builds_on": one.builds_on},
        **{"for": one.for_votes, "against": one.against_votes, "net": one.net},
        **{"withdrawn": one.is_withdrawn, "passing": one.is_passing, "state": state},
        "title": documents.title(home, one.digest),
        "led_by": one.lead if one.lead != one.author else None,
        "same_as": documents.same_text(home, one.digest, round=one.round, number=one.number),
        "place": f"{order.index(one.number) + 1}." if one.number in order else last,
        "outcome": None if is_open else state,
    }


class ShowIdea(
    Query,
    name="idea show",
    gives={"idea": {**IDEA_SHAPE, "phase": STATE}, "document": DOCUMENT, "comments": [documents.COMMENT]},
):
    idea: tuple[int, int] = arg(Kind("[ROUND/]NUMBER", latest))

    def answer(self, home: Home) -> Mapping[str, Any]:
        ideas(home, self.idea[0])  # asks for its votes
        one = as_posted(home, *self.idea)
        found = idea_row(home, one)
        is_open = found["state"] in ("", "passing")
        found["phase"] = round_times(frame(home), one.round).phase(home.now).value if is_open else found["state"]
        found["state"] = found["state"] or "not_passing"
        said = documents.comments(home, f"{one.round}/{one.number}")
        return {"idea": found, "document": documents.document(home, one.digest, is_far=True), "comments": said}


class ListIdeas(Query, name="idea list", gives={"round": NUMBER, "ideas": [IDEA_SHAPE]}):
    round: int | None = arg(NUMBER.called("ROUND"), default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        number = self.round or latest_round(home)
        return {"round": number, "ideas": [idea_row(home, one) for one in ideas(home, number)]}


class NewIdea(TemplateQuery, name="idea new"):
    file: str = arg(TEXT.called("FILE"), default="idea.md")
