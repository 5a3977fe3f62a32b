"""What people do about outcomes: report, challenge, give evidence, settle, offer a bonus, fetch what is owed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dmo.capabilities import cases
from dmo.capabilities.campaigns import AMOUNT, Campaign
from dmo.capabilities.disputes import DESK, JuryCase, own_jury
from dmo.capabilities.disputing import Statement
from dmo.capabilities.documents import paper
from dmo.capabilities.jury import unpaid
from dmo.capabilities.lens import CAMPAIGN, MONEY
from dmo.capabilities.outcomes import (
    CREDIT_LIFE,
    OUTCOMES,
    REPORT,
    Bonus,
    OutcomeReport,
    credits_owed,
    for_treasury,
    has_outcomes,
    reports,
    standing,
    standings,
    terms_of,
    to_lead,
)
from dmo.capabilities.payments import BATCH
from dmo.capabilities.report_shown import brings
from dmo.capabilities.work import OwnEvidence
from dmo.capabilities.worth import value_at
from dmo.core import explain, words
from dmo.core.act import Act, arg, simple_act
from dmo.core.chain import Read
from dmo.core.compared import Compared
from dmo.core.due import Item, chores, due, wanted
from dmo.core.engine import Done
from dmo.core.errors import Refused
from dmo.core.kinds import ACCOUNT, COIN, FLAG, NUMBER, PPM, TEXT, TIME, Amount, Value
from dmo.home.documents import Document
from dmo.home.home import Home


def reported(home: Home, number: int) -> OutcomeReport:
    """A report by id; Refused, as the contract says it, where there is none."""
    found = reports(home).get(number)
    if found is None:
        raise explain.refused("OutcomesUnknownReport", {"report": number})
    return found


def _judge(home: Home, campaign: int) -> str:
    arbitrator = terms_of(home, campaign).arbitrator
    return words.word("dispute", "jury") if arbitrator == own_jury(home) else home.names.who(arbitrator)


class ReportOutcome(
    OwnEvidence, name="outcome report", call="Outcomes.report", told_by="OutcomeReported", tells={"report": REPORT}
):
    campaign: int = arg(CAMPAIGN)
    reached: int = arg(PPM)
    file: Document = arg(paper("evidence"))
    compared = Compared(taken="shown.bond")

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"bond": str(self.bond(home))}

    def bond(self, home: Home) -> int:
        return standing(home, self.campaign).bond

    def facts(self, home: Home) -> Mapping[str, Value]:
        bond, its = self.bond(home), terms_of(home, self.campaign)
        if not its.has_arbitrator:
            raise explain.refused("OutcomesNoArbitrator", {"campaign": self.campaign})
        ends = brings(bond)
        return {
            **super().facts(home),
            **{"bond": MONEY(bond), "until": TIME(home.now + its.challenge_seconds)},
            **{"if_stands": MONEY(ends["stands"][0]), "if_falls": MONEY(ends["falls"][0])},
            "if_none": MONEY(ends["none"][0]),
            **{"value": TEXT(value_at(home, self.campaign, self.reached)), "payee": TEXT(_judge(home, self.campaign))},
            "earlier": NUMBER(standing(home, self.campaign).fallen or None),
        }


class ChallengeReport(
    Statement,
    name="outcome challenge",
    call="Outcomes.challenge",
    told_by="OutcomeChallenged",
    tells={"is_asked": FLAG},
):
    report: int = arg(REPORT)
    file: Document = arg(paper(None))
    compared = Compared(taken="shown.bond")

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"bond": str(self.bond(home)), "cost": str(self.value(home))}

    def bond(self, home: Home) -> int:
        return reported(home, self.report).bond

    def value(self, home: Home) -> int:
        """An arbitrator that does not tell what it costs is asked for nothing, as the contract has it."""
        one = reported(home, self.report)
        its = terms_of(home, one.campaign)
        asked = Read("Jury", its.arbitrator, "arbitrationCost", (its.arbitrator_extra_data,))
        [cost] = home.snapshot.try_read([asked])
        return 0 if isinstance(cost, Refused) else int(cost)

    def facts(self, home: Home) -> Mapping[str, Value]:
        one = reported(home, self.report)
        its, ends = terms_of(home, one.campaign), brings(one.bond)
        return {
            **super().facts(home),
            **{"campaign": CAMPAIGN(one.campaign), "ppm": PPM(one.ppm), "reporter": ACCOUNT(one.reporter)},
            **{"bond": MONEY(one.bond), "coins": COIN(self.value(home)), "payee": TEXT(_judge(home, one.campaign))},
            **{"if_stands": MONEY(ends["stands"][1]), "if_falls": MONEY(ends["falls"][1])},
            "if_none": MONEY(ends["none"][1]),
            **{"until": TIME(home.now + its.arbitration_seconds), "case": TEXT(f"r{self.report}")},
        }


class ReportEvidence(Statement, name="outcome evidence", call="Outcomes.submitEvidence", told_by="Evidence"):
    report: int = arg(REPORT)
    file: Document = arg(paper(None))


SETTLED = {"stands": FLAG, "to_reporter": MONEY, "to_challenger": MONEY, "to_jurors": MONEY, "to_treasury": MONEY}
SettleReport = simple_act("outcome settle", "Outcomes.settle", "OutcomeSettled", {"report": REPORT}, tells=SETTLED)


class PayReportJurors(Act, name="outcome pay", call="Outcomes.payJurors", told_by="OutcomeJurorPaid"):
    report: int = arg(REPORT)
    compared = Compared({"id": "report", "jurors": "among shown.jurors"})

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"jurors": self.jurors(home)}

    def jurors(self, home: Home) -> list[str]:
        """Who is owed something, as many as one transaction pays."""
        return [*jurors_owed(home).get(self.report, ())][:BATCH]

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.report, self.jurors(home)]

    def facts(self, home: Home) -> Mapping[str, Value]:
        reported(home, self.report)
        return {"many": NUMBER(len(self.jurors(home)))}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        found = done.events(self.told_by)
        total = sum(event.arguments["amount"] for event in found)
        return {"count": NUMBER(len(found)), "amount": MONEY(total)}


def jurors_owed(home: Home) -> dict[int, dict[str, int]]:
    """Jurors whom settled reports still owe something: report → juror → units."""
    found: list[JuryCase] = [one for one in cases.reported(home).values() if one.pot]
    cases.look(home, found)
    return {cases.number_of(subject): its for subject, its in unpaid(home, found).items()}


_ONE = {"report": REPORT}
ExpireReportJurors = simple_act("outcome expire", "Outcomes.expireJurors", "OutcomeJurorsExpired", _ONE, tells=AMOUNT)


class OfferBonus(Act, name="bonus offer", call="Outcomes.offerBonus", told_by="BonusOffered", pays="amount"):
    campaign: int = arg(CAMPAIGN)
    amount: Amount = arg(MONEY)

    def facts(self, home: Home) -> Mapping[str, Value]:
        its = standing(home, self.campaign)
        half = to_lead(self.amount, 500_000)
        return {
            **{"starts": TIME(its.starts), "ends": TIME(its.ends), "half": MONEY(half)},
            "lead": ACCOUNT(home.facts(Campaign)[self.campaign].lead),
            "judged": FLAG(terms_of(home, self.campaign).has_arbitrator),
        }


SPLIT = {"lead": ACCOUNT, "to_lead": MONEY, "to_giver": MONEY}


class SettleBonus(Act, name="bonus settle", call="Outcomes.settleBonus", told_by="BonusSettled", tells=SPLIT):
    campaign: int = arg(CAMPAIGN)
    giver: str = arg(ACCOUNT)


class WithdrawOutcome(
    Act, name="outcome withdraw", call="Outcomes.withdrawTo", told_by="OutcomeCreditPaid", tells=AMOUNT
):
    to: str | None = arg(ACCOUNT.called("TO"), default=None)
    compared = Compared({"to": "to or me"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.to or home.me]

    def facts(self, home: Home) -> Mapping[str, Value]:
        to, mine = self.to or home.me, credits_owed(home).get(home.maybe_me or "")
        return {"to": ACCOUNT(to), "address": TEXT(to), "owed": MONEY(mine.amount if mine else 0)}


_WHO = {"account": ACCOUNT}
DeliverOutcome = simple_act("outcome deliver", "Outcomes.withdraw", "OutcomeCreditPaid", _WHO, tells=AMOUNT)
LapseOutcome = simple_act("outcome lapse", "Outcomes.expireCredit", "OutcomeCreditExpired", _WHO, tells=AMOUNT)
SweepOutcomes = simple_act("outcome sweep", "Outcomes.sendToTreasury", "OutcomeTreasuryPaid", {}, tells=AMOUNT)


# ── what is due ──


def _pulled(home: Home, found: Iterable[OutcomeReport]) -> list[Read]:
    return [home.reading(DESK, "rulingSecondsOf", terms_of(home, one.campaign).terms_id) for one in found]


def _open(home: Home) -> list[OutcomeReport]:
    return [one for one in reports(home).values() if one.is_open(home.now)]


def to_settle(home: Home) -> list[OutcomeReport]:
    """The reports that are over, and those whose arbitrator has its ruling ready: it counts if asked for in time."""
    found = [one for one in reports(home).values() if not one.is_settled]
    over = [one for one in found if one.verdict(terms_of(home, one.campaign), home.now)[0]]
    waiting = _open(home)
    ready = [
        one
        for one, needed in zip(waiting, home.read(_pulled(home, waiting)), strict=True)
        if needed and home.now >= one.until - terms_of(home, one.campaign).arbitration_seconds + needed
    ]
    return sorted([*ready, *over], key=lambda one: (one not in ready, one.report))


def _deliveries(home: Home) -> list[Read]:
    """Deliveries, tried: what the token would take now."""
    return [home.reading(OUTCOMES, "withdraw", account) for account in home.some([*credits_owed(home)])]


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return [*_pulled(home, _open(home)), *_deliveries(home)] if has_outcomes(home) else []


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    if not has_outcomes(home):
        return
    over = to_settle(home)
    # A ruling that nobody asks for in time is none.
    until = min((one.until for one in over if one.is_open(home.now)), default=0)
    if over:
        acts = tuple(SettleReport(one.report) for one in over)
        yield Item("settle_report", until, True, f"outcome settle {over[0].report}", {}, acts, len(acts))
    owing = jurors_owed(home)
    yield from chores("report_jurors", [PayReportJurors(number) for number in owing])
    late = [one for one in reports(home).values() if one.pot and home.now >= one.settled_at + CREDIT_LIFE]
    yield from chores("report_expire", [ExpireReportJurors(one.report) for one in late if one.report not in owing])
    decided = {number for number, its in standings(home).items() if its.is_decided}
    live = [one for one in home.facts(Bonus).values() if not one.is_settled]
    yield from chores("settle_bonus", [SettleBonus(one.campaign, one.giver) for one in live if one.campaign in decided])
    tried = zip(_deliveries(home), home.snapshot.try_read(_deliveries(home)), strict=True)
    taken = [read.arguments[0] for read, answer in tried if not isinstance(answer, Refused)]
    yield from chores("outcome_deliver", [DeliverOutcome(one) for one in taken])
    stale = [who for who, one in credits_owed(home).items() if home.now >= one.expires_at]
    yield from chores("outcome_lapse", [LapseOutcome(one) for one in stale if one not in taken])
    if for_treasury(home):
        yield Item("outcome_sweep", 0, True, "outcome sweep", {}, (SweepOutcomes(),))
    if account is not None:
        yield from _of(home, account)


def _of(home: Home, account: str) -> Iterator[Item]:
    for number, its in standings(home).items():
        values = {"campaign": CAMPAIGN(number), "starts": TIME(its.starts), "ends": TIME(its.ends)}
        show, latest = f"outcome show {number}", its.latest
        if its.is_reportable(home.now) and account == home.facts(Campaign)[number].lead:
            if terms_of(home, number).has_arbitrator:
                yield Item("outcome_report", its.ends, False, show, values)
        elif its.state == "pending" and latest and account in (latest.reporter, latest.challenger, latest.lead):
            told = {**values, "report": REPORT(latest.report), "ppm": PPM(latest.ppm)}
            kind = "report_judged" if latest.challenger else "report_waits"
            yield Item(kind, latest.ends_at(terms_of(home, number)), False, show, told)
    if mine := credits_owed(home).get(account):
        yield Item("outcome_credit", mine.expires_at, True, "outcome withdraw", {"amount": MONEY(mine.amount)})
