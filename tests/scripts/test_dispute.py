"""The dispute script and payout, from a rejection to paid jurors on the test chain.

the dispute script
├── given a rejection
│   └── it is disputed, judged, and payout does the rest -> test_from_a_rejection_to_paid_jurors
├── given an acceptance
│   ├── it is challenged, act by act -> test_challenges_an_acceptance_act_by_act
│   └── its jurors are paid -> test_pays_jurors_by_hand
├── given somebody who was faster -> test_payout_passes_over_what_somebody_else_did
├── given words that mean nothing -> test_refuses_what_it_cannot_do
├── given an arbitrator that is no jury -> test_sends_jurors_elsewhere
└── given another jury than the address book's -> test_finds_the_jury_of_the_dispute
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from brownie import web3

from dmo.client import campaigns, disputes, escrow, tokens
from dmo.client.disputes import Ruling
from dmo.core.calls import Call
from dmo.core.chain import Chain
from scripts import _acts, dispute, payout
from tests.support.cli_chain import Stage
from tests.support.quarrels import BOND, REWARD, USD, Quarrels

STATEMENT = "---\nkind: reason\ntitle: The file was there\nlang: en\n---\n\nSee minute two.\n"


@pytest.fixture
def quarrels(node: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quarrels:
    monkeypatch.setenv("DMO_HOME", str(tmp_path / "home"))
    stage = Stage(node, str(web3.provider.endpoint_uri), tmp_path)
    stage.deploy()
    stage.fund()
    (tmp_path / "statement.md").write_text(STATEMENT, "utf-8")
    found = Quarrels(stage)
    found.fund()
    found.allow("dave", BOND)  # for the work; the script approves for the dispute
    return found


@pytest.fixture
def script(
    quarrels: Quarrels, accounts: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Callable[..., str]:
    """Run a script's act as somebody; returns what it said, and demands its exit code."""
    book = str(quarrels.stage.folder / "deployments" / "harbour.json")

    def run(act: Callable[..., None], who: str, *words: str, code: int = 0) -> str:
        account = accounts.at(quarrels.stage.address(who))
        for module in (_acts, dispute, payout):
            monkeypatch.setattr(module, "sending_account", lambda: account)
        if code:
            with pytest.raises(SystemExit) as ended:
                act(book, *words)
            assert ended.value.code == code
        else:
            act(book, *words)
        said = capsys.readouterr()
        return str(said.out + said.err)

    return run


def _dollars(quarrels: Quarrels, who: str) -> int:
    dmo = quarrels.dmo
    return tokens.balance(dmo, dmo.budget_address, quarrels.stage.address(who))


def test_from_a_rejection_to_paid_jurors(quarrels: Quarrels, script: Callable[..., str]) -> None:
    stage, dmo = quarrels.stage, quarrels.dmo
    statement = str(stage.folder / "statement.md")
    work = str(quarrels.rejected())
    assert "No dispute yet." in script(dispute.main, "erin")

    said = script(dispute.open, "dave", work, statement)
    assert "rejected submission 1, with a bond of 10 PLAY and no cost" in said
    assert "openDispute.submission = 1" in said
    script(dispute.evidence, "erin", work, statement)
    given = disputes.evidence(dmo, 1)
    assert [one.party for one in given] == [stage.address("dave"), stage.address("erin")]
    assert given[0].digest == given[1].digest

    for who in ("bob", "carol"):
        script(dispute.commit, who, work, "refuse")
    script(dispute.commit, "carol", work, "pay")
    script(dispute.commit, "bob", work, "pay")  # the later one counts
    early = script(dispute.reveal, "bob", work, code=1)
    assert "cannot be revealed now" in early
    case = disputes.dispute(dmo, 1).jury
    assert case is not None
    stage.reach(case.commit_until)
    for who in ("bob", "carol"):
        assert "pay the work" in script(dispute.reveal, who, work)
    assert "no commitment" in script(dispute.reveal, "erin", work, code=1)
    assert "450,000 to pay, 0 against" in script(dispute.main, "erin")
    assert "Nothing is due." in script(payout.main, "erin")

    stage.reach(case.reveal_until)
    assert "1 acts are due." in script(payout.plan, "erin")
    before = {who: _dollars(quarrels, who) for who in ("dave", "bob", "carol")}
    said = script(payout.main, "erin")
    assert [line.split(": ", 1)[1] for line in said.splitlines() if "Done in block" in line] == [
        "Hand over the ruling in dispute 1",
        "Pay submission 1",
        "Pay 2 jurors of the dispute about submission 1",
    ]
    assert "3 of 3 acts done; 0 still due." in said
    gained = {who: _dollars(quarrels, who) - sum_ for who, sum_ in before.items()}
    # the lead's fee loses a bond: half to the jurors by weight, half to the worker
    assert gained["bob"] + gained["carol"] == BOND // 2
    assert gained["bob"] == BOND // 2 * 250_000 // 450_000
    assert gained["dave"] == REWARD + BOND + BOND + BOND // 2
    assert "Nothing is due." in script(payout.main, "erin")
    shown = script(dispute.main, "erin")
    assert "ruled: pay the work" in shown
    assert "settled; 0 PLAY left for jurors" in shown


