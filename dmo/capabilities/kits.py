"""Kits: a folder with everything to speak for the project, made, and compared with what it says it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dmo.capabilities.voice import brandbook
from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.digests import digest
from dmo.core.errors import BadInput
from dmo.core.files import read_bytes, write_new
from dmo.core.kinds import FLAG, NUMBER, TEXT, shape
from dmo.core.view import Query
from dmo.home.brandbook import BrandBook
from dmo.home.home import Home

MOST_BYTES = 64 * 1024 * 1024
"""Of a file of an asset."""
KIT = shape((TEXT, "folder zip sha256"), (NUMBER, "files texts assets"))


def _files(folders: list[Path], wanted: Mapping[str, int]) -> dict[str, bytes]:
    """Files by SHA-256, wherever in these folders they lie and whatever they are called."""
    found: dict[str, bytes] = {}
    for file in (file for folder in folders for file in sorted(folder.rglob("*"))):
        if file.is_file() and not file.is_symlink() and file.stat().st_size in wanted.values():
            raw = read_bytes(file, MOST_BYTES)
            if (sha := digest(raw).hex()) in wanted:
                found[sha] = raw
    return found


def _made(book: BrandBook, folders: list[Path], is_bare: bool) -> dict[str, bytes]:
    """The kit, whole. Raises CheckFailed: something that goes into it is nowhere."""
    from dmo.faces import kit

    pieces = [] if is_bare else kit.wanted(book)
    files = _files(folders, {one.sha256: one.size for one in pieces})
    said = words.load()["word"]["kit"]
    missing = [said["no_text"].format(number=one.number) for one in kit.lacking(book)]
    missing += [said["no_file"].format(path=one.path, sha256=one.sha256) for one in pieces if one.sha256 not in files]
    if missing:
        raise words.failed("kit_lacks", missing)
    return kit.make(book, files)


DAY = 86_400


def _today(home: Home) -> BrandBook:
    """What the registry holds to the end of the day, UTC: whoever asks on the same day has the same."""
    return replace(brandbook(home), at=home.now // DAY * DAY + DAY - 1)


class MakeKit(Query, name="kit make", of_machine=True, gives=KIT):
    folder: str = arg(TEXT.called("FOLDER"))
    book: str = option(TEXT.called("FILE"), default="")
    files: str | None = option(TEXT.called("FOLDER"))
    is_bare: bool = option(FLAG, False, flag="bare")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.faces import kit
        from dmo.home.bookfile import read_book

        target = Path(self.folder)
        if target.exists() and any(target.iterdir() if target.is_dir() else [target]):
            raise words.bad("folder_taken").at(str(target))
        book = read_book(Path(self.book), home.store.get) if self.book else _today(home)
        folders = [Path(one).parent for one in (self.book,) if one] + [Path(one) for one in (self.files,) if one]
        made = _made(book, folders, self.is_bare)
        for path, raw in made.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            write_new(target / path, raw)
        archive = target.with_name(f"{target.name}.zip")
        write_new(archive, kit.packed(made, target.name))
        return {**_told(made), "folder": str(target), "zip": str(archive)}


def _told(made: Mapping[str, bytes]) -> dict[str, Any]:
    from dmo.faces import kit

    count = {name: sum(path.startswith(f"{name}/") for path in made) for name in ("documents", "assets")}
    counts = {"files": len(made), "texts": count["documents"], "assets": count["assets"] or None}
    return {**counts, "sha256": digest(made[kit.SUMS]).hex()}


class CheckKit(Query, name="kit check", of_machine=True, needs_chain=False, gives=KIT):
    folder: str = arg(TEXT.called("FOLDER"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.faces import kit
        from dmo.home.bookfile import read_book

        folder = Path(self.folder)
        held = {path.relative_to(folder).as_posix(): path for path in _walk(folder)}
        differences = [*_unlike_sums(folder, held)]
        if differences:
            raise words.failed("kit_changed", differences)
        # What lists the files may have been written anew: it is made once more out of its own book.
        is_bare = not any(path.startswith("assets/") for path in held)
        made = _made(read_book(folder / kit.BOOK), [folder], is_bare)
        said = words.load()["word"]["kit"]
        for path in sorted({*made, *held}):
            if path not in made:
                differences.append(said["more"].format(path=path))
            elif path not in held:
                differences.append(said["lacks"].format(path=path))
            elif read_bytes(held[path], MOST_BYTES) != made[path]:
                differences.append(said["changed"].format(path=path))
        if differences:
            raise words.failed("kit_changed", differences)
        return {**_told(made), "folder": str(folder), "zip": None}


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise words.bad("no_kit").at(str(folder))
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            yield path


def _unlike_sums(folder: Path, held: Mapping[str, Path]) -> Iterator[str]:
    """What is not as the kit's own list says."""
    from dmo.faces import kit

    said = words.load()["word"]["kit"]
    try:
        lines = read_bytes(folder / kit.SUMS, MOST_BYTES).decode().splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        raise words.bad("no_kit").at(str(folder)) from None
    listed = {path: sha for sha, _, path in (line.partition("  ") for line in lines)}
    for path in sorted({*listed, *held} - {kit.SUMS}):
        if path not in listed:
            yield said["more"].format(path=path)
        elif path not in held:
            yield said["lacks"].format(path=path)
        else:
            try:
                is_same = digest(read_bytes(held[path], MOST_BYTES)).hex() == listed[path]
            except BadInput:
                is_same = False
            if not is_same or held[path].is_symlink():
                yield said["changed"].format(path=path)
