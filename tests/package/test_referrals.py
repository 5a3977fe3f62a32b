"""Referrals: links, conversions, and who gets what.

given a campaign
├── its link names campaign and holder, its QR code is a picture that says what it is
└── a hostile title is text in every format
given conversions
├── signed by the user, over chain and escrow; collected once each, whatever the files' order
├── what is another's, another campaign's or out of time is left out, with its reason
└── who names two referrers counts for neither
given a plan and transfers
├── what came from a source and was held at every round start since counts, nothing else
├── tokens passed among one's own accounts score nothing
├── who washes tokens pays more than they score, at the highest rate that a plan may have
├── shares are cut in proportion only where the pot is short, and make a drop
├── a plan of countless rounds is worked out like any other
└── plans that pay more than half of a round trip, and transfers that lack some, are refused
"""

from __future__ import annotations

import random
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from dmo.capabilities import referring
from dmo.capabilities.referrals import CollectConversions, MakeLink, ScoreReferrals, linked, picture
from dmo.capabilities.referring import BPS, Passed, Rate, kept, only_one, paid
from dmo.core.abi.codec import address_of, checksum
from dmo.core.errors import BadInput
from dmo.core.text import hidden, one_line
from dmo.home import conversions, manifests
from dmo.home.conversions import Conversion
from dmo.home.documents import Document
from tests.package.test_feeds import HOSTILE
from tests.package.test_voice import NOW, Stage, funded, posted
from tests.support.node import ALICE
from tests.support.voice import paper

DAY = 86_400
BEGIN = 1_800_057_600
"""2027-01-16, 00:00 UTC."""
POOL, SALE = address_of(1), address_of(2)
USERS = [Account.from_key(bytes([9]) * 31 + bytes([place])) for place in range(4)]
ANN, BEN = address_of(11), address_of(12)
ESCROW = checksum("0x" + "e5" * 20)
NOBODY = "0x" + "00" * 20
FIELDS = f"""campaign: 1
chain_id: 31337
escrow: "{ESCROW}"
begins: 2027-01-16
ends: 2027-02-15
sources: ["{POOL}", "{SALE}"]
first_round: {BEGIN - 3 * DAY}
round_seconds: {7 * DAY}
token_decimals: 18
paid_decimals: 6
price: 0.5
pool_fee_bps: 30
rate_bps: 30
pot: 1000
"""
FIELDS = FIELDS.replace("price: 0.5", 'price: "0.5"').replace("pot: 1000", 'pot: "1000"')
UNIT = 10**18


def plan(**changed: str) -> Document:
    text = FIELDS
    for name, value in changed.items():
        text = "\n".join(f"{name}: {value}" if one.startswith(f"{name}:") else one for one in text.split("\n"))
    return paper("referral", "Bring a friend", text)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.chdir(tmp_path)
    Path("referral.md").write_bytes(plan().raw)
    return Stage(tmp_path, monkeypatch)


def word(user: int, referrer: str, at: int = BEGIN + DAY, campaign: int = 1) -> str:
    one = Conversion(31337, ESCROW, campaign, checksum(referrer), USERS[user].address, at)
    return conversions.sign(one, USERS[user]).line()


def history(*moves: Passed) -> Path:
    supply = [Passed(1, NOBODY, POOL, 10**9 * UNIT), Passed(1, NOBODY, ANN, 10**6 * UNIT)]
    rows = [f"{one.at},{one.sender},{one.to},{one.amount}" for one in [*supply, *moves]]
    Path("transfers.csv").write_text("\n".join(["time,from,to,units", *rows, ""]))
    return Path("transfers.csv")


def score(stage: Stage, lines: list[str], *moves: Passed, out: str = "drop.json") -> dict[str, Any]:
    Path("conversions.jsonl").write_text("".join(lines))
    return dict(ScoreReferrals(Path("conversions.jsonl"), history(*moves), out=out).answer(stage([])))


