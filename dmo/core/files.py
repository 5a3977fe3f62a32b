"""How files are written: whole or not at all, and on the disk on return; JSON always the same.

A kill at any moment leaves either the old file or the new one.
"""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dmo.core import words


def plain(value: Any) -> Any:
    """A value as JSON knows it; a model leaves out what it does not have. Raises BadInput: JSON knows no such value."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise words.bad("no_json", kind=type(value).__name__)


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, two spaces of indentation and a last newline; refuses NaN."""
    text = json.dumps(plain(value), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return text + "\n"


def write_text(path: Path | str, text: str | bytes, mode: int = 0o644) -> None:
    """Write a file, in place of the one there; folders are made. Raises BadInput: a link, folder or device is there."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise words.bad("no_own_file").at(str(path))
    _write(target, text, mode, Path.replace)


def write_new(path: Path | str, text: str | bytes, mode: int = 0o644) -> None:
    """Write a file that is not there yet. Raises BadInput: it is there (nothing is written over), or cannot be."""
    try:
        _write(Path(path), text, mode, _link)
    except FileExistsError:
        raise words.bad("file_taken").at(str(path)) from None
    except OSError as error:
        raise words.bad("unwritable", why=error.strerror).at(str(path)) from error


def _write(target: Path, text: str | bytes, mode: int, place: Callable[[Path, Path], Any]) -> None:
    """Have it on the disk beside its place, and then, at once, in its place."""
    raw = text.encode() if isinstance(text, str) else text
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            file.write(raw)
            file.flush()
            os.fsync(handle)
        place(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _link(draft: Path, target: Path) -> None:
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # there are disks without links: take the name first, then fill it
        target.touch(mode=0o600, exist_ok=False)
        draft.replace(target)


def write_json(path: Path | str, value: Any) -> None:
    """Write canonical JSON."""
    write_text(path, canonical_json(value))
