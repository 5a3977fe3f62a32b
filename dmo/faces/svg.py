"""A few words of SVG, enough for pictures that read in print, in the dark, without colour.

Fills (``p-…``) and marks (``m-…``) are defined once, in page.html.j2.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from unicodedata import east_asian_width

__all__ = ["Drawing", "cut"]


def cut(text: str, width: int) -> str:
    """Text of at most so many columns (East Asian letters take two), with an ellipsis if cut."""
    used = 0
    for index, letter in enumerate(text):
        used += 2 if east_asian_width(letter) in "WF" else 1
        if used > width:
            return text[:index].rstrip(" ,:;\uff0c\uff1a") + "…"
    return text


def _fmt(value: object) -> str:
    """An attribute; coordinates with at most one decimal."""
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return escape(str(value))


class Drawing:
    """An SVG picture under construction; coordinates are its own units.

    Args:
        width: Width of the view box.
        height: Its height.
        label: What a screen reader says.
    """

    def __init__(self, width: float, height: float, label: str) -> None:
        self.width, self.height, self.label = float(width), float(height), label
        self._parts: list[str] = []
        self._labels: list[str] = []

    def _add(self, tag: str, title: str = "", **attributes: object) -> None:
        known = {key: _fmt(value) for key, value in attributes.items() if value is not None}
        written = "".join(f' {key.rstrip("_")}="{value}"' for key, value in known.items())
        content = f"<title>{escape(title)}</title></{tag}>" if title else ""
        self._parts.append(f"<{tag}{written}>{content}" if title else f"<{tag}{written}/>")

    def text(self, x: float, y: float, text: str, cls: str, *, at: str = "start", lang: str = "") -> None:
        """Add a line of text; text lies above everything else."""
        marks = f' lang="{_fmt(lang)}"' if lang else ""
        marks += f' text-anchor="{at}"' if at != "start" else ""
        place = f'x="{_fmt(float(x))}" y="{_fmt(float(y))}" class="{cls}"{marks}'
        self._labels.append(f"<text {place}>{escape(text)}</text>")

    def rect(self, x: float, y: float, width: float, height: float, fill: str, title: str) -> None:
        """Add a box with one of the fills."""
        size = {"width": float(max(width, 0)), "height": float(max(height, 0))}
        self._add("rect", title, x=float(x), y=float(y), **size, fill=f"url(#p-{fill})", class_="box")

    def curve(self, points: Iterable[tuple[float, float]], cls: str) -> None:
        """Add a line through points."""
        way = "L".join(f"{_fmt(float(x))} {_fmt(float(y))}" for x, y in points)
        self._add("path", d=f"M{way}", class_=cls)

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str) -> None:
        """Add a straight line."""
        self.curve(((x1, y1), (x2, y2)), cls)

    def band(self, x1: float, y1: float, x2: float, y2: float, height: float, fill: str, title: str) -> None:
        """Add a ribbon between two columns, as Sankey diagrams have them."""
        deep = max(height, 1)
        half, left, right = (_fmt(float(x)) for x in ((x1 + x2) / 2, x1, x2))
        top1, top2, low1, low2 = (_fmt(float(y)) for y in (y1, y2, y1 + deep, y2 + deep))
        way = f"M{left} {top1}C{half} {top1} {half} {top2} {right} {top2}"
        way += f"V{low2}C{half} {low2} {half} {low1} {left} {low1}Z"
        self._add("path", title, d=way, fill=f"url(#p-{fill})", class_="band")

    def mark(self, kind: str, x: float, y: float, title: str = "", cls: str = "") -> None:
        """Add a mark of a moment, centred; they differ in shape."""
        self._add("use", title, href=f"#m-{kind}", x=float(x), y=float(y), class_=cls or kind)

    def render(self) -> str:
        """The whole picture."""
        box = f'viewBox="0 0 {_fmt(self.width)} {_fmt(self.height)}"'
        inner = "".join(self._parts + self._labels)
        return f'<svg {box} role="img" aria-label="{escape(self.label)}">{inner}</svg>'
