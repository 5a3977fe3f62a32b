"""What the rooms of growth are for somebody in a browser, on a real chain: one story from a vote to its outcome.

given an idea that is voted on
├── its forecast is a sentence; who knows better moves it, and sees the new one
└── an act without an account is refused in words, by a server that stays
given a drop of the treasury
└── who has a part in it is told, claims it, and finds it claimed
given paid work
└── its worker's account offers the badge; claimed, it can be shown to anybody
given an outcome
└── what a thousand brought, and what was foreseen, is read
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import WIDTHS, browser, faults, page_of
from tests.support.calls import balance
from tests.support.cli_chain import DAY, PEOPLE, Stage, filled, funded_stage
from tests.support.front import Front, front, visit
from tests.support.prizes import by_the_treasury

ROOMS = ("drops", "badges", "outcomes", "forecasts")


def write(stage: Stage, who: str, kind: str, title: str) -> None:
    (stage.folder / who / f"{kind}.md").write_text(filled(kind, title, stage.address(who)))


def does(stage: Stage, who: str, *commands: str) -> None:
    for command in commands:
        stage.ok(f"dmo {command}", who, cwd=stage.folder / who)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The vote on an idea is open, and so is its forecast."""
    with funded_stage(tmp_path_factory.mktemp("rooms"), rooms=ROOMS) as found:
        for who in PEOPLE:
            (found.folder / who).mkdir()
        found.round_starts(1)
        write(found, "alice", "idea", "Harbour radio")
        does(found, "alice", "idea post idea.md --ask 1500 --duration 3d --fee 10%")
        found.round_starts(2)
        does(found, "bob", "forecast sponsor 1/1 20")
        yield found


@pytest.fixture(scope="module")
def place(stage: Stage) -> Iterator[Front]:
    with front(stage) as found:
        yield found


@pytest.fixture(scope="module")
def shown() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.mark.parametrize(
    ("width", "who", "before", "after", "atomic", "asked"),
    [
        ("phone", "carol", "50%", "62%", None, ["eth_sendTransaction"] * 2),
        ("desk", "dave", "62%", "71%", "supported", ["wallet_sendCalls"]),
    ],
)
def test_a_forecast_is_read_and_moved(
    place: Front, shown: Browser, width: str, who: str, before: str, after: str, atomic: str | None, asked: list[str]
) -> None:
    with visit(place, shown, who, width) as seer:
        seer.wallet.atomic = atomic
        seer.go("/")
        seer.connect()
        seer.page.get_by_role("listitem").filter(has_text="do you know better?").get_by_text("Look").click()
        said = "It began at 50%, and nobody moved it" if before == "50%" else f"Holders expect {before} of the goal"
        expect(seer.page.get_by_text(said)).to_be_visible()
        seer.page.get_by_role("navigation").get_by_role("link", name="Move the forecast").click()
        seer.fill(to=after)
        seer.look()
        expect(seer.answer).to_contain_text(f"Move the forecast of idea 1/1 from {before} to {after}")
        seer.confirm()
        assert [method for method, _ in seer.wallet.asked] == asked
        expect(seer.answer).to_contain_text(f"Moved the forecast of idea 1/1 to {after}")
        place.site.look()
        seer.answer.get_by_role("link", name="What holders expect").click()
        expect(seer.page.get_by_text(f"Holders expect {after} of the goal")).to_be_visible()
        assert [*seer.seen.problems, *seer.seen.elsewhere] == []


def test_nobody_is_told_how_to_be_somebody(place: Front, shown: Browser) -> None:
    with page_of(shown, place.base, "phone") as (page, seen):
        page.goto("/act/forecast/withdraw")
        page.get_by_role("button", name="Show what it would do").click()
        expect(page.locator("[data-answer]")).to_contain_text("connect a wallet")
        assert seen.problems == []


