"""Texts of strangers in a real browser, on a phone: what tests of the HTML alone cannot see.

given an idea for each text that strangers can think of
├── lists of all of them, and each of them alone, are no wider than the phone
├── nothing of theirs runs, asks anybody or meets the policy that pages are served with
└── axe finds nothing wrong with what they are among
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route

from tests.package.test_strangers import LONG, MARKUP, ODD, idea
from tests.support.browser import Seen, browser, faults, page_of
from tests.support.village import Village
from tests.support.web import Served

BASE = "http://localhost"
FIRST = 9
TEXTS = {"markup": idea(MARKUP[1], "\n\n".join(f"{one}\n\n> {one}\n\n- `{one}`" for one in MARKUP)), **ODD, **LONG}
LISTS = ("/", "/round/1", "/ideas/1")
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Seen]]:
    """A phone that looks at the page, and remembers whoever says something by a window."""
    village = Village()
    village.grow(20)
    for number, raw in enumerate(TEXTS.values(), FIRST):
        village.post(raw, number=number)
    with pytest.MonkeyPatch.context() as patch, browser() as shown, page_of(shown, BASE, "phone") as (page, seen):
        client = Served(village, tmp_path_factory.mktemp("strangers"), patch).client

        def answer(route: Route) -> None:
            if not route.request.url.startswith(f"{BASE}/"):
                route.fallback()
                return
            told = client.get(route.request.url.removeprefix(BASE))
            route.fulfill(status=told.status_code, headers=dict(told.headers), body=told.content)

        page.route("**/*", answer)
        page.on("dialog", lambda dialog: seen.problems.append(f"a dialog: {dialog.message}") or dialog.dismiss())
        yield page, seen


def test_no_text_is_wider_than_the_phone_or_runs(phone: tuple[Page, Seen]) -> None:
    page, seen = phone
    wide = {}
    for name, path in [(path, path) for path in LISTS] + [(n, f"/idea/1.{at}") for at, n in enumerate(TEXTS, FIRST)]:
        page.goto(path)
        if (more := page.evaluate(TOO_WIDE)) > 0:
            wide[name] = more
    assert wide == {}
    assert (seen.problems, seen.elsewhere) == ([], [])


def test_what_they_are_among_is_for_everybody(phone: tuple[Page, Seen]) -> None:
    page, _ = phone
    found = {}
    for path in LISTS:
        page.goto(path)
        if told := faults(page):
            found[path] = told
    assert found == {}
