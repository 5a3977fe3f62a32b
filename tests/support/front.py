"""The page as people meet it: served on a stage's chain, in a browser whose wallet is of the stage's people."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect

from dmo.core.errors import NodeError
from dmo.faces.web import relay as relays
from dmo.faces.web.app import make_app
from dmo.faces.web.drafts import Drafts
from dmo.faces.web.guarded import HERE
from dmo.faces.web.serve import _relay, listen
from dmo.faces.web.site import Site
from tests.support.browser import Seen, page_of
from tests.support.cli_chain import Stage
from tests.support.waiting import PATIENCE_SECONDS, until

SENDING = ("eth_sendTransaction", "eth_signTypedData_v4", "wallet_sendCalls")
GAS = hex(5_000_000)
INJECTED = """
(() => {
  const request = async (what) => {
    const told = await window.__wallet(what);
    if (told.hangs) await new Promise(() => {});
    if (told.error) throw Object.assign(new Error(told.error.message), {code: told.error.code});
    return told.result;
  };
  const icon = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=";
  const info = {uuid: "350670db-19fa-4704-a166-e52e178b59d2", name: "Harbour wallet", icon, rdns: "org.harbour.wallet"};
  const detail = Object.freeze({info: Object.freeze(info), provider: Object.freeze({request, on: () => {}})});
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", {detail}));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
})();
"""


class Wallet:
    """A wallet of the stage's people, without a look of its own.

    Attributes:
        who: Whose account it shows.
        says: ``yes``, ``no``, or ``nothing``.
        chain: The chain that it is on, where that is another.
        asked: What it was asked to sign or send.
        atomic: Whether it does several calls at once (EIP-5792): ``supported``, or nothing.
        is_contract: Whether its account is a contract's, such as a Safe's.
    """

    def __init__(self, stage: Stage, who: str) -> None:
        self.stage, self.who = stage, who
        self.says = "yes"
        self.chain: int | None = None
        self.asked: list[tuple[str, Any]] = []
        self.atomic: str | None = None
        self.is_contract = False
        self.batch: list[str] = []

    def __call__(self, source: Any, what: dict[str, Any]) -> dict[str, Any]:
        method, given = what["method"], what.get("params", [])
        if self.says == "nothing" and method in SENDING:
            return {"hangs": True}
        try:
            return {"result": self._answer(method, given)}
        except NodeError as error:
            return {"error": {"code": -32000, "message": error.message}}
        except PermissionError:
            return {"error": {"code": 4001, "message": "User rejected the request."}}

    def _answer(self, method: str, given: list[Any]) -> Any:
        request = self.stage.chain.transport.request
        if method in ("eth_accounts", "eth_requestAccounts"):
            return [self.stage.address(self.who)]
        if method == "eth_chainId":
            return hex(self.chain or self.stage.chain.chain_id)
        if method == "wallet_switchEthereumChain":
            self.chain = None if self.says == "yes" else self.chain
            return None
        if method == "eth_getCode" and self.is_contract:
            return "0x6000"
        if method == "wallet_getCapabilities":
            return {hex(self.stage.chain.chain_id): {"atomic": {"status": self.atomic}}} if self.atomic else {}
        if method in SENDING:
            self.asked.append((method, given))
            if self.says == "no":
                raise PermissionError
        if method == "wallet_sendCalls":
            (batch,) = given
            self.batch = [
                request("eth_sendTransaction", [{"gas": GAS, "from": batch["from"], **one}]) for one in batch["calls"]
            ]
            return {"id": "0x01"}
        if method == "wallet_getCallsStatus":
            return {"status": 200, "receipts": [{"transactionHash": one} for one in self.batch]}
        if method == "eth_sendTransaction":
            given = [
                {"gas": GAS, **given[0]}
            ]  # as wallets do: a second later a call may take more than it was tried with
        return request(method, given)


class Front:
    """A server of the page on a stage, in threads of this process."""

    def __init__(self, stage: Stage, payer: str = "erin") -> None:
        home = stage.home(payer)
        self.stage = stage
        self.site = Site(home, known=dict(home.names.people), clock=lambda: 0.0)  # no page grows old on a busy machine
        self.relay = _relay(home, payer)
        self._over = threading.Event()
        self.site.look()
        self._drafts = Drafts(home.store)
        self._relaying = threading.Thread(target=self.relay.run, args=(self._over,), daemon=True)
        self._relaying.start()
        self.port = 0
        self.up()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Serve; where it was served before."""
        self._socket = listen("127.0.0.1", self.port)
        self.port = self._socket.getsockname()[1]
        app = make_app(self.site, HERE, self.relay, self._drafts)
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
        sockets = {"sockets": [self._socket]}
        self._serving = threading.Thread(target=self._server.run, kwargs=sockets, daemon=True)
        self._serving.start()
        until(lambda: self._server.started)

    def down(self) -> None:
        """Be away."""
        self._server.should_exit = self._server.force_exit = True
        self._serving.join(PATIENCE_SECONDS)
        self._socket.close()

    def close(self) -> None:
        self._over.set()
        self.relay.close()
        self.site.close()
        self.down()
        self._relaying.join(PATIENCE_SECONDS)


