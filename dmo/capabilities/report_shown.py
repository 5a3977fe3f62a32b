"""Reports before their judges: what a juror has to know of one, and what each ruling brings to whom."""

from collections.abc import Mapping
from typing import Any

from dmo.capabilities import cases
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.disputes import JuryCase
from dmo.capabilities.ideas import Idea
from dmo.capabilities.lens import MONEY
from dmo.capabilities.outcomes import OutcomeReport
from dmo.core import kinds
from dmo.core.kinds import ACCOUNT, PPM, TEXT, choice
from dmo.home.home import Home

PART = choice("report_part", "reporter", "challenger", "jurors")
ENDS = {**kinds.shape((MONEY, "stands falls none")), "part": PART, "account": ACCOUNT}
SHOWN = {
    **{"ppm": PPM, "about": TEXT, "arbitrable": ACCOUNT, "report_ends": [ENDS]},
    **kinds.shape((ACCOUNT, "reporter challenger")),
}
_OF_REPORT = {"commit": "commit_report", "evidence": "evidence_report", "waits": "waits_report"}
_OF_CASE = {"commit": "commit_case", "evidence": "", "waits": ""}


def brings(bond: int) -> dict[str, tuple[int, int, int]]:
    """What each end gives the reporter, the challenger and the jurors, in units of the budget token.

    >>> brings(101)
    {'stands': (152, 0, 50), 'falls': (0, 152, 50), 'none': (91, 91, 20)}
    """
    half, tenth = bond // 2, bond // 10
    rest = bond - tenth
    return {"stands": (2 * bond - half, 0, half), "falls": (0, 2 * bond - half, half), "none": (rest, rest, 2 * tenth)}


def table(one: OutcomeReport) -> list[dict[str, Any]]:
    """The table of ends of a report that is challenged."""
    accounts = {"reporter": one.reporter, "challenger": one.challenger, "jurors": None}
    ends = brings(one.bond)
    return [
        {"part": part, "account": account, **{end: amounts[place] for end, amounts in ends.items()}}
        for place, (part, account) in enumerate(accounts.items())
    ]


def _report(home: Home, one: JuryCase) -> OutcomeReport | None:
    is_report = cases.group_of(one.subject) == cases.REPORT
    return home.facts(OutcomeReport)[cases.number_of(one.subject)] if is_report else None


def row(home: Home, one: JuryCase) -> dict[str, Any]:
    """A dispute for tables and machines, as those about work are told."""
    its, is_over = _report(home, one), not one.is_open(home.now)
    ruling = (
        cases.said(one.subject, one.ruling) if is_over and (one.is_ruled or one.is_executed or one.is_settled) else None
    )
    return {
        **{"submission": one.subject, "what": cases.group_of(one.subject), "until": one.until, "ruling": ruling},
        **{"report": its.report if its else None, "opener": its.challenger if its else one.arbitrable},
        **{"upholder": None, "challenge": False, "bond": its.bond if its else None},
        "stands": "asked" if not is_over else "ruled" if one.ruling else "unruled",
        **{"settled": one.is_settled, "owed_to_jurors": one.pot},
    }


def following(one: JuryCase, now: str, otherwise: str) -> str:
    """What anybody can do now, or a juror: a word of ``dispute_next``."""
    if cases.group_of(one.subject) != cases.REPORT:
        return now if now == "rule" else _OF_CASE.get(otherwise, otherwise)
    if now == "settled":
        return "jurors_report" if one.pot else ""
    return "settle_report" if now in ("over", "rule") else _OF_REPORT.get(otherwise, otherwise)


def told(home: Home, one: JuryCase) -> Mapping[str, Any]:
    """What else there is to know."""
    found: dict[str, Any] = {"about": cases.about(one.subject), "arbitrable": one.arbitrable}
    if its := _report(home, one):
        found |= {"ppm": its.ppm, "campaign": its.campaign, "reporter": its.reporter, "challenger": its.challenger}
        found |= {"lead": its.lead, "report_ends": table(its)}
    return found


def parties(home: Home, one: JuryCase) -> list[str]:
    """Who cannot judge: reporter, challenger, and who led when the first report was made."""
    its = _report(home, one)
    return sorted({its.reporter, its.challenger or its.reporter, its.lead}) if its else []


def papers(home: Home, one: JuryCase) -> list[tuple[str, str, bytes]]:
    """All texts in the order a juror reads them: role, who gave it, digest. Parties' evidence before strangers'."""
    its = _report(home, one)
    if its is None:
        return []
    campaign = home.facts(Campaign)[its.campaign]
    idea = home.facts(Idea)[campaign.round, campaign.number]
    found = [("idea", idea.author, idea.digest), ("report", its.reporter, its.evidence)]
    if its.challenger and its.statement:
        found.append(("statement", its.challenger, its.statement))
    events = [event.arguments for event in home.events("Outcomes.Evidence", _evidenceGroupID=its.report)]
    given = [("given", event["_party"], bytes.fromhex(event["_evidence"][-64:])) for event in events]
    known, own = {one[1:] for one in found}, parties(home, one)
    return [*found, *sorted((one for one in given if one[1:] not in known), key=lambda paper: paper[1] not in own)]
