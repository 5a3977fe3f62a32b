"""A few words of SVG, enough for pictures that read in print, in the dark, without colour."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from unicodedata import east_asian_width

__all__ = ["PATTERNS", "Drawing", "cut", "swatch"]

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
PATTERNS = (
    '<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    + "".join(
        f'<pattern id="p-{kind}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn})"><rect width="{size}" height="{size}" '
        f'class="c-{kind}"/>{marks}</pattern>'
        for kind, (size, turn, marks) in _HATCHES.items()
    )
    + "</defs></svg>"
)
"""Fills that differ in hatching as well as in colour; put once into a page."""


def _fmt(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _circle(r: int) -> Callable[[float, float], str]:
    return lambda x, y: f"M{_fmt(x - r)} {_fmt(y)}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"


_MARKS: dict[str, Callable[[float, float], str]] = {
    "flag": lambda x, y: f"M{_fmt(x - 6)} {_fmt(y - 8)}h12v16l-6-5-6 5z",
    "paper": lambda x, y: f"M{_fmt(x - 5)} {_fmt(y - 7)}h7l4 4v10h-11z",
    "ring": _circle(5),
    "dot": _circle(5),
    "diamond": lambda x, y: f"M{_fmt(x)} {_fmt(y - 8)}l7 8-7 8-7-8z",
    "coin": _circle(7),
    "threshold": lambda x, y: f"M0 {_fmt(y)}H26",
}


def swatch(kind: str) -> str:
    """A fill or a mark, as a legend shows it."""
    drawn = f'<rect y="2" width="26" height="14" rx="2" fill="url(#p-{kind})"/>'
    if kind in _MARKS:
        drawn = f'<path class="{kind}" d="{_MARKS[kind](13, 9)}"/>'
    return f'<svg viewBox="0 0 26 18" aria-hidden="true">{drawn}</svg>'


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
        self._parts: list[str] = []
        self._labels: list[str] = []

    def _add(self, tag: str, content: str, **attributes: object) -> str:
        """An element; underscores in names become hyphens, a trailing one is dropped."""
        written = "".join(
            f' {key.rstrip("_").replace("_", "-")}="{escape(_fmt(value) if isinstance(value, float) else str(value))}"'
            for key, value in attributes.items()
            if value is not None
        )
        return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"

    def text(self, x: float, y: float, text: str, cls: str = "", **more: object) -> None:
        """Add a line of text; text lies above everything else."""
        place = {"x": float(x), "y": float(y), "class_": cls or None}
        self._labels.append(self._add("text", escape(text), **place, **more))

    def path(self, d: str, cls: str, title: str = "", **more: object) -> None:
        """Add a path."""
        content = f"<title>{escape(title)}</title>" if title else ""
        self._parts.append(self._add("path", content, d=d, **more, class_=cls))

    def rect(self, x: float, y: float, width: float, height: float, fill: str, title: str) -> None:
        """Add a box with one of the patterns."""
        size = {"width": float(max(width, 0)), "height": float(max(height, 0))}
        place = {"x": float(x), "y": float(y), **size, "fill": f"url(#p-{fill})"}
        content = f"<title>{escape(title)}</title>"
        self._parts.append(self._add("rect", content, **place, class_="box"))

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str) -> None:
        """Add a straight line."""
        self.path(f"M{_fmt(x1)} {_fmt(y1)}L{_fmt(x2)} {_fmt(y2)}", cls)

    def curve(self, points: list[tuple[float, float]], cls: str) -> None:
        """Add a line through many points."""
        self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), cls)

    def band(self, x1: float, y1: float, x2: float, y2: float, height: float, fill: str, title: str) -> None:
        """Add a ribbon between two columns, as Sankey diagrams have them."""
        half, height = _fmt((x1 + x2) / 2), max(height, 1)
        left, right, low = _fmt(x1), _fmt(x2), (_fmt(y1 + height), _fmt(y2 + height))
        self.path(
            f"M{left} {_fmt(y1)}C{half} {_fmt(y1)} {half} {_fmt(y2)} {right} {_fmt(y2)}"
            f"V{low[1]}C{half} {low[1]} {half} {low[0]} {left} {low[0]}Z",
            "band",
            title,
            fill=f"url(#p-{fill})",
        )

    def mark(self, kind: str, x: float, y: float, title: str) -> None:
        """Add a mark of a moment, centred; they differ in shape."""
        self.path(_MARKS[kind](x, y), kind, title)

    def render(self) -> str:
        """The whole picture."""
        return (
            f'<svg viewBox="0 0 {_fmt(self.width)} {_fmt(self.height)}" role="img" '
            f'aria-label="{escape(self.label)}">{"".join(self._parts + self._labels)}</svg>'
        )
