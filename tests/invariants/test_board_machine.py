"""The idea board in random histories, against tests/support/models/board.py.

B1  An idea's sums are the weights of the ballots that name it, for and against.
B2  A round's passing counter is the number of its ideas whose net support reaches its threshold.
B3  A stored ballot is the voter's last one that was taken, choice by choice.
B4  Settling a round assigns at most its cap, and each call at most the pool's free money; the escrow
    got exactly that.
B5  The vote and the cap choose what is funded, in order of net support; the pool only delays it.
B6  A round with ideas keeps a word and every idea a tally: neither is ever zero again.
B7  A threshold is fixed by the first ballot and does not change after it.
B8  A ballot is refused exactly when the model refuses it, with the same error.
B9  A round is settled to its end at most once, in its window, after the open round before it, with
    exactly its passing ideas in order in every call; a settlement is refused with the error that says
    what is wrong.
B10 Every round with ideas can be settled by anyone as soon as its vote has closed and the pool holds
    what it chose (liveness).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.support import boards, clock
from tests.support.boards import CAP, LENGTH, UNIT
from tests.support.histories import run_histories
from tests.support.models import board as model
from tests.support.reverts import VirtualMachineError

VOTERS = ("ana", "budi", "carla", "dewi", "stranger")  # the stranger has no votes
VOTES_OFTEN = (3, 3, 3, 2, 1)
MAX_IDEAS = 5
# Every history starts when the vote on round 1 opens: ideas by round.
START = {1: 4, 2: 2}
MIN_ASK, MAX_ASK = model.ask_bounds(CAP)
HISTORIES, STEPS = 15, 20
# What the histories hold at the least, or they would prove little.
ACTS = ("post", "withdraw", "vote", "settle")
REFUSALS = (
    *("StaleBallot", "NoVotes", "ChoicesNotAscending", "LateFor", "UnknownIdea", "Withdrawn"),
    *("NotSettling", "Settled", "EarlierRoundOpen", "WrongCount", "NotPassing", "OutOfOrder", "PoolTooSmall"),
)


def attempt(act: Callable[[], Any]) -> tuple[Any, str]:
    """What the act returns, and the name of the board's error it met ("" for none)."""
    try:
        return act(), ""
    except VirtualMachineError as error:
        return None, str(error.revert_msg).partition(":")[0]


