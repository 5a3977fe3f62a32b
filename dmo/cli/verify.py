"""dmo verify: what explorers need to verify a deployment's source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from dmo.cli import texts
from dmo.cli.options import READ, command
from dmo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@command(app, "verify", READ)
def verify(
    session: Session,
    out: Annotated[
        Path | None,
        Option("--out", metavar="FOLDER", help=texts.OPTION_VERIFY_OUT, show_default=False),
    ] = None,
) -> None:
    """Write what explorers need."""
    from dmo.home.deployment import load_book
    from dmo.deploy.verify import verifications, write_verifications

    name = session.book.stem
    book = load_book(session.book)
    folder = out or Path("build") / "verify" / name
    files = write_verifications(book, session.book.parent, folder, name)
    found = verifications(book, session.book.parent)
    session.screen.data.update(
        folder=str(folder),
        contracts=[
            {"name": one.name, "address": one.address, "contract": one.identifier} for one in found
        ],
    )
    session.screen.heading(texts.VERIFY_WRITTEN.format(len(found), folder))
    session.screen.say(texts.NEXT.format(texts.VERIFY_NEXT.format(files[0])))
