"""The plan of a deployment: which steps in which order, with which arguments, at which addresses.

A plan is pure: the same config, code, account and first nonce give the same plan, so a run that was
killed and starts again knows every address it was going to use.

Contracts that others name in their constructors (treasury, governor, escrow, desk, jury) come
first, at nonces that are known in advance. The holders get their tokens next, and the board comes
after them: its origin is chosen when the tokens are out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from dmo.client.disputes import meta_evidence
from dmo.core.abi import encode_call, entry
from dmo.core.abi.codec import checksum, keccak
from dmo.core.errors import BadInput
from dmo.core.units import parse_amount, share_rounded_up
from dmo.deploy.artifacts import Artifact, creation_input, digest
from dmo.deploy.config import DeployConfig, NewToken, VotesToken, WrappedToken
from dmo.deploy.facts import MOCK_DECIMALS, MOCK_SYMBOL, NEW_DECIMALS, POINTS_DECIMALS, Facts
from dmo.deploy.holders import Holding, batches, read_holdings

__all__ = [
    "ADMIN",
    "ARBITRABLE",
    "AWARDER",
    "FUNDER",
    "GUARDIAN",
    "Plan",
    "Step",
    "contracts_needed",
    "created_address",
]

FUNDER, AWARDER, GUARDIAN, ARBITRABLE = 1, 2, 3, 4
"""Roles in the AccessManager."""
ROLE_LABELS = {
    FUNDER: "FUNDER",
    AWARDER: "AWARDER",
    GUARDIAN: "GUARDIAN",
    ARBITRABLE: "ARBITRABLE",
}
ADMIN = 0
MOCK = "Stablecoin"
SETUP = "setup"

_SUPPLY_LIMIT = 2**112 - 1
_ZERO = "0x" + 40 * "0"


def created_address(account: str, nonce: int) -> str:
    """Where a contract lands that the account creates with this nonce."""
    # RLP of [account, nonce]; a nonce below 128 is its own encoding, zero the empty string.
    digits = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    number = digits if 0 < nonce < 128 else bytes([128 + len(digits)]) + digits
    body = b"\x94" + bytes.fromhex(account[2:]) + number
    return checksum("0x" + keccak(bytes([192 + len(body)]) + body)[12:].hex())


@dataclass(frozen=True)
class Step:
    """One transaction.

    Attributes:
        key: Its name in the journal.
        contract: The contract it creates or calls.
        creates: Whether it creates it.
        title: What it does, for a person.
        pinned: Whether others rely on its nonce.
        gas: About what it will use, in gas.
    """

    key: str
    contract: str
    creates: bool
    title: str
    pinned: bool
    gas: int


def contracts_needed(config: DeployConfig) -> tuple[str, ...]:
    """The contracts of a deployment, in the order in which they are created."""
    token: tuple[str, ...] = ()
    if isinstance(config.token, NewToken):
        token = ("HolderToken",)
    elif isinstance(config.token, WrappedToken):
        token = ("VotesWrapper",)
    return (
        *((MOCK,) if config.budget.mock else ()),
        "AccessManager",
        *token,
        "TimelockController",
        "HolderGovernor",
        "Reputation",
        "DocumentLog",
        "CampaignEscrow",
        "DisputeDesk",
        "Jury",
        *_AFTER_TOKENS,
    )


_AFTER_TOKENS = ("IdeaBoard", "Lens")


class Plan:
    """A deployment, thought through.

    Args:
        config: What is asked for.
        facts: The chain as it was before the first step.
        artifacts: The contracts.
        folder: Where a holders' file is looked for.

    Raises:
        BadInput: The config, the holders and the contracts do not fit together.
    """

    def __init__(
        self,
        config: DeployConfig,
        facts: Facts,
        artifacts: Mapping[str, Artifact],
        folder: Path,
    ) -> None:
        self.config = config
        self.facts = facts
        self.artifacts = dict(artifacts)
        self.first_nonce = facts.nonce
        self.contracts = contracts_needed(config)
        self.holdings: tuple[Holding, ...] = ()
        if isinstance(config.token, NewToken):
            self.holdings = read_holdings(config.token, folder, NEW_DECIMALS)
            if self.supply > _SUPPLY_LIMIT:
                raise BadInput(
                    f"a supply of {config.token.supply} is too large",
                    expected="at most 2^112 − 1 units",
                    field="token.supply",
                )
        for name in self.contracts:
            self.creation(name, facts.now)  # nothing is sent that cannot be sent to the end
        treasury_and_escrow = {self.treasury, self.escrow}
        for holding in self.holdings:
            if holding.account in treasury_and_escrow:
                raise BadInput(f"the holder {holding.account} is the treasury or the escrow")

    @property
    def is_real_money(self) -> bool:
        """Whether this is neither the local chain nor a test network."""
        return self.facts.is_live and not self.config.network.testnet

    # ── addresses ───────────────────────────────────────────────────────────────────────────────

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All transactions, in order."""
        steps = [self._create(n, pinned=True) for n in self.contracts if n not in _AFTER_TOKENS]
        steps += [
            Step(
                key=f"holders/{number}",
                contract="HolderToken",
                creates=False,
                title=f"tokens to {len(batch)} accounts",
                pinned=False,
                gas=60_000 + 78_000 * len(batch),
            )
            for number, batch in enumerate(self.batches, 1)
        ]
        steps += [
            self._create(name, pinned=False) for name in self.contracts if name in _AFTER_TOKENS
        ]
        steps.append(
            Step(
                SETUP,
                "AccessManager",
                False,
                "roles set, deployer's role renounced",
                False,
                420_000,
            )
        )
        return tuple(steps)

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Where the contracts will be, if every step takes one transaction."""
        return {
            step.contract: created_address(self.facts.deployer, self.first_nonce + number)
            for number, step in enumerate(self.steps)
            if step.creates
        }

    def _early(self, name: str) -> str:
        return created_address(self.facts.deployer, self.first_nonce + self.contracts.index(name))

    @property
    def treasury(self) -> str:
        """The timelock."""
        return self._early("TimelockController")

    @property
    def escrow(self) -> str:
        """The escrow."""
        return self._early("CampaignEscrow")

    @property
    def jury(self) -> str:
        """The jury."""
        return self._early("Jury")

    @property
    def votes_token(self) -> str:
        """The token that votes."""
        if isinstance(self.config.token, VotesToken):
            return self.config.token.address
        return self._early(self.votes_contract or "")

    @property
    def votes_contract(self) -> str | None:
        """The votes token's contract, if it is deployed here."""
        if isinstance(self.config.token, VotesToken):
            return None
        return "HolderToken" if isinstance(self.config.token, NewToken) else "VotesWrapper"

    @staticmethod
    def book_name(contract: str) -> str:
        """The contract's name in the address book."""
        return "BudgetToken" if contract == MOCK else contract

    @property
    def budget_token(self) -> str:
        """The token that campaigns are paid in."""
        return self.config.budget.token or self._early(MOCK)

    @property
    def excluded(self) -> list[str]:
        """Accounts without votes: treasury, escrow, and who else the config names."""
        return [self.treasury, self.escrow, *self.config.token.excluded]

    # ── amounts ─────────────────────────────────────────────────────────────────────────────────

    @property
    def supply(self) -> int:
        """Supply of the new token, or of the existing or underlying one, in its units."""
        if isinstance(self.config.token, NewToken):
            return parse_amount(self.config.token.supply, NEW_DECIMALS)
        return self.facts.votes.supply

    @property
    def rest(self) -> Holding | None:
        """What the holders' list of a new token leaves, and who gets it."""
        token = self.config.token
        left = self.supply - sum(holding.amount for holding in self.holdings)
        if not isinstance(token, NewToken) or left == 0:
            return None
        return Holding(self.treasury if token.rest == "treasury" else token.rest, left)

    @cached_property
    def batches(self) -> list[tuple[Holding, ...]]:
        """Who gets tokens in which transaction."""
        if not isinstance(self.config.token, NewToken):
            return []
        rows = [row for row in self.holdings if row.account != self.facts.deployer]
        rest = self.rest
        if rest is not None and rest.account != self.facts.deployer:
            rows.append(rest)
        return batches(rows, self.config.token.batch)

    def floor(self, share_bps: int, asked: str | None) -> int:
        """An absolute floor, in units of the votes token."""
        if asked is not None:
            return parse_amount(asked, self.facts.votes.decimals)
        return share_rounded_up(share_rounded_up(self.supply, 1000), share_bps)

    def earliest_origin(self, now: int) -> int:
        """From when on holders could post in the first round, if their tokens are out now."""
        held = isinstance(self.config.token, VotesToken)
        return now + (1 if held else self.config.rounds.holding)

    def choose_origin(self, now: int) -> int:
        """The start of round 1, decided once the tokens are out.

        Raises:
            BadInput: The config's origin is too early.
        """
        earliest, origin = self.earliest_origin(now), self.config.rounds.origin
        if origin is None:
            return earliest + self.config.rounds.slack
        if origin < earliest:
            raise BadInput(
                f"round 1 would start at {origin} (Unix seconds), before holders could post",
                expected=f'"auto", or {earliest} at the earliest: one holding period after the'
                " tokens are out",
                field="rounds.origin",
            )
        return origin

    # ── arguments ───────────────────────────────────────────────────────────────────────────────

    def arguments(self, name: str, origin: int) -> dict[str, object]:
        """Constructor arguments by name.

        Args:
            name: The contract.
            origin: Start of round 1, Unix seconds.
        """
        config, manager = self.config, self._early("AccessManager")
        token, governance = config.token, config.governance
        match name:
            case "Stablecoin":
                return {"name": "Play Dollar", "symbol": MOCK_SYMBOL, "decimals": MOCK_DECIMALS}
            case "AccessManager":
                return {"initialAdmin": self.facts.deployer}
            case "HolderToken" if isinstance(token, NewToken):
                return {
                    "name": token.name,
                    "symbol": token.symbol,
                    "supply": self.supply,
                    "recipient": self.facts.deployer,
                    "excluded": self.excluded,
                }
            case "VotesWrapper" if isinstance(token, WrappedToken):
                return {
                    "underlyingToken": token.address,
                    "name": token.name,
                    "symbol": token.symbol,
                    "excluded": self.excluded,
                }
            case "TimelockController":
                return {
                    "minDelay": governance.timelock,
                    "proposers": [self._early("HolderGovernor")],
                    "executors": [_ZERO],
                    "admin": _ZERO,
                }
            case "HolderGovernor":
                return {
                    "votes": self.votes_token,
                    "treasury": self.treasury,
                    "excluded": self.excluded,
                    "settings": self.governor_settings,
                }
            case "Reputation":
                return {"authority": manager, "halfLifeSeconds": config.reputation.half_life}
            case "DocumentLog":
                return {}
            case "CampaignEscrow":
                return {"authority": manager, "frame": self.escrow_frame}
            case "DisputeDesk":
                return {
                    "authority": manager,
                    "escrow": self.escrow,
                    "shortestWindow": config.campaigns.shortest_window,
                    "firstTerms": self.terms,
                }
            case "Jury":
                return {
                    "authority": manager,
                    "votes": self.votes_token,
                    "excluded": self.excluded,
                    "frame": self.jury_frame,
                }
            case "IdeaBoard":
                return {
                    "authority": manager,
                    "votes": self.votes_token,
                    "escrow": self.escrow,
                    "excluded": self.excluded,
                    "frame": self.frame(origin),
                    "rules": self.rules,
                }
            case "Lens":
                return {"board": self.addresses["IdeaBoard"]}
        raise BadInput(f"a deployment has no contract {name}")

    @property
    def governor_settings(self) -> dict[str, object]:
        """The governor's settings, as its constructor takes them."""
        asked = self.config.governance
        return {
            "votingDelaySeconds": asked.voting_delay,
            "votingPeriodSeconds": asked.voting_period,
            "lateQuorumSeconds": asked.late_quorum,
            "proposalThresholdBps": asked.threshold,
            "quorumBps": asked.quorum,
            "proposalFloor": self.floor(asked.threshold, asked.threshold_floor),
            "quorumFloor": self.floor(asked.quorum, asked.quorum_floor),
        }

    @property
    def escrow_frame(self) -> dict[str, object]:
        """What never changes in the escrow."""
        return {
            "budgetToken": self.budget_token,
            "treasury": self.treasury,
            "reputation": self._early("Reputation"),
            "desk": self._early("DisputeDesk"),
            "haltSeconds": self.config.rounds.length,
        }

    @property
    def terms(self) -> dict[str, object]:
        """The desk's first terms."""
        asked = self.config.campaigns
        return {
            "windows": {
                "reviewSeconds": asked.review,
                "answerSeconds": asked.answer,
                "challengeSeconds": asked.challenge,
                "arbitrationSeconds": asked.arbitration,
                "noticeSeconds": asked.notice,
            },
            "disputeBondBps": asked.dispute_bond,
            "disputeBondMin": parse_amount(asked.dispute_bond_min, self.facts.budget.decimals),
            "arbitrator": asked.arbitrator or self.jury,
            "paysJurors": asked.arbitrator is None,
            "metaEvidence": sha256(meta_evidence()).digest(),
            "arbitratorExtraData": bytes.fromhex(asked.arbitrator_extra_data[2:]),
        }

    @property
    def jury_frame(self) -> dict[str, object]:
        """What never changes in the jury."""
        asked = self.config.jury
        return {
            "reputation": self._early("Reputation"),
            "minPoints": parse_amount(asked.min_points, POINTS_DECIMALS),
            "commitSeconds": asked.commit,
            "revealSeconds": asked.reveal,
            "quorumBps": asked.quorum,
            "quorumFloor": self.floor(asked.quorum, asked.quorum_floor),
        }

    def frame(self, origin: int) -> dict[str, object]:
        """The board's frame."""
        asked = self.config.rounds
        return {
            "origin": origin,
            "roundSeconds": asked.length,
            "holdingSeconds": asked.holding,
            "passingFloor": self.floor(asked.passing, asked.passing_floor),
            "postingFloor": self.floor(asked.posting, asked.posting_floor),
        }

    @property
    def rules(self) -> dict[str, object]:
        """The board's first rules."""
        asked = self.config.rounds
        return {
            "cap": parse_amount(asked.cap, self.facts.budget.decimals),
            "passingBps": asked.passing,
            "postingBps": asked.posting,
        }

    # ── what is sent ────────────────────────────────────────────────────────────────────────────

    def creation(self, name: str, origin: int, board: str | None = None) -> bytes:
        """What the transaction that creates this contract carries.

        Args:
            name: The contract.
            origin: Start of round 1, Unix seconds.
            board: Where the board really is, for the lens.
        """
        arguments = self.arguments(name, origin)
        if name == "Lens" and board is not None:
            arguments["board"] = board
        return creation_input(self.artifacts[name], arguments)

    def batch_call(self, number: int) -> bytes:
        """The call that serves batch ``number``, counted from 1."""
        batch = self.batches[number - 1]
        return encode_call(
            "HolderToken",
            "transferBatch",
            [[row.account for row in batch], [row.amount for row in batch]],
        )

    def setup_calls(self, board: str) -> list[tuple[str, list[object]]]:
        """What the AccessManager is told, in one transaction."""
        return [
            *(("labelRole", [role, label]) for role, label in ROLE_LABELS.items()),
            *(
                ("setTargetFunctionRole", [target, [selector], role])
                for (target, selector), role in self.open_functions(board).items()
            ),
            *(("grantRole", [role, who, 0]) for role, who in self.role_members(board).items()),
            ("renounceRole", [ADMIN, self.facts.deployer]),
        ]

    def open_functions(self, board: str) -> dict[tuple[str, bytes], int]:
        """Which functions (target, selector) are open to which role; the rest is governance's."""
        wanted = (
            ("CampaignEscrow", self.escrow, "fund", FUNDER),
            ("Reputation", self._early("Reputation"), "award", AWARDER),
            ("Jury", self.jury, "createDispute", ARBITRABLE),
            ("IdeaBoard", board, "halt", GUARDIAN),
            ("CampaignEscrow", self.escrow, "halt", GUARDIAN),
        )
        return {(at, entry(name, act).selector): role for name, at, act, role in wanted}

    def role_members(self, board: str) -> dict[int, str]:
        """Who has which role, one account each."""
        return {
            FUNDER: board,
            AWARDER: self.escrow,
            GUARDIAN: self.config.guardian.address,
            ARBITRABLE: self._early("DisputeDesk"),
            ADMIN: self.treasury,
        }

    def setup_call(self, board: str) -> bytes:
        """The AccessManager's set-up as one multicall."""
        calls = [encode_call("AccessManager", *call) for call in self.setup_calls(board)]
        return encode_call("AccessManager", "multicall", [calls])

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
            "question": digest(meta_evidence()),
        }
        return digest(json.dumps(facts, sort_keys=True).encode())

    def _create(self, name: str, *, pinned: bool) -> Step:
        artifact = self.artifacts[name]
        return Step(
            key=f"create/{name}",
            contract=name,
            creates=True,
            title=f"create {name}",
            pinned=pinned,
            gas=_creation_gas(artifact),
        )


def _creation_gas(artifact: Artifact) -> int:
    """About what a creation uses: base, calldata, code deposit, and a constructor's few writes."""
    zeros = artifact.creation.count(0)
    calldata = 4 * zeros + 16 * (len(artifact.creation) - zeros)
    words = -(-len(artifact.creation) // 32)
    return 53_000 + calldata + 2 * words + 200 * len(artifact.runtime) + 150_000
