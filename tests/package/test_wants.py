"""The file that says who wants what: read whole, or told with its line and what would be right.

given a file that can be used: accounts, kinds, ways, calendar, confirmations; no URL shows
given one that cannot
├── each fault names file, line, and what would be right, and nothing of a URL
├── one with URLs that others can read is refused
└── a URL that no service knows is told by its name; so is a missing apprise
given a test: it goes out by a service that listens, and what does not is told by name
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.noticed import GROUPS
from dmo.capabilities.notices import NoticeCheck, NoticeList, wants_of
from dmo.core.errors import BadInput, NetworkError
from dmo.core.outbox import NoticeOutbox
from dmo.home.channels import Services
from tests.support.chronicle import account
from tests.support.indexes import home_on
from tests.support.told import Telling, file_of, noticer, wishes

WHO = account(1)
SECRET = "s3cr3t-password"
SEND = f'[send]\nphone = "ntfys://me:{SECRET}@example.org/topic"\n'
GOOD = f'{SEND}[[wants]]\nwho = ["{WHO}"]\nby = ["phone"]\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    return home_on(Telling(1), monkeypatch, None, tmp_path / "home")


def read(home: Any, folder: Path, text: str, mode: int = 0o600) -> Any:
    return wants_of(home, str(file_of(folder, text, mode)))


def test_a_file_is_read_whole(home: Any, tmp_path: Path) -> None:
    text = f'confirmations = 7\n{GOOD}what = ["work", "paid"]\nfeed = "a.atom"\ncalendar = "/x/a.ics"\n'
    found = read(home, tmp_path, text + '[[wants]]\nwho = ["everyone"]\nfeed = "all.atom"\nleast = "0.25"\n')
    first, second = found.wants
    assert (first.who, first.what) == ((WHO,), {"work", "paid"})
    assert first.channels == ("send phone", f"feed {tmp_path}/a.atom")
    assert first.calendar == Path("/x/a.ics")
    assert (second.who, second.what, second.least) == (("everyone",), set(GROUPS), 25 * 10**16)
    assert found.confirmations == 7
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[send\n", 1, "it is no TOML"),
        (f"{SEND}x\n", 3, "it is no TOML"),
        ("", None, "nobody wants anything"),
        (f"{SEND}", None, "nobody wants anything"),
        (f"{GOOD}colour = 3\n", 6, "there is no colour"),
        (f"colour = 3\n{GOOD}", 1, "there is no colour"),
        (f"confirmations = -1\n{GOOD}", 1, "so many confirmations"),
        (f'confirmations = "x"\n{GOOD}', 1, "it has to be a whole number"),
        (f"confirmations = true\n{GOOD}", 1, "it has to be a whole number"),
        (GOOD.replace(f'"ntfys://me:{SECRET}@example.org/topic"', "7"), 2, "it has to be a text"),
        (GOOD.replace(f'["{WHO}"]', f'"{WHO}"'), 4, "it has to be a list"),
        (GOOD.replace(WHO, "nobody-of-that-name"), 4, "nobody-of-that-name"),
        (GOOD.replace(WHO, WHO[:-2]), 4, "0x"),
        (GOOD.replace(f'["{WHO}"]', "[]"), 4, "it does not say who"),
        (GOOD.replace(f'who = ["{WHO}"]\n', ""), 3, "it does not say who"),
        (GOOD.replace('by = ["phone"]\n', ""), 3, "it does not say how"),
        (GOOD.replace('["phone"]', '["mail"]'), 5, "there is no 'mail'"),
        (GOOD.replace('["phone"]', "[3]"), 5, "there is no '3'"),
        (f'{GOOD}what = ["gossip"]\n', 6, "there is no 'gossip'"),
        (f'{GOOD}least = "many"\n', 6, "many"),
        (f'{GOOD}what = ["balance"]\n', 6, '"balance" is told where its least is said'),
        (f'{GOOD}what = ["work"]\nleast = "1"\n', 6, '"balance" is told where its least is said'),
        (f'{GOOD}[[wants]]\nwho = ["{WHO}"]\nby = ["mail"]\n', 8, "there is no 'mail'"),
        ("wants = 3\n", 1, "it has to be a list"),
        ("wants = [3]\n", 1, "it has to be a table"),
        (f"[wants]\nwho = ['{WHO}']\n", 1, "it has to be a list"),
        (SEND.replace("topic", "to\x00pic"), 2, "it is no TOML"),
    ],
)
def test_a_fault_has_its_line_and_what_would_be_right(
    home: Any, tmp_path: Path, text: str, line: int | None, said: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read(home, tmp_path, text)
    error = caught.value
    assert error.file == str(tmp_path / "notices.toml")
    assert said in str(error)
    assert error.line == line
    assert SECRET not in f"{error} {error.expected} {error.details}"
    is_plain = "it has to be a" in said
    assert error.expected or is_plain


def test_no_file_is_told_with_its_place(home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="there is no file that says who wants"):
        wants_of(home, None)
    monkeypatch.setenv("DMO_NOTICES", str(file_of(tmp_path, GOOD)))
    assert wants_of(home, None).wants[0].who == (WHO,)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606])
def test_a_file_with_urls_is_for_its_owner_alone(home: Any, tmp_path: Path, mode: int) -> None:
    with pytest.raises(BadInput, match="others on this machine can read the URLs") as caught:
        read(home, tmp_path, GOOD, mode)
    assert "chmod 600" in str(caught.value.expected)
    assert read(home, tmp_path, f'[[wants]]\nwho = ["{WHO}"]\nfeed = "a.atom"\n', mode).wants


@pytest.mark.parametrize("url", [f"nothing://{SECRET}", f"{SECRET}", f"ntfys://[{SECRET}", f"mailto://{SECRET}"])
def test_a_url_that_nobody_knows_is_told_by_its_name(
    home: Any, tmp_path: Path, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = file_of(tmp_path, f'[send]\nphone = "{url}"\n[[wants]]\nwho = ["{WHO}"]\nby = ["phone"]\n')
    with pytest.raises(BadInput, match="the URL named 'phone'") as caught:
        NoticeCheck(file=str(file)).answer(home)
    assert SECRET not in f"{caught.value} {caught.value.expected} {caplog.text}"
    assert caught.value.__cause__ is None


def test_apprise_is_loaded_where_something_is_sent_and_told_where_it_is_missing(
    home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = file_of(tmp_path, f'[[wants]]\nwho = ["{WHO}"]\nfeed = "a.atom"\n')
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert len(NoticeCheck(file=str(feeds), send=True).answer(home)["wants"]) == 1
    with pytest.raises(BadInput, match="needs apprise, which is not installed") as caught:
        Services({"phone": "x"}).opened("phone")
    assert "dmo-protocol[notify]" in str(caught.value.expected)


class _Heard(BaseHTTPRequestHandler):
    answer = 200

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(raw)))  # type: ignore[attr-defined]
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Heard)
    server.heard = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_message_goes_out_by_a_service(
    home: Any, service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"json://me:{SECRET}@127.0.0.1:{service.server_port}/here"
    text = f'[send]\nphone = "{url}"\n[[wants]]\nwho = ["{WHO}"]\nby = ["phone"]\n'
    file = file_of(tmp_path, text)
    told = NoticeCheck(file=str(file), send=True).answer(home)
    assert told["wants"][0]["ways"] == "send phone"
    ((path, message),) = service.heard
    assert path == "/here"
    assert (message["title"], message["message"]) == ("told: a test", "Notices come this way.")
    monkeypatch.setattr(_Heard, "answer", 500)
    with pytest.raises(BadInput, match="a test by these did not go out: phone"):
        NoticeCheck(file=str(file), send=True).answer(home)
    service.server_close()
    assert Services({"phone": "json://127.0.0.1:1/x"})("phone", "a", "b") is False
    assert SECRET not in caplog.text


# ── the outbox's place ──


def test_another_deployments_outbox_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Telling(1)
    found, _ = noticer(node, monkeypatch, tmp_path)
    found.step()
    found.outbox.close()
    (file,) = (tmp_path / "notices").glob("*.sqlite")
    file.unlink()
    NoticeOutbox(file, "another").close()
    with pytest.raises(NetworkError, match="notices of another deployment"):
        noticer(node, monkeypatch, tmp_path)
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(NetworkError, match="The outbox of notices cannot be used"):
        noticer(node, monkeypatch, tmp_path)


def test_the_list_shows_what_was_told_and_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Telling(1)
    node.rounds = 10**9
    found, reader = noticer(node, monkeypatch, tmp_path, wishes([WHO]))
    found.step()
    node.begun()
    reader.fails = iter([True])
    found.step()
    listed = NoticeList().answer(found.home)
    assert {(row["kind"], row["state"]) for row in listed["notices"]} == {("judge", "failed"), ("funded", "waits")}
    assert listed["waiting"] == 2
    node.until(node.blocks[-1]["at"] + 70)
    found.step()
    listed = NoticeList(waiting=True).answer(found.home)
    assert (listed["notices"], listed["waiting"]) == ([], 0)
    assert {row["state"] for row in NoticeList().answer(found.home)["notices"]} == {"told"}
