"""Who could pass ideas alone: the largest holders against the passing threshold."""

from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

from dmo.core import words
from dmo.core.chain import ZERO, Chain, Read
from dmo.core.errors import NetworkError, Refused
from dmo.core.units import format_amount, format_bps, share_rounded_up
from dmo.deploy.config import NewToken, VotesToken, WrappedToken
from dmo.deploy.plan import DeployPlan

_MOST_ACCOUNTS = 5_000
_FEW = 5


@dataclass(frozen=True)
class Concentration:
    """The largest holders, as a vote would see them; amounts in units of the votes token."""

    votable: int
    threshold: int  # for − against an idea needs
    share_bps: int  # behind the threshold
    holders: tuple[tuple[str, int], ...]  # accounts and votes, the largest first
    decimals: int
    is_partial: bool = False  # some could not be read

    @property
    def alone(self) -> list[tuple[str, int]]:
        """Holders whose votes reach the threshold unless others vote against."""
        return [(account, votes) for account, votes in self.holders if votes >= self.threshold]

    def warnings(self) -> list[str]:
        """What a founder should know before the holders' money goes in."""
        passing = {"threshold": format_amount(self.threshold, self.decimals), "passing": format_bps(self.share_bps)}
        lines = []
        for account, votes in self.alone[:_FEW]:
            about = {"account": account, "votes": format_amount(votes, self.decimals), "share": self._share(votes)}
            is_sure = 2 * votes - self.votable >= self.threshold
            lines.append(_said("opposed" if is_sure else "unopposed", **about, **passing))
        if len(self.alone) > _FEW:
            lines.append(_said("more_alone", count=len(self.alone) - _FEW))
        sums = list(accumulate(votes for _, votes in self.holders[:_FEW]))
        enough = next((count for count, votes in enumerate(sums, 1) if votes >= self.threshold), 0)
        if enough > 1:
            lines.append(_said("together", count=enough, share=self._share(sums[enough - 1]), **passing))
        return [*lines, _said("partial")] if self.is_partial else lines

    def _share(self, votes: int) -> str:
        return f"{100 * votes / self.votable:.1f}".removesuffix(".0") + " %" if self.votable else "all"


def _said(name: str, **values: object) -> str:
    return words.word("deploy", name).format(**values)


def measure(chain: Chain, plan: DeployPlan) -> Concentration:
    """Compare the largest holders with the passing threshold.

    Holders of a new token come from its list, those of an existing one from its log.
    """
    token, asked = plan.config.token, plan.config.rounds
    holders, is_partial = Counter[str](), False
    for row in (*plan.holdings, *filter(None, [plan.rest])):
        holders[row.account] += row.amount
    if not isinstance(token, NewToken):
        holders, is_partial = _existing(chain, plan.facts.votes.address, token)
    excluded = {account.lower() for account in plan.excluded}
    voting = [pair for pair in holders.items() if pair[0].lower() not in excluded]
    votable = plan.supply - sum(holders.values()) + sum(votes for _, votes in voting)
    # Nobody has wrapped anything yet: the first to come meet the floor alone.
    share = 0 if isinstance(token, WrappedToken) else share_rounded_up(votable, asked.passing)
    threshold = max(share, plan.floor(asked.passing, asked.passing_floor))
    largest = tuple(sorted(voting, key=lambda pair: (-pair[1], pair[0])))
    return Concentration(votable, threshold, asked.passing, largest, plan.facts.votes.decimals, is_partial)


def _existing(chain: Chain, token: str, kind: VotesToken | WrappedToken) -> tuple[Counter[str], bool]:
    """Accounts and what they hold, as far as could be read; whether that was not all."""
    logs, function = {"Transfer": "to"}, "balanceOf"
    if isinstance(kind, VotesToken):
        logs["DelegateChanged"], function = "toDelegate", "getVotes"
    try:
        found = [log for event in logs for log in chain.events("HolderToken", token, event)]
        accounts = sorted({str(log.arguments[logs[log.name]]) for log in found} - {ZERO})
        reads = [Read("HolderToken", token, function, (one,)) for one in accounts[:_MOST_ACCOUNTS]]
        answers = zip(accounts, chain.try_read(reads), strict=False)
    except (NetworkError, Refused):
        return Counter(), True
    held = Counter({account: votes for account, votes in answers if isinstance(votes, int) and votes})
    return held, len(accounts) > _MOST_ACCOUNTS
