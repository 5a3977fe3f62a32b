"""Calendars: whole events, folded lines, signs of the format as text.

given moments
├── each is an event with its time, a reminder, and the same mark every time
└── when texts hold the format's signs, new lines or long words of many bytes: they stay within their line
"""

from __future__ import annotations

from dmo.core.ics import Moment, calendar

NOW, AT = 1_750_000_000, 1_760_000_000


def test_every_moment_is_an_event_with_a_reminder() -> None:
    text = calendar("harbour", NOW, [Moment(AT, "Vote", "dmo vote"), Moment(AT + 60, "Reveal", "dmo dispute reveal 1")])
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == text.count("TRIGGER:-P1D") == text.count("END:VEVENT") == 2
    assert "DTSTART:20251009T085320Z\r\n" in text
    later = calendar("harbour", NOW + 9, [Moment(AT, "Vote now", "dmo vote")])
    mark = next(line for line in text.splitlines() if line.startswith("UID"))
    assert mark in later


def test_texts_stay_within_their_lines() -> None:
    text = calendar("a;b", NOW, [Moment(AT, "One, two;\r\nEND:VCALENDAR", "é" * 200)])
    assert "SUMMARY:One\\, two\\; END:VCALENDAR\r\n" in text
    assert text.count("\r\nEND:VCALENDAR") == 1
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert "DESCRIPTION:" + "é" * 200 in text.replace("\r\n ", "")
    for line in lines:
        line.decode()
