"""The guard in a real browser, under the policy that pages are served with.

given a page that loaded it
├── honest answers pass, of the lies none, as in Node
├── nothing else can take its place
└── no policy was broken, no other host was asked
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dmo.faces.web import guardbook
from tests.package.test_guard import honest, lies, script
from tests.support import guarded
from tests.support.browser import WIDTHS, browser, page_of
from tests.support.site import site

STATIC = Path(guardbook.__file__).parent / "static"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Guarded</title>
<script type="module" src="/static/guard.js"></script></head><body><h1>Guarded</h1></body></html>"""


@pytest.mark.parametrize("width", WIDTHS)
def test_no_lie_reaches_a_wallet_in_a_browser(width: str) -> None:
    files = {"/": PAGE, "/static/guard.js": (STATIC / "guard.js").read_text("utf-8"), "/favicon.ico": ""}
    cases = [*honest(), *(lies() if width == "desk" else lies("work submit", "ballot cast"))]
    with site(files) as base, browser() as shown, page_of(shown, base, width) as (page, seen):
        page.goto("/")
        told = page.evaluate(script("guard_cases"), {"book": guarded.book(), "cases": [one.plain for one in cases]})
        page.evaluate("() => { try { dmoGuard = {}; } catch {} try { dmoGuard.check = () => []; } catch {} }")
        again = page.evaluate(script("guard_cases"), {"book": guarded.book(), "cases": [cases[-1].plain]})
    for case, its in zip(cases, told, strict=True):
        assert bool(its["asked"]) is (not case.lie), (case.act, case.lie, its["why"])
    assert again[0]["asked"] == []
    assert (seen.problems, seen.elsewhere) == ([], [])
