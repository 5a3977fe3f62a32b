"""Calendars (RFC 5545) of moments, for whatever reminds people."""

import hashlib
import time
from collections.abc import Iterable
from typing import NamedTuple

from dmo.core.text import one_line


class Moment(NamedTuple):
    """Something that ends or begins, Unix seconds; what it is called, and what to do."""

    at: int
    title: str
    text: str


def calendar(name: str, now: int, moments: Iterable[Moment]) -> str:
    """A calendar whose events remind a day before; the same moment is the same event in the next one."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dmo//status//EN", f"X-WR-CALNAME:{_escaped(name)}"]
    for one in moments:
        mark = hashlib.sha256(f"{name} {one.at} {one.text}".encode("utf-8", "replace")).hexdigest()[:24]
        lines += ["BEGIN:VEVENT", f"UID:{mark}@dmo", f"DTSTAMP:{_utc(now)}", f"DTSTART:{_utc(one.at)}"]
        lines += [f"SUMMARY:{_escaped(one.title)}", f"DESCRIPTION:{_escaped(one.text)}", "BEGIN:VALARM"]
        lines += ["ACTION:DISPLAY", "TRIGGER:-P1D", f"DESCRIPTION:{_escaped(one.title)}", "END:VALARM", "END:VEVENT"]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _utc(moment: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(moment))


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return one_line(text)


def _folded(line: str) -> str:
    """In pieces of at most 75 bytes, none of which ends within a letter."""
    parts = [""]
    for letter in line:
        if len(f"{parts[-1]}{letter}".encode()) > 74:
            parts.append("")
        parts[-1] += letter
    return "\r\n ".join(parts)
