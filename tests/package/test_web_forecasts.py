"""Forecasts on the page: an idea's, read as a sentence with all that stands behind it.

given an idea that is voted on
├── nobody opened a forecast: how one is, with the proposed start; and voting comes first
├── one was moved: the sentence, its average, depth and movers, what a lie costs, what a token is expected to bring
├── what waits for a holder, and what comes after a move, lead to it
└── money that is locked, and an idea that is talked down, are told in plain words
given nobody who acts
└── an act is refused in words, whatever it needs an account for
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from dmo.capabilities.forecasts import swing
from dmo.faces.web.answers import linked
from tests.package.test_web import IDEA
from tests.support.chronicle import Told, account
from tests.support.village import ME, Village
from tests.support.web import Served

MOVER, SPONSOR = account(5), account(6)
DEPTH = 80_000_000
OPEN: Told = (
    "Forecasts",
    "ForecastSponsored",
    {"round": 1, "number": 1, "sponsor": SPONSOR, "amount": 20_000_000, "depth": DEPTH, "ppm": 500_000},
)
MOVED: Told = (
    "Forecasts",
    "ForecastMoved",
    {
        **{"round": 1, "number": 1, "account": MOVER, "fromPpm": 500_000, "toPpm": 620_000, "depth": DEPTH},
        **{"paid": 10_752_000, "why": bytes(32)},
    },
)


@pytest.fixture
def village() -> Village:
    """The vote on idea 1/1 is open: it asks for 1.5, wants 500 wallets, and nobody forecasts."""
    found = Village()
    found.views["frame"] = (1, 1_000, 5, 5, 5)
    found.post(IDEA.format(title="Harbour radio", body="We go on air."))
    return found


@pytest.fixture
def served(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    return Served(village, tmp_path, monkeypatch)


def tell(served: Served, *told: Told) -> None:
    for one in told:
        served.village.block([one])
    served.site.look()


def text(served: Served, path: str) -> str:
    """What somebody reads, tags and line breaks left out."""
    words = unescape(re.sub(r"<[^>]*>", " ", served.text(path))).split()
    return re.sub(r" ([,;])", r"\1", " ".join(words))


def test_a_forecast_that_nobody_opened_says_how_one_is(served: Served) -> None:
    page = text(served, "/idea/1.1")
    assert "Nobody has opened a forecast yet – idea 1/1: Harbour radio" in page
    assert "leave 0.015 PLAY at least; 50% is a proposed start: what outcomes came to so far, or half" in page
    html = served.text("/idea/1.1")
    assert '<a class="button first" href="/round/1">Vote</a>' in html
    assert '<a class="button" href="/act/forecast/sponsor?' in html


def test_a_forecast_is_read_with_all_that_stands_behind_it(served: Served) -> None:
    tell(served, OPEN, *[("Forecasts", "ForecastFreeChanged", {"account": ME, "free": 1})] * 3, MOVED)
    page = text(served, "/idea/1.1")
    assert "What holders expect Holders expect 62% of the goal – idea 1/1: Harbour radio" in page
    assert "50% over the last three days" in page  # up to now it was moved a moment ago
    assert "310 for “wallets”" in page
    assert "206.667 of it for each PLAY of the ask" in page
    assert "80 PLAY, from 20 PLAY of sponsors; 1 account moved it" in page
    assert swing(DEPTH) == 3_200_000
    assert (
        "moving it by 20 percentage points costs 3.2 PLAY if the idea is funded and it was right before, and nothing if"
        in page
    )
    assert (
        "Money in a forecast is locked until the outcome: at most the idea's duration, 90 days and two rounds" in page
    )
    assert "Talking an idea down costs nothing if it is believed: an idea that is not funded has no outcome" in page
    assert "what is left here comes back with the outcome, by" in page


def test_what_waits_leads_to_the_forecast(served: Served) -> None:
    tell(served, OPEN)
    assert linked("dmo forecast show 1/1")[0] == ["What holders expect", "/idea/1.1#forecast-show"]
    assert f'href="/idea/1.1?account={ME}#forecast-show"' in served.text(f"/?account={ME}")
    assert 'id="forecast-show"' in served.text("/idea/1.1")
    assert '<a href="/idea/1.1#forecast-show">It began at 50%, and nobody moved it</a>' in served.text("/round/1")
    told = served.preview("forecast move", {"idea": "1/1", "to": "62%", "_from": ME})
    assert ["What holders expect", "/idea/1.1#forecast-show"] in told["next"][0]


@pytest.mark.parametrize("act", ["forecast withdraw", "badge claim", "drop claim", "credit withdraw"])
def test_nobody_is_told_how_to_be_somebody(served: Served, act: str) -> None:
    told = served.preview(act, {"badge": "1", "drop": "1"})
    assert not told["ok"]
    assert "account new" not in str(told), "a terminal's words"


def test_a_command_without_a_page_is_left_as_it_is() -> None:
    [*pieces] = linked("`dmo account new NAME` makes one; dmo document new idea")
    assert [one for one in pieces if one[1]] == [["Post an idea", "/act/idea/post"]]
    assert "dmo account new NAME" in pieces[0][0]
