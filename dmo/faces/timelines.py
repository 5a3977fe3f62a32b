"""Pictures along time: campaigns from idea to money, and disputes, step by step."""

from collections.abc import Callable

from dmo.capabilities.disputes import Dispute
from dmo.capabilities.ends import Ruling
from dmo.faces.sheets import SHEETS
from dmo.faces.svg import Drawing, cut
from dmo.faces.told import Told

Span = tuple[int, int]
DAY = 86_400
WIDE, NARROW = 1000, 340
"""Widths of pictures, in about a screen's points: letters are as large in both."""
_MOST_ROWS, _MOST_SEGMENTS = 14, 8
_LABEL = 70
"""Between one date and the next."""


def axis(told: Told, drawing: Drawing, times: Span, ends: Span, unit: int) -> Callable[[int], float]:
    """Vertical lines at Mondays, or days, fewer where there would be too many; where a time is."""
    (first, last), (left, right), bottom = times, ends, drawing.height - 30

    def x(moment: int) -> float:
        return left + (moment - first) / max(last - first, 1) * (right - left)

    step = unit * max(1, -(-(last - first) * _LABEL // (unit * (right - left))))
    start = first - (first - 4 * DAY) % unit  # the Monday before: 5 January 1970 was one
    for moment in range(start, last + 1, step):
        if moment >= first:
            drawing.line(x(moment), 24, x(moment), bottom, "grid")
            middle = min(max(x(moment), 22), drawing.width - 22)
            drawing.text(middle, bottom + 18, told.show("day", moment), "small", at="middle")
    return x


def timeline(told: Told, _: object, width: int) -> str:
    """One row per campaign: posted, voted, at work; a coin where somebody was paid."""
    rows = list(SHEETS["campaigns"](told, None))
    rounds = {one.number: one for one in told.history.rounds}
    over = [at for row in rows for at in (row["ends_at"], row["closed"] or 0)]
    first, last = min(row["posted"] for row in rows) - DAY, max(*over, *(its.at for its in told.history.payments))
    said = "; ".join(told.say("timeline", "path", **row) for row in rows)
    drawing = Drawing(width, 70 + 56 * len(rows), told.say("timeline", "label", paths=said))
    x = axis(told, drawing, (first, last + 2 * DAY), (10, width - 15), 7 * DAY)
    for place, row in enumerate(rows):
        y, voted, title = 36 + 56 * place, rounds[row["round"]], row["title"]
        text = cut(title.text, 80 if width == WIDE else 40)
        # A title that would run over the edge ends there.
        begin = max(x(row["posted"]), 0) if width == WIDE else 0
        is_long = begin + len(text) * 8 > width and width == WIDE
        drawing.text(
            width if is_long else begin,
            y,
            text,
            "label",
            lang=title.lang,
            at="end" if is_long else "",
            anchor=title.anchor,
        )
        begins, ends = (row["posted"], voted.opens, row["funded"]), (voted.opens, voted.closes, row["ends_at"])
        for begins_at, ends_at, fill in zip(begins, ends, ("back", "fee", "work"), strict=True):
            long = max(x(ends_at) - x(begins_at), 3)
            drawing.rect(x(begins_at), y + 8, long, 18, fill, told.word("timeline", fill))
        if row["filed"]:
            drawing.mark("flag", x(row["filed"]), y + 17, told.word("timeline", "filed"))
        for its in told.history.payments:
            if its.campaign == row["campaign"] and its.kind in ("work", "gift", "fee"):
                drawing.mark("coin", x(its.at), y + 17, told.say("timeline", "paid", day=its.at))
    return drawing.render()


def trial(told: Told, one: Dispute, width: int) -> str:
    """A dispute: its steps, and how its jury decided."""
    return trial_time(told, one, width) + (trial_votes(told, one, width) if one.has_jury else "")


def trial_time(told: Told, one: Dispute, width: int) -> str:
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
    is_wide, apart = width == WIDE, 26 if width == WIDE else 44
    left, right, above = (330, 975, 5) if is_wide else (10, 330, -16)  # of a mark, beside or above it
    drawing = Drawing(width, 64 + apart * len(rows), label)
    x = axis(told, drawing, (first - margin, last + margin), (left, right), DAY)
    windows = ((one.opened_at, one.commit_until, "back"), (one.commit_until, one.reveal_until, "fee"))
    for begin, end, fill in windows if one.has_jury else ():
        drawing.rect(x(begin), 10, x(end) - x(begin), 14, fill, told.word("trial", fill))
    for place, (row, text) in enumerate(zip(rows, texts, strict=True)):
        y = (47 if is_wide else 62) + apart * place
        drawing.text(10 if is_wide else 0, y + above, cut(text, 44 if is_wide else 40), "label")
        drawing.line(left, y, right, y, "grid")
        for moment in row["moments"]:
            drawing.mark(row["mark"], x(moment), y, told.say("trial", "row", day=moment, what=row["what"]))
    return drawing.render()


def trial_votes(told: Told, one: Dispute, width: int) -> str:
    """Revealed weight for and against, juror by juror, and how much of it was needed."""
    jurors = sorted(told.history.jurors.get(one.submission, ()), key=lambda juror: -juror.weight)
    sides = {
        key: [(told.who(juror.account), juror.weight) for juror in jurors if juror.ruling is ruling]
        for key, ruling in (("pay", Ruling.PAY), ("refuse", Ruling.REFUSE))
    }
    sums = {key: sum(weight for _, weight in side) for key, side in sides.items()}
    together = sum(sums.values())
    is_wide = width == WIDE
    scale, left = (700 if is_wide else 320) / max(together, one.quorum, 1), 150.0 if is_wide else 4.0
    known = {**sums, "quorum": one.quorum, "together": together}
    said = {key: told.weight(one, units) for key, units in known.items()} | {"judged": told.source(one)}
    drawing = Drawing(width, 160 if is_wide else 214, told.say("trial", "votes", **said))

    def row(key: str, y: float, wide: float) -> None:
        """What a bar is of: beside it, or above with how much it is, where it is not said at the bar's end."""
        by = told.say("trial", "by", weight=said[key], **said)
        if is_wide:
            drawing.text(138, y + 15, told.word("trial", key), "label", at="end")
            drawing.text(left + wide + 8, y + 15, by if key in sides else "", "small strong")
        else:
            drawing.text(left, y - 24, told.say("trial", "above", what=told.word("trial", key), by=by), "label")
        drawing.line(left, y - 4, left, y + 24, "axis")

    for (key, side), fill, y in zip(
        sides.items(), ("work", "against"), (26, 70) if is_wide else (38, 104), strict=True
    ):
        at, shown, rest = left, side[:_MOST_SEGMENTS], side[_MOST_SEGMENTS:]
        if rest:
            shown.append((told.say("trial", "others", count=len(rest)), sum(weight for _, weight in rest)))
        for who, weight in shown:
            drawing.rect(at, y, weight * scale, 20, fill, f"{who}: {told.weight(one, weight)}")
            if fitting := int(weight * scale // 8):
                drawing.text(at + 2, y - 6, cut(who, fitting), "small")
            at += weight * scale
        row(key, y, at - left)
    y, needed = 114 if is_wide else 168, left + one.quorum * scale
    row("together", y, 0)
    drawing.rect(left, y, together * scale, 14, "back", told.say("trial", "revealed", **said))
    drawing.line(needed, y - 6, needed, y + 20, "threshold")
    ends = (left + 60, 850 if is_wide else width - 70)
    drawing.text(min(max(needed, ends[0]), ends[1]), y + 36, told.say("trial", "needed", **said), "small", at="middle")
    return drawing.render()
