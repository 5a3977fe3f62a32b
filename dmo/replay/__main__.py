"""``python -m dmo.replay``: replay another DAO's history from two files."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from dmo.errors import BadInput, DmoError
from dmo.outputs import Replay
from dmo.replay import Progress, ReplayOptions, check_out, run, save, silent

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _decimal(text: str, option: str) -> Decimal:
    try:
        if len(text) <= 60 and text.isascii() and not set(text) - set("0123456789.-"):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise BadInput(f"{text[:60]!r} is not a number", expected="a number such as 1000", field=option)


def _whole(text: str, option: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadInput(
            f"{text[:60]!r} is not a whole number", expected="a number such as 400", field=option
        )
    return int(text)


def report(answer: Replay, out: Path) -> None:
    """Print what was found."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(title=f"{len(answer.proposals)} proposals in {answer.rounds} rounds")
    for column in ("round", "ideas", "passed", "funded"):
        table.add_column(column, justify="right")
    for number in sorted({proposal.round for proposal in answer.proposals}):
        ideas = [proposal for proposal in answer.proposals if proposal.round == number]
        counts = (len(ideas), sum(p.passed for p in ideas), sum(p.funded for p in ideas))
        table.add_row(str(number), *map(str, counts))
    everything = answer.proposals
    sums = (len(everything), sum(p.passed for p in everything), sum(p.funded for p in everything))
    table.add_section()
    table.add_row("all", *map(str, sums))
    console.print(table)
    plain = answer.openzeppelin
    console.print(f"To pass, an idea needed {answer.threshold} tokens more for it than against.")
    console.print(
        f"{answer.ballots:,} ballots with {answer.choices:,} choices: {answer.gas_ballots:,} gas,"
        f" {answer.gas_per_choice:,} a choice; settlements: {answer.gas_settlements:,} gas."
    )
    console.print(
        f"The same choices as single votes at OpenZeppelin's Governor: {plain.gas_votes:,} gas,"
        f" {plain.gas_per_vote:,} a vote. Saved: {answer.gas_saved_bps / 100:.2f} %."
    )
    console.print(f"Every tally equals its recomputation. Written: {out}", soft_wrap=True)


def _run_with_bar(options: ReplayOptions) -> Replay:
    if not sys.stderr.isatty():
        return run(options, silent)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        progress: Progress = show
        return run(options, progress)


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
        options = ReplayOptions(
            holders=Path(holders),
            votes=Path(votes),
            round_days=_decimal(round_days, "--round-days"),
            ask=_decimal(ask, "--ask"),
            budget=_decimal(budget, "--budget"),
            threshold_bps=_whole(threshold_bps, "--threshold-bps"),
        )
        check_out(Path(out), options)
        answer = _run_with_bar(options)
        save(answer, Path(out))
    except DmoError as error:
        typer.echo(f"replay: {error}", err=True)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("replay: interrupted", err=True)
        raise typer.Exit(130) from None
    report(answer, Path(out))


if __name__ == "__main__":
    app()
