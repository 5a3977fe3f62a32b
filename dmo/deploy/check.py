"""Compares a deployment with its sources and its config: code, parameters, roles, operations.

Nothing that the deployment wrote down is trusted beyond the addresses: code is compiled anew, arguments are derived
anew from the config, roles are rebuilt from the logs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

from dmo.core import abi, words
from dmo.core.abi import Field, entry, load, names
from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain, Read
from dmo.core.errors import NetworkError
from dmo.core.units import format_time
from dmo.deploy import rebuilt
from dmo.deploy.artifacts import Artifact, digest, load_artifacts
from dmo.deploy.compiler import compile_contracts, standard_input
from dmo.deploy.config import DeployConfig, VotesToken, load_config
from dmo.deploy.contracts import contracts_needed, table
from dmo.deploy.facts import lent, read_facts, votable_supply
from dmo.deploy.handover import Handover
from dmo.deploy.plan import DeployPlan
from dmo.deploy.roles import ROLES, SETTINGS
from dmo.deploy.rooms import Room, read_rooms, rooms_file
from dmo.home.outputs import BookContract, DeploymentBook

_OPEN = "functions open to roles"
_MANAGER, _TREASURY, _GOVERNOR = "AccessManager", "Treasury", "HolderGovernor"


@dataclass(frozen=True)
class Finding:
    """One thing that was compared."""

    area: str  # code, parameters, roles or operations
    subject: str
    expected: str
    found: str


@dataclass
class CheckReport:
    """Everything that was compared, and what is only worth knowing."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def differences(self) -> list[Finding]:
        """What is not as it should be."""
        return [one for one in self.findings if one.expected != one.found]

    def compare(self, area: str, subject: str, expected: Any, found: Any) -> None:
        """Note one comparison."""
        self.findings.append(Finding(area, subject, text_of(expected), text_of(found)))

    def require(self, name: str) -> None:
        """Raise CheckFailed, with one sentence per difference, if anything differs."""
        found = [f"{one.area}: {one.subject}: expected {one.expected}, found {one.found}" for one in self.differences]
        if found:
            raise words.failed("deploy_differ" if len(found) > 1 else "deploy_differs", found, name=name)


def text_of(value: Any) -> str:
    """A value as text, however nested."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, Mapping):
        rows: Iterable[tuple[Any, Any]] = sorted(value.items(), key=str)
        return ", ".join(f"{text_of(key)}: {text_of(item)}" for key, item in rows) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(text_of, value)) or "none"
    return str(value)


def recompile(root: Path, config: DeployConfig, more: Iterable[str] = ()) -> dict[str, Artifact]:
    """The deployment's contracts, compiled anew; the build folder has to tell where their sources are."""
    return _anew(root, [*contracts_needed(config), *more])


def _anew(root: Path, names: Iterable[str]) -> dict[str, Artifact]:
    known = load_artifacts(root / "build", names)
    return compile_contracts(root, {name: one.source for name, one in known.items()})


def check_deployment(
    chain: Chain, file: Path, book: DeploymentBook, root: Path, artifacts: Mapping[str, Artifact] | None = None
) -> CheckReport:
    """Compare a deployment with its sources, compiled anew unless given, and with its config.

    Raises:
        BadInput: Config and address book do not belong together.
        NetworkError: The chain does not know the deployment's transactions.
    """
    config = load_config(file)
    chain.require(book.chain_id)
    fresh = recompile(root, config) if artifacts is None else artifacts
    check = _Check(chain, config, book, root, file, fresh)
    check.code()
    check.parameters()
    check.permissions()
    check.handover()
    check.treasury()
    check.money()
    return check.report


