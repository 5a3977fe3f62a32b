r"""Write a synthetic history for `make replay`: holders.csv and votes.csv, the same for a seed.

With `--form snapshot` the same people and votes stand in files as Etherscan and Snapshot export them.

    .venv/bin/python tools/make_history.py --seed 1 --out examples/history
    .venv/bin/python tools/make_history.py --seed 2 --holders 2000 --proposals 250 --votes 30000 \
        --days 365 --out build/history

A few holders hold much and vote often, most proposals are liked and some are
fought over. The addresses belong to nobody.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dmo.core.abi.codec import checksum, keccak
from dmo.core.files import write_text

FIRST = datetime(2025, 1, 6, 9, 0, 0, 125_000, tzinfo=UTC)
LARGEST = 1_000_000
ABSTAIN = 0.07
VETO = 0.1
LIKED = 0.6
KEEN = 10
SNAPSHOT = {"yes": 1, "no": 2, "veto": 2, "abstain": 3}
"""Choices of its basic votes."""


def make_holders(rng: random.Random, count: int) -> list[tuple[str, int]]:
    """Addresses and whole tokens; the n-th largest holds about 1 / n of the largest."""
    holders = []
    for place in range(1, count + 1):
        name = f"synthetic holder {rng.getrandbits(64)}"
        tokens = LARGEST // place + rng.randrange(1, 2_000)
        holders.append((checksum("0x" + keccak(name.encode())[-20:].hex()), tokens))
    return holders


def make_moments(rng: random.Random, count: int, days: int) -> list[str]:
    """Sorted moments, exact to the millisecond; the first one is fixed."""
    span = days * 86_400_000
    later = sorted(rng.randrange(span) for _ in range(count - 1))
    moments = [FIRST + timedelta(milliseconds=offset) for offset in [0, *later]]
    return [f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z" for moment in moments]


def choice(rng: random.Random, support: float) -> str:
    """One voter's choice on a proposal with so much support."""
    if rng.random() < ABSTAIN:
        return "abstain"
    if rng.random() < support:
        return "yes"
    return "veto" if rng.random() < VETO else "no"


def make_votes(
    rng: random.Random, addresses: list[str], moments: list[str], votes: int
) -> list[tuple[int, str, str, str]]:
    """Rows of votes.csv: so many votes, spread evenly over the proposals."""
    activity = [rng.random() + KEEN / (KEEN + place) for place in range(len(addresses))]
    rows = []
    for index, moment in enumerate(moments):
        turnout = votes * (index + 1) // len(moments) - votes * index // len(moments)
        support = 0.9 if rng.random() < LIKED else 0.35 + 0.3 * rng.random()
        keen = [(rng.random() * eager, place) for place, eager in enumerate(activity)]
        for place in sorted(place for _, place in sorted(keen, reverse=True)[:turnout]):
            rows.append((index + 1, moment, addresses[place], choice(rng, support)))
    return rows


Rows = list[tuple[int, str, str, str]]


def as_written(holders: list[tuple[str, int]], rows: Rows) -> Iterator[tuple[str, str]]:
    """Names and texts of files in the project's own form."""
    yield "holders.csv", "address,tokens\n" + "".join(f"{address},{tokens}\n" for address, tokens in holders)
    yield "votes.csv", "proposal,opened_at,voter,choice\n" + "".join(f"{','.join(map(str, r))}\n" for r in rows)


def as_exported(holders: list[tuple[str, int]], rows: Rows) -> Iterator[tuple[str, str]]:
    """The same as Etherscan has holders, with a report of Snapshot's for each proposal."""
    cells = [("HolderAddress", "Balance", "PendingBalanceUpdate"), *((who, f"{held:,}", "No") for who, held in holders)]
    yield "holders.csv", "".join(f'"{who}","{held}","{more}"\n' for who, held, more in cells)
    amounts = dict(holders)
    for number in sorted({row[0] for row in rows}):
        lines = ["address,choice,voting_power,timestamp,author_ipfs_hash,reason"]
        for place, (_, moment, who, said) in enumerate(row for row in rows if row[0] == number):
            at = int(datetime.fromisoformat(moment).timestamp()) + place
            lines.append(f'{who},{SNAPSHOT[said]},{amounts[who]},{at},bafk{number}x{place},"\'"')
        yield f"votes/snapshot-votes-report-{number:02} synthetic.csv", "\n".join(lines)


def main() -> int:
    """Write all files."""
    parser = argparse.ArgumentParser(description="Write a synthetic history for `make replay`.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--holders", type=int, default=40)
    parser.add_argument("--proposals", type=int, default=36)
    parser.add_argument("--votes", type=int, default=600)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--form", choices=("own", "snapshot"), default="own")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    options = parser.parse_args()
    counts = (options.holders, options.proposals, options.votes, options.days)
    if min(counts) < 1 or options.votes > options.holders * options.proposals:
        parser.error("counts are positive, and nobody votes twice on a proposal")
    rng = random.Random(options.seed)  # noqa: S311 - a seed is the point
    holders = make_holders(rng, options.holders)
    moments = make_moments(rng, options.proposals, options.days)
    rows = make_votes(rng, [address for address, _ in holders], moments, options.votes)
    files = as_exported if options.form == "snapshot" else as_written
    for name, text in files(holders, rows):
        write_text(options.out / name, text)
    print(f"{len(holders)} holders, {len(moments)} proposals, {len(rows)} votes in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
