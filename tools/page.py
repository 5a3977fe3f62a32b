"""The page beside the playground's chain: `dmo web` in a process of its own, which dies with the chain's."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from dmo.replay.node import ROOT

BOUND = ROOT / "tools" / "bound.py"


def shown(path: Path) -> str:
    """A path as a person types it in the clone."""
    return os.path.relpath(path, ROOT) if path.is_relative_to(ROOT) else str(path)


class Page:
    """The page for holders, beside the chain.

    Args:
        folder: Where its log goes.
        book: The address book of what it shows.
        port: Its port; 0 for any that is free.
    """

    def __init__(self, folder: Path, book: Path, port: int) -> None:
        where = ["--port", str(port)] if port else ["--any-port"]
        command = [
            sys.executable,
            str(BOUND),
            sys.executable,
            "-m",
            "dmo",
            "web",
            "--deployment",
            str(book),
            "--relay",
            "founder",
            *where,
        ]
        self._log = folder / "page.log"
        self._process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True, text=True)

    def told(self) -> str:
        """Where it is; or why it is not, which stops no chain."""
        stderr = self._process.stderr
        line = (stderr.readline() if stderr else "").strip()
        threading.Thread(target=self._keep, args=(stderr, line), daemon=True).start()
        return line or f"The page for holders did not start: {shown(self._log)}"

    def _keep(self, stderr: Any, line: str) -> None:
        with self._log.open("w") as log:
            log.write(f"{line}\n")
            for more in stderr:
                log.write(more)
                log.flush()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()