class _Check:
    def __init__(
        self,
        chain: Chain,
        config: DeployConfig,
        book: DeploymentBook,
        root: Path,
        file: Path,
        artifacts: Mapping[str, Artifact],
    ) -> None:
        self.chain, self.root, self.file, self.given, self.report = chain, root, file, book, CheckReport()
        self.compare = self.report.compare
        self.book: dict[str, BookContract] = {}
        self.sent: dict[str, Any] = {}
        self.at: dict[str, rebuilt.Created] = {}
        for name in contracts_needed(config):
            recorded = book.contracts.get(DeployPlan.book_name(name))
            if recorded is None or recorded.tx is None:
                raise words.bad("deploy_no_creation", contract=DeployPlan.book_name(name))
            sent = self._transaction(recorded.tx)
            if not isinstance(sent, dict):
                raise words.stopped(NetworkError, "deploy_unknown_tx", contract=name, tx=recorded.tx)
            self.book[name], self.sent[name] = recorded, sent
            self.at[name] = rebuilt.Created(checksum(recorded.address), sent["hash"], int(sent["blockNumber"], 16))
        self.called = {at.address: name for name, at in self.at.items()}
        self.places = {name: at.address for name, at in self.at.items()}
        self.origin = self.call("IdeaBoard", "frame")[0]  # compared where one was asked for
        # The plan as it must have been, from the first transaction.
        first = next(iter(self.sent.values()))
        facts = read_facts(chain, config, checksum(first["from"]))
        supply = facts.votes.supply
        if facts.votes.address:
            supply = votable_supply(chain.pinned(int(first["blockNumber"], 16) - 1), config)
        self.plan = DeployPlan(config, facts.as_begun(int(first["nonce"], 16), supply), artifacts, file.parent)

    def _transaction(self, tx: str) -> Any:
        return self.chain.transport.request("eth_getTransactionByHash", [tx])

    def call(self, contract: str, function: str, *arguments: Any) -> Any:
        return self.chain.call(contract, self.at[contract].address, function, *arguments)

    def code(self) -> None:
        if (asked := self.plan.config.rounds.origin) is not None:
            self.compare("parameters", "origin of round 1", asked, self.origin)
        for name, at in self.at.items():
            artifact, recorded = self.plan.artifacts[name], self.book[name]
            receipt, code = self.chain.receipt(at.tx), self.chain.code(at.address)
            source = standard_input(self.root, {artifact.name: artifact.source})
            rows = {
                "address": (receipt.contract_address if receipt else None, at.address),
                "code and arguments as created": (
                    digest(self.plan.creation(name, self.origin, self.places)),
                    _carried(self.sent[name]),
                ),
                "code now, immutables masked": (_masked(artifact.runtime, artifact), _masked(code, artifact)),
                "code as recorded": (recorded.code_sha256, digest(code)),
                "sources as recorded": (True, recorded.input_json == source),
            }
            for what, (expected, found) in rows.items():
                self.compare("code", f"{name}: {what}", expected, found)

    def parameters(self) -> None:
        # Rules and terms as the next round and the next campaign will have them.
        further = {
            "rulesOf": (self.call("IdeaBoard", "currentRound") + 1,),
            "termsOf": (self.call("DisputeDesk", "latestTerms")[0],),
        }
        rows = [(name, view, path) for name in self.at for view, path in table()[name].get("views", {}).items()]
        reads = [Read(name, self.at[name].address, view, further.get(view, ())) for name, view, _ in rows]
        for (contract, view, path), found in zip(rows, self.chain.read(reads), strict=True):
            arguments: Any = self.plan.arguments(contract, self.origin, self.places)
            expected = reduce(getitem, path.split("."), arguments)
            subject = f"{contract}.{view.removesuffix('()')}"
            self._members(subject, entry(contract, view).outputs[0], found, expected)
        if isinstance(self.plan.config.token, VotesToken):
            found = lent(self.chain, self.plan.config, self.plan.excluded)
            self.compare("parameters", "VotesToken: excluded accounts that lend their votes", {}, found)

    def _members(self, subject: str, field: Field, found: Any, expected: Any) -> None:
        if isinstance(expected, list):
            expected, found = sorted(expected), sorted(found)
        if not field.members:
            self.compare("parameters", subject, expected, found)
            return
        for member, value in zip(field.members, found, strict=True):
            self._members(f"{subject}.{member.name}", member, value, expected[member.name])

    def permissions(self) -> None:
        members = {role: {who: 0} for role, who in self.plan.role_members(self.places).items()}
        opened = self.plan.open_functions(self.places).items()
        functions = {(target, "0x" + selector.hex()): role for (target, selector), role in opened}
        state = rebuilt.read_state(self.chain, _MANAGER, self.at[_MANAGER])
        for room in self._rooms():
            theirs = {(target, "0x" + selector.hex()): role for target, selector, role in room.opens}
            has_some = any(who in state.members.get(role, ()) for role, who in room.members) or any(
                state.settings.get(_OPEN, {}).get(key) == role for key, role in theirs.items()
            )
            if not has_some and (room.members or theirs):
                self.report.notes.append(words.word("deploy", "room_waits").format(room=room.name))
                continue
            functions |= theirs
            for role, account in room.members:
                members.setdefault(role, {})[account] = 0
        self._compare_state(_MANAGER, state, members, {_OPEN: functions})
        # The logs could be cut short: the contract itself has the last word on each of them.
        for role, account in ((role, account) for role, held in state.members.items() for account in held):
            has = self.call(_MANAGER, "hasRole", role, account)
            self.compare("roles", f"{_MANAGER}: {self._named(account)} is {_role(role)}", True, bool(has[0]))
        self.compare("operations", f"{_MANAGER}: scheduled", [], sorted(state.waiting))

    def _rooms(self) -> Iterator[Room]:
        """Rooms that are there, as the file beside the config says them: what stands at its address is the room."""

        def compiled(asked: list[str]) -> Mapping[str, Artifact]:
            known = self.plan.artifacts
            missing = [name for name in asked if name not in known]
            return {**known, **(_anew(self.root, missing) if missing else {})}

        addresses = {name: checksum(one.address) for name, one in self.given.contracts.items()}
        for room in read_rooms(rooms_file(self.file), addresses, compiled).values():
            recorded, is_there = addresses.get(room.name), bool(self.chain.code(room.address))
            if is_there or recorded:
                self.compare("code", f"{room.name}: code and arguments as created", True, is_there)
                self.compare("code", f"{room.name}: address", room.address, recorded or room.address)
            if is_there:
                self.called[room.address] = room.name
                yield room

    def _compare_state(
        self, contract: str, state: rebuilt.State, members: Mapping[Any, Any], settings: Mapping[str, Any]
    ) -> None:
        """Compare members of roles and settings with what the logs tell."""
        for role in sorted(members.keys() | state.members.keys()):
            # A timelock's roles have names, and its members no delays.
            who, shown = (_role(role), dict) if isinstance(role, int) else (role, sorted)
            both = (members.get(role, {}), state.members.get(role, {}))
            named = [shown({self._named(account): delay for account, delay in held.items()}) for held in both]
            self.compare("roles", f"{contract}: members of {who}", *named)
        for what, _, _ in SETTINGS[contract].values():
            tables = (settings.get(what, {}), state.settings.get(what, {}))
            told = [
                {self._key(key): _role(it) if what == _OPEN else it for key, it in table.items()} for table in tables
            ]
            self.compare("roles", f"{contract}: {what}", *told)

    def _named(self, account: str) -> str:
        """An account with the name of the contract there."""
        return f"{self.called[account]} {account}" if account in self.called else account

    def _key(self, key: Any) -> Any:
        """What a setting is of: a contract, or a function of it."""
        if not isinstance(key, tuple):
            return self._named(key) if isinstance(key, str) else key
        name = self.called.get(key[0], "")
        found = (one.name for one in load(name) if "0x" + one.selector.hex() == key[1]) if name in names() else ()
        return next((f"{name}.{function}" for function in found), f"{name or key[0]} {key[1]}")

    def handover(self) -> None:
        """What the deployer did as admin, or by votes not handed out yet, would outlive both."""
        ended = rebuilt.handed_over(self.chain, self.plan.facts.deployer, self.at[_MANAGER])
        self.compare("roles", f"{_MANAGER}: deployer gave its rights up", True, ended is not None)
        done = Handover(self.chain, self.plan, self.at, self.origin, ended.block if ended else None)
        for finding in done.findings(self.root):
            self.compare(*finding)
        self.report.notes += filter(None, [self.plan.fee_taken(done.arrived)])
        if done.holders:
            self.report.notes.append(words.word("deploy", "meanwhile").format(count=len(done.holders)))

    def money(self) -> None:
        """A token that takes from who sends, or shrinks, leaves the escrow less than it owes."""
        books = abi.named("CampaignEscrow", "books", self.call("CampaignEscrow", "books"))
        owed = books["held"] + books["bonds_held"]
        has = self.chain.call("ERC20", self.plan.budget_token, "balanceOf", self.at["CampaignEscrow"].address)
        told = map(self.plan.money, (owed, min(has, owed)))
        self.compare("operations", "CampaignEscrow: has what it owes", *told)

    def treasury(self) -> None:
        at, governor = self.at[_TREASURY], self.at[_GOVERNOR]
        members = {
            "DEFAULT_ADMIN": {at.address: 0},
            "PROPOSER": {governor.address: 0},
            "CANCELLER": {governor.address: 0},
            "EXECUTOR": {governor.address: 0},
        }
        state = rebuilt.read_state(self.chain, _TREASURY, self.at[_TREASURY])
        self._compare_state(_TREASURY, state, members, {})
        known = rebuilt.proposal_operations(self.chain, governor)
        foreign = sorted(state.operations.keys() - known.keys())
        self.compare("operations", f"{_TREASURY}: scheduled by no proposal", [], foreign)
        self.report.notes += [
            words.word("deploy", "waits").format(proposal=known[one], ready_at=format_time(operation.ready_at))
            for one, operation in state.waiting.items()
            if one in known
        ]


def _role(number: int) -> str:
    """A role by its name."""
    return next((f"{name} (role {number})" for name, one in ROLES.items() if one.number == number), f"role {number}")


def _carried(transaction: Mapping[str, Any]) -> str:
    """Digest of a transaction's data."""
    return digest(bytes.fromhex(transaction["input"][2:]))


def _masked(code: bytes, artifact: Artifact) -> str:
    """Digest of a code without its immutables."""
    masked = bytearray(code)
    for start, length in artifact.immutables:
        masked[start : start + length] = bytes(length)
    return digest(bytes(masked))
