"""Ballots: vote on a round's ideas, sign a ballot for somebody else to send, see what was voted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dmo.capabilities.ideas import INTEGERS, as_posted, idea_title, ideas
from dmo.capabilities.lens import MONEY, VOTES
from dmo.capabilities.rounds import cast, clock, weight_reads
from dmo.core import explain, words
from dmo.core.act import Act, Asked, arg, option
from dmo.core.compared import Compared
from dmo.core.files import canonical_json, read_text, write_new, write_text
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, Kind, Value, choice, listed
from dmo.core.view import Query, View, view
from dmo.home import ballots as packed
from dmo.home.ballots import Ballot, Pick, SignedBallot
from dmo.home.home import Home
from dmo.home.rounds import RoundTimes, round_times
from dmo.home.signatures import proven

_NUMBER = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_CHOICE = re.compile(r"([-+−])(?:([1-9]\d{0,8})/)?([1-9]\d{0,4})", re.ASCII)


def _choices(home: Home, texts: Sequence[str]) -> tuple[int | None, tuple[Pick, ...]]:
    """A round, if one was named, first or with the ideas, and choices: 3 +1 +4 -2, or +3/1 as lists have it."""
    is_named = bool(texts) and _NUMBER.fullmatch(texts[0]) is not None
    rounds, chosen = {int(texts[0])} if is_named else set(), []
    for text in texts[is_named:]:
        if not (found := _CHOICE.fullmatch(text)):
            raise words.bad("no_choice", given=text[:40])
        chosen.append(Pick(int(found[3]), found[1] == "+"))
        rounds |= {int(found[2])} if found[2] else set()
    if len(rounds) > 1:
        raise words.bad("several_rounds", rounds=words.word("list", "both").join(map(str, sorted(rounds))))
    return next(iter(rounds), None), tuple(chosen)


def _numbers(home: Home, text: str) -> list[int]:
    parts = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    if not all(map(_NUMBER.fullmatch, parts)):
        raise words.bad("no_idea_numbers", given=text[:40])
    return [int(part) for part in parts]


CHOICES = Kind(
    "[ROUND] [+N|-N]...",
    _choices,
    lambda home, value: " ".join(map(str, value[1])) if value else "",
    lambda value: [str(one) for one in value[1]] if value else [],
    {"type": "array", "items": {"type": "string"}},
    is_many=True,
    like="choices",
)
NUMBERS = Kind("N,N", _numbers, lambda home, value: ",".join(map(str, value or ())), schema=INTEGERS, like="numbers")
CHOSEN = listed(Kind("CHOICE", TEXT.read, plain=str), "CHOICES")
FILES = listed(Kind("FILE", lambda home, text: home.file(text), plain=str, paper=""), "FILE...")
TYPED = Kind("OBJECT", TEXT.read, lambda home, data: canonical_json(data) if data else "", schema={"type": "object"})
SIDE = choice("side", "for", "against", "none")
ROWS = [{"round": NUMBER, "number": NUMBER, "title": TEXT, "mine": SIDE, "before": SIDE}]
WHOLE_SHAPE = {"round": NUMBER, "choices": CHOSEN, "former_choices": CHOSEN, "shown": NUMBER, "rows": ROWS}


def ballot_of(home: Home, voter: str) -> Ballot:
    """A voter's latest ballot; round 0 if there is none."""
    number, at, *lists = home.ask("IdeaBoard", "ballotOf", voter)
    return Ballot(voter, number, at, packed.picks(*lists))


def _rows(home: Home, number: int, mine: Iterable[Pick], before: Iterable[Pick] | None = None) -> list[Any]:
    """One row for each idea of a round that a ballot, or the one before it, speaks of."""
    sides = [{one.number: "for" if one.is_for else "against" for one in found or ()} for found in (mine, before)]
    return [
        {
            **{"round": number, "number": idea, "title": idea_title(home, number, idea) or None},
            "mine": sides[0].get(idea, "none"),
            "before": None if before is None else sides[1].get(idea, "none"),
        }
        for idea in sorted({*sides[0], *sides[1]})
    ]


