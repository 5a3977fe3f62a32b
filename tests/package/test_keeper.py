"""The keeper on a told chain: what is due is done, once, whatever is killed, lost, replaced or taken back.

given work that is due
├── it is done in as few transactions as half a block holds, and told
├── what is refused is left out in words until something of it changes, and stops nothing else
└── without --send nothing leaves
given a kill
├── between signing and sending, or a transaction that is lost: the same bytes are sent again
└── and an empty disk: it waits until the account's nonce is final, and does the same
given a transaction that waits
├── its fees are raised by an eighth, not too early, and at most to the ceiling, where an alarm is raised
├── its act is done by others: the nonce is given to another act, or freed where only that is affordable
└── another transaction takes its nonce: the act is done under the next
given a reorganisation -> what was signed under a nonce is signed under it again
given a cap -> it spends no more in a day of the chain, whatever the machine's clock says
given two keepers -> they take turns
"""

from __future__ import annotations

import os
import random
import stat
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dmo.core import due
from dmo.core.errors import BadInput, DmoError
from dmo.home.keeping.journal import DAY, Journal
from dmo.home.keeping.keeper import Keeper, Settings
from tests.support.chronicle import DONE
from tests.support.keeping import GWEI, KEEPER, OTHER, Crash, Key, Town, keeping, silent

SENDING = Settings(max_fee=100 * GWEI, is_sending=True, is_single=True)


@pytest.fixture
def town() -> Town:
    found = Town(50)
    found.wait()
    return found


def turns(keeper: Keeper, town: Town, count: int = 30) -> None:
    """Turn after turn, a block each, until nothing is left."""
    for _ in range(count):
        turn = keeper.turn()
        town.mine()
        if turn is not None and turn.is_idle:
            return
    pytest.fail("it does not come to an end")


def events(said: list[dict[str, Any]]) -> list[str]:
    return [one["event"] for one in said]


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


# ── kills ──


def test_a_kill_between_signing_and_sending_leaves_the_same_bytes_to_be_sent(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: dict[str, Any]) -> None:
        raise Crash

    keeper, said = keeping(town, monkeypatch, tmp_path)
    town.on_send = killed
    with pytest.raises(Crash):
        keeper.turn()
    assert not town.pool
    town.mine()
    town.on_send = lambda _: None
    again, more = keeping(town, monkeypatch, tmp_path)
    again.turn()
    assert [one["hash"] for one in town.pool.values()] == [said[0]["hash"]]
    assert events(more) == ["again"]
    turns(again, town)
    assert sorted(town.paid()) == [*range(1, 51)]
    assert len(town.mined) == 3


def test_a_transaction_that_is_lost_is_sent_again(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path)
    keeper.turn()
    town.pool.clear()
    town.mine()
    turns(keeper, town)
    assert events(said)[:3] == ["sent", "again", "mined"]
    assert sorted(town.paid()) == [*range(1, 51)]
    assert len(town.mined) == 3


