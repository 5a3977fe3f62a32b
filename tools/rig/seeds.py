"""The rig: `make rig` (SEEDS=20). Seeds of one keeper, then two keepers over five hundred acts; build/keeper.json.

Ends with 1 where an act was doubled or lost, where more than a tenth more was sent than needed, or where it took longer
than 120 blocks after the last fault; and says which seed, so that ``--first SEED --seeds 1`` runs it again.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dmo.core.files import write_json
from tools.outputs import Keeping
from tools.rig.chain import LiveChain
from tools.rig.faults import MIX, faults
from tools.rig.keepers import INDEX, Keeper, index, real
from tools.rig.proxy import FOUL, Weather
from tools.rig.run import Outcome, Run
from tools.rig.world import KEEPERS, World

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "rig"
SEEDS, ACTS, ACTS_OF_TWO = 20, 120, 500
PAIRS = 3
"""Seeds that two keepers share; what they pay for each other's refusals is judged over all of them."""
EVERY_SO_MANY = 4
"""Seeds: in one of them an index runs beside the keeper."""
MOST_SENT, MOST_LAG, MOST_REVERTED = 1.1, 120, 0.02
Starts = Callable[[World, str, str], Keeper]
"""How a keeper of a name, at its door to the chain, is made."""


@contextmanager
def founded() -> Iterator[Path]:
    """A DMO to begin with, made once."""
    with tempfile.TemporaryDirectory(prefix="rig-") as name:
        folder, kept = Path(name), Path(name) / "kept"
        kept.mkdir()
        live = LiveChain(folder / "chain")
        try:
            world = World(live, folder / "world")
            world.found()
            world.keep(kept)
        finally:
            live.stop()
        yield kept


def run(
    kept: Path,
    folder: Path,
    seed: int,
    *,
    acts: int = ACTS,
    keepers: int = 1,
    starts: Starts = real,
    mix: Mapping[str, int] = MIX,
    weather: Weather = FOUL,
    waves: int | None = None,
    has_index: bool = False,
) -> Outcome:
    """One seed in a folder of its own; its first waves alone if so many are named; an index beside it if wanted."""
    world = World.again(kept, folder)
    try:
        world.make_due(seed, acts)
        world.waves = world.waves[:waves]
        found = Run(world, seed, faults(seed, len(world.waves), mix), weather)
        its = [starts(world, name, found.proxy.url(name)) for name in KEEPERS[:keepers]]
        beside = index(world, found.proxy.url(INDEX), its[0]) if has_index else None
        return found.go(its, beside)
    finally:
        world.live.stop()


def problems(seed: int, found: Outcome, *, keepers: int = 1) -> list[str]:
    """What is wrong, one sentence each."""
    told = [f"{found.doubled} acts were doubled: {', '.join(found.twice[:3])}"] if found.doubled else []
    if keepers == 1 and found.reverted > found.disks:
        told.append(f"{found.reverted} transactions failed: {', '.join(found.failed[:3])}")
    if found.lost:
        told.append(f"{found.lost} of {found.due} acts were not done")
    if keepers == 1 and found.sent > MOST_SENT * found.least:
        told.append(f"{found.sent} transactions, where {found.least} do")
    if found.lag_blocks > MOST_LAG:
        told.append(f"{found.lag_blocks} blocks after the last fault until all was done")
    if found.unforeseen:
        told.append(f"done without being expected: {', '.join(found.unforeseen[:3])}")
    return [f"seed {seed}: {one}" for one in told]


def line(seed: int, found: Outcome, seconds: float) -> str:
    """A seed in a line."""
    numbers = ("due", "done", "doubled", "refused", "lost", "least", "sent", "reverted", "kills", "restarts")
    shown = [f"{name} {getattr(found, name)}" for name in (*numbers, "reorg_depth", "lag_blocks", "blocks")]
    return f"seed {seed}: {', '.join(shown)}; {seconds:.0f} s"


def summary(found: Sequence[Outcome]) -> Keeping:
    """All seeds together."""
    added = ("kills", "restarts", "due", "done", "doubled", "lost", "sent", "reverted")
    most = ("reorg_depth", "lag_blocks")
    sums = {name: sum(getattr(one, name) for one in found) for name in added}
    deepest = {name: max((getattr(one, name) for one in found), default=0) for name in most}
    return Keeping.model_validate(sums | deepest)


def main() -> int:
    """Run the seeds, write, judge."""
    parser = argparse.ArgumentParser(prog="rig", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--acts", type=int, default=ACTS, help="due acts a seed")
    parser.add_argument("--two", type=int, default=ACTS_OF_TWO, help="due acts for two keepers, 0 for none")
    parser.add_argument(
        "--keep", action="store_true", help="keep chain, disks and logs of every seed, not only of failed ones"
    )
    asked = parser.parse_args()
    shutil.rmtree(OUT, ignore_errors=True)
    told: list[str] = []
    outcomes: list[Outcome] = []
    pairs: list[Outcome] = []
    plans = [(seed, asked.acts, 1) for seed in range(asked.first, asked.first + asked.seeds)]
    plans += [(seed, asked.two, 2) for seed in range(asked.first, asked.first + PAIRS) if asked.two]
    with founded() as kept:
        for seed, acts, keepers in plans:
            folder, begun = OUT / f"{keepers}-{seed}", time.monotonic()
            folder.mkdir(parents=True)
            found = run(
                kept,
                folder,
                seed,
                acts=acts,
                keepers=keepers,
                mix=MIX if keepers == 1 else {},
                has_index=seed % EVERY_SO_MANY == 0,
            )
            print(f"{'two keepers, ' * (keepers > 1)}{line(seed, found, time.monotonic() - begun)}", flush=True)
            wrong = problems(seed, found, keepers=keepers)
            for one in wrong:
                print(f"rig: {one}; its logs are in {folder.relative_to(ROOT)}", file=sys.stderr, flush=True)
            told += wrong
            (outcomes if keepers == 1 else pairs).append(found)
            if not wrong and not asked.keep:
                shutil.rmtree(folder)
    reverted, sent = (sum(getattr(one, name) for one in pairs) for name in ("reverted", "sent"))
    if reverted > MOST_REVERTED * sent:
        told.append("too much reverted")
        print(f"rig: {reverted} of {sent} transactions of two keepers failed", file=sys.stderr)
    write_json(ROOT / "build" / "keeper.json", summary(outcomes))
    return 1 if told else 0
