"""Advisors: what a model says, which ideas speak for it, and how seldom luck is taken for skill.

a model
├── A2 probabilities rise with log odds, and are never 0 or 1
├── the words that moved it sum up to what it says
└── a random model of random texts: see tests/contracts/advisor, which asks the chain (A1)
the ideas that fix themselves
├── A3 none was posted before the model
├── those that are withdrawn, open, or not told in time are none
└── attacks: picking, withholding, many ideas of one author
E
├── as its definition has it, in fractions, also where it meets the bar
└── no constant is ever above 1
the bar
├── attacks: the luckiest of a thousand, a flood of registrations
├── of 400 runs of models without skill at most 5 % show one
└── a model of AUC 0.72 is shown within 150 ideas in at least 90 %
"""

from __future__ import annotations

import math
import random
from fractions import Fraction
from types import SimpleNamespace

import pytest

from dmo.advisor.hashed import LARGEST, LONGEST_TEXT, ONE, Model, features, ppm
from dmo.advisor.judging import FixedIdea, Likelihoods, Posting, Published, bar, counted, fixed, judge, ranks, said_of
from dmo.capabilities import advice
from dmo.home.rounds import Frame, round_times
from tests.support import advisors
from tests.support.advised import RATE, first_shown, outcome, skilled, unskilled

attack = pytest.mark.attack

FRAME = Frame(1_000_000, 7 * 86_400)
OPEN = round_times(FRAME, 1).posting_opens
NOW = round_times(FRAME, 60).voting_closes


def model(seed: int, most: int = 900) -> Model:
    rng = random.Random(seed)
    return Model.of(advisors.weights(rng, -most, most), rng.randint(-300, 300))


def posting(number: int, round_: int = 1, author: str = "", **more) -> Posting:
    place = more.pop("place", (round_ * 1_000 + number, 0))
    said = {"is_withdrawn": False, "is_passing": number % 2 == 0, "digest": number.to_bytes(32, "big"), **more}
    return Posting(place, round_, number, author or f"0x{number:040x}", **said)


def told(number: int, text: bytes = b"", at: int = OPEN) -> dict[bytes, Published]:
    return {number.to_bytes(32, "big"): Published(at, text or b"text %d" % number)}


# ── what a model says ───────────────────────────────────────────────────────────────────────────────


def test_probabilities_rise_with_log_odds_and_are_never_certain() -> None:
    found = [ppm(logit) for logit in range(-LARGEST - 2, LARGEST + 3)]
    assert LARGEST == 8_191
    assert found == sorted(found)
    assert 0 < ppm(-(10**12)) == found[0] < found[-1] == ppm(10**12) < ONE
    errors = [abs(ppm(z) - ONE / (1 + math.exp(-z / 1_024))) for z in range(-LARGEST, LARGEST + 1)]
    assert round(max(errors)) == 750


def test_what_moved_it_sums_up_to_what_it_says() -> None:
    one = model(3)
    text = b"Radio spots for Harbour: radio, radio and wallets in the morning; caf\xc3\xa9s too"
    moved = one.moved(text)
    assert set(moved) <= {"radio", "spots", "for", "harbour", "and", "wallets", "in", "the", "morning", "cafés", "too"}
    assert abs(one.logit(features(text)) - one.bias - sum(moved.values())) <= len(moved)
    assert [abs(part) for part in moved.values()] == sorted((abs(part) for part in moved.values()), reverse=True)
    assert one.moved(b" - ") == {}
    assert one.logit(frozenset()) == one.bias


# ── the ideas that fix themselves ───────────────────────────────────────────────────────────────────


def test_no_idea_from_before_a_model_counts() -> None:
    postings = [posting(number, place=(10, number)) for number in range(1, 5)]
    items = fixed(postings, {**told(1), **told(2), **told(3), **told(4)}, FRAME, NOW)
    for since in [(9, 99), (10, 0), (10, 2), (10, 4), (11, 0)]:
        assert [one.number for one in counted(items, since)] == [n for n in range(1, 5) if (10, n) > since]


