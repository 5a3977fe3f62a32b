"""Replay another DAO's history: what would we have funded, and what would it have cost?

``run`` reads holders and votes, plays them with the real contracts on a local chain of its own,
holds every tally against an independent computation, and returns the answer. ``save`` writes it.

    records   what a history is            rows, readers   from files, everything checked
    rules     the options in bounds        plan            rounds, ideas, authors, ballots
    model     what must come out           engine          what does come out
    anvil, node, artifacts, stage          the chain and the contracts on it
    result    comparison and output        screen          what a person sees
"""

from __future__ import annotations

from pathlib import Path

from dmo.home.outputs import Replay, write_json
from dmo.replay.records import Progress, ReplayOptions, silent

__all__ = ["Progress", "ReplayOptions", "check_out", "run", "save", "silent"]


def run(options: ReplayOptions, progress: Progress = silent) -> Replay:
    """Replay a history.

    Args:
        options: The files, and the rules to replay them under.
        progress: Told what is being done, how much of it is done, and of how much.

    Raises:
        BadInput: A file or an option cannot be used.
        CheckFailed: Contracts and computation disagree.
        Refused: A contract refused what was planned.
        NetworkError: The local chain could not be started, or broke off.
    """
    from dmo.replay.engine import play
    from dmo.replay.model import expect
    from dmo.replay.plan import make_plan
    from dmo.replay.readers import read_holders, read_votes
    from dmo.replay.result import answer, compare
    from dmo.replay.rules import check_options

    check_options(options)
    holders = read_holders(options.holders)
    votes = read_votes(options.votes, holders)
    plan = make_plan(options, holders, votes)
    outcome = play(plan, holders, progress)
    compare(outcome, expect(plan.rules, holders, votes))
    return answer(options, holders, votes, plan, outcome)


def check_out(out: Path, options: ReplayOptions) -> None:
    """Refuse a place that the answer cannot be written to, before any work is done.

    Raises:
        BadInput: It is a folder, or one of the inputs, or nothing can be written there.
    """
    import os

    from dmo.core.errors import BadInput

    expected = "a file that can be written"
    try:
        if out.is_dir():
            raise BadInput("this is a folder", expected=expected, file=str(out), field="--out")
        if out.exists() and any(
            out.samefile(p) for p in (options.holders, options.votes) if p.exists()
        ):
            raise BadInput(
                "this is one of the inputs", expected=expected, file=str(out), field="--out"
            )
        folder = out.parent
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise BadInput(
                "nothing can be written there", expected=expected, file=str(out), field="--out"
            )
    except (OSError, ValueError) as error:
        raise BadInput("the name cannot be used", expected=expected, field="--out") from error


def save(answer: Replay, out: Path) -> None:
    """Write the answer, whole or not at all.

    Raises:
        BadInput: It cannot be written there.
    """
    from dmo.core.errors import BadInput

    try:
        write_json(out, answer)
    except OSError as error:
        raise BadInput(
            f"the file cannot be written: {error.strerror}",
            expected="a file that can be written",
            file=str(out),
            field="--out",
        ) from error
