#!/usr/bin/env python3
"""Write dmo/faces/han.ttf.xz, of which pages take the Chinese letters that they hold: rarely needed.

    npm pack @fontsource/noto-sans-sc@5.3.0 && tar xzf fontsource-noto-sans-sc-5.3.0.tgz
    uv run --with fonttools --with brotli tools/make_font.py package

The characters are those of GB 2312 with their punctuation, the outlines Noto Sans SC's, regular: SIL Open Font License
1.1, which lies beside the font. No hints, no features: the lines of a page need none.
"""

from __future__ import annotations

import lzma
import re
import sys
from io import BytesIO
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

FACES = Path(__file__).resolve().parent.parent / "dmo" / "faces"
SLICE = re.compile(r"noto-sans-sc-\d+-400-normal\.woff2")
SIGNS = {*range(0x3000, 0x3030), *range(0xFF01, 0xFF5F), 0xFFE5}
DROPPED = ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "BASE", "STAT", "DSIG", "gasp", "meta", "prep"]


def wanted() -> set[int]:
    """Code points of GB 2312's two levels, and signs."""
    pairs = (bytes(pair) for pair in product(range(0xB0, 0xF8), range(0xA1, 0xFF)))
    return SIGNS | {ord(letter) for pair in pairs for letter in pair.decode("gb2312", "ignore")}


def main(package: Path) -> None:
    """Cut the package's slices, and put them together."""
    rest, parts = wanted(), list[str]()
    with TemporaryDirectory() as folder:
        for file in sorted(one for one in (package / "files").iterdir() if SLICE.fullmatch(one.name)):
            font = TTFont(file)
            mine = rest & set(font.getBestCmap())
            rest -= mine
            if mine:
                options = subset.Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 13, 14])
                options.drop_tables += DROPPED
                cutter = subset.Subsetter(options)
                cutter.populate(unicodes=mine)
                cutter.subset(font)
                font.flavor = None
                parts.append(f"{folder}/{len(parts)}.ttf")
                font.save(parts[-1])
        whole = BytesIO()
        Merger().merge(parts).save(whole)
    raw = lzma.compress(whole.getvalue(), preset=9 | lzma.PRESET_EXTREME)
    (FACES / "han.ttf.xz").write_bytes(raw)
    (FACES / "han.license.txt").write_bytes((package / "LICENSE").read_bytes())
    sys.stdout.write(f"{len(wanted()) - len(rest)} characters, {len(raw)} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
