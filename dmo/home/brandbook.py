"""The brand book: what the registry of content holds at a moment, and its texts; to be read without a chain.

A file of it (JSON) names entries and assets by the digests of their documents, which lie beside it as markdown in any
folder, or in the store. What is read is the same wherever it came from: the chain, or such a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dmo.core import words
from dmo.core.digests import digest, parse_digest
from dmo.core.files import canonical_json, read_bytes, read_json
from dmo.home.documents import MAX_BYTES, Document, read_document

COMMERCIAL, ATTRIBUTION, DERIVATIVES, SHARE_ALIKE, NEEDS_APPROVAL, NO_ENDORSEMENT = (1 << place for place in range(6))
"""Terms of an asset."""
SCHEMA = "dmo.brandbook/1"
MOST_BYTES = 16 * 1024 * 1024

_Digest = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
_Number = Annotated[int, Field(ge=0, lt=2**32)]
EntryKind = Literal["brand", "pillar", "objective", "goal", "strategy", "tactic", "claim"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[_Number, Field(ge=1)]
    parent: _Number = 0
    digest: _Digest
    until: _Number = 0
    is_live: bool = True

    @property
    def paper(self) -> bytes:
        """Digest of its document."""
        return parse_digest(self.digest)


R = TypeVar("R", bound=_Row)


class BookEntry(_Row):
    """An entry of the brand, the plan or the claims; ``until`` in Unix seconds, 0 for no end."""

    kind: EntryKind


class BookAsset(_Row):
    """An asset and its terms, a sum of those above; ``until`` in Unix seconds, 0 for no end."""

    terms: Annotated[int, Field(ge=0, lt=64)]
    is_endorsed: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    form: Literal["dmo.brandbook/1"] = Field(alias="schema")
    name: Annotated[str, Field(min_length=1, max_length=80)]
    at: _Number
    entries: list[BookEntry]
    assets: list[BookAsset]


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
            name: [one.model_dump(mode="json") for _, one in sorted(its.items())]
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


def read_book(path: Path, kept: Callable[[bytes], bytes | None] = lambda value: None) -> BrandBook:
    """A brand book of its file and the markdown beside it, else of what is ``kept``. Raises BadInput: it is none."""
    try:
        told = _File.model_validate(read_json(path, MOST_BYTES))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise words.bad("no_brandbook", why=f"{where} {first['msg']}").at(str(path)) from None
    except FileNotFoundError as error:
        raise words.bad("unreadable", why=error.strerror).at(str(path)) from None
    beside = {digest(raw): raw for raw in _texts(path.parent)}

    def find(value: bytes) -> Document | None:
        raw = beside.get(value) or kept(value)
        found = read_document(raw, value) if raw is not None else None
        return found if isinstance(found, Document) else None

    entries, assets = _numbered(path, told.entries), _numbered(path, told.assets)
    return gathered(BrandBook(told.name, told.at, entries, assets), find)


def _numbered(path: Path, rows: Iterable[R]) -> dict[int, R]:
    found: dict[int, R] = {}
    for one in rows:
        if one.number in found:
            raise words.bad("no_brandbook", why=f"{one.number} twice").at(str(path))
        if one.parent >= one.number:
            raise words.bad("no_brandbook", why=f"{one.number} below {one.parent}").at(str(path))
        found[one.number] = one
    return found


def _texts(folder: Path) -> Iterator[bytes]:
    for file in sorted(folder.rglob("*.md")):
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= MAX_BYTES:
            yield read_bytes(file, MAX_BYTES)
