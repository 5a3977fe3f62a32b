"""The package as a whole: imports, public names, outputs, address books, errors."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import dmo
from dmo.core import errors, files
from dmo.core.errors import BadInput, CheckFailed, DmoError, NetworkError, Refused
from dmo.home import deployment, outputs
from dmo.season import books
from dmo.season.outputs import Demo

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
STRICT = {"dmo.core.chain"}


def modules() -> list[str]:
    found = [module.name for module in pkgutil.walk_packages(dmo.__path__, "dmo.")]
    return [name for name in found if not name.startswith("dmo.deploy.")]


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_nothing_imports_brownie_and_handles_are_cheap() -> None:
    names = [name for name in modules() if name != "dmo.deploy"]
    code = f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n"
    loaded = set(python(code + "print(*sys.modules)").split())
    assert not [name for name in loaded if name.split(".")[0] in ("brownie", "web3", "eth_account")]
    said = "from dmo.capabilities import registry; registry(); import dmo.core.sender, sys; print(*sys.modules)"
    heavy = {"pydantic", "yaml", "eth_abi", "eth_utils", "langcodes", "requests", "rich", "sqlalchemy", "httpx", "mcp"}
    assert not set(python(said).split()) & heavy


def test_words_are_not_read_before_something_is_said() -> None:
    said = (
        "from dmo.core import abi, kinds, words; from dmo.home import home; kinds.units.parse_amount('1.5', 18);"
        " abi.encode_call('ERC20', 'transfer', ['0x' + '11' * 20, 1]); print(words.told.cache_info().currsize)"
    )
    assert python(said) == "0\n"
    assert python("from dmo.core import words; words.bad('no_utf8'); print(words.told.cache_info().currsize)") == "1\n"


@pytest.mark.parametrize("name", modules())
def test_public_names_exist_and_are_sorted(name: str) -> None:
    module = importlib.import_module(name)
    public = getattr(module, "__all__", None)
    if public is None:
        assert module.__doc__
        assert name not in STRICT
        return
    assert len(set(public)) == len(public)
    for one in public:
        assert hasattr(module, one), f"{name}.{one}"
    assert module.__doc__


def test_the_package_is_typed() -> None:
    assert (ROOT / "dmo" / "py.typed").exists()


def test_exit_codes() -> None:
    assert DmoError("x").exit_code == 1
    assert BadInput("x").exit_code == 2
    assert Refused("Name").exit_code == 1
    assert CheckFailed("x").exit_code == 1
    assert NetworkError("x").exit_code == 3


def test_the_tree_of_errors_is_drawn() -> None:
    assert errors.__doc__ is not None
    tree = [name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, DmoError)]
    assert len(tree) >= 10
    for name in tree:
        assert re.search(rf"(──|^) *{name}\b", errors.__doc__, re.MULTILINE), name


def test_bad_input_says_where() -> None:
    error = BadInput("is not a number", expected="digits", line=3, field="ask").at(file="a.csv")
    assert str(error) == "a.csv:3: ask: is not a number Expected: digits."
    assert error.details == {"file": "a.csv", "line": 3, "field": "ask"}
    assert error.code == "BadInput"


# ── outputs ─────────────────────────────────────────────────────────────────────────────────────


def demo(**changes: Any) -> dict[str, Any]:
    token = {"address": ADDRESS, "symbol": "T", "decimals": 6}
    counts = dict.fromkeys(
        [
            "chain_id",
            "block",
            "rounds",
            "ideas_posted",
            "ideas_passed",
            "ideas_funded",
            "ballots",
            "choices",
            "choices_changed",
            "campaigns",
            "bounties",
            "submissions",
            "rejections",
            "silent_accepts",
            "payouts",
            "credits",
            "top_ups",
            "proposals_executed",
            "disputes",
            "rejections_overturned",
            "challenges_won",
            "no_ruling",
            "leads_replaced",
            "needs",
            "answers",
            "entries",
            "assets",
            *("forecasts", "reports", "outcomes", "bonuses", "badges", "drop_claims"),
        ],
        1,
    )
    money = {
        "received": "100",
        "paid": "30",
        "refunded": "20",
        "held": "50",
        "bonds_received": "9",
        "bonds_paid": "4",
        "bonds_held": "5",
        "token_in": "109",
        "token_out": "54",
        "token_balance": "55",
        "points_awarded": "7",
    }
    tokens = {"vote_token": token, "budget_token": token}
    return {"schema": "dmo.demo/1", **counts, **tokens, **money, **changes}


def test_reads_and_writes_a_summary() -> None:
    summary = Demo.model_validate(demo())
    assert json.loads(files.canonical_json(summary)) == demo()
    assert books.differences(summary) == []


@pytest.mark.parametrize("field", ["received", "bonds_received", "token_in", "token_out", "token_balance"])
def test_a_summary_that_does_not_add_up_is_found(field: str) -> None:
    summary = Demo.model_validate(demo(**{field: "111"}))
    found = books.differences(summary)
    assert found
    assert any(field in sentence for sentence in found)


@pytest.mark.parametrize(
    "changes",
    [
        {"received": 100},
        {"disputes": None},
        {"received": "1.5"},
        {"received": "-1"},
        {"received": "01"},
        {"rounds": -1},
        {"rounds": "many"},
        {"schema": "dmo.demo/2"},
        {"surprise": 1},
        {"vote_token": {"address": ADDRESS.lower(), "symbol": "T", "decimals": 6}},
    ],
)
def test_refuses_a_summary_that_is_none(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Demo.model_validate(demo(**changes))


def test_canonical_json_is_canonical() -> None:
    assert files.canonical_json({"b": (1, b"\1"), "a": "é"}) == (
        '{\n  "a": "é",\n  "b": [\n    1,\n    "0x01"\n  ]\n}\n'
    )
    with pytest.raises(ValueError, match="JSON"):
        files.canonical_json({"a": float("nan")})
    with pytest.raises(BadInput):
        files.canonical_json({"a": object()})


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "x.json"
    files.write_json(file, {"a": 1})
    with pytest.raises(BadInput):
        files.write_json(file, {"a": object()})
    assert json.loads(file.read_text()) == {"a": 1}
    assert [one.name for one in file.parent.iterdir()] == ["x.json"]


def test_a_kill_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a"
    files.write_text(file, "old")

    def die(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", die)
    with pytest.raises(KeyboardInterrupt):
        files.write_text(file, "new")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a", "old")]


def test_a_written_file_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file before it is renamed, the folder after."""
    seen = []
    replace = Path.replace
    monkeypatch.setattr("os.fsync", lambda handle: seen.append(os.fstat(handle).st_mode))
    monkeypatch.setattr(Path, "replace", lambda *both: (seen.append(None), replace(*both)))
    files.write_text(tmp_path / "a", "x")
    file, renamed, folder = seen
    assert (stat.S_ISREG(file), renamed, stat.S_ISDIR(folder)) == (True, None, True)


