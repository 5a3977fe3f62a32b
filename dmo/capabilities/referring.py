"""What a referral is worth: a pure function of a plan, conversions and a token's transfers, the same for everybody.

Only what came to a user out of the plan's sources, after it began, and was there at every start of a round since
counts. What goes back to a source counts no more, and what comes from anybody else never does; so who passes tokens
among accounts of their own earns nothing, and who sells and buys back pays the pool more than the rate gives.
Amounts in units of their tokens, times in Unix seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

BPS = 10_000


class Passed(NamedTuple):
    """A transfer of the votes token, in the order of the chain."""

    at: int
    sender: str
    to: str
    amount: int


@dataclass(frozen=True)
class Rate:
    """What is paid: of the price of what counts so many basis points, at most the pot.

    Attributes:
        price: Whole tokens of the payment for a whole token.
        token_decimals, paid_decimals: Decimals of the one and the other.
        rate_bps: What is paid of the price; the plan's kind sees that it is half of what a way there and back costs.
        pot: Units of the payment.
    """

    price: Fraction
    token_decimals: int
    paid_decimals: int
    rate_bps: int
    pot: int

    def worth(self, kept: int) -> int:
        """What these tokens earn, rounded down, before the pot is looked at."""
        units = Fraction(10**self.paid_decimals, 10**self.token_decimals)
        return int(kept * self.price * self.rate_bps / BPS * units)


class _Holder:
    """What somebody has, and what of it counts: kept since earlier rounds, and fresh in this one."""

    def __init__(self) -> None:
        self.balance = self.kept = self.fresh = self.rounds = 0

    def begin_round(self, rounds: int) -> None:
        """What is not there at the start of a round counts no more; what is, was kept.

        Of several without a transfer between, the first says it.
        """
        if rounds > self.rounds:
            self.kept, self.fresh, self.rounds = min(self.kept + self.fresh, self.balance), 0, rounds

    def give_back(self, amount: int) -> None:
        """What goes back to where it came from: the latest first."""
        late = min(self.fresh, amount)
        self.fresh -= late
        self.kept = max(self.kept - (amount - late), 0)


def kept(
    moves: Iterable[Passed], users: Collection[str], sources: Collection[str], term: range, rounds: Sequence[int]
) -> dict[str, int]:
    """What each user got from the sources within the term and kept at all starts of rounds since.

    Args:
        moves: All transfers of the token since there is one, in the order of the chain.
        users: Whose; sources are nobody's users.
        sources: Pools and sales that the plan names.
        term: From the plan's begin to its end, which is no part of it.
        rounds: Starts of rounds within it, in their order; there may be any number.

    Raises:
        ValueError: An account sends what it never had: transfers are missing.
    """
    holders: defaultdict[str, _Holder] = defaultdict(_Holder)

    def holder(account: str, now: int) -> _Holder:
        one = holders[account]
        one.begin_round(bisect_right(rounds, now))
        return one

    nobody = "0x" + "00" * 20
    for move in moves:
        if move.at >= term.stop:
            break
        if move.sender != nobody:
            sender = holder(move.sender, move.at)
            if sender.balance < move.amount:
                raise ValueError(move.sender)
            sender.balance -= move.amount
            if move.to in sources:
                sender.give_back(move.amount)
        its = holder(move.to, move.at)
        its.balance += move.amount
        if move.sender in sources and move.at in term:
            its.fresh += move.amount
    last = term.stop - 1
    return {user: holder(user, last).kept for user in users if user not in sources and user in holders}


def paid(referrers: Mapping[str, str], amounts: Mapping[str, int], rate: Rate) -> dict[str, int]:
    """What each referrer gets for what the users kept; cut in proportion only where the pot is short.

    Args:
        referrers: User → who brought them.
        amounts: User → what counts of theirs.
        rate: What is paid for it.
    """
    brought: defaultdict[str, int] = defaultdict(int)
    for user, referrer in referrers.items():
        brought[referrer] += amounts.get(user, 0)
    wanted = {referrer: worth for referrer, amount in brought.items() if (worth := rate.worth(amount))}
    total = sum(wanted.values())
    if total <= rate.pot:
        return wanted
    cut = {referrer: worth * rate.pot // total for referrer, worth in wanted.items()}
    return {referrer: amount for referrer, amount in cut.items() if amount}


def only_one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """User → referrer, of those who name one alone; who names two counts for neither."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for user, referrer in pairs:
        named[user].add(referrer)
    return {user: next(iter(its)) for user, its in named.items() if len(its) == 1}
