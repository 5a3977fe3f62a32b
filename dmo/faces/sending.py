"""What leaves: written down before it does, told on every way out, looked for first by the next act."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dmo.core import words
from dmo.core.abi.codec import keccak
from dmo.core.errors import DmoError, Interrupted, NetworkError, Refused
from dmo.core.sender import KeySender, Sent
from dmo.home.outbox import Entry, Fate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dmo.core.calls import Call
    from dmo.core.records import Receipt
    from dmo.faces.terminal import Screen
    from dmo.home.home import Home

_PATIENCE = 60.0
"""Seconds to wait for what an earlier command left waiting."""


def said(name: str, given: Mapping[str, object]) -> str:
    """An act as it was asked for, so that it is known again; a digest, for it may be nobody's business."""
    told = sorted((key, str(value)) for key, value in given.items())
    return keccak(repr((name, told)).encode()).hex()


class Courier:
    """Sends the steps of one act for the account that acts, and knows what became of each.

    Args:
        said: By what the act is known again.
        gas: Of each step, as estimated a moment ago; None where that has to be done.
    """

    def __init__(self, home: Home, screen: Screen, said: str, gas: Sequence[int | None]) -> None:
        confirmations = 1 if home.network.is_test else 3
        self._key = KeySender(home.chain, home.names.unlock(), confirmations, self._leaves)
        self._outbox, self._screen = home.outbox, screen
        self._said, self._gas, self._step = said, gas, 0
        self._sent: list[Fate] = []

    @property
    def address(self) -> str:
        """The account."""
        return self._key.address

    def _leaves(self, sent: Sent) -> None:
        entry = Entry(sent.tx, sent.nonce, self._said, sent.call.description, self._step, len(self._gas))
        self._outbox.add(entry)
        self._sent = [one for one in self._sent if one.entry.nonce != sent.nonce] + [Fate(entry, "sent")]
        self._screen.note(words.word("screen", "waiting").format(sent.tx))

    def send(self, call: Call) -> Receipt:
        """Send a call and wait for it."""
        self._step += 1
        before = len(self._sent)
        try:
            receipt = self._key.send(call, self._gas[self._step - 1])
        except Refused as error:
            if len(self._sent) > before:
                last = self._sent.pop()
                if error.name == "InsufficientFunds":  # the node did not take it
                    self._forget({last.entry.tx})
                else:
                    self._sent.append(replace(last, state="failed"))
            raise
        self._sent[-1] = replace(self._sent[-1], state="mined", receipt=receipt)
        return receipt

    def told(self, failure: DmoError | KeyboardInterrupt) -> BaseException:
        """The failure, with what was sent before it in ``details["sent"]``."""
        if not self._sent:
            return failure
        error = failure if isinstance(failure, DmoError) else words.stopped(Interrupted, "interrupted")
        error.details["sent"] = [one.told for one in self._sent]
        return error

    def over(self) -> None:
        """All was told: nothing of it has to be remembered."""
        self._forget({one.entry.tx for one in self._sent})

    def _forget(self, hashes: set[str]) -> None:
        self._outbox.keep([one for one in self._outbox.entries() if one.tx not in hashes])


def recall(home: Home, screen: Screen, said: str) -> bool:
    """Tell what became of what was sent and not told to the end; says whether that was this very act.

    What waits is waited for; with ``--again`` this very act is sent in its place. Raises NotMined:
    it still waits, so that nothing is sent.
    """
    is_again = home.options.is_again
    fates = home.outbox.fates(home.chain, home.me)
    left: Sequence[Fate] = [one for one in fates if one.state == "pending"]
    for place, one in enumerate(fates):
        screen.note(one.text)
        if one.state == "pending" and not (is_again and one.entry.said == said):
            try:
                receipt = home.chain.wait(one.entry.tx, timeout=_PATIENCE)
            except NetworkError as error:
                error.details["sent"] = [other.told for other in left]
                raise
            fates[place] = replace(one, state="mined" if receipt.is_ok else "failed", receipt=receipt)
            screen.note(fates[place].text)
    if fates and fates[-1].state == "mined" and fates[-1].entry.step < fates[-1].entry.steps:
        last = fates[-1].entry
        screen.note(words.word("sent", "unfinished").format(done=last.step, steps=last.steps))
    screen.sent += [one.told for one in fates]
    home.outbox.keep([one.entry for one in fates if one.state == "pending"])
    is_done = any(
        (one.said, fate.state, one.step) == (said, "mined", one.steps) for fate in fates for one in [fate.entry]
    )
    if is_done and not is_again:
        screen.heading(words.word("sent", "done_before"))
    return is_done and not is_again