@contextmanager
def front(stage: Stage) -> Iterator[Front]:
    """The page of a stage, in the settings of its people."""
    before, relays.EVERY = relays.EVERY, 0.2
    with stage.acting("erin"):
        found = Front(stage)
        try:
            yield found
        finally:
            found.close()
            relays.EVERY = before


class Visit:
    """Somebody at the page."""

    def __init__(self, place: Front, page: Page, seen: Seen, wallet: Wallet) -> None:
        self.place, self.page, self.seen, self.wallet = place, page, seen, wallet

    def go(self, path: str) -> None:
        """Open a page as the chain is now."""
        self.place.site.look()
        self.page.goto(path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def connect(self) -> None:
        """Connect the wallet, as on the first visit."""
        self.press("Connect a wallet")
        expect(self.page.locator("[data-account]")).to_contain_text(self.place.stage.address(self.wallet.who)[:8])
        self.page.wait_for_url("**account=0x*")

    @property
    def answer(self) -> Locator:
        return self.page.locator("[data-answer]")

    def fill(self, **fields: str) -> None:
        """Write into fields by their names."""
        for name, text in fields.items():
            field = self.page.locator(f'[name="{name}"]')
            folded = self.page.locator("details:not([open])", has=field).locator("summary")
            if folded.count():
                folded.first.click()
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)

    def at(self, path: str) -> None:
        """Open a page with the wallet connected, as it stays from page to page."""
        self.go(path)
        if self.page.get_by_role("button", name="Connect a wallet").is_visible():
            self.connect()

    def again(self) -> None:
        """Load an act's page again."""
        self.page.reload()
        self.connected()

    def connected(self) -> None:
        """Wait for the wallet, which connects by itself on a later page; an act would go without it before."""
        expect(self.page.locator("[data-from]")).to_be_hidden()

    def tab_to(self, which: str) -> None:
        """Go on with the tabulator until the element ``one`` in focus is the one that is meant."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(f"(one => {which})(document.activeElement)"):
                return
        raise AssertionError(f"the keyboard does not reach {which}")

    def look(self) -> None:
        """See what an act would do, with the wallet connected."""
        expect(self.page.locator("[data-from]")).to_be_hidden()
        self.press("Show what it would do")

    def does(self, act: str, *, query: str = "", **fields: str) -> None:
        """Fill in an act's form, look, confirm, and see it done."""
        self.at(f"/act/{act.replace(' ', '/')}{query}")
        self.fill(**fields)
        self.look()
        self.confirm()

    def confirm(self) -> None:
        expect(self.answer).to_contain_text("Nothing has been sent")
        self.page.get_by_role("button", name=re.compile("^Confirm in the wallet")).click()
        expect(self.answer.get_by_role("heading", name="Done")).to_be_visible()
        expect(self.answer).to_be_focused()


@contextmanager
def visit(place: Front, shown: Browser, who: str, width: str = "desk", *, scheme: Any = "light") -> Iterator[Visit]:
    """Somebody's browser."""
    wallet = Wallet(place.stage, who)
    with page_of(shown, place.base, width, scheme=scheme) as (page, seen):
        page.context.expose_binding("__wallet", wallet)
        page.context.add_init_script(INJECTED)
        yield Visit(place, page, seen, wallet)
