"""Checking a deployment: nothing planted, and one thing after the other.

check
  given the sources that were compiled
    when they are compiled anew -> test_the_sources_compiled_anew_are_what_was_built
  given a deployment as it was made -> test_finds_nothing_after_a_deployment
  given a proposal that waits in the timelock -> test_knows_what_the_governor_scheduled
  given drift
    when a parameter was changed -> test_finds_a_changed_parameter
    when the config was changed -> test_finds_a_changed_config
    when governance named another arbitrator -> test_finds_another_jury_and_other_terms
    when code was altered -> test_finds_altered_code
    when the sources were altered -> test_finds_altered_sources
    when the book was altered -> test_finds_an_altered_book
  given roles
    when nothing was added -> test_every_role_has_one_member_and_its_functions
    when the AccessManager has more -> test_finds_what_was_added_to_the_permissions
    when the timelock has more -> test_finds_another_proposer
  given operations
    when one was left in the timelock -> test_finds_a_leftover_operation
    when one waits in the AccessManager -> test_finds_an_operation_of_the_manager
  given another chain -> test_refuses_a_chain_without_the_deployment
the script
  when something differs -> test_script_exits_with_1_and_says_what, test_names_every_difference
"""

from __future__ import annotations

import dataclasses
import os
import shutil

import pytest
from brownie import chain

from dmo.core.abi import encode_call
from dmo.core.abi.codec import keccak
from dmo.core.errors import CheckFailed, NetworkError
from dmo.deploy.check import CheckReport, check_deployment, recompile
from dmo.deploy.compiler import compile_contracts
from dmo.deploy.config import load_config
from dmo.deploy.rebuilt import Created, read_state
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from tests.support.deployments import DAY, EXAMPLE, ROOT, STRANGER, act_as, bend, example_in

COMPILED = ("PointsRule", "DocumentLog")  # with immutables and without; both are small


@pytest.fixture(scope="module")
def made(node, accounts, fresh_code, tmp_path_factory):
    """The deployment as every test finds it: its folder and its book."""
    folder = example_in(tmp_path_factory.mktemp("made"))
    run = DeployRun.prepare(node, folder / "local.toml", str(accounts[0]), ROOT, folder, fresh_code)
    return folder, run.send(UnlockedSender(node, str(accounts[0])), is_rehearsed=True)


@pytest.fixture
def deployed(made, folder):
    """Its book; config, journal and book are in the test's folder."""
    there, book = made
    shutil.copytree(there, folder, dirs_exist_ok=True)
    return book.model_copy(deep=True)


@pytest.fixture
def look(node, folder, fresh_code, deployed):
    """Check the deployment; what differs, as area and subject."""

    def look(code=fresh_code, book=deployed) -> list[tuple[str, str]]:
        report = check_deployment(node, folder / "local.toml", book, ROOT, code)
        return [(one.area, one.subject) for one in report.differences]

    return look


@pytest.fixture
def govern(node, deployed):
    """Do something as the treasury would after a passed proposal."""
    treasury = deployed.contracts["Treasury"].address

    def govern(contract: str, function: str, *arguments: object) -> None:
        call = encode_call(contract, function, arguments)
        act_as(node, treasury, deployed.contracts[contract].address, call)

    return govern


def test_the_sources_compiled_anew_are_what_was_built(fresh_code, tmp_path):
    """All of it the quick way, whose code is another; as it is deployed some: by the IR all takes minutes."""
    for name in ("build", "contracts", "interfaces", "node_modules", "tools"):
        (tmp_path / name).symlink_to(ROOT / name)
    settings = (ROOT / "brownie-config.yaml").read_text()
    quick = settings.replace("viaIR: true", "viaIR: false").replace("enabled: true", "enabled: false")
    assert quick.count("false") == settings.count("false") + 2
    (tmp_path / "brownie-config.yaml").write_text(quick)

    anew = recompile(tmp_path, load_config(EXAMPLE), ("VotesWrapper",))
    assert {name: (one.source, one.abi) for name, one in anew.items()} == {
        name: (one.source, one.abi) for name, one in fresh_code.items()
    }
    if os.environ.get("DMO_PIPELINE") != "legacy":
        some = compile_contracts(ROOT, {name: fresh_code[name].source for name in COMPILED})
        for name, one in some.items():
            in_order = tuple(sorted(one.immutables))
            assert dataclasses.replace(one, immutables=in_order) == fresh_code[name]


def test_finds_nothing_after_a_deployment(node, folder, fresh_code, deployed):
    report = check_deployment(node, folder / "local.toml", deployed, ROOT, fresh_code)

    assert report.differences == []
    assert report.notes == []
    assert {one.area for one in report.findings} == {"code", "parameters", "roles", "operations"}
    report.require("local")


# ── drift ───────────────────────────────────────────────────────────────────────────────────────


def test_finds_a_changed_parameter(look, govern, node, deployed):
    board = deployed.contracts["IdeaBoard"].address
    cap, passing, posting = node.call("IdeaBoard", board, "rulesOf", 1)
    govern("IdeaBoard", "setRules", (cap, passing + 1, posting))
    govern("Treasury", "updateDelay", 3 * DAY)

    assert look() == [("parameters", "Treasury.getMinDelay"), ("parameters", "IdeaBoard.rulesOf.passingBps")]