class BoardMachine:
    """Several rounds at once: one is posted, one voted on, two can be settled."""

    def __init__(self, world: boards.World, source: random.Random) -> None:
        self.world, self.random = world, source
        self.log: list[str] = []
        self.rounds: dict[int, model.RoundModel] = {}
        self.asks: dict[int, dict[int, int]] = {}
        self.touched: set[int] = set()
        self.fixed: dict[int, int] = {}
        self.last: dict[str, tuple[int, int, tuple[int, ...]]] = {}
        self.assigned = 0
        self.funded: dict[int, list[int]] = {}
        self.walked: dict[int, int] = {}
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

    def step(self) -> None:
        """Do one random act; ballots are likeliest, as all else follows from them."""
        acts = {self.votes: 7, self.settle: 4, self.wait: 3, self.post: 2, self.withdraw: 2}
        self.random.choices(list(acts), list(acts.values()))[0]()

    def post(self) -> None:
        number = self._current()
        known = self.rounds.get(number)
        if known is not None and known.ideas >= MAX_IDEAS:
            return
        ask = self.random.choice([MIN_ASK, MAX_ASK, self.random.randint(MIN_ASK, MAX_ASK)])
        author = self.world.people[self.random.choice(("ana", "budi"))]
        self.log.append(f"post({author}, {ask})")
        tx = self.world.post(author, ask=ask)
        known = self._open(number)
        known.ideas += 1
        self.asks.setdefault(number, {})[known.ideas] = ask
        assert tx.events["IdeaPosted"]["number"] == known.ideas
        self.touched.add(number)

    def withdraw(self) -> None:
        current = self._current()
        known = self.rounds.get(current)
        left = sorted(set(range(1, known.ideas + 1)) - known.withdrawn) if known else []
        if known is None or not left:
            return
        number = self.random.choice(left)
        self.log.append(f"withdraw({current}, {number})")
        author = self.world.board.ideaOf(current, number)["author"]
        self.world.board.withdraw(current, number, {"from": author})
        known.withdrawn.add(number)
        self.touched.add(current)

    def votes(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            self.vote()

    def vote(self) -> None:
        """Mostly a good ballot; sometimes out of order, unknown, or in the second of the last."""
        number = self._current() - 1
        known = self.rounds.get(number)
        if known is None:
            return
        account = self.world.people[self.random.choices(VOTERS, VOTES_OFTEN)[0]]
        spoil = self.random.randrange(10)
        at = self.now + 1
        just_voted = [voter for voter, (_, when, _) in self.last.items() if when == self.now]
        if spoil == 0 and just_voted:
            account, at = self.world.by_address(just_voted[0]), self.now
        open_ideas = set(range(1, known.ideas + 1)) - (known.withdrawn if spoil % 3 else set())
        named = self.random.sample(sorted(open_ideas), self.random.randint(0, len(open_ideas)))
        if spoil == 1:
            named.append(known.ideas + 1)
        named.sort(reverse=spoil == 2)
        choices = [idea * 2 + (self.random.random() < 0.8) for idea in named]
        if spoil == 3:
            choices += choices[-1:]
        if not self.world.calendar.is_voting(number, at):
            return
        is_late = at >= self.world.calendar.late_from(number)
        if is_late and self.random.random() < 0.7:
            _, old = known.ballots.get(account.address, (0, ()))
            choices = [choice for choice in choices if choice % 2 == 0 or choice in old]
        refusal = known.refusal(account.address, at, choices, is_late=is_late)
        self.log.append(f"{refusal or 'vote'}({account}, {number}, {choices}, {at})")
        met = attempt(lambda: self.world.vote(account, choices, number=number, at=at))[1]
        assert met == (refusal or ""), "B8"
        if met:
            return
        known.cast(account.address, at, choices)
        self.last[account.address] = (number, at, tuple(choices))
        self.fixed.setdefault(number, self.world.board.roundOf(number)["threshold"])
        self.touched.add(number)

    def wait(self) -> None:
        """Half a round, a whole one, or until for comes too late."""
        number = self._current() - 1
        moment = self.now + self.random.choice((LENGTH // 2, LENGTH))
        if number > 0 and self.random.random() < 0.3:
            moment = self.world.calendar.late_from(number)
        self.log.append(f"wait({moment})")
        clock.reach(moment)

    def settle(self) -> None:
        """Settle a round with the right list or a wrong one, in its window or out of it."""
        numbers = sorted(self.rounds)
        can = [n for n in numbers if self.world.calendar.is_settling(n, self.now + 1)]
        if not can and self.random.random() < 0.9:
            return
        if self.random.random() < 0.8:
            can = [n for n in can if not self.rounds[n].is_settled] or can
        pool = self.random.randint(0, self.random.choice((2 * boards.ASK, 2 * CAP)))
        self.world.escrow.setPool(pool, {"from": self.world.deployer})
        number = self.random.choice([*can, max(can)] if can else numbers)
        if self.random.random() < 0.7:
            self._settle(number, self.random.choice(self._wrong(number)))
        self._settle(number, self.rounds[number].passing(), most=self.random.choice((0, 0, 1, 2)))

    def _wrong(self, number: int) -> list[list[int]]:
        """Lists that do not settle the round: an idea left out, doubled, unknown, out of order."""
        order = self.rounds[number].passing()
        lists = [order[1:], [*order, 1], [*order[:-1], 99], order[::-1]] if order else [[1]]
        return [shown for shown in lists if shown != order]

    def _refusal(self, number: int, shown: list[int], moment: int) -> str:
        """Why a settlement is refused; "" if it is not."""
        known, before = self.rounds[number], self.rounds.get(number - 1)
        order = known.passing()
        if not self.world.calendar.is_settling(number, moment):
            return "IdeaBoardNotSettling"
        if known.is_settled:
            return "IdeaBoardSettled"
        is_before_open = before is not None and before.passing() and not before.is_settled
        if is_before_open and moment < self.world.calendar.lapses(number - 1):
            return "IdeaBoardEarlierRoundOpen"
        if len(shown) != len(order):
            return "IdeaBoardWrongCount"
        if set(shown) - set(order):
            return "IdeaBoardNotPassing"
        return "" if shown == order else "IdeaBoardOutOfOrder"

    def _coming(self, number: int, pool: int, most: int) -> tuple[list[int], bool, bool]:
        """What a call would fund, whether the pool ends it, and whether it reaches the round's end."""
        asks, order = self.asks[number], self.rounds[number].passing()
        chosen = model.chosen(order, asks, CAP)
        begun = self.walked.get(number, 0)
        part = order[begun : begun + most] if most else order[begun:]
        wanted = [n for n in part if n in chosen]
        paid = model.payable(wanted, asks, pool)
        is_short = paid != wanted
        left = CAP - sum(asks[n] for n in [*self.funded.get(number, []), *paid])
        is_end = not is_short and (begun + len(part) == len(order) or left < MIN_ASK)
        return paid, is_short, is_end

    def _settle(self, number: int, shown: list[int], most: int = 0) -> None:
        known, moment = self.rounds[number], self.now + 1
        refusal = self._refusal(number, shown, moment)
        pool = self.world.escrow.poolFree()
        paid, is_short, is_end = self._coming(number, pool, most)
        if not refusal and is_short and not paid:
            refusal = "IdeaBoardPoolTooSmall"
        self.log.append(f"{refusal or 'settle'}({number}, {shown}, {pool}, {moment})")
        tx, met = attempt(lambda: self.world.settle(shown, number, most=most, at=moment))
        assert met == refusal, "B9, B10"
        if met:
            return
        asks = self.asks[number]
        funded = [event["number"] for event in tx.events["IdeaFunded"]] if paid else []
        assert funded == paid, "B5"
        self.assigned += sum(asks[n] for n in paid)
        assert sum(asks[n] for n in paid) <= pool, "B4"
        so_far = self.funded.setdefault(number, [])
        so_far += paid
        known.is_settled = is_end
        assert ("RoundSettled" in tx.events) is is_end
        event = tx.events["RoundSettled" if is_end else "SettlementPaused"]
        assert event["assigned"] == sum(asks[n] for n in so_far) <= CAP, "B4"
        if is_end:
            assert so_far == model.chosen(shown, asks, CAP), "B5"
        else:
            self.walked[number] = event["walked"]
        self.touched.add(number)

    # ── what stays true ─────────────────────────────────────────────────────────────────────────

    def check(self) -> None:
        """B4, and B1, B2, B6, B7 of the rounds that the last act touched."""
        assert self.world.escrow.assigned() == self.assigned, "B4"
        for number in self.touched:
            self._check_round(number)
        self.touched.clear()

    def _check_round(self, number: int) -> None:
        known, board = self.rounds[number], self.world.board
        word = board.roundOf(number)
        assert word["ideas"] == known.ideas > 0, "B6"
        assert word["passing"] == len(known.passing()), "B2"
        assert word["isSettled"] is known.is_settled, "B9"
        funded = self.funded.get(number, [])
        assert (word["funded"], word["assigned"]) == (len(funded), sum(self.asks[number][n] for n in funded)), "B4"
        assert word["isVoteBegun"] is (number in self.fixed), "B7"
        assert word["threshold"] == self.fixed.get(number, boards.POSTING), "B7"
        assert self.fixed.get(number, boards.PASSING) == boards.PASSING, "B7"
        for idea in range(1, known.ideas + 1):
            tally = board.tallyOf(number, idea)  # reverts when the word is zero: B6
            assert (tally["forVotes"], tally["againstVotes"]) == known.tally(idea), "B1"
            assert tally["isWithdrawn"] is (idea in known.withdrawn)

    def drain(self) -> None:
        """B3 and, as everyone can always get on, B10: what closed is settled, the earlier first."""
        for voter, (number, at, choices) in self.last.items():
            assert self.world.board.ballotOf(voter) == (number, at, *boards.sides(choices)), "B3"
        clock.reach(self.world.calendar.vote_closes(max(self.rounds)))
        self.world.escrow.setPool(2 * CAP, {"from": self.world.deployer})
        open_ = [n for n in sorted(self.rounds) if not self.rounds[n].is_settled]
        for number in open_[-1:] + open_:
            if self.rounds[number].is_settled:
                continue
            for shown in [*self._wrong(number), self.rounds[number].passing()]:
                self._settle(number, shown)
        for number, known in self.rounds.items():
            is_open = self.world.calendar.is_settling(number, self.now + 1)
            assert known.is_settled or not is_open, "B10"
            self._check_round(number)


def test_board_machine(accounts):
    world = boards.deploy(accounts)
    for number, ideas in START.items():
        world.to_posting(number)
        world.post_many(world.ana, ideas)
    run_histories(
        lambda source: BoardMachine(world, source),
        histories=HISTORIES,
        steps=STEPS,
        must_hold=[*ACTS, *(f"IdeaBoard{name}" for name in REFUSALS)],
    )
