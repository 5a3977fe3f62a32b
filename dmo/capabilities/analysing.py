"""The founder's page: from idea to outcome, what results cost, who foresaw them, what channels and people brought."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dmo.capabilities import analytics
from dmo.capabilities.achieved import FIGURE, WAY
from dmo.capabilities.analytics import ONE
from dmo.capabilities.history import History
from dmo.capabilities.lens import CAMPAIGN, MONEY
from dmo.core import kinds, units
from dmo.core.act import option
from dmo.core.files import canonical_json, write_again
from dmo.core.kinds import ACCOUNT, DURATION, FLAG, NUMBER, PPM, SHARE, TEXT, TIME, Kind, choice, shape
from dmo.core.view import Query
from dmo.home.documents import Document
from dmo.home.home import Home

STEP = choice("funnel_step", "posted", "passed", "funded", "paid", "taught", "measured", "judged", "reached")
OFF = Kind(
    "OFF",
    lambda _, text: text,
    lambda _, ppm: "" if ppm is None else units.format_ppm(ppm),
    schema={"type": ["integer", "null"]},
)
"""So much more of the goal than was expected, ppm; below 0 for less."""
SQUARE = Kind(
    "SQUARE",
    lambda _, text: text,
    lambda _, ppm: "" if ppm is None else f"{ppm / ONE:.3f}",
    schema={"type": ["integer", "null"]},
)
_SUMS = shape((NUMBER, "campaigns reached"), (PPM, "outcome"), spent=MONEY, way=WAY)
ANALYTICS = {
    "funnel": [shape((NUMBER, "count"), step=STEP, share=SHARE)],
    "costs": [
        shape(
            (NUMBER, "campaigns"),
            (MONEY, "spent unit_cost unit_cost_planned"),
            (FIGURE, "gained per_thousand"),
            metric=TEXT,
        )
    ],
    "foreseen": [shape((NUMBER, "round number"), (PPM, "forecast outcome"), off=OFF, campaign=CAMPAIGN, title=TEXT)],
    "tenths": [shape((PPM, "first forecast outcome"), count=NUMBER)],
    "channels": [{**_SUMS, "name": TEXT}],
    "audiences": [{**_SUMS, "name": TEXT}],
    "leads": [{**_SUMS, "name": ACCOUNT}],
    "times": [
        shape((TIME, "posted funded first_paid"), (DURATION, "to_budget to_money"), campaign=CAMPAIGN, title=TEXT)
    ],
    **shape((DURATION, "middle_to_budget middle_to_money"), (FLAG, "has_outcomes has_forecasts"), (SQUARE, "brier")),
    **{"calibrated": NUMBER, "folder": TEXT},
}


def analysed(history: History) -> dict[str, Any]:
    """All of it, by the names in ``ANALYTICS``."""
    pairs, spans = analytics.foreseen(history), [*analytics.times(history)]
    channels = analytics.channels(history)
    titles = {one.campaign: _title(history, one.round, one.number) for one in history.campaigns}
    brought = {
        "channels": analytics.brought(history, lambda row: filter(None, [channels.get(row["campaign"])])),
        "audiences": analytics.brought(history, lambda row: map(str, row["audience"] or ())),
        "leads": analytics.brought(history, lambda row: [row["lead"]]),
    }
    return {
        **brought,
        "funnel": [{**one._asdict(), "count": one.reached} for one in analytics.funnel(history)],
        "costs": analytics.costs(history),
        "foreseen": [{**one._asdict(), "off": one.off, "title": titles[one.campaign]} for one in pairs],
        "tenths": analytics.tenths(pairs),
        "calibrated": len(pairs) or None,
        "brier": analytics.brier(pairs),
        "times": [{**one, "title": titles[one["campaign"]]} for one in spans],
        "middle_to_budget": analytics.middle(one["to_budget"] for one in spans),
        "middle_to_money": analytics.middle(one["to_money"] for one in spans),
        "has_outcomes": history.appraised.has_outcomes,
        "has_forecasts": history.appraised.has_forecasts,
    }


def _title(history: History, number: int, place: int) -> str | None:
    found = history.documents.get(history.ideas[number, place].digest)
    return found.title if isinstance(found, Document) else None


class Analytics(Query, name="analytics", gives=ANALYTICS):
    csv: str | None = option(TEXT.called("FOLDER"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.capabilities.ledger import read_history

        found = analysed(read_history(home))
        if self.csv:
            self.write(Path(self.csv), kinds.plain(self.gives, found))
        return {**found, "folder": self.csv}

    def write(self, folder: Path, told: Mapping[str, Any]) -> None:
        """Each table as CSV, and all of it as JSON."""
        from dmo.faces.commas import written

        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in told.items():
            if isinstance(rows, list):
                write_again(folder / f"{name}.csv", written(rows))
        write_again(folder / "analytics.json", canonical_json({**told, "folder": None}))
