"""Jurors: what they are in disputes, what they revealed, what they are owed and paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dmo.capabilities.disputes import JURY, POT_LIFE, Dispute, disputes, look_at, moving, own_jury
from dmo.capabilities.lens import MONEY, VOTES, WORK
from dmo.capabilities.payments import moved
from dmo.core import words
from dmo.core.act import Act, Done, Step, arg
from dmo.core.calls import make_call
from dmo.core.chain import Read
from dmo.core.errors import DmoError
from dmo.core.facts import Fact, of
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT, Kind, Value, amount, choice, listed

if TYPE_CHECKING:
    from typing import Any

    from dmo.home.home import Home

__all__ = ["WEIGHT", "WORKS", "Juror", "RevealedRuling", "jurors", "jurors_due", "revealed", "step_of", "unpaid"]

BATCH = 20
"""Jurors that are paid in one transaction."""
WORKS = listed(WORK, "[WORK]...")
_FROM_POINTS = amount("points", digits=4)
WEIGHT = Kind(
    "WEIGHT",
    VOTES.read,
    lambda home, it: (_FROM_POINTS if it[0] else VOTES).show(home, it[1]) if it else "",
    lambda it: str(it[1]),
    {"type": ["string", "null"]},
)
"""(it is of points, not of votes; how much, in units of its source)"""


# ── jurors ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Juror:
    """What an account is in a dispute before a jury.

    Attributes:
        weight: In units of the jurors' source; none for parties.
        commitment: Its live commitment; empty if there is none.
        is_revealed: Its ruling was revealed.
    """

    weight: int
    commitment: bytes
    is_revealed: bool


def juror_reads(one: Dispute, account: str) -> list[Read]:
    """What ``jurors`` asks."""
    views = ("weightOf", "commitmentOf", "shareOf")
    return [Read(JURY, one.arbitrator, view, (one.dispute_id, account)) for view in views]


def jurors(home: Home, asked: Iterable[tuple[Dispute, str]]) -> dict[tuple[int, str], Juror]:
    """What accounts are in disputes, by submission and account; one batch a jury.

    Nothing is told of a dispute that is not before a jury, or whose jury does not answer.
    """
    heard: dict[str, list[tuple[Dispute, str]]] = {}
    for one, account in asked:
        if one.has_jury:
            heard.setdefault(one.arbitrator, []).append((one, account))
    found: dict[tuple[int, str], Juror] = {}
    for jury, its in heard.items():
        try:
            answers = iter(home.read([read for pair in its for read in juror_reads(*pair)]))
        except DmoError:
            # Only our own jury is trusted to answer; another must not stop what is read of ours.
            if jury == own_jury(home):
                raise
            continue
        for one, account in its:
            weight, committed, (start, end) = next(answers), next(answers), next(answers)
            commitment = committed if any(committed) else b""
            found[one.submission, account] = Juror(weight, commitment, start != end)
    return found


@dataclass
class RevealedRuling(Fact, key=("dispute_id", "juror"), born="Jury.RulingRevealed"):
    """A juror's ruling; weight in units of its source."""

    dispute_id: int = of(NUMBER)
    juror: str = of(ACCOUNT)
    ruling: int = of(NUMBER)
    weight: int = of(NUMBER)


def revealed(home: Home, found: Sequence[Dispute]) -> dict[int, list[RevealedRuling]]:
    """The rulings that were revealed, by submission, in their order; whatever jury ruled.

    An arbitrator that does not pay jurors tells of none. What a foreign one tells may be no log;
    its disputes are left out then, and stop nobody.
    """
    told: dict[int, list[RevealedRuling]] = {one.submission: [] for one in found}
    heard: dict[str, dict[int, int]] = {}
    for one in found:
        if one.pays_jurors:
            heard.setdefault(one.arbitrator, {})[one.dispute_id] = one.submission
    for arbitrator, numbers in heard.items():
        if arbitrator == own_jury(home):
            known = list(home.facts(RevealedRuling).values())
        else:
            # A jury that governance named later is not in the address book, nor in the store.
            where, birth = {"disputeID": sorted(numbers)}, home.dmo.birth
            try:
                logs = home.snapshot.chain.events(JURY, arbitrator, "RulingRevealed", where, from_block=birth)
            except DmoError:
                for number in numbers.values():
                    del told[number]
                continue
            known = [RevealedRuling.bear(JURY, event) for event in logs]
        for its in known:
            if its.dispute_id in numbers:
                told[numbers[its.dispute_id]].append(its)
    return told


