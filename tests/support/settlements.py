"""Ends of disputed work, each compared with the model to the unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from brownie import ZERO_ADDRESS

from tests.support import clock, coverage_calls
from tests.support.campaigns import ANSWER, ARBITRATION, World
from tests.support.models import disputes as model
from tests.support.models.disputes import (
    CHALLENGED,
    CONTESTED,
    FEE,
    FREE,
    JURORS,
    NO_RULING,
    OPENER,
    PAYEES,
    POOL,
    SECOND,
    STAKE,
    UPHELD,
    UPHOLDER,
    WORKER,
    WORKER_BOND,
    total,
)
from tests.support.models.escrow_facts import shares


@dataclass
class Case:
    """A contested or disputed submission that is about to end."""

    work: int
    opener: Any
    kind: str
    ruling: int
    has_jurors: bool
    upholder: Any = ZERO_ADDRESS


def bring(world: World, arbitrator: Any, work: int, end: tuple[str, int], has_jurors: bool) -> Case:
    """Contest or challenge a submission in review (or lessons), and bring that to this end.

    The worker contests, a giver upholds, a stranger challenges; "other" is the juror.
    """
    kind, ruling = end
    opener = world.stranger if kind == CHALLENGED else world.worker
    if world.status(work) == "Review":
        (world.accept if kind == CHALLENGED else world.reject)(work)
    if kind == CONTESTED:
        world.contest(work)
        clock.pass_time(ANSWER)
        return Case(work, opener, kind, ruling, has_jurors=False)
    tx = world.dispute(work, by=opener, upholder=world.giver)
    number = tx.events["DisputeOpened"]["disputeID"]
    if has_jurors:
        arbitrator.setShares(number, [world.other], [7], {"from": world.stranger})
    if ruling == NO_RULING:
        clock.pass_time(ARBITRATION)
    else:
        arbitrator.rule(number, ruling, {"from": world.stranger})
    return Case(work, opener, kind, ruling, has_jurors, world.giver if kind == UPHELD else ZERO_ADDRESS)


def start(world: World, **facts: Any) -> int:
    """Hand in a submission in review of a fresh campaign: w 101, wb 17, b 11, F 101 unless told otherwise.

    Args:
        ask, fee_bps: Of the campaign.
        anything else: Of the bounty.
    """
    campaign = world.fund(ask=facts.pop("ask", 1_010), feeBps=facts.pop("fee_bps", 1_000))
    payees = facts.pop("payees", ())
    if facts.get("isGift"):
        world.escrow.topUp(campaign, facts.get("reward", 101), {"from": world.giver})
    facts = {"reward": 101, "bond": 17, "slots": 1} | facts
    return world.submit(world.post(campaign, **facts), payees=payees)


def flows_of(world: World, case: Case) -> list[model.Flow]:
    """What the model says of a case."""
    work = world.escrow.submissionOf(case.work)
    bounty = world.escrow.bountyOf(work["bounty"])
    campaign = world.escrow.campaignOf(bounty["campaign"])
    fee = campaign["ask"] * campaign["feeBps"] // 10_000 - campaign["feeTaken"]
    return model.flows(
        case.kind,
        case.ruling,
        bounty["reward"],
        bounty["bond"],
        world.desk.disputeOf(case.work)["bond"],
        0 if campaign["isFeeSettled"] else fee,
        case.has_jurors,
    )


@coverage_calls.untraced()
def holdings(world: World, accounts: Iterable[str]) -> dict[str, int]:
    """Balance and credit of each account."""
    return {account: world.token.balanceOf(account) + world.escrow.creditOf(account)["amount"] for account in accounts}


def end_and_check(world: World, case: Case) -> Any:
    """End a case, and compare every unit with the model."""
    escrow, desk = world.escrow, world.desk
    row = flows_of(world, case)
    work = escrow.submissionOf(case.work)
    number, before = work["bounty"], world.books()
    bounty = escrow.bountyOf(number).dict()
    campaign = escrow.campaignOf(bounty["campaign"]).dict()
    answer = desk.termsOf(campaign["termsId"])["measures"][1]
    payees = [(p["account"], p["shareBps"]) for p in escrow.payeesOf(case.work)]
    payees = payees or [(work["worker"], 10_000)]
    had = holdings(world, {work["worker"], str(case.opener), str(case.upholder), *dict(payees)})
    is_paid = model.is_paid(case.kind, case.ruling)
    over = (False, False, 0) if case.kind == CONTESTED else (True, is_paid, case.ruling)
    assert desk.verdictOf(case.work) == over
    tx = (world.pay if is_paid else world.release)(case.work)

    # who has what
    parts = shares(total(row, to=PAYEES), [bps for _, bps in payees])
    for account, part in [
        (work["worker"], total(row, to=WORKER)),
        (str(case.opener), total(row, to=OPENER)),
        (str(case.upholder), total(row, to=UPHOLDER)),
        *zip((account for account, _ in payees), parts, strict=True),
    ]:
        had[account] += part
    assert holdings(world, had) == had

    # the pool, the pot, the campaign, the slot
    ended, free = tx.timestamp >= campaign["endsAt"], total(row, to=FREE)
    assert escrow.poolFree() == before["pool"] + total(row, to=POOL) + (free if ended else 0)
    facts = desk.disputeOf(case.work)
    assert facts["pot"] == facts["potWhole"] == total(row, to=JURORS)
    assert facts["sharesTotal"] == (7 if case.has_jurors else 0)
    assert (facts["isSettled"], facts["settledAt"]) == (True, tx.timestamp)
    after = escrow.campaignOf(bounty["campaign"]).dict()
    voted = 0 if bounty["isGift"] else total(row, to=PAYEES)
    assert after == campaign | {
        "live": campaign["live"] - 1,
        "feeTaken": campaign["feeTaken"] + total(row, source=FEE),
        "leadTaken": campaign["leadTaken"] + total(row, source=FEE),
        "votedPaid": campaign["votedPaid"] + voted,
    }
    reopened = {
        "freeSlots": bounty["freeSlots"] + 1,
        "submitBy": max(bounty["submitBy"], min(tx.timestamp + answer, campaign["endsAt"])),
    }
    assert escrow.bountyOf(number).dict() == bounty | (reopened if free and not ended else {})

    # what was told
    settled = tx.events["DisputeSettled"]
    assert settled["submission"] == case.work
    assert (settled["ruling"], settled["isPaid"]) == (case.ruling, is_paid)
    assert settled["settlement"] == (
        case.opener,
        case.upholder,
        facts["bond"],
        total(row, source=STAKE, to=OPENER),
        total(row, source=SECOND, to=UPHOLDER),
        total(row, source=WORKER_BOND, to=WORKER),
        total(row, source=FEE),
        total(row, source=WORKER_BOND, to=OPENER),
        total(row, source=STAKE, to=UPHOLDER),
        total(row, to=WORKER) - total(row, source=WORKER_BOND, to=WORKER),
        total(row, to=JURORS),
        total(row, to=POOL),
    )
    if "PayeeCredited" not in tx.events:
        awarded = sum(event["pointsWad"] for event in told(tx, "PointsAwarded"))
        assert awarded == voted * 10**9 // world.unit * 10**9  # to a billionth of a point
    return tx


def told(tx: Any, name: str) -> Any:
    """The events of a name; none if there were none."""
    return tx.events[name] if name in tx.events else ()  # noqa: SIM401  (no dict)
