"""The wheel of a release in an empty environment, without the clone: what the README says to holders, as printed.

given a release
├── when it is built twice: the same bytes, and the checksums say them
├── it carries every file of the package, and the contracts
└── when its wheel is installed where nothing of the clone is
    ├── the README's section for holders runs as printed, from the address book to the payment
    ├── ballots are signed and relayed, reports, verification files and replays are written
    └── when something is missing: what it says speaks of nothing that only a clone has
given an address book of somebody
├── when it is named by its address on the web: it is compared once, and kept
├── when one of its addresses is exchanged: it is refused, and says which
├── when it is no board's address: it is refused
└── when it is that of a false board, which names the true escrow: it is refused
"""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from dmo.core.calls import make_call
from dmo.core.sender import KeySender
from dmo.deploy.artifacts import encode_values, load_artifacts
from dmo.deploy.sender import UnlockedSender
from dmo.deploy.shipped import FILE
from tests.support.cli_chain import DAY, PASSWORD, ROOT, Stage, filled, funded_stage
from tools import release
from tools.walkthrough import Command, commands, script, section

HEADING = "## Taking part"
PARTS = ["AccessManager", "BudgetToken", "CampaignEscrow", "DisputeDesk", "HolderGovernor", "HolderToken", "Jury"]
PARTS += ["Lens", "Reputation", "Treasury"]
SITE = next((ROOT / ".venv" / "lib").glob("python3*/site-packages"))
HOLDERS = f"address,tokens\n{'0x' + '11' * 20},700\n{'0x' + '22' * 20},300\n"
VOTES = f"proposal,opened_at,voter,choice\n1,2025-01-06T09:00:00Z,{'0x' + '11' * 20},yes\n"
REPLAY = "dmo replay --holders holders.csv --votes votes.csv"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    release.build(folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


class Away:
    """A machine with Python, a network of its own, and nothing of this clone."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        tools = folder / "tools"
        tools.mkdir()
        python = Path(os.path.realpath(ROOT / ".venv" / "bin" / "python"))
        self.script(tools / "python3", f'exec "{python}" "$@"')
        large = " --disable-code-size-limit" if os.environ.get("DMO_PIPELINE") == "legacy" else ""
        self.script(tools / "anvil", f'exec "{python}" "{ROOT / "tools/bin/anvil"}" "$@"{large}')
        self.script(tools / "editor", f'cat "{folder / "written.md"}" >"$1"')
        (folder / "home").mkdir()
        (folder / "home/holders.csv").write_text(HOLDERS)
        (folder / "home/votes.csv").write_text(VOTES)
        self.environment = {
            "PATH": f"{tools}:/usr/bin:/bin",
            "HOME": str(folder / "home"),
            "PYTHONPATH": str(SITE),  # what the wheel depends on; not the clone, which a .pth file there names
            # What is compiled once for all commands, as for all other tests.
            "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX") or str(folder / "compiled"),
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_COMPILE": "1",  # what runs is compiled as it is run
            "EDITOR": str(tools / "editor"),
            "DMO_PASSWORD": PASSWORD,
            "COLUMNS": "120",
            "LC_ALL": "C.UTF-8",
            "WHEEL": f"{wheel.as_uri()}#sha256={hashlib.sha256(wheel.read_bytes()).hexdigest()}",
        }

    @staticmethod
    def script(file: Path, text: str) -> None:
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)

    def run(self, text: str) -> subprocess.CompletedProcess[str]:
        """Run lines of a shell that goes on where the last one ended."""
        kept = self.folder / "exported"
        before = f". {kept}\n" if kept.exists() else ""
        return subprocess.run(
            ["bash", "-c", f"{before}{text}\nexport -p >{kept}"],
            cwd=self.folder / "home",
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def types(self, found: Sequence[Command]) -> str:
        """Run commands of the README, each of which has to end as it says."""
        done = self.run(script(list(found)))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def says(self, line: str, code: int = 0) -> str:
        done = self.run(f"{line}; exit $?")
        assert done.returncode == code, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with funded_stage(tmp_path_factory.mktemp("stage")) as stage:
        stage.ok("book show --out harbour.json")
        yield stage


@pytest.fixture(scope="module")
def served(stage: Stage) -> Iterator[str]:
    """The address book on the web."""
    (stage.folder / "web").mkdir()
    book = (stage.folder / "harbour.json").read_bytes()
    assert len(book) < 5_500
    (stage.folder / "web" / "harbour.json").write_bytes(book)
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(stage.folder / "web"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/harbour.json"
        server.shutdown()


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory, wheel: Path, stage: Stage, served: str) -> Away:
    """After the README's section for holders."""
    away = Away(tmp_path_factory.mktemp("away"), wheel)
    away.environment |= {"BOOK": served, "DMO_RPC": stage.url}
    found = commands(section((ROOT / "README.md").read_text("utf-8"), HEADING))
    starts = [
        place for place, one in enumerate(found) if one.text.startswith(("dmo status", "dmo bounties", "dmo pay"))
    ]
    assert len(starts) == 3
    install, vote, work, pay = (found[a:b] for a, b in zip([0, *starts], [*starts, None], strict=True))

    told = away.types(install)
    assert told.count("this release's") == 13
    me = json.loads((away.folder / "home/.dmo/keystores/anna.json").read_text())["address"]
    _give(stage, me)
    _post_idea(stage)
    assert "Radio" in away.types(vote)
    _fund_and_post_bounty(stage)
    (away.folder / "written.md").write_text(filled("evidence", "Recorded", worker=me))
    away.types(work)
    stage.ok("accept 1", "carol")
    stage.later(DAY)
    held = stage.chain.call("ERC20", stage.dmo.budget_address, "balanceOf", me)
    away.types(pay)
    got = stage.chain.call("ERC20", stage.dmo.budget_address, "balanceOf", me) - held
    assert got == 330 * 10**6  # the reward and the bond
    return away


def _give(stage: Stage, to: str) -> None:
    """Votes, some of the budget token for a bond, and coins."""
    sender = KeySender(stage.chain, stage.keys["alice"])
    for token, units in ((stage.dmo.votes_address, 100_000 * 10**18), (stage.dmo.budget_address, 100 * 10**6)):
        sender.send(make_call("ERC20", token, "transfer", [to, units], "Give"))
    stage.chain.transport.request("anvil_setBalance", [to, hex(10**20)])


def _post_idea(stage: Stage) -> None:
    stage.round_starts(1)
    (stage.folder / "idea.md").write_text(filled("idea", "Radio in the harbour"))
    stage.ok("idea post idea.md --ask 1500 --duration 21d --lead carol", "bob")
    stage.round_starts(2)


def _fund_and_post_bounty(stage: Stage) -> None:
    for person in ("alice", "bob", "carol"):
        stage.ok("vote +1", person)
    stage.round_starts(3)
    stage.ok("settle")
    (stage.folder / "brief.md").write_text(filled("brief", "Two minutes of radio"))
    stage.ok("bounty post 1 brief.md --reward 300 --until +7d", "carol")


def test_the_same_sources_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = release.build(tmp_path / "again")
    assert {file.name: file.read_bytes() for file in again} == {
        file.name: file.read_bytes() for file in built.iterdir()
    }
    sums = dict(line.split("  ")[::-1] for line in (built / release.SUMS).read_text().splitlines())
    assert set(sums) == {file.name for file in built.iterdir()} - {release.SUMS}
    assert all(hashlib.sha256((built / name).read_bytes()).hexdigest() == value for name, value in sums.items())


def test_the_wheel_holds_the_package_whole(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/") and ".dist-info/" not in name}
    listed = subprocess.run(["git", "ls-files", "dmo"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert held >= {*listed.stdout.split()} | {f"dmo/deploy/{FILE}"}
    assert all(name.startswith("dmo/") for name in held)


def test_the_readme_s_section_for_holders_runs_as_printed(away: Away, stage: Stage) -> None:
    at = away.says("python3 -c 'import dmo; print(dmo.__file__)'").strip()
    assert at.startswith(str(away.folder))
    assert "dmo 0" in away.says("dmo --version")
    assert (away.folder / "home/.dmo/deployments/harbour.json").stat().st_size < 7_500
    assert "Recorded" in away.says("dmo work show 1")


def test_everything_but_deploying_works(away: Away, stage: Stage) -> None:
    board = stage.dmo.address("IdeaBoard")
    assert "this release's" in away.says(f"dmo book add {board} --name found")
    assert "this release's" in away.says(f"dmo book show --deployment {board}")
    assert "Radio" in away.says("dmo idea show 1 --deployment found")
    away.says("dmo report --out report.html --deployment harbour")
    away.says(f"dmo token delegate anna --account {stage.address('bob')} --safe batch.json --deployment harbour")
    assert json.loads((away.folder / "home/batch.json").read_text())["transactions"][0]["to"] == stage.dmo.votes_address
    away.says("dmo status --calendar dmo.ics --deployment harbour || test $? = 10")
    assert "harbour: the vote of round 3 ends" in (away.folder / "home/dmo.ics").read_text()
    assert "Wrote 13 contracts" in away.says("dmo verify --out verify --deployment harbour")
    assert (away.folder / "home/verify/IdeaBoard.input.json").stat().st_size > 100_000
    away.says(f"{REPLAY} --out replay.json")
    assert json.loads((away.folder / "home/replay.json").read_text())["ballots"] == 1


def test_what_is_missing_is_said_to_people_without_a_clone(away: Away) -> None:
    said = away.says("DMO_DEPLOYMENTS=$HOME/none dmo status", 2)
    said += away.says("dmo status --deployment none", 2)
    said += away.says("dmo status --deployment harbour --rpc http://127.0.0.1:9", 3)
    said += away.says(f"PATH=$(dirname $(which dmo)):/usr/bin:/bin {REPLAY} --out again.json", 2)
    assert "dmo book add" in said
    assert "anvil" in said
    assert "brownie" not in said
    assert "make " not in said


def test_a_book_on_the_web_is_compared_and_kept(stage: Stage, served: str) -> None:
    elsewhere = {
        "DMO_DEPLOYMENTS": str(stage.folder / "empty"),
        "DMO_RPC": stage.url,
        "DMO_ACCOUNT": "",
        "DMO_YES": "1",
    }
    first = stage.ok(["campaign", "list", "--deployment", served], **elsewhere).out
    assert first.strip()
    gone = served.replace("harbour.json", "gone.json")
    assert "HTTP 404" in stage.ok(["campaign", "list", "--deployment", gone], code=3, **elsewhere).err
    (stage.folder / "web" / "harbour.json").rename(stage.folder / "web" / "moved.json")
    assert stage.ok(["campaign", "list", "--deployment", served], **elsewhere).out == first
    (stage.folder / "web" / "moved.json").rename(stage.folder / "web" / "harbour.json")


@pytest.mark.parametrize("name", PARTS)
def test_a_book_with_an_address_exchanged_is_refused(stage: Stage, tmp_path: Path, name: str) -> None:
    book = json.loads((stage.folder / "harbour.json").read_text())
    others = [one["address"] for key, one in book["contracts"].items() if key not in (name, "IdeaBoard")]
    book["contracts"][name]["address"] = others[0]
    (tmp_path / "false.json").write_text(json.dumps(book))
    there = str(tmp_path / "deployments")
    said = stage.run(["book", "add", str(tmp_path / "false.json")], DMO_DEPLOYMENTS=there, DMO_RPC=stage.url)
    assert said.code == 1
    assert name in said.err
    assert others[0] in said.err
    assert not (tmp_path / "deployments").exists()


def test_a_contract_of_other_code_is_told(stage: Stage, tmp_path: Path) -> None:
    code = stage.chain.code(stage.dmo.address("Lens"))
    stage.chain.transport.request("anvil_setCode", [stage.dmo.address("Lens"), "0x" + code.hex() + "00"])
    said = stage.ok("book show")
    stage.chain.transport.request("anvil_setCode", [stage.dmo.address("Lens"), "0x" + code.hex()])
    assert "Lens: other code" in said.out
    assert "other code" not in stage.ok("book show").out


@pytest.mark.parametrize("what", ["CampaignEscrow", "HolderToken", ""])
def test_what_is_no_board_is_refused(stage: Stage, what: str) -> None:
    address = stage.dmo.address(what) if what else "0x" + "11" * 20
    said = stage.run(["book", "add", address], DMO_DEPLOYMENTS=str(stage.folder / "empty"), DMO_RPC=stage.url)
    assert said.code in (2, 3)
    assert "no board" in said.err or "there is no contract" in said.err


def test_a_false_board_before_the_true_escrow_is_refused(stage: Stage) -> None:
    made = load_artifacts(ROOT / "build", ["AccessManager", "IdeaBoard"])
    me = stage.address("dave")
    stage.chain.transport.request("anvil_impersonateAccount", [me])

    def create(name: str, *arguments: object) -> str:
        data = made[name].creation + encode_values(made[name].parameters, arguments)
        receipt = stage.chain.wait(UnlockedSender(stage.chain, me).send(None, data, stage.chain.nonce(me)))
        return str(receipt.contract_address)

    _, *arguments = json.loads((stage.folder / "harbour.json").read_text())["contracts"]["IdeaBoard"]["args"]
    arguments[3]["origin"] = stage.chain.now() + DAY  # as a board is made
    board = create("IdeaBoard", create("AccessManager", me), *arguments)
    said = stage.run(["book", "add", board], DMO_DEPLOYMENTS=str(stage.folder / "empty"), DMO_RPC=stage.url)
    assert said.code == 1
    assert f"CampaignEscrow says that AccessManager is at {stage.dmo.address('AccessManager')}" in said.err
