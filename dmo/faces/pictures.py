"""Pictures of goals, money, votes, points and gas; each has a table that says the same.

Each is drawn twice, for wide screens and for a phone in hand: the page shows the one that fits.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import accumulate

from dmo.capabilities.analytics import ONE
from dmo.capabilities.history import RoundHeld
from dmo.core import words
from dmo.core.units import WAD
from dmo.faces.sheets import SHEETS
from dmo.faces.svg import Drawing, cut
from dmo.faces.timelines import DAY, WIDE, axis
from dmo.faces.told import Title, Told

_FURTHEST = Decimal(2)
"""So many times the way to a goal is drawn, what went further is cut off."""
_COLUMN = 8
"""How wide a letter is, about."""


def _label(drawing: Drawing, x: float, y: float, title: Title, before: str = "", after: str = "") -> None:
    """A title that leads to its text, cut to what fits between what is said before and after it."""
    room = int((drawing.width - x) / _COLUMN) - len(before) - len(after)
    drawing.text(x, y, before + cut(title.text, min(room, 80)) + after, "label", lang=title.lang, anchor=title.anchor)


def goals(told: Told, _: object, width: int) -> str:
    """Each campaign's way to its goal, the furthest first, and what one more of what it counts has cost."""
    rows = sorted(SHEETS["goals"](told, None), key=lambda row: (row["way"] is None, -(row["way"] or 0)))
    if all(row["target"] is None for row in rows):
        return ""
    ways = [min(row["way"], _FURTHEST) for row in rows if row["way"] is not None]
    is_wide, left = width == WIDE, 10 if width == WIDE else 2
    scale, apart = (650 if is_wide else 320) / float(max([*ways, Decimal(1)])), 66 if is_wide else 88
    said = "; ".join(told.say("goals", row["state"], **row) for row in rows)
    drawing = Drawing(width, 20 + apart * len(rows), told.say("goals", "label", goals=said))
    for place, row in enumerate(rows):
        y, end = 16 + apart * place, left + scale * float(min(max(row["way"] or 0, Decimal(0)), _FURTHEST))
        _label(drawing, left, y, row["title"], f"{row['campaign']} · ")
        if row["target"] is not None:
            metric = cut(told.say("goals", "metric", **row), int(width / 8))
            drawing.text(left, y + 18, metric, "small", lang=row["metric"].lang)
        drawing.rect(left, y + 25, scale, 16, "open", told.say("goals", "way", **row))
        if row["way"] is not None:
            drawing.rect(
                left,
                y + 25,
                end - left,
                16,
                "work" if row["way"] >= 1 else "fee",
                told.say("goals", row["state"], **row),
            )
        drawing.line(left + scale, y + 21, left + scale, y + 45, "threshold")
        drawing.line(left, y + 21, left, y + 45, "axis")
        x, below = (max(end, left + scale) + 10, y + 38) if is_wide else (left, y + 58)
        drawing.text(x, below, told.say("goals", f"{row['state']}_end", **row), "small strong")
    return drawing.render()


_LEFT, _MIDDLE, _RIGHT, _THICK = 10, 360, 752, 16
_TOP, _GAP, _SPAN = 52.0, 30.0, 400.0
Node = tuple[Title, str, Mapping[str, int], Mapping[str, int]]
"""A box in the middle: name, fill, what came in by source, what went out by end."""


def _nodes(told: Told) -> Iterator[Node]:
    history, bonds = told.history, told.history.bonds
    for one, row in zip(history.campaigns, SHEETS["campaigns"](told, None), strict=True):
        left = "left" if one.state(history.now) == "closed" else "running"
        out = {**row, left: row["left"]} if left == "left" else {**row, "left": 0, left: row["left"]}
        yield row["title"], "work", {"pool": row["ask"], "gifts": row["gifts"]}, out
    yield Title(told.word("flow", "bonds")), "bond", {"bonds": bonds["put_up"]}, {**bonds, "left": bonds["to_pool"]}
    idle = max(history.sum("PoolDeposited") - sum(one.ask for one in history.campaigns), 0)
    yield Title(told.word("flow", "idle")), "back", {"pool": idle}, {"left": idle}


