"""Chinese letters for machines that have none: cut out of a font, and put into the page that needs them."""

from base64 import b64encode
from importlib import resources
from io import BytesIO
from lzma import decompress

_FIRST, _LAST = "\u2e80", "\uffef"
"""Between them stand Chinese letters and their signs."""
_AGAIN = "svg text{animation:again .3s}@keyframes again{from{letter-spacing:.01px}}"
"""Chromium does not draw a picture's text again when a font has come; this makes it."""


def face(text: str) -> str:
    """A style's rule with just the letters of a text, or nothing where it holds none that the font has.

    The page names the font behind those of the reader's machine, which are taken first.
    """
    letters = {letter for letter in text if _FIRST <= letter <= _LAST}
    if not letters:
        return ""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    raw = decompress(resources.files("dmo.faces").joinpath("han.ttf.xz").read_bytes())
    font = TTFont(BytesIO(raw), recalcTimestamp=False)  # the same page has the same bytes
    known = set(map(ord, letters)) & set(font.getBestCmap())
    if not known:
        return ""
    cutter = subset.Subsetter(subset.Options(notdef_outline=True))
    cutter.populate(unicodes=known)
    cutter.subset(font)
    font.flavor = "woff"
    written = BytesIO()
    font.save(written)
    source = f"data:font/woff;base64,{b64encode(written.getvalue()).decode()}"
    return f'@font-face{{font-family:"Page Han";src:url({source}) format("woff");font-display:block}}{_AGAIN}'
