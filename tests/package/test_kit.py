"""The kit: whole, offline, the same to the byte, in four languages; one changed byte is noticed.

given a brand book and its assets' files
├── made twice, from other folders and under other names: the same bytes, the zip too
├── made again out of itself, and of the zip: the same bytes
├── only what is live, unexpired and endorsed is in it
├── its pages say the same in four languages, and ask nobody for anything
├── a file, a text or the list of files that was changed by one byte, is gone or was added: noticed
├── a file or text that is nowhere: nothing is made, and what lacks is named
└── what a text says cannot become markup
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.kits import CheckKit, MakeKit
from dmo.core.errors import BadInput, CheckFailed
from dmo.faces import kit
from dmo.home.brandbook import BookEntry, BrandBook
from dmo.home.home import Home
from tests.support.voice import CLAIM, DISCLOSURE, LANGUAGES, LOGO, laid_out, lamp, paper

PAGES = {"en": "index.html", "es": "es.html", "id": "id.html", "zh-Hans": "zh.html"}
SEAL = b"s"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("DMO_STORE", str(tmp_path / "store"))
    return Home()


def made(home: Home, at: Path, name: str = "kit", **more: Any) -> tuple[Path, Mapping[str, Any]]:
    """A kit in a folder of its own."""
    (at / "of").mkdir(parents=True)
    file = laid_out(lamp(), at / "book")
    (at / "of" / "any name").write_bytes(LOGO)
    (at / "of" / "deeper").mkdir()
    (at / "of" / "deeper" / "s").write_bytes(SEAL)
    told = MakeKit(str(at / name), book=str(file), files=str(at / "of"), **more).answer(home)
    return at / name, told


def held(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


class Reader(HTMLParser):
    """What a page leads to, fetches and says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, key: str) -> list[str]:
        return [str(its[key]) for _, its in self.tags if key in its]


def test_it_is_the_same_for_everybody(home: Home, tmp_path: Path) -> None:
    first, told = made(home, tmp_path / "a")
    second, _ = made(home, tmp_path / "b")
    assert held(first) == held(second)
    assert (tmp_path / "a" / "kit.zip").read_bytes() == (tmp_path / "b" / "kit.zip").read_bytes()
    assert told["sha256"] == hashlib.sha256((first / kit.SUMS).read_bytes()).hexdigest()
    again = MakeKit(str(tmp_path / "c"), book=str(first / kit.BOOK)).answer(home)
    assert held(tmp_path / "c") == held(first)
    with zipfile.ZipFile(io.BytesIO((tmp_path / "a" / "kit.zip").read_bytes())) as archive:
        archive.extractall(tmp_path / "d")
    assert held(tmp_path / "d" / "kit") == held(first)
    checked = CheckKit(str(tmp_path / "d" / "kit")).answer(home)
    assert checked["sha256"] == told["sha256"] == again["sha256"]
    assert (told["files"], told["texts"], told["assets"]) == (len(held(first)), 15, 2)


@pytest.mark.attack("an asset that nobody endorsed, in the kit")
def test_unendorsed_assets_are_not_in_the_kit(home: Home, tmp_path: Path) -> None:
    folder, _ = made(home, tmp_path)
    found = held(folder)
    assert {one for one in found if one.startswith("assets/")} == {"assets/1/logo.png", "assets/9/s.svg"}
    book = lamp()
    gone = [book.entries[number] for number in (3, 8, 9, 11, 12)] + [book.assets[number] for number in (2, 3, 4, 5)]
    assert not {f"documents/{book.papers[one.paper].cid}.md" for one in gone} & {*found}
    everything = b"".join(found.values()).decode("utf-8", "replace")
    for text in ("never goes out", "first of its kind", "Cheap", "candle", "four notes"):
        assert text not in everything


def test_it_says_the_same_in_four_languages(home: Home, tmp_path: Path) -> None:
    folder, _ = made(home, tmp_path)
    pages = {lang: Reader((folder / name).read_text("utf-8")) for lang, name in PAGES.items()}
    assert {one for one in held(folder) if one.endswith(".html")} == {*PAGES.values()}
    for lang, page in pages.items():
        assert DISCLOSURE[lang] in page.words
        assert CLAIM[lang] in page.words
        assert page.tags[0][1]["lang"] == lang.partition("-")[0]
        assert {"https://lamp.example/", "assets/1/logo.png"} <= {*page.all("href")}
        assert {"assets/1/logo.png", "assets/9/s.svg", "qr/1.svg"} == {*page.all("src")}
        assert all(not one.startswith("http") for one in page.all("src"))
        assert page.words.count("SHA-256") == 2
        assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "form"}
    kinds = [[tag for tag, _ in page.tags] for page in pages.values()]
    assert kinds.count(kinds[0]) == 4
    spoken = {lang: page.words for lang, page in pages.items()}
    assert len({*spoken.values()}) == 4
    for lang in LANGUAGES:
        assert not [other for other in LANGUAGES if other != lang and CLAIM[other] in spoken[lang]]


