"""Deploy again and again on a machine that is kept busy: `make deploy-busy [COUNT=20] [LOOPS=…]`.

Each run is `./brownie run deploy` on a local chain of its own, as a person types it. What a race loses, it loses when
processes have to wait for a processor. Exit code 1 if a run fails; what it said is shown. Not part of `make test`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_LOOP = "import os\nwhile os.getppid() == {parent}: sum(range(1000))"
"""Ends with its parent, however that ends."""
_PATIENCE = 1800


@contextlib.contextmanager
def busy(loops: int) -> Iterator[None]:
    """Keep the machine busy with so many processes."""
    command = [sys.executable, "-c", _LOOP.format(parent=os.getpid())]
    running = [subprocess.Popen(command) for _ in range(loops)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def deploy() -> str:
    """Deploy once; what it said, if it failed."""
    command = [str(ROOT / "brownie"), "run", "deploy", "main", "local"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    return "" if not done.returncode and "Deployed in" in done.stdout else done.stdout[-2000:] + done.stderr[-2000:]


def main() -> int:
    """Run them one after the other."""
    parser = argparse.ArgumentParser(description="Deploy again and again on a busy machine.")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--loops", type=int, default=2 * (os.cpu_count() or 1))
    asked = parser.parse_args()
    failed = 0
    with busy(asked.loops):
        for number in range(1, asked.count + 1):
            begun = time.monotonic()
            said = deploy()
            failed += bool(said)
            state = "FAILED" if said else "deployed"
            print(f"{number:>3}/{asked.count} {state} in {time.monotonic() - begun:.0f} s", said, flush=True)
    print(f"{asked.count - failed} of {asked.count} deployments succeeded, {asked.loops} loops beside them.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
