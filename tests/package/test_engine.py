"""The machine behind every act, with ones that are declared here and no chain.

read
  given a field that is unknown, missing or cannot be used -> test_a_bad_field_is_named
  given one that is missing -> test_what_is_missing_is_called_as_its_option_is
  given texts of every kind -> test_an_act_is_read_from_texts
  given what was read -> test_an_act_is_written_as_scripts_read_it
plan
  given the words of an act -> test_steps_effects_and_data_are_in_words
preview
  given a refusal -> test_a_refusal_is_the_acts_own
  given an approval that is still to be sent
    when the token says no for want of it -> test_a_step_is_tried_behind_its_approval
    when the contract says no for another reason -> test_another_refusal_behind_an_approval_counts
  given a step with the gas that it needs as a rule -> test_nothing_is_estimated_where_one_try_is_enough
  given a list that is too much for one transaction -> test_what_is_too_much_for_one_transaction_is_cut
  given independent steps -> test_independent_steps_that_would_be_refused_are_left_out
send
  given all goes well -> test_what_was_done_is_told_by_its_event
  given a step that fails -> test_a_failure_tells_what_was_sent_before
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from dmo.capabilities import registry
from dmo.core import act, engine
from dmo.core.act import Step
from dmo.core.calls import Call, make_call
from dmo.core.chain import Receipt
from dmo.core.engine import Preview
from dmo.core.errors import BadInput, NetworkError, Refused
from tests.support.lamps import ESCROW, Light, receipt
from tests.support.node import ADDRESSES, ALICE, BOB, log

# ── reading ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "at", "reason"),
    [
        ({"campaign": "1", "amount": "5", "": "9"}, "", "lamp light knows no"),
        ({"campaign": "1", "amount": "5", "size": "9"}, "size", "lamp light knows no size"),
        ({"campaign": "1"}, "amount", "lamp light needs amount"),
        ({"campaign": "1", "amount": ""}, "amount", "lamp light needs amount"),
        ({"campaign": "one", "amount": "5"}, "campaign", "'one' is no number"),
        ({"campaign": "0", "amount": "5"}, "campaign", "'0' is no number"),
        ({"campaign": "1", "amount": "lots"}, "amount", "'lots' is not an amount"),
        ({"campaign": "1", "amount": "5", "colour": "pink"}, "colour", "'pink' is none of them"),
        ({"campaign": "1", "amount": "5", "public": "maybe"}, "public", "neither yes nor no"),
        ({"campaign": "1", "amount": "5", "giver": "eve"}, "giver", "nobody is called 'eve'"),
    ],
)
def test_a_bad_field_is_named(home: Any, given: dict[str, str], at: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        act.read(Light, home, given)
    assert caught.value.field == at


def test_what_is_missing_is_called_as_its_option_is(home: Any) -> None:
    with pytest.raises(BadInput, match="idea post needs ask, duration") as caught:
        act.read(registry()["idea post"], home, {"file": "f.md", "duration_seconds": ""})
    assert caught.value.field == "ask"
    assert "dmo idea post --help" in caught.value.hint


def test_an_act_is_read_from_texts(home: Any) -> None:
    given = {
        "campaign": "#7",
        "amount": "2.5 PLAY",
        "colour": "Blue",
        "hours": "1h 90m",
        "public": "yes",
        "giver": None,
    }
    found = act.read(Light, home, given)
    assert found == Light(7, 2_500_000, "blue", [3_600, 5_400], True)
    assert act.read(Light, home, {**given, "hours": ["2h"]}).hours == [7_200]
    assert act.read(Light, home, {"campaign": "7", "amount": "1"}) == Light(7, 10**6)
    assert Light.required() == ["campaign", "amount"]


def test_an_act_is_written_as_scripts_read_it(home: Any) -> None:
    assert Light(7, 5, "red", [], True).written() == ("lamp light campaign=7 amount=5 colour=red is_public=True")
    assert Light(7, 5, "red", [3, 4]).written().endswith("'hours=3 4'")


# ── acts ────────────────────────────────────────────────────────────────────────────────────────

APPROVAL = Call(ADDRESSES["BudgetToken"], b"\0\0\0\0", 0, "Allow")
LIT = "Light lamp 7 in deep red with 5 PLAY"


def test_steps_effects_and_data_are_in_words(home: Any) -> None:
    home.needed = APPROVAL
    planned = engine.plan(home, Light(7, 5 * 10**6))
    assert [step.call.description for step in planned.steps] == ["Allow", LIT]
    assert [step.is_behind_approval for step in planned.steps] == [False, True]
    assert planned.steps[1].call.decoded() == ("topUp", {"campaign": 7, "amount": 5 * 10**6})
    assert planned.effects == ("It costs 5 PLAY.",)
    assert planned.data["amount"] == "5000000"
    assert engine.plan(home, Light(7, 1, giver=BOB)).effects[1] == "It is a gift of bob."


def test_a_refusal_is_the_acts_own(home: Any) -> None:
    home.refusals[LIT] = Refused("CampaignEscrowUnknownCampaign", {"campaign": 7})
    with pytest.raises(Refused, match="No lamp") as caught:
        engine.preview(home, engine.plan(home, Light(7, 5 * 10**6)), ALICE)
    assert caught.value.arguments == {"campaign": 7}


def test_a_step_is_tried_behind_its_approval(home: Any) -> None:
    home.needed = APPROVAL
    home.refusals[LIT] = Refused("ERC20InsufficientAllowance", {})
    ready = engine.preview(home, engine.plan(home, Light(7, 5 * 10**6)), ALICE)
    assert (len(ready.plan.steps), ready.gas, ready.left_out) == (2, (100, 70), ())
    home.behind = None
    assert engine.preview(home, ready.plan, ALICE).gas == (100, None), "a node without eth_simulateV1"
    home.behind = Refused("CampaignEscrowUnknownCampaign", {"campaign": 7})
    with pytest.raises(Refused, match="No lamp") as caught:
        engine.preview(home, ready.plan, ALICE)
    assert caught.value.name == "CampaignEscrowUnknownCampaign", "told before an approval is paid"
    home.needed = None
    with pytest.raises(Refused, match="No lamp") as caught:
        engine.preview(home, engine.plan(home, Light(7, 5 * 10**6)), ALICE)
    assert caught.value.name == "ERC20InsufficientAllowance"


def test_what_is_too_much_for_one_transaction_is_cut(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def needs(call: Call, sender: str) -> int:
        return 6_000_000 * len(call.decoded()[1]["submissions"])

    monkeypatch.setattr(home, "estimate", needs)
    call = make_call("CampaignEscrow", ESCROW, "payWork", [[1, 2, 3, 4, 5]], "Pay")
    planned = engine.Plan(Light(7, 5), {}, (Step(call, is_divisible=True),), ())
    found = engine.preview(home, planned, ALICE)
    paid = [(one.call.description, list(one.call.decoded()[1]["submissions"])) for one in found.plan.steps]
    assert paid == [("Pay (1/3)", [1, 2]), ("Pay (2/3)", [3]), ("Pay (3/3)", [4, 5])]
    assert found.gas == (12_000_000, 6_000_000, 12_000_000)
    with pytest.raises(Refused, match="No lamp") as caught:
        engine.preview(home, engine.Plan(Light(7, 5), {}, (Step(call),), ()), ALICE)
    assert caught.value.name == "TransactionTooLarge"


def test_nothing_is_estimated_where_one_try_is_enough(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int | None] = []

    def simulate(call: Call, sender: str, gas: int | None = None) -> None:
        tried.append(gas)
        if gas is not None and gas < 60:
            raise Refused("OutOfGas")

    monkeypatch.setattr(home, "simulate", simulate)

    def needed(gas: int) -> tuple[int | None, ...]:
        plan = engine.Plan(Light(7, 5), {}, (Step(Call(ESCROW, b"", 0, "Pay"), gas=gas),), ())
        return engine.preview(home, plan, ALICE).gas

    assert (needed(70), tried) == ((70,), [70])
    assert (needed(50), tried) == ((100,), [70, 50, None]), "it takes more than as a rule"
    assert (needed(2**24 + 1), tried) == ((100,), [70, 50, None, None]), "no block takes so much"


def test_another_refusal_behind_an_approval_counts(home: Any) -> None:
    home.needed = APPROVAL
    home.refusals[LIT] = Refused("CampaignEscrowUnknownCampaign", {"campaign": 7})
    with pytest.raises(Refused, match="No lamp") as caught:
        engine.preview(home, engine.plan(home, Light(7, 5 * 10**6)), ALICE)
    assert caught.value.name == "CampaignEscrowUnknownCampaign"


def steps(count: int, *, alone: bool = True) -> engine.Plan:
    made = [Step(Call(ESCROW, b"", 0, f"step {n}"), is_independent=alone) for n in range(count)]
    return engine.Plan(Light(7, 5), {}, tuple(made), ())


def test_independent_steps_that_would_be_refused_are_left_out(home: Any) -> None:
    for number in (0, 2):
        home.refusals[f"step {number}"] = Refused("Name", {"n": number})
    ready = engine.preview(home, steps(3), ALICE)
    assert [step.call.description for step in ready.plan.steps] == ["step 1"]
    assert ready.gas == (100,)
    assert [error.arguments["n"] for _, error in ready.left_out] == [0, 2]
    home.refusals["step 1"] = Refused("Other")
    with pytest.raises(Refused) as caught:
        engine.preview(home, steps(3), ALICE)
    assert caught.value.arguments == {"n": 0}
    with pytest.raises(Refused, match="No lamp"):
        engine.preview(home, steps(1), ALICE)
    with pytest.raises(Refused, match="No lamp"):
        engine.preview(home, steps(3, alone=False), ALICE)


@dataclass
class Sender:
    """Sends until something stops it."""

    answers: list[Any]
    address: str = ALICE
    sent: list[str] = field(default_factory=list)

    def send(self, call: Call) -> Receipt:
        answer = self.answers[len(self.sent)]
        self.sent.append(call.description)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Receipt)
        return answer


def test_what_was_done_is_told_by_its_event(home: Any) -> None:
    told = log("CampaignEscrow", "CampaignToppedUp", {"campaign": 7, "from": BOB, "amount": 4_000_000})
    ready = engine.preview(home, engine.plan(home, Light(7, 5 * 10**6)), ALICE)
    data, done, following = engine.send(home, ready, Sender([receipt(1, told)])).tell()
    assert done == ["Lit with 4 PLAY."]
    assert following == ["look at 7"]
    assert (data["amount"], data["event_amount"], data["colour"]) == ("5000000", "4000000", "red")
    silent = engine.send(home, ready, Sender([receipt()])).tell()
    assert (silent[0]["event_amount"], silent[1]) == (None, [])


@pytest.mark.parametrize("failure", [Refused("Name", {"n": 1}), NetworkError("It is silent.")])
def test_a_failure_tells_what_was_sent_before(home: Any, failure: Any) -> None:
    ready = Preview(steps(3), (1, 1, 1))
    sender = Sender([receipt(1), failure, receipt(3)])
    with pytest.raises(type(failure)) as caught:
        engine.send(home, ready, sender)
    assert sender.sent == ["step 0", "step 1"]
    assert [(one["hash"], one["block"]) for one in caught.value.details["sent"]] == [("0x1", 1)]
    assert caught.value.hint.endswith("1 of 3 were sent.")
    is_refusal = isinstance(failure, Refused)
    assert caught.value.message == ("explained" if is_refusal else "It is silent.")
    first = type(failure)("Name") if is_refusal else NetworkError("It is silent.")
    with pytest.raises(type(failure)) as caught:
        engine.send(home, ready, Sender([first]))
    assert caught.value is first
    assert "sent" not in caught.value.details
