"""Badges: classes and holders from the log, and the witness that is found for who earned one.

witnesses
  given points that faded, and a moment at which they sufficed -> test_a_moment_is_found_at_which_points_sufficed
  given rulings with dust, of the side that lost, or where none ruled -> test_only_rulings_that_mattered_are_shown
  given a campaign of other terms -> test_a_funded_idea_is_its_authors
  given outcomes of several campaigns -> test_an_outcome_is_the_recorded_leads
  given a rule that asks somebody else's contract -> test_a_foreign_rule_needs_a_witness_of_its_own
holders
  given claims and burns -> test_holders_follow_the_transfers
  given a class -> test_holders_are_exported
  given one who burns a badge they have not -> test_a_badge_that_is_not_held_is_told_by_its_title
what is told
  given what an account earned and has not -> test_what_was_earned_is_offered
  given a badge's URI -> test_the_picture_is_the_chains
  given a call of governance's -> test_a_proposed_class_is_told
  given no room of badges -> test_without_badges_there_is_nothing
"""

from __future__ import annotations

import csv
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import badges, earning
from dmo.capabilities.badges import AddBadgeClass, BurnBadge, ClaimBadge, ExportBadges, ListBadges, ShowBadge, image_of
from dmo.core import engine
from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput, NotFound, Refused
from dmo.core.units import WAD
from dmo.home.home import Home
from tests.support import node as table
from tests.support.home import Told, at_home
from tests.support.node import ADDRESSES, Node

ALICE, BOB = checksum(table.ALICE), checksum(table.BOB)
ZERO = "0x" + "00" * 20
RULES = {place: f"0x{0xBAD0 + place:040x}" for place in range(1, 6)}
SOURCES = {1: "Reputation", 2: "Jury", 3: "IdeaBoard", 4: "Outcomes"}
LEAST = {1: 10 * WAD, 2: 2, 3: 1, 4: 600_000, 5: 1}
TITLES = {1: "Contributor", 2: "Juror", 3: "Funded idea", 4: "Goal reached", 5: "Other"}
POINTS = {100: 9 * WAD, 200: 12 * WAD, 300: 11 * WAD}
SHARES = {7: (0, 99), 8: (5, 105), 9: (0, 0), 10: (0, 200), 11: (40, 140)}
OUTCOMES = {1: (1, 0, ALICE), 2: (2, 500_000, ALICE), 3: (2, 700_000, BOB), 5: (2, 600_000, ALICE)}
HERE = frozenset(ADDRESSES)


def _idea(number: int, ask: int = 900) -> Told:
    names = {"digest": bytes(32), "ask": ask, "lead": BOB, "durationSeconds": 60, "feeBps": 500}
    more = {"buildsOnRound": 0, "buildsOnNumber": 0, "round": 1, "number": number, "author": ALICE, "version": 1}
    return "IdeaBoard.IdeaPosted", {**names, **more}


def _campaign(campaign: int, number: int, ask: int = 900) -> Told:
    told = {"campaign": campaign, "round": 1, "number": number, "lead": BOB, "ask": ask, "feeBps": 500, "endsAt": 9}
    return "CampaignEscrow.CampaignFunded", {**told, "termsId": 1}


def _passed(badge: int, sender: str, to: str) -> Told:
    account = to if sender == ZERO else sender
    return "Badges.Transfer", {"from": sender, "to": to, "tokenId": earning.token_of(badge, account)}


def _home(
    folder: Path,
    patch: pytest.MonkeyPatch,
    *told: Told,
    account: str | None = ALICE,
    rules: tuple[int, ...] = (1, 2, 3, 4, 5),
    moved: bool = False,
) -> Home:
    node = Node()
    node.now = 1_000
    for place in rules:
        source = ADDRESSES[SOURCES[place]] if place in SOURCES and not moved else "0x" + "77" * 20
        node.view("BadgeRule", "basis", lambda place=place: place % 5, RULES[place])
        node.view("BadgeRule", "least", lambda place=place: LEAST[place], RULES[place])
        node.view("BadgeRule", "source", lambda source=source: source, RULES[place])
    node.view("Reputation", "getPastVotes", lambda who, at: POINTS[at] if who == ALICE else 0)
    node.view("Jury", "shareOf", lambda dispute, who: SHARES[dispute])
    node.view("Jury", "currentRuling", lambda dispute: 0 if dispute == 10 else 1)
    node.view("Jury", "caseOf", lambda dispute: (ALICE, 0, 0, True, False, 0, 0, 10_000))
    node.view("Outcomes", "outcomeOf", lambda campaign: OUTCOMES[campaign])
    added: list[Told] = [
        ("Badges.ClassAdded", {"class": place, "rule": RULES[place], "title": TITLES[place], "art": bytes(32)})
        for place in rules
    ]
    return at_home(folder, patch, node, [*added, *told], account)


