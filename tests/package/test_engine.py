"""The machine behind every act, query and fact, with ones that are declared here and no chain.

read
  given a field that is unknown, missing or cannot be used -> test_a_bad_field_is_named
  given texts of every kind -> test_an_act_is_read_from_texts
  given what was read -> test_an_act_is_written_as_scripts_read_it
fill
  given a placeholder that has nothing to say -> test_a_sentence_without_its_fact_is_left_out
  given braces that a stranger wrote -> test_braces_of_strangers_are_no_placeholders
  given a word that holds placeholders -> test_a_words_placeholders_are_looked_for_beside_it
  given a placeholder with a group -> test_a_placeholder_may_name_the_group_that_says_it
  given rows -> test_rows_are_said_one_a_line
plain
  given a value of any shape -> test_plain_holds_the_shape_and_nothing_else
  given its schema -> test_a_schema_says_what_plain_gives
plan
  given the words of an act -> test_steps_effects_and_data_are_in_words
preview
  given a refusal -> test_a_refusal_is_the_acts_own
  given an approval that is still to be sent
    when the token says no for want of it -> test_a_step_is_tried_behind_its_approval
    when the contract says no for another reason -> test_another_refusal_behind_an_approval_counts
  given a list that is too much for one transaction -> test_what_is_too_much_for_one_transaction_is_cut
  given independent steps -> test_independent_steps_that_would_be_refused_are_left_out
send
  given all goes well -> test_what_was_done_is_told_by_its_event
  given a step that fails -> test_a_failure_tells_what_was_sent_before
view
  given rows, cards, labels -> test_a_view_is_laid_out_as_its_words_say
  given nothing -> test_what_is_empty_is_left_out
fold
  given events that bear and change -> test_events_bear_and_change_facts
  given an event of what nobody bore -> test_what_was_never_born_is_not_changed
  given a struct -> test_a_structs_members_lie_among_the_others
read of a snapshot
  given a view that was asked -> test_a_view_is_asked_once
items
  given deadlines, opportunities, reveals -> test_items_are_sorted_by_urgency
  given what capabilities want to read -> test_all_wanted_reads_go_in_one_batch
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from dmo.core import act, due, kinds, words
from dmo.core.act import Act, Preview, Step, arg, option
from dmo.core.calls import Call, make_call
from dmo.core.chain import Block, Event, Read, Receipt
from dmo.core.errors import BadInput, NetworkError, Refused
from dmo.core.facts import Fact, Snapshot, fold, of, on
from dmo.core.kinds import (
    ACCOUNT,
    DIGEST,
    DURATION,
    FLAG,
    NUMBER,
    SHARE,
    TEXT,
    TIME,
    Value,
    amount,
    choice,
    listed,
    plain,
    schema_of,
)
from dmo.core.view import Query, view
from dmo.home.home import Options
from tests.support.calls import ZERO
from tests.support.node import ADDRESSES, ALICE, BOB, log

ESCROW = ADDRESSES["CampaignEscrow"]
MONEY = amount("budget")
COLOUR = choice("colour", "red", "blue")
LAMP = {"name": TEXT, "watts": NUMBER, "state": choice("lamp_state", "lit", "dark"), "since": TIME}
LINES = kinds.lines("lamp_line", {"name": TEXT, "watts": NUMBER})
WORDS: dict[str, Any] = {
    "lamp light": {
        "call": "Light lamp {campaign} in {colour} with {amount}",
        "effect": ["It costs {amount}.", "It is a gift of {giver}."],
        "done": ["Lit with {event_amount}.", "Gave {nothing}."],
        "next": "look at {campaign}",
    },
    "lamp list": {
        "heading": "Lamps of {owner}",
        "fields": [["owner", "{owner}"], ["mayor", "{mayor}"]],
        "notes": ["{count} in all.", "The mayor is {mayor}."],
        "next": "buy one",
        "tables": [
            {
                "rows": "lamps",
                "title": "Of {owner}",
                "columns": [["no.", "{name}"], [">W", "{watts}"], ["is", "{state}"], ["x", "{mayor}"]],
            },
            {"rows": "broken", "columns": [["a", "{name}"]], "empty": "None is broken."},
        ],
        "cards": [
            {
                "rows": "lamps",
                "latest_first": True,
                "heading": "{name}",
                "fields": [["watts", "{watts}"], ["since", "{since}"]],
                "next": "repair {name}",
            }
        ],
    },
    "word": {
        "colour": {"red": "deep red", "blue": "blue"},
        "lamp_state": {"lit": "lit with {watts} W", "dark": "dark"},
        "lamp_line": {"lit": "{name} gives {watts} W", "dark": "{name} is dark"},
        "time": {"in": "in {}", "ago": "{} ago"},
        "act": {"half_done": "{done} of {steps} were sent."},
        "due": {"until": "until {until}", "no_deadline": "any time"},
        "flag": {"yes": "yes", "no": "no"},
    },
    "item": {
        "light": {"text": "{count} lamps to light", "one": "1 lamp to light"},
        "sweep": {"text": "Sweep {name}", "until": "by {until}"},
    },
}  # fmt: skip


class Light(Act, name="lamp light", call="CampaignEscrow.topUp", told_by="CampaignToppedUp", pays="amount"):
    """Light a lamp."""

    campaign: int = arg(NUMBER)
    amount: int = arg(MONEY)
    colour: str = option(COLOUR, "red")
    hours: list[int] = option(listed(DURATION), default_factory=list)
    is_public: bool = option(FLAG, False, flag="public")
    giver: str | None = option(ACCOUNT)

    def arguments(self, home: Any) -> list[int]:
        return [self.campaign, self.amount]

    def told(self, home: Any, done: act.Done) -> dict[str, Value]:
        event = done.event(self.told_by)
        return {"event_amount": MONEY(event.arguments["amount"] if event else None)}

    def refused(self, home: Any, error: Refused) -> Refused:
        return Refused(error.name, error.arguments, message="No lamp.")


class Lamps(
    Query, name="lamp list", gives={"owner": TEXT, "mayor": TEXT, "count": NUMBER, "lamps": [LAMP], "broken": [LAMP]}
):
    """Lamps of somebody."""

    def answer(self, home: Any) -> dict[str, Any]:
        lamps = [
            {"name": "a", "watts": 5, "state": "lit", "since": 900},
            {"name": "{owner}", "watts": 60, "state": "dark", "since": 0},
        ]
        return {"owner": "Ayu", "mayor": None, "count": 2, "lamps": lamps, "broken": []}


# They are no commands of anybody's.
del Act.registry["lamp light"], Query.registry["lamp list"]


class Home:
    """What the machine asks of a home; its chain refuses what it is told to."""

    now = 1_000
    me = ALICE
    options = Options()

    def __init__(self) -> None:
        self.dmo = SimpleNamespace(address=lambda name: ADDRESSES[name])
        self.chain = self
        self.refusals: dict[str, Refused] = {}
        self.needed: Call | None = None
        self.behind: Refused | int | None = 70
        self.known: Any = None
        self.batches: list[Any] = []
        self.snapshot = SimpleNamespace(try_read=self.batches.append)

    def account(self, text: str) -> str:
        if text != "bob":
            raise BadInput(f"nobody is called {text!r} here")
        return BOB

    def who(self, address: str) -> str:
        return "bob" if address == BOB else address

    def unit(self, token: str) -> tuple[int, str]:
        return 6, "PLAY"

    def word(self, group: str, value: str) -> str:
        return words.word(group, value)

    def approvals(self, token: str, spender: str, units: int) -> list[Call]:
        return [self.needed] if self.needed else []

    def too_large(self, call: Call, gas: int) -> Refused | None:
        return Refused("TransactionTooLarge") if gas > 2**24 else None

    def rehearse(self, calls: list[Call], sender: str) -> int | None:
        if isinstance(self.behind, Refused):
            raise self.behind
        return self.behind

    def simulate(self, call: Call, sender: str) -> None:
        if call.description in self.refusals:
            raise self.refusals[call.description]

    def estimate(self, call: Call, sender: str) -> int:
        return 100

    def explained(self, error: Refused) -> Refused:
        return Refused(error.name, error.arguments, message="explained", hint="Try again.")

    def events_of(self, receipt: Receipt, contract: str, address: str, name: str) -> list[Event]:
        return [one for one in (Event.of(contract, raw) for raw in receipt.logs) if one.name == name]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    known = {**WORDS, "wrong": words.load()["wrong"] | WORDS.get("wrong", {})}
    monkeypatch.setattr(words, "load", lambda language="en": known)
    return Home()


def receipt(place: int = 1, *logs: Any) -> Receipt:
    return Receipt(f"0x{place}", place, 90, True, 7, None, logs)


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


# ── sentences ───────────────────────────────────────────────────────────────────────────────────


def said(home: Any, sentence: str, **values: Any) -> str:
    return words.fill(sentence, kinds.looking(home, values))


def test_a_sentence_without_its_fact_is_left_out(home: Any) -> None:
    assert said(home, "Costs {a}, until {b}.", a=MONEY(5 * 10**6), b=TIME(0)) == ""
    assert said(home, "Costs {a}.", a=MONEY(5 * 10**6)) == "Costs 5 PLAY."
    assert said(home, "{unknown} it is.") == ""
    look = kinds.looking(home, {"a": TEXT("x")})
    assert words.filled(["{a}.", "{b}.", "No more."], look) == ["x.", "No more."]
    assert words.filled(None, look) == []


def test_braces_of_strangers_are_no_placeholders(home: Any) -> None:
    values = {"title": TEXT("{me} {} {0}"), "me": TEXT("secret"), "plain": "{me}"}
    assert said(home, "{title}: {plain}", **values) == "{me} {} {0}: {me}"


def test_a_words_placeholders_are_looked_for_beside_it(home: Any) -> None:
    lamp = kinds.valued(LAMP, {"name": "a", "watts": 5, "state": "lit"})
    assert said(home, "It is {lamp.state}.", lamp=lamp, watts=NUMBER(9)) == "It is lit with 5 W."
    assert said(home, "It is {state}.", state=lamp["state"], watts=NUMBER(9)) == ("It is lit with 9 W.")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MONEY(0), "Off."),
        (TEXT("red"), "Red at 5 W."),
        (MONEY(3), "Costs 5 W."),
        (ACCOUNT("0x" + "00" * 20), "Off."),
        (listed(NUMBER)([7]), "One."),
        (listed(NUMBER)([7, 8]), "Costs 5 W."),
    ],
)
def test_a_placeholder_may_name_the_group_that_says_it(
    home: Any, monkeypatch: pytest.MonkeyPatch, value: Value, text: str
) -> None:
    group = {"none": "Off.", "some": "Costs {watts} W.", "red": "{name:lamp_name} at {watts} W.", "1": "One."}
    monkeypatch.setitem(words.load()["word"], "lamp_said", group)
    monkeypatch.setitem(words.load()["word"], "lamp_name", {"a": "Red"})
    lamp = {**kinds.valued(LAMP, {"name": "a", "watts": 5, "state": "lit"}), "it": value}
    assert said(home, "{lamp.it:lamp_said}", lamp=lamp) == text
    assert said(home, "It: {lamp.name:lamp_said}, {gone:lamp_said}", lamp=lamp) == ""
    del group["none"]
    assert said(home, "It: {it:lamp_said}", it=MONEY(0)) == ""


def test_rows_are_said_one_a_line(home: Any) -> None:
    rows = [{"name": "{a}", "watts": 5, "said": "lit"}, {"name": "b", "watts": 0, "said": "dark"}]
    look = kinds.looking(home, {"rows": LINES(rows), "none": LINES([])})
    assert words.filled(["{rows}", "{none}"], look) == ["{a} gives 5 W", "b is dark"]


# ── for machines ────────────────────────────────────────────────────────────────────────────────

SHAPE = {"sum": MONEY, "at": TIME, "who": ACCOUNT, "digest": DIGEST, "lamps": [LAMP], "one": LAMP}


def test_plain_holds_the_shape_and_nothing_else() -> None:
    lamp = SimpleNamespace(name="a", watts=5, state="lit", since=0, secret="x")
    found = {"sum": 10**30, "at": 0, "who": ZERO, "digest": b"\1\2", "lamps": [lamp], "more": 1}
    assert plain(SHAPE, found) == {
        "sum": str(10**30),
        "at": None,
        "who": None,
        "digest": "0x0102",
        "lamps": [{"name": "a", "watts": 5, "state": "lit", "since": None}],
        "one": None,
    }
    assert plain([SHARE], [1, None]) == [1, None]


def test_a_schema_says_what_plain_gives() -> None:
    schema = schema_of(SHAPE)
    assert (schema["additionalProperties"], schema["required"]) == (False, sorted(SHAPE))
    properties = schema["properties"]
    assert properties["sum"]["type"] == ["string", "null"]
    assert properties["lamps"]["type"] == "array"
    assert properties["lamps"]["items"]["properties"]["state"]["enum"] == ["lit", "dark", "", None]
    assert properties["one"]["type"] == ["object", "null"]
    assert properties["at"]["x-kind"] == "TIME"


# ── acts ────────────────────────────────────────────────────────────────────────────────────────

APPROVAL = Call(ADDRESSES["BudgetToken"], b"\0\0\0\0", 0, "Allow")
LIT = "Light lamp 7 in deep red with 5 PLAY"


def test_steps_effects_and_data_are_in_words(home: Any) -> None:
    home.needed = APPROVAL
    planned = act.plan(home, Light(7, 5 * 10**6))
    assert [step.call.description for step in planned.steps] == ["Allow", LIT]
    assert [step.is_behind_approval for step in planned.steps] == [False, True]
    assert planned.steps[1].call.decoded() == ("topUp", {"campaign": 7, "amount": 5 * 10**6})
    assert planned.effects == ("It costs 5 PLAY.",)
    assert planned.data["amount"] == "5000000"
    assert act.plan(home, Light(7, 1, giver=BOB)).effects[1] == "It is a gift of bob."


def test_a_refusal_is_the_acts_own(home: Any) -> None:
    home.refusals[LIT] = Refused("CampaignEscrowUnknownCampaign", {"campaign": 7})
    with pytest.raises(Refused, match="No lamp") as caught:
        act.preview(home, act.plan(home, Light(7, 5 * 10**6)), ALICE)
    assert caught.value.arguments == {"campaign": 7}


def test_a_step_is_tried_behind_its_approval(home: Any) -> None:
    home.needed = APPROVAL
    home.refusals[LIT] = Refused("ERC20InsufficientAllowance", {})
    ready = act.preview(home, act.plan(home, Light(7, 5 * 10**6)), ALICE)
    assert (len(ready.plan.steps), ready.gas, ready.left_out) == (2, (100, 70), ())
    home.behind = None
    assert act.preview(home, ready.plan, ALICE).gas == (100, None), "a node without eth_simulateV1"
    home.behind = Refused("CampaignEscrowUnknownCampaign", {"campaign": 7})
    with pytest.raises(Refused, match="No lamp") as caught:
        act.preview(home, ready.plan, ALICE)
    assert caught.value.name == "CampaignEscrowUnknownCampaign", "told before an approval is paid"
    home.needed = None
    with pytest.raises(Refused, match="No lamp") as caught:
        act.preview(home, act.plan(home, Light(7, 5 * 10**6)), ALICE)
    assert caught.value.name == "ERC20InsufficientAllowance"


def test_what_is_too_much_for_one_transaction_is_cut(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def needs(call: Call, sender: str) -> int:
        return 6_000_000 * len(call.decoded()[1]["submissions"])

    monkeypatch.setattr(home, "estimate", needs)
    call = make_call("CampaignEscrow", ESCROW, "payWork", [[1, 2, 3, 4, 5]], "Pay")
    planned = act.Plan(Light(7, 5), {}, (Step(call, is_divisible=True),), ())
    found = act.preview(home, planned, ALICE)
    paid = [(one.call.description, list(one.call.decoded()[1]["submissions"])) for one in found.plan.steps]
    assert paid == [("Pay (1/3)", [1, 2]), ("Pay (2/3)", [3]), ("Pay (3/3)", [4, 5])]
    assert found.gas == (12_000_000, 6_000_000, 12_000_000)
    with pytest.raises(Refused, match="No lamp") as caught:
        act.preview(home, act.Plan(Light(7, 5), {}, (Step(call),), ()), ALICE)
    assert caught.value.name == "TransactionTooLarge"


def test_another_refusal_behind_an_approval_counts(home: Any) -> None:
    home.needed = APPROVAL
    home.refusals[LIT] = Refused("CampaignEscrowUnknownCampaign", {"campaign": 7})
    with pytest.raises(Refused, match="No lamp") as caught:
        act.preview(home, act.plan(home, Light(7, 5 * 10**6)), ALICE)
    assert caught.value.name == "CampaignEscrowUnknownCampaign"


def steps(count: int, *, alone: bool = True) -> act.Plan:
    made = [Step(Call(ESCROW, b"", 0, f"step {n}"), is_independent=alone) for n in range(count)]
    return act.Plan(Light(7, 5), {}, tuple(made), ())


def test_independent_steps_that_would_be_refused_are_left_out(home: Any) -> None:
    for number in (0, 2):
        home.refusals[f"step {number}"] = Refused("Name", {"n": number})
    ready = act.preview(home, steps(3), ALICE)
    assert [step.call.description for step in ready.plan.steps] == ["step 1"]
    assert ready.gas == (100,)
    assert [error.arguments["n"] for _, error in ready.left_out] == [0, 2]
    home.refusals["step 1"] = Refused("Other")
    with pytest.raises(Refused) as caught:
        act.preview(home, steps(3), ALICE)
    assert caught.value.arguments == {"n": 0}
    with pytest.raises(Refused, match="No lamp"):
        act.preview(home, steps(1), ALICE)
    with pytest.raises(Refused, match="No lamp"):
        act.preview(home, steps(3, alone=False), ALICE)


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
    ready = act.preview(home, act.plan(home, Light(7, 5 * 10**6)), ALICE)
    data, done, following = act.send(home, ready, Sender([receipt(1, told)])).tell()
    assert done == ["Lit with 4 PLAY."]
    assert following == ["look at 7"]
    assert (data["amount"], data["event_amount"], data["colour"]) == ("5000000", "4000000", "red")
    silent = act.send(home, ready, Sender([receipt()])).tell()
    assert (silent[0]["event_amount"], silent[1]) == (None, [])


@pytest.mark.parametrize("failure", [Refused("Name", {"n": 1}), NetworkError("It is silent.")])
def test_a_failure_tells_what_was_sent_before(home: Any, failure: Any) -> None:
    ready = Preview(steps(3), (1, 1, 1))
    sender = Sender([receipt(1), failure, receipt(3)])
    with pytest.raises(type(failure)) as caught:
        act.send(home, ready, sender)
    assert sender.sent == ["step 0", "step 1"]
    assert [(one["hash"], one["block"]) for one in caught.value.details["sent"]] == [("0x1", 1)]
    assert caught.value.hint.endswith("1 of 3 were sent.")
    is_refusal = isinstance(failure, Refused)
    assert caught.value.message == ("explained" if is_refusal else "It is silent.")
    first = type(failure)("Name") if is_refusal else NetworkError("It is silent.")
    with pytest.raises(type(failure)) as caught:
        act.send(home, ready, Sender([first]))
    assert caught.value is first
    assert "sent" not in caught.value.details


# ── views ───────────────────────────────────────────────────────────────────────────────────────


def test_a_view_is_laid_out_as_its_words_say(home: Any) -> None:
    found = Lamps().view(home)
    assert found.heading == "Lamps of Ayu"
    (table,) = found.tables
    assert (table.title, table.columns) == ("Of Ayu", ("no.", ">W", "is"))
    assert table.rows == (("a", "5", "lit with 5 W"), ("{owner}", "60", "dark"))
    second, first = found.cards
    assert first.fields == (("watts", "5"), ("since", "1970-01-01 00:15 UTC (1m 40s ago)"))
    assert (second.heading, second.next) == ("{owner}", ("repair {owner}",))
    assert found.next == ("buy one",)
    assert found.data["lamps"][1] == {"name": "{owner}", "watts": 60, "state": "dark", "since": None}


def test_what_is_empty_is_left_out(home: Any) -> None:
    found = Lamps().view(home)
    assert found.fields == (("owner", "Ayu"),)
    assert found.texts == ("None is broken.", "2 in all.")
    assert found.cards[0].fields == (("watts", "60"),)
    bare = view(home, "lamp list", Lamps.gives, {"owner": "Ayu", "count": 0}, 10)
    assert (bare.tables, bare.cards, bare.code) == ((), (), 10)
    assert view(home, "no words of it", {"a": TEXT}, {"a": "b"}).data == {"a": "b"}


# ── facts ───────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Lamp(Fact, key=("campaign",), born="CampaignEscrow.CampaignFunded", changed=("CampaignEscrow.CampaignEndMoved",)):
    """A lamp that a campaign is."""

    campaign: int = of(NUMBER)
    ends_at: int = of(TIME)
    lead: str = of(ACCOUNT)
    at: int = of(TIME)
    leads: int = of(NUMBER, 1)

    @on("CampaignEscrow.LeadReplaced")
    def relay(self, event: Event) -> None:
        """Count, beside what is told."""
        self.lead, self.leads = event.arguments["lead"], self.leads + 1


@dataclass
class Offer(Fact, key=("bounty", "campaign"), born="CampaignEscrow.BountyPosted"):
    """An offer, whose facts are a struct."""

    bounty: int = of(NUMBER)
    campaign: int = of(NUMBER)
    submit_by: int = of(TIME)
    is_gift: bool = of(FLAG)
    tx: str = of(TEXT, "")


def told(name: str, **arguments: Any) -> tuple[str, Event]:
    contract, event = name.split(".")
    return contract, Event(event, arguments, ESCROW, 1, "0xabc", 0, 77)


FUNDED = told(
    "CampaignEscrow.CampaignFunded",
    campaign=1, round=1, number=2, lead=ALICE, ask=5, feeBps=0, endsAt=900, termsId=1,
)  # fmt: skip


def test_events_bear_and_change_facts() -> None:
    found = fold(
        Lamp,
        [
            FUNDED,
            told("CampaignEscrow.CampaignEndMoved", campaign=1, endsAt=800),
            told("IdeaBoard.CampaignEndMoved", campaign=1, endsAt=1),  # another contract's
            told("CampaignEscrow.CampaignToppedUp", campaign=1, amount=5),
            told("CampaignEscrow.LeadReplaced", campaign=1, lead=BOB),
        ],
    )
    assert found == {1: Lamp(1, 800, BOB, 77, 2)}
    assert set(Lamp.shape()) == {"campaign", "ends_at", "lead", "at", "leads"}


def test_what_was_never_born_is_not_changed() -> None:
    moved = told("CampaignEscrow.CampaignEndMoved", campaign=2, endsAt=800)
    assert fold(Lamp, [moved, FUNDED, moved]).keys() == {1}


def test_a_structs_members_lie_among_the_others() -> None:
    facts = (1, 5, 1, 900, 2, True, ZERO, b"\7" * 32)
    posted = told("CampaignEscrow.BountyPosted", bounty=3, campaign=1, facts=facts)
    assert fold(Offer, [posted]) == {(3, 1): Offer(3, 1, 900, True, "0xabc")}


def test_a_view_is_asked_once() -> None:
    asked: list[list[Read]] = []

    def try_read(reads: list[Read]) -> list[Any]:
        asked.append(reads)
        return [Refused("Name", {"n": 1}) if one.function == "bad" else one.function for one in reads]

    chain: Any = SimpleNamespace(try_read=try_read)
    head = Block(1, 1_000, "0x", 0)
    snapshot = Snapshot(chain, head, None)  # type: ignore[arg-type]
    one, other, bad = (Read("Lens", ESCROW, name) for name in ("one", "other", "bad"))
    assert snapshot.read([one, other, one]) == ["one", "other", "one"]
    assert snapshot.try_read([bad, other])[1] == "other"
    with pytest.raises(Refused) as caught:
        snapshot.read([one, bad])
    assert (caught.value.name, caught.value.arguments) == ("Name", {"n": 1})
    assert asked == [[one, other], [bad]]


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_ITEMS", "_WANTED"):
        monkeypatch.setattr(due, name, [])


def test_items_are_sorted_by_urgency(home: Any, empty: None) -> None:
    @due.due
    def later(home: Any, account: str | None) -> Iterator[due.Item]:
        yield due.Item("light", 0, True, "lamp light", count=3)
        yield due.Item("sweep", 500, False, "sweep", {"name": TEXT("{b}")})
        yield due.Item("light", 9_000, True, "lamp light")

    @due.due
    def sooner(home: Any, account: str | None) -> Iterator[due.Item]:
        if account:
            yield due.Item("sweep", 9_999, True, "sweep", {"name": TEXT(account)}, is_first=True)

    found = due.items(home, "bob")
    assert [one.text(home) for one in found] == ["Sweep bob", "1 lamp to light", "3 lamps to light", "Sweep {b}"]
    assert [one.deadline(home) for one in found[1:]] == [
        "until 1970-01-01 02:30 UTC (in 2h 13m)",
        "any time",
        "by 1970-01-01 00:08:20 UTC (8m 20s ago)",
    ]
    assert len(due.items(home, None)) == 3


def test_all_wanted_reads_go_in_one_batch(home: Any, empty: None) -> None:
    due.wanted(lambda home, account: [Read("Lens", ESCROW, "one")])
    due.wanted(lambda home, account: [Read("Lens", ESCROW, str(account))])
    due.items(home, "bob")
    assert home.batches == [[Read("Lens", ESCROW, "one"), Read("Lens", ESCROW, "bob")]]
