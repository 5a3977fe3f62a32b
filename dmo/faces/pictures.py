"""Pictures of money, votes, time, points and disputes; each has a table that says the same."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from dmo.capabilities.disputes import Dispute
from dmo.capabilities.ends import Ruling
from dmo.capabilities.history import RoundHeld
from dmo.core import words
from dmo.core.units import WAD
from dmo.faces.sheets import SHEETS
from dmo.faces.svg import Drawing, cut
from dmo.faces.told import Told

Span = tuple[int, int]
_DAY = 86_400
_MOST_ROWS, _MOST_SEGMENTS = 14, 8


def _axis(told: Told, drawing: Drawing, times: Span, ends: Span, unit: int) -> Callable[[int], float]:
    """Vertical lines at Mondays, or days, fewer where there would be too many; where a time is."""
    (first, last), (left, right), bottom = times, ends, drawing.height - 30

    def x(moment: int) -> float:
        return left + (moment - first) / max(last - first, 1) * (right - left)

    step = unit * max(1, -(-(last - first) // unit) // 12)
    start = first - (first - 4 * _DAY) % unit  # the Monday before: 5 January 1970 was one
    for moment in range(start, last + 1, step):
        if moment >= first:
            drawing.line(x(moment), 24, x(moment), bottom, "grid")
            drawing.text(x(moment), bottom + 18, told.show("day", moment), "small", at="middle")
    return x


_LEFT, _MIDDLE, _RIGHT, _THICK = 10, 360, 752, 16
_TOP, _GAP, _SPAN = 52.0, 30.0, 400.0
Node = tuple[str, str, str, Mapping[str, int], Mapping[str, int]]
"""A box in the middle: name, language, fill, what came in by source, what went out by end."""


def _nodes(told: Told) -> Iterator[Node]:
    history, bonds = told.history, told.history.bonds
    for row in SHEETS["campaigns"](told, None):
        title, lang = row["title"]
        yield cut(title, 36), lang, "work", {"treasury": row["ask"], "gifts": row["gifts"]}, row
    yield told.word("flow", "bonds"), "", "bond", {"bonds": bonds["put_up"]}, {**bonds, "left": bonds["to_pool"]}
    idle = max(history.sum("PoolDeposited") - sum(one.ask for one in history.campaigns), 0)
    yield told.word("flow", "idle"), "", "back", {"treasury": idle}, {"left": idle}


def money_flow(told: Told, _: object = None) -> str:
    """From treasury, gifts and bonds through campaigns to people, and back: widths are amounts."""
    sources, ends = (words.load()["page"]["flow"][side] for side in ("sources", "ends"))
    nodes, sums, fills = [node for node in _nodes(told) if any(node[3].values())], Counter[str](), sources | ends
    if not nodes:
        return ""
    for *_rest, into, out in nodes:
        sums.update({**into, **{key: out.get(key, 0) for key in ends}})
    scale = _SPAN / sum(sums[key] for key in sources)
    names = {key: told.say("flow", "box", name=told.word("flow", key), some=sums[key]) for key in fills if sums[key]}
    came, went = ("; ".join(names[key] for key in side if key in names) for side in (sources, ends))
    drawing = Drawing(1000, 0, told.say("flow", "label", came=came, went=went))
    for x, heading in ((_LEFT, "from"), (_MIDDLE, "campaigns"), (_RIGHT, "to")):
        drawing.text(x, 16, told.word("flow", heading), "head")

    def box(x: float, y: float, amount: int, fill: str, said: str, lang: str = "") -> float:
        """Draw a box; where the next one begins."""
        drawing.text(x, y - 7, said, "label", lang=lang)
        drawing.rect(x, y, _THICK, max(amount * scale, 1.5), fill, said)
        drawing.height = max(drawing.height, y + amount * scale + _GAP)
        return y + amount * scale + _GAP

    tops = {}
    for x, side in ((_LEFT, sources), (_RIGHT, ends)):
        y = _TOP
        for key in side:
            if key in names:
                tops[key], y = y, box(x, y, sums[key], fills[key], names[key]) + 8
    y = _TOP
    for name, lang, fill, into, out in nodes:
        own, whole = {"into": y, "out": y}, sum(into.values())
        y = box(_MIDDLE, y, whole, fill, told.say("flow", "node", name=name, some=whole), lang)
        for key, part in {**into, **{key: out.get(key, 0) for key in ends}}.items():
            if part:
                way = "into" if key in into else "out"
                here, there = (_MIDDLE, _LEFT + _THICK) if key in into else (_MIDDLE + _THICK, _RIGHT)
                begin, end = sorted([(here, own[way]), (there, tops[key])])
                said = told.say("flow", way, some=part, name=name, end=told.word("flow", key))
                drawing.band(begin, end, part * scale, fills[key], said)
                tops[key] += part * scale
                own[way] += part * scale
    return drawing.render()


def votes(told: Told, one: RoundHeld) -> str:
    """For to the right, against to the left, net support as a diamond, the threshold dashed."""
    every = [row for row in SHEETS["ideas"](told, None) if not row["is_withdrawn"]]
    rows = sorted((row for row in every if row["round"] == one.number), key=lambda row: (-row["net"], row["number"]))
    # One scale for all rounds, so that they can be compared.
    most_for = max([row["for_votes"] for row in every] + [one.threshold, 1])
    most_against = max((row["against_votes"] for row in every), default=0)
    scale = 710 / (most_for + most_against)
    zero, height = 90 + most_against * scale, 54 + 46 * len(rows)
    said = "; ".join(told.say("votes", "idea", **row) for row in rows)
    drawing = Drawing(1000, height, told.say("votes", "label", round=one.number, ideas=said))
    at = zero + one.threshold * scale
    for place, row in enumerate(rows):
        y, left, right = 36 + 46 * place, row["against_votes"] * scale, row["for_votes"] * scale
        title, lang = row["title"]
        drawing.text(10, y + 2, f"{row['place']}  {cut(title, 76)}", "label", lang=lang)
        drawing.rect(zero, y + 9, right, 18, "work", told.say("votes", "work", **row))
        drawing.rect(zero - left, y + 9, left, 18, "against", told.say("votes", "against", **row))
        if left:
            drawing.text(zero - left - 6, y + 22, told.show("against", -row["against_votes"]), "small", at="end")
        strong = "small strong" if row["campaign"] else "small"
        drawing.text(zero + right + (8 if left else 15), y + 22, told.say("votes", "end", **row), strong)
        drawing.mark("diamond", zero + row["net"] * scale, y + 18, told.say("votes", "net", **row))
        drawing.line(zero, y + 6, zero, y + 31, "axis")
        if one.threshold:
            drawing.line(at, y + 5, at, y + 32, "threshold")
    if one.threshold and rows:
        drawing.text(at, height - 12, told.say("votes", "passing", net=one.threshold), "small", at="middle")
    return drawing.render()


def points_over_time(told: Told, _: object = None) -> str:
    """One line per account; steps up when paid, fading in between."""
    history, moments = told.history, told.history.moments
    most = max(max(line) for line in history.standing.values()) or 1
    left, right, bottom, apart = 60, 800, 390, 22
    standing = sorted(history.standing.items(), key=lambda its: -its[1][-1])
    order = [(who, line, f"{line[-1] / WAD:,.0f}") for who, line in standing]
    said = [told.say("points", "one", who=who, count=count) for who, _, count in order]
    drawing = Drawing(1000, 420, told.say("points", "label", people=", ".join(said)))
    x = _axis(told, drawing, (moments[0], moments[-1]), (left, right), 7 * _DAY)

    def y(points: int) -> float:
        return bottom - points / most * (bottom - 30)

    whole = most // WAD or 1
    step = next(s for p in range(12) for s in (10**p, 2 * 10**p, 5 * 10**p) if whole / s <= 5)
    for mark in range(0, whole + 1, step):
        drawing.line(left, y(mark * WAD), right, y(mark * WAD), "grid")
        drawing.text(left - 8, y(mark * WAD) + 4, f"{mark:,}", "small", at="end")
    # Labels are moved apart: down, and up again from the bottom.
    down = accumulate((y(line[-1]) for _, line in standing), lambda above, its: max(its, above + apart))
    up = accumulate([*down][::-1], lambda below, its: min(its, below - apart), initial=bottom + apart)
    for place, ((account, line, count), label) in enumerate(zip(order, [*up][:0:-1], strict=True)):
        kind, began = f"k{place % 6}", next((i for i, it in enumerate(line) if it), 0)
        shown = [*zip(moments, line, strict=True)][max(began - 1, 0) :]
        drawing.curve([(x(at), y(it)) for at, it in shown], f"curve {kind}{' g1' if place > 5 else ''}")
        for award in history.awards:
            if award.account == account:
                at = min(bisect_left(moments, award.at), len(moments) - 1)
                drawing.mark(kind, x(moments[at]), y(line[at]), cls=f"marker {kind}")
        drawing.line(right + 2, y(line[-1]), right + 16, label, "leader")
        drawing.mark(kind, right + 22, label, cls=f"marker {kind}")
        drawing.text(right + 32, label + 4, f"{cut(told.who(account), 20)} {count}", "label")
    return drawing.render()


def timeline(told: Told, _: object = None) -> str:
    """One row per campaign: posted, voted, at work; a coin where somebody was paid."""
    rows = list(SHEETS["campaigns"](told, None))
    rounds = {one.number: one for one in told.history.rounds}
    over = [at for row in rows for at in (row["ends_at"], row["closed"] or 0)]
    first, last = min(row["posted"] for row in rows) - _DAY, max(*over, *(its.at for its in told.history.payments))
    said = "; ".join(told.say("timeline", "path", **row) for row in rows)
    drawing = Drawing(1000, 70 + 56 * len(rows), told.say("timeline", "label", paths=said))
    x = _axis(told, drawing, (first, last + 2 * _DAY), (10, 985), 7 * _DAY)
    for place, row in enumerate(rows):
        y, voted, (title, lang) = 36 + 56 * place, rounds[row["round"]], row["title"]
        drawing.text(max(x(row["posted"]), 10), y, cut(title, 80), "label", lang=lang)
        begins, ends = (row["posted"], voted.opens, row["funded"]), (voted.opens, voted.closes, row["ends_at"])
        for begin, end, fill in zip(begins, ends, ("back", "fee", "work"), strict=True):
            drawing.rect(x(begin), y + 8, x(end) - x(begin), 18, fill, told.word("timeline", fill))
        if row["filed"]:
            drawing.mark("flag", x(row["filed"]), y + 17, told.word("timeline", "filed"))
        for its in told.history.payments:
            if its.campaign == row["campaign"] and its.kind in ("work", "gift", "fee"):
                drawing.mark("coin", x(its.at), y + 17, told.say("timeline", "paid", day=its.at))
    return drawing.render()


def trial_time(told: Told, one: Dispute) -> str:
    """A row per step, a mark per moment; the windows of the jury behind them."""
    rows = list(SHEETS["steps"](told, one))
    first = rows[0]["since"]
    last = max([one.reveal_until, first + 1, *(row["until"] for row in rows)])
    margin = (last - first) // 30
    if len(rows) > _MOST_ROWS:  # those in the middle become one
        middle, rest = rows[3 : 4 - _MOST_ROWS], rows[4 - _MOST_ROWS :]
        moments = [at for row in middle for at in row["moments"]]
        more = told.say("trial_step", "more", count=len(middle))
        rows = [*rows[:3], {"since": min(moments), "moments": moments, "what": more, "mark": "paper"}, *rest]
    texts = [told.say("trial", "row", day=row["since"], what=row["what"]) for row in rows]
    label = told.say("trial", "label", submission=one.submission, steps="; ".join(texts))
    drawing = Drawing(1000, 64 + 26 * len(rows), label)
    x = _axis(told, drawing, (first - margin, last + margin), (330, 975), _DAY)
    windows = ((one.opened_at, one.commit_until, "back"), (one.commit_until, one.reveal_until, "fee"))
    for begin, end, fill in windows if one.has_jury else ():
        drawing.rect(x(begin), 10, x(end) - x(begin), 14, fill, told.word("trial", fill))
    for place, (row, text) in enumerate(zip(rows, texts, strict=True)):
        y = 47 + 26 * place
        drawing.text(10, y + 5, cut(text, 44), "label")
        drawing.line(330, y, 975, y, "grid")
        for moment in row["moments"]:
            drawing.mark(row["mark"], x(moment), y, told.say("trial", "row", day=moment, what=row["what"]))
    return drawing.render()


def trial_votes(told: Told, one: Dispute) -> str:
    """Revealed weight for and against, juror by juror, and how much of it was needed."""
    jurors = sorted(told.history.jurors.get(one.submission, ()), key=lambda juror: -juror.weight)
    sides = {
        key: [(told.who(juror.account), juror.weight) for juror in jurors if juror.ruling is ruling]
        for key, ruling in (("pay", Ruling.PAY), ("refuse", Ruling.REFUSE))
    }
    sums = {key: sum(weight for _, weight in side) for key, side in sides.items()}
    together = sum(sums.values())
    scale, left = 700 / max(together, one.quorum, 1), 150.0
    known = {**sums, "quorum": one.quorum, "together": together}
    said = {key: told.weight(one, units) for key, units in known.items()} | {"judged": told.source(one)}
    drawing = Drawing(1000, 160, told.say("trial", "votes", **said))
    for (key, side), fill, y in zip(sides.items(), ("work", "against"), (26, 70), strict=True):
        at, shown, rest = left, side[:_MOST_SEGMENTS], side[_MOST_SEGMENTS:]
        drawing.text(138, y + 14, told.word("trial", key), "label", at="end")
        drawing.line(left, y - 4, left, y + 24, "axis")
        if rest:
            shown.append((told.say("trial", "others", count=len(rest)), sum(weight for _, weight in rest)))
        for who, weight in shown:
            drawing.rect(at, y, weight * scale, 20, fill, f"{who}: {told.weight(one, weight)}")
            if fitting := int(weight * scale // 8):
                drawing.text(at + 2, y - 6, cut(who, fitting), "small")
            at += weight * scale
        drawing.text(at + 8, y + 15, told.say("trial", "by", weight=said[key], **said), "small strong")
    drawing.text(138, 126, told.word("trial", "together"), "label", at="end")
    drawing.line(left, 110, left, 134, "axis")
    drawing.rect(left, 114, together * scale, 12, "back", told.say("trial", "revealed", **said))
    needed = left + one.quorum * scale
    drawing.line(needed, 108, needed, 134, "threshold")
    drawing.text(min(needed, 850), 150, told.say("trial", "needed", **said), "small", at="middle")
    return drawing.render()


def costs(told: Told, _: object = None) -> str:
    """Bars of gas: what all ballots and settlements took, and the same votes one by one."""
    rows = list(SHEETS["past_costs"](told, None))
    most = max([row["gas"] for row in rows] + [1])
    said = "; ".join(told.say("costs", "one", **row) for row in rows)
    drawing = Drawing(1000, 14 + 50 * len(rows), told.say("costs", "label", rows=said))
    for place, row in enumerate(rows):
        y, wide = 18 + 50 * place, 860 * row["gas"] / most
        drawing.text(10, y, row["what"], "label")
        drawing.rect(10, y + 7, wide, 20, row["fill"], told.say("costs", "one", **row))
        drawing.text(18 + wide, y + 22, row["shown"], "small strong")
    return drawing.render()


PICTURES: dict[str, Callable[[Told, Any], str]] = {
    **{
        "money_flow": money_flow,
        "votes": votes,
        "points_over_time": points_over_time,
        "timeline": timeline,
        "costs": costs,
    },
    "trial": lambda told, it: trial_time(told, it) + (trial_votes(told, it) if it.has_jury else ""),
}
