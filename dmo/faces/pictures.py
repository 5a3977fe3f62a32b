"""Pictures of money, votes, time, points and disputes; each has a table that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dmo.capabilities.ends import Ruling
from dmo.core.units import WAD
from dmo.faces.svg import Drawing, cut
from dmo.faces.told import COARSE, DAY, TITLE, VOTES, Told

if TYPE_CHECKING:
    from dmo.capabilities.disputes import Dispute
    from dmo.capabilities.history import RoundHeld

__all__ = ["PICTURES", "Step", "steps"]

_DAY = 86_400
_MOST_ROWS, _MOST_SEGMENTS = 14, 8
_SHAPES = ("M-4-4h8v8h-8z", "M0-5l5 9h-10z", "M0-5l5 5-5 5-5-5z", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z")
_SHAPES += ("M0 5l5-9h-10z", "M-5-1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z")


def _axis(
    told: Told, drawing: Drawing, times: tuple[int, int], ends: tuple[float, float], bottom: float, unit: int = 7 * _DAY
) -> Callable[[int], float]:
    """Vertical lines at Mondays, or days, fewer where there would be too many; where a time is."""
    (first, last), (left, right) = times, ends

    def x(moment: int) -> float:
        return left + (moment - first) / max(last - first, 1) * (right - left)

    step = unit * max(1, -(-(last - first) // unit) // 12)
    start = first - (first - 4 * _DAY) % unit  # the Monday before: 5 January 1970 was one
    for moment in range(start, last + 1, step):
        if moment >= first:
            drawing.line(x(moment), 24, x(moment), bottom, "grid")
            day = DAY.show(told, moment)
            drawing.text(x(moment), bottom + 18, day, "small", text_anchor="middle")
    return x


# ── money ───────────────────────────────────────────────────────────────────────────────────────

_SOURCES = {"treasury": "back", "gifts": "gift", "bonds": "bond"}
_PEOPLE = ("work", "gift", "fee", "juror", "won")
_ENDS = {key: key for key in (*_PEOPLE, "bond", "held", "back")}
_LEFT, _MIDDLE, _RIGHT, _THICK = 10.0, 360.0, 752.0, 16.0
_TOP, _GAP, _SPAN = 52.0, 30.0, 400.0


def _nodes(told: Told) -> list[tuple[str, str, str, dict[str, int], dict[str, int]]]:
    """Boxes in the middle: name, language, fill, what came in by source, what went out by end."""
    history, bonds = told.history, told.history.bonds
    found = []
    for one in history.campaigns:
        spent, (title, lang) = history.spent[one.campaign], told.idea(one.round, one.number)
        gone = dict(zip((*_PEOPLE, "back"), spent[1:], strict=True))
        came = {"treasury": one.ask, "gifts": spent.gifts}
        found.append((cut(title, 36), lang, "work", came, gone))
    gone = {"juror": bonds.to_jurors, "won": bonds.won, "bond": bonds.returned}
    gone |= {"held": bonds.held, "back": bonds.to_pool}
    found.append((told.word("flow", "bonds"), "", "bond", {"bonds": bonds.put_up}, gone))
    idle = max(history.sums.get("PoolDeposited", 0) - sum(c.ask for c in history.campaigns), 0)
    found.append((told.word("flow", "idle"), "", "back", {"treasury": idle}, {"back": idle}))
    return [node for node in found if sum(node[3].values())]


def money_flow(told: Told, _: object = None) -> str:
    """From treasury, gifts and bonds through campaigns to people, and back: widths are amounts."""
    nodes = _nodes(told)
    came, went = Counter[str](), Counter[str]()
    for *_rest, into, out in nodes:
        came.update(into)
        went.update(out)
    scale = _SPAN / max(came.total(), 1)

    def named(key: str, amount: int) -> str:
        return told.say("flow", "box", name=told.word("flow", key), amount=COARSE(amount))

    both = {"came": (_SOURCES, came), "went": (_ENDS, went)}
    lists = {key: "; ".join(named(one, sums[one]) for one in keys if sums[one]) for key, (keys, sums) in both.items()}
    drawing = Drawing(1000, 0, told.say("flow", "label", unit=told.unit("budget")[1], **lists))
    for x, heading in ((_LEFT, "from"), (_MIDDLE, "campaigns"), (_RIGHT, "to")):
        drawing.text(x, 16, told.word("flow", heading), "head")

    def boxes(x: float, sums: Counter[str], fills: Mapping[str, str]) -> dict[str, float]:
        """Draw a column of boxes; where each begins."""
        tops, y = {}, _TOP
        for key in fills:
            if sums[key]:
                words = named(key, sums[key])
                drawing.text(x, y - 7, words, "label")
                drawing.rect(x, y, _THICK, max(sums[key] * scale, 1.5), fills[key], words)
                tops[key] = y
                y += sums[key] * scale + _GAP + 8
        drawing.height = max(drawing.height, y)
        return tops

    source_y, end_y = boxes(_LEFT, came, _SOURCES), boxes(_RIGHT, went, _ENDS)
    y = _TOP
    for name, lang, fill, into, out in nodes:
        amount = sum(into.values())
        words = told.say("flow", "node", name=name, amount=COARSE(amount))
        drawing.text(_MIDDLE, y - 7, words, "label", lang=lang or None)
        drawing.rect(_MIDDLE, y, _THICK, max(amount * scale, 1.5), fill, words)
        for parts, places, is_in in ((into, source_y, True), (out, end_y, False)):
            own = y
            for key, part in parts.items():
                if part:
                    wide, end = part * scale, told.word("flow", key)
                    says = told.say(
                        "flow",
                        "into" if is_in else "out",
                        amount=COARSE(part),
                        unit=told.unit("budget")[1],
                        name=name,
                        end=end,
                    )
                    ends = (_LEFT + _THICK, places[key], _MIDDLE, own)
                    if not is_in:
                        ends = (_MIDDLE + _THICK, own, _RIGHT, places[key])
                    drawing.band(*ends, wide, _SOURCES[key] if is_in else key, says)
                    places[key] += wide
                    own += wide
        y += amount * scale + _GAP
    drawing.height = max(drawing.height, y)
    return drawing.render()


# ── votes ───────────────────────────────────────────────────────────────────────────────────────


def votes(told: Told, one: RoundHeld) -> str:
    """For to the right, against to the left, net support as a diamond, the threshold dashed."""
    history = told.history
    its = [i for i in history.ideas if i.round == one.number and not i.is_withdrawn]
    its.sort(key=lambda i: (-i.net, i.number))
    # One scale for all rounds, so that they can be compared.
    most_for = max([i.for_votes for i in history.ideas] + [one.threshold, 1])
    most_against = max((i.against_votes for i in history.ideas), default=0)
    scale = (1000.0 - 290) / (most_for + most_against)
    zero, height = 90 + most_against * scale, 54 + 46 * len(its)
    said = [
        told.say(
            "votes",
            "idea",
            title=TITLE(told.idea(i.round, i.number)),
            for_votes=VOTES(i.for_votes),
            against=VOTES(i.against_votes),
            outcome=told.word("idea_outcome", history.outcome(i)),
        )
        for i in its
    ]
    label = told.say("votes", "label", round=one.number, ideas="; ".join(said))
    drawing = Drawing(1000, height, label)
    at = zero + one.threshold * scale
    for place, idea in enumerate(its):
        y, outcome = 36.0 + 46 * place, told.word("idea_outcome", history.outcome(idea))
        title, lang = told.idea(idea.round, idea.number)
        name = f"{idea.round}.{idea.number}  {cut(title, 76)}"
        drawing.text(10, y + 2, name, "label", lang=lang or None)
        left = idea.against_votes * scale
        in_favour, against = VOTES.show(told, idea.for_votes), VOTES.show(told, idea.against_votes)
        for x, wide, fill, votes_ in (
            (zero, idea.for_votes * scale, "work", in_favour),
            (zero - left, left, "against", against),
        ):
            drawing.rect(x, y + 9, wide, 18, fill, told.say("votes", fill, votes=votes_))
        if idea.against_votes:
            drawing.text(zero - left - 6, y + 22, f"−{against}", "small", text_anchor="end")
        x = zero + idea.for_votes * scale + (8 if idea.against_votes else 15)
        strong = "small strong" if idea.campaign else "small"
        drawing.text(x, y + 22, f"{in_favour} · {outcome}", strong)
        net = told.say("votes", "net", votes=VOTES(idea.net))
        drawing.mark("diamond", zero + idea.net * scale, y + 18, net)
        drawing.line(zero, y + 6, zero, y + 31, "axis")
        if one.threshold:
            drawing.line(at, y + 5, at, y + 32, "threshold")
    if one.threshold and its:
        passing = told.say("votes", "passing", votes=VOTES(one.threshold))
        drawing.text(at, height - 12, passing, "small", text_anchor="middle")
    return drawing.render()


# ── points ──────────────────────────────────────────────────────────────────────────────────────


def _spread(wanted: list[float], distance: float, bottom: float) -> list[float]:
    """Move labels apart, keeping their order."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + distance)
    if order and placed[order[-1]] > bottom:
        placed[order[-1]] = bottom
        for after, before in pairwise(reversed(order)):
            placed[before] = min(placed[before], placed[after] - distance)
    return placed


