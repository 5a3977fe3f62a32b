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

from dmo.cli import act, faults, main, reading, screen, texts
from dmo.cli.app import ALONE, NOUNS, SHORT, command_of
from dmo.cli.options import ACT
from dmo.cli.session import Options, Session
from dmo.client.ideas import Tally
from dmo.core.calls import Call
from dmo.core.errors import BadInput, Declined, NetworkError, Refused
from dmo.core.explain import Words
from dmo.core.text import printable
from dmo.home.ballots import Choice
from dmo.home.context import LocalFacts, book_path, chain_facts, local_facts, node_url
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


def commands() -> dict[str, object]:
    found: dict[str, object] = {name: command_of(name) for name in ALONE}
    for noun in NOUNS:
        for verb, command in command_of(noun).commands.items():
            found[f"{noun} {verb}"] = command
    return found


# ── help ────────────────────────────────────────────────────────────────────────────────────────


def test_every_text_has_its_command_and_the_other_way_round() -> None:
    assert set(commands()) == set(texts.COMMANDS)


def test_every_command_is_in_a_group() -> None:
    assert {name for _, names in texts.GROUPS for name in names} == {*NOUNS, *ALONE}


@pytest.mark.parametrize("path", sorted(texts.COMMANDS))
def test_help_teaches_by_an_example(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*path.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    summary, examples, _ = texts.COMMANDS[path]
    flat = " ".join(shown.split())
    assert summary in flat
    assert examples
    for example in examples:
        assert example in shown
        assert example.split()[0] == "dmo"


def test_short_forms_name_commands() -> None:
    known = commands()
    assert all(" ".join(long) in known for long in SHORT.values())
    assert not set(SHORT) & {*NOUNS, *ALONE}


def test_acts_take_all_shared_options() -> None:
    acts = {"idea post", "ballot cast", "work pay", "credit withdraw", "govern execute"}
    acts |= {f"dispute {verb}" for verb in ("open", "evidence", "commit", "reveal", "rule", "pay")}
    for path, command in commands().items():
        names = {one.name for one in command.params}  # type: ignore[attr-defined]
        assert {"form", "debug"} <= names
        if path in acts:
            assert set(ACT) <= names


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from dmo.cli import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    heavy = {"pydantic", "web3", "eth_account", "rich", "yaml", "brownie", "dmo.core.chain"}
    assert not loaded & heavy


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "dmo status" in capsys.readouterr().out
    assert main(["idea"]) == 0
    assert "post" in capsys.readouterr().out


def test_the_reference_is_up_to_date() -> None:
    tool = ROOT / "tools/generate_cli_docs.py"
    assert subprocess.run([sys.executable, str(tool), "--check"], check=False).returncode == 0


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
def test_bad_input_ends_with_two_and_one_sentence(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
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


def test_what_is_mistyped_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["idee"])
    assert "'idea'" in capsys.readouterr().err
    main(["idea", "pots"])
    assert "'post'" in capsys.readouterr().err


def test_an_unexpected_fault_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
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
    said_no = Declined(texts.NOT_SENT, hint=texts.NOT_SENT_HINT)
    assert faults.report(said_no, as_json=False) == 1
    assert capsys.readouterr().err.splitlines() == [texts.NOT_SENT, texts.NOT_SENT_HINT]


def test_a_missing_deployment_is_told_before_a_missing_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(tmp_path, "one")
    with pytest.raises(BadInput, match="no deployment 'tow'"):
        _ = Session("status", Options(deployment="tow", account="lead")).me
    with pytest.raises(BadInput, match="no account 'lead'"):
        _ = Session("status", Options(deployment="one", account="lead")).me
    monkeypatch.setenv("DMO_KEYSTORE_DIR", str(tmp_path))
    with pytest.raises(BadInput, match="no account 'lead'"):
        _ = Session("status", Options(deployment="tow", account="lead")).me


def test_refusals_name_whom_they_know(tmp_path: Path) -> None:
    address = Keystores(tmp_path / "home/keystores").put("dave", KEY, "secret", iterations=1024)
    session = Session("work accept", Options())
    session.words = Words()
    refusal = Refused("CampaignEscrowNotLead", {"account": OTHER, "lead": address})
    said = session.explained(refusal)
    assert said.hint == f"Its lead is dave ({address})."
    assert OTHER in said.message


def test_no_approval_is_paid_for_a_bond_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"balance": 9, "allowance": 10}
    for name, amount in held.items():
        monkeypatch.setattr(f"dmo.client.tokens.{name}", lambda *_, it=amount: it)
    token = SimpleNamespace(address=OTHER, symbol="PLAY", decimals=0)
    session = Session("work submit", Options(account=OTHER))
    session.dmo = SimpleNamespace(addresses={}, words=Words())  # type: ignore[assignment]
    with pytest.raises(Refused, match="holds 9 PLAY and needs 10 PLAY") as refused:
        act.approval(session, token, OTHER, 10)
    assert refused.value.arguments == {"account": OTHER, "balance": 9, "needed": 10}
    assert session.explained(refused.value) is refused.value
    assert act.approval(session, token, OTHER, 9) == []


