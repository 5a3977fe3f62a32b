#!/usr/bin/env python3
"""Lighthouse over the pages that holders meet first: performance, accessibility, best practices, search.

The demo's story is played to a day on which there is a vote and paid work. Installs what tools/lighthouse/ locks, once.
Prints the numbers, writes build/lighthouse.json, and ends with 1 where one of them is below the bound.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browser import executable  # noqa: E402
from tools.tidepool import say, tidepool  # noqa: E402

HOME = ROOT / "tools" / "lighthouse"
DAY = "2026-04-03 10:00"
PAGES = {"overview": "/", "round": "/round/3", "idea": "/idea/3.1", "bounty": "/bounty/1"}
LEAST, TRIES = 95, 3
FLAGS = "--headless=new --disable-gpu --disable-dev-shm-usage" + " --no-sandbox" * (os.getuid() == 0)


def install() -> None:
    """What the folder locks, unless it is there."""
    if not (HOME / "node_modules" / ".package-lock.json").exists():
        say("lighthouse: installing from tools/lighthouse/package-lock.json")
        order = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(order, cwd=HOME, check=True)


def measured(url: str, folder: Path) -> dict[str, Any]:
    """What Lighthouse says of a page."""
    chrome, more = executable()
    script, out = HOME / "node_modules" / "lighthouse" / "cli" / "index.js", folder / "told.json"
    order = ["node", str(script), url, "--quiet", "--output=json", f"--output-path={out}", f"--chrome-flags={FLAGS}"]
    subprocess.run(order, check=True, timeout=180, env={**os.environ, **more, "CHROME_PATH": chrome})
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def scores(told: dict[str, Any]) -> dict[str, int]:
    """A hundred is the best."""
    return {name: round(100 * (one["score"] or 0)) for name, one in told["categories"].items()}


def best(url: str, folder: Path) -> dict[str, Any]:
    """The best of a few tries: what else the machine does can only lower a number."""
    tries: list[dict[str, Any]] = []
    while len(tries) < TRIES and not (tries and min(scores(tries[-1]).values()) >= LEAST):
        tries.append(measured(url, folder))
    return max(tries, key=lambda told: sum(scores(told).values()))


def lacking(told: dict[str, Any]) -> list[str]:
    """What a page lost points for."""
    counted = {one["id"] for its in told["categories"].values() for one in its["auditRefs"] if one["weight"]}
    return [
        f"{name}: {one['title']}"
        for name, one in told["audits"].items()
        if name in counted and one["score"] is not None and one["score"] < 0.9
    ]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    install()
    found: dict[str, dict[str, int]] = {}
    with tidepool() as place, TemporaryDirectory() as folder:
        place.until(DAY)
        for name, path in PAGES.items():
            told = best(place.base + path, Path(folder))
            found[name] = scores(told)
            print(f"{name:<10}", "  ".join(f"{key} {value:>3}" for key, value in found[name].items()), flush=True)
            for line in lacking(told):
                print(f"{'':<10} {line}", flush=True)
    (ROOT / "build" / "lighthouse.json").write_text(json.dumps(found, indent=2) + "\n")
    low = [f"{name}: {key}" for name, its in found.items() for key, value in its.items() if value < LEAST]
    if low:
        say(f"lighthouse: below {LEAST}: {', '.join(low)}")
    return int(bool(low))


if __name__ == "__main__":
    sys.exit(main())
