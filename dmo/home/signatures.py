"""Signatures as wallets write them, in the one form that contracts take."""

from __future__ import annotations

from typing import Any

from dmo.core import words
from dmo.core.abi.codec import checksum, encode
from dmo.core.chain import Chain
from dmo.core.errors import NodeError

UNDEPLOYED = bytes.fromhex("6492" * 16)
"""How a signature of a wallet that has no code yet ends (ERC-6492)."""
_VALID = bytes.fromhex("1626ba7e")
"""Selector of ``isValidSignature(bytes32,bytes)``, and what it answers (ERC-1271); hashing would load a library."""


def standard(raw: bytes) -> bytes:
    """65 bytes that end with 27 or 28, of those that end with 0 or 1, or of 64 (EIP-2098); others as they are."""
    if len(raw) == 64:
        s = int.from_bytes(raw[32:], "big")
        return raw[:32] + (s & (1 << 255) - 1).to_bytes(32, "big") + bytes([27 + (s >> 255)])
    return raw[:64] + bytes([raw[64] + 27]) if len(raw) == 65 and raw[64] < 2 else raw


def proven(chain: Chain, account: str, digest: bytes, raw: bytes) -> bytes:
    """The signature in the form that proves it, for an account with a key or with code. Raises BadInput: it is bad."""
    refuse_undeployed(account, raw)
    found = standard(raw)
    if signer(digest, found) == checksum(account):
        return found
    if chain.code(account):
        for one in (raw, found):
            data = _VALID + encode(["bytes32", "bytes"], [digest, one])
            try:
                answer = chain.transport.request("eth_call", [{"to": account, "data": "0x" + data.hex()}, chain.tag])
            except NodeError:
                continue
            if str(answer)[2:10] == _VALID.hex():
                return one
    raise words.bad("bad_signature", account=account)


def refuse_undeployed(account: str, raw: bytes) -> None:
    """Raise BadInput for a wallet that has no code yet: the board asks the wallet itself."""
    if raw.endswith(UNDEPLOYED):
        raise words.bad("undeployed_wallet", account=account)


def signer(digest: bytes, raw: bytes) -> str | None:
    """Whose key signed these 32 bytes; None where nobody's did."""
    from eth_account import Account

    account: Any = Account
    try:
        return checksum(account._recover_hash(digest, signature=raw))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is nobody's
        return None
