"""Outcomes without a chain: what events and the clock say, as the contract does; and who judges reports.

given any history of reports, challenges, rulings and settlements
└── state, share, next bond, credits and the treasury's part are the plain model's, at every moment
given a campaign
├── when it is of another board, or none: refused as the contract does
├── an early end moves no window past its plan
└── a goal's numbers: clamped like the rules, exact, nothing where there is no way to go
given a report before a jury
├── its jurors find it, commit to what is said of reports, and reveal; rulings of other things are refused
├── a ruling that is ready is settled in time by anybody; without one the report falls
├── an arbitrator that could not be asked lets it fall, and no juror is called
└── a case of a contract that nobody knows is judged by its number
given a bonus: it is settled once decided, to the unit
given a goal without a way, or a date that cannot be measured: refused, warned of
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import cases, outcome_acts, rulings
from dmo.capabilities.ideas import Idea
from dmo.capabilities.lens import ZERO
from dmo.capabilities.outcome_acts import OfferBonus, ReportOutcome, SettleBonus, SettleReport, to_settle
from dmo.capabilities.outcome_shown import ListOutcomes, ShowOutcome
from dmo.capabilities.outcomes import Bonus, credits_owed, for_treasury, standing
from dmo.capabilities.rulings import CommitRuling, RevealRulings
from dmo.capabilities.worth import share_of
from dmo.core import engine, kinds
from dmo.core.act import read
from dmo.core.due import Item
from dmo.core.errors import BadInput, NotFound, Refused
from dmo.home.salts import Secret
from tests.support import told_outcomes as told
from tests.support.node import ADDRESSES, Node
from tests.support.rulings import OTHER, SALT, terms
from tests.support.told_outcomes import (
    BEGINS,
    BOND,
    CHALLENGER,
    DAY,
    ENDS,
    GIVER,
    JUROR,
    JURY,
    LEAD,
    REPORTER,
    at_outcome,
    begun,
    challenged,
    model,
    reported,
    ruled,
    settled,
)

SEEDS = 60
STATES = {"None": "none", "Pending": "pending", "Final": "final", "Void": "void"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def at(past: Any, now: int, account: str | None = None, node: Node | None = None) -> Any:
        return at_outcome(tmp_path, monkeypatch, past, now, account, node)

    return at


def of(kind: str, found: Iterable[Item]) -> list[Item]:
    """What is due of a kind; others want more of the chain than there is here."""
    return [one for one in found if one.kind == kind]


class History:
    """The model, and the events that the contract would have told."""

    def __init__(self, seed: int) -> None:
        self.rnd, self.model, self.past, self.now = random.Random(seed), model(), begun(), BEGINS - 2 * DAY

    def grow(self, steps: int) -> None:
        for _ in range(steps):
            self.now += self.rnd.choice([1, DAY // 2, DAY - 1, DAY, 40 * DAY])
            self.rnd.choice([self.report, self.report, self.challenge, self.challenge, self.rule, self.settle])()

    def report(self) -> None:
        known = [one.is_settled for one in self.model.reports]
        if self.model.report(self.now, REPORTER, ppm := self.rnd.randrange(told.ASK)):
            return
        if known and not known[-1]:
            self._settled(len(known))
        self.past.append(reported(len(self.model.reports), self.now, ppm, self.model.reports[-1].bond))

    def challenge(self) -> None:
        if self.model.reports and not self.model.challenge(self.now, self.model.reports[-1], CHALLENGER):
            number = len(self.model.reports)
            is_asked = self.rnd.random() < 0.8
            self.past += challenged(number, self.now, is_asked=is_asked, dispute=number)
            if not is_asked:
                self.model.reports[-1].ruling = 0

    def rule(self) -> None:
        ruling, number = self.rnd.randint(0, 3), len(self.model.reports)
        if number and not self.model.rule(self.now, self.model.reports[-1], ruling if ruling < 3 else 0):
            self.past.append(ruled(self.now, ruling, number))

    def settle(self) -> None:
        if self.model.reports and not self.model.settle(self.now, self.model.reports[-1]):
            self._settled(len(self.model.reports))

    def _settled(self, number: int) -> None:
        one = self.model.reports[number - 1]
        parts = (one.bond, 0, 0)
        if one.challenger and one.ruling in (1, 2):
            half = one.bond // 2
            won = 2 * one.bond - half
            parts = (won, 0, half) if one.ruling == 1 else (0, won, half)
        elif one.challenger:
            parts = (one.bond - one.bond // 10, one.bond - one.bond // 10, 2 * (one.bond // 10))
        self.past.append(settled(number, self.now, one.ruling or 0, *parts[:2], 0, parts[2]))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_events_say_is_the_models(place: Any, seed: int) -> None:
    history = History(seed)
    history.grow(14)
    for now in (history.now, history.now + DAY, ENDS - 1, ENDS):
        if now < history.now:
            continue
        home = place(history.past, now)
        its, (state, ppm) = standing(home, 1), history.model.state(now)
        assert (its.state, its.ppm or 0) == (STATES[state], ppm)
        assert (its.starts, its.ends) == (BEGINS, ENDS)
        if state in ("None", "Void"):
            assert its.bond == history.model.bond()
        assert {who: one.amount for who, one in credits_owed(home).items()} == dict(+history.model.owed)
        assert for_treasury(home) == history.model.to_treasury


def test_a_campaign_of_another_board_is_refused_as_the_contract_does(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dmo.capabilities.outcomes.ideas", lambda home, number: [])
    other = [one for one in begun() if one[1] != "IdeaBoard.IdeaFunded"]
    [old] = [one for one in told.funded(2, endsAt=told.TIMES.voting_closes) if one[1].startswith("CampaignEscrow")]
    for number, past, name in (
        (1, other, "OutcomesOtherBoard"),
        (2, [*begun(), old], "OutcomesOtherBoard"),
        (9, begun(), "CampaignEscrowUnknownCampaign"),
    ):
        with pytest.raises(Refused) as refused:
            standing(place(past, BEGINS), number)
        assert refused.value.name == name
    home = place(other, BEGINS)  # of a board that funds at the same time, and agrees in all: the idea passed
    home.facts(Idea)[1, 1].is_passing = True
    assert standing(home, 1).is_reportable(home.now)


def test_early_end_moves_no_window_past_its_plan(place: Any) -> None:
    early = (told.FUNDED, "CampaignEscrow.CampaignEndMoved", {"campaign": 1, "endsAt": told.FUNDED + DAY})
    its = standing(place([*begun(), early], BEGINS), 1)
    assert (its.starts, its.ends) == (told.TIMES.voting_closes + told.DURATION, ENDS)


@pytest.mark.parametrize(
    ("baseline", "target", "value", "ppm"),
    [
        (0, 300, 200, 666_666),
        (1_000, 3_000, 2_240, 620_000),
        (100, 0, 25, 750_000),  # a metric that is meant to fall
        (1_000, 3_000, 900, 0),
        (1_000, 3_000, 10**30, 1_000_000),
        (5, 5, 5, 0),
        (0.1, 0.4, 0.2, 333_333),
    ],
)
def test_a_share_of_a_goal_is_clamped_as_the_rules_have_it(baseline: Any, target: Any, value: Any, ppm: int) -> None:
    assert share_of({"baseline": baseline, "target": target}, value) == ppm


# ── before a jury ───────────────────────────────────────────────────────────────────────────────

AT = BEGINS + DAY
DISPUTED = [*begun(), reported(1, BEGINS, 620_000, BOND), *challenged(1, AT - DAY // 2)]


def jury(committed: bytes = bytes(32), weight: int = 7, arbitrable: str = told.OUTCOMES, late: int = 0) -> Node:
    """A jury that takes commitments until an hour after AT, and reveals for another one."""
    node, hour = Node(), 3_600
    views = {
        "caseOf": (arbitrable, AT - DAY // 2, AT - DAY, False, False, 0, 0, 5),
        "windowsOf": (AT + hour - late, AT + 2 * hour - late),
        "currentRuling": 1,
        "weightOf": weight,
        "commitmentOf": committed,
        "revealOf": (0, 0),
    }
    for view, answer in views.items():
        node.view("Jury", view, lambda *_, answer=answer: answer, JURY)
    node.view("DisputeDesk", "rulingSecondsOf", lambda _: DAY)
    return node


def test_jurors_find_a_report_and_commit_to_what_is_said_of_reports(place: Any) -> None:
    home = place(DISPUTED, AT, JUROR, jury())
    [item] = of("commit", rulings._due(home, JUROR))
    assert (item.command, item.text(home)) == ("dispute show r1", "Judge the dispute about report 1: you are a juror")
    act = CommitRuling("r1", "falls", salt=SALT)
    plan = engine.plan(home, act)
    wanted = Secret(31337, JURY, 4, JUROR, 2, SALT).committed
    assert plan.steps[0].call.decoded() == ("commit", {"disputeID": 4, "commitment": wanted})
    assert plan.steps[0].call.description == "Commit to a ruling on report 1"
    for wrong in ("pay", "one"):
        with pytest.raises(BadInput, match=wrong):
            engine.plan(home, CommitRuling("r1", wrong, salt=SALT))
    with pytest.raises(NotFound, match="report 2"):
        engine.plan(home, CommitRuling("r2", "falls", salt=SALT))
    with pytest.raises(NotFound, match="Submission 1"):
        engine.plan(home, CommitRuling(1, "pay", salt=SALT))


@pytest.mark.parametrize("given", ["r0", "x3", "r-1", "r1.5", "rr1", "r999999999999", "", "R 1"])
def test_what_names_no_dispute_is_refused(place: Any, given: str) -> None:
    with pytest.raises(BadInput):
        read(CommitRuling, place(begun(), AT), {"submission": given, "ruling": "falls"})


def test_a_report_is_revealed_on(place: Any) -> None:
    secret = Secret(31337, JURY, 4, JUROR, 1, SALT)
    home = place(DISPUTED, AT, JUROR, jury(secret.committed, late=3_600))
    home.salts.keep(secret)
    [item] = of("reveal", rulings._due(home, JUROR))
    assert item.command == "dispute reveal r1"
    for act in (RevealRulings("r1"), RevealRulings(everything=True)):
        [step] = engine.plan(home, act).steps
        assert "on report 1: stands" in step.call.description
        assert step.call.decoded()[1] == {"disputeID": 4, "juror": JUROR, "ruling": 1, "salt": SALT}


def test_lists_and_shows_reports_beside_work(place: Any) -> None:
    from dmo.capabilities.dispute_shown import ListDisputes, ShowDispute

    home = place(DISPUTED, AT, JUROR, jury())
    [row] = ListDisputes().answer(home)["disputes"]
    assert (row["submission"], row["what"], row["phase"], row["opener"]) == ("r1", "report", "commit", CHALLENGER)
    shown = ShowDispute("r1").answer(home)
    assert shown["parties"] == sorted([REPORTER, CHALLENGER, LEAD])
    assert [one["role"] for one in shown["documents"]] == ["idea", "report", "statement"]
    assert [(one["part"], one["stands"], one["falls"], one["none"]) for one in shown["report_ends"]] == [
        ("reporter", 750, 0, 450),
        ("challenger", 0, 750, 450),
        ("jurors", 250, 250, 100),
    ]
    view = ShowDispute("r1").view(home)
    assert view.heading == "A dispute about report 1"
    assert ("reported", "62% of the goal of campaign 1") in view.fields
    assert kinds.plain(ShowDispute.gives, shown)["submission"] == "r1"


def test_a_ruling_that_is_ready_is_settled_in_time(place: Any) -> None:
    until = AT + DAY // 2
    early, ready = place(DISPUTED, until - 1, node=jury()), place(DISPUTED, until, node=jury())
    assert [[one.report for one in to_settle(home)] for home in (early, ready)] == [[], [1]]
    node = jury()
    node.view("DisputeDesk", "rulingSecondsOf", lambda _: DAY - 100)
    home = place(DISPUTED, until - 50, node=node)
    [item] = of("settle_report", outcome_acts._due(home, None))
    assert (item.until, item.acts, item.command) == (until, (SettleReport(1),), "outcome settle 1")
    assert not rulings.to_hand_over(home)


def test_arbitrator_that_cannot_be_asked_fells_the_report(place: Any) -> None:
    past = [*begun(), reported(1, BEGINS, 620_000, BOND), *challenged(1, AT, is_asked=False)]
    home = place(past, AT + 1, JUROR, Node())
    its = standing(home, 1)
    assert (its.state, its.bond, cases.reported(home)) == ("none", 2 * BOND, {})
    assert [one.report for one in to_settle(home)] == [1]


def test_a_case_of_a_stranger_is_judged_by_its_number(place: Any) -> None:
    created = (AT, "Jury.DisputeCreation", {"_disputeID": 12, "_arbitrable": OTHER})
    ours = (AT, "Jury.DisputeCreation", {"_disputeID": 4, "_arbitrable": told.OUTCOMES})
    home = place([*DISPUTED, ours, created], AT, JUROR, jury())
    assert [*cases.every(home)] == ["r1", "c12"]
    [step] = engine.plan(home, CommitRuling("c12", "two", salt=SALT)).steps
    assert step.call.decoded()[1]["disputeID"] == 12
    assert step.call.description == "Commit to a ruling on case 12"
    late = place([*DISPUTED, created], AT + 3 * DAY, None, jury())
    [waiting] = rulings.to_hand_over(late)
    assert waiting.subject == "c12"


# ── reports, bonuses, ideas ─────────────────────────────────────────────────────────────────────


def test_a_bonus_is_settled_once_decided(place: Any) -> None:
    offered = (BEGINS - 1, "Outcomes.BonusOffered", {"campaign": 1, "giver": GIVER, "amount": 333})
    past = [*begun(), offered, offered, reported(1, BEGINS, 620_000, BOND)]
    assert not of("settle_bonus", outcome_acts._due(place(past, BEGINS + DAY - 1), None))
    home = place(past, BEGINS + DAY)
    [item] = of("settle_bonus", outcome_acts._due(home, None))
    assert item.acts == (SettleBonus(1, GIVER),)
    replaced = {"campaign": 1, "lead": REPORTER, "former": LEAD, "earned": 0}
    later = place([*past, (BEGINS + 1, "CampaignEscrow.LeadReplaced", replaced)], BEGINS + DAY)
    shown = ShowOutcome(1).answer(later)
    # Whoever leads since gets none of it, and there is no next report to leave a bond for.
    assert (shown["outcome"]["led_by"], shown["outcome"]["bond"]) == (LEAD, None)
    assert ShowOutcome(1).answer(place(past, BEGINS + DAY - 1))["outcome"]["bond"] == BOND
    [bonus] = shown["bonuses"]
    assert (bonus["amount"], bonus["to_lead"], bonus["to_giver"]) == (666, 412, 254)
    assert shown["outcome"]["ppm"] == 620_000
    split = {"campaign": 1, "giver": GIVER, "lead": LEAD, "toLead": 412, "toGiver": 254}
    home = place([*past, (AT, "Outcomes.BonusSettled", split)], AT)
    assert {who: one.amount for who, one in credits_owed(home).items()} == {LEAD: 412, GIVER: 254}
    assert home.facts(Bonus)[1, GIVER].is_settled
    assert ListOutcomes().answer(home)["mean"] == 620_000


def test_a_report_says_what_it_takes_and_brings(place: Any, tmp_path: Path) -> None:
    text = f"""---
