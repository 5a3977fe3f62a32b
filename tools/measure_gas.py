"""Measure what the acts cost, or what grows with what; write build/ and docs/gas.md; judge.

    tools/measure_gas.py            tests/gas: build/gas.json and the tables of acts
    tools/measure_gas.py growth     tests/growth: build/growth.json and the table of growth

One transaction per block, receipt.gasUsed, everything cold, compiled as deployed. What is said of
the acts, floors, peers and bounds is in tools/gas.toml. Ends with 1 when a bound is not met.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from dmo.core.files import write_json, write_text
from tools.outputs import Act, Gas, Growth, Point, Series

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "gas.md"
CONSTANTS = ROOT / "tools" / "gas.toml"
CELLS = ROOT / "build" / "gas" / "cells.json"
FOLDERS = {"gas": "tests/gas", "growth": "tests/growth"}
COLUMNS = ("first", "steady", "floor", "openzeppelin")
FLAT_AT_MOST = 1.03
FLAT = " (flat)"  # ends the name of a series that must not grow

Cells = dict[str, dict[str, int]]  # act: gas by column; series: gas by how many


def constants() -> dict[str, dict[str, Any]]:
    """tools/gas.toml."""
    return tomllib.loads(CONSTANTS.read_text("utf-8"))


def keep(cells: Cells) -> None:
    """Leave what was measured for this tool."""
    write_json(CELLS, cells)


# ── what was measured ───────────────────────────────────────────────────────────────────────────────


def ratio(above: int, below: int) -> float:
    """A ratio with four decimals."""
    return round(above / below, 4)


def result(cells: Cells, known: Mapping[str, Mapping[str, Any]], compiler: Mapping[str, Any]) -> Gas:
    """build/gas.json."""
    rows = known["act"]
    if unknown := sorted(cells.keys() ^ rows.keys()):
        raise SystemExit(f"gas: measured and named in tools/gas.toml differ: {', '.join(unknown)}")
    keys: dict[str, Any] = {
        key: cells[one["act"]]["steady"] for key, one in known["key"].items() if not one.get("is_extra")
    }
    for key, one in known["ratio"].items():
        keys[key] = ratio(cells[one["act"]]["steady"], cells[one["act"]]["openzeppelin"])
    acts = [
        Act(
            act=act,
            first=cells[act].get("first", cells[act]["steady"]),
            steady=cells[act]["steady"],
            floor=rows[act].get("floor"),
            openzeppelin=cells[act].get("openzeppelin"),
        )
        for act in rows
    ]
    return Gas(evm=compiler["evm_version"], solc=compiler["solc"]["version"], acts=acts, **keys)


def bounds(cells: Cells, known: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, float, Mapping[str, Any]]]:
    """What every key is called, what it came to, and its bounds: most, or held where less would cost a guarantee."""
    found = [(one["what"], cells[one["act"]]["steady"], one) for one in known["key"].values()]
    for one in known["ratio"].values():
        row = cells[one["act"]]
        found.append((f"{one['what']}, ratio", ratio(row["steady"], row["openzeppelin"]), one))
    return found


def problems(cells: Cells, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Bounds that are not met, one sentence each."""
    found = [(what, is_, one.get("held", one.get("most"))) for what, is_, one in bounds(cells, known)]
    return [f"{what}: {_cell(is_)}, at most {_cell(most)}" for what, is_, most in found if most and is_ > most]


def series(cells: Cells) -> Growth:
    """build/growth.json."""
    found = []
    for name, row in cells.items():
        points = [Point(n=int(many), gas=used) for many, used in sorted(row.items(), key=lambda one: int(one[0]))]
        least, most = min(row.values()), max(row.values())
        flat = name.endswith(FLAT)
        found.append(Series(name=name.removesuffix(FLAT), is_flat=flat, points=points, ratio=ratio(most, least)))
    return Growth(series=sorted(found, key=lambda one: one.name))


def steep(found: Growth) -> list[str]:
    """What grows though it must not, one sentence each."""
    return [
        f"{one.name}: {one.ratio:.4f} times the least, at most {FLAT_AT_MOST}"
        for one in found.series
        if one.is_flat and one.ratio > FLAT_AT_MOST
    ]


