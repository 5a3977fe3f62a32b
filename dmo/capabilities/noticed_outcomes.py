"""What there is to tell of outcomes: reports made, challenged and decided, and bonuses that hang on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.documents import TITLE
from dmo.capabilities.ideas import idea_title
from dmo.capabilities.lens import CAMPAIGN, MONEY
from dmo.capabilities.outcomes import (
    OUTCOMES,
    REPORT,
    Bonus,
    OutcomeReport,
    has_outcomes,
    reports,
    standing,
    standings,
    terms_of,
    to_lead,
)
from dmo.capabilities.rooted import among, root
from dmo.core.chain import Event
from dmo.core.kinds import ACCOUNT, FLAG, PPM, TEXT, Value
from dmo.core.notices import WHEN, Notice
from dmo.home.home import Home

KINDS = (
    *("outcome_report", "reported", "report_challenged", "report_accepted", "report_stood", "report_fell"),
    *("bonus_due", "bonus_settled", "outcome_credit"),
)
NAMES = (
    "CampaignEscrow.CampaignFunded",
    *(f"{OUTCOMES}.{name}" for name in ("OutcomeReported", "OutcomeChallenged", "OutcomeSettled", "BonusSettled")),
)
_KIND = {"OutcomeReported": "reported", "OutcomeChallenged": "report_challenged"}


def _of(home: Home, number: int) -> dict[str, Value]:
    """What every notice about a campaign's outcome names."""
    one = home.facts(Campaign)[number]
    return {"campaign": CAMPAIGN(number), "title": TITLE(idea_title(home, one.round, one.number))}


def _said(home: Home, one: OutcomeReport) -> dict[str, Value]:
    values = {**_of(home, one.campaign), "report": REPORT(one.report), "ppm": PPM(one.ppm)}
    values |= {"reporter": ACCOUNT(one.reporter), "is_asked": FLAG(one.is_asked)}
    return {**values, "until": WHEN(one.ends_at(terms_of(home, one.campaign)))}


def _givers(home: Home, campaign: int) -> list[str]:
    return [one.giver for one in home.facts(Bonus).values() if one.campaign == campaign]


def happened(home: Home, event: Event, known: set[str]) -> Iterator[Notice]:
    """What a fact about outcomes tells these accounts."""
    told = event.arguments
    if event.name == "BonusSettled":
        values = {**_of(home, told["campaign"]), "lead": ACCOUNT(told["lead"]), "giver": ACCOUNT(told["giver"])}
        values |= {"to_lead": MONEY(told["toLead"]), "to_giver": MONEY(told["toGiver"])}
        its = root(event, f"campaign {told['campaign']}")
        about = f"{told['campaign']} {told['giver']}"
        for who in among(known, told["lead"], told["giver"]):
            yield Notice("bonus_settled", about, who, event.at, values, ("to_lead", "to_giver"), **its)
        return
    one = reports(home)[told["report"]]
    if event.name == "OutcomeSettled" and one.challenger is None:
        return  # that nobody challenged it was told when its time was over
    kind = _KIND.get(event.name) or ("report_stood" if told["stands"] else "report_fell")
    people = [one.lead, one.reporter, *([one.challenger] if one.challenger else ()), *_givers(home, one.campaign)]
    own = {"OutcomeReported": one.reporter, "OutcomeChallenged": one.challenger}.get(event.name)
    ends = {"ends": WHEN(standing(home, one.campaign).ends)}
    for who in among(known, *people):
        if who != own:
            its = root(event, f"report {one.report}")
            yield Notice(kind, f"{one.report}", who, event.at, {**_said(home, one), **ends}, ("ppm",), **its)


def stands(home: Home, known: set[str]) -> Iterator[Notice]:
    """What became final because nobody challenged it, and bonuses that can be settled."""
    if not has_outcomes(home):
        return
    for number, its in standings(home).items():
        latest = its.latest
        if not latest or its.state != "final":
            continue
        said = home.events(f"{OUTCOMES}.OutcomeReported", report=latest.report)[-1]
        more = {**root(said, f"report {latest.report}"), "lasts": True}
        if latest.challenger is None:
            at = latest.ends_at(terms_of(home, number))
            for who in among(known, its.lead, latest.reporter, *_givers(home, number)):
                yield Notice("report_accepted", f"{latest.report}", who, at, _said(home, latest), ("ppm",), **more)
        else:
            at = latest.settled_at or home.now
        for one in home.facts(Bonus).values():
            if one.campaign == number and not one.is_settled:
                values = {**_of(home, number), "amount": MONEY(one.amount), "giver": ACCOUNT(one.giver)}
                values |= {"to_lead": MONEY(to_lead(one.amount, latest.ppm)), "address": TEXT(one.giver)}
                for who in among(known, its.lead, one.giver):
                    yield Notice("bonus_due", f"{number} {one.giver}", who, at, values, ("to_lead",), **more)


def root_of_campaign(home: Home, number: int) -> dict[str, Any]:
    """The fact by which a campaign began, for what is to be done about it later."""
    funded = home.events("CampaignEscrow.CampaignFunded", campaign=number)[-1]
    return {"at": funded.at, **root(funded, f"campaign {number}")}
