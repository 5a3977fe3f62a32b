"""Where documents are kept and found: the local store, the chain's log, gateways.

Whatever comes from outside is hashed before anybody sees it.
"""

import http.client
import logging
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dmo.core import words
from dmo.core.digests import cid, digest, parse_cid
from dmo.core.errors import BadInput
from dmo.core.files import read_bytes, write_text
from dmo.home.documents import MAX_BYTES, Document, Unreadable, read_document

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A document's bytes and where they came from."""

    raw: bytes
    source: str

    @property
    def document(self) -> Document | Unreadable:
        """The bytes as a document, or why they are none."""
        return read_document(self.raw, digest(self.raw))


class Store:
    """Files named by the CID of their bytes, in a folder that is made when something is put into it."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def path(self, value: bytes) -> Path:
        """Where a document is or would be."""
        return self.root / f"{cid(value)}.md"

    def put(self, raw: bytes) -> bytes:
        """Keep a document; returns its digest."""
        value = digest(raw)
        if self.get(value) is None:
            write_text(self.path(value), raw)
        return value

    def keep(self, raw: bytes) -> None:
        """Put what was found, where that is possible; a full or closed store stops no reader."""
        try:
            self.put(raw)
        except OSError as error:
            _log.warning("a document was not kept: %s", error.strerror or type(error).__name__)

    def get(self, value: bytes) -> bytes | None:
        """A document, or nothing; a file that was changed counts as nothing."""
        try:
            raw = read_bytes(self.path(value), MAX_BYTES)
        except (FileNotFoundError, BadInput):
            return None
        if digest(raw) != value:
            _log.warning("%s was changed and is ignored", self.path(value).name)
            return None
        return raw

    def digests(self) -> list[bytes]:
        """Everything in the store."""
        found: list[bytes] = []
        for file in sorted(self.root.glob("bafkrei*.md")):
            with suppress(BadInput):
                found.append(parse_cid(file.stem))
        return found


def fetch(gateway: str, value: bytes, timeout: float = 10.0) -> bytes | None:
    """Ask one gateway; nothing if it has no such bytes within so many seconds. Raises BadInput: no http address.

    Its address holds ``{cid}``, or is a base that ``/ipfs/<cid>`` is added to.
    """
    if not gateway.startswith(("https://", "http://")):
        raise words.bad("no_gateway", given=gateway[:60])
    name = cid(value)
    url = gateway.replace("{cid}", name) if "{cid}" in gateway else f"{gateway.rstrip('/')}/ipfs/{name}"
    try:
        request = urllib.request.Request(url, headers={"Accept": "application/octet-stream"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            raw = bytes(answer.read(MAX_BYTES + 1))
    except (OSError, http.client.HTTPException, ValueError) as error:
        _log.info("gateway does not answer: %s", type(error).__name__)
        return None
    if digest(raw) != value:
        _log.warning("a gateway sent other bytes than were asked for")
        return None
    return raw


def find(value: bytes, store: Store, gateways: Sequence[str] = ()) -> Found:
    """Find a document in the store, then at gateways, whose answer is kept. Raises NotFound: it is nowhere."""
    raw = store.get(value)
    if raw is not None:
        return Found(raw, "store")
    for gateway in gateways:
        raw = fetch(gateway, value)
        if raw is not None:
            store.keep(raw)
            return Found(raw, gateway)
    raise words.missing("not_found", cid=cid(value), asked=", ".join([words.word("source", "store"), *gateways]))
