"""A chain with a thousand ideas under vote and a thousand submissions in review, for timing.

``python -m tests.support.crowd`` builds it, then times ``dmo status`` and ``dmo --help``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dmo.core.calls import Call
from tests.support.calls import allow, bounty, call, idea, record
from tests.support.cli_chain import DAY, ROOT, Stage, anvil

DIGEST = b"\x11" * 32
PER_BLOCK = 60


def many(stage: Stage, who: str, call: Call, count: int) -> None:
    """Send the same call again and again."""
    order = {"from": stage.address(who), "to": call.to, "data": "0x" + call.data.hex(), "gas": hex(800_000)}
    request = stage.chain.transport.request
    request("evm_setAutomine", [False])
    first = stage.chain.nonce(stage.address(who))
    for start in range(0, count, PER_BLOCK):
        nonces = range(first + start, first + min(start + PER_BLOCK, count))
        batch = [("eth_sendTransaction", [{**order, "nonce": hex(nonce)}]) for nonce in nonces]
        for answer in stage.chain.transport.batch(batch):
            if isinstance(answer, Exception):
                raise answer
        request("evm_mine", [])
    request("evm_setAutomine", [True])


def build(stage: Stage, count: int = 1_000, age: int = 3_000) -> None:
    """Make the crowd, on a deployment of this age (blocks)."""
    dmo = stage.deploy()
    stage.fund()
    stage.chain.transport.request("anvil_mine", [hex(age)])
    post = call(dmo, "IdeaBoard", "post", idea(DIGEST, 2_000 * 10**6, 50 * DAY, 1_000))
    stage.round_starts(1)
    many(stage, "alice", post, 1)
    stage.round_starts(2)
    many(stage, "alice", call(dmo, "IdeaBoard", "castBallot", 1, [1], []), 1)
    stage.round_starts(3)
    many(stage, "alice", call(dmo, "IdeaBoard", "settle", 1, [1], 0), 1)
    for who, share in (("alice", 30), ("bob", 25), ("carol", 20), ("dave", 15), ("erin", 10)):
        many(stage, who, post, count * share // 100)
    stage.round_starts(4)
    until = record(dmo, "CampaignEscrow", "campaignOf", 1)["ends_at"]
    offer = bounty(1, 10**6, 0, until, count, DIGEST)
    many(stage, "alice", call(dmo, "CampaignEscrow", "postBounty", offer), 1)
    bond = record(dmo, "CampaignEscrow", "bountyOf", 1)["bond"]
    many(stage, "dave", allow(dmo, bond * count), 1)
    many(stage, "dave", call(dmo, "CampaignEscrow", "submitWork", 1, DIGEST, [], bond), count)
    stage.later(60)


def timed(stage: Stage, command: str, who: str = "alice") -> float:
    """Wall time of a command in a process of its own."""
    environment = {**os.environ, **stage.environment(who)}
    start = time.perf_counter()
    done = subprocess.run(
        [str(ROOT / "bin/dmo"), *command.split()], env=environment, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    print(done.stdout[-1500:] + done.stderr, end="")
    print(f"── dmo {command}: {seconds:.2f} s, exit {done.returncode}\n")
    return seconds


def main() -> None:
    """Build and time."""
    with anvil() as (chain, url), tempfile.TemporaryDirectory() as folder:
        stage = Stage(chain, url, Path(folder))
        build(stage)
        print(f"head {chain.block().number}")
        if os.environ.get("DMO_HOLD"):
            print(url, folder, flush=True)
            time.sleep(float(os.environ["DMO_HOLD"]))
        for command in ("--help", "status", "status", "status dave", "bounty show 1", "due"):
            timed(stage, command)


if __name__ == "__main__":
    sys.exit(main())
