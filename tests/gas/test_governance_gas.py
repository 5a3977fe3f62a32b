"""Gas of proposals, transfers and points, ours and OpenZeppelin's.

gas
  of a proposal, its votes, queue and execution -> test_gas_of_a_proposal
  of the same at OpenZeppelin's -> test_gas_of_a_plain_proposal
  of a transfer between holders -> test_gas_of_a_transfer
  of points that the escrow does not award -> test_gas_of_points_alone
"""

from __future__ import annotations

import pytest

from tests.support import peers
from tests.support.clock import now, pass_time, reach
from tests.support.gas import FIRST, OPENZEPPELIN
from tests.support.governance import DAY, FOR, HOLDINGS, WAD, deploy_dao, hold

NEW_HOLDERS = 20


@pytest.fixture(scope="module")
def people(accounts):
    return dict(zip(HOLDINGS, accounts[1:5], strict=True))


@pytest.fixture(scope="module")
def dao(accounts, people):
    dao = deploy_dao(accounts[0], people, accounts[8])
    dao.token.transferBatch([people["ben"], people["cem"]], [1, 1], {"from": people["dee"]})
    hold()
    return dao


def test_gas_of_a_proposal(dao, people, accounts, gas):
    """A repeat voter pays the same: votes are kept per proposal."""
    what = peers.payment(dao.token, accounts[9], WAD)
    proposed = dao.governor.propose(*what.by_text, {"from": people["ann"]})
    gas("govern.propose", proposed.gas_used)
    number = proposed.return_value
    dao.open_vote(number)
    first, _, later = (
        dao.governor.castVote(number, FOR, {"from": people[name]}).gas_used for name in ("dee", "ann", "ben")
    )
    gas("govern.vote", first, FIRST)
    gas("govern.vote", later)
    dao.close_vote(number)
    gas("govern.queue", dao.governor.queue(*what.by_hash, {"from": people["ann"]}).gas_used)
    reach(dao.governor.proposalEta(number))
    gas("govern.execute", dao.governor.execute(*what.by_hash, {"from": people["ann"]}).gas_used)


def test_gas_of_a_plain_proposal(accounts, gas):
    voters = list(accounts[1:5])
    peer = peers.deploy(accounts[0], voters)
    peer.token.mint(peer.treasury, WAD, {"from": accounts[0]})
    pass_time(1)
    life = peer.passed(peers.payment(peer.token, accounts[9], WAD), voters)
    for act in ("propose", "queue", "execute"):
        gas(f"govern.{act}", life[act].gas_used, OPENZEPPELIN)
    gas("idea.post", life["propose"].gas_used, OPENZEPPELIN)
    for act in ("govern.vote", "ballot.cast", "ballot.choice"):  # a vote for each idea
        gas(act, life["votes"][-1].gas_used, OPENZEPPELIN)


def test_gas_of_a_transfer(dao, people, PlainVotesToken, accounts, gas):
    ann, ben, cem, _ = people.values()
    plain = PlainVotesToken.deploy(True, {"from": accounts[0]})
    for who in (ann, ben):
        plain.mint(who, 100 * WAD, {"from": accounts[0]})

    def transfer(token, sender, to):
        pass_time(1)
        return token.transfer(to, WAD, {"from": sender}).gas_used

    gas("token.transfer.plain", transfer(plain, ann, ben), OPENZEPPELIN)
    gas("token.transfer.plain", transfer(dao.token, ann, ben))
    for token in (plain, dao.token):
        for who in (ann, ben):
            token.delegate(who, {"from": who})
    gas("token.transfer", transfer(plain, ann, ben), OPENZEPPELIN)
    gas("token.transfer", transfer(dao.token, ann, ben))
    gas("token.transfer.new", transfer(dao.token, cem, accounts[9]))
    pass_time(1)
    new = [f"0x{i:040x}" for i in range(1_000, 1_000 + NEW_HOLDERS)]
    batch = dao.token.transferBatch(new, [WAD] * NEW_HOLDERS, {"from": cem}).gas_used
    gas("token.hand-out", batch // NEW_HOLDERS)


def test_gas_of_points_alone(AccessManager, Reputation, accounts, gas):
    """As a transaction of its own; what an award takes in the escrow's call is measured there."""
    manager = AccessManager.deploy(accounts[0], {"from": accounts[0]})
    reputation = Reputation.deploy(manager, 180 * DAY, now(), 7 * DAY, {"from": accounts[0]})
    for column in (FIRST, "steady"):
        pass_time(1)
        tx = reputation.awardMany([accounts[1]], [WAD], {"from": accounts[0]})
        gas("points.award.alone", tx.gas_used, column)
