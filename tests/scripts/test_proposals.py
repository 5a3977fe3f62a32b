"""What who votes on a proposal is told, and when anybody is told to carry it out.

a proposal
├── its calls are said as acts are, in tokens, names and lengths of time, before it is made, in the list, before a vote
├── what no act says in full is written out, whatever stands behind it too
├── what the treasury would be refused now is told before it is proposed and voted on, and in the list
├── weight, tallies, voters and quorum are told; a state is a word
└── it is queued and executed by whoever looks for what is due; one that would be refused is not offered
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dmo.capabilities.deciphered import deciphered
from dmo.core import abi
from tests.support.cli_chain import DAY, Stage, anvil


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with anvil() as (chain, url):
        stage = Stage(chain, url, tmp_path_factory.mktemp("proposals"))
        stage.deploy()
        stage.fund()
        stage.later(3 * DAY)  # votes weigh once they were held
        yield stage


@pytest.fixture
def stage(deployed: Stage) -> Iterator[Stage]:
    before = deployed.chain.transport.request("evm_snapshot", [])
    yield deployed
    deployed.chain.transport.request("evm_revert", [before])


def propose(stage: Stage, *acts: str, title: str = "Why") -> str:
    (stage.folder / "why.md").write_text(f"# {title}\n\nBecause.", "utf-8")
    said = stage.ok(["govern", "propose", "why.md", *acts], "alice").out
    stage.later(3_700)
    return said


def pass_it(stage: Stage, place: int = 1) -> None:
    for who in ("alice", "bob"):
        stage.ok(f"govern vote {place} for", who)
    stage.later(DAY)


RELAY = (
    "contract call contract=HolderGovernor method=relay(address,uint256,bytes) values=treasury values=0 values=0xdead"
)
ACTS = {
    "campaign recall amount=2500": "Send 2,500 PLAY from the pool to the treasury",
    "terms set review=3d": "3d to judge, 1d to answer, 1d to challenge, 3d to rule, 1d of notice; a stake of 10% of "
    "the reward, at least 0.6 PLAY; Jury",
    "round rules cap=5000": "Set the board's rules: cap 5,000 PLAY, passing 4%, posting 0.1%",
    "role grant role=3 account=bob": "Grant role 3 (guardian) to bob (0x",
    "role grant role=3 account=bob delay=2d": "AccessManager.grantRole(roleId 3, account bob (0x",
    "contract call contract=HolderGovernor method=setVotingPeriod values=172800": "setVotingPeriod(newVotingPeriod 2d)",
    RELAY: "relay(target treasury (0x",
}


def test_calls_are_said_as_acts_are(stage: Stage) -> None:
    before = propose(stage, *ACTS)
    listed, voting = stage.ok("govern list", "bob").out, stage.ok("govern vote 1 for", "bob").out
    for said in ACTS.values():
        assert said in before
        assert said in listed
        assert said in voting
    assert "the question is 0x" in listed
    assert "which is: Call treasury" in listed


def test_tokens_have_their_units_and_payees_in_full(stage: Stage) -> None:
    home, friend = stage.home(), stage.address("erin")
    for name, unit, symbol in (("BudgetToken", 10**6, "PLAY"), ("HolderToken", 10**18, "HRB")):
        at = stage.dmo.address(name)
        for function, said in (("transfer", "Pay"), ("approve", "Let")):
            data = abi.encode_call("ERC20", function, [friend, 1_000_000 * unit])
            told = deciphered(home, at, 0, data).description
            assert told.startswith(f"{said} ")
            assert f"1,000,000 {symbol}" in told
            assert friend in told
    data = abi.encode_call("ERC20", "transfer", [friend, 5])
    hidden = deciphered(home, stage.dmo.budget_address, 0, data + b"\1").description
    assert hidden.endswith(f"with what nothing here explains: 0x{data.hex()}01")
    assert "what nothing here explains" in deciphered(home, friend, 0, data).description
    assert deciphered(home, friend, 1, b"").description.endswith("sending 0.000000000000000001 ETH along")


def test_another_token_does_not_pass_for_ours(stage: Stage) -> None:
    home = stage.home()
    ours = home.dmo.addresses.pop("BudgetToken")
    data = abi.encode_call("ERC20", "transfer", [stage.address("erin"), 5_000_000])
    told = deciphered(home, ours, 0, data).description
    assert told.startswith("Pay 5 PLAY to ")
    assert told.endswith(f", of the token at {ours}, which calls itself so")


def test_what_would_be_refused_is_told_and_not_offered(stage: Stage) -> None:
    refusal = "250,000 PLAY were asked for, 20,000 PLAY are free."
    assert f"it would be refused: {refusal}" in propose(stage, "campaign recall amount=250000")
    assert f"it would be refused: {refusal}" in stage.ok("govern list").out
    assert f"it would be refused: {refusal}" in stage.ok("govern vote 1 abstain", "carol").out
    pass_it(stage)
    stage.ok("govern queue 1", "erin")
    assert "Proposal 1 waits in the treasury" in stage.ok("status", "dave").out
    stage.later(DAY + 60)
    assert "govern execute" not in stage.ok("due", "dave").out
    told = stage.ok("status", "dave").out
    assert f"Proposal 1 is queued and cannot be executed now: {refusal}" in told
    assert stage.run("govern execute 1", "dave").code == 1


def test_weights_quorum_and_states_are_told(stage: Stage) -> None:
    assert stage.run("govern queue 1", "bob").code == 1
    propose(stage, "campaign recall amount=1")
    told = stage.ok("govern vote 1 for", "bob").out
    assert "You vote with 250,000 HRB. Until now: 0 HRB for, 0 HRB against; the quorum is 100,000 HRB" in told
    listed = stage.ok("govern list").out
    assert "250,000 HRB for, 0 HRB against, 0 HRB abstain, by 1 voter\n" in listed
    assert "quorum  100,000 HRB" in listed
    (row,) = stage.ok("govern list --format json").json["data"]["proposals"]
    assert (row["voters"], row["quorum"], row["trouble"]) == (1, str(100_000 * 10**18), None)
    refused = stage.run("govern queue 1", "bob")
    assert "The proposal is active, which is another state than this needs." in refused.err


def test_passed_proposals_are_due_for_anybody(stage: Stage) -> None:
    propose(stage, "campaign recall amount=1")
    pass_it(stage)
    for line, who in (("due", "dave"), ("status", "dave")):
        assert "dmo govern queue 1" in stage.run(line, who).out
    stage.ok("govern queue 1", "erin")
    assert stage.ok("due --format json").json["data"]["items"] == []
    stage.later(DAY + 60)
    (item,) = stage.ok("due --format json").json["data"]["items"]
    assert (item["command"], item["kind"]) == ("dmo govern execute 1", "execute")
    assert item["acts"]
    stage.ok("govern execute 1", "dave")
    assert stage.ok("due").out == "Nothing is due.\n"


def test_a_tokens_refusal_is_told_in_its_units(stage: Stage) -> None:
    told = propose(stage, "campaign deposit amount=500000")
    treasury = stage.dmo.address("Treasury")
    assert f"it would be refused: treasury ({treasury}) has 0 PLAY and needs 500,000 PLAY." in told
    refused = stage.run("token unwrap 5", "bob")
    assert "HRB is no wrapped token" in refused.err