# ── links ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_names_campaign_and_holder(stage: Stage) -> None:
    told = [*posted(paper("need", "A film", "audience: user\nmissing: a\nmet_when: b\n"), 1, 1), *funded(1, 1, 1, NOW)]
    found = MakeLink(1, "https://lamp.example/?a=b#top", referrer=checksum(ALICE)).answer(stage(told))
    assert found["link"] == f"https://lamp.example/?a=b&ref=1.{checksum(ALICE)}#top"
    svg = ElementTree.fromstring(Path("referral.svg").read_text())
    assert "A film" in (svg[0].text or "")
    assert linked("https://lamp.example", 2, ANN) == f"https://lamp.example?ref=2.{ANN}"
    for wrong in ("javascript:alert(1)", "lamp.example", "https://lamp.example/ a"):
        with pytest.raises(BadInput, match="no address"):
            MakeLink.kind("to").read(None, wrong)


@pytest.mark.attack("a hostile title in a link's picture or a plan")
@pytest.mark.parametrize("title", [one for one in HOSTILE if hidden(one) is None and one.strip()])
def test_hostile_title_in_every_format(title: str) -> None:
    plain, found = (ElementTree.fromstring(picture("https://l.example/", one)) for one in ("A film", title))
    assert [one.tag for one in plain.iter()] == [one.tag for one in found.iter()]
    assert one_line(title) in (found[0].text or "")
    assert "\n" not in (found[0].text or "")


# ── conversions ─────────────────────────────────────────────────────────────────────────────────────


def test_collects_each_once_and_says_what_it_leaves_out(stage: Stage) -> None:
    good = [word(0, ANN), word(1, BEN), word(2, ANN)]
    bad = [
        word(3, ANN, BEGIN - 1),
        word(3, ANN, BEGIN + 30 * DAY),
        word(3, ANN, campaign=2),
        word(3, ANN).replace(ANN, BEN),
        word(3, USERS[3].address),
        "{}\n",
        "[" * 999 + "\n",
    ]
    for files in ([good + bad, good], [good[::-1], bad + good[:1]]):
        for place, lines in enumerate(files):
            Path(f"{place}.jsonl").write_text("".join(lines))
        told = CollectConversions([Path("0.jsonl"), Path("1.jsonl")]).answer(stage([]))
        assert (told["count"], told["users"], told["both"]) == (3, 3, None)
        assert len(told["left_out"]) == len(bad)
        collected = Path("conversions.jsonl").read_text()
        assert sorted(collected.splitlines(True)) == sorted(good)
    reasons = " ".join(one["reason"] for one in told["left_out"])
    assert "signed" in reasons
    assert "themselves" in reasons


@pytest.mark.attack("a user sold to two referrers")
def test_conversion_for_two_referrers_scores_nothing(stage: Stage) -> None:
    moves = [Passed(BEGIN + place, POOL, USERS[place].address, 1_000 * UNIT) for place in (0, 1)]
    once = score(stage, [word(0, ANN), word(1, ANN), word(1, ANN, BEGIN + 9)], *moves)
    assert {one["account"]: one["units"] for one in once["shares"]} == {ANN: 3_000_000}
    twice = score(stage, [word(0, ANN), word(1, ANN), word(1, BEN)], *moves, out="b.json")
    assert {one["account"]: one["units"] for one in twice["shares"]} == {ANN: 1_500_000}
    assert twice["both"] == 1
    assert only_one([("u", "a"), ("u", "a"), ("v", "a"), ("v", "b")]) == {"u": "a"}


# ── what counts ─────────────────────────────────────────────────────────────────────────────────────

TERM = range(BEGIN, BEGIN + 30 * DAY)
ROUNDS = [BEGIN + place * 7 * DAY + 4 * DAY for place in range(4)]
SOURCES = {POOL, SALE}
START = [*(Passed(1, NOBODY, one, 10**9) for one in (POOL, SALE)), Passed(1, NOBODY, ANN, 10**6)]


