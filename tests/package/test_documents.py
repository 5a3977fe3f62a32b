"""Documents, their digests, templates and the store."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmo.core import digests, words
from dmo.core.errors import BadInput, NotFound
from dmo.home import documents, store, templates
from dmo.home.papers import KINDS, Evidence, IdeaPaper
from tests.support.filling import filled_in

WORKER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
ROOT = Path(__file__).resolve().parents[2]

IDEA = """\
---
kind: idea
title: Un video por semana
lang: es
objective: awareness
audience: [user, creator]
goal:
  metric: cuentas activas
  baseline: 100
  target: 250.5
  date: 2027-03-31
pillar: no
mood: hopeful
---

Un video corto cada semana.
"""

EVIDENCE = f"""\
---
kind: evidence
title: Video 1
lang: zh-Hans
worker: "{WORKER.lower()}"
files:
  - sha256: {"ab" * 32}
    size: 12
    where: https://example.org/1
disclosure: "paid by the holders"
---
"""


def test_reads_an_idea() -> None:
    document = documents.parse(IDEA.encode())
    assert isinstance(document.front, IdeaPaper)
    assert document.title == "Un video por semana"
    assert document.front.audience == ["user", "creator"]
    assert document.front.goal.target == 250.5
    assert str(document.front.goal.date) == "2027-03-31"
    assert document.front.pillar == "no"
    assert document.unknown == {"mood": "hopeful"}
    assert document.body == "\nUn video corto cada semana.\n"
    assert document.digest == hashlib.sha256(IDEA.encode()).digest()
    assert document.cid.startswith("bafkrei")


def test_reads_evidence_without_a_text() -> None:
    front = documents.parse(EVIDENCE.encode()).front
    assert isinstance(front, Evidence)
    assert front.worker == WORKER
    assert front.files[0].size == 12


BAD: list[tuple[str, str, str, int, str | None]] = [
    # what is changed, into what, why, line, field
    ("---\nkind", "kind", "does not begin with front matter", 1, None),
    ("kind: idea", "kind: poem", "'poem'", 2, "kind"),
    ("kind: idea\n", "", "is missing", 1, "kind"),
    ("title: Un video por semana", "title: ''", "is empty", 3, "title"),
    ("title: Un video por semana", "title: '  '", "is empty", 3, "title"),
    ("title: Un video por semana", f"title: {'x' * 81}", "too long", 3, "title"),
    ("title: Un video por semana\n", "", "is missing", 2, "title"),
    ("title: Un video por semana", "title: [a]", "is not a text", 3, "title"),
    ("lang: es", "lang: spanish", "is not a language", 4, "lang"),
    ("lang: es", "lang: xx-123456789", "is not a language", 4, "lang"),
    ("objective: awareness", "objective: fame", "none of the possible", 5, "objective"),
    ("audience: [user, creator]", "audience: [user, fan]", "none of the possible", 6, "audience.1"),
    ("audience: [user, creator]", "audience: []", "is empty", 6, "audience"),
    ("  date: 2027-03-31", "  date: soon", "is not a date", 11, "goal.date"),
    ("  date: 2027-03-31", "  date: 2027-02-30", "is not a date", 11, "goal.date"),
    ("  baseline: 100", "  baseline: many", "is not a", 9, "goal.baseline"),
    ("  metric: cuentas activas\n", "", "is missing", 7, "goal.metric"),
    ("goal:", "goal: high\nother:", "is not a group", 7, "goal"),
    ("pillar: no", "pillar: no\nlang: en", "stands twice", 13, "lang"),
    ("pillar: no", "pillar: &a x", "anchor", 12, None),
    ("pillar: no", "pillar: !!python/object:os.system x", "tag", 12, None),
    ("pillar: no", "pillar: 'no", "cannot be read", 12, None),
    ("pillar: no", "builds_on: 0/1", "right form", 12, "builds_on"),
    ("Un video corto", "Un \u202evideo", "U+202E", 16, None),
    ("Un video corto", "Un \x1b[31mvideo", "U+001B", 16, None),
    ("\nUn video corto cada semana.\n", "\n", "has no text", 15, None),
]


@pytest.mark.parametrize(("old", "new", "why", "line", "field"), BAD)
def test_refuses_a_bad_document(old: str, new: str, why: str, line: int, field: str | None) -> None:
    assert old in IDEA
    with pytest.raises(BadInput) as caught:
        documents.parse(IDEA.replace(old, new, 1).encode(), "idea.md")
    error = caught.value
    assert why in error.reason
    assert error.file == "idea.md"
    assert error.field == field
    assert error.line is not None
    assert abs(error.line - line) <= (1 if field is None else 0), error
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (WORKER.lower(), "0x" + "00" * 20, "nobody"),
        (WORKER.lower(), WORKER.replace("B", "b"), "typing error"),
        (WORKER.lower(), "me", "not an address"),
        ("ab" * 32, "ab" * 31, "right form"),
        ("size: 12", "size: -1", "too small"),
        ("size: 12", "size: 1.5", "whole number"),
    ],
)
def test_refuses_bad_evidence(old: str, new: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        documents.parse(EVIDENCE.replace(old, new, 1).encode())


def test_refuses_another_kind_than_is_needed() -> None:
    with pytest.raises(BadInput, match="not what is needed") as caught:
        documents.parse(IDEA.encode(), kind="brief")
    assert caught.value.expected == "brief"


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"---\n---\n", b"---\n- a\n---\n", b"---\n{\n---\n"])
def test_refuses_what_is_no_document(raw: bytes) -> None:
    with pytest.raises(BadInput):
        documents.parse(raw)


def test_refuses_deep_and_huge_documents() -> None:
    deep = f"---\nkind: idea\nx: {'[' * 500}{']' * 500}\n---\nx\n".encode()
    with pytest.raises(BadInput):
        documents.parse(deep)
    with pytest.raises(BadInput, match="bytes"):
        documents.parse(b"x" * (documents.MAX_BYTES + 1))


@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda t: f"---\n{t}\n---\nx".encode("utf-8", "replace"))
    )
)
def test_anything_is_read_or_refused(raw: bytes) -> None:
    try:
        document = documents.parse(raw)
    except BadInput:
        return
    assert document.kind in KINDS


@given(st.dictionaries(st.from_regex(r"x_[a-z]{1,8}", fullmatch=True), st.integers(0, 10**9), max_size=4))
def test_unknown_fields_are_kept(extra: dict[str, int]) -> None:
    lines = "".join(f"{key}: {value}\n" for key, value in extra.items())
    text = f"---\nkind: reason\ntitle: T\nlang: en\n{lines}---\nbecause\n"
    assert documents.parse(text.encode()).unknown == extra


def test_line_ends_of_other_systems_are_kept() -> None:
    raw = IDEA.replace("\n", "\r\n").encode()
    document = documents.parse(raw)
    assert document.raw == raw
    assert document.digest != documents.parse(IDEA.encode()).digest


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_template_is_refused_until_it_is_filled(kind: str) -> None:
    text = templates.template(kind, worker=WORKER)
    with pytest.raises(BadInput) as caught:
        documents.parse(text.encode())
    assert caught.value.field == "title"
    assert caught.value.line == 3
    document = documents.parse(filled_in(text, kind, WORKER).encode())
    assert document.kind == kind
    assert document.front.lang == "en"


def test_a_templates_remark_stands_apart() -> None:
    assert f'worker: "{WORKER}" # ' in templates.template("evidence", worker=WORKER)


@pytest.mark.parametrize("lang", ["en", "es", "id", "zh-Hans"])
def test_a_template_speaks_the_language_of_its_text(lang: str) -> None:
    language = lang.partition("-")[0]
    own = words.told(language)["word"]
    for kind in words.told("en")["word"]["template"]:
        text = templates.template(kind, lang=lang)
        assert own["template"][kind].strip() in text
        assert f"# {own['front']['title']}" in text
        for _, comment in re.findall(r"^( *#? ?-? ?#? ?\w+: .*?)# (.*)$", text, re.MULTILINE):
            assert comment in own["front"].values(), (kind, comment)
    assert own["front"].keys() == words.told("en")["word"]["front"].keys()


def test_templates_name_every_field() -> None:
    for kind, model in KINDS.items():
        for field in model.model_fields:
            assert re.search(rf"^(# )?{field}:", templates.template(kind), re.MULTILINE), (kind, field)


def test_a_plan_begins_with_an_objective() -> None:
    text = templates.template("plan").replace('""', '"Make it known"')
    assert documents.parse(text.encode()).kind == "objective"


def content(kind: str, fields: str) -> documents.Document:
    return documents.parse(f"---\nkind: {kind}\ntitle: T\nlang: en\n{fields}---\nText.\n".encode())


PIECE = f"  - name: a.png\n    sha256: {'ab' * 32}\n    size: 1\n    media_type: image/png\n"
LOGO = f"creator: Ann\nlicence: CC0-1.0\nfiles:\n{PIECE}    alt: a lamp\n"


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("goal", "goal: {metric: m, baseline: 5, target: 5.0, date: 2027-01-01}\n", "nothing is to be reached"),
        ("asset", LOGO.replace("    alt: a lamp\n", ""), "has no alt"),
        ("asset", LOGO.replace("files:\n", f"files:\n{PIECE}    alt: b\n"), "two files of one name"),
        ("asset", LOGO.replace("a.png", "../a.png"), "right form"),
        ("asset", LOGO.replace("image/png", "picture"), "right form"),
        ("asset", LOGO.replace("CC0-1.0", "free for all"), "right form"),
        ("asset", "creator: Ann\nlicence: CC0-1.0\nfiles: []\n", "is empty"),
        ("brand", "why: a\nhow: b\nwhat: c\n", "is missing"),
        ("brand", "why: a\nhow: b\nwhat: c\ndisclosure: d\nlinks: [{title: t, where: 'javascript:x'}]\n", "form"),
        ("claim", "says: It burns\nproof: []\n", "is empty"),
        ("pillar", "promise: It burns\nproof: [a]\ntranslations: [x]\n", "digest"),
        ("programme", "dates: [{date: soon, title: t}]\n", "not a date"),
        ("tactic", "audience: [everybody]\nchannel: c\nhow: h\n", "none of the possible"),
        ("need", "audience: user\nmissing: a\n", "is missing"),
    ],
)
def test_refuses_bad_content(kind: str, fields: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        content(kind, fields)


def test_what_is_neither_seen_nor_heard_needs_no_words() -> None:
    text = LOGO.replace("    alt: a lamp\n", "").replace("image/png", "text/plain")
    assert content("asset", text).fields["files"][0]["media_type"] == "text/plain"
    assert content("asset", LOGO).fields["files"][0]["alt"] == "a lamp"


def test_a_statement_is_a_reason() -> None:
    text = templates.template("statement")
    assert documents.parse(text.replace('""', '"Wrong"').encode(), kind="reason").body.strip()


def test_refuses_a_template_of_no_kind() -> None:
    with pytest.raises(BadInput):
        templates.template("poem")


def test_the_example_in_the_docs_is_a_document() -> None:
    text = (ROOT / "docs" / "documents.md").read_text("utf-8")
    example = re.search(r"```markdown\n(.*?)```", text, re.DOTALL)
    assert example is not None
    assert documents.parse(example[1].encode()).kind == "reason"


# ── digests ─────────────────────────────────────────────────────────────────────────────────────


def test_knows_the_cid_of_the_empty_file() -> None:
    empty = digests.digest(b"")
    assert digests.cid(empty) == "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


@given(st.binary(min_size=32, max_size=32))
def test_a_digest_survives_every_form(value: bytes) -> None:
    for text in (digests.cid(value), digests.format_digest(value), value.hex().upper()):
        assert digests.parse_digest(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x12",
        "g" * 64,
        "bafkrei",
        "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
        "b" + "a" * 58,
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
    ],
)
def test_refuses_what_is_no_digest(text: str) -> None:
    with pytest.raises(BadInput):
        digests.parse_digest(text)


def test_refuses_a_cid_of_a_short_digest() -> None:
    with pytest.raises(BadInput):
        digests.cid(b"short")


# ── store ───────────────────────────────────────────────────────────────────────────────────────


def test_the_store_keeps_documents(tmp_path: Path) -> None:
    kept = store.Store(tmp_path / "documents")
    value = kept.put(IDEA.encode())
    assert kept.put(IDEA.encode()) == value
    assert kept.get(value) == IDEA.encode()
    assert kept.digests() == [value]
    assert [file.name for file in kept.root.iterdir()] == [f"{digests.cid(value)}.md"]
    assert store.find(value, kept).source == "store"


def test_a_changed_file_is_not_shown(tmp_path: Path) -> None:
    kept = store.Store(tmp_path)
    value = kept.put(b"one")
    kept.path(value).write_bytes(b"two")
    assert kept.get(value) is None
    with pytest.raises(NotFound, match="local store"):
        store.find(value, kept)


@pytest.fixture
def gateway() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            good = self.path == f"/ipfs/{digests.cid(digests.digest(b'good'))}"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"good" if good else b"evil")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_gateway_is_asked_and_its_answer_hashed(tmp_path: Path, gateway: str) -> None:
    kept = store.Store(tmp_path)
    value = digests.digest(b"good")
    assert store.find(value, kept, gateways=[f"{gateway}/ipfs/{{cid}}"]).raw == b"good"
    assert kept.get(value) == b"good"
    with pytest.raises(NotFound):
        store.find(digests.digest(b"other"), kept, gateways=[gateway])
    assert len(kept.digests()) == 1


def test_a_dead_gateway_is_passed_over(tmp_path: Path, gateway: str) -> None:
    found = store.find(digests.digest(b"good"), store.Store(tmp_path), gateways=["http://127.0.0.1:9", gateway])
    assert found.source == gateway
    with pytest.raises(BadInput):
        store.fetch("file:///etc/passwd", digests.digest(b"good"))


def test_generated_docs_are_fresh() -> None:
    tool = [sys.executable, str(ROOT / "tools" / "generate_schemas.py"), "--check"]
    done = subprocess.run(tool, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
