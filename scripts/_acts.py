"""What the acting scripts share: options as key=value, the decoded calls, sending them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dmo.client import documents as log
from dmo.client import tokens
from dmo.core.calls import Call
from dmo.core.errors import BadInput
from dmo.home.deployment import Dmo
from dmo.home.documents import Document, read
from scripts._brownie_sender import BrownieSender
from scripts._common import confirm, confirmations, sending_account

__all__ = ["allow_escrow", "document", "number", "options_of", "perform", "show"]


def options_of(words: Iterable[str], allowed: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """Options such as ``fee=12%``, the rest from their defaults, and whether "yes" was among them.

    Raises:
        BadInput: There is no such option, or it has no value.
    """
    found, is_sure = dict(allowed), False
    for word in words:
        key, sign, value = word.partition("=")
        if word == "yes":
            is_sure = True
        elif not sign or key not in allowed:
            known = ", ".join(f"{name}=…" for name in allowed)
            raise BadInput(
                f"{word!r} is no option here", expected=", ".join(filter(None, (known, "yes")))
            )
        else:
            found[key] = value
    return found, is_sure


def number(text: str, what: str) -> int:
    """A whole number from the command line.

    Raises:
        BadInput: It is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise BadInput(f"{text!r} is no {what}", expected="a whole number")
    return int(text)


def allow_escrow(dmo: Dmo, amount: int) -> Call:
    """The approval that lets the escrow take budget tokens."""
    token, spender = dmo.budget_token, dmo.address("CampaignEscrow")
    return tokens.approve(token.address, spender, amount, token.symbol, token.decimals)


def document(dmo: Dmo, path: str, kind: str | None) -> tuple[Document, list[Call]]:
    """Read a document, and the call that publishes it unless it stands in the log already.

    Args:
        dmo: The deployment.
        path: The file.
        kind: The kind it has to be of; None for any.

    Raises:
        BadInput: The document cannot be used.
    """
    found = read(Path(path), kind)
    if log.find(dmo, found.digest) is not None:
        return found, []
    return found, [log.publish(dmo, found.raw, found.title)]


def show(calls: Sequence[Call]) -> None:
    """Show calls decoded, never as bytes."""
    for place, call in enumerate(calls, 1):
        print(f"{place}. {call.description}")
        function, arguments = call.decoded()
        for name, value in arguments.items():
            text = "0x" + value.hex() if isinstance(value, bytes) else str(value)
            print(f"     {function}.{name} = {text if len(text) <= 90 else text[:87] + '…'}")


def perform(dmo: Dmo, calls: Sequence[Call], *, is_sure: bool) -> None:
    """Show calls, ask on a live network, send them one after the other.

    Raises:
        Refused: A contract refuses; nothing was sent from there on.
    """
    sender = BrownieSender(dmo.chain, sending_account(), confirmations(dmo.chain))
    show(calls)
    confirm(
        dmo.chain,
        f"Send {len(calls)} transactions to {dmo.name} as {sender.address}?",
        ("yes",) if is_sure else (),
    )
    for call in calls:
        receipt = sender.send(call)
        print(f"Done in block {receipt.block}, {receipt.gas_used:,} gas: {call.description}")
