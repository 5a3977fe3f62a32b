"""The contracts of a replay on a local chain: a DMO, and an OpenZeppelin Governor beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dmo.core.abi.codec import checksum, keccak
from dmo.core.errors import CheckFailed
from dmo.deploy.plan import created_address
from dmo.replay.artifacts import load
from dmo.replay.node import LocalChain, Sending
from dmo.replay.plan import Plan
from dmo.replay.records import SECOND_NS, Holders

__all__ = ["FOUNDER", "Stage", "birth", "build", "hand_out"]

DAY = 86_400
HOLDING = 3 * DAY
HALF_LIFE = 180 * DAY
QUORUM_PERCENT = 4
FUNDER, AWARDER = 1, 2
TRANSFERS = 200


def _account(what: str) -> str:
    return checksum("0x" + keccak(f"dmo replay: {what}".encode())[-20:].hex())


FOUNDER = _account("founder")
TREASURY = _account("treasury")


@dataclass(frozen=True)
class Stage:
    """Where everything is.

    Attributes:
        origin: Start of round 1, Unix seconds.
        token: The votes token.
        board: The idea board.
        escrow: The campaign escrow.
        plain_votes: OpenZeppelin's votes token.
        governor: OpenZeppelin's Governor.
    """

    origin: int
    token: str
    board: str
    escrow: str
    plain_votes: str
    governor: str


def _origin(plan: Plan) -> int:
    return plan.origin_ns // SECOND_NS


def birth(plan: Plan, holders: Holders) -> int:
    """When the chain begins: early enough for everybody to hold tokens long enough to post."""
    return _origin(plan) - HOLDING - 3600 - len(holders.rows) // 100


def build(chain: LocalChain, plan: Plan, holders: Holders) -> Stage:
    """Deploy everything, fill the pool, and connect the board with the escrow."""
    rules = plan.rules
    manager, escrow_code, stablecoin = (
        load("AccessManager"),
        load("CampaignEscrow"),
        load("Stablecoin"),
    )
    excluded = [TREASURY]
    authority = chain.deploy(FOUNDER, manager, FOUNDER)
    token = chain.deploy(
        FOUNDER, load("HolderToken"), "Replay votes", "VOTE", holders.supply, FOUNDER, excluded
    )
    money = chain.deploy(FOUNDER, stablecoin, "Replay money", "USD", 6)
    reputation = chain.deploy(FOUNDER, load("Reputation"), authority, HALF_LIFE)
    # Desk and escrow name each other; without an arbitrator nobody can open a dispute.
    desk = chain.deploy(
        FOUNDER,
        load("DisputeDesk"),
        authority,
        created_address(FOUNDER, chain.nonce(FOUNDER) + 1),
        DAY,
        {
            "windows": {
                "reviewSeconds": 5 * DAY,
                "answerSeconds": 3 * DAY,
                "challengeSeconds": 3 * DAY,
                "arbitrationSeconds": 7 * DAY,
                "noticeSeconds": 3 * DAY,
            },
            "disputeBondBps": 1000,
        },
    )
    escrow = chain.deploy(
        FOUNDER,
        escrow_code,
        authority,
        {
            "budgetToken": money,
            "treasury": TREASURY,
            "reputation": reputation,
            "desk": desk,
            "haltSeconds": rules.round_seconds,
        },
    )
    board = chain.deploy(
        FOUNDER,
        load("IdeaBoard"),
        authority,
        token,
        escrow,
        excluded,
        {
            "origin": _origin(plan),
            "roundSeconds": rules.round_seconds,
            "holdingSeconds": HOLDING,
            "passingFloor": 1,
            "postingFloor": 1,
        },
        {"cap": rules.cap, "passingBps": rules.passing_bps, "postingBps": plan.posting_bps},
    )
    chain.act(
        FOUNDER,
        authority,
        manager.call("setTargetFunctionRole", escrow, [escrow_code.selector("fund")], FUNDER),
        manager.call("grantRole", FUNDER, board, 0),
        manager.call(
            "setTargetFunctionRole", reputation, [load("Reputation").selector("award")], AWARDER
        ),
        manager.call("grantRole", AWARDER, escrow, 0),
    )
    budget = rules.cap * len(plan.rounds)
    chain.act(
        FOUNDER,
        money,
        stablecoin.call("mint", FOUNDER, budget),
        stablecoin.call("approve", escrow, budget),
    )
    chain.act(FOUNDER, escrow, escrow_code.call("deposit", budget))
    plain_votes = chain.deploy(FOUNDER, load("PlainVotesToken"), True)
    governor = chain.deploy(
        FOUNDER, load("PlainGovernor"), plain_votes, 0, rules.round_seconds, QUORUM_PERCENT
    )
    return Stage(_origin(plan), token, board, escrow, plain_votes, governor)


def hand_out(chain: LocalChain, stage: Stage, holders: Holders) -> Iterator[int]:
    """Give everybody both tokens, and delegate OpenZeppelin's to oneself; yields holders done."""
    token, plain = load("HolderToken"), load("PlainVotesToken")
    total = len(holders.rows)

    def transfers() -> Iterator[Sending]:
        for start in range(0, total, TRANSFERS):
            part = holders.rows[start : start + TRANSFERS]
            addresses, amounts = [h.address for h in part], [h.amount for h in part]
            call = token.call("transferBatch", addresses, amounts)
            yield Sending(FOUNDER, stage.token, call)

    for _ in chain.send(transfers()):
        yield 0
    mints = (
        Sending(FOUNDER, stage.plain_votes, plain.call("mint", holder.address, holder.amount))
        for holder in holders.rows
    )
    for mined in chain.send(mints):
        yield len(mined)
    delegations = (
        Sending(holder.address, stage.plain_votes, plain.call("delegate", holder.address))
        for holder in holders.rows
    )
    for mined in chain.send(delegations):
        yield len(mined)
    if chain.now >= stage.origin - HOLDING:
        raise CheckFailed("Handing out the tokens took longer than planned.")
