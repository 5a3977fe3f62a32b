#!/usr/bin/env python3
"""Pictures of every page, for eyes: 390 and 1280 pixels wide, light, dark and printed, in every language.

The demo's story is played once, and stops where pages have something to show: nothing yet, a vote, work that waits, a
dispute, the end. Writes build/pictures/*.png and an index.html that shows them side by side. Exit code 1 where a page
was not drawn, or is wider than its window.
"""

from __future__ import annotations

import argparse
import base64
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page  # noqa: E402

from dmo.core import words  # noqa: E402
from tests.support.browser import browser  # noqa: E402
from tools.tidepool import Tidepool, say, tidepool  # noqa: E402

OUT = ROOT / "build" / "pictures"
README = ROOT / "docs" / "page.png"
IDEA = ROOT / "examples" / "documents" / "ideas" / "2-tide-widget.md"
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark", "print")


class Shot(NamedTuple):
    """A page in a state: its name, its path, who looks, and what is done there first.

    In braces: ``{bounty:video}`` is the number of a thing of the story, ``{zoe}`` somebody's account.
    """

    name: str
    path: str
    who: str = ""
    first: str = ""


MOMENTS: dict[str, tuple[str, tuple[Shot, ...]]] = {
    "empty": (
        "2026-03-01 00:00",
        (
            Shot("overview", "/"),
            Shot("round", "/round"),
            Shot("ideas", "/ideas"),
            Shot("campaigns", "/campaigns"),
            Shot("bounties", "/bounties"),
            Shot("works", "/work"),
            Shot("disputes", "/disputes"),
            Shot("govern", "/govern"),
            Shot("money", "/money"),
            Shot("points", "/points"),
            Shot("lessons", "/lessons"),
            Shot("account", "/account/{nora}"),
        ),
    ),
    "post": (
        "2026-03-12 00:00",
        (Shot("overview", "/", "kofi"), Shot("round", "/round"), Shot("idea", "/idea/1.2", "ayu")),
    ),
    "vote": (
        "2026-03-19 17:00",
        (
            Shot("overview", "/"),
            Shot("overview-mine", "/", "tomas"),
            Shot("round", "/round/1"),
            Shot("round-mine", "/round/1", "hana"),
            Shot("ballots", "/ballots/1"),
            Shot("ideas", "/ideas/1"),
            Shot("idea", "/idea/1.1"),
            Shot("govern", "/govern"),
            Shot("act-post-idea", "/act/idea/post", "kofi"),
            Shot("act-comment", "/act/document/publish?_kind=comment&file.about=1/1"),
        ),
    ),
    "voice": (
        "2026-03-22 23:00",
        (
            Shot("idea-forecast", "/idea/1.2", "salma"),
            Shot("forecasts", "/forecasts"),
            Shot("act-forecast", "/act/forecast/move?idea=1/2", "hana"),
            Shot("needs", "/needs", "kofi"),
            Shot("need", "/need/1"),
            Shot("act-need", "/act/need/post", "priya"),
            Shot("brand", "/brand"),
            Shot("plan", "/plan"),
            Shot("assets", "/assets"),
            Shot("asset", "/asset/2"),
            Shot("advisors", "/advisors"),
            Shot("act-written", "/act/document/publish?_kind=comment&file.about=1/2", "hana", "write"),
            Shot("act-review", "/act/idea/post", "kofi", "review"),
        ),
    ),
    "work": (
        "2026-04-03 10:00",
        (
            Shot("overview-lead", "/", "diego"),
            Shot("campaigns", "/campaigns"),
            Shot("campaign", "/campaign/1"),
            Shot("bounties", "/bounties"),
            Shot("bounty", "/bounty/{bounty:talleres}"),
            Shot("works", "/work"),
            Shot("work", "/work/{submission:video}", "diego"),
            Shot("act-submit", "/act/work/submit?bounty={bounty:talleres}", "isabel"),
            Shot("act-reject", "/act/work/reject?submission={submission:video}", "diego"),
            Shot("act-post-bounty", "/act/bounty/post?campaign=1", "diego"),
            Shot("act-previewed", "/act/token/delegate", "maren", "preview"),
            Shot("act-refused", "/act/credit/withdraw", "kofi", "preview"),
            Shot("no-wallet", "/round/3", "", "connect"),
        ),
    ),
    "dispute": (
        "2026-04-11 09:00",
        (
            Shot("overview-juror", "/", "hana"),
            Shot("disputes", "/disputes"),
            Shot("dispute", "/dispute/{submission:puck}"),
            Shot("work", "/work/{submission:puck}"),
            Shot("act-commit", "/act/dispute/commit?submission={submission:puck}", "hana"),
        ),
    ),
    "end": (
        "",
        (
            Shot("overview", "/"),
            Shot("round", "/round/1"),
            Shot("campaign", "/campaign/1"),
            Shot("bounty", "/bounty/{bounty:video}"),
            Shot("work-paid", "/work/{submission:video}"),
            Shot("dispute", "/dispute/{submission:puck}"),
            Shot("account", "/account/{zoe}"),
            Shot("account-credit", "/account/{linwei}", "linwei"),
            Shot("badges", "/badges", "linwei"),
            Shot("badge", "/badge/1"),
            Shot("held", "/held/{linwei}"),
            Shot("season", "/season/1"),
            Shot("drops", "/drops"),
            Shot("drop", "/drop/1", "zoe"),
            Shot("outcomes", "/outcomes"),
            Shot("outcome", "/outcome/3"),
            Shot("analytics", "/analytics"),
            Shot("forecasts", "/forecasts"),
            Shot("need", "/need/2"),
            Shot("due", "/due"),
            Shot("govern", "/govern"),
            Shot("money", "/money"),
            Shot("points", "/points"),
            Shot("lessons", "/lessons"),
            Shot("acts", "/act"),
            Shot("check", "/check"),
            Shot("nothing-there", "/nowhere"),
            Shot("no-such-work", "/work/999"),
            Shot("stale", "/act/token/delegate", "maren", "silence"),
        ),
    ),
}


