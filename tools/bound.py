"""Run a command that dies together with its parent, however that ends: `tools/bound.py COMMAND …`.

On Linux the kernel sends the signal, elsewhere a small watcher does.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
import time

PR_SET_PDEATHSIG = 1


def bind() -> None:
    """Let this process end once its parent is gone; what it turns into as well."""
    parent = os.getppid()
    if platform.system() != "Linux":
        _watch(parent)
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the request was in place
        sys.exit(1)


def _watch(parent: int) -> None:
    """Fork a watcher that ends this process once `parent` is gone."""
    own = os.getpid()
    if os.fork():
        return
    while True:
        time.sleep(0.5)
        try:
            os.kill(own, 0)
        except OSError:
            os._exit(0)
        try:
            os.kill(parent, 0)
        except OSError:
            os.kill(own, signal.SIGKILL)
            os._exit(0)


if __name__ == "__main__":
    bind()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - what its caller says
