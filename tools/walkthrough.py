"""Run the README's section "By hand" as it is printed, on a fresh play chain: `make walkthrough`.

The commands are the lines of its ```bash blocks; a command may go over several lines. They run in
order in one shell, with nothing to read from. Each has to end with 0, or with what its comment
says: `dmo status --account lead  # exit code 10`. The chain, its state and the deployments live in
build/walkthrough, so that a playground of one's own is left alone.

    make walkthrough [DMO_WALKTHROUGH_PORT=8546]
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dmo.replay.node import ROOT, free_port

README = ROOT / "README.md"
HEADING = "## By hand"
HOME = ROOT / "build" / "walkthrough"
SCRATCH = ROOT / "build" / "by-hand"
START_SECONDS, COMMAND_SECONDS = 120, 900
_EXIT = re.compile(r"#.*\bexit code (\d+)")
_MARK = "\x1e"


class Command(NamedTuple):
    """A command: the line it begins at, its text, and the exit code it has to end with."""

    line: int
    text: str
    code: int


class Wrong(Exception):
    """The README does not do what it says."""


def section(text: str, heading: str = HEADING) -> list[tuple[int, str]]:
    """The numbered lines of a section, up to the next heading of its level."""
    lines = list(enumerate(text.split("\n"), 1))
    starts = [number for number, line in lines if line.rstrip() == heading]
    if len(starts) != 1:
        raise Wrong(f"{len(starts)} sections {heading!r}, expected one")
    level = heading.split(" ")[0] + " "
    is_fenced = False
    for number, line in lines[starts[0] :]:
        is_fenced ^= line.startswith("```")
        if line.startswith(level) and not is_fenced:
            return lines[starts[0] : number - 1]
    return lines[starts[0] :]


def commands(lines: list[tuple[int, str]]) -> list[Command]:
    """The commands of the ```bash blocks."""
    found: list[Command] = []
    fence = text = ""
    start = 0
    for number, line in lines:
        if line.startswith("```"):
            if text:
                raise Wrong(f"line {start}: the command does not end: {text}")
            fence = "" if fence else line.removeprefix("```").strip() or "plain"
        elif fence == "bash" and (text or (line.strip() and not line.startswith("#"))):
            start, text = (start, f"{text}\n{line}") if text else (number, line)
            if _is_whole(text):
                marked = _EXIT.search(text)
                found.append(Command(start, text, int(marked[1]) if marked else 0))
                text = ""
    if fence:
        raise Wrong("the last block is not closed")
    if not found:
        raise Wrong(f"the section {HEADING!r} has no commands")
    return found


def _is_whole(text: str) -> bool:
    """Whether a shell would run this, rather than wait for more."""
    if text.endswith("\\"):
        return False
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    return done.returncode == 0 and "here-document" not in done.stderr


def script(found: list[Command]) -> str:
    """A shell script that says where it is, and stops at the first surprise."""
    return "".join(
        f"printf '{_MARK}begin {number}\\n'\n"
        f"eval {shlex.quote(command.text)} 2>&1 </dev/null\n"
        f"_code=$?; printf '{_MARK}end {number} %s\\n' \"$_code\"\n"
        f'[ "$_code" -eq {command.code} ] || exit 99\n'
        for number, command in enumerate(found)
    )


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the folders: the printed commands name them, so that two would mix up theirs."""
    HOME.parent.mkdir(exist_ok=True)
    with HOME.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Wrong("another walkthrough is on its way in this checkout") from error
        yield


def _environment() -> dict[str, str]:
    """The person's own settings must not matter."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
    return kept | {
        "DMO_PLAY_HOME": str(HOME / "play"),
        "DMO_PLAY_PORT": os.environ.get("DMO_WALKTHROUGH_PORT") or str(free_port()),
        "DMO_DEPLOYMENTS": str(HOME / "deployments"),
        "DMO_HOME": str(HOME / "home"),
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }


@contextlib.contextmanager
def play_chain(environment: dict[str, str]) -> Iterator[None]:
    """`make play` on a fresh chain, until it says what to type next; stopped afterwards."""
    path = HOME / "play.log"
    with path.open("wb") as log:
        play = subprocess.Popen(
            [sys.executable, str(ROOT / "tools" / "play.py"), "--fresh"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    until = time.monotonic() + START_SECONDS
    try:
        while "`make play-reset` starts anew." not in (said := path.read_text("utf-8")):
            if play.poll() is not None or time.monotonic() > until:
                raise Wrong(f"the play chain does not start:\n{said}")
            time.sleep(0.1)
        yield
    finally:
        play.terminate()
        try:
            play.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(play.pid, signal.SIGKILL)
            play.wait()


def run(found: list[Command], environment: dict[str, str]) -> None:
    """Run the commands.

    Raises:
        Wrong: One ended otherwise than the README says.
    """
    shell = subprocess.Popen(
        ["bash", "-c", script(found)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    watch = threading.Timer(COMMAND_SECONDS, lambda: os.killpg(shell.pid, signal.SIGKILL))
    watch.start()
    command, begun, done = found[0], time.monotonic(), 0
    try:
        for line in shell.stdout or ():
            if not line.startswith(_MARK):
                print(f"    {line}" if line.strip("\n") else line, end="", flush=True)
                continue
            what, number, *codes = line[1:].split()
            command = found[int(number)]
            if what == "begin":
                begun = time.monotonic()
                print(f"\nline {command.line} $ {command.text}", flush=True)
                continue
            print(f"    [{time.monotonic() - begun:.1f} s, exit code {codes[0]}]", flush=True)
            if int(codes[0]) != command.code:
                reason = f"exit code {codes[0]}, expected {command.code}: {command.text}"
                raise Wrong(f"line {command.line}: {reason}")
            done += 1
        if done != len(found):
            raise Wrong(f"line {command.line}: it did not end: {command.text}")
    finally:
        watch.cancel()
        # Whatever the commands started belongs to the shell's group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


def _stop_asked(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run the section; returns the exit code."""
    signal.signal(signal.SIGTERM, _stop_asked)
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else README
    begun = time.monotonic()
    try:
        found = commands(section(source.read_text("utf-8")))
        with _alone():
            for folder in (HOME, SCRATCH):
                shutil.rmtree(folder, ignore_errors=True)
            HOME.mkdir(parents=True)
            print(f"{len(found)} commands of {source.name}, on a fresh play chain …", flush=True)
            environment = _environment()
            with play_chain(environment):
                run(found, environment)
    except Wrong as wrong:
        print(f"\nwalkthrough: {source.name}: {wrong}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nwalkthrough: interrupted", file=sys.stderr)
        return 130
    seconds = time.monotonic() - begun
    print(f"\n{len(found)} commands did what {source.name} says, in {seconds:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
