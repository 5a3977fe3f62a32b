"""The idea board as a state machine, against tests/support/models/board.py.

B1  An idea's sums are the weights of the ballots that name it, for and against.
B2  A round's passing counter is the number of its ideas whose net support reaches its threshold.
B3  A stored ballot is the voter's last one that was taken, choice by choice.
B4  A settlement assigns at most the round's cap and the pool's free money; the escrow got exactly
    that.
B5  A settlement funds the passing ideas in order of net support, as far as the budget reaches.
B6  A round with ideas keeps a word and every idea a tally: neither is ever zero again.
B7  A threshold is fixed by the first ballot and does not change after it.
B8  A ballot is refused exactly when the model refuses it, with the same error.
B9  A round is settled at most once, in its window, and after the open round before it.
B10 Every round with ideas can be settled by anyone as soon as its vote has closed (liveness).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tests.support import boards, clock
from tests.support.boards import CAP, LENGTH, UNIT
from tests.support.models import board as model
from tests.support.reverts import VirtualMachineError
from tests.support.stateful import ChainMachine, run

VOTERS = ("ana", "budi", "carla", "dewi")
MAX_IDEAS = 5
# Every history starts when the vote on round 1 opens: ideas by round.
START = {1: 4, 2: 2}
MIN_ASK, MAX_ASK = model.ask_bounds(CAP)


def attempt(act: Callable[[], Any]) -> tuple[Any, str]:
    """What the act returns, and the error it met ("" for none)."""
    try:
        return act(), ""
    except VirtualMachineError as error:
        return None, str(error)


class BoardMachine(ChainMachine):
    """Several rounds at once: one is posted, one voted on, two can be settled."""

    world: boards.World
    counts: Counter[str]

    def setup(self) -> None:
        self.rounds: dict[int, model.RoundModel] = {}
        self.asks: dict[int, dict[int, int]] = {}
        self.touched: set[int] = set()
        self.fixed: dict[int, int] = {}
        self.last: dict[str, tuple[int, int, tuple[int, ...]]] = {}
        self.assigned = 0
        for number, ideas in START.items():
            self._open(number).ideas = ideas
            self.asks[number] = dict.fromkeys(range(1, ideas + 1), boards.ASK)
            self.touched.add(number)

    def _open(self, number: int) -> model.RoundModel:
        weights = {self.world.people[v].address: boards.PEOPLE[v][1] * UNIT for v in VOTERS}
        return self.rounds.setdefault(number, model.RoundModel(boards.PASSING, weights=weights))

    # ── acts ────────────────────────────────────────────────────────────────────────────────────

    @property
    def now(self) -> int:
        return clock.now()

    def _current(self) -> int:
        return self.world.calendar.round_at(self.now)

    @rule(ask=st.integers(MIN_ASK, MAX_ASK), author=st.sampled_from(("ana", "budi")))
    def post(self, ask: int, author: str) -> None:
        number = self._current()
        known = self.rounds.get(number)
        if known is not None and known.ideas >= MAX_IDEAS:
            return
        tx = self.world.post(self.world.people[author], ask=ask)
        known = self._open(number)
        known.ideas += 1
        self.asks.setdefault(number, {})[known.ideas] = ask
        assert tx.return_value == known.ideas
        self.touched.add(number)

    @rule(number=st.integers(1, MAX_IDEAS))
    def withdraw(self, number: int) -> None:
        current = self._current()
        known = self.rounds.get(current)
        if known is None or number > known.ideas or number in known.withdrawn:
            return
        author = self.world.board.ideaOf(current, number)["author"]
        self.world.board.withdraw(current, number, {"from": author})
        known.withdrawn.add(number)
        self.touched.add(current)

    @rule(voter=st.sampled_from(VOTERS), data=st.data(), spoil=st.integers(0, 7))
    def vote(self, voter: str, data: st.DataObject, spoil: int) -> None:
        """Mostly a good ballot; sometimes out of order, unknown, or in the same second."""
        number = self._current() - 1
        known = self.rounds.get(number)
        if known is None:
            return
        top = known.ideas + (1 if spoil == 1 else 0)
        choices = data.draw(st.lists(st.integers(2, 2 * top + 1), max_size=top + 1))
        if spoil != 2:
            choices = sorted({choice // 2: choice for choice in choices}.values())
        account = self.world.people[voter]
        at = self.now + (0 if spoil == 3 else 1)
        if not self.world.calendar.is_voting(number, at):
            return
        is_late = at >= self.world.calendar.late_from(number)
        refusal = known.refusal(account.address, at, choices, is_late=is_late)
        met = attempt(lambda: self.world.vote(account, choices, number=number, at=at))[1]
        found = re.search(r"IdeaBoard\w+", met)
        assert (found[0] if found else None) == refusal, f"B8: board {met!r}, model {refusal}"
        self.counts["ballots refused" if met else "ballots taken"] += 1
        if met:
            return
        known.cast(account.address, at, choices)
        self.last[account.address] = (number, at, tuple(choices))
        self.fixed.setdefault(number, self.world.board.roundOf(number)["threshold"])
        self.touched.add(number)

    @rule(data=st.data(), voters=st.lists(st.sampled_from(VOTERS), min_size=2, max_size=4))
    def vote_in_turn(self, data: st.DataObject, voters: list[str]) -> None:
        for voter in voters:
            self.vote(voter=voter, data=data, spoil=0)

    @rule(seconds=st.sampled_from((LENGTH // 2, LENGTH)))
    def wait(self, seconds: int) -> None:
        clock.pass_time(seconds)

    @rule()
    def wait_for_the_last_tenth(self) -> None:
        number = self._current() - 1
        if number > 0:
            clock.reach(self.world.calendar.late_from(number))

    @precondition(lambda self: self._current() > 2)
    @rule(data=st.data(), is_spoiled=st.integers(0, 3), pool=st.integers(0, 2 * CAP))
    def settle(self, data: st.DataObject, is_spoiled: int, pool: int) -> None:
        self.world.escrow.setPool(pool, {"from": self.world.deployer})
        number = data.draw(st.sampled_from(sorted(self.rounds)))
        order = self.rounds[number].passing()
        if not is_spoiled and order:
            spoiled = data.draw(
                st.sampled_from([order[:-1], [*order, order[0]], [*order[:-1], 99]])
            )
            self._settle(number, spoiled, must_fail=True)
        self._settle(number, order)

    def _settle(self, number: int, order: list[int], *, must_fail: bool = False) -> None:
        known, moment = self.rounds[number], self.now + 1
        before = self.rounds.get(number - 1)
        is_blocked = (
            before is not None
            and bool(before.passing())
            and not before.is_settled
            and moment < self.world.calendar.lapses(number - 1)
        )
        is_open = self.world.calendar.is_settling(number, moment)
        may = is_open and not known.is_settled and not is_blocked and not must_fail
        pool = self.world.escrow.poolFree()
        clock.set_next(moment)
        tx, met = attempt(
            lambda: self.world.board.settle(number, order, {"from": self.world.stranger})
        )
        assert may is (not met), f"B9, B10: {met or 'settled out of turn'}"
        self.counts["settlements refused" if met else "settlements done"] += 1
        if met:
            return
        budget = min(CAP, pool)
        asks = self.asks[number]
        chosen = model.fundable(order, asks, budget)
        funded = [event["number"] for event in tx.events["IdeaFunded"]] if chosen else []
        assert funded == chosen, "B5"
        assigned = sum(asks[n] for n in chosen)
        assert tx.events["RoundSettled"]["assigned"] == assigned <= budget, "B4"
        self.assigned += assigned
        known.is_settled = True
        self.touched.add(number)

    # ── what stays true ─────────────────────────────────────────────────────────────────────────

    @invariant()
    def sums_and_counters(self) -> None:
        """B1, B2, B6, B7 of the rounds that the last act touched."""
        for number in self.touched:
            self._check_round(number)
        self.touched.clear()

    def _check_round(self, number: int) -> None:
        known, board = self.rounds[number], self.world.board
        word = board.roundOf(number)
        assert word["ideas"] == known.ideas > 0, "B6"
        assert word["passing"] == len(known.passing()), "B2"
        assert word["isSettled"] is known.is_settled, "B9"
        assert word["isVoteBegun"] is (number in self.fixed), "B7"
        assert word["threshold"] == self.fixed.get(number, boards.POSTING), "B7"
        assert self.fixed.get(number, boards.PASSING) == boards.PASSING, "B7"
        for idea in range(1, known.ideas + 1):
            tally = board.tallyOf(number, idea)  # reverts when the word is zero: B6
            assert (tally["forVotes"], tally["againstVotes"]) == known.tally(idea), "B1"
            assert tally["isWithdrawn"] is (idea in known.withdrawn)

    @invariant()
    def money(self) -> None:
        """B4: the escrow got what settlements said."""
        assert self.world.escrow.assigned() == self.assigned, "B4"

    def drain(self) -> None:
        """B3 and, as everyone can always get on, B10: what closed is settled, the earlier first."""
        for voter, (number, at, choices) in self.last.items():
            assert self.world.board.ballotOf(voter) == (number, at, list(choices)), "B3"
        if not self.rounds:
            return
        last = max(self.rounds)
        clock.reach(self.world.calendar.vote_closes(last))
        for number in sorted(self.rounds):
            if self.rounds[number].is_settled:
                continue
            if not self.world.calendar.is_settling(number, self.now + 1):
                continue
            self._settle(number, self.rounds[number].passing())
            assert self.rounds[number].is_settled, "B10"
        for number in self.rounds:
            self._check_round(number)


def test_board_machine(accounts):
    world = boards.deploy(accounts)
    for number, ideas in START.items():
        world.to_posting(number)
        world.post_many(world.ana, ideas)
    counts: Counter[str] = Counter()
    run(BoardMachine, examples=settings().max_examples // 2, world=world, counts=counts)
    for what in ("ballots taken", "ballots refused", "settlements done", "settlements refused"):
        assert counts[what] > 0, f"the histories hold no {what}: {dict(counts)}"
    print(dict(counts))
