"""The page's forms and what they answer: every act, worked out and tried, and nothing done.

the form of every act of the registry
├── has a control for each of its fields, named so, with a label, and no file of this machine
├── shows what its call is compared with, or asks first what it is about
├── carries the guard's book of its own act alone
└── is filled in by what a link gives, and by what an empty field means
the example of every act of the words is read, and answered in the same form
a preview
├── says calls by contract, function and arguments, effects in words, what comes next
├── takes texts for files, with line ends as everywhere, and the parts of a document
├── of a comment is written from the page of what it is about, and shown there
├── of a vote brings what a voter signs instead, once the vote is open
├── that is refused says so in words, with status 200
├── that keeps a secret is not worked out here
└── changes nothing: no file, no draft, no cookie
without a script the same is a page
what was sent is told; what the page made itself is tried
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import registry
from dmo.core import words
from dmo.core.act import Act
from dmo.core.digests import digest
from dmo.faces.web import answers, forms, pages
from dmo.faces.web.guardbook import shown_of
from tests.support.chronicle import account
from tests.support.cli_chain import filled
from tests.support.node import ADDRESSES, revert
from tests.support.village import LENGTH, ME, Village
from tests.support.web import Served

ACTS = {name: one for name, one in registry().items() if issubclass(one, Act)}
WRAPPED = ("token wrap", "token unwrap")


@pytest.fixture(scope="module")
def village() -> Village:
    found = Village()
    found.grow(40)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web")


@pytest.fixture(scope="module")
def opened(village: Village, folder: Path) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        yield Served(village, folder, patch)


@pytest.fixture
def served(opened: Served, village: Village) -> Served:
    village.refuses = None
    return opened


def controls(html: str) -> dict[str, str]:
    """The controls of a page's form by name, and their tags."""
    tags = re.findall(r"<(?:input|textarea|select)\b[^>]*>", html[html.index("<form") :])
    return {found[1]: tag for tag in tags if (found := re.search(r'name="([^"]+)"', tag))}


def book_of(html: str) -> Any:
    return json.loads(re.search(r'id="book">(.*?)</script>', html)[1])  # type: ignore[index]


@pytest.mark.parametrize("name", [name for name in ACTS if name not in WRAPPED])
def test_every_act_has_its_form(served: Served, name: str) -> None:
    asked = ACTS[name]
    first = next(iter(asked.parameters()), "")
    html = served.text(pages.act_path(name, {first: "1"} if first and asked.kind(first).like == "number" else {}))
    found = controls(html)
    for key in asked.parameters():
        kind = asked.kind(key)
        if kind.name == "FILE" and kind.paper is None:
            assert key not in found, "a file of this machine"
        elif "data-act" in html:
            assert key in found
            assert re.search(rf'<label for="f-{key}"', html) or 'type="hidden"' in found[key]
            assert (
                f'data-kind="{forms.kind_of(kind)}"' in found[key]
                or "<select" in found[key]
                or "checkbox" in found[key]
            )
    if "data-act" in html:
        assert html.count("data-answer") == 1
        assert html.count("data-preview") == 1
        assert set(book_of(html)["acts"]) <= {name}
    else:
        assert shown_of(name), "only what rests on something is asked for it first"


def test_every_act_is_called_something(served: Served) -> None:
    assert set(words.load()["face"]["act"]) == set(ACTS)
    listed = {act for one in pages.pages() for act in one.acts}
    html = served.text("/act")
    assert all(f'href="{pages.act_path(name)}"' in html for name in listed - set(WRAPPED))


def examples() -> list[tuple[str, str]]:
    found = []
    for name in ACTS:
        for line in words.texts(words.command(name).get("example")):
            if line.startswith("dmo govern propose") and name != "govern propose":
                continue
            found.append((name, line))
    return found


