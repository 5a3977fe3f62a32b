"""The contracts of a replay on a local chain: a DMO, and an OpenZeppelin Governor beside it."""

from collections.abc import Sequence
from typing import Any

from dmo.core.abi import AbiEntry, Field, entry, named
from dmo.core.abi.codec import checksum, keccak
from dmo.core.chain import ZERO, Read
from dmo.core.units import WAD
from dmo.deploy.artifacts import encode_values
from dmo.deploy.contracts import created_address
from dmo.deploy.shipped import artifacts
from dmo.replay.node import LocalChain, Order
from dmo.replay.plan import ReplayPlan

DAY = 86_400
HOLDING = 3 * DAY
QUORUM_PERCENT = 4
_DAO = ("AccessManager", "HolderToken", "Reputation", "DisputeDesk", "CampaignEscrow", "IdeaBoard")
_OTHERS = {"Stablecoin": "ERC20", "PlainVotesToken": "HolderToken", "PlainGovernor": "HolderGovernor"}
"""And whose ABI serves, but for minting."""
_SIGNATURE = "mint(address,uint256)"
_FIELDS = (Field("to", "address"), Field("amount", "uint256"))
_MINT = AbiEntry("mint", "function", _SIGNATURE, keccak(_SIGNATURE.encode())[:4], _FIELDS)
_WINDOW_DAYS = {"review": 5, "answer": 3, "challenge": 3, "arbitration": 7, "notice": 3}
_TERMS = {
    "measures": {
        **{f"{name}Seconds": days * DAY for name, days in _WINDOW_DAYS.items()},
        **{"disputeBondBps": 1000, "disputeBondMin": 0},
    },
    "arbitrator": ZERO,  # without one nobody can open a dispute
    "paysJurors": False,
    "metaEvidence": bytes(32),
    "arbitratorExtraData": b"",
}


def _account(what: str) -> str:
    return checksum("0x" + keccak(f"dmo replay: {what}".encode())[-20:].hex())


FOUNDER, TREASURY = _account("founder"), _account("treasury")


class Stage:
    """Everything a plan needs, deployed: the pool filled, the board connected with the escrow."""

    def __init__(self, chain: LocalChain, plan: ReplayPlan, supply: int) -> None:
        self._chain = chain
        self._artifacts = artifacts((*_DAO, *_OTHERS))
        self._at: dict[str, str] = {}
        options, length = plan.options, plan.options.round_seconds
        authority = self._deploy("AccessManager", FOUNDER)
        token = self._deploy("HolderToken", "Replay votes", "VOTE", supply, FOUNDER, [TREASURY])
        money = self._deploy("Stablecoin", "Replay money", "USD", 6)
        reputation = self._deploy("Reputation", authority, 180 * DAY, plan.origin, length)
        coming = created_address(FOUNDER, chain.nonces[FOUNDER] + 1)  # desk and escrow: a circle
        desk = self._deploy("DisputeDesk", authority, coming, DAY, 0, _TERMS)
        kept = {"budgetToken": money, "treasury": TREASURY, "reputation": reputation, "desk": desk}
        escrow = self._deploy("CampaignEscrow", authority, {**kept, "haltSeconds": length, "pointsPerToken": WAD})
        frame = {"origin": plan.origin, "roundSeconds": length, "holdingSeconds": HOLDING}
        frame |= {"passingFloor": 1, "postingFloor": 1}
        rules = {"cap": options.budget, "passingBps": options.threshold_bps, "postingBps": plan.posting_bps}
        board = self._deploy("IdeaBoard", authority, token, escrow, [TREASURY], frame, rules)
        granted = (("CampaignEscrow", "fund", board), ("Reputation", "awardMany", escrow))
        for role, (target, function, to) in enumerate(granted, 1):
            selectors = [entry(target, function).selector]
            self._act("AccessManager", "setTargetFunctionRole", self._at[target], selectors, role)
            self._act("AccessManager", "grantRole", role, to, 0)
        budget = options.budget * len(plan.rounds)
        self._act("Stablecoin", "mint", FOUNDER, budget)
        self._act("Stablecoin", "approve", escrow, budget)
        self._act("CampaignEscrow", "deposit", budget)
        votes = self._deploy("PlainVotesToken", True)
        self._deploy("PlainGovernor", votes, 0, length, QUORUM_PERCENT)

    def _deploy(self, name: str, *arguments: object) -> str:
        made = self._artifacts[name]
        code = made.creation + encode_values(made.parameters, arguments)
        [receipt] = self._chain.mine([{"from": FOUNDER, "data": "0x" + code.hex()}])
        self._at[name] = checksum(receipt["contractAddress"])
        return self._at[name]

    def _act(self, contract: str, function: str, *arguments: object) -> None:
        self._chain.mine([self.call(FOUNDER, contract, function, *arguments)])

    def call(self, sender: str, contract: str, function: str, *arguments: object) -> Order:
        """A call to be sent; structs by name."""
        found = _MINT if function == "mint" else entry(_OTHERS.get(contract, contract), function)
        data = found.selector + encode_values(found.inputs, arguments)
        return {"from": sender, "to": self._at[contract], "data": "0x" + data.hex()}

    def read(self, contract: str, function: str, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What a view answers to each of these arguments; structs as dicts."""
        abi, address = _OTHERS.get(contract, contract), self._at[contract]
        answers = self._chain.reader.read([Read(abi, address, function, call) for call in calls])
        return [named(abi, function, answer) for answer in answers]
