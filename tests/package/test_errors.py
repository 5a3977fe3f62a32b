"""Why a contract said no: a sentence for every error, filled by the units of its fields.

the sentences
├── stand for every error that can be met, and say what would be right
├── name fields that exist, each with a unit that is known
├── name commands that exist
├── given sample arguments
│   └── leave no placeholder
└── given words of another file
    └── are about errors that exist
a value
├── is written as its unit says
├── is written in its own way where there is one
├── of an enumeration has the member's name
│   └── given a member nobody knows, its number
└── of a stranger stays on its line
an error
├── without a sentence is written out
├── that lacks an argument is written out, with what would be right
├── is carried by the exception
└── tells people no name of a Python exception
the NatSpec
├── says a unit for every number of every function, event and error
├── is what the client says
└── given an omission
    └── is found wanting
"""

from __future__ import annotations

import re
import string
from typing import Any

import pytest

from dmo.core import abi, explain, words
from dmo.core.explain import Words, refused, sentences
from tests.support.commands import known_commands
from tools import natspec

ROOT = natspec.ROOT
# What the client and Solidity say by themselves; Untold is how all else is written out.
PLAIN = {"Error", "Panic", "Unknown", "InsufficientFunds", "TransactionFailed", "TransactionTooLarge", "Untold"}
SAMPLES: dict[str, Any] = {"address": "0x" + "11" * 20, "bytes32": b"\7" * 32, "string": "x"}
WORDS = Words(18, "VOTE", 6, "USDX")


def errors() -> dict[str, dict[str, str]]:
    """Every error that a DMO can meet, with its fields and their types, by name."""
    return {
        entry["name"]: {one["name"]: one["type"] for one in entry["inputs"]}
        for entry in sorted(abi.error_data(), key=lambda entry: str(entry["name"]))
    }


def ours() -> set[str]:
    """Errors that are declared in this repository."""
    texts = (file.read_text("utf-8") for file in (ROOT / "interfaces").glob("*.sol"))
    return {name for text in texts for name in re.findall(r"^    error (\w+)", text, re.MULTILINE)}


def placeholders(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


def units() -> set[str]:
    return {*explain.UNITS, *explain.enums()}


def test_every_error_of_ours_has_a_sentence() -> None:
    natural = {entry["name"] for entry in abi.error_data() if entry.get("says")}
    assert natural == ours()
    assert natural <= set(sentences())
    for name in sorted(natural):
        assert sentences()[name].right, f"{name} does not say what would be right"


@pytest.mark.parametrize("name", sorted(sentences()))
def test_a_sentence_speaks_of_fields_with_known_units(name: str) -> None:
    said = sentences()[name]
    assert said.says.endswith((".", ")", "}"))
    assert said.right.endswith(".") or name in ("Error", "Untold")
    for field in placeholders(said.says + said.right):
        assert said.units.get(field) in units(), f"{name}: {field}"
    known = errors().get(name)
    if known is not None:
        assert set(said.units) <= set(known)
        for field, unit in said.units.items():
            is_number = known[field].startswith(("uint", "int"))
            assert is_number == (unit not in ("account", "bytes", "text", "flag")), field


@pytest.mark.parametrize("name", sorted(errors()))
def test_a_filled_sentence_has_no_placeholder(name: str) -> None:
    arguments = {
        field: SAMPLES.get(kind, b"\7" if kind.startswith("bytes") else 3) for field, kind in errors()[name].items()
    }
    filled = explain.explain(name, arguments, WORDS)
    assert filled[0]
    assert not set("{}") & set("".join(filled))
    assert not filled[0].startswith(f"The contract refused with {name}")


def test_every_error_that_can_be_met_has_a_sentence() -> None:
    met = {entry.name for contract in abi.names() for entry in abi.load(contract) if entry.kind == "error"}
    assert met <= set(errors())
    assert set(errors()) - set(sentences()) == set()


def test_the_words_file_speaks_of_other_peoples_errors_alone() -> None:
    told = set(words.load()["error"])
    assert told & ours() == set()
    assert told - PLAIN <= {entry["name"] for entry in abi.error_data()}


def test_every_command_in_a_sentence_exists() -> None:
    texts = [said.says + " " + said.right for said in sentences().values()]
    named = {name for text in texts for name in re.findall(r"`dmo ([^`{]*[a-z])[^`]*`", text)}
    assert len(named) > 5
    assert named <= known_commands()


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        (
            "IdeaBoardAskOutOfBounds",
            {"ask": 5_000_000, "min": 10_000_000, "max": 20_500_000},
            "An ask of 5 USDX is outside this round's bounds. Ask for 10 USDX to 20.5 USDX.",
        ),
        (
            "IdeaBoardNotEnoughPower",
            {"power": 3 * 10**18, "threshold": 10**18, "used": 3},
            "Posting power of 3 VOTE is used up: 3 posted, each takes 1 VOTE. "
            "Hold or be lent more votes before the round begins, or wait for the next round.",
        ),
        (
            "IdeaBoardFeeTooHigh",
            {"feeBps": 2500, "maxBps": 2000},
            "A fee of 25% is too high. Take at most 20% of the ask.",
        ),
        (
            "DisputeDeskWindowOutOfBounds",
            {"windowSeconds": 30, "minSeconds": 60, "maxSeconds": 5_184_000},
            "A window of 30s is outside its bounds. Choose 1m to 60d.",
        ),
        (
            "HaltableTooSoon",
            {"from": 1_700_000_000},
            "The guardian has halted lately. The next halt is possible from 2023-11-14 22:13:20 UTC on.",
        ),
        (
            "DisputeDeskWrongCost",
            {"sent": 1, "cost": 20},
            "1 wei were sent along for the arbitrator, which costs 20 wei. "
            "Send exactly that much; look the price up again.",
        ),
        (
            "CampaignEscrowNotEnoughGas",
            {"gasLeft": 20_000, "needed": 90_000},
            "The transaction had 20000 gas left, a payment needs 90000 gas. "
            "Send it with more gas, or with fewer payments.",
        ),
        (
            "CampaignEscrowWrongStatus",
            {"submission": 4, "status": 6},
            "Submission 4 is payable now. See with `dmo work show 4` what can be done with it, and until when.",
        ),
        (
            "CampaignEscrowNothingDue",
            {"submission": 4, "status": 99},
            "Nothing is due: submission 4 is 99. See with `dmo due` what can be paid or released now.",
        ),
        (
            "ElectorateNotTimestampClock",
            {"mode": "mode=block\n\x1b[2Jfrom=\u202edefault"},
            'The votes token keeps time as "mode=block  [2Jfrom= default", not in seconds. '
            "Use a token whose CLOCK_MODE is mode=timestamp, or wrap this one.",
        ),
        (
            "ReputationNotDelegable",
            {"account": SAMPLES["address"]},
            f"Points of {SAMPLES['address']} cannot be delegated. They belong to who earned them.",
        ),
    ],
)
def test_a_value_is_written_as_its_unit_says(name: str, arguments: dict[str, Any], expected: str) -> None:
    assert " ".join(explain.explain(name, arguments, WORDS)) == expected


