"""Checking a deployment: what the deployer did while it was the admin.

check
  given the deployer's time as the admin
    when it gave itself points -> test_finds_points_the_deployer_gave_itself
    when an accomplice came and went -> test_finds_an_admin_who_left
    when it proposed while it had all votes -> test_finds_a_proposal_of_the_deployer
    when it set up more than is planned -> test_finds_another_set_up
    when it never ended -> test_finds_a_deployer_with_rights
    when it kept tokens -> test_finds_tokens_that_went_astray
    when the pool was filled although the config names no money -> test_finds_a_deposit_that_the_config_does_not_name
"""

from __future__ import annotations

import dataclasses

import pytest

from dmo.core.abi import encode_call
from dmo.core.abi.codec import keccak
from dmo.deploy.check import check_deployment
from tests.support import clock
from tests.support.deployments import DAY, ROOT, STRANGER, act_as


@pytest.fixture
def deploy_and_look(node, folder, fresh_code, prepare, sender):
    """Deploy with another plan, or with an act before the rights are given up, and check."""

    def deploy_and_look(change=None, act=None) -> list[tuple[str, str, str]]:
        run = prepare()
        if change is not None:
            change(run.plan)

        def progress(_number, _count, step, _entry, _is_sent_now) -> None:
            if act is not None and step.contract == "Lens":
                act({key.rpartition("/")[2]: step.address for key, step in run.journal.steps.items()})

        book = run.send(sender, progress=progress)
        report = check_deployment(node, folder / "local.toml", book, ROOT, fresh_code)
        return [(one.area, one.subject, one.found) for one in report.differences]

    return deploy_and_look


def test_finds_points_the_deployer_gave_itself(deploy_and_look, node, accounts):
    """They would make it the jury."""
    award = encode_call("Reputation", "awardMany", [[str(accounts[0])], [10**24]])

    found = deploy_and_look(act=lambda at: act_as(node, str(accounts[0]), at["Reputation"], award))
    assert _unplanned(found) == ["Reputation.PointsAwarded"]
    assert f" from {accounts[0]} to " in found[0][2]


def _unplanned(found: list[tuple[str, str, str]]) -> list[str]:
    """The events of transactions that are no step, where nothing else differs."""
    assert {one[:2] for one in found} == {("operations", "transaction in no step of the plan")}
    return [told.partition("(")[0] for _, _, text in found for told in text.partition(": ")[2].split("; ")]


def test_finds_an_admin_who_left(deploy_and_look, node, accounts):
    def act(at):
        steps = (
            (str(accounts[0]), "AccessManager", "grantRole", (0, STRANGER, 0)),
            (STRANGER, "Reputation", "awardMany", ([STRANGER], [10**24])),
            (STRANGER, "AccessManager", "renounceRole", (0, STRANGER)),
        )
        for who, contract, function, arguments in steps:
            act_as(node, who, at[contract], encode_call(contract, function, arguments))

    assert _unplanned(deploy_and_look(act=act)) == [
        *("AccessManager.RoleGranted", "Reputation.PointsAwarded", "AccessManager.RoleRevoked")
    ]


def test_finds_a_proposal_of_the_deployer(deploy_and_look, node, accounts):
    """One that passed by votes not handed out yet would wait for the treasury to fill."""
    deployer = str(accounts[0])

    def act(at):
        token, governor = at["HolderToken"], at["HolderGovernor"]
        clock.pass_time(1)  # the threshold is of a supply one second old
        threshold = int(node.call("HolderGovernor", governor, "proposalThreshold"))
        back = encode_call("HolderToken", "transferBatch", [[deployer], [threshold]])
        act_as(node, str(accounts[1]), token, back)
        clock.pass_time(4 * DAY)  # a holding period, and more
        drain = encode_call("CampaignEscrow", "withdrawPool", [1])
        proposal = [[at["CampaignEscrow"]], [0], [drain], "Later"]
        act_as(node, deployer, governor, encode_call("HolderGovernor", "propose", proposal))

    found = _unplanned(deploy_and_look(act=act))
    assert found == [
        "HolderToken.Transfer",
        *2 * ["HolderToken.DelegateVotesChanged"],
        "HolderGovernor.ProposalCreated",
    ]


def test_finds_another_set_up(deploy_and_look):
    def change(plan):
        planned = plan.setup_calls
        more = [("grantRole", [2, STRANGER, 0]), ("revokeRole", [2, STRANGER])]
        plan.setup_calls = lambda board: [*more, *planned(board)]

    missed, unplanned = deploy_and_look(change)
    assert missed[1:] == ("roles set, deployer's role renounced: sent as planned", "False")
    assert unplanned[1] == "transaction in no step of the plan"


def test_finds_a_deployer_with_rights(deploy_and_look):
    def change(plan):
        planned = plan.setup_calls
        plan.setup_calls = lambda board: planned(board)[:-1]

    found = deploy_and_look(change)
    assert [subject for _, subject, _ in found] == [
        "AccessManager: members of governance (role 0)",
        "AccessManager: deployer gave its rights up",
        "roles set, deployer's role renounced: sent as planned",
        "transaction in no step of the plan",
    ]


def test_finds_tokens_that_went_astray(deploy_and_look):
    def change(plan):
        (first, *rest), *batches = plan.batches
        kept = dataclasses.replace(first, account=STRANGER, amount=1)
        less = dataclasses.replace(first, amount=first.amount - 1)
        plan.batches = [(less, kept, *rest), *batches]

    missed, unplanned = deploy_and_look(change)
    assert missed[1:] == ("tokens to 13 accounts: sent as planned", "False")
    assert STRANGER in unplanned[2]


def test_finds_a_deposit_that_the_config_does_not_name(deploy_and_look, node, accounts):
    deployer = str(accounts[0])

    def act(at):
        money, escrow = at["Stablecoin"], at["CampaignEscrow"]
        mint = keccak(b"mint(address,uint256)")[:4] + bytes(12) + bytes.fromhex(deployer[2:])
        act_as(node, deployer, money, mint + (5).to_bytes(32))
        act_as(node, deployer, money, encode_call("ERC20", "approve", (escrow, 5)))
        act_as(node, deployer, escrow, encode_call("CampaignEscrow", "deposit", (5,)))

    found = _unplanned(deploy_and_look(act=act))
    assert set(found) == {"Stablecoin.Transfer", "Stablecoin.Approval", "CampaignEscrow.PoolDeposited"}