# ── address books ───────────────────────────────────────────────────────────────────────────────


def book() -> outputs.DeploymentBook:
    contracts = {
        "IdeaBoard": outputs.BookContract(address=ADDRESS, block=7, tx="0x" + "1" * 64),
        "BudgetToken": outputs.BookContract(address=ADDRESS),
    }
    return outputs.DeploymentBook(chain_id=5, commit="abc", contracts=contracts)


def test_an_address_book_survives_writing_and_reading(tmp_path: Path) -> None:
    file = tmp_path / "main.json"
    deployment.save_book(file, book())
    assert deployment.load_book(file) == book()
    handle = deployment.Dmo.open(file)
    assert (handle.name, handle.chain_id, handle.birth) == ("main", 5, 7)
    assert handle.address("IdeaBoard") == ADDRESS
    with pytest.raises(BadInput, match="has no Lens"):
        handle.address("Lens")
    assert dmo.open(str(file)) == handle
    with pytest.raises(NetworkError, match="No node"):
        handle.contract("IdeaBoard")
    assert sorted(dmo.__all__) == dmo.__all__
    assert set(dmo.__all__) <= set(vars(dmo))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "no such address book"),
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "valid"),
        ('{"chain_id": 1}', "required"),
        ('{"chain_id": 1, "commit": "", "contracts": {"A": {"address": "0x1"}}}', "match"),
    ],
)
def test_refuses_a_bad_address_book(tmp_path: Path, text: str | None, why: str) -> None:
    file = tmp_path / "main.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(BadInput, match=why) as caught:
        deployment.load_book(file)
    assert caught.value.file == str(file)


def test_no_file_is_long_and_no_class_name_means_two_things() -> None:
    files = [*(ROOT / "dmo").rglob("*.py"), *(ROOT / "scripts").glob("*.py")]
    tests = [*(ROOT / "tests").rglob("*.py")]
    assert len(files) > 100
    assert len(tests) > 100
    long = [str(file) for file in (*files, *tests) if len(file.read_text("utf-8").splitlines()) > 400]
    assert long == []
    classes = Counter(name for file in files for name in re.findall(r"^class (\w+)", file.read_text("utf-8"), re.M))
    assert [name for name, count in classes.items() if count > 1] == []
