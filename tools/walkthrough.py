"""Run the README's section "By hand" as it is printed, on a fresh play chain: `make walkthrough`.

The commands are the lines of its ```bash blocks; a command may go over several lines. They run in
order in one shell, with nothing to read from. Each has to end with 0, or with what its comment
says: `dmo status --account lead  # exit code 10`. The chain, its state and the deployments live in
build/walkthrough, so that a playground of one's own is left alone.

    make walkthrough [DMO_WALKTHROUGH_PORT=8546]
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
HEADING = "## By hand"
HOME = ROOT / "build" / "walkthrough"
SCRATCH = ROOT / "build" / "by-hand"
START_SECONDS, COMMAND_SECONDS = 120, 900
_EXIT = re.compile(r"#.*\bexit code (\d+)")
_MARK = "\x1e"


@dataclass(frozen=True)
class Command:
    """A command of the README.

    Attributes:
        line: Where it begins, counted from 1.
        text: As it is printed.
        code: The exit code it has to end with.
    """

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
    rest: list[tuple[int, str]] = []
    is_fenced = False
    for number, line in lines[starts[0] :]:
        if line.startswith("```"):
            is_fenced = not is_fenced
        if line.startswith(level) and not is_fenced:
            break
        rest.append((number, line))
    return rest


def commands(lines: list[tuple[int, str]]) -> list[Command]:
    """The commands of the ```bash blocks."""
    found: list[Command] = []
    fence = ""
    waiting: list[tuple[int, str]] = []
    for number, line in lines:
        if line.startswith("```"):
            if waiting:
                raise Wrong(f"line {waiting[0][0]}: the command does not end: {waiting[0][1]}")
            fence = "" if fence else line.removeprefix("```").strip() or "plain"
            continue
        if fence != "bash" or (not waiting and (not line.strip() or line.startswith("#"))):
            continue
        waiting.append((number, line))
        text = "\n".join(part for _, part in waiting)
        if _is_whole(text):
            marked = _EXIT.search(text)
            found.append(Command(waiting[0][0], text, int(marked[1]) if marked else 0))
            waiting = []
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
    parts = []
    for number, command in enumerate(found):
        quoted = "'" + command.text.replace("'", "'\\''") + "'"
        parts.append(
            f"printf '{_MARK}begin {number}\\n'\n"
            f"eval {quoted} 2>&1 </dev/null\n"
            f"_code=$?; printf '{_MARK}end {number} %s\\n' \"$_code\"\n"
            f'[ "$_code" -eq {command.code} ] || exit 99\n'
        )
    return "".join(parts)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(port: int) -> dict[str, str]:
    """The person's own settings must not matter."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
    return {
        **kept,
        "DMO_PORT": os.environ.get("DMO_PORT", "8549"),
        "DMO_PLAY_HOME": str(HOME / "play"),
        "DMO_PLAY_PORT": str(port),
        "DMO_DEPLOYMENTS": str(HOME / "deployments"),
        "DMO_HOME": str(HOME / "home"),
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }


class Chain:
    """`make play`, on a chain that is fresh."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._log = HOME / "play.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "tools" / "play.py"), "--fresh"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it says what to type next."""
        for _ in range(START_SECONDS * 10):
            text = self._log.read_text("utf-8", errors="replace")
            if "starts anew." in text and "Type this next" in text:
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise Wrong(f"the play chain does not start:\n{self._log.read_text('utf-8')}")

    def stop(self) -> None:
        """Stop it, and be sure that it has stopped."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()


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
    at = 0
    begun = time.monotonic()
    done = 0
    try:
        for line in _lines(shell):
            if not line.startswith(_MARK):
                print(f"    {line}" if line else "", flush=True)
                continue
            what, number, *rest = line[1:].split(" ")
            at = int(number)
            command = found[at]
            if what == "begin":
                begun = time.monotonic()
                print(f"\nline {command.line} $ {command.text}", flush=True)
                continue
            code = int(rest[0])
            print(f"    [{time.monotonic() - begun:.1f} s, exit code {code}]", flush=True)
            if code != command.code:
                raise Wrong(
                    f"line {command.line}: exit code {code}, expected {command.code}: "
                    f"{command.text}"
                )
            done += 1
        shell.wait()
        if done != len(found):
            raise Wrong(f"line {found[at].line}: it did not end: {found[at].text}")
    finally:
        watch.cancel()
        # Whatever the commands started belongs to the shell's group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


def _lines(shell: subprocess.Popen[str]) -> Iterator[str]:
    if shell.stdout is None:
        return
    for line in shell.stdout:
        yield line.rstrip("\n")


def _stop_asked(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run the section; returns the exit code."""
    signal.signal(signal.SIGTERM, _stop_asked)
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else README
    begun = time.monotonic()
    try:
        found = commands(section(source.read_text("utf-8")))
        for folder in (HOME, SCRATCH):
            shutil.rmtree(folder, ignore_errors=True)
        HOME.mkdir(parents=True)
        port = int(os.environ.get("DMO_WALKTHROUGH_PORT") or _free_port())
        environment = _environment(port)
        print(f"{len(found)} commands of {source.name}, on a fresh play chain …", flush=True)
        chain = Chain(environment)
        try:
            chain.wait()
            run(found, environment)
        finally:
            chain.stop()
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
