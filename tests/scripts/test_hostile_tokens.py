"""The command line where the budget token, or a payee, misbehaves.

What is claimed stands in tests/contracts/hostile/command_line.py.

a command
  with a token that misbehaves it says what the cell says -> test_cell
a deployment that pays a token with a fee into the pool
  it is told, and nothing else is found -> test_a_fee_is_told
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from brownie import project

from dmo.core import words
from dmo.core.calls import make_call
from dmo.core.errors import BadInput
from dmo.deploy.artifacts import Artifact, load_artifacts
from dmo.deploy.check import CheckReport, check_deployment
from dmo.deploy.contracts import table
from dmo.deploy.handover import Handover
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from dmo.home.deployment import SYMBOL, load_book
from tests.contracts.hostile.command_line import CLAIMS, LACKS
from tests.support.claims import Claim, cells
from tests.support.cli_chain import NEW_TOKEN
from tests.support.deployments import ROOT
from tests.support.hostile import ALL_GAS, DECIMALS, HALF, MOODS, PAYEES
from tests.support.hostile_scene import UNIT, Scene, hostile_scene

ZERO = "0x" + "00" * 20
OWED = f"0x{0xC4ED:040x}"
LISTS = ("campaign list", "work list", f"credit show {OWED}")
WRAPPED = 'kind = "wrap"\naddress = "{}"\nname = "Held"\nsymbol = "HELD"\n'
CELLS = [cell for cell in cells(CLAIMS) if cell[2].verdict]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Iterator[Scene]:
    """With a credit that somebody was left when the token refused."""
    code = bytes.fromhex(project.get_loaded_projects()[0].HostileToken.bytecode)
    with hostile_scene(tmp_path_factory.mktemp("hostile"), code) as scene:
        scene.hand_in([[(OWED, 10_000)]])
        scene.tell("setBlocked(address,bool)", OWED, True)
        scene.ok("dmo work pay --yes", "carol")
        scene.tell("setBlocked(address,bool)", OWED, False)
        assert scene.credit(OWED) == 10 * UNIT
        scene.plain = [told(scene, one) for one in LISTS]
        yield scene


@pytest.fixture
def scene(built: Scene) -> Iterator[Scene]:
    with built.undone():
        yield built


def misbehave(scene: Scene, row: str) -> None:
    """From now on the token, or the payee of the credit, is as the row says."""
    escrow = scene.dmo.address("CampaignEscrow")
    if row in MOODS:
        scene.tell("setMood(uint8)", MOODS.index(row))
    elif row in ("fee", "late fee", "fee on top"):
        scene.tell("setFeeOnTop(uint16)" if row.endswith("top") else "setFee(uint16)", HALF)
    elif row == "blocks":
        scene.tell("setBlocked(address,bool)", OWED, True)
    elif row == "burns gas":
        scene.tell("setAppetite(address,uint256)", ZERO, ALL_GAS)
    elif row == "reenters":
        scene.tell("setCall(address,bytes)", escrow, b"\x00" * 4)
    elif row.startswith("rebases"):
        scene.tell("rebase(address,uint256)", escrow, 2 * scene.held(escrow) if row.endswith("up") else 0)
    elif row in PAYEES:
        scene.tell("setListener(address)", OWED)
        scene.chain.transport.request("anvil_setCode", [OWED, PAYEES[row]])


def token_of(scene: Scene, row: str) -> str:
    """The token of a row: another one, or the deployment's, which misbehaves from now on."""
    if row not in DECIMALS:
        misbehave(scene, row)
        return scene.token
    token = scene.create(DECIMALS[row])
    scene.tell("mint(address,uint256)", scene.deployer.address, 10**24, at=token)
    return token


def turn_into(scene: Scene, row: str) -> None:
    """The same, where the deployment stays: of another token the code alone."""
    if row in DECIMALS:
        request = scene.chain.transport.request
        request("anvil_setCode", [scene.token, request("eth_getCode", [token_of(scene, row), "latest"])])
    else:
        misbehave(scene, row)


@pytest.mark.parametrize(("column", "row", "claim"), CELLS, ids=[f"{column}-{row}" for column, row, _ in CELLS])
def test_cell(scene, tmp_path, monkeypatch, column, row, claim):
    monkeypatch.setattr(Handover, "findings", lambda self, root: ())  # of it the token knows nothing
    TRIED[column](scene, row, claim, tmp_path)


