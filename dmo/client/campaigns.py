"""Campaigns, bounties, work, credits: what people do with the escrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from dmo.core.calls import Call, make_call
from dmo.core.explain import Words
from dmo.core.units import format_amount, format_time
from dmo.home.deployment import Dmo

__all__ = [
    "BountyParams",
    "Payee",
    "Terms",
    "Windows",
    "accept_work",
    "cancel_bounty",
    "close_campaign",
    "deposit",
    "end_early",
    "expire_credit",
    "file_lessons",
    "halt",
    "pay_work",
    "post_bounty",
    "reclaim_bounty",
    "reject_work",
    "release_work",
    "replace_lead",
    "rework_work",
    "set_terms",
    "submit_work",
    "top_up",
    "withdraw_credit",
    "withdraw_pool",
    "withdraw_work",
]

ESCROW = "CampaignEscrow"
DESK = "DisputeDesk"
ZERO = "0x" + "00" * 20


@dataclass(frozen=True)
class BountyParams:
    """What a lead fills in; amounts in units of the budget token.

    Attributes:
        campaign: The campaign that pays.
        reward: Reward per slot.
        bond: What a worker leaves with a submission; by custom a tenth of the reward.
        submit_by: Deadline of submissions, Unix seconds.
        slots: How many submissions can be paid.
        brief: sha2-256 of the brief.
        is_gift: Paid from top-ups; earns no points.
        worker: Only this account may submit; None for anyone.
    """

    campaign: int
    reward: int
    bond: int
    submit_by: int
    slots: int
    brief: bytes
    is_gift: bool = False
    worker: str | None = None

    def as_tuple(self) -> tuple[int, int, int, int, int, bool, str, bytes]:
        """As the escrow takes it."""
        worker = self.worker or ZERO
        return (
            self.campaign,
            self.reward,
            self.bond,
            self.submit_by,
            self.slots,
            self.is_gift,
            worker,
            self.brief,
        )


@dataclass(frozen=True)
class Payee:
    """Who gets which share of a reward, in bps."""

    account: str
    share_bps: int


@dataclass(frozen=True)
class Windows:
    """How long everybody has, in seconds.

    Attributes:
        review_seconds: R, how long the lead may judge.
        answer_seconds: A, how long a worker may answer a rejection.
        challenge_seconds: C, how long anyone may challenge an acceptance.
        arbitration_seconds: D, how long a dispute may take.
        notice_seconds: A cancelled bounty or campaign runs on at least this long.
    """

    review_seconds: int
    answer_seconds: int
    challenge_seconds: int
    arbitration_seconds: int
    notice_seconds: int


@dataclass(frozen=True)
class Terms:
    """What governance sets for campaigns funded later.

    Attributes:
        windows: How long everybody has.
        dispute_bond_bps: Bond of a dispute, as a share of the reward, in bps.
        dispute_bond_min: The bond is never below this, in units of the budget token.
        arbitrator: ERC-792 arbitrator; the zero address while disputes cannot be opened.
        pays_jurors: The arbitrator tells its jurors' shares, and they live from bonds.
        meta_evidence: sha2-256 of the ERC-1497 meta-evidence: what the arbitrator is asked.
        arbitrator_extra_data: Handed to the arbitrator as it is.
    """

    windows: Windows
    dispute_bond_bps: int
    dispute_bond_min: int
    arbitrator: str = ZERO
    pays_jurors: bool = False
    meta_evidence: bytes = bytes(32)
    arbitrator_extra_data: bytes = b""

    def as_tuple(self) -> tuple[Any, ...]:
        """As the desk takes it."""
        return (
            astuple(self.windows),
            self.dispute_bond_bps,
            self.dispute_bond_min,
            self.arbitrator,
            self.pays_jurors,
            self.meta_evidence,
            self.arbitrator_extra_data,
        )


def _act(dmo: Dmo, function: str, arguments: Sequence[Any], description: str) -> Call:
    return make_call(ESCROW, dmo.address(ESCROW), function, arguments, description)


def _money(amount: int, words: Words | None) -> str:
    known = words or Words()
    return format_amount(amount, known.budget_decimals, known.budget_symbol)


# ── the pool ────────────────────────────────────────────────────────────────────────────────────


def deposit(dmo: Dmo, amount: int, words: Words | None = None) -> Call:
    """Pay budget tokens into the pool; needs an approval of the escrow first."""
    return _act(dmo, "deposit", [amount], f"Pay {_money(amount, words)} into the pool")


def withdraw_pool(dmo: Dmo, amount: int, words: Words | None = None) -> Call:
    """Send free pool money back to the treasury; for governance."""
    text = f"Send {_money(amount, words)} from the pool back to the treasury"
    return _act(dmo, "withdrawPool", [amount], text)


def set_terms(dmo: Dmo, terms: Terms) -> Call:
    """Set the terms of campaigns funded from then on; for governance."""
    text = "Set new terms for campaigns funded from now on"
    return make_call(DESK, dmo.address(DESK), "setTerms", [terms.as_tuple()], text)


def halt(dmo: Dmo) -> Call:
    """Stop new bounties for one round; for the guardian."""
    return _act(dmo, "halt", [], "Stop new bounties for one round")


# ── campaigns ───────────────────────────────────────────────────────────────────────────────────


def top_up(dmo: Dmo, campaign: int, amount: int, words: Words | None = None) -> Call:
    """Give money to a campaign; needs an approval of the escrow first."""
    return _act(
        dmo, "topUp", [campaign, amount], f"Give {_money(amount, words)} to campaign {campaign}"
    )


def end_early(dmo: Dmo, campaign: int, ends_at: int) -> Call:
    """Move a campaign's end forward (Unix seconds), to no sooner than one notice from now."""
    text = f"Let campaign {campaign} end at {format_time(ends_at)}"
    return _act(dmo, "endEarly", [campaign, ends_at], text)


