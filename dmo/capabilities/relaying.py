"""Ballots that others signed, sent in transactions that a block takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from dmo.capabilities.ballots import FILES
from dmo.core import kinds, words
from dmo.core.act import Act, Step, arg
from dmo.core.engine import Done
from dmo.core.errors import BadInput, Refused
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT, Value, listed
from dmo.core.text import one_line
from dmo.home import ballots as packed
from dmo.home.ballots import SignedBallot
from dmo.home.home import Home

LEFT_OUT = kinds.lines("ballot", {"file": TEXT, "line": NUMBER, "reason": TEXT, "message": TEXT})
REASONS = kinds.lines("ballot_reason", {"code": TEXT, "count": NUMBER})
VOTERS = listed(ACCOUNT)
_PART_GAS, _BASE_GAS, _BALLOT_GAS, _CHOICE_GAS = 14_000_000, 60_000, 43_000, 4_300
"""About what a part may take, a transaction, a voter's first ballot and each choice do; what is too large is cut."""
_PART, _TOLD = 1_000, 100
"""Ballots that are read at once, and left out of a part with their reasons; of more there is a count."""


class Sifted:
    """Ballots that would be counted, and what is wrong with the others: the first of them, and how many of a kind."""

    def __init__(self) -> None:
        self.kept: list[SignedBallot] = []
        self.faults: list[BadInput] = []
        self.reasons: Counter[str] = Counter()

    def leave_out(self, code: str, told: Callable[[], BadInput]) -> None:
        """Leave one out; it is put in words only where it will be told."""
        self.reasons[code] += 1
        if len(self.faults) < _TOLD:
            self.faults.append(told())

    def join(self, other: Sifted) -> None:
        """Take in what was read after it."""
        self.kept += other.kept
        self.faults = [*self.faults, *other.faults][:_TOLD]
        self.reasons += other.reasons


def _portions(read: Iterable[SignedBallot | BadInput]) -> Iterator[list[SignedBallot | BadInput]]:
    """So many at a time as one transaction can take."""
    portion: list[SignedBallot | BadInput] = []
    gas = 0
    for one in read:
        portion.append(one)
        gas += _needs(one) if isinstance(one, SignedBallot) else 0
        if gas > _PART_GAS or len(portion) == _PART:
            yield portion
            portion, gas = [], 0
    if portion:
        yield portion


def _needs(one: SignedBallot) -> int:
    return _BALLOT_GAS + _CHOICE_GAS * len(one.ballot.choices)


def _as_it_is(fault: BadInput) -> BadInput:
    return fault


def _idle(home: Home, one: SignedBallot, answer: Refused) -> BadInput:
    told, who = home.explained(answer), home.who(one.ballot.voter)
    return words.bad("idle_ballot", voter=who, why=told.message.rstrip("."), right=told.hint).at(one.file, one.line)


class RelayBallots(Act, name="ballot relay", call="IdeaBoard.castBallotsBySig", told_by="BallotCast"):
    is_divisible = True
    files: list[Path] = arg(FILES)
    part: Sifted | None = None

    def parts(self, home: Home) -> Iterator[RelayBallots]:
        """Ballots as they are read, so many as a transaction takes. Raises BadInput: none of them can be used."""
        held = Sifted()
        for portion in _portions(packed.ballots_in(self.files, home.dmo.chain_id, home.dmo.address("IdeaBoard"))):
            found = self._tried(home, portion)
            if held.kept and found.kept:
                yield replace(self, part=held)
                held = found
            else:
                held.join(found)
        if not held.kept:
            raise held.faults[0]
        yield replace(self, part=held)

    @staticmethod
    def _tried(home: Home, portion: Sequence[SignedBallot | BadInput]) -> Sifted:
        found, ballots = Sifted(), [one for one in portion if isinstance(one, SignedBallot)]
        for fault in portion:
            if isinstance(fault, BadInput):
                found.leave_out(fault.code, partial(_as_it_is, fault))
        asked = [home.reading("IdeaBoard", "castBallotBySig", one.as_tuple()) for one in ballots]
        for one, answer in zip(ballots, home.chain.try_read(asked), strict=True):
            if isinstance(answer, Refused):
                found.leave_out(answer.name, partial(_idle, home, one, answer))
            else:
                found.kept.append(one)
        return found

    def sifted(self, home: Home) -> Sifted:
        """The ballots of this part; all of them where nobody asked for parts."""
        if self.part is not None:
            return self.part
        whole = Sifted()
        for one in self.parts(home):
            whole.join(one.sifted(home))
        return whole

    def arguments(self, home: Home) -> Sequence[Any]:
        return [[one.as_tuple() for one in self.sifted(home).kept]]

    def steps(self, home: Home) -> list[Step]:
        gas = _BASE_GAS + sum(map(_needs, self.sifted(home).kept)) * 11 // 10
        return [replace(one, gas=gas) for one in super().steps(home)]

    def facts(self, home: Home) -> Mapping[str, Value]:
        found = self.sifted(home)
        texts = [{"reason": one_line(one.reason), "message": one_line(one.message)} for one in found.faults]
        rows = [{**vars(one), **text, "said": "left_out"} for one, text in zip(found.faults, texts, strict=True)]
        is_more = found.reasons.total() > _TOLD
        reasons = [
            {"code": code, "count": count, "said": "line" if is_more else "told"}
            for code, count in sorted(found.reasons.items())
        ]
        return {"count": NUMBER(len(found.kept)), "left_out": LEFT_OUT(rows), "reasons": REASONS(reasons)}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        cast, skipped = ([one.arguments["voter"] for one in done.events(f"Ballot{end}")] for end in ("Cast", "Skipped"))
        counts = {"cast_count": NUMBER(len(cast)), "skipped_count": NUMBER(len(skipped))}
        return {"cast": VOTERS(cast), "skipped": VOTERS(skipped), **counts}