def test_links_can_be_read_off_their_codes() -> None:
    drawn = kit.qr("https://lamp.example/")
    assert drawn == kit.qr("https://lamp.example/") != kit.qr("https://lamp.example/x")
    assert 'viewBox="0 0 33 33"' in drawn


@pytest.mark.parametrize(
    "path", ["assets/1/logo.png", "brandbook.json", "qr/1.svg", "index.html", "zh.html", "documents", kit.SUMS]
)
def test_one_changed_byte_is_noticed(home: Home, tmp_path: Path, path: str) -> None:
    folder, _ = made(home, tmp_path)
    file = next((folder / path).iterdir()) if path == "documents" else folder / path
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    with pytest.raises(CheckFailed) as caught:
        CheckKit(str(folder)).answer(home)
    assert path == kit.SUMS or any(file.name in one for one in caught.value.differences)


@pytest.mark.attack("a kit whose list of files was written anew")
def test_a_new_list_of_files_hides_nothing(home: Home, tmp_path: Path) -> None:
    """Whoever changes an asset and the page can list them anew: the brand book in it asks for the old ones."""
    folder, _ = made(home, tmp_path)

    def listed_anew() -> None:
        files = {path: raw for path, raw in held(folder).items() if path != kit.SUMS}
        sums = "".join(f"{hashlib.sha256(raw).hexdigest()}  {path}\n" for path, raw in sorted(files.items()))
        (folder / kit.SUMS).write_text(sums, "utf-8")

    for path, raw in [("index.html", None), ("assets/1/logo.png", LOGO[:-1] + b"!"), ("extra.txt", b"more")]:
        before = held(folder)
        (folder / path).write_bytes(before[path].replace(b"Lamp", b"Lump") if raw is None else raw)
        listed_anew()
        with pytest.raises(CheckFailed):
            CheckKit(str(folder)).answer(home)
        (folder / path).unlink()
        for name, old in before.items():
            (folder / name).write_bytes(old)
    assert CheckKit(str(folder)).answer(home)["files"] == len(held(folder))
    (folder / "es.html").unlink()
    listed_anew()
    with pytest.raises(CheckFailed):
        CheckKit(str(folder)).answer(home)


def test_what_lacks_is_named_and_nothing_is_made(home: Home, tmp_path: Path) -> None:
    file = laid_out(lamp(), tmp_path / "book")
    with pytest.raises(CheckFailed) as caught:
        MakeKit(str(tmp_path / "kit"), book=str(file)).answer(home)
    assert len(caught.value.differences) == 2
    assert "assets/1/logo.png" in caught.value.differences[0]
    assert not (tmp_path / "kit").exists()
    bare = MakeKit(str(tmp_path / "bare"), book=str(file), is_bare=True).answer(home)
    assert bare["assets"] is None
    assert CheckKit(str(tmp_path / "bare")).answer(home)["sha256"] == bare["sha256"]
    with pytest.raises(BadInput):
        MakeKit(str(tmp_path / "bare"), book=str(file), is_bare=True).answer(home)
    claim = lamp().papers[lamp().entries[10].paper]
    (file.parent / "texts" / f"{claim.cid}.md").unlink()
    with pytest.raises(CheckFailed) as caught:
        MakeKit(str(tmp_path / "other"), book=str(file), is_bare=True).answer(home)
    assert len(caught.value.differences) == 1
    home.store.put(claim.raw)
    assert MakeKit(str(tmp_path / "other"), book=str(file), is_bare=True).answer(home)["sha256"] == bare["sha256"]
    with pytest.raises(BadInput):
        CheckKit(str(tmp_path / "nowhere")).answer(home)


@pytest.mark.attack("a text that becomes markup in the kit's page")
def test_a_text_stays_text() -> None:
    evil = "</blockquote><script>alert(1)</script>{{ 7 * 7 }}"
    claim = paper("claim", f"'{evil}'", f"says: '{evil}'\nproof: ['{evil}']\n", body=f"# {evil}\n[x](javascript:y)")
    entry = BookEntry(number=1, kind="claim", digest="0x" + claim.digest.hex())
    found = kit.make(BrandBook("lamp", 1, {1: entry}, {}, {claim.digest: claim}), {})
    page = Reader(found["index.html"].decode())
    assert not [tag for tag, _ in page.tags if tag in ("script", "img")]
    assert page.words.count("{{ 7 * 7 }}") == 4
    assert not [one for one in page.all("href") if "javascript" in one]
