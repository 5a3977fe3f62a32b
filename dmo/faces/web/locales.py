"""Numbers, moments and lengths of time as a language writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from dmo.core import words

_AMOUNT = re.compile(r"(-?)([\d,]+)(?:\.(\d+))?(?: (.*))?", re.DOTALL)
_BABEL = {"zh": "zh_Hans_CN"}


class Locale:
    """How a language writes what is counted and measured."""

    def __init__(self, language: str) -> None:
        from babel import Locale as Known
        from babel.numbers import get_decimal_symbol, get_group_symbol

        self.tag = language
        self._known = Known.parse(_BABEL.get(language, language))
        self._group, self._point = get_group_symbol(self._known), get_decimal_symbol(self._known)

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
        number = whole.replace(",", self._group) + (f"{self._point}{rest}" if rest else "")
        return f"{'−' if sign else ''}{number}" + (f"\u00a0{symbol}" if symbol else "")

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
