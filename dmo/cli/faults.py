"""Errors on their way out: one sentence and an exit code, or the envelope for machines."""

from __future__ import annotations

import sys
from typing import Any

from dmo.cli import texts
from dmo.cli.screen import envelope
from dmo.core.errors import BadInput, Declined, DmoError
from dmo.core.text import printable

__all__ = ["INTERRUPTED", "report", "unexpected", "usage"]

INTERRUPTED = 130


def usage(message: str, hint: str = "") -> DmoError:
    """What was typed cannot be understood."""
    error = BadInput(message.rstrip("."))
    error.hint = hint
    return error


def unexpected(fault: BaseException) -> DmoError:
    """A fault of the program itself, as one sentence."""
    said = " ".join(str(fault).split())[:300]
    return DmoError(
        texts.UNEXPECTED.format(kind=type(fault).__name__, said=f": {said}" if said else ""),
        hint=texts.UNEXPECTED_HINT,
        details={"kind": type(fault).__name__},
    )


def report(error: DmoError, *, as_json: bool) -> int:
    """Print an error where it belongs, and return its exit code."""
    if as_json:
        detail: dict[str, Any] = {
            "code": error.code,
            "args": error.details,
            "message": error.message,
            "hint": error.hint,
        }
        sys.stdout.write(envelope({"ok": False, "error": detail}))
    else:
        sys.stdout.flush()
        mark = "" if isinstance(error, Declined) else "error: "
        print(printable(f"{mark}{_sentence(error.message)}"), file=sys.stderr)
        for line in error.details.get("differences") or ():  # type: ignore[attr-defined]
            print(printable(f"       - {line}"), file=sys.stderr)
        if error.hint:
            print(printable(f"{' ' * len(mark)}{error.hint}"), file=sys.stderr)
    return error.exit_code


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