def points_over_time(told: Told, _: object = None) -> str:
    """One line per account; steps up when paid, fading in between."""
    history, moments = told.history, told.history.moments
    most = max(max(line) for line in history.standing.values()) or 1
    left, right, bottom = 60.0, 800.0, 386.0
    order = sorted(history.standing, key=lambda account: -history.standing[account][-1])
    lines = {account: history.standing[account] for account in order}
    said = [told.say("points", "one", who=told.who(a), points=f"{line[-1] / WAD:,.0f}") for a, line in lines.items()]
    drawing = Drawing(1000, 420, told.say("points", "label", people=", ".join(said)))
    x = _axis(told, drawing, (moments[0], moments[-1]), (left, right), bottom)

    def y(points: int) -> float:
        return bottom - points / most * (bottom - 30)

    whole = most // WAD or 1
    step = next(s for p in range(12) for s in (10**p, 2 * 10**p, 5 * 10**p) if whole / s <= 5)
    for mark in range(0, whole + 1, step):
        drawing.line(left, y(mark * WAD), right, y(mark * WAD), "grid")
        drawing.text(left - 8, y(mark * WAD) + 4, f"{mark:,}", "small", text_anchor="end")
    labels = _spread([y(line[-1]) for line in lines.values()], 22, bottom)
    for place, (account, line) in enumerate(lines.items()):
        kind, began = f"k{place % 6}", next((i for i, it in enumerate(line) if it), 0)
        since = max(began - 1, 0)
        points = [(x(at), y(it)) for at, it in zip(moments[since:], line[since:], strict=True)]
        drawing.curve(points, f"curve {kind}{' g1' if place > 5 else ''}")
        awarded = [a.at for a in history.awards if a.account == account]
        places = [next((i for i, m in enumerate(moments) if m >= at), -1) for at in awarded]
        marks = [(x(moments[i]), y(line[i])) for i in places]
        for at_x, at_y in [*marks, (right + 22, labels[place])]:
            move = f"translate({at_x:.1f} {at_y:.1f})"
            drawing.path(_SHAPES[place % 6], f"marker {kind}", transform=move)
        drawing.line(right + 2, y(line[-1]), right + 16, labels[place], "leader")
        name = f"{cut(told.who(account), 20)} {line[-1] / WAD:,.0f}"
        drawing.text(right + 32, labels[place] + 4, name, "label")
    return drawing.render()


