#!/usr/bin/env python3
"""What the index costs: processor time, memory and disk of made-up events, the whole way from node to database.

A process of its own serves the logs, so that only the reader's time is counted. The events are those of a DMO's life: a
third are ballots, the rest ideas, bounties, and work from its bond to its points. Fails where a bound is broken.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dmo.capabilities import registry
from dmo.core.chain import Chain
from dmo.core.facts import Fact
from dmo.core.rpc import HttpTransport
from dmo.core.store import EventStore
from dmo.core.tables import Tables
from tests.support import node
from tests.support.postgres import postgres

PER_BLOCK, ACCOUNTS = 50, 20_000
MICROSECONDS = {"sqlite": 30.0, "postgresql": 40.0}
PEAK_MIB, GROWTH_MIB, BYTES = 128.0, 8.0, 700.0
EARLY = 200_000
_NUMBER, _OTHER, _WHO = 0x11AA22BB, 0x33CC44DD, "0x" + "5E" * 20
_WORKER = bytes.fromhex(_WHO[2:]).hex()


def _templates() -> list[str]:
    """The logs of one unit of a DMO's life as JSON, with marks where they differ from the next unit's."""
    work, money = {"submission": _NUMBER}, 10**20
    ballot = ("IdeaBoard", "BallotCast", {"voter": _WHO, "round": 3, "votes": money, "words": [1 << 200, 2, 3]})
    idea = {"round": _NUMBER, "number": 7, "author": _WHO, "digest": b"\7" * 32, "ask": money, "lead": _WHO}
    more = {"durationSeconds": 5, "feeBps": 500, "buildsOnRound": 0, "buildsOnNumber": 0, "replaces": 0, "version": 1}
    facts = (3, money, 5, 99, 3, False, "0x" + "00" * 20, b"\7" * 32)
    paid = {"campaign": 3, **work, "payee": _WHO, "amount": money}
    life: list[tuple[str, str, dict[str, Any]]] = [
        ("IdeaBoard", "IdeaPosted", {**idea, **more}),
        ("CampaignEscrow", "BountyPosted", {"bounty": _NUMBER, "campaign": 3, "facts": facts}),
        (
            "CampaignEscrow",
            "WorkSubmitted",
            {**work, "bounty": 3, "worker": _WHO, "evidence": b"\7" * 32, "payees": []},
        ),
        ("CampaignEscrow", "BondReceived", {**work, "from": _WHO, "amount": money}),
        *[ballot] * 5,
        ("CampaignEscrow", "WorkAccepted", {**work, "lead": _WHO, "evidence": b"\7" * 32}),
        ("CampaignEscrow", "PayeePaid", paid),
        ("CampaignEscrow", "BondPaid", {**work, "to": _WHO, "amount": money}),
        ("Reputation", "PointsAwarded", {"account": _WHO, "pointsWad": money, "countsFrom": 99}),
        ("CampaignEscrow", "WorkPaid", {**work, "campaign": 3, "reward": money}),
    ]
    found = []
    for contract, event, values in life:
        raw = node.log(contract, event, values) | {"blockHash": "%(hash)s", "transactionHash": "%(tx)s"}
        raw |= {"blockNumber": "%(block)s", "logIndex": "%(index)s", "blockTimestamp": "%(at)s"}
        raw |= {"transactionIndex": "0x1", "removed": False}
        text = json.dumps(raw)
        found.append(text.replace(f"{_NUMBER:064x}", "%(number)s").replace(_WORKER, "%(who)s"))
    return found


def _hash(number: int) -> str:
    return "0x" + hashlib.sha256(b"%d" % number).hexdigest()


class Node(BaseHTTPRequestHandler):
    """Answers what the index asks."""

    protocol_version = "HTTP/1.1"
    templates: Sequence[str] = ()
    head = 0

    def do_POST(self) -> None:
        """Answer a request, or a batch of them."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        orders = asked if isinstance(asked, list) else [asked]
        parts = [f'{{"jsonrpc":"2.0","id":{one["id"]},"result":{self.answer(**one)}}}' for one in orders]
        body = (f"[{','.join(parts)}]" if isinstance(asked, list) else parts[0]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, method: str, params: list[Any], **_: Any) -> str:
        """An answer as JSON."""
        if method == "eth_getLogs":
            low, high = (int(params[0][key], 16) for key in ("fromBlock", "toBlock"))
            return f"[{','.join(log for number in range(low, high + 1) for log in self.logs(number))}]"
        if method == "eth_getBlockByNumber":
            number = self.head if params[0] in ("latest", "pending", "finalized") else int(params[0], 16)
            return json.dumps({"number": hex(number), "hash": _hash(number), "timestamp": hex(1_000 + number)})
        return '"0x7a69"'

    def logs(self, number: int) -> Iterator[str]:
        """A block's logs as JSON."""
        its = {"hash": _hash(number), "block": hex(number), "at": hex(1_000 + number)}
        size = len(self.templates)
        for index in range(PER_BLOCK):
            unit, place = divmod((number - 1) * PER_BLOCK + index, size)
            who = f"{0xACC0_0000 + (unit * 7919 + place * (place < 9)) % ACCOUNTS:040x}"
            tx = f"{its['hash'][:58]}{index:08x}"
            yield self.templates[place] % {
                **its,
                "tx": tx,
                "index": hex(index),
                "number": f"{unit + 1:064x}",
                "who": who,
            }

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def serve(events: int) -> None:
    """Serve so many events on a free port, which is printed."""
    Node.templates, Node.head = _templates(), -(-events // PER_BLOCK)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Node)
    print(server.server_port, flush=True)
    server.serve_forever()


def _memory() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def opened(url: str) -> EventStore:
    """An empty index of the made-up deployment."""
    registry()
    kinds = [kind for kind in Fact.kinds if kind.__module__.startswith("dmo.")]
    tokens = ("VotesWrapper", "HolderToken", "BudgetToken")
    addresses = {name: at for name, at in node.ADDRESSES.items() if name not in tokens}
    return EventStore(None, 31337, addresses, 1, kinds, url=url, owns=True)


def measure(url: str, port: int, size: Callable[[EventStore], int]) -> dict[str, float]:
    """Read everything into an empty index."""
    store = opened(url)
    chain = Chain(HttpTransport(f"http://127.0.0.1:{port}"))
    store.place  # noqa: B018 - make the tables
    early: list[float] = []
    steps: list[float] = []
    add, seen, last = Tables.add, 0, 0.0

    def added(self: Tables, before: Any, batch: Any, *more: Any) -> bool:
        nonlocal seen, last
        done, now = add(self, before, batch, *more), time.process_time()
        seen += len(batch.logs)
        steps.append((now - last) / len(batch.logs) * 1e6)
        last = now
        if seen >= EARLY and not early:
            early.append(_memory())
        return done

    Tables.add = added  # type: ignore[assignment,method-assign]
    head = chain.block()
    last = time.process_time()
    wall, used = time.perf_counter(), time.process_time()
    store.sync(chain, head)
    used, wall = time.process_time() - used, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    grown = _memory() - early[0] if early else 0.0
    counts = store.counts(0)
    found = {"events": counts["events"], "things": counts["things"], "microseconds": used / seen * 1e6}
    found |= {
        "quickest_step": min(steps),
        "per_second": seen / wall,
        "peak_mib": peak,
        "grown_mib": grown,
        "bytes": size(store) / seen,
    }
    store.close()
    return found


def _postgres_size(store: EventStore) -> int:
    sql = "SELECT SUM(pg_total_relation_size(quote_ident(schemaname) || '.' || quote_ident(tablename))) FROM pg_tables"

    def asked(tables: Tables) -> int:
        with tables.database.reading() as connection:
            where = "WHERE schemaname = 'dmo_index'"
            return int(tables.database.run(connection, f"{sql} {where}").scalar_one())

    return store._kept(asked)


def main() -> int:
    """Measure; returns 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=EARLY)
    parser.add_argument("--database", choices=list(MICROSECONDS), action="append")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--into", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.disable(logging.INFO)
    if given.serve:
        serve(given.events)
        return 0
    if given.into:
        file = Path(given.into.removeprefix("sqlite:///"))
        size = _postgres_size if given.into.startswith("postgresql") else lambda _: file.stat().st_size
        print(json.dumps(measure(given.into, given.port, size)))
        return 0
    broken = 0
    again = [sys.executable, __file__, "--events", str(given.events)]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(subprocess.Popen([*again, "--serve"], stdout=subprocess.PIPE, text=True))
        stack.callback(server.kill)
        port = server.stdout.readline().strip() if server.stdout else ""
        for name in given.database or MICROSECONDS:
            url = f"sqlite:///{folder}/index.sqlite" if name == "sqlite" else stack.enter_context(postgres())
            done = subprocess.run([*again, "--into", url, "--port", port], check=True, capture_output=True, text=True)
            found = json.loads(done.stdout)
            bounds = {"microseconds": MICROSECONDS[name], "peak_mib": PEAK_MIB, "grown_mib": GROWTH_MIB, "bytes": BYTES}
            over = [key for key, most in bounds.items() if found[key] > most]
            said = ", ".join(
                f"{key} {value:,.1f}" + (f" (at most {bounds[key]:g})" if key in bounds else "")
                for key, value in found.items()
            )
            print(f"{name}: {said}; load {os.getloadavg()[0]:.1f}", flush=True)
            for key in over:
                print(f"{name}: {key} is over its bound", file=sys.stderr)
            broken += bool(over)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
