"""What the tools write for machines; generate_schemas.py makes their schemas."""

from __future__ import annotations

from typing import Annotated, Literal

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


class Keeping(Output):
    """What keepers made of due work amid faults: build/keeper.json.

    Kills and restarts of nodes are sums over the seeds, as are acts and transactions; depth and lag (blocks) the most.
    """

    schema_: Literal["dmo.keeper/1"] = Field(default="dmo.keeper/1", alias="schema")
    kills: Count
    restarts: Count
    reorg_depth: Count
    due: Count
    done: Count
    doubled: Count
    lost: Count
    lag_blocks: Count
    sent: Count
    reverted: Count


class Gain(Output):
    """The most that a coalition got out of one kind of ends beyond honest pay; 0 where none gained.

    The bound is in stakes b and rewards w, the share in bps of the reward (or of the fee F, for a budget W).
    """

    ends: Count
    bound: str
    largest_gain: Count
    largest_gain_bps: Count


class Coalitions(Output):
    """What coalitions gained in random histories of the whole DMO: build/coalitions.json."""

    schema_: Literal["dmo.coalitions/1"] = Field(default="dmo.coalitions/1", alias="schema")
    histories: Count
    stuck: Count
    max_calls: Count
    minorities_outvoted: Count
    kinds: dict[str, Gain]


Ratio = Annotated[float, Field(ge=0)]


class Act(Output):
    """What one act costs; null where there is no floor, or nothing to compare with."""

    act: str
    first: Count
    steady: Count
    floor: Count | None
    openzeppelin: Count | None


class Gas(Output):
    """What the acts cost: build/gas.json."""

    schema_: Literal["dmo.gas/1"] = Field(default="dmo.gas/1", alias="schema")
    evm: str
    solc: str
    ballot_repeat: Count
    ballot_further_choice: Count
    ballot_signed_batch50: Count
    idea_next: Count
    idea_to_campaign_ratio: Ratio
    job_single: Count
    payout_batch100: Count
    award_later: Count
    settlement_100_funded: Count
    transfer_never_delegated: Count
    transfer_ratio: Ratio
    transfer_never_delegated_ratio: Ratio
    acts: list[Act]


class Point(Output):
    """What an act costs where there are so many."""

    n: Count
    gas: Count


class Series(Output):
    """How an act's cost grows with one number."""

    name: str
    is_flat: bool
    ratio: Ratio
    points: list[Point]


class Growth(Output):
    """What grows with what: build/growth.json."""

    schema_: Literal["dmo.growth/1"] = Field(default="dmo.growth/1", alias="schema")
    series: list[Series]


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


class Relay(Output):
    """Many signed ballots, relayed by two runs, the first of which was killed: build/relay.json."""

    schema_: Literal["dmo.relay/1"] = Field(default="dmo.relay/1", alias="schema")
    ballots: Count
    relayed: Count
    skipped: dict[str, Count]
    seconds: float
    peak_rss_mib: Count
