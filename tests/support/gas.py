"""Gas of named acts: measured by tests, recorded in docs/gas.md, printed on the way.

A test says `gas("ballot.cast", tx.gas_used)`; tools/gas.toml says what the act is. What was measured
has to be what is recorded, within a hundredth: times and signatures in calldata make it waver by
some dozens, and a new function in a contract shifts all others. `make gas` records anew, and hears
of `openzeppelin`, what their contracts take for the same in the same run. Code that was compiled
for coverage or mutants takes more and is compared with nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from brownie import web3

from tests.support import clock
from tools import measure_gas

TOLERANCE = 100  # a hundredth
COLD_CALL = 2_600  # gas of a call to a contract that the transaction has not touched yet
FIRST, STEADY, OPENZEPPELIN = "first", "steady", "openzeppelin"

START = 2_000_000_000  # times stand in calldata, where a byte that is zero costs less

Gas = Callable[..., None]
Growth = Callable[[str, int, int], None]


@pytest.fixture(scope="session")
def _measured() -> Iterator[measure_gas.Cells]:
    measured: measure_gas.Cells = {}
    yield measured
    if is_recording():
        measure_gas.keep(measured)


def is_recording() -> bool:
    """Whether `make gas` or `make growth` asked for new tables."""
    return os.environ.get("DMO_GAS") == "record"


@pytest.fixture(scope="module", autouse=True)
def steady_clock(_fresh_module: None) -> Iterator[None]:
    """Every run of a measuring module sees the same times."""
    clock.steady(START)
    yield
    clock.unsteady()


@pytest.fixture
def gas(capsys: pytest.CaptureFixture[str], _measured: measure_gas.Cells) -> Gas:
    """Print what an act used, and compare it with what is recorded, or record it."""
    is_compared = not is_recording() and os.environ.get("DMO_PIPELINE") != "legacy"
    table = measure_gas.recorded() if is_compared else {}

    def check(act: str, used: int, column: str = STEADY) -> None:
        with capsys.disabled():
            print(f"\n  gas: {act:<24} {column:<12} {used:>12,}", end="", flush=True)
        row = _measured.setdefault(act, {})
        assert column not in row, f"{act}, {column}, is measured twice"
        row[column] = used
        if is_compared:
            known = table.get(act, {}).get(column)
            assert known is not None, f"{act}, {column}, is not in docs/gas.md; `make gas` records it"
            assert abs(used - known) <= known // TOLERANCE, f"{act}, {column}: recorded {known:,}; `make gas`"

    return check


def gas_of_call(tx: Any, callee: Any) -> int:
    """What a transaction's first call of a contract takes: making it, and all that it does."""
    answer = web3.provider.make_request("debug_traceTransaction", [tx.txid, {"tracer": "callTracer"}])
    frames = [answer["result"]]
    for frame in frames:
        if int(frame["to"], 16) == int(callee.address, 16):
            return COLD_CALL + int(frame["gasUsed"], 16)
        frames += frame.get("calls", [])
    raise AssertionError(f"{callee.address} is not called")


@pytest.fixture
def growth(capsys: pytest.CaptureFixture[str], _measured: measure_gas.Cells) -> Growth:
    """Print and keep what an act uses where there are so many."""

    def check(series: str, many: int, used: int) -> None:
        with capsys.disabled():
            print(f"\n  growth: {series:<40} {many:>8,} {used:>12,}", end="", flush=True)
        _measured.setdefault(series, {})[str(many)] = used

    return check
