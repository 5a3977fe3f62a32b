"""The picture of where money came from and where it went: widths are amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from dmo.report.history import History
from dmo.report.svg import Drawing, cut
from dmo.report.words import rounded

__all__ = ["ENDS", "money_flow"]

SOURCES = {"treasury": "Treasury", "gifts": "Gifts", "bonds": "Bonds"}
_FILLS = {"treasury": "back", "gifts": "gift", "bonds": "bond"}
ENDS = {
    "work": "Workers",
    "gift": "Workers, from gifts",
    "fee": "Leads' fees",
    "juror": "Jurors",
    "won": "Won in disputes",
    "bond": "Bonds returned",
    "held": "Bonds still held",
    "back": "Pool, or not spent yet",
}
LEFT, MIDDLE, RIGHT, THICK = 10.0, 360.0, 752.0, 16.0
TOP, GAP, SPAN = 52.0, 30.0, 400.0


@dataclass(frozen=True)
class _Node:
    """A box in the middle: what comes in by source, what goes out by end."""

    label: str
    fill: str
    came: Mapping[str, int]
    went: Mapping[str, int]
    lang: str = ""

    @property
    def amount(self) -> int:
        return sum(self.came.values())


def _nodes(history: History) -> list[_Node]:
    nodes = [
        _Node(
            cut(history.campaign_title(c), 36),
            "work",
            {"treasury": c.ask, "gifts": c.gifts},
            {
                "work": c.work_paid,
                "gift": c.gift_paid,
                "fee": c.fee_paid,
                "juror": c.to_jurors,
                "won": c.won,
                "back": c.left,
            },
            history.campaign_lang(c),
        )
        for c in history.campaigns
    ]
    bonds = history.bonds
    nodes.append(
        _Node(
            "Bonds",
            "bond",
            {"bonds": bonds.put_up},
            {
                "juror": bonds.to_jurors,
                "won": bonds.won,
                "bond": bonds.returned,
                "held": bonds.held,
                "back": bonds.to_pool,
            },
        )
    )
    idle = max(history.deposited - sum(c.ask for c in history.campaigns), 0)
    nodes.append(_Node("Not assigned", "back", {"treasury": idle}, {"back": idle}))
    return [node for node in nodes if node.amount]


def money_flow(history: History) -> str:
    """From treasury, gifts and bonds through campaigns to people, and back."""
    nodes = _nodes(history)
    if not nodes:
        return ""
    decimals, unit = history.budget_token.decimals, history.budget_token.symbol
    came: dict[str, int] = defaultdict(int)
    went: dict[str, int] = defaultdict(int)
    for node in nodes:
        for source, amount in node.came.items():
            came[source] += amount
        for end, amount in node.went.items():
            went[end] += amount
    scale = SPAN / sum(came.values())

    def text(amount: int) -> str:
        return rounded(amount, decimals)

    drawing = Drawing(
        1000,
        0,
        f"Money flow, in {unit}. Came in: "
        + "; ".join(f"{SOURCES[key]} {text(came[key])}" for key in SOURCES if came[key])
        + ". Went to: "
        + "; ".join(f"{label} {text(went[key])}" for key, label in ENDS.items() if went[key]),
    )
    for x, heading in (
        (LEFT, "Where it came from"),
        (MIDDLE, "Campaigns"),
        (RIGHT, "Where it went"),
    ):
        drawing.text(x, 16, heading, "head")

    def boxes(
        x: float, labels: Mapping[str, str], sums: Mapping[str, int], fills: Mapping[str, str]
    ) -> dict[str, float]:
        """Draw a column of boxes; where each begins."""
        tops, y = {}, TOP
        for key, label in labels.items():
            if not sums[key]:
                continue
            words = f"{label}: {text(sums[key])}"
            drawing.text(x, y - 7, words, "label")
            drawing.rect(x, y, THICK, max(sums[key] * scale, 1.5), fills.get(key, key), words)
            tops[key] = y
            y += sums[key] * scale + GAP + 8
        drawing.height = max(drawing.height, y)
        return tops

    source_y = boxes(LEFT, SOURCES, came, _FILLS)
    end_y = boxes(RIGHT, ENDS, went, {})
    y = TOP
    for node in nodes:
        words = f"{node.label} · {text(node.amount)}"
        drawing.text(MIDDLE, y - 7, words, "label", lang=node.lang or None)
        drawing.rect(MIDDLE, y, THICK, max(node.amount * scale, 1.5), node.fill, words)
        into, out = y, y
        for key, amount in node.came.items():
            if amount:
                band = (LEFT + THICK, source_y[key], MIDDLE, into, amount * scale)
                drawing.band(*band, _FILLS[key], f"{text(amount)} {unit}: {node.label}")
                source_y[key] += amount * scale
                into += amount * scale
        for key, amount in node.went.items():
            if amount:
                band = (MIDDLE + THICK, out, RIGHT, end_y[key], amount * scale)
                drawing.band(*band, key, f"{node.label}: {text(amount)} {unit}, {ENDS[key]}")
                end_y[key] += amount * scale
                out += amount * scale
        y += node.amount * scale + GAP
    drawing.height = max(drawing.height, y)
    return drawing.render()
