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
