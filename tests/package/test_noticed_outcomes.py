"""What people are told of outcomes.

given a campaign that is over: its lead is told to report, and again a tenth before it is too late
given a report
├── lead and givers of a bonus are told, not who made it; challenged, everybody but who challenged it
├── unchallenged it is final when its time is over, and a bonus can be settled; what was settled is told no more
└── ruled on, it stands or fell, for all who are in it
given a settled bonus: its two owners are told their parts
given a deployment without the room: nothing
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import noticed, noticed_outcomes
from dmo.core.due import Item
from dmo.core.kinds import TIME
from dmo.core.notices import EVERYONE
from dmo.core.units import format_time
from tests.support import told_outcomes as told
from tests.support.node import Node
from tests.support.told_outcomes import BEGINS, BOND, CHALLENGER, DAY, ENDS, GIVER, LEAD, REPORTER, at_outcome, begun

PEOPLE = [LEAD, REPORTER, CHALLENGER, GIVER, EVERYONE]
OFFER: told.Past = (told.FUNDED, "Outcomes.BonusOffered", {"campaign": 1, "giver": GIVER, "amount": 150})
REPORTED = told.reported(1, BEGINS, 620_000, BOND)
CHALLENGED = told.challenged(1, BEGINS + 9)
NAMES = {
    who: name for name, who in {"lead": LEAD, "reporter": REPORTER, "challenger": CHALLENGER, "giver": GIVER}.items()
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Homes that are told of campaign 1, for whose goal a bonus is offered."""

    def at(now: int, *past: told.Past) -> Any:
        return at_outcome(tmp_path, monkeypatch, [*begun(), OFFER, *past], now, None, Node())

    return at


def of(found: Any) -> dict[str, set[str]]:
    """Whom which kind of notice is for."""
    kinds: dict[str, set[str]] = {}
    for one in found:
        kinds.setdefault(one.kind, set()).add(NAMES.get(one.account, one.account))
    return kinds


def happened(home: Any) -> list[Any]:
    its = [(contract, event) for contract, event in home.snapshot._events if contract == "Outcomes"]
    found = [*noticed.happened(home, its, PEOPLE)]
    assert not any("{" in part for one in found for part in one.laid(home)[:2])
    return found


def test_a_report_is_told_to_all_but_who_made_it(place: Any) -> None:
    home = place(BEGINS, REPORTED)
    found = happened(home)
    assert of(found) == {"reported": {"lead", "giver", EVERYONE}}
    title, text = found[0].laid(home)[:2]
    assert title == "Campaign 1 is reported to have reached 62% of its goal"
    assert f"It can be challenged until {format_time(BEGINS + DAY)}; unchallenged it is final." in text
    assert text.endswith("dmo outcome show 1")


def test_a_challenge_and_a_ruling_are_told_to_all_in_it(place: Any) -> None:
    ruled = [told.ruled(BEGINS + 20, 2), told.settled(1, BEGINS + 30, 2, 0, 750, 250, 0)]
    found = of(happened(place(BEGINS + 40, REPORTED, *CHALLENGED, *ruled)))
    assert found["report_challenged"] == {"lead", "reporter", "giver", EVERYONE}
    assert found["report_fell"] == {"lead", "reporter", "challenger", "giver", EVERYONE}
    stood = [told.ruled(BEGINS + 20, 1), told.settled(1, BEGINS + 30, 1, 750, 0, 250, 0)]
    home = place(BEGINS + 40, REPORTED, *CHALLENGED, *stood)
    assert "report_stood" in of(happened(home))
    assert of(noticed_outcomes.stands(home, {*PEOPLE})) == {"bonus_due": {"lead", "giver", EVERYONE}}


def test_what_nobody_challenged_is_final_and_its_bonus_due(place: Any) -> None:
    assert [*noticed_outcomes.stands(place(BEGINS + DAY - 1, REPORTED), {*PEOPLE})] == []
    home = place(BEGINS + DAY, REPORTED)
    found = [*noticed_outcomes.stands(home, {*PEOPLE})]
    all_ = {"lead", "giver", EVERYONE}
    assert of(found) == {"report_accepted": {"reporter", *all_}, "bonus_due": all_}
    assert {one.at for one in found} == {BEGINS + DAY}
    assert not any("{" in part for one in found for part in one.laid(home)[:2])
    (due,) = [one for one in found if one.kind == "bonus_due" and one.account == LEAD]
    assert due.values["to_lead"].value == 93
    settled = told.settled(1, BEGINS + DAY, 0, BOND, 0, 0, 0)
    split = {"campaign": 1, "giver": GIVER, "lead": LEAD, "toLead": 93, "toGiver": 57}
    home = place(BEGINS + DAY, REPORTED, settled, (BEGINS + DAY, "Outcomes.BonusSettled", split))
    assert of(noticed_outcomes.stands(home, {*PEOPLE})) == {"report_accepted": {"reporter", *all_}}
    told_ = of(happened(home))
    assert "report_stood" not in told_, "that nobody challenged it is told already"
    assert told_["bonus_settled"] == all_


def test_a_lead_is_told_to_report_in_time(place: Any) -> None:
    def waits(now: int) -> list[Any]:
        home = place(now)
        values = {"campaign": noticed_outcomes.CAMPAIGN(1), "starts": TIME(BEGINS), "ends": TIME(ENDS)}
        item = Item("outcome_report", ENDS, False, "outcome show 1", values)
        return [*noticed._waiting(home, item, LEAD)]

    assert waits(BEGINS - 1) == []
    tenth = BEGINS + (ENDS - BEGINS) * 90 // 100
    assert [one.at for one in waits(BEGINS)] == [BEGINS]
    assert [one.at for one in waits(tenth)] == [tenth]
    first, last = waits(BEGINS)[0], waits(tenth)[0]
    assert first.key != last.key
    assert "campaign 1" in first.root


def test_nothing_is_told_without_the_room(place: Any) -> None:
    home = place(BEGINS + DAY, REPORTED)
    home.dmo.addresses.pop("Outcomes")
    assert [*noticed_outcomes.stands(home, {*PEOPLE})] == []
