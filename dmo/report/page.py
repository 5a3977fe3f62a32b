"""One self-contained HTML page: no script, no font, no request to anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from dmo.report import pictures, tables
from dmo.report.facts import DisputeFacts, WorkFacts
from dmo.report.flow import money_flow
from dmo.report.history import History
from dmo.report.prose import to_html
from dmo.report.svg import PATTERNS
from dmo.report.trial import trial_time, trial_votes
from dmo.report.view import View, date
from dmo.report.words import rounded, source_of_jurors, verdict, work_story

__all__ = ["render_page"]


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
    view = View.of(history, names or {})
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(
        resources.files("dmo.report").joinpath("page.html.j2").read_text("utf-8")
    )
    context: dict[str, Any] = {
        "h": history,
        "view": view,
        "tables": tables,
        "title": title or history.name,
        "patterns": Markup(PATTERNS),  # noqa: S704 - our own constant
        "money_flow": lambda: _svg(money_flow(history)),
        "votes": lambda round_: _svg(pictures.votes(history, round_)),
        "points_over_time": lambda: _svg(pictures.points_over_time(history, view.name)),
        "timeline": lambda: _svg(pictures.timeline(history)),
        "trial_time": lambda one: _svg(trial_time(history, one, view.name)),
        "trial_votes": lambda one: _svg(trial_votes(history, one, view.name)),
        "rounded": lambda amount: rounded(amount, history.budget_token.decimals),
        "date": date,
        "verdict": verdict,
        "source_of_jurors": lambda one: source_of_jurors(history, one),
        "work_story": lambda work: work_story(work, history.dispute_of.get(work.id), history.now),
        "sides": lambda one: _sides(one, history.work_of.get(one.submission)),
        "document": lambda digest: history.documents.get(digest),
        "prose": lambda text: Markup(to_html(text)),  # noqa: S704 - to_html escapes
        "people": {payment.payee for payment in history.payments},
    }
    return template.render(context)


Said = tuple[str, str, str]
"""A document's digest, who gave it, and as what."""


def _sides(dispute: DisputeFacts, work: WorkFacts | None) -> list[tuple[str, list[Said]]]:
    """What both sides of a dispute, and others, showed; sides without a word are left out."""
    accuser = dispute.opener if dispute.is_challenge else dispute.lead
    defenders = {dispute.worker, *(work.payees if work else ())}
    if dispute.is_challenge:
        defenders.add(dispute.lead)
    said: dict[str, list[Said]] = {"For the work": [], "Against it": [], "Others": []}
    if work:
        said["For the work"].append((work.evidence, work.worker, "the work"))
        if work.reason and not dispute.is_challenge:
            said["Against it"].append((work.reason, dispute.lead, "the rejection"))
    for index, paper in enumerate(dispute.papers):
        side = (
            "Against it"
            if paper.by == accuser
            else "For the work"
            if paper.by in defenders
            else "Others"
        )
        words = f"{'statement' if index == 0 else 'evidence'}, {date(paper.at)}"
        said[side].append((paper.digest, paper.by, words))
    return [(side, papers) for side, papers in said.items() if papers]


def _svg(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - svg.Drawing escapes