def unpaid(home: Home, found: Sequence[Dispute]) -> dict[int, dict[str, int]]:
    """Jurors whom settled disputes still owe something, by submission, in units of the token.

    The disputes are ones that were looked at.
    """
    owing = [one for one in found if one.pot]
    told = revealed(home, owing)
    amounts: dict[int, dict[str, int]] = {}
    for one in owing:
        start = 0
        for its in told.get(one.submission, ()):
            end = start + its.weight
            part = one.pot_whole * end // one.shares_total
            part -= one.pot_whole * start // one.shares_total
            if part and its.juror not in one.paid:
                amounts.setdefault(one.submission, {})[its.juror] = part
            start = end
    return amounts


def owed(home: Home) -> tuple[dict[int, dict[str, int]], list[int]]:
    """Who of which dispute can be paid, and what nobody will fetch any more."""
    found = [one for one in moving(home) if one.pot]
    look_at(home, found)
    owing = unpaid(home, found)
    late = [one for one in found if home.now >= one.settled_at + POT_LIFE]
    heard = revealed(home, late)
    return owing, [n for one in late if (n := one.submission) in heard and n not in owing]


def jurors_due(home: Home) -> list[Act]:
    """The acts that pay everybody who is owed for ruling, and that end what nobody fetched."""
    owing, stale = owed(home)
    return [*(PayJurors([number]) for number in owing), *(ExpireJurors(one) for one in stale)]


def step_of(home: Home, act: Act, to: str, arguments: Sequence[Any], **values: Value) -> Step:
    """One of several independent transactions, with a sentence of its own."""
    look = words.looking(home, values)
    told = words.fill(words.command(act.name)["call"], look)
    return Step(make_call(act.call[0], to, act.call[1], arguments, told), is_independent=True)


# ── pay ─────────────────────────────────────────────────────────────────────────────────────────


class PayJurors(Act, name="dispute pay", call="DisputeDesk.payJurors", told_by="JurorPaid"):
    submissions: Sequence[int] = arg(WORKS, default=())

    def owed(self, home: Home) -> tuple[dict[int, list[str]], list[int]]:
        """Whom to pay, and which pots to end."""
        if not self.submissions:
            owing, stale = owed(home)
            if not owing and not stale:
                raise words.bad("no_juror_to_pay")
            return {number: list(its) for number, its in owing.items()}, stale
        found = [one for n in self.submissions if (one := disputes(home).get(n)) is not None]
        look_at(home, found)
        calls = {number: list(its) for number, its in unpaid(home, found).items()}
        for one in found if not calls else ():
            if not one.is_settled and not one.is_open(home.now):
                name = "work_is_paid_first" if one.is_paid else "work_is_released_first"
                raise words.bad(name, submission=one.submission)
        # The desk says itself why there is nobody to pay.
        return calls or {self.submissions[0]: []}, []

    def facts(self, home: Home) -> Mapping[str, Value]:
        """Which disputes."""
        calls, stale = self.owed(home)
        return {"submissions": WORKS(list(self.submissions) or [*calls, *stale])}

    def steps(self, home: Home) -> list[Step]:
        """In batches."""
        calls, stale = self.owed(home)
        steps = []
        for number, whom in calls.items():
            for start in range(0, max(len(whom), 1), BATCH):
                part = whom[start : start + BATCH]
                counted = choice("jurors_counted", "one", "many")
                steps.append(
                    step_of(
                        *(home, self, self.target(home), [number, part]),
                        submission=WORK(number),
                        jurors=counted("one" if len(part) == 1 else "many"),
                        many=TEXT(str(len(part))),
                    )
                )
        for number in stale:
            [step] = ExpireJurors(number).steps(home)
            said = words.fill(
                words.command(ExpireJurors.name)["call"], words.looking(home, {"submission": WORK(number)})
            )
            steps.append(Step(step.call.described(said), is_independent=True))
        return steps

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        """Who was paid what, at once or as a credit."""
        expired = sum(event.arguments["amount"] for event in done.events("JurorsExpired"))
        return {**moved(done), "expired": MONEY(expired or None)}


class ExpireJurors(
    Act, name="dispute expire", call="DisputeDesk.expireJurors", told_by="JurorsExpired", tells={"amount": MONEY}
):
    submission: int = arg(WORK)
