"""A copy written into a folder: whole or not at all, in place of an earlier copy, never of anything else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from dmo.core import unixfs, words
from dmo.core.errors import BadInput
from dmo.core.files import canonical_json, read_json, write_text
from dmo.faces.web.files import static
from dmo.faces.web.still import FILES, Copy
from dmo.home.home import Home

SCHEMA = "dmo.copy/1"
_STATE = "state.json"
_OURS = {_STATE, "index.html", *FILES, "round", "ballots", "idea", "campaign", "bounty", "work", "dispute", "document"}
_MOST_STATE = 64 * 1024
_EVERY = 500
"""Pages after which it is said how many there are, and what was asked for them is forgotten."""


class Built(NamedTuple):
    """What was written: the folder's CID, how many files and bytes, the block that they tell."""

    cid: str
    files: int
    size: int
    block: int


def build(home: Home, folder: Path, language: str, say: Callable[[int, int], None]) -> Built:
    """Write the copy; ``say`` is told how many pages of how many there are. Raises BadInput: the folder is taken."""
    folder = folder.absolute()
    check(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            draft.chmod(0o755)
            with words.speaking(language):
                block = _write(home, draft, say)
            whole = unixfs.folder_node(draft)
            os.sync()
            _place(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        cid = unixfs.text(whole.cid)
        write_text(folder.with_name(f"{folder.name}.cid"), f"{cid}\n")
    except OSError as error:
        raise words.bad("web_no_folder", folder=folder, why=error.strerror or error) from error
    files = [one for one in folder.rglob("*") if one.is_file()]
    return Built(cid, len(files), sum(one.stat().st_size for one in files), block)


def check(folder: Path) -> None:
    """Raise BadInput: something is there that is no copy, or more than one."""
    if not os.path.lexists(folder):
        return
    try:
        found = {one.name for one in folder.iterdir()}
        told = read_json(folder / _STATE, _MOST_STATE) if found else {"schema": SCHEMA}
        is_ours = found <= _OURS and told.get("schema") == SCHEMA and not folder.is_symlink()
    except (OSError, BadInput, AttributeError):
        is_ours = False
    if not is_ours:
        raise words.bad("web_folder", field="folder", folder=folder)


def _write(home: Home, draft: Path, say: Callable[[int, int], None]) -> int:
    """All files of the copy; returns the block that they tell."""
    copy = Copy(home)
    total = sum(1 for _ in copy.finished.pages())
    for done, (file, html) in enumerate(copy.drawn(), 1):
        _put(draft / file, html.encode("utf-8", "replace"))
        if done % _EVERY == 0:
            say(done, max(total, done))
            copy.lighten()
    for file, raw in copy.texts():
        _put(draft / file, raw)
    for name in FILES:
        _put(draft / name, static(name)[0])
    dmo, last = copy.still.dmo, copy.last
    state = {"schema": SCHEMA, "chain_id": dmo.chain_id, "board": dmo.address("IdeaBoard"), "language": words.spoken()}
    block = {"number": last.number, "hash": last.hash, "time": last.timestamp}
    _put(draft / _STATE, canonical_json({**state, "block": block}).encode())
    return last.number


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _place(draft: Path, folder: Path) -> None:
    """Put the new in place of the old; a kill between the two leaves the one or the other, whole, under a dot."""
    if not folder.exists():
        draft.rename(folder)
        return
    check(folder)
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
