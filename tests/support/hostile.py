"""A campaign in a token that misbehaves: one of everything that can be paid in or out, and a picture of all money.

Amounts are whole tokens unless they are called units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from brownie import ZERO_ADDRESS, web3
from eth_abi import decode, encode

from tests.support import clock
from tests.support.campaigns import CHALLENGE, DAY, World, deploy_world
from tests.support.claims import WITHOUT_WORDS, Claim

MOODS = ("plain", "returns nothing", "returns false", "lies", "bomb", "pauses")
DECIMALS = {"0 decimals": 0, "18 decimals": 18, "24 decimals": 24}
FROM_THE_BEGINNING = ("fee", "fee on top", *DECIMALS)
HALF = 5_000  # bps
ALL_GAS = 2**256 - 1
GAS_LIMIT = 2**24
GIFTS = 14  # the place of the first campaign's gifts in what the probe tells
# Code that answers whatever it is told: reverts, burns all gas, destroys itself, returns 230,000 bytes.
PAYEES = {
    "payee refuses": "0x5f5ffd",
    "payee burns gas": "0xfe",
    "payee self-destructs": "0x33ff",
    "payee returns a bomb": "0x620382705ff3",
}


def _ask(method: str, *parameters: Any) -> Any:
    return web3.provider.make_request(method, list(parameters))["result"]


@dataclass(frozen=True)
class Order:
    """A call that somebody makes."""

    function: Any
    arguments: tuple[Any, ...]
    sender: Any

    def send(self) -> None:
        """Send it, without all that Brownie wants to know of it; it has to succeed."""
        order = {"from": str(self.sender), "to": self.function._address, "gas": hex(GAS_LIMIT), "gasPrice": "0x0"}
        tx = _ask("eth_sendTransaction", {**order, "data": self.function.encode_input(*self.arguments)})
        assert web3.eth.wait_for_transaction_receipt(tx, poll_latency=0.002)["status"] == 1, self.function._name

    def refusal(self) -> bytes | None:
        """How it would be refused within a transaction's gas; None where it would not."""
        order = {"from": str(self.sender), "to": self.function._address, "gas": GAS_LIMIT}
        try:
            web3.eth.call({**order, "data": self.function.encode_input(*self.arguments)})
        except ValueError as error:
            told = error.args[0]
            data = told.get("data") if isinstance(told, dict) else getattr(error, "data", None)
            return bytes.fromhex((data or "0x").removeprefix("0x"))
        return None


@dataclass
class Stage:
    """A world in which everything waits for its next step.

    Attributes:
        row: Since when the token misbehaves how: one of FROM_THE_BEGINNING, or empty.
        ends: When the campaign of a former lead can be closed, Unix seconds.
    """

    world: World
    probe: Any
    row: str
    works: dict[str, Any] = field(default_factory=dict)
    campaign: int = 0
    former: int = 0
    bounty: int = 0
    open_bounty: int = 0
    ends: int = 0

    def units(self, tokens: int) -> int:
        return tokens * self.world.unit

    def sent(self, tokens: int, row: str = "") -> int:
        """Units to send so that so many whole tokens arrive."""
        return self.units(tokens) * (2 if "fee" in (self.row, (row or self.row).removeprefix("late ")) else 1)

    def people(self) -> dict[str, Any]:
        names = ("governance", "board", "lead", "worker", "other", "stranger", "treasury", "giver")
        return {name: getattr(self.world, name) for name in names}

    def misbehave(self, row: str, hit: str) -> None:
        """From now on the token, or the payee, is as the row says; ``hit`` is whom it concerns."""
        escrow = self.world.escrow
        data = escrow.payWork.encode_input([self.works["second"]])
        misbehave(self.world.token, row, getattr(self.world, hit), escrow, data, self.world.guardian)

    def look(self) -> dict[str, Fraction]:
        """Whose is what; ``short`` is what the escrow lacks of what its books say, or has beyond them (negative)."""
        world, people = self.world, self.people()
        data = self.probe.all.encode_input(world.escrow, [*people.values()])
        answer = web3.eth.call({"to": self.probe.address, "data": data})
        (words,) = decode(["uint256[]"], answer)
        paid, held, received, refunded, pool, bonds_in, bonds_out, bonds, balance = words[:9]
        assert (received, bonds_in) == (paid + refunded + held, bonds_out + bonds)
        found = {"pool": pool, "gifts": words[GIFTS]}
        found["short"] = held + bonds - balance
        for place, name in enumerate(people):
            credit, _, _, tokens = words[len(words) - 4 * len(people) :][4 * place : 4 * place + 4]
            found |= {name: tokens, f"{name}_credit": credit}
        return {name: Fraction(units, world.unit) for name, units in found.items()}

    def expected(self, claim: Claim) -> bytes:
        """The refusal that a claim names, as the chain has it."""
        return expected(claim, (self.world.escrow, self.world.token), self._value)

    def _value(self, named: str | int) -> Any:
        return self.units(named) if isinstance(named, int) else str(getattr(self.world, named))


