"""build/demo/summary.json: counted and summed from the chain, its equations checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dmo.core.chain import Event
from dmo.core.errors import CheckFailed
from dmo.home.ballots import unpack
from dmo.home.books import differences, money
from dmo.home.home import Home
from dmo.home.outputs import Demo, TokenInfo
from dmo.report import History

__all__ = ["check_summary", "choices_changed", "summarize"]


def choices_changed(cast: Sequence[Event]) -> int:
    """How many choices turned round when voters replaced their ballots."""
    before: dict[tuple[str, int], dict[int, int]] = {}
    changed = 0
    for event in cast:
        key = event.arguments["voter"], event.arguments["round"]
        now = {value // 2: value % 2 for value in unpack(event.arguments["words"])[2]}
        earlier = before.get(key, {})
        changed += sum(1 for idea, side in now.items() if earlier.get(idea, side) != side)
        before[key] = now
    return changed


def summarize(home: Home, history: History) -> Demo:
    """Compute the summary of a history at its block.

    Args:
        home: Whose events are counted.
        history: What the chain says happened.
    """
    moved = money(home.dmo.on(home.dmo.chain.pinned(history.block)))
    endings = Counter(dispute.ending(history.now) for dispute in history.disputes)
    facts: dict[str, Any] = {
        "chain_id": history.chain_id,
        "block": history.block,
        "vote_token": TokenInfo(**vars(history.votes_token)),
        "budget_token": TokenInfo(**vars(history.budget_token)),
        "rounds": sum(r.settled_at is not None for r in history.rounds),
        "ideas_posted": sum(not idea.replaces for idea in history.ideas),
        "ideas_passed": sum(idea.is_passing for idea in history.ideas),
        "ideas_funded": sum(idea.campaign > 0 for idea in history.ideas),
        "ballots": sum(r.ballots for r in history.rounds),
        "choices": sum(r.choices for r in history.rounds),
        "choices_changed": choices_changed(home.events("IdeaBoard.BallotCast")),
        "campaigns": len(history.campaigns),
        "bounties": history.bounties,
        "submissions": len(history.work),
        "rejections": len(home.events("CampaignEscrow.WorkRejected")),
        "silent_accepts": sum(work.is_silent for work in history.work),
        "payouts": sum(not payment.is_credited for payment in history.payments),
        "credits": len(history.credits),
        "top_ups": len(home.events("CampaignEscrow.CampaignToppedUp")),
        "proposals_executed": sum(p.executed_at is not None for p in history.proposals),
        "received": str(history.books.received),
        "paid": str(history.books.paid),
        "refunded": str(history.books.refunded),
        "held": str(history.books.held),
        "token_in": str(moved.token_in),
        "token_out": str(moved.token_out),
        "token_balance": str(moved.token_balance),
        "points_awarded": str(sum(award.points for award in history.awards)),
        "disputes": len(history.disputes),
        "rejections_overturned": endings["rejection overturned"],
        "challenges_won": endings["challenge won"],
        "no_ruling": endings["no ruling"],
        "leads_replaced": history.leads_replaced,
        "bonds_received": str(history.books.bonds_received),
        "bonds_paid": str(history.books.bonds_paid),
        "bonds_held": str(history.books.bonds_held),
    }
    return Demo(**facts)


def check_summary(summary: Demo) -> None:
    """Check the summary's equations.

    Raises:
        CheckFailed: One does not hold; all that do not are named.
    """
    wrong = differences(summary)
    if wrong:
        raise CheckFailed("The demo's books do not agree with the token.", wrong)
