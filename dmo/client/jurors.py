"""Where disputes stand, what an account is in them, and what jurors are owed.

Everything here is read for many disputes at once, in as few round trips as for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from dmo.client.disputes import DESK, JURY, Dispute, JuryCase, Ruling, disputes_of
from dmo.client.settlements import settlement_of
from dmo.core.chain import Read
from dmo.core.errors import DmoError
from dmo.home.deployment import Dmo

__all__ = [
    "POT_LIFE",
    "Phase",
    "Revealed",
    "Standing",
    "parties",
    "phase",
    "revealed",
    "standings",
    "unpaid_jurors",
    "with_pots",
]

POT_LIFE = 365 * 86_400
"""From so long after the settlement on (seconds) the pool gets what jurors did not fetch."""


class Phase(Enum):
    """What a dispute waits for."""

    COMMIT = "commit"
    REVEAL = "reveal"
    RULE = "rule"
    ARBITRATOR = "arbitrator"
    OVER = "over"
    SETTLED = "settled"


def phase(one: Dispute, now: int) -> tuple[Phase, int]:
    """What a dispute waits for, and until when (Unix seconds; 0 without an end).

    ``rule`` is the jury's ruling to be handed over, ``arbitrator`` one whose ways we do not know,
    ``over`` a payment or release.
    """
    if one.is_settled:
        return Phase.SETTLED, 0
    if not one.is_open(now):
        return Phase.OVER, 0
    if one.jury is None:
        return Phase.ARBITRATOR, one.until
    if now < one.jury.commit_until:
        return Phase.COMMIT, one.jury.commit_until
    if now < one.jury.reveal_until:
        return Phase.REVEAL, one.jury.reveal_until
    return Phase.RULE, one.until


@dataclass(frozen=True)
class Standing:
    """What an account is in a dispute before a jury.

    Attributes:
        weight: In units of the jurors' source; none for parties.
        commitment: Its live commitment; empty if there is none.
        is_revealed: Its ruling was revealed.
    """

    weight: int
    commitment: bytes
    is_revealed: bool


def standings(dmo: Dmo, asked: Iterable[tuple[Dispute, str]]) -> dict[tuple[int, str], Standing]:
    """What accounts are in disputes, by submission and account.

    Nothing is told of a dispute that is not before a jury, or whose jury does not answer.
    """
    heard: dict[str, list[tuple[Dispute, JuryCase, str]]] = {}
    for one, account in asked:
        if one.jury is not None:
            heard.setdefault(one.jury.address, []).append((one, one.jury, account))
    found: dict[tuple[int, str], Standing] = {}
    for jury, its in heard.items():
        try:
            found |= _standings(dmo, its)
        except DmoError:
            # Only our own jury is trusted to answer; another must not stop what is read of ours.
            if jury.lower() == dmo.addresses.get(JURY, "").lower():
                raise
    return found


def _standings(
    dmo: Dmo, heard: Sequence[tuple[Dispute, JuryCase, str]]
) -> dict[tuple[int, str], Standing]:
    views = ("weightOf", "commitmentOf", "shareOf")
    answers = iter(
        dmo.chain.read(
            [
                Read(JURY, jury.address, view, (jury.id, account))
                for _, jury, account in heard
                for view in views
            ]
        )
    )
    found = {}
    for one, _, account in heard:
        weight, committed, (start, end) = next(answers), next(answers), next(answers)
        standing = Standing(weight, committed if any(committed) else b"", start != end)
        found[one.submission, account] = standing
    return found


def parties(dmo: Dmo, one: Dispute, accounts: Iterable[str]) -> set[str]:
    """Those of these accounts that have a stake and cannot judge."""
    asked = sorted(set(accounts))
    desk = dmo.address(DESK)
    answers = dmo.chain.read(
        [Read(DESK, desk, "isParty", (one.arbitrator, one.case, account)) for account in asked]
    )
    return {account for account, is_party in zip(asked, answers, strict=True) if is_party}


# ── pay ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Revealed:
    """A juror's revealed ruling; weight in units of its source, start and end its share."""

    juror: str
    ruling: Ruling
    weight: int
    start: int

    @property
    def end(self) -> int:
        """Where its share of all weights ends."""
        return self.start + self.weight


def revealed(dmo: Dmo, found: Sequence[Dispute]) -> dict[int, list[Revealed]]:
    """The jurors who revealed, by submission, in the order of their shares; whatever jury ruled.

    An arbitrator that does not pay jurors tells of none.
    """
    cases: dict[str, dict[int, int]] = {}
    for one in found:
        if one.pays_jurors:
            cases.setdefault(one.arbitrator, {})[one.case] = one.submission
    told: dict[int, list[Revealed]] = {one.submission: [] for one in found}
    for arbitrator, submissions in cases.items():
        where = {"disputeID": sorted(submissions)}
        logs = dmo.chain.events(JURY, arbitrator, "RulingRevealed", where, from_block=dmo.birth)
        for event in sorted(logs, key=lambda event: (event.block, event.index)):
            facts = event.arguments
            its = told[submissions[facts["disputeID"]]]
            start = its[-1].end if its else 0
            ruling = Ruling(facts["ruling"]) if facts["ruling"] in (1, 2) else Ruling.NONE
            its.append(Revealed(facts["juror"], ruling, facts["weight"], start))
    return told


def with_pots(dmo: Dmo) -> list[Dispute]:
    """Settled disputes that hold something for jurors; found in the logs, whatever their number."""
    left: Counter[int] = Counter()
    for event in dmo.events(DESK, ("DisputeSettled", "JurorPaid", "JurorsExpired")):
        is_settled = event.name == "DisputeSettled"
        amount = settlement_of(event).to_jurors if is_settled else -event.arguments["amount"]
        left[event.arguments["submission"]] += amount
    return disputes_of(dmo, sorted(number for number, amount in left.items() if amount))


def unpaid_jurors(dmo: Dmo, found: Sequence[Dispute]) -> dict[int, dict[str, int]]:
    """Jurors whom settled disputes still owe something, by submission, in units of the token."""
    owing = [one for one in found if one.pot]
    told = revealed(dmo, owing)
    asked = [(one, its) for one in owing for its in told[one.submission]]
    desk = dmo.address(DESK)
    paid = dmo.chain.read(
        [Read(DESK, desk, "isJurorPaid", (one.submission, its.juror)) for one, its in asked]
    )
    amounts: dict[int, dict[str, int]] = {}
    for (one, its), is_paid in zip(asked, paid, strict=True):
        start, end = (one.pot_whole * at // one.shares_total for at in (its.start, its.end))
        if not is_paid and end > start:
            amounts.setdefault(one.submission, {})[its.juror] = end - start
    return amounts