def expected(claim: Claim, contracts: Iterable[Any], value: Callable[[str | int], Any]) -> bytes:
    """The refusal that a claim names, as the chain has it; nothing where nobody says anything."""
    name, *arguments = claim.error
    if name == WITHOUT_WORDS:
        return b""
    entries = (entry for contract in contracts for entry in contract.abi)
    inputs = next(entry["inputs"] for entry in entries if (entry["type"], entry.get("name")) == ("error", name))
    types = [one["type"] for one in inputs]
    return bytes(web3.keccak(text=f"{name}({','.join(types)})")[:4]) + encode(types, [value(one) for one in arguments])


def misbehave(token: Any, row: str, hit: Any, holder: Any, data: str, by: Any) -> None:
    """From now on the token, or the payee, is as the row says.

    Args:
        token: A HostileToken.
        row: Of the table; nothing happens for what is so from the beginning.
        hit: Who is blocked, or the hostile payee.
        holder: The contract that holds tokens.
        data: What is called there from within every transfer.
        by: Who tells the token.
    """

    def tell(function: Any, *arguments: Any) -> None:
        Order(function, arguments, by).send()

    if row in MOODS:
        tell(token.setMood, MOODS.index(row))
    elif row == "late fee":
        tell(token.setFee, HALF)
    elif row == "blocks":
        tell(token.setBlocked, hit, True)
    elif row == "burns gas":
        tell(token.setAppetite, ZERO_ADDRESS, ALL_GAS)
    elif row == "reenters":
        tell(token.setCall, holder, data)
    elif row.startswith("rebases"):
        tell(token.rebase, holder, 2 * token.balanceOf(holder) if row.endswith("up") else 0)
    elif row in PAYEES:
        tell(token.setListener, hit)
        web3.provider.make_request("anvil_setCode", [str(hit), PAYEES[row]])


def moved(before: Mapping[str, Fraction], after: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """What changed, by who or what."""
    return {name: after[name] - amount for name, amount in before.items() if after[name] != amount}


def build(project: Any, by: Any, row: str) -> Stage:
    """The stage, with a token that misbehaves so from the beginning, if it does."""
    token = project.HostileToken.deploy(DECIMALS.get(row, 6), {"from": by})
    world = deploy_world(project, token, 10 ** DECIMALS.get(row, 6))
    stage = Stage(world, project.EscrowProbe.deploy({"from": by}), row)
    for one in stage.people().values():
        world.mint(one, stage.units(100_000))
    arbitrator = project.HostileArbitrator.deploy({"from": by})
    world.set_terms(arbitrator=arbitrator, paysJurors=True)
    token.setFee(HALF if row == "fee" else 0, {"from": by})
    token.setFeeOnTop(HALF if row == "fee on top" else 0, {"from": by})
    _play(stage, arbitrator)
    return stage


def _play(stage: Stage, arbitrator: Any) -> None:
    world, units, bond = stage.world, stage.units, stage.sent(10)
    escrow, works, by = world.escrow, stage.works, {"from": world.governance}

    def submit(bounty: int, who: Any, *payees: Any) -> int:
        return world.submit(bounty, by=who, payees=payees, amount=bond)

    world.escrow.deposit(stage.sent(20_000), by)
    stage.campaign = campaign = world.fund(ask=units(3_000))
    escrow.topUp(campaign, stage.sent(200), {"from": world.giver})
    stage.bounty = world.post(campaign, slots=10)
    stage.former = world.fund(lead=world.stranger)
    whole = world.post(stage.former, by=world.stranger, reward=units(900), bond=units(90), slots=1)

    works["ready"] = submit(stage.bounty, world.worker, (world.worker, 9_000), (world.other, 1_000))
    works["lot"] = [submit(stage.bounty, who) for who in (world.other, world.worker, world.other)]
    works["second"] = submit(stage.bounty, world.giver)
    works["owed"] = submit(stage.bounty, world.worker)
    for name in ("refuted", "judged", "void"):
        works[name] = submit(stage.bounty, world.other)
    led = world.submit(whole, by=world.other, amount=stage.sent(90))
    escrow.acceptWork(led, escrow.submissionOf(led)["evidence"], {"from": world.stranger})
    for work in (works["ready"], *works["lot"], works["second"], works["owed"], works["refuted"], works["judged"]):
        world.accept(work)
    world.reject(works["void"])
    world.challenge(works["refuted"], by=world.worker, amount=bond)
    world.challenge(works["judged"], by=world.giver, amount=bond)
    arbitrator.rule(0, 2, by)
    arbitrator.rule(1, 1, by)
    arbitrator.setShares(1, [world.worker, world.board], [4, 1], by)
    clock.pass_time(CHALLENGE)

    world.pay(works["judged"], led)
    escrow.replaceLead(stage.former, world.lead, by)
    stage.ends = escrow.campaignOf(stage.former)["endsAt"] + 90 * DAY
    world.token.setBlocked(world.worker, True, by)
    world.pay(works["owed"])
    world.token.setBlocked(world.worker, False, by)
    stage.open_bounty = world.post(campaign, slots=4)
    works["accepted"] = submit(stage.open_bounty, world.other)
    works["rejected"] = submit(stage.open_bounty, world.worker)
    works["contested"] = submit(stage.open_bounty, world.other)
    world.accept(works["accepted"])
    for name in ("rejected", "contested"):
        world.reject(works[name])
    world.contest(works["contested"], by=world.other, amount=bond)
