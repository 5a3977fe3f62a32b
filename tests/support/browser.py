"""A real browser for tests: an installed Chrome or Chromium, else the one that an npm package carries.

Pages are looked at with a phone's and a desk's width. Nothing is ever fetched from another host: what
a page asks elsewhere is refused and remembered. The browser ends with the block that began it.
"""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from dmo.core.files import read_json
from tests.support.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ("google-chrome", "google-chrome-stable", "chromium")
UNPACKED = ROOT / "build" / "browser"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {"phone": 390, "desk": 1280}
PATIENCE = 1_000 * PATIENCE_SECONDS  # in milliseconds, as Playwright counts
expect.set_options(timeout=PATIENCE)
OPTIONS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio", "--force-color-profile=srgb"]


def executable() -> tuple[str, dict[str, str]]:
    """A browser's path, and what it needs in its environment."""
    named = [os.environ.get("CHROME_PATH"), *map(shutil.which, INSTALLED)]
    for path in named:
        if path and not Path(path).resolve().is_relative_to("/snap"):
            return path, {}
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise AssertionError("no browser here: install Chrome or Chromium, or name one with CHROME_PATH")
    version = read_json(ROOT / "node_modules/@sparticuz/chromium/package.json", 2**20)["version"]
    folder = UNPACKED / str(version)
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with (UNPACKED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several shards may want it at once
        if not folder.exists():
            subprocess.run(["node", str(ROOT / "tools/unpack_browser.js"), str(folder)], check=True)
    return str(folder / "chromium"), {"LD_LIBRARY_PATH": str(folder / "lib")}


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser that is gone afterwards."""
    path, more = executable()
    options = [*OPTIONS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=path, args=options, env={**os.environ, **more}, timeout=PATIENCE
        )
        try:
            yield found
        finally:
            found.close()


_AXE = """async options => (await axe.run(document, options)).violations.map(
  one => `${one.id}: ${one.nodes.slice(0, 4).map(node => node.target)}`)"""
"""All that it found to be right would take longer on its way here than it took to find."""


@dataclass
class Seen:
    """What happened beside a page's content."""

    problems: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def page_of(shown: Browser, base: str, width: str = "desk", *, scheme: Any = "light") -> Iterator[tuple[Page, Seen]]:
    """A page of a site, ``base`` its address; its faults, and what it asked of whom."""
    is_phone = width == "phone"
    context = shown.new_context(
        base_url=base,
        viewport={"width": WIDTHS[width], "height": 844 if is_phone else 900},
        is_mobile=is_phone,
        has_touch=is_phone,
        color_scheme=scheme,
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE)
    seen, host = Seen(), urlsplit(base)[:2]

    def ask(route: Route) -> None:
        url = route.request.url
        is_own = urlsplit(url)[:2] in (host, ("blob", ""))
        (seen.asked if is_own else seen.elsewhere).append(url)
        if is_own:
            route.continue_()
        else:
            route.abort()

    try:
        page = context.new_page()
        page.route("**/*", ask)
        page.on("console", lambda said: seen.problems.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: seen.problems.append(str(error)))
        yield page, seen
    finally:
        context.close()


def faults(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong with a page, by these rules alone if some are named; and whether it scrolls sideways."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    options = {"resultTypes": ["violations"], "preload": False, **({"runOnly": [*rules]} if rules else {})}
    told: list[str] = page.evaluate(_AXE, options)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*told, *([f"{wide} pixels too wide"] if wide > 0 else [])]
