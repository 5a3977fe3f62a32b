"""What is shown of campaigns, bounties and work together: money, slots, verdicts, pay-days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmo.capabilities import documents
from dmo.capabilities.bounties import BOUNTY_SHAPE, Bounty, bounties, bounty_row, bounty_with
from dmo.capabilities.campaigns import (
    CAMPAIGN_SHAPE,
    Campaign,
    Terms,
    campaign,
    campaigns,
    row,
    terms,
)
from dmo.capabilities.documents import DOCUMENT
from dmo.capabilities.ends import Ruling
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, MONEY, WORK, page_reads
from dmo.capabilities.submissions import (
    PAYEES,
    STATUS,
    Submission,
    latest_payment,
    submission_with,
    submissions,
)
from dmo.core import abi, words
from dmo.core.act import arg, option
from dmo.core.digests import cid
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, choice, listed
from dmo.core.view import Query

if TYPE_CHECKING:
    from dmo.home.home import Home

__all__ = ["lead_record", "work_row"]

# ── work ────────────────────────────────────────────────────────────────────────────────────────

WORK_SHAPE = {
    "submission": WORK,
    "bounty": BOUNTY,
    "worker": ACCOUNT,
    "status": STATUS,
    "status_until": TIME,
    "paid_at_the_latest": TIME,
    "pay_day": TIME,
}


def work_row(home: Home, one: Submission, fixed: Terms) -> dict[str, Any]:
    """A submission for tables and machines; ``pay_day`` is told while it is still to come."""
    latest = latest_payment(fixed, one, home.now)
    day = latest if latest > home.now else None
    return {**vars(one), "paid_at_the_latest": latest, "pay_day": day}


@dataclass(frozen=True)
class ListWork(
    Query,
    name="work list",
    gives={
        "submissions": [WORK_SHAPE],
        "others": NUMBER,
        "empty": choice("no_work", "handed_in", "mine"),
    },
):
    """Work that somebody handed in or judges; with ``all``, or for nobody, everybody's."""

    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        """The latest first; ``others`` counts what is not shown."""
        last = len(home.facts(Campaign))
        home.snapshot.try_read(page_reads(home, "campaigns", last))
        known = {one.campaign: one for one in campaigns(home)}
        its = {one.bounty: known[one.campaign] for one in home.facts(Bounty).values()}
        found = submissions(home)[::-1]
        me = None if self.everything else home.maybe_me
        shown = [one for one in found if me in (None, one.worker, its[one.bounty].lead)]
        rows = [work_row(home, one, terms(home, its[one.bounty].terms_id)) for one in shown]
        empty = None if shown else "mine" if found else "handed_in"
        return {"submissions": rows, "others": len(found) - len(shown), "empty": empty}


DISPUTE = {
    "submission": WORK,
    "challenge": FLAG,
    "opener": ACCOUNT,
    "until": TIME,
    "bond": MONEY,
    "ruling": choice("ruling", "no ruling", "pay", "refuse"),
    "settled": FLAG,
    "owed_to_jurors": MONEY,
    "kind": choice("disputed_kind", "rejection", "acceptance"),
    "stands": choice("dispute_stands", "rejection", "acceptance", "ruled", "unruled"),
}
WORK_NEXT = choice(
    "work_next",
    *("review", "accepted", "disputed", "payable", "void"),
    *("rejected", "rejected_either", "rejected_again"),
)


def _dispute(home: Home, number: int) -> dict[str, Any]:
    """What is told of a submission's dispute beside the submission."""
    raw = home.ask("DisputeDesk", "disputeOf", number)
    told = abi.named("DisputeDesk", "disputeOf", raw)
    kind = "acceptance" if told["is_challenge"] else "rejection"
    is_open = not told["is_ruled"] and home.now < told["until"]
    over = "ruled" if told["is_ruled"] else "unruled"
    return {
        **told,
        "submission": number,
        "challenge": told["is_challenge"],
        "ruling": Ruling(told["ruling"]).text if told["is_ruled"] else None,
        "settled": told["is_settled"],
        "owed_to_jurors": told["pot"],
        "kind": kind,
        "stands": kind if is_open else over,
    }


def _next(one: Submission, has_arbitrator: bool) -> str | None:
    """What can be done with work now, as ``[word.work_next]`` has it."""
    if one.status != "rejected":
        is_final = one.status == "accepted" and not has_arbitrator
        return None if is_final or one.status not in WORK_NEXT.choices else one.status
    if one.is_reworked:
        return "rejected_again" if has_arbitrator else None
    return "rejected_either" if has_arbitrator else "rejected"


