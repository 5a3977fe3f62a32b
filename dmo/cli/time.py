"""dmo time: the chain's clock, and moving it on where the chain is on this machine."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument

from dmo.cli import texts
from dmo.cli.options import READ, command
from dmo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@command(app, "time", READ)
def time(
    session: Session,
    to: Annotated[
        str | None,
        Argument(metavar="[+TIME|MOMENT|round]", help=texts.ARG_CLOCK, show_default=False),
    ] = None,
) -> None:
    """Show the chain's clock, or move it on."""
    from dmo.core.localtime import advance, require_local
    from dmo.core.units import format_duration, format_time

    chain = session.dmo.chain
    if to is None:
        session.screen.data.update(now=session.now)
        session.screen.heading(texts.CLOCK.format(format_time(session.now)))
        _round(session, session.now)
        return
    require_local(chain, session.url)
    seconds = _target(session, to) - session.now
    now = advance(chain, seconds)
    session.screen.data.update(now=now, moved_seconds=seconds)
    session.screen.heading(texts.CLOCK_MOVED.format(format_duration(seconds), format_time(now)))
    _round(session, now)


def _target(session: Session, text: str) -> int:
    """The moment that is meant."""
    from dmo.client import ideas
    from dmo.core.units import parse_time
    from dmo.home.rounds import round_at, round_times

    if text.strip() != "round":
        return int(parse_time(text, session.now))
    frame = ideas.frame(session.dmo)
    return round_times(frame, round_at(frame, session.now) + 1).posting_opens


def _round(session: Session, now: int) -> None:
    """Say which round that is."""
    from dmo.client import ideas
    from dmo.core.units import format_duration
    from dmo.home.rounds import round_at, round_times

    frame = ideas.frame(session.dmo)
    number = round_at(frame, now)
    session.screen.data["round"] = number
    left = format_duration(round_times(frame, number + 1).posting_opens - now)
    if number == 0:
        session.screen.say(texts.CLOCK_NO_ROUND.format(left))
    elif number == 1:
        session.screen.say(texts.CLOCK_FIRST_ROUND.format(left))
    else:
        session.screen.say(texts.CLOCK_ROUND.format(number, number - 1, left))
