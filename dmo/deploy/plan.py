"""The plan of a deployment: which steps in which order, at which addresses, carrying what.

A plan is pure: the same config, code, account and first nonce give the same plan, so a run that was killed and starts
again knows every address it was going to use. Contracts that others name in their constructors (treasury, governor,
escrow, desk, jury) come first, at nonces that are known in advance. The holders get their tokens next, and the board
comes after them, and who asks it. Its origin is chosen when points are created, which count from a round's start on,
and moved by whole rounds where the tokens were out too late for it.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.abi import encode_call, entry
from dmo.core.units import WAD, format_amount, parse_amount, share_rounded_up
from dmo.deploy.artifacts import Artifact, creation_input, digest
from dmo.deploy.config import DeployConfig, NewToken, VotesToken, WrappedToken
from dmo.deploy.contracts import contracts_needed, created_address, is_last, meta_evidence, outcome_meta_evidence, table
from dmo.deploy.facts import NEW_DECIMALS, POINTS_DECIMALS, Facts, Holding, batches, read_holdings
from dmo.deploy.roles import ADMIN, ROLES, Role, restricted

MOCK = "Stablecoin"
SETUP = "setup"
POOL_FILLED = "pool/fill"
_VOTES = {"new": "HolderToken", "wrap": "VotesWrapper"}
_SUPPLY_LIMIT = 2**112 - 1
_HOLDER_GAS, _BATCH_GAS, _POOL_GAS = 78_000, 60_000, 150_000
_SETUP_GAS, _OPENED_GAS, _ROLE_GAS, _DONE_GAS = 160_000, 28_000, 44_000, 110_000
_WHOLE_POINTS = 10
"""A badge for work takes so many thousandths of a cap, in points."""


@dataclass(frozen=True)
class DeployStep:
    """One transaction: creates a contract or calls it."""

    key: str  # its name in the journal
    contract: str
    title: str
    gas: int  # about what it will use
    creates: bool = False
    pinned: bool = False  # others rely on its nonce


_PLANNED: Mapping[str, str] = {}
"""Contracts are where they were planned to be."""


class DeployPlan:
    """A deployment, thought through; a holders' file is looked for in the folder.

    Amounts are in units of the votes token. ``places`` below is where contracts really are, ``origin`` the start of
    round 1 (Unix seconds): both may differ from what was planned. BadInput where config, holders and code do not fit.
    """

    no_art = bytes(32)  # of a class of badges

    def __init__(self, config: DeployConfig, facts: Facts, artifacts: Mapping[str, Artifact], folder: Path) -> None:
        token = config.token
        self.config, self.facts, self.artifacts = config, facts, dict(artifacts)
        self.first_nonce = facts.nonce
        self.contracts = contracts_needed(config)
        self.question = sha256(meta_evidence()).digest()
        self.outcome_question = sha256(outcome_meta_evidence()).digest()
        self.treasury = self.at("Treasury")
        self.votes_token = token.address if isinstance(token, VotesToken) else self.at(_VOTES[token.kind])
        self.budget_token = config.budget.token or self.at(MOCK)
        self.arbitrator = config.campaigns.arbitrator or self.at("Jury")  # under the first terms
        self.pays_jurors = config.campaigns.arbitrator is None
        self.excluded = [self.treasury, self.at("CampaignEscrow"), *token.excluded]  # accounts without votes
        # What the deployer pays into the pool, in units of the budget token.
        self.pool = parse_amount(config.budget.pool or "0", facts.budget.decimals)
        self.supply = 0  # of a new token
        self.votable = facts.votes.supply  # what can vote, once it is all delegated or wrapped
        self.holdings: tuple[Holding, ...] = ()
        self.rest: Holding | None = None  # what the holders' list of a new token leaves, and who gets it
        self.batches: list[tuple[Holding, ...]] = []  # who gets tokens in which transaction
        if isinstance(token, NewToken):
            self._hand_out(token, folder)
        if not self.votable:
            raise words.bad("deploy_no_votes", "token")
        for key, share_bps, floor in config.floors():
            if (least := self.floor(share_bps, floor)) > self.votable:
                raise words.bad("deploy_floor", key, floor=self.votes(least), votable=self.votes(self.votable))
        for name in self.contracts:
            self.creation(name, facts.now)  # nothing is sent that cannot be sent to the end

    def _hand_out(self, token: NewToken, folder: Path) -> None:
        self.supply = parse_amount(token.supply, NEW_DECIMALS)
        self.holdings = read_holdings(token, folder, NEW_DECIMALS)
        if self.supply > _SUPPLY_LIMIT:
            raise words.bad("deploy_supply", "token.supply", supply=token.supply)
        for holding in self.holdings:
            if holding.account in (self.treasury, self.at("CampaignEscrow")):
                raise words.bad("deploy_own_holder", holder=holding.account)
        left = self.supply - sum(holding.amount for holding in self.holdings)
        if left:
            self.rest = Holding(self.treasury if token.rest == "treasury" else token.rest, left)
        everyone = [*self.holdings, *filter(None, [self.rest])]
        self.votable = sum(amount for account, amount in self.holders.items() if account not in self.excluded)
        self.batches = batches([row for row in everyone if row.account != self.facts.deployer], token.batch)

    @property
    def holders(self) -> Counter[str]:
        """What a new token's holders get, by account."""
        held = Counter[str]()
        for row in (*self.holdings, *filter(None, [self.rest])):
            held[row.account] += row.amount
        return held

    @property
    def is_real_money(self) -> bool:
        """Whether this is neither the local chain nor a test network."""
        return self.facts.is_live and not self.config.network.testnet

    @cached_property
    def steps(self) -> tuple[DeployStep, ...]:
        """All transactions, in order."""
        early, late = ([self._create(name) for name in self.contracts if is_last(name) is it] for it in (False, True))
        handing = [
            DeployStep(
                f"holders/{number}", "HolderToken", f"tokens to {count} accounts", _BATCH_GAS + _HOLDER_GAS * count
            )
            for number, count in enumerate(map(len, self.batches), 1)
        ]
        title = "roles set, deployer's role renounced"
        filling = [
            DeployStep("pool/allow", "BudgetToken", "the escrow may take the pool's money", _POOL_GAS),
            DeployStep(POOL_FILLED, "CampaignEscrow", f"{self.config.budget.pool} into the pool", _POOL_GAS),
        ]
        filling = filling if self.pool else []
        opened = sum(ROLES[role].number != ADMIN for role in self.restricted.values())
        gas = _SETUP_GAS + _OPENED_GAS * opened + _ROLE_GAS * len(self.roles) + _DONE_GAS * len(self._done)
        return (*early, *handing, *late, *filling, DeployStep(SETUP, "AccessManager", title, gas))

    def _create(self, name: str) -> DeployStep:
        gas, pinned = _creation_gas(self.artifacts[name]), not is_last(name)
        return DeployStep(f"create/{name}", name, f"create {name}", gas, creates=True, pinned=pinned)

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Where the contracts will be, if every step takes one transaction."""
        return {
            step.contract: created_address(self.facts.deployer, self.first_nonce + number)
            for number, step in enumerate(self.steps)
            if step.creates
        }

    def at(self, name: str) -> str:
        """Where a contract will be that others rely on."""
        return created_address(self.facts.deployer, self.first_nonce + self.contracts.index(name))

    @cached_property
    def dispute_bond_min(self) -> int:
        """The least stake of a dispute: as asked, or a ten-thousandth of a round's cap."""
        asked, decimals = self.config.campaigns.dispute_bond_min, self.facts.budget.decimals
        least = self.cap // 10_000 if asked is None else parse_amount(asked, decimals)
        if least > self.largest_least_bond:
            largest = format_amount(self.largest_least_bond, decimals)
            raise words.bad("deploy_least_bond", "campaigns.dispute_bond_min", asked=asked, largest=largest)
        return least

    @property
    def largest_least_bond(self) -> int:
        """What no terms may exceed with it: a thousandth of a round's cap."""
        return self.cap // 1_000

    @property
    def cap(self) -> int:
        """What a round may assign at most, in units of the budget token."""
        return parse_amount(self.config.rounds.cap, self.facts.budget.decimals)

    def target(self, step: DeployStep) -> str | None:
        """Where a call goes; nothing for a creation."""
        if step.creates:
            return None
        return self.budget_token if step.contract == "BudgetToken" else self.at(step.contract)

    @staticmethod
    def book_name(contract: str) -> str:
        """The contract's name in the address book."""
        return "BudgetToken" if contract == MOCK else contract

    def floor(self, share_bps: int, asked: str | None) -> int:
        """An absolute floor: as asked, or the share of a tenth of what can vote."""
        if asked is not None:
            return parse_amount(asked, self.facts.votes.decimals)
        return share_rounded_up(share_rounded_up(self.votable, 1000), share_bps)

    @cached_property
    def least(self) -> dict[str, int]:
        """What each kind of vote takes at first, by the key of its floor."""
        # Nobody has wrapped anything yet: the first to come meet the floors alone.
        votable = 0 if isinstance(self.config.token, WrappedToken) else self.votable
        floors = self.config.floors()
        return {key: max(share_rounded_up(votable, bps), self.floor(bps, asked)) for key, bps, asked in floors}

    def money(self, amount: int) -> str:
        """Units of the budget token, for a person."""
        return format_amount(amount, self.facts.budget.decimals, self.facts.budget.symbol)

    def fee_taken(self, arrived: int) -> str:
        """That so many units of the pool's money arrived, where that is not all of it."""
        if not 0 < arrived < self.pool:
            return ""
        told = {"sent": self.money(self.pool), "arrived": self.money(arrived)}
        return words.word("deploy", "takes_fee").format(symbol=self.facts.budget.symbol, **told)

    def votes(self, amount: int) -> str:
        """An amount of the votes token, for a person."""
        return format_amount(amount, self.facts.votes.decimals, self.votes_symbol)

    @property
    def votes_symbol(self) -> str:
        """What the token is called that people vote with."""
        return self.facts.votes.symbol if isinstance(self.config.token, VotesToken) else self.config.token.symbol

    @property
    def min_points(self) -> int:
        """Points (WAD) that so many rounds pay which assign their whole cap."""
        asked = (self.config.rounds.cap, self.config.reputation.points_per_token, self.config.jury.min_points)
        cap, per_token, caps = (parse_amount(one, POINTS_DECIMALS) for one in asked)
        return cap * per_token * caps // WAD**2

    @property
    def badge_points(self) -> int:
        """Points (WAD) that a badge for work takes: a hundredth of a round's cap, in whole budget tokens."""
        whole = parse_amount(self.config.rounds.cap, POINTS_DECIMALS) // WAD
        return _WHOLE_POINTS * max(1, whole // 1_000) * WAD

    @property
    def badges_name(self) -> str:
        """What the badges are called together."""
        return f"{self.votes_symbol} badges"

    @property
    def badges_symbol(self) -> str:
        """And in short."""
        return f"{self.votes_symbol}-B"

    def choose_origin(self, now: int, chosen: int | None = None) -> int:
        """The start of round 1, or the one that was chosen once, moved by whole rounds if it is too early by now.

        BadInput: the config's is too early, or no whole number of rounds from the chosen one.
        """
        rounds, is_held = self.config.rounds, isinstance(self.config.token, VotesToken)
        earliest = now + (1 if is_held else rounds.holding)  # when holders can post
        if rounds.origin is None:
            origin = earliest + rounds.slack if chosen is None else chosen
            return origin + max(0, -((origin - earliest) // rounds.length)) * rounds.length
        if rounds.origin < earliest:
            raise words.bad("deploy_origin", "rounds.origin", origin=rounds.origin, earliest=earliest)
        if chosen is not None and (rounds.origin - chosen) % rounds.length:
            raise words.bad("deploy_other_origin", "rounds.origin", origin=rounds.origin, chosen=chosen)
        return rounds.origin

    def arguments(self, name: str, origin: int, places: Mapping[str, str] = _PLANNED) -> dict[str, object]:
        """A contract's constructor arguments by name."""
        late = {"origin": origin, "phase": origin % self.config.rounds.length}
        arguments: dict[str, object] = self._value(table()[name]["arguments"], late, places)
        return arguments

    def _value(self, said: Any, late: Mapping[str, int], places: Mapping[str, str]) -> Any:
        """What stands in contracts.toml for a value."""
        if isinstance(said, dict):
            return {key: self._value(item, late, places) for key, item in said.items()}
        if isinstance(said, list):
            return [self._value(item, late, places) for item in said]
        if not isinstance(said, str) or said.startswith("="):
            return said[1:] if isinstance(said, str) else said
        if said.startswith("@"):
            return self._now_at(said[1:], places)
        kind, _, path = said.rpartition(" ")
        value: Any = late[path] if path in late else attrgetter(path)(self)
        if kind == "floor":
            return self.floor(value, attrgetter(f"{path}_floor")(self))
        decimals = {"budget": self.facts.budget.decimals, "points": POINTS_DECIMALS}
        return parse_amount(str(value), decimals[kind]) if kind else value

    def creation(self, name: str, origin: int, places: Mapping[str, str] = _PLANNED) -> bytes:
        """What the transaction that creates this contract carries."""
        return creation_input(self.artifacts[name], self.arguments(name, origin, places))

    def payload(self, step: DeployStep, origin: int, places: Mapping[str, str]) -> bytes:
        """What a step's transaction carries."""
        if step.creates:
            return self.creation(step.contract, origin, places)
        if step.key == SETUP:
            return self.setup_call(places)
        if step.key == "pool/allow":
            return encode_call("ERC20", "approve", [self.at("CampaignEscrow"), self.pool])
        if step.key == POOL_FILLED:
            return encode_call("CampaignEscrow", "deposit", [self.pool])
        batch = self.batches[int(step.key.rpartition("/")[2]) - 1]
        rows = [row.account for row in batch], [row.amount for row in batch]
        return encode_call("HolderToken", "transferBatch", rows)

    def setup_call(self, places: Mapping[str, str]) -> bytes:
        """The AccessManager's set-up as one multicall."""
        calls = [encode_call("AccessManager", *call) for call in self.setup_calls(places)]
        return encode_call("AccessManager", "multicall", [calls])

    def setup_calls(self, places: Mapping[str, str]) -> list[tuple[str, list[object]]]:
        """What the AccessManager is told, in one transaction."""
        opened = self.open_functions(places).items()
        done = self.done_at_once(places)
        calls: list[tuple[str, list[object]]] = [
            ("execute", [self.at(to), encode_call(to, what, how)]) for to, what, how in done
        ]
        return [
            *(("labelRole", [role.number, name.upper()]) for name, role in self.roles.items() if role.number != ADMIN),
            *(("setTargetFunctionRole", [target, [selector], role]) for (target, selector), role in opened),
            *(("grantRole", [role, who, 0]) for role, who in self.role_members(places).items()),
            *calls,
            ("renounceRole", [ADMIN, self.facts.deployer]),
        ]

    @property
    def _done(self) -> list[list[str]]:
        """What contracts.toml has the AccessManager do for contracts that are there."""
        return [said for name in self.contracts for said in table()[name].get("setup", ())]

    def done_at_once(self, places: Mapping[str, str] = _PLANNED) -> list[tuple[str, str, list[object]]]:
        """What is done by the deployer's rights before they end: contract, function, arguments."""
        return [(*_place(call), [self._value(one, {}, places) for one in arguments]) for call, *arguments in self._done]

    def open_functions(self, places: Mapping[str, str]) -> dict[tuple[str, bytes], int]:
        """Which functions (target, selector) are open to which role; the rest is governance's."""
        return {
            (self._now_at(contract, places), entry(contract, function).selector): ROLES[role].number
            for (contract, function), role in self.restricted.items()
            if ROLES[role].number != ADMIN
        }

    @property
    def restricted(self) -> dict[tuple[str, str], str]:
        """What the AccessManager opens to a role, of the contracts that are there."""
        return {place: role for place, role in restricted().items() if place[0] in self.contracts}

    @property
    def roles(self) -> dict[str, Role]:
        """The roles that open something."""
        return {name: role for name, role in ROLES.items() if name in self.restricted.values()}

    def role_members(self, places: Mapping[str, str]) -> dict[int, str]:
        """Who has which role, one account each."""
        return {role.number: self._now_at(role.member, places) for role in self.roles.values()}

    def _now_at(self, name: str, places: Mapping[str, str]) -> str:
        if name == "guardian":
            return self.config.guardian.address
        return (places.get(name) or self.addresses[name]) if is_last(name) else self.at(name)

    @cached_property
    def fingerprint(self) -> str:
        """sha2-256 over all that may not change between the first step and the last.

        The origin is left out: it is decided late, and an early one has to be mendable.
        """
        asked = self.config.model_dump(mode="json")
        del asked["rounds"]["origin"], asked["rounds"]["slack"]
        facts = {
            "config": asked,
            "holders": [(row.account, str(row.amount)) for row in self.holdings],
            "code": {name: digest(self.artifacts[name].creation) for name in self.contracts},
            "question": self.question.hex(),
            **({"outcome": self.outcome_question.hex()} if "Outcomes" in self.contracts else {}),
        }
        return digest(json.dumps(facts, sort_keys=True).encode())


def _place(call: str) -> tuple[str, str]:
    contract, _, function = call.partition(".")
    return contract, function


def _creation_gas(artifact: Artifact) -> int:
    """About what a creation uses: base, calldata, code deposit, and a constructor's few writes."""
    zeros = artifact.creation.count(0)
    calldata = 4 * zeros + 16 * (len(artifact.creation) - zeros)
    words = -(-len(artifact.creation) // 32)
    return 53_000 + calldata + 2 * words + 200 * len(artifact.runtime) + 150_000
