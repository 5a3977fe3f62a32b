"""The ABI codec is as strict as eth-abi: what eth-abi refuses is refused, the rest is the same."""

from __future__ import annotations

from typing import Any

import eth_abi
import pytest
from eth_abi.codec import ABIDecoder
from eth_abi.decoding import StringDecoder
from eth_abi.exceptions import DecodingError, EncodingError
from eth_abi.registry import BaseEquals, registry
from hypothesis import assume, given
from hypothesis import strategies as st

from dmo.core import abi
from dmo.core.abi.codec import decode, encode
from dmo.core.errors import BadInput, NetworkError
from tests.package.test_abi import same, typed_values
from tests.support.node import ALICE, log

WORDS = (
    "bool",
    "address",
    *(f"{kind}{8 * size}" for kind in ("uint", "int") for size in range(1, 33)),
    *(f"bytes{size}" for size in range(1, 33)),
)
TOP = "ff" * 32
SHORT_TEXT = f"{32:064x}{3:064x}" + "616263".ljust(64, "0")


def ours(types: list[str], data: bytes) -> Any:
    """What we read; None if we refuse."""
    try:
        return same(decode(types, data))
    except NetworkError:
        return None


def eth_abi_with_marks() -> ABIDecoder:
    """eth-abi, but text that is no UTF-8 is shown with marks as we do: it has to stop nobody."""
    marking = registry.copy()
    marking.unregister("string")
    marking.register_decoder(
        BaseEquals("string", with_sub=False), StringDecoder(handle_string_errors="replace"), label="string"
    )
    return ABIDecoder(marking)


THEIRS = eth_abi_with_marks()


def theirs(types: list[str], data: bytes) -> Any:
    """What eth-abi reads; None if it refuses."""
    try:
        return same(THEIRS.decode(types, data))
    except (DecodingError, OverflowError):
        return None


@pytest.mark.parametrize("kind", WORDS)
def test_every_single_bit_of_a_word_is_judged_alike(kind: str) -> None:
    for bit in range(256):
        for word in (1 << bit, (1 << 256) - 1 - (1 << bit), (1 << bit) - 1, (1 << 256) - (1 << bit)):
            data = (word % (1 << 256)).to_bytes(32, "big")
            assert ours([kind], data) == theirs([kind], data), (kind, data.hex())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("address", f"{1:024x}" + "11" * 20),
        ("bool", f"{2:064x}"),
        ("bool", f"{1 << 255:064x}"),
        ("uint8", f"{511:064x}"),
        ("uint8", f"{256:064x}"),
        ("int8", f"{128:064x}"),
        ("int8", f"{255:064x}"),
        ("int16", "00" + "ff" * 31),
        ("bytes3", "616263" + "00" * 28 + "01"),
        ("bytes", SHORT_TEXT[:-1] + "1"),
        ("string", SHORT_TEXT[:-1] + "1"),
        ("string", SHORT_TEXT[:-2]),
        ("bytes", f"{0:064x}"),
        ("bytes", f"{64:064x}{0:064x}"),
        ("bytes", TOP),
        ("uint8[]", f"{32:064x}{2:064x}{1:064x}"),
        ("uint8[]", f"{32:064x}" + TOP),
        ("bytes[]", f"{32:064x}{1:064x}{0:064x}"),
        ("(bytes,uint8)", f"{32:064x}{32:064x}{1:064x}"),
    ],
)
def test_refuses_what_eth_abi_refuses(kind: str, data: str) -> None:
    assert theirs([kind], bytes.fromhex(data)) is None
    with pytest.raises(NetworkError):
        decode([kind], bytes.fromhex(data))


@given(
    st.lists(typed_values(), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=3),
    st.integers(0, 40),
)
def test_spoilt_data_is_judged_alike(pairs: list[tuple[str, Any]], changes: list[tuple[int, int]], cut: int) -> None:
    types = [pair[0] for pair in pairs]
    data = bytearray(encode(types, [pair[1] for pair in pairs]))
    for place, value in changes:
        data[place % len(data)] = value
    raw = bytes(data[: len(data) - cut] if cut > 32 else data)
    found, expected = ours(types, raw), theirs(types, raw)
    if found is None and expected is not None:
        # A pointer into the head: eth-abi counts a nested array of numbers as one word there.
        assume("][" not in str(types) and ")" not in str(types))
    assert found == expected, (types, raw.hex())