def _found(home: Home, account: str = ALICE) -> dict[int, list[int]]:
    return earning.witnesses(home, account, earning.classes(home))


# ── witnesses ───────────────────────────────────────────────────────────────────────────────────


def _awards(*moments: int) -> list[Told]:
    return [("Reputation.PointsAwarded", {"account": ALICE, "pointsWad": 1, "countsFrom": at}) for at in moments]


def test_a_moment_is_found_at_which_points_sufficed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch, *_awards(100, 200, 300, 5_000))
    assert _found(home) == {1: [200]}  # what counts only later is not asked for
    assert _found(_home(tmp_path, monkeypatch, *_awards(100))) == {}
    step = ClaimBadge(1).steps(home)[0]
    assert step.call.decoded()[1] == {"class": 1, "account": ALICE, "witness": (200).to_bytes(32, "big")}


def test_only_rulings_that_mattered_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"juror": ALICE, "ruling": 1, "weight": 5}
    reveals: list[Told] = [("Jury.RulingRevealed", {"disputeID": its, **told}) for its in (11, 7, 8, 9, 10)]
    home = _home(tmp_path, monkeypatch, *reveals)
    node: Any = home.dmo.chain.transport
    known, trips, batch = earning.classes(home), list[int](), node.batch

    def counted(asked: Any) -> Any:
        trips.append(len(asked))
        return batch(asked)

    monkeypatch.setattr(node, "batch", counted)
    assert earning.witnesses(home, ALICE, known) == {2: [8, 11]}
    assert len(trips) == 1  # however many disputes
    assert _found(_home(tmp_path, monkeypatch, *reveals[1:])) == {}
    assert earning.packed([8, 11]) == (8).to_bytes(32, "big") + (11).to_bytes(32, "big")


def test_a_funded_idea_is_its_authors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled: Told = ("IdeaBoard.RoundSettled", {"round": 1, "budget": 1, "assigned": 1, "passing": 1, "funded": 1})
    became: Told = ("IdeaBoard.IdeaFunded", {"round": 1, "number": 1, "campaign": 2, "ask": 900})
    whole = [_idea(1), _idea(2), _campaign(1, 2), _campaign(2, 1), became]  # another board's is the first
    assert _found(_home(tmp_path, monkeypatch, *whole, settled)) == {3: [2]}
    assert _found(_home(tmp_path, monkeypatch, *whole)) == {}
    assert _found(_home(tmp_path, monkeypatch, *whole, settled), BOB) == {}


def test_an_outcome_is_the_recorded_leads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"reporter": BOB, "lead": ALICE, "ppm": 1, "bond": 1, "evidence": bytes(32), "termsId": 1, "until": 1}
    reports: list[Told] = [("Outcomes.OutcomeReported", {"report": its, "campaign": its, **told}) for its in OUTCOMES]
    home = _home(tmp_path, monkeypatch, *reports)
    assert _found(home) == {4: [5]}
    assert _found(home, BOB) == {4: [3]}


def test_a_foreign_rule_needs_a_witness_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch, *_awards(200), moved=True)
    assert _found(home) == {}
    with pytest.raises(BadInput, match="the log has nothing by which"):
        ClaimBadge(1).steps(home)
    given = ClaimBadge(1, BOB, b"\x07" * 32).steps(home)[0].call.decoded()[1]
    assert (given["account"], given["witness"]) == (BOB, b"\x07" * 32)
    (basis,) = {row["basis"] for row in ListBadges().answer(home)["classes"] if row["badge"] == 5}
    assert basis == "other"
    with pytest.raises(NotFound, match="no class 9"):
        ClaimBadge(9).steps(home)
    with pytest.raises(BadInput, match="is no witness"):
        badges.WITNESS.read(home, "0x123")


# ── holders ─────────────────────────────────────────────────────────────────────────────────────


