"""What an account can do now, and until when: one list, by deadline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dmo.client import disputes, escrow, governance, ideas, jurors, lens
from dmo.client.campaigns import Terms
from dmo.client.jurors import Phase
from dmo.core.chain import Read
from dmo.home.deployment import Dmo
from dmo.home.rounds import round_times

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
    disputed = lens.disputed(dmo)
    due = lens.due(dmo, disputed)
    found = [*_anybody(dmo, due)]
    if account is not None:
        work = escrow.submissions(dmo)
        found += [
            *_voting(dmo, account, now),
            *_campaigns(dmo, account, now, work),
            *_disputes(dmo, account, now, disputed, work),
            *_shares(dmo, account, due),
            *_proposals(dmo, account, now),
        ]
    far = 2**63
    # A ruling that is not revealed in time is lost with its share: nothing is more urgent.
    return sorted(
        found,
        key=lambda item: (item.kind != "reveal", not item.is_due, item.until or far, item.kind),
    )


def _anybody(dmo: Dmo, due: lens.Due) -> Iterator[Item]:
    if due.rule:
        until = min(one.until for one in due.rule)
        yield Item("rule", until, True, "dispute rule", (len(due.rule),))
    unpaid = len(due.jurors) + len(due.expire)
    if unpaid:
        yield Item("jurors", 0, True, "dispute pay", (unpaid,))
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


def _campaigns(
    dmo: Dmo, account: str, now: int, submissions: Sequence[escrow.Submission]
) -> Iterator[Item]:
    credit = escrow.credit(dmo, account)
    if credit.amount:
        yield Item("credit", credit.expires_at, True, "credit withdraw", (credit.amount,))
    all_campaigns, bounties = escrow.campaigns(dmo), escrow.bounties(dmo)
    leads = {one.id: one.lead for one in all_campaigns}
    tasks = {one.id: one for one in bounties}
    for work in submissions:
        task = tasks[work.bounty]
        if work.status is escrow.Status.REVIEW and leads[task.campaign] == account:
            yield Item("judge", work.status_until, True, f"work show {work.id}", (work.id,))
        elif work.status is escrow.Status.REJECTED and work.worker == account:
            kind = "reworked" if work.is_reworked else "rejected"
            yield Item(kind, work.status_until, True, f"work show {work.id}", (work.id,))
    for one in all_campaigns:
        if one.lead != account:
            continue
        if now < one.ends_at:
            if one.voted_free:
                yield Item("bounty", one.ends_at, False, "bounty new", (one.voted_free, one.id))
        elif not one.lessons and now < one.lessons_until and not one.is_fee_settled:
            yield Item("lessons", one.lessons_until, True, "lesson new", (one.id, one.earned))
    yield from _waiting(
        dmo, account, now, submissions, {one.id: one for one in all_campaigns}, tasks
    )
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


def _waiting(
    dmo: Dmo,
    account: str,
    now: int,
    submissions: Sequence[escrow.Submission],
    campaigns: Mapping[int, escrow.Campaign],
    bounties: Mapping[int, escrow.Bounty],
) -> Iterator[Item]:
    """Work handed in that time alone will pay, told together; the terms are read once each."""
    known: dict[int, Terms] = {}
    for kind, status in (("review", escrow.Status.REVIEW), ("accepted", escrow.Status.ACCEPTED)):
        mine = [one for one in submissions if one.worker == account and one.status is status]
        paid = []
        for one in mine:
            terms_id = campaigns[bounties[one.bounty].campaign].terms_id
            if terms_id not in known:
                known[terms_id] = escrow.terms(dmo, terms_id)
            paid.append(escrow.latest_payment(known[terms_id], one, now))
        if mine:
            command = f"work show {mine[0].id}" if len(mine) == 1 else "work list"
            yield Item(kind, min(paid), False, command, (len(mine), mine[0].id))


def _disputes(
    dmo: Dmo,
    account: str,
    now: int,
    disputed: Sequence[disputes.Dispute],
    submissions: Sequence[escrow.Submission],
) -> Iterator[Item]:
    standings = jurors.standings(dmo, [(one, account) for one in disputed])
    workers = {work.id: work.worker for work in submissions}
    for one in disputed:
        facts, command = (one.submission,), f"dispute show {one.submission}"
        phase, until = jurors.phase(one, now)
        standing = standings.get((one.submission, account))
        if standing is not None and standing.weight:
            if phase is Phase.REVEAL and standing.commitment:
                yield Item("reveal", until, True, f"dispute reveal {one.submission}", facts)
            elif phase is Phase.COMMIT and not standing.commitment:
                yield Item("commit", until, True, command, facts)
        elif account == one.opener:
            yield Item("opened", one.until, False, command, facts)
        elif account == workers.get(one.submission):
            yield Item("challenged", one.until, False, command, facts)
        elif account == one.lead:
            yield Item("contested", one.until, False, command, facts)


def _shares(dmo: Dmo, account: str, due: lens.Due) -> Iterator[Item]:
    mine = {number: owed[account] for number, owed in due.jurors.items() if account in owed}
    for one in disputes.disputes_of(dmo, list(mine)):
        until = one.settled_at + jurors.POT_LIFE
        facts = (one.submission, mine[one.submission])
        yield Item("share", until, True, f"dispute pay {one.submission}", facts)


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
