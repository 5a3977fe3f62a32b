"""Jurors: what they are in disputes, what they revealed, what they are owed and paid."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from dmo.capabilities import disputes as desk
from dmo.capabilities.campaigns import AMOUNT
from dmo.capabilities.disputes import JURY, Judged, by_arbitrator, disputes, heeding, juror_reads, look_at, moving
from dmo.capabilities.ends import Ruling
from dmo.capabilities.lens import GOVERNANCE, MONEY, VOTES, WORK
from dmo.capabilities.payments import NUMBERS, Batch, batches, moved
from dmo.core import kinds, words
from dmo.core.act import Act, Step, simple_act
from dmo.core.calls import make_call
from dmo.core.compared import Compared
from dmo.core.engine import Done
from dmo.core.facts import Fact, of
from dmo.core.kinds import ACCOUNT, NUMBER, Kind, Value, amount
from dmo.home.home import Home

Subject = int | str
_FROM_POINTS = amount("points", digits=4)
WEIGHT = Kind(
    "WEIGHT",
    VOTES.read,
    lambda home, it: (_FROM_POINTS if it[0] else VOTES).show(home, it[1]) if it else "",
    lambda it: str(it[1]) if it else None,
    {"type": ["string", "null"]},
)
"""(it is of points, not of votes; how much, in units of its source)"""


@dataclass(frozen=True)
class Juror:
    """What an account is in a dispute before a jury: weight in units of the jurors' source, commitment if any."""

    weight: int
    commitment: bytes
    is_revealed: bool


def jurors(home: Home, asked: Iterable[tuple[Judged, str]]) -> dict[tuple[Subject, str], Juror]:
    """What accounts are in disputes, by what is disputed and account, as far as juries answer; one batch each."""
    heard = [(one, account) for one, account in asked if one.has_jury]
    found: dict[tuple[Subject, str], Juror] = {}
    for jury in {one.arbitrator for one, _ in heard}:
        its = [pair for pair in heard if pair[0].arbitrator == jury]
        with heeding(home, jury):
            answers = iter(home.read([read for pair in its for read in juror_reads(*pair)]))
            for one, account in its:
                weight, committed, (ruling, _) = next(answers), next(answers), next(answers)
                found[one.subject, account] = Juror(weight, committed if any(committed) else b"", ruling != 0)
    return found


@dataclass
class RevealedRuling(Fact, key=("dispute_id", "juror"), born="Jury.RulingRevealed"):
    """A juror's ruling; weight in units of its source."""

    dispute_id: int = of(NUMBER)
    juror: str = of(ACCOUNT)
    ruling: int = of(NUMBER)
    weight: int = of(NUMBER)


def revealed(home: Home, found: Sequence[Judged]) -> dict[Any, list[RevealedRuling]]:
    """The rulings that were revealed, by what is disputed, in their order; whatever jury ruled.

    What a foreign arbitrator tells may be no log; its disputes are left out then, and stop nobody.
    """
    told: dict[Any, list[RevealedRuling]] = {one.subject: [] for one in found if not one.pays_jurors}
    for arbitrator, its in by_arbitrator([one for one in found if one.pays_jurors]).items():
        with heeding(home, arbitrator):
            said: dict[int, list[RevealedRuling]] = defaultdict(list)
            for ruling in _rulings(home, arbitrator, sorted(one.dispute_id for one in its)):
                said[ruling.dispute_id].append(ruling)
            told |= {one.subject: said[one.dispute_id] for one in its}
    return told


def _rulings(home: Home, jury: str, numbers: Sequence[int]) -> Iterable[RevealedRuling]:
    if jury == home.dmo.addresses.get(JURY):
        return home.facts(RevealedRuling).values()
    # A jury that governance named later is not in the address book, nor in the store.
    where, birth = {"disputeID": numbers}, home.dmo.birth
    logs = home.snapshot.chain.events(JURY, jury, "RulingRevealed", where, from_block=birth)
    return [RevealedRuling.bear(JURY, event) for event in logs]