def test_finds_a_changed_config(look, folder):
    bend(folder / "local.toml", "[guardian]", '[campaigns]\nreview = "6 days"\n\n[guardian]')

    assert look() == [
        ("code", "DisputeDesk: code and arguments as created"),
        ("parameters", "DisputeDesk.termsOf.measures.reviewSeconds"),
        ("operations", "create DisputeDesk: what it did"),
    ]


def test_finds_another_jury_and_other_terms(look, govern, node, deployed):
    """Governance has pointed campaigns at another arbitrator."""
    desk = deployed.contracts["DisputeDesk"].address
    terms = list(node.call("DisputeDesk", desk, "termsOf", 1))
    terms[1], terms[2], terms[3] = desk, False, bytes(32)  # some other contract
    govern("DisputeDesk", "setTerms", tuple(terms))

    assert look() == [
        ("parameters", f"DisputeDesk.termsOf.{member}") for member in ("arbitrator", "paysJurors", "metaEvidence")
    ]


def test_finds_altered_code(look, node, deployed):
    log = deployed.contracts["DocumentLog"].address
    code = bytearray(node.code(log))
    code[len(code) // 2] ^= 1
    node.transport.request("anvil_setCode", [log, "0x" + code.hex()])

    assert look() == [("code", "DocumentLog: code now, immutables masked"), ("code", "DocumentLog: code as recorded")]


def test_finds_altered_sources(look, fresh_code):
    board = fresh_code["IdeaBoard"]
    other = dataclasses.replace(board, creation=board.creation + b"\0", runtime=board.runtime[1:])

    assert look({**fresh_code, "IdeaBoard": other}) == [
        ("code", "IdeaBoard: code and arguments as created"),
        ("code", "IdeaBoard: code now, immutables masked"),
        ("operations", "rehearsal"),
    ]


def test_finds_an_altered_book(look, deployed):
    book = deployed.model_copy(deep=True)
    book.contracts["Lens"].address = deployed.contracts["DocumentLog"].address

    assert ("code", "Lens: address") in look(book=book)


# ── roles ───────────────────────────────────────────────────────────────────────────────────────


def test_every_role_has_one_member_and_its_functions(node, deployed, accounts):
    at = {name: contract.address for name, contract in deployed.contracts.items()}
    state = read_state(node, "AccessManager", Created(at["AccessManager"], "", 0))

    assert state.members == {
        0: {at["Treasury"]: 0},
        1: {at["IdeaBoard"]: 0},
        2: {at["CampaignEscrow"]: 0},
        3: {str(accounts[1]): 0},
        **{steward: {at["Treasury"]: 0} for steward in (4, 5, 6, 7)},
    }
    assert state.settings["functions open to roles"] == {
        (at[contract], "0x" + keccak(signature.encode())[:4].hex()): role
        for contract, signature, role in (
            ("CampaignEscrow", "fund((uint32,uint16,address,uint96,uint16,uint32)[])", 1),
            ("Reputation", "awardMany(address[],uint256[])", 2),
            ("CampaignEscrow", "halt()", 3),
            ("ContentRegistry", "addBrand(uint8,uint32,bytes32)", 4),
            ("ContentRegistry", "reviseBrand(uint32,bytes32)", 4),
            ("ContentRegistry", "retireBrand(uint32)", 4),
            ("ContentRegistry", "endorse(uint32,bool)", 4),
            ("ContentRegistry", "addPlan(uint8,uint32,bytes32,uint32)", 5),
            ("ContentRegistry", "revisePlan(uint32,bytes32,uint32)", 5),
            ("ContentRegistry", "retirePlan(uint32)", 5),
            ("ContentRegistry", "addClaim(bytes32,uint32)", 6),
            ("ContentRegistry", "reviseClaim(uint32,bytes32,uint32)", 6),
            ("ContentRegistry", "retireClaim(uint32)", 6),
            ("NeedsBoard", "answer(bytes32,uint8,uint32,uint16,bytes32)", 7),
        )
    }


@pytest.mark.parametrize(
    ("function", "arguments", "subject"),
    [
        ("grantRole", (1, STRANGER, 0), "members of funder (role 1)"),
        ("grantRole", (0, STRANGER, DAY), "members of governance (role 0)"),
        ("grantRole", (77, STRANGER, 0), "members of role 77"),
        ("revokeRole", (3, "guardian"), "members of guardian (role 3)"),
        ("revokeRole", (2, "CampaignEscrow"), "members of awarder (role 2)"),
        ("setTargetFunctionRole", ("CampaignEscrow", ["withdrawPool"], 3), "functions open to roles"),
        ("setRoleAdmin", (1, 3), "admins of roles"),
        ("setRoleGuardian", (1, 3), "guardians of roles"),
        ("setGrantDelay", (1, DAY), "grant delays"),
        ("setTargetClosed", ("IdeaBoard", True), "closed targets"),
        ("setTargetAdminDelay", ("IdeaBoard", DAY), "admin delays of targets"),
    ],
)
def test_finds_what_was_added_to_the_permissions(look, govern, deployed, accounts, function, arguments, subject):
    named = {name: contract.address for name, contract in deployed.contracts.items()}
    named["guardian"] = str(accounts[1])
    selectors = {"withdrawPool": keccak(b"withdrawPool(uint256)")[:4]}
    given = [
        [selectors[one] for one in value] if isinstance(value, list) else named.get(value, value) for value in arguments
    ]
    govern("AccessManager", function, *given)

    assert look() == [("roles", f"AccessManager: {subject}")]


def test_finds_another_proposer(look, govern):
    govern("Treasury", "grantRole", keccak(b"PROPOSER_ROLE"), STRANGER)

    assert look() == [("roles", "Treasury: members of PROPOSER")]


# ── operations ──────────────────────────────────────────────────────────────────────────────────


def test_finds_a_leftover_operation(look, govern, node, deployed):
    """What a temporary proposer scheduled outlives its role."""
    timelock = deployed.contracts["Treasury"].address
    proposer = keccak(b"PROPOSER_ROLE")
    govern("Treasury", "grantRole", proposer, STRANGER)
    act_as(
        node, STRANGER, timelock, encode_call("Treasury", "schedule", [STRANGER, 0, b"", bytes(32), bytes(32), 2 * DAY])
    )
    govern("Treasury", "revokeRole", proposer, STRANGER)

    assert look() == [("operations", "Treasury: scheduled by no proposal")]


def test_finds_an_operation_of_the_manager(look, govern, node, deployed):
    manager = deployed.contracts["AccessManager"].address
    govern("AccessManager", "grantRole", 0, STRANGER, DAY)
    close = encode_call("AccessManager", "setTargetClosed", [STRANGER, True])
    act_as(node, STRANGER, manager, encode_call("AccessManager", "schedule", [manager, close, 0]))
    govern("AccessManager", "revokeRole", 0, STRANGER)

    assert look() == [("operations", "AccessManager: scheduled")]


def test_knows_what_the_governor_scheduled(node, folder, fresh_code, deployed, accounts):
    governor = deployed.contracts["HolderGovernor"].address
    board = deployed.contracts["IdeaBoard"].address
    action = encode_call("IdeaBoard", "setRules", [(6_000_000_000, 500, 10)])
    proposal = [[board], [0], [action]]
    chain.sleep(4 * DAY)  # a holding period, and more
    chain.mine()
    act_as(node, str(accounts[1]), governor, encode_call("HolderGovernor", "propose", [*proposal, "Ask for 5 %"]))
    chain.sleep(DAY + 1)
    chain.mine()
    number = node.events("HolderGovernor", governor, "ProposalCreated")[0].arguments["proposalId"]
    for voter in range(1, 6):
        vote = encode_call("HolderGovernor", "castVote", [number, 1])
        act_as(node, str(accounts[voter]), governor, vote)
    chain.sleep(6 * DAY)
    chain.mine()
    queue = encode_call(
        "HolderGovernor", "queue(address[],uint256[],bytes[],bytes32)", [*proposal, keccak(b"Ask for 5 %")]
    )
    act_as(node, str(accounts[1]), governor, queue)

    report = check_deployment(node, folder / "local.toml", deployed, ROOT, fresh_code)

    assert report.differences == []
    assert len(report.notes) == 1
    assert report.notes[0].startswith(f"Proposal {number} waits in the treasury until ")


# ── where there is nothing to compare ───────────────────────────────────────────────────────────


def test_refuses_a_chain_without_the_deployment(node, folder, fresh_code, deployed):
    book = deployed.model_copy(deep=True)
    book.contracts["Lens"].tx = "0x" + 64 * "1"

    with pytest.raises(NetworkError, match="does not know the transaction that created Lens"):
        check_deployment(node, folder / "local.toml", book, ROOT, fresh_code)


def test_script_exits_with_1_and_says_what(folder, deployed, govern, fresh_code, monkeypatch, capsys):
    from scripts import check

    monkeypatch.setattr(check, "DEPLOYMENTS", folder)
    monkeypatch.setattr("dmo.deploy.check.recompile", lambda *_: fresh_code)
    check.main(str(folder / "local.toml"))
    assert "no difference" in capsys.readouterr().out

    govern("AccessManager", "grantRole", 1, STRANGER, 0)
    with pytest.raises(SystemExit) as ended:
        check.main(str(folder / "local.toml"))
    assert ended.value.code == 1
    shown = capsys.readouterr()
    assert "DIFFERS" in shown.out
    assert "roles: AccessManager: members of funder (role 1)" in shown.err


def test_names_every_difference():
    report = CheckReport()
    report.compare("code", "Lens", 1, 2)
    report.compare("roles", "GUARDIAN", {}, {})

    with pytest.raises(CheckFailed) as failed:
        report.require("local")
    assert failed.value.differences == ("code: Lens: expected 1, found 2",)
    assert failed.value.exit_code == 1
