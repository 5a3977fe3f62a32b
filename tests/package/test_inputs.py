"""Kinds of bad input that `make fuzz` found, each as a test of its own.

given a file that somebody names
├── a pipe, a device, a folder, or one that is too long is named, not waited for
├── JSON says nothing that cannot be used later
└── an output takes the place of its own kind alone
given a keystore of another's
├── one as wallets write it is opened
└── another version, or one that takes for ever, is refused before it is opened
given the environment
├── a path that can be none, an address that is none, a full disk are told with the setting or file
└── a terminal that cannot show a sign shows another
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from dmo.core.errors import BadInput
from dmo.core.files import read_bytes, read_json, read_text, write_again
from dmo.faces import terminal
from dmo.faces.cli import main
from dmo.home import context
from dmo.home.context import LocalFacts
from dmo.home.keystores import Keystores
from dmo.home.outbox import Outbox
from tools.good_inputs import KEYSTORE, SCRYPT

ROOT = Path(__file__).resolve().parents[2]
KEY = bytes(range(1, 33))


@pytest.mark.parametrize("name", ["pipe", "folder", "/dev/zero", "long", "x" * 300, "a\0b"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "long").write_bytes(b"x" * 11)
    with pytest.raises(BadInput) as caught:
        read_bytes(tmp_path / name, 10)
    assert caught.value.file


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbf{}")
    assert read_text(tmp_path / "a", 99) == "{}"
    assert read_json(tmp_path / "a", 99) == {}


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", "-Infinity", "1e400", "9" * 5000, "[" * 100_000, "[" * 70 + "]" * 70, '{"a":' * 70 + "1" + "}" * 70),
        *('"\\ud800"', '{"\\udfff": 1}', '[[["\\ud800"]]]', "{", "", "{}{}"),
    ],
)
def test_json_says_nothing_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BadInput) as caught:
        read_json(tmp_path / "a.json", 10**6)
    assert caught.value.file == str(tmp_path / "a.json")


def test_an_output_takes_the_place_of_its_own_kind_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for text in ("<!doctype html>\nold", "<!doctype html>\nnew"):
        write_again(page, text)
    assert page.read_text().endswith("new")
    (tmp_path / "key.json").write_text('{"address": "70997970"}')
    with pytest.raises(BadInput, match="is something else"):
        write_again(tmp_path / "key.json", "<!doctype html>\n")
    assert (tmp_path / "key.json").read_text().startswith('{"address"')


def _kept(folder: Path, content: dict[str, Any]) -> Keystores:
    (folder / "n.json").write_text(json.dumps(content))
    return Keystores(folder)


@pytest.mark.parametrize("kdf", ["pbkdf2", "scrypt"])
def test_a_keystore_as_wallets_write_it_is_opened(tmp_path: Path, kdf: Any) -> None:
    made = Account.encrypt(KEY, "pw", kdf=kdf, iterations=2)
    address = Account.from_key(KEY).address
    assert _kept(tmp_path, {**made, "address": address}).unlock("n", lambda _: "pw").address == address


@pytest.mark.parametrize(
    ("kdf", "params", "version"),
    [
        ("pbkdf2", {"c": 2, "dklen": 32}, 1),
        ("pbkdf2", {"c": 10**9, "dklen": 32}, 3),
        ("pbkdf2", {"c": 0, "dklen": 32}, 3),
        ("pbkdf2", {"c": "2", "dklen": 32}, 3),
        ("pbkdf2", {"c": 2, "dklen": 2**40}, 3),
        ("scrypt", {**SCRYPT, "n": 2**26}, 3),
        ("scrypt", {**SCRYPT, "r": 2**24}, 3),
        ("scrypt", {**SCRYPT, "r": 2**20}, 3),
        ("scrypt", {**SCRYPT, "p": 2**20}, 3),
        ("scrypt", {**SCRYPT, "n": None}, 3),
        ("rot13", {}, 3),
    ],
)
def test_a_keystore_that_takes_for_ever_is_not_opened(
    tmp_path: Path, kdf: str, params: dict[str, Any], version: int
) -> None:
    crypto = {**KEYSTORE["crypto"], "kdf": kdf, "kdfparams": params}  # type: ignore[dict-item]
    kept = _kept(tmp_path, {**KEYSTORE, "crypto": crypto, "version": version})
    with pytest.raises(BadInput, match="keystore of another kind"):
        kept.unlock("n", lambda _: pytest.fail("the password was asked for"))


def test_nested_json_in_one_keystore_hides_no_other(tmp_path: Path) -> None:
    kept = _kept(tmp_path, KEYSTORE)
    (tmp_path / "deep.json").write_text("[" * 100_000)
    assert list(kept.addresses()) == ["n"]


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://[",
            "http://[::1",
            "http://x:abc",
            "http://x:99999",
            "http:///x",
            "https://",
            "ftp://x",
            "x:8545",
            "//x",
        ),
        *(
            "http://127.0.0.1:9/\x01",
            "http://½.invalid",
            "http://\u2100.x",
            "http://" + "a" * 300 + ".x",
            "http://a..b",
        ),
    ],
)
def test_an_address_that_is_none_is_told_with_its_setting(url: str) -> None:
    for given, place in (({"rpc": url}, "--rpc"), ({"environment": {"DMO_RPC": url}}, "DMO_RPC")):
        with pytest.raises(BadInput) as caught:
            context.node_url(**{"rpc": None, "network": None, "chain_id": 1, "local": LocalFacts(), **given})  # type: ignore[arg-type]
        assert caught.value.field == place


@pytest.mark.parametrize("text", ["~nobody-here/x", "a\0b", "\ud800"])
def test_a_path_that_can_be_none_is_told_with_its_setting(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        context.read_path(text, "DMO_HOME")
    assert caught.value.field == "DMO_HOME"


def test_what_the_machine_refuses_is_told_with_its_file() -> None:
    error = terminal.unexpected(OSError(28, "No space left on device", "/var/x"))
    assert isinstance(error, BadInput)
    assert str(error).startswith("/var/x: cannot be used (No space left on device)")
    assert "This should not have happened" in str(terminal.unexpected(KeyError("x")))


def test_a_terminal_without_a_sign_shows_another(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "iso-8859-1", "DMO_HOME": str(tmp_path / "漢")}
    command = [sys.executable, "-c", "import sys; from dmo.faces.cli import main; sys.exit(main(['account', 'list']))"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"/?/keystores" in done.stdout


def test_a_home_that_is_a_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    (tmp_path / "home").write_text("")
    monkeypatch.setenv("DMO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DMO_PASSWORD", "pw")
    monkeypatch.setenv("DMO_DEPLOYMENTS", str(tmp_path))
    monkeypatch.delenv("DMO_KEYSTORE_DIR", raising=False)
    assert main(["account", "new", "n"]) == 2
    assert f"{tmp_path / 'home'}/names.json: cannot be read (Not a directory)" in capsys.readouterr().err


@pytest.mark.parametrize("raw", ['{"trunc', "[1]", "{}", "[{}]", "null"])
def test_a_record_of_what_was_sent_that_is_broken_is_told_in_words(tmp_path: Path, raw: str) -> None:
    file = tmp_path / "sent.json"
    file.write_text(raw, encoding="utf-8")
    if raw == "{}":
        assert Outbox(file).entries() == []
        return
    with pytest.raises(BadInput, match="what was sent before cannot be read") as caught:
        Outbox(file).entries()
    assert "Error" not in str(caught.value)
    assert "(" not in str(caught.value)


def test_json_that_is_odd_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "book.json").write_text("[1e999]", encoding="utf-8")
    with pytest.raises(BadInput, match="holds what cannot be used") as caught:
        read_json(tmp_path / "book.json", 100)
    assert "Error" not in str(caught.value)
