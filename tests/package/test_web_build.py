"""A copy in files of what is finished: `dmo web build`.

given a told chain with finished rounds and campaigns
├── every page is there, links lead to files that are there, and nothing pretends to be done here
├── the same bytes come out on another machine, on another day; others once something happened
├── documents lie beside their pages, as far as the chain has their texts
├── a page that cannot be drawn says so, and stops no other
└── what was asked for pages is forgotten
where it is written
├── an earlier copy is replaced, any other folder left alone
└── what fails leaves the earlier copy, and nothing else
numbers beyond a thousand -> lie in folders of their thousand
`dmo web` and `dmo web build` are both commands
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from dmo.capabilities.campaigns import Campaign
from dmo.core import unixfs
from dmo.core.errors import BadInput, NetworkError
from dmo.faces import cli
from dmo.faces.web import build as building
from dmo.faces.web import still
from dmo.faces.web.build import Built, build
from dmo.faces.web.pages import Place
from tests.support.indexes import home_on
from tests.support.pages import parsed, text_of
from tests.support.village import Village

IDEA = "---\nkind: idea\ntitle: Harbour radio\nlang: en\nobjective: awareness\naudience: [user]\ngoal:\n"
IDEA += "  metric: wallets\n  baseline: 0\n  target: 500\n  date: 2027-03-31\n---\n\nWe talk, <b>they</b> listen.\n"


def silent(done: int, total: int) -> None:
    """Nobody looks."""


@pytest.fixture
def village(monkeypatch: pytest.MonkeyPatch) -> Village:
    # The told escrow closes nothing: whatever is there counts as finished.
    monkeypatch.setattr(Campaign, "state", lambda self, now: "closed")
    found = Village()
    found.grow(40)
    found.digest = found.post(IDEA)  # type: ignore[attr-defined]
    found.grow(10)
    return found


def copied(village: Village, folder: Path, patch: pytest.MonkeyPatch, name: str = "told") -> Built:
    patch.setenv("DMO_STORE", str(folder / "store"))
    home = home_on(village, patch, None, folder)
    home.dmo.__dict__["name"] = name
    return build(home, folder / "copy", "en", silent)


def test_what_is_finished_is_there_and_leads_to_files(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = copied(village, tmp_path, monkeypatch)
    folder = tmp_path / "copy"
    files = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert len(files) == built.files
    assert {one.partition("/")[0] for one in files} >= {
        "round",
        "ballots",
        "idea",
        "campaign",
        "bounty",
        "work",
        "document",
    }
    seen, waiting = set(), ["index.html"]
    while waiting:
        file = waiting.pop()
        seen.add(file)
        html = (folder / file).read_text("utf-8")
        parsed(re.sub("<!doctype html>|<link [^>]*>|<meta [^>]*>", "", html))
        assert not re.search(r"<(form|script|button|input|textarea)\b|\son\w+=|\sstyle=", html), file
        assert "nothing can be done here" in html
        for to in re.findall(r'(?:href|src)="([^"#]+)', html):
            there = urljoin(f"https://any.host/some/path/{file}", to).removeprefix("https://any.host/some/path/")
            assert there in files, (file, to)
            waiting += [there] if there.endswith(".html") and there not in {*seen, *waiting} else []
    unreached = {one for one in files - seen if one.endswith(".html")}
    assert unreached == set()
    digest = "0x" + village.digest.hex()  # type: ignore[attr-defined]
    assert f"document/{digest[2:4]}/{digest}.html" in seen
    raw = folder / "document" / digest[2:4] / f"{digest}.md"
    assert raw.read_text("utf-8") == IDEA
    assert unixfs.file_node(raw.open("rb")).cid[4:].hex() == digest[2:], "IPFS finds it by its digest"
    assert "they listen" not in (folder / "idea/1/1.html").read_text("utf-8")
    assert (tmp_path / "copy.cid").read_text().strip() == built.cid == unixfs.text(unixfs.folder_node(folder).cid)


def test_everybody_makes_the_same(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = copied(village, tmp_path / "mine", monkeypatch)
    village.grow(7, 0)
    (tmp_path / "theirs/store").mkdir(parents=True)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    theirs = copied(village, tmp_path / "theirs", monkeypatch, "harbour")
    assert theirs == mine
    village.grow(1, 0)
    village.post(IDEA.replace("radio", "choir"), number=2)
    later = copied(village, tmp_path / "mine", monkeypatch)
    assert later.cid != mine.cid
    assert later.block > mine.block


def test_texts_that_lie_here_alone_change_nothing(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = copied(village, tmp_path, monkeypatch)
    home = home_on(village, monkeypatch, None, tmp_path)
    asked: list[bytes] = []
    monkeypatch.setattr(type(home.store), "get", lambda self, value: asked.append(value))
    assert build(home, tmp_path / "copy", "en", silent) == first


def test_a_page_that_cannot_be_drawn_stops_no_other(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = still.StillCanvas.told_of

    def told_of(self: still.StillCanvas, one: Place, named: dict[str, str]) -> dict[str, object]:
        if one.noun == "campaign":
            raise ValueError
        return shown(self, one, named)

    monkeypatch.setattr(still.StillCanvas, "told_of", told_of)
    copied(village, tmp_path, monkeypatch)
    assert "could not be made" in text_of((tmp_path / "copy/campaign/1.html").read_text("utf-8"))
    assert "could not be made" not in text_of((tmp_path / "copy/round/1.html").read_text("utf-8"))


def test_what_was_asked_is_forgotten(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most: list[int] = []
    lighten, told = still.Copy.lighten, list[tuple[int, int]]()

    def counted(self: still.Copy) -> None:
        most.append(len(self.still.snapshot.asked))
        lighten(self)
        assert self.still.snapshot.asked == []

    monkeypatch.setattr(still.Copy, "lighten", counted)
    monkeypatch.setattr(building, "_EVERY", 4)
    built = build(home_on(village, monkeypatch, None, tmp_path), tmp_path / "copy", "es", lambda *at: told.append(at))
    assert max(most) < 40
    assert len(most) == len(told) > 4
    assert told[-1][0] == told[-1][1] // 4 * 4
    assert built.files > 4 * len(told)
    assert '<html lang="es">' in (tmp_path / "copy/index.html").read_text("utf-8")


def test_no_other_folder_is_written_over(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    first = copied(village, tmp_path, monkeypatch)
    (folder / "mine.txt").write_text("precious")
    with pytest.raises(BadInput, match="no copy"):
        copied(village, tmp_path, monkeypatch)
    (folder / "mine.txt").unlink()
    assert copied(village, tmp_path, monkeypatch) == first
    for odd in ("file", "link", "full"):
        place = tmp_path / odd
        if odd == "file":
            place.write_text("x")
        elif odd == "link":
            place.symlink_to(folder)
        else:
            place.mkdir()
            (place / "index.html").write_text("a page of somebody's")
        with pytest.raises(BadInput, match="no copy"):
            building.check(place)


def test_what_fails_leaves_the_earlier_copy(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = copied(village, tmp_path, monkeypatch)
    before = {one.name for one in tmp_path.iterdir()}

    def away(self: still.StillCanvas) -> str:
        raise NetworkError("gone")

    monkeypatch.setattr(still.StillCanvas, "index", away)
    with pytest.raises(NetworkError):
        copied(village, tmp_path, monkeypatch)
    assert {one.name for one in tmp_path.iterdir()} == before
    assert unixfs.text(unixfs.folder_node(tmp_path / "copy").cid) == first.cid


@pytest.mark.parametrize(("number", "file"), [(999, "999"), (1000, "1000/1000"), (12_345, "12000/12345")])
def test_large_folders_are_divided(number: int, file: str) -> None:
    assert still._divided(number) == file


def test_both_are_commands() -> None:
    group = cli.root().get_command(None, "web")  # type: ignore[arg-type]
    assert isinstance(group, cli.Noun)
    assert group.list_commands(None) == ["build"]  # type: ignore[arg-type]
    asked = []
    group.params, group.callback = group.params, None
    with group.make_context("web", ["--port", "8701"]) as context:
        asked.append(context.params["port"])
    assert asked == ["8701"]
