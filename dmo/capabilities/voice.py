"""One voice: brand, plan, claims and assets as they stand, and what became of what was done for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from dmo.capabilities import documents
from dmo.capabilities.achieved import FIGURE, WAY, measured
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.content import ASSET, ASSET_TERMS, ENTRY, ENTRY_KIND, KINDS, Asset, ContentEntry
from dmo.capabilities.documents import DOCUMENT, TITLE
from dmo.capabilities.flows import given_to, spent_by
from dmo.capabilities.ideas import IDEA, Idea, Settled, frame
from dmo.capabilities.lens import CAMPAIGN, MONEY
from dmo.capabilities.lint import number_of
from dmo.capabilities.submissions import Submission
from dmo.core import explain, words
from dmo.core.act import arg, option
from dmo.core.facts import Snapshot
from dmo.core.kinds import ACCOUNT, FLAG, NUMBER, TEXT, TIME, choice, listed, shape
from dmo.core.view import Query
from dmo.home.brandbook import BookAsset, BookEntry, BrandBook, gathered
from dmo.home.documents import Document
from dmo.home.home import Home
from dmo.home.rounds import Phase, round_at, round_times

_BOOKS: WeakKeyDictionary[Snapshot, BrandBook] = WeakKeyDictionary()
STANDING = choice("standing_of", "endorsed", "live", "expired", "retired")
_PLAN = ("objective", "goal", "strategy", "tactic")


def brandbook(home: Home) -> BrandBook:
    """What the registry holds, with the texts that are found; expiry by the chain's clock."""
    if home.snapshot not in _BOOKS:
        entries = {
            key: BookEntry(
                number=one.entry,
                kind=KINDS[one.kind],  # type: ignore[arg-type]
                parent=one.parent,
                digest="0x" + one.digest.hex(),
                until=one.until,
                is_live=one.is_live,
            )
            for key, one in home.facts(ContentEntry).items()
        }
        assets = {
            key: BookAsset(
                number=one.asset,
                parent=one.parent,
                digest="0x" + one.digest.hex(),
                until=one.until,
                is_live=one.is_live,
                terms=one.terms,
                is_endorsed=one.is_endorsed,
            )
            for key, one in home.facts(Asset).items()
        }

        def find(digest: bytes) -> Document | None:
            found = documents.document(home, digest)
            return found if isinstance(found, Document) else None

        _BOOKS[home.snapshot] = gathered(BrandBook(home.dmo.name, home.now, entries, assets), find)
    return _BOOKS[home.snapshot]


def told(book: BrandBook, one: BookEntry | BookAsset) -> Document | None:
    """Its text in the language spoken, else as it was written."""
    papers = book.told(one)
    spoken = [paper for paper in papers if paper.lang.partition("-")[0] == words.spoken()]
    return next(iter([*spoken, *(paper for paper in papers if paper.digest == one.paper)]), None)


def _row(home: Home, book: BrandBook, one: BookEntry | BookAsset, *fields: str) -> dict[str, Any]:
    """A row: number, title, its standing, and what these fields of its text say."""
    paper = told(book, one)
    said = {key: paper.fields.get(key) if paper else None for key in fields}
    is_endorsed = isinstance(one, BookAsset) and one.is_endorsed
    ended = None if one.is_live and not book.is_expired(one) else "expired" if one.is_live else "retired"
    state = ended or ("endorsed" if is_endorsed else "live")
    named = {"title": documents.title(home, one.paper) if paper is None else paper.title, "until": one.until or None}
    return {**said, **named, "state": state, "lang": paper.lang if paper else None}


_NAMED = shape((TEXT, "lang"), title=TITLE, state=STANDING, until=TIME)
_PILLAR = shape((TEXT, "promise"), entry=ENTRY, proof=listed(TEXT), **_NAMED)


class ShowBrand(
    Query,
    name="brand show",
    gives={
        **shape((TEXT, "why how what disclosure lang"), entry=ENTRY, title=TITLE, document=DOCUMENT),
        **{"pillars": [_PILLAR], "links": [shape((TEXT, "title where"))]},
    },
):
    def answer(self, home: Home) -> Mapping[str, Any]:
        book = brandbook(home)
        brand = next(iter(book.valid("brand")), None)
        paper = told(book, brand) if brand else None
        said = {key: paper.fields[key] if paper else None for key in ("why", "how", "what", "disclosure")}
        pillars = [{"entry": one.number, **_row(home, book, one, "promise", "proof")} for one in book.valid("pillar")]
        about = {"entry": brand.number if brand else None, "title": paper.title if paper else None, "document": paper}
        links = paper.fields.get("links", ()) if paper else ()
        return {**said, **about, "lang": paper.lang if paper else None, "pillars": pillars, "links": links}


