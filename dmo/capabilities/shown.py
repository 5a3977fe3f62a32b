"""What is shown of campaigns, bounties and work together: money, slots, verdicts, pay-days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.bounties import BOUNTY_SHAPE, Bounty, bounties, bounty_row, bounty_with
from dmo.capabilities.campaigns import CAMPAIGN_SHAPE, Campaign, Terms, campaign, row, terms
from dmo.capabilities.documents import DOCUMENT
from dmo.capabilities.ends import Ruling
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, MONEY, WORK, page_reads, reads
from dmo.capabilities.submissions import PAYEES, STATUS, Submission, latest_payment, submission_with, submissions
from dmo.core import abi, kinds
from dmo.core.act import arg, option
from dmo.core.digests import cid
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, choice, listed
from dmo.core.view import Query
from dmo.home.home import Home

WORK_SHAPE = {"submission": WORK, "bounty": BOUNTY, "worker": ACCOUNT, "status": STATUS}
WORK_SHAPE |= dict.fromkeys(("status_until", "paid_at_the_latest", "pay_day"), TIME)


def work_row(home: Home, one: Submission, fixed: Terms) -> dict[str, Any]:
    """A submission for tables and machines; ``pay_day`` is told while it is still to come."""
    latest = latest_payment(fixed, one, home.now)
    return {**vars(one), "paid_at_the_latest": latest, "pay_day": latest if latest > home.now else None}


class ListWork(Query, name="work list", gives={"submissions": [WORK_SHAPE], "others": NUMBER}):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        """The latest first; ``others`` counts what is not shown."""
        its = {one.bounty: home.facts(Campaign)[one.campaign] for one in home.facts(Bounty).values()}
        found = submissions(home)[::-1]
        me = None if self.everything else home.maybe_me
        shown = [one for one in found if me in (None, one.worker, its[one.bounty].lead)]
        rows = [work_row(home, one, terms(home, its[one.bounty].terms_id)) for one in shown]
        return {"submissions": rows, "others": len(found) - len(shown)}


DISPUTE = {
    "submission": WORK,
    **{"challenge": FLAG, "opener": ACCOUNT, "until": TIME, "bond": MONEY, "settled": FLAG, "owed_to_jurors": MONEY},
    "ruling": choice("ruling", "no ruling", "pay", "refuse"),
    "stands": choice("dispute_stands", "rejection", "acceptance", "ruled", "unruled"),
}
REJECTED = ("rejected", "rejected_either", "rejected_again")
NEXT = choice("work_next", "review", "accepted", "disputed", "payable", "void", *REJECTED)


def _dispute(home: Home, number: int) -> dict[str, Any]:
    """What is told of a submission's dispute beside the submission."""
    told = abi.named("DisputeDesk", "disputeOf", home.ask("DisputeDesk", "disputeOf", number))
    over = "ruled" if told["is_ruled"] else "unruled" if home.now >= told["until"] else None
    return {
        **told,
        "submission": number,
        "challenge": told["is_challenge"],
        "ruling": Ruling(told["ruling"]).text if told["is_ruled"] else None,
        "settled": told["is_settled"],
        "owed_to_jurors": told["pot"],
        "stands": over or ("acceptance" if told["is_challenge"] else "rejection"),
    }


def _next(one: Submission, has_arbitrator: bool) -> str | None:
    """What can be done with work now, as ``[word.work_next]`` has it."""
    if one.status != "rejected":
        is_final = one.status == "accepted" and not has_arbitrator
        return None if is_final or one.status not in NEXT.choices else one.status
    if one.is_reworked:
        return "rejected_again" if has_arbitrator else None
    return "rejected_either" if has_arbitrator else "rejected"


class ShowWork(
    Query,
    name="work show",
    gives={
        **WORK_SHAPE,
        **{"campaign": CAMPAIGN, "lead": ACCOUNT, "reward": MONEY, "reworked": FLAG, "payees": PAYEES},
        **{"evidence": DIGEST, "reason": DIGEST, "dispute": DISPUTE, "next": NEXT},
        **{"document": DOCUMENT, "reason_document": DOCUMENT, "nowhere": TEXT},
    },
):
    submission: int = arg(WORK)

    def answer(self, home: Home) -> Mapping[str, Any]:
        is_disputed = home.events("DisputeDesk.DisputeOpened", submission=self.submission)
        one, its, around, fixed = submission_with(home, self.submission)
        evidence = documents.document(home, one.evidence, is_far=True)
        return {
            **work_row(home, one, fixed),
            **{"campaign": around.campaign, "lead": around.lead, "reward": its.reward, "reworked": one.is_reworked},
            "dispute": _dispute(home, self.submission) if is_disputed else None,
            "next": _next(one, fixed.has_arbitrator),
            "document": evidence,
            "nowhere": cid(one.evidence) if evidence is None else None,
            "reason_document": documents.document(home, one.reason, is_far=True) if one.reason else None,
        }


