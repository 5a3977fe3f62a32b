"""What is shown of campaigns, bounties and work together: money, slots, verdicts, pay-days."""

from collections.abc import Mapping
from typing import Any

from dmo.capabilities import disputes as desk
from dmo.capabilities import documents
from dmo.capabilities.bounties import BOUNTY_SHAPE, Bounty, bounties, bounty_row, bounty_with
from dmo.capabilities.campaigns import CAMPAIGN_SHAPE, Campaign, Terms, campaign, row, terms
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, MONEY, WORK, page_reads, reads
from dmo.capabilities.submissions import ENDED, PAYEES, STATUS, Submission, latest_payment, submission_with, submissions
from dmo.capabilities.work import FAR, far
from dmo.core import abi, kinds
from dmo.core.act import arg, option
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, choice, listed, shape
from dmo.core.view import Query
from dmo.home.home import Home

_TIMES = (TIME, "status_until paid_at_the_latest pay_day")
WORK_SHAPE = shape(_TIMES, submission=WORK, bounty=BOUNTY, worker=ACCOUNT, status=STATUS, ended=ENDED, same_as=TEXT)


def work_row(home: Home, one: Submission, fixed: Terms) -> dict[str, Any]:
    """A submission for tables and machines; ``pay_day`` is told while it is still to come."""
    latest = latest_payment(fixed, one, home.now)
    same = documents.same_text(home, one.evidence, submission=one.submission)
    return {
        **vars(one),
        "same_as": same,
        "paid_at_the_latest": latest,
        "pay_day": latest if latest > home.now else None,
    }


class ListWork(Query, name="work list", gives={"submissions": [WORK_SHAPE], "others": NUMBER}):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        its = {one.bounty: home.facts(Campaign)[one.campaign] for one in home.facts(Bounty).values()}
        found = submissions(home)[::-1]
        me = None if self.everything else home.maybe_me
        shown = [one for one in found if me in (None, one.worker, its[one.bounty].lead)]
        rows = [work_row(home, one, terms(home, its[one.bounty].terms_id)) for one in shown]
        return {"submissions": rows, "others": len(found) - len(shown)}


REJECTED = ("rejected", "rejected_either", "rejected_again")
NEXT = choice("work_next", "review", "accepted", "contested", "disputed", "payable", "void", *REJECTED)
WORK_SHOWN = {
    **WORK_SHAPE,
    **shape((DIGEST, "evidence reason"), (ACCOUNT, "lead"), campaign=CAMPAIGN, reward=MONEY, reworked=FLAG),
    **{**FAR, "reason_document": documents.DOCUMENT, "payees": PAYEES, "next": NEXT},
    "dispute": {**desk.DISPUTE, **desk.REST},
    "comments": [documents.COMMENT],
}


def _next(one: Submission, has_arbitrator: bool) -> str | None:
    """What can be done with work now, as ``[word.work_next]`` has it."""
    if one.status == "rejected" and one.is_reworked:
        return "rejected_again" if has_arbitrator else None
    if one.status == "rejected":
        return "rejected_either" if has_arbitrator else "rejected"
    is_final = one.status == "accepted" and not has_arbitrator
    return None if is_final or one.status not in NEXT.choices else one.status


class ShowWork(Query, name="work show", gives=WORK_SHOWN):
    submission: int = arg(WORK)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one, its, around, fixed = submission_with(home, self.submission)
        known = desk.disputes(home).get(self.submission)
        desk.look_at(home, [known] if known else [])
        return {
            **vars(its),
            **vars(around),
            **work_row(home, one, fixed),
            **far(home, one.evidence),
            "reworked": one.is_reworked,
            "reason_document": documents.document(home, one.reason, is_far=True) if one.reason else None,
            "dispute": desk.row(known, home.now) if known else None,
            "next": _next(one, fixed.has_arbitrator),
            "comments": documents.comments(home, str(one.submission)),
        }


RECORD = dict.fromkeys(("campaigns", "overturned", "accepted", "rejected", "silent", "paid"), NUMBER)
BOUNTY_SHOWN = {
    **{"bounty": {**BOUNTY_SHAPE, "set_aside": MONEY}, "lead": ACCOUNT, "lead_record": RECORD},
    **shape((FLAG, "funded open"), (TIME, "paid_at_the_latest handed_in_last"), submissions=[WORK_SHAPE]),
    **FAR,
}