class ListClaims(
    Query,
    name="claim list",
    gives={"claims": [shape((TEXT, "says"), (listed(TEXT), "proof not_for"), entry=ENTRY, **_NAMED)]},
):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        book = brandbook(home)
        known = [one for _, one in sorted(book.entries.items()) if one.kind == "claim"]
        shown = [one for one in known if self.everything or book.is_valid(one)]
        return {"claims": [{"entry": one.number, **_row(home, book, one, "says", "proof", "not_for")} for one in shown]}


_ASSET = shape((TEXT, "creator licence"), (ASSET, "asset parent"), author=ACCOUNT, terms=ASSET_TERMS, **_NAMED)


def _asset(home: Home, book: BrandBook, one: BookAsset) -> dict[str, Any]:
    about = {"asset": one.number, "parent": one.parent or None, "author": home.facts(Asset)[one.number].author}
    return {**_row(home, book, one, "creator", "licence"), **about, "terms": one.terms}


def _has_a_say(home: Home, authors: list[str]) -> set[str]:
    """Those of some accounts that have points or posting power now."""
    number = round_at(frame(home), home.now)
    reads = [home.reading("Reputation", "getVotes", one) for one in authors]
    reads += [home.reading("IdeaBoard", "postingPower", one, number) for one in authors] if number else []
    found = home.read(reads)
    return {one for place, one in enumerate(authors) if any(found[place :: len(authors)])}


class ListAssets(Query, name="asset list", gives={"official": [_ASSET], "others": [_ASSET], "hidden": NUMBER}):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        book = brandbook(home)
        rest = [one for _, one in sorted(book.assets.items()) if one not in book.official]
        shown = [one for one in rest if self.everything or book.is_valid(one)]
        rows = [_asset(home, book, one) for one in shown]
        heard = _has_a_say(home, sorted({row["author"] for row in rows})) if not self.everything else set()
        others = [row for row in rows if self.everything or row["author"] in heard]
        official = [_asset(home, book, one) for one in book.official]
        return {"official": official, "others": others, "hidden": len(rows) - len(others) or None}


class ShowAsset(
    Query,
    name="asset show",
    gives={
        **{"item": _ASSET, "document": DOCUMENT, "derived": [_ASSET], "origins": [_ASSET]},
        "files": [shape((TEXT, "name media_type alt sha256 where"), size=FIGURE)],
    },
):
    asset: int = arg(ASSET)

    def answer(self, home: Home) -> Mapping[str, Any]:
        book = brandbook(home)
        one = book.assets.get(self.asset)
        if one is None:
            raise explain.refused("ContentRegistryUnknownAsset", {"asset": self.asset, "count": len(book.assets)})
        origins, at = [], one
        while at.parent:
            at = book.assets[at.parent]
            origins.append(_asset(home, book, at))
        derived = [_asset(home, book, its) for _, its in sorted(book.assets.items()) if its.parent == one.number]
        files = book.papers[one.paper].fields.get("files", ()) if one.paper in book.papers else ()
        keys = ("name", "media_type", "alt", "sha256", "where", "size")
        rows = [{key: file.get(key) for key in keys} for file in files]
        shown = {"item": _asset(home, book, one), "document": told(book, one), "files": rows}
        return {**shown, "derived": derived, "origins": origins}


@dataclass
class Work:
    """What was done for an entry of the plan, and for all below it."""

    ideas: int = 0
    funded: int = 0
    running: int = 0
    asked: int = 0
    money: int = 0  # of funded ideas: what was voted, and gifts
    paid: int = 0  # of that
    left: int = 0  # of that: at work, or back in the pool
    lessons: int = 0
    open: int = field(default=0)  # ideas that may yet be funded

    def add(self, other: Work) -> None:
        """What was done below counts above."""
        for key, value in vars(other).items():
            setattr(self, key, getattr(self, key) + value)


