"""dmo report and dmo replay: a deployment's page, and another DAO's history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from dmo.cli import texts
from dmo.cli.options import READ, command
from dmo.cli.session import Session
from dmo.errors import DmoError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@command(app, "report", READ)
def report(
    session: Session,
    out: Annotated[Path, Option("--out", metavar="FILE", help=texts.OPTION_OUT_REPORT)] = Path(
        "report.html"
    ),
) -> None:
    """Write a page about a deployment."""
    raise DmoError(texts.NOT_YET.format("report"))