def money_flow(told: Told, _: object, width: int) -> str:
    """From the pool, gifts and bonds through campaigns to people, and back: widths are amounts."""
    if not told.history.campaigns:
        return ""
    sources, ends = (words.load()["page"]["flow"][side] for side in ("sources", "ends"))
    nodes, sums, fills = [node for node in _nodes(told) if any(node[2].values())], Counter[str](), sources | ends
    for _name, _fill, into, out in nodes:
        sums.update({**into, **{key: out.get(key, 0) for key in ends}})
    names = {key: told.say("flow", "box", name=told.word("flow", key), some=sums[key]) for key in fills if sums[key]}
    [*payers] = told.payers()
    if len(payers) == 1:
        names["pool"] = told.say("flow", "payer", who=payers[0][0], some=sums["pool"])
    came, went = ("; ".join(names[key] for key in side if key in names) for side in (sources, ends))
    drawing = Drawing(width, 0, told.say("flow", "label", came=came, went=went))
    sides = [{key: sums[key] for key in side if key in names} for side in (sources, ends)]
    draw = _ribbons if width == WIDE else _bars
    draw(told, drawing, nodes, (sides[0], sides[1]), names, fills)
    return drawing.render()


Sides = tuple[Mapping[str, int], Mapping[str, int]]


def _ribbons(
    told: Told, drawing: Drawing, nodes: list[Node], sides: Sides, names: Mapping[str, str], fills: Mapping[str, str]
) -> None:
    (sources, ends), scale = sides, _SPAN / sum(sides[0].values())
    for x, heading in ((_LEFT, "from"), (_MIDDLE, "campaigns"), (_RIGHT, "to")):
        drawing.text(x, 16, told.word("flow", heading), "head")

    def box(x: float, y: float, amount: int, fill: str, said: str) -> float:
        """Draw a box; where the next one begins."""
        drawing.rect(x, y, _THICK, max(amount * scale, 1.5), fill, said)
        drawing.height = max(drawing.height, y + amount * scale + _GAP)
        return y + amount * scale + _GAP

    tops = {}
    for x, side in ((_LEFT, sources), (_RIGHT, ends)):
        y = _TOP
        for key, amount in side.items():
            drawing.text(x, y - 7, names[key], "label")
            tops[key], y = y, box(x, y, amount, fills[key], names[key]) + 8
    y = _TOP
    for title, fill, into, out in nodes:
        own, whole = {"into": y, "out": y}, sum(into.values())
        said = told.say("flow", "node", name=cut(title.text, 36), some=whole)
        drawing.text(_MIDDLE, y - 7, said, "label", lang=title.lang, anchor=title.anchor)
        y = box(_MIDDLE, y, whole, fill, said)
        for key, part in {**into, **{key: out.get(key, 0) for key in ends}}.items():
            if part:
                way = "into" if key in into else "out"
                here, there = (_MIDDLE, _LEFT + _THICK) if key in into else (_MIDDLE + _THICK, _RIGHT)
                begin, end = sorted([(here, own[way]), (there, tops[key])])
                said = told.say("flow", way, some=part, name=title.text, end=told.word("flow", key))
                drawing.band(begin, end, part * scale, fills[key], said)
                tops[key] += part * scale
                own[way] += part * scale


def _bars(
    told: Told, drawing: Drawing, nodes: list[Node], sides: Sides, names: Mapping[str, str], fills: Mapping[str, str]
) -> None:
    """The same for a phone: bars one below another, those of a group to one scale."""
    sources, ends = sides
    whole = [
        ("from", [(Title(names[key]), {key: amount}) for key, amount in sources.items()]),
        ("campaigns", [(title, {**{key: out.get(key, 0) for key in ends}}) for title, _, _, out in nodes]),
        ("to", [(Title(names[key]), {key: amount}) for key, amount in ends.items()]),
    ]
    y = 0.0
    for heading, rows in whole:
        y += 16
        drawing.text(0, y, told.word("flow", heading), "head")
        scale = drawing.width / max(sum(parts.values()) for _, parts in rows)
        for title, parts in rows:
            y, x = y + 24, 0.0
            is_node = heading == "campaigns"
            after = told.say("flow", "after", some=sum(parts.values())) if is_node else ""
            _label(drawing, 0, y, title, after=after)
            for key, part in parts.items():
                if part:
                    said = told.say("flow", "out", name=title.text, some=part, end=told.word("flow", key))
                    drawing.rect(x, y + 6, max(part * scale, 1.5), 14, fills[key], said if is_node else title.text)
                    x += part * scale
            y += 20
        y += 16
    drawing.height = y