def of(user: str, *moves: Passed) -> int:
    return kept([*START, *moves], [user], SOURCES, TERM, ROUNDS).get(user, 0)


def test_counts_what_sources_gave_and_rounds_saw() -> None:
    u, v = address_of(21), address_of(22)
    first, last = ROUNDS[0], ROUNDS[-1]
    bought = Passed(BEGIN, POOL, u, 100)
    assert of(u, bought) == 100
    assert of(u, bought, Passed(first, SALE, u, 50)) == 150
    assert of(u, Passed(BEGIN - 1, POOL, u, 100)) == 0  # before the start
    assert of(u, Passed(last, POOL, u, 100)) == 0  # no round start saw it
    assert of(u, Passed(last - 1, POOL, u, 100)) == 100
    assert of(u, Passed(BEGIN, ANN, u, 100)) == 0  # from nobody's source
    assert of(u, bought, Passed(first - 1, u, v, 40)) == 60  # not there at a round start
    assert of(u, bought, Passed(first, u, v, 40), Passed(ROUNDS[1] - 1, v, u, 40)) == 100  # there at all of them
    assert of(u, bought, Passed(first - 1, u, v, 40), Passed(first, v, u, 40)) == 60  # and gone for ever
    assert of(u, bought, Passed(first + 1, u, POOL, 30)) == 70
    assert of(u, bought, Passed(first + 1, u, POOL, 30), Passed(first + 2, POOL, u, 30)) == 100
    assert of(POOL, bought) == 0
    with pytest.raises(ValueError, match=v):
        of(u, Passed(BEGIN, v, u, 1))


@pytest.mark.attack("tokens passed among one's own accounts as if new holders had come")
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_tokens_passed_among_own_accounts_score_nothing(seed: int) -> None:
    """However a whale spreads what it has over accounts of its own: all together count what came from sources alone."""
    dice = random.Random(seed)
    own = [address_of(100 + place) for place in range(5)]
    moves, held, at, net = [], dict.fromkeys([*own, ANN], 0) | {ANN: 10**6}, BEGIN, 0
    for _ in range(60):
        at += dice.randrange(1, DAY)
        sender, to = dice.choice([*own, ANN, POOL]), dice.choice([*own, POOL])
        amount = dice.randrange(1, 1_000) if sender == POOL else dice.randrange(0, held[sender] + 1)
        if sender == to or not amount:
            continue
        held[sender] = held.get(sender, 0) - amount
        held[to] = held.get(to, 0) + amount
        net += amount if sender == POOL else 0
        moves.append(Passed(at, sender, to, amount))
    counted = kept([*START, *moves], own, SOURCES, TERM, ROUNDS)
    assert sum(counted.values()) <= net
    passed = [one for one in moves if POOL not in (one.sender, one.to)]
    first = {ANN: 10**6}
    fair = []
    for one in passed:  # without the pool, whoever has not got it cannot send it
        amount = min(one.amount, first.get(one.sender, 0))
        first[one.sender] = first.get(one.sender, 0) - amount
        first[one.to] = first.get(one.to, 0) + amount
        fair.append(Passed(one.at, one.sender, one.to, amount))
    assert sum(kept([*START, *fair], own, SOURCES, TERM, ROUNDS).values()) == 0


