"""Amounts as people type them into forms, in languages that write a comma before decimals.

what the page itself shows in that language is taken, and what the command line takes
what could mean two things is refused with both, and a form says how to write it
the page's module reads the same as its server, and leaves what it cannot read
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from dmo.core import words
from dmo.core.errors import BadInput
from dmo.faces.web import locales
from tests.support.village import ME, Village
from tests.support.web import Served

COMMA = {
    "1.500,5": "1500.5",
    "12,5": "12.5",
    "1.234.567,89 PLAY": "1234567.89 PLAY",
    "1.500.000": "1500000",
    "1.500,250": "1500.250",
    "0,125": "0.125",
    ",5": ".5",
    "1.500,5\u00a0PLAY": "1500.5 PLAY",
    "1500": "1500",
    "12.5": "12.5",
    "1,500.5": "1,500.5",
    "1,500,000": "1,500,000",
}
"""Typed on a Spanish page, and what is read with a point before decimals."""
EITHER = ("1,500", "12,345 PLAY")
LEFT = ("1.500", "1.5,5", ",", "x,5", "1..5,")
"""What is left as it is, and refused where it is read."""
ACTS = Path(locales.__file__).parent / "static" / "acts.js"


def test_what_the_page_shows_can_be_typed() -> None:
    with words.speaking("es"):
        here = locales.locale()
        assert {text: here.typed(text) for text in COMMA} == COMMA
        assert [here.typed(text) for text in LEFT] == [*LEFT]
        for text in EITHER:
            with pytest.raises(BadInput, match="se puede leer"):
                here.typed(text)
        shown = [here.amount(text) for text in ("1,500.5 PLAY", "1,234,567 PLAY", "0.125 PLAY")]
        assert [here.typed(text) for text in shown] == ["1500.5 PLAY", "1234567 PLAY", "0.125 PLAY"]
    for text in (*COMMA, *EITHER, *LEFT):
        assert locales.locale().typed(text) == text.replace("\u00a0", " "), "English reads as the command line does"


def test_a_form_takes_it_and_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    village = Village()
    village.grow(10)
    site = Served(village, tmp_path, monkeypatch)

    def asked(amount: str, lang: str) -> str:
        told = site.preview("campaign deposit", {"amount": amount, "_from": ME}, f"?lang={lang}")
        if not told["ok"]:
            assert told["error"]["field"] == "amount"
            return str(told["error"]["message"])
        return str(told["steps"][-1]["arguments"]["amount"])

    assert [asked("1.500,5", lang) for lang in ("es", "id")] == ["1500500000"] * 2
    assert [asked("1,500", lang) for lang in ("en", "zh")] == ["1500000000"] * 2
    for typed in ("1,500", "1.500"):
        assert "1.5" in asked(typed, "es")
        assert "1500" in asked(typed, "es")
    assert "no" in asked("1.500,5", "en")
    for lang in words.languages():
        hint = words.load(lang)["face"]["form"]["amount"]
        assert hint in site.text(f"/act/campaign/deposit?lang={lang}")


def test_the_module_reads_the_same() -> None:
    source = ACTS.read_text("utf-8")
    found = re.search(r"^function typed\(.*?^}\n", source, re.DOTALL | re.MULTILINE)
    assert found is not None
    given = [*COMMA, *EITHER, *LEFT]
    code = f"const book = {{point: ','}};\n{found[0]}\nconsole.log(JSON.stringify({json.dumps(given)}.map(typed)))"
    told = json.loads(subprocess.run(["node", "-e", code], check=True, capture_output=True).stdout)
    assert told[: len(COMMA)] == [*COMMA.values()]
    assert told[len(COMMA) :] == [*EITHER, *LEFT], "what could be either goes to the server, which refuses it"
