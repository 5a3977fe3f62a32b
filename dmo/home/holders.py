"""A list of holders: written by hand, or exported by Etherscan or Blockscout as it is."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dmo.core import rows, words
from dmo.core.abi.codec import checksum
from dmo.core.rows import Column, Rows


def account(text: str) -> str:
    """A checksummed address that can hold something. Raises BadInput: it cannot."""
    address = checksum(text)
    if int(address, 16) == 0:
        raise words.bad("zero_holder")
    return address


def holders_table(path: Path, decimals: int, *, has_amounts: bool = True) -> Rows:
    """The table at a path: addresses, and whole tokens, which may be missing where they do not matter."""
    tokens = Column(lambda text: rows.amount(text, decimals), "balance", is_needed=has_amounts, is_number=True)
    return Rows(path, {"address": Column(account, "holderaddress holder account wallet"), "tokens": tokens})


def read_holders(given: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[int, str, int]]:
    """Line, address and units of each holder, who counts one where there are no units; explorers' empty ones go.

    Raises:
        BadInput: A row cannot be used, or repeats another's address.
    """
    seen: dict[str, int] = {}
    for line, row in given:
        address, units = row["address"], row.get("tokens", 1)
        if address in seen:
            raise words.bad("holder_twice", "address", holder=address, first=seen[address]).at(line=line)
        seen[address] = line
        is_export = isinstance(given, Rows) and given.called.get("tokens", "").casefold() == "balance"
        if not units and not is_export:
            raise words.bad("empty_holder", "tokens").at(line=line)
        if units:
            yield line, address, units