class Look(NamedTuple):
    """How a page is looked at."""

    width: int
    scheme: str
    language: str


def _preview(page: Page) -> None:
    if page.locator("[name=delegate]").count():
        page.locator("[name=delegate]").fill("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
    page.locator("[data-preview]").click()
    page.locator("[data-answer]:not(:empty)").wait_for()


def _connect(page: Page) -> None:
    page.locator("[data-connect]").click()


def _write(page: Page) -> None:
    page.locator("[name='file.title']").fill("Tea")
    page.locator("[name='file.body']").fill("Who hears it over tea tells it on.")
    page.locator("[name=_write]").click()
    page.locator(".told").wait_for()


def _review(page: Page) -> None:
    page.locator("details:has([name=file]) > summary").click()
    page.locator("[name=file]").fill(IDEA.read_text("utf-8"))
    page.locator("[name=_review]").click()
    page.locator("section[role=status]").wait_for()


FIRST: dict[str, Callable[[Page], None]] = {
    **{"preview": _preview, "connect": _connect, "write": _write, "review": _review}
}


def filled(shot: Shot, place: Tidepool) -> str:
    """A shot's path, its names replaced, for who looks."""

    def one(found: re.Match[str]) -> str:
        kind, _, name = found[1].rpartition(":")
        return place.number(kind, name) if kind else place.address(name)

    path = re.sub(r"\{([\w:]+)\}", one, shot.path)
    return f"{path}{'&' if '?' in path else '?'}account={place.address(shot.who)}" if shot.who else path


@contextmanager
def _pages(shown: Browser, base: str, looks: list[Look]) -> Iterator[dict[tuple[int, str], Page]]:
    """A page for every width and scheme."""
    with ExitStack() as open_ones:
        found = {}
        for width, scheme in dict.fromkeys((look.width, look.scheme) for look in looks):
            is_phone = width < 720
            context = shown.new_context(
                base_url=base,
                viewport={"width": width, "height": 844 if is_phone else 900},
                is_mobile=is_phone,
                has_touch=is_phone,
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            open_ones.callback(context.close)
            page = context.new_page()
            if scheme == "print":
                page.emulate_media(media="print")
            found[width, scheme] = page
        yield found


def take(place: Tidepool, shown: Browser, looks: list[Look], wanted: str) -> tuple[list[str], list[str]]:
    """Play the story and take the pictures; their names without look, and what is wrong with which."""
    taken: list[str] = []
    wrong: list[str] = []
    for at, (text, shots) in MOMENTS.items():
        named = [(f"{at}-{shot.name}", shot) for shot in shots if wanted in f"{at}-{shot.name}"]
        if not named:
            continue
        place.until(text)
        with _pages(shown, place.base, looks) as pages:
            for name, shot in named:
                started = time.monotonic()
                place.site.look()  # or it would be old, for pictures take a while
                with ExitStack() as around:
                    if shot.first == "silence":
                        around.enter_context(place.silence())
                    for look in looks:
                        to = OUT / _file(name, look)
                        wrong += _one(pages[look.width, look.scheme], filled(shot, place), shot, look, to)
                taken.append(name)
                say(f"pictures: {name} ({len(looks)}, {time.monotonic() - started:.1f} s)")
    return taken, wrong


def _one(page: Page, path: str, shot: Shot, look: Look, to: Path) -> list[str]:
    answer = page.goto(f"{path}{'&' if '?' in path else '?'}lang={look.language}")
    wrong = [f"{to.name}: answered {answer.status}"] if answer and answer.status >= 500 else []
    if act := FIRST.get(shot.first):
        page.emulate_media(media="screen")  # on paper no form stands
        act(page)
        page.emulate_media(media="print" if look.scheme == "print" else None)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        wrong.append(f"{to.name}: {wide} pixels too wide")
    # As tall as the page, or what sticks to a window's edge would lie over its middle.
    page.set_viewport_size({"width": look.width, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.screenshot(path=to)
    page.set_viewport_size({"width": look.width, "height": 844})
    return wrong


def _file(name: str, look: Look) -> str:
    return f"{name}-{look.width}-{look.scheme}-{look.language}.png"


def gallery(names: list[str], looks: list[Look]) -> str:
    """A page that shows the pictures: a row a page, a column a look."""
    heads = "".join(f"<th>{look.width} {look.scheme} {look.language}</th>" for look in looks)
    rows = "".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(
            f'<td><a href="{_file(name, look)}"><img src="{_file(name, look)}" alt=""></a></td>' for look in looks
        )
        + "</tr>"
        for name in names
    )
    style = "body{font:14px sans-serif}td{vertical-align:top}img{width:260px;border:1px solid #999}th{text-align:left}"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title><style>{style}</style>'
        f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table></html>\n"
    )


def readme() -> int:
    """Take what the README begins with: a vote, on a desk and on a phone, none of it scaled, so that it stays small."""
    looks: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1120, "light"), (390, "dark"))
    with tidepool() as place, browser() as shown:
        place.until(MOMENTS["vote"][0])
        images = []
        for width, scheme in looks:
            page = shown.new_page(base_url=place.base, viewport={"width": width, "height": 760}, color_scheme=scheme)
            page.goto("/round/1?lang=en")
            images.append(f"data:image/png;base64,{base64.b64encode(page.screenshot()).decode()}")
        page = shown.new_page(viewport={"width": 1600, "height": 820})
        style = "body{margin:0;padding:30px;display:flex;gap:30px;background:#e8ebea}img{border-radius:14px}"
        page.set_content(f"<style>{style}</style>" + "".join(f'<img src="{one}">' for one in images))
        page.screenshot(path=README)
    say(f"{README.relative_to(ROOT)}: {README.stat().st_size:,} bytes")
    return 0


def main() -> int:
    """Take them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", default="", help="only pages whose name has this in it (vote-round)")
    parser.add_argument("--width", type=int, action="append", choices=WIDTHS)
    parser.add_argument("--scheme", action="append", choices=SCHEMES)
    parser.add_argument("--lang", action="append", choices=words.languages())
    parser.add_argument("--readme", action="store_true", help="only what the README begins with: docs/page.png")
    given = parser.parse_args()
    if given.readme:
        return readme()
    # Paper is one; it has a desk's width and the first language.
    looks = [
        Look(width, scheme, language)
        for scheme in given.scheme or SCHEMES
        for width in (given.width or WIDTHS if scheme != "print" else WIDTHS[-1:])
        for language in (given.lang or words.languages() if scheme != "print" else words.languages()[:1])
    ]
    if not (given.page or given.width or given.scheme or given.lang):
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    with tidepool() as place, browser() as shown:
        names, wrong = take(place, shown, looks, given.page)
    (OUT / "index.html").write_text(gallery(names, looks), "utf-8")
    say(f"{len(names) * len(looks)} pictures: build/pictures/index.html")
    for line in wrong:
        say(f"pictures: {line}")
    return 2 if not names else 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
