"""The ABI codec against eth-abi, and what the package knows of the contracts."""

from __future__ import annotations

from typing import Any

import eth_abi
import pytest
from eth_utils import keccak as reference_keccak
from eth_utils import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from dmo.core import abi
from dmo.core.abi.codec import checksum, decode, encode, keccak
from dmo.core.errors import BadInput, NetworkError

OURS = (
    "IdeaBoard",
    "CampaignEscrow",
    "DisputeDesk",
    "HolderToken",
    "VotesWrapper",
    "HolderGovernor",
    "Reputation",
    "DocumentLog",
    "Jury",
    "Lens",
)


@st.composite
def typed_values(draw: st.DrawFn, depth: int = 2) -> tuple[str, Any]:
    kinds = ["uint", "int", "bool", "address", "bytesN", "bytes", "string"]
    kind = draw(st.sampled_from(kinds + (["list", "array", "tuple"] * 2 if depth else [])))
    if kind in ("uint", "int"):
        bits = 8 * draw(st.integers(1, 32))
        low, high = (0, 2**bits - 1) if kind == "uint" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        return f"{kind}{bits}", draw(st.integers(low, high))
    if kind == "bool":
        return "bool", draw(st.booleans())
    if kind == "address":
        return "address", to_checksum_address(draw(st.binary(min_size=20, max_size=20)))
    if kind == "bytesN":
        size = draw(st.integers(1, 32))
        return f"bytes{size}", draw(st.binary(min_size=size, max_size=size))
    if kind == "bytes":
        return "bytes", draw(st.binary(max_size=70))
    if kind == "string":
        return "string", draw(st.text(max_size=30))
    if kind == "tuple":
        members = draw(st.lists(typed_values(depth - 1), min_size=1, max_size=4))
        return f"({','.join(m[0] for m in members)})", tuple(m[1] for m in members)
    inner, value = draw(typed_values(depth - 1))
    count = draw(st.integers(0 if kind == "list" else 1, 3))
    return f"{inner}[{'' if kind == 'list' else count}]", [value] * count


def same(value: Any) -> Any:
    """Lists as tuples, addresses in lower case."""
    if isinstance(value, list | tuple):
        return tuple(same(item) for item in value)
    return value.lower() if isinstance(value, str) and value.startswith("0x") else value


@given(st.lists(typed_values(), max_size=5))
def test_encodes_and_decodes_as_eth_abi_does(pairs: list[tuple[str, Any]]) -> None:
    types, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    data = encode(types, values)
    assert data == eth_abi.encode(types, values)
    assert same(decode(types, data)) == same(eth_abi.decode(types, data))


@given(st.binary(max_size=300), st.lists(typed_values(), min_size=1, max_size=3))
def test_any_answer_is_decoded_or_refused(data: bytes, pairs: list[tuple[str, Any]]) -> None:
    try:
        decode([pair[0] for pair in pairs], data)
    except NetworkError:
        return
    assert len(data) >= 32 or not pairs


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint8", -1),
        ("int8", 128),
        ("uint256", True),
        ("uint256", "1"),
        ("bool", 1),
        ("address", "0x12"),
        ("address", 5),
        ("bytes32", b"short"),
        ("bytes32", "0xzz"),
        ("bytes", "text"),
        ("uint8[]", "12"),
        ("uint8[2]", [1]),
        ("(uint8,bool)", (1,)),
        ("string", 5),
    ],
)
def test_refuses_a_value_of_another_type(kind: str, value: Any) -> None:
    with pytest.raises(BadInput):
        encode([kind], [value])


@given(st.binary(max_size=200))
def test_hashes_as_the_machine_does(data: bytes) -> None:
    assert keccak(data) == reference_keccak(data)


@given(st.binary(min_size=20, max_size=20))
def test_writes_addresses_with_capitals(raw: bytes) -> None:
    mixed = to_checksum_address(raw)
    assert checksum(mixed.lower()) == checksum(mixed) == mixed


def test_finds_a_typing_error_in_an_address() -> None:
    good = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    assert checksum(good) == good
    with pytest.raises(BadInput, match="typing error"):
        checksum(good.replace("B", "b"))


def test_every_selector_is_the_hash_of_its_signature() -> None:
    for name in abi.names():
        for item in abi.load(name):
            if item.kind != "constructor":
                expected = reference_keccak(text=item.signature)
                assert item.selector == expected[: len(item.selector)], item.signature
                assert len(item.selector) == (32 if item.kind == "event" else 4)


def test_a_call_can_be_read_back() -> None:
    data = abi.encode_call("IdeaBoard", "castBallot", [3, [2], [1, 5]])
    assert abi.decode_call("IdeaBoard", data) == ("castBallot", {"round": 3, "inFavour": [2], "against": [1, 5]})
    with pytest.raises(BadInput):
        abi.decode_call("Lens", data)
    with pytest.raises(BadInput):
        abi.encode_call("IdeaBoard", "noSuchThing")
    with pytest.raises(BadInput):
        abi.load("NoSuchContract")


def test_every_error_is_decoded() -> None:
    samples: dict[str, Any] = {"address": "0x" + "11" * 20, "bytes32": b"\x07" * 32, "string": "x"}
    for contract in OURS:
        for item in abi.load(contract):
            if item.kind != "error":
                continue
            values = [samples.get(f.kind, b"" if f.kind == "bytes" else 3) for f in item.inputs]
            data = item.selector + encode([f.kind for f in item.inputs], values)
            name, arguments = abi.decode_revert(data)
            assert name == item.name
            assert list(arguments) == [f.name for f in item.inputs]


def test_decodes_what_is_no_custom_error() -> None:
    text = bytes.fromhex("08c379a0") + encode(["string"], ["no way"])
    assert abi.decode_revert(text) == ("Error", {"message": "no way"})
    panic = bytes.fromhex("4e487b71") + encode(["uint256"], [0x11])
    assert abi.decode_revert(panic)[1]["meaning"] == "an arithmetic overflow"
    assert abi.decode_revert(b"")[0] == "Unknown"
    assert abi.decode_revert(b"\1\2\3\4")[0] == "Unknown"
    assert abi.decode_revert(text[:30])[0] == "Unknown"