def test_only_what_was_decided_and_told_in_time_is_fixed() -> None:
    times = round_times(FRAME, 1)
    postings = [posting(1), posting(2, is_withdrawn=True), posting(3), posting(4), posting(5), posting(6, round_=60)]
    texts = {**told(1), **told(2), **told(3, at=times.voting_opens), **told(4, at=times.voting_opens - 1), **told(6)}
    assert [one.number for one in fixed(postings, texts, FRAME, NOW - 1)] == [1, 4]
    assert [one.number for one in fixed(postings, texts, FRAME, NOW)] == [1, 4, 6]
    assert fixed(postings, texts, FRAME, times.voting_closes - 1) == []
    (long,) = fixed([posting(1)], told(1, b"a " * LONGEST_TEXT), FRAME, NOW)
    assert len(long.text) == LONGEST_TEXT


@attack("cherry-picked-ideas")
def test_cherry_picking_is_impossible() -> None:
    # A model that always says 0.95, where 40 % pass: scored on what its owner picks it would look perfect.
    picked = Likelihoods()
    for _ in range(30):
        picked.add(950_000, passed=True)
    assert picked.ratio < 1, "even then a constant is never better than the best one"

    rng = random.Random(5)
    coin = {number: (rng.randint(10_000, 990_000), rng.random() < RATE) for number in range(1, 121)}
    flattering = Likelihoods()
    for said, passed in coin.values():
        if (said > 500_000) is passed:
            flattering.add(said, passed=passed)
    assert flattering.ratio > bar(1), "picked by hand, a coin would be shown"

    # Which ideas count follows from the log: neither order nor what is left out of a request moves it.
    postings = [posting(number, is_passing=passed) for number, (_, passed) in coin.items()]
    texts = {key: one for number in coin for key, one in told(number).items()}
    items = fixed(postings, texts, FRAME, NOW)
    rng.shuffle(postings)
    assert fixed(postings, texts, FRAME, NOW) == items
    said = [(one, coin[one.number][0]) for one in counted(items, (0, 0))]
    assert len(said) == len(coin)
    assert judge(said, 1).shown_since is None
    # Nor does choosing from when on one is judged: every start is a model more, and has a higher bar.
    starts = [judge(said[start:], rank) for rank, start in enumerate(range(0, 100, 2), 1)]
    assert not any(one.is_shown for one in starts)


@attack("withheld-text")
def test_withheld_text_stops_nobody() -> None:
    postings = [posting(number) for number in range(1, 41)]
    texts = {key: one for number in range(1, 41) if number != 7 for key, one in told(number).items()}
    late = {**texts, **told(7, at=NOW)}
    for known in (texts, late):
        items = fixed(postings, known, FRAME, NOW)
        assert [one.number for one in items] == [n for n in range(1, 41) if n != 7]
        assert judge(said_of(model(1), counted(items, (0, 0))), 1).count == 39


@attack("junk-ideas-of-one-author")
def test_junk_ideas_of_one_author_count_once_a_round() -> None:
    # The owner of a model fails on purpose, with a word that the model knows: twenty ideas over three rounds.
    rng, junk = random.Random(2), "0x" + "66" * 20
    honest = [posting(n, 1 + n % 3, is_passing=rng.random() < RATE, place=(n, 0)) for n in range(1, 41)]
    suited = [posting(40 + n, 1 + n % 3, junk, is_passing=False, place=(40 + n, 0)) for n in range(1, 21)]
    texts = {key: one for n in range(1, 61) for key, one in told(n, b"junk" if n > 40 else b"").items()}
    items = fixed([*honest, *suited], texts, FRAME, NOW)
    once = counted(items, (0, 0))

    def ratio(of: list[FixedIdea]) -> Fraction:
        return judge([(one, 10_000 if one.author == junk else 400_000) for one in of], 1).ratio

    assert ratio(items) > bar(1), "all of them would have shown it"
    assert ratio(once) < bar(1)
    assert [(one.round, one.number) for one in once if one.author == junk] == [(1, 43), (2, 41), (3, 42)]


# ── E ───────────────────────────────────────────────────────────────────────────────────────────────


