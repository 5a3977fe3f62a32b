"""Publishing documents in the DocumentLog, and finding them there."""

from __future__ import annotations

from dmo.core.calls import Call, make_call
from dmo.core.errors import BadInput
from dmo.home.deployment import Dmo

__all__ = ["MAX_BYTES", "find", "publish"]

LOG = "DocumentLog"
MAX_BYTES = 16 * 1024


def publish(dmo: Dmo, text: bytes, title: str = "") -> Call:
    """Publish a document of at most 16 KiB.

    Raises:
        BadInput: It is empty or too long.
    """
    if not 0 < len(text) <= MAX_BYTES:
        raise BadInput(f"the document has {len(text)} bytes", expected=f"1 to {MAX_BYTES}")
    what = f"“{title}”" if title else "a document"
    text_ = f"Publish {what} ({len(text)} bytes)"
    return make_call(LOG, dmo.address(LOG), "publish", [text], text_)


def find(dmo: Dmo, digest: bytes) -> bytes | None:
    """The text that was published under a digest, or nothing; not hashed again."""
    for event in dmo.events(LOG, "DocumentPublished", digest=digest):
        return bytes(event.arguments["text"])
    return None
