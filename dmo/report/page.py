"""One self-contained HTML page: no script, no font, no request to anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from dmo.report import pictures
from dmo.report.facts import CampaignFacts, IdeaFacts, WorkFacts
from dmo.report.history import History
from dmo.report.prose import to_html
from dmo.report.svg import PATTERNS
from dmo.units import WAD, format_amount, format_duration

__all__ = ["render_page"]

KINDS = {
    "work": "work",
    "gift": "work, from a gift",
    "fee": "lead's fee",
    "credited": "could not be delivered: a credit",
    "credit": "credit, sent where its owner said",
}


def _date(timestamp: int | None) -> str:
    if not timestamp:
        return "–"
    moment = datetime.fromtimestamp(timestamp, UTC)
    return f"{moment.day} {moment:%b %Y}"


def _work_story(work: WorkFacts) -> str:
    """What happened to a submission, in words."""
    steps = []
    if work.rejected_at:
        steps.append("rejected")
    if work.reworked_at:
        steps.append("reworked")
    if work.withdrawn_at:
        steps.append("withdrawn")
    if work.accepted_at:
        steps.append("accepted")
    if work.is_silent:
        steps.append("accepted by silence")
    if work.paid_at:
        steps.append("paid")
    elif work.released_at:
        steps.append("released unpaid")
    return ", ".join(steps) or "in review"


def render_page(
    history: History, names: Mapping[str, str] | None = None, *, title: str = ""
) -> str:
    """Render a history.

    Args:
        history: What happened.
        names: Address → what people call it; addresses without a name are shortened.
        title: The organization's name; the deployment's otherwise.

    Returns:
        The HTML.
    """
    known = {address.lower(): name for address, name in (names or {}).items()}
    contracts = {address.lower(): name for name, address in history.contracts.items()}

    def name(address: str) -> str:
        lower = address.lower()
        short = f"{address[:6]}…{address[-4:]}"
        return known.get(lower) or contracts.get(lower) or short

    budget, votes = history.budget_token, history.votes_token

    def money(amount: int) -> str:
        return format_amount(amount, budget.decimals)

    def weight(amount: int) -> str:
        return f"{amount // 10**votes.decimals:,}"

    def points(amount: int) -> str:
        return f"{amount / WAD:,.1f}"

    def idea_title(idea: IdeaFacts) -> Markup:
        return _titled(history, idea.digest, f"Idea {idea.round}.{idea.number}")

    def campaign_title(campaign: CampaignFacts | int) -> Markup:
        if isinstance(campaign, int):
            found = next((c for c in history.campaigns if c.id == campaign), None)
            if found is None:
                return Markup("–")
            campaign = found
        return idea_title(history.idea(campaign.round, campaign.number))

    people = sorted(
        {p.payee for p in history.payments},
        key=lambda a: (-(history.standing.get(a) or (0,))[-1], name(a)),
    )
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(
        resources.files("dmo.report").joinpath("page.html.j2").read_text("utf-8")
    )
    context: dict[str, Any] = {
        "h": history,
        "title": title or history.name,
        "patterns": Markup(PATTERNS),  # noqa: S704 - our own constant
        "pictures": {
            "money": _svg(pictures.money_flow(history)),
            "votes": {r.number: _svg(pictures.votes(history, r.number)) for r in history.rounds},
            "points": _svg(pictures.points_over_time(history, name)),
            "time": _svg(pictures.timeline(history)),
        },
        "name": name,
        "money": money,
        "rounded": lambda amount: pictures.rounded(amount, budget.decimals),
        "weight": weight,
        "points": points,
        "date": _date,
        "span": format_duration,
        "kinds": KINDS,
        "verdict": pictures.verdict,
        "idea_title": idea_title,
        "campaign_title": campaign_title,
        "work_story": _work_story,
        "first_payment": lambda c: pictures.first_payment(history, c),
        "document": lambda digest: history.documents.get(digest),
        "doc_title": lambda digest, fallback: _titled(history, digest, fallback),
        "prose": lambda text: Markup(to_html(text)),  # noqa: S704 - to_html escapes
        "people": people,
        "earned": {
            account: sum(
                p.amount for p in history.payments if p.payee == account and p.kind != "credit"
            )
            for account in people
        },
        "awarded": sum(a.points for a in history.awards),
        "unit": budget.symbol,
        "vote_unit": votes.symbol,
    }
    return template.render(context)


def _svg(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - svg.Drawing escapes


def _titled(history: History, digest: str, fallback: str) -> Markup:
    """A document's title, marked with its language."""
    document = history.documents.get(digest)
    if document is None:
        return Markup("<span>{}</span>").format(fallback)
    return Markup('<span lang="{}">{}</span>').format(document.lang, document.title)