# ── time ────────────────────────────────────────────────────────────────────────────────────────


def timeline(told: Told, _: object = None) -> str:
    """One row per campaign: posted, voted, at work; a coin where somebody was paid."""
    history, rows, said = told.history, [], []
    rounds = {one.number: one for one in history.rounds}
    for one in history.campaigns:
        number, key = one.campaign, (one.round, one.number)
        posted, funded = history.at("IdeaPosted", *key) or 0, history.at("CampaignFunded", number)
        paid, title = history.first_payment(number), told.idea(*key)
        paths = {"title": TITLE(title), "posted": DAY(posted), "funded": DAY(funded)}
        sentence = "path_paid" if paid else "path"
        said.append(told.say("timeline", sentence, **paths, paid=DAY(paid)))
        voted = rounds[one.round]
        bars = [(posted, voted.opens, "back"), (voted.opens, voted.closes, "fee")]
        bars.append((funded or one.ends_at, one.ends_at, "work"))
        rows.append((one, title, bars))
    first = min(bars[0][0] for _, _, bars in rows) - _DAY
    ends = [history.campaigns[-1].ends_at, *(p.at for p in history.payments)]
    last = max([*ends, *(history.closed_at(c.campaign) or 0 for c in history.campaigns)])
    height = 70 + 56 * len(rows)
    drawing = Drawing(1000, height, told.say("timeline", "label", paths="; ".join(said)))
    x = _axis(told, drawing, (first, last + 2 * _DAY), (10.0, 985.0), height - 30)
    for place, (one, (title, lang), bars) in enumerate(rows):
        y = 36.0 + 56 * place
        drawing.text(max(x(bars[0][0]), 10), y, cut(title, 80), "label", lang=lang or None)
        for begin, end, fill in bars:
            drawing.rect(x(begin), y + 8, x(end) - x(begin), 18, fill, told.word("timeline", fill))
        filed = history.at("LessonsFiled", one.campaign)
        if filed:
            drawing.mark("flag", x(filed), y + 17, told.word("timeline", "filed"))
        for payment in history.payments:
            if payment.campaign == one.campaign and payment.kind in ("work", "gift", "fee"):
                coin = told.say("timeline", "paid", day=DAY(payment.at))
                drawing.mark("coin", x(payment.at), y + 17, coin)
    return drawing.render()


