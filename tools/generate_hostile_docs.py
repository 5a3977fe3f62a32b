#!/usr/bin/env python3
"""Write docs/hostile-world.md from what the tests claim; with --check, only compare."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.claims import PAYEES, TOKENS, Claims, cells  # noqa: E402

FILE = ROOT / "docs" / "hostile-world.md"
HOSTILE = "tests.contracts.hostile"
# Heading, where it is claimed, which columns, what has to be known to read it.
TABLES = (
    (
        "Money that comes in",
        "money",
        ("deposit into the pool", "fund a campaign", "top up", "submit, challenge, contest, uphold"),
        "100 tokens are given, or 10 are staked, four times. Who gives is not told of it, so payees have no part.",
    ),
    (
        "Money that goes out",
        "money",
        ("pay", "pay in a batch", "pay jurors", "release after a dispute", "close, with a former lead"),
        "A payment never fails: what cannot be delivered becomes a credit, and the others of the batch are paid.",
    ),
    (
        "Credits, and what is free",
        "money",
        (
            *("withdraw a credit", "deliver a credit", "let a credit expire", "release, reclaim"),
            "withdraw from the pool",
        ),
        "What is fetched is delivered or refused; refused it stays, and can be fetched again, or to another address.",
    ),
    ("Votes", "wrapper", ("wrap into votes", "unwrap"), "The token is wrapped into votes, one for one; 50 move."),
    (
        "The command line",
        "command_line",
        ("deploy, as budget token", "deploy, as the token that is wrapped", "check", "status", "lists"),
        "`deploy` and `check` are the scripts of [deploying.md](deploying.md).",
    ),
)

HEAD = """\
# The hostile world

What people do, in tokens and with payees that misbehave. Generated from what the tests claim by
`tools/generate_hostile_docs.py`; do not edit. Every cell is a test that compares everybody's money, to the unit, with
what it is with a plain token, and holds the books to `received = paid + refunded + held`.

- **supported**: as with a plain token.
- **refused**: the call reverts with this error, and nothing has changed.
- **harmless**: something else happens, in words; behind it who has more or less than with a plain token, in whole
  tokens. *credit* is what waits for somebody in the escrow; *short* is what the escrow (the wrapper) lacks of what
  its books say, or has beyond them (below zero).
- **–**: it has no part in it.

"""

TAIL = """\
## Batches

A hundred accepted submissions are paid in five batches of twenty although four payees are blocked, one reverts, and
the transfer to one more burns all gas it gets: `test_a_hundred_are_paid`, of the contract and of the command line. A
payment that fails takes at most 250,000 gas beyond one that arrives: 200,000 that the transfer is given, and the
credit (`test_a_failed_payment_takes_no_more_than_this`). Twenty submissions of which every payment and bond fails
stay far below 2^24, and so does the worst single one: disputed, with eight payees
(`test_the_worst_submission_fits_a_transaction`). What is more is cut by the client, also where the escrow itself asks
for more gas (`test_a_batch_beyond_the_gas_limit_is_cut`).

## What is lost, and by whom

- **A fee of what arrives** is borne by who is paid, or has to be sent beyond the stake. `deploy` and `check` tell it
  where the pool is filled.
- **A fee on top, and a token that shrinks**, leave the escrow short: its books stay as they are, and who is paid last
  waits, as a credit. Whoever sends the escrow what it lacks makes it whole, the treasury by a proposal; `check` says
  how much. Payments are not refused for it: that would lock everybody's money for as long as the fee stays.
- **A token that pauses or blocks for a year** lets credits expire into the pool: anybody delivers them before, once
  it is over.
- **A token that lies** has paid nobody. It is no token.
"""


def claimed(module: str) -> Claims:
    """What one of the modules beside the tests claims."""
    found: Claims = import_module(f"{HOSTILE}.{module}").CLAIMS
    return found


def table(said: Claims, rows: Mapping[str, str]) -> str:
    """Columns side by side, a line for each row that has a part in any."""
    found = {(column, row): claim.cell for column, row, claim in cells(said)}
    lines = [f"| | {' | '.join(said)} |", f"|---|{'---|' * len(said)}"]
    for row in rows:
        told = [found[column, row] for column in said]
        if set(told) != {"–"}:
            lines.append(f"| {row} | {' | '.join(told)} |")
    return "\n".join(lines)


def document() -> str:
    """docs/hostile-world.md."""
    parts = [HEAD]
    for title, rows in (("Tokens", TOKENS), ("Payees", PAYEES)):
        told = "\n".join(f"| {row} | {what or 'nothing is strange about it'} |" for row, what in rows.items())
        parts.append(f"| {title.lower()} | |\n|---|---|\n{told}\n\n")
    seen: dict[str, set[str]] = {}
    for heading, module, columns, known in TABLES:
        said = claimed(module)
        seen.setdefault(module, set()).update(columns)
        chosen = {column: said[column] for column in columns}
        parts.append(f"## {heading}\n\n{known}\n\n{table(chosen, TOKENS | PAYEES)}\n\n")
    for module, columns in seen.items():
        missing = claimed(module).keys() - columns
        assert not missing, f"{module}: in no table: {missing}"  # noqa: S101
    return "".join([*parts, TAIL])


def main(arguments: list[str]) -> int:
    """Write it, or say whether it is up to date."""
    text = document()
    if "--check" not in arguments:
        FILE.write_text(text, "utf-8")
        return 0
    if FILE.exists() and FILE.read_text("utf-8") == text:
        return 0
    print("docs/hostile-world.md is not up to date; .venv/bin/python tools/generate_hostile_docs.py writes it")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
