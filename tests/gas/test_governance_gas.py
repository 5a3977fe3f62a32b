"""What governance costs, and how large contracts are.

gas
  of a proposal, its votes, queue and execution -> test_gas_of_a_proposal
  of a transfer between holders -> test_gas_of_a_transfer
  of an award -> test_gas_of_an_award
size
  every contract stays under 24,000 bytes -> test_contracts_fit
"""

from __future__ import annotations

import pytest

from tests.support.clock import pass_time, reach
from tests.support.governance import FOR, WAD, containers, proposal

MAX_BYTES = 24_000
DEPLOYED = (
    "HolderToken",
    "VotesWrapper",
    "HolderGovernor",
    "TimelockController",
    "AccessManager",
    "IdeaBoard",
    "CampaignEscrow",
    "Jury",
    "Reputation",
    "DocumentLog",
    "Lens",
)


def test_gas_of_a_proposal(dao, governor, token, ann, ben, cem, dee, stranger, gas):
    token.transferBatch([ben, cem], [1, 1], {"from": dee})
    pass_time(1)
    text = "x" * 100
    what = proposal((token, token.transfer.encode_input(stranger, WAD)), description=text)
    proposed = governor.propose(*what.by_text, {"from": ann})
    gas("proposal, one action, 100 bytes of text", proposed.gas_used)
    pid = proposed.return_value
    dao.open_vote(pid)
    for name, voter in (("first, below the quorum", dee), ("reaches the quorum", ann), ("later", ben)):
        gas(f"vote on a proposal, {name}", governor.castVote(pid, FOR, {"from": voter}).gas_used)
    dao.close_vote(pid)
    gas("proposal, queued", governor.queue(*what.by_hash, {"from": ann}).gas_used)
    reach(governor.proposalEta(pid))
    executed = governor.execute(*what.by_hash, {"from": ann})
    gas("proposal, executed: a payment to a new holder", executed.gas_used)

    # A repeat voter pays the same: votes are kept per proposal. Below the quorum, with it cached:
    again = proposal((token, token.transfer.encode_input(stranger, WAD)), description=text + "2")
    token.transfer(stranger, 10 * WAD, {"from": dee})
    pass_time(1)
    pid = dao.propose(again, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": stranger})
    later = governor.castVote(pid, FOR, {"from": dee})
    gas("vote on a proposal, later, below the quorum", later.gas_used)


@pytest.fixture
def plain(PlainVotesToken, deployer, ann, ben):
    token = PlainVotesToken.deploy(True, {"from": deployer})
    for who in (ann, ben):
        token.mint(who, 100 * WAD, {"from": deployer})
    return token


def test_gas_of_a_transfer(token, plain, ann, ben, cem, stranger, gas):
    def transfer(of, sender, to):
        pass_time(1)
        return of.transfer(to, WAD, {"from": sender}).gas_used

    gas("OpenZeppelin's transfer, neither side delegated", transfer(plain, ann, ben))
    for who in (ann, ben):
        plain.delegate(who, {"from": who})
    gas("OpenZeppelin's transfer, both sides have votes", transfer(plain, ann, ben))
    gas("transfer, holders who never delegated", transfer(token, ann, ben))
    token.delegate(cem, {"from": ann})
    token.delegate(cem, {"from": ben})
    gas("transfer, holders with the same delegate", transfer(token, ann, ben))
    gas("transfer, to a new holder", transfer(token, cem, stranger))
    pass_time(1)
    people = [f"0x{i:040x}" for i in range(1_000, 1_020)]
    batch = token.transferBatch(people, [WAD] * len(people), {"from": cem}).gas_used
    gas(f"transferBatch to {len(people)} new holders, each", batch // len(people))


def test_gas_of_an_award(AccessManager, Reputation, deployer, ann, gas):
    manager = AccessManager.deploy(deployer, {"from": deployer})
    reputation = Reputation.deploy(manager, 180 * 86_400, {"from": deployer})
    for what in ("first of all", "later"):
        pass_time(1)
        gas(f"points, {what}", reputation.award(ann, WAD, {"from": deployer}).gas_used)


@pytest.mark.parametrize("name", DEPLOYED)
def test_contracts_fit(name):
    size = len(containers()[name]._build["deployedBytecode"]) // 2
    assert 0 < size <= MAX_BYTES
