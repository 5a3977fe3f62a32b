"""How files are written: whole or not at all, and on the disk on return; JSON always the same.

A kill at any moment leaves either the old file or the new one.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from dmo.core.errors import BadInput

__all__ = ["canonical_json", "plain", "write_json", "write_new", "write_text"]


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows; a model leaves out what it does not have.

    Raises:
        BadInput: The value holds something that JSON does not know.
    """
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
    raise BadInput(f"{type(value).__name__} cannot be written as JSON")


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, two spaces of indentation and a last newline; refuses NaN."""
    text = json.dumps(plain(value), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return text + "\n"


def write_text(path: Path | str, text: str | bytes) -> None:
    """Write a file: to a temporary one beside it, synced to the disk and renamed."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    raw = text.encode() if isinstance(text, str) else text
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_new(path: Path | str, text: str | bytes) -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises:
        BadInput: It is there, or cannot be written.
    """
    target = Path(path)
    raw = text.encode() if isinstance(text, str) else text
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            os.link(name, target)
        finally:
            Path(name).unlink()
    except FileExistsError:
        raise BadInput(
            "is already there", expected="another name, so that nothing is lost", file=str(path)
        ) from None
    except OSError as error:
        raise BadInput(f"cannot be written ({error.strerror})", file=str(path)) from error


def write_json(path: Path | str, value: Any) -> None:
    """Write canonical JSON."""
    write_text(path, canonical_json(value))
