"""What each contract is created with: from the config, the holders and the plan's addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmo.core.units import parse_amount
from dmo.deploy.config import NewToken, WrappedToken
from dmo.deploy.facts import MOCK_DECIMALS, MOCK_SYMBOL, POINTS_DECIMALS

if TYPE_CHECKING:
    from dmo.deploy.plan import Plan

__all__ = ["ZERO", "constructors"]

ZERO = "0x" + 40 * "0"


def constructors(plan: Plan, origin: int, board: str) -> dict[str, dict[str, object]]:
    """Constructor arguments by contract and name; structs as dicts.

    Args:
        plan: The deployment.
        origin: Start of round 1, Unix seconds.
        board: Where the board is.
    """
    config, at, floor = plan.config, plan.at, plan.floor
    rounds, campaigns, jury = config.rounds, config.campaigns, config.jury
    governance, budget_decimals = config.governance, plan.facts.budget.decimals
    manager, reputation = at("AccessManager"), at("Reputation")
    votes, escrow, excluded = plan.votes_token, at("CampaignEscrow"), plan.excluded
    given: dict[str, dict[str, object]] = {
        "Stablecoin": {"name": "Play Dollar", "symbol": MOCK_SYMBOL, "decimals": MOCK_DECIMALS},
        "AccessManager": {"initialAdmin": plan.facts.deployer},
        "TimelockController": {
            "minDelay": governance.timelock,
            "proposers": [at("HolderGovernor")],
            "executors": [ZERO],
            "admin": ZERO,
        },
        "HolderGovernor": {
            "votes": votes,
            "treasury": plan.treasury,
            "excluded": excluded,
            "settings": {
                "votingDelaySeconds": governance.voting_delay,
                "votingPeriodSeconds": governance.voting_period,
                "lateQuorumSeconds": governance.late_quorum,
                "proposalThresholdBps": governance.threshold,
                "quorumBps": governance.quorum,
                "proposalFloor": floor(governance.threshold, governance.threshold_floor),
                "quorumFloor": floor(governance.quorum, governance.quorum_floor),
            },
        },
        "Reputation": {"authority": manager, "halfLifeSeconds": config.reputation.half_life},
        "DocumentLog": {},
        "CampaignEscrow": {
            "authority": manager,
            "frame": {
                "budgetToken": plan.budget_token,
                "treasury": plan.treasury,
                "reputation": reputation,
                "desk": at("DisputeDesk"),
                "haltSeconds": rounds.length,
            },
        },
        "DisputeDesk": {
            "authority": manager,
            "escrow": escrow,
            "shortestWindow": campaigns.shortest_window,
            "firstTerms": {
                "windows": {
                    "reviewSeconds": campaigns.review,
                    "answerSeconds": campaigns.answer,
                    "challengeSeconds": campaigns.challenge,
                    "arbitrationSeconds": campaigns.arbitration,
                    "noticeSeconds": campaigns.notice,
                },
                "disputeBondBps": campaigns.dispute_bond,
                "disputeBondMin": parse_amount(campaigns.dispute_bond_min, budget_decimals),
                "arbitrator": campaigns.arbitrator or at("Jury"),
                "paysJurors": campaigns.arbitrator is None,
                "metaEvidence": bytes.fromhex(plan.question),
                "arbitratorExtraData": bytes.fromhex(campaigns.arbitrator_extra_data[2:]),
            },
        },
        "Jury": {
            "authority": manager,
            "votes": votes,
            "excluded": excluded,
            "frame": {
                "reputation": reputation,
                "minPoints": parse_amount(jury.min_points, POINTS_DECIMALS),
                "commitSeconds": jury.commit,
                "revealSeconds": jury.reveal,
                "quorumBps": jury.quorum,
                "quorumFloor": floor(jury.quorum, jury.quorum_floor),
            },
        },
        "IdeaBoard": {
            "authority": manager,
            "votes": votes,
            "escrow": escrow,
            "excluded": excluded,
            "frame": {
                "origin": origin,
                "roundSeconds": rounds.length,
                "holdingSeconds": rounds.holding,
                "passingFloor": floor(rounds.passing, rounds.passing_floor),
                "postingFloor": floor(rounds.posting, rounds.posting_floor),
            },
            "rules": {
                "cap": parse_amount(rounds.cap, budget_decimals),
                "passingBps": rounds.passing,
                "postingBps": rounds.posting,
            },
        },
        "Lens": {"board": board},
    }
    token = config.token
    if isinstance(token, NewToken):
        held: dict[str, object] = {"supply": plan.supply, "recipient": plan.facts.deployer}
    elif isinstance(token, WrappedToken):
        held = {"underlyingToken": token.address}
    else:
        return given
    names = {"name": token.name, "symbol": token.symbol, "excluded": excluded}
    return given | {plan.votes_contract: names | held}
