"""What was done until the deployer's rights ended, transaction by transaction, against a rehearsal of the plan.

Every log of every contract has to be one of the rehearsal's, in its transaction, from its sender to its target. Besides
them there may only be what holders do with tokens that they were handed: anybody could otherwise spoil a deployment.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from dmo.core import abi, words
from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain, raised
from dmo.core.errors import DmoError, NodeError
from dmo.core.rpc import Request
from dmo.core.units import format_time
from dmo.deploy.config import VotesToken
from dmo.deploy.facts import deposited
from dmo.deploy.plan import POOL_FILLED, DeployPlan, DeployStep
from dmo.deploy.rebuilt import Created
from dmo.deploy.rehearsal import Log, SentAt, rehearse

_VOTES = ("HolderToken", "VotesWrapper")
_OPEN = ("DocumentLog", "NeedsBoard", "ContentRegistry", "Drops", "Forecasts", "Advisor", "Stablecoin")
"""Where anybody may do something before the hand-over; with tokens, if the deployer has no part in it."""

Finding = tuple[str, str, Any, Any]
"""Area, subject, expected, found."""


class _Done(NamedTuple):
    """A real transaction."""

    hash: str
    sender: str
    to: str | None
    nonce: int
    data: str
    is_ok: bool
    timestamp: int


@dataclass(frozen=True)
class Handover:
    """The deployment as it was really done; to the block ``end``, or to the latest."""

    chain: Chain
    plan: DeployPlan
    at: Mapping[str, Created]
    origin: int
    end: int | None

    @cached_property
    def _logs(self) -> dict[str, list[Log]]:
        """Logs of the deployment's contracts by transaction."""
        addresses = [one.address for one in self.at.values()]
        first = min(one.block for one in self.at.values())
        found: dict[str, list[Log]] = {}
        for raw in self.chain.logs({"address": addresses}, first, self.end):
            found.setdefault(raw["transactionHash"], []).append(Log.of(raw))
        return found

    @cached_property
    def _done(self) -> dict[str, _Done]:
        """Every transaction that could be the plan's, by its hash."""
        born = [one.tx for one in self.at.values()]
        hashes = list(dict.fromkeys([*born, *self._logs, *self._allowances()]))
        asked: list[Request] = [(f"eth_getTransaction{how}", [tx]) for tx in hashes for how in ("ByHash", "Receipt")]
        answers = raised(self.chain.transport.batch(asked), NodeError)
        pairs = list(zip(answers[::2], answers[1::2], strict=True))
        blocks = self.chain.blocks(int(sent["blockNumber"], 16) for sent, _ in pairs)
        found = {}
        for sent, receipt in pairs:
            to, at = sent["to"] and checksum(sent["to"]), blocks[int(sent["blockNumber"], 16)].timestamp
            is_ok = int(receipt["status"], 16) == 1
            head = sent["hash"], checksum(sent["from"]), to, int(sent["nonce"], 16)
            found[sent["hash"]] = _Done(*head, sent["input"], is_ok, at)
        return found

    def _allowances(self) -> list[str]:
        """Transactions in which the deployer let the escrow take money: the pool's says nothing at our contracts."""
        if not self.plan.pool:
            return []
        where = {"owner": self.plan.facts.deployer, "spender": self.at["CampaignEscrow"].address}
        born = min(one.block for one in self.at.values())
        token = self.plan.budget_token
        found = self.chain.events("ERC20", token, "Approval", where, from_block=born, to_block=self.end)
        return [event.tx for event in found]

    @cached_property
    def _steps(self) -> dict[str, _Done]:
        """Which transaction each step was, by its key."""
        left, found = dict(self._done), {}
        for step in self.plan.steps:
            if step.creates:
                found[step.key] = left.pop(self.at[step.contract].tx)
        deployer, places = self.plan.facts.deployer, {name: one.address for name, one in self.at.items()}
        for step in self.plan.steps:
            carried = "0x" + self.plan.payload(step, self.origin, places).hex()
            wanted = deployer, self.plan.target(step), carried
            same = (tx for tx, one in left.items() if (one.sender, one.to, one.data) == wanted)
            if not step.creates and (tx := next(same, None)):
                found[step.key] = left.pop(tx)
        return found

    def findings(self, root: Path) -> Iterator[Finding]:
        """Everything that is compared."""
        yield self._origin()
        sent = {key: SentAt(one.nonce, one.timestamp) for key, one in self._steps.items()}
        try:
            rehearsed = rehearse(self.plan, root, self.origin, sent)
        except DmoError as error:
            yield "operations", "rehearsal", words.word("deploy", "lives"), " ".join([error.message, *_more(error)])
            return
        lives, fault = words.word("deploy", "lives"), rehearsed.fault
        yield "operations", "rehearsal", lives, " ".join([fault.message, *_more(fault)]) if fault else lives
        for step in self.plan.steps:
            yield from self._step(step, rehearsed.logs[step.key])
        known = {one.hash for one in (*self._steps.values(), *self.holders)}
        for one in (self._done[tx] for tx in self._logs if tx not in known):
            found = words.word("deploy", "unplanned").format(sender=one.sender, to=one.to, tx=one.hash)
            logs = "; ".join(map(self._told, self._logs[one.hash]))
            yield "operations", "transaction in no step of the plan", [], f"{found}: {logs}"

    def _step(self, step: DeployStep, logs: list[Log]) -> Iterator[Finding]:
        done, deployer = self._steps.get(step.key), self.plan.facts.deployer
        yield "operations", f"{step.title}: sent as planned", True, done is not None
        if done is None:
            return
        wanted = (deployer, self.plan.target(step), True)
        yield "operations", f"{step.title}: sender, target, success", wanted, (done.sender, done.to, done.is_ok)
        ours = {one.address.lower() for one in self.at.values()}
        expected, found = [log for log in logs if log.address in ours], self._logs.get(done.hash, [])
        if step.key == POOL_FILLED and 0 < self.arrived < self.plan.pool:
            # The token kept a part for itself: that is told, and no fault of who deployed.
            whole, part = (f"{amount:064x}" for amount in (self.plan.pool, self.arrived))
            expected = [log._replace(data=log.data.replace(whole, part)) for log in expected]
        less, more = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
        subject = f"{step.title}: what it did"
        if expected == found:
            yield "operations", subject, len(expected), len(found)
        else:
            yield "operations", subject, [*map(self._told, less)], [*map(self._told, more)] or "in another order"

    @cached_property
    def arrived(self) -> int:
        """What arrived of the pool's money, in units of the budget token; less where the token takes a fee."""
        done = self._steps.get(POOL_FILLED)
        return deposited(self.chain, self.at["CampaignEscrow"].address, done.hash if done else None)

    def _origin(self) -> Finding:
        """Round 1 begins a holding period after the tokens are out, and no later than it has to."""
        rounds, times = self.plan.config.rounds, {key: one.timestamp for key, one in self._steps.items()}
        held = 1 if isinstance(self.plan.config.token, VotesToken) else rounds.holding
        born, board = times["create/Reputation"], times["create/IdeaBoard"]
        handed = max((at for key, at in times.items() if key.startswith("holders/")), default=born)
        latest = max(born + held + rounds.slack, board + held + rounds.length)
        right = max(handed + held, self.origin if rounds.origin else min(self.origin, latest))
        return "parameters", "origin of round 1, by the hand-out", format_time(right), format_time(self.origin)

    @cached_property
    def holders(self) -> list[_Done]:
        """What others than the deployer did meanwhile with what they were handed."""
        votes, rooms = ({self.at[name].address.lower() for name in all_ if name in self.at} for all_ in (_VOTES, _OPEN))
        deployer = self.plan.facts.deployer
        topic = "0x" + deployer[2:].lower().rjust(64, "0")
        planned = {one.hash for one in self._steps.values()}
        return [
            self._done[tx]
            for tx, logs in self._logs.items()
            if tx not in planned and self._done[tx].sender != deployer
            if all(log.address in rooms or (log.address in votes and topic not in log.topics) for log in logs)
        ]

    def _told(self, log: Log) -> str:
        """A log in words, as far as its contract is known."""
        name = next(name for name, one in self.at.items() if one.address.lower() == log.address)
        event = abi.event_of(name if name in abi.names() else "ERC20", log.topics, log.data)
        if event is None:
            return f"{name} {log.topics}"
        return f"{name}.{event[0]}({', '.join(f'{key} {value}' for key, value in event[1].items())})"


def _more(error: DmoError) -> tuple[str, ...]:
    return getattr(error, "differences", ())
