"""What the mutants came to: build/mutants.json, docs/mutants.md, and survivors with reasons."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from dmo.home.outputs import Count, Output

INVALID, EQUIVALENT, KILLED, SURVIVED = "invalid", "equivalent", "killed", "survived"
GOAL = 0.9


class Survivor(Output):
    """A mutant that no test noticed."""

    file: str
    line: Count
    operator: str
    original: str
    mutated: str
    reason: str


class Numbers(Output):
    """How many mutants there were, and what became of them."""

    generated: Count
    unsampled: Count
    invalid: Count
    equivalent: Count
    total: Count
    killed: Count


class Mutants(Numbers):
    """What the tests notice of small mistakes in the contracts: build/mutants.json."""

    schema_: Literal["dmo.mutants/1"] = Field(default="dmo.mutants/1", alias="schema")
    tool: str = "tools/mutate.py"
    seed: Count
    by_contract: dict[str, Numbers]
    survivors: list[Survivor]


def numbers(generated: int, results: Iterable[Mapping[str, Any]]) -> Numbers:
    """Count the results of one contract; what was not drawn is unsampled."""
    states = [one["state"] for one in results]
    invalid, equivalent, killed = map(states.count, (INVALID, EQUIVALENT, KILLED))
    return Numbers(
        generated=generated,
        unsampled=generated - len(states),
        invalid=invalid,
        equivalent=equivalent,
        total=len(states) - invalid - equivalent,
        killed=killed,
    )


def summary(
    seed: int, generated: Mapping[str, int], results: Mapping[str, list[dict[str, Any]]], reasons: Mapping[str, str]
) -> Mutants:
    """Everything of a run, by contract and in sum."""
    by_contract = {name: numbers(generated[name], results[name]) for name in results}
    sums = {field: sum(getattr(one, field) for one in by_contract.values()) for field in Numbers.model_fields}
    survivors = [
        Survivor(
            reason=reasons.get(key(one), ""),
            **{field: one[field] for field in ("file", "line", "operator", "original", "mutated")},
        )
        for mutants in results.values()
        for one in mutants
        if one["state"] == SURVIVED
    ]
    survivors.sort(key=lambda one: (one.file, one.line, one.operator, one.mutated))
    return Mutants(seed=seed, by_contract=by_contract, survivors=survivors, **sums)


def key(one: Mapping[str, Any]) -> str:
    """Names a survivor whatever line it has moved to."""
    return " | ".join((one["file"], one["original"], one["mutated"]))


def reasons(file: Path) -> dict[str, str]:
    """The reasons kept by hand, by survivor."""
    if not file.is_file():
        return {}
    return {key(one): one["reason"] for one in tomllib.loads(file.read_text("utf-8")).get("survivor", [])}


def problems(found: Mutants) -> list[str]:
    """What is wrong, one sentence each."""
    told = [
        f"{one.file}:{one.line} survives without a reason ({one.operator}): {one.original} -> {one.mutated}"
        for one in found.survivors
        if not one.reason
    ]
    told += [
        f"{name}: {part.killed} of {part.total} killed, {GOAL:.0%} are wanted"
        for name, part in found.by_contract.items()
        if part.killed < GOAL * part.total
    ]
    return told


HEAD = """# Mutants

Small mistakes made on purpose, one at a time, to see whether a test fails. `make mutate` draws them with a fixed seed,
a fair share of each operator, leaves out what does not compile or compiles to the same code, and runs the tests of the
contract's room on each until the first fails. This page is written by it; the reasons stand in
[tools/survivors.toml](../tools/survivors.toml).

"""


def page(found: Mutants) -> str:
    """docs/mutants.md."""
    rows = [
        "| contract | possible | tried | no code | same code | valid | killed | share |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, part in [*found.by_contract.items(), ("all", found)]:
        tried = part.generated - part.unsampled
        cells = (part.generated, tried, part.invalid, part.equivalent, part.total, part.killed)
        share = f"{part.killed / part.total:.1%}" if part.total else "–"
        rows.append(f"| {name} | {' | '.join(f'{cell:,}' for cell in cells)} | {share} |")
    text = HEAD + f"Seed {found.seed}.\n\n" + "\n".join(rows) + "\n\n## Survivors\n\n"
    if not found.survivors:
        return text + "None.\n"
    for one in found.survivors:
        text += f"- `{one.file}:{one.line}`, {one.operator}: `{one.original}` → `{one.mutated}`\n"
        text += f"  {one.reason or 'No reason yet.'}\n"
    return text