@given(st.lists(typed_values(), min_size=1, max_size=3), st.binary(max_size=300))
def test_random_bytes_are_judged_alike(pairs: list[tuple[str, Any]], data: bytes) -> None:
    types = [pair[0] for pair in pairs]
    found = ours(types, data)
    assert found is None or found == theirs(types, data)


def test_text_that_is_no_text_is_marked() -> None:
    data = bytes.fromhex(SHORT_TEXT.replace("616263", "61ff63"))
    assert decode(["string"], data) == ("a\ufffdc",)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", b"bytes"),
        ("string", "\ud800"),
        ("bytes", 5),
        ("bytes3", b"four"),
        ("bool", 1),
        ("bool", "true"),
        ("uint8", 1.0),
        ("uint8", False),
        ("int8", -129),
        ("address", b"\x11" * 19),
        ("uint8[]", {1, 2}),
        ("uint8[]", {1: 2}),
        ("(uint8,uint8)", "12"),
        ("uint8[2]", [1, 2, 3]),
    ],
)
def test_refuses_to_write_what_eth_abi_refuses(kind: str, value: Any) -> None:
    with pytest.raises((EncodingError, UnicodeEncodeError, TypeError)):
        eth_abi.encode([kind], [value])
    with pytest.raises(BadInput):
        encode([kind], [value])


@pytest.mark.parametrize("kind", ["uint7", "uint264", "uint0", "int", "bytes33", "bytes0", "word"])
def test_there_is_no_such_type(kind: str) -> None:
    with pytest.raises(BadInput, match="unknown ABI type"):
        encode([kind], [1])
    with pytest.raises(BadInput, match="unknown ABI type"):
        decode([kind], bytes(32))


# ── events ──────────────────────────────────────────────────────────────────────────────────────


def test_every_event_is_read_back_in_the_order_of_its_declaration() -> None:
    samples: dict[str, Any] = {"address": ALICE, "bool": True, "string": "text", "bytes": b"raw"}

    def sample(field: abi.Field) -> Any:
        if field.kind.endswith("[]"):
            return []
        if field.members:
            return tuple(sample(member) for member in field.members)
        size = field.kind.removeprefix("bytes")
        return samples.get(field.kind, b"\7" * int(size) if size.isdigit() else 3)

    count = 0
    for contract in abi.names():
        for item in abi.load(contract):
            if item.kind != "event" or any(
                field.indexed and field.kind in ("bytes", "string") for field in item.inputs
            ):
                continue
            values = {field.name: sample(field) for field in item.inputs}
            raw = log(contract, item.name, values)
            found = abi.event_of(contract, raw["topics"], raw["data"])
            assert found is not None
            assert found[0] == item.name
            assert list(found[1]) == [field.name for field in item.inputs]
            assert same(list(found[1].values())) == same(list(values.values()))
            count += 1
    assert count > 80


def test_another_contracts_event_is_none_of_ours_and_a_spoilt_one_is_an_error() -> None:
    raw = log("CampaignEscrow", "PoolDeposited", {"from": ALICE, "amount": 5})
    assert abi.event_of("IdeaBoard", raw["topics"], raw["data"]) is None
    assert abi.event_of("CampaignEscrow", [], raw["data"]) is None
    for topics, data in [
        (raw["topics"][:1], raw["data"]),
        (raw["topics"], raw["data"][:-2]),
        (raw["topics"], raw["data"] + "z"),
        ([raw["topics"][0], "0x" + "11" * 32], raw["data"]),
    ]:
        with pytest.raises(NetworkError):
            abi.event_of("CampaignEscrow", topics, data)


def test_a_call_whose_arguments_are_cut_short_is_no_call() -> None:
    data = abi.encode_call("IdeaBoard", "castBallot", [3, [2], [1, 5]])
    for spoilt in (data[:-1], data[:4], data[:-32] + b"\xff" * 32):
        with pytest.raises(BadInput, match=r"no arguments of IdeaBoard\.castBallot"):
            abi.decode_call("IdeaBoard", spoilt)
