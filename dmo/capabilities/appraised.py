"""What the rooms of outcomes and forecasts tell of campaigns, where a deployment has them."""

from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.history import Appraised
from dmo.core.errors import Refused
from dmo.home.home import Home

OUTCOMES, FORECASTS = "Outcomes", "Forecasts"
_FINAL = 2


def appraised(home: Home) -> Appraised:
    """Final outcomes by campaign, and the forecasts when votes closed by idea, both in ppm."""
    has_outcomes, has_forecasts = (name in home.dmo.addresses for name in (OUTCOMES, FORECASTS))
    outcomes: dict[int, int] = {}
    forecasts: dict[tuple[int, int], int] = {}
    if has_outcomes:
        known = list(home.facts(Campaign))
        answers = home.snapshot.try_read([home.reading(OUTCOMES, "outcomeOf", campaign) for campaign in known])
        told = [(its, *one[:2]) for its, one in zip(known, answers, strict=True) if not isinstance(one, Refused)]
        outcomes = {its: ppm for its, state, ppm in told if int(state) == _FINAL}  # of an earlier board's none is told
    if has_forecasts:
        # Nothing moves a forecast once its vote is over, so the last word is that of the close; of a market that only
        # began nobody forecast anything.
        for one in sorted(home.events(f"{FORECASTS}.ForecastMoved"), key=lambda event: (event.block, event.index)):
            its = one.arguments
            forecasts[its["round"], its["number"]] = its["toPpm"]
    return Appraised(has_outcomes, has_forecasts, outcomes, forecasts)
