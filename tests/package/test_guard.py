"""The page's guard: what reaches a wallet is what was filled in, whatever a server answers.

given every act whose arguments a page can compare
├── an honest answer passes, whole, and nothing but from, to, data and value
├── one of its arguments changed, another contract, function, value, account or chain, more or less: nothing passes
└── and a guard that compares nothing is found
given an act that a page cannot compare: it is in the list of those, with the reason
given amounts, shares, lengths of time: read as dmo/core/units.py reads them, or not at all
given a wallet behind the gate
├── what was not checked is not sent or signed
└── it is asked for nothing but harmless things
given a ballot: its typed data is that of dmo/home/ballots.py; of another moment: none
given a juror's secret: the commitment is that of dmo/home/salts.py
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import registry
from dmo.core import units
from dmo.core.abi.codec import checksum
from dmo.core.act import Act
from dmo.core.errors import BadInput
from dmo.faces.web import guardbook
from dmo.home.ballots import Ballot, Domain, picks, typed_data
from dmo.home.salts import Secret
from tests.support import guarded
from tests.support.guarded import CONTRACTS, ME, SALT

GUARD = Path(guardbook.__file__).parent / "static" / "guard.js"
APART = {
    "advisor register": "weights, a file of 8,192 bytes",
    "ballot relay": "files of the server's; POST /relay takes ballots",
    "contract call": "any function: nothing to compare with",
    "drop create": "a root and a sum, worked out of a file",
    "govern propose": "acts within an act",
    "govern stop": "the treasury's own, by a proposal",
    "rooms add": "files beside the deployment's config",
    "rooms open": "files beside the deployment's config",
}


def script(name: str) -> str:
    """A function in JavaScript."""
    return (Path(guarded.__file__).parent / f"{name}.js").read_text("utf-8")


def in_node(function: str, given: Any, guard: str = "") -> Any:
    """What a function in JavaScript of what is given comes to, beside the guard."""
    source = guard or GUARD.read_text("utf-8")
    body = f"""{source}
      {{
        let text = "";
        for await (const part of process.stdin) text += part;
        const told = (_, one) => (typeof one === "bigint" ? String(one) : one);
        const does =
        {function.strip()};
        process.stdout.write(JSON.stringify(await does(JSON.parse(text)), told));
      }}"""
    command = ["node", "--input-type=module", "--eval", body]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def told(cases: list[guarded.Case], guard: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = in_node(
        script("guard_cases"), {"book": guarded.book(), "cases": [one.plain for one in cases]}, guard
    )
    return found


@cache
def honest() -> tuple[guarded.Case, ...]:
    return tuple(
        one for act in guarded.covered() for full in (True, False) for one in guarded.honest(act, is_full=full)
    )


def lies(*acts: str) -> list[guarded.Case]:
    return [lie for one in honest() if one.act in acts or not acts for lie in guarded.lies(one)]


def test_what_a_page_cannot_compare_is_known() -> None:
    acts = {name for name, one in registry().items() if issubclass(one, Act)}
    assert acts - {act.name for act in guarded.covered()} == set(APART)


def test_every_argument_of_every_act_is_compared() -> None:
    for act in guarded.covered():
        entry = guardbook.act_entry(act)
        assert entry
        for key, sources in entry["arguments"].items():
            assert all(sources.values()), (act.name, key)


def test_honest_answers_pass_whole() -> None:
    for case, its in zip(honest(), told([*honest()]), strict=True):
        assert its["why"] is None, (case.act, its["why"])
        assert [method for method, _ in its["asked"]] == ["eth_sendTransaction"] * len(case.answer["steps"])
        for (_, [sent]), step in zip(its["asked"], case.answer["steps"], strict=True):
            assert sent == {"from": ME, **{key: step[key] for key in ("to", "data", "value")}}


def test_no_lie_reaches_a_wallet() -> None:
    every = lies()
    assert len(every) > 2000
    found = told(every)
    assert [(case.act, case.lie) for case, its in zip(every, found, strict=True) if its["asked"]] == []
    assert {its["why"]["key"] for its in found} <= {
        *("argument", "other_function", "other_contract", "other_account", "other_chain", "unfit", "twice", "nothing")
    }


@pytest.mark.parametrize(
    ("is_so", "is_not"),
    [
        ("differs(path, found, want)", "path"),
        ("list.every((each) => want.includes(each))", "true"),
        ("values[0] !== lower(book.contracts[rule.spender])", "false"),
        ('fail("other_account", {account: step.from})', "0"),
        ('differs("value", value, cost)', "0"),
        ('fail("other_chain", {chain: answer.chainId})', "0"),
        ('differs("approve", values, most)', "0"),
        ('fail("twice")', "0"),
    ],
)
def test_a_guard_that_lets_something_through_is_found(is_so: str, is_not: str) -> None:
    source = GUARD.read_text("utf-8")
    assert source.count(is_so) == 1
    found = told(lies("work submit", "dispute pay"), source.replace(is_so, is_not))
    assert any(its["asked"] for its in found)


def test_what_more_a_step_carries_stays_behind() -> None:
    (case, *_) = [one for one in honest() if one.act == "work accept"]
    more = {"nonce": "0x0", "gas": "0x1", "authorizationList": [{"address": CONTRACTS["Lens"]}], "type": "0x4"}
    case.answer["steps"][0].update(more)
    (its,) = told([case])
    assert set(its["asked"][0][1][0]) == {"from", "to", "data", "value"}
    for key in more:
        del case.answer["steps"][0][key]


def test_what_was_filled_in_and_not_sent_is_told() -> None:
    case = next(one for one in honest() if one.act == "govern vote" and "reason" not in one.form["fields"])
    reason = {**case.form, "fields": {**case.form["fields"], "reason": "Because"}}
    (its,) = told([guarded.Case(case.act, reason, case.answer)])
    assert (its["asked"], its["why"]["key"], its["why"]["field"]) == ([], "unheard", "reason")


AMOUNTS = (
    "1",
    "12.5",
    "1,250.5",
    "1_000",
    ".5",
    "1.",
    "0",
    "1.500",
    "1,500",
    "12.3456789",
    "1e3",
    "-1",
    "",
    "1 000",
    "9" * 30,
)
SHARES = ("4%", "12.5%", "400bps", "0.001%", "4", "4 %", "100%", "%")
LENGTHS = ("3d", "1h30m", "1d 12h", "2 weeks", "90 min", "1.5h", "0.1s", "5", "3x", "d", "1d,2h", "3 d 4 hours")


@pytest.mark.parametrize(
    ("kind", "texts", "read"),
    [
        ("amount", AMOUNTS, lambda text: units.parse_amount(text, 6)),
        ("share", SHARES, lambda text: units.parse_bps(text) if text.endswith(("%", "bps")) else None),
        ("duration", LENGTHS, units.parse_duration),
    ],
)
def test_units_are_read_as_python_reads_them(kind: str, texts: tuple[str, ...], read: Any) -> None:
    (act, name), more = {
        "amount": (("campaign recall", "amount"), {}),
        "share": (("round rules", "passing"), {"cap": "1", "posting": "1%"}),
        "duration": (("role grant", "delay"), {"role": "1", "account": ME}),
    }[kind]
    forms = [{"account": ME, "fields": {name: text, **more}, "shown": {"passing": None}} for text in texts]
    page = in_node(script("guard_reads"), {"book": guarded.book(), "act": act, "name": name, "forms": forms})
    for text, found in zip(texts, page, strict=True):
        try:
            wanted = str(int(read(text)))
        except (BadInput, TypeError):
            wanted = "unread"
        assert found.replace("unsaid", "unread") == wanted, text


def test_a_wallet_is_asked_for_nothing_unchecked() -> None:
    (case, *_) = [one for one in honest() if one.act == "work accept"]
    found = in_node(script("guard_gate"), {"book": guarded.book(), "one": case.plain})
    refused = [*["unchecked"] * 5, *["other_function"] * 3, "other_chain"]
    assert found["told"][:-1] == [*refused, "passed", "passed"]
    assert "read only" in found["told"][-1]
    assert found["asked"] == ["eth_chainId"] * 2 + ["eth_sendTransaction", "eth_chainId", "wallet_sendCalls"]


def test_a_ballot_is_the_one_that_python_signs() -> None:
    form = {"account": checksum(ME), "fields": {"choices": ["3", "+12", "-2", "+1"]}, "shown": {}}
    made = """({book, form, at, now}) => {
      try { return dmoGuard.ballot(book, form, at, now); } catch (error) { return error.key; } }"""
    given = {"book": guarded.book(), "form": form, "at": 1_790_000_000, "now": 1_790_000_060}
    board = CONTRACTS["IdeaBoard"]
    ballot = Ballot(checksum(ME), 3, 1_790_000_000, picks([1, 12], [2]))
    assert in_node(made, given) == typed_data(Domain("IdeaBoard", "1", 31337, board), ballot)
    assert in_node(made, {**given, "at": 1_790_000_200}) == "moment"
    assert in_node(made, {**given, "at": 1_789_999_000}) == "moment"
    assert in_node(made, {**given, "form": {**form, "fields": {"choices": ["3", "*1"]}}}) == "unread"


def test_a_commitment_is_the_one_that_python_keeps() -> None:
    secret = Secret(31337, CONTRACTS["Jury"], 5, checksum(ME), 2, bytes.fromhex(SALT[2:]))
    made = "({book, salt, me}) => dmoGuard.commitment(book, 5, me, 2, salt)"
    found = in_node(made, {"book": guarded.book(), "salt": SALT, "me": ME})
    assert found == "0x" + secret.committed.hex()


def test_the_guard_is_small() -> None:
    source = GUARD.read_bytes()
    assert (len(source.splitlines()) <= 250, len(source) <= 15_500) == (True, True)
    for word in (b"import ", b"eval(", b"Function(", b"innerHTML", b"fetch("):
        assert word not in source
