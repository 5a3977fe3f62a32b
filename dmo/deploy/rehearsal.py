"""A deployment rehearsed on a private chain: before anything is paid, and to compare a real one with.

The private chain has the real one's id, and the deployer its nonces. A stub answers for a token that is there already,
and another for an arbitrator. Once everything is created, one proposal and one idea are carried to their ends by who
can vote, the largest first until they are enough, and the guardian halts: what stops half way, or can never pass, is
found here.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from dmo.core import explain, words
from dmo.core.abi import encode_call
from dmo.core.abi.codec import encode, keccak
from dmo.core.chain import Chain, Receipt
from dmo.core.errors import CheckFailed, DmoError, Refused
from dmo.core.rpc import Request
from dmo.deploy.artifacts import creation_input, load_artifacts
from dmo.deploy.config import NewToken, WrappedToken
from dmo.deploy.contracts import created_address
from dmo.deploy.plan import DeployPlan
from dmo.deploy.sender import UnlockedSender
from dmo.replay.node import Anvil, start

_STAND_IN, _MAKER = "0x" + 39 * "0" + "d", "0x" + 39 * "0" + "e"
"""Who holds all that can vote of a token that is there already, and who makes its stub."""
_OPTIONS = dict.fromkeys(("auto-impersonate", "quiet", "disable-default-create2-deployer"), True)
_WEALTH = hex(10**24)
_LARGEST = 24_576
"""Bytes of code that chains take (EIP-170); compiled for development, it is larger."""
_DAY, _LOT = 86_400, 500


class Log(NamedTuple):
    """What a contract logged: its address, topics, data."""

    address: str
    topics: tuple[str, ...]
    data: str

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Log":
        """Read a node's answer."""
        return cls(raw["address"].lower(), tuple(raw["topics"]), raw["data"])


class SentAt(NamedTuple):
    """When and with which nonce a step was really sent."""

    nonce: int
    timestamp: int


@dataclass(frozen=True)
class Rehearsal:
    """What a deployment's steps log, by their key; and why it could not live, if so."""

    logs: Mapping[str, list[Log]]
    fault: DmoError | None = None


def rehearse(
    plan: DeployPlan, root: Path, origin: int | None = None, sent: Mapping[str, SentAt] | None = None
) -> Rehearsal:
    """Rehearse a deployment; as it was sent, if it was.

    Raises:
        CheckFailed: A step would fail, or take more gas than a transaction may.
    """
    with tempfile.TemporaryFile() as log:
        anvil = _start(plan, log, min(one.timestamp for one in sent.values()) if sent else plan.facts.now)
        try:
            stage = _Stage(plan, Chain(anvil.rpc), root)
            logs = stage.deploy(origin or plan.config.rounds.origin or plan.choose_origin(plan.facts.now), sent or {})
            try:
                stage.live()
            except DmoError as fault:
                return Rehearsal(logs, fault)
            return Rehearsal(logs)
        finally:
            anvil.stop()


def _start(plan: DeployPlan, log: Any, now: int) -> Anvil:
    options = {"chain-id": plan.facts.chain_id, "accounts": 0, "gas-limit": 10**9}
    largest = max(len(one.runtime) for one in plan.artifacts.values())
    lifted = {"disable-code-size-limit": True} if largest > _LARGEST else {}
    return start(now - _DAY, log, {**_OPTIONS, **options, **lifted})


