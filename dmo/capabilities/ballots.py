"""Ballots: vote on a round's ideas, sign a ballot for somebody else to send, see what was voted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.capabilities.ideas import idea_title, ideas
from dmo.capabilities.rounds import clock
from dmo.core import words
from dmo.core.act import Act, Asked, Done, arg, option
from dmo.core.files import canonical_json, write_new
from dmo.core.kinds import ACCOUNT, FLAG, NUMBER, TEXT, TIME, Kind, Value, choice, listed, shape
from dmo.core.text import one_line
from dmo.core.view import Query, View, view
from dmo.home.ballots import Ballot, Choice, Domain, ballot_digest, ordered, read_ballots, sign_ballot, typed_data
from dmo.home.rounds import RoundTimes, round_times

if TYPE_CHECKING:
    from dmo.home.home import Home


_CHOICE = re.compile(r"([+\-−]?)([1-9]\d{0,4})", re.ASCII)


def _choices(home: Home, texts: Sequence[str]) -> tuple[int | None, tuple[Choice, ...]]:
    """A round, if one was named first, and choices: 3 +1 +4 -2."""
    number: int | None = None
    found: list[Choice] = []
    for place, text in enumerate(texts):
        match = _CHOICE.fullmatch(text)
        if match is None or (not match[1] and place):
            raise words.bad("no_choice", given=text[:40])
        if match[1]:
            found.append(Choice(int(match[2]), match[1] == "+"))
        else:
            number = int(match[2])
    return number, tuple(found)


def _numbers(home: Home, text: str) -> list[int]:
    parts = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 10**5 for part in parts):
        raise words.bad("no_idea_numbers", given=text[:40])
    return [int(part) for part in parts]


CHOICES = Kind(
    "[ROUND] [+N|-N]...",
    _choices,
    lambda home, value: " ".join(map(str, value[1])) if value else "",
    lambda value: [str(one) for one in value[1]] if value else [],
    {"type": "array", "items": {"type": "string"}},
    is_many=True,
)
NUMBERS = Kind(
    "N,N",
    _numbers,
    lambda home, value: ",".join(map(str, value or ())),
    schema={"type": ["array", "null"], "items": {"type": "integer"}},
)
CHOSEN = listed(Kind("CHOICE", lambda home, text: text, plain=str), "CHOICES")
SIDE = choice("side", "for", "against", "none")
FILES = listed(Kind("FILE", lambda home, text: Path(text), plain=str), "FILE...")
WHOLE_SHAPE = {"round": NUMBER, "choices": CHOSEN, "former_choices": CHOSEN}
ROW_SHAPE = {"number": NUMBER, "title": TEXT, "mine": SIDE, "before": SIDE, "round": NUMBER}


def ballot_of(home: Home, voter: str) -> Ballot:
    """A voter's latest ballot; round 0 if there is none."""
    number, at, values = home.ask("IdeaBoard", "ballotOf", voter)
    return Ballot(voter, number, at, tuple(map(Choice.of, values)))


def domain(home: Home) -> Domain:
    """The EIP-712 domain of the board, as the board itself states it (ERC-5267)."""
    _, name, version, chain_id, board, _, _ = home.ask("IdeaBoard", "eip712Domain")
    return Domain(name, version, chain_id, board)


@dataclass(frozen=True)
class Whole:
    """A whole ballot, as it would stand: its round's times, its choices, the one before."""

    times: RoundTimes
    choices: tuple[Choice, ...]
    former: Ballot | None

    def view(self, home: Home) -> View:
        before = {one.number: one for one in self.former.choices} if self.former else {}
        after = {one.number: one for one in self.choices}
        is_open = self.times.voting_opens <= home.now
        rows = [
            {
                "round": self.times.round,
                "number": number,
                "title": idea_title(home, self.times.round, number) or words.word("ballot", "unknown_idea"),
                "mine": _side(after.get(number)),
                "before": _side(before.get(number)) if self.former else None,
            }
            for number in sorted({*before, *after})
        ]
        found = {
            "round": self.times.round,
            "choices": self.choices,
            "former_choices": self.former.choices if self.former else None,
            "rows": rows if is_open else [],
        }
        shape = {**WHOLE_SHAPE, "rows": [ROW_SHAPE]}
        laid = view(home, "ballot whole", shape, found)
        data = {key: value for key, value in laid.data.items() if key != "rows"}
        if self.former is None:
            data.pop("former_choices")
        return View(laid.heading if is_open else "", tables=laid.tables, data=data)


def _side(choice_: Choice | None) -> str:
    return "none" if choice_ is None else ("for" if choice_.is_for else "against")


def whole(
    home: Home,
    given: tuple[int | None, tuple[Choice, ...]],
    in_favour: Sequence[int],
    against: Sequence[int],
    keep: bool,
    empty: bool,
) -> Whole:
    """Round, whole ballot and the former one of this round.

    Raises:
        BadInput: Nothing was chosen, or no round is voted on.
    """
    named, chosen = given
    now = clock(home)
    if named is None:
        if now.voting is None:
            raise words.bad("no_vote_now")
        named = now.voting.round
    every = [*chosen, *(Choice(n, True) for n in in_favour), *(Choice(n, False) for n in against)]
    if not every and not empty:
        raise words.bad("nothing_chosen")
    if every and empty:
        raise words.bad("empty_with_choices")
    last = ballot_of(home, home.maybe_me) if home.maybe_me is not None else None
    former = last if last is not None and last.round == named else None
    if keep and former is not None:
        numbers = {one.number for one in every}
        every += [one for one in former.choices if one.number not in numbers]
    return Whole(round_times(now.frame, named), ordered(every), former)