# ── docs/gas.md ─────────────────────────────────────────────────────────────────────────────────────


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def table_of_keys(cells: Cells, known: Mapping[str, Mapping[str, Any]]) -> str:
    """What it comes to, at the top."""
    rows = []
    for what, is_, one in bounds(cells, known):
        held = f"[{_cell(one['held'])}](decisions.md#{one['why']})" if "held" in one else ""
        rows.append(f"| {what} | {_cell(is_)} | {_cell(one.get('most'))} | {held} |\n")
    return "| act | gas | asked: at most | held, and why |\n|---|---:|---:|---|\n" + "".join(rows)


def table_of_acts(cells: Cells, known: Mapping[str, Mapping[str, Any]]) -> str:
    """Every act with floor and peers."""
    head = "| act | what | first | steady | floor | OpenZeppelin | other peers |\n|---|---|---:|---:|---:|---:|---|\n"
    rows = []
    for act, one in known["act"].items():
        row = {**cells[act], **({"floor": one["floor"]} if "floor" in one else {})}
        numbers = " | ".join(_cell(row.get(column)) for column in COLUMNS)
        rows.append(f"| `{act}` | {one['what']} | {numbers} | {one.get('peers', '')} |\n")
    return head + "".join(rows)


def table_of_growth(found: Growth) -> str:
    """How each series grows."""
    rows = []
    for one in found.series:
        numbers = " · ".join(f"{point.n:,}: {point.gas:,}" for point in one.points)
        rows.append(f"| {one.name} | {numbers} | {one.ratio:.4f} | {'flat' if one.is_flat else 'may grow'} |\n")
    return "| what, after or with so many | gas | most ÷ least | wanted |\n|---|---|---:|---|\n" + "".join(rows)


def recorded() -> Cells:
    """The table of acts as docs/gas.md has it: what was measured."""
    found: Cells = {}
    for line in between(PAGE.read_text("utf-8"), "acts").splitlines()[2:]:
        act, _, *numbers, _ = (cell.strip() for cell in line.split("|")[1:-1])
        row = zip(COLUMNS, numbers, strict=True)
        found[act.strip("`")] = {
            column: int(text.replace(",", "")) for column, text in row if text != "–" and column != "floor"
        }
    return found


def between(text: str, name: str) -> str:
    """What stands between the marks of a table."""
    return text.split(f"<!-- {name} -->\n")[1].split("<!-- end -->")[0]


def with_table(text: str, name: str, table: str) -> str:
    """The page with another table."""
    before, rest = text.split(f"<!-- {name} -->\n")
    return f"{before}<!-- {name} -->\n{table}<!-- end -->" + rest.split("<!-- end -->", 1)[1]


def _run(folder: str, extra: Sequence[str]) -> bool:
    CELLS.unlink(missing_ok=True)
    environment = {**os.environ, "DMO_GAS": "record"}
    environment.pop("DMO_PIPELINE", None)  # as deployed
    command = [str(ROOT / "brownie"), "test", folder, "-o", "faulthandler_timeout=0", *extra]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    return done.returncode == 0 and CELLS.is_file()


def main(arguments: Sequence[str]) -> int:
    """Measure, write, judge."""
    what = "growth" if "growth" in arguments else "gas"
    if not _run(FOLDERS[what], [one for one in arguments if one != "growth"]):
        print(f"{what}: the measuring tests did not pass; nothing is recorded", file=sys.stderr)
        return 1
    cells: Cells = json.loads(CELLS.read_text("utf-8"))
    text = PAGE.read_text("utf-8")
    if what == "growth":
        grown = series(cells)
        write_json(ROOT / "build" / "growth.json", grown)
        text, told = with_table(text, "growth", table_of_growth(grown)), steep(grown)
        print(table_of_growth(grown))
    else:
        known = constants()
        compiler = yaml.safe_load((ROOT / "brownie-config.yaml").read_text("utf-8"))["compiler"]
        write_json(ROOT / "build" / "gas.json", result(cells, known, compiler).model_dump(mode="json"))
        text = with_table(text, "keys", table_of_keys(cells, known))
        text, told = with_table(text, "acts", table_of_acts(cells, known)), problems(cells, known)
        print(table_of_keys(cells, known))
    write_text(PAGE, text)
    for problem in told:
        print(f"{what}: {problem}", file=sys.stderr)
    print(f"{what}: build/{what}.json, docs/gas.md")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
