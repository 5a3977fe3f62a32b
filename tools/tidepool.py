"""The demo's DMO for who looks at its page: played on a chain of its own up to moments, and served."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import uvicorn

from dmo.core.chain import Chain
from dmo.faces.web.app import make_app
from dmo.faces.web.serve import listen
from dmo.faces.web.site import STALE, Site
from dmo.home.home import Home
from dmo.replay.node import Anvil, free_port
from dmo.season.demo import prepare
from dmo.season.player import MNEMONIC, Person, Season, moment

ROOT = Path(__file__).resolve().parent.parent
NODE = {
    "chain-id": 31337,
    "accounts": 20,
    "mnemonic": MNEMONIC,
    "block-base-fee-per-gas": 0,
    "gas-price": 0,
    "gas-limit": 60_000_000,
    "quiet": True,
}


class Silent:
    """Tells nobody."""

    def chapter(self, title: str, words: str) -> None:
        """Not a word."""

    def line(self, at: int, who: Person | None, words: str, why: str = "") -> None:
        """Nor here."""


class Tidepool:
    """The story and its page.

    Args:
        season: On its chain, not yet played.

    Attributes:
        base: The page's address.
    """

    def __init__(self, season: Season) -> None:
        self.season = season
        self._steps = [dict(step) for chapter in season.written["chapter"] for step in chapter["steps"]]
        home = Home(dmo=season.dmo)
        home.__dict__["book"] = season.folder / "tidepool.json"
        self._late = 0.0
        self.site = Site(home, known=season.names(), clock=lambda: time.monotonic() + self._late)
        self.site.look()
        listening = listen("127.0.0.1", 0)
        self.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(make_app(self.site), log_level="warning", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()

    def until(self, text: str) -> None:
        """Play on to a moment such as ``2026-03-09 08:10`` (UTC), or to the end; the page follows."""
        while self._steps and (not text or "at" not in self._steps[0] or moment(self._steps[0]["at"]) < moment(text)):
            self.season.step(self._steps.pop(0))
        self.site.look()

    def address(self, who: str) -> str:
        """Somebody's account."""
        return str(self.season.keys[who].address)

    def number(self, kind: str, name: str) -> str:
        """The number that the story's thing of a name was given."""
        return self.season._ids[kind, name]

    @contextmanager
    def silence(self) -> Iterator[None]:
        """The node says nothing for a while."""
        self._late = STALE * 2.0
        try:
            yield
        finally:
            self._late = 0.0
            self.site.look()

    def close(self) -> None:
        """End the page's server."""
        self.site.close()
        self._server.should_exit = True
        self._thread.join(10)


@contextmanager
def tidepool() -> Iterator[Tidepool]:
    """The story at its very beginning: deployed, and nobody has done anything."""
    options: dict[str, Any] = {**NODE}
    if os.environ.get("DMO_PIPELINE") == "legacy":
        options["disable-code-size-limit"] = True
    with TemporaryDirectory() as text, TemporaryFile("w+b") as log:
        folder = Path(text)
        os.environ.update(DMO_CACHE=str(folder / "cache"), DMO_HOME=str(folder / "home"))
        for name in ("DMO_INDEX", "DMO_ACCOUNT", "DMO_STORE", "DMO_DEPLOYMENT"):
            os.environ.pop(name, None)
        node = Anvil(free_port(), log, options)
        try:
            found = Tidepool(prepare(Chain(node.rpc), ROOT, folder, Silent()))
            try:
                yield found
            finally:
                found.close()
        finally:
            node.stop()


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)
