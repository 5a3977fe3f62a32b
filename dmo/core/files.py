"""How files are written: whole or not at all, and on the disk on return; JSON always the same.

A kill at any moment leaves either the old file or the new one.
"""

import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from dmo.core import words

_MAX_DEPTH = 64
_ALIKE = 12
"""Bytes by which a page is told from a keystore."""


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


def compact_json(value: Any) -> str:
    """The same in one line, for what is handed around."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"


@contextmanager
def _opened(path: Path | str) -> Iterator[IO[bytes]]:
    """A regular file: a pipe would be waited for, a device may never end."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise words.bad("no_regular_file").at(str(path))
        with Path(path).open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or words.word("instead", "file")
        raise words.bad("unreadable", why=why).at(str(path)) from error


def read_bytes(path: Path | str, most: int) -> bytes:
    """A file's bytes. Raises BadInput: a pipe or device, longer than ``most``, unreadable; FileNotFoundError."""
    with _opened(path) as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise words.bad("large_file", most=f"{most:,}").at(str(path))
    return raw


def read_lines(path: Path | str, most: int) -> Iterator[bytes]:
    """A file's lines, one in memory at a time. Raises BadInput: as above, or a line is longer; FileNotFoundError."""
    with _opened(path) as stream:
        while line := stream.readline(most + 1):
            if len(line) > most:
                raise words.bad("large_file", most=f"{most:,}").at(str(path))
            yield line


def read_text(path: Path | str, most: int) -> str:
    """A file's text, without a byte order mark. Raises BadInput: as above, or not UTF-8; FileNotFoundError."""
    raw = read_bytes(path, most)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise words.bad("no_utf8").at(str(path), raw.count(b"\n", 0, error.start) + 1) from None


def read_json(path: Path | str, most: int) -> Any:
    """What a file of JSON says. Raises BadInput: as above, or it says what nothing here does; FileNotFoundError."""
    text = read_text(path, most)
    try:
        found = json.loads(text, parse_constant=_no_constant)
        level = [found]
        for _ in range(_MAX_DEPTH):
            "".join(one for one in level if isinstance(one, str)).encode()  # no half of a letter
            sum(int(one) for one in level if isinstance(one, float))  # nothing infinite
            lists = [one for one in level if isinstance(one, list)]
            inner = [[*one, *one.values()] for one in level if isinstance(one, dict)]
            level = [part for one in (*lists, *inner) for part in one]
        if level:
            raise RecursionError
    except json.JSONDecodeError as error:
        raise words.bad("broken_json", why=error.msg).at(str(path), error.lineno) from None
    except (ValueError, OverflowError, RecursionError):
        raise words.bad("odd_json").at(str(path)) from None
    return found


def _no_constant(text: str) -> float:
    raise ValueError(text)


def write_text(path: Path | str, text: str | bytes, mode: int = 0o644) -> None:
    """Write a file, in place of the one there; folders are made. Raises BadInput: a link, folder or device is there."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise words.bad("no_own_file").at(str(path))
    _write(target, text, mode, Path.replace)


def write_again(path: Path | str, text: str) -> None:
    """Write a file in place of an earlier one that begins alike. Raises BadInput: something else is there."""
    try:
        with Path(path).open("rb") as earlier:
            is_other = earlier.read(_ALIKE) != text.encode()[:_ALIKE]
    except OSError:  # nothing is there, or it is told by who writes
        is_other = False
    if is_other:
        raise words.bad("other_file").at(str(path))
    write_text(path, text)


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
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    except OSError as error:
        error.filename = str(target)  # which is what somebody named
        raise
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            file.write(raw)
            file.flush()
            os.fsync(handle)
        place(draft, target)
    except OSError as error:
        error.filename = str(target)  # a full disk names none
        raise
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
