"""Finished rounds and campaigns as pages in files: what is finished, where each page lies, and how it is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.campaigns import Campaign, campaigns
from dmo.capabilities.disputes import Dispute
from dmo.capabilities.documents import published
from dmo.capabilities.ideas import Idea, Settled, idea_title
from dmo.capabilities.submissions import Submission
from dmo.core import words
from dmo.core.errors import FAULTS, DmoError, NetworkError
from dmo.core.view import View
from dmo.faces.web import answers, offers, pages
from dmo.faces.web.drafts import Drafts
from dmo.faces.web.pages import Asking, Place
from dmo.faces.web.render import Canvas
from dmo.faces.web.site import Sight
from dmo.faces.web.visitor import Still
from dmo.home.home import Home

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
FILES = ("page.css", "icon.svg")
_AT_ONCE = 1_000
"""Files in a folder, as far as numbers go: IPFS has large folders in several pieces."""
_ONWARD = ("campaign", "bounty", "work")
_ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_HREF = re.compile(r' href="([^"]*)"')
_PRESSED = re.compile(r' data-copy="[^"]*"| class="(?:do|button[^"]*)"| aria-current="[^"]*"')
_DOCUMENT = re.compile(r"/document/(0x[0-9a-f]{64})")


@dataclass(frozen=True)
class Finished:
    """What is finished, of which nothing changes any more.

    Attributes:
        rounds: Those that are settled, by number.
        campaigns: Those that are closed.
    """

    home: Home
    rounds: Mapping[int, Settled] = field(default_factory=dict)
    campaigns: Mapping[int, Campaign] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Home) -> Finished:
        closed = {one.campaign: one for one in campaigns(home) if one.state(home.now) == "closed"}
        return cls(home, dict(sorted(home.facts(Settled).items())), closed)

    def has_work(self, number: int) -> bool:
        """Whether work was for a campaign that is closed."""
        one = self.home.facts(Submission).get(number)
        if one is None:
            return False
        return one.lessons_of in self.campaigns if one.lessons_of else self.has_bounty(one.bounty)

    def has_bounty(self, number: int) -> bool:
        """Whether a bounty was one of a campaign that is closed."""
        one = self.home.facts(Bounty).get(number)
        return one is not None and one.campaign in self.campaigns

    def pages(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The pages that are written: path of the map, and what it names."""
        facts = self.home.facts
        for number in self.rounds:
            yield "/round/{round}", {"round": str(number)}
            yield "/ballots/{round}", {"round": str(number)}
        for round_number, number in sorted(facts(Idea)):
            if round_number in self.rounds:
                yield "/idea/{idea}", {"idea": f"{round_number}.{number}"}
        for number in sorted(self.campaigns):
            yield "/campaign/{campaign}", {"campaign": str(number)}
        for number in sorted(filter(self.has_bounty, facts(Bounty))):
            yield "/bounty/{bounty}", {"bounty": str(number)}
        for number in sorted(filter(self.has_work, facts(Submission))):
            yield "/work/{submission}", {"submission": str(number)}
        for number in sorted(filter(self.has_work, facts(Dispute))):
            yield "/dispute/{submission}", {"submission": str(number)}

    def onward(self) -> dict[tuple[str, int], list[tuple[str, int]]]:
        """What pages of things lead to besides: noun and number, each by noun and number."""
        found: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for one in self.home.facts(Submission).values():
            above = ("campaign", one.lessons_of) if one.lessons_of else ("bounty", one.bounty)
            found.setdefault(above, []).append(("work", one.submission))
        for bounty in self.home.facts(Bounty).values():
            found.setdefault(("campaign", bounty.campaign), []).append(("bounty", bounty.bounty))
        found |= {("work", number): [("dispute", number)] for number in self.home.facts(Dispute)}
        return found

    def file_of(self, path: str) -> str:
        """Where the page of a path lies; empty where it is not written."""
        noun, _, which = path.removeprefix("/").partition("/")
        first, _, second = which.partition(".")
        known = {"bounty": self.has_bounty, "work": self.has_work, "round": self.rounds.__contains__}
        known |= {"ballots": self.rounds.__contains__, "campaign": self.campaigns.__contains__}
        known["dispute"] = lambda number: number in self.home.facts(Dispute) and self.has_work(number)
        if path == "/":
            return "index.html"
        if noun == "document" and _DOCUMENT.fullmatch(path):
            is_told = published(self.home, bytes.fromhex(which[2:])) is not None
            return f"document/{which[2:4]}/{which}.html" if is_told else ""
        if noun == "idea" and first.isdecimal() and second.isdecimal():
            key = int(first), int(second)
            is_there = key[0] in self.rounds and key in self.home.facts(Idea)
            return f"idea/{key[0]}/{_divided(key[1])}.html" if is_there else ""
        if noun in known and which.isdecimal() and known[noun](int(which)):
            return f"{noun}/{_divided(int(which))}.html"
        return ""


def _divided(number: int) -> str:
    """A number's file, in a folder of its thousand beyond the first."""
    return f"{number // _AT_ONCE * _AT_ONCE}/{number}" if number >= _AT_ONCE else str(number)


