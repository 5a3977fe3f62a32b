"""Atom feeds (RFC 4287) of what happened, for whatever reads them."""

import time
import uuid
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from dmo.core.text import one_line, printable


class FeedEntry(NamedTuple):
    """Something that happened: what it is told by, title and text, when it was and was last told, where it leads."""

    mark: str
    title: str
    text: str
    at: int
    updated: int
    link: str = ""


def feed(mark: str, name: str, entries: Sequence[FeedEntry]) -> str:
    """A feed; the same mark is the same feed, or entry, in the next one."""
    last = max((one.updated for one in entries), default=0)
    title = escape(one_line(name))
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<feed xmlns="http://www.w3.org/2005/Atom">']
    lines += [f"  <id>{_mark(mark)}</id>", f"  <title>{title}</title>", f"  <updated>{_utc(last)}</updated>"]
    lines += [f"  <author><name>{title}</name></author>"]
    for one in entries:
        lines += ["  <entry>", f"    <id>{_mark(f'{mark} {one.mark}')}</id>"]
        lines += [f"    <title>{escape(one_line(one.title))}</title>", f"    <published>{_utc(one.at)}</published>"]
        lines += [f"    <updated>{_utc(one.updated)}</updated>"]
        lines += [f"    <link href={quoteattr(one.link)}/>"] if one.link else []
        lines += [f'    <content type="text">{escape(printable(one.text))}</content>', "  </entry>"]
    return "\n".join([*lines, "</feed>"]) + "\n"


def _mark(text: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, text).urn


def _utc(moment: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
