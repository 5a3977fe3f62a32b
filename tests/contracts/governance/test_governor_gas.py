"""What governance costs, printed; ceilings keep it from growing unnoticed.

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


def report(capsys, lines):
    with capsys.disabled():
        print()
        for name, gas in lines.items():
            print(f"    {name:<52} {gas:>9,}")


def at_most(measured, ceilings):
    assert measured.keys() == ceilings.keys()
    over = {name: gas for name, gas in measured.items() if gas > ceilings[name]}
    assert not over


def test_gas_of_a_proposal(dao, governor, token, ann, ben, cem, dee, stranger, capsys):
    token.transferBatch([ben, cem], [1, 1], {"from": dee})
    pass_time(1)
    text = "x" * 100
    what = proposal((token, token.transfer.encode_input(stranger, WAD)), description=text)
    gas = {}
    proposed = governor.propose(*what.by_text, {"from": ann})
    gas["propose, 1 action, 100-byte text"] = proposed.gas_used
    pid = proposed.return_value
    dao.open_vote(pid)
    for name, voter in (
        ("vote, first, below the quorum", dee),
        ("vote, reaches the quorum", ann),
        ("vote, later", ben),
    ):
        gas[name] = governor.castVote(pid, FOR, {"from": voter}).gas_used
    dao.close_vote(pid)
    gas["queue"] = governor.queue(*what.by_hash, {"from": ann}).gas_used
    reach(governor.proposalEta(pid))
    gas["execute a payment to a new holder"] = governor.execute(
        *what.by_hash, {"from": ann}
    ).gas_used

    # A repeat voter pays the same: votes are kept per proposal. Below the quorum, with it cached:
    again = proposal((token, token.transfer.encode_input(stranger, WAD)), description=text + "2")
    token.transfer(stranger, 10 * WAD, {"from": dee})
    pass_time(1)
    pid = dao.propose(again, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": stranger})
    gas["vote, later, below the quorum"] = governor.castVote(pid, FOR, {"from": dee}).gas_used
    report(capsys, gas)
    at_most(
        gas,
        {
            "propose, 1 action, 100-byte text": 100_000,
            "vote, first, below the quorum": 145_000,
            "vote, reaches the quorum": 100_000,
            "vote, later": 75_000,
            "vote, later, below the quorum": 80_000,
            "queue": 150_000,
            "execute a payment to a new holder": 200_000,
        },
    )


@pytest.fixture
def plain(PlainVotesToken, deployer, ann, ben):
    token = PlainVotesToken.deploy(True, {"from": deployer})
    for who in (ann, ben):
        token.mint(who, 100 * WAD, {"from": deployer})
    return token


def test_gas_of_a_transfer(token, plain, ann, ben, cem, stranger, capsys):
    def transfer(of, sender, to):
        pass_time(1)
        return of.transfer(to, WAD, {"from": sender}).gas_used

    gas = {"transfer, OpenZeppelin, neither side delegated": transfer(plain, ann, ben)}
    for who in (ann, ben):
        plain.delegate(who, {"from": who})
    gas["transfer, OpenZeppelin, both sides have votes"] = transfer(plain, ann, ben)
    gas["transfer, holders who never delegated"] = transfer(token, ann, ben)
    token.delegate(cem, {"from": ann})
    token.delegate(cem, {"from": ben})
    gas["transfer, holders with the same delegate"] = transfer(token, ann, ben)
    gas["transfer, to a new holder"] = transfer(token, cem, stranger)
    pass_time(1)
    people = [f"0x{i:040x}" for i in range(1_000, 1_020)]
    batch = token.transferBatch(people, [WAD] * len(people), {"from": cem}).gas_used
    gas["transferBatch to 20 new holders, each"] = batch // len(people)
    report(capsys, gas)
    for name, ceiling in {
        "transfer, holders who never delegated": 110_000,
        "transfer, holders with the same delegate": 50_000,
        "transferBatch to 20 new holders, each": 85_000,
    }.items():
        assert gas[name] <= ceiling, name


def test_gas_of_an_award(AccessManager, Reputation, deployer, ann, capsys):
    manager = AccessManager.deploy(deployer, {"from": deployer})
    reputation = Reputation.deploy(manager, 180 * 86_400, {"from": deployer})
    gas = {}
    for name in ("award, first of all", "award, later"):
        pass_time(1)
        gas[name] = reputation.award(ann, WAD, {"from": deployer}).gas_used
    report(capsys, gas)
    at_most(gas, {"award, first of all": 150_000, "award, later": 115_000})


def test_contracts_fit(capsys):
    names = (
        "HolderToken",
        "VotesWrapper",
        "HolderGovernor",
        "TimelockController",
        "AccessManager",
        "Reputation",
        "DocumentLog",
    )
    sizes = {
        f"{name}, bytes": len(containers()[name]._build["deployedBytecode"]) // 2 for name in names
    }
    report(capsys, sizes)
    assert all(0 < size <= MAX_BYTES for size in sizes.values())
