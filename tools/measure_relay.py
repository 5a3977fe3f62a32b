"""Relay many signed ballots on a local chain, killed once in between: `make relay [COUNT=10000]`; build/relay.json.

COUNT voters hold a token and sign a ballot; one in a hundred ballots is spoiled. `dmo ballot relay` is begun,
killed when half of the ballots are counted, and begun again. No ballot may be missing or count twice, and no
transaction take more than 2^24 gas, which the local chain would let through. Exit code 1 where that is not so. What
is measured is both runs together.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dmo.core.chain import GAS_LIMIT, Chain
from dmo.core.files import write_json
from tests.support.cli_chain import anvil
from tests.support.electorate import Town, write
from tools.bench_web import mib_of
from tools.outputs import Relay

ROOT = Path(__file__).resolve().parents[1]
COUNT, SPOILED = 10_000, 100
_LOOK = 0.2


class Ended(NamedTuple):
    """A run of the command: its exit code, what it said, seconds, and its largest resident size in MiB."""

    code: int
    said: str
    seconds: float
    peak: int


def spoiled(ballots: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One in a hundred says something else than was signed."""
    for number, one in enumerate(ballots):
        yield {**one, "at": one["at"] - 1} if number % SPOILED == SPOILED - 1 else one


def counted(chain: Chain, board: str) -> int:
    """Ballots that count so far."""
    return len(chain.events("IdeaBoard", board, "BallotCast"))


def relay(file: Path, environment: Mapping[str, str], chain: Chain, board: str, kill_at: int | None) -> Ended:
    """Run the command; kill it when so many ballots are counted."""
    command = [str(ROOT / "bin" / "dmo"), "ballot", "relay", str(file), "--yes", "--format", "json"]
    begun = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=subprocess.DEVNULL)
        peak = 0.0  # looked up while it runs: what the system tells of it afterwards counts our own size at its start
        while process.poll() is None:
            peak = max(peak, mib_of(process.pid))
            if kill_at is not None and counted(chain, board) >= kill_at:
                process.kill()
                break
            time.sleep(_LOOK)
        code, seconds = process.wait(), time.monotonic() - begun
        out.seek(0)
        return Ended(code, out.read().decode(), seconds, round(peak))


def problems(chain: Chain, board: str, good: int) -> list[str]:
    """What is not as it has to be."""
    events = chain.events("IdeaBoard", board, "BallotCast")
    most = max(chain.receipt(tx).gas_used for tx in {one.tx for one in events})
    twice = [voter for voter, count in Counter(one.arguments["voter"] for one in events).items() if count > 1]
    found = [f"{len(events)} ballots are counted, {good} are good"] if len(events) != good else []
    found += [f"{len(twice)} ballots are counted twice"] if twice else []
    return found + ([f"a transaction took {most:,} gas"] if most > GAS_LIMIT else [])


def main() -> int:
    """Gather, sign, relay, kill, relay, tell."""
    parser = argparse.ArgumentParser(description="Relay many signed ballots on a local chain.")
    parser.add_argument("--count", type=int, default=COUNT)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder, anvil(31337, "--prune-history=64") as (chain, url):
        town = Town(chain, url, Path(folder))
        town.gather(count)
        print(f"relay: {count:,} voters hold a token", flush=True)
        file = Path(folder) / "ballots.jsonl"
        write(spoiled(town.ballots(count)), file)
        print(f"relay: {count:,} ballots are signed", flush=True)
        board, good = town.dmo.address("IdeaBoard"), count - count // SPOILED
        chain.transport.request("evm_mine", [])
        killed = relay(file, town.environment("erin"), chain, board, good // 2)
        before = counted(chain, board)
        ended = relay(file, town.environment("erin"), chain, board, None)
        told = [] if killed.code == -signal.SIGKILL else [f"the first run was not killed, it ended with {killed.code}"]
        if ended.code:
            told.append(f"the second run ended with {ended.code}: {ended.said}")
        told += problems(chain, board, good)
    said = json.loads(ended.said)["data"] if not ended.code else {"reasons": []}
    skipped: Counter[str] = Counter()
    for one in said["reasons"]:
        skipped[one["code"]] += one["count"]
    seconds = round(killed.seconds + ended.seconds, 1)
    peak = max(killed.peak, ended.peak)
    result = Relay(ballots=count, relayed=good, skipped=dict(skipped), seconds=seconds, peak_rss_mib=peak)
    write_json(ROOT / "build" / "relay.json", result)
    print(f"relay: killed after {before:,}, {seconds} s in both runs, {peak} MiB at most; build/relay.json")
    for problem in told:
        print(f"relay: {problem}", file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
