"""A brand book in a file (JSON).

It names entries and assets by the digests of their documents, which lie beside it as markdown in any folder, or in the
store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dmo.core import words
from dmo.core.digests import digest
from dmo.core.files import read_bytes, read_json
from dmo.home.brandbook import BookAsset, BookEntry, BrandBook, EntryKind, gathered
from dmo.home.documents import MAX_BYTES, Document, read_document

MOST_BYTES = 16 * 1024 * 1024

_Digest = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
_Number = Annotated[int, Field(ge=0, lt=2**32)]


class _ToldRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[_Number, Field(ge=1)]
    parent: _Number = 0
    digest: _Digest
    until: _Number = 0
    is_live: bool = True


class _ToldEntry(_ToldRow):
    kind: EntryKind


class _ToldAsset(_ToldRow):
    terms: Annotated[int, Field(ge=0, lt=64)]
    is_endorsed: bool = False


class _BookFile(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    form: Literal["dmo.brandbook/1"] = Field(alias="schema")
    name: Annotated[str, Field(min_length=1, max_length=80)]
    at: _Number
    entries: list[_ToldEntry]
    assets: list[_ToldAsset]


R = TypeVar("R", BookEntry, BookAsset)


def read_book(path: Path, kept: Callable[[bytes], bytes | None] = lambda value: None) -> BrandBook:
    """A brand book of its file and the markdown beside it, else of what is ``kept``. Raises BadInput: it is none."""
    try:
        told = _BookFile.model_validate(read_json(path, MOST_BYTES))
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

    entries = _numbered(path, [BookEntry(**one.model_dump()) for one in told.entries])
    assets = _numbered(path, [BookAsset(**one.model_dump()) for one in told.assets])
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