kind: evidence
title: Wallets counted
lang: en
worker: "{REPORTER}"
files: []
disclosure: none
---
"""
    file = tmp_path / "evidence.md"
    file.write_text(text)
    node = Node()
    node.view("ERC20", "balanceOf", lambda *_: 10_000)
    node.view("ERC20", "allowance", lambda *_: 10_000)
    home = place(begun(), BEGINS, REPORTER, node)
    act = read(ReportOutcome, home, {"campaign": "1", "reached": "62.5 %", "file": str(file)})
    plan = engine.plan(home, act)
    assert plan.steps[0].call.decoded()[1] == {"campaign": 1, "ppm": 625_000, "evidence": act.file.digest}
    assert any("You leave 500 USD now" in one for one in plan.effects)
    assert any(
        "you get 750 USD if the report stands, 0 USD if it falls, 450 USD without" in one for one in plan.effects
    )
    for given in ("101%", "62", "0.00001%", "-1%", "1000001ppm", "nan%"):
        with pytest.raises(BadInput):
            read(ReportOutcome, home, {"campaign": "1", "reached": given, "file": str(file)})
    with pytest.raises(BadInput, match="names"):
        engine.plan(place(begun(), BEGINS, GIVER, node), act)


def test_offers_a_bonus_and_says_when_it_is_decided(place: Any) -> None:
    node = Node()
    node.view("ERC20", "balanceOf", lambda *_: 10_000)
    node.view("ERC20", "allowance", lambda *_: 10_000)
    plan = engine.plan(place(begun(), told.FUNDED, GIVER, node), OfferBonus(1, kinds.Amount(101)))
    assert plan.steps[0].call.decoded() == ("offerBonus", {"campaign": 1, "amount": 101})
    assert "gets 50 USD and the rest returns" in plan.effects[0]
    assert ADDRESSES["Outcomes"] == plan.steps[0].call.to
    alone = [(told.TIMES.posting_opens, *terms(arbitrator=ZERO)), *begun()[1:]]
    plan = engine.plan(place(alone, told.FUNDED, GIVER, node), OfferBonus(1, kinds.Amount(101)))
    assert any("it can have no outcome" in one for one in plan.effects)
