"""``python -m dmo.replay``: replay another DAO's history from two files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dmo.core.errors import DmoError
from dmo.replay import check_out, save
from dmo.replay.rules import parse_options
from dmo.replay.screen import report, run_with_bar, sentence

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def replay(
    holders: Annotated[str, typer.Option(help="CSV file: address,tokens")],
    votes: Annotated[str, typer.Option(help="CSV file: proposal,opened_at,voter,choice")],
    out: Annotated[str, typer.Option(help="JSON file to write the answer to")],
    round_days: Annotated[str, typer.Option(help="length of a round, in days")] = "14",
    ask: Annotated[str, typer.Option(help="what an idea asks for, in whole tokens")] = "1000",
    budget: Annotated[str, typer.Option(help="what a round may spend, in whole tokens")] = "5000",
    threshold_bps: Annotated[
        str, typer.Option(help="for less against that passes, in bps of the supply")
    ] = "400",
) -> None:
    """What would we have funded, and what would it have cost?

    Plays the history with the real contracts on a local chain that ends with the command. Exit
    codes: 0 done, 1 contracts and computation disagree, 2 bad input, 3 no local chain, 130
    interrupted. OUT is written only at success.
    """
    try:
        options = parse_options(holders, votes, round_days, ask, budget, threshold_bps)
        check_out(Path(out), options)
        answer = run_with_bar(options)
        save(answer, Path(out))
    except DmoError as error:
        typer.echo(f"replay: {sentence(error)}", err=True)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("replay: interrupted", err=True)
        raise typer.Exit(130) from None
    report(answer, Path(out))


if __name__ == "__main__":
    app()
