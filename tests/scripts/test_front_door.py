"""Everything that a holder does, in a browser alone, on a real chain.

given a round
├── an idea is posted, a ballot signed and counted, another sent
├── the wallet says no, is on another chain, is not there: told, and the button is there again
└── a server that lies: no wallet is asked
given a campaign
├── a bounty is posted, work handed in with its bond, rejected, disputed, judged and paid
└── a credit is withdrawn
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call
from dmo.core.sender import KeySender
from tests.support.browser import browser
from tests.support.calls import balance
from tests.support.cli_chain import DAY, Stage, filled, funded_stage
from tests.support.front import Front, front, visit


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with funded_stage(tmp_path_factory.mktemp("front")) as found:
        found.round_starts(1)
        yield found


def block(stage: Stage, who: str, *, is_blocked: bool) -> None:
    """Let the budget token refuse somebody."""
    data = keccak(b"setBlocked(address,bool)")[:4] + encode(["address", "bool"], [stage.address(who), is_blocked])
    KeySender(stage.chain, stage.deployer).send(Call(stage.dmo.budget_address, data, 0, "Block"))


@pytest.fixture(scope="module")
def place(stage: Stage) -> Iterator[Front]:
    with front(stage) as found:
        yield found


@pytest.fixture(scope="module")
def shown() -> Iterator[Browser]:
    with browser() as found:
        yield found


def test_ideas_are_posted_and_voted_on(stage: Stage, place: Front, shown: Browser) -> None:
    with visit(place, shown, "alice") as alice:
        alice.go("/")
        alice.connect()
        alice.does("idea post", file=filled("idea", "Harbour radio"), ask="1500", duration_seconds="21d", fee_bps="10%")
        assert alice.seen.elsewhere == []
    stage.round_starts(2)
    with visit(place, shown, "bob", "phone") as bob:
        bob.go("/round/1")
        bob.connect()
        bob.page.get_by_label("For", exact=True).first.check()
        bob.press("Sign my ballot (free)")
        bob.press("Sign in the wallet")
        expect(bob.answer).to_contain_text("Your ballot is counted")
        assert bob.wallet.asked[0][0] == "eth_signTypedData_v4"
    with visit(place, shown, "carol") as carol:
        carol.go("/round/1")
        carol.connect()
        carol.page.get_by_label("Against").first.check()
        carol.press("Show what my vote does")
        carol.wallet.says = "no"
        carol.press("Confirm in the wallet")
        expect(carol.answer).to_contain_text("You said no in the wallet")
        carol.wallet.says = "yes"
        carol.press("Show what my vote does")
        carol.confirm()


def test_work_is_paid_in_the_end(stage: Stage, place: Front, shown: Browser, tmp_path: Path) -> None:
    stage.round_starts(3)
    with visit(place, shown, "alice") as alice:
        alice.does("round settle", query="?round=1")
        brief = filled("brief", "Two minutes of radio")
        alice.does("bounty post", campaign="1", file=brief, reward="300", until="+7d", slots="2")
        with visit(place, shown, "dave", "phone") as dave:
            evidence = filled("evidence", "Radio spot", stage.address("dave"))
            dave.does("work submit", query="?bounty=1", file=evidence)
            assert [method for method, _ in dave.wallet.asked][:2] == ["eth_sendTransaction"] * 2
            alice.does("work reject", query="?submission=1", because="The link is broken.")
            statement = filled("statement", "It is not broken", stage.address("dave"))
            dave.does("dispute contest", query="?submission=1", file=statement)
        alice.does("dispute uphold", query="?submission=1", file=filled("statement", "It is", stage.address("alice")))
    with visit(place, shown, "bob") as bob:
        bob.at("/act/dispute/commit?submission=1")
        bob.fill(ruling="pay")
        bob.press("Show what it would do")
        with bob.page.expect_download() as saving:
            bob.page.get_by_role("link", name="Save the file of my ruling").click()
        secret = tmp_path / saving.value.suggested_filename
        saving.value.save_as(secret)
        bob.confirm()
        stage.later(DAY)
        bob.at("/act/dispute/reveal?submission=1")
        bob.fill(salt_file=secret.read_text())
        bob.press("Show what it would do")
        bob.confirm()
    stage.later(DAY)
    block(stage, "dave", is_blocked=True)
    with visit(place, shown, "erin") as erin:
        erin.does("work pay", query="?submissions=1")
    block(stage, "dave", is_blocked=False)
    before = balance(stage.dmo, stage.address("carol"))
    with visit(place, shown, "dave", "phone") as dave:
        dave.does("credit withdraw", to=stage.address("carol"))
    assert balance(stage.dmo, stage.address("carol")) > before