@pytest.mark.parametrize(("name", "line"), examples(), ids=lambda it: it if it.startswith("dmo") else "")
def test_every_example_is_answered(served: Served, name: str, line: str) -> None:
    given = shlex.split(line)[1:]
    short = words.load()["cli"]["short"]
    given = [*short.get(given[0], given[0]).split(), *given[1:]]
    from dmo.faces import cli

    context = cli.command(name).make_context(name, given[2:])
    fields: list[tuple[str, str]] = [("_from", ME)]
    for key, value in context.params.items():
        if key.startswith("shared_") or value in (None, (), False):
            continue
        asked = ACTS[name]
        kind = asked.kind(key)
        if kind.paper is not None:
            value = filled(kind.paper, "A title", ME) if kind.paper not in ("", "*", "text") else "# Why\n\nbecause"
            value = filled("reason", "Why") if kind.paper == "*" else value
        many = value if isinstance(value, tuple) else ("yes" if value is True else value,)
        fields += [(key, str(one)) for one in many]
    body = "&".join(f"{key}={_quoted(value)}" for key, value in fields)
    where = pages.act_path(name)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    told = served.client.post(where, content=body, headers=headers).json()
    if told["ok"]:
        assert told["act"] == name
        assert told["steps"]
        for step in told["steps"]:
            assert isinstance(step["description"], str)
            assert step["data"].startswith("0x")
            assert int(step["value"], 16) >= 0
    else:
        assert told["error"]["message"]
        assert told["error"]["code"] not in ("DmoError", "TypeError", "AttributeError", "KeyError"), told
    assert "\ue000" not in json.dumps(told)


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def test_a_preview_says_what_would_be_sent(served: Served) -> None:
    told = served.preview("campaign top-up", {"campaign": "1", "amount": "12.5", "_from": ME})
    assert (told["ok"], told["account"], told["chainId"]) == (True, ME, "0x7a69")
    approve, gift = told["steps"]
    assert approve["isApproval"]
    assert approve["contract"] == "BudgetToken"
    assert approve["arguments"] == {"spender": served.home.dmo.address("CampaignEscrow"), "value": "12500000"}
    assert gift["contract"] == "CampaignEscrow"
    assert gift["signature"] == "topUp(uint32,uint256)"
    assert gift["arguments"] == {"campaign": "1", "amount": "12500000"}
    assert (gift["to"], gift["value"]) == (served.home.dmo.address("CampaignEscrow"), "0x0")
    assert told["data"]["amount"] == "12500000"
    assert told["block"]["number"] == served.site.moment.head.number


def test_a_text_is_hashed_as_it_will_be_found(served: Served) -> None:
    text = filled("idea", "Radio")
    fields = {"ask": "1500", "duration_seconds": "21d", "_from": ME}
    first = served.preview("idea post", {**fields, "file": text})
    second = served.preview("idea post", {**fields, "file": text.replace("\n", "\r\n")})
    digests = {told["documents"]["file"]["digest"] for told in (first, second)}
    assert digests == {"0x" + digest(text.encode()).hex()}
    assert first["steps"][0]["arguments"]["params"]["digest"] in digests
    assert [step["function"] for step in first["steps"]] == ["post"]
    published = served.preview("idea post", {**fields, "file": text, "_publish": "yes"})
    assert [step["function"] for step in published["steps"]] == ["post", "publish"]