def test_a_part_of_a_drop_is_found_and_claimed(stage: Stage, place: Front, shown: Browser) -> None:
    for who in ("alice", "bob", "carol"):
        does(stage, who, "ballot cast 1 +1")
    stage.round_starts(3)
    write(stage, "alice", "brief", "Two minutes of radio")
    does(stage, "alice", "round settle", "forecast link 1/1", "bounty post 1 brief.md --reward 900 --until +1d")
    write(stage, "dave", "evidence", "Radio spot")
    does(stage, "dave", "work submit 1 evidence.md")
    does(stage, "alice", "work accept 1")
    (stage.folder / "alice/prizes.csv").write_text(
        f"address,tokens\n{stage.address('dave')},30\n{stage.address('erin')},20.5\n"
    )
    does(stage, "alice", "drop make prizes.csv --decimals 6")
    by_the_treasury(stage, stage.folder / "alice/drop.json", "+25h", "+30d")
    stage.round_starts(5)
    before = balance(stage.dmo, stage.address("erin"))
    with visit(place, shown, "erin", "phone") as erin:
        erin.go("/")
        erin.connect()
        expect(erin.page.get_by_text("20.5 PLAY of drop 1 are yours")).to_be_visible()
        erin.page.get_by_role("link", name="Claim my share").click()
        erin.look()
        erin.confirm()
        erin.go("/drops")
        expect(erin.page.get_by_text("20.5 PLAY, paid")).to_be_visible()
        assert [*erin.seen.problems, *erin.seen.elsewhere] == []
    assert balance(stage.dmo, stage.address("erin")) == before + 20_500_000
    with visit(place, shown, "dave") as dave:
        dave.at("/drops")
        expect(dave.page.get_by_role("cell", name="30 PLAY, not claimed")).to_be_visible()


def test_a_worker_claims_a_badge_and_shows_it(stage: Stage, place: Front, shown: Browser) -> None:
    does(stage, "erin", "work pay 1")
    stage.round_starts(6)
    stage.later(60)
    account = f"/account/{stage.address('dave')}"
    with visit(place, shown, "dave", "phone") as dave:
        dave.at(account)
        dave.page.get_by_role("link", name="Claim the badge").first.click()
        dave.look()
        dave.confirm()
    place.site.look()
    with page_of(shown, place.base) as (page, seen):  # anybody, without a wallet
        page.goto(account)
        page.get_by_role("cell", name="has it since").get_by_role("link", name="Badge").click()
        expect(page.get_by_role("img", name="Contributor")).to_be_visible()
        assert [*seen.problems, *seen.elsewhere] == []


def test_what_a_thousand_brought_is_read(stage: Stage, place: Front, shown: Browser) -> None:
    write(stage, "alice", "evidence", "Wallets, counted")
    does(stage, "alice", "outcome report 1 60% evidence.md")
    stage.later(DAY)
    place.site.look()
    with page_of(shown, place.base) as (page, seen):
        page.goto("/")
        page.get_by_role("link", name="Results").click()
        cost = page.get_by_role("row", name="wallets")
        expect(cost.get_by_role("cell", name="66.67")).to_be_visible()  # 60 wallets for 900 PLAY
        expect(page.get_by_role("row", name="Harbour radio").first).to_contain_text("71%")
        assert [*seen.problems, *seen.elsewhere] == []


PAGES = ("/idea/1.1", "/forecasts", "/drops", "/drop/1", "/analytics")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_rooms_is_for_everybody(stage: Stage, place: Front, shown: Browser, width: str) -> None:
    found = {}
    with page_of(shown, place.base, width) as (page, seen):
        for path in (*PAGES, f"/account/{stage.address('dave')}"):
            page.goto(path)
            for scheme, rules in (("light", ()), ("dark", ("color-contrast",))):
                page.emulate_media(color_scheme=scheme)
                if told := faults(page, *rules):
                    found[path, scheme] = told
    assert found == {}
    assert seen.elsewhere == []
