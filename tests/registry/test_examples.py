"""One story in which every example of the words is typed, with the chain that it needs.

given every example of every act and query
├── it runs
├── an act's script sends the same calls as its command
├── an act calls what it says it calls, so that a page can compare
├── every placeholder of its sentences is a field, a fact or told
└── its JSON is as its schema says
given an act that is declared here alone: command, script and event work; a placeholder of nothing is found
given a command that reads: it fills the envelope
given a refusal, a dead node, a chain that others share: nothing is sent unasked
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from dmo.capabilities import registry
from dmo.core import abi, files, words
from dmo.core.abi.codec import encode
from dmo.core.act import Act
from dmo.core.calls import make_call
from dmo.faces import script
from dmo.faces.web.guardbook import act_entry
from dmo.home.outputs import Failure, Success
from tests.registry.chapters import CHAPTERS
from tests.registry.planted import WORDS, planted
from tests.registry.story import Story
from tests.registry.watching import Watch
from tests.support.cli_chain import Stage, anvil, funded_stage
from tests.support.deployments import ROOMS

# `dmo replay` starts a chain of its own, `dmo book add` asks the web; both have tests of their own;
# `dmo index run`, `dmo keeper run`, `dmo notice run`, `dmo web` and `dmo mcp` do not end
ELSEWHERE = {"replay", "book add", "index run", "keeper run", "notice run", "web", "mcp"}
SENTENCES = ("call", "effect", "done", "next")
START = 1_795_392_000
"""23 November 2026: examples name days of 2027, which the machine's calendar will leave behind."""


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, watch: Watch) -> Iterator[Story]:
    with funded_stage(tmp_path_factory.mktemp("cli"), f"--timestamp={START}", rooms=ROOMS) as stage:
        story = Story(stage, watch.before)
        with watch.watching():
            for chapter in CHAPTERS:
                chapter(story)
        yield story


def test_every_example_of_the_words_runs(play: Story) -> None:
    wanted = {
        example
        for name in registry()
        for example in words.texts(words.command(name).get("example"))
        if name not in ELSEWHERE
    }
    assert wanted - set(play.typed) == set()


def proposed() -> set[str]:
    """Acts whose examples propose them: governance alone may."""
    return {
        name
        for name in Act.registry
        if all(
            example.startswith("dmo govern propose") and re.search(f'"{name}[ "]', example)
            for example in words.texts(words.command(name).get("example"))
        )
    }


def test_a_script_sends_what_the_command_sends(play: Story, watch: Watch) -> None:
    assert watch.differences == []
    assert set(Act.registry) - watch.scripted == proposed()


def test_calls_are_what_acts_say_of_them(play: Story, watch: Watch) -> None:
    assert watch.unlike == []
    covered = {name for name, one in Act.registry.items() if act_entry(one)}
    assert covered - watch.compared == proposed() & covered


def test_machines_are_told_what_the_schema_says(play: Story, watch: Watch) -> None:
    assert watch.faults == []


def test_every_placeholder_is_known(play: Story, watch: Watch) -> None:
    assert watch.unknown == set()
    unknown = set()
    for name, one in Act.registry.items():
        known = watch.known["govern propose" if name in proposed() else name]
        for key in SENTENCES:
            for sentence in words.texts(words.command(name).get(key)):
                asked = {placeholder.partition(".")[0] for placeholder in words.names_in(sentence)}
                unknown |= {(name, each) for each in asked - known - set(one.tells)}
    assert unknown == set()


