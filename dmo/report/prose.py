"""Markdown of documents as HTML: headings, lists, bold, paragraphs. Everything else stays text."""

from __future__ import annotations

import re
from html import escape

__all__ = ["to_html"]

_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


def _inline(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(text))


def to_html(text: str) -> str:
    """Turn a document's body into HTML; whatever a stranger published is escaped first."""
    blocks: list[str] = []
    items: list[str] = []
    words: list[str] = []

    def flush() -> None:
        if words:
            blocks.append(f"<p>{_inline(' '.join(words))}</p>")
            words.clear()
        if items:
            blocks.append("<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>")
            items.clear()

    for line in text.splitlines():
        stripped = line.strip()
        if not stripped:
            flush()
        elif stripped.startswith("#"):
            flush()
            blocks.append(f"<h5>{_inline(stripped.lstrip('# '))}</h5>")
        elif stripped.startswith("- "):
            if words:
                flush()
            items.append(stripped[2:])
        elif items and line.startswith("  "):
            items[-1] += " " + stripped
        else:
            if items:
                flush()
            words.append(stripped)
    flush()
    return "\n".join(blocks)
