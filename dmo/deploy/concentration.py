"""Who could pass ideas alone: the largest holders against the passing threshold."""

from __future__ import annotations

from dataclasses import dataclass

from dmo.core.chain import Chain, Read
from dmo.core.errors import NetworkError, Refused
from dmo.core.units import format_amount, format_bps, share_rounded_up
from dmo.deploy.config import NewToken, VotesToken
from dmo.deploy.plan import Plan

__all__ = ["Concentration", "measure"]

_MOST_ACCOUNTS = 5_000
_FEW = 5


@dataclass(frozen=True)
class Concentration:
    """The largest holders, as a vote would see them; amounts in units of the votes token.

    Attributes:
        votable: Votable supply.
        threshold: For − against an idea needs.
        share_bps: The share behind the threshold, in bps.
        holders: Accounts and votes, the largest first.
        decimals: Of the votes token.
        is_partial: Whether some holders could not be read.
    """

    votable: int
    threshold: int
    share_bps: int
    holders: tuple[tuple[str, int], ...]
    decimals: int
    is_partial: bool = False

    @property
    def alone(self) -> list[tuple[str, int]]:
        """Holders whose votes reach the threshold unless others vote against."""
        return [(account, votes) for account, votes in self.holders if votes >= self.threshold]

    def warnings(self) -> list[str]:
        """What a founder should know before the holders' money goes in."""
        lines = []
        threshold = format_amount(self.threshold, self.decimals)
        alone = self.alone
        for account, votes in alone[:_FEW]:
            against_all = 2 * votes - self.votable >= self.threshold
            lines.append(
                f"{account} holds {format_amount(votes, self.decimals)} votes,"
                f" {_percent(votes, self.votable)} of all: alone it reaches the passing threshold"
                f" of {threshold} ({format_bps(self.share_bps)}) and could drain a round"
                + (", even if everybody else votes against." if against_all else " nobody opposes.")
            )
        if len(alone) > _FEW:
            lines.append(f"{len(alone) - _FEW} more holders could do so.")
        if not alone:
            together = 0
            for count, (_, votes) in enumerate(self.holders[:_FEW], 1):
                together += votes
                if together >= self.threshold:
                    lines.append(
                        f"The {count} largest holders together ({_percent(together, self.votable)})"
                        f" reach the passing threshold of {threshold}"
                        f" ({format_bps(self.share_bps)})."
                    )
                    break
        if self.is_partial:
            lines.append("Not all holders could be read; look for large ones yourself.")
        return lines


def measure(chain: Chain, plan: Plan) -> Concentration:
    """Compare the largest holders with the passing threshold.

    Holders of a new token come from its list, those of an existing one from its log.
    """
    excluded = {account.lower() for account in plan.excluded}
    is_partial = False
    if isinstance(plan.config.token, NewToken):
        holders = [(row.account, row.amount) for row in plan.holdings]
        rest = plan.rest
        if rest is not None:
            holders.append((rest.account, rest.amount))
    else:
        holders, is_partial = _existing(chain, plan)
    votable = plan.supply - sum(votes for account, votes in holders if account.lower() in excluded)
    open_to_vote = sorted(
        ((account, votes) for account, votes in holders if account.lower() not in excluded),
        key=lambda pair: (-pair[1], pair[0]),
    )
    asked = plan.config.rounds
    threshold = max(
        share_rounded_up(votable, asked.passing), plan.floor(asked.passing, asked.passing_floor)
    )
    if not isinstance(plan.config.token, NewToken | VotesToken):
        # Nobody has wrapped anything yet: the first to come meet the floor alone.
        threshold = plan.floor(asked.passing, asked.passing_floor)
    return Concentration(
        votable,
        threshold,
        asked.passing,
        tuple(open_to_vote),
        plan.facts.votes.decimals,
        is_partial,
    )


def _existing(chain: Chain, plan: Plan) -> tuple[list[tuple[str, int]], bool]:
    token = plan.facts.votes.address
    function = "getVotes" if isinstance(plan.config.token, VotesToken) else "balanceOf"
    try:
        accounts = _named(chain, token, "Transfer", "to")
        if function == "getVotes":
            accounts |= _named(chain, token, "DelegateChanged", "toDelegate")
        chosen = sorted(accounts)[:_MOST_ACCOUNTS]
        answers = chain.try_read([Read("HolderToken", token, function, (one,)) for one in chosen])
    except (NetworkError, Refused):
        return [], True
    holders = [
        (account, votes)
        for account, votes in zip(chosen, answers, strict=True)
        if isinstance(votes, int) and votes
    ]
    return holders, len(accounts) > _MOST_ACCOUNTS


def _named(chain: Chain, token: str, event: str, argument: str) -> set[str]:
    return {str(log.arguments[argument]) for log in chain.events("HolderToken", token, event)} - {
        "0x" + 40 * "0"
    }


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}".removesuffix(".0") + " %" if whole else "all"