class Choosing(Asked):
    """Choices, however they are written."""

    choices: tuple[int | None, tuple[Choice, ...]] = arg(CHOICES, default=(None, ()))
    in_favour: list[int] = option(NUMBERS, flag="for", default_factory=list)
    against: list[int] = option(NUMBERS, default_factory=list)
    keep: bool = option(FLAG, False)
    empty: bool = option(FLAG, False)

    def whole(self, home: Home) -> Whole:
        """The ballot as it would stand."""
        return whole(home, self.choices, self.in_favour, self.against, self.keep, self.empty)


class CastBallot(Choosing, Act, name="ballot cast", call="IdeaBoard.castBallot", told_by="BallotCast", who="holder"):
    def arguments(self, home: Home) -> Sequence[Any]:
        found = self.whole(home)
        return [found.times.round, [one.value for one in found.choices]]

    def facts(self, home: Home) -> Mapping[str, Value]:
        found = self.whole(home)
        is_same = found.former is not None and found.former.choices == found.choices
        is_late = found.times.is_late(home.now) and not is_same
        kind = "same" if is_same else "replaces" if found.former else "whole"
        return {
            "round": NUMBER(found.times.round),
            "choices": CHOICES((None, found.choices)),
            "shown": TEXT(" ".join(map(str, found.choices)) or words.word("ballot", "nothing")),
            "meaning": TEXT(words.word("ballot", kind)),
            "lateness": TEXT(words.word("ballot", "late") if is_late else None),
            "voting_closes": TIME(found.times.voting_closes),
        }

    def shown(self, home: Home) -> View | None:
        return self.whole(home).view(home)


class SignBallot(
    Choosing,
    Query,
    name="ballot sign",
    signs=True,
    gives={**WHOLE_SHAPE, "file": TEXT, "typed_data": Kind("OBJECT", lambda home, text: text)},
):
    out: str = option(TEXT.called("FILE"), "ballot.json")

    def view(self, home: Home) -> View:
        found = self.whole(home)
        shown = found.view(home)
        at = domain(home)
        ballot = Ballot(home.me, found.times.round, home.now, found.choices)
        if not home.options.is_sending:
            told = typed_data(at, ballot)
            return View(
                shown.heading,
                tables=shown.tables,
                texts=(canonical_json(told).rstrip(),),
                data={**dict.fromkeys(self.gives), **shown.data, "typed_data": told},
            )
        signed = sign_ballot(at, ballot, home.names.unlock())
        content = {
            "schema": "dmo.ballot/1",
            "chain_id": at.chain_id,
            "board": at.board,
            "voter": ballot.voter,
            "round": ballot.round,
            "at": ballot.at,
            "choices": ballot.values,
            "signature": signed.signature,
            "digest": ballot_digest(at, ballot),
        }
        write_new(self.out, canonical_json(content))
        laid = view(home, self.name, {"file": TEXT}, {"file": self.out})
        data = {**dict.fromkeys(self.gives), **shown.data, **laid.data}
        return View(shown.heading, tables=shown.tables, texts=laid.texts, next=laid.next, data=data)


class RelayBallots(Act, name="ballot relay", call="IdeaBoard.castBallotsBySig", told_by="BallotCast"):
    files: list[Path] = arg(FILES)

    def read(self, home: Home) -> tuple[Any, Any]:
        """The ballots, and what is wrong with those that are none.

        Raises:
            BadInput: None of them can be used.
        """
        at = home.dmo.address("IdeaBoard")
        ballots, faults = read_ballots(self.files, home.dmo.chain_id, at)
        if not ballots:
            raise faults[0]
        return ballots, faults

    def arguments(self, home: Home) -> Sequence[Any]:
        return [[one.as_tuple() for one in self.read(home)[0]]]

    def facts(self, home: Home) -> Mapping[str, Value]:
        ballots, faults = self.read(home)
        left_out = [{"file": one.file, "line": one.line, "reason": one_line(one.reason)} for one in faults]
        said = [words.word("ballot", "left_out").format(one_line(one.message)) for one in faults]
        return {
            "count": TEXT(str(len(ballots))),
            "left_out": LEFT_OUT(left_out),
            "faults": TEXT("\n".join(said) or None),
        }

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        cast = [one.arguments["voter"] for one in done.events("BallotCast")]
        skipped = [one.arguments["voter"] for one in done.events("BallotSkipped")]
        return {
            "cast": VOTERS(cast),
            "skipped": VOTERS(skipped),
            "cast_count": TEXT(str(len(cast))),
            "skipped_count": TEXT(str(len(skipped))),
        }


LEFT_OUT = Kind("LEFT", lambda home, text: text, lambda home, value: "", schema={"type": "array"})
VOTERS = listed(ACCOUNT)


class ShowBallot(
    Query,
    name="ballot show",
    gives=shape(
        voter=ACCOUNT,
        round=NUMBER,
        at=TIME,
        choices=CHOSEN,
        state=choice("ballot_state", "none", "cast"),
        rows=[ROW_SHAPE],
    ),
):
    voter: str = arg(TEXT.called("WHO"), default="me")

    def answer(self, home: Home) -> Mapping[str, Any]:
        who = home.account(self.voter)
        found = ballot_of(home, who)
        titles = {one.number: one for one in (ideas(home, found.round) if found.round else ())}
        return {
            "voter": who,
            "round": found.round,
            "at": found.at,
            "choices": found.choices,
            "state": "cast" if found.round else "none",
            "rows": [
                {
                    "round": found.round,
                    "number": one.number,
                    "title": idea_title(home, found.round, one.number) if titles else "",
                    "mine": _side(one),
                }
                for one in found.choices
            ],
        }