class StillCanvas(Canvas):
    """One page of a copy: nothing on it can be done, and its links lead to files."""

    is_still = True

    def __init__(self, copy: Copy, file: str) -> None:
        self.visitor, self.copy, self.moment = copy.still, copy, Sight(copy.last, copy.still, 0.0)
        self.account, self.age, self.is_stale, self.relay = None, 0, False, False
        self.root = "../" * file.count("/")

    def around(self, noun: str, title: str = "") -> dict[str, Any]:
        board, chain = self.visitor.dmo.address("IdeaBoard"), self.visitor.dmo.chain_id
        return {**super().around(noun, title), "policy": POLICY, "root": self.root, "board": board, "chain_id": chain}

    def view(self, asking: Asking, named: Mapping[str, str]) -> View:
        return replace(super().view(asking, named), next=())

    def told_of(self, one: Place, named: Mapping[str, str]) -> dict[str, Any]:
        # What a room tells of it may still change.
        asked = tuple(
            asking for place, asking in enumerate(one.queries) if not place or not offers.queries()[asking.name].room
        )
        told = super().told_of(replace(one, acts=(), beside=None, queries=asked), named)
        return {**told, "offered": [], "onward": [*self._onward(one.noun, named)]}

    def _onward(self, noun: str, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """What a page leads to besides, in the place of what could be done: path, and what it is called."""
        said, onward = words.load()["face"]["page"], self.copy.onward
        found = onward.get((noun, int(next(iter(named.values()), "0"))), ()) if noun in _ONWARD else ()
        yield from ((f"/{to}/{number}", f"{said[to]['title']} {number}") for to, number in found)

    def index(self) -> str:
        """The first page: what there is."""
        home, said, done = self.visitor, words.load()["face"]["still"], self.copy.finished
        its = [(number, idea_title(home, one.round, one.number)) for number, one in done.campaigns.items()]
        told = {**self.around("overview", said["title"]), "rounds": [*done.rounds.values()], "campaigns": its}
        return self.render("stills.html.j2", told)

    def render(self, template: str, told: Mapping[str, Any]) -> str:
        return _ANCHOR.sub(self._led, super().render(template, told))

    def _led(self, found: re.Match[str]) -> str:
        """A link to a file of the copy; what leads elsewhere is its text alone."""
        attributes, inner = found.groups()
        to = _HREF.search(attributes)
        if to is None or to[1].startswith("#"):
            return found[0]
        path, _, anchor = to[1].partition("#")
        if path.startswith("/") and (file := self.copy.finished.file_of(path)):
            self.copy.note(path)
            href = f' href="{self.root}{file}{"#" + anchor if anchor else ""}"'
            return f"<a{attributes.replace(to[0], href)}>{inner}</a>"
        return f"<span{_PRESSED.sub('', attributes.replace(to[0], ''))}>{inner}</span>"


class Copy:
    """The pages of a copy, drawn one after the other."""

    def __init__(self, home: Home) -> None:
        self.last = home.snapshot.last()
        self.still = Still(home, self.last)
        self.finished = Finished.of(self.still)
        self._drafts = Drafts(self.still.store)
        self._documents: dict[str, bool] = {}
        self._map = {one.path: one for one in pages.pages()}
        self.onward = self.finished.onward()

    def lighten(self) -> None:
        """Forget what was asked for the pages so far."""
        self.still.__dict__["snapshot"] = self.still.snapshot.light()

    def drawn(self) -> Iterator[tuple[str, str]]:
        """File and HTML of each page. Raises NetworkError."""
        for path, named in self.finished.pages():
            yield self._page(path, named)
        while waiting := [one for one, is_done in self._documents.items() if not is_done]:
            for digest in waiting:
                self._documents[digest] = True
                file = self.finished.file_of(f"/document/{digest}")
                canvas = StillCanvas(self, file)
                yield file, self._kept(canvas, lambda: canvas.document(digest, self._drafts))  # noqa: B023
        yield "index.html", StillCanvas(self, "index.html").index()

    def note(self, path: str) -> None:
        """Remember a document that a page leads to, to be written too."""
        if found := _DOCUMENT.fullmatch(path):
            self._documents.setdefault(found[1], False)

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """The documents themselves, by which IPFS finds each under its own CID."""
        for digest in self._documents:
            raw = published(self.still, bytes.fromhex(digest[2:]))
            if raw is not None:
                yield f"document/{digest[2:4]}/{digest}.md", raw

    def _page(self, path: str, named: dict[str, str]) -> tuple[str, str]:
        one = self._map[path]
        file = self.finished.file_of(path.format(**named))
        canvas = StillCanvas(self, file)
        return file, self._kept(canvas, lambda: canvas.page(one, named))

    def _kept(self, canvas: StillCanvas, draw: Callable[[], str]) -> str:
        """A page; one that cannot be drawn says so, and stops no other."""
        try:
            return str(draw())
        except NetworkError:
            raise
        except (DmoError, *FAULTS) as error:
            why = answers.refusal(self.still, error)["error"]["message"] if isinstance(error, DmoError) else ""
            return canvas.told("answer", words.load()["face"]["still"]["undrawn"], why)
