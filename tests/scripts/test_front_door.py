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

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import browser
from tests.support.cli_chain import Stage, filled, funded_stage
from tests.support.front import Front, front, visit


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with funded_stage(tmp_path_factory.mktemp("front")) as found:
        found.round_starts(1)
        yield found


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
