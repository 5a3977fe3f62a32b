"""What a server for agents cannot do, whatever it is talked into: its node is only asked, and its process is shut.

``OnlyAsked`` lets no request through that changes something. ``shut`` closes the process behind itself, for ever: from
then on it connects nowhere but to the node and the index, starts no program, reads no key, and writes nowhere but in
the cache, the store of documents and the folder of temporary files.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from dmo.core import words
from dmo.core.rpc import HERE, Request, Transport

_READS = re.compile(
    r"eth_(call|chainId|blockNumber|estimateGas|simulateV1|gasPrice|feeHistory|maxPriorityFeePerGas|getLogs|getCode"
    r"|getBalance|getStorageAt|getProof|getBlockBy(Hash|Number)|getTransaction(Count|ByHash|Receipt))"
    r"|web3_clientVersion|net_version"
)
_PROGRAMS = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
    "pty.spawn",
)
_CHANGES = (
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
)
_CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_PORTS = {"https": 443, "http": 80}
_WRITES = os.O_WRONLY | os.O_RDWR


class OnlyAsked:
    """A node that is asked, and told nothing."""

    def __init__(self, below: Transport) -> None:
        self._below = below

    def request(self, method: str, params: Sequence[Any]) -> Any:
        """Answer one request. Raises BadInput: it is no question."""
        self._check(method)
        return self._below.request(method, params)

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Answer many; one that is no question is none of them."""
        for method, _ in requests:
            self._check(method)
        return self._below.batch(requests)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._below, name)

    @staticmethod
    def _check(method: str) -> None:
        if not _READS.fullmatch(method):
            raise words.bad("agents_only_ask", method=method[:40])


@dataclass(frozen=True)
class Doors:
    """What stays open.

    Attributes:
        names: Host and port of node and index, and of a proxy before the node.
        hosts: The same as they were looked up; looked up again where another is reached for.
        written: Folders in which files are written.
        hidden: Files and folders that are not read.
    """

    names: frozenset[tuple[str, int]] = frozenset()
    hosts: frozenset[tuple[str, int]] = frozenset()
    written: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @classmethod
    def of(cls, urls: Iterable[str], written: Iterable[Path | str], hidden: Iterable[Path | str]) -> Doors:
        """What these addresses, folders and files come to."""
        parts = [urlsplit(url) for url in urls]
        names = {(one.hostname, one.port or _PORTS.get(one.scheme, 5432)) for one in parts if one.hostname}
        return cls(frozenset(names), _addresses(names), tuple(map(_real, written)), tuple(map(_real, hidden)))

    def check(self, event: str, args: tuple[Any, ...]) -> None:
        """Raise PermissionError: what is about to be done is shut off."""
        if event in _PROGRAMS:
            raise PermissionError(event)
        if event in _CONNECTS and not self._may_reach(args[1]):
            raise PermissionError(event)
        if event == "socket.getaddrinfo" and (_text(args[0]), args[1]) not in self.names | self.hosts:
            raise PermissionError(event)
        if event == "open" and not isinstance(args[0], int):
            self._open(args[0], args[2] if isinstance(args[2], int) else 0)
        if event in _CHANGES and not all(self._may_write(one) for one in args[:2] if isinstance(one, str | bytes)):
            raise PermissionError(event)

    def _may_reach(self, address: Any) -> bool:
        if not isinstance(address, tuple):
            return False
        at = _text(address[0]), address[1]
        return at in self.names | self.hosts or at in _addresses(self.names)

    def _open(self, path: Any, flags: int) -> None:
        at = _real(path)
        if any(_is_below(at, one) for one in self.hidden):
            raise PermissionError("open")
        if flags & _WRITES and not self._may_write(path):
            raise PermissionError("open")

    def _may_write(self, path: Any) -> bool:
        at = _real(path)
        return at == os.devnull or any(_is_below(at, one) for one in self.written)


def _addresses(names: Iterable[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    """Where these hosts are now; one that is not found is nowhere."""
    found: set[tuple[str, int]] = set()
    for host, port in names:
        with suppress(OSError):
            found |= {(str(one[4][0]), port) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    return frozenset(found)


def _text(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)


def _real(path: Any) -> str:
    return os.path.realpath(os.fsdecode(path))


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def shut(doors: Doors) -> None:
    """Shut this process, for as long as it runs; nothing opens it again."""
    sys.dont_write_bytecode = True
    sys.addaudithook(doors.check)


def doors_of(home: Any) -> Doors:
    """What a server of this deployment needs."""
    from dmo.home import context

    index = context.index_url() or ""
    database: tuple[Path, ...] = ()
    if index.startswith("sqlite:///"):
        database = (Path(index.removeprefix("sqlite:///")).parent,)
    proxies = [] if urlsplit(home.url).hostname in HERE else getproxies().values()
    urls = [home.url, *proxies, *([index] if index and not database else [])]
    password = context.named_path("DMO_PASSWORD_FILE") or home.local.password_file
    own = context.home()
    keys = (context.named_path("DMO_KEYSTORE_DIR"), home.local.keystores, password, context.named_path("DMO_NOTICES"))
    hidden = [*filter(None, keys), *(own / one for one in ("keystores", "salts", "sent", "keeper", "relay"))]
    return Doors.of(urls, (context.cache(), home.store.root, tempfile.gettempdir(), *database), hidden)
