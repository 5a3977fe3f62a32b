"""What an act costs when there is much of what it is about; `make growth`.

a ballot
  after so many ideas -> test_ballot_after_ideas
  after so many voters -> test_ballot_after_voters
  of a voter with so many checkpoints -> test_ballot_with_checkpoints
a settlement of so many ideas -> test_settlement_of_ideas
work and its payment after so many submissions -> test_payment_after_submissions

A series whose name ends in `(flat)` may differ by 3 % at most.
"""

from __future__ import annotations

import pytest
from brownie import accounts, web3

from tests.support import boards, bulk, clock, core
from tests.support.boards import yes
from tests.support.campaigns import DURATION, EVIDENCE
from tests.support.core import UNIT
from tests.support.governance import containers

AUTHOR, ANA, BEN, CAL, DEE = range(5)  # accounts
VOTERS = (ANA, BEN, CAL, DEE)
ASK = 1_000 * UNIT
BOND = UNIT // 10  # the least for a reward of one
CAP = 100 * ASK
MANY = (10, 100, 1_000, 10_000)
PAGE, EARLY = 10, 5


def view_gas(method, *arguments):
    """What a view takes, as a transaction."""
    return web3.eth.estimate_gas({"to": method._address, "data": method.encode_input(*arguments)})


def ballot(board, number, idea):
    """Calldata of a ballot in favour of one idea."""
    return board.castBallot.encode_input(number, [idea], [])


def post(board):
    """Calldata of an idea."""
    return board.post.encode_input(boards.params(ask=ASK))


@pytest.fixture(scope="module")
def world():
    """All voters have a ballot in the first round, and the second is being posted. Everybody was sent votes once."""
    world = core.deploy({str(accounts[who]): 10_000 for who in VOTERS}, CAP)
    world.board.board.setRules((CAP, boards.PASSING_BPS, 1), {"from": accounts[0]})
    world.escrow.fill(2 * CAP)
    _first_round(world.board, *(accounts[who] for who in VOTERS))
    return world


def _first_round(board, *voters):
    board.to_posting(1)
    board.post(accounts[AUTHOR], ask=ASK)
    board.to_vote(1)
    for voter in voters:
        board.vote(voter, [yes(1)])


@pytest.mark.parametrize("ideas", MANY)
def test_ballot_after_ideas(world, growth, ideas):
    board = world.board
    powers = {AUTHOR: 9_600, **dict.fromkeys(VOTERS, 100)}  # ideas that each may post
    authors = [accounts[who] for who, most in powers.items() for _ in range(most)]
    bulk.send(board.board, ((author, post(board.board)) for author in authors[:ideas]))
    board.to_vote(2)
    lens = containers().Lens.deploy(board.board, {"from": accounts[0]})
    growth("Lens: a page of ten ideas of so many (flat)", ideas, view_gas(lens.ideas, 2, 1, PAGE))
    growth("Lens: what is due after so many ideas", ideas, view_gas(lens.settlementDue))
    for which, idea, other, voter in (("an early one", EARLY, BEN, ANA), ("the newest", ideas, CAL, DEE)):
        board.vote(accounts[other], [yes(idea)], 2)
        used = board.vote(accounts[voter], [yes(idea)], 2).gas_used
        growth(f"ballot for {which} of so many ideas (flat)", ideas, used)


def test_ballot_after_voters(EveryonesVotes, growth):
    """The token is one whose readings cost the same for all: what grows could only be the board's."""
    marks = (*MANY, 100_000)
    token = EveryonesVotes.deploy(accounts[AUTHOR], {"from": accounts[0]})
    board = boards.deploy(accounts, token=token)
    _first_round(board, *accounts[2 : 2 + len(marks)])
    board.post(accounts[AUTHOR])
    board.to_vote(2)
    data, done = ballot(board.board, 2, 1), 0
    for many, voter in zip(marks, accounts[2:], strict=False):
        bulk.send(board.board, ((stranger, data) for stranger in bulk.strangers(many - done - 1, done)))
        growth("ballot after so many voters (flat)", many, board.vote(voter, [yes(1)], 2).gas_used)
        done = many


@pytest.mark.parametrize("checkpoints", [1, 2, 5, 10, 20, 40, 60])
def test_ballot_with_checkpoints(world, growth, checkpoints):
    board = world.board
    board.post(accounts[AUTHOR], ask=ASK)
    board.to_vote(2)
    board.vote(accounts[BEN], [yes(1)], 2)
    for _ in range(checkpoints - 1):
        clock.pass_time(1)
        board.token.transfer(accounts[ANA], 1, {"from": accounts[AUTHOR]})
    used = board.vote(accounts[ANA], [yes(1)], 2).gas_used
    growth("ballot of a voter with so many checkpoints", checkpoints, used)


@pytest.mark.parametrize("ideas", [1, 10, 50, 100])
def test_settlement_of_ideas(world, growth, ideas):
    board = world.board
    for _ in range(ideas):
        board.post(accounts[AUTHOR], ask=ASK)
    board.to_vote(2)
    board.vote(accounts[AUTHOR], [yes(number) for number in range(1, ideas + 1)], 2)
    board.to_settlement(2)
    clock.reach(board.calendar.lapses(1))
    tx = world.settle(2, list(range(1, ideas + 1)))
    assert tx.events["RoundSettled"]["funded"] == ideas
    growth("settlement of so many ideas, all funded", ideas, tx.gas_used)


def test_payment_after_submissions(world, growth):
    escrow = world.escrow
    lens = containers().Lens.deploy(world.board.board, {"from": accounts[0]})
    for account in escrow.people:
        escrow.mint(account, 2_000 * UNIT)  # 10,000 bonds
    campaign = escrow.fund(ask=20_000 * UNIT, lead=escrow.lead, durationSeconds=2 * DURATION)
    until = escrow.escrow.campaignOf(campaign)["endsAt"]
    bounty = escrow.post(campaign, reward=UNIT, bond=BOND, slots=12_000, submitBy=until)
    escrow.accept_and_pay(escrow.submit(bounty))
    more, done = escrow.escrow.submitWork.encode_input(bounty, EVIDENCE, [], BOND), 1
    for many in MANY:
        bulk.send(escrow.escrow, ((escrow.worker, more) for _ in range(many - done - 1)))
        submitted = escrow.escrow.submitWork(bounty, EVIDENCE, [], BOND, {"from": escrow.worker})
        growth("work after so many submissions (flat)", many, submitted.gas_used)
        works = submitted.events["WorkSubmitted"]["submission"], escrow.submit(bounty)
        for work in works:
            escrow.accept(work)
        escrow.begin_round()
        _, paid = map(escrow.pay, works)  # a round's first payment costs more
        growth("payment after so many submissions (flat)", many, paid.gas_used)
        growth("Lens: a page of ten submissions of so many (flat)", many, view_gas(lens.submissions, 1, PAGE))
        done = many + 1
