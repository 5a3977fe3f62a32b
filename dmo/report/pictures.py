"""The report's pictures. Each has a table behind it that says the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

from dmo.report.facts import CampaignFacts, IdeaFacts
from dmo.report.history import History
from dmo.report.svg import Drawing, cut
from dmo.units import WAD, format_amount

__all__ = [
    "first_payment",
    "money_flow",
    "points_over_time",
    "rounded",
    "timeline",
    "verdict",
    "votes",
]

Names = Callable[[str], str]
DAY = 86_400


def _day(timestamp: int) -> str:
    moment = datetime.fromtimestamp(timestamp, UTC)
    return f"{moment.day} {moment:%b}"


def rounded(amount: int, decimals: int) -> str:
    """An amount for a label: whole tokens, at most two decimals."""
    cents = round(amount * 100 / 10**decimals)
    return format_amount(cents, 2)


def _lang(history: History, campaign: CampaignFacts) -> str:
    return history.lang_of(history.idea(campaign.round, campaign.number).digest)


# ── money ───────────────────────────────────────────────────────────────────────────────────────


def money_flow(history: History) -> str:
    """From the treasury through campaigns to people, and back: widths are amounts."""
    token = history.budget_token
    campaigns = history.campaigns
    asked = sum(c.ask for c in campaigns)
    unassigned = max(history.deposited - asked, 0)
    gifts = sum(c.gifts for c in campaigns)
    total = asked + unassigned + gifts
    if not total:
        return ""
    scale, gap, top = 400 / total, 30, 44
    left, middle, right, thick = 10.0, 360.0, 752.0, 16.0
    middle_nodes = len(campaigns) + bool(unassigned)
    ends = [
        ("work", "Workers", sum(c.work_paid for c in campaigns)),
        ("gift", "Workers, from gifts", sum(c.gift_paid for c in campaigns)),
        ("fee", "Leads' fees", sum(c.fee_paid for c in campaigns)),
        ("back", "Not spent", sum(c.left for c in campaigns) + unassigned),
    ]
    ends = [end for end in ends if end[2]]
    height = top + 400 + gap * max(middle_nodes, len(ends)) + 14
    drawing = Drawing(
        1000,
        height,
        f"Money flow: {rounded(history.deposited, token.decimals)} {token.symbol} deposited and "
        f"{rounded(gifts, token.decimals)} given; "
        + "; ".join(f"{label}: {rounded(amount, token.decimals)}" for _, label, amount in ends),
    )
    for x, heading in (
        (left, "Where it came from"),
        (middle, "Campaigns"),
        (right, "Where it went"),
    ):
        drawing.text(x, 16, heading, "head")

    def node(x: float, y: float, amount: int, fill: str, label: str, lang: str = "") -> float:
        drawing.text(x, y - 7, label, "label", lang=lang or None)
        drawing.rect(x, y, thick, max(amount * scale, 1.5), fill, label)
        return y

    source_y = {"treasury": top + 8.0}
    node(
        left,
        source_y["treasury"],
        asked + unassigned,
        "back",
        f"Treasury: {rounded(asked + unassigned, token.decimals)}",
    )
    source_y["gifts"] = source_y["treasury"] + (asked + unassigned) * scale + gap + 20
    if gifts:
        node(left, source_y["gifts"], gifts, "gift", f"Gifts: {rounded(gifts, token.decimals)}")
    end_y: dict[str, float] = {}
    y = top + 8.0
    for kind, label, amount in ends:
        end_y[kind] = node(right, y, amount, kind, f"{label}: {rounded(amount, token.decimals)}")
        y += amount * scale + gap + 8
    y = top + 8.0
    for campaign in campaigns:
        title = cut(history.campaign_title(campaign), 36)
        amount = campaign.ask + campaign.gifts
        label, lang = f"{title} · {rounded(amount, token.decimals)}", _lang(history, campaign)
        node(middle, y, amount, "work", label, lang)
        at = y
        for source, part in (("treasury", campaign.ask), ("gifts", campaign.gifts)):
            if part:
                drawing.band(
                    left + thick,
                    source_y[source],
                    middle,
                    at,
                    part * scale,
                    "gift" if source == "gifts" else "back",
                    f"{rounded(part, token.decimals)} {token.symbol} for {title}",
                )
                source_y[source] += part * scale
                at += part * scale
        at = y
        for kind, part in (
            ("work", campaign.work_paid),
            ("gift", campaign.gift_paid),
            ("fee", campaign.fee_paid),
            ("back", campaign.left),
        ):
            if part:
                drawing.band(
                    middle + thick,
                    at,
                    right,
                    end_y[kind],
                    part * scale,
                    kind,
                    f"{title}: {rounded(part, token.decimals)} {token.symbol}",
                )
                end_y[kind] += part * scale
                at += part * scale
        y += amount * scale + gap
    if unassigned:
        label = f"Not assigned · {rounded(unassigned, token.decimals)}"
        node(middle, y, unassigned, "back", label)
        drawing.band(
            left + thick, source_y["treasury"], middle, y, unassigned * scale, "back", label
        )
        drawing.band(middle + thick, y, right, end_y["back"], unassigned * scale, "back", label)
    drawing.height = max(height, y + unassigned * scale + 14)
    return drawing.render()


# ── votes ───────────────────────────────────────────────────────────────────────────────────────


def verdict(idea: IdeaFacts) -> str:
    """What became of an idea, in few words."""
    if idea.is_withdrawn:
        return "replaced by an edit"
    if idea.campaign:
        return "funded"
    return "passed, did not fit" if idea.is_passing else "did not pass"


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
    height = 40 + row * len(ideas) + 30
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
    bottom = height - 30
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
        drawing.add(
            "path",
            f"<title>net {idea.net // unit:,}</title>",
            d=f"M{net:.1f} {y + 10}l7 8-7 8-7-8z",
            class_="diamond",
        )
    at = zero + facts.threshold * scale
    for index in range(len(ideas)):
        y = 36 + row * index
        drawing.line(zero, y + 6, zero, y + 31, "axis")
        if facts.threshold:
            drawing.line(at, y + 5, at, y + 32, "threshold")
    if facts.threshold:
        drawing.text(
            at,
            bottom + 18,
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


def _axis_days(
    drawing: Drawing, first: int, last: int, x: Callable[[int], float], y: float
) -> None:
    """Vertical lines at Mondays, or at months where there would be too many."""
    week = 7 * DAY
    step = week * max(1, -(-(last - first) // week) // 12)
    start = first - (first - 4 * DAY) % week  # the Monday before: 5 January 1970 was one
    for moment in range(start, last + 1, step):
        if moment >= first:
            drawing.line(x(moment), 24, x(moment), y, "grid")
            drawing.text(x(moment), y + 18, _day(moment), "small", text_anchor="middle")


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
    _axis_days(drawing, first, last, x, bottom)
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
        drawing.add("path", d="M" + "L".join(points), class_=f"curve k{index % 6} g{index // 6}")
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


def first_payment(history: History, campaign: CampaignFacts) -> int | None:
    """When a campaign first paid a worker."""
    return min(
        (
            p.at
            for p in history.payments
            if p.campaign == campaign.id and p.kind in ("work", "gift")
        ),
        default=None,
    )


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
    _axis_days(drawing, first, last, x, bottom)
    for index, campaign in enumerate(history.campaigns):
        y = 36.0 + row * index
        facts = rounds[campaign.round]
        start = posted[campaign.round, campaign.number]
        title = cut(history.campaign_title(campaign), 80)
        drawing.text(max(x(start), left), y, title, "label", lang=_lang(history, campaign))
        for begin, end, kind, words in (
            (start, facts.opens, "back", "posted, open to edits"),
            (facts.opens, facts.closes, "fee", "voted on"),
            (campaign.funded_at, campaign.ends_at, "work", "campaign runs"),
        ):
            drawing.rect(x(begin), y + 8, x(end) - x(begin), 18, kind, words)
        if campaign.lessons_at:
            at = x(campaign.lessons_at)
            drawing.add(
                "path",
                "<title>lessons filed</title>",
                d=f"M{at - 6:.1f} {y + 9:.1f}h12v16l-6-5-6 5z",
                class_="flag",
            )
        for payment in history.payments:
            if payment.campaign == campaign.id and payment.kind in ("work", "gift", "fee"):
                drawing.add(
                    "circle",
                    f"<title>paid {_day(payment.at)}</title>",
                    cx=x(payment.at),
                    cy=y + 17.0,
                    r=7.0,
                    class_="coin",
                )
    return drawing.render()


def _path_words(history: History, campaign: CampaignFacts) -> str:
    idea = history.idea(campaign.round, campaign.number)
    paid = first_payment(history, campaign)
    words = f"{history.campaign_title(campaign)}: posted {_day(idea.posted_at)}"
    words += f", funded {_day(campaign.funded_at)}"
    return words + (f", first paid {_day(paid)}" if paid else "")
