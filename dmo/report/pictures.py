"""Pictures of votes, of time and of reputation. Each has a table behind it that says the same."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from dmo.core.units import WAD
from dmo.report.facts import CampaignFacts
from dmo.report.history import History
from dmo.report.svg import Drawing, cut
from dmo.report.words import DAY, Names, day, first_payment, verdict

__all__ = ["axis_days", "points_over_time", "timeline", "votes"]


# ── votes ───────────────────────────────────────────────────────────────────────────────────────


def votes(history: History, round_: int) -> str:
    """For to the right, against to the left, net support as a diamond, the threshold dashed."""
    facts = next(r for r in history.rounds if r.number == round_)
    ideas = sorted(
        (i for i in history.ideas if i.round == round_ and not i.is_withdrawn),
        key=lambda i: (-i.net, i.number),
    )
    if not ideas:
        return ""
    unit = 10**history.votes_token.decimals
    # One scale for all rounds, so that they can be compared.
    most_for = max(max(i.for_votes for i in history.ideas), facts.threshold, 1)
    most_against = max(i.against_votes for i in history.ideas)
    width, row = 1000.0, 46
    scale = (width - 290) / (most_for + most_against)
    zero = 90 + most_against * scale
    height = 54 + row * len(ideas)
    drawing = Drawing(
        width,
        height,
        f"Votes of round {round_}: "
        + "; ".join(
            f"{history.title_of(i.digest, f'idea {i.number}')}: {i.for_votes // unit:,} for, "
            f"{i.against_votes // unit:,} against, {verdict(i)}"
            for i in ideas
        ),
    )
    for index, idea in enumerate(ideas):
        y = 36 + row * index
        title = cut(history.title_of(idea.digest, f"Idea {idea.number}"), 76)
        lang = history.lang_of(idea.digest)
        drawing.text(10, y + 2, f"{idea.round}.{idea.number}  {title}", "label", lang=lang)
        drawing.rect(
            zero, y + 9, idea.for_votes * scale, 18, "work", f"{idea.for_votes // unit:,} for"
        )
        drawing.rect(
            zero - idea.against_votes * scale,
            y + 9,
            idea.against_votes * scale,
            18,
            "against",
            f"{idea.against_votes // unit:,} against",
        )
        if idea.against_votes:
            drawing.text(
                zero - idea.against_votes * scale - 6,
                y + 22,
                f"−{idea.against_votes // unit:,}",
                "small",
                text_anchor="end",
            )
        x = zero + idea.for_votes * scale + (0 if idea.against_votes else 7)
        drawing.text(
            x + 8,
            y + 22,
            f"{idea.for_votes // unit:,} · {verdict(idea)}",
            "small strong" if idea.campaign else "small",
        )
        net = zero + idea.net * scale
        drawing.mark("diamond", net, y + 18, f"net {idea.net // unit:,}")
    at = zero + facts.threshold * scale
    for index in range(len(ideas)):
        y = 36 + row * index
        drawing.line(zero, y + 6, zero, y + 31, "axis")
        if facts.threshold:
            drawing.line(at, y + 5, at, y + 32, "threshold")
    if facts.threshold:
        drawing.text(
            at,
            height - 12,
            f"passing: net {facts.threshold // unit:,}",
            "small",
            text_anchor="middle",
        )
    return drawing.render()


# ── reputation ──────────────────────────────────────────────────────────────────────────────────


def _spread(wanted: list[float], distance: float, bottom: float) -> list[float]:
    """Move labels apart, keeping their order."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + distance)
    overflow = placed[order[-1]] - bottom if order else 0
    if overflow > 0:
        placed[order[-1]] = bottom
        for after, before in pairwise(reversed(order)):
            placed[before] = min(placed[before], placed[after] - distance)
    return placed