@pytest.mark.parametrize("yes", [False, True])
def test_whoever_is_asked_sees_what_is_sent(
    yes: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True, readline=lambda: "no"))
    monkeypatch.setattr(act, "_fee", lambda _: 0)
    session = Session("credit withdraw", Options(form="json", yes=yes))
    session.dmo = SimpleNamespace(chain_id=11155111, addresses={})  # type: ignore[assignment]
    session.network = chain_facts(11155111)
    step = act.Step(Call(OTHER, b"", 0, "Withdraw my credit"))
    act._preview(session, [step], OTHER, [21_000], ["Sends 5 PLAY."])
    said = capsys.readouterr()
    assert said.out == ""
    assert ("Withdraw my credit" in said.err and "→ Sends 5 PLAY." in said.err) is not yes
    if not yes:
        with pytest.raises(Declined):
            act._ask(session)


def test_an_interruption_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dmo.home.keystores.Keystores.addresses", interrupted)
    assert main(["account", "list"]) == faults.INTERRUPTED
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
    ("words", "in_favour", "against", "expected"),
    [
        (["3", "+1", "~2"], None, None, (3, "+1 -2")),
        (["+1", "−2"], None, None, (None, "+1 -2")),
        (["3"], "1, 4", "2", (3, "+1 +4 -2")),
        ([], None, None, (None, "")),
    ],
)
def test_choices_are_read(
    words: list[str], in_favour: str | None, against: str | None, expected: tuple[int | None, str]
) -> None:
    round_number, found = reading.choices(words, in_favour, against)
    assert (round_number, " ".join(map(str, found))) == expected
    assert all(isinstance(one, Choice) for one in found)


@pytest.mark.parametrize("words", [["+0"], ["x"], ["+1", "3"], ["++1"], ["+1.5"], ["+123456"]])
def test_bad_choices_are_refused(words: list[str]) -> None:
    with pytest.raises(BadInput):
        reading.choices(words, None, None)


@pytest.mark.parametrize("text", ["3", "3/", "0/1", "3/0", "a/b", "3/7/1", "3-7"])
def test_bad_ideas_are_refused(text: str) -> None:
    assert reading.idea_ref("3/7") == (3, 7)
    with pytest.raises(BadInput):
        reading.idea_ref(text)


def test_a_share_needs_its_unit() -> None:
    assert reading.bps("10%", "--fee") == 1_000
    with pytest.raises(BadInput, match="no unit"):
        reading.bps("10", "--fee")


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
    with pytest.raises(
        BadInput, match=r"one, two; or make it: \./brownie run deploy main walkthrough"
    ):
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
    rpc: str | None,
    network: str | None,
    chain: int,
    local: str,
    known: dict[str, str],
    expected: str,
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
def test_the_play_chain_is_called_so(
    tmp_path: Path, chain: int, rpc: str | None, expected: str
) -> None:
    file = book(tmp_path, "one", chain)
    file.with_name("one.local.json").write_text('{"rpc": "http://127.0.0.1:1"}')
    session = Session("status", Options(rpc=rpc))
    assert session.network.name == expected
    assert session.network.is_test


@pytest.mark.parametrize(
    ("tally", "campaign", "settled", "past", "expected"),
    [
        (Tally(5, 1, 1, False, True), 3, True, False, "funded: campaign 3"),
        (Tally(5, 1, 1, False, True), 0, True, False, "passed, did not fit"),
        (Tally(1, 5, 1, False, False), 0, True, True, "did not pass"),
        (Tally(5, 1, 1, False, True), 0, False, True, "passed, never settled"),
        (Tally(5, 1, 1, False, True), 0, False, False, "passing"),
        (Tally(1, 5, 1, False, False), 0, False, False, ""),
        (Tally(5, 1, 1, True, True), 0, True, True, "withdrawn"),
    ],
)
def test_what_became_of_an_idea_is_said(
    tally: Tally, campaign: int, settled: bool, past: bool, expected: str
) -> None:
    assert texts.state_of(tally, campaign, settled, past) == expected


def test_a_refusal_names_the_submission_beside_the_dispute() -> None:
    session = Session("dispute reveal", Options())
    session.words = Words()
    session.cases[1] = 2
    arguments = {"disputeID": 1, "nowSeconds": 5, "from": 7, "until": 9}
    said = session.explained(Refused("JuryNotRevealing", arguments)).message
    assert said == "Rulings on dispute 1 (about submission 2) cannot be revealed now."


@pytest.mark.parametrize("number", [0, 1, 2])
def test_one_is_no_plural(number: int) -> None:
    expected = {0: "0 ideas", 1: "1 idea", 2: "2 ideas"}[number]
    assert texts.counted(number, texts.IDEAS_COUNTED) == expected


@pytest.mark.parametrize(("no_color", "bold"), [("1", False), ("", True)])
def test_no_color_is_heeded(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    no_color: str,
    bold: bool,
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(screen.Screen, "is_terminal", staticmethod(lambda: True))
    screen.Screen(as_json=False).heading("Voted.")
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
    pattern = re.compile(r"https?://[a-z0-9.-]+\.(?:com|io|org|net|xyz)\b")
    for file in [*(ROOT / "dmo/cli").glob("*.py"), ROOT / "dmo/home/context.py"]:
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


def test_nobody_waits_for_a_password_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", open(os.devnull, encoding="utf-8"))  # noqa: SIM115, PTH123
    assert main(["account", "new", "x"]) == 2
    assert "DMO_PASSWORD" in capsys.readouterr().err