def as_budget(scene: Scene, row: str, claim: Claim, folder: Path) -> None:
    budget = {"budget": token_of(scene, row)}
    if claim.verdict == "refused":
        right = words.bad(claim.error[0], "budget.token", symbol="HOST", decimals=DECIMALS[row], most=18)
        with pytest.raises(BadInput) as told:
            plan(scene, folder, **budget)
        assert told.value.message == right.message
        return
    found = plan(scene, folder, **budget).plan.facts.budget
    assert found.decimals == DECIMALS.get(row, 6)
    assert 0 < len(found.symbol) <= SYMBOL
    assert found.symbol.isprintable()


def as_wrapped(scene: Scene, row: str, claim: Claim, folder: Path) -> None:
    votes = plan(scene, folder, token=WRAPPED.format(token_of(scene, row))).plan.facts.votes
    assert votes.decimals == DECIMALS.get(row, 6)
    assert votes.supply > 0


def plan(scene: Scene, folder: Path, token: str = "", pool: str = "", budget: str = "") -> DeployRun:
    """Plan a deployment beside the one that is there."""
    text = (scene.folder / "harbour.toml").read_text("utf-8")
    for old, new in ((NEW_TOKEN, token), (f'"{scene.token}"', budget and f'"{budget}"'), ("[budget]", pool)):
        assert old in text
        text = text.replace(old, new or old)
    (folder / "other.toml").write_text(text, "utf-8")
    (folder / "holders.csv").write_text((scene.folder / "holders.csv").read_text("utf-8"), "utf-8")
    return DeployRun.prepare(scene.chain, folder / "other.toml", scene.deployer.address, ROOT, folder, code())


@cache
def code() -> Mapping[str, Artifact]:
    """What comes out of the build folder."""
    return load_artifacts(ROOT / "build", table())


def checked(scene: Scene, row: str, claim: Claim, folder: Path) -> None:
    token, file = token_of(scene, row), scene.folder / "harbour.toml"
    book = scene.folder / "deployments" / "harbour.json"
    if row in DECIMALS:
        plan(scene, folder, budget=token).send(UnlockedSender(scene.chain, scene.deployer.address), is_rehearsed=True)
        file, book = folder / "other.toml", folder / "other.json"
    if row == "fee on top":
        dmo = scene.dmo
        scene.govern(make_call("CampaignEscrow", dmo.address("CampaignEscrow"), "withdrawPool", [10 * UNIT], ""))
    report = check(scene, file, book)
    assert differences(report) == (["CampaignEscrow: has what it owes"] if claim == LACKS else [])
    assert report.notes == []


def check(scene: Scene, file: Path, book: Path) -> CheckReport:
    return check_deployment(scene.chain, file, load_book(book, is_whole=True), ROOT, code())


def differences(report: CheckReport) -> list[str]:
    """Of what comes out of the build folder immutables are not known."""
    return [one.subject for one in report.differences if "immutables masked" not in one.subject]


def told(scene: Scene, command: str) -> Any:
    answer = scene.run(f"dmo {command} --format json", "carol")
    assert answer.code in (0, 10), answer.err
    return answer.json["data"]


def status(scene: Scene, row: str, claim: Claim, folder: Path) -> None:
    turn_into(scene, row)
    kinds = {one["kind"] for one in told(scene, "status")["items"]}
    assert ("deliver" in kinds) is (claim.verdict == "supported")


def lists(scene: Scene, row: str, claim: Claim, folder: Path) -> None:
    turn_into(scene, row)
    assert [told(scene, one) for one in LISTS] == scene.plain
    if row == "bomb":
        shown = "".join(scene.ok(f"dmo {one}", "carol").out for one in LISTS)
        assert len(shown) < 5_000
        assert "\x1b" not in shown


TRIED = {
    "deploy, as budget token": as_budget,
    "deploy, as the token that is wrapped": as_wrapped,
    "check": checked,
    "status": status,
    "lists": lists,
}


def test_a_fee_is_told(scene, tmp_path):
    """It is what the token does, and no fault of the deployment."""
    misbehave(scene, "fee")
    scene.tell("mint(address,uint256)", scene.deployer.address, 1_000 * UNIT)
    run = plan(scene, tmp_path, pool='[budget]\npool = "1,000"')
    run.send(UnlockedSender(scene.chain, scene.deployer.address), is_rehearsed=True)
    fee = "HOST takes a fee on transfer: of 1,000 HOST for the pool 500 HOST arrived, "
    fee += "and so it will be with all that is paid."
    assert run.fee_taken == fee
    report = check(scene, tmp_path / "other.toml", tmp_path / "other.json")
    assert differences(report) == []
    assert report.notes == [fee]
