"""The drills of docs/operating.md, on the rig: `make drills`, or `make drills ONE="the disk is empty"`.

Each lets a keeper work, does to it what the drill says, and tells what was seen: everything done once, in how many
transactions and blocks, and which lines of its log tell of it.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tools.rig.chain import GWEI
from tools.rig.faults import Fault
from tools.rig.keepers import Keeper, real
from tools.rig.proxy import FAIR
from tools.rig.run import Run
from tools.rig.seeds import founded, problems
from tools.rig.world import KEEPERS, World

ACTS, WAVES = 60, 2
BEGUN, LONGEST = 3, 250
"""Transactions after which the drill begins, and blocks until then at most."""
TOLD = ("turn", "started", "sent", "mined", "metrics")
"""What every keeper tells."""
CEILING = 5
"""Gwei."""
STANDS = 20
"""Blocks that a keeper is away, or dear ones follow each other."""


class Drill:
    """A keeper that has begun to work."""

    def __init__(self, run: Run, world: World) -> None:
        self.run, self.world = run, world

    @property
    def keeper(self) -> Keeper:
        """The keeper."""
        return self.run.keepers[0]

    def begun(self) -> Drill:
        """When it is in the midst of its work."""
        watch = self.run.proxy.watches[self.keeper.name]
        for _ in range(LONGEST):
            if watch.sent >= BEGUN:
                break
            self.run.advance()
        return self

    def key_lost(self) -> str:
        """The account is gone for good: another one keeps, on an empty disk."""
        self.keeper.is_wanted = False
        self.keeper.kill()
        (self.world.folder / "keystores" / f"{KEEPERS[0]}.json").unlink()
        self.wait(STANDS)
        other = real(self.world, KEEPERS[1], self.run.proxy.url(KEEPERS[1]))
        self.run.keepers[:] = [other]
        self.run.start(other)
        return "a new account was filled and started; nothing else was moved"

    def pool_emptied(self) -> str:
        """The node loses what was sent, again and again."""
        lost = 0
        for _ in range(6):
            self.run.proxy.wait(1, lambda: bool(self.run.live.pool))
            with self.run.proxy.lock:
                lost += self.run.live.empty_pool()
            self.run.advance()
        return f"the node lost {lost} transactions"

    def node_gone(self) -> str:
        """No node for some seconds; it comes back from its state."""
        with self.run.proxy.lock:
            self.run.live.save()
            self.run.live.kill()
        self.run.proxy.wait(8, lambda: False)
        with self.run.proxy.lock:
            self.run.live.restart()
        return f"asked {self.run.proxy.met['nobody']} times while nobody answered"

    def disk_emptied(self) -> str:
        """Killed, and all but the key is gone."""
        self.run.kill(self.keeper, is_disk_lost=True)
        return "it started without journal and index"

    def fee_stuck(self) -> str:
        """Fees triple while something waits, go on above the keeper's ceiling, and stay there for a while."""
        self.run.proxy.wait(1, lambda: bool(self.run.live.pool))
        self.run.acts["triple the fee"]()
        self.wait(STANDS // 2)
        self.run.least_fee = (CEILING + 1) * GWEI
        self.wait(STANDS)
        self.run.least_fee = GWEI // 2
        return f"fees tripled, then stood above the ceiling of {CEILING} gwei for {STANDS} blocks"

    def upgraded(self) -> str:
        """Stopped, its index of another schema, started."""
        self.keeper.is_wanted = False
        code = self.keeper.stop()
        files = [*self.keeper.folder.rglob("events-*.sqlite")]
        for file in files:
            with sqlite3.connect(file) as base:
                base.execute("UPDATE about SET schema = schema + 1")
        self.wait(STANDS)
        self.run.start(self.keeper)
        return f"it ended with {code}; {len(files)} index of another schema was made anew"

    def wait(self, blocks: int) -> None:
        """Let so many blocks come."""
        for _ in range(blocks):
            self.run.advance()


DRILLS: dict[str, Callable[[Drill], str]] = {
    "the key is lost": Drill.key_lost,
    "the pool is emptied": Drill.pool_emptied,
    "the node is gone": Drill.node_gone,
    "the disk is empty": Drill.disk_emptied,
    "a fee is stuck": Drill.fee_stuck,
    "it is upgraded": Drill.upgraded,
}


def drilled(kept: Path, folder: Path, name: str) -> tuple[list[str], str]:
    """Run one; what is wrong, and what was seen."""
    world = World.again(kept, folder)
    said: list[str] = []
    try:
        world.make_due(1, ACTS)
        world.waves = world.waves[:WAVES]
        run = Run(world, 1, [Fault(0, 0, name)], FAIR)
        drill = Drill(run, world)
        run.acts[name] = lambda: said.append(DRILLS[name](drill.begun()))
        found = run.go([real(world, KEEPERS[0], run.proxy.url(KEEPERS[0]), "--max-fee", str(CEILING))])
    finally:
        world.live.stop()
    events: Counter[str] = Counter()
    for log in folder.glob("*.log"):
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        events.update(one["event"] if one.get("waits") != "final" else "waits: final" for one in lines)
    told = ", ".join(f"{event} {count}" for event, count in sorted(events.items()) if event not in TOLD)
    kept_so = f"{found.done} of {found.due} done, {found.doubled} doubled, {found.sent} transactions ({found.least} do)"
    return problems(1, found), f"{kept_so}, {found.lag_blocks} blocks; {'; '.join(said)}; log: {told or 'nothing odd'}"


def main() -> int:
    """Run all, or those that are named."""
    wrong = 0
    with founded() as kept, tempfile.TemporaryDirectory(prefix="drills-") as folder:
        for name in sys.argv[1:] or DRILLS:
            problem, seen = drilled(kept, Path(folder) / name.replace(" ", "-"), name)
            print(f"{name}: {seen}{' WRONG: ' * bool(problem)}{'; '.join(problem)}", flush=True)
            wrong += bool(problem)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
