"""Amounts, shares, times: between what people write and what contracts keep.

Everywhere else amounts are ``int`` in the smallest unit; ``Decimal`` appears only here.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from itertools import accumulate, pairwise
from typing import Any, NewType

from dmo.core import words

Amount = NewType("Amount", int)
"""Units of a token, the smallest there is."""
Bps = NewType("Bps", int)
"""Hundredths of a percent; 10,000 is the whole."""
Seconds = NewType("Seconds", int)
"""A length of time."""
Timestamp = NewType("Timestamp", int)
"""Unix seconds."""
Points = NewType("Points", int)
"""Reputation, 1e18 is one point."""

BPS = 10_000
PPM = 1_000_000
WAD = 10**18
_MAX_WORD = 2**256 - 1

_NUMBER = re.compile(r"\d{1,3}(?:[_,]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+", re.ASCII)
_TWO_READINGS = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", re.ASCII)
_LENGTHS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "week", "weeks"), 604_800),
}


def _number(text: str, wrong: str, **values: Any) -> Decimal:
    cleaned = text.strip()
    if len(cleaned) > 100 or not _NUMBER.fullmatch(cleaned):
        raise words.bad(wrong, given=_short(text), **values)
    return Decimal(cleaned.replace("_", "").replace(",", ""))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def _scaled(value: Decimal, places: int) -> int | None:
    """Value × 10^places, or nothing if that is not whole."""
    with localcontext() as context:
        context.prec = 300
        scaled = value.scaleb(places)
        whole = int(scaled)
        return whole if whole == scaled else None


def two_readings(text: str) -> dict[str, str]:
    """What ``1.500`` or ``1,500`` is to some, and what it is to others."""
    whole, rest = re.split("[.,]", text)
    return {"given": text, "small": f"{whole}.{rest.rstrip('0') or '0'}", "large": whole + rest}


def parse_amount(text: str, decimals: int, *, is_sure: bool = False) -> Amount:
    """Units of a token of ``12.5`` or ``1,000`` whole ones. Raises BadInput: no number, too large, or too fine.

    ``1.500`` is refused, for half the world writes a thousand so; unless it is sure that a program wrote it.
    """
    if not is_sure and _TWO_READINGS.fullmatch(text.strip()):
        raise words.bad("two_readings", **two_readings(text.strip()))
    amount = _scaled(_number(text, "no_amount", decimals=decimals), decimals)
    if amount is None:
        raise words.bad("fine_amount", given=_short(text), decimals=decimals)
    if amount > _MAX_WORD:
        raise words.bad("large_amount", given=_short(text), decimals=decimals)
    return Amount(amount)


def format_amount(amount: int, decimals: int, symbol: str = "", *, grouped: bool = True) -> str:
    """Write units of a token as whole tokens, exact, without trailing zeros, its symbol after a space."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 10**decimals)
    fraction = f"{rest:0{decimals}d}".rstrip("0") if decimals else ""
    text = f"{sign}{whole:,}" if grouped else f"{sign}{whole}"
    if fraction:
        text = f"{text}.{fraction}"
    return f"{text} {symbol}" if symbol else text


def parse_bps(text: str) -> Bps:
    """Read a share: ``4%``, ``400bps`` or plain ``400`` (bps). Raises BadInput: none, over the whole, or too fine."""
    cleaned = text.strip().lower()
    number = cleaned[:-1] if cleaned.endswith("%") else cleaned.removesuffix("bps")
    share = _scaled(_number(number, "not_a_share"), 2 if cleaned.endswith("%") else 0)
    if share is None:
        raise words.bad("fine_share", given=_short(text))
    if share > BPS:
        raise words.bad("large_share", given=_short(text))
    return Bps(share)


def parse_ppm(text: str) -> int:
    """Read millionths: ``62%``, ``62.5 %`` or ``625000ppm``. Raises BadInput: none, over the whole, or too fine."""
    cleaned = text.strip().lower()
    is_percent = cleaned.endswith("%")
    if not is_percent and not cleaned.endswith("ppm"):
        raise words.bad("no_ppm_unit", given=_short(text))
    share = _scaled(_number(cleaned.removesuffix("%").removesuffix("ppm"), "not_a_share"), 4 if is_percent else 0)
    if share is None:
        raise words.bad("fine_ppm", given=_short(text))
    if share > PPM:
        raise words.bad("large_share", given=_short(text))
    return share


