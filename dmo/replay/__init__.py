"""Replay another DAO's history: what would we have funded, and what would it have cost?

``run`` reads holders and votes, plays them with the real contracts on a local chain of its own,
holds every tally against an independent computation, and returns the answer. ``save`` writes it.

    records   what a history is            rows, readers   from files, everything checked
    rules     the options in bounds        plan            rounds, ideas, authors, ballots
    model     what must come out           engine          what does come out
    node      a chain of our own           stage           the contracts on it
    result    comparison and output        screen          what a person sees
"""

from __future__ import annotations

import os
from pathlib import Path

from dmo.core.errors import BadInput
from dmo.core.files import write_json
from dmo.home.outputs import Replay
from dmo.replay.records import Progress
from dmo.replay.rules import ReplayOptions

__all__ = ["Progress", "ReplayOptions", "check_out", "run", "save"]


def run(options: ReplayOptions, progress: Progress = lambda *_: None) -> Replay:
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

    holders = read_holders(options.holders)
    votes = read_votes(options.votes, holders)
    plan = make_plan(options, holders, votes)
    outcome = play(plan, holders, progress)
    compare(outcome, expect(options, holders, votes))
    return answer(plan, holders, votes, outcome)


def check_out(out: Path, options: ReplayOptions) -> None:
    """Refuse a place that the answer cannot be written to, before any work is done.

    Raises:
        BadInput: It is a folder, or one of the inputs, or nothing can be written there.
    """
    inputs = (options.holders, options.votes)
    try:
        folder = next(folder for folder in out.absolute().parents if folder.exists())
        if out.is_dir():
            raise _unusable(out, "this is a folder")
        if out.exists() and any(out.samefile(path) for path in inputs if path.exists()):
            raise _unusable(out, "this is one of the inputs")
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise _unusable(out, "nothing can be written there")
    except (OSError, ValueError) as error:
        raise _unusable(None, "the name cannot be used") from error


def save(answer: Replay, out: Path) -> None:
    """Write the answer, whole or not at all.

    Raises:
        BadInput: It cannot be written there.
    """
    try:
        write_json(out, answer)
    except OSError as error:
        raise _unusable(out, f"the file cannot be written: {error.strerror}") from error


def _unusable(out: Path | None, reason: str) -> BadInput:
    file = None if out is None else str(out)
    return BadInput(reason, expected="a file that can be written", file=file, field="--out")