@dataclass(frozen=True)
class ShowWork(
    Query,
    name="work show",
    gives={
        **WORK_SHAPE,
        "campaign": CAMPAIGN,
        "lead": ACCOUNT,
        "reward": MONEY,
        "reworked": FLAG,
        "evidence": DIGEST,
        "reason": DIGEST,
        "payees": PAYEES,
        "dispute": DISPUTE,
        "next": WORK_NEXT,
        "document": DOCUMENT,
        "reason_document": DOCUMENT,
        "nowhere": TEXT,
    },
):
    """A submission: state, evidence, reason, pay-day."""

    submission: int = arg(WORK)

    def answer(self, home: Home) -> Mapping[str, Any]:
        """Its record with its dispute and its documents."""
        is_disputed = bool(home.events("DisputeDesk.DisputeOpened", submission=self.submission))
        one, its, around, fixed = submission_with(home, self.submission)
        reason = one.reason
        evidence = documents.document(home, one.evidence, is_far=True)
        return {
            **work_row(home, one, fixed),
            "campaign": around.campaign,
            "lead": around.lead,
            "reward": its.reward,
            "reworked": one.is_reworked,
            "evidence": one.evidence,
            "reason": reason,
            "payees": one.payees,
            "dispute": _dispute(home, self.submission) if is_disputed else None,
            "next": _next(one, fixed.has_arbitrator),
            "document": evidence,
            "nowhere": cid(one.evidence) if evidence is None else None,
            "reason_document": documents.document(home, reason, is_far=True) if reason else None,
        }


# ── bounties ────────────────────────────────────────────────────────────────────────────────────

VERDICT = choice("lead_record", "upheld", "overturned")
LED = choice("campaigns_led", "one", "several")
RECORD = {
    **dict.fromkeys(("campaigns", "overturned", "accepted", "rejected", "silent", "paid"), NUMBER),
    "line": VERDICT,
    "led": LED,
}


def _overturned(home: Home) -> set[int]:
    """Submissions whose verdict a ruling turned."""
    opened = {
        (event.arguments["arbitrator"], event.arguments["disputeID"]): event.arguments
        for event in home.events("DisputeDesk.DisputeOpened")
    }
    found = set()
    for event in home.events("DisputeDesk.Ruling"):
        told = event.arguments
        one = opened.get((told["_arbitrator"], told["_disputeID"]))
        stands = Ruling.PAY if one and one["isChallenge"] else Ruling.REFUSE
        if one and told["_ruling"] in (Ruling.PAY, Ruling.REFUSE) and told["_ruling"] != stands:
            found.add(one["submission"])
    return found


def lead_record(home: Home, lead: str) -> dict[str, Any]:
    """How a lead has judged so far: counts of work accepted, rejected, accepted by silence."""
    led = {one.campaign for one in home.facts(Campaign).values() if one.lead == lead}
    known = home.facts(Bounty).values()
    mine = {one.bounty for one in known if one.campaign in led and not one.is_lessons}
    work = {one.submission: one for one in submissions(home) if one.bounty in mine}

    def numbers(event: str, **where: Any) -> list[int]:
        found = home.events(f"CampaignEscrow.{event}", **where)
        return [number for one in found if (number := one.arguments["submission"]) in work]

    accepted, rejected = numbers("WorkAccepted", lead=lead), numbers("WorkRejected", lead=lead)
    paid, spoken = set(numbers("WorkPaid")), {*accepted, *rejected}
    silent = [
        one
        for number, one in work.items()
        if number not in spoken and (one.status in ("accepted", "payable") or number in paid)
    ]
    overturned = _overturned(home) & set(work)
    return {
        "campaigns": len(led),
        "overturned": len(overturned),
        "accepted": len(accepted),
        "rejected": len(rejected),
        "silent": len(silent),
        "paid": len(paid),
        "line": "overturned" if overturned else "upheld",
        "led": "one" if len(led) == 1 else "several",
    }


REWARD = choice("bounty_reward", "voted", "gift")
SET_ASIDE = choice("bounty_funds", "free", "taken")
BOND = choice("bounty_bond", "some", "none")
TAKES = choice("bounty_takes", "open", "taken", "closed")
NEXT = choice("bounty_next", "open")