def test_evidence_is_as_its_definition_has_it() -> None:
    rng = random.Random(8)
    for _ in range(30):
        said = [(rng.choice((0, 1, 400_000, 999_999, rng.randrange(ONE))), rng.random() < RATE) for _ in range(25)]
        found, own = Likelihoods(), Fraction(1)
        for place, (ppm_, passed) in enumerate(said, 1):
            found.add(ppm_, passed=passed)
            held = Fraction(min(max(ppm_, 10_000), 990_000), ONE)
            own *= held if passed else 1 - held
            k = sum(passed for _, passed in said[:place])
            best = Fraction(k, place) ** k * (1 - Fraction(k, place)) ** (place - k)
            assert found.ratio == own / best
            for wanted in (1, 2, 40, math.ceil(found.ratio), max(math.floor(found.ratio), 1)):
                assert found.reaches(wanted) is (found.ratio >= wanted)


def test_a_bar_that_is_just_met_is_met() -> None:
    # Of each half it says 1/2: E is exactly 1.
    found = Likelihoods()
    for passed in (True, False) * 40:
        found.add(500_000, passed=passed)
    assert found.ratio == 1
    assert found.reaches(1)
    assert not found.reaches(2)


def test_no_constant_is_better_than_the_best_one() -> None:
    rng = random.Random(9)
    for said in (10_000, 250_000, 400_000, 500_000, 990_000):
        found = Likelihoods()
        for _ in range(80):
            found.add(said, passed=rng.random() < RATE)
            assert found.ratio <= 1


# ── the bar ─────────────────────────────────────────────────────────────────────────────────────────


@attack("luckiest-of-a-thousand")
def test_luckiest_of_a_thousand_is_not_shown() -> None:
    rng = random.Random(11)
    passed = [rng.random() < RATE for _ in range(30)]
    models = [unskilled(rng, passed) for _ in range(1_000)]
    assert any(first_shown(said, 1) for said in models), "by the bar of the first one, luck would be taken for skill"
    assert not any(first_shown(said, rank) for rank, said in enumerate(models, 1))


@attack("registration-flood")
def test_registration_flood_of_a_holder_takes_as_many_ranks_as_ideas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who could post two ideas in the round has two ranks of a thousand models; the next one's bar is the third's."""
    power = {("a", 1): 29, ("a", 2): 10, ("b", 1): 9, ("c", 1): 10}
    monkeypatch.setattr(advice, "frame", lambda home: FRAME)
    monkeypatch.setattr(advice, "powers_of", lambda *_: lambda *key: power.get(key, 0))
    home = SimpleNamespace(reading=lambda *asked: asked, read=lambda reads: [10 for _ in reads])
    registered = [*[("a", 1)] * 1_000, ("b", 1), ("c", 1), *[("a", 2)] * 3, ("a", 3)]
    events = [
        SimpleNamespace(arguments={"owner": who}, at=OPEN + (number - 1) * FRAME.round_seconds)
        for who, number in registered
    ]
    found = ranks(advice._could_post(home, events))  # type: ignore[arg-type]
    assert found == [1, 2, *[None] * 998, None, 3, 4, None, None, None]


@attack("registration-flood")
def test_registration_flood_of_nobodies_takes_no_rank() -> None:
    assert ranks([True, *[False] * 1_000, True]) == [1, *[None] * 1_000, 2]
    assert ranks([True, *[True] * 3])[0] == ranks([True])[0] == 1
    perfect = [(990_000 if place % 2 else 10_000, place % 2 == 1) for place in range(200)]
    assert first_shown(perfect, 1)
    assert judge([(outcome(n, passed), said) for n, (said, passed) in enumerate(perfect)], None).is_shown is False


def test_at_most_five_percent_of_runs_show_a_model_without_skill() -> None:
    rng, shown = random.Random(400), 0
    for _ in range(400):
        passed = [rng.random() < RATE for _ in range(60)]
        shown += any(first_shown(unskilled(rng, passed), rank) for rank in range(1, 11))
    assert shown <= 20


def test_a_model_of_auc_72_is_shown_within_150_ideas() -> None:
    rng, shown = random.Random(72), 0
    said: list[tuple[int, bool]] = []
    for _ in range(200):
        run = [skilled(rng) for _ in range(150)]
        shown += first_shown(run, 1) is not None
        said += run
    passing, failing = ([ppm_ for ppm_, passed in said if passed is one] for one in (True, False))
    pairs = [(rng.choice(passing), rng.choice(failing)) for _ in range(20_000)]
    assert 0.70 <= sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs) <= 0.74
    assert shown >= 180
