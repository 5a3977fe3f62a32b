"""What the tests of deploying share: a config to bend, senders that die, a node to disturb."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from dmo.core.chain import Chain, Receipt
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "config" / "local.toml"
STRANGER = "0x" + 38 * "0" + "77"
DAY = 86_400
STEPS = 16
ROOMS = ("drops", "badges", "outcomes", "forecasts", "advisor")
"""Rooms of the example that tests leave out, unless they are about them."""
TREASURY_REST = 370_000 * 10**18  # of its own token


class Killed(BaseException):
    """The process died here, as far as a test can tell: nothing catches it."""


class DyingSender:
    """Dies at its n-th transaction, just before or just after it was broadcast."""

    def __init__(self, sender: UnlockedSender, at: int, *, is_broadcast: bool) -> None:
        self._sender = sender
        self._left = at
        self._is_broadcast = is_broadcast

    @property
    def address(self) -> str:
        return self._sender.address

    def send(self, to: str | None, data: bytes, nonce: int) -> str:
        self._left -= 1
        if self._left < 0 and not self._is_broadcast:
            raise Killed
        tx = self._sender.send(to, data, nonce)
        if self._left < 0:
            raise Killed
        return tx


class StingySender(UnlockedSender):
    """Gives the creations it is told to too little gas, so that they fail on the chain."""

    def __init__(self, chain: Chain, account: str, failing: int) -> None:
        super().__init__(chain, account)
        self._node = chain
        self._left = failing

    def send(self, to: str | None, data: bytes, nonce: int) -> str:
        self._left -= 1
        if self._left >= 0:
            return super().send(to, data, nonce)
        order = {
            "from": self.address,
            "data": "0x" + data.hex(),
            "nonce": hex(nonce),
            "gas": hex(1_000_000),
            **({"to": to} if to else {}),
        }
        return str(self._node.transport.request("eth_sendTransaction", [order]))


def act_as(node: Chain, account: str, to: str | None, data: bytes) -> Receipt:
    """Send a call as any account, contracts included."""
    node.transport.request("anvil_impersonateAccount", [account])
    node.transport.request("anvil_setBalance", [account, hex(10**20)])
    # A second later a call may take more than it was tried with.
    order: dict[str, Any] = {"from": account, "data": "0x" + data.hex(), "gas": hex(10_000_000)}
    if to is not None:
        order["to"] = to
    receipt = node.wait(str(node.transport.request("eth_sendTransaction", [order])))
    assert receipt.is_ok, "the disturbance itself failed"
    return receipt


def without_rooms(text: str) -> str:
    """A config that asks for none of them."""
    return "".join(line for line in text.splitlines(keepends=True) if line.partition(" ")[0] not in ROOMS)


def example_in(folder: Path) -> Path:
    """A folder with the example's config, without rooms, and its holders."""
    shutil.copy(EXAMPLE.with_name("local-holders.csv"), folder)
    (folder / EXAMPLE.name).write_text(without_rooms(EXAMPLE.read_text("utf-8")))
    return folder


def bend(file: Path, old: str, new: str) -> None:
    """Change a config file; the old text has to be there."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def balance(node: Chain, run: DeployRun, account: str) -> int:
    """What an account has of the votes token."""
    return int(node.call("HolderToken", run.plan.votes_token, "balanceOf", account))


def require_told(what: str, gas: int) -> None:
    """The gas has to be what docs/deploying.md tells, within a hundredth; unoptimized code is never deployed."""
    told = re.search(rf"\| {re.escape(what)} \| ([\d,]+) \|", (ROOT / "docs/deploying.md").read_text("utf-8"))
    assert told, f"docs/deploying.md lacks: | {what} | {gas:,} |"
    if os.environ.get("DMO_PIPELINE") != "legacy":
        assert gas == pytest.approx(int(told[1].replace(",", "")), rel=0.01), f"{what}: {gas:,}"