def _overturned(home: Home, lead: str) -> int:
    """How many verdicts of a lead a ruling turned."""
    turned = [one for one in desk.disputes(home).values() if one.ruling and one.is_paid is not one.is_challenge]
    told = home.read([home.reading(desk.DESK, "disputeOf", one.submission) for one in turned])
    return sum(abi.named(desk.DESK, "disputeOf", one)["lead"] == lead for one in told)


def lead_record(home: Home, lead: str) -> dict[str, int]:
    """How a lead has judged so far: counts of work accepted, rejected, accepted by silence."""
    led = {one.campaign for one in home.facts(Campaign).values() if one.lead == lead}
    mine = {one.bounty for one in home.facts(Bounty).values() if one.campaign in led and not one.is_lessons}
    work = {one.submission: one for one in submissions(home) if one.bounty in mine}

    def numbers(event: str, **where: Any) -> list[int]:
        found = [one.arguments["submission"] for one in home.events(f"CampaignEscrow.{event}", **where)]
        return [number for number in found if number in work]

    accepted, rejected = numbers("WorkAccepted", lead=lead), numbers("WorkRejected", lead=lead)
    paid = {*numbers("WorkPaid")}
    taken = paid | {number for number, one in work.items() if one.status in ("accepted", "payable")}
    silent = taken - {*accepted, *rejected}
    judged = {"accepted": len(accepted), "rejected": len(rejected), "silent": len(silent), "paid": len(paid)}
    return {"campaigns": len(led), "overturned": _overturned(home, lead), **judged}


class ShowBounty(Query, name="bounty show", gives=BOUNTY_SHOWN):
    bounty: int = arg(BOUNTY)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one, its, fixed = bounty_with(home, self.bounty)
        is_open = one.is_open(home.now)
        return {
            **({} if one.is_lessons else far(home, one.brief)),
            "bounty": {**bounty_row(home, one), "set_aside": one.reward * one.free_slots},
            "funded": True,
            "open": is_open,
            "lead": its.lead,
            "lead_record": lead_record(home, its.lead),
            "paid_at_the_latest": fixed.unjudged(home.now) if is_open else None,
            "handed_in_last": fixed.unjudged(one.closes_at) if is_open else None,
            "submissions": [work_row(home, work, fixed) for work in submissions(home) if work.bounty == self.bounty],
        }


DISPUTED = kinds.lines("disputed_work", {"submission": WORK, "status_until": TIME})
CAMPAIGN_SHOWN = {
    **{
        "campaign": {**CAMPAIGN_SHAPE, "top_ups": MONEY, "work_paid": MONEY, "fee_paid": MONEY},
        "terms": Terms.shape(),
        "bounties": listed(BOUNTY),
    },
    **{"disputed": listed(WORK), "disputed_work": DISPUTED, "posted": [BOUNTY_SHAPE]},
}


def _paid(home: Home, one: Campaign) -> dict[str, int | None]:
    """What of the voted money left for work, and as fee: for the lessons, and to former leads, for no submission."""
    paid = home.events("CampaignEscrow.PayeePaid", "CampaignEscrow.PayeeCredited", campaign=one.campaign)
    fees = [told.arguments["amount"] for told in paid if told.arguments["submission"] in (0, one.lessons)]
    its = home.events("CampaignEscrow.WorkPaid", campaign=one.campaign, submission=one.lessons)
    lessons = sum(told.arguments["reward"] for told in its)  # which count as work to the escrow
    return {"work_paid": one.voted_paid - lessons, "fee_paid": sum(fees) or None}


class ShowCampaign(Query, name="campaign show", gives=CAMPAIGN_SHOWN):
    campaign: int = arg(CAMPAIGN)

    def answer(self, home: Home) -> Mapping[str, Any]:
        pages = page_reads(home, "bounties", len(home.facts(Bounty)))
        home.snapshot.try_read([*reads(home, campaigns=self.campaign), *pages])
        one = campaign(home, self.campaign)
        its = {found.bounty: found for found in bounties(home) if found.campaign == self.campaign}
        posted = [found for found in its.values() if not found.is_lessons]
        moving = ("contested", "disputed")
        disputed = [work for work in submissions(home) if work.bounty in its and work.status in moving]
        return {
            "campaign": {**row(home, one), "top_ups": one.gift_free or None, **_paid(home, one)},
            "terms": terms(home, one.terms_id),
            "bounties": [found.bounty for found in posted],
            "disputed": [work.submission for work in disputed],
            "disputed_work": [{**vars(work), "said": desk.kind_of(work)} for work in disputed],
            "posted": [bounty_row(home, found) for found in posted],
        }
