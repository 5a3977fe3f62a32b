"""Numbers, moments and lengths of time as a language writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from dmo.core import units, words

_AMOUNT = re.compile(r"(-?)([\d,]+)(?:\.(\d+))?(?: (.*))?", re.DOTALL)
_TYPED = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d*)(?:,(\d+))?( .*)?", re.ASCII)
_EITHER = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)
_BABEL = {"zh": "zh_Hans_CN"}


class Locale:
    """How a language writes what is counted and measured."""

    def __init__(self, language: str) -> None:
        from babel import Locale as Known
        from babel.numbers import get_decimal_symbol, get_group_symbol

        self.tag = language
        self._known = Known.parse(_BABEL.get(language, language))
        self._group, self.point = get_group_symbol(self._known), get_decimal_symbol(self._known)

    def moment(self, at: int, now: int) -> str:
        """How far off a moment is, and when it is."""
        from babel.dates import format_datetime, format_timedelta

        when = datetime.fromtimestamp(at, UTC)
        is_near = abs(at - now) < 300 * 86_400
        pattern = "EEEMMMd" if is_near else "yMMMd"
        day = _skeleton(pattern, when, self._known)
        clock = format_datetime(when, "HH:mm", locale=self._known)
        if at == now:
            return words.word("web_time", "now").format(day=day, clock=clock)
        gap = format_timedelta(at - now, add_direction=True, locale=self._known, threshold=1.5)
        return words.word("web_time", "moment").format(gap=gap, day=day, clock=clock)

    def day(self, at: int) -> str:
        """When a moment is, told on whatever day."""
        from babel.dates import format_datetime

        when = datetime.fromtimestamp(at, UTC)
        day, clock = _skeleton("yMMMd", when, self._known), format_datetime(when, "HH:mm", locale=self._known)
        return words.word("web_time", "now").format(day=day, clock=clock)

    def duration(self, seconds: int | None) -> str:
        """A length of time with its largest two units."""
        from babel.units import format_unit

        rest, parts = abs(seconds or 0), []
        for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
            count, rest = divmod(rest, length)
            if count:
                parts.append(format_unit(count, f"duration-{unit}", length="long", locale=self._known))
        return " ".join(parts[:2])

    def amount(self, text: str) -> str:
        """An amount, written by the kinds, with this language's signs between its digits."""
        found = _AMOUNT.fullmatch(text)
        if found is None:
            return text
        sign, whole, rest, symbol = found.groups()
        number = whole.replace(",", self._group) + (f"{self.point}{rest}" if rest else "")
        return f"{'−' if sign else ''}{number}" + (f"\u00a0{symbol}" if symbol else "")

    def typed(self, text: str) -> str:
        """An amount as it was typed, for who reads a point before decimals: as this language writes it, or that way.

        Raises:
            BadInput: It could be either, such as 1,500 where a comma stands before decimals.
        """
        bare = text.replace("\u00a0", " ").strip()
        found = _TYPED.fullmatch(bare) if self.point == "," else None
        if found is None or not ("," in bare or bare.count(".") > 1):
            return bare
        whole, rest, symbol = found.groups()
        if _EITHER.fullmatch(f"{whole},{rest}"):
            raise words.bad("two_readings", **units.two_readings(f"{whole},{rest}"))
        return whole.replace(".", "") + (f".{rest}" if rest else "") + (symbol or "")

    def count(self, number: int) -> str:
        """A whole number."""
        return f"{number:,}".replace(",", self._group)


@lru_cache(maxsize=512)
def _skeleton(pattern: str, when: datetime, known: object) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton(pattern, when, locale=known))  # type: ignore[arg-type]


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale(language)


def locale() -> Locale:
    """The locale of the language that is spoken."""
    return _locale(words.spoken())
