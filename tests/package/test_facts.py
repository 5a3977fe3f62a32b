"""What events bear and change, and views that are asked once.

fold
  given events that bear and change -> test_events_bear_and_change_facts
  given an event of what nobody bore -> test_what_was_never_born_is_not_changed
  given a struct -> test_a_structs_members_lie_among_the_others
read of a snapshot
  given a view that was asked -> test_a_view_is_asked_once
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from dmo.core.chain import Block, Event, Read
from dmo.core.errors import Refused
from dmo.core.facts import Fact, Snapshot, fold, of, on
from dmo.core.kinds import ACCOUNT, FLAG, NUMBER, TEXT, TIME
from tests.support.calls import ZERO
from tests.support.lamps import ESCROW
from tests.support.node import ALICE, BOB


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
