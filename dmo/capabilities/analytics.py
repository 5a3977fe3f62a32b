"""Analytics: what became of ideas, what results cost, who foresaw them, who brought them; pure functions of a history.

Money in units of the budget token, times in Unix seconds, shares in ppm of a goal. Goals and values are the documents'
own words; outcomes are what was reported and could be challenged. What is not known yet is None, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median_low
from typing import Any, NamedTuple

from dmo.capabilities.achieved import achieved
from dmo.capabilities.history import History
from dmo.capabilities.lint import number_of
from dmo.capabilities.worth import at_share, share_of
from dmo.home.documents import Document

ONE = 1_000_000
TENTHS = 10
NEAR = 20_000
"""So far from what the evidence shows may a report be, ppm: a lead's number as near as that is the same, and exact."""
Row = Mapping[str, Any]


class FunnelStep(NamedTuple):
    """One stage of the way from idea to outcome: how many came so far, in bps of the stage before."""

    step: str
    reached: int
    share: int | None


def funnel(history: History) -> list[FunnelStep]:
    """From ideas to outcomes; edits of an idea are the idea. Stages of rooms that are not there are left out."""
    ideas = [one for key, one in history.ideas.items() if key not in history.edited]
    passed = [one for one in ideas if history.outcome(one) in ("funded", "did_not_fit")]
    rows = [*achieved(history)]
    counts = {
        "posted": len(ideas),
        "passed": len(passed),
        "funded": len(history.campaigns),
        "paid": sum(history.first_payment(one.campaign) is not None for one in history.campaigns),
        "taught": len(history.lessons),
        "measured": sum(row["way"] is not None for row in rows),
    }
    if history.appraised.has_outcomes:
        final = history.appraised.outcomes
        counts |= {"judged": len(final), "reached": sum(ppm >= ONE for ppm in final.values())}
    before = [None, *counts.values()]
    return [
        FunnelStep(step, count, count * 10_000 // last if last else None)
        for (step, count), last in zip(counts.items(), before, strict=False)
    ]


def reached(row: Row, ppm: int | None) -> Decimal | None:
    """What a campaign's metric came to: its lead's number, or what a final outcome comes to where that is another."""
    said = row["value"]
    if ppm is not None and (said is None or abs(share_of(row, said) - ppm) > NEAR):
        return at_share(row, ppm)
    return None if said is None else Decimal(str(said))


def costs(history: History) -> list[dict[str, Any]]:
    """What one more of each metric cost, over all campaigns that name it and of which is known what they reached.

    The dearest last.
    """
    thousand = 1_000 * 10**history.dmo.budget_token.decimals
    found: dict[str, dict[str, Any]] = {}
    for row in achieved(history):
        if not row["metric"] or row["baseline"] is None or row["target"] is None or row["baseline"] == row["target"]:
            continue
        baseline, target = (Decimal(str(row[key])) for key in ("baseline", "target"))
        name = " ".join(row["metric"].split())
        its = found.setdefault(
            name.casefold(),
            {**{"metric": name, "campaigns": 0, "spent": None, "gained": None, "planned": Decimal(0), "asked": 0}},
        )
        its["planned"] += abs(target - baseline)
        its["asked"] += row["ask"]
        its["campaigns"] += 1
        value = reached(row, history.appraised.outcomes.get(row["campaign"]))
        if value is not None:
            gained = (value - baseline) * (1 if target > baseline else -1)
            its["gained"] = (its["gained"] or Decimal(0)) + gained
            its["spent"] = (its["spent"] or 0) + row["spent"]
    for its in found.values():
        gained = its["gained"]
        its["unit_cost"] = round(its["spent"] / gained) if gained is not None and gained > 0 else None
        its["unit_cost_planned"] = round(its["asked"] / its["planned"])
        its["per_thousand"] = round(float(gained * thousand / its["spent"]), 4) if its["spent"] else None
        its["gained"] = None if gained is None else float(gained)
    return sorted(found.values(), key=lambda its: (its["unit_cost"] is None, its["unit_cost"] or 0, its["metric"]))


class Foreseen(NamedTuple):
    """A campaign whose idea had a forecast, and whose outcome is final; both in ppm."""

    campaign: int
    round: int
    number: int
    forecast: int
    outcome: int

    @property
    def off(self) -> int:
        """Outcome less forecast, ppm."""
        return self.outcome - self.forecast


def foreseen(history: History) -> list[Foreseen]:
    """All of them, in the order of the campaigns."""
    known = history.appraised
    return [
        Foreseen(one.campaign, one.round, one.number, known.forecasts[one.round, one.number], ppm)
        for one in history.campaigns
        if (ppm := known.outcomes.get(one.campaign)) is not None and (one.round, one.number) in known.forecasts
    ]


def brier(pairs: Sequence[Foreseen]) -> int | None:
    """The mean of the squared distances, in ppm: 0 is perfect, and a forecast of a half is off by 250,000 at most."""
    return sum(one.off * one.off for one in pairs) // (ONE * len(pairs)) if pairs else None


def tenths(pairs: Sequence[Foreseen]) -> list[dict[str, int]]:
    """Forecasts by tenths: how many, and the means of forecast and outcome, ppm, rounded down."""
    found = []
    for place in range(TENTHS):
        its = [one for one in pairs if min(one.forecast * TENTHS // ONE, TENTHS - 1) == place]
        if its:
            means = {key: sum(getattr(one, key) for one in its) // len(its) for key in ("forecast", "outcome")}
            found.append({"first": place * ONE // TENTHS, "count": len(its), **means})
    return found


def channels(history: History) -> dict[int, str]:
    """Campaign → the channel of the tactic that its idea names, where both texts are published."""
    found = {}
    for one in history.campaigns:
        idea = history.documents.get(history.ideas[one.round, one.number].digest)
        place = number_of(idea.fields.get("tactic") or "") if isinstance(idea, Document) else None
        tactic = history.documents.get(history.tactics.get(place or 0, b""))
        if isinstance(tactic, Document) and tactic.kind == "tactic":
            found[one.campaign] = str(tactic.fields["channel"])
    return found


def brought(history: History, names: Callable[[Row], Iterable[str]]) -> list[dict[str, Any]]:
    """What campaigns came to, by what ``names`` calls them; one with several names counts for each.

    Of each: how many campaigns, what they spent, how many said that they reached their goals, the mean of the way
    that they say they went, and of their outcomes (ppm).
    """
    groups: dict[str, list[Row]] = {}
    for row in achieved(history):
        for name in dict.fromkeys(names(row)):
            groups.setdefault(name, []).append(row)
    found = []
    for name, rows in groups.items():
        ways = [row["way"] for row in rows if row["way"] is not None]
        final = [ppm for row in rows if (ppm := history.appraised.outcomes.get(row["campaign"])) is not None]
        its = {
            "name": name,
            "campaigns": len(rows),
            "spent": sum(row["spent"] for row in rows),
            "reached": sum(way >= 1 for way in ways) if ways else None,
            "way": sum(ways) / len(ways) if ways else None,
            "outcome": sum(final) // len(final) if final else None,
        }
        found.append(its)
    return sorted(found, key=lambda its: (-its["spent"], its["name"]))


def times(history: History) -> Iterator[dict[str, Any]]:
    """How long each campaign's idea took to its budget, and to the first payment for work."""
    for one in history.campaigns:
        posted = history.at("IdeaPosted", one.round, one.number)
        funded = history.at("CampaignFunded", one.campaign)
        paid = history.first_payment(one.campaign)
        its = {"campaign": one.campaign, "posted": posted, "funded": funded, "first_paid": paid}
        its["to_budget"] = funded - posted if funded and posted else None
        yield {**its, "to_money": paid - posted if paid and posted else None}


def middle(found: Iterable[int | None]) -> int | None:
    """The median of what is known, the lower of two."""
    known = [one for one in found if one is not None]
    return median_low(known) if known else None
