"""A DMO with work that becomes due: as much as is asked for, its kinds and numbers by seed.

What is due is known from how it was made, what is done from the chain's events: neither asks the keeper. The world is
made once and kept as a state; every seed goes on from it. Amounts in units of the budget token unless they say
otherwise, times in Unix seconds.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmo.core.abi.codec import checksum, encode, keccak
from dmo.core.calls import Call
from dmo.core.chain import Chain
from dmo.core.errors import CheckFailed
from dmo.deploy.artifacts import creation_input, load_artifacts
from dmo.home.deployment import Dmo, load_book
from dmo.home.keystores import Keystores
from tests.support.calls import allow, bounty, call, idea, record
from tests.support.cli_chain import DAY, PASSWORD, ROOT, Stage, key
from tools.rig.chain import LiveChain

KEEPERS = ("keeper", "second")
DIGEST, DOLLAR = b"\x11" * 32, 10**6
CAMPAIGNS, LONG = 5, 12 * DAY
REWARD, BOND = 10 * DOLLAR, 2 * DOLLAR
POOR = [str(checksum(f"0x{0xB0000000 + number:040x}")) for number in range(8)]
"""Payees whom the budget token does not let have anything, at first."""
GAS, PER_BLOCK = hex(1_500_000), 30
ROOM = 24
"""Blocks before the work begins: reorganisations reach so far at most."""
Key = tuple[str, int | str]
"""A due act: its kind, and the number or account that it is about."""


@dataclass(frozen=True)
class Wave:
    """What becomes due at one moment, and cannot before; how often, where it is more than once."""

    at: int
    due: Counter[Key]


class World:
    """A deployment on a live-like chain, its people, and what is due of it.

    Args:
        chain: The chain.
        folder: Keystores, address book, the keepers' own folders.
    """

    def __init__(self, chain: LiveChain, folder: Path) -> None:
        self.live, self.folder = chain, folder
        self.chain = Chain.connect(chain.url, timeout=60)
        self.stage = Stage(self.chain, chain.url, folder)
        self.waves: list[Wave] = []
        for place, name in enumerate(KEEPERS, 8):
            Keystores(folder / "keystores").put(name, bytes(key(place).key), PASSWORD, iterations=1024)

    @property
    def dmo(self) -> Dmo:
        """The deployment."""
        return self.stage.dmo

    @property
    def book(self) -> Path:
        """Its address book."""
        return self.folder / "deployments" / "harbour.json"

    @staticmethod
    def account(name: str) -> str:
        """A keeper's address."""
        return str(key(8 + KEEPERS.index(name)).address)

    # ── the base: made once ─────────────────────────────────────────────────────────────────────

    def found(self) -> None:
        """Deploy, fund campaigns, accept work of payees who cannot take their money, post ideas for the next round."""
        self._automine(True)
        self.stage.deploy(budget=f'token = "{self._dollar()}"')
        self.stage.fund(each=5_000)
        self.stage.round_starts(1)
        for number in range(CAMPAIGNS):
            self.does("alice", "IdeaBoard", "post", idea(DIGEST, 1_200 * DOLLAR, LONG, 500 * (number % 2)))
        self.stage.round_starts(2)
        self.does("alice", "IdeaBoard", "castBallot", 1, [*range(1, CAMPAIGNS + 1)], [])
        self.stage.round_starts(3)
        self.does("bob", "IdeaBoard", "settle", 1, [*range(1, CAMPAIGNS + 1)], 0)
        for spender in ("CampaignEscrow", "DisputeDesk"):
            self.all((who, allow(self.dmo, 4_000 * DOLLAR, spender)) for who in ("alice", "dave"))
        self.post_bounty(1, len(POOR), 2 * DAY)
        self.all(
            ("dave", call(self.dmo, "CampaignEscrow", "submitWork", 1, DIGEST, [(who, 10_000)], BOND)) for who in POOR
        )
        self.all(
            ("alice", call(self.dmo, "CampaignEscrow", "acceptWork", number, DIGEST))
            for number in range(1, len(POOR) + 1)
        )
        self.block(POOR, is_blocked=True)
        self.does("alice", "IdeaBoard", "post", idea(DIGEST, 1_000 * DOLLAR, 2 * DAY, 0))
        self._automine(False)
        self.live.settle(0)
        self.live.save()

    def _dollar(self) -> str:
        """A budget token with a blocklist, as real ones have."""
        arguments = {"name": "Rig Dollar", "symbol": "RIG", "decimals": 6}
        data = creation_input(load_artifacts(ROOT / "build", ["Stablecoin"])["Stablecoin"], arguments)
        order = {"from": self.stage.deployer.address, "data": "0x" + data.hex()}
        return str(self.chain.wait(self.live.ask("eth_sendTransaction", order)).contract_address)

    def keep(self, where: Path) -> None:
        """Keep state and folders, for ``World.again``."""
        shutil.copytree(self.folder / "deployments", where / "deployments", dirs_exist_ok=True)
        shutil.copy(self.live.state, where / "base.json")

    @classmethod
    def again(cls, where: Path, folder: Path) -> World:
        """A world like the one that was kept, on a chain of its own."""
        live = LiveChain(folder / "chain", where / "base.json")
        world = cls(live, folder)
        shutil.copytree(where / "deployments", folder / "deployments", dirs_exist_ok=True)
        world.stage.dmo = Dmo.from_book("harbour", load_book(world.book), world.chain)
        return world

    def book_for(self, name: str, url: str) -> Path:
        """A keeper's copy of the address book, by which it asks this address."""
        folder = self.folder / f"book-{name}"
        shutil.copytree(self.book.parent, folder)
        facts = {"rpc": url, "keystores": "../keystores"}
        (folder / "harbour.local.json").write_text(json.dumps(facts))
        return folder / "harbour.json"

    # ── acts of people ──────────────────────────────────────────────────────────────────────────

    def _automine(self, is_on: bool) -> None:
        self.live.ask("evm_setAutomine", is_on)

    def does(self, who: str, contract: str, function: str, *arguments: Any) -> None:
        """Let somebody call one of the contracts."""
        self.all([(who, call(self.dmo, contract, function, *arguments))])

    def all(self, calls: Iterable[tuple[str, Call]]) -> None:
        """Send many in few blocks, in their order; all have to succeed."""
        self._automine(False)
        calls = [*calls]
        nonces: Counter[str] = Counter()
        for start in range(0, len(calls), PER_BLOCK):
            part = calls[start : start + PER_BLOCK]
            orders = []
            for who, one in part:
                sender = self.stage.deployer.address if who == "issuer" else self.stage.address(who)
                nonces[sender] = nonces[sender] or self.live.nonce(sender)
                order = {"from": sender, "to": one.to, "data": "0x" + one.data.hex(), "gas": GAS}
                orders.append({**order, "nonce": hex(nonces[sender]), "gasPrice": hex(10**11)})
                nonces[sender] += 1
            self.live.answers([("eth_sendTransaction", [order]) for order in orders])
            self.live.ask("evm_mine")
            for (who, one), receipt in zip(part, self._receipts(len(part)), strict=True):
                if int(receipt["status"], 16) != 1:
                    self.chain.simulate(one, receipt["from"], int(receipt["blockNumber"], 16) - 1)
                    raise CheckFailed(f"{who} could not: {one.description}")
        self._automine(True)

    def block(self, accounts: Iterable[str], *, is_blocked: bool) -> None:
        """Let the budget token refuse accounts, or no longer."""
        selector = keccak(b"setBlocked(address,bool)")[:4]
        data = (selector + encode(["address", "bool"], [one, is_blocked]) for one in accounts)
        self.all(("issuer", Call(self.dmo.budget_address, one, 0, "Block")) for one in data)

    def post_bounty(self, campaign: int, slots: int, seconds: int = 0) -> int:
        """Let the lead offer so many places, for so long (to the campaign's end unless given); its number."""
        until = (
            self.live.now() + seconds
            if seconds
            else record(self.dmo, "CampaignEscrow", "campaignOf", campaign)["ends_at"]
        )
        self.does("alice", "CampaignEscrow", "postBounty", bounty(campaign, REWARD, BOND, until, slots, DIGEST))
        return int(self.dmo.read("CampaignEscrow", "counts")[1])

    def submit(self, number: int, count: int) -> list[int]:
        """Let a worker hand in so much; the numbers."""
        last = int(self.dmo.read("CampaignEscrow", "counts")[2])
        self.all([("dave", call(self.dmo, "CampaignEscrow", "submitWork", number, DIGEST, [], BOND))] * count)
        return [*range(last + 1, last + count + 1)]

    def _receipts(self, count: int) -> list[Any]:
        found = list(self.live.ask("eth_getBlockReceipts", "latest"))
        if len(found) != count:
            raise CheckFailed(f"only {len(found)} of {count} transactions were mined")
        return found

    # ── work that becomes due ───────────────────────────────────────────────────────────────────

    def make_due(self, seed: int, acts: int = 120) -> None:
        """Make so many acts due, by seed; ``waves`` says which at what moment."""
        from tools.rig.work import Work

        self._automine(True)
        self.waves = Work(self, random.Random(f"due {seed}"), acts).waves  # noqa: S311 - by seed
        self._automine(False)
        self.live.settle(0)
        for _ in range(ROOM):
            self.live.mine()
        self.live.settle(ROOM)
