"""Rooms: contracts that join a deployment later; anybody creates them, a proposal gives them their roles.

rooms add
  given a room of the file
    when it is not there -> test_a_room_is_created_where_its_code_says_and_written_down
    when somebody else has created it -> test_a_room_that_a_safe_created_is_written_down
  given no such room, no such contract, role or key -> test_what_no_room_can_be_is_refused
  given a DMO without needs and content -> test_needs_and_content_get_what_a_new_deployment_gives_them
rooms open
  given a room that is not there, or needs nothing -> test_only_a_room_that_needs_roles_is_given_them
  given a proposal that passed -> test_check_knows_a_room_before_and_after_its_proposal
check
  given a role that the file does not name -> test_check_tells_a_room_with_more_than_its_roles
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dmo.core.abi import entry
from dmo.core.calls import make_call
from dmo.core.errors import BadInput
from dmo.deploy.artifacts import load_artifacts
from dmo.deploy.check import CheckReport, check_deployment
from dmo.deploy.config import load_config
from dmo.deploy.contracts import contracts_needed
from dmo.deploy.roles import ROLES, restricted
from dmo.deploy.rooms import read_rooms
from dmo.home.deployment import load_book
from tests.registry.endings import SECOND_JURY
from tests.support.cli_chain import DAY, Stage, anvil
from tests.support.deployments import ROOT

LATER = ("NeedsBoard", "ContentRegistry")
"""Rooms that a DMO of today has from the beginning, and this one has not."""
WITHOUT = "mock = true\n[rooms]\nneeds = false\ncontent = false"
EXAMPLE = ROOT / "examples" / "needs-and-content.rooms.toml"
ROOMS = ("SecondJury", *LATER)
PROPOSE = "dmo govern propose why.md " + " ".join(f'"rooms open room={name}"' for name in ROOMS)


@pytest.fixture(scope="module")
def built() -> Iterator[Stage]:
    with anvil() as (chain, url):
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(chain, url, Path(folder))
            stage.deploy(budget=WITHOUT)
            rooms = SECOND_JURY + EXAMPLE.read_text("utf-8")
            (stage.folder / "config").mkdir()
            (stage.folder / "harbour.rooms.toml").write_text(rooms)
            (stage.folder / "config" / "harbour.rooms.toml").write_text(rooms)
            (stage.folder / "why.md").write_text("# Another jury\n")
            yield stage


@pytest.fixture
def stage(built: Stage) -> Iterator[Stage]:
    """As it was built; a book that a test wrote is put back."""
    book = built.folder / "deployments" / "harbour.json"
    before, snapshot = book.read_bytes(), built.chain.transport.request("evm_snapshot", [])
    yield built
    book.write_bytes(before)
    built.go_back(snapshot)


def book(stage: Stage):
    return load_book(stage.folder / "deployments" / "harbour.json", is_whole=True)


def check(stage: Stage) -> CheckReport:
    """Of what comes out of the build folder; immutables are not known of it."""
    file = stage.folder / "harbour.toml"
    code = load_artifacts(ROOT / "build", (*contracts_needed(load_config(file)), *LATER))
    return check_deployment(stage.chain, file, book(stage), ROOT, code)


def differences(report: CheckReport) -> list[str]:
    return [one.subject for one in report.differences if "immutables masked" not in one.subject]


def test_a_room_is_created_where_its_code_says_and_written_down(stage: Stage) -> None:
    answer = stage.ok("dmo rooms add SecondJury --format json", "dave").json
    room = book(stage).contracts["SecondJury"]
    assert room.address == answer["data"]["address"]
    assert room.tx == answer["transactions"][0]["hash"]
    assert room.args[2] == [stage.dmo.address("Treasury"), stage.dmo.address("CampaignEscrow")]
    frame = stage.chain.call("Jury", room.address, "juryFrame")
    assert frame[2:6] == (2 * DAY, DAY, 2_000, 1_000 * 10**18)
    assert "is there already" in stage.ok("dmo rooms add SecondJury").out


def test_a_room_that_a_safe_created_is_written_down(stage: Stage) -> None:
    (call,) = stage.ok("dmo rooms add SecondJury --calldata --format json").json["data"]["calls"]
    order = {"from": stage.address("erin"), "to": call["to"], "data": call["data"]}
    assert stage.chain.wait(stage.chain.transport.request("eth_sendTransaction", [order])).is_ok
    assert "SecondJury" not in book(stage).contracts

    assert "is there already" in stage.ok("dmo rooms add SecondJury").out
    assert book(stage).contracts["SecondJury"].tx is None
    assert stage.ok("dmo verify --out verify").out


def test_only_a_room_that_needs_roles_is_given_them(stage: Stage) -> None:
    assert "SecondJury is not created yet" in stage.run(PROPOSE).err
    assert "no room is called 'Attic'" in stage.run("dmo rooms add Attic").err
    assert "ContentRegistry" in stage.run("dmo brand retire 1").err


def test_check_knows_a_room_before_and_after_its_proposal(stage: Stage) -> None:
    stage.later(DAY)
    for name in ROOMS:
        stage.ok(f"dmo rooms add {name}", "dave")
    waiting = check(stage)
    assert differences(waiting) == []
    assert waiting.notes == [f"{name} is there and has no role: it waits for its proposal." for name in ROOMS]

    stage.ok(PROPOSE)
    stage.later(3_700)
    for who in ("alice", "bob"):
        stage.ok("dmo govern vote 1 for", who)
    stage.later(2 * DAY)
    stage.ok("dmo govern queue 1")
    stage.later(DAY + 60)
    stage.ok("dmo govern execute 1")

    done = check(stage)
    assert differences(done) == []
    assert done.notes == []
    (members,) = (one for one in done.findings if one.subject == "AccessManager: members of awarder (role 2)")
    assert f"SecondJury {book(stage).contracts['SecondJury'].address}: 0" in members.found


def test_check_tells_a_room_with_more_than_its_roles(stage: Stage) -> None:
    stage.ok("dmo rooms add SecondJury", "dave")
    at, manager = book(stage).contracts["SecondJury"].address, stage.dmo.address("AccessManager")
    for role in (2, 3):
        stage.govern(make_call("AccessManager", manager, "grantRole", [role, at, 0], "Grant"))

    assert differences(check(stage)) == [
        "AccessManager: members of guardian (role 3)",
        "AccessManager: functions open to roles",
    ]


def test_needs_and_content_get_what_a_new_deployment_gives_them() -> None:
    at = {name: f"0x{place:040x}" for place, name in enumerate(("AccessManager", "Treasury"), 1)}
    rooms = read_rooms(EXAMPLE, at, lambda names: load_artifacts(ROOT / "build", names))
    assert tuple(rooms) == LATER
    given = {pair for one in rooms.values() for pair in one.members}
    assert given == {(role.number, at["Treasury"]) for role in ROLES.values() if role.number > ROLES["guardian"].number}
    opened = {(selector, role) for one in rooms.values() for _, selector, role in one.opens}
    known = {(entry(*place).selector, ROLES[role].number) for place, role in restricted().items() if place[0] in LATER}
    assert opened == known


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('contract = "Jury"', 'contract = "Attic"', "the contract Attic is not in"),
        ('votes = "@votes"', 'votes = "@Attic"', "'@Attic' is no contract of the deployment"),
        ("awarder", "butler", "'butler' is no role"),
        ('roles = { awarder = "@SecondJury" }', "rules = 3", "cannot be used here"),
        ('"SecondJury.admit"', '"SecondJury.dance"', "dance"),
        ('quorumBps = "20 %"', "", "takes"),
        ("[SecondJury]", "[SecondJury", "is not TOML"),
    ],
)
def test_what_no_room_can_be_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "x.rooms.toml"
    assert old in SECOND_JURY
    file.write_text(SECOND_JURY.replace(old, new))
    names = ("AccessManager", "HolderToken", "Treasury", "CampaignEscrow", "DisputeDesk", "Reputation")
    at = {name: f"0x{place:040x}" for place, name in enumerate(names, 1)}
    with pytest.raises(BadInput, match=told) as no:
        read_rooms(file, at, lambda names: load_artifacts(ROOT / "build", names))
    assert json.dumps(no.value.message)