RECORD = dict.fromkeys(("campaigns", "overturned", "accepted", "rejected", "silent", "paid"), NUMBER)


def _overturned(home: Home, lead: str) -> int:
    """How many verdicts a ruling turned; a lead answers for those that were disputed while it led."""
    leads: dict[int, str] = {}
    opened: dict[tuple[str, int], tuple[str, Ruling]] = {}
    turned = 0
    names = ("CampaignEscrow.CampaignFunded", "CampaignEscrow.LeadReplaced", "DisputeDesk.DisputeOpened")
    its = {one.submission: home.facts(Bounty)[one.bounty].campaign for one in submissions(home)}
    for event in home.events(*names, "DisputeDesk.Ruling"):
        told = event.arguments
        if event.name == "DisputeOpened":
            turns = Ruling.REFUSE if told["isChallenge"] else Ruling.PAY
            opened[told["arbitrator"], told["disputeID"]] = leads[its[told["submission"]]], turns
        elif event.name == "Ruling":
            turned += opened[told["_arbitrator"], told["_disputeID"]] == (lead, told["_ruling"])
        else:
            leads[told["campaign"]] = told["lead"]
    return turned


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


class ShowBounty(
    Query,
    name="bounty show",
    gives={
        "bounty": {**BOUNTY_SHAPE, "set_aside": MONEY},
        **{"funded": FLAG, "open": FLAG, "lead": ACCOUNT, "lead_record": RECORD},
        **{"paid_at_the_latest": TIME, "handed_in_last": TIME, "submissions": [WORK_SHAPE]},
        **{"document": DOCUMENT, "nowhere": TEXT},
    },
):
    bounty: int = arg(BOUNTY)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one, its, fixed = bounty_with(home, self.bounty)
        is_open = one.is_open(home.now)
        brief = None if one.is_lessons else documents.document(home, one.brief, is_far=True)
        work = [work_row(home, work, fixed) for work in submissions(home) if work.bounty == self.bounty]
        return {
            "bounty": {**bounty_row(home, one), "set_aside": one.reward * one.free_slots},
            "funded": True,
            "open": is_open,
            "lead": its.lead,
            "lead_record": lead_record(home, its.lead),
            "paid_at_the_latest": fixed.unjudged(home.now) if is_open else None,
            "handed_in_last": fixed.unjudged(one.closes_at) if is_open else None,
            "submissions": work,
            "document": brief,
            "nowhere": cid(one.brief) if brief is None and not one.is_lessons else None,
        }


DISPUTED = kinds.lines("disputed_work", {"submission": WORK, "status_until": TIME})


class ShowCampaign(
    Query,
    name="campaign show",
    gives={
        **{"campaign": {**CAMPAIGN_SHAPE, "top_ups": MONEY}, "terms": Terms.shape(), "bounties": listed(BOUNTY)},
        **{"disputed": listed(WORK), "disputed_work": DISPUTED, "posted": [BOUNTY_SHAPE]},
    },
):
    campaign: int = arg(CAMPAIGN)

    def answer(self, home: Home) -> Mapping[str, Any]:
        pages = page_reads(home, "bounties", len(home.facts(Bounty)))
        home.snapshot.try_read([*reads(home, campaigns=self.campaign), *pages])
        one = campaign(home, self.campaign)
        its = {found.bounty: found for found in bounties(home) if found.campaign == self.campaign}
        posted = [found for found in its.values() if not found.is_lessons]
        disputed = [work for work in submissions(home) if work.bounty in its and work.status == "disputed"]
        said = {True: "acceptance", False: "rejection"}
        return {
            "campaign": {**row(home, one), "top_ups": one.gift_free or None},
            "terms": terms(home, one.terms_id),
            "bounties": [found.bounty for found in posted],
            "disputed": [work.submission for work in disputed],
            "disputed_work": [{**vars(work), "said": said[work.is_challenge]} for work in disputed],
            "posted": [bounty_row(home, found) for found in posted],
        }
