"""Rooms that are there from the beginning.

[rooms]
  with all of them -> test_all_rooms_are_wired_and_checked
    when the deployer's nonce moves meanwhile -> test_rooms_know_each_other_where_they_really_are
    when somebody uses them before the hand-over -> test_what_strangers_do_in_open_rooms_is_no_difference
  with some of them -> test_every_room_can_be_left_out
  with forecasts and without outcomes -> test_forecasts_ask_for_outcomes
  when they join later -> test_later_they_are_what_they_are_from_the_beginning
  without a word of them -> test_a_config_of_before_means_what_it_meant
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from dmo.core.abi import encode_call, named
from dmo.core.errors import BadInput, CheckFailed
from dmo.deploy.check import check_deployment
from dmo.deploy.config import load_config
from dmo.deploy.contracts import outcome_meta_evidence
from dmo.deploy.found import find, parts
from dmo.deploy.rooms import read_rooms
from tests.support.deployments import EXAMPLE, ROOMS, ROOT, STEPS, act_as, bend, require_told

JOINING = ROOT / "examples" / "outcomes-and-more.rooms.toml"
RULES = ("PointsRule", "RulingsRule", "FundedIdeaRule", "OutcomeRule")
ALL = ("Drops", "Badges", *RULES, "Outcomes", "Forecasts", "Advisor")
TITLES = dict(zip(RULES, ("Contributor", "Juror", "Funded idea", "Goal reached"), strict=True))


@pytest.fixture
def rooms(folder):
    """The example as it is, with all rooms."""
    (folder / EXAMPLE.name).write_text(EXAMPLE.read_text("utf-8"))
    return folder / EXAMPLE.name


def at(book, name: str) -> str:
    return str(book.contracts[name].address)


def require_wired(node, book) -> None:
    """Who is bound to whom, and what governance had done for them at once."""

    def told(name: str, view: str, *asked: Any) -> Any:
        return node.call(name, at(book, name), view, *asked)

    assert told("Outcomes", "board") == at(book, "IdeaBoard")
    assert told("Outcomes", "treasury") == at(book, "Treasury")
    assert (told("Forecasts", "outcomes"), told("Forecasts", "purseStart")) == (at(book, "Outcomes"), 500_000)
    assert told("Jury", "isAdmitted", at(book, "Outcomes")) is True
    sources = dict(zip(RULES, ("Reputation", "Jury", "IdeaBoard", "Outcomes"), strict=True))
    assert {one: told(one, "source") for one in RULES} == {one: at(book, name) for one, name in sources.items()}
    assert [told(one, "least") for one in RULES] == [60 * 10**18, 5, 1, 1_000_000]
    assert told("Badges", "name") == "HRB badges"
    told_classes = [named("Badges", "classOf", told("Badges", "classOf", one)) for one in (1, 2, 3, 4, 5)]
    assert {one["rule"]: one["title"] for one in told_classes[:4]} == {at(book, one): TITLES[one] for one in RULES}
    assert told_classes[4]["title"] == ""


@pytest.mark.rehearsed
def test_all_rooms_are_wired_and_checked(prepare, sender, node, rooms, fresh_code):
    run = prepare()
    book = run.send(sender)
    assert set(ALL) <= book.contracts.keys()
    steps = run.journal.steps
    gas = sum(one.gas_used for one in steps.values())
    require_told(f"the local example as it is: {len(steps)} transactions", gas)
    require_wired(node, book)
    digest = sha256(outcome_meta_evidence()).hexdigest()
    (said,) = node.events("Outcomes", at(book, "Outcomes"), "MetaEvidence", from_block=book.contracts["Outcomes"].block)
    assert said.arguments["_evidence"] == f"/ipfs/f01551220{digest}"
    assert check_deployment(node, rooms, book, ROOT, fresh_code).differences == []

    addresses = {name: one.address for name, one in book.contracts.items()}
    assert {one.name: one.address for one in parts(node, addresses)} == addresses
    assert {name: one.address for name, one in find(node, at(book, "IdeaBoard")).contracts.items()} == addresses
    for name in ("Outcomes", "Forecasts", "OutcomeRule", "Badges"):  # one that is another's is found out
        with pytest.raises(CheckFailed) as caught:
            parts(node, {**addresses, name: at(book, "Lens")})
        assert any(one.startswith(name) for one in caught.value.differences), caught.value.differences


def test_rooms_know_each_other_where_they_really_are(prepare, sender, node, rooms, fresh_code):
    """A deployer that sends something else in between moves the board and who asks it; the others know."""
    run = prepare()

    def progress(_number, _count, step, _entry, _is_sent_now) -> None:
        if step.key in ("create/IdeaBoard", "create/FundedIdeaRule", "create/Outcomes"):
            act_as(node, sender.address, sender.address, b"")

    book = run.send(sender, progress=progress)
    assert at(book, "Forecasts") != run.plan.addresses["Forecasts"]
    require_wired(node, book)
    assert check_deployment(node, rooms, book, ROOT, fresh_code).differences == []


def test_what_strangers_do_in_open_rooms_is_no_difference(prepare, sender, node, rooms, fresh_code, accounts):
    run = prepare()

    def progress(_number, _count, step, _entry, _is_sent_now) -> None:
        if step.contract == "Forecasts":
            token, (who, now) = run.plan.votes_token, (str(accounts[1]), node.now())
            act_as(node, who, token, encode_call("HolderToken", "approve", [run.plan.at("Drops"), 1]))
            drop = [token, bytes([1] * 32), bytes([1] * 32), 1, now + 2 * 86_400, now + 20 * 86_400]
            act_as(node, who, run.plan.at("Drops"), encode_call("Drops", "create", drop))
            nothing = encode_call("Forecasts", "depositFor", [sender.address, 0])
            act_as(node, who, run.journal.places["Forecasts"], nothing)

    report = check_deployment(node, rooms, run.send(sender, progress=progress), ROOT, fresh_code)
    assert report.differences == []
    assert report.notes[0].startswith("Before the hand-over 3 transactions of others")


@pytest.mark.parametrize(
    ("off", "gone"),
    [
        (("drops",), {"Drops"}),
        (("advisor",), {"Advisor"}),
        (("badges",), {"Badges", *RULES}),
        (("forecasts",), {"Forecasts"}),
        (("outcomes", "forecasts"), {"Outcomes", "OutcomeRule", "Forecasts"}),
        (ROOMS, set(ALL)),
    ],
)
def test_every_room_can_be_left_out(prepare, rooms, off, gone):
    """The plan has them all in, or not, and what is done for them with them."""
    for room in off:
        bend(rooms, f"{room} = true", f"{room} = false")
    plan = prepare().plan
    assert set(ALL) - set(plan.contracts) == gone
    assert {step.contract for step in plan.steps if step.creates} == set(plan.contracts)
    kept = [one for one in RULES if one not in gone]
    done = [(call[0], call[1], call[2][0]) for call in plan.done_at_once()]
    assert [one for one in done if one[0] == "Badges"] == [("Badges", "addClass", plan.addresses[one]) for one in kept]
    admitted = [] if "Outcomes" in gone else [("Jury", "admit", plan.addresses["Outcomes"])]
    assert [one for one in done if one[0] == "Jury"] == admitted


def test_forecasts_ask_for_outcomes(rooms):
    bend(rooms, "outcomes = true", "outcomes = false")
    with pytest.raises(BadInput, match="nobody would know"):
        load_config(rooms)


def test_a_config_of_before_means_what_it_meant(prepare, folder):
    bend(folder / EXAMPLE.name, "[rooms]\n", "")
    plan = prepare().plan
    assert len(plan.steps) == STEPS
    assert set(plan.contracts) & set(ALL) == set()


def test_later_they_are_what_they_are_from_the_beginning(prepare, rooms):
    """The example of rooms that join has the arguments of a new deployment; a room may name one above it."""
    plan = prepare().plan
    before = {name: place for name, place in plan.addresses.items() if name not in ALL}
    joining = read_rooms(JOINING, before, lambda names: {name: plan.artifacts[name] for name in names})
    assert set(joining) == set(ALL)
    places = {name: room.address for name, room in joining.items()}
    for name, room in joining.items():
        assert plan.creation(name, 0, places) == room.creation, name
        assert (room.members, room.opens) == ((), ())
