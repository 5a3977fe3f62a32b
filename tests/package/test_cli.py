"""The command line without a chain: help, arguments, settings, accounts, faults."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from dmo.capabilities import registry
from dmo.core import words
from dmo.core.act import Act, Step
from dmo.core.calls import Call
from dmo.core.engine import Plan, Preview
from dmo.core.errors import BadInput, Declined, NetworkError, Refused
from dmo.core.explain import Words
from dmo.core.kinds import NUMBER, SHARE
from dmo.core.sender import Fees
from dmo.core.text import printable
from dmo.faces import cli, running, terminal
from dmo.faces.cli import main
from dmo.home.context import LocalFacts, book_path, chain_facts, local_facts, node_url
from dmo.home.home import Home, Options
from dmo.home.keystores import Keystores
from dmo.home.outputs import Failure, Success

ROOT = Path(__file__).resolve().parents[2]
KEY = b"\x07" * 32
OTHER = "0x00000000000000000000000000000000000000A1"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("DMO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DMO_HOME", str(tmp_path / "home"))
    (tmp_path / "deployments").mkdir()
    monkeypatch.chdir(tmp_path)


# ── help ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", sorted(registry()))
def test_help_teaches_by_an_example(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*path.split(), "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    said = words.command(path)
    assert said["help"] in shown
    for example in words.texts(said["example"]):
        assert example in shown


def test_acts_take_all_shared_options() -> None:
    for name, asked in registry().items():
        taken = {one.name for one in cli.command(name).params}
        assert {"shared_format", "shared_debug"} <= taken
        if issubclass(asked, Act):
            assert taken & {"shared_again", "again"}
            assert {f"shared_{one}" for one in ("calldata", "safe", "untried", "yes", "account", "rpc")} <= taken


@pytest.mark.parametrize(("line", "own"), [("--help", {"dmo.capabilities", "dmo.core.chain"}), ("due --help", set())])
def test_help_loads_nothing_heavy(line: str, own: set[str]) -> None:
    code = f"import sys; from dmo.faces.cli import main; main({line.split()}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    heavy = {"pydantic", "web3", "eth_account", "rich", "yaml", "brownie", "httpx", "sqlalchemy", "Crypto"}
    assert not loaded & (heavy | own)


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "dmo status" in capsys.readouterr().out
    assert main(["idea"]) == 0
    assert "post" in capsys.readouterr().out


def test_help_tells_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    for line, told in (
        ("bounty post", "How many submissions can be paid. [default: 1]"),
        ("idea post", "such as 10%. [default: 0%]"),
        ("idea new", "nothing is overwritten. [default: idea.md]"),
    ):
        assert main([*line.split(), "--help"]) == 0
        assert told in " ".join(capsys.readouterr().out.split())


# ── faults ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "idee", "idea pots", "idea post", "idea post x.md --ask", "status --no-such-option",
        "bounty show x", "bounty show 0", "status --format yaml", "idea show 3-7",
        "status --deployment nowhere", "account new ../x", "document verify none.md",
        "document get 0x12", "ballot cast", "work new x.md --kind song",
        "dispute new x.md --kind idea", "dispute commit 1 maybe", "dispute reveal",
        "dispute reveal 1 --all", "dispute reveal --all --salt-file x", "dispute show 0",
    ],
)  # fmt: skip
def test_bad_input_ends_with_two_and_one_sentence(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    said = capsys.readouterr()
    assert said.err.startswith("error: ")
    assert "Traceback" not in said.err
    if "yaml" in line:
        return
    assert main([*line.split(), "--format", "json"]) == 2
    said = capsys.readouterr()
    assert Failure.model_validate_json(said.out).error.message
    assert said.err == ""


def test_what_was_typed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bounty", "show", "-4"]) == 2
    assert "'-4' is no number" in capsys.readouterr().err


def test_what_is_mistyped_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["idee"])
    assert "'idea'" in capsys.readouterr().err
    main(["idea", "pots"])
    assert "'post'" in capsys.readouterr().err


def test_an_unexpected_fault_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the moon\nis blue")

    monkeypatch.setattr("dmo.home.keystores.Keystores.addresses", broken)
    assert main(["account", "list"]) == 1
    said = capsys.readouterr().err
    assert "the moon is blue" in said
    assert "--debug" in said
    assert "Traceback" not in said
    with pytest.raises(RuntimeError):
        main(["account", "list", "--debug"])


def test_a_no_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    said_no = Declined("Nothing was sent.", hint="Answer with a whole yes to send it.")
    assert terminal.report(said_no, as_json=False) == 1
    assert capsys.readouterr().err.splitlines() == [said_no.message, said_no.hint]


def test_a_missing_deployment_is_told_before_a_missing_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book(tmp_path, "one")
    line = ["token", "show", "--account", "lead", "--deployment"]
    assert main([*line, "tow"]) == 2
    assert "no deployment 'tow'" in capsys.readouterr().err
    monkeypatch.setenv("DMO_KEYSTORE_DIR", str(tmp_path))
    with pytest.raises(BadInput, match="no account 'lead'"):
        _ = Home(Options(deployment="one", account="lead")).me


def test_refusals_name_whom_they_know(tmp_path: Path) -> None:
    address = Keystores(tmp_path / "home/keystores").put("dave", KEY, "secret", iterations=1024)
    home = Home(Options(), SimpleNamespace(words=Words(), addresses={}))  # type: ignore[arg-type]
    refusal = Refused("CampaignEscrowNotLead", {"account": OTHER, "lead": address})
    said = home.explained(refusal)
    assert said.hint == f"Its lead is dave ({address})."
    assert OTHER in said.message


@pytest.mark.parametrize("yes", [False, True])
def test_whoever_is_asked_sees_what_is_sent(
    yes: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True, readline=lambda: "no"))
    monkeypatch.setattr(running, "fees_now", lambda _: Fees(0, 0))
    dmo = SimpleNamespace(chain_id=11155111, addresses={}, words=Words())
    dmo.chain = None
    home = Home(Options(account=OTHER), dmo)  # type: ignore[arg-type]
    home.__dict__["network"] = chain_facts(11155111)
    act = registry()["credit withdraw"]()
    step = Step(Call(OTHER, b"", 0, "Withdraw my credit"))
    ready = Preview(Plan(act, {}, (step,), ("Sends 5 PLAY.",)), (21_000,))  # type: ignore[arg-type]
    shared = {"yes": yes}
    screen = terminal.Screen(as_json=True)
    running._preview(home, screen, ready, OTHER, running._is_asked(home, shared))
    said = capsys.readouterr()
    assert said.out == ""
    assert ("Withdraw my credit" in said.err and "→ Sends 5 PLAY." in said.err) is not yes
    if yes:
        running.ask(home, shared)
    else:
        with pytest.raises(Declined):
            running.ask(home, shared)


def test_an_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dmo.home.keystores.Keystores.addresses", interrupted)
    assert main(["account", "list"]) == terminal.INTERRUPTED
    assert "Traceback" not in capsys.readouterr().err


def test_success_is_an_envelope(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["idea", "new", "a.md", "--format", "json"]) == 0
    answer = Success.model_validate_json(capsys.readouterr().out)
    assert answer.command == "idea new"
    assert Path("a.md").is_file()
    assert main(["idea", "new", "a.md"]) == 2


def test_hidden_letters_are_shown_as_such() -> None:
    assert printable("a\x1b[31mb\u202ec\n") == "a�[31mb�c\n"


# ── arguments ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("#3", 3), ("0", None), ("-1", None), ("x", None), ("3.0", None)]
)
def test_numbers_count_from_one(text: str, value: int | None) -> None:
    if value is not None:
        assert NUMBER.read(None, text) == value
        return
    with pytest.raises(BadInput):
        NUMBER.read(None, text)


def test_a_share_needs_its_unit() -> None:
    assert SHARE.read(None, "10%") == 1_000
    with pytest.raises(BadInput, match="no unit"):
        SHARE.read(None, "10")


# ── settings ────────────────────────────────────────────────────────────────────────────────────


def book(folder: Path, name: str, chain_id: int = 31337) -> Path:
    file = folder / "deployments" / f"{name}.json"
    file.write_text(json.dumps({"chain_id": chain_id, "contracts": {}}))
    return file


def test_the_only_deployment_is_taken(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no deployment yet"):
        book_path(None, {})
    only = book(tmp_path, "one")
    (tmp_path / "deployments/one.local.json").write_text("{}")
    (tmp_path / "deployments/one.journal.json").write_text("{}")
    assert book_path(None, {}) == only
    other = book(tmp_path, "two")
    with pytest.raises(BadInput, match="several"):
        book_path(None, {})
    assert book_path("two", {}) == other
    assert book_path(None, {"DMO_DEPLOYMENT": "two"}) == other
    assert book_path(str(other), {}) == other
    with pytest.raises(BadInput, match="no deployment 'three'") as caught:
        book_path("three", {})
    assert "run deploy" not in str(caught.value)
    with pytest.raises(BadInput, match=r"one, two; or make it: \./brownie run deploy main walkthrough"):
        book_path("walkthrough", {})


def test_a_local_file_names_this_machine_only(tmp_path: Path) -> None:
    file = book(tmp_path, "one")
    local = file.with_name("one.local.json")
    assert local_facts(file) == LocalFacts()
    local.write_text('{"rpc": "http://127.0.0.1:8545", "keystores": "../keys"}')
    facts = local_facts(file)
    assert facts.rpc == "http://127.0.0.1:8545"
    assert facts.keystores == tmp_path / "keys"
    for bad in ('{"rpc": "http://example.org"}', "[]", "{"):
        local.write_text(bad)
        with pytest.raises(BadInput):
            local_facts(file)


@pytest.mark.parametrize(
    ("rpc", "network", "chain", "local", "known", "expected"),
    [
        ("http://a", None, 1, "", {}, "http://a"),
        (None, "https://b", 1, "", {}, "https://b"),
        (None, "main-net", 1, "", {"DMO_RPC_MAIN_NET": "https://c"}, "https://c"),
        (None, None, 1, "http://127.0.0.1:1", {"DMO_RPC": "https://d"}, "http://127.0.0.1:1"),
        (None, None, 1, "", {"DMO_RPC": "https://d"}, "https://d"),
        (None, None, 31337, "", {}, "http://127.0.0.1:8549"),
        (None, None, 31337, "", {"DMO_PORT": "8568"}, "http://127.0.0.1:8568"),
        (None, "local", 1, "", {"DMO_PORT": "8568"}, "http://127.0.0.1:8568"),
    ],
)
def test_the_node_is_found(
    rpc: str | None, network: str | None, chain: int, local: str, known: dict[str, str], expected: str
) -> None:
    assert node_url(rpc, network, chain, LocalFacts(rpc=local), known) == expected


@pytest.mark.parametrize(
    ("chain", "rpc", "expected"),
    [
        (11155111, None, "play (this machine)"),
        (11155111, "http://127.0.0.1:2", "Sepolia"),
        (31337, None, "local chain"),
    ],
)
def test_the_play_chain_is_called_so(tmp_path: Path, chain: int, rpc: str | None, expected: str) -> None:
    file = book(tmp_path, "one", chain)
    file.with_name("one.local.json").write_text('{"rpc": "http://127.0.0.1:1"}')
    dmo = SimpleNamespace(chain_id=chain, addresses={})
    home = Home(Options(rpc=rpc, deployment=str(file)), dmo)  # type: ignore[arg-type]
    assert home.network.name == expected
    assert home.network.is_test


@pytest.mark.parametrize(("no_color", "bold"), [("1", False), ("", True)])
def test_no_color_is_heeded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], no_color: str, bold: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(terminal.Screen, "is_terminal", staticmethod(lambda: True))
    terminal.Screen(as_json=False).heading("Voted.")
    assert ("\x1b[1m" in capsys.readouterr().out) is bold


def test_no_node_is_ever_guessed() -> None:
    with pytest.raises(NetworkError, match="No node"):
        node_url(None, None, 1, LocalFacts(), {})
    with pytest.raises(NetworkError, match="no address"):
        node_url(None, "nowhere", 1, LocalFacts(), {})
    with pytest.raises(BadInput):
        node_url("ftp://x", None, 1, LocalFacts(), {})
    assert not chain_facts(999_999).is_test


def test_no_source_holds_the_address_of_a_node() -> None:
    pattern = re.compile(r"https?://(?!eips\.|www\.w3\.)[a-z0-9.-]+\.(?:com|io|org|net|xyz)\b")  # a standard is no node
    for file in [*(ROOT / "dmo/faces").glob("*.py"), ROOT / "dmo/home/context.py"]:
        assert not pattern.search(file.read_text()), file.name


# ── accounts ────────────────────────────────────────────────────────────────────────────────────


def test_a_keystore_is_written_and_opened(tmp_path: Path) -> None:
    stores = Keystores(tmp_path / "keys")
    address = stores.put("alice", KEY, "secret", iterations=1024)
    file = tmp_path / "keys/alice.json"
    assert file.stat().st_mode & 0o077 == 0
    assert stores.addresses() == {"alice": address}
    assert stores.unlock("alice", lambda _: "secret").address == address
    with pytest.raises(BadInput, match="password"):
        stores.unlock("alice", lambda _: "wrong")
    with pytest.raises(BadInput, match="already"):
        stores.put("alice", KEY, "secret", iterations=1024)
    with pytest.raises(BadInput, match="no account 'bob'"):
        stores.address("bob")
    file.write_text("[]")
    assert stores.addresses() == {}


@pytest.mark.parametrize("key", ["", "0x12", "zz" * 32, "00" * 32])
def test_a_bad_key_is_refused_and_not_repeated(
    key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DMO_PRIVATE_KEY", key)
    monkeypatch.setenv("DMO_PASSWORD", "secret")
    assert main(["account", "import", "x"]) == 2
    said = capsys.readouterr()
    assert not key or key not in said.out + said.err


def test_a_typed_password_is_long_and_typed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DMO_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for typed, why in ((["short"], "is short"), (["four words do it", "four words did it"], "differ"), ([""], "empty")):
        monkeypatch.setattr("getpass.getpass", lambda *_, typed=typed, **__: typed.pop(0))
        assert main(["account", "new", "x"]) == 2
        assert why in capsys.readouterr().err
    assert not list(tmp_path.rglob("x.json"))


def test_nobody_waits_for_a_password_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", open(os.devnull, encoding="utf-8"))  # noqa: SIM115, PTH123
    assert main(["account", "new", "x"]) == 2
    assert "DMO_PASSWORD" in capsys.readouterr().err
