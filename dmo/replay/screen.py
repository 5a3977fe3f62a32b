"""What a person sees of a replay: a bar while it runs, tables at the end."""

from __future__ import annotations

import sys
from pathlib import Path

from dmo.home.outputs import Replay, ReplayProposal
from dmo.replay import ReplayOptions, run

__all__ = ["report", "run_with_bar"]


def report(answer: Replay, out: Path) -> None:
    """Print what was found."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(title=f"{len(answer.proposals)} proposals in {answer.rounds} rounds")
    for column in ("round", "ideas", "passed", "funded"):
        table.add_column(column, justify="right")

    def row(name: str, ideas: list[ReplayProposal]) -> None:
        counts = (len(ideas), sum(p.passed for p in ideas), sum(p.funded for p in ideas))
        table.add_row(name, *map(str, counts))

    for number in sorted({proposal.round for proposal in answer.proposals}):
        row(str(number), [proposal for proposal in answer.proposals if proposal.round == number])
    table.add_section()
    row("all", answer.proposals)
    console.print(table)
    plain = answer.openzeppelin
    text = f"""\
To pass, an idea needed {answer.threshold} tokens more for it than against.
Ballots: {answer.ballots:,} with {answer.choices:,} choices took {answer.gas_ballots:,} gas, \
{answer.gas_per_choice:,} a choice.
Settlements took {answer.gas_settlements:,} gas.
OpenZeppelin's Governor: the same choices as {plain.votes:,} votes took {plain.gas_votes:,} gas, \
{plain.gas_per_vote:,} a vote.
Saved: {answer.gas_saved_bps / 100:.2f} %.
Every tally equals its recomputation. Written: {out}"""
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def run_with_bar(options: ReplayOptions) -> Replay:
    """Replay with a bar on the terminal; without a terminal there is none."""
    if not sys.stderr.isatty():
        return run(options)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None)
        return run(options, lambda what, done, total: bar.update(task, description=what, completed=done, total=total))
