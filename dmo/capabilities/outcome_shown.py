"""Outcomes as they are shown: what a campaign reached, who says so, what can be done, and what hangs on it."""

from collections.abc import Mapping
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.documents import DOCUMENT, TITLE
from dmo.capabilities.ideas import Idea, idea_title
from dmo.capabilities.lens import CAMPAIGN, MONEY
from dmo.capabilities.outcomes import (
    OUTCOMES,
    REPORT,
    STATES,
    Bonus,
    OutcomeReport,
    OutcomeStanding,
    credits_owed,
    reports_of,
    standing,
    standings,
    terms_of,
    to_lead,
)
from dmo.capabilities.worth import at_share, goal_of, leads_word, written
from dmo.core import words
from dmo.core.act import arg
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, PPM, TEXT, TIME, choice, shape
from dmo.core.view import Query
from dmo.home.home import Home

STATE = choice("outcome_state", *STATES)
HELD = choice("report_state", "waits", "judged", "stands", "fell")
OUTCOME_SHAPE = {
    **shape((PPM, "ppm says"), (TIME, "starts ends"), (ACCOUNT, "lead led_by"), (FLAG, "reportable judged")),
    **{"campaign": CAMPAIGN, "title": TITLE, "state": STATE, "bond": MONEY, "report": REPORT, "value": TEXT},
    **{"pending": PPM, "pending_until": TIME, "next": TEXT},
}
REPORT_SHAPE = {
    **shape((ACCOUNT, "reporter challenger"), (TIME, "at until"), report=REPORT, ppm=PPM, bond=MONEY, held=HELD),
    **shape((DIGEST, "evidence statement"), settled=FLAG, said=TEXT),
}
BONUS_SHAPE = {**shape((MONEY, "amount to_lead to_giver")), "giver": ACCOUNT, "settled": FLAG}
GOAL_SHAPE = shape((TEXT, "metric baseline target date"))


def _next(its: OutcomeStanding, now: int, has_arbitrator: bool) -> str:
    """What can be done now: a word of ``[word.outcome_next]``."""
    if its.state == "pending" and its.latest:
        return "judged" if its.latest.challenger else "challenge"
    if its.state == "none" and has_arbitrator:
        return "report" if its.is_reportable(now) else "bonus" if now < its.starts else ""
    return "settle" if its.latest and not its.latest.is_settled else ""


def outcome_row(home: Home, its: OutcomeStanding) -> dict[str, Any]:
    """What is known of a campaign's goal, for tables and machines."""
    one, fixed = home.facts(Campaign)[its.campaign], terms_of(home, its.campaign)
    latest, is_pending = its.latest, its.state == "pending"
    goal = goal_of(home, home.facts(Idea)[one.round, one.number].digest)
    key = _next(its, home.now, fixed.has_arbitrator)
    named = {"campaign": its.campaign, "report": latest.report if latest else ""}
    return {
        **{key: getattr(its, key) for key in ("campaign", "state", "starts", "ends", "ppm", "lead")},
        # Who led at the first report has the bonuses, whoever leads since; where all is decided no report comes.
        **{"led_by": its.lead if latest else one.lead, "bond": None if its.is_decided else its.bond},
        **{"title": idea_title(home, one.round, one.number), "judged": fixed.has_arbitrator},
        **{"report": latest.report if latest else None, "pending": latest.ppm if latest and is_pending else None},
        **{"pending_until": latest.ends_at(fixed) if latest and is_pending else None},
        **{"says": leads_word(home, its.campaign) if its.ppm is None else None},
        **{"value": written(at_share(goal, its.ppm)) if goal and its.ppm is not None else None},
        **{"reportable": its.is_reportable(home.now) and fixed.has_arbitrator},
        "next": words.word("outcome_next", key).format(**named) if key else "",
    }


def _report_row(home: Home, one: OutcomeReport) -> dict[str, Any]:
    is_over, stands = one.verdict(fixed := terms_of(home, one.campaign), home.now)
    held = ("stands" if stands else "fell") if is_over else "judged" if one.challenger else "waits"
    return {**vars(one), "held": held, "until": one.ends_at(fixed), "settled": one.is_settled, "said": held}


class ShowOutcome(
    Query,
    name="outcome show",
    room=OUTCOMES,
    gives={
        **{"outcome": OUTCOME_SHAPE, "goal": GOAL_SHAPE, "reports": [REPORT_SHAPE], "bonuses": [BONUS_SHAPE]},
        **{"offered": MONEY, "document": DOCUMENT},
    },
):
    campaign: int = arg(CAMPAIGN)

    def answer(self, home: Home) -> Mapping[str, Any]:
        its = standing(home, self.campaign)
        one = home.facts(Campaign)[self.campaign]
        goal = goal_of(home, home.facts(Idea)[one.round, one.number].digest)
        bonuses = [bonus for bonus in home.facts(Bonus).values() if bonus.campaign == self.campaign]
        open_ = sum(bonus.amount for bonus in bonuses if not bonus.is_settled)
        return {
            "outcome": outcome_row(home, its),
            "goal": {key: str(value) for key, value in goal.items()} if goal else None,
            "reports": [_report_row(home, each) for each in reports_of(home).get(self.campaign, ())],
            "bonuses": [_bonus_row(each, its) for each in bonuses],
            "offered": open_ or None,
            "document": documents.document(home, its.latest.evidence, is_far=True) if its.latest else None,
        }


def _bonus_row(one: Bonus, its: OutcomeStanding) -> dict[str, Any]:
    """What it came to, or comes to where the outcome is decided."""
    if one.is_settled or not its.is_decided:
        parts = (one.to_lead, one.to_giver) if one.is_settled else (None, None)
    else:
        parts = (part := to_lead(one.amount, its.ppm or 0)), one.amount - part
    return {**vars(one), "settled": one.is_settled, "to_lead": parts[0], "to_giver": parts[1]}


class ListOutcomes(
    Query, name="outcome list", room=OUTCOMES, gives={"outcomes": [OUTCOME_SHAPE], "mean": PPM, "count": NUMBER}
):
    def answer(self, home: Home) -> Mapping[str, Any]:
        found = standings(home)
        shares = past(found)
        mean = sum(shares) // len(shares) if shares else None
        return {"outcomes": [outcome_row(home, one) for one in found.values()], "mean": mean, "count": len(shares)}


def past(found: Mapping[int, OutcomeStanding]) -> list[int]:
    """What final outcomes came to, in millionths."""
    return [one.ppm for one in found.values() if one.ppm is not None]


class ShowOwed(
    Query,
    name="outcome owed",
    room=OUTCOMES,
    gives={"credits": [shape(account=ACCOUNT, amount=MONEY, expires_at=TIME)]},
):
    def answer(self, home: Home) -> Mapping[str, Any]:
        found = credits_owed(home)
        rows = [{"account": who, "amount": it.amount, "expires_at": it.expires_at} for who, it in found.items()]
        return {"credits": rows}
