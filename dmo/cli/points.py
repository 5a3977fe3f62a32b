"""dmo points: reputation earned by paid work."""

from __future__ import annotations

from typing import Annotated

from typer import Argument

from dmo.cli import texts
from dmo.cli.options import command, noun
from dmo.cli.session import Session

app = noun("points")


def _text(wad: int) -> str:
    from dmo.core.units import format_amount

    return format_amount(wad // 10**14 * 10**14, 18)


@command(app, "points show")
def show(
    session: Session,
    account_: Annotated[str, Argument(metavar="[WHO]", help=texts.ARG_WHO)] = "me",
) -> None:
    """Show an account's points."""
    from dmo.client import reputation
    from dmo.core.units import format_duration

    who = session.address_of(account_, "account")
    now = reputation.points(session.dmo, who)
    awards = reputation.awards(session.dmo, who)
    earned = sum(award.points for award in awards)
    half_life = int(session.dmo.read("Reputation", "halfLifeSeconds"))
    session.screen.data.update(
        account=who,
        points=str(now),
        earned=str(earned),
        awards=len(awards),
        half_life_seconds=half_life,
    )
    session.screen.heading(session.who(who, long=True))
    session.screen.fields(
        [
            ("points", _text(now)),
            ("ever earned", _text(earned)),
            ("paid jobs", str(len(awards))),
            ("half-life", texts.HALF_LIFE.format(format_duration(half_life))),
        ]
    )


@command(app, "points board")
def board(session: Session) -> None:
    """Show everybody with points."""
    from dmo.client import reputation

    standings = reputation.board(session.dmo)
    session.screen.data["board"] = [
        {"rank": s.rank, "account": s.account, "points": str(s.points), "earned": str(s.earned)}
        for s in standings
    ]
    if not standings:
        session.screen.say(texts.NO_POINTS)
        return
    session.screen.table(
        texts.POINTS_COLUMNS,
        [(s.rank, session.who(s.account), _text(s.points), _text(s.earned)) for s in standings],
    )
