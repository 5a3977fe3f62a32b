"""An act and a query about lamps, their words, and a home that is no chain: for the machine behind all acts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from dmo.core import engine, kinds, words
from dmo.core.act import Act, arg, option
from dmo.core.calls import Call
from dmo.core.chain import Event, Receipt
from dmo.core.errors import BadInput, Refused
from dmo.core.kinds import ACCOUNT, DURATION, FLAG, NUMBER, TEXT, TIME, Value, amount, choice, listed
from dmo.core.view import Query
from dmo.home.home import Options
from tests.support.node import ADDRESSES, ALICE, BOB

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

    def told(self, home: Any, done: engine.Done) -> dict[str, Value]:
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
        self.look_ahead = lambda wanted: self.batches.append(list(wanted))

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

    def simulate(self, call: Call, sender: str, gas: int | None = None) -> None:
        if call.description in self.refusals:
            raise self.refusals[call.description]

    def estimate(self, call: Call, sender: str) -> int:
        return 100

    def explained(self, error: Refused) -> Refused:
        return Refused(error.name, error.arguments, message="explained", hint="Try again.")

    def events_of(self, receipt: Receipt, contract: str, address: str, name: str) -> list[Event]:
        return [one for one in (Event.of(contract, raw) for raw in receipt.logs) if one.name == name]


def receipt(place: int = 1, *logs: Any) -> Receipt:
    return Receipt(f"0x{place}", place, 90, True, 7, None, logs)