def test_a_planted_act_is_done_by_command_and_script(play: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = play.stage
    book = stage.folder / "deployments" / "harbour.json"
    lantern = json.loads(book.read_text())
    escrow = lantern["contracts"]["Lantern"] = lantern["contracts"]["CampaignEscrow"]
    manager, everybody = stage.dmo.address("AccessManager"), 2**64 - 1
    opening = (escrow["address"], [abi.entry("CampaignEscrow", "deposit").selector], everybody)
    stage.govern(make_call("AccessManager", manager, "setTargetFunctionRole", opening, "Let everybody deposit"))
    monkeypatch.setattr(files, "read_text", _reading(book, json.dumps(lantern)))
    with planted(monkeypatch):
        command = "dmo campaign lantern 5"
        calls = stage.ok(f"{command} --calldata --format json").json["data"]["calls"]
        assert calls[-1]["to"] == escrow["address"]
        answer = Success.model_validate(stage.ok(f"{command} --format json").json)
        assert (answer.data["amount"], len(answer.transactions)) == ("5000000", 2)
        assert "Lit the lantern with 5 PLAY." in stage.ok(command).out
        home = stage.home()
        home.names.key = lambda: stage.keys["alice"]
        with redirect_stdout(io.StringIO()) as out:
            script.run(home, "campaign lantern", ["amount=2.5"])
        assert "Lit the lantern with 2.5 PLAY." in out.getvalue()


def test_an_unknown_placeholder_is_found(play: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    book = play.stage.folder / "deployments" / "harbour.json"
    found = Watch()
    lantern = json.loads(book.read_text())
    lantern["contracts"]["Lantern"] = lantern["contracts"]["CampaignEscrow"]
    monkeypatch.setattr(files, "read_text", _reading(book, json.dumps(lantern)))
    with planted(monkeypatch, WORDS.replace("be put out", "outshine {moon}")), found.watching():
        play.stage.ok("dmo campaign lantern 5 --calldata")
    assert found.unknown == {("", "moon")}


def _reading(book: Path, text: str) -> Callable[[Path | str, int], str]:
    """How files are read, of which one has another text."""
    read = files.read_text

    def read_text(path: Path | str, most: int) -> str:
        return text if Path(path) == book else read(path, most)

    return read_text


READS = (
    *("status", "due", "idea show 1/3", "idea list 1", "ballot show", "round show 1"),
    *("campaign show 1", "campaign list", "bounty show 1", "bounty list --all", "work show 1"),
    *("work list", "work list --all"),
    *("credit show", "token show", "govern list", "points show", "points board", "account list"),
    *("dispute show 6", "dispute show 7 --all", "dispute list --all", "work show 7"),
)


@pytest.mark.parametrize("command", READS)
def test_reads_fill_the_envelope(play: Story, command: str) -> None:
    result = play.stage.run(f"dmo {command} --format json")
    assert result.code in (0, 10), result.out
    answer = Success.model_validate(result.json)
    assert answer.command == " ".join(command.split()[: 1 if command in ("status", "due") else 2])
    assert answer.deployment == ("harbour" if not command.startswith("account") else "")
    assert result.err == ""
    if command in ("status", "due"):
        assert all(one["text"] for one in answer.data["items"])


def test_untried_calldata_needs_no_account(play: Story) -> None:
    folder = play.stage.folder / "nobody"
    folder.mkdir(exist_ok=True)
    result = play.stage.run(
        "dmo token delegate 0x00000000000000000000000000000000000000A1 --untried --format json",
        DMO_ACCOUNT="",
        DMO_KEYSTORE_DIR=str(folder),
    )
    assert result.code == 0
    call = result.json["data"]["calls"][0]
    assert set(call) == {"to", "value", "data", "description"}
    assert call["to"] == play.stage.dmo.votes_address


def test_a_refusal_is_explained_and_nothing_is_sent(play: Story) -> None:
    before = play.stage.chain.nonce(play.stage.address("carol"))
    result = play.stage.run("dmo work accept 1 --unseen --format json", "carol")
    assert result.code == 1
    failure = Failure.model_validate(result.json)
    assert failure.error.code.startswith("CampaignEscrow")
    assert failure.error.message
    assert failure.error.hint
    assert play.stage.chain.nonce(play.stage.address("carol")) == before


def test_a_dead_node_is_a_network_error(play: Story) -> None:
    result = play.stage.run("dmo status --rpc http://127.0.0.1:9 --format json")
    assert result.code == 3
    assert Failure.model_validate(result.json)


def test_a_shared_chain_asks(tmp_path: Path) -> None:
    with anvil(11155111) as (chain, url):
        stage = Stage(chain, url, tmp_path)
        stage.deploy(budget=f'token = "{_token(chain)}"')
        result = stage.run("dmo token delegate bob")
        assert result.code == 2
        assert "--yes" in result.err
        assert chain.nonce(stage.address("alice")) == 0
        assert stage.ok("dmo token delegate bob --yes").code == 0


def _token(chain: object) -> str:
    from dmo.deploy.artifacts import load_artifacts
    from tests.support.cli_chain import ROOT

    artifact = load_artifacts(ROOT / "build", ("Stablecoin",))["Stablecoin"]
    data = artifact.creation + encode(["string", "string", "uint8"], ["Play", "PLAY", 6])
    deployer = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
    request = chain.transport.request  # type: ignore[attr-defined]
    tx = request("eth_sendTransaction", [{"from": deployer, "data": "0x" + data.hex()}])
    return str(chain.wait(tx).contract_address)  # type: ignore[attr-defined]
