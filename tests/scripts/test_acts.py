"""Idea, vote, campaign, payout and govern, from a posted idea to a paid worker on the test chain.

the scripts
├── they carry an idea from its post to a paid bounty, lessons included
├── given nothing to do
│   └── payout says so
├── given words that are no options
│   └── they are refused with what would be right
├── given evidence that names somebody else
│   └── it is not sent
└── given a refusal of the chain
    └── the decoded call was shown, and the exit code is 1
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dmo.client import escrow, governance, ideas, tokens
from dmo.core.errors import BadInput
from dmo.home.deployment import Dmo, load_book
from dmo.story.cast import MNEMONIC
from dmo.story.stage import raw_call
from scripts import _acts, campaign, govern, idea, payout, vote
from scripts._acts import number, options_of
from tests.support import clock

DOCUMENTS = Path(__file__).resolve().parents[2] / "examples" / "documents"
DAY = 86_400
USD = 10**6


@pytest.fixture
def book(prepare: Callable[..., Any], sender: Any, folder: Path) -> str:
    """The address book of a fresh deployment of config/local.toml."""
    prepare().send(sender)
    return str(folder / "local.json")


@pytest.fixture
def dmo(book: str, node: Any) -> Dmo:
    return Dmo.from_book("local", load_book(book), node)


@pytest.fixture
def as_(monkeypatch: pytest.MonkeyPatch, accounts: Any) -> Callable[[int], Any]:
    """Let a script act for the account with this number."""

    def act(index: int) -> Any:
        account = accounts.from_mnemonic(MNEMONIC, offset=index)
        for module in (_acts, campaign, payout, vote):
            monkeypatch.setattr(module, "sending_account", lambda: account)
        return account

    return act


def _evidence(folder: Path, worker: str, name: str = "evidence") -> str:
    file = folder / f"{name}.md"
    text = (DOCUMENTS / "evidence" / "s7-komik.md").read_text("utf-8")
    file.write_text(text.replace("{{ citra }}", worker).replace("Citra", name), "utf-8")
    return str(file)


def test_from_a_posted_idea_to_a_paid_worker(
    book: str, dmo: Dmo, as_: Callable[[int], Any], folder: Path, capsys: Any
) -> None:
    def said() -> str:
        return str(capsys.readouterr().out)

    def document(name: str) -> str:
        return str(DOCUMENTS / f"{name}.md")

    def at(moment: int) -> None:
        clock.mine_at(moment)

    origin = ideas.frame(dmo).origin
    treasury = dmo.address("TimelockController")
    as_(0)
    mint = raw_call(
        dmo.budget_address, "mint(address,uint256)", [treasury, 5_000 * USD], "Mint play money"
    )
    _acts.BrownieSender(dmo.chain, as_(0)).send(mint)
    said()

    # round 1: ideas, and a budget
    idea.main(book)
    assert "Round 1 begins at" in said()
    at(origin + 60)
    as_(1)
    idea.post(book, document("ideas/1-komik-laut"), "ask=2,000", "fee=10%", "days=28")
    assert "post.params" in said()
    idea.edit(book, "1", "1", document("ideas/1-talleres-playa"), "ask=1,500", "fee=10%")
    as_(2)
    idea.post(book, document("ideas/2-stiker"), "ask=500")
    idea.withdraw(book, "1", "3")
    text = folder / "budget.md"
    text.write_text("# Give the pool 5,000\n\nFor two rounds.", "utf-8")
    as_(1)
    said()
    govern.budget(book, "5,000", str(text))
    proposal = said().split("Proposal ")[-1].strip()
    at(clock.now() + DAY + 60)
    for voter in (1, 2, 3, 4):
        as_(voter)
        govern.vote(book, proposal, "for")
    at(governance.proposal(dmo, int(proposal)).deadline + 60)
    govern.queue(book, proposal)

    # round 2: ballots, one of them signed
    at(max(clock.now(), origin + 7 * DAY) + 60)
    as_(2)
    vote.main(book, "1", "for=2")
    as_(3)
    said()
    vote.sign(book, "1", "for=2")
    signed = folder / "signed.jsonl"
    signed.write_text(said(), "utf-8")
    as_(15)
    vote.relay(book, str(signed))
    assert ideas.idea(dmo, 1, 2).tally.is_passing
    at(governance.proposal(dmo, int(proposal)).eta + 60)
    govern.execute(book, proposal)
    govern.main(book)
    assert "Give the pool 5,000: executed" in said()

    # settled by whoever passes by
    at(origin + 14 * DAY + 60)
    payout.plan(book)
    assert "1 acts are due." in said()
    payout.main(book)
    assert "1 of 1 acts done; 0 still due." in said()
    assert escrow.campaign(dmo, 1).ask == 1_500 * USD

    # work
    as_(1)
    campaign.bounty(book, "1", document("briefs/komik"), "reward=400", "slots=2")
    worker = as_(16)
    campaign.submit(book, "1", _evidence(folder, worker.address))
    as_(1)
    campaign.reject(book, "1", document("reasons/video-subtitulos"))
    as_(16)
    campaign.rework(book, "1", _evidence(folder, worker.address, "better"))
    as_(1)
    campaign.accept(book, "1")
    campaign.main(book)
    assert "work 1 by" in said()
    at(clock.now() + 3 * DAY + 60)
    as_(15)
    payout.main(book)
    assert tokens.balance(dmo, dmo.budget_address, worker.address) == 400 * USD
    said()
    payout.main(book)
    assert said() == "Nothing is due.\n"

    # lessons, and the fee
    at(escrow.campaign(dmo, 1).ends_at + 60)
    as_(15)
    payout.main(book)
    lead = as_(1)
    lesson = folder / "lesson.md"
    raw = (DOCUMENTS / "lessons" / "c1-talleres.md").read_text("utf-8")
    lesson.write_text(raw.replace("{{ cid:ideas/1-talleres-playa }}", "0x" + "ab" * 32), "utf-8")
    campaign.lessons(book, "1", str(lesson))
    at(clock.now() + 3 * DAY + 60)
    before = tokens.balance(dmo, dmo.budget_address, lead.address)
    payout.main(book)
    assert tokens.balance(dmo, dmo.budget_address, lead.address) > before


def test_payout_says_when_nothing_is_due(book: str, capsys: Any) -> None:
    payout.main(book)
    payout.plan(book)
    vote.settle(book)
    assert capsys.readouterr().out.endswith(
        "Nothing is due.\nNothing is due.\nNo round can be settled now.\n"
    )


def test_refuses_words_that_are_no_options() -> None:
    with pytest.raises(BadInput, match="'fees=1' is no option here"):
        options_of(["fees=1"], {"fee": ""})
    with pytest.raises(BadInput, match="is no round"):
        number("-1", "round")
    assert options_of(["fee=2%", "yes"], {"fee": "0%"}) == ({"fee": "2%"}, True)


def test_refuses_evidence_that_names_somebody_else(
    book: str, as_: Callable[[int], Any], folder: Path, accounts: Any, monkeypatch: Any
) -> None:
    as_(16)
    monkeypatch.setattr(campaign.escrow, "bounty", lambda dmo, which: SimpleNamespace(bond=0))
    with pytest.raises(SystemExit) as caught:
        campaign.submit(book, "1", _evidence(folder, accounts[15].address))
    assert caught.value.code == 2


def test_credit_and_topup_build_the_calls_they_name(
    book: str, as_: Callable[[int], Any], accounts: Any, capsys: Any
) -> None:
    as_(2)
    with pytest.raises(SystemExit) as caught:
        campaign.credit(book, accounts[3].address)
    assert caught.value.code == 1
    assert "withdrawCredit.to" in capsys.readouterr().out
    with pytest.raises(SystemExit) as caught:
        campaign.topup(book, "1", "5")
    assert caught.value.code == 1
    assert "topUp.amount = 5000000" in capsys.readouterr().out