def replace_lead(dmo: Dmo, campaign: int, lead: str) -> Call:
    """Give a campaign another lead; for governance."""
    return _act(dmo, "replaceLead", [campaign, lead], f"Make {lead} lead of campaign {campaign}")


def file_lessons(dmo: Dmo, campaign: int, lessons: bytes) -> Call:
    """File a campaign's lessons, once it has ended; for its lead."""
    return _act(dmo, "fileLessons", [campaign, lessons], f"File the lessons of campaign {campaign}")


def close_campaign(dmo: Dmo, campaign: int) -> Call:
    """Close what can be closed of an ended campaign; for anyone."""
    return _act(dmo, "closeCampaign", [campaign], f"Close campaign {campaign} as far as it is due")


# ── bounties ────────────────────────────────────────────────────────────────────────────────────


def post_bounty(dmo: Dmo, params: BountyParams, words: Words | None = None) -> Call:
    """Post a bounty and set its money aside; for the campaign's lead."""
    reward = _money(params.reward, words)
    text = f"Post a bounty in campaign {params.campaign}: {params.slots} × {reward}"
    return _act(dmo, "postBounty", [params.as_tuple()], text)


def cancel_bounty(dmo: Dmo, bounty: int) -> Call:
    """Move a bounty's deadline forward to one notice from now; for the lead."""
    return _act(dmo, "cancelBounty", [bounty], f"Cancel bounty {bounty}, one notice from now")


def reclaim_bounty(dmo: Dmo, bounty: int) -> Call:
    """Set the money of free slots free after the deadline; for anyone."""
    return _act(dmo, "reclaimBounty", [bounty], f"Free the money of bounty {bounty}'s empty slots")


# ── work ────────────────────────────────────────────────────────────────────────────────────────


def submit_work(dmo: Dmo, bounty: int, evidence: bytes, payees: Sequence[Payee] = ()) -> Call:
    """Submit work; where the bounty takes a bond, approve the escrow first.

    Args:
        dmo: The deployment.
        bounty: The bounty.
        evidence: sha2-256 of the evidence.
        payees: Who is paid instead of the worker; shares sum to 10,000 bps.
    """
    pairs = [(payee.account, payee.share_bps) for payee in payees]
    return _act(dmo, "submitWork", [bounty, evidence, pairs], f"Submit work for bounty {bounty}")


def rework_work(dmo: Dmo, submission: int, evidence: bytes) -> Call:
    """Answer a rejection with better evidence; once."""
    return _act(dmo, "reworkWork", [submission, evidence], f"Rework submission {submission}")


def withdraw_work(dmo: Dmo, submission: int) -> Call:
    """Withdraw one's submission; the bond goes to the pool."""
    return _act(dmo, "withdrawWork", [submission], f"Withdraw submission {submission}")


def accept_work(dmo: Dmo, submission: int, evidence: bytes) -> Call:
    """Accept exactly this evidence; for the lead."""
    return _act(dmo, "acceptWork", [submission, evidence], f"Accept submission {submission}")


def reject_work(dmo: Dmo, submission: int, evidence: bytes, reason: bytes) -> Call:
    """Reject exactly this evidence, with the sha2-256 of a reason; for the lead."""
    return _act(
        dmo, "rejectWork", [submission, evidence, reason], f"Reject submission {submission}"
    )


def pay_work(dmo: Dmo, submissions: Sequence[int]) -> Call:
    """Pay all payable submissions of the list; for anyone."""
    several = "s" if len(submissions) != 1 else ""
    text = f"Pay submission{several} {', '.join(map(str, submissions))}"
    return _act(dmo, "payWork", [list(submissions)], text)


def release_work(dmo: Dmo, submissions: Sequence[int]) -> Call:
    """Release all void submissions of the list; for anyone."""
    text = f"Release submissions {', '.join(map(str, submissions))}"
    return _act(dmo, "releaseWork", [list(submissions)], text)


# ── credits ─────────────────────────────────────────────────────────────────────────────────────


def withdraw_credit(dmo: Dmo, to: str) -> Call:
    """Withdraw one's credit to any address."""
    return _act(dmo, "withdrawCredit", [to], f"Withdraw my credit to {to}")


def expire_credit(dmo: Dmo, account: str) -> Call:
    """Move a credit to the pool that nobody claimed for a year; for anyone."""
    text = f"Move the unclaimed credit of {account} to the pool"
    return _act(dmo, "expireCredit", [account], text)