def unpaid(home: Home, found: Sequence[Judged]) -> dict[Any, dict[str, int]]:
    """Jurors whom settled disputes, which were looked at, still owe something: what is disputed → juror → units."""
    owing = [one for one in found if one.pot]
    told = revealed(home, owing)
    amounts: dict[Any, dict[str, int]] = {}
    for one in owing:
        # Of the side that ruled; where none did, of one side after the other.
        sides = (1, 2) if one.jury_ruling == Ruling.NONE else (one.jury_ruling,)
        heard, start = told.get(one.subject, ()), 0
        for its in (its for side in sides for its in heard if its.ruling == side):
            end = start + its.weight
            part = one.pot_whole * end // one.shares_total - one.pot_whole * start // one.shares_total
            if part and its.juror not in one.paid:
                amounts.setdefault(one.subject, {})[its.juror] = part
            start = end
    return amounts


def owed(home: Home) -> tuple[dict[int, dict[str, int]], list[int]]:
    """Who of which dispute can be paid, and what nobody will fetch any more."""
    found = [one for one in moving(home) if one.pot]
    look_at(home, found)
    owing = unpaid(home, found)
    late = [one for one in found if home.now >= one.settled_at + desk.POT_LIFE]
    return owing, [number for number in revealed(home, late) if number not in owing]


def jurors_due(home: Home) -> list[Act]:
    """The acts that pay everybody who is owed for ruling, and that end what nobody fetched."""
    owing, stale = owed(home)
    return [*(PayJurors([number]) for number in owing), *(ExpireJurors(one) for one in stale)]


Rows = list[tuple[str, list[Any], dict[str, Any]]]


class Each(Act):
    """One transaction for each of several things, none in need of the others, its sentence of a ``row``."""

    row: ClassVar[kinds.Shape] = {}

    def rows(self, home: Home) -> Rows:
        """Of each: the contract's address, the arguments, and the row."""
        raise NotImplementedError

    def steps(self, home: Home) -> list[Step]:
        steps = []
        for to, arguments, row in self.rows(home):
            look = kinds.looking(home, kinds.valued(self.row, row))
            told = words.fill(words.command(self.name)["call"], look)
            steps.append(Step(make_call(self.call[0], to, self.call[1], arguments, told), is_independent=True))
        return steps


PAYING = {"submission": WORK, "many": NUMBER}


class PayJurors(Batch, Each, name="dispute pay", call="DisputeDesk.payJurors", told_by="JurorPaid", row=PAYING):
    idle = "no_juror_to_pay"
    compared = Compared({"submission": "among submissions or shown.due", "jurors": "among shown.jurors"})

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        acts = [self] if self.submissions else [one for one in self.due(home) if isinstance(one, PayJurors)]
        jurors = [who for act in acts for _, (_, part), _ in act.rows(home) for who in part]
        return {**super().shown_before(home), "jurors": jurors}

    def due(self, home: Home) -> list[Act]:
        return [] if self.submissions else jurors_due(home)

    def facts(self, home: Home) -> Mapping[str, Value]:
        owing, stale = (self.submissions, []) if self.submissions else owed(home)
        return {"submissions": NUMBERS([*owing, *stale])}

    def rows(self, home: Home) -> Rows:
        named = [one for number in self.submissions if (one := disputes(home).get(number))]
        look_at(home, named)
        owing = unpaid(home, named)
        for one in () if owing else named:
            if not one.is_settled and not one.is_open(home.now):
                raise words.bad("work_first", follows=one.follows, submission=one.submission)
        # The desk says itself why there is nobody to pay.
        its = [(number, part) for number, whom in owing.items() for part in batches([*whom])]
        its = its or [(self.submissions[0], [])]
        return [(self.target(home), [number, part], {"submission": number, "many": len(part)}) for number, part in its]

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        expired = sum(event.arguments["amount"] for event in done.events("JurorsExpired"))
        return {**moved(done), "expired": MONEY(expired or None)}


ADMITTED = {"arbitrable": ACCOUNT}
AdmitArbitrable = simple_act("dispute admit", "Jury.admit", "ArbitrableAdmitted", ADMITTED, who=GOVERNANCE)
ITS = {"submission": WORK}
ExpireJurors = simple_act("dispute expire", "DisputeDesk.expireJurors", "JurorsExpired", ITS, tells=AMOUNT)
