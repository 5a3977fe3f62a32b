"""A seed: a world, its keepers and its faults meet, until all that was due is done."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tools.rig.chain import GWEI, SECONDS
from tools.rig.count import Count, Ledger
from tools.rig.faults import DEEPEST, Fault, fate
from tools.rig.keepers import Keeper
from tools.rig.proxy import FAIR, FOUL, Proxy, Weather
from tools.rig.world import Key, World

PATIENCE = 60.0
"""Seconds until a block comes although a keeper has not reacted to the last: a busy machine is no fault of its."""
ABSENCE = 1.0
"""Seconds that a killed node is away, unless it was missed before."""
START_SECONDS = 30.0
"""Until a keeper that was started asks for something."""
GIVE_UP = 250
"""Blocks after the last fault of a wave."""
AFTERWARDS = 16
"""Blocks after the last act: what is late comes until then."""
HASTE = 0.2
"""How often a block does not wait for the keepers."""
QUARTER = 900


@dataclass
class Outcome(Count):
    """What a run came to, and what it went through.

    Attributes:
        kills: Processes killed.
        disks: Disks lost. Who loses one does not know of a signature that a reorganisation freed; it may come back
            once, and be refused.
        restarts: Of them nodes, started again from their state.
        reorg_depth: The deepest reorganisation, in blocks.
        lag_blocks: The most blocks from a wave's last fault, or its beginning, until all of it was done.
        blocks: Blocks in all.
        met: What else was met, how often.
    """

    kills: int = 0
    disks: int = 0
    restarts: int = 0
    reorg_depth: int = 0
    lag_blocks: int = 0
    blocks: int = 0
    met: Counter[str] = field(default_factory=Counter)


class Run:
    """One run.

    Args:
        world: With its work made due.
        seed: Of all chance.
        faults: What goes wrong.
        weather: The provider's mood, until the last fault of a wave where there are any.
    """

    def __init__(self, world: World, seed: int, faults: Sequence[Fault] = (), weather: Weather = FOUL) -> None:
        self.world, self.live = world, world.live
        self.draw = random.Random(f"run {seed}")  # noqa: S311 - by seed
        self.depths = random.Random(f"branches {seed}")  # noqa: S311 - by seed, however many blocks went by
        self.ledger, self.outcome = Ledger(world), Outcome()
        self.faults, self.weather = list(faults), weather
        self.proxy = Proxy(self.live, seed, self._block_between)
        self.keepers: list[Keeper] = []
        self.index: Keeper | None = None
        self._done: Counter[Key] = Counter()
        self._fee, self.least_fee = GWEI, GWEI // 2
        self.acts: dict[str, Callable[[], None]] = {
            "kill": lambda: self.kill(self.draw.choice(self.keepers)),
            "kill and empty the disk": lambda: self.kill(self.draw.choice(self.keepers), is_disk_lost=True),
            "kill the index": self._kill_index,
            "kill the node": self._kill_node,
            "reorganise": self._reorganise,
            "empty the pool": self._empty_pool,
            "triple the fee": self._triple_fee,
            "skew the clock": lambda: self.advance(QUARTER),
        }
        """What faults do, by their kinds."""

    # ── the whole ───────────────────────────────────────────────────────────────────────────────

    def go(self, keepers: Sequence[Keeper], index: Keeper | None = None) -> Outcome:
        """Start them, let the waves come, end them."""
        self.keepers, self.index = list(keepers), index
        try:
            for one in (*self.keepers, *([index] if index else [])):
                self.start(one)
            for number, wave in enumerate(self.world.waves):
                if not self._wave(number, wave.at):
                    break
            self.proxy.weather = FAIR
            for _ in range(AFTERWARDS):
                self.advance()
        finally:
            for one in (*self.keepers, *([index] if index else [])):
                one.kill()
            self.proxy.close()
        self.outcome.met.update(self.proxy.met)
        vars(self.outcome).update(vars(self.ledger.count()))
        return self.outcome

    def _wave(self, number: int, at: int) -> bool:
        """Let a moment come, and what goes wrong then; whether all that is due by then was done."""
        due = sum((wave.due for wave in self.world.waves[: number + 1]), Counter[Key]())
        mine = [one for one in self.faults if one.wave == number]
        self.advance(max(at - self.live.time, SECONDS))
        blocks = since = 0
        while mine or due - self._done:
            self.proxy.weather = self.weather if mine or not self.faults else FAIR
            while mine and mine[0].after <= blocks:
                self.acts[mine.pop(0).kind]()
                since = 0
            self.advance()
            blocks, since = blocks + 1, since + 1
            if since > GIVE_UP:
                return False
        self.outcome.lag_blocks = max(self.outcome.lag_blocks, since)
        return True

    # ── blocks ──────────────────────────────────────────────────────────────────────────────────

    def advance(self, seconds: int = SECONDS) -> None:
        """The next block: when the keepers have reacted to the last, or by chance at once."""
        if self.draw.random() >= HASTE:
            self._settled()
        with self.proxy.lock:
            self._mine(seconds)
        self.proxy.tell()

    def _settled(self) -> None:
        for one in self.keepers:
            if not one.is_alive and one.is_wanted:  # as whoever supervises a service does
                self.outcome.met["ended by itself"] += 1
                self.start(one)
        watches = [(one, self.proxy.watches[one.name]) for one in self.keepers]
        self.proxy.wait(
            PATIENCE, lambda: all(not one.is_alive or its.has_reacted(self.live.hash) for one, its in watches)
        )

    def _block_between(self) -> None:
        """A block in the middle of an answer."""
        self._mine(SECONDS)

    def _mine(self, seconds: int) -> None:
        most = 1.125 if self._fee < 2 * GWEI else 0.95
        self._fee = max(self.least_fee, int(self._fee * self.draw.uniform(0.875, most)))
        block = self.live.mine(seconds, self._fee, is_full=self.draw.random() < self.proxy.weather.full)
        self.outcome.blocks += 1
        if block.waiting:
            self._done = self.ledger.done()

    # ── faults ──────────────────────────────────────────────────────────────────────────────────

    def start(self, keeper: Keeper) -> None:
        """Start a process, and wait until it has asked something."""
        watch = self.proxy.watches[keeper.name]
        before = watch.asked
        keeper.start()
        self.proxy.wait(START_SECONDS, lambda: watch.asked > before or not keeper.is_alive)

    def kill(self, keeper: Keeper, *, is_disk_lost: bool = False) -> None:
        """In the middle of what it does: when it has asked so often, perhaps before it hears the answer."""
        keeper.is_wanted = False
        self.proxy.trap(keeper.name, self.draw.randint(1, 12), keeper.kill)
        for _ in range(10):
            if not keeper.is_alive:
                break
            self.advance()
        self.proxy.free(keeper.name)
        keeper.kill()
        self.outcome.kills += 1
        for _ in range(self.draw.choice((0, 0, 1, 3))):
            self.advance()
        if is_disk_lost:
            if self.index is not None and self.index.folder == keeper.folder:
                self.index.kill()
                self.outcome.kills += 1
            keeper.lose_disk()
            self.outcome.disks += 1
            if self.index is not None and not self.index.is_alive:
                self.start(self.index)
        self.start(keeper)

    def _kill_index(self) -> None:
        if self.index is not None:
            self.index.kill()
            self.outcome.kills += 1
            self.advance()
            self.start(self.index)

    def _kill_node(self) -> None:
        with self.proxy.lock:
            self.live.save()
        for _ in range(self.draw.randint(0, 6)):
            self.advance()
        with self.proxy.lock:
            if self.live.saved is None:
                self.live.save()
            self.live.kill()
        before = self.proxy.met["nobody"]
        self.proxy.wait(ABSENCE, lambda: self.proxy.met["nobody"] > before + 1)
        with self.proxy.lock:
            self.live.restart(lambda _: fate(self.draw))
            self._done = self.ledger.done()
        self.outcome.kills += 1
        self.outcome.restarts += 1

    def _reorganise(self) -> None:
        with self.proxy.lock:
            depth = self.live.reorganise(self.depths.randint(1, DEEPEST), lambda _: fate(self.draw))
            self._done = self.ledger.done()
        self.outcome.reorg_depth = max(self.outcome.reorg_depth, depth)

    def _empty_pool(self) -> None:
        """When something waits in it, if that comes soon."""
        for _ in range(3):
            with self.proxy.lock:
                if self.live.pool:
                    self.live.empty_pool()
                    return
            self.advance()

    def _triple_fee(self) -> None:
        with self.proxy.lock:
            self._fee = self.live.base_fee = 3 * self._fee
            self.live.price()