def votes(told: Told, one: RoundHeld, width: int) -> str:
    """For to the right, against to the left, net support as a diamond, the threshold dashed."""
    every = [row for row in SHEETS["ideas"](told, None) if not row["is_withdrawn"]]
    rows = sorted((row for row in every if row["round"] == one.number), key=lambda row: (-row["net"], row["number"]))
    # One scale for all rounds, so that they can be compared.
    most_for = max([row["for_votes"] for row in every] + [one.threshold, 1])
    most_against = max((row["against_votes"] for row in every), default=0)
    is_wide = width == WIDE
    scale, apart = (710 if is_wide else 320) / (most_for + most_against), 46 if is_wide else 70
    zero, height = (90 if is_wide else 10) + most_against * scale, 34 + apart * len(rows)
    said = "; ".join(told.say("votes", "idea", **row) for row in rows)
    drawing = Drawing(width, height, told.say("votes", "label", round=one.number, ideas=said))
    at = zero + one.threshold * scale
    for place, row in enumerate(rows):
        y, left, right = 16 + apart * place, row["against_votes"] * scale, row["for_votes"] * scale
        _label(drawing, 10 if is_wide else 0, y + 2, row["title"], f"{row['place']}  ")
        drawing.rect(zero, y + 9, right, 18, "work", told.say("votes", "work", **row))
        drawing.rect(zero - left, y + 9, left, 18, "against", told.say("votes", "against", **row))
        strong = "small strong" if row["campaign"] else "small"
        if is_wide:
            if left:
                drawing.text(zero - left - 6, y + 22, told.show("against", -row["against_votes"]), "small", at="end")
            drawing.text(zero + right + (8 if left else 15), y + 22, told.say("votes", "end", **row), strong)
        else:
            drawing.text(0, y + 43, told.say("votes", "under", **row), strong)
        drawing.mark("diamond", zero + row["net"] * scale, y + 18, told.say("votes", "net", **row))
        drawing.line(zero, y + 6, zero, y + 31, "axis")
        if one.threshold:
            drawing.line(at, y + 5, at, y + 32, "threshold")
    if one.threshold and rows:
        middle = min(max(at, 75), width - 75)
        drawing.text(middle, height - 6, told.say("votes", "passing", net=one.threshold), "small", at="middle")
    return drawing.render()