def test_a_value_is_written_in_its_own_way() -> None:
    own = {"account": lambda it: f"<{it[:4]}>", "lead": lambda it: "Lena", "ruling": lambda it: "!"}
    arguments = {"account": "0x1234", "lead": "0x5678"}
    said = explain.explain("CampaignEscrowNotLead", arguments, Words(own=own))
    assert said == ("<0x12> does not lead this campaign.", "Its lead is Lena.")


def test_the_members_of_enumerations_have_names() -> None:
    files = (
        "interfaces/IWork.sol",
        "interfaces/IContentRegistry.sol",
        "node_modules/@openzeppelin/contracts/governance/IGovernor.sol",
    )
    text = "".join((ROOT / name).read_text("utf-8") for name in files)
    for name, members in explain.enums().items():
        declared = re.search(rf"enum {name} {{([^}}]*)}}", text)
        assert declared is not None
        assert len(declared[1].split(",")) == len(members)


def test_an_error_without_a_sentence_is_written_out() -> None:
    said = explain.explain("SomethingElse", {"a": 1, "b": b"\1", "c": "x\ny"})
    assert said == ("The contract refused with SomethingElse (a 1, b 0x01, c x y).", "")
    assert explain.explain("Bare", {})[0] == "The contract refused with Bare."


def test_an_error_that_lacks_an_argument_is_written_out() -> None:
    said = explain.explain("IdeaBoardUnknownIdea", {"round": 2})
    assert said == (
        "The contract refused with IdeaBoardUnknownIdea (round 2).",
        "Look at the round with `dmo idea list`.",
    )


def test_a_refusal_carries_everything() -> None:
    refusal = refused("IdeaBoardSettled", {"round": 2}, b"data")
    assert (refusal.code, refusal.arguments, refusal.data) == ("IdeaBoardSettled", {"round": 2}, b"data")
    assert refusal.exit_code == 1
    assert str(refusal) == "Round 2 is settled already. Nothing is left to do."


def test_no_error_names_an_exception_of_python() -> None:
    named = [
        f"{file.name}:{number}"
        for file in sorted((ROOT / "dmo").rglob("*.py"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if re.search(r"(words\.\w+\(|why=|why = ).*type\(\w+\)\.__name__", line) and "kind=type(value)" not in line
    ]
    assert not named


def test_every_number_of_every_interface_has_a_unit() -> None:
    assert list(natspec.missing(natspec.interfaces())) == []


def test_the_client_says_what_the_natspec_says() -> None:
    told = {
        signature: (said["says"], said["right"], said["units"])
        for path, contracts in natspec.interfaces().items()
        if path.startswith("interfaces/")
        for contract in contracts.values()
        for signature, said in natspec.errors(contract).items()
    }
    assert told == {
        entry["signature"]: (entry["says"], entry["right"], {one["name"]: one["unit"] for one in entry["inputs"]})
        for entry in abi.error_data()
        if "says" in entry
    }


def test_what_is_left_unsaid_is_found() -> None:
    text = """
    pragma solidity ^0.8.37;
    interface I {
        enum Mood { Good, Bad }
        /// @notice Too much of {amount}.
        /// @param amount What was asked for.
        /// @param mood How it was.
        error TooMuch(uint256 amount, Mood mood);
        /// @param to Who.
        event Sent(address to, uint256 amount);
        /// @notice Sends.
        /// @param delaySeconds When, in seconds from now.
        /// @return at When it arrives, Unix seconds.
        /// @return How it was.
        function send(uint32 delaySeconds) external returns (uint256 at, bool);
    }
    """
    found = natspec.compiled({"interfaces/I.sol": text, "lib/L.sol": text.replace(" I ", " L ")})
    contract = found["interfaces/I.sol"]["I"]
    assert list(natspec.missing({"interfaces/I.sol": found["interfaces/I.sol"]})) == [
        "I.TooMuch(uint256,uint8): @custom:right",
        "I.TooMuch(uint256,uint8): @param amount without a unit",
        "I.Sent(address,uint256): @notice",
        "I.Sent(address,uint256): @param amount",
    ]
    assert list(natspec.missing(found)) == []  # what others declare is theirs to describe
    assert natspec.errors(contract)["TooMuch(uint256,uint8)"] == {
        "says": "Too much of {amount}.",
        "right": "",
        "units": {"amount": "", "mood": "Mood"},
    }