class Choosing(Asked):
    """Choices, however they are written."""

    choices: tuple[int | None, tuple[Pick, ...]] = arg(CHOICES, default=(None, ()))
    in_favour: list[int] = option(NUMBERS, flag="for", default_factory=list)
    against: list[int] = option(NUMBERS, default_factory=list)
    keep: bool = option(FLAG, False)
    empty: bool = option(FLAG, False)

    def whole(self, home: Home) -> tuple[RoundTimes, tuple[Pick, ...], tuple[Pick, ...] | None]:
        """The ballot as it would stand: its round's times, its choices, those of the one before."""
        (number, chosen), now = self.choices, clock(home)
        if number is None:
            if now.voting is None:
                raise words.bad("no_vote_now")
            number = now.voting.round
        every = [*chosen, *(Pick(n, True) for n in self.in_favour), *(Pick(n, False) for n in self.against)]
        if bool(every) is self.empty:
            raise words.bad("empty_with_choices") if self.empty else words.bad("nothing_chosen")
        last = ballot_of(home, home.maybe_me) if home.maybe_me is not None else None
        former = last.choices if last is not None and last.round == number else None
        if self.keep:
            named = {one.number for one in every}
            every += [one for one in former or () if one.number not in named]
        return round_times(now.frame, number), packed.ordered(every), former

    def said(self, home: Home) -> dict[str, Any]:
        """What is shown of it: what it says of which idea, once the vote is open."""
        times, choices, former = self.whole(home)
        told = {"round": times.round, "choices": choices, "former_choices": former}
        is_open = times.voting_opens <= home.now
        rows = _rows(home, times.round, choices, former) if is_open else []
        return {**told, "shown": times.round if is_open else None, "rows": rows}


class CastBallot(Choosing, Act, name="ballot cast", call="IdeaBoard.castBallot", told_by="BallotCast", who="holder"):
    compared = Compared(
        {"round": "choices.round", "inFavour": "choices.for", "against": "choices.against"}, unsaid=("empty",)
    )

    def arguments(self, home: Home) -> Sequence[Any]:
        times, choices, _ = self.whole(home)
        return [times.round, *([one.number for one in choices if one.is_for is side] for side in (True, False))]

    def facts(self, home: Home) -> Mapping[str, Value]:
        times, choices, former = self.whole(home)
        is_same = former == choices
        return {
            **{"round": NUMBER(times.round), "choices": CHOICES((None, choices))},
            "meaning": TEXT("same" if is_same else "whole" if former is None else "replaces"),
            "late": FLAG(times.is_late(home.now) and not is_same),
            "voting_closes": TIME(times.voting_closes),
            "weight": VOTES(self.weight(home, times)),
        }

    def weight(self, home: Home, times: RoundTimes) -> int | None:
        """With how many votes it would be counted; nothing before the vote opens."""
        if home.maybe_me is None or home.now < times.voting_opens:
            return None
        return int(min(home.read(weight_reads(home, home.maybe_me, times))))

    def typed(self, home: Home) -> dict[str, Any]:
        """What the voter may sign instead, for somebody else to send; nothing before the vote opens."""
        times, choices, _ = self.whole(home)
        ballot = Ballot(home.me, times.round, home.now, choices)
        return packed.typed_data(domain(home), ballot) if home.now >= times.voting_opens else {}

    def without_effect(self, home: Home) -> str:
        _, choices, former = self.whole(home)
        return home.word("ballot_meaning", "idle") if former == choices else ""

    def shown(self, home: Home) -> View | None:
        return view(home, "ballot whole", WHOLE_SHAPE, self.said(home))


def domain(home: Home) -> packed.Domain:
    """The board that ballots are signed for."""
    _, name, version, chain_id, board, _, _ = home.ask("IdeaBoard", "eip712Domain")
    return packed.Domain(name, version, chain_id, board)


def _written(at: packed.Domain, signed: SignedBallot) -> str:
    """A ballot's file."""
    ballot = signed.ballot
    return canonical_json(
        {
            **{"schema": "dmo.ballot/2", "chain_id": at.chain_id, "board": at.board},
            **{"voter": ballot.voter, "round": ballot.round, "at": ballot.at},
            **{"in_favour": ballot.in_favour, "against": ballot.against},
            **{"signature": signed.signature, "digest": packed.ballot_digest(at, ballot)},
        }
    )


UNSIGNED = ".unsigned.json"


def _signature(home: Home, text: str) -> bytes:
    try:
        written = text if text.startswith("0x") else read_text(text, packed.MOST_BYTES)
        return bytes.fromhex(written.strip().removeprefix("0x"))
    except (ValueError, FileNotFoundError):
        raise words.bad("no_hex_signature", given=text[:40]) from None


SIGNATURE = Kind("SIGNATURE", _signature, lambda home, raw: f"0x{raw.hex()}", lambda raw: f"0x{raw.hex()}")


