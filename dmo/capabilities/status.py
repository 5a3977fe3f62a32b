"""What can be done now, and until when; and the chain's clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dmo.capabilities.ideas import frame
from dmo.core import due, units
from dmo.core.act import arg, option
from dmo.core.due import Item
from dmo.core.files import write_again
from dmo.core.ics import Moment, calendar
from dmo.core.kinds import ACCOUNT, DURATION, FLAG, NUMBER, TEXT, TIME, plain, shape
from dmo.core.localtime import advance, require_local
from dmo.core.view import Query, View, view
from dmo.home.home import Home
from dmo.home.rounds import round_at, round_times

DUE = 10  # the exit code where something waits
_LINES = 10
_STATES = {(False, True): "nothing", (False, False): "nobody", (True, False): "anybody"}
ITEM_SHAPE = {"kind": TEXT, "until": TIME, "due": FLAG, "command": TEXT, "text": TEXT}


def _row(home: Home, item: Item) -> dict[str, Any]:
    return {**vars(item), "due": item.is_due, "command": f"dmo {item.command}", "text": item.text(home)}


class Status(Query, name="status", gives={"account": ACCOUNT, "now": TIME, "due": NUMBER, "items": [ITEM_SHAPE]}):
    account: str | None = arg(TEXT.called("WHO"), default=None)
    everything: bool = option(FLAG, False, flag="all")
    calendar: str | None = option(TEXT.called("FILE"))

    def view(self, home: Home) -> View:
        who = home.account(self.account) if self.account else home.maybe_me
        found = due.items(home, who)
        if self.calendar:
            write_again(self.calendar, calendar(home.dmo.name, home.now, moments(home, found)))
        count = sum(item.is_due for item in found)
        answer = {"account": who, "now": home.now, "due": count, "items": [_row(home, item) for item in found]}
        # Everybody with votes can post at all times: told where nothing else is.
        shown = [item for item in found if self.everything or item.kind != "post"] or found
        room = len(shown) if self.everything or len(shown) < _LINES else _LINES - 2
        head = {
            **{"who": home.who(who) if who else home.word("due", "anybody"), "deployment": home.dmo.name},
            **{"network": home.network.name, "clock": units.format_time(home.now)},
            **{"more": str(len(shown) - room) if len(shown) > room else None},
            "state": _STATES.get((bool(found), bool(who)), "me"),
        }
        laid = view(home, "status lines", dict.fromkeys(head, TEXT), head)
        lines = [(one.text(home), one.deadline(home), "●" if one.is_due else "○", one.command) for one in shown[:room]]
        wide = [max((len(line[place]) for line in lines), default=0) for place in (0, 1)]
        texts = [f"{mark} {what:<{wide[0]}}  {until:<{wide[1]}}  dmo {how}" for what, until, mark, how in lines]
        code = DUE if count else 0
        return replace(laid, texts=(*texts, *laid.texts), data=plain(self.gives, answer), code=code)


def moments(home: Home, found: Sequence[Item]) -> Iterator[Moment]:
    """What ends for somebody, and when the next two votes begin and end."""
    for item in found:
        if item.until > home.now:
            yield Moment(item.until, f"{home.dmo.name}: {item.text(home)}", f"dmo {item.command}")
    fixed = frame(home)
    number = round_at(fixed, home.now)
    for one in (round_times(fixed, each) for each in range(max(number - 1, 1), number + 2)):
        for key, at in (("opens", one.voting_opens), ("closes", one.voting_closes)):
            if at > home.now:
                yield Moment(at, f"{home.dmo.name}: {home.word('vote', key).format(one.round)}", "dmo round show")


class Due(Query, name="due", gives={"count": NUMBER, "items": [{**ITEM_SHAPE, "acts": [TEXT]}]}):
    def answer(self, home: Home) -> Mapping[str, Any]:
        found = due.items(home, None)
        rows = [{**_row(home, item), "acts": [one.written() for one in item.acts]} for item in found]
        return {"count": len(found), "items": rows}


CLOCK = shape((NUMBER, "now round before"), (DURATION, "moved_seconds left"), clock=TEXT)


class Time(Query, name="time", gives=CLOCK):
    to: str | None = arg(TEXT.called("[+TIME|MOMENT|round]"), default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        fixed, now, moved = frame(home), home.now, None
        if self.to is not None:
            require_local(home.chain, home.url)
            following = round_times(fixed, round_at(fixed, now) + 1).posting_opens
            moved = (following if self.to.strip() == "round" else units.parse_time(self.to, now)) - now
            now = advance(home.chain, moved)
        number = round_at(fixed, now)
        left = round_times(fixed, number + 1).posting_opens - now
        told = {"now": now, "moved_seconds": moved, "clock": units.format_time(now)}
        return {**told, "round": number, "before": number - 1, "left": left}
