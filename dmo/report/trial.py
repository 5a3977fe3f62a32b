"""The pictures of a dispute: what happened when, and how much weight said what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dmo.client.disputes import Ruling
from dmo.report.facts import DisputeFacts, JurorFacts
from dmo.report.history import History
from dmo.report.pictures import axis_days
from dmo.report.svg import Drawing, cut
from dmo.report.words import Names, day, source_of_jurors, weight_unit

__all__ = ["Step", "steps", "trial_time", "trial_votes"]

ROW = 26
MOST_ROWS = 14
MOST_SEGMENTS = 8


@dataclass(frozen=True)
class Step:
    """Something that happened in a dispute.

    Attributes:
        moments: When; several moments for what several jurors did.
        words: Who did what.
        mark: How it is drawn.
        digest: The document that goes with it, as 0x text.
    """

    moments: tuple[int, ...]
    words: str
    mark: str
    digest: str = ""


def steps(history: History, dispute: DisputeFacts, names: Names) -> list[Step]:
    """What happened in a dispute, in order."""
    opener, papers = names(dispute.opener), dispute.papers
    act = "challenges" if dispute.is_challenge else "disputes"
    found = [
        Step((dispute.opened_at,), f"{opener} {act}", "flag", papers[0].digest if papers else "")
    ]
    found += [
        Step((paper.at,), f"{names(paper.by)} gives evidence", "paper", paper.digest)
        for paper in papers[1:]
    ]
    revealed = [juror for juror in dispute.jurors if juror.revealed_at is not None]
    for who, when, words, mark in (
        (dispute.jurors, [j.committed_at for j in dispute.jurors], "commit", "ring"),
        (revealed, [j.revealed_at for j in revealed if j.revealed_at], "reveal", "dot"),
    ):
        if who:
            found.append(Step(tuple(when), _jurors(who, words), mark))
    if dispute.ruled_at:
        words = ("no ruling", "ruling: pay", "ruling: do not pay")[dispute.ruling]
        found.append(Step((dispute.ruled_at,), words, "diamond"))
    elif dispute.is_over(history.now):
        found.append(Step((dispute.until,), "no ruling in time", "diamond"))
    if dispute.settled_at:
        words = "settled, work paid" if dispute.is_paid else "settled, work not paid"
        found.append(Step((dispute.settled_at,), words, "coin"))
    return sorted(found, key=lambda step: min(step.moments))


def _fewer(rows: list[Step]) -> list[Step]:
    """Not more rows than a picture can hold; those in the middle become one."""
    if len(rows) <= MOST_ROWS:
        return rows
    first, last = rows[:3], rows[-(MOST_ROWS - 4) :]
    middle = rows[len(first) : len(rows) - len(last)]
    moments = tuple(moment for step in middle for moment in step.moments)
    return [*first, Step(moments, f"{len(middle)} more, see the table", "paper"), *last]


def _jurors(who: Sequence[JurorFacts], verb: str) -> str:
    return f"{len(who)} jurors {verb}" if len(who) != 1 else f"1 juror {verb}s"


def trial_time(history: History, dispute: DisputeFacts, names: Names) -> str:
    """A row per step, a mark per moment; the windows of the jury behind them."""
    shown = _fewer(steps(history, dispute, names))
    left, right = 330.0, 975.0
    ends = [dispute.reveal_until, dispute.opened_at + 1]
    ends += [moment for step in shown for moment in step.moments]
    first, last = dispute.opened_at, max(ends)
    margin = (last - first) // 30
    first, last = first - margin, last + margin

    def x(moment: int) -> float:
        return left + (moment - first) / (last - first) * (right - left)

    bottom = 34.0 + ROW * len(shown)
    drawing = Drawing(
        1000,
        bottom + 26,
        f"The dispute about work {dispute.submission}: "
        + "; ".join(f"{day(min(step.moments))} {step.words}" for step in shown),
    )
    if dispute.reveal_until:
        for begin, end, kind, words in (
            (dispute.opened_at, dispute.commit_until, "back", "jurors commit"),
            (dispute.commit_until, dispute.reveal_until, "fee", "jurors reveal"),
        ):
            drawing.rect(x(begin), 10, x(end) - x(begin), 14, kind, words)
    axis_days(drawing, first, last, x, bottom, by_day=True)
    for index, step in enumerate(shown):
        y = 34.0 + ROW * index + ROW / 2
        drawing.text(10, y + 5, cut(f"{day(min(step.moments))}  {step.words}", 44), "label")
        drawing.line(left, y, right, y, "grid")
        for moment in step.moments:
            drawing.mark(step.mark, x(moment), y, f"{day(moment)} {step.words}")
    return drawing.render()


def trial_votes(history: History, dispute: DisputeFacts, names: Names) -> str:
    """Revealed weight for and against, juror by juror, and how much of it was needed."""
    sides = {
        ruling: sorted(
            (juror for juror in dispute.jurors if juror.ruling is ruling),
            key=lambda juror: -juror.weight,
        )
        for ruling in (Ruling.PAY, Ruling.REFUSE)
    }
    sums = {ruling: sum(juror.weight for juror in side) for ruling, side in sides.items()}
    together = sum(sums.values())
    unit = weight_unit(history, dispute)
    source = source_of_jurors(history, dispute)
    left, width = 150.0, 700.0
    scale = width / max(together, dispute.quorum, 1)
    words = {Ruling.PAY: "to pay", Ruling.REFUSE: "not to pay"}
    drawing = Drawing(
        1000,
        160,
        f"Revealed weight, in {source}: "
        + "; ".join(f"{words[ruling]} {sums[ruling] // unit:,}" for ruling in sides)
        + f"; needed together {dispute.quorum // unit:,}",
    )
    for index, (ruling, fill) in enumerate(((Ruling.PAY, "work"), (Ruling.REFUSE, "against"))):
        y, at = 26.0 + 44 * index, left
        drawing.text(left - 12, y + 14, words[ruling], "label", text_anchor="end")
        drawing.line(left, y - 4, left, y + 24, "axis")
        for who, weight in _segments(sides[ruling], names):
            long = weight * scale
            drawing.rect(at, y, long, 20, fill, f"{who}: {weight // unit:,}")
            if fitting := int(long // 8):
                drawing.text(at + 2, y - 6, cut(who, fitting), "small")
            at += long
        drawing.text(at + 8, y + 15, f"{sums[ruling] // unit:,} {source}", "small strong")
    y = 114.0
    drawing.text(left - 12, y + 12, "together", "label", text_anchor="end")
    drawing.line(left, y - 4, left, y + 20, "axis")
    drawing.rect(left, y, together * scale, 12, "back", f"{together // unit:,} revealed")
    quorum = left + dispute.quorum * scale
    drawing.line(quorum, y - 6, quorum, y + 20, "threshold")
    drawing.text(
        min(quorum, left + width),
        y + 36,
        f"needed: {dispute.quorum // unit:,}",
        "small",
        text_anchor="middle",
    )
    return drawing.render()


def _segments(side: Sequence[JurorFacts], names: Names) -> list[tuple[str, int]]:
    """The heaviest jurors by name, the others together."""
    shown = [(names(juror.account), juror.weight) for juror in side[:MOST_SEGMENTS]]
    rest = side[MOST_SEGMENTS:]
    if rest:
        shown.append((f"{len(rest)} others", sum(juror.weight for juror in rest)))
    return shown