# ── disputes ────────────────────────────────────────────────────────────────────────────────────

Step = tuple[Sequence[int], str, str, bytes | None]
"""Something that happened: when (what several did, several times), words, mark, document."""


def steps(told: Told, one: Dispute) -> list[Step]:
    """What happened in a dispute, in order."""
    history, number = told.history, one.submission
    papers, jurors = history.papers.get(number, ()), history.jurors.get(number, ())

    def said(key: str, **values: Any) -> str:
        return told.say("trial_step", key, **values)

    opened = history.at("DisputeOpened", number) or 0
    first = said("challenges" if one.is_challenge else "disputes", who=told.who(one.opener))
    found: list[Step] = [((opened,), first, "flag", papers[0].digest if papers else None)]
    for paper in papers[1:]:
        found.append(((paper.at,), said("gives", who=told.who(paper.by)), "paper", paper.digest))
    committed, revealed = ([j.committed_at for j in jurors], [j.revealed_at for j in jurors if j.revealed_at])
    for times, key, mark in ((committed, "commit", "ring"), (revealed, "reveal", "dot")):
        if times:
            many = "many" if len(times) > 1 else "one"
            found.append((times, said(f"{key}_{many}", count=len(times)), mark, None))
    ruled = history.at("Ruling", one.arbitrator, one.dispute_id)
    if ruled:
        found.append(((ruled,), said(("none", "pay", "refuse")[one.ruling]), "diamond", None))
    elif not one.is_open(told.now):
        found.append(((one.until,), said("late"), "diamond", None))
    if one.is_settled:
        end = said("paid" if one.is_paid else "not_paid")
        found.append(((one.settled_at,), end, "coin", None))
    return sorted(found, key=lambda step: min(step[0]))


