"""build/demo/summary.json: counted and summed from the chain, its equations checked."""

from collections import Counter
from dataclasses import replace
from typing import Any

from dmo.capabilities.history import History
from dmo.core import words
from dmo.home.home import Home
from dmo.home.outputs import TokenInfo
from dmo.season.books import differences, money
from dmo.season.outputs import Demo

_BOOKED = ("received", "paid", "refunded", "held", "bonds_received", "bonds_paid", "bonds_held")
_TRANSFERRED = ("token_in", "token_out", "token_balance")


def summarize(home: Home, history: History) -> Demo:
    """Compute the summary of a history at its block.

    Args:
        home: Whose token is asked.
        history: What the chain says happened.
    """
    moved = money(replace(home.dmo, chain_=home.dmo.chain.pinned(history.block)))
    endings = Counter(history.ending(one) for one in history.disputes)
    counts = history.counts
    facts: dict[str, Any] = {
        "chain_id": home.dmo.chain_id,
        "block": history.block,
        "vote_token": TokenInfo(**vars(home.dmo.votes_token)),
        "budget_token": TokenInfo(**vars(home.dmo.budget_token)),
        "rounds": counts["RoundSettled"],
        "ideas_posted": len(history.ideas) - len(history.edited),
        "ideas_passed": sum(idea.is_passing for idea in history.ideas.values()),
        "ideas_funded": counts["IdeaFunded"],
        "ballots": sum(one.ballots for one in history.rounds),
        "choices": sum(one.choices for one in history.rounds),
        "choices_changed": history.choices_changed,
        "campaigns": len(history.campaigns),
        "bounties": sum(not one.is_lessons for one in history.bounties.values()),
        "submissions": len(history.work),
        "rejections": counts["WorkRejected"],
        "silent_accepts": sum(history.is_silent(one) for one in history.work),
        "payouts": sum(not one.is_credited for one in history.payments),
        "credits": len(history.credits),
        "top_ups": counts["CampaignToppedUp"],
        "proposals_executed": counts["ProposalExecuted"],
        **{name: str(history.books[name]) for name in _BOOKED},
        **{name: str(getattr(moved, name)) for name in _TRANSFERRED},
        "points_awarded": str(sum(award.points for award in history.awards)),
        "disputes": len(history.disputes),
        "rejections_overturned": endings["rejection_overturned"],
        "challenges_won": endings["challenge_won"],
        "no_ruling": endings["no_ruling"],
        "leads_replaced": counts["LeadReplaced"],
        "needs": len(history.more["needs"]),
        "answers": counts["NeedAnswered"],
        "entries": counts["EntryAdded"],
        "assets": counts["AssetAdded"],
        "forecasts": len(history.appraised.forecasts),
        "reports": counts["OutcomeReported"],
        "outcomes": len(history.appraised.outcomes),
        "bonuses": counts["BonusSettled"],
        "badges": counts["Locked"],
        "drop_claims": counts["DropClaimed"],
    }
    return Demo(**facts)


def check_summary(summary: Demo) -> None:
    """Check the summary's equations.

    Raises:
        CheckFailed: One does not hold; all that do not are named.
    """
    wrong = differences(summary)
    if wrong:
        raise words.failed("season_books", wrong)
