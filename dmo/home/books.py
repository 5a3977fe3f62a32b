"""Address books from elsewhere: named by URL, or found from a board's address.

They are compared with what the contracts tell, and kept in the cache from then on: a deployment does not move.
"""

import hashlib
import re
import time
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain
from dmo.core.errors import FAULTS
from dmo.core.rpc import HERE, why
from dmo.home.context import LocalFacts, cache, node_url
from dmo.home.deployment import save_book
from dmo.home.outputs import DeploymentBook

_MOST_BYTES, _SECONDS = 1024 * 1024, 10.0


def kept(where: str, rpc: str | None, network: str | None) -> Path:
    """The address book of a URL or of a board's address, read over the node that is named.

    Raises:
        BadInput: There is no such book or board.
        CheckFailed: The contracts tell something else.
        NetworkError: The node, or the URL, does not answer.
    """
    from dmo.deploy.found import find, parts

    folder = cache() / "books"
    if "://" in where:
        mark = hashlib.sha256(where.encode("utf-8", "replace")).hexdigest()[:16]
        file = folder / mark / f"{_name(where)}.json"
        if file.is_file():
            return file
        book = fetch(where)
        chain = Chain.connect(node_url(rpc, network, book.chain_id, LocalFacts()), book.chain_id)
    else:
        chain = Chain.connect(node_url(rpc, network, 0, LocalFacts()))
        file = folder / str(chain.chain_id) / f"{checksum(where)}.json"
        if file.is_file():
            return file
        book = find(chain, checksum(where))
    parts(chain, {name: one.address for name, one in book.contracts.items()})
    save_book(file, handed(book))
    return file


def _name(url: str) -> str:
    """What a deployment is called whose book is there. Raises BadInput: it is no address."""
    try:
        path = urlsplit(url).path
    except ValueError:
        raise words.bad("no_book_url", given=url[:80]) from None
    return re.sub(r"[^\w-]", "", PurePosixPath(path).stem)[:40] or "book"


def handed(book: DeploymentBook) -> DeploymentBook:
    """The book as it is handed around: without what only those need who have the sources."""
    small = book.model_copy(deep=True)
    for one in small.contracts.values():
        one.input_json = one.code_sha256 = None
    return small


def fetch(url: str) -> DeploymentBook:
    """The address book behind an https address. Raises BadInput: it is none; NetworkError: nobody answers."""
    import httpx

    def checked(request: httpx.Request) -> None:
        if request.url.scheme != "https" and request.url.host not in HERE:
            raise httpx.UnsupportedProtocol("")

    raw, until = b"", time.monotonic() + _SECONDS
    hooks: dict[str, list[Any]] = {"request": [checked]}  # of redirects too
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=_SECONDS, max_redirects=5, event_hooks=hooks) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != 200:
                raise words.network("no_book_at", place=answer.url.host, why=f"HTTP {answer.status_code}")
            for piece in answer.iter_bytes():
                raw += piece
                if len(raw) > _MOST_BYTES or time.monotonic() > until:
                    raise words.bad("long_book").at(url[:80])
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError):
        raise words.bad("no_book_url", given=url[:80]) from None
    except httpx.HTTPError as error:
        raise words.network("no_book_at", place=httpx.URL(url).host, why=why(error)) from error
    try:
        return DeploymentBook.model_validate_json(raw)
    except (ValidationError, *FAULTS) as error:
        raise words.bad("no_book").at(url[:80]) from error
