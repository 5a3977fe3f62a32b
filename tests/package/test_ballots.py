"""Packing, signing and the arithmetic of rounds."""

from __future__ import annotations

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from dmo.core.abi.codec import encode, keccak
from dmo.core.errors import BadInput
from dmo.home import ballots
from dmo.home.ballots import Ballot, Domain, Pick
from dmo.home.rounds import Frame, Phase, round_at, round_times

VALUES = st.lists(st.integers(0, 2**17 - 1), max_size=100)
WORD32 = st.integers(0, 2**32 - 1)
KEY = Account.from_key(b"\x01" * 32)
DOMAIN = Domain("IdeaBoard", "1", 31337, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")


@given(WORD32, WORD32, VALUES)
def test_a_ballot_survives_packing(number: int, at: int, values: list[int]) -> None:
    words = ballots.pack(number, at, values)
    assert ballots.unpack(words) == (number, at, values)
    assert len(words) == 1 + max(0, -(-(len(values) - 10) // 15))
    assert all(0 <= word < 2**256 for word in words)


def test_the_layout_is_the_boards() -> None:
    (word,) = ballots.pack(5, 9, [3, 2**17 - 1])
    assert word == 5 | 9 << 32 | 3 << 64 | (2**17 - 1) << 81 | 2 << 234
    words = ballots.pack(1, 1, list(range(12)))
    assert words[1] == 10 | 11 << 17


@pytest.mark.parametrize(
    ("number", "at", "values"), [(2**32, 0, []), (0, -1, []), (0, 0, [2**17]), (0, 0, [-1]), (0, 0, [1] * 101)]
)
def test_refuses_what_does_not_fit(number: int, at: int, values: list[int]) -> None:
    with pytest.raises(BadInput):
        ballots.pack(number, at, values)


@pytest.mark.parametrize("words", [[], [200 << 234], [11 << 234]])
def test_refuses_words_that_are_no_ballot(words: list[int]) -> None:
    with pytest.raises(BadInput):
        ballots.unpack(words)


@given(st.integers(1, 2**16 - 1), st.booleans())
def test_a_choice_survives_its_number(number: int, is_for: bool) -> None:
    choice = Pick(number, is_for)
    assert choice.value == 2 * number + is_for
    assert str(choice) == f"{'+' if is_for else '-'}{number}"


def test_orders_choices_and_refuses_bad_ones() -> None:
    assert ballots.ordered([Pick(3, True), Pick(1, False)]) == (Pick(1, False), Pick(3, True))
    for bad in ([Pick(0, True)], [Pick(2**16, True)], [Pick(1, True)] * 2):
        with pytest.raises(BadInput):
            ballots.ordered(bad)
    with pytest.raises(BadInput, match="at most 100"):
        ballots.ordered([Pick(n, True) for n in range(1, 102)])


@given(WORD32, WORD32, st.dictionaries(st.integers(1, 2**16 - 1), st.booleans(), max_size=12))
def test_signs_what_wallets_show(number: int, at: int, sides: dict[int, bool]) -> None:
    lists = [sorted(one for one, is_for in sides.items() if is_for is side) for side in (True, False)]
    ballot = Ballot(KEY.address, number, at, ballots.picks(*lists))
    signed = ballots.sign_ballot(DOMAIN, ballot, KEY)
    shown = encode_typed_data(full_message=dict(ballots.typed_data(DOMAIN, ballot)))
    assert Account.recover_message(shown, signature=signed.signature) == KEY.address
    assert signed.as_tuple()[:5] == (KEY.address, number, at, *lists)


def test_the_digest_is_eip_712s_written_out() -> None:
    ballot = Ballot(KEY.address, 3, 1_700_000_000, (Pick(1, True), Pick(2, False)))
    types = "Ballot(address voter,uint32 round,uint32 at,uint32[] inFavour,uint32[] against)"
    domain = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    place = [keccak(domain.encode()), keccak(b"IdeaBoard"), keccak(b"1"), 31337, DOMAIN.board]
    lists = [keccak(encode(["uint256"], [number])) for number in (1, 2)]
    struct = [keccak(types.encode()), KEY.address, 3, 1_700_000_000, *lists]
    hashed = keccak(encode(["bytes32"] * 3 + ["uint256", "address"], place))
    hashed += keccak(encode(["bytes32", "address", "uint32", "uint32", "bytes32", "bytes32"], struct))
    assert ballots.ballot_digest(DOMAIN, ballot) == keccak(b"\x19\x01" + hashed)


def test_refuses_to_sign_for_somebody_else() -> None:
    with pytest.raises(BadInput):
        ballots.sign_ballot(DOMAIN, Ballot(DOMAIN.board, 1, 1, ()), KEY)


@given(st.integers(1, 2**40), st.integers(1, 10**8), st.integers(0, 10**10), st.integers(1, 10_000))
def test_rounds_tile_time(origin: int, length: int, later: int, number: int) -> None:
    frame = Frame(origin, length)
    current = round_at(frame, origin + later)
    times = round_times(frame, current)
    assert times.posting_opens <= origin + later < times.voting_opens
    assert times.phase(origin + later) is Phase.POSTING
    assert round_at(frame, origin - 1) == 0
    some = round_times(frame, number)
    assert some.voting_opens == round_times(frame, number + 1).posting_opens
    assert some.lapses_at == round_times(frame, number + 4).posting_opens
    assert some.snapshot == some.voting_opens - 1
    assert some.voting_opens <= some.late_from <= some.voting_closes


def test_phases_are_half_open() -> None:
    times = round_times(Frame(1000, 100), 2)
    expected = {
        1099: Phase.FUTURE,
        1100: Phase.POSTING,
        1199: Phase.POSTING,
        1200: Phase.VOTING,
        1299: Phase.VOTING,
        1300: Phase.SETTLING,
        1499: Phase.SETTLING,
        1500: Phase.PAST,
    }
    assert {now: times.phase(now) for now in expected} == expected
    assert [times.is_late(now) for now in (1289, 1290, 1299, 1300)] == [False, True, True, False]
    with pytest.raises(BadInput):
        round_times(Frame(1000, 100), 0)
