"""Conversions: a new user's word, signed as typed data (EIP-712), that somebody brought them; kept as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dmo.core import words
from dmo.core.abi.codec import checksum, keccak
from dmo.core.errors import BadInput
from dmo.core.files import compact_json, read_lines
from dmo.home.signatures import signer, standard

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

SCHEMA = "dmo.conversion/1"
_MOST_BYTES = 8 * 1024
_DOMAIN = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
_CONVERSION = {"campaign": "uint32", "referrer": "address", "user": "address", "at": "uint48"}


class Conversion(NamedTuple):
    """Who was brought by whom, when (Unix seconds); of a campaign of an escrow on a chain."""

    chain_id: int
    escrow: str
    campaign: int
    referrer: str
    user: str
    at: int


class SignedConversion(NamedTuple):
    """A conversion and its user's signature."""

    conversion: Conversion
    signature: bytes

    def line(self) -> str:
        """It as a line of JSON."""
        told = {"schema": SCHEMA, **self.conversion._asdict(), "signature": "0x" + self.signature.hex()}
        return compact_json(told)


def typed_data(one: Conversion) -> dict[str, Any]:
    """A conversion as wallets show it (eth_signTypedData_v4)."""
    types = {"EIP712Domain": _DOMAIN, "Conversion": _CONVERSION}
    domain = {"name": "DMO conversion", "version": "1", "chainId": one.chain_id, "verifyingContract": one.escrow}
    return {
        "types": {name: [{"name": key, "type": kind} for key, kind in its.items()] for name, its in types.items()},
        "primaryType": "Conversion",
        "domain": domain,
        "message": {key: getattr(one, key) for key in _CONVERSION},
    }


def sign(one: Conversion, account: LocalAccount) -> SignedConversion:
    """Sign a conversion with its user's key."""
    from eth_account.messages import encode_typed_data

    signed = account.sign_message(encode_typed_data(full_message=typed_data(one)))
    return SignedConversion(one, bytes(signed.signature))


def _digest(one: Conversion) -> bytes:
    from eth_account.messages import encode_typed_data

    message = encode_typed_data(full_message=typed_data(one))
    return keccak(b"\x19" + message.version + message.header + message.body)


def _no_number(text: str) -> int:
    raise ValueError(text[:20])


def parse(raw: bytes) -> SignedConversion:
    """A conversion of a line, signed by its user. Raises BadInput: it is none, or the signature is another's."""
    try:
        given = json.loads(raw, parse_float=_no_number, parse_constant=_no_number)
        numbers = [given[key] for key in ("chain_id", "campaign", "at")]
        if given["schema"] != SCHEMA or not all(type(one) is int and 0 < one < 2**48 for one in numbers):
            raise ValueError
        accounts = [checksum(given[key]) for key in ("escrow", "referrer", "user")]
        proof = standard(bytes.fromhex(given["signature"].removeprefix("0x")))
        if numbers[1] >= 2**32:
            raise ValueError
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, BadInput):
        raise words.bad("no_conversion") from None
    one = Conversion(numbers[0], accounts[0], numbers[1], accounts[1], accounts[2], numbers[2])
    if one.user == one.referrer:
        raise words.bad("own_referrer", user=one.user)
    if signer(_digest(one), proof) != one.user:
        raise words.bad("bad_signature", account=one.user)
    return SignedConversion(one, proof)


def read(files: Sequence[Path]) -> Iterator[SignedConversion | BadInput]:
    """The conversions in files, a line each, or what is wrong with one."""
    for file in files:
        try:
            for number, raw in enumerate(read_lines(file, _MOST_BYTES), 1):
                if raw.strip():
                    try:
                        yield parse(raw)
                    except BadInput as error:
                        yield error.at(str(file), number)
        except FileNotFoundError as error:
            yield words.bad("unreadable", why=error.strerror).at(str(file))
        except BadInput as error:
            yield error.at(str(file))
