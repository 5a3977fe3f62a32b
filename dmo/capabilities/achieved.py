"""What campaigns set out to reach, what their lessons say they did, what it took: from the documents' own fields."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from dmo.capabilities.history import History
from dmo.capabilities.lens import MONEY
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT, Kind, listed, shape
from dmo.home.documents import Document

_IDEA = ("objective", "audience", "pillar", "need")
_GOAL = ("metric", "baseline", "target", "date")
_FAR = Decimal(10**6)
_LESSON = ("result", "value", "repeat", "avoid")


def figure(number: Any) -> str:
    """A document's number for people: grouped, two decimals at most, powers of ten where it is out of reach."""
    if number is None:
        return ""
    value = Decimal(str(number))
    if value and not Decimal("0.005") <= abs(value) < 10**12:
        return f"{value:.2E}"
    return f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "−")


FIGURE = Kind(
    "FIGURE", lambda _, text: text, lambda _, its: figure(its), schema={"type": ["integer", "number", "null"]}
)
WAY = Kind(
    "WAY",
    lambda _, text: text,
    lambda _, its: "" if its is None else f"{figure(round(its * 100))} %",
    lambda its: None if its is None else round(float(max(min(its, _FAR), -_FAR)), 4),
    {"type": ["number", "null"]},
)
"""How far something came: 1 is all the way."""
ACHIEVED = shape(
    (NUMBER, "campaign round number"),
    (TEXT, "title objective pillar need metric date result repeat avoid"),
    (FIGURE, "baseline target value"),
    (MONEY, "ask spent unit_cost unit_cost_planned"),
    lead=ACCOUNT,
    audience=listed(TEXT),
    way=WAY,
    work=[shape((NUMBER, "submission"), (TEXT, "asked told"), worker=ACCOUNT)],
)
"""A campaign's goal and result, as its idea and its lessons say; ``unit_cost``: what one more of the metric cost, or
``unit_cost_planned``, was to cost; of its paid work, which disclosure the brief asked for, and how it was told."""


def achieved(history: History) -> Iterator[dict[str, Any]]:
    """Every campaign's; what was not published, or not said, is None. Whoever wrote it may have written anything."""
    for one in history.campaigns:
        idea = history.ideas[one.round, one.number]
        lessons = history.lessons.get(one.campaign)
        said = _fields(history, "idea", idea.digest)
        learned = _fields(history, "lesson", lessons.evidence if lessons else None)
        goal = said.get("goal", {})
        found = {key: said.get(key) for key in _IDEA} | {key: goal.get(key) for key in _GOAL}
        found |= {key: learned.get(key) for key in _LESSON}
        spent = sum(history.spent[one.campaign][key] for key in ("work_paid", "gift_paid", "fee_paid"))
        known: dict[str, Any] = {"campaign": one.campaign, "round": one.round, "number": one.number, "lead": one.lead}
        document = history.documents.get(idea.digest)
        known["title"] = document.title if document else None
        work = [*_work(history, one.campaign)]
        yield {**known, "ask": one.ask, "spent": spent, **found, **measured(found, one.ask, spent), "work": work}


def _fields(history: History, kind: str, digest: bytes | None) -> dict[str, Any]:
    """Of a document of this kind, whose model checked them; of others nothing."""
    found = history.documents.get(digest or b"")
    return found.fields if isinstance(found, Document) and found.kind == kind else {}


def measured(found: dict[str, Any], ask: int, spent: int) -> dict[str, Any]:
    """How much of the way was gone, and the price of one; a metric may be meant to fall."""
    figures = [found[key] for key in ("baseline", "target", "value")]
    baseline, target, value = (None if one is None else Decimal(str(one)) for one in figures)
    if baseline is None or target is None or baseline == target:
        return {"way": None, "unit_cost": None, "unit_cost_planned": None}
    wanted = target - baseline
    gained = (value - baseline).copy_sign((value - baseline) * wanted) if value is not None else Decimal(0)
    return {
        "way": None if value is None else (value - baseline) / wanted,
        "unit_cost": round(spent / gained) if gained > 0 else None,
        "unit_cost_planned": round(ask / abs(wanted)),
    }


def _work(history: History, campaign: int) -> Iterator[dict[str, Any]]:
    """What its paid work was to be, and how its audience was told that it is paid."""
    for one in history.work:
        bounty = history.bounties[one.bounty]
        if bounty.campaign == campaign and history.at("WorkPaid", one.submission):
            brief = _fields(history, "brief", bounty.brief)
            evidence = _fields(history, "evidence", one.evidence)
            told = {"asked": brief.get("disclosure"), "told": evidence.get("disclosure")}
            yield {"submission": one.submission, "worker": one.worker, **told}