@pytest.mark.attack("tokens sold and bought back as if they were new")
def test_wash_costs_more_than_it_scores() -> None:
    """At the highest rate that a plan may have: half of what a way there and back costs."""
    front: Any = plan().front
    assert front.rate_bps == front.pool_fee_bps
    rate = Rate(Fraction(front.price), 18, 6, front.rate_bps, 10**12)
    u, v = address_of(21), address_of(22)
    whale, amount = 200_000 * UNIT, 10**6 * UNIT
    fee = Fraction(front.pool_fee_bps, BPS) * Fraction(front.price) * 10**6  # units of the payment a token, one way
    sold = Passed(BEGIN + 1, u, POOL, whale)
    back = Passed(BEGIN + 2, POOL, u, whale)
    before = [Passed(1, NOBODY, POOL, 10**30), Passed(1, NOBODY, u, amount)]
    same = kept([*before, sold, back], [u], SOURCES, TERM, ROUNDS)[u]
    assert rate.worth(same) <= whale // UNIT * fee < 2 * whale // UNIT * fee
    other = kept([*before, sold, Passed(BEGIN + 2, POOL, v, whale)], [v], SOURCES, TERM, ROUNDS)[v]
    gain = paid({v: ANN}, {v: other}, rate)[ANN]
    assert gain == whale // UNIT * fee < 2 * whale // UNIT * fee
    again = [Passed(BEGIN + 3 + place, *((v, POOL) if place % 2 == 0 else (POOL, v)), whale) for place in range(20)]
    assert kept([*before, sold, Passed(BEGIN + 2, POOL, v, whale), *again], [v], SOURCES, TERM, ROUNDS)[v] == other


def test_cuts_only_where_the_pot_is_short(stage: Stage) -> None:
    moves = [Passed(BEGIN + place, POOL, USERS[place].address, 1_000_000 * UNIT) for place in (0, 1, 2)]
    lines = [word(0, ANN), word(1, BEN), word(2, BEN)]
    told = score(stage, lines, *moves)
    assert (told["cut"], told["pot"], told["total"]) == (True, 10**9, 999_999_999)
    assert [(one["account"], one["units"]) for one in told["shares"]] == [(BEN, 666_666_666), (ANN, 333_333_333)]
    made = manifests.read(Path("drop.json"))
    assert made.faults(told["total"]) == []
    assert {one.account: one.amount for one in made.tree.shares} == {ANN: 333_333_333, BEN: 666_666_666}
    Path("referral.md").write_bytes(plan(pot='"5000"').raw)
    whole = score(stage, lines, *moves, out="b.json")
    assert (whole["cut"], whole["total"]) == (False, 4_500_000_000)
    again = score(stage, lines[::-1], *moves, out="c.json")
    assert Path("b.json").read_bytes() == Path("c.json").read_bytes()
    assert again["root"] == whole["root"]
    assert score(stage, lines, out="d.json")["shares"] == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"rate_bps": "31"}, "at most 30"), ({"ends": "2027-01-16"}, "ends"), ({"price": "free"}, "right form")],
)
def test_refuses_plans_that_pay_for_washing(changed: dict[str, str], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        plan(**changed)


@pytest.mark.attack("a plan of so many rounds that nobody can work it out")
def test_a_plan_of_countless_rounds_is_worked_out(stage: Stage) -> None:
    """Of the rounds that begin between two transfers one is looked at."""
    Path("referral.md").write_bytes(plan(round_seconds="1", first_round="0", ends="9999-12-31").raw)
    moves = [Passed(BEGIN + 9, POOL, USERS[0].address, 100 * UNIT), Passed(BEGIN + 9, USERS[0].address, ANN, 40 * UNIT)]
    told = score(stage, [word(0, BEN)], *moves, Passed(BEGIN + 10, ANN, USERS[0].address, 40 * UNIT))
    assert [(one["account"], one["units"]) for one in told["shares"]] == [(BEN, 60 * 1_500)]


def test_refuses_transfers_that_lack_some(stage: Stage) -> None:
    with pytest.raises(BadInput, match="transfers are missing"):
        score(stage, [word(0, ANN)], Passed(BEGIN, BEN, USERS[0].address, 1))
    with pytest.raises(BadInput, match="order"):
        score(stage, [word(0, ANN)], Passed(BEGIN, POOL, BEN, 1), Passed(BEGIN - 1, POOL, BEN, 1))
    assert referring.BPS == BPS