def test_holders_follow_the_transfers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [_passed(1, ZERO, ALICE), _passed(1, ZERO, BOB), _passed(2, ZERO, BOB), _passed(1, BOB, ZERO)]
    found = earning.held(_home(tmp_path, monkeypatch, *told))
    assert (found.state(1, ALICE), found.state(1, BOB), found.state(2, BOB)) == ("held", "burned", "held")
    assert found.state(2, ALICE) == ""
    again = earning.held(_home(tmp_path, monkeypatch, *told, _passed(1, ZERO, BOB)))
    assert [*again.holders[1]] == [ALICE, BOB]
    assert again.state(1, BOB) == "held"
    assert BurnBadge(1).arguments(_home(tmp_path, monkeypatch)) == [1 << 160 | int(ALICE, 16)]


def test_a_badge_that_is_not_held_is_told_by_its_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = Refused("ERC721NonexistentToken", {"tokenId": 1 << 160 | int(ALICE, 16)})
    told = BurnBadge(1).refused(_home(tmp_path, monkeypatch), error)
    assert told.is_told
    assert told.message.endswith("has no badge “Contributor”.")
    assert "dmo badge list" in told.hint


def test_holders_are_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch, _passed(1, ZERO, BOB), _passed(1, ZERO, ALICE))
    for name in ("out.csv", "out.json"):
        found = ExportBadges(1, str(tmp_path / name)).answer(home)
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    assert [row["account"] for row in rows] == [BOB, ALICE]  # who came first
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [one["account"] for one in told["who"]] == [BOB, ALICE]
    assert (found["count"], found["title"]) == (2, "Contributor")


# ── what is told ────────────────────────────────────────────────────────────────────────────────


def test_what_was_earned_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offered(*told: Told) -> list[str]:
        home = _home(tmp_path, monkeypatch, *_awards(200), *told)
        return [item.command for item in badges._due(home, ALICE) if not item.is_due]

    assert offered() == ["badge claim 1"]
    assert offered(_passed(1, ZERO, ALICE)) == []
    assert offered(_passed(1, ZERO, ALICE), _passed(1, ALICE, ZERO)) == []
    home = _home(tmp_path, monkeypatch, *_awards(200))
    assert list(badges._due(home, None)) == []
    rows = {row["badge"]: row for row in ListBadges(ALICE).answer(home)["classes"]}
    assert (rows[1]["state"], rows[1]["least_points"], rows[4]["least_ppm"]) == ("earned", 10 * WAD, 600_000)
    assert {row["state"] for row in ListBadges(BOB).answer(home)["classes"]} == {""}
    shown = str(ListBadges(ALICE).view(home).tables)
    assert "dmo badge claim 1" in shown
    assert "reached 60% of its goal" in shown


def test_the_picture_is_the_chains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><text>A</text></svg>"
    image = "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
    uri = "data:application/json;base64," + b64encode(json.dumps({"image": image}).encode()).decode()
    assert image_of(uri) == image
    foreign = "data:application/json;base64," + b64encode(b'{"image": "https://x.example/a.svg"}').decode()
    assert image_of(foreign) is None
    home = _home(tmp_path, monkeypatch, _passed(1, ZERO, ALICE))
    node: Any = home.dmo.chain.transport
    node.view("Badges", "tokenURI", lambda token: uri)
    found = ShowBadge(1, ALICE, str(tmp_path / "badge.svg")).answer(home)
    assert (tmp_path / "badge.svg").read_text("utf-8") == svg + "\n"
    assert ShowBadge(1, ALICE).view(home).data["image"] == image
    assert found["token"] == str(1 << 160 | int(ALICE, 16))
    with pytest.raises(BadInput, match="has no badge of class 1"):
        ShowBadge(1, BOB, str(tmp_path / "other.svg")).answer(home)


def test_a_proposed_class_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch)
    wanted = AddBadgeClass(RULES[1], "Helper")
    (step,) = engine.plan(home, wanted).steps
    told = AddBadgeClass.recognised(home, step.call.decoded()[1])
    assert (told["title"].value, told["rule"].value, told["art"].value) == ("Helper", RULES[1], bytes(32))
    assert step.call.description.startswith("Add the badge “Helper” by the rule 0x")


def test_without_badges_there_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch)
    monkeypatch.setitem(home.dmo.__dict__, "addresses", {k: v for k, v in home.dmo.addresses.items() if k != "Badges"})
    assert ListBadges().answer(home)["classes"] == []
    assert list(badges._wanted(home, ALICE)) == []
    assert list(badges._due(home, ALICE)) == []
    assert earning.held(home).holders == {}
    with pytest.raises(NotFound, match="no class 1"):
        ShowBadge(1).answer(home)
