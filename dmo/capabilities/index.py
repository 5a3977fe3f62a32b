"""The index: bringing it to the chain's head, once or for ever, and what it holds."""

import sys
from collections.abc import Mapping
from typing import Any

from dmo.capabilities.ideas import frame
from dmo.core import words
from dmo.core.act import option
from dmo.core.kinds import DURATION, FLAG, NUMBER, TEXT, shape
from dmo.core.view import Query
from dmo.home.following import Follower, until_told
from dmo.home.home import Home
from dmo.home.rounds import round_at

_CHECKED, _ROUNDS = 10, 12
_COUNTED = ("events", "things", "watched", "waiting")
STATE = shape((TEXT, "place"), (NUMBER, "block head behind"), (NUMBER, " ".join(_COUNTED)))
DIFFERENCES = [shape((TEXT, "thing field kept told"))]


def _state(home: Home, follower: Follower | None = None) -> dict[str, Any]:
    """Where the index is, and what it holds."""
    index = follower.index if follower else home.index
    head, cursor = home.snapshot.head, index.cursor
    held = index.counts(home.snapshot.now)
    block = cursor[0] if cursor else 0
    return {"place": index.place, "block": block, "head": head.number, "behind": max(head.number - block, 0), **held}


class IndexOnce(
    Query,
    name="index once",
    of_machine=True,
    gives={**STATE, "checked": NUMBER, "wrong": FLAG, "differences": DIFFERENCES},
):
    check: bool = option(FLAG, False)

    def answer(self, home: Home) -> Mapping[str, Any]:
        follower = Follower(home)
        follower.step()
        count, found = follower.compared(_CHECKED) if self.check else (None, [])
        if self.check:
            now = round_at(frame(home), home.now)
            found = follower.left_out(range(max(now - _ROUNDS, 0) + 1, now + 1)) + found
        return {
            **_state(home, follower),
            "checked": count,
            "differences": [one._asdict() for one in found],
            "wrong": bool(found),
        }

    def code(self, answer: Mapping[str, Any]) -> int:
        return int(bool(answer["differences"]))


class IndexRun(Query, name="index run", of_machine=True, gives=STATE):
    every: int = option(DURATION, 2)

    def answer(self, home: Home) -> Mapping[str, Any]:
        follower = Follower(home)

        def say(what: str, value: str) -> None:
            print(words.word("index", what).format(value), file=sys.stderr, flush=True)

        with until_told() as over:
            follower.run(lambda: over.wait(self.every), say)
        return _state(home, follower)


class IndexStatus(Query, name="index status", of_machine=True, gives=STATE):
    def answer(self, home: Home) -> Mapping[str, Any]:
        return _state(home)


class IndexRebuild(Query, name="index rebuild", of_machine=True, gives=STATE):
    def answer(self, home: Home) -> Mapping[str, Any]:
        follower = Follower(home)
        follower.index.rebuild()
        follower.step()
        return _state(home, follower)
