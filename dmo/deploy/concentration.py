"""Who could decide alone: the largest holders against what each kind of vote needs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dmo.core import words
from dmo.core.chain import ZERO, Chain, Read
from dmo.core.errors import NetworkError, Refused
from dmo.core.units import WAD, format_amount, parse_amount
from dmo.deploy.config import NewToken, VotesToken, WrappedToken
from dmo.deploy.facts import POINTS_DECIMALS
from dmo.deploy.plan import DeployPlan

_MOST_ACCOUNTS = 5_000
_MOST_NAMED, _FEW = 50, 5
_FEW_CAPS = 2

Holder = tuple[str, int]
"""An account and its votes."""


@dataclass(frozen=True)
class Need:
    """What a kind of vote takes: ideas a lead over who is against, proposals and disputes a quorum and a majority."""

    kind: str  # ideas, proposals, disputes
    votes: int
    is_lead: bool = False

    def is_sure(self, votes: int, votable: int) -> bool:
        """Whether these decide even if everybody else is against."""
        lead = 2 * votes - votable
        return votes >= self.votes and lead >= (self.votes if self.is_lead else 1)


@dataclass(frozen=True)
class Concentration:
    """The largest holders, as votes would see them; amounts in units of the votes token."""

    votable: int
    needs: tuple[Need, ...]
    holders: tuple[Holder, ...]  # the largest first
    decimals: int
    symbol: str = ""
    is_partial: bool = False  # some could not be read
    is_delegated: bool = False  # what nobody holds here is there, and lent to nobody yet
    points: int = 0  # from so many on jurors come from reputation (WAD); 0 for what is none of ours, or enough

    @property
    def alone(self) -> dict[str, list[Holder]]:
        """By kind of vote: holders who decide it alone unless others are against."""
        return {need.kind: [one for one in self.holders if one[1] >= need.votes] for need in self.needs}

    def warnings(self) -> list[str]:
        """What a founder should know before the holders' money goes in."""
        found = [line for need in self.needs for line in self._of(need)]
        most, held = max(self.needs, key=lambda need: need.votes), sum(votes for _, votes in self.holders)
        if self.is_delegated and not self.is_partial and held < most.votes:
            found.append(_said("undelegated", held=self._votes(held), needed=self._votes(most.votes)))
        if self.points:
            found.append(_said("few_points", points=format_amount(self.points, POINTS_DECIMALS)))
        return [*found, _said("partial")] if self.is_partial else found

    def _of(self, need: Need) -> Iterator[str]:
        alone = self.alone[need.kind]
        sure = [one for one in alone if need.is_sure(one[1], self.votable)]
        for name, found in (("opposed", sure), ("unopposed", alone[len(sure) :])):
            if found:
                yield self._told(f"{name}_{need.kind}", need, found)
        sums = list(accumulate(votes for _, votes in self.holders[:_FEW]))
        enough = next((count for count, votes in enumerate(sums, 1) if votes >= need.votes), 0)
        if enough > 1:
            yield self._told(f"together_{need.kind}", need, self.holders[:enough])

    def _told(self, name: str, need: Need, found: Sequence[Holder]) -> str:
        """A sentence, and a line for each account."""
        lines = [f"  {account}  {self._votes(votes)}, {self._share(votes)}" for account, votes in found[:_MOST_NAMED]]
        more = [_said("more_alone", count=len(found) - _MOST_NAMED)] if len(found) > _MOST_NAMED else []
        said = words.word("deploy_alone", name).format(needed=self._votes(need.votes))
        return "\n".join([said, *lines, *more])

    def _votes(self, votes: int) -> str:
        return format_amount(votes, self.decimals, self.symbol)

    def _share(self, votes: int) -> str:
        return f"{100 * votes / self.votable:.1f}".removesuffix(".0") + " %"


def _said(name: str, **values: object) -> str:
    return words.word("deploy", name).format(**values)


def measure(chain: Chain, plan: DeployPlan) -> Concentration:
    """Compare the largest holders with what each kind of vote needs.

    Holders of a new token come from its list, those of an existing one from its log.
    """
    token, is_partial = plan.config.token, False
    holders = plan.holders
    if not isinstance(token, NewToken):
        holders, is_partial = _existing(chain, plan.facts.votes.address, token)
    excluded = {account.lower() for account in plan.excluded}
    voting = [pair for pair in holders.items() if pair[0].lower() not in excluded]
    caps = parse_amount(plan.config.jury.min_points, POINTS_DECIMALS)
    return Concentration(
        plan.votable,
        needs(plan),
        tuple(sorted(voting, key=lambda pair: (-pair[1], pair[0]))),
        plan.facts.votes.decimals,
        plan.votes_symbol,
        is_partial,
        isinstance(token, VotesToken),
        plan.min_points if plan.pays_jurors and caps < _FEW_CAPS * WAD else 0,
    )


def needs(plan: DeployPlan) -> tuple[Need, ...]:
    """What each kind of vote needs at first; who proposes needs no more than what carries the proposal."""
    proposal = max(plan.least["governance.quorum_floor"], plan.least["governance.threshold_floor"])
    found = Need("ideas", plan.least["rounds.passing_floor"], is_lead=True), Need("proposals", proposal)
    return (*found, Need("disputes", plan.least["jury.quorum_floor"])) if plan.pays_jurors else found


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
