"""Every command does what tests/registry/golden.json says that it does: an unintended change shows.

given the golden story, played with the code of now
├── when something differs that is not listed: it fails
├── when something is listed that does not differ: it fails
├── it runs every command of the command line
└── its sending commands succeed
given two recordings
├── when a call, a key, a value, an exit code or a record differs: it is told
├── when a command is refused now: that alone is told
└── when a list of what is meant has no reason: it is refused
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.registry.comparison import Difference, Meant, compare, judged, meant
from tests.registry.golden_commands import SENDING
from tests.registry.golden_story import GOLDEN, play_all
from tests.registry.shapes import Record, paths, shape, values

# noun: verbs, as they were when the story was recorded; `replay` has tests of its own
COMMANDS = {
    "status": "",
    "due": "",
    "idea": "new post edit withdraw show list",
    "ballot": "cast sign relay show",
    "round": "show settle",
    "token": "show delegate wrap unwrap",
    "govern": "list vote queue execute",
    "campaign": "show list close top-up",
    "bounty": "new post cancel reclaim list show",
    "work": "new submit rework withdraw accept reject pay release list show",
    "dispute": "new challenge contest uphold evidence show list commit reveal rule pay",
    "credit": "withdraw deliver show",
    "lesson": "new file",
    "points": "show board",
    "document": "publish get verify",
    "account": "new import list",
    "report": "",
    "replay": "",
    "time": "",
    "verify": "",
}
SHORT = {
    "s": "status",
    "d": "due",
    "ideas": "idea list",
    "vote": "ballot cast",
    "campaigns": "campaign list",
    "bounties": "bounty list",
    "submit": "work submit",
    "accept": "work accept",
    "reject": "work reject",
    "pay": "work pay",
    "disputes": "dispute list",
    "settle": "round settle",
    "board": "points board",
}


@pytest.fixture(scope="module")
def known() -> dict[str, Record]:
    found: dict[str, Record] = json.loads(GOLDEN.read_text())
    return found


@pytest.fixture(scope="module")
def now(known: dict[str, Record], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    return play_all(tmp_path_factory.mktemp("golden"), known)


@pytest.fixture(scope="module")
def found(known: dict[str, Record], now: dict[str, Record]) -> list[Difference]:
    return compare(known, now)


def test_nothing_differs_but_what_is_listed(found: list[Difference]) -> None:
    unlisted, _ = judged(found, meant())
    assert [str(one) for one in unlisted] == []


def test_everything_that_is_listed_differs(found: list[Difference]) -> None:
    _, absent = judged(found, meant())
    assert absent == []


def test_the_story_runs_every_command(known: dict[str, Record]) -> None:
    wanted = {f"{noun} {verb}".strip() for noun, verbs in COMMANDS.items() for verb in verbs.split() or [""]}
    run = set()
    for record in known.values():
        if record["exit"] in (0, 10) and record["argv"]:
            first, *rest = record["argv"].split()
            words = [*SHORT.get(first, first).split(), *rest]
            run |= {first, words[0], " ".join(words[:2])}
    assert wanted - run == {"replay"}
    assert SHORT.keys() - run == set()


def test_sending_commands_were_recorded_as_sent(known: dict[str, Record]) -> None:
    for name in SENDING:
        record = known[name]
        assert record["exit"] == 0, name
        if not record["argv"].startswith("ballot sign"):
            assert known[f"{name} --calldata"]["exit"] == 0, name
            assert record["transactions"] == len(known[f"{name} --calldata"]["calls"]), name


OLD: dict[str, Record] = {
    "a": {"exit": 0, "data": {"n": "int"}, "values": {"data.n": [3]}, "transactions": 1, "calls": ["<Board>: 0x01 5"]}
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"exit": 1}, "exit was 0, is 1"),
        ({"data": {"n": "str"}}, "keys: no data.n int"),
        ({"data": {"n": "int", "m": ["str"]}}, "keys: new data.m[] str"),
        ({"calls": ["<Board>: 0x01 6"]}, "calls 1 was <Board>: 0x01 5, is <Board>: 0x01 6"),
        ({"calls": []}, "calls were <Board>: 0x01 5, are none"),
        ({"error": "BadInput"}, "error was None, is BadInput"),
        ({"values": {"data.n": [4]}}, "data.n was [3], is [4]"),
        ({"transactions": 2}, "transactions was 1, is 2"),
    ],
)
def test_a_difference_is_told(change: dict[str, Any], told: str) -> None:
    found = compare(OLD, {"a": {**OLD["a"], **change}})
    assert Difference("a", told) in found
    assert judged(found, []) == (found, [])
    assert judged(found, [Meant("*", "*", "all")]) == ([], [])
    other = Meant("b", "*", "another record")
    assert judged(found, [other]) == (found, [other])


def test_of_another_end_nothing_else_is_told() -> None:
    refused = {"a": {"exit": 2, "error": "BadInput", "args": {}}}
    assert [one.what for one in compare(OLD, refused)] == ["exit was 0, is 2", "error was None, is BadInput"]


def test_a_record_that_is_gone_or_new_is_told() -> None:
    assert compare(OLD, {}) == [Difference("a", "is not there")]
    assert compare({}, OLD) == [Difference("a", "was not there")]


def test_a_difference_without_a_reason_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "differences.toml"
    file.write_text('[[difference]]\ncommand = "a"\nwhat = "*"\nwhy = ""\n')
    with pytest.raises(ValueError, match="and why"):
        meant(file)


def test_values_leave_out_what_is_written_for_people() -> None:
    data = {"l": [{"n": 1, "s": "a sentence"}, {"n": "2", "f": "/a/file"}, {"n": 1}], "x": None}
    assert values(data) == {"data.l[].n": [1, "2"]}


def test_a_shape_lays_items_over_each_other() -> None:
    items = [{"a": 1, "b": None}, {"a": "x", "c": {"0x" + "aB" * 20: 1, "7": []}}]
    assert paths(shape({"l": items})) == {"l[].a int|str", "l[].b null", "l[].c.ADDRESS int", "l[].c.NUMBER[] none"}
    several = [{"a": ["x"]}, {"a": None}, {"a": {"b": 1}}, {"a": [2]}]
    assert paths(shape(several)) == {"[].a[] int|str", "[].a null", "[].a.b int"}
