"""The keeper on a told chain: what is due is done, for what it may cost.

given work that is due
├── it is done in as few transactions as half a block holds, and told
├── what is refused is left out in words until something of it changes, and stops nothing else
├── what cannot be worked out stops nothing else
└── without --send nothing leaves
given a cap -> it spends no more in a day of the chain, whatever the machine's clock says
given much that may be tried in vain -> a part of it is tried on a block
given two keepers -> they take turns
requests grow with what is due alone
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from dmo.core import due
from dmo.home.keeping.keeper import Settings
from dmo.home.keeping.logbook import DAY
from tests.support.chronicle import DONE
from tests.support.keeping import GWEI, KEEPER, OTHER, Town, events, keeping, silent, turns


@pytest.fixture
def town() -> Town:
    found = Town(50)
    found.wait()
    return found


# ── what is due ──


def test_what_is_due_is_done_in_as_few_transactions_as_hold_it(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path)
    turns(keeper, town)
    assert sorted(town.paid()) == [*range(1, 51)]
    assert [len(one["keys"]) for one in said if one["event"] == "sent"] == [20, 20, 10]
    assert events(said) == ["sent", "mined"] * 3
    assert [one["nonce"] for one in said] == [0, 0, 1, 1, 2, 2]
    first = said[0]
    assert (first["act"], first["why"], first["block"]) == ("work pay", "50 submissions can be paid", 50)


def test_what_time_makes_due_is_done_when_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(3)
    keeper, _ = keeping(town, monkeypatch, tmp_path)
    turn = keeper.turn()
    assert turn is not None
    assert (turn.due, turn.is_idle) == (0, True)
    town.void(2)
    town.campaign_closable = True
    town.wait()
    turns(keeper, town)
    assert sorted(town.paid()) == [1, 2, 3, 4, 5]
    assert town.blocks[-1]["state"]["closed"]


def test_without_send_nothing_leaves(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town.on_send = silent
    keeper, said = keeping(town, monkeypatch, tmp_path, Settings(max_fee=100 * GWEI))
    keeper.turn()
    assert events(said) == ["would_send"]
    assert not list(tmp_path.glob("home/keeper/*"))


def test_what_is_refused_is_left_out_and_stops_nothing_else(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.poison = {3, 17, 41}
    keeper, said = keeping(town, monkeypatch, tmp_path)
    turns(keeper, town)
    assert set(town.paid()) == set(range(1, 51)) - town.poison
    told = [one for one in said if one["event"] == "left_out"]
    assert sorted(key for one in told for key in one["keys"]) == ["17", "3", "41"]
    assert all(one["why"].endswith(".") and "{" not in one["why"] for one in told)
    assert len(town.mined) == 3
    trips = town.trips
    turn = keeper.turn()
    assert turn is not None
    assert (turn.due, turn.left, turn.is_idle) == (3, 3, True)
    assert town.trips - trips <= 5, "nobody is asked again in the very next block"
    town.poison = set()
    for _ in range(2**6):
        keeper.turn()
        town.mine()
    assert sorted(town.paid()) == [*range(1, 51)], "what was outside of its facts changed"


def test_what_cannot_be_worked_out_stops_nothing_else(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hostile(home: Any, account: Any) -> Any:
        raise ValueError("a string that is none")

    monkeypatch.setattr("dmo.core.due._ITEMS", [hostile, *due._ITEMS])
    monkeypatch.setattr("dmo.core.due._WANTED", [hostile, *due._WANTED])
    keeper, said = keeping(town, monkeypatch, tmp_path)
    for _ in range(3):
        keeper.turn()
        town.mine()
    assert sorted(town.paid()) == [*range(1, 51)]
    assert [one["why"] for one in said if one["event"] == "odd"] == ["a string that is none"] * 6
    with pytest.raises(ValueError, match="a string"):
        keeper.turn()
    with pytest.raises(ValueError, match="a string"):
        due.items(keeper.home, None)


# ── money ──


def test_the_cap_is_of_a_day_of_the_chain(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cap = 1_000_000 * 21 * GWEI
    keeper, said = keeping(town, monkeypatch, tmp_path, Settings(100 * GWEI, cap=cap, is_sending=True, is_single=True))
    monkeypatch.setattr("time.time", lambda: 0.0)
    waits = []
    for _ in range(12):
        turn = keeper.turn()
        waits += [turn.waits] if turn and turn.waits else []
        town.mine()
    assert waits[-1] == "cap"
    paid, spent = len(town.paid()), sum(one["cost"] for one in said if one["event"] == "mined")
    assert paid < 50
    assert spent <= cap
    town.blocks[-1]["at"] += DAY
    town.mine()
    for _ in range(3):
        keeper.turn()
        town.mine()
    assert len(town.paid()) > paid


def test_what_cannot_be_paid_is_not_sent(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town.balance = 1000
    keeper, said = keeping(town, monkeypatch, tmp_path)
    turn = keeper.turn()
    assert turn is not None
    assert (turn.waits, events(said)) == ("balance", [])


def test_of_what_may_be_tried_in_vain_a_part_is_tried_on_a_block(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, _ = keeping(town, monkeypatch, tmp_path, Settings(max_fee=100 * GWEI, is_sending=True))
    found, last = set(), [*range(50)]
    for _ in range(40):
        keeper.follower.step()
        part = keeper.home.some([*range(120)])
        assert len(part) <= 50
        found |= set(part)
        town.mine()
    assert found == {*range(120)}
    assert keeper.home.some(last) is last
    single, _ = keeping(town, monkeypatch, tmp_path)
    assert len(single.home.some(range(120))) == 120


# ── two keepers ──


def test_two_keepers_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    settings = Settings(max_fee=100 * GWEI, is_sending=True)
    both = [keeping(town, monkeypatch, tmp_path / who, settings, who)[0] for who in (KEEPER, OTHER)]
    rnd = random.Random(5)
    for _ in range(30):
        if rnd.random() < 0.5:
            town.work(rnd.randint(1, 9))
        if rnd.random() < 0.3:
            town.void(rnd.randint(1, 4))
        for keeper in rnd.sample(both, 2):
            keeper.turn()
        town.mine()
    town.wait()
    for _ in range(40):
        for keeper in both:
            keeper.turn()
        town.mine()
    count = len(town.blocks[-1]["state"]["works"])
    assert sorted(town.paid()) == [*range(1, count + 1)]
    assert {one["from"] for one in town.mined} == {KEEPER, OTHER}
    reverted = [one for one in town.mined if not one["is_ok"]]
    assert len(reverted) <= len(town.mined) // 50


# ── requests ──


def test_requests_grow_with_what_is_due_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    keeper, _ = keeping(town, monkeypatch, tmp_path)
    for _ in range(20):
        town.work(500, DONE)
    keeper.turn()
    town.mine()
    before, asked = town.trips, town.asked
    turn = keeper.turn()
    assert turn is not None
    assert turn.is_idle
    assert town.trips - before <= 10
    assert town.asked - asked <= 10, "even one by one"
    town.work(50)
    town.wait()
    batches = 0
    while True:
        before = town.trips
        turn = keeper.turn()
        assert turn is not None
        if turn.is_idle:
            break
        assert town.trips - before <= 10 + 4 + 1
        batches += 1
        town.mine()
    assert batches == 3
    assert len(town.paid()) == 10_050
