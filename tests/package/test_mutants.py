"""How mutants are made, drawn, kept and told (tools/mutate.py); nothing is compiled here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import mutate
from tools.mutation import telling
from tools.mutation.compiling import Tree
from tools.mutation.drawing import TARGETS, Mutant, candidates, drawn, files_of
from tools.mutation.operators import changes

SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "./Math.sol";

/// @notice Not a > b of a comment.
contract Jar {
    error JarFull(uint256 amount, uint256 limit);
    uint256 private constant LIMIT = 90;
    uint256 public held;

    function put(uint256 amount, address by) external nonReentrant returns (bool isFull) {
        require(amount <= LIMIT, JarFull(amount, LIMIT));
        held += amount * 2;
        emit Put(by, amount);
        _count(by);
        return held > 1 && Math.ceilDiv(held, 3) == Math.min(held, 4) ? isFull : true;
    }
}
"""
ROOT = Path(__file__).resolve().parents[2]


def made(operator: str) -> set[tuple[str, str]]:
    return {(SOURCE[one.start : one.end], one.new) for one in changes(SOURCE) if one.operator == operator}


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("boundary", {("<=", "<"), (">", ">=")}),
        ("equality", {("==", "!=")}),
        ("negated", {("amount <= LIMIT", "!(amount <= LIMIT)")}),
        ("logical", {("&&", "||"), ("true", "false")}),
        ("arithmetic", {("+=", "-="), ("*", "/")}),
        ("no check", {("require(amount <= LIMIT, JarFull(amount, LIMIT));", "{}")}),
        ("no effect", {("held += amount * 2;", "{}")}),
        ("no event", {("emit Put(by, amount);", "{}")}),
        ("no call", {("_count(by);", "{}")}),
        ("no guard", {("nonReentrant", "")}),
        ("rounding", {("Math.ceilDiv(held, 3)", "((held) / (3))")}),
        ("smaller", {("min", "max")}),
        ("branches", {("? isFull : true", "? true : isFull")}),
    ],
)
def test_operators(operator: str, expected: set[tuple[str, str]]) -> None:
    assert made(operator) == expected


def test_constants_and_arguments() -> None:
    assert {("90", "91"), ("90", "89"), ("3", "4"), ("1", "0")} <= made("constant")
    assert made("arguments") == {
        ("amount, LIMIT", "LIMIT, amount"),
        ("by, amount", "amount, by"),
        ("held, 3", "3, held"),
        ("held, 4", "4, held"),
    }


def test_neither_declarations_nor_comments_change() -> None:
    before = SOURCE.index("contract Jar")
    declared = SOURCE.index("error JarFull")
    assert all(one.start > before for one in changes(SOURCE))
    assert not [one for one in changes(SOURCE) if declared <= one.start < SOURCE.index("uint256 private")]


def test_a_change_is_applied_and_shown_by_its_lines() -> None:
    [change] = [one for one in changes(SOURCE) if one.operator == "no check"]
    mutant = Mutant("Jar", "contracts/Jar.sol", change, SOURCE)
    assert mutant.line == 13
    assert mutant.lines == ("require(amount <= LIMIT, JarFull(amount, LIMIT));", "{}")
    assert "require" not in mutant.mutated


def mutants() -> list[Mutant]:
    return [Mutant("Jar", "contracts/Jar.sol", change, SOURCE) for change in changes(SOURCE)]


def test_the_draw_depends_on_the_seed_alone() -> None:
    first = list(drawn(mutants(), 1))
    assert first == list(drawn(mutants(), 1))
    assert first != list(drawn(mutants(), 2))
    assert sorted(first, key=lambda one: one.change) == mutants()


def test_the_draw_gives_every_operator_its_share() -> None:
    operators = {one.change.operator for one in mutants()}
    assert {one.change.operator for one in list(drawn(mutants(), 1))[: len(operators)]} == operators


def test_every_file_of_the_targets_belongs_to_one() -> None:
    tree = Tree(ROOT)
    files = [path for target in TARGETS for path in files_of(target, tree)]
    assert len(files) == len(set(files))
    rooms = {target.room for target in TARGETS}
    assert {path for path in tree.sources if path.split("/")[1] in rooms} == set(files)
    assert all(candidates(target, tree) for target in TARGETS)


def result(state: str, mutated: str = "b", file: str = "contracts/Jar.sol") -> dict[str, object]:
    return {"file": file, "line": 3, "operator": "boundary", "original": "a", "mutated": mutated, "state": state}


def found(reasons: dict[str, str]) -> telling.Mutants:
    results = {"Jar": [result(state) for state in ("invalid", "equivalent", *["killed"] * 9)] + [result("survived")]}
    return telling.summary(1, {"Jar": 20}, results, reasons)


def test_numbers_add_up() -> None:
    told = found({})
    assert told.generated == told.unsampled + told.invalid + told.equivalent + told.total == 20
    assert told.total == told.killed + len(told.survivors) == 10
    assert told.by_contract["Jar"].killed == 9
    assert told.model_dump()["schema"] == "dmo.mutants/1"


def test_a_survivor_needs_a_reason(tmp_path: Path) -> None:
    assert telling.problems(found({})) == ["contracts/Jar.sol:3 survives without a reason (boundary): a -> b"]
    file = tmp_path / "survivors.toml"
    assert telling.reasons(file) == {}
    file.write_text('[[survivor]]\nfile = "contracts/Jar.sol"\noriginal = "a"\nmutated = "b"\nreason = "Never read."\n')
    told = found(telling.reasons(file))
    assert telling.problems(told) == []
    assert "`contracts/Jar.sol:3`, boundary: `a` → `b`\n  Never read.\n" in telling.page(told)
    assert "| Jar | 20 | 12 | 1 | 1 | 10 | 9 | 90.0% |" in telling.page(told)


def test_too_few_killed_is_a_problem() -> None:
    told = telling.summary(
        1, {"Jar": 2}, {"Jar": [result("killed"), result("survived")]}, {telling.key(result("x")): "r"}
    )
    assert telling.problems(told) == ["Jar: 1 of 2 killed, 90% are wanted"]


def test_what_was_tried_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutate, "OUT", tmp_path)
    tree = Tree(ROOT)
    run = mutate.Run(tree, 0, 1, 1)
    mutant = candidates(TARGETS[4], tree)[0]
    monkeypatch.setattr(run, "code", lambda _: {"Reputation": ("00", "00")})
    assert run.judged(mutant)["state"] == "drawn"
    tried: list[list[str]] = []

    class Arena:
        def fight(self, _code: object, tests: list[str], _seconds: float) -> dict[str, object]:
            tried.append(tests)
            return {"ending": "survived", "by": "", "why": "", "seconds": 0.1}

    room = mutate.Room(TARGETS[4])
    first = run.fight(mutant, run.judged(mutant), room, Arena())  # type: ignore[arg-type]
    assert first["state"] == "survived"
    monkeypatch.setattr(run, "code", lambda _: pytest.fail("compiled again"))
    assert run.judged(mutant) == first
    assert run.fight(mutant, run.judged(mutant), room, Arena()) == first  # type: ignore[arg-type]
    assert len(tried) == 1
    monkeypatch.setattr(run, "code", lambda _: {})
    room.digest = "other tests"
    run.fight(mutant, run.judged(mutant), room, Arena())  # type: ignore[arg-type]
    assert len(tried) == 2
