"""A brand book to try things on: a small project's brand, plan, claims and assets, in four languages."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dmo.capabilities.lint import LICENCES
from dmo.home.brandbook import BookAsset, BookEntry, BrandBook
from dmo.home.documents import Document, parse

AT = 1_800_000_000
"""2027-01-15."""
LANGUAGES = ("en", "es", "id", "zh-Hans")
LOGO = b"\x89PNG a lamp"
TUNE = b"RIFF a tune"
DISCLOSURE = {
    "en": "Paid by the holders of Lamp",
    "es": "Pagado por los holders de Lamp",
    "id": "Dibayar oleh pemegang Lamp",
    "zh-Hans": "由 Lamp 持有者付费",
}
CLAIM = {
    "en": "Lamp answers within two seconds",
    "es": "Lamp responde en dos segundos",
    "id": "Lamp menjawab dalam dua detik",
    "zh-Hans": "Lamp 两秒内答复",
}


def paper(kind: str, title: str, fields: str, lang: str = "en", body: str = "As it is.") -> Document:
    """A document of these fields."""
    return parse(f"---\nkind: {kind}\ntitle: {title}\nlang: {lang}\n{fields}---\n{body}\n".encode())


def spoken(kind: str, titles: dict[str, str], fields: dict[str, str]) -> list[Document]:
    """A document in English that names its translations, which come first."""
    others = [paper(kind, titles[lang], fields[lang], lang) for lang in titles if lang != "en"]
    names = "".join(f"  - {one.cid}\n" for one in others)
    named = f"translations:\n{names}" if others else ""
    return [*others, paper(kind, titles["en"], fields["en"] + named)]


def piece(name: str, raw: bytes, media_type: str, alt: str = "") -> str:
    """A file of an asset, in a list."""
    sha = hashlib.sha256(raw).hexdigest()
    told = f"    alt: {alt}\n" if alt else ""
    return f"  - name: {name}\n    sha256: {sha}\n    size: {len(raw)}\n    media_type: {media_type}\n{told}"


def asset(title: str, licence: str, pieces: str) -> Document:
    """An asset's manifest."""
    return paper("asset", title, f"creator: Ann\nlicence: {licence}\nfiles:\n{pieces}")


