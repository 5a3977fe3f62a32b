"""Amounts, shares and times, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmo.core import units
from dmo.core.errors import BadInput

DECIMALS = st.integers(0, 24)
AMOUNTS = st.integers(0, 2**256 - 1)


@pytest.mark.parametrize(
    ("text", "decimals", "amount"),
    [
        ("12.5", 6, 12_500_000),
        ("0", 18, 0),
        ("1,000", 2, 100_000),
        ("1_000_000.25", 2, 100_000_025),
        (".5", 1, 5),
        ("7.", 0, 7),
        (" 3 ", 0, 3),
        ("1.50", 1, 15),
        (str(2**256 - 1), 0, 2**256 - 1),
    ],
)
def test_reads_an_amount(text: str, decimals: int, amount: int) -> None:
    assert units.parse_amount(text, decimals) == amount


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1e3", "0x10", "1.2.3", "nan", "inf", "1,00", "1 000", "½", "١٢", "1" * 101, "."]
)
def test_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(BadInput, match="not an amount") as caught:
        units.parse_amount(text, 18)
    assert caught.value.exit_code == 2
    assert "12.5" in caught.value.hint


@pytest.mark.parametrize(("text", "why"), [("1.25", "finer"), (str(2**256), "more than any token")])
def test_refuses_an_amount_that_no_token_holds(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        units.parse_amount(text, 1 if "." in text else 0)


@given(AMOUNTS, DECIMALS, st.booleans())
def test_an_amount_survives_writing_and_reading(amount: int, decimals: int, grouped: bool) -> None:
    text = units.format_amount(amount, decimals, grouped=grouped)
    if len(text) <= 100:
        assert units.parse_amount(text, decimals, is_sure=True) == amount
    assert not ("." in text and text.endswith("0"))


def test_writes_amounts() -> None:
    assert units.format_amount(1_234_567_890, 6, "USDX") == "1,234.56789 USDX"
    assert units.format_amount(-5, 1) == "-0.5"
    assert units.format_amount(10**18, 18) == "1"


@pytest.mark.parametrize(
    ("text", "bps"), [("4%", 400), ("0.1 %", 10), ("400bps", 400), ("400", 400), ("100%", 10_000), ("0", 0)]
)
def test_reads_a_share(text: str, bps: int) -> None:
    assert units.parse_bps(text) == bps


@pytest.mark.parametrize("text", ["", "%", "-1%", "100.01%", "10001", "0.001%", "1.5bps", "four"])
def test_refuses_what_is_no_share(text: str) -> None:
    with pytest.raises(BadInput):
        units.parse_bps(text)


@given(st.integers(0, 10_000))
def test_a_share_survives_writing_and_reading(share: int) -> None:
    assert units.parse_bps(units.format_bps(share)) == share


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3d", 259_200),
        ("1h30m", 5_400),
        ("90s", 90),
        ("2 weeks", 1_209_600),
        ("1.5d", 129_600),
        ("1 day 2 hours", 93_600),
        ("0s", 0),
    ],
)
def test_reads_a_duration(text: str, seconds: int) -> None:
    assert units.parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "d", "21", "+7", "1.5", "3x", "-3d", "3d!", "1.00001s", "9999999w", "x3d", "1d,2h"]
)
def test_refuses_what_is_no_duration(text: str) -> None:
    with pytest.raises(BadInput):
        units.parse_duration(text)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (59, "59s"), (3600, "1h"), (93_784, "1d 2h"), (-60, "-1m")])
def test_writes_a_duration(seconds: int, text: str) -> None:
    assert units.format_duration(seconds) == text


@given(st.integers(946_684_800, 4_102_444_800))
def test_a_moment_survives_writing_and_reading(moment: int) -> None:
    text = units.format_time(moment).removesuffix(" UTC")
    assert units.parse_time(text) == moment


def test_reads_moments() -> None:
    assert units.parse_time("2026-11-23") == 1_795_392_000
    assert units.parse_time("2026-11-23T01:00+01:00") == 1_795_392_000
    assert units.parse_time("+1h", now=100) == 3_700
    assert units.parse_time("1795392000") == 1_795_392_000


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "+3d", "12", "2026-11-23T25:00"])
def test_refuses_what_is_no_moment(text: str) -> None:
    with pytest.raises(BadInput):
        units.parse_time(text)


@given(st.integers(0, 2**112 - 1), st.lists(st.integers(1, 9_999), max_size=7).filter(lambda cuts: sum(cuts) < 10_000))
def test_shares_are_cut_to_the_unit(amount: int, cuts: list[int]) -> None:
    shares = [*cuts, 10_000 - sum(cuts)]
    parts = units.cut_shares(amount, shares)
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * 10_000 - amount * share) < 10_000


@pytest.mark.parametrize("shares", [[], [9_999], [10_001], [0, 10_000], [-1, 10_001]])
def test_refuses_shares_that_are_not_the_whole(shares: list[int]) -> None:
    with pytest.raises(BadInput):
        units.cut_shares(100, shares)


@given(st.integers(0, 2**112), st.integers(0, 10_000))
def test_a_share_is_rounded_up(amount: int, share: int) -> None:
    result = units.share_rounded_up(amount, share)
    assert 0 <= result * 10_000 - amount * share < 10_000
