"""Ballots: choices, how the board packs them, and how a voter signs them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.core import words
from dmo.core.abi.codec import checksum, keccak
from dmo.core.errors import BadInput
from dmo.core.files import read_bytes, read_lines
from dmo.home.signatures import refuse_undeployed, standard

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

MAX_CHOICES = 100
MAX_NUMBER = 2**16 - 1
ENTRY_BITS = 17
FIRST_ENTRIES = 10
FURTHER_ENTRIES = 15
COUNT_AT = 64 + ENTRY_BITS * FIRST_ENTRIES
_ENTRY = (1 << ENTRY_BITS) - 1
MOST_BYTES = 1024 * 1024
_MAX_SIGNATURE = 8 * 1024
"""Bytes; a contract's may be long, but one voter's must not make the batch too large to send."""


@dataclass(frozen=True, order=True)
class Pick:
    """For or against one idea of a round."""

    number: int
    is_for: bool

    @property
    def value(self) -> int:
        """As the board packs it: number × 2, plus 1 for "for"."""
        return self.number * 2 + int(self.is_for)

    def __str__(self) -> str:
        return f"{'+' if self.is_for else '-'}{self.number}"


@dataclass(frozen=True)
class Ballot:
    """A voter's whole ballot of a round: signed at (Unix seconds), choices by ascending numbers."""

    voter: str
    round: int
    at: int
    choices: tuple[Pick, ...]

    @property
    def in_favour(self) -> list[int]:
        """Numbers of the ideas it is for."""
        return [choice.number for choice in self.choices if choice.is_for]

    @property
    def against(self) -> list[int]:
        """Numbers of the ideas it is against."""
        return [choice.number for choice in self.choices if not choice.is_for]


@dataclass(frozen=True)
class SignedBallot:
    """A ballot and its voter's signature; the file and the line it was read from."""

    ballot: Ballot
    signature: bytes
    file: str | None = field(default=None, compare=False)
    line: int | None = field(default=None, compare=False)

    def as_tuple(self) -> tuple[str, int, int, list[int], list[int], bytes]:
        """As castBallotsBySig takes it."""
        ballot = self.ballot
        return ballot.voter, ballot.round, ballot.at, ballot.in_favour, ballot.against, self.signature


@dataclass(frozen=True)
class Domain:
    """The board a signature is for."""

    name: str
    version: str
    chain_id: int
    board: str


def picks(in_favour: Iterable[int], against: Iterable[int]) -> tuple[Pick, ...]:
    """The choices of two lists, by ascending numbers."""
    return tuple(sorted([*(Pick(number, True) for number in in_favour), *(Pick(number, False) for number in against)]))


def ordered(choices: Iterable[Pick]) -> tuple[Pick, ...]:
    """Choices as a ballot holds them. Raises BadInput: one is named twice or impossible, or there are too many."""
    result = tuple(sorted(choices))
    if len(result) > MAX_CHOICES:
        raise words.bad("many_choices", count=len(result), most=MAX_CHOICES)
    for before, after in pairwise(result):
        if before.number == after.number:
            raise words.bad("idea_twice", number=after.number)
    for choice in result:
        if not 1 <= choice.number <= MAX_NUMBER:
            raise words.bad("no_idea", number=choice.number, most=MAX_NUMBER)
    return result


def pack(round_number: int, at: int, values: Sequence[int]) -> list[int]:
    """The words in which the board keeps a ballot; time in Unix seconds. Raises BadInput: something does not fit."""
    if len(values) > MAX_CHOICES or not all(0 <= value <= _ENTRY for value in values):
        raise words.bad("choices_unfit", most=MAX_CHOICES)
    if not 0 <= round_number < 2**32 or not 0 <= at < 2**32:
        raise words.bad("moment_unfit")
    starts = range(FIRST_ENTRIES, len(values), FURTHER_ENTRIES)
    first = round_number | at << 32 | _row(values[:FIRST_ENTRIES]) << 64 | len(values) << COUNT_AT
    return [first, *(_row(values[start : start + FURTHER_ENTRIES]) for start in starts)]


def _row(values: Sequence[int]) -> int:
    return sum(value << ENTRY_BITS * place for place, value in enumerate(values))


def unpack(packed: Sequence[int]) -> tuple[int, int, list[int]]:
    """Round, time and choices of a packed ballot. Raises BadInput: the words hold fewer choices than they say."""
    if not packed:
        raise words.bad("empty_ballot")
    first = packed[0]
    count = first >> COUNT_AT & 0xFF
    values = [first >> 64 + ENTRY_BITS * place & _ENTRY for place in range(FIRST_ENTRIES)]
    values += [word >> ENTRY_BITS * place & _ENTRY for word in packed[1:] for place in range(FURTHER_ENTRIES)]
    if count > len(values):
        raise words.bad("short_ballot", said=count, held=len(values))
    return first & 0xFFFFFFFF, first >> 32 & 0xFFFFFFFF, values[:count]


