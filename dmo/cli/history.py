"""dmo report and dmo replay: a deployment's page, and another DAO's history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from dmo.cli import texts
from dmo.cli.options import FREE, READ, command
from dmo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@command(app, "report", READ)
def report(
    session: Session,
    out: Annotated[Path, Option("--out", metavar="FILE", help=texts.OPTION_OUT_REPORT)] = Path(
        "report.html"
    ),
) -> None:
    """Write a page about a deployment."""
    from dmo.core.files import write_text
    from dmo.report import read_history, render_page

    history = read_history(session.dmo)
    page = render_page(history, session.people)
    write_text(out, page)
    session.screen.data["file"] = str(out)
    session.screen.heading(texts.WRITTEN.format(out))


@command(app, "replay", FREE)
def replay(
    session: Session,
    holders: Annotated[Path, Option("--holders", metavar="FILE", help=texts.OPTION_HOLDERS)],
    votes: Annotated[Path, Option("--votes", metavar="FILE", help=texts.OPTION_VOTES)],
    out: Annotated[Path, Option("--out", metavar="FILE", help=texts.OPTION_OUT)],
    round_days: Annotated[
        str, Option("--round-days", metavar="DAYS", help=texts.OPTION_ROUND_DAYS)
    ] = "14",
    ask: Annotated[str, Option("--ask", metavar="AMOUNT", help=texts.OPTION_REPLAY_ASK)] = "1000",
    budget: Annotated[
        str, Option("--budget", metavar="AMOUNT", help=texts.OPTION_REPLAY_BUDGET)
    ] = "5000",
    threshold_bps: Annotated[
        str, Option("--threshold-bps", metavar="BPS", help=texts.OPTION_THRESHOLD)
    ] = "400",
) -> None:
    """Replay another DAO's votes."""
    from dmo.replay import check_out, run, save
    from dmo.replay.rules import parse_options
    from dmo.replay.screen import report as tell
    from dmo.replay.screen import run_with_bar

    options = parse_options(str(holders), str(votes), round_days, ask, budget, threshold_bps)
    check_out(out, options)
    answer = run(options) if session.screen.as_json else run_with_bar(options)
    save(answer, out)
    session.screen.data.update(file=str(out), rounds=answer.rounds, ballots=answer.ballots)
    if not session.screen.as_json:
        tell(answer, out)
