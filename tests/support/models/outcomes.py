"""Outcomes of one campaign as a plain model: states, and where every unit goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

ONE = 1_000_000
YEAR = 365 * 86_400
MOST_DOUBLINGS = 3


@dataclass
class Report:
    """One report; amounts in units of the budget token, times in Unix seconds."""

    reporter: str
    ppm: int
    bond: int
    since: int
    challenger: str = ""
    until: int = 0
    ruling: int | None = None
    shares: dict[str, int] = field(default_factory=dict)
    is_settled: bool = False
    settled_at: int = 0
    pot: dict[str, int] = field(default_factory=dict)


@dataclass
class Outcomes:
    """What the contract should know.

    Attributes:
        begins: When reports begin.
        ends: When they have ended.
        first_bond: The desk's stake over the ask.
        challenge_seconds: C.
        arbitration_seconds: D.
    """

    begins: int
    ends: int
    first_bond: int
    challenge_seconds: int
    arbitration_seconds: int
    reports: list[Report] = field(default_factory=list)
    owed: Counter[str] = field(default_factory=Counter)
    bonus: Counter[str] = field(default_factory=Counter)
    to_treasury: int = 0
    sent: int = 0

    # ── states ──────────────────────────────────────────────────────────────────────────────────

    def verdict(self, report: Report, now: int) -> bool | None:
        """None while it is open; whether it stands, after."""
        if not report.challenger:
            return None if now < report.since + self.challenge_seconds else True
        if report.ruling is None and now < report.until:
            return None
        return report.ruling == 1

    def state(self, now: int) -> tuple[str, int]:
        """The state's name, and ppm."""
        if self.reports:
            stands = self.verdict(self.reports[-1], now)
            if stands is None:
                return "Pending", 0
            if stands:
                return "Final", self.reports[-1].ppm
        return ("None" if now < self.ends else "Void"), 0

    def bond(self) -> int:
        """What the next report takes, where one can come."""
        return self.first_bond << min(len(self.reports), MOST_DOUBLINGS)

    # ── acts: each says why not, or nothing ─────────────────────────────────────────────────────

    def report(self, now: int, who: str, ppm: int) -> str:
        if not self.begins <= now < self.ends:
            return "NotReportable"
        if self.state(now)[0] != "None":
            return "ReportInForce"
        if self.reports and not self.reports[-1].is_settled:
            self.settle(now, self.reports[-1])
        self.reports.append(Report(who, ppm, self.bond(), now))
        return ""

    def challenge(self, now: int, report: Report, who: str) -> str:
        if report.challenger or now >= report.since + self.challenge_seconds:
            return "NotChallengeable"
        report.challenger, report.until = who, now + self.arbitration_seconds
        return ""

    def rule(self, now: int, report: Report, ruling: int) -> str:
        if not report.challenger or report.ruling is not None or now >= report.until:
            return "NotOpen"
        report.ruling = ruling
        return ""

    def settle(self, now: int, report: Report) -> str:
        if report.is_settled:
            return "NothingDue"
        stands = self.verdict(report, now)
        if stands is None:
            return "IsPending"
        report.is_settled, report.settled_at = True, now
        if not report.challenger:
            self.owed[report.reporter] += report.bond
            return ""
        half, tenth = report.bond // 2, report.bond // 10
        if report.ruling in (1, 2):
            jurors = half
            self.owed[report.reporter if stands else report.challenger] += 2 * report.bond - half
        else:
            jurors = 2 * tenth
            self.owed[report.reporter] += report.bond - tenth
            self.owed[report.challenger] += report.bond - tenth
        total, at = sum(report.shares.values()), 0
        if not total:
            self.to_treasury += jurors
        for juror, share in report.shares.items():
            report.pot[juror] = jurors * (at + share) // total - jurors * at // total
            at += share
        return ""

    def pay_jurors(self, report: Report) -> str:
        """All that have a part."""
        if not any(report.pot.values()):
            return "NothingDue"
        self.owed.update(report.pot)
        report.pot = {}
        return ""

    def settle_bonus(self, now: int, giver: str, lead: str) -> str:
        state, ppm = self.state(now)
        if state not in ("Final", "Void"):
            return "NotDecided"
        if not self.bonus[giver]:
            return "NothingDue"
        amount = self.bonus.pop(giver)
        part = amount * ppm // ONE
        self.owed[lead] += part
        self.owed[giver] += amount - part
        return ""

    def withdraw(self, who: str) -> str:
        if not self.owed[who]:
            return "NothingDue"
        self.owed.pop(who)
        return ""

    # ── books ───────────────────────────────────────────────────────────────────────────────────

    def held(self) -> int:
        """O1: what the contract has to hold, and holds where nobody gave it anything."""
        bonds = sum(one.bond * (2 if one.challenger else 1) for one in self.reports if not one.is_settled)
        pots = sum(sum(one.pot.values()) for one in self.reports)
        return bonds + pots + self.owed.total() + self.bonus.total() + self.to_treasury
