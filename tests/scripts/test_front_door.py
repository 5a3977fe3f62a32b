"""Everything that a holder does, in a browser alone, on a real chain.

given a round
├── an idea is posted, a ballot signed and counted, another sent
├── the wallet says no, is on another chain, is not there: told, and the button is there again
├── the server goes away and comes back: told, what was written is kept, and then it is done
├── the account is a Safe's: its file, and told when the chain has it
└── a server that lies: no wallet is asked
given a campaign
├── a bounty is posted, work handed in with its bond, rejected, disputed, judged and paid
├── a credit is withdrawn
├── its author's badge is claimed, and shown as the chain draws it
└── what is finished reads as files
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call
from dmo.core.sender import KeySender
from dmo.home.safes import checksum_of
from tests.support.browser import WIDTHS, browser, faults, page_of
from tests.support.calls import balance
from tests.support.cli_chain import DAY, Stage, filled, funded_stage
from tests.support.front import INJECTED, Front, Visit, Wallet, front, visit


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with funded_stage(tmp_path_factory.mktemp("front"), rooms=("badges",)) as found:
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
        alice.at("/act/idea/post")
        parts = {"title": "Harbour radio", "objective": "awareness", "audience": "user", "body": "We go on air."}
        parts |= {"goal.metric": "wallets", "goal.baseline": "0", "goal.target": "500", "goal.date": "2027-03-31"}
        alice.fill(**{f"file.{name}": text for name, text in parts.items()})
        alice.fill(ask="1500", duration_seconds="21d", fee_bps="10%")
        alice.press("Show what it would do")
        expect(alice.page.get_by_text("Your text is written")).to_be_focused()
        alice.connected()  # again by itself, as the page is another
        alice.press("Show what it would do")
        alice.confirm()
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
        bob.go("/round/1")  # and without saying who he is
        expect(bob.page.get_by_label("For", exact=True).first).to_be_checked()
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


def test_the_keyboard_alone_votes(place: Front, shown: Browser) -> None:
    with visit(place, shown, "erin") as erin:
        erin.at("/round/1")
        erin.tab_to("one.type === 'radio'")
        erin.page.keyboard.press("ArrowRight")
        erin.page.keyboard.press("ArrowRight")
        erin.tab_to("'sign' in one.dataset")
        erin.page.keyboard.press("Enter")
        expect(erin.answer).to_contain_text("Your wallet will show this ballot")
        expect(erin.answer).to_be_focused()
        erin.tab_to("one.tagName === 'BUTTON' && one.textContent === 'Sign in the wallet'")
        erin.page.keyboard.press("Enter")
        expect(erin.answer).to_contain_text("Your ballot is counted")


def test_a_ballot_is_signed_in_a_file_without_any_server(stage: Stage, shown: Browser, tmp_path: Path) -> None:
    stage.ok("dmo ballot page 1", cwd=tmp_path)
    wallet = Wallet(stage, "dave")
    with page_of(shown, f"file://{tmp_path}", "phone") as (page, seen):
        page.context.expose_binding("__wallet", wallet)
        page.context.add_init_script(INJECTED)
        page.goto(f"file://{tmp_path}/ballot.html")
        assert faults(page) == []
        page.get_by_label("For", exact=True).first.check()
        page.get_by_role("button", name="Sign with Harbour wallet").click()
        expect(page.get_by_role("img", name="The signed ballot as a QR code")).to_be_visible()
        with page.expect_download() as saving:
            page.get_by_role("link", name="Save the signed ballot").click()
        saving.value.save_as(tmp_path / "signed.json")
        assert page.locator("pre").inner_text() == (tmp_path / "signed.json").read_text()
        assert faults(page) == []
        page.get_by_label("Against").first.check()
        page.get_by_text("Sign with a wallet that is not in this browser").click()
        page.get_by_label("Your account").fill(stage.address("carol"))
        with page.expect_download() as saving:
            page.get_by_role("button", name="Write it unsigned").click()
            page.get_by_role("link", name="Save the signed ballot").click()
        saving.value.save_as(tmp_path / "mine.unsigned.json")
        assert [*seen.problems, *seen.elsewhere] == []
    assert "Signed by dave" in stage.ok("dmo ballot check signed.json", cwd=tmp_path).out
    assert "1 ballot" in stage.ok("dmo ballot relay signed.json", cwd=tmp_path).out
    unsigned = stage.run("dmo ballot check mine.unsigned.json", cwd=tmp_path)
    assert unsigned.code == 2


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
            dave.wallet.atomic = "supported"
            dave.does("dispute contest", query="?submission=1", file=statement)
            ((method, (batch,)),) = dave.wallet.asked[-1:]
            assert (method, batch["atomicRequired"]) == ("wallet_sendCalls", True)
            assert {"to", "data", "value"} == set().union(*batch["calls"])
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
        erin.does("work pay")  # whatever is due, which the form shows
    block(stage, "dave", is_blocked=False)
    before = balance(stage.dmo, stage.address("carol"))
    with visit(place, shown, "dave", "phone") as dave:
        dave.does("credit withdraw", to=stage.address("carol"))
    assert balance(stage.dmo, stage.address("carol")) > before


# ── where something is not as it should be ──


def test_what_cannot_be_done_is_told_with_what_can(stage: Stage, place: Front, shown: Browser) -> None:
    with visit(place, shown, "carol") as carol:
        carol.at("/act/credit/withdraw")
        carol.press("Show what it would do")
        expect(carol.answer).to_contain_text("This cannot be done now")
        carol.at("/act/token/delegate")
        carol.fill(delegate=stage.address("bob"))
        carol.wallet.chain = 1
        carol.wallet.says = "no"
        carol.press("Show what it would do")
        expect(carol.answer).to_contain_text("this page is about chain 31337")
        carol.wallet.chain, carol.wallet.says = None, "no"
        carol.press("Show what it would do")
        carol.press("Confirm in the wallet")
        expect(carol.answer).to_contain_text("You said no in the wallet")
        expect(carol.page.get_by_role("button", name="Show what it would do")).to_be_enabled()
        assert [method for method, _ in carol.wallet.asked] == ["eth_sendTransaction"]


def test_without_a_wallet_a_page_is_read_and_calldata_is_given(stage: Stage, place: Front, shown: Browser) -> None:
    with page_of(shown, place.base, "phone") as (page, seen):
        page.goto("/act/token/delegate")
        page.get_by_role("button", name="Connect a wallet").click()
        expect(page.get_by_text("This browser has no wallet")).to_be_visible()
        page.locator("[name=delegate]").fill(stage.address("bob"))
        page.get_by_role("button", name="Show what it would do").click()
        expect(page.get_by_role("heading", name="Nothing has been sent. This is what would happen:")).to_be_visible()
        assert seen.problems == []


def test_what_was_written_and_sent_is_found_again(stage: Stage, place: Front, shown: Browser) -> None:
    request = stage.chain.transport.request
    with visit(place, shown, "carol") as carol:
        carol.at("/act/token/delegate")
        carol.fill(delegate=stage.address("bob"))
        carol.go("/act/token/delegate")
        expect(carol.page.locator("[name=delegate]")).to_have_value(stage.address("bob"))
        request("evm_setAutomine", [False])
        try:
            carol.press("Show what it would do")
            carol.press("Confirm in the wallet")
            expect(carol.answer).to_contain_text("Sent; waiting for a block")
            carol.go("/")
            expect(carol.page.locator("[data-status]")).to_contain_text("Still waiting for a block")
            request("evm_mine", [])
            expect(carol.page.locator("[data-status]")).to_contain_text("Done meanwhile")
        finally:
            request("evm_setAutomine", [True])


def test_a_server_that_goes_away_and_comes_back_is_told_of(place: Front, shown: Browser) -> None:
    with visit(place, shown, "carol") as carol:
        carol.at("/act/token/delegate")
        carol.fill(delegate=place.stage.address("dave"))
        place.down()
        try:
            carol.press("Show what it would do")
            expect(carol.answer).to_contain_text("server does not answer, and nothing was sent")
            expect(carol.answer).to_contain_text("press the button again")
            expect(carol.answer).to_be_focused()
        finally:
            place.up()
        expect(carol.page.locator("[name=delegate]")).to_have_value(place.stage.address("dave"))
        assert carol.wallet.asked == []
        carol.again()
        expect(carol.page.locator("[name=delegate]")).to_have_value(place.stage.address("dave"))
        carol.press("Show what it would do")
        carol.confirm()


def test_whose_owners_send_elsewhere_is_told_when_it_is_there(
    stage: Stage, place: Front, shown: Browser, tmp_path: Path
) -> None:
    def sent(visit: Visit) -> None:
        """What the owners of the account do elsewhere, with the file that they were given."""
        with visit.page.expect_download() as saving:
            visit.page.get_by_role("link", name="Save it for the Safe's Transaction Builder").click()
        saving.value.save_as(tmp_path / "batch.json")
        batch = json.loads((tmp_path / "batch.json").read_text())
        checksum = batch["meta"].pop("checksum")
        assert checksum_of(batch) == checksum
        assert batch["meta"]["createdFromSafeAddress"] == stage.address("carol")
        expect(visit.answer).to_contain_text("This page waits until the chain has it")
        for one in batch["transactions"]:
            call = Call(one["to"], bytes.fromhex(one["data"][2:]), int(one["value"]), "")
            KeySender(stage.chain, stage.keys["carol"]).send(call)
        place.site.look()
        expect(visit.answer).to_contain_text("Seen in block")

    with visit(place, shown, "carol") as carol:
        carol.wallet.is_contract = True
        carol.at("/act/token/delegate")
        carol.fill(delegate=stage.address("erin"))
        carol.press("Show what it would do")
        expect(carol.answer).to_contain_text("Your account is a contract, such as a Safe")
        sent(carol)
        assert carol.wallet.asked == []
    wallet = Wallet(stage, "carol")
    with page_of(shown, place.base, "phone") as (page, seen):
        nobody = Visit(place, page, seen, wallet)
        nobody.go("/act/token/delegate")
        nobody.fill(delegate=stage.address("bob"), _from=stage.address("carol"))
        nobody.press("Show what it would do")
        sent(nobody)
        assert seen.problems == []


def test_a_wallet_that_hangs_does_not_keep_the_button(place: Front, shown: Browser) -> None:
    with visit(place, shown, "carol") as carol:
        carol.at("/act/token/delegate")
        carol.fill(delegate=carol.place.stage.address("erin"))
        carol.press("Show what it would do")
        carol.page.clock.install()
        carol.wallet.says = "nothing"
        carol.press("Confirm in the wallet")
        expect(carol.answer).to_contain_text("Waiting for your wallet")
        carol.page.clock.fast_forward(61_000)
        expect(carol.answer).to_contain_text("has not answered for a minute")
        expect(carol.page.get_by_role("button", name="Show what it would do")).to_be_enabled()


def test_acts_are_off_where_the_page_is_old(place: Front, shown: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with visit(place, shown, "carol") as carol:
        carol.at("/act/token/delegate")
        with monkeypatch.context() as patch:
            patch.setattr(place.site, "_clock", lambda: 200.0)
            carol.fill(delegate=carol.place.stage.address("erin"))
            carol.press("Show what it would do")
            expect(carol.answer).to_contain_text("has heard nothing new from the chain")
            carol.page.reload()
            expect(carol.page.get_by_role("button", name="Show what it would do")).to_be_disabled()
        assert carol.wallet.asked == []


LIES = {
    "another account's": lambda step: step.update(data=step["data"][:34] + "66" * 20),
    "another contract": lambda step: step.update(to="0x" + "66" * 20),
    "coin": lambda step: step.update(value="0x1"),
}


def test_a_server_that_lies_asks_no_wallet(stage: Stage, place: Front, shown: Browser) -> None:
    told = ""

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        answered = route.fetch().json()
        LIES[told](answered["steps"][0])
        route.fulfill(json=answered)

    with visit(place, shown, "dave") as dave:
        dave.at("/act/token/delegate")
        dave.page.route("**/act/token/delegate*", answer)
        for told in LIES:
            dave.fill(delegate=stage.address("bob"))
            dave.press("Show what it would do")
            expect(dave.answer, told).to_contain_text("The server's answer")
            expect(dave.page.get_by_role("button", name="Confirm in the wallet"), told).to_have_count(0)
            dave.again()
        assert dave.wallet.asked == []


def test_a_badge_is_claimed_and_shown(stage: Stage, place: Front, shown: Browser) -> None:
    with visit(place, shown, "alice", "phone") as alice:
        alice.does("badge claim", query="?badge=3")
        alice.go(f"/badge/3/{stage.address('alice')}")
        expect(alice.page.get_by_role("img", name="Funded idea")).to_be_visible()
        assert alice.seen.elsewhere == []


# ── for everybody ──


def test_a_copy_in_files_reads_without_any_server(stage: Stage, shown: Browser, tmp_path: Path) -> None:
    built = stage.ok("dmo web build copy --format json", cwd=tmp_path).json["data"]
    assert stage.ok("dmo web build copy --format json", "bob", cwd=tmp_path).json["data"] == built
    with page_of(shown, f"file://{tmp_path}", "phone") as (page, seen):
        page.goto(f"file://{tmp_path}/copy/index.html")
        assert faults(page) == []
        page.get_by_role("link", name="Round 1").click()
        page.get_by_role("link", name="Harbour radio").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour radio")
        assert faults(page) == []
        assert [*seen.problems, *seen.elsewhere] == []


PAGES = ("/", "/round/1", "/idea/1.1", "/campaign/1", "/bounty/1", "/work/1", "/dispute/1", "/due", "/govern", "/money")
PAGES += ("/points", "/lessons", "/check", "/act", "/ideas", "/campaigns", "/bounties", "/act/work/submit?bounty=1")
PAGES += ("/act/idea/post", "/act/dispute/commit?submission=1", "/nowhere")
PAGES += ("/season", "/badges", "/badge/3", "/analytics")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_for_everybody(stage: Stage, place: Front, shown: Browser, width: str) -> None:
    place.site.look()
    found = {}
    with page_of(shown, place.base, width) as (page, seen):
        for path in (*PAGES, f"/account/{stage.address('alice')}"):
            page.goto(path)
            for scheme, rules in (("light", ()), ("dark", ("color-contrast",))):
                page.emulate_media(color_scheme=scheme)
                if told := faults(page, *rules):
                    found[path, scheme] = told
    assert found == {}
    assert seen.elsewhere == []
