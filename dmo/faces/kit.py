"""The kit: all that a holder needs to speak for the project, as a folder; the same bytes for everybody.

It is made of the brand book and the assets' files alone: no clock, no chain, no name of this machine goes into it. So
whoever makes it again, out of itself or out of the chain, has the same, and one changed byte is noticed.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import langcodes

from dmo.core import words
from dmo.faces.html import prose, template
from dmo.home.brandbook import (
    ATTRIBUTION,
    COMMERCIAL,
    DERIVATIVES,
    NO_ENDORSEMENT,
    SHARE_ALIKE,
    BookAsset,
    BookEntry,
    BrandBook,
    EntryKind,
)
from dmo.home.documents import Document

BOOK, SUMS, START = "brandbook.json", "SHA256SUMS", "index.html"
_KINDS: tuple[EntryKind, ...] = ("brand", "pillar", "claim")
_TERMS = {"attribution": ATTRIBUTION, "alike": SHARE_ALIKE, "no_endorsement": NO_ENDORSEMENT}
_LACKING = {"no_derivatives": DERIVATIVES, "no_commerce": COMMERCIAL}
_LEADS = {"disclosure": "disclosure_lead", "claims": "claims_lead", "assets": "assets_lead"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip knows."""
_QUIET = 4


@dataclass(frozen=True)
class KitFile:
    """A file that the kit has, or wants."""

    path: str
    sha256: str
    size: int


def wanted(book: BrandBook) -> list[KitFile]:
    """The files of the assets that go into a kit."""
    return [
        KitFile(f"assets/{one.number}/{file['name']}", file["sha256"], file["size"])
        for one in book.official
        for paper in _own(book, one)
        for file in paper.fields["files"]
    ]


def lacking(book: BrandBook) -> list[BookEntry | BookAsset]:
    """What would go into a kit, and whose text is nowhere."""
    known: list[BookEntry | BookAsset] = [*book.valid(*_KINDS), *book.official]
    return [one for one in known if one.paper not in book.papers]


def make(book: BrandBook, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The kit: path → bytes. ``files`` are those wanted by SHA-256; without any, a kit of texts alone."""
    entries, assets = book.valid(*_KINDS), book.official
    known: list[BookEntry | BookAsset] = [*entries, *assets]
    papers = {paper.digest: paper for one in known for paper in book.told(one)}
    kept = BrandBook(
        book.name, book.at, {one.number: one for one in entries}, {one.number: one for one in assets}, papers
    )
    found = {f"documents/{paper.cid}.md": paper.raw for paper in papers.values()}
    found[BOOK] = kept.text().encode()
    found |= {one.path: files[one.sha256] for one in wanted(kept)} if files else {}
    for place, link in enumerate(_links(kept), 1):
        found[f"qr/{place}.svg"] = qr(link["where"]).encode()
    languages = spoken(papers.values())
    for language in languages:
        page = START if language == languages[0] else f"{language}.html"
        found[page] = _page(kept, language, languages, bool(files)).encode()
    sums = "".join(f"{hashlib.sha256(raw).hexdigest()}  {path}\n" for path, raw in sorted(found.items()))
    return {**found, SUMS: sums.encode()}


def spoken(papers: Iterable[Document]) -> list[str]:
    """The languages that texts and words are in, English first; English where there are none."""
    found = {_language(paper.lang) for paper in papers} & {*words.languages()}
    return [one for one in words.languages() if one in found] or [words.ENGLISH]


def _language(tag: str) -> str:
    return str(langcodes.get(tag).language)


def _own(book: BrandBook, one: BookEntry | BookAsset) -> list[Document]:
    paper = book.papers.get(one.paper)
    return [paper] if paper is not None else []


def _links(book: BrandBook) -> list[dict[str, str]]:
    """The brand's links; those of its own text, so that all languages lead to the same places."""
    return [link for one in book.valid("brand") for paper in _own(book, one) for link in paper.fields.get("links", ())]


def _page(book: BrandBook, language: str, languages: list[str], has_files: bool) -> str:
    """The page in a language: every text in it, or else as it was written."""

    def told(one: BookEntry | BookAsset) -> Document:
        papers = book.told(one)
        own = next(paper for paper in papers if paper.digest == one.paper)
        return next((paper for paper in papers if _language(paper.lang) == language), own)

    with words.speaking(language):
        said = words.load()["word"]["kit"]
        entries = {kind: [(one, told(one)) for one in book.valid(kind)] for kind in _KINDS}
        assets = [
            {
                **{"number": one.number, "paper": (paper := told(one)), "terms": _terms(one, said)},
                # Files and licence are those of the text that the chain binds, whatever a translation says.
                **{"front": book.papers[one.paper].fields, "words": _alts(paper)},
            }
            for one in book.official
        ]
        around = {"languages": [(one, START if one == languages[0] else f"{one}.html") for one in languages]}
        return template("kit").render(
            **{"lang": language, "said": said, "book": book, "entries": entries, "assets": assets, **around},
            **{"links": [*enumerate(_links(book), 1)], "prose": prose, "has_files": has_files, "until": _until},
            leads={key: said[lead] for key, lead in _LEADS.items()},
            read_off=lambda where: said["qr"].format(where=where),
            names={one: words.load(one)["word"]["kit"]["language"] for one in languages},
        )


def _terms(one: BookAsset, said: Mapping[str, str]) -> list[str]:
    """What whoever uses an asset has to know, in words."""
    has = [said[key] for key, bit in _TERMS.items() if one.terms & bit]
    return [*has, *(said[key] for key, bit in _LACKING.items() if not one.terms & bit)]


def _alts(paper: Document) -> dict[str, str]:
    """What files show, in the words of a text, by file name."""
    return {file["name"]: file.get("alt", "") for file in paper.fields.get("files", ())}


def _until(one: Any) -> str:
    """The last day on which something holds, UTC; empty for no end."""
    import datetime

    return datetime.datetime.fromtimestamp(one.until - 1, datetime.UTC).date().isoformat() if one.until else ""


def qr(text: str) -> str:
    """A QR code as SVG."""
    import segno

    cells = segno.make(text, error="m", mode="byte", boost_error=False, micro=False, encoding="utf-8").matrix
    size = len(cells) + 2 * _QUIET
    dark = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y, row in enumerate(cells) for x, cell in enumerate(row) if cell
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
    return f'{head}<rect width="{size}" height="{size}" fill="#fff"/><path d="{dark}"/></svg>\n'


def packed(files: Mapping[str, bytes], folder: str) -> bytes:
    """A kit as a zip: nothing in it is pressed, for not everybody presses alike."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for path, raw in sorted(files.items()):
            one = zipfile.ZipInfo(f"{folder}/{path}", _EPOCH)
            one.external_attr, one.create_system = 0o644 << 16, 3
            archive.writestr(one, raw)
    return held.getvalue()