_LESSON = shape(
    (TEXT, "title result repeat avoid"), (ENTRY, "entry pillar"), campaign=CAMPAIGN, idea=IDEA, way=WAY, ask=MONEY
)
_NODE = shape(
    (NUMBER, "depth ideas funded running lessons"), (TEXT, "place goal date metric"), (FIGURE, "baseline target"),
    (MONEY, "asked money paid left"), **{"entry": ENTRY, "parent": ENTRY, "kind": ENTRY_KIND}, **_NAMED,
)  # fmt: skip


def named_by(idea: Document | None, name: str) -> int | None:
    """The number that an idea's field names."""
    return number_of(idea.fields.get(name) or "") if idea is not None else None


def _done(home: Home) -> Iterator[tuple[int, Work, dict[str, Any] | None]]:
    """What every idea that names a tactic comes to: the tactic, the work, and the campaign's lesson."""
    lessons = {one.lessons_of: one for one in home.facts(Submission).values() if one.lessons_of}
    campaigns, settled = home.facts(Campaign), home.facts(Settled)
    spent, given = spent_by(home), given_to(home)
    for one in home.facts(Idea).values():
        idea = documents.document(home, one.digest)
        idea = idea if isinstance(idea, Document) and idea.kind == "idea" else None
        tactic = named_by(idea, "tactic")
        if one.is_withdrawn or idea is None or not tactic:
            continue
        campaign = campaigns.get(one.campaign or 0)
        is_past = round_times(frame(home), one.round).phase(home.now) is Phase.PAST or one.round in settled
        work = Work(1, int(campaign is not None), asked=one.ask, open=int(campaign is None and not is_past))
        if campaign is None:
            yield tactic, work, None
            continue
        work.running = int(home.now < campaign.ends_at)
        work.money, work.paid = campaign.ask + given[campaign.campaign], spent[campaign.campaign]
        work.left = work.money - work.paid
        found = documents.document(home, its.evidence) if (its := lessons.get(campaign.campaign)) else None
        row = None
        if isinstance(found, Document) and found.kind == "lesson":
            work.lessons = 1
            said = {**idea.fields["goal"], "value": found.fields.get("value")}
            its_words = {key: found.fields.get(key) for key in ("result", "repeat", "avoid")}
            about = {"campaign": campaign.campaign, "idea": (one.round, one.number), "title": idea.title}
            way = measured(said, campaign.ask, 0)["way"]
            row = {**its_words, **about, "pillar": named_by(idea, "pillar"), "entry": tactic, "way": way}
            row["ask"] = campaign.ask
        yield tactic, work, row


class ShowPlan(Query, name="plan show", gives={"nodes": [_NODE], "idle": [_NODE], "learned": [_LESSON]}):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        book = brandbook(home)
        work: dict[int, Work] = defaultdict(Work)
        learned = []
        for tactic, its, lesson in _done(home):
            at = book.entries.get(tactic)
            learned += [lesson] if lesson and at is not None and at.kind == "tactic" else []
            while at is not None and at.kind in _PLAN:
                work[at.number].add(its)
                at = book.entries.get(at.parent)
        shown = {
            one.number for one in book.entries.values() if one.kind in _PLAN and (self.everything or book.is_valid(one))
        }
        nodes = [*_tree(home, book, work, shown, 0, "")]
        idle = [
            row
            for row in nodes
            if row["kind"] == KINDS.index("tactic")
            and row["state"] == "live"
            and not row["running"]
            and not row["open"]
        ]
        return {"nodes": nodes, "idle": idle, "learned": learned}


def _tree(
    home: Home, book: BrandBook, work: Mapping[int, Work], shown: set[int], parent: int, above: str
) -> Iterator[dict[str, Any]]:
    """The plan's entries below one, each before what stands below it; ``place`` is such as 1.2.1."""
    children = [book.entries[one] for one in sorted(shown) if book.entries[one].parent == parent]
    for count, one in enumerate(children, 1):
        place = f"{above}.{count}" if above else str(count)
        row = _row(home, book, one, "goal")
        goal = row.pop("goal") or {}
        yield {
            **row,
            **{key: goal.get(key) for key in ("metric", "baseline", "target", "date")},
            **vars(work.get(one.number) or Work()),
            **{"entry": one.number, "parent": one.parent or None, "kind": KINDS.index(one.kind)},
            **{"place": place, "depth": _PLAN.index(one.kind), "goal": goal.get("metric")},
        }
        yield from _tree(home, book, work, shown, one.number, place)
