"""What the tools write for machines; generate_schemas.py makes their schemas."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dmo.home.outputs import Count, Output


class Counts(Output):
    """So many of so many."""

    covered: Count
    total: Count


class ContractCoverage(Output):
    """Coverage of one contract."""

    statements: Counts
    branches: Counts


class Coverage(ContractCoverage):
    """What the tests ran of the contracts: build/coverage.json."""

    schema_: Literal["dmo.coverage/1"] = Field(default="dmo.coverage/1", alias="schema")
    by_contract: dict[str, ContractCoverage]


class Liveness(Output):
    """Everyone stopped at a random moment, and all money got out: build/liveness.json."""

    schema_: Literal["dmo.liveness/1"] = Field(default="dmo.liveness/1", alias="schema")
    histories: Count
    stopped_in: dict[str, Count]
    max_calls: Count
    stuck: Count


class FuzzFault(Output):
    """A bad input that was not refused as it should be, and what was said of it."""

    name: str
    why: str
    said: str


class Fuzz(Output):
    """Bad inputs by seed, and how they ended by group: build/fuzz.json."""

    schema_: Literal["dmo.fuzz/1"] = Field(default="dmo.fuzz/1", alias="schema")
    seed: int
    inputs: Count
    groups: dict[str, dict[str, Count]]
    faults: list[FuzzFault]
