"""dmo status and dmo due: what can be done now, and until when."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import READ, command
from dmo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)

DUE = 10
_LINES = 10


@command(app, "status", READ)
def status(
    session: Session,
    account_: Annotated[
        str | None, Argument(metavar="[WHO]", help=texts.ARG_WHO, show_default=False)
    ] = None,
    everything: Annotated[
        bool, Option("--all", help=texts.OPTION_ALL_ITEMS, show_default=False)
    ] = False,
) -> int:
    """What I can do now, and until when."""
    from dmo.agenda import agenda
    from dmo.core.units import format_time

    who = session.address_of(account_, "account") if account_ else session.maybe_me
    items = agenda(session.dmo, who, session.now)
    due = sum(item.is_due for item in items)
    session.screen.data.update(
        account=who,
        now=session.now,
        due=due,
        items=[
            {
                "kind": item.kind,
                "until": item.until or None,
                "due": item.is_due,
                "command": f"dmo {item.command}",
                "text": texts.item(session, item),
            }
            for item in items
        ],
    )
    if not session.screen.as_json:
        name = session.who(who) if who else texts.ANYBODY
        session.screen.heading(
            texts.STATUS_HEADING.format(
                name, session.dmo.name, session.network.name, format_time(session.now)
            )
        )
        if not everything:
            # Everybody with votes can post at all times: told where nothing else is.
            items = [item for item in items if item.kind != "post"] or items
        room = len(items) if everything or len(items) < _LINES else _LINES - 2
        shown = [
            (texts.item(session, item), texts.until(session, item), f"dmo {item.command}")
            for item in items[:room]
        ]
        wide = [max((len(line[column]) for line in shown), default=0) for column in range(2)]
        for item, (what, until, how) in zip(items, shown, strict=False):
            mark = "●" if item.is_due else "○"
            session.screen.say(f"{mark} {what:<{wide[0]}}  {until:<{wide[1]}}  {how}")
        if len(items) > room:
            session.screen.say(texts.MORE.format(len(items) - room))
        if not items:
            session.screen.say(texts.NOTHING_NOW)
        elif who is None:
            session.screen.say(texts.STATUS_NOBODY)
    return DUE if due else 0


@command(app, "due", READ)
def due(session: Session) -> None:
    """What anybody could do now."""
    from dmo.client import lens

    found = lens.due(session.dmo)
    session.screen.data.update(
        count=found.count,
        settle=found.settle[0] if found.settle else None,
        pay=list(found.pay),
        release=list(found.release),
        reclaim=list(found.reclaim),
        close=list(found.close),
        rule=[one.submission for one in found.rule],
        jurors={str(number): list(who) for number, who in found.jurors.items()},
        expire=list(found.expire),
    )
    rows = []
    if found.settle:
        rows.append(texts.DUE["settle"].format(found.settle[0], len(found.settle[1])))
    for kind in ("rule", "pay", "release", "jurors", "expire", "reclaim", "close"):
        numbers = [getattr(one, "submission", one) for one in getattr(found, kind)]
        if numbers:
            listed = ", ".join(map(str, numbers[:8])) + (", …" if len(numbers) > 8 else "")
            rows.append(texts.DUE[kind].format(listed, numbers[0]))
    for row in rows or [texts.NOTHING_IS_DUE]:
        session.screen.say(row)
