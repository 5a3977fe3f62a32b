"""A few words of SVG, enough for pictures that read in print, in the dark, without colour.

Fills (``p-…``) and marks (``m-…``) are defined once, in page.html.j2.
"""

from collections.abc import Iterable
from html import escape
from unicodedata import east_asian_width

Point = tuple[float, float]


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
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, int | float) else escape(str(value))


def _tag(name: str, inner: str = "", **attributes: object) -> str:
    """An element; attributes without a value are left out."""
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value not in (None, "")}
    written = "".join(f' {key}="{_fmt(value)}"' for key, value in given.items())
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


class Drawing:
    """An SVG picture under construction, in units of its own; ``label`` is what a screen reader says."""

    def __init__(self, width: float, height: float, label: str) -> None:
        self.width, self.height, self.label = width, height, label
        self._parts: list[str] = []
        self._labels: list[str] = []
        self._role = "img"

    def _add(self, tag: str, title: str = "", **attributes: object) -> None:
        self._parts.append(_tag(tag, _tag("title", escape(title)) if title else "", **attributes))

    def text(self, x: float, y: float, text: str, cls: str, *, at: str = "", lang: str = "", anchor: str = "") -> None:
        """Add a line of text, which may lead to an anchor of the page; text lies above everything else."""
        written = _tag("text", escape(text), x=x, y=y, class_=cls, lang=lang, text_anchor=at)
        self._labels.append(_tag("a", written, href=f"#{anchor}") if anchor else written)
        self._role = "group" if anchor else self._role  # an image has nothing in it that could be followed

    def rect(self, x: float, y: float, width: float, height: float, fill: str, title: str) -> None:
        size = {"width": max(width, 0), "height": max(height, 0)}
        self._add("rect", title, x=x, y=y, **size, fill=f"url(#p-{fill})", class_="box")

    def curve(self, points: Iterable[Point], cls: str) -> None:
        self._add("path", d="M" + "L".join(f"{_fmt(x)} {_fmt(y)}" for x, y in points), class_=cls)

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str) -> None:
        self.curve(((x1, y1), (x2, y2)), cls)

    def band(self, begin: Point, end: Point, height: float, fill: str, title: str) -> None:
        """Add a ribbon between the upper ends of two columns, as Sankey diagrams have them."""
        (x1, y1), (x2, y2), deep = begin, end, max(height, 1)
        half, left, right = (_fmt(x) for x in ((x1 + x2) / 2, x1, x2))
        top1, top2, low1, low2 = (_fmt(y) for y in (y1, y2, y1 + deep, y2 + deep))
        way = f"M{left} {top1}C{half} {top1} {half} {top2} {right} {top2}"
        way += f"V{low2}C{half} {low2} {half} {low1} {left} {low1}Z"
        self._add("path", title, d=way, fill=f"url(#p-{fill})", class_="band")

    def mark(self, kind: str, x: float, y: float, title: str = "", cls: str = "") -> None:
        """Add a mark of a moment, centred; they differ in shape."""
        self._add("use", title, href=f"#m-{kind}", x=x, y=y, class_=cls or kind)

    def render(self) -> str:
        box = f"0 0 {_fmt(self.width)} {_fmt(self.height)}"
        return _tag("svg", "".join(self._parts + self._labels), viewBox=box, role=self._role, aria_label=self.label)
