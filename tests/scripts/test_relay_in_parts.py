"""Many signed ballots: relayed in parts, each as large as a transaction may be.

dmo ballot relay, many ballots
  given all are good -> test_each_counts_once_and_the_parts_are_summed_up
  given many are spoiled -> test_the_first_are_named_and_all_are_counted
  when it is sent -> test_nothing_is_estimated
  when it is stopped between two parts -> test_begun_again_it_goes_on_where_it_was
  when the chain is shared -> test_asks_once
  given a ballot too many for a transaction -> test_a_part_that_is_too_large_is_cut
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from dmo.capabilities import relaying
from dmo.core.chain import Chain
from dmo.core.errors import NetworkError
from dmo.core.sender import KeySender
from tests.support.cli_chain import anvil
from tests.support.electorate import Town, voter, write

VOTERS = 30
SIX = 6 * 48_000
"""Gas that some six ballots are estimated at."""


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with anvil() as (chain, url):
        town = Town(chain, url, tmp_path_factory.mktemp("relay"))
        town.gather(VOTERS)
        write(town.ballots(VOTERS), town.folder / "ballots.jsonl")
        chain.transport.request("evm_mine", [])
        yield town


@pytest.fixture
def town(gathered: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(relaying, "_PART_GAS", SIX)
    with gathered.undone():
        yield gathered


def counted(town: Town) -> Counter[str]:
    events = town.chain.events("IdeaBoard", town.dmo.address("IdeaBoard"), "BallotCast")
    return Counter(one.arguments["voter"] for one in events)


EVERYBODY = Counter(voter(number) for number in range(VOTERS))


def test_each_counts_once_and_the_parts_are_summed_up(town: Town) -> None:
    said = town.ok("dmo ballot relay ballots.jsonl --format json", "erin").json
    assert counted(town) == EVERYBODY
    assert (said["data"]["count"], said["data"]["cast_count"], said["data"]["skipped_count"]) == (VOTERS, VOTERS, 0)
    assert Counter(said["data"]["cast"]) == EVERYBODY
    assert said["data"]["files"] == ["ballots.jsonl"]
    assert len(said["transactions"]) == -(-VOTERS // 6)


def test_the_first_are_named_and_all_are_counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "_TOLD", 4)
    lines = (town.folder / "ballots.jsonl").read_text().splitlines()
    spoiled = [json.dumps({**json.loads(line), "at": json.loads(line)["at"] - 1}) for line in lines]
    (town.folder / "spoiled.jsonl").write_text("\n".join([*spoiled[:20], "nonsense", *lines[20:]]))
    said = town.ok("dmo ballot relay spoiled.jsonl", "erin")
    assert sum(counted(town).values()) == VOTERS - 20
    assert said.out.count("left out: spoiled.jsonl:") == 4
    assert "left out in all, for IdeaBoardEarlyBallot: 20" in said.out
    assert "left out in all, for BadInput: 1" in said.out
    assert f"Cast {VOTERS - 20} ballots in all, skipped 0." in said.out
    none = town.run("dmo ballot relay ballots.jsonl spoiled.jsonl", "erin")
    assert none.code == 0, "those that were spoiled are good in the other file"
    assert town.ok("dmo ballot relay ballots.jsonl", "erin", 2).err.count("would not count") == 1
    assert counted(town) == EVERYBODY


def test_nothing_is_estimated(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    gas: list[tuple[int, int]] = []
    wait = Chain.wait

    def noted(self: Chain, tx: str, *rest: Any) -> Any:
        found = wait(self, tx, *rest)
        gas.append((found.gas_used, int(self.transport.request("eth_getTransactionByHash", [tx])["gas"], 16)))
        return found

    def dear(*_: Any) -> int:
        raise AssertionError("a node tries a large call a dozen times to estimate it")

    monkeypatch.setattr(Chain, "wait", noted)
    monkeypatch.setattr(Chain, "estimate", dear)
    town.ok("dmo ballot relay ballots.jsonl", "erin")
    assert counted(town) == EVERYBODY
    assert all(used < sent < 2 * used for used, sent in gas), gas


def test_begun_again_it_goes_on_where_it_was(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    wait, turns = Chain.wait, iter(range(VOTERS))

    def stop(self: Chain, *given: Any, **more: Any) -> Any:
        if next(turns) == 2:
            raise NetworkError("The node is gone.")
        return wait(self, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Chain, "wait", stop)
        stopped = town.run("dmo ballot relay ballots.jsonl --format json", "erin")
    assert stopped.code == 3
    assert len(stopped.json["sent"]) == 1
    assert sum(counted(town).values()) == 18
    town.ok("dmo ballot relay ballots.jsonl", "erin")
    assert counted(town) == EVERYBODY


def test_asks_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("dmo.home.home.Home.is_live", True)
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    said = town.ok("dmo ballot relay ballots.jsonl", "erin")
    assert said.err.count("Type yes:") == 1
    assert "it is sent in parts" in said.err
    assert counted(town) == EVERYBODY


def test_a_part_that_is_too_large_is_cut(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmo.core.chain.GAS_LIMIT", 400_000)
    monkeypatch.setattr(relaying, "_PART_GAS", 10 * SIX)
    sent: list[int] = []
    submit = KeySender.submit

    def noted(self: KeySender, *given: Any, **more: Any) -> Any:
        found = submit(self, *given, **more)
        sent.append(found.gas)
        return found

    monkeypatch.setattr(KeySender, "submit", noted)
    monkeypatch.setattr("dmo.core.sender.GAS_LIMIT", 400_000)
    town.ok("dmo ballot relay ballots.jsonl", "erin")
    assert len(sent) > 2
    assert max(sent) <= 400_000
    assert counted(town) == EVERYBODY
