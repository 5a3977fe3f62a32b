"""The disputes of a deployment, as desk and jury tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from dmo.client import disputes
from dmo.client.disputes import Ruling
from dmo.client.settlements import settlement_of
from dmo.core.chain import Event
from dmo.report.facts import DisputeFacts, JurorFacts, Paper
from dmo.report.reader import Reader, hexed

__all__ = ["read_disputes"]


def read_disputes(
    reader: Reader, desk: Mapping[str, list[Event]], whose: Mapping[int, tuple[int, str]]
) -> tuple[DisputeFacts, ...]:
    """All disputes, in the order they were opened.

    Args:
        reader: The deployment.
        desk: The desk's events by name.
        whose: Submission → its campaign and its worker.
    """
    if not desk["DisputeOpened"]:
        return ()
    opened = {e.arguments["submission"]: reader.at(e.block) for e in desk["DisputeOpened"]}
    settled = {e.arguments["submission"]: e for e in desk["DisputeSettled"]}
    ruled = {
        (e.arguments["_arbitrator"], e.arguments["_disputeID"]): reader.at(e.block)
        for e in desk["Ruling"]
    }
    papers = _papers(reader)
    jurors = _jurors(reader)
    paid: dict[int, dict[str, int]] = defaultdict(dict)
    for event in desk["JurorPaid"]:
        paid[event.arguments["submission"]][event.arguments["juror"]] = event.arguments["amount"]
    found = []
    for one in disputes.disputes(reader.dmo):
        campaign, worker = whose[one.submission]
        facts = DisputeFacts(
            submission=one.submission,
            campaign=campaign,
            worker=worker,
            opener=one.opener,
            lead=one.lead,
            arbitrator=one.arbitrator,
            is_challenge=one.is_challenge,
            bond=one.bond,
            opened_at=opened[one.submission],
            until=one.until,
            papers=tuple(papers[one.submission]),
            ruled_at=ruled.get((one.arbitrator, one.case)),
            ruling=one.ruling,
        )
        end = settled.get(one.submission)
        if end is not None:
            facts = replace(
                facts,
                settled_at=reader.at(end.block),
                is_paid=end.arguments["isPaid"],
                settlement=settlement_of(end),
            )
        if one.jury is not None:
            got = paid[one.submission]
            facts = replace(
                facts,
                is_from_reputation=one.jury.is_from_reputation,
                quorum=one.jury.quorum,
                commit_until=one.jury.commit_until,
                reveal_until=one.jury.reveal_until,
                jurors=tuple(
                    replace(juror, paid=got.get(juror.account, 0)) for juror in jurors[one.case]
                ),
            )
        found.append(facts)
    return tuple(found)


def _papers(reader: Reader) -> dict[int, list[Paper]]:
    given = disputes.evidence(reader.dmo)
    reader.remember(one.block for one in given)
    papers: dict[int, list[Paper]] = defaultdict(list)
    for one in given:
        papers[one.submission].append(Paper(reader.at(one.block), one.party, hexed(one.digest)))
    return papers


def _jurors(reader: Reader) -> dict[int, tuple[JurorFacts, ...]]:
    """The jurors of every case of this deployment's jury: reveals in their order, then the rest."""
    found: dict[int, tuple[JurorFacts, ...]] = defaultdict(tuple)
    if not reader.has(disputes.JURY):
        return found
    committed: dict[int, dict[str, int]] = defaultdict(dict)
    revealed: dict[int, list[JurorFacts]] = defaultdict(list)
    for event in reader.events(disputes.JURY, ["RulingCommitted", "RulingRevealed"]):
        a, at = event.arguments, reader.at(event.block)
        waiting = committed[a["disputeID"]]
        if event.name == "RulingCommitted":
            waiting[a["juror"]] = at
        else:
            since = waiting.pop(a["juror"], at)
            juror = JurorFacts(a["juror"], since, at, Ruling(a["ruling"]), a["weight"])
            revealed[a["disputeID"]].append(juror)
    for case, waiting in committed.items():
        found[case] = (*revealed[case], *(JurorFacts(who, at) for who, at in waiting.items()))
    return found