class _Stage:
    """The private chain, and what is done on it."""

    def __init__(self, plan: DeployPlan, chain: Chain, root: Path) -> None:
        self.plan, self.chain, self.root = plan, chain, root
        self.deployer, self.places = plan.facts.deployer, dict[str, str]()
        self.rich: set[str] = set()
        self.ask("anvil_setNonce", self.deployer, hex(plan.first_nonce))
        self._stubs()

    @property
    def board(self) -> str:
        """Where the board is."""
        return self.places["IdeaBoard"]

    def ask(self, method: str, *arguments: Any) -> Any:
        return self.chain.transport.request(method, arguments)

    def send(self, who: str, to: str | None, data: bytes) -> Receipt:
        """As anybody. Raises Refused: a contract refused."""
        if who not in self.rich:
            self.ask("anvil_setBalance", who, _WEALTH)
            self.rich.add(who)
        tx = UnlockedSender(self.chain, who).send(to, data, self.chain.nonce(who))
        receipt = self.chain.wait(tx)
        if not receipt.is_ok:
            raise words.stopped(CheckFailed, "deploy_rehearsed_failing")
        return receipt

    def until(self, moment: int) -> None:
        """Let the clock reach a moment."""
        if moment > self.chain.now():
            self.ask("evm_setNextBlockTimestamp", moment)
            self.ask("evm_mine")

    # ── what is there already ───────────────────────────────────────────────────────────────────

    def _stubs(self) -> None:
        plan, token = self.plan, self.plan.config.token
        if not isinstance(token, NewToken):
            self._token(token.address, plan.facts.votes.decimals)
            self._mint(token.address, _STAND_IN, plan.votable)
            if not isinstance(token, WrappedToken):
                self.send(_STAND_IN, token.address, encode_call("HolderToken", "delegate", [_STAND_IN]))
        if plan.config.budget.token is not None:
            self._token(plan.budget_token, plan.facts.budget.decimals)
            self._mint(plan.budget_token, self.deployer, plan.pool)
        if plan.config.campaigns.arbitrator is not None:
            said = plan.facts.ruling_seconds
            answers = "5f5ffd" if said is None else f"7f{said:064x}5f5260205ff3"  # a word, whatever is asked
            self.ask("anvil_setCode", plan.arbitrator, "0x" + answers)

    def _token(self, address: str, decimals: int) -> None:
        if self.chain.code(address):
            return  # budget and votes may be the same
        artifact = load_artifacts(self.root / "build", ["StandInToken"])["StandInToken"]
        made = self.send(_MAKER, None, creation_input(artifact, {"decimals": decimals})).contract_address or ""
        self.ask("anvil_setCode", address, "0x" + self.chain.code(made).hex())

    def _mint(self, token: str, to: str, amount: int) -> None:
        minter = self.deployer if self.plan.config.budget.mock else _MAKER
        self.send(minter, token, keccak(b"mint(address,uint256)")[:4] + encode(["address", "uint256"], [to, amount]))

    # ── the deployment ──────────────────────────────────────────────────────────────────────────

    def deploy(self, origin: int, sent: Mapping[str, SentAt]) -> dict[str, list[Log]]:
        """Do every step; what each one logs."""
        plan, found = self.plan, {}
        for place, step in enumerate(plan.steps):
            planned = SentAt(plan.first_nonce + place, 0 if sent else plan.facts.now + place)
            nonce, moment = sent.get(step.key, planned)
            self.ask("anvil_setNonce", self.deployer, hex(nonce))
            self.ask("evm_setNextBlockTimestamp", max(moment, self.chain.now()))
            if step.creates:
                self.places[step.contract] = created_address(self.deployer, nonce)
            try:
                receipt = self.send(self.deployer, plan.target(step), plan.payload(step, origin, self.places))
            except DmoError as error:
                raise words.failed("deploy_rehearsed_step", [self._why(error)], title=step.title) from None
            found[step.key] = [Log.of(raw) for raw in receipt.logs]
        return found

    # ── a life ──────────────────────────────────────────────────────────────────────────────────

    def live(self) -> None:
        """A proposal and an idea, voted and carried out, and a halt."""
        plan, leader = self.plan, self._voters()
        start, length, holding = self.chain.call("IdeaBoard", self.board, "frame")[:3]
        self.until(max(start, self.chain.now() + holding + 1))
        self._mint(plan.budget_token, plan.treasury, plan.cap)
        self._propose(leader)
        self._idea(leader, start, length)
        self._do("halt", plan.config.guardian.address, "CampaignEscrow", "halt")

    def _do(self, what: str, who: str, contract: str, function: str, *arguments: Any) -> Receipt:
        """Call as somebody; a refusal says at what the organization would fail."""
        to = self.board if contract == "IdeaBoard" else self.plan.at(contract)
        try:
            return self.send(who, to, encode_call(contract, function, arguments))
        except (Refused, CheckFailed) as error:
            act = words.word("deploy_rehearsed", what)
            raise words.failed("deploy_rehearsed_life", [self._why(error)], act=act) from None

    def _why(self, error: DmoError) -> str:
        """What was refused, in tokens."""
        if not isinstance(error, Refused):
            return error.message
        votes, budget = self.plan.facts.votes, self.plan.facts.budget
        own = explain.Words(votes.decimals, self.plan.votes_symbol, budget.decimals, budget.symbol)
        return " ".join(explain.explain(error.name, error.arguments, own)).strip()

    def _voters(self) -> str:
        """Who leads those who can vote, the largest first until they can decide anything."""
        plan, token = self.plan, self.plan.votes_token
        if isinstance(plan.config.token, WrappedToken):
            under = plan.config.token.address
            self.send(_STAND_IN, under, encode_call("ERC20", "approve", [token, plan.votable]))
            self.send(_STAND_IN, token, encode_call("VotesWrapper", "depositFor", [_STAND_IN, plan.votable]))
        if not plan.holdings:
            return _STAND_IN
        able = Counter({who: votes for who, votes in plan.holders.items() if who not in plan.excluded})
        wanted, gathered, voters = max(plan.least.values()), 0, list[str]()
        for who, votes in able.most_common():
            voters.append(who)
            if (gathered := gathered + votes) >= wanted:
                break
        self._delegate(voters[1:], voters[0])
        return voters[0]

    def _delegate(self, voters: Sequence[str], leader: str) -> None:
        data = "0x" + encode_call("HolderToken", "delegate", [leader]).hex()
        for at in range(0, len(voters), _LOT):
            lot = voters[at : at + _LOT]
            asked: list[Request] = [("anvil_setBalance", [who, _WEALTH]) for who in lot]
            order = {"to": self.plan.votes_token, "data": data, "gas": hex(300_000)}
            asked += [("eth_sendTransaction", [{"from": who, **order}]) for who in lot]
            self.chain.transport.batch(asked)

    def _propose(self, leader: str) -> None:
        """The treasury pays a round's cap into the pool, and sets the board's rules as they are."""
        plan, governor = self.plan, "HolderGovernor"
        escrow, rules = plan.at("CampaignEscrow"), self.chain.call("IdeaBoard", self.board, "rulesOf", 1)
        calls = (
            (plan.budget_token, encode_call("ERC20", "approve", [escrow, plan.cap])),
            (escrow, encode_call("CampaignEscrow", "deposit", [plan.cap])),
            (self.board, encode_call("IdeaBoard", "setRules", [rules])),
        )
        content: list[Any] = [[to for to, _ in calls], [0, 0, 0], [data for _, data in calls]]
        made = self._do("propose", leader, governor, "propose", *content, "Rehearsal")
        at = plan.at(governor)
        (event,) = self.chain.events_of(made, governor, at, "ProposalCreated")
        number = event.arguments["proposalId"]
        self.until(event.arguments["voteStart"] + 1)
        self._do("vote", leader, governor, "castVote", number, 1)
        self.until(event.arguments["voteEnd"] + 1)
        content.append(keccak(b"Rehearsal"))
        signature = "(address[],uint256[],bytes[],bytes32)"
        self._do("queue", leader, governor, f"queue{signature}", *content)
        self.until(self.chain.call(governor, at, "proposalEta", number))
        self._do("execute", leader, governor, f"execute{signature}", *content)

    def _idea(self, leader: str, start: int, length: int) -> None:
        """One idea asks for as much as one may, is voted for, and funded."""
        number = (self.chain.now() - start) // length + 2
        for moment in range(3):
            self.until(start + (number - 1 + moment) * length)
            if moment == 0:
                asked = (keccak(b"Rehearsal"), self.plan.cap // 3, leader, 2 * length, 0, 0, 0)
                self._do("post", leader, "IdeaBoard", "post", asked)
            elif moment == 1:
                self._do("ballot", leader, "IdeaBoard", "castBallot", number, [1], [])
        settled = self._do("settle", leader, "IdeaBoard", "settle", number, [1], 1)
        if not self.chain.events_of(settled, "IdeaBoard", self.board, "IdeaFunded"):
            raise words.failed("deploy_rehearsed_life", [], act=words.word("deploy_rehearsed", "settle"))