TYPES = {
    "EIP712Domain": {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"},
    "Ballot": {
        **{"voter": "address", "round": "uint32", "at": "uint32"},
        **{"inFavour": "uint32[]", "against": "uint32[]"},
    },
}


def typed_data(domain: Domain, ballot: Ballot) -> dict[str, Any]:
    """The ballot as wallets show it (eth_signTypedData_v4)."""
    return {
        "types": {
            group: [{"name": name, "type": kind} for name, kind in members.items()] for group, members in TYPES.items()
        },
        "primaryType": "Ballot",
        "domain": dict(zip(TYPES["EIP712Domain"], vars(domain).values(), strict=True)),
        "message": {
            **{"voter": ballot.voter, "round": ballot.round, "at": ballot.at},
            **{"inFavour": ballot.in_favour, "against": ballot.against},
        },
    }


def ballot_digest(domain: Domain, ballot: Ballot) -> bytes:
    """The 32 bytes a voter signs; equal to the board's ballotDigest."""
    from eth_account.messages import encode_typed_data

    message = encode_typed_data(full_message=typed_data(domain, ballot))
    return keccak(b"\x19" + message.version + message.header + message.body)


def sign_ballot(domain: Domain, ballot: Ballot, account: LocalAccount) -> SignedBallot:
    """Sign a ballot with its voter's key. Raises BadInput: the key is another account's."""
    from eth_account.messages import encode_typed_data

    if checksum(account.address) != checksum(ballot.voter):
        raise words.bad("other_key", account=account.address, voter=ballot.voter)
    signed = account.sign_message(encode_typed_data(full_message=typed_data(domain, ballot)))
    return SignedBallot(ballot, bytes(signed.signature))


def ballots_in(files: Iterable[Path | str], chain_id: int, board: str) -> Iterator[SignedBallot | BadInput]:
    """The ballots for a board in files, a JSON object a file or a line, or what is wrong with one; in turn."""
    for file in files:
        try:
            for line, part in _parts(file):
                try:
                    yield replace(signed_ballot(part, chain_id, board), file=str(file), line=line)
                except BadInput as error:
                    yield error.at(file=str(file), line=line)
        except (FileNotFoundError, BadInput) as error:
            why = getattr(error, "reason", error.args[-1])
            yield words.bad("no_ballot_file", why=why).at(str(file))


def read_ballots(files: Iterable[Path | str], chain_id: int, board: str) -> tuple[list[SignedBallot], list[BadInput]]:
    """The ballots for a board in files, and what is wrong with each of the others."""
    found = [*ballots_in(files, chain_id, board)]
    good = [one for one in found if isinstance(one, SignedBallot)]
    return good, [one for one in found if isinstance(one, BadInput)]


def _parts(file: Path | str) -> Iterator[tuple[int | None, bytes]]:
    """The whole file, or its lines with their numbers where each is a ballot."""
    lines = enumerate(read_lines(file, MOST_BYTES), 1)
    rows = ((number, row.strip()) for number, row in lines if row.strip())
    first, second = next(rows, None), next(rows, None)
    if first is None or second is None or not first[1].endswith(b"}"):
        yield None, read_bytes(file, MOST_BYTES)
        return
    yield from (first, second)
    yield from rows


def _no_number(text: str) -> int:
    raise ValueError(f"{text[:20]} is no whole number")


def signed_ballot(raw: bytes, chain_id: int, board: str) -> SignedBallot:
    """One ballot, every part of it as the board takes it. Raises BadInput: it is none, or another board's."""
    if len(raw) > MOST_BYTES:
        raise words.bad("long_ballot", most=MOST_BYTES)
    try:
        given = json.loads(raw, parse_float=_no_number, parse_constant=_no_number)
        voter, signature = given["voter"], given["signature"]
        in_favour, against = [*given["in_favour"]], [*given["against"]]
        numbers = [given["round"], given["at"], *in_favour, *against]
        if not all(type(number) is int for number in numbers):
            raise TypeError
        proof = bytes.fromhex(signature.removeprefix("0x"))
        place = (given.get("chain_id", chain_id), str(given.get("board", board)).lower())
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise words.bad("no_ballot") from None
    try:
        if not isinstance(voter, str):
            raise words.bad("no_voter")
        ballot = Ballot(checksum(voter), numbers[0], numbers[1], ordered(picks(in_favour, against)))
        pack(ballot.round, ballot.at, [one.value for one in ballot.choices])
        if (ballot.in_favour, ballot.against) != (in_favour, against):
            raise words.bad("unordered_choices")
    except BadInput as error:
        raise words.bad("bad_ballot", field=error.field, why=error.reason, right=error.expected) from None
    if len(proof) > _MAX_SIGNATURE:
        raise words.bad("long_signature", most=_MAX_SIGNATURE)
    if place != (chain_id, board.lower()):
        raise words.bad("other_board", board=board, chain_id=chain_id)
    refuse_undeployed(ballot.voter, proof)
    return SignedBallot(ballot, standard(proof))
