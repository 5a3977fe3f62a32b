"""What people write as arguments: ideas, shares, times."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dmo.cli.session import Session
from dmo.core.errors import BadInput

if TYPE_CHECKING:
    from dmo.client.campaigns import Payee
    from dmo.home.ballots import Choice

__all__ = [
    "bps",
    "choices",
    "duration",
    "idea_ref",
    "moment",
    "new_file",
    "payees",
    "short_digest",
]

_REF = re.compile(r"([1-9]\d{0,8})[/.]([1-9]\d{0,8})", re.ASCII)
_CHOICE = re.compile(r"([+\-−~]?)([1-9]\d{0,4})", re.ASCII)


def idea_ref(text: str, field: str = "idea") -> tuple[int, int]:
    """Round and number of an idea, written 3/7."""
    found = _REF.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            f"{text[:40]!r} names no idea", expected="round/number such as 3/7", field=field
        )
    return int(found[1]), int(found[2])


def _numbers(text: str, field: str) -> list[int]:
    parts = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 10**5 for part in parts):
        raise BadInput(f"{text[:40]!r} names no ideas", expected="numbers such as 1,4", field=field)
    return [int(part) for part in parts]


def choices(
    words: list[str], in_favour: str | None, against: str | None
) -> tuple[int | None, list[Choice]]:
    """A round, if one was named, and choices: ``3 +1 +4 -2``, or --for 1,4 --against 2.

    The first number without a sign is the round.
    """
    from dmo.home.ballots import Choice

    round_number: int | None = None
    found: list[Choice] = []
    for place, word in enumerate(words):
        match = _CHOICE.fullmatch(word)
        if match is None or (not match[1] and place):
            raise BadInput(
                f"{word[:40].replace('~', '-')!r} is no choice",
                expected="the round, then +number for and -number against, such as 3 +1 -2",
            )
        if not match[1]:
            round_number = int(match[2])
        else:
            found.append(Choice(int(match[2]), match[1] == "+"))
    found += [Choice(number, True) for number in _numbers(in_favour or "", "--for")]
    found += [Choice(number, False) for number in _numbers(against or "", "--against")]
    return round_number, found


def bps(text: str, field: str) -> int:
    """A share, written 10%, in bps; a bare number is refused, because it could mean either."""
    from dmo.core.units import parse_bps

    if not text.strip().lower().endswith(("%", "bps")):
        raise BadInput(
            f"{text[:40]!r} has no unit", expected="a share such as 10% or 1000bps", field=field
        )
    try:
        return parse_bps(text)
    except BadInput as error:
        raise error.at(field=field) from None


def duration(text: str, field: str) -> int:
    """A length of time, written 21d, in seconds."""
    from dmo.core.units import parse_duration

    try:
        return parse_duration(text)
    except BadInput as error:
        raise error.at(field=field) from None


def moment(session: Session, text: str, field: str) -> int:
    """A moment: +14d from now in the chain's time, a date, or Unix seconds."""
    from dmo.core.units import parse_time

    try:
        return parse_time(text, session.now)
    except BadInput as error:
        raise error.at(field=field) from None


def payees(session: Session, texts: list[str]) -> list[Payee]:
    """Who is paid which share: bob:60% carol:40%."""
    from dmo.client.campaigns import Payee

    found = []
    for text in texts:
        name, colon, share = text.rpartition(":")
        if not colon:
            raise BadInput(
                f"{text[:40]!r} names no share",
                expected="account:share such as bob:60%",
                field="--payee",
            )
        found.append(Payee(session.address_of(name, "--payee"), bps(share, "--payee")))
    return found


def short_digest(value: bytes) -> str:
    """A digest for a person to recognise."""
    return f"0x{value.hex()[:8]}…{value.hex()[-4:]}"


def new_file(path: Path, content: str) -> None:
    """Write a file that is not there yet.

    Raises:
        BadInput: It is there, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(content)
    except FileExistsError:
        raise BadInput(
            "is already there", expected="another name, so that nothing is lost", file=str(path)
        ) from None
    except OSError as error:
        raise BadInput(f"cannot be written ({error.strerror})", file=str(path)) from error
