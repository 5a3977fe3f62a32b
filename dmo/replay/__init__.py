"""Replay another DAO's history: what would we have funded, and what would it have cost?

``run`` reads holders and votes, plays them with the real contracts on a local chain of its own, holds every tally
against an independent computation, and returns the answer. ``save`` writes it.

    records   what a history is            readers   from files, everything checked
    rules     the options in bounds        plan      rounds, ideas, authors, ballots
    model     what must come out           engine    what does come out
    node      a chain of our own           stage     the contracts on it
    result    comparison and output        bar       how far it is, on a terminal
"""

import os
from pathlib import Path

from dmo.core import words
from dmo.core.files import canonical_json, write_again
from dmo.home.outputs import ReplayResult
from dmo.replay.plan import Past
from dmo.replay.records import Progress
from dmo.replay.rules import ReplayOptions

__all__ = ["Progress", "ReplayOptions", "check_out", "run", "save"]


def read(options: ReplayOptions) -> Past:
    """Read a history, and plan its replay. Raises BadInput: a file cannot be used, or the board cannot carry it."""
    from dmo.replay.plan import make_plan
    from dmo.replay.readers import read_holders, read_votes

    holders = read_holders(options.holders, is_equal=options.is_equal)
    votes = read_votes(options.votes, holders)
    return Past(make_plan(options, holders, votes), holders, votes)


def run(options: ReplayOptions, progress: Progress = lambda *_: None, past: Past | None = None) -> ReplayResult:
    """Replay a history, which may have been read, telling of its progress.

    Raises:
        BadInput: A file or an option cannot be used.
        CheckFailed: Contracts and computation disagree.
        Refused: A contract refused what was planned.
        NetworkError: The local chain could not be started, or broke off.
    """
    from dmo.replay.engine import play
    from dmo.replay.model import expect
    from dmo.replay.result import answer, compare

    plan, holders, votes = past or read(options)
    outcome = play(plan, holders, progress)
    compare(outcome, expect(options, holders, votes))
    return answer(plan, holders, votes, outcome)


def check_out(out: Path, options: ReplayOptions) -> None:
    """Refuse a place that the answer cannot be written to, before any work is done.

    Raises:
        BadInput: It is a folder, or one of the inputs, or nothing can be written there.
    """
    try:
        reports = options.votes.glob("*.csv") if options.votes.is_dir() else ()
        place = out.absolute()  # the root has no parents
        folder = next(folder for folder in (*place.parents, place) if folder.exists())
        wrong = {
            "replay_out_folder": out.is_dir(),
            "replay_out_input": out.exists()
            and any(out.samefile(one) for one in (options.holders, options.votes, *reports) if one.exists()),
            "replay_out_closed": not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK),
        }
    except (OSError, ValueError) as error:
        raise words.bad("replay_out_name", "--out") from error
    for name in (name for name, is_so in wrong.items() if is_so):
        raise words.bad(name, "--out").at(str(out))


def save(answer: ReplayResult, out: Path) -> None:
    """Write the answer, whole or not at all. Raises BadInput: something else is there."""
    write_again(out, canonical_json(answer))
