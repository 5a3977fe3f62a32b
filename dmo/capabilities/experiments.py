"""Experiments: two arms, planned before anybody is shown anything, and read in the order of the plan."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from dmo.capabilities import evalues
from dmo.capabilities.ballots import FILES
from dmo.capabilities.documents import Publish, paper
from dmo.capabilities.evalues import UNIT, Wager
from dmo.core import rows, units, words
from dmo.core.act import arg, option
from dmo.core.files import write_new
from dmo.core.kinds import ACCOUNT, DIGEST, NUMBER, TEXT, TIME, Kind, choice, shape
from dmo.core.rows import Column, Rows
from dmo.core.view import Query
from dmo.home.documents import Document, read, read_document
from dmo.home.home import Home

if TYPE_CHECKING:
    from dmo.home.papers import ExperimentPaper, FindingPaper

EVALUE = Kind(
    "E",
    lambda reader, text: text,
    lambda reader, value: "" if value is None else evalues.shown(value),
    lambda value: evalues.shown(value, 6),
    {"type": ["string", "null"], "pattern": r"^[0-9]+\.[0-9]{6}$"},
)
"""An e-value, rounded down."""
STATE = choice("experiment_state", "stopped", "over", "running", "unreported")
_LONG, _TITLE = 200, 80


class PlanExperiment(Publish, name="ab plan", call="DocumentLog.publish", told_by="DocumentPublished"):
    file: Document = arg(paper("experiment"))

    def check(self, home: Home) -> None:
        super().check(home)
        if _begins(_plan(self.file)) <= home.now:
            raise words.bad("experiment_began", field="begins").at(self.file.file)


class Exposure(NamedTuple):
    """Somebody who was shown an arm, as the plan orders them: when (Unix seconds), who, which arm, with what effect."""

    at: int
    who: str
    arm: int
    has_converted: bool


def _plan(file: Document) -> ExperimentPaper:
    return cast("ExperimentPaper", file.front)


def _begins(plan: ExperimentPaper) -> int:
    day = datetime.datetime.combine(plan.begins, datetime.time(), datetime.UTC)
    return int(day.timestamp())


def _one_of(known: Mapping[str, Any]) -> Column:
    def pick(text: str) -> Any:
        if text.casefold() not in known:
            raise words.bad("none_of_them", given=text[:40], known=", ".join(known))
        return known[text.casefold()]

    return Column(pick)


def _visitor(text: str) -> str:
    if not 0 < len(text) <= _LONG:
        raise words.bad("no_visitor", most=_LONG)
    return text


def visitors(plan: ExperimentPaper, files: Sequence[Path]) -> tuple[dict[int, list[Exposure]], list[str]]:
    """Who was shown what, in the plan's order, by the replication; and the files' digests.

    Raises:
        BadInput: A row cannot be used, is of before the plan's begin, or of a visitor who is there already.
    """

    def replication(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
        if not 1 <= number <= plan.replications:
            raise words.bad("no_replication", given=rows.shown(text), most=plan.replications)
        return number

    arms = {name.casefold(): place for place, name in enumerate(plan.arms)}
    columns = {
        "time": Column(units.parse_time),
        "id": Column(_visitor, "visitor"),
        "arm": _one_of(arms),
        "converted": _one_of({"0": False, "no": False, "false": False, "1": True, "yes": True, "true": True}),
        "replication": Column(replication, is_needed=False),
    }
    found: dict[int, dict[str, Exposure]] = {}
    digests = []
    for file in files:
        table = Rows(file, columns)
        for line, row in table:
            if row["time"] < _begins(plan):
                raise table.bad("shown_before", line, "time", begins=plan.begins)
            its = found.setdefault(row.get("replication", 1), {})
            if row["id"] in its:
                raise table.bad("visitor_twice", line, "id", given=rows.shown(row["id"]))
            its[row["id"]] = Exposure(row["time"], row["id"], row["arm"], row["converted"])
        digests.append(table.digest.hexdigest())
    return {number: sorted(its.values()) for number, its in found.items()}, digests


_ROW = shape((NUMBER, "replication blocks left converted_a converted_b shown"), state=STATE, e=EVALUE)


class ReadExperiment(
    Query,
    name="ab read",
    of_machine=True,
    needs_chain=False,
    gives={
        **shape(
            (TEXT, "title metric arm_a arm_b plan_digest said file"), (NUMBER, "registered reported stops_at"), e=EVALUE
        ),
        "replications": [_ROW],
        "files": [shape((TEXT, "file sha256"))],
    },
):
    data: list[Path] = arg(FILES)
    plan: str = option(TEXT.called("FILE"), "experiment.md")
    out: str | None = option(TEXT.called("FILE"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        file = read(self.plan, "experiment")
        plan = _plan(file)
        by_replication, digests = visitors(plan, self.data)
        told = [_replication(plan, number, by_replication.get(number)) for number in range(1, plan.replications + 1)]
        e = evalues.mean((one["e"] for one in told), plan.replications)
        if self.out is not None:
            write_new(self.out, _finding(file, [one for one in told if one["state"] != "unreported"], digests))
        return {
            "file": self.out,
            **{"title": file.title, "metric": plan.metric, "plan_digest": file.cid, "replications": told, "e": e},
            **{"arm_a": plan.arms[0], "arm_b": plan.arms[1], "stops_at": plan.stops_at},
            **{"registered": plan.replications, "reported": len(by_replication)},
            "said": words.word("experiment_says", _said(plan, told, e)),
            "files": [{"file": str(one), "sha256": sha256} for one, sha256 in zip(self.data, digests, strict=True)],
        }


def _said(plan: ExperimentPaper, told: Sequence[Mapping[str, Any]], e: int) -> str:
    if e >= plan.stops_at * UNIT:
        return "differ"
    return "open" if any(one["state"] in ("running", "unreported") for one in told) else "unknown"


def _replication(plan: ExperimentPaper, number: int, its: Sequence[Exposure] | None) -> dict[str, Any]:
    """What is told of a replication; 0 of evidence where nothing was reported."""
    if its is None:
        return {"replication": number, "state": "unreported", "e": 0}
    arms = [[one.has_converted for one in its if one.arm == place] for place in (0, 1)]
    found = evalues.read_blocks(plan.block, arms, plan.stops_at, plan.most_blocks)
    used = found.blocks * plan.block
    return {
        **{"replication": number, "blocks": found.blocks, "shown": used, "left": len(its) - 2 * used},
        **{"converted_a": found.converted[0], "converted_b": found.converted[1], "e": found.value},
        "state": _state(plan, found),
    }


def _state(plan: ExperimentPaper, one: Wager) -> str:
    if one.value >= plan.stops_at * UNIT:
        return "stopped"
    return "over" if one.blocks >= plan.most_blocks else "running"


def _finding(plan: Document, told: Sequence[Mapping[str, Any]], digests: Sequence[str]) -> bytes:
    """The document that reports these replications, to be read and then published."""
    said = words.load()["word"]["experiment_finding"]
    title = json.dumps(said["title"].format(title=plan.title)[:_TITLE], ensure_ascii=False)
    rows_ = "".join(
        f"  - replication: {one['replication']}\n    e: '{evalues.shown(one['e'], 6)}'\n    shown: {one['shown']}\n"
        for one in told
    )
    data = "".join(f"  - {one}\n" for one in digests)
    front = f"kind: finding\ntitle: {title}\nlang: {words.spoken()}\nplan: {plan.digest.hex()}\n"
    return f"---\n{front}replications:\n{rows_}data:\n{data}---\n\n{said['body'].strip()}\n".encode()


# ── what was registered, and what was reported of it ────────────────────────────────────────────────


@dataclass
class Registered:
    """An experiment's plan as it was first published, and the e-value of each replication that was reported first."""

    document: Document
    by: str
    at: int
    reported: dict[int, int] = field(default_factory=dict)

    @property
    def plan(self) -> ExperimentPaper:
        """What it fixes."""
        return _plan(self.document)

    @property
    def e(self) -> int:
        """Of all replications that were registered; those that were not reported count as 0."""
        return evalues.mean(self.reported.values(), self.plan.replications)

    def state(self, now: int) -> str:
        """Whether it binds anybody, and whether all of it was reported."""
        if self.at >= _begins(self.plan):
            return "late"
        if now < _begins(self.plan):
            return "announced"
        return "open" if len(self.reported) < self.plan.replications else "reported"