def points_over_time(told: Told, _: object, width: int) -> str:
    """One line per account; steps up when paid, fading in between."""
    history, moments = told.history, told.history.moments
    most = max(max(line) for line in history.standing.values()) or 1
    is_wide, bottom, apart = width == WIDE, 390 if width == WIDE else 250, 22
    left, right = (60, 800) if is_wide else (44, 332)
    standing = sorted(history.standing.items(), key=lambda its: -its[1][-1])
    order = [(who, line, f"{line[-1] / WAD:,.0f}") for who, line in standing]
    said = [told.say("points", "one", who=who, count=count) for who, _, count in order]
    drawing = Drawing(width, bottom + 30, told.say("points", "label", people=", ".join(said)))
    x = axis(told, drawing, (moments[0], moments[-1]), (left, right), 7 * DAY)

    def y(points: int) -> float:
        return bottom - points / most * (bottom - 30)

    whole = most // WAD or 1
    step = next(s for p in range(12) for s in (10**p, 2 * 10**p, 5 * 10**p) if whole / s <= 5)
    for mark in range(0, whole + 1, step):
        drawing.line(left, y(mark * WAD), right, y(mark * WAD), "grid")
        drawing.text(left - 8, y(mark * WAD) + 4, f"{mark:,}", "small", at="end")
    # Labels beside the lines are moved apart: down, and up again from the bottom. On a phone they stand below.
    down = accumulate((y(line[-1]) for _, line in standing), lambda above, its: max(its, above + apart))
    up = accumulate([*down][::-1], lambda below, its: min(its, below - apart), initial=bottom + apart)
    labels = [*up][:0:-1] if is_wide else [drawing.height + apart * (1 + place) for place in range(len(order))]
    for place, ((account, line, count), label) in enumerate(zip(order, labels, strict=True)):
        kind, began = f"k{place % 6}", next((i for i, it in enumerate(line) if it), 0)
        shown = [*zip(moments, line, strict=True)][max(began - 1, 0) :]
        drawing.curve([(x(at), y(it)) for at, it in shown], f"curve {kind}{' g1' if place > 5 else ''}")
        for award in history.awards:
            if award.account == account:
                at = min(bisect_left(moments, award.at), len(moments) - 1)
                drawing.mark(kind, x(moments[at]), y(line[at]), cls=f"marker {kind}")
        if is_wide:
            drawing.line(right + 2, y(line[-1]), right + 16, label, "leader")
        beside = right + 22 if is_wide else 8
        drawing.mark(kind, beside, label, cls=f"marker {kind}")
        drawing.text(beside + 10, label + 4, f"{cut(told.who(account), 20)} {count}", "label")
    if not is_wide:
        drawing.height = labels[-1] + 12
    return drawing.render()


def costs(told: Told, _: object, width: int) -> str:
    """Bars of gas: what all ballots and settlements took, and the same votes one by one."""
    rows = list(SHEETS["past_costs"](told, None))
    most, is_wide = max([row["gas"] for row in rows] + [1]), width == WIDE
    said = "; ".join(told.say("costs", "one", **row) for row in rows)
    apart = 50 if is_wide else 66
    drawing = Drawing(width, 14 + apart * len(rows), told.say("costs", "label", rows=said))
    for place, row in enumerate(rows):
        y, wide = 18 + apart * place, (860 if is_wide else 320) * row["gas"] / most
        drawing.text(10, y, cut(row["what"], 100 if is_wide else 42), "label")
        drawing.rect(10, y + 7, wide, 20, row["fill"], told.say("costs", "one", **row))
        x, below = (18 + wide, y + 22) if is_wide else (10, y + 43)
        drawing.text(x, below, row["shown"], "small strong")
    return drawing.render()


def calibration(told: Told, _: object, width: int) -> str:
    """Each forecast against its outcome; what lies on the dashed line was foreseen exactly."""
    rows = list(SHEETS["foreseen"](told, None))
    if not rows:
        return ""
    left, top, side = 64, 34, 400 if width == WIDE else width - 84
    said = "; ".join(told.say("calibration", "one", **row) for row in rows)
    drawing = Drawing(width, top + side + 56, told.say("calibration", "label", pairs=said))
    for percent in range(0, 101, 25):
        at = side * percent / 100
        drawing.line(left + at, top, left + at, top + side, "grid")
        drawing.line(left, top + at, left + side, top + at, "grid")
        drawing.text(left + at, top + side + 20, f"{percent} %", "small", at="middle")
        drawing.text(left - 8, top + side - at + 5, f"{percent} %", "small", at="end")
    drawing.line(left, top + side, left + side, top, "threshold")
    for row in rows:
        x, y = (left + side * row["expected_ppm"] / ONE), (top + side - side * row["came_ppm"] / ONE)
        drawing.mark("dot", x, y, told.say("calibration", "one", **row))
        drawing.text(x, y - 9, str(row["campaign"]), "small strong", at="middle")
    drawing.text(left + side / 2, top + side + 46, told.word("calibration", "expected"), "head", at="middle")
    drawing.text(left, 12, told.word("calibration", "came"), "head")
    return drawing.render()