def test_a_document_is_written_part_by_part(served: Served) -> None:
    parts = {
        "file.title": "Radio: again",
        "file.lang": "en",
        "file.objective": "awareness",
        "file.audience": "user",
        "file.goal.metric": "wallets",
        "file.goal.baseline": "0",
        "file.goal.target": "500",
        "file.goal.date": "2027-03-31",
        "file.body": "We go on air.\r\nTwice.",
    }
    html = served.client.post("/act/idea/post", data={**parts, "_write": "yes", "ask": "1500"}).text
    text = unescape(re.search(r'<textarea id="f-file"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)[1])  # type: ignore[index]
    told = served.preview("idea post", {"file": text, "ask": "1500", "duration_seconds": "21d", "_from": ME})
    assert told["ok"], told
    assert told["documents"]["file"]["title"] == "Radio: again"
    assert text.endswith("We go on air.\nTwice.\n")
    assert 'value="1500"' in html, "nothing that was filled in is lost"


def test_a_comment_is_written_and_shown_with_what_it_is_about(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(village, tmp_path, monkeypatch)
    html = served.text("/idea/1.1")
    to = unescape(re.search(r'href="(/act/document/publish\?[^"]*)"', html)[1])  # type: ignore[index]
    form = served.text(to)
    assert 'name="file.about" value="1/1"' in form
    parts = {
        "_kind": "comment",
        "file.about": "1/1",
        "file.title": "Why not",
        "file.lang": "en",
        "file.body": "It rains.",
    }
    written = served.client.post("/act/document/publish", data={**parts, "_write": "yes"}).text
    text = unescape(re.search(r'<textarea id="f-file"[^>]*>\n(.*?)</textarea>', written, re.DOTALL)[1])  # type: ignore[index]
    told = served.preview("document publish", {"file": text, "_from": ME})
    assert told["steps"][0]["arguments"] == {"text": "0x" + text.encode().hex()}
    published = {"digest": digest(text.encode()), "publisher": ME, "text": text.encode()}
    village.block([("DocumentLog", "DocumentPublished", published)])
    served.site.look()
    assert "It rains." in served.text("/idea/1.1")
    assert "It rains." not in served.text("/idea/1.2")
    assert served.client.get("/idea/1.1?format=json").json()["data"]["comments"][0]["by"] == ME


def test_a_vote_brings_what_is_signed(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = village.blocks[-1]["at"]
    voting = (now - 1_000) // LENGTH
    village.views["frame"] = (1_000 - LENGTH, LENGTH, 10, 5, 5)
    served = Served(village, tmp_path, monkeypatch)
    fields = {"choices": str(voting + 1), "choices.1": "+1", "choices.2": "-2", "choices.3": "", "_from": ME}
    told = served.preview("ballot cast", fields)
    assert told["ok"], told
    assert told["steps"][0]["arguments"] == {"round": str(voting + 1), "inFavour": ["1"], "against": ["2"]}
    message = told["typed"]["message"]
    assert (message["voter"], message["inFavour"], message["against"]) == (ME, [1], [2])
    assert message["at"] == served.site.moment.head.timestamp
    assert told["typed"]["domain"]["verifyingContract"] == ADDRESSES["IdeaBoard"].replace("0x", "0x")
    early = served.preview("ballot cast", {**fields, "choices": str(voting + 2)})
    assert early["typed"] is None
    village.views["frame"] = (1_000, LENGTH, 10, 5, 5)


def test_a_refusal_is_said_in_words(served: Served, village: Village) -> None:
    village.refuses = revert("CampaignEscrowNotLead", account(1), ME, contract="CampaignEscrow")
    told = served.preview("work accept", {"submission": "1", "unseen": "yes", "_from": ME})
    assert told["error"]["code"] == "CampaignEscrowNotLead"
    assert told["error"]["message"]
    assert told["error"]["hint"]
    bad = served.preview("campaign deposit", {"amount": "1.500"})
    assert bad["error"]["field"] == "amount"
    nobody = served.preview("campaign deposit", {"amount": "5", "_from": "0x12"})
    assert not nobody["ok"]


def test_a_secret_is_not_kept_here(served: Served) -> None:
    told = served.preview("dispute commit", {"submission": "1", "ruling": "pay", "_from": ME})
    assert not told["ok"]
    assert "steps" not in told


def test_a_preview_leaves_nothing(served: Served, folder: Path) -> None:
    before = sorted(path for path in folder.rglob("*") if "sqlite" not in path.name)
    text = filled("idea", "Radio")
    answer = served.client.post(
        "/act/idea/post", data={"file": text, "ask": "5", "duration_seconds": "1d", "_from": ME}
    )
    assert answer.status_code == 200
    assert sorted(path for path in folder.rglob("*") if "sqlite" not in path.name) == before
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_without_a_script_the_answer_is_a_page(served: Served) -> None:
    html = served.client.post("/act/campaign/deposit", data={"amount": "5", "_from": ME}).text
    assert "Nothing has been sent" in html
    assert "0x095ea7b3" in html, "the approval's data, for another wallet"
    assert 'value="5"' in html
    refused = served.client.post("/act/campaign/deposit", data={"amount": "much"})
    assert refused.status_code == 200
    assert "This cannot be done now" in refused.text


def test_what_was_sent_is_told(served: Served, village: Village) -> None:
    tx = "0x" + "12" * 32
    assert served.client.get(f"/sent/{tx}").json()["state"] == "unknown"
    assert not served.client.get("/sent/0x12").json()["ok"]


def test_what_the_page_made_is_tried(served: Served, village: Village) -> None:
    call = {"account": ME, "to": served.home.dmo.address("Jury"), "data": "0x12345678", "value": "0x0"}
    assert served.client.post("/try", json=call).json()["gas"] == 50_000
    assert not served.client.post("/try", json={**call, "to": account(5)}).json()["ok"]
    village.refuses = revert("CampaignEscrowNotLead", account(1), ME, contract="CampaignEscrow")
    assert served.client.post("/try", json=call).json()["error"]["code"] == "CampaignEscrowNotLead"
    assert not served.client.post("/try", content=b"nonsense").json()["ok"]


def test_fields_are_read_as_a_form_sends_them() -> None:
    asked = ACTS["ballot cast"]
    pairs = [("choices", "1"), ("choices.3", "+3"), ("choices.4", ""), ("empty", ""), ("_from", ME)]
    given, own = answers.fields(asked, pairs)
    assert given == {"choices": ["1", "+3"]}
    assert own == {"_from": ME}
