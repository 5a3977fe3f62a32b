"""The page's server, started and ended: the index followed beside it, ballots sent where somebody pays."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dmo.core import words
from dmo.core.sender import KeySender
from dmo.faces.web.app import make_app
from dmo.faces.web.drafts import Drafts
from dmo.faces.web.guarded import HERE
from dmo.faces.web.relay import Relay
from dmo.faces.web.site import Site
from dmo.home.home import Home, Options


@dataclass(frozen=True)
class Wishes:
    """How the page is served.

    Attributes:
        host: The address that is listened at.
        port: The port; 0 for any that is free.
        is_public: Strangers may look: nothing of this machine is shown, and a proxy stands before it.
        names: Further names that the page is reached by.
        relay: The account that pays for ballots; None for nobody.
        every: Seconds between two looks at the chain.
    """

    host: str = "127.0.0.1"
    port: int = 8700
    is_public: bool = False
    names: Sequence[str] = ()
    relay: str | None = None
    every: float = 2.0


def serve(home: Home, wishes: Wishes, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. Raises BadInput: for others without ``--public``, or the port is taken."""
    import uvicorn

    is_here = wishes.host in ("127.0.0.1", "::1", "localhost")
    if not is_here and not wishes.is_public:
        raise words.bad("web_public", field="--host")
    if wishes.is_public and not wishes.names:
        raise words.bad("web_name", field="--called")
    site = Site(home, known={} if wishes.is_public else _known(home), is_public=wishes.is_public)
    relay = _relay(home, wishes.relay) if wishes.relay else None
    drafts = Drafts(home.store)
    site.look()
    listening = listen(wishes.host, wishes.port)
    port = listening.getsockname()[1]
    app = make_app(site, [*HERE, *wishes.names], relay, drafts)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    over = threading.Event()
    beside = [threading.Thread(target=_follow, args=(site, drafts, wishes.every, over), daemon=True)]
    if relay:
        beside.append(threading.Thread(target=relay.run, args=(over,), daemon=True))
    for one in beside:
        one.start()
    say(words.word("web_serve", "at").format(f"http://{_shown(wishes.host)}:{port}/"))
    try:
        server.run(sockets=[listening])
    finally:
        over.set()
        site.close()
        if relay:
            relay.close()
        listening.close()


def _follow(site: Site, drafts: Drafts, every: float, over: threading.Event) -> None:
    log = logging.getLogger(__name__)
    while not over.wait(every):
        try:
            moment = site.look()
            drafts.settle(moment.base)
        except Exception as error:  # noqa: BLE001 - a page that no longer follows would show what is old for ever
            log.warning("%s", getattr(error, "message", error))


def _known(home: Home) -> dict[str, str]:
    return dict(home.names.people)


def _relay(home: Home, account: str) -> Relay:
    """What sends ballots: a home of its own, whose account pays."""
    own = Home(Options(account=account, deployment=str(home.book), rpc=home.url))
    return Relay(own, KeySender(own.chain, own.names.unlock()), own.relay_file)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises BadInput: somebody else does there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is said, or else asyncio lets every answer wait for the one before to be acknowledged.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        raise words.bad("web_port", field="--port", port=port, why=error.strerror) from error
    return found
