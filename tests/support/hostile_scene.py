"""A deployment whose budget token misbehaves, with a hundred pieces of work that wait for their pay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call
from dmo.core.chain import GAS_LIMIT
from dmo.core.sender import KeySender
from dmo.deploy.contracts import created_address
from tests.support.calls import allow, bounty, call, idea, record
from tests.support.cli_chain import DAY, Stage, anvil

DIGEST = b"\x11" * 32
WORKS = 100
UNIT = 10**6


class Scene(Stage):
    """The stage, and its token.

    Attributes:
        code: Creation code of HostileToken.
        token: Its address.
        plain: What lists tell while it is plain.
    """

    code: bytes
    token: str
    plain: list[Any]

    def create(self, decimals: int) -> str:
        """Another such token; its address."""
        nonce = self.chain.nonce(self.deployer.address)
        order = {"from": self.deployer.address, "data": "0x" + (self.code + encode(["uint8"], [decimals])).hex()}
        assert self.chain.wait(self.chain.transport.request("eth_sendTransaction", [order])).is_ok
        return created_address(self.deployer.address, nonce)

    def tell(self, signature: str, *values: Any, at: str = "") -> None:
        """Tell the token, as anybody may."""
        types = signature[signature.index("(") + 1 : -1].split(",")
        data = keccak(signature.encode())[:4] + encode(types, list(values))
        KeySender(self.chain, self.deployer).send(Call(at or self.token, data, 0, signature))

    def books(self) -> dict[str, int]:
        return dict(record(self.dmo, "CampaignEscrow", "books"))

    def status(self, work: int) -> int:
        return int(self.dmo.read("CampaignEscrow", "statusOf", work))

    def credit(self, account: str) -> int:
        return int(record(self.dmo, "CampaignEscrow", "creditOf", account)["amount"])

    def held(self, account: str) -> int:
        return int(self.chain.call("ERC20", self.token, "balanceOf", account))

    def many(self, who: str, calls: list[Call]) -> None:
        """Send many calls of one account in few blocks."""
        request, sender = self.chain.transport.request, self.address(who)
        request("evm_setAutomine", [False])
        first = self.chain.nonce(sender)
        for place, one in enumerate(calls):
            order = {"from": sender, "to": one.to, "data": "0x" + one.data.hex(), "gas": hex(800_000)}
            request("eth_sendTransaction", [{**order, "nonce": hex(first + place)}])
            if place % 50 == 49:
                request("evm_mine", [])
        request("evm_mine", [])
        request("evm_setAutomine", [True])
        assert self.chain.nonce(sender) == first + len(calls)

    def hand_in(self, payees: list[list[tuple[str, int]]]) -> list[int]:
        """Work of dave's for each of these payees in a bounty of alice's; payable afterwards."""
        dmo, send = self.dmo, KeySender(self.chain, self.keys["alice"]).send
        until = self.chain.now() + 5 * DAY
        send(call(dmo, "CampaignEscrow", "postBounty", bounty(1, 10 * UNIT, 0, until, len(payees), DIGEST)))
        _, number, before = dmo.read("CampaignEscrow", "counts")
        bond = record(dmo, "CampaignEscrow", "bountyOf", number)["bond"]
        self.many("dave", [allow(dmo, bond * len(payees))])
        self.many("dave", [call(dmo, "CampaignEscrow", "submitWork", number, DIGEST, its, bond) for its in payees])
        self.later(3 * DAY + 60)
        return list(range(before + 1, before + 1 + len(payees)))


@contextmanager
def hostile_scene(folder: Path, code: bytes) -> Iterator[Scene]:
    """A running campaign of alice's; the node takes no transaction, and estimates none, above 2^24 gas."""
    with anvil(31337, "--enable-tx-gas-limit") as (chain, url):
        scene = Scene(chain, url, folder)
        scene.code = code
        scene.token = scene.create(6)
        scene.deploy(budget=f'token = "{scene.token}"')
        scene.fund(each=5_000)
        dmo, send = scene.dmo, KeySender(chain, scene.keys["alice"]).send
        scene.round_starts(1)
        send(call(dmo, "IdeaBoard", "post", idea(DIGEST, 2_000 * UNIT, 50 * DAY, 1_000)))
        scene.round_starts(2)
        send(call(dmo, "IdeaBoard", "castBallot", 1, [1], []))
        scene.round_starts(3)
        send(call(dmo, "IdeaBoard", "settle", 1, [1], 0))
        yield scene


__all__ = ["GAS_LIMIT", "UNIT", "WORKS", "Scene", "hostile_scene"]