class SignBallot(
    Choosing,
    Query,
    name="ballot sign",
    of_machine=True,
    signs=True,
    gives={**WHOLE_SHAPE, "file": TEXT, "unsigned": TEXT, "typed_data": TYPED},
):
    out: str = option(TEXT.called("FILE"), "ballot.json")

    def answer(self, home: Home) -> Mapping[str, Any]:
        times, choices, _ = self.whole(home)
        if home.now < times.voting_opens:
            raise explain.refused("IdeaBoardEarlyBallot", {"at": home.now, "opens": times.voting_opens})
        for one in choices:
            as_posted(home, times.round, one.number)  # nobody would count what is for none
        at, ballot = domain(home), Ballot(home.me, times.round, home.now, choices)
        if not home.options.is_sending:
            draft = f"{self.out.removesuffix('.json')}{UNSIGNED}"
            write_text(draft, _written(at, SignedBallot(ballot, b"")))
            return {**self.said(home), "typed_data": packed.typed_data(at, ballot), "unsigned": draft}
        write_new(self.out, _written(at, packed.sign_ballot(at, ballot, home.names.unlock())))
        return {**self.said(home), "file": self.out}


class AttachSignature(Query, name="ballot attach", of_machine=True, gives={"voter": ACCOUNT, "file": TEXT}):
    file: Path = arg(Kind("FILE", lambda home, text: Path(text), plain=str))
    signature: bytes = arg(SIGNATURE)
    out: str | None = option(TEXT.called("FILE"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        found, faults = packed.read_ballots([self.file], home.dmo.chain_id, home.dmo.address("IdeaBoard"))
        for fault in faults:
            raise fault
        ballot, at = found[0].ballot, domain(home)
        out = self.out or str(self.file).replace(UNSIGNED, ".json")
        proof = proven(home.chain, ballot.voter, packed.ballot_digest(at, ballot), self.signature)
        write_new(out, _written(at, SignedBallot(ballot, proof)))
        return {"voter": ballot.voter, "file": out}


class WriteBallotPage(Query, name="ballot page", of_machine=True, gives={"round": NUMBER, "file": TEXT}):
    round: int | None = arg(NUMBER.called("ROUND"), default=None)
    out: str = option(TEXT.called("FILE"), "ballot.html")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.core.files import write_again
        from dmo.faces.onefile import render_ballot

        now = clock(home)
        number = self.round or (now.voting.round if now.voting else 0)
        if not number:
            raise words.bad("no_vote_now")
        its = [one for one in ideas(home, number) if not one.is_withdrawn]
        rows = [
            {"number": one.number, "title": idea_title(home, number, one.number), "ask": MONEY.show(home, one.ask)}
            for one in its
        ]
        closes = words.word("ballot_page", "closes").format(
            TIME.show(home, round_times(now.frame, number).voting_closes)
        )
        page = render_ballot(home.dmo.name, domain(home), number, home.now, closes, rows)
        write_again(self.out, page)
        return {"round": number, "file": self.out}


CHECKED = {"voter": ACCOUNT, "round": NUMBER, "at": TIME, "rows": ROWS, "digest": DIGEST, "file": TEXT}


class CheckBallot(Query, name="ballot check", of_machine=True, gives=CHECKED):
    file: Path = arg(Kind("FILE", lambda home, text: Path(text), plain=str))

    def answer(self, home: Home) -> Mapping[str, Any]:
        found, faults = packed.read_ballots([self.file], home.dmo.chain_id, home.dmo.address("IdeaBoard"))
        for fault in faults:
            raise fault
        ballot, at = found[0].ballot, domain(home)
        digest = packed.ballot_digest(at, ballot)
        proven(home.chain, ballot.voter, digest, found[0].signature)
        rows = _rows(home, ballot.round, ballot.choices)
        return {**vars(ballot), "digest": digest, "rows": rows, "file": str(self.file)}


BALLOT = {"voter": ACCOUNT, "round": NUMBER, "at": TIME, "choices": CHOSEN, "votes": VOTES}


class ShowBallot(Query, name="ballot show", gives={**BALLOT, "rows": ROWS}):
    voter: str = arg(TEXT.called("WHO"), default="me")

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = ballot_of(home, home.account(self.voter))
        votes = cast(home, found.round).get(found.voter, (None,))[0]
        return {**vars(found), "votes": votes, "rows": _rows(home, found.round, found.choices)}


class ListBallots(Query, name="ballot list", gives={"round": NUMBER, "ballots": [BALLOT]}):
    round: int | None = arg(NUMBER.called("ROUND"), default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        now = clock(home)
        number = self.round or (now.voting.round if now.voting else 0)
        rows = []
        for voter, (votes, said) in cast(home, number).items():
            _, at, values = packed.unpack(said)
            chosen = tuple(Pick(value // 2, bool(value % 2)) for value in values)
            rows.append({**vars(Ballot(voter, number, at, chosen)), "votes": votes})
        return {"round": number, "ballots": sorted(rows, key=lambda row: -row["votes"])}