def test_the_journal_is_nobody_elses_and_broken_it_stops_the_start(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, _ = keeping(town, monkeypatch, tmp_path)
    keeper.turn()
    (file,) = tmp_path.glob("home/keeper/*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Journal(file).signed[0].names == [f"work pay {number}" for number in range(1, 21)]
    file.write_text('[{"nonce": "no"}]')
    with pytest.raises(BadInput, match="journal cannot be read"):
        keeping(town, monkeypatch, tmp_path)


def test_an_account_has_one_keeper(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = keeping(town, monkeypatch, tmp_path)
    town.keepers.clear()
    with pytest.raises(BadInput, match="another keeper of this account"):
        keeping(town, monkeypatch, tmp_path)
    first.journal.close()
    keeping(town, monkeypatch, tmp_path)


def test_what_cannot_be_written_down_is_not_sent(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path)
    keeper.journal.file.mkdir()
    with pytest.raises(DmoError, match="written"):
        keeper.turn()
    assert not town.pool
    assert events(said) == []


@pytest.mark.parametrize("is_empty", [False, True])
def test_an_empty_disk_gives_the_same_acts(
    is_empty: bool, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain_id = 1 if is_empty else 31337
    keeper, first = keeping(town, monkeypatch, tmp_path, chain_id=chain_id)
    keeper.turn()
    town.mine()
    again, said = keeping(town, monkeypatch, tmp_path / "new" if is_empty else tmp_path, chain_id=chain_id)
    turn = again.turn()
    assert turn is not None
    if is_empty:
        assert turn.waits == "final", "what was mined a block ago could come back"
        for _ in range(town.final):
            town.mine()
    turns(again, town)
    assert sorted(town.paid()) == [*range(1, 51)]
    sent = [one["keys"] for one in [*first, *said] if one["event"] == "sent"]
    assert [len(keys) for keys in sent] == [20, 20, 10]


# ── what waits ──


def test_fees_are_raised_by_an_eighth_and_not_too_early(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path)
    keeper.turn()
    for _ in range(7):
        town.mine(is_empty=True)
        keeper.turn()
    fees = [(one["block"], one["fee"], one["tip"]) for one in said]
    assert events(said) == ["sent", "raised", "raised"]
    assert [block for block, _, _ in fees] == [50, 53, 56]
    for (_, fee, tip), (_, more, larger) in pairwise(fees):
        assert 8 * more >= 9 * fee
        assert 8 * larger >= 9 * tip
    assert {one["nonce"] for one in said} == {0}
    turns(keeper, town)
    assert sorted(town.paid()) == [*range(1, 51)]
    assert len(town.mined) == 3


def test_above_the_ceiling_it_waits(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path, Settings(15 * GWEI, is_sending=True, is_single=True))
    town.base = 30 * GWEI
    town.mine()
    turn = keeper.turn()
    assert turn is not None
    assert (turn.waits, events(said)) == ("fees", [])
    town.base = 10 * GWEI
    town.mine()
    keeper.turn()
    assert said[0]["fee"] == 15 * GWEI, "twice the base fee would be more"
    for _ in range(5):
        town.mine(is_empty=True)
        turn = keeper.turn()
    assert turn is not None
    assert (turn.waits, events(said)) == ("fees", ["sent"])
    turns(keeper, town)
    assert len(town.mined) == 3


def test_a_nonce_whose_act_is_done_by_others_is_given_to_the_next(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path)
    keeper.turn()
    (order,) = town.pool.values()
    town.pool[OTHER, 0] = {**order, "from": OTHER, "nonce": 0, "hash": "0x01"}
    town.mine(without=[KEEPER])
    keeper.turn()
    assert [one["keys"][0] for one in said] == ["1", "21"]
    assert events(said) == ["sent", "raised"]
    turns(keeper, town)
    assert sorted(town.paid()) == [*range(1, 51)]
    assert all(one["is_ok"] for one in town.mined)


def test_a_nonce_is_freed_where_nothing_else_can_be_afforded(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path, Settings(21 * GWEI, is_sending=True, is_single=True))
    keeper.turn()
    (order,) = town.pool.values()
    town.pool[OTHER, 0] = {**order, "from": OTHER, "nonce": 0, "hash": "0x01"}
    town.mine(without=[KEEPER])
    for _ in range(4):
        keeper.turn()
        town.mine(without=[KEEPER])
    assert events(said) == ["sent", "freed"]
    assert said[1]["fee"] == 9 * 21 * GWEI // 8
    assert (said[1]["keys"], said[1]["gas"]) == ([], 21_000)
    turns(keeper, town)
    assert sorted(town.paid()) == [*range(1, 51)]
    mine = [one for one in town.mined if one["from"] == KEEPER]
    assert [one["data"] == "0x" for one in mine] == [True, False, False]


def test_another_transaction_of_the_nonce_stops_nothing(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path)
    keeper.turn()
    (order,) = town.pool.values()
    town.pool[KEEPER, 0] = {**order, "data": "0x", "hash": "0x02"}  # by hand, with the same key
    town.mine()
    turns(keeper, town)
    assert sorted(town.paid()) == [*range(1, 51)]
    assert len(town.mined) == 4
    for _ in range(70):
        town.mine()
        keeper.turn()
    assert "lost" in events(said)
    assert not keeper.journal.open


def test_a_dearer_one_of_the_same_nonce_is_outbid(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = Key(KEEPER).sign_transaction
    order = {"nonce": 0, "to": KEEPER, "data": "0x", "value": 0, "gas": 21_000, "chainId": 31337}
    town.send(sign({**order, "maxFeePerGas": 60 * GWEI, "maxPriorityFeePerGas": 2 * GWEI}).raw_transaction)
    keeper, said = keeping(town, monkeypatch, tmp_path)
    for _ in range(14):
        keeper.turn()
        town.mine(without=[KEEPER])
    assert "not_taken" in events(said)
    (order,) = town.pool.values()
    assert order["data"] != "0x"


# ── reorganisations ──


@pytest.mark.parametrize("is_lost", [False, True])
def test_what_was_signed_under_a_nonce_is_signed_under_it_again(
    is_lost: bool, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, said = keeping(town, monkeypatch, tmp_path)
    keeper.turn()
    town.mine()
    keeper.turn()
    town.mine()
    keeper.turn()
    town.fork(3, is_lost=is_lost)
    town.void(4)  # other work comes before it
    town.campaign_closable = True
    for _ in range(3):
        town.mine(is_empty=True)
        keeper.turn()
    assert "undone" in events(said)
    mine = town.pool[KEEPER, 0]
    first = next(one for one in keeper.journal.signed if one.nonce == 0)
    assert mine["data"][2:].startswith(first.data[:8])
    turns(keeper, town)
    assert sorted(town.paid())[:50] == [*range(1, 51)]
    assert all(one["is_ok"] for one in town.mined)


def test_a_block_that_is_gone_ends_the_turn_alone(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, _ = keeping(town, monkeypatch, tmp_path)
    sync = keeper.follower.step

    def forked() -> Any:
        head = sync()
        town.fork(1)
        town.mine(is_empty=True)
        return head

    monkeypatch.setattr(keeper.follower, "step", forked)
    with pytest.raises(DmoError):
        keeper.turn()
    assert not town.pool, "nothing is signed on a branch that is gone"
    monkeypatch.setattr(keeper.follower, "step", sync)
    turns(keeper, town)
    assert sorted(town.paid()) == [*range(1, 51)]


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


# ── all of it, by seed ──


@pytest.mark.parametrize("seed", range(int(os.environ.get("DMO_KEEPER_SEEDS", "6"))))
def test_whatever_happens_everything_is_done_once(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rnd = random.Random(seed)
    town = Town(10)
    keeper, _ = keeping(town, monkeypatch, tmp_path)
    killed = 0

    def send(_: dict[str, Any]) -> None:
        if rnd.random() < 0.15:
            raise Crash

    town.on_send = send
    for turn in range(60):
        if rnd.random() < 0.3 and turn < 50:
            rnd.choice([town.work, town.void])(rnd.randint(1, 12))
        try:
            keeper.turn()
            crashed = rnd.random() < 0.1
        except Crash:
            crashed = True
        except DmoError:
            crashed = False
        if crashed:
            killed += 1
            keeper, _ = keeping(town, monkeypatch, tmp_path)
        what = rnd.random()
        if what < 0.1:
            town.fork(rnd.randint(1, 6), is_lost=rnd.random() < 0.5)
        elif what < 0.15:
            town.pool.clear()
        elif what < 0.2:
            town.base = rnd.choice([5, 10, 30]) * GWEI
        town.mine(is_empty=rnd.random() < 0.2)
    town.on_send = lambda _: None
    town.base = 10 * GWEI
    town.wait()
    turns(keeper, town, 40)
    count = len(town.blocks[-1]["state"]["works"])
    assert sorted(town.paid()) == [*range(1, count + 1)]
    assert killed
    assert all(one["is_ok"] for one in town.mined), "nothing was sent that had been done"


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
