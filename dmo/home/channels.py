"""Ways on which notices go: services by apprise's URLs, and feeds in files.

A URL is a password: it is named by the name it has in the file, and what apprise itself says of it is not listened to.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.core import words
from dmo.core.atom import FeedEntry, feed
from dmo.core.errors import FAULTS, BadInput
from dmo.core.files import write_again
from dmo.core.records import Block

if TYPE_CHECKING:
    from dmo.core.outbox import NoticeOutbox, Row

SINGLY, LINES = 5, 20
"""So many notices are sent one by one; more of them in one message, of which so many are listed."""
_KEPT = 200
"""Notices in a feed."""
Send = Callable[[str, str, str], bool]
"""By name of a URL, title and text: whether that went out."""


class Services:
    """Services by the names that their URLs have; apprise, of the extra ``notify``, is loaded when one is used."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls
        self._known: dict[str, Any] = {}

    def opened(self, name: str) -> Any:
        """A service. Raises BadInput: apprise is not installed, or the URL is none that it knows."""
        if name not in self._known:
            try:
                apprise = importlib.import_module("apprise")
            except ImportError as error:
                raise words.bad("notify_missing", name=name) from error
            logging.getLogger("apprise").disabled = True
            service = apprise.Apprise()
            try:
                is_known = service.add(self._urls[name])
            except FAULTS:
                is_known = False
            if not is_known:
                raise words.bad("notice_url", name=name) from None
            self._known[name] = service
        return self._known[name]

    def __call__(self, name: str, title: str, text: str) -> bool:
        """Send a message; says whether it went out."""
        service = self.opened(name)
        try:
            return bool(service.notify(title=title, body=text, body_format="text"))
        except (*FAULTS, OSError):
            return False


def changed(row: Row) -> str:
    """A notice's title: corrected, taken back, or as it is."""
    is_same = row.told in (None, row.facts)
    change = "back" if row.facts is None else "new" if is_same else "corrected"
    return words.word("notice_change", change).format(row.title)


def text_of(row: Row) -> str:
    """A notice's text; what was taken back says so."""
    return words.word("notice_change", "why") if row.facts is None else row.text


def messages(name: str, rows: Sequence[Row]) -> list[tuple[str, str, Sequence[Row]]]:
    """Titles and texts of what is sent: each notice alone, or all in one where they are many."""
    if len(rows) <= SINGLY:
        return [(f"{name}: {changed(row)}", text_of(row), [row]) for row in rows]
    lines = [changed(row) for row in rows[:LINES]]
    lines += [words.word("notice", "more").format(len(rows) - LINES)] if len(rows) > LINES else []
    return [(words.word("notice", "many").format(name, len(rows)), "\n".join(lines), rows)]


def deliver(
    outbox: NoticeOutbox, name: str, channels: Sequence[str], head: Block, send: Send
) -> tuple[int, dict[str, int]]:
    """Send what is ready by these channels; says how many went out, and by channel how many did not.

    Args:
        outbox: Where they wait.
        name: The deployment's.
        channels: ``send <name>`` and ``feed <file>``.
        head: The chain's latest block.
        send: What sends to a service.
    """
    count, failed = 0, dict[str, int]()
    for channel in channels:
        kind, _, place = channel.partition(" ")
        rows = outbox.take(channel, head)
        if kind == "feed":
            parts: list[tuple[str, str, Sequence[Row]]] = [("", "", rows)] if rows else []
        else:
            parts = messages(name, rows)
        for title, text, its in parts:
            is_out = _written(outbox, name, channel, head) if kind == "feed" else send(place, title, text)
            if is_out:
                outbox.sent(its, head.timestamp)
                count += len(its)
            else:
                outbox.failed(its)
                failed[channel] = failed.get(channel, 0) + len(its)
    return count, failed


def _written(outbox: NoticeOutbox, name: str, channel: str, head: Block) -> bool:
    """Write a feed anew, what is being told now included."""
    told = [(row, head.timestamp if row.pending else row.told_at) for row in outbox.latest(channel, _KEPT)]
    entries = [FeedEntry(f"{row.key} {row.account}", changed(row), text_of(row), row.at, at) for row, at in told]
    file = Path(channel.partition(" ")[2])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_again(file, feed(f"{outbox.owner} {channel}", name, entries))
    except (OSError, BadInput):
        return False
    return True