def test_challenges_an_acceptance_act_by_act(
    quarrels: Quarrels, script: Callable[..., str]
) -> None:
    stage, dmo = quarrels.stage, quarrels.dmo
    work = str(quarrels.accepted())
    said = script(dispute.open, "erin", work, str(stage.folder / "statement.md"))
    assert "Challenge the acceptance of submission 1" in said
    script(dispute.commit, "bob", work, "refuse")
    case = disputes.dispute(dmo, 1).jury
    assert case is not None
    stage.reach(case.commit_until)
    script(dispute.reveal, "bob", work)
    assert "cannot be handed over now" in script(dispute.rule, "erin", work, code=1)
    stage.reach(case.reveal_until)
    script(dispute.rule, "erin", work)
    assert disputes.dispute(dmo, 1).ruling is Ruling.REFUSE
    assert escrow.status(dmo, 1) is escrow.Status.VOID
    assert "No juror is owed anything." in script(dispute.jurors, "erin", work)
    script(payout.main, "erin")
    assert "No juror is owed anything." in script(dispute.jurors, "erin", work)
    assert _dollars(quarrels, "bob") == 1_000 * USD + BOND // 2


def test_pays_jurors_by_hand(quarrels: Quarrels, script: Callable[..., str]) -> None:
    number = quarrels.accepted()
    quarrels.allow("erin", BOND)
    case = quarrels.disputed(number, "erin")
    quarrels.revealed(case)
    erin = quarrels.people["erin"]
    erin.send(disputes.execute_ruling(quarrels.dmo, case.id))
    erin.send(campaigns.pay_work(quarrels.dmo, [number]))

    said = script(dispute.jurors, "erin", str(number))

    assert "Pay 2 jurors of the dispute about submission 1" in said
    assert disputes.dispute(quarrels.dmo, number).pot == 0


def test_payout_passes_over_what_somebody_else_did(
    quarrels: Quarrels, script: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another keeper is faster with the ruling; the rest is still done."""
    quarrels.allow("dave", 2 * BOND)
    case = quarrels.disputed(quarrels.rejected())
    quarrels.revealed(case)
    ruling = disputes.execute_ruling(quarrels.dmo, case.id)
    send = payout.BrownieSender.send

    def faster(sender: Any, call: Call) -> Any:
        if call == ruling:
            quarrels.people["carol"].send(call)
        return send(sender, call)

    monkeypatch.setattr(payout.BrownieSender, "send", faster)
    said = script(payout.main, "erin")
    assert "Passed over: Hand over the ruling in dispute 1" in said
    assert "2 of 3 acts done; 0 still due." in said


def test_refuses_what_it_cannot_do(quarrels: Quarrels, script: Callable[..., str]) -> None:
    work = str(quarrels.submitted())
    said = script(dispute.commit, "bob", work, "maybe", code=2)
    assert "'maybe' is no ruling" in said
    assert "Submission 1 is not disputed." in script(dispute.commit, "bob", work, "pay", code=1)
    statement = str(quarrels.stage.folder / "statement.md")
    said = script(dispute.open, "dave", work, statement, code=1)
    assert "Submission 1 is in review now." in said
    assert not (quarrels.stage.folder / "home" / "salts").exists()


def test_sends_jurors_elsewhere(
    quarrels: Quarrels, script: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dispute is before an arbitrator that is no jury."""
    quarrels.allow("dave", 2 * BOND)
    quarrels.disputed(quarrels.rejected())
    elsewhere = replace(disputes.dispute(quarrels.dmo, 1), jury=None)
    monkeypatch.setattr(disputes, "dispute", lambda *_: elsewhere)

    said = script(dispute.commit, "bob", "1", "pay", code=2)

    assert "is not before a jury like ours" in said
    assert f"what {elsewhere.arbitrator} offers" in said


def test_finds_the_jury_of_the_dispute(quarrels: Quarrels, script: Callable[..., str]) -> None:
    """The address book names another jury, as one older than a new jury would."""
    quarrels.allow("dave", 2 * BOND)
    case = quarrels.disputed(quarrels.rejected(), rulings={})
    book = quarrels.stage.folder / "deployments" / "harbour.json"
    jury = quarrels.dmo.address("Jury")
    book.write_text(book.read_text("utf-8").replace(jury, "0x" + 38 * "0" + "77"), "utf-8")

    script(dispute.commit, "bob", "1", "pay")
    quarrels.stage.reach(case.commit_until)
    script(dispute.reveal, "bob", "1")
    quarrels.stage.reach(case.reveal_until)
    script(dispute.rule, "erin", "1")

    assert disputes.dispute(quarrels.dmo, 1).ruling is Ruling.PAY
