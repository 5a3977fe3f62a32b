"""Signatures as wallets write them, and what of it proves a ballot.

standard
  given v of 0 or 1, or 64 bytes -> test_every_wallets_form_is_the_boards
  given a contract's -> test_a_contracts_signature_stays_as_it_is
proven
  given a key's -> test_a_keys_signature_is_proven
  given another's, or none -> test_what_proves_nothing_is_refused
  given a contract's -> test_a_contract_is_asked_itself
  given a wallet without code yet -> test_a_wallet_without_code_is_told
read_ballots
  given a file in any of these forms -> test_a_ballot_is_read_in_the_boards_form
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from dmo.core.abi.codec import keccak
from dmo.core.chain import Chain
from dmo.core.errors import BadInput, NodeError
from dmo.home import ballots, signatures
from dmo.home.ballots import Ballot, Domain, Pick
from tests.support.node import Node

KEY = Account.from_key(b"\x01" * 32)
OTHER = Account.from_key(b"\x02" * 32)
BOARD = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
DIGESTS = [keccak(bytes([number])) for number in range(8)]


def signed(digest: bytes, key: Any = KEY) -> bytes:
    return bytes(key.unsafe_sign_hash(digest).signature)


def compact(raw: bytes) -> bytes:
    return raw[:32] + ((raw[64] - 27) << 255 | int.from_bytes(raw[32:64], "big")).to_bytes(32, "big")


def wallet(code: str = "0x", answer: str | None = None) -> Chain:
    node = Node()

    def called(*_: Any) -> str:
        if answer is None:
            raise NodeError("eth_call", "execution reverted", 3, b"")
        return answer

    node.methods |= {"eth_getCode": lambda *_: code, "eth_call": called}
    return Chain(node)


@pytest.mark.parametrize("digest", DIGESTS)
def test_every_wallets_form_is_the_boards(digest: bytes) -> None:
    raw = signed(digest)
    assert signatures.standard(raw) == raw
    assert signatures.standard(raw[:64] + bytes([raw[64] - 27])) == raw
    assert signatures.standard(compact(raw)) == raw


def test_a_contracts_signature_stays_as_it_is() -> None:
    for raw in (b"", b"\x01", bytes(63), bytes(66), bytes(130), bytes(64) + b"\x02"):
        assert signatures.standard(raw) == raw


@pytest.mark.parametrize("digest", DIGESTS)
def test_a_keys_signature_is_proven(digest: bytes) -> None:
    raw = signed(digest)
    for form in (raw, compact(raw), raw[:64] + bytes([raw[64] - 27])):
        assert signatures.proven(wallet(), KEY.address, digest, form) == raw


def test_what_proves_nothing_is_refused() -> None:
    for raw in (b"", bytes(65), signed(DIGESTS[0], OTHER), signed(DIGESTS[1]), bytes(64) + b"\xff"):
        with pytest.raises(BadInput, match=f"not what {KEY.address} signed"):
            signatures.proven(wallet(), KEY.address, DIGESTS[0], raw)


def test_a_contract_is_asked_itself() -> None:
    yes = "0x1626ba7e" + "00" * 28
    assert signatures.proven(wallet("0x60", yes), BOARD, DIGESTS[0], b"\x07") == b"\x07"
    for answer in ("0x" + "00" * 32, "0x", None):
        with pytest.raises(BadInput, match="not what"):
            signatures.proven(wallet("0x60", answer), BOARD, DIGESTS[0], b"\x07")
    delegated = signed(DIGESTS[0])
    assert signatures.proven(wallet("0xef0100" + "11" * 20), KEY.address, DIGESTS[0], delegated) == delegated, (
        "EIP-7702"
    )


def test_a_wallet_without_code_is_told() -> None:
    raw = bytes(96) + signatures.UNDEPLOYED
    with pytest.raises(BadInput, match="no code yet"):
        signatures.proven(wallet(), BOARD, DIGESTS[0], raw)


@pytest.mark.parametrize("form", [bytes, compact, lambda raw: raw[:64] + bytes([raw[64] - 27])])
def test_a_ballot_is_read_in_the_boards_form(tmp_path: Path, form: Any) -> None:
    ballot = Ballot(KEY.address, 1, 9, (Pick(1, True),))
    one = ballots.sign_ballot(Domain("IdeaBoard", "1", 5, BOARD), ballot, KEY)
    content = {"board": BOARD.lower(), "voter": KEY.address, "round": 1, "at": 9, "in_favour": [1], "against": []}
    file = tmp_path / "ballot.json"
    file.write_text(json.dumps({**content, "signature": form(one.signature).hex()}))
    found, faults = ballots.read_ballots([file], 5, BOARD)
    assert (found, faults, found[0].file) == ([one], [], str(file))
    file.write_text(json.dumps({**content, "signature": "0x" + "00" * 64 + signatures.UNDEPLOYED.hex()}))
    assert "no code yet" in ballots.read_ballots([file], 5, BOARD)[1][0].message
