"""Gas of whole rounds, the escrow's part included, beside the same campaigns as proposals.

gas
  of ten ideas from posting to campaign -> test_gas_from_idea_to_campaign
  of the same as ten proposals at OpenZeppelin's -> test_gas_of_ten_proposals
  of a settlement of a hundred ideas -> test_gas_of_a_hundred_campaigns
  of a settlement of a round where nothing passed -> test_gas_of_a_settlement_of_nothing
"""

from __future__ import annotations

import pytest
from brownie import accounts, web3

from tests.support import core, peers
from tests.support.boards import yes
from tests.support.core import UNIT
from tests.support.gas import OPENZEPPELIN
from tests.support.governance import containers

IDEAS, VOTERS, HUNDRED = 10, 20, 100
ASK = 1_000 * UNIT
CAP = HUNDRED * ASK
NEXT = 3  # the first round that is posted once the first is settled


@pytest.fixture(scope="module")
def voters():
    """Twenty accounts that can sign transactions; the first is the deployer and whole votes stay with it."""
    return list(accounts[:VOTERS])


@pytest.fixture(scope="module")
def world(voters):
    """Everybody had a ballot in the round before, which funded a campaign."""
    world = core.deploy({str(voter): 40_000 for voter in voters[1:] if voter != accounts[7]}, CAP)
    world.escrow.fill(10 * CAP)
    _round(world, voters, 1, 1)
    return world


def _round(world, voters, number, ideas, choices=None):
    """Play a round to its settlement; returns all transactions by act."""
    board = world.board
    board.to_posting(number)
    posts = [board.post(accounts[0], ask=ASK, duration=60 * 86_400) for _ in range(ideas)]
    board.to_vote(number)
    numbers = [yes(one) for one in range(1, ideas + 1)][: choices or ideas]
    ballots = [board.vote(voter, numbers, number) for voter in voters if voter != accounts[7]]
    board.to_settlement(number)
    return {"post": posts, "ballot": ballots, "settle": world.settle(number, list(range(1, ideas + 1)))}


def test_gas_from_idea_to_campaign(world, voters, gas):
    acts = _round(world, voters, NEXT, IDEAS)
    assert acts["settle"].events["RoundSettled"]["funded"] == IDEAS
    ballots = acts["ballot"]
    twenty = sum(tx.gas_used for tx in ballots) * VOTERS // len(ballots)  # the treasury has no votes
    total = sum(tx.gas_used for tx in acts["post"]) + twenty + acts["settle"].gas_used
    gas("campaign.idea", total // IDEAS)
    gas("round.settle", acts["settle"].gas_used)
    gas("ballot.ten", ballots[-1].gas_used)


def test_gas_of_ten_proposals(voters, gas):
    peer = peers.deploy(accounts[0], voters)
    budget = containers().Stablecoin.deploy("Dollar", "USD", 6, {"from": accounts[0]})
    budget.mint(peer.treasury, 1_000 * UNIT, {"from": accounts[0]})
    payees = [web3.to_checksum_address(f"0x{number:040x}") for number in range(1_000, 1_000 + IDEAS)]
    peer.passed(peers.payment(budget, payees[0], 1, "before"), voters)
    total = 0
    for number, payee in enumerate(payees):
        life = peer.passed(peers.payment(budget, payee, UNIT, f"{peers.TEXT}{number}"), voters)
        total += sum(life[act].gas_used for act in ("propose", "queue", "execute"))
        total += sum(tx.gas_used for tx in life["votes"])
    gas("campaign.idea", total // IDEAS, OPENZEPPELIN)


def test_gas_of_a_hundred_campaigns(world, voters, gas):
    acts = _round(world, voters, NEXT, HUNDRED)
    assert acts["settle"].events["RoundSettled"]["funded"] == HUNDRED
    gas("round.settle.hundred", acts["settle"].gas_used)


def test_gas_of_a_settlement_of_nothing(world, gas):
    board = world.board
    board.to_posting(NEXT)
    for _ in range(IDEAS):
        board.post(accounts[0], ask=ASK)
    board.to_settlement(NEXT)
    tx = world.settle(NEXT, [])
    assert tx.events["RoundSettled"]["funded"] == 0
    gas("round.settle.none", tx.gas_used)
