"""Keepers as processes of their own: started, killed at any moment, with and without their disk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.cli_chain import PASSWORD, ROOT
from tools.rig.world import World

STOP_SECONDS = 30
INDEX = "index"
AT_ONCE = ("--every", "0s")
"""They ask again at once; the door has them wait for the next block."""


class Keeper:
    """One process.

    Args:
        name: Of its account, and of its door to the chain.
        command: What runs.
        environment: Added to this process's own, less what is dmo's.
        folder: Its disk.
    """

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name, self._command, self.folder = name, list(command), folder
        ours = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
        # It is started often: what was compiled once is kept.
        ours.pop("PYTHONDONTWRITEBYTECODE", None)
        compiled = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "pycache")}
        self._environment = {**ours, **compiled, **environment}
        self.process: subprocess.Popen[bytes] | None = None
        self.is_wanted = False
        self.log = folder.parent / f"{name}.log"
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it, or start it again."""
        self.is_wanted = True
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=self.folder, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """End it by the hardest of signals."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def lose_disk(self) -> None:
        """Empty its disk; its key is elsewhere."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()


def real(world: World, name: str, url: str, *options: str) -> Keeper:
    """`dmo keeper run` as an operator starts it."""
    folder = world.folder / f"disk-{name}"
    command = [str(ROOT / "bin" / "dmo"), "keeper", "run", "--send", *AT_ONCE, "--account", name, *options]
    return Keeper(name, command, settings(world.book_for(name, url), folder), folder)


def index(world: World, url: str, beside: Keeper) -> Keeper:
    """`dmo index run` on the disk of a keeper, whose index it writes as well."""
    command = [str(ROOT / "bin" / "dmo"), "index", "run", *AT_ONCE]
    return Keeper(INDEX, command, settings(world.book_for(INDEX, url), beside.folder), beside.folder)


def settings(book: Path, disk: Path) -> dict[str, str]:
    """The environment of whoever works on this deployment."""
    return {
        "DMO_DEPLOYMENT": str(book),
        "DMO_DEPLOYMENTS": str(book.parent),
        "DMO_HOME": str(disk / "home"),
        "DMO_CACHE": str(disk / "cache"),
        "DMO_PASSWORD": PASSWORD,
    }
