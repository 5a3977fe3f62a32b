"""Who gets a new token: the holders' list, checked and cut into batches."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput
from dmo.core.units import parse_amount
from dmo.deploy.config import NewToken


@dataclass(frozen=True)
class Holding:
    """An account and its tokens, in units of the token."""

    account: str
    amount: int


def read_holdings(token: NewToken, folder: Path, decimals: int) -> tuple[Holding, ...]:
    """Read the holders of a new token, from its section of the config or a file in the folder.

    Raises:
        BadInput: A row cannot be used, an account is named twice, or more is given than there is.
    """
    file = str(folder / token.holders) if isinstance(token.holders, str) else None
    if isinstance(token.holders, str):
        rows = _rows(folder / token.holders)
    else:
        rows = [(number, row.account, row.tokens) for number, row in enumerate(token.holders, 1)]
    seen: dict[str, tuple[int, int]] = {}  # line and amount by account
    for line, account, tokens in rows:
        field = "tokens"
        try:
            amount = parse_amount(tokens, decimals)
            if amount == 0:
                raise words.bad("deploy_empty_holder")
            field = "address"
            holder = checksum(account)
            if int(holder, 16) == 0:
                raise words.bad("deploy_zero_holder")
            if holder in seen:
                raise words.bad("deploy_holder_twice", holder=holder, line=seen[holder][0])
        except BadInput as error:
            raise error.at(file, line, field if file else "token.holders") from error
        seen[holder] = line, amount
    if not seen:
        raise words.bad("deploy_no_holder", "token.holders").at(file)
    given, supply = sum(amount for _, amount in seen.values()), parse_amount(token.supply, decimals)
    if given > supply:
        raise words.bad("deploy_holders_get", "token.supply", given=given, supply=supply).at(file)
    return tuple(Holding(holder, amount) for holder, (_, amount) in seen.items())


def batches(holdings: Sequence[Holding], size: int) -> list[tuple[Holding, ...]]:
    """Cut the list into batches of at most ``size``."""
    return [tuple(holdings[at : at + size]) for at in range(0, len(holdings), size)]


def _rows(path: Path) -> list[tuple[int, str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            names = [name.strip().lower() for name in reader.fieldnames or ()]
            if not {"address", "tokens"} <= set(names):
                raise words.bad("deploy_columns", columns=", ".join(names) or "none").at(str(path), 1)
            reader.fieldnames = names
            return [(reader.line_num, (row["address"] or "").strip(), (row["tokens"] or "").strip()) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise words.bad("deploy_unreadable", "token.holders", why=error).at(str(path)) from error