@dataclass(frozen=True)
class ShowBounty(
    Query,
    name="bounty show",
    gives={
        "bounty": {
            **BOUNTY_SHAPE,
            "set_aside": MONEY,
            "reward_line": REWARD,
            "funds_line": SET_ASIDE,
            "bond_line": BOND,
            "takes_line": TAKES,
            "next": NEXT,
        },
        "funded": FLAG,
        "open": FLAG,
        "lead": ACCOUNT,
        "lead_record": RECORD,
        "paid_at_the_latest": TIME,
        "handed_in_last": TIME,
        "submissions": [WORK_SHAPE],
        "document": DOCUMENT,
        "nowhere": TEXT,
    },
):
    """A bounty: is it funded, what does the lead pay like, when is pay-day."""

    bounty: int = arg(BOUNTY)

    def answer(self, home: Home) -> Mapping[str, Any]:
        """Its record with all that a worker asks before working for it."""
        one, its, fixed = bounty_with(home, self.bounty)
        work = [work for work in submissions(home) if work.bounty == self.bounty]
        is_open, shown = one.is_open(home.now), bounty_row(home, one)
        brief = None if one.is_lessons else documents.document(home, one.brief, is_far=True)
        return {
            "bounty": {
                **shown,
                "set_aside": one.reward * one.free_slots,
                "reward_line": "gift" if one.is_gift else "voted",
                "funds_line": "free" if one.free_slots else "taken",
                "bond_line": "some" if one.bond else "none",
                "takes_line": shown["state"],
                "next": "open" if is_open else None,
            },
            "funded": True,
            "open": is_open,
            "lead": its.lead,
            "lead_record": lead_record(home, its.lead),
            "paid_at_the_latest": fixed.unjudged(home.now) if is_open else None,
            "handed_in_last": fixed.unjudged(one.closes_at) if is_open else None,
            "submissions": [work_row(home, found, fixed) for found in work],
            "document": brief,
            "nowhere": cid(one.brief) if brief is None and not one.is_lessons else None,
        }


# ── campaigns ───────────────────────────────────────────────────────────────────────────────────

FEE = choice("lead_fee", "whole", "cut")
LESSONS = choice("campaign_lessons", "filed", "wanted")
ARBITRATION = choice("arbitration", "named", "none")
CAMPAIGN_NEXT = choice("campaign_next", "post")
DISPUTED = {"submission": WORK, "status_until": TIME}


@dataclass(frozen=True)
class ShowCampaign(
    Query,
    name="campaign show",
    gives={
        "campaign": {
            **CAMPAIGN_SHAPE,
            "top_ups": MONEY,
            "fee_line": FEE,
            "lessons_line": LESSONS,
            "next": CAMPAIGN_NEXT,
        },
        "terms": {**Terms.shape(), "line": ARBITRATION},
        "bounties": listed(BOUNTY),
        "disputed": listed(WORK),
        "disputed_work": words.lines("disputed_work", DISPUTED),
        "posted": [BOUNTY_SHAPE],
    },
):
    """A campaign: its money, its bounties, its lead's fee."""

    campaign: int = arg(CAMPAIGN)

    def answer(self, home: Home) -> Mapping[str, Any]:
        """The campaign with its terms, bounties and disputes; the lessons' own has no brief."""
        reads = [home.reading("Lens", "campaigns", self.campaign, 1)]
        home.snapshot.try_read([*reads, *page_reads(home, "bounties", len(home.facts(Bounty)))])
        one = campaign(home, self.campaign)
        fixed = terms(home, one.terms_id)
        its = [found for found in bounties(home) if found.campaign == self.campaign]
        numbers = {found.bounty for found in its}
        posted = [found for found in its if not found.is_lessons]
        disputed = [
            work
            for work in submissions(home)
            if work.bounty in numbers and work.status == "disputed"
        ]
        has_ended = home.now >= one.ends_at
        return {
            "campaign": {
                **row(home, one),
                "top_ups": one.gift_free or None,
                "fee_line": "cut" if one.fee_taken else "whole",
                "lessons_line": "filed" if one.lessons else "wanted" if has_ended else None,
                "next": "post" if one.voted_free and not has_ended else None,
            },
            "terms": {**vars(fixed), "line": "named" if fixed.has_arbitrator else "none"},
            "bounties": [found.bounty for found in posted],
            "disputed": [work.submission for work in disputed],
            "disputed_work": [
                {**vars(work), "said": "acceptance" if work.is_challenge else "rejection"}
                for work in disputed
            ],
            "posted": [bounty_row(home, found) for found in posted],
        }