def format_bps(share: int) -> str:
    """Write a share as percent, exact: 400 → ``4%``, 10 → ``0.1%``."""
    return f"{format_amount(share, 2, grouped=False)}%"


def format_ppm(share: int) -> str:
    """Write a share in millionths as percent, exact: 620000 → ``62%``, 5 → ``0.0005%``."""
    return f"{format_amount(share, 4, grouped=False)}%"


def parse_duration(text: str) -> Seconds:
    """Read ``3d`` or ``1h30m``. Raises BadInput: no unit, no length of whole seconds, or over 1,000 years."""
    cleaned = text.strip().lower()
    if _NUMBER.fullmatch(cleaned):
        raise words.bad("bare_duration", given=_short(cleaned))
    parts = _PART.findall(cleaned)
    is_whole = parts and not _PART.sub("", cleaned)
    if not is_whole or not all(unit in _LENGTHS and len(count) <= 20 for count, unit in parts):
        raise words.bad("no_duration", given=_short(text))
    seconds = _scaled(sum((Decimal(count) * _LENGTHS[unit] for count, unit in parts), Decimal(0)), 0)
    if seconds is None or seconds > 366 * 86_400 * 1000:
        raise words.bad("long_duration", given=_short(text))
    return Seconds(seconds)


def format_duration(seconds: int) -> str:
    """Write a length of time with its two largest parts: ``2d 4h``, ``45s``, ``0s``."""
    rest, parts = abs(seconds), []
    for letter in "dhms":
        count, rest = divmod(rest, _LENGTHS[letter])
        if count:
            parts.append(f"{count}{letter}")
    return ("-" if seconds < 0 else "") + (" ".join(parts[:2]) or "0s")


def parse_time(text: str, now: int | None = None) -> Timestamp:
    """Read a moment: ``2026-11-23``, ``2026-11-23T10:00Z`` (UTC without a zone), Unix seconds, or ``+3d`` from now.

    Raises:
        BadInput: It is no moment, or relative where that makes no sense.
    """
    cleaned = text.strip()
    if cleaned.startswith("+"):
        if now is None:
            raise words.bad("relative_time", given=_short(text))
        return Timestamp(now + parse_duration(cleaned[1:]))
    if cleaned.isascii() and cleaned.isdigit() and 9 <= len(cleaned) <= 11:
        return Timestamp(int(cleaned))
    try:
        moment = datetime.fromisoformat(cleaned)
        return Timestamp(int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))
    except (ValueError, OverflowError) as error:
        raise words.bad("no_time", given=_short(text)) from error


def format_time(timestamp: int) -> str:
    """Write a moment in UTC: ``2026-11-23 10:00 UTC``; seconds only where there are some."""
    try:
        moment = datetime.fromtimestamp(timestamp, UTC)
    except (ValueError, OverflowError, OSError):
        return f"second {timestamp}"
    pattern = "%Y-%m-%d %H:%M:%S UTC" if moment.second else "%Y-%m-%d %H:%M UTC"
    return moment.strftime(pattern)


def share_rounded_up(amount: int, share_bps: int) -> int:
    """A share of an amount, rounded up to the next unit."""
    return -(-amount * share_bps // BPS)


def cut_shares(amount: int, shares_bps: Sequence[int]) -> list[int]:
    """Cut units of a token by shares in bps so that the parts add up. Raises BadInput: they are not 10,000."""
    if any(share <= 0 for share in shares_bps) or sum(shares_bps) != BPS:
        raise words.bad("uneven_shares", shares=list(shares_bps), total=sum(shares_bps), whole=BPS)
    ends = [amount * upto // BPS for upto in accumulate(shares_bps)]
    return [end - before for before, end in pairwise([0, *ends])]
