"""A few words of SVG: enough for the report's pictures, readable in print, in the dark, without colour."""

from __future__ import annotations

from html import escape
from unicodedata import east_asian_width

__all__ = ["PATTERNS", "Drawing", "cut", "fmt"]

KINDS = ("work", "fee", "gift", "back", "wait", "against")

PATTERNS = """<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="p-work" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" class="c-work"/></pattern>
<pattern id="p-fee" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" class="c-fee"/><path d="M0 0V8" class="p-line" stroke-width="4"/></pattern>
<pattern id="p-gift" width="9" height="9" patternUnits="userSpaceOnUse"><rect width="9" height="9" class="c-gift"/><circle cx="4.5" cy="4.5" r="1.9" class="p-dot"/></pattern>
<pattern id="p-back" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" class="c-back"/><path d="M0 3H6" class="p-line" stroke-width="1.6"/></pattern>
<pattern id="p-wait" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="10" height="10" class="c-wait"/><path d="M0 5H10M5 0V10" class="p-line" stroke-width="1.6"/></pattern>
<pattern id="p-against" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="7" height="7" class="c-against"/><path d="M0 3.5H7" class="p-line" stroke-width="1.8"/></pattern>
</defs></svg>"""


def fmt(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{number:.1f}".rstrip("0").rstrip(".")


def cut(text: str, width: int) -> str:
    """Text of at most so many columns (East Asian letters take two), with an ellipsis if cut."""
    used = 0
    for index, letter in enumerate(text):
        used += 2 if east_asian_width(letter) in "WF" else 1
        if used > width:
            return text[:index].rstrip(" ,:;，：") + "…"
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
        """Add a line of text."""
        self.add("text", escape(text), x=float(x), y=float(y), class_=cls or None, **more)

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
        half = (x1 + x2) / 2
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

    def render(self) -> str:
        """The whole picture."""
        return (
            f'<svg viewBox="0 0 {fmt(self.width)} {fmt(self.height)}" role="img" '
            f'aria-label="{escape(self.label)}">{"".join(self.parts)}</svg>'
        )