def lamp() -> BrandBook:
    """The brand book.

    1 brand, 2 pillar, 3 retired pillar; 4 objective, 5 goal, 6 strategy, 7 tactic, 8 retired tactic, 9 expired tactic;
    10 claim, 11 retired claim, 12 expired claim, 13 claim that is not for investors. Assets: 1 endorsed logo, 2 tune of
    a holder, 3 retired, 4 expired, 5 waits for approval, 6 not for paid work, 7 whose licence is nobody's, 8 whose
    licence says other than its terms, 9 under terms of one's own.
    """
    lines = {
        lang: f"why: To light\nhow: With care\nwhat: A lamp\ndisclosure: {DISCLOSURE[lang]}\n" for lang in LANGUAGES
    }
    links = "links:\n  - title: Lamp\n    where: https://lamp.example/\n"
    brand = spoken("brand", dict.fromkeys(LANGUAGES, "Lamp"), {**lines, "en": lines["en"] + links})
    promise = dict.fromkeys(LANGUAGES, "promise: It burns\nproof: [the light]\n")
    pillar = spoken("pillar", {"en": "Warm", "es": "Cálida", "id": "Hangat", "zh-Hans": "温暖"}, promise)
    said = {lang: f"says: {CLAIM[lang]}\nproof: [measured]\n" for lang in LANGUAGES}
    claim = spoken("claim", dict.fromkeys(LANGUAGES, "Speed"), said)
    goal = "goal: {metric: readers, baseline: 0, target: 100, date: 2027-06-30}\n"
    tactic = "audience: [user]\nchannel: video\nhow: briefly\n"
    rows: list[tuple[str, int, int, bool, list[Document]]] = [
        ("brand", 0, 0, True, brand),
        ("pillar", 1, 0, True, pillar),
        ("pillar", 1, 0, False, [paper("pillar", "Cheap", "promise: It is cheap\nproof: [price]\n")]),
        ("objective", 0, 0, True, [paper("objective", "Be known", "objective: awareness\nwhy: nobody knows it\n")]),
        ("goal", 4, 0, True, [paper("goal", "Readers", goal)]),
        ("strategy", 5, 0, True, [paper("strategy", "Tell it", "how: by those who use it\n")]),
        ("tactic", 6, 0, True, [paper("tactic", "Short films", tactic)]),
        ("tactic", 6, 0, False, [paper("tactic", "Fairs", tactic)]),
        ("tactic", 6, AT, True, [paper("tactic", "Winter", tactic)]),
        ("claim", 0, 0, True, claim),
        ("claim", 0, 0, False, [paper("claim", "Forever", "says: Lamp never goes out\nproof: [hope]\n")]),
        ("claim", 0, AT - 1, True, [paper("claim", "First", "says: Lamp is the first of its kind\nproof: [then]\n")]),
        ("claim", 0, 0, True, [paper("claim", "Saves", "says: Lamp saves a third\nproof: [a]\nnot_for: investor\n")]),
    ]
    logo = asset("Logo", "CC-BY-SA-4.0", piece("logo.png", LOGO, "image/png", "a lamp that burns"))
    tune = asset("Tune", "CC0-1.0", piece("tune.wav", TUNE, "audio/wav", "four notes"))
    things: list[tuple[int, int, bool, bool, Document]] = [
        (LICENCES["CC-BY-SA-4.0"], 0, True, True, logo),
        (LICENCES["CC0-1.0"], 0, True, False, tune),
        (15, 0, False, False, asset("Old logo", "CC-BY-SA-4.0", piece("old.png", b"old", "image/png", "a candle"))),
        (15, AT, True, True, asset("Xmas", "CC-BY-SA-4.0", piece("x.png", b"x", "image/png", "a tree"))),
        (15 | 16, 0, True, False, asset("Draft", "CC-BY-SA-4.0", piece("d.png", b"d", "image/png", "a draft"))),
        (6, 0, True, False, asset("Photo", "CC-BY-NC-4.0", piece("p.jpg", b"p", "image/jpeg", "a street"))),
        (15, 0, True, False, asset("Icon", "Free-As-Air", piece("i.svg", b"i", "image/svg+xml", "an icon"))),
        (7, 0, True, False, asset("Font", "OFL-1.1", piece("f.woff2", b"f", "font/woff2"))),
        (33, 0, True, True, asset("Seal", "LicenseRef-Lamp", piece("s.svg", b"s", "image/svg+xml", "a seal"))),
    ]
    papers = {one.digest: one for *_, texts in rows for one in texts} | {one.digest: one for *_, one in things}
    entries = {
        number: BookEntry(
            number=number,
            kind=kind,  # type: ignore[arg-type]
            parent=parent,
            until=until,
            is_live=is_live,
            digest="0x" + texts[-1].digest.hex(),
        )
        for number, (kind, parent, until, is_live, texts) in enumerate(rows, 1)
    }
    assets = {
        number: BookAsset(
            number=number,
            terms=terms,
            until=until,
            is_live=is_live,
            is_endorsed=is_endorsed,
            digest="0x" + one.digest.hex(),
        )
        for number, (terms, until, is_live, is_endorsed, one) in enumerate(things, 1)
    }
    return BrandBook("lamp", AT, entries, assets, papers)


def laid_out(book: BrandBook, folder: Path) -> Path:
    """The book's file in a folder, its documents beside it; returns the file."""
    (folder / "texts").mkdir(parents=True)
    for one in book.papers.values():
        (folder / "texts" / f"{one.cid}.md").write_bytes(one.raw)
    file = folder / "brandbook.json"
    file.write_text(book.text(), "utf-8")
    return file
