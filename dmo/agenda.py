"""What an account can do now, and until when: one list, by deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dmo.chain import Read
from dmo.client import escrow, governance, ideas, lens
from dmo.deployment import Dmo
from dmo.rounds import round_times

__all__ = ["Item", "agenda"]


@dataclass(frozen=True)
class Item:
    """Something to do.

    Attributes:
        kind: Short name of it.
        until: Deadline, Unix seconds; 0 if there is none.
        is_due: It waits for this account (or for anybody); otherwise it is an opportunity.
        command: The command that does it, without ``dmo``.
        facts: Numbers to speak of it.
    """

    kind: str
    until: int
    is_due: bool
    command: str
    facts: tuple[int, ...] = ()


def agenda(dmo: Dmo, account: str | None, now: int) -> list[Item]:
    """Everything an account can do, the earliest deadline first, opportunities last.

    Args:
        dmo: The deployment.
        account: Whose; None for what anybody can do.
        now: The chain's clock, Unix seconds.
    """
    found = [*_anybody(dmo)]
    if account is not None:
        found += [
            *_voting(dmo, account, now),
            *_campaigns(dmo, account, now),
            *_proposals(dmo, account, now),
        ]
    far = 2**63
    return sorted(found, key=lambda item: (not item.is_due, item.until or far, item.kind))


def _anybody(dmo: Dmo) -> Iterator[Item]:
    due = lens.due(dmo)
    if due.settle is not None:
        until = round_times(ideas.frame(dmo), due.settle[0]).lapses_at
        yield Item("settle", until, True, f"round settle {due.settle[0]}", (due.settle[0],))
    if due.pay:
        yield Item("pay", 0, True, "work pay", (len(due.pay),))
    if due.release:
        yield Item("release", 0, True, "work release", (len(due.release),))
    if due.reclaim:
        yield Item("reclaim", 0, True, f"bounty reclaim {due.reclaim[0]}", (len(due.reclaim),))
    if due.close:
        yield Item("close", 0, True, f"campaign close {due.close[0]}", (len(due.close),))


def _voting(dmo: Dmo, account: str, now: int) -> Iterator[Item]:
    clock = ideas.clock(dmo, now)
    if clock.voting is not None:
        facts = ideas.round_facts(dmo, clock.voting.round)
        if facts.ideas:
            votes, ballot = dmo.chain.read(
                [
                    Read(
                        "ERC20", dmo.votes_address, "getPastVotes", (account, clock.voting.snapshot)
                    ),
                    Read("IdeaBoard", dmo.address("IdeaBoard"), "ballotOf", (account,)),
                ]
            )
            if votes:
                cast = ballot[0] == clock.voting.round
                yield Item(
                    "voted" if cast else "vote",
                    clock.voting.voting_closes,
                    not cast,
                    f"round show {clock.voting.round}",
                    (clock.voting.round, facts.ideas),
                )
    power = ideas.posting_power(dmo, account)
    if clock.posting is not None and power is not None and power.left:
        yield Item("post", clock.posting.voting_opens, False, "idea new", (power.left, power.round))


def _campaigns(dmo: Dmo, account: str, now: int) -> Iterator[Item]:
    credit = escrow.credit(dmo, account)
    if credit.amount:
        yield Item("credit", credit.expires_at, True, "credit withdraw", (credit.amount,))
    all_campaigns, bounties = escrow.campaigns(dmo), escrow.bounties(dmo)
    leads = {one.id: one.lead for one in all_campaigns}
    tasks = {one.id: one for one in bounties}
    for work in escrow.submissions(dmo):
        task = tasks[work.bounty]
        if work.status is escrow.Status.REVIEW and leads[task.campaign] == account:
            yield Item("judge", work.status_until, True, f"work show {work.id}", (work.id,))
        elif work.status is escrow.Status.REJECTED and work.worker == account:
            yield Item("rejected", work.status_until, True, f"work show {work.id}", (work.id,))
    for one in all_campaigns:
        if one.lead != account:
            continue
        if now < one.ends_at:
            if one.voted_free:
                yield Item("bounty", one.ends_at, False, "bounty new", (one.voted_free, one.id))
        elif not one.lessons and now < one.lessons_until and not one.is_fee_settled:
            yield Item("lessons", one.lessons_until, True, "lesson new", (one.id, one.earned))
    open_ = [
        one
        for one in bounties
        if one.is_open(now)
        and any(one.brief)
        and one.worker in (None, account)
        and leads[one.campaign] != account
    ]
    if open_:
        first = min(open_, key=lambda one: one.closes_at)
        yield Item("work", first.closes_at, False, "bounty list", (len(open_),))


def _proposals(dmo: Dmo, account: str, now: int) -> Iterator[Item]:
    known = governance.proposals(dmo)[::-1]
    active = [
        (place, one) for place, one in enumerate(known, 1) if one.state is governance.State.ACTIVE
    ]
    if active:
        governor = dmo.address("HolderGovernor")
        reads = []
        for _, one in active:
            reads.append(Read("HolderGovernor", governor, "hasVoted", (one.id, account)))
            reads.append(Read("ERC20", dmo.votes_address, "getPastVotes", (account, one.snapshot)))
        answers = dmo.chain.read(reads)
        for (place, one), has_voted, votes in zip(active, answers[::2], answers[1::2], strict=True):
            if votes and not has_voted:
                yield Item("proposal", one.deadline, True, f"govern vote {place} for", (place,))
    for place, one in enumerate(known, 1):
        if one.state is governance.State.SUCCEEDED:
            yield Item("queue", 0, True, f"govern queue {place}", (place,))
        elif one.state is governance.State.QUEUED and now >= one.eta:
            yield Item("execute", 0, True, f"govern execute {place}", (place,))
