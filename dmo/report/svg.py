"""A few words of SVG, enough for the report: readable in print, in the dark, without colour."""

from __future__ import annotations

from html import escape
from unicodedata import east_asian_width

__all__ = ["PATTERNS", "Drawing", "cut", "fmt"]

_LINE = '<path d="{}" class="p-line" stroke-width="{}"/>'
_HATCHES = {
    "work": (8, 0, ""),
    "fee": (8, 45, _LINE.format("M0 0V8", 4)),
    "gift": (9, 0, '<circle cx="4.5" cy="4.5" r="1.9" class="p-dot"/>'),
    "back": (6, 0, _LINE.format("M0 3H6", 1.6)),
    "juror": (7, 0, _LINE.format("M3.5 0V7", 1.8)),
    "won": (10, 0, _LINE.format("M2 5H8M5 2V8", 1.6)),
    "bond": (10, 45, _LINE.format("M0 5H10M5 0V10", 1.6)),
    "held": (8, 0, _LINE.format("M0 4H4", 2)),
    "against": (7, -45, _LINE.format("M0 3.5H7", 1.8)),
}


def _circle(x: float, y: float, r: float) -> str:
    return f"M{fmt(x - r)} {fmt(y)}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"


_MARKS = {
    "flag": lambda x, y: f"M{fmt(x - 6)} {fmt(y - 8)}h12v16l-6-5-6 5z",
    "paper": lambda x, y: f"M{fmt(x - 5)} {fmt(y - 7)}h7l4 4v10h-11z",
    "ring": lambda x, y: _circle(x, y, 5),
    "dot": lambda x, y: _circle(x, y, 5),
    "diamond": lambda x, y: f"M{fmt(x)} {fmt(y - 8)}l7 8-7 8-7-8z",
    "coin": lambda x, y: _circle(x, y, 7),
}


def _pattern(kind: str, size: int, turn: int, marks: str) -> str:
    return (
        f'<pattern id="p-{kind}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn})"><rect width="{size}" height="{size}" class="c-{kind}"/>'
        f"{marks}</pattern>"
    )


PATTERNS = (
    '<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    + "".join(_pattern(kind, *hatch) for kind, hatch in _HATCHES.items())
    + "</defs></svg>"
)
"""Fills that differ in hatching as well as in colour; put once into a page."""


def fmt(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{number:.1f}".rstrip("0").rstrip(".")


def cut(text: str, width: int) -> str:
    """Text of at most so many columns (East Asian letters take two), with an ellipsis if cut."""
    used = 0
    for index, letter in enumerate(text):
        used += 2 if east_asian_width(letter) in "WF" else 1
        if used > width:
            return text[:index].rstrip(" ,:;\uff0c\uff1a") + "…"
    return text


class Drawing:
    """An SVG picture under construction.

    Args:
        width: Width of the view box.
        height: Its height.
        label: What a screen reader says.
    """

    def __init__(self, width: float, height: float, label: str) -> None:
        self.width = width
        self.height = height
        self.label = label
        self.parts: list[str] = []
        self._labels: list[str] = []

    def add(self, tag: str, content: str = "", **attributes: object) -> None:
        """Add an element; underscores in names become hyphens, a trailing one is dropped."""
        written = "".join(
            f' {key.rstrip("_").replace("_", "-")}="'
            f'{escape(fmt(value) if isinstance(value, float) else str(value))}"'
            for key, value in attributes.items()
            if value is not None
        )
        self.parts.append(f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>")

    def text(self, x: float, y: float, text: str, cls: str = "", **more: object) -> None:
        """Add a line of text; text lies above everything else."""
        self.add("text", escape(text), x=float(x), y=float(y), class_=cls or None, **more)
        self._labels.append(self.parts.pop())

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, title: str = ""
    ) -> None:
        """Add a box with one of the patterns."""
        self.add(
            "rect",
            f"<title>{escape(title)}</title>" if title else "",
            x=float(x),
            y=float(y),
            width=float(max(width, 0)),
            height=float(max(height, 0)),
            fill=f"url(#p-{fill})",
            class_="box",
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str) -> None:
        """Add a straight line."""
        self.add("path", d=f"M{fmt(x1)} {fmt(y1)}L{fmt(x2)} {fmt(y2)}", class_=cls)

    def band(
        self, x1: float, y1: float, x2: float, y2: float, height: float, fill: str, title: str
    ) -> None:
        """Add a ribbon between two columns, as Sankey diagrams have them."""
        half, height = (x1 + x2) / 2, max(height, 1)
        top = (
            f"M{fmt(x1)} {fmt(y1)}C{fmt(half)} {fmt(y1)} {fmt(half)} {fmt(y2)} {fmt(x2)} {fmt(y2)}"
        )
        low = (
            f"V{fmt(y2 + height)}C{fmt(half)} {fmt(y2 + height)} {fmt(half)} {fmt(y1 + height)} "
            f"{fmt(x1)} {fmt(y1 + height)}Z"
        )
        self.add(
            "path",
            f"<title>{escape(title)}</title>",
            d=top + low,
            fill=f"url(#p-{fill})",
            class_="band",
        )

    def mark(self, kind: str, x: float, y: float, title: str) -> None:
        """Add a mark of a moment, centred; they differ in shape."""
        self.add("path", f"<title>{escape(title)}</title>", d=_MARKS[kind](x, y), class_=kind)

    def render(self) -> str:
        """The whole picture."""
        return (
            f'<svg viewBox="0 0 {fmt(self.width)} {fmt(self.height)}" role="img" '
            f'aria-label="{escape(self.label)}">{"".join(self.parts + self._labels)}</svg>'
        )