def axis_days(
    drawing: Drawing,
    first: int,
    last: int,
    x: Callable[[int], float],
    y: float,
    *,
    by_day: bool = False,
) -> None:
    """Vertical lines at Mondays, or days; fewer where there would be too many."""
    unit = DAY if by_day else 7 * DAY
    step = unit * max(1, -(-(last - first) // unit) // 12)
    start = first - (first - 4 * DAY) % unit  # the Monday before: 5 January 1970 was one
    for moment in range(start, last + 1, step):
        if moment >= first:
            drawing.line(x(moment), 24, x(moment), y, "grid")
            drawing.text(x(moment), y + 18, day(moment), "small", text_anchor="middle")


def points_over_time(history: History, names: Names) -> str:
    """One line per account; steps up when paid, fading in between."""
    if not history.moments:
        return ""
    width, height, left, right = 1000.0, 420.0, 60.0, 800.0
    first, last = history.moments[0], history.moments[-1]
    most = max(max(line) for line in history.standing.values()) or 1
    bottom = height - 34

    def x(moment: int) -> float:
        return left + (moment - first) / max(last - first, 1) * (right - left)

    def y(points: int) -> float:
        return bottom - points / most * (bottom - 30)

    order = sorted(history.standing, key=lambda account: -history.standing[account][-1])
    drawing = Drawing(
        width,
        height,
        "Reputation over time; at the end "
        + ", ".join(f"{names(a)} {history.standing[a][-1] / WAD:,.0f} points" for a in order),
    )
    axis_days(drawing, first, last, x, bottom)
    whole = most // WAD or 1
    step = next(s for p in range(12) for s in (10**p, 2 * 10**p, 5 * 10**p) if whole / s <= 5)
    for mark in range(0, whole + 1, step):
        drawing.line(left, y(mark * WAD), right, y(mark * WAD), "grid")
        drawing.text(left - 8, y(mark * WAD) + 4, f"{mark:,}", "small", text_anchor="end")
    labels = _spread([y(history.standing[a][-1]) for a in order], 22, bottom)
    for index, account in enumerate(order):
        line = history.standing[account]
        began = next(i for i, value in enumerate(line) if value)
        points = [
            f"{x(m):.1f} {y(v):.1f}"
            for m, v in zip(
                history.moments[max(began - 1, 0) :], line[max(began - 1, 0) :], strict=True
            )
        ]
        drawing.add(
            "path",
            d="M" + "L".join(points),
            class_=f"curve k{index % 6}{' g1' if index > 5 else ''}",
        )
        for award in history.awards:
            if award.account == account:
                at = next((i for i, m in enumerate(history.moments) if m >= award.at), -1)
                _marker(drawing, index, x(history.moments[at]), y(line[at]))
        drawing.line(right + 2, y(line[-1]), right + 16, labels[index], "leader")
        _marker(drawing, index, right + 22, labels[index])
        drawing.text(
            right + 32,
            labels[index] + 4,
            f"{cut(names(account), 20)} {line[-1] / WAD:,.0f}",
            "label",
        )
    return drawing.render()


def _marker(drawing: Drawing, index: int, x: float, y: float) -> None:
    shapes = (
        f"M{x - 4:.1f} {y - 4:.1f}h8v8h-8z",
        f"M{x:.1f} {y - 5:.1f}l5 9h-10z",
        f"M{x:.1f} {y - 5:.1f}l5 5-5 5-5-5z",
        f"M{x - 4:.1f} {y:.1f}a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        f"M{x:.1f} {y + 5:.1f}l5-9h-10z",
        f"M{x - 5:.1f} {y - 1.5:.1f}h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z",
    )
    drawing.add("path", d=shapes[index % 6], class_=f"marker k{index % 6}")


# ── time ────────────────────────────────────────────────────────────────────────────────────────


def timeline(history: History) -> str:
    """One row per campaign: posted, voted, at work; a coin where somebody was paid."""
    if not history.campaigns:
        return ""
    rounds = {r.number: r for r in history.rounds}
    posted = {(i.round, i.number): i.posted_at for i in history.ideas}
    width, left, right, row = 1000.0, 10.0, 985.0, 56
    first = min(posted[c.round, c.number] for c in history.campaigns) - DAY
    last = (
        max(
            [history.campaigns[-1].ends_at]
            + [p.at for p in history.payments]
            + [c.closed_at or 0 for c in history.campaigns]
        )
        + 2 * DAY
    )
    height = 40 + row * len(history.campaigns) + 30
    bottom = height - 30

    def x(moment: int) -> float:
        return left + (moment - first) / (last - first) * (right - left)

    drawing = Drawing(
        width,
        height,
        "From idea to money: " + "; ".join(_path_words(history, c) for c in history.campaigns),
    )
    axis_days(drawing, first, last, x, bottom)
    for index, campaign in enumerate(history.campaigns):
        y = 36.0 + row * index
        facts = rounds[campaign.round]
        start = posted[campaign.round, campaign.number]
        title = cut(history.campaign_title(campaign), 80)
        drawing.text(max(x(start), left), y, title, "label", lang=history.campaign_lang(campaign))
        for begin, end, kind, words in (
            (start, facts.opens, "back", "posted, open to edits"),
            (facts.opens, facts.closes, "fee", "voted on"),
            (campaign.funded_at, campaign.ends_at, "work", "campaign runs"),
        ):
            drawing.rect(x(begin), y + 8, x(end) - x(begin), 18, kind, words)
        if campaign.lessons_at:
            drawing.mark("flag", x(campaign.lessons_at), y + 17, "lessons filed")
        for payment in history.payments:
            if payment.campaign == campaign.id and payment.kind in ("work", "gift", "fee"):
                drawing.mark("coin", x(payment.at), y + 17, f"paid {day(payment.at)}")
    return drawing.render()


def _path_words(history: History, campaign: CampaignFacts) -> str:
    idea = history.idea(campaign.round, campaign.number)
    paid = first_payment(history, campaign)
    words = f"{history.campaign_title(campaign)}: posted {day(idea.posted_at)}"
    words += f", funded {day(campaign.funded_at)}"
    return words + (f", first paid {day(paid)}" if paid else "")