def trial_time(told: Told, one: Dispute) -> str:
    """A row per step, a mark per moment; the windows of the jury behind them."""
    shown = steps(told, one)
    if len(shown) > _MOST_ROWS:  # those in the middle become one
        middle = shown[3 : 4 - _MOST_ROWS]
        more = told.say("trial_step", "more", count=len(middle))
        moments = [moment for step in middle for moment in step[0]]
        shown = [*shown[:3], (moments, more, "paper", None), *shown[4 - _MOST_ROWS :]]
    first = min(shown[0][0])
    last = max([one.reveal_until, first + 1, *(at for step in shown for at in step[0])])
    margin = (last - first) // 30
    bottom = 34.0 + 26 * len(shown)
    said = [f"{DAY.show(told, min(step[0]))} {step[1]}" for step in shown]
    label = told.say("trial", "label", submission=one.submission, steps="; ".join(said))
    drawing = Drawing(1000, bottom + 26, label)
    x = _axis(told, drawing, (first - margin, last + margin), (330.0, 975.0), bottom, _DAY)
    windows = ((first, one.commit_until, "back"), (one.commit_until, one.reveal_until, "fee"))
    for begin, end, fill in windows if one.has_jury else ():
        drawing.rect(x(begin), 10, x(end) - x(begin), 14, fill, told.word("trial", fill))
    for place, (moments, text, mark, _) in enumerate(shown):
        y = 47.0 + 26 * place
        name = f"{DAY.show(told, min(moments))}  {text}"
        drawing.text(10, y + 5, cut(name, 44), "label")
        drawing.line(330, y, 975, y, "grid")
        for moment in moments:
            drawing.mark(mark, x(moment), y, f"{DAY.show(told, moment)} {text}")
    return drawing.render()


def trial_votes(told: Told, one: Dispute) -> str:
    """Revealed weight for and against, juror by juror, and how much of it was needed."""
    jurors = sorted(told.history.jurors.get(one.submission, ()), key=lambda juror: -juror.weight)
    sides = {
        "pay": ("work", [j for j in jurors if j.ruling is Ruling.PAY]),
        "refuse": ("against", [j for j in jurors if j.ruling is Ruling.REFUSE]),
    }
    sums = {key: sum(juror.weight for juror in side) for key, (_, side) in sides.items()}
    together, source = sum(sums.values()), told.jurors_from(one)
    told_sums = {key: told.weight(one, units) for key, units in sums.items()}
    quorum = told.weight(one, one.quorum)
    scale = 700.0 / max(together, one.quorum, 1)
    drawing = Drawing(1000, 160, told.say("trial", "votes", source=source, quorum=quorum, **told_sums))
    for place, (key, (fill, side)) in enumerate(sides.items()):
        y, at = 26.0 + 44 * place, 150.0
        drawing.text(138, y + 14, told.word("trial", key), "label", text_anchor="end")
        drawing.line(150, y - 4, 150, y + 24, "axis")
        shown = [(told.who(juror.account), juror.weight) for juror in side[:_MOST_SEGMENTS]]
        if rest := side[_MOST_SEGMENTS:]:
            others = told.say("trial", "others", count=len(rest))
            shown.append((others, sum(juror.weight for juror in rest)))
        for who, weight in shown:
            long = weight * scale
            drawing.rect(at, y, long, 20, fill, f"{who}: {told.weight(one, weight)}")
            if fitting := int(long // 8):
                drawing.text(at + 2, y - 6, cut(who, fitting), "small")
            at += long
        drawing.text(at + 8, y + 15, f"{told_sums[key]} {source}", "small strong")
    drawing.text(138, 126, told.word("trial", "together"), "label", text_anchor="end")
    drawing.line(150, 110, 150, 134, "axis")
    whole = told.say("trial", "revealed", weight=told.weight(one, together))
    drawing.rect(150, 114, together * scale, 12, "back", whole)
    needed = 150 + one.quorum * scale
    drawing.line(needed, 108, needed, 134, "threshold")
    text = told.say("trial", "needed", weight=quorum)
    drawing.text(min(needed, 850), 150, text, "small", text_anchor="middle")
    return drawing.render()


def trial(told: Told, one: Dispute) -> str:
    """Both pictures of a dispute; weights where a jury like ours rules."""
    return trial_time(told, one) + (trial_votes(told, one) if one.has_jury else "")


PICTURES: dict[str, Callable[[Told, Any], str]] = {
    one.__name__: one for one in (money_flow, votes, points_over_time, timeline, trial)
}
