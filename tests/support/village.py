"""A told chain on which everything has an answer, and ideas with the texts of anybody."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from dmo.core import abi
from dmo.core.abi.codec import checksum, encode
from dmo.core.digests import digest
from dmo.core.errors import NodeError
from dmo.core.merkle import Share
from dmo.home import manifests
from tests.support.chronicle import ZERO, Chronicle, Told, account
from tests.support.node import ADDRESSES

_JSON = "data:application/json;base64,"
LISTED = ("submissions", "campaigns", "bounties", "ideas")
ORIGIN, LENGTH = 1_000, 100
AUTHOR = account(3)
ME = account(77)


def zero(field: abi.Field) -> Any:
    """Nothing, of an ABI type."""
    if field.kind.endswith("]"):
        return []
    if field.members:
        return tuple(map(zero, field.members))
    if field.kind == "address":
        return ZERO
    if field.kind == "bool":
        return False
    if field.kind == "string":
        return ""
    if field.kind.startswith("bytes"):
        return bytes(int(field.kind[5:] or 0))
    return 0


def picture() -> str:
    """What a badge says of itself."""
    image = b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
    return _JSON + b64encode(f'{{"image":"data:image/svg+xml;base64,{image}"}}'.encode()).decode()


class Village(Chronicle):
    """A told chain on which every view has an answer, nothing as a rule; ``refuses`` is what any try meets."""

    def __init__(self, seed: int = 3) -> None:
        super().__init__(seed)
        self.views: dict[str, Any] = {
            "frame": (ORIGIN, LENGTH, 10, 5, 5),
            "symbol": "PLAY",
            "decimals": 6,
            "eip712Domain": (b"\x0f", "IdeaBoard", "1", 31337, ADDRESSES["IdeaBoard"], bytes(32), []),
            "rulesOf": (5_000_000, 400, 100),
            "postingThreshold": 10,
            "postingPower": 40,
            "pastWeight": 50,
            "getPastVotes": 50,
            "balanceOf": 10**12,
            **{"basis": 1, "least": 10**19, "source": ADDRESSES["Reputation"], "tokenURI": picture()},
            "votesToken": ADDRESSES["HolderToken"],
        }
        self.refuses: NodeError | None = None

    def answer(self, method: str, params: Sequence[Any]) -> Any:
        if method == "eth_estimateGas":
            return self.refuses or hex(50_000)
        if method == "eth_getLogs" and isinstance(params[0]["address"], str):
            return []  # the votes token's transfers, of which nothing is told
        if method in ("eth_getCode", "eth_getTransactionByHash", "eth_getTransactionReceipt"):
            return "0x60" if method == "eth_getCode" else None
        if method in ("eth_gasPrice", "eth_getBalance", "eth_getTransactionCount"):
            return hex(1)
        if method == "eth_simulateV1":
            return NodeError(method, "the method does not exist", -32601)
        if method != "eth_call":
            return super().answer(method, params)
        order, tag = params[0], params[1]
        data = bytes.fromhex(order["data"][2:])
        if "from" in order:
            return self.refuses or "0x"
        contracts = [name for name, at in ADDRESSES.items() if at.lower() == order["to"].lower()]
        return "0x" + self.told(contracts, data, tag).hex()

    def told(self, contracts: Sequence[str], data: bytes, tag: str) -> bytes:
        number = len(self.blocks) - 1 if tag == "latest" else int(tag, 16)
        for name in (*contracts, "ERC20", "IdeaBoard", "HolderGovernor", "BadgeRule"):
            entry = (
                next((one for one in abi.load(name) if one.selector == data[:4]), None) if name in abi.names() else None
            )
            if entry is None:
                continue
            if name == "Lens" and entry.name in LISTED:
                return self.view(data, number)
            value = self.views.get(entry.name, tuple(map(zero, entry.outputs)))
            values = value if isinstance(value, tuple) and len(entry.outputs) != 1 else [value]
            if entry.name not in self.views:
                values = value
            return encode([one.kind for one in entry.outputs], list(values))
        raise AssertionError(data[:4].hex())

    def speak(self) -> None:
        """A brand, a plan, a claim and an asset, a need, a badge, and a drop whose manifest is on the chain."""
        class_ = {"class": 1, "rule": account(99), "title": "Keeper of the light", "art": bytes(32)}
        token = {"from": ZERO, "to": AUTHOR, "tokenId": 1 << 160 | int(AUTHOR, 16)}
        told: list[Told] = [("Badges", "ClassAdded", class_), ("Badges", "Transfer", token)]
        link, file = "{title: L, where: 'https://l.example'}", "{name: a, sha256: %s, size: 1, media_type: text/plain}"
        papers = {
            "brand": f"why: a\nhow: b\nwhat: c\ndisclosure: paid by holders\nlinks: [{link}]\n",
            "pillar": "promise: it burns\nproof: a\n",
            "objective": "objective: awareness\nwhy: now\n",
            "goal": "goal: {metric: readers, baseline: 0, target: 9, date: 2027-06-30}\n",
            "strategy": "how: so\n",
            "tactic": "audience: user\nchannel: film\nhow: so\n",
            "claim": "says: it burns\nproof: a\n",
            "asset": f"creator: A\nlicence: CC0-1.0\nfiles: [{file % ('ab' * 32)}]\n",
            "need": "audience: user\nmissing: light\nmet_when: it is light\n",
        }
        for place, (kind, fields) in enumerate(papers.items(), 1):
            raw = f"---\nkind: {kind}\ntitle: A {kind}\nlang: en\n{fields}---\nAs it is.\n".encode()
            value = digest(raw)
            told.append(("DocumentLog", "DocumentPublished", {"digest": value, "publisher": AUTHOR, "text": raw}))
            one = {"author": AUTHOR, "until": 0, "digest": value}
            if kind == "need":
                told.append(("NeedsBoard", "NeedPosted", {"need": value, "author": AUTHOR}))
            elif kind == "asset":
                told.append(("ContentRegistry", "AssetAdded", {**one, "asset": 1, "parent": 0, "terms": 5}))
            else:
                parent = 0 if kind in ("brand", "objective", "claim") else place - 1
                told.append(("ContentRegistry", "EntryAdded", {**one, "entry": place, "kind": place, "parent": parent}))
        share = manifests.made([Share(0, checksum(ME), 9)])
        text = {"digest": share.digest, "publisher": AUTHOR, "text": share.raw}
        drop = {"drop": 1, "creator": ADDRESSES["Treasury"], "token": ADDRESSES["BudgetToken"], "amount": 9}
        more = {"root": share.tree.root, "manifest": share.digest, "startsAt": ORIGIN, "expiresAt": 2**31}
        told += [("DocumentLog", "DocumentPublished", text), ("Drops", "DropCreated", {**drop, **more})]
        self.block(told)

    def post(self, text: str | bytes, number: int = 1, round_number: int = 1, ask: int = 1_500_000) -> bytes:
        """An idea with this document, published; returns its digest."""
        raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        value = digest(raw)
        one = {"author": AUTHOR, "ask": ask, "digest": value}
        state = {name: dict(its) if isinstance(its, dict) else its for name, its in self.blocks[-1]["state"].items()}
        state["ideas"][round_number, number] = one
        more = {"lead": AUTHOR, "durationSeconds": 500, "feeBps": 500, "buildsOnRound": 0, "buildsOnNumber": 0}
        named = {"round": round_number, "number": number, "replaces": 0, "version": 1}
        published = {"digest": value, "publisher": AUTHOR, "text": raw}
        self.block(
            [("DocumentLog", "DocumentPublished", published), ("IdeaBoard", "IdeaPosted", {**one, **more, **named})]
        )
        self.blocks[-1]["state"] = state
        return value
