"""What can be done now, and until when; and the chain's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dmo.core import due, units
from dmo.core.act import arg, option
from dmo.core.due import Item
from dmo.core.kinds import ACCOUNT, DURATION, FLAG, NUMBER, TEXT, TIME, choice, shape
from dmo.core.view import Query, View, view

if TYPE_CHECKING:
    from dmo.home.home import Home

DUE = 10
"""Exit code where something waits."""
_LINES = 10
ITEM_SHAPE = {"kind": TEXT, "until": TIME, "due": FLAG, "command": TEXT, "text": TEXT}


def _row(home: Home, item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "until": item.until,
        "due": item.is_due,
        "command": f"dmo {item.command}",
        "text": item.text(home),
    }


class Status(Query, name="status", gives={"account": ACCOUNT, "now": TIME, "due": NUMBER, "items": [ITEM_SHAPE]}):
    account: str | None = arg(TEXT.called("WHO"), default=None)
    everything: bool = option(FLAG, False, flag="all")

    def view(self, home: Home) -> View:
        who = home.account(self.account) if self.account else home.maybe_me
        found = due.items(home, who)
        count = sum(item.is_due for item in found)
        answer = {"account": who, "now": home.now, "due": count, "items": [_row(home, item) for item in found]}
        data = view(home, self.name, self.gives, answer).data
        shown = found
        if not self.everything:
            # Everybody with votes can post at all times: told where nothing else is.
            shown = [item for item in found if item.kind != "post"] or found
        room = len(shown) if self.everything or len(shown) < _LINES else _LINES - 2
        state = "nothing" if not found else "anybody" if who is None else "me"
        laid = view(
            home,
            "status lines",
            _LINES_SHAPE,
            {
                "who": home.who(who) if who else home.word("due", "anybody"),
                "deployment": home.dmo.name,
                "network": home.network.name,
                "clock": units.format_time(home.now),
                "more": str(len(shown) - room) if len(shown) > room else None,
                "state": state,
            },
        )
        lines = [
            ("●" if one.is_due else "○", one.text(home), one.deadline(home), f"dmo {one.command}")
            for one in shown[:room]
        ]
        wide = [max((len(line[place]) for line in lines), default=0) for place in (1, 2)]
        texts = [f"{mark} {what:<{wide[0]}}  {until:<{wide[1]}}  {how}" for mark, what, until, how in lines]
        return replace(laid, texts=(*texts, *laid.texts), data=data, code=DUE if count else 0)


_LINES_SHAPE = shape(
    (TEXT, "who deployment network clock more"), state=choice("status_state", "nothing", "anybody", "me")
)


class Due(Query, name="due", gives={"count": NUMBER, "items": [{**ITEM_SHAPE, "acts": [TEXT]}]}):
    def answer(self, home: Home) -> Mapping[str, Any]:
        found = due.items(home, None)
        return {
            "count": len(found),
            "items": [{**_row(home, item), "acts": [one.written() for one in item.acts]} for item in found],
        }


# ── the clock ───────────────────────────────────────────────────────────────────────────────────

CLOCK = choice("clock", "shown", "moved")
CLOCK_ROUND = choice("clock_round", "none", "first", "later")


class Time(
    Query,
    name="time",
    gives=shape(
        (NUMBER, "now round before"), (DURATION, "moved_seconds left"), state=CLOCK, clock=TEXT, rounds=CLOCK_ROUND
    ),
):
    to: str | None = arg(TEXT.called("[+TIME|MOMENT|round]"), default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.capabilities.rounds import frame
        from dmo.core.localtime import advance, require_local
        from dmo.home.rounds import round_at, round_times

        fixed = frame(home)
        moved: dict[str, Any] = {"state": "shown", "now": home.now}
        if self.to is not None:
            require_local(home.chain, home.url)
            following = round_times(fixed, round_at(fixed, home.now) + 1).posting_opens
            is_round = self.to.strip() == "round"
            target = following if is_round else int(units.parse_time(self.to, home.now))
            seconds = target - home.now
            now = advance(home.chain, seconds)
            moved = {"state": "moved", "now": now, "moved_seconds": seconds}
        number = round_at(fixed, moved["now"])
        return {
            **moved,
            "round": number,
            "clock": units.format_time(moved["now"]),
            "left": round_times(fixed, number + 1).posting_opens - moved["now"],
            "rounds": "later" if number > 1 else "first" if number else "none",
            "before": number - 1,
        }
