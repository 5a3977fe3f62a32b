"""A told chain with accounts: what is sent waits in a pool, is mined, is lost, and comes back after a fork.

Nothing is signed in earnest: a key writes down what it was asked to sign. The pool takes another transaction of a
nonce only for a tenth more of both fees, as nodes do.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dmo.core import abi
from dmo.core.abi.codec import checksum, encode, keccak
from dmo.core.chain import Chain
from dmo.core.errors import NetworkError, NodeError
from dmo.home.deployment import Dmo, Token
from dmo.home.home import Home, Options
from dmo.home.keeping.keeper import Keeper, Settings
from tests.support import node
from tests.support.chronicle import ACCEPTED, BIRTH, CHALLENGE, DONE, REJECTED, Chronicle, Told, account, digest
from tests.support.node import ADDRESSES

KEEPER, OTHER = checksum("0x" + "c0" * 20), checksum("0x" + "d0" * 20)
GWEI = 10**9
LIMIT = 4_000_000
"""Gas of a block: half of it holds 20 payments."""
EACH, ALWAYS = 75_000, 40_000
ROUND = 10**6


class Key:
    """Signs for an account: the bytes say what was signed."""

    def __init__(self, address: str) -> None:
        self.address = address

    def sign_transaction(self, order: dict[str, Any]) -> Any:
        raw = json.dumps({"from": self.address, **order}, sort_keys=True).encode()
        return SimpleNamespace(hash=keccak(raw), raw_transaction=raw)


class Crash(BaseException):
    """The process is killed."""


class Town(Chronicle):
    """A chain with work that is accepted, and with people who send.

    Attributes:
        base: Base fee of the next blocks, wei.
        pool: What waits, by account and nonce.
        mined: All that was ever mined on the branch that stands, in its order.
        on_send: Called with each raw transaction before the pool sees it; may raise.
        poison: Submissions whose payment is refused.
    """

    def __init__(self, works: int = 0) -> None:
        self.base = 10 * GWEI
        self.pool: dict[tuple[str, int], dict[str, Any]] = {}
        self.on_send: Callable[[dict[str, Any]], None] = lambda _: None
        self.poison: set[int] = set()
        self.final = 64
        self.solid, self.least = 0, 0
        self.keepers: dict[str, Keeper] = {}
        self.balance = 10**18
        self.campaign_closable = False
        super().__init__()
        first = dict(self.blocks[-1]["state"])
        first |= {"nonces": {}, "closed": False, "receipts": {}}
        self.blocks[-1]["state"] = first
        self.tell(self._opened, 1)
        if works:
            self.tell(self._worked, works)

    # ── what happened ──

    def tell(self, happens: Callable[..., list[Told]], *given: Any) -> None:
        """A block in which something happens."""
        state = self._state()
        told = happens(state, self.blocks[-1]["at"] + 2, *given)
        self.block(told)
        self.blocks[-1]["state"] = state
        self.solid = len(self.blocks)

    def _state(self) -> dict[str, Any]:
        state = self.blocks[-1]["state"]
        return {name: copy.copy(its) for name, its in state.items()}

    @staticmethod
    def _opened(state: dict[str, Any], at: int, number: int) -> list[Told]:
        lead = account(number)
        state["campaigns"][number] = {"lead": lead, "ends": at + 10**6, "ask": 10**9, "key": (1, number)}
        state["bounties"][number] = {"campaign": number, "reward": 10**6, "submitBy": at + 10**6}
        told = {"round": 1, "number": number, "lead": lead, "ask": 10**9, "feeBps": 500}
        facts = (number, 10**6, 5, at + 10**6, 3, False, node.ADDRESSES["BudgetToken"], digest("brief"))
        return [
            ("CampaignEscrow", "CampaignFunded", {"campaign": number, **told, "endsAt": at + 10**6, "termsId": 1}),
            ("CampaignEscrow", "BountyPosted", {"bounty": number, "campaign": number, "facts": facts}),
        ]

    @staticmethod
    def _worked(state: dict[str, Any], at: int, count: int, stage: int = ACCEPTED) -> list[Told]:
        told: list[Told] = []
        for number in range(len(state["works"]) + 1, len(state["works"]) + count + 1):
            worker, evidence = account(100 + number), digest("work", number)
            state["works"][number] = {"bounty": 1, "worker": worker, "stage": stage, "since": at, "reworked": False}
            state["works"][number]["evidence"] = evidence
            named = {"submission": number, "bounty": 1, "worker": worker, "payees": [], "evidence": evidence}
            told.append(("CampaignEscrow", "WorkSubmitted", named))
            if stage == DONE:  # long over
                ended = {"submission": number, "campaign": 1, "reward": 5}
                told.append(("CampaignEscrow", "WorkPaid", ended))
        return told

    def work(self, count: int, stage: int = ACCEPTED) -> None:
        """Work that was accepted, rejected or done."""
        self.tell(self._worked, count, stage)

    def void(self, count: int) -> None:
        """Work that was rejected."""
        self.tell(self._worked, count, REJECTED)

    def wait(self, seconds: int = CHALLENGE + 60) -> None:
        """Empty blocks, so that what was accepted is to be paid."""
        for _ in range(-(-seconds // 2)):
            self.mine(is_empty=True)

    # ── who sends ──

    def mine(self, *, is_empty: bool = False, without: Sequence[str] = ()) -> list[dict[str, Any]]:
        """The next block, with what waits and pays its base fee; says what it holds."""
        state = self._state()
        state["receipts"] = {}
        held: list[dict[str, Any]] = []
        told: list[Told] = []
        at = max(self.blocks[-1]["at"] + 2, self.least)
        for (who, nonce), order in [] if is_empty else sorted(self.pool.items()):
            if nonce < state["nonces"].get(who, 0):
                del self.pool[who, nonce]
            if who in without or nonce != state["nonces"].get(who, 0) or order["maxFeePerGas"] < self.base:
                continue
            did = self._does(state, at, order["data"], order["to"])
            told += did or []
            state["nonces"][who] = nonce + 1
            state["receipts"][order["hash"]] = {**order, "is_ok": did is not None, "number": len(self.blocks)}
            held.append(order)
            del self.pool[who, nonce]
        self.block(told)
        self.blocks[-1] |= {"state": state, "at": at}
        return held

    def _does(self, state: dict[str, Any], at: int, data: str, to: str) -> list[Told] | None:
        """What a call does; None where it is refused."""
        if data == "0x":
            return []
        contract = next(name for name, address in ADDRESSES.items() if address == to.lower())
        function, asked = abi.decode_call(contract, bytes.fromhex(data[2:]))
        if function == "closeCampaign":
            if state["closed"] or not self.campaign_closable:
                return None
            state["closed"] = True
            return [("CampaignEscrow", "CampaignSwept", {"campaign": 1, "voted": 0, "gift": 0})]
        name, wanted = {"payWork": ("WorkPaid", 6), "releaseWork": ("WorkReleased", 7)}[function]
        numbers = asked["submissions"]
        if self.poison & set(numbers):
            return None
        told: list[Told] = []
        for number in dict.fromkeys(numbers):
            one = state["works"][number]
            if self.status(one, at) != wanted:
                continue
            state["works"][number] = {**one, "stage": DONE}
            told.append(("CampaignEscrow", name, {"submission": number, "campaign": 1, "reward": 5}))
        return told or None

    @staticmethod
    def status(one: dict[str, Any], at: int) -> int:
        from tests.support.chronicle import status_of

        return status_of(one["stage"], one["since"], at)[0]

    def fork(self, depth: int, *, is_lost: bool = False) -> None:
        """Take blocks back, but no work and no time; what they held waits again, or is lost."""
        depth, self.least = min(depth, len(self.blocks) - self.solid), self.blocks[-1]["at"]
        for one in self.blocks[len(self.blocks) - depth :]:
            for order in () if is_lost else one["state"].get("receipts", {}).values():
                self.pool.setdefault((order["from"], order["nonce"]), order)
        if depth:
            super().fork(depth)

    @property
    def mined(self) -> list[dict[str, Any]]:
        return [one for block in self.blocks for one in block["state"].get("receipts", {}).values()]

    def paid(self) -> list[int]:
        """Submissions that events say were paid or released, in their order."""
        names = {keccak(b"WorkPaid(uint32,uint32,uint256)"), keccak(b"WorkReleased(uint32,uint32)")}
        topics = {abi.event_topic("CampaignEscrow", name) for name in ("WorkPaid", "WorkReleased")} | {
            "0x" + one.hex() for one in names
        }
        found = [raw for block in self.blocks for raw in block["logs"] if raw["topics"][0] in topics]
        return [int(raw["topics"][1], 16) for raw in found]

    # ── the node ──

    def header(self, number: int) -> dict[str, str] | None:
        if number == len(self.blocks):
            at = self.blocks[-1]["at"] + 2
            return {"number": hex(number), "hash": "0x" + "00" * 32, "timestamp": hex(at)}
        found = super().header(number)
        return found and {**found, "baseFeePerGas": hex(self.base), "gasLimit": hex(LIMIT)}

    def _at(self, tag: Any) -> int | NodeError:
        if isinstance(tag, dict):
            numbers = [number for number, one in enumerate(self.blocks) if one["hash"] == tag["blockHash"]]
            return numbers[0] if numbers else NodeError("eth_call", "Resource not found", -32001)
        known = {"latest": 0, "finalized": -self.final, "pending": 0}
        return max(len(self.blocks) - 1 + known[tag], BIRTH) if tag in known else int(tag, 16)

    def _pending(self) -> dict[str, Any]:
        """The state with what waits on top of it."""
        state = self._state()
        for order in self.pool.values():
            self._does(state, self.blocks[-1]["at"], order["data"], order["to"])
        return state

    def _tried(self, method: str, order: dict[str, str], tag: Any) -> Any:
        number = self._at(tag)
        if isinstance(number, NodeError):
            return number
        is_pending = tag == "pending"
        state = self._pending() if is_pending else {k: copy.copy(v) for k, v in self.blocks[number]["state"].items()}
        did = self._does(state, self.blocks[number]["at"], order["data"], order["to"])
        if did is None:
            error = abi.entry("CampaignEscrow", "CampaignEscrowNothingToClose", "error")
            return NodeError(method, "execution reverted", 3, error.selector + encode(["uint32"], [1]))
        gas = ALWAYS + EACH * len(did)
        return hex(gas) if gas <= LIMIT else NodeError(method, "gas required exceeds allowance")

    def view(self, data: bytes, number: int) -> bytes:
        names = {entry.selector: (contract, name) for contract, name in _VIEWS for entry in [abi.entry(contract, name)]}
        if (found := names.get(data[:4])) is None:
            return super().view(data, number)
        state = self.blocks[number]["state"]
        answers: dict[str, list[Any]] = {
            "frame": [0, ROUND, 60, 60],
            "settlementDue": [0],
            "closable": [[1] if self.campaign_closable and not state["closed"] else [], 0],
        }
        outputs = abi.entry(*found).outputs
        if found[1] == "frame":
            return encode([field.kind for field in outputs], _frame(outputs))
        return encode([field.kind for field in outputs], answers[found[1]])

    def answer(self, method: str, params: Sequence[Any]) -> Any:
        simple = {"eth_maxPriorityFeePerGas": GWEI, "eth_gasPrice": self.base + GWEI, "eth_getBalance": self.balance}
        if method in simple:
            self.asked += 1
            return hex(simple[method])
        if method == "eth_getTransactionCount":
            number = self._at(params[1])
            return number if isinstance(number, NodeError) else hex(self._nonces(number).get(params[0], 0))
        if method == "eth_getTransactionReceipt":
            return self._receipt(params[0])
        if method == "eth_sendRawTransaction":
            return self.send(bytes.fromhex(params[0][2:]))
        if method == "eth_estimateGas" or (method == "eth_call" and "from" in params[0]):
            self.asked += 1
            return self._tried(method, *params[:2])
        if method == "eth_call":
            number = self._at(params[1])
            if isinstance(number, NodeError):
                return number
            return super().answer(method, [params[0], hex(number)])
        return super().answer(method, params)

    def _nonces(self, number: int) -> dict[str, int]:
        found: dict[str, int] = self.blocks[number]["state"].get("nonces", {})
        return found

    def _receipt(self, tx: str) -> Any:
        for block in self.blocks:
            if one := block["state"].get("receipts", {}).get(tx):
                gas = {"gasUsed": hex(one["gas"] // 2), "effectiveGasPrice": hex(one["maxFeePerGas"])}
                told = {"transactionHash": tx, "blockNumber": hex(one["number"]), "status": hex(one["is_ok"])}
                return {**told, **gas, "logs": []}
        return None

    def send(self, raw: bytes) -> Any:
        """What the pool says to a transaction."""
        order = {**json.loads(raw), "hash": "0x" + keccak(raw).hex()}
        self.on_send(order)
        key = order["from"], order["nonce"]
        method = "eth_sendRawTransaction"
        if order["nonce"] < self._nonces(len(self.blocks) - 1).get(order["from"], 0):
            return NodeError(method, "nonce too low", -32000)
        if (old := self.pool.get(key)) is not None:
            if old["hash"] == order["hash"]:
                return NodeError(method, "already known", -32000)
            if any(10 * order[fee] < 11 * old[fee] for fee in ("maxFeePerGas", "maxPriorityFeePerGas")):
                return NodeError(method, "replacement transaction underpriced", -32000)
        self.pool[key] = order
        return order["hash"]


_VIEWS = (("IdeaBoard", "frame"), ("Lens", "settlementDue"), ("Lens", "closable"))


def _frame(outputs: Sequence[Any]) -> list[Any]:
    """A frame of rounds so long that none ends."""

    def value(field: Any) -> Any:
        return tuple(value(one) for one in field.members) if field.members else ROUND * 100

    return [value(field) for field in outputs]


def keeping(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    settings: Settings | None = None,
    who: str = KEEPER,
    chain_id: int = 31337,
) -> tuple[Keeper, list[dict[str, Any]]]:
    """A keeper in a process of its own, with its disk in a folder; and what it says."""
    monkeypatch.setenv("DMO_CACHE", str(folder / "cache"))
    monkeypatch.setenv("DMO_HOME", str(folder / "home"))
    monkeypatch.delenv("DMO_INDEX", raising=False)
    addresses = {name: at for name, at in ADDRESSES.items() if name not in ("VotesWrapper", "HolderToken")}
    dmo = Dmo("told", chain_id, addresses, BIRTH, Chain(town, sleep=lambda _: None))
    dmo.__dict__["budget_token"] = Token(ADDRESSES["BudgetToken"], "PLAY", 6)
    home = Home(Options(account=who), dmo=dmo)
    signs: Any = Key(who)
    home.names.key = lambda: signs
    said: list[dict[str, Any]] = []
    chosen = settings or Settings(max_fee=100 * GWEI, is_sending=True, is_single=True)
    if (before := town.keepers.get(who)) is not None:
        before.journal.close()  # its process has ended
    keeper = Keeper(home, chosen, lambda event, **told: said.append({"event": event, **told}))
    town.keepers[who] = keeper
    return keeper, said


def silent(*_: Any) -> None:
    """A node that is gone."""
    raise NetworkError("The node is silent.")
