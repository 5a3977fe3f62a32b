"""A story in which every command is run, with the same outcome in every run.

`python -m tests.registry.golden_story` tells how the code of now differs from the record, in the
order of the story, so that the first difference is the one to look at; with words, only of the
commands that begin with one of them. `--record` writes tests/registry/golden.json anew.
"""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.registry.comparison import compare, judged, meant
from tests.registry.golden_chapters import CHAPTERS
from tests.registry.golden_commands import A1, READING, REFUSED, SAID, SENDING, SHOWN, WRITING
from tests.registry.golden_play import Play
from tests.registry.recorder import START
from tests.registry.shapes import Record
from tests.support.cli_chain import Stage, anvil

_log = logging.getLogger(__name__)
GOLDEN = Path(__file__).with_name("golden.json")


@contextlib.contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A chain whose blocks are a second apart, with two deployments on it."""
    with anvil(31337, f"--timestamp={START}") as (chain, url):
        chain.transport.request("anvil_setBlockTimestampInterval", [1])
        first = Stage(chain, url, folder)
        first.deploy()
        first.fund()
        token = first.dmo.budget_token.address
        wrapping = f'kind = "wrap"\naddress = "{token}"\nname = "Votes"\nsymbol = "vHRB"\n'
        second = Stage(chain, url, folder / "second")
        second.deploy(token=wrapping, name="wrapped")
        for file in ("wrapped.json", "wrapped.local.json"):
            shutil.copy(second.folder / "deployments" / file, folder / "deployments" / file)
        yield first


COMMANDS = {**SENDING, **SHOWN, **READING, **WRITING, **SAID, **REFUSED}


def play_all(folder: Path, known: dict[str, Record] | None = None) -> dict[str, Record]:
    """Play the story; returns what was recorded, by name.

    Args:
        folder: A folder of its own.
        known: An earlier recording, to go on where a command does not do its part.
    """
    with stage(folder) as first:
        play = Play(first, dict(COMMANDS), known)
        play.names.address("wrapper", _wrapper(folder))
        play.names.address("A1", A1)
        for chapter in CHAPTERS:
            chapter(play)
        for name, said in play.messages.items():
            did = name.removesuffix(" --calldata") in SENDING
            if play.known.get(name, {"exit": 0 if did else 2})["exit"] in (0, 10):
                _log.warning("%s fails: %s", name, said)
        return play.records


def _wrapper(folder: Path) -> str:
    book = json.loads((folder / "deployments/wrapped.json").read_text())
    return str(book["contracts"]["VotesWrapper"]["address"])


def written(records: dict[str, Record]) -> str:
    """The records as JSON: a line for each of their parts."""
    lines = []
    for name, record in sorted(records.items()):
        parts = []
        for key, value in record.items():
            if isinstance(value, list):
                items = ",\n   ".join(json.dumps(one, ensure_ascii=False) for one in value)
                text = f"[\n   {items}]" if items else "[]"
            else:
                text = json.dumps(value, ensure_ascii=False, sort_keys=True)
            parts.append(f"  {json.dumps(key)}: {text}")
        lines.append(f" {json.dumps(name, ensure_ascii=False)}: {{\n" + ",\n".join(parts) + "}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments: list[str]) -> int:
    """Record, or show what differs."""
    is_recording = arguments == ["--record"]
    known: dict[str, Record] = {} if is_recording else json.loads(GOLDEN.read_text())
    with tempfile.TemporaryDirectory() as folder:
        records = play_all(Path(folder), known)
    if is_recording:
        GOLDEN.write_text(written(records))
        print(f"{len(records)} records in {GOLDEN.name}")
        return 0
    unlisted, absent = judged(compare(known, records), meant())
    for one in unlisted:
        if not arguments or one.command.startswith(tuple(arguments)):
            print(one)
    for listed in absent:
        print(f"does not occur: {listed}")
    return 1 if unlisted or absent else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