def registered(home: Home) -> list[Registered]:
    """All experiments in the order they were registered.

    Reports are findings that the plan's publisher published once it had begun. The first word on a replication stands:
    whoever may report again could wait for the best.
    """
    found: dict[bytes, Registered] = {}
    for event in home.events("DocumentLog.DocumentPublished"):
        told = event.arguments
        paper_ = read_document(told["text"], told["digest"])
        if not isinstance(paper_, Document):
            continue
        if paper_.kind == "experiment":
            found.setdefault(paper_.digest, Registered(paper_, told["publisher"], event.at))
        elif paper_.kind == "finding":
            finding = cast("FindingPaper", paper_.front)
            its = found.get(bytes.fromhex(finding.plan))
            if its and its.by == told["publisher"] and its.state(event.at) not in ("late", "announced"):
                for one in finding.replications:
                    if one.replication <= its.plan.replications:
                        its.reported.setdefault(one.replication, int(Decimal(one.e) * UNIT))
    return list(found.values())


STANDS = choice("experiment_stands", "announced", "open", "reported", "late")
_LISTED = {
    **shape((TEXT, "title metric arm_a arm_b said"), (NUMBER, "registered reported missing stops_at")),
    **shape((TIME, "at begins"), by=ACCOUNT, plan=DIGEST, e=EVALUE, state=STANDS),
}


class ListExperiments(
    Query, name="ab list", gives={"experiments": [_LISTED], **shape((NUMBER, "registered reported missing"))}
):
    def answer(self, home: Home) -> Mapping[str, Any]:
        told = [_listed(one, home.now) for one in registered(home)]
        sums = {key: sum(one[key] for one in told if one["state"] != "late") for key in ("registered", "reported")}
        return {"experiments": told, **sums, "missing": sum(one["missing"] or 0 for one in told) or None}


def _listed(one: Registered, now: int) -> dict[str, Any]:
    """An experiment as it is listed; of one that binds nobody nothing counts."""
    plan, state = one.plan, one.state(now)
    has_begun = state in ("open", "reported")
    said = "differ" if one.e >= plan.stops_at * UNIT else "open" if state == "open" else "unknown"
    return {
        **{"title": one.document.title, "metric": plan.metric, "arm_a": plan.arms[0], "arm_b": plan.arms[1]},
        **{"registered": plan.replications, "reported": len(one.reported), "stops_at": plan.stops_at},
        "missing": (plan.replications - len(one.reported) or None) if has_begun else None,
        **{"at": one.at, "begins": _begins(plan), "by": one.by, "plan": one.document.digest, "state": state},
        "e": one.e if has_begun else None,
        "said": words.word("experiment_says", said) if has_begun else "",
    }
