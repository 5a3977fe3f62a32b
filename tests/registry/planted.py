"""An act that the package does not know: one declaration, one entry of words, an ABI beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dmo.capabilities import registry
from dmo.capabilities.lens import MONEY
from dmo.core import abi, columns, words
from dmo.core.act import Act, arg
from dmo.faces import cli

WORDS = """
["campaign lantern"]
help = "Light a lantern."
more = "It burns money."
example = "dmo campaign lantern 5"
field.amount = "Amount in whole tokens, such as 12.5."
call = "Light the lantern with {amount}"
effect = "It cannot be put out."
done = "Lit the lantern with {amount}."
"""


def declared() -> type[Act]:
    """The act; it is in the registry from now on."""

    class Light(
        Act,
        name="campaign lantern",
        call="Lantern.deposit",
        told_by="PoolDeposited",
        tells={"amount": MONEY},
        pays="amount",
    ):
        """Light a lantern."""

        amount: int = arg(MONEY)

    return Light


@contextmanager
def planted(monkeypatch: pytest.MonkeyPatch, said: str = WORDS, **changed: Any) -> Iterator[type[Act]]:
    """Plant the act with its words, and the Lantern: a contract with some of the escrow's ABI.

    Args:
        monkeypatch: Takes the words and the ABI away again.
        said: Its words.
        **changed: Attributes of the act that are others.
    """
    data, contracts = abi._data, abi.names()
    mine = [
        one
        for one in data("CampaignEscrow")
        if one.get("name") in ("deposit", "PoolDeposited") or one["type"] == "error"
    ]
    known = {**words.load(), **tomllib.loads(said)}
    with monkeypatch.context() as patch:
        patch.setattr(abi, "_data", lambda name: mine if name == "Lantern" else data(name))
        patch.setattr(abi, "names", lambda: (*contracts, "Lantern"))
        patch.setattr(words, "load", lambda language="en": known)
        one = declared()
        for key, value in changed.items():
            setattr(one, key, value)
        _forget()
        try:
            yield one
        finally:
            Act.registry.pop(one.name)
    _forget()


def _forget() -> None:
    for cached in (registry, cli.commands, abi.load, abi._index, columns.tables_of):
        cached.cache_clear()
