"""What strangers hand in: documents and ballots that are meant to stop or to fool somebody else.

given a published document
├── when its bytes are no document: it is unreadable, and says why in one safe line
├── when it is made to be slow: it is refused within 50 ms
├── when it hides characters, plainly or by YAML's escapes: it is unreadable
├── when its fields have line ends: each is one line, in text and in JSON
├── when it is anything at all: it ends as a value that shows all it holds
├── when it is read again: it is not parsed again
└── when the store takes nothing: it is read all the same
given text of a stranger
├── when letters are hidden: they are shown as such; joiners of scripts and emoji stay
├── when it goes to a place of one line: it is one, and not longer than the place
└── when it goes into JSON: hidden characters are escaped, and it says the same
given files of ballots
├── when one is bad: it is named with its reason and left out, the others go on
└── when a file has a ballot a line: each line is one
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dmo.core import text
from dmo.core.digests import digest
from dmo.home import documents, store
from dmo.home.ballots import MAX_CHOICES, Ballot, Pick, read_ballots
from dmo.home.documents import Document, Unreadable, _read_once, read_document
from tests.support.pace import paced

BOARD = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
VOTER = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
SECONDS = 0.05
HIDDEN = "\x1b\x00\x07\x85\r\u202e\u2066\u200b\u200e\u00ad\u2028\u2029\ufeff\U000e0041\u3164\u2060"


def paper(front: str, body: str = "Text.") -> bytes:
    head = "kind: reason\nlang: en\n"
    return f"---\n{head}{front}\n---\n{body}\n".encode("utf-8", "surrogatepass")


def opened(raw: bytes) -> Document | Unreadable:
    return read_document(raw, digest(raw))


# ── documents ───────────────────────────────────────────────────────────────────────────────────


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "beyond Unicode": (paper('title: "\\UFFFFFFFF"'), "an escape stands for no character"),
    "just beyond": (paper('title: "\\U00110000"'), "an escape stands for no character"),
    "lone surrogate": (paper('title: "\\uD800"'), "title holds the invisible character U+D800"),
    "NUL": (paper('title: "\\0"'), "title holds the invisible character U+0000"),
    "bare surrogate": (paper("title: \ud800"), "it is not UTF-8"),
    "deep list": (paper("title: T\nx: " + "[" * 100), "it is nested too deeply"),
    "deep dashes": (paper("title: T\nx:\n  " + "- " * 1000), "it is nested too deeply"),
    "deep questions": (paper("? " * 1000), "it is nested too deeply"),
    "hidden depth": (paper("title: T\nx: " + '["]", ' * 99), "it is nested too deeply"),
    "fields without end": (paper("title: T\nx: [" + "a, " * 2000), "it has too many fields"),
    "long front": (paper("title: " + "x" * 9000), "the front matter has 9030 characters"),
    "huge number": (paper("title: T\nkind: 9" + "9" * 5000), "kind stands twice"),
    "anchors": (paper("title: &a [x]\nx: *a"), "anchor, alias or tag"),
    "a tag": (paper("title: !!python/name:os.system"), "anchor, alias or tag"),
    "no front matter": (b"Text", "it does not begin with front matter"),
    "no text at all": (b"", "it does not begin with front matter"),
    "bytes": (b"\xff\xfe\x00", "it is not UTF-8"),
    "long": (b"x" * (documents.MAX_BYTES + 1), "the document has 1048577 bytes"),
    "a name of escapes": (paper('title: T\n"\\e[2J": 1'), "holds the invisible character U+001B"),
    "a name of lines": (paper('title: [T]\n"a\\nb": [1, {"a": ]'), "the front matter cannot be"),
    "a long name": (
        paper('title: T\n"' + '": {"'.join("n" * 59 for _ in range(9)) + '": "\\0"' + "}" * 8),
        "n" * 59 + "." + "n" * 59,
    ),
    "a language of bytes": (paper("title: T").replace(b"en", b"e" * 4000), "is not a language"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_says_why(name: str) -> None:
    raw, because = UNREADABLE[name]
    found = opened(raw)
    assert isinstance(found, Unreadable)
    assert because in found.because
    assert text.one_line(found.because, 160) == found.because
    assert found.title == text.one_line(f"(unreadable, because {found.because})", 80)
    assert (found.raw, found.digest) == (raw, digest(raw))
    assert text.hidden(found.text) is None


def test_other_bytes_than_were_asked_for_are_not_read() -> None:
    found = read_document(paper("title: T"), b"\x01" * 32)
    assert isinstance(found, Unreadable)
    assert found.because == "these are other bytes than their digest says"


SLOW = {
    "brackets": paper("title: T\nx: " + "[" * 16_000),
    "brackets that are short enough": paper("title: T\nx: " + "[" * 8_000),
    "as many brackets as pass": paper("title: T\nx: " + "[" * 128),
    "pairs": paper("title: T\nx: [" + '"",' * 2500 + "]"),
    "quoted brackets": paper("title: T\nx: " + '["]",' * 126),
    "fields": paper("title: T\n" + "".join(f"a{n}: 1\n" for n in range(900))),
    "lines": paper("title: T\nx: |\n" + "  a\n" * 1900),
    "folded": paper("title: T\nx: a\n" + "  a\n" * 1900),
    "blank": paper("title: T" + "\n" * 8000),
    "escapes": paper('title: T\nx: "' + "\\x41" * 1900 + '"'),
    "audience": paper("title: T").replace(b"reason", b"idea")[:-10] + b"\naudience: [" + b"user," * 370 + b"]\n---\nT",
    "fences": b"---\n" + b"---   x\n" * 2000,
    "spaces": b"---\n---" + b" " * 16_000 + b"x",
    "a long text": paper("title: T", "x\n" * 500_000),
    "a long text of others": paper("title: T", "é क ü\n" * 80_000),
    "hidden at the end": paper("title: T", "é" * 8_000 + "\u202e"),
    "joiners": paper("title: T", "क\u200d" * 2_700 + "क"),
}


@pytest.mark.parametrize("name", SLOW)
def test_no_document_is_slow(name: str) -> None:
    opened(paper("title: T"))
    reading = partial(_read_once.__wrapped__, SLOW[name], digest(SLOW[name]), "en")
    assert min(paced(reading) for _ in range(3)) < SECONDS


@pytest.mark.parametrize("letter", HIDDEN)
@pytest.mark.parametrize("place", ["title", "field", "inner", "text", "escape"])
def test_what_is_hidden_makes_it_unreadable(letter: str, place: str) -> None:
    code = f"\\U{ord(letter):08x}"
    raw = {
        "title": paper(f"title: a{letter}b"),
        "field": paper(f'title: T\nx: "a{code}b"'),
        "inner": paper(f'title: T\nx: [{{y: "a{code}b"}}]'),
        "text": paper("title: T", f"a{letter}b"),
        "escape": paper(f'title: "a{code}b"'),
    }[place]
    found = opened(raw)
    if letter == "\r" and isinstance(found, Document):
        # A line end by escape, which a field shows as a space.
        assert place in ("field", "inner", "escape")
        assert "\r" not in json.dumps(found.front.model_dump(mode="json"), ensure_ascii=False)
        return
    assert isinstance(found, Unreadable)
    assert f"invisible character U+{ord(letter):04X}" in found.because


def test_fields_are_one_line_each() -> None:
    front = 'title: "Radio\\n  error: you were\\tpaid"\n"a\\nb": {"c\\nd": ["e\\nf", 1, true]}'
    found = opened(paper(front, "Two\r\nlines."))
    assert isinstance(found, Document)
    assert found.title == "Radio error: you were paid"
    assert found.unknown == {"a b": {"c d": ["e f", 1, True]}}
    assert found.body == "Two\nlines.\n"
    assert (found.kind, found.lang) == ("reason", "en")
    shown = json.loads(json.dumps(found.front.model_dump(mode="json")))
    assert shown["title"] == found.title
    assert shown["a b"] == {"c d": ["e f", 1, True]}


NASTY = st.text(st.sampled_from("[]{}\"'\\:-?|>&*!%@,#~ \n\tUuxaeLNP_0F19=<\ud800"), max_size=60)


@given(st.one_of(st.binary(max_size=200), NASTY.map(paper), NASTY.map(lambda part: paper(f"title: {part}"))))
@example(paper('title: "\\UFFFFFFFF"'))
@example(paper("title: T\nmodel_dump: 1\nmodel_extra: 2\n__class__: 3\n<<: 4\n=: 5"))
def test_whatever_it_is_ends_as_a_value(raw: bytes) -> None:
    found = opened(raw)
    assert text.one_line(found.title) == found.title
    if isinstance(found, Document):
        for shown in (found.body, json.dumps(found.front.model_dump(), ensure_ascii=False)):
            assert text.printable(shown) == shown
            shown.encode()


def test_a_document_is_parsed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[bytes] = []
    parse = documents.parse

    def counted(raw: bytes, *rest: Any) -> Document:
        asked.append(raw)
        return parse(raw, *rest)

    monkeypatch.setattr(documents, "parse", counted)
    kept = store.Store(tmp_path)
    good, bad = kept.put(paper("title: Once")), kept.put(b"once and no more")
    for _ in range(3):
        assert store.find(good, kept).document.title == "Once"
        assert isinstance(store.find(bad, kept).document, Unreadable)
    assert len(asked) == 2


def test_a_store_that_takes_nothing_stops_no_reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    raw = paper("title: From afar")
    monkeypatch.setattr(store, "fetch", lambda *_: raw)
    (tmp_path / "file").write_text("no folder")
    found = store.find(digest(raw), store.Store(tmp_path / "file"), ["https://a.example"])
    assert found.document.title == "From afar"


# ── text ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("letter", HIDDEN)
def test_hidden_letters_are_shown(letter: str) -> None:
    assert text.printable(f"a{letter}b") == "a�b"
    assert text.hidden(f"a{letter}b") == 1
    assert text.one_line(f"a{letter}b") in ("a�b", "a b")
    written = json.dumps({"k": f"a{letter}b"}, ensure_ascii=False)
    safe = text.escaped(written)
    assert text.hidden(safe) is None
    assert json.loads(safe) == {"k": f"a{letter}b"}


@pytest.mark.parametrize(
    "whole", ["👩\u200d💻", "👩🏽\u200d💻", "❤\ufe0f", "1\ufe0f\u20e3", "ب\u200cب", "क्\u200dष", "a\tb", "a\r\nb"]
)
def test_spelling_is_left_alone(whole: str) -> None:
    assert text.hidden(whole) is None
    assert text.printable(whole) == whole.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "part",
    ["a\u200db", "\u200d", "क\u200d", "中\u200d文", "a\ufe0f", "\ufe0f", "क\u200d\u200dक", "क\u200d\u061c", "1\ufe0f"],
)
def test_joiners_elsewhere_are_hidden(part: str) -> None:
    assert text.hidden(part) is not None
    assert "�" in text.printable(part)
    assert text.hidden(text.printable(part)) is None


def test_one_line_is_one_line() -> None:
    assert text.one_line(" a\n\n b\u2028c\u00a0\u3000d\t") == "a b c d"
    assert text.one_line("abcdef", 6) == "abcdef"
    assert text.one_line("abcdefg", 6) == "abcde…"
    assert text.one_line("\n") == ""


@given(st.text(), st.integers(1, 20))
def test_any_text_becomes_safe(given_: str, limit: int) -> None:
    assert text.hidden(text.printable(given_)) is None
    line = text.one_line(given_, limit)
    assert len(line) <= limit
    assert not set(line) & set("\n\r\t")
    assert text.hidden(line) is None
    assert json.loads(text.escaped(json.dumps(given_, ensure_ascii=False))) == given_


# ── ballots ─────────────────────────────────────────────────────────────────────────────────────


def ballot(**changes: Any) -> dict[str, Any]:
    return {
        "chain_id": 31337,
        "board": BOARD,
        "voter": VOTER,
        "round": 3,
        "at": 1_700_000_000,
        "in_favour": [1, 3],
        "against": [2],
        "signature": "0x" + "ab" * 65,
    } | changes


BAD_BALLOTS: dict[str, tuple[str, str]] = {
    "1e400": (json.dumps(ballot()).replace("1700000000", "1e400"), "is no signed ballot"),
    "1.0": (json.dumps(ballot(round=1.0)), "is no signed ballot"),
    "Infinity": (json.dumps(ballot(at=float("inf"))), "is no signed ballot"),
    "NaN": (json.dumps(ballot(against=[float("nan")])), "is no signed ballot"),
    "true": (json.dumps(ballot(round=True)), "is no signed ballot"),
    "deep": ("[" * 100_000, "is no signed ballot"),
    "deep inside": (json.dumps(ballot()).replace("[1, 3]", "[" * 99_999), "is no signed ballot"),
    "huge": (json.dumps(ballot()).replace("[1, 3]", "[" + "9" * 5000 + "]"), "is no signed ballot"),
    "long": ("{" + " " * 1_100_000, "is longer than"),
    "a list": ("[1]", "is no signed ballot"),
    "nothing": ("", "is no signed ballot"),
    "no voter": (json.dumps(ballot(voter=None)), "its voter is not an address"),
    "bad voter": (json.dumps(ballot(voter="erin")), "'erin' is not an address"),
    "mistyped voter": (json.dumps(ballot(voter=VOTER.swapcase())), "its capitals"),
    "voter of lines": (json.dumps(ballot(voter="0x\nok")), "'0x\\nok' is not an address"),
    "round": (json.dumps(ballot(round=2**32)), "does not fit"),
    "time": (json.dumps(ballot(at=-1)), "does not fit"),
    "choice": (json.dumps(ballot(against=[2**16])), "there is no idea 65536"),
    "no idea": (json.dumps(ballot(in_favour=[0])), "there is no idea 0"),
    "twice": (json.dumps(ballot(against=[3])), "named twice"),
    "order": (json.dumps(ballot(in_favour=[3, 1])), "not in order"),
    "too many": (json.dumps(ballot(in_favour=list(range(3, 103)))), "has 101 choices"),
    "text for choices": (json.dumps(ballot(in_favour="34")), "is no signed ballot"),
    "signature": (json.dumps(ballot(signature="0xzz")), "is no signed ballot"),
    "long signature": (json.dumps(ballot(signature="ab" * 9000)), "signature is too long"),
    "other chain": (json.dumps(ballot(chain_id=1)), "another board"),
    "other board": (json.dumps(ballot(board=VOTER)), "another board"),
}


@pytest.mark.parametrize("name", BAD_BALLOTS)
def test_a_bad_ballot_is_named_and_left_out(name: str, tmp_path: Path) -> None:
    files = [tmp_path / f"{place}.json" for place in ("first", "bad", "last")]
    for file, number in ((files[0], 3), (files[2], 5)):
        file.write_text(json.dumps(ballot(round=number), indent=2))
    written, reason = BAD_BALLOTS[name]
    files[1].write_text(written)
    found, faults = read_ballots(files, 31337, BOARD)
    assert [one.ballot.round for one in found] == [3, 5]
    assert [fault.file for fault in faults] == [str(files[1])]
    assert reason in faults[0].reason
    assert text.one_line(faults[0].message) == faults[0].message
    assert faults[0].code == "BadInput"


def test_files_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "good").write_text(json.dumps(ballot()))
    files = [tmp_path / "missing", tmp_path, "\0", tmp_path / "good"]
    found, faults = read_ballots(files, 31337, BOARD)
    assert len(found) == 1
    assert [fault.file for fault in faults] == list(map(str, files[:3]))


def test_reads_a_ballot_a_line(tmp_path: Path) -> None:
    file = tmp_path / "signed.jsonl"
    plain = {key: value for key, value in ballot().items() if key not in ("chain_id", "board")}
    rows = [json.dumps(plain), "nonsense", "", json.dumps(ballot(voter=VOTER.lower(), round=4))]
    file.write_text("\n".join(rows) + "\n")
    found, faults = read_ballots([file], 31337, BOARD)
    choices = (Pick(1, True), Pick(2, False), Pick(3, True))
    assert [one.ballot for one in found] == [
        Ballot(VOTER, 3, 1_700_000_000, choices),
        Ballot(VOTER, 4, 1_700_000_000, choices),
    ]
    assert found[0].signature == b"\xab" * 65
    assert [(fault.file, fault.line) for fault in faults] == [(str(file), 2)]


def test_the_longest_ballot_passes(tmp_path: Path) -> None:
    file = tmp_path / "ballot.json"
    file.write_text(json.dumps(ballot(in_favour=list(range(1, 1 + MAX_CHOICES)), against=[])))
    found, faults = read_ballots([file], 31337, BOARD)
    assert (len(found[0].ballot.choices), faults) == (MAX_CHOICES, [])
