"""What tests ask of a page: that it is well-formed, and what stands on it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser


def text_of(html: str) -> str:
    """What stands on a page, without its marks."""
    return re.sub(r"<[^>]+>", "", html)


class Balance(HTMLParser):
    """Checks that every element is closed by its own tag, and keeps what there is."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: str) -> Balance:
    checker = Balance()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    return checker
