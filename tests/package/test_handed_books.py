"""Address books as they are handed around: small, fetched from elsewhere, and read without the clone.

given a book with what the compiler was asked
├── when it is saved: it is small, and the inputs lie beside it
├── when it is read whole: nothing is lost
└── when it names a file elsewhere: it is not read
given the address of a book
├── when a book is there: it is taken
└── when it is another scheme, missing, too long or no book: it is refused, with the reason
given what is no book, URL or board: it is refused, with what would be one
given code of a chain
├── when it is the contract's: its immutables do not matter
└── when a byte of it differs, or its length: it is another's
given a sentence about what is wrong: only in a clone it speaks of what only a clone has
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.books import AddBook
from dmo.core import clone, words
from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput, DmoError, NetworkError
from dmo.core.files import canonical_json
from dmo.deploy.artifacts import Artifact
from dmo.deploy.shipped import is_code_of
from dmo.home import books
from dmo.home.context import books_folder
from dmo.home.deployment import load_book, save_book
from dmo.home.home import Home, Options
from dmo.home.outputs import BookContract, DeploymentBook

BOARD = checksum("0x" + "22" * 20)
ASKED = {"language": "Solidity", "sources": {"a.sol": {"content": "x" * 100_000}}}


def book(**changes: Any) -> DeploymentBook:
    board = BookContract(address=BOARD, block=7, **changes)
    return DeploymentBook(chain_id=5, commit="ab", contracts={"IdeaBoard": board})


def test_a_saved_book_is_small_and_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    save_book(file, book(input_json=ASKED))
    assert file.stat().st_size < 1_000
    assert load_book(file).contracts["IdeaBoard"].input_json == "mine.inputs/IdeaBoard.json"
    assert load_book(file, is_whole=True) == book(input_json=ASKED)
    assert books.handed(load_book(file)) == book()


@pytest.mark.parametrize("elsewhere", ["../secret.json", "/etc/hostname", "mine.inputs/../../secret.json", "none.json"])
def test_no_file_elsewhere_is_read(tmp_path: Path, elsewhere: str) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "here").mkdir()
    save_book(tmp_path / "here" / "mine.json", book(input_json=elsewhere))
    with pytest.raises(BadInput, match="compiler input"):
        load_book(tmp_path / "here" / "mine.json", is_whole=True)


ANSWERS = {
    "/good.json": (200, canonical_json(book()).encode()),
    "/page.json": (200, b"<html>"),
    "/other.json": (200, b'{"schema": "dmo.demo/1"}'),
    "/long.json": (200, b" " * 1_100_000),
    "/moved.json": (302, b"/good.json"),
    "/away.json": (302, b"http://example.org/good.json"),
    "/round.json": (302, b"/round.json"),
}


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = ANSWERS.get(self.path, (404, b""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
            self.end_headers()
            if status == 200:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("path", ["/good.json", "/moved.json"])
def test_a_book_is_fetched(web: str, path: str) -> None:
    assert books.fetch(web + path) == book()


@pytest.mark.parametrize(
    ("url", "kind", "why"),
    [
        ("{}/page.json", BadInput, "no address book"),
        ("{}/other.json", BadInput, "no address book"),
        ("{}/long.json", BadInput, "too long"),
        ("{}/none.json", NetworkError, "HTTP 404"),
        ("{}/round.json", NetworkError, "redirects"),
        ("{}/away.json", BadInput, "not the address"),
        ("http://example.org/good.json", BadInput, "not the address"),
        ("file:///etc/passwd", BadInput, "not the address"),
        ("https://", BadInput, "not the address"),
        ("https://[", BadInput, "not the address"),
        ("https://a\0b", BadInput, "not the address"),
        ("https://a/\udc80.json", BadInput, "not the address"),
        ("http://127.0.0.1:9/" + "a" * 400, NetworkError, "refused"),
    ],
)
def test_what_is_no_book_is_refused(
    web: str, url: str, kind: type[DmoError], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DMO_CACHE", str(tmp_path))
    with pytest.raises(kind, match=why):
        books.kept(url.format(web), None, None)
    assert list(tmp_path.iterdir()) == []


def test_a_contract_is_known_whatever_its_immutables_say() -> None:
    hole = b"\x7f" + bytes(32)
    template = b"\x60\x7f" + hole + b"\x01" + hole + b"\xa2"
    made = Artifact("A", "a.sol", [], b"", template)
    assert is_code_of(made, template)
    assert is_code_of(made, template.replace(hole, b"\x7f" + b"\x11" * 32))
    assert not is_code_of(made, template[:-1])
    for place in (0, 1, 2, 35, 36, len(template) - 1):
        other = bytearray(template)
        other[place] ^= 1
        assert not is_code_of(made, bytes(other)), place


def test_sentences_speak_of_the_clone_only_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {
        f"{name}.{key}": said[key]
        for name, said in words.load()["wrong"].items()
        for key in ("says", "right")
        if not name.startswith("deploy_") and name != "undeployed" and key in said
    }
    assert {name for name, text in lines.items() if "brownie" in text or "`make" in text} == set()
    assert "brownie" in str(words.bad("no_deployment_yet"))
    monkeypatch.setattr(words, "clone", lambda: None)
    assert "dmo book add" in str(words.bad("no_deployment_yet"))
    assert "brownie" not in str(words.bad("no_deployment_yet"))


def test_books_are_kept_where_deployments_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dmo.home.context.clone", lambda: None)
    monkeypatch.setenv("DMO_HOME", str(tmp_path / "own"))
    assert books_folder({}) == tmp_path / "own" / "deployments"
    (tmp_path / "deployments").mkdir()
    assert books_folder({}) == tmp_path / "deployments"
    assert books_folder({"DMO_DEPLOYMENTS": "there"}) == Path("there")
    assert clone.clone() is not None


@pytest.mark.parametrize("given", ["nowhere.json", "nowhere", "0x15", "/"])
def test_what_is_no_book_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DMO_DEPLOYMENTS", str(tmp_path))
    with pytest.raises(BadInput, match=f"'{given}' is no address book here") as told:
        AddBook(given).answer(Home(Options()))
    assert "--deployment" not in str(told.value)
