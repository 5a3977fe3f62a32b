#!/usr/bin/env python3
"""What the page costs: processor time, memory and bytes a page, and how soon it answers.

A told chain of a DMO's life (tests/support) is served by a process of its own; another asks. Fails where a bound is
broken: --loose prints only.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PAGES = (
    "/",
    "/round/1",
    "/ideas/1",
    "/campaigns",
    "/campaign/1",
    "/bounty/1",
    "/work",
    "/work/1",
    "/act/work/submit?bounty=1",
)
BOUNDS = {
    "ms_page": 1.5,
    "kib_page": 40.0,
    "mib": 100.0,
    "cpu_up": 2.0,
    "requests": 5,
    "kib_visit": 60.0,
    "ms_wall": 15.0,
}
DRAWN = 100.0
"""Milliseconds of processor time that drawing a page for the first time may take, what is imported for it included."""


def serve() -> None:
    """The server, on a told chain; says its port, and ends with its input."""
    import threading

    import uvicorn

    from dmo.core.chain import Chain
    from dmo.faces.web.app import make_app
    from dmo.faces.web.serve import listen
    from dmo.faces.web.site import Site
    from dmo.home.deployment import Dmo
    from dmo.home.home import Home
    from tests.support.chronicle import BIRTH
    from tests.support.node import ADDRESSES
    from tests.support.village import Village

    began = time.process_time()
    village = Village()
    village.grow(int(os.environ["BLOCKS"]))
    addresses = {name: at for name, at in ADDRESSES.items() if name not in ("VotesWrapper", "HolderToken")}
    home = Home(dmo=Dmo("told", 31337, addresses, BIRTH, Chain(village, sleep=lambda _: None)))
    home.__dict__["book"] = Path("told.json")
    Site(home).look()  # the index is current before the clock runs
    prepared = time.process_time() - began
    site = Site(home)
    site.look()
    app = make_app(site)
    config = uvicorn.Config(app, port=0, log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    listening = listen("127.0.0.1", 0)
    print(json.dumps({"port": listening.getsockname()[1], "up": time.process_time() - prepared}), flush=True)

    def end() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    server.run(sockets=[listening])


def _cpu(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def mib_of(pid: int) -> float:
    """The largest resident size of a process so far; 0 of one that has ended."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


class Browser:
    """Asks for pages over one connection."""

    def __init__(self, port: int) -> None:
        self._open = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.received = 0

    def get(self, path: str) -> bytes:
        """A page's body."""
        more = {"Accept-Language": "en", "Accept-Encoding": "gzip"}
        self._open.request("GET", path, headers={"Host": "127.0.0.1", **more})
        answer = self._open.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        self.received += len(body)
        return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


def measure(count: int) -> dict[str, Any]:
    """Measure a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DMO_CACHE": folder, "DMO_HOME": folder, "BLOCKS": "150"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, __file__, "--serve"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT
        ) as server:
            assert server.stdin  # noqa: S101 - it is a pipe
            assert server.stdout  # noqa: S101 - so is it
            told = json.loads(server.stdout.readline())
            browser = Browser(told["port"])
            started = _cpu(server.pid)
            sizes = {path: len(browser.get(path)) for path in PAGES}
            drawn = (_cpu(server.pid) - started) / len(PAGES)
            started, began = _cpu(server.pid), time.monotonic()
            for place in range(count):
                browser.get(PAGES[place % len(PAGES)])
            spent, wall = _cpu(server.pid) - started, time.monotonic() - began
            others = sorted(_asked(browser.get("/").decode()))
            browser.received = 0
            visit = [browser.get("/"), *map(browser.get, others)]
            found = {
                "ms_page": spent / count * 1_000,
                "ms_drawn": drawn * 1_000,
                "kib_page": max(sizes.values()) / 1_024,
                "mib": mib_of(server.pid),
                "cpu_up": told["up"],
                "requests": len(visit),
                "kib_visit": browser.received / 1_024,
                "ms_wall": wall / count * 1_000,
            }
            server.stdin.close()
        return found


def _asked(html: str) -> set[str]:
    """What a page makes a browser ask for besides, modules that its module takes among them."""
    found = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html))
    modules = [one for one in found if ".js" in one]
    folder = ROOT / "dmo" / "faces" / "web"
    for one in modules:
        text = (folder / one.partition("?")[0].lstrip("/")).read_text("utf-8")
        found |= {f"/static/{name}" for name in re.findall(r'from "\./([\w.]+)"', text)}
    return found


def main() -> int:
    """Measure, print, and say whether all bounds hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="pages that are asked for")
    parser.add_argument("--loose", action="store_true", help="print only")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve()
        return 0
    found = measure(given.count)
    broken = [name for name, bound in BOUNDS.items() if found[name] > bound] + ["ms_drawn"] * (
        found["ms_drawn"] > DRAWN
    )
    for name, value in found.items():
        bound = BOUNDS.get(name, DRAWN if name == "ms_drawn" else None)
        print(
            f"{name:<13} {value:>9,.2f}{f'   at most {bound}' if bound else ''}{'   BROKEN' if name in broken else ''}"
        )
    return int(bool(broken) and not given.loose)


if __name__ == "__main__":
    sys.exit(main())
