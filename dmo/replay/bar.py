"""How far a replay is: a bar on the terminal, and nothing without one."""

import contextlib
import sys
from collections.abc import Iterator

from dmo.core import words
from dmo.replay.records import Progress


@contextlib.contextmanager
def bar() -> Iterator[Progress]:
    """What is told of the progress moves the bar, which is gone at the end."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task(words.word("replay", "reading"), total=None)
        yield lambda what, done, total: drawn.update(task, description=what, completed=done, total=total)
