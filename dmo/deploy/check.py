"""Compares a deployment with its sources and its config: code, parameters, roles, operations.

Nothing that the deployment wrote down is trusted beyond the addresses: code is compiled anew,
arguments are derived anew from the config, roles are rebuilt from the logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dmo.core.abi import Field, entry
from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain, Read
from dmo.core.errors import BadInput, CheckFailed, NetworkError
from dmo.core.units import format_time
from dmo.deploy.artifacts import Artifact, Refs, digest, load_artifacts
from dmo.deploy.compiler import compile_contracts, standard_input
from dmo.deploy.config import DeployConfig, load_config
from dmo.deploy.facts import read_facts
from dmo.deploy.plan import ADMIN, Plan, contracts_needed
from dmo.deploy.roles import (
    Created,
    proposal_operations,
    read_handover,
    read_permissions,
    read_timelock,
)
from dmo.home.outputs import DeploymentBook

__all__ = ["Finding", "Report", "check_deployment", "recompile"]

_ZERO = "0x" + 40 * "0"


@dataclass(frozen=True)
class Finding:
    """One thing that was compared.

    Attributes:
        area: ``code``, ``parameters``, ``roles`` or ``operations``.
        subject: What was compared.
        expected: What should be.
        found: What is.
    """

    area: str
    subject: str
    expected: str
    found: str

    @property
    def is_ok(self) -> bool:
        """Whether it is as it should be."""
        return self.expected == self.found


@dataclass
class Report:
    """Everything that was compared, and what is only worth knowing."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def differences(self) -> list[Finding]:
        """What is not as it should be."""
        return [finding for finding in self.findings if not finding.is_ok]

    def compare(self, area: str, subject: str, expected: Any, found: Any) -> None:
        """Note one comparison."""
        self.findings.append(Finding(area, subject, _text(expected), _text(found)))

    def require(self, name: str) -> None:
        """Raise if anything differs.

        Raises:
            CheckFailed: With one sentence per difference.
        """
        if self.differences:
            count = len(self.differences)
            raise CheckFailed(
                f"{name} differs from its sources or its config in {count}"
                f" thing{'s' if count > 1 else ''}.",
                [
                    f"{one.area}: {one.subject}: expected {one.expected}, found {one.found}"
                    for one in self.differences
                ],
            )


def recompile(root: Path, config: DeployConfig, more: Iterable[str] = ()) -> dict[str, Artifact]:
    """The deployment's contracts, compiled anew from the sources as they are now.

    Args:
        root: The project's folder, compiled once, so that the sources' paths are known.
        config: The deployment's config.
        more: Further contracts.
    """
    known = load_artifacts(root / "build", [*contracts_needed(config), *more])
    return compile_contracts(root, {name: one.source for name, one in known.items()})


def check_deployment(
    chain: Chain,
    file: Path,
    book: DeploymentBook,
    root: Path,
    artifacts: Mapping[str, Artifact] | None = None,
) -> Report:
    """Compare a deployment with its sources and its config.

    Args:
        chain: The chain.
        file: The config file.
        book: The address book.
        root: The project's folder, compiled.
        artifacts: The contracts as compiled anew, where that was done already.

    Raises:
        BadInput: Config and address book do not belong together.
        NetworkError: The chain does not know the deployment's transactions.
    """
    config = load_config(file)
    chain.require(book.chain_id)
    fresh = recompile(root, config) if artifacts is None else dict(artifacts)
    return _Check(chain, config, book, file.parent, root, fresh).run()


