"""The brand book: what the registry of content holds at a moment, and its texts; to be read without a chain.

What is read is the same wherever it came from: the chain, or a file of it (bookfile.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Literal

from dmo.core.digests import parse_digest
from dmo.core.files import canonical_json
from dmo.home.documents import Document

COMMERCIAL, ATTRIBUTION, DERIVATIVES, SHARE_ALIKE, NEEDS_APPROVAL, NO_ENDORSEMENT = (1 << place for place in range(6))
"""Terms of an asset."""
SCHEMA = "dmo.brandbook/1"

EntryKind = Literal["brand", "pillar", "objective", "goal", "strategy", "tactic", "claim"]


@dataclass(frozen=True, kw_only=True)
class _Row:
    number: int
    parent: int = 0
    digest: str
    until: int = 0
    is_live: bool = True

    @property
    def paper(self) -> bytes:
        """Digest of its document."""
        return parse_digest(self.digest)


@dataclass(frozen=True, kw_only=True)
class BookEntry(_Row):
    """An entry of the brand, the plan or the claims; ``until`` in Unix seconds, 0 for no end."""

    kind: EntryKind


@dataclass(frozen=True, kw_only=True)
class BookAsset(_Row):
    """An asset and its terms, a sum of those above; ``until`` in Unix seconds, 0 for no end."""

    terms: int
    is_endorsed: bool = False


@dataclass(frozen=True)
class BrandBook:
    """What the registry holds.

    Attributes:
        name: The deployment's name.
        at: The moment it is of, Unix seconds.
        papers: The documents there are, by digest.
    """

    name: str
    at: int
    entries: Mapping[int, BookEntry] = field(default_factory=dict)
    assets: Mapping[int, BookAsset] = field(default_factory=dict)
    papers: Mapping[bytes, Document] = field(default_factory=dict)

    def is_expired(self, one: BookEntry | BookAsset) -> bool:
        """Whether it holds no longer."""
        return 0 < one.until <= self.at

    def is_valid(self, one: BookEntry | BookAsset) -> bool:
        """Whether it is live and holds, and so does all above it in the plan."""
        above = self.entries.get(one.parent) if isinstance(one, BookEntry) else None
        return one.is_live and not self.is_expired(one) and (above is None or self.is_valid(above))

    def valid(self, *kinds: EntryKind, under: int | None = None) -> list[BookEntry]:
        """Entries of these kinds that are live and hold, by number; below one, if it is named."""
        its = (one for _, one in sorted(self.entries.items()) if one.kind in kinds and self.is_valid(one))
        return [one for one in its if under is None or one.parent == under]

    @cached_property
    def official(self) -> list[BookAsset]:
        """Assets that are endorsed and hold, by number."""
        return [one for _, one in sorted(self.assets.items()) if one.is_endorsed and self.is_valid(one)]

    def told(self, one: BookEntry | BookAsset) -> list[Document]:
        """Its document and the translations that this names, one a language, by language; none if it is not there."""
        own = self.papers.get(one.paper)
        if own is None:
            return []
        others = (self.papers.get(parse_digest(text)) for text in own.fields.get("translations", ()))
        found = {other.lang: other for other in others if other is not None and other.kind == own.kind}
        return [paper for _, paper in sorted({**found, own.lang: own}.items())]

    def digests(self) -> Iterator[bytes]:
        """Digests of all documents, as far as they are known; translations behind what names them."""
        for one in (*self.entries.values(), *self.assets.values()):
            yield one.paper
            if (own := self.papers.get(one.paper)) is not None:
                yield from map(parse_digest, own.fields.get("translations", ()))

    def text(self) -> str:
        """The file of it."""
        rows = {
            name: [asdict(one) for _, one in sorted(its.items())]
            for name, its in (("entries", self.entries), ("assets", self.assets))
        }
        return canonical_json({"schema": SCHEMA, "name": self.name, "at": self.at, **rows})


def gathered(book: BrandBook, find: Callable[[bytes], Document | None]) -> BrandBook:
    """The same with all documents that can be found, then their translations."""
    for _ in range(2):
        wanted = [value for value in dict.fromkeys(book.digests()) if value not in book.papers]
        found = {value: paper for value in wanted if (paper := find(value)) is not None}
        book = BrandBook(book.name, book.at, book.entries, book.assets, {**book.papers, **found})
    return book