class _Check:
    def __init__(
        self,
        chain: Chain,
        config: DeployConfig,
        book: DeploymentBook,
        folder: Path,
        root: Path,
        artifacts: dict[str, Artifact],
    ) -> None:
        self.chain = chain
        self.config = config
        self.book = book
        self.root = root
        self.artifacts = artifacts
        self.report = Report()
        self.transactions = {
            name: self._transaction(Plan.book_name(name)) for name in contracts_needed(config)
        }
        self.plan = self._plan(folder)

    def run(self) -> Report:
        self._code()
        self._parameters()
        self._permissions()
        self._handover()
        self._timelock()
        return self.report

    # ── what was deployed ───────────────────────────────────────────────────────────────────────

    def _transaction(self, name: str) -> Mapping[str, Any]:
        recorded = self.book.contracts.get(name)
        if recorded is None or recorded.tx is None:
            raise BadInput(
                f"the address book does not say how {name} was created",
                expected="the address book of a deployment with this config",
            )
        found = self.chain.transport.request("eth_getTransactionByHash", [recorded.tx])
        if not isinstance(found, dict):
            raise NetworkError(
                f"The chain does not know the transaction that created {name} ({recorded.tx}).",
                hint="Is this the chain it was deployed on? The local chain ends with its script.",
            )
        return found

    def _plan(self, folder: Path) -> Plan:
        """The plan as it must have been, from the first transaction."""
        first = self.transactions[contracts_needed(self.config)[0]]
        nonce, deployer = int(first["nonce"], 16), checksum(str(first["from"]))
        facts = read_facts(self.chain, self.config, deployer)
        supply = facts.votes.supply
        if facts.votes.address:
            before = self.chain.pinned(int(first["blockNumber"], 16) - 1)
            supply = int(before.call("ERC20", facts.votes.address, "totalSupply"))
        return Plan(self.config, facts.as_begun(nonce, supply), self.artifacts, folder)

    def _at(self, contract: str) -> str:
        return checksum(self.book.contracts[Plan.book_name(contract)].address)

    def _birth(self, contract: str) -> int:
        return int(self.transactions[contract]["blockNumber"], 16)

    # ── code ────────────────────────────────────────────────────────────────────────────────────

    def _code(self) -> None:
        frame = self.chain.call("IdeaBoard", self._at("IdeaBoard"), "frame")
        origin = frame[0]
        asked = self.config.rounds.origin
        if asked is not None:
            self.report.compare("parameters", "origin of round 1", asked, origin)
        for name, sent in self.transactions.items():
            artifact, address = self.artifacts[name], self._at(name)
            recorded = self.book.contracts[Plan.book_name(name)]
            compare = self.report.compare
            receipt = self.chain.receipt(str(sent["hash"]))
            created = receipt.contract_address if receipt is not None else None
            compare("code", f"{name}: address", created, address)
            expected = self.plan.creation(name, origin, self._at("IdeaBoard"))
            compare(
                "code",
                f"{name}: code and arguments as created",
                digest(expected),
                digest(bytes.fromhex(str(sent["input"])[2:])),
            )
            code = self.chain.code(address)
            compare(
                "code",
                f"{name}: code now, immutables masked",
                digest(_masked(artifact.runtime, artifact.immutables)),
                digest(_masked(code, artifact.immutables)),
            )
            compare("code", f"{name}: code as recorded", recorded.code_sha256, digest(code))
            compare(
                "code",
                f"{name}: sources as recorded",
                True,
                recorded.input_json == standard_input(self.root, {artifact.name: artifact.source}),
            )

    # ── parameters ──────────────────────────────────────────────────────────────────────────────

    def _parameters(self) -> None:
        plan, asked = self.plan, self.config
        timelock, manager = self._at("TimelockController"), self._at("AccessManager")
        board, escrow = self._at("IdeaBoard"), self._at("CampaignEscrow")
        settings, frame, rules = plan.governor_settings, plan.frame(0), plan.rules
        rows: list[tuple[str, str, Any]] = [
            ("HolderGovernor", "votingDelay", settings["votingDelaySeconds"]),
            ("HolderGovernor", "votingPeriod", settings["votingPeriodSeconds"]),
            ("HolderGovernor", "lateQuorumVoteExtension", settings["lateQuorumSeconds"]),
            ("HolderGovernor", "proposalThresholdBps", settings["proposalThresholdBps"]),
            ("HolderGovernor", "quorumNumerator()", settings["quorumBps"]),
            ("HolderGovernor", "proposalFloor", settings["proposalFloor"]),
            ("HolderGovernor", "quorumFloor", settings["quorumFloor"]),
            ("HolderGovernor", "votesToken", plan.votes_token),
            ("HolderGovernor", "timelock", timelock),
            ("HolderGovernor", "excludedAccounts", sorted(plan.excluded)),
            ("TimelockController", "getMinDelay", asked.governance.timelock),
            ("IdeaBoard", "authority", manager),
            ("IdeaBoard", "votesToken", plan.votes_token),
            ("IdeaBoard", "escrow", escrow),
            ("IdeaBoard", "excludedAccounts", sorted(plan.excluded)),
            ("CampaignEscrow", "authority", manager),
            ("CampaignEscrow", "budgetToken", plan.budget_token),
            ("CampaignEscrow", "treasury", timelock),
            ("CampaignEscrow", "reputation", self._at("Reputation")),
            ("CampaignEscrow", "desk", self._at("DisputeDesk")),
            ("DisputeDesk", "authority", manager),
            ("DisputeDesk", "escrow", escrow),
            ("DisputeDesk", "shortestWindow", asked.campaigns.shortest_window),
            ("Jury", "authority", manager),
            ("Jury", "votesToken", plan.votes_token),
            ("Jury", "excludedAccounts", sorted(plan.excluded)),
            ("Reputation", "authority", manager),
            ("Reputation", "halfLifeSeconds", asked.reputation.half_life),
        ]
        if plan.votes_contract is not None:
            rows.append((plan.votes_contract, "excludedAccounts", sorted(plan.excluded)))
        answers = self.chain.read(
            [Read(contract, self._at(contract), function) for contract, function, _ in rows]
        )
        for (contract, function, expected), found in zip(rows, answers, strict=True):
            value = sorted(found) if isinstance(expected, list) else found
            subject = f"{contract}.{function.partition('(')[0]}"
            self.report.compare("parameters", subject, expected, value)
        now = self.chain.call("IdeaBoard", board, "frame")
        self._struct("IdeaBoard", "frame", now, {**frame, "origin": now[0]})
        # Rules and terms as the next round and the next campaign will have them.
        following = self.chain.call("IdeaBoard", board, "currentRound") + 1
        self._struct(
            "IdeaBoard",
            "rulesOf",
            self.chain.call("IdeaBoard", board, "rulesOf", following),
            rules,
        )
        desk, jury = self._at("DisputeDesk"), self._at("Jury")
        latest, _ = self.chain.call("DisputeDesk", desk, "latestTerms")
        terms = self.chain.call("DisputeDesk", desk, "termsOf", latest)
        self._struct("DisputeDesk", "termsOf", terms, plan.terms)
        given = self.chain.call("Jury", jury, "juryFrame")
        self._struct("Jury", "juryFrame", given, plan.jury_frame)

    def _struct(
        self, contract: str, function: str, found: Any, expected: Mapping[str, Any]
    ) -> None:
        answer = entry(contract, function).outputs[0]
        self._members(f"{contract}.{function}", answer, found, expected)

    def _members(self, subject: str, field: Field, found: Any, expected: Any) -> None:
        if not field.members:
            self.report.compare("parameters", subject, expected, found)
            return
        for member, value in zip(field.members, found, strict=True):
            self._members(f"{subject}.{member.name}", member, value, expected[member.name])

    # ── roles and operations ────────────────────────────────────────────────────────────────────

    def _permissions(self) -> None:
        manager, board = self._at("AccessManager"), self._at("IdeaBoard")
        state = read_permissions(self.chain, manager, self._birth("AccessManager"))
        compare = self.report.compare
        members = {role: {who: 0} for role, who in self.plan.role_members(board).items()}
        for role in sorted(members.keys() | state.members.keys()):
            held = state.members.get(role, {})
            compare("roles", f"AccessManager: members of role {role}", members.get(role, {}), held)
            # The logs could be cut short: the contract itself has the last word on each of them.
            for account in held:
                has = self.chain.call("AccessManager", manager, "hasRole", role, account)
                compare("roles", f"AccessManager: {account} in role {role}", True, bool(has[0]))
        functions = {
            (target, "0x" + selector.hex()): role
            for (target, selector), role in self.plan.open_functions(board).items()
        }
        compare("roles", "AccessManager: functions open to roles", functions, state.functions)
        compare("roles", "AccessManager: admins of roles", {}, state.admins)
        compare("roles", "AccessManager: guardians of roles", {}, state.guardians)
        compare("roles", "AccessManager: grant delays", {}, state.grant_delays)
        compare("roles", "AccessManager: closed targets", [], sorted(state.closed))
        compare("roles", "AccessManager: admin delays of targets", {}, state.admin_delays)
        compare("operations", "AccessManager: scheduled", [], sorted(state.scheduled))

    def _handover(self) -> None:
        """What the deployer did as admin, or by votes not handed out yet, would outlive both."""
        created = {
            name: Created(self._at(name), str(sent["hash"]), self._birth(name))
            for name, sent in self.transactions.items()
        }
        handover = read_handover(self.chain, self.plan.facts.deployer, ADMIN, created)
        compare = self.report.compare
        compare("roles", "AccessManager: deployer gave its rights up", True, handover is not None)
        if handover is None:
            return
        planned = self.plan.setup_call(self._at("IdeaBoard"))
        compare("roles", "AccessManager: set-up as planned", digest(planned), digest(handover.data))
        for name, done in handover.done.items():
            compare("operations", f"{name}: done before the deployer's rights ended", {}, done)
        handed_out = handover.handed_out
        handed_out.subtract({one.account: one.amount for rows in self.plan.batches for one in rows})
        astray = {account: units for account, units in handed_out.items() if units}
        compare("operations", "HolderToken: handed out otherwise than listed", {}, astray)

    def _timelock(self) -> None:
        timelock, governor = self._at("TimelockController"), self._at("HolderGovernor")
        state = read_timelock(self.chain, timelock, self._birth("TimelockController"))
        members = {
            "DEFAULT_ADMIN": {timelock},
            "PROPOSER": {governor},
            "CANCELLER": {governor},
            "EXECUTOR": {_ZERO},
        }
        for role in sorted(members.keys() | state.members.keys()):
            self.report.compare(
                "roles",
                f"TimelockController: members of {role}",
                sorted(members.get(role, set())),
                sorted(state.members.get(role, set())),
            )
        self.report.compare("roles", "TimelockController: admins of roles", {}, state.admins)
        known = proposal_operations(self.chain, governor, self._birth("HolderGovernor"))
        foreign = sorted(one for one in state.operations if one not in known)
        self.report.compare(
            "operations", "TimelockController: scheduled by no proposal", [], foreign
        )
        for one, operation in state.operations.items():
            if one in known and operation.state == "waiting":
                self.report.notes.append(
                    f"Proposal {known[one]} waits in the timelock until"
                    f" {format_time(operation.ready_at)}."
                )


def _masked(code: bytes, places: Refs) -> bytes:
    masked = bytearray(code)
    for start, length in places:
        masked[start : start + length] = bytes(length)
    return bytes(masked)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, Mapping):
        rows: Iterable[tuple[Any, Any]] = sorted(value.items(), key=str)
        return ", ".join(f"{_text(key)}: {_text(item)}" for key, item in rows) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in value) or "none"
    return str(value)
