"""The keeper's turn: one look at one block, and at most one transaction.

It signs with the nonce of the very block, by hash, whose state it acted on. So two transactions for one act have
one nonce, of which one is mined; or the second was signed on a state in which the first was done, or never can be.
No counter and no queue: each block is asked anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from dmo.core import due, words
from dmo.core.calls import Call
from dmo.core.chain import GAS_LIMIT, ZERO, Block, raised
from dmo.core.errors import DmoError, NetworkError, NodeError, Refused
from dmo.core.records import Receipt
from dmo.core.sender import KNOWN, PRICES, Fees, fees_at, sign
from dmo.home.following import Follower
from dmo.home.keeping.fees import affordable, raised_fees, within
from dmo.home.keeping.logbook import DAY, Logbook, Signed
from dmo.home.keeping.others import Others
from dmo.home.keeping.tasks import Fitting, Load, Task, facts_of, tasks

if TYPE_CHECKING:
    from dmo.core.chain import Chain
    from dmo.home.home import Home

Say = Callable[..., None]
_PATIENCE = 3
"""Blocks that a transaction waits before its fees are raised."""
_AGAIN = 1024
"""Blocks after which what was refused is tried again at the latest, though nothing of it has changed."""
_PART = 50
"""Credits whose delivery is tried on a block: some may be refused for a year."""
_KINDS = 4
"""Kinds of acts that are tried on one block."""
_QUIET = 32
"""Blocks without work after which nonce and balance are looked at again."""
_FINAL = 64
"""Blocks after which one is final where the node does not say."""
_NOOP_GAS = 21_000
_SLOW, _AGAIN_AT_ONCE = 5.0, 3
"""Seconds after which a block that was read is not the latest, and how often in a row that may be."""


@dataclass(frozen=True)
class Settings:
    """How it keeps.

    Attributes:
        max_fee: The most it pays for gas, wei.
        cap: The most it spends in a day of the chain, wei; None for no limit.
        is_sending: Whether anything leaves; else it only says what would.
        is_single: Whether nobody else does the same, so that nobody has to be waited for.
    """

    max_fee: int
    cap: int | None = None
    is_sending: bool = False
    is_single: bool = False


@dataclass
class Turn:
    """What came of a look.

    Attributes:
        head: The block.
        due: Tasks that are due, the refused ones among them.
        left: Those that were refused before.
        batch: What was sent, or would be.
        waits: For what nothing was sent: ``final``, ``fees``, ``cap``, ``balance``, ``other``, ``mined``.
    """

    head: Block
    due: int = 0
    left: int = 0
    batch: Load = field(default_factory=Load)
    waits: str = ""

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to do, and nothing under way."""
        return self.due == self.left and not self.waits and self.batch.trial is None


@dataclass
class _Out:
    """What was refused: what was known of it then, when it is tried again, how often it was."""

    facts: str
    until: int
    times: int = 1


class Keeper:
    """Does what is due of a home's deployment for an account."""

    def __init__(self, home: Home, settings: Settings, say: Say, sends_by: Chain | None = None) -> None:
        home.is_exact, home.part = True, None if settings.is_single else _PART
        self.home, self.settings, self.say = home, settings, say
        self.account = home.me if settings.is_sending else home.maybe_me or ZERO
        self._key: Any = home.names.unlock() if settings.is_sending else None
        self.follower = Follower(home)
        self.journal = Logbook(home.keeper_file(self.account))
        if settings.is_sending:
            self.journal.lock()
        self._sends_by = sends_by
        self._waits_final = settings.is_sending and self.journal.is_new and home.is_live
        self._others = Others(self.account)
        self._out: dict[str, _Out] = {}
        self._done = ""
        self._looked_at = -_QUIET
        self.balance = 0
        self.nonce = 0

    # ── one look ──

    def turn(self) -> Turn | None:
        """Look at the latest block and send what is to be sent; nothing where there is no new one.

        Raises:
            DmoError: The node, the index or the disk fails; the next turn begins anew.
        """
        head = self._head()
        chain = self.home.snapshot.chain
        if head.hash == self._done and chain.time is None:
            return None
        if self.follower.index.cursor != (head.number, head.hash):
            raise words.network("node_unsteady")
        odd: list[Exception] = []
        found = tasks(due.items(self.home, None, odd.append))
        if odd and not found:
            raise odd[0]
        for error in odd:
            self.say("odd", why=str(error), block=head.number)
        turn = Turn(head, len(found))
        fees = Fees(0, 0)
        if found or self.journal.open or head.number >= self._looked_at + _QUIET:
            fees = self.look(chain, head)
        names = {one.name for one in found}
        self._out = {name: out for name, out in self._out.items() if name in names}
        kept = [one for one in found if not self._is_out(one, head)]
        turn.left = len(found) - len(kept)
        kept = self._others.order(kept) if self._heeds else kept
        self._others.see(kept, head.number)
        self._act(turn, kept, fees)
        self._done = head.hash
        return turn

    def _head(self) -> Block:
        """The latest block, at which the index is; looked at again while reading what was new took long."""
        for _ in range(_AGAIN_AT_ONCE):
            begun = monotonic()
            head = self.follower.step()
            if monotonic() < begun + _SLOW:
                break
        return head

    def look(self, chain: Chain, head: Block) -> Fees:
        """Nonce and balance of this very block, fees, and what became of what was sent; in one round trip."""
        mine = self.journal.open
        asked = [
            ("eth_getTransactionCount", [self.account, chain.state]),
            ("eth_getBalance", [self.account, chain.state]),
            *PRICES,
            *(("eth_getTransactionReceipt", [one.tx]) for one in mine),
            *([("eth_getTransactionCount", [self.account, "finalized"])] if self._waits_final else []),
        ]
        nonce, balance, tip, price, *rest = chain.transport.batch(asked)
        raised([nonce, balance], NodeError)
        self.nonce, self.balance, self._looked_at = int(nonce, 16), int(balance, 16), head.number
        self._ended(mine, rest[: len(mine)], head)
        if self._waits_final:
            final = rest[-1]
            if isinstance(final, NodeError):
                where = hex(max(head.number - _FINAL, 0))
                final = chain.transport.request("eth_getTransactionCount", [self.account, where])
            self._waits_final = int(final, 16) != self.nonce
        return fees_at(head, tip, price)

    def _ended(self, mine: Sequence[Signed], receipts: Sequence[Any], head: Block) -> None:
        """Tell what was mined, what a reorganisation undid, and what another took the nonce of."""
        before = [one.state for one in self.journal.signed]
        for one in self.journal.reopen(self.nonce):
            one.block = head.number  # it waits from now on
            self.say("undone", act=one.act, keys=one.keys, nonce=one.nonce, hash=one.tx)
        for one, raw in zip(mine, receipts, strict=True):
            receipt = Receipt.of(raw) if isinstance(raw, dict) else None
            if receipt is None or one.nonce >= self.nonce:
                continue
            self.journal.end(one, "mined" if receipt.is_ok else "reverted", receipt.gas_used * receipt.gas_price)
            told = {"act": one.act, "keys": one.keys, "nonce": one.nonce, "hash": one.tx, "block": receipt.block}
            self.say(one.state, **told, gas=receipt.gas_used, cost=one.cost)
        for one in self.journal.open:
            if one.nonce < self.nonce and head.number > one.block + _FINAL:
                self.journal.end(one, "lost", 0)
                self.say("lost", act=one.act, keys=one.keys, nonce=one.nonce, hash=one.tx)
        if before != [one.state for one in self.journal.signed] and self.settings.is_sending:
            self.journal.keep()

    # ── what is done ──

    def _act(self, turn: Turn, found: list[Task], usual: Fees) -> None:
        """Choose what is signed under this block's nonce, and send it."""
        before = self.journal.at(self.nonce) if self.settings.is_sending else []
        ready = [one for one in found if self._is_turn(one, turn.head)]
        fees = affordable(usual, self.settings.max_fee)
        if not found:
            return
        if self._waits_final:
            turn.waits = "final"
        elif before:
            self._signed_before(turn, found, usual, before)
        elif not ready:
            turn.waits = "other"
        elif fees is None:
            turn.waits = "fees"
        else:
            self._send_first(turn, ready, fees, is_first=True)

    def _signed_before(self, turn: Turn, found: list[Task], usual: Fees, before: Sequence[Signed]) -> None:
        """Under a nonce that something was signed with, that is done which still is due of it; it may be mined yet."""
        last = before[-1]
        due_now = {one.name: one for one in found}
        still = [due_now[name] for name in dict.fromkeys(n for one in before for n in one.names) if name in due_now]
        same = [one for one in still if one.name in last.names]
        is_late = last.is_cheap or turn.head.number >= last.block + _PATIENCE
        if same and not is_late:
            fitting = self.fitting(turn.head, last.fees)
            if fitting.again(same, self._call(last)).trial is not None:
                self._again(last)
                turn.waits = "mined"
                return
        fees = affordable(usual, self.settings.max_fee, before)
        rest = [one for one in found if one not in still]
        if fees is not None:
            self._send_first(turn, [*still, *rest], fees, is_first=False)
        elif same or not last.names:
            self._again(last)
            turn.waits = "fees"
        else:
            self._free(turn, usual, before)

    def _free(self, turn: Turn, usual: Fees, before: Sequence[Signed]) -> None:
        """Free a nonce that waits for nothing: its act is not due any more, and nothing dearer may be sent."""
        fees = raised_fees(within(usual, self.settings.max_fee), before)
        if fees.max_fee < (usual.base or 0) + fees.priority or turn.head.number < before[-1].block + _PATIENCE:
            turn.waits = "fees"
            return
        call = Call(self.account, b"", 0, words.word("keeper", "freed"))
        if self._can_pay(turn, _NOOP_GAS * fees.max_fee):
            self._leave(turn, call, "", [], _NOOP_GAS, fees)

    def _send_first(self, turn: Turn, found: list[Task], fees: Fees, *, is_first: bool) -> None:
        """Send the first that fits; what is refused is left out until its facts change."""
        refused: list[Any] = []
        for _ in range(_KINDS):
            if not found:
                break
            batch = self.fitting(turn.head, fees).fit(found)
            for task, error in batch.refused:
                self._leave_out(task, error, turn)
            refused += batch.refused
            gone = {one.name for one, _ in batch.refused}
            found = [one for one in found if one.name not in gone]
            if batch.trial is None:
                continue
            if not self._can_pay(turn, batch.trial.gas * fees.max_fee):
                break
            first, trial = batch.tasks[0], batch.trial
            keys, why = [one.key for one in batch.tasks], first.item.text(self.home)
            if self._leave(turn, trial.call, first.act.name, keys, trial.gas, fees, why, is_first=is_first):
                turn.batch, turn.waits = Load(batch.tasks, trial, tuple(refused)), ""
                return
            turn.waits = "other"
            found = [one for one in found if one.act.name != first.act.name]
        turn.batch = Load(refused=tuple(refused))

    def fitting(self, head: Block, fees: Fees) -> Fitting:
        """What finds batches of half a block that can be paid."""
        room = min(head.gas_limit // 2, GAS_LIMIT, self._money(head) // max(fees.max_fee, 1))
        return Fitting(self.home, self.account, room)

    # ── who, when, and for how much ──

    def _is_turn(self, task: Task, head: Block) -> bool:
        return not self._heeds or self._others.is_turn(task.act.name, head.number)

    @property
    def _heeds(self) -> bool:
        """Whether there may be others; not where a chain stands still until somebody sends."""
        return self.settings.is_sending and not self.settings.is_single and self.home.snapshot.chain.time is None

    def _money(self, head: Block) -> int:
        """What may still be spent: of the balance, and of the day's cap. A dry run has enough."""
        if not self.settings.is_sending:
            return 10**30
        spent = self.journal.spent(head.timestamp // DAY, [self.nonce])
        cap = self.settings.cap
        return max(min(self.balance, self.balance if cap is None else cap - spent), 0)

    def _can_pay(self, turn: Turn, cost: int) -> bool:
        can = cost <= self._money(turn.head)
        turn.waits = "" if can else "balance" if cost > self.balance else "cap"
        return can

    def _is_out(self, task: Task, head: Block) -> bool:
        """Whether it was refused, and nothing of it has changed since."""
        out = self._out.get(task.name)
        return out is not None and head.number < out.until and out.facts == facts_of(self.home, task)

    def _leave_out(self, task: Task, why: Any, turn: Turn) -> None:
        facts, before = facts_of(self.home, task), self._out.get(task.name)
        times = before.times + 1 if before and before.facts == facts else 1
        self._out[task.name] = _Out(facts, turn.head.number + min(2**times, _AGAIN), times)
        turn.left += 1
        told = self.home.explained(why) if isinstance(why, Refused) else why
        says, right = (told.message, told.hint) if isinstance(told, DmoError) else (str(told), "")
        if times == 1:
            self.say("left_out", act=task.act.name, keys=[task.key], block=turn.head.number, why=says, right=right)

    # ── what leaves ──

    def _leave(
        self,
        turn: Turn,
        call: Call,
        act: str,
        keys: list[str],
        gas: int,
        fees: Fees,
        why: str = "",
        *,
        is_first: bool = False,
    ) -> bool:
        """Sign with the block's nonce, write it down, send it, unless another has meanwhile. A dry run only says so."""
        head = turn.head
        told = {"act": act, "keys": keys, "why": why, "what": call.description, "block": head.number}
        if not self.settings.is_sending:
            self.say("would_send", **told, gas=gas, fee=fees.max_fee)
            return True
        sent = sign(self._key, self.home.dmo.chain_id, call, self.nonce, fees, gas)
        one = Signed.of(sent, head.number, head.timestamp // DAY, act, keys)
        name = "freed" if not act else "raised" if self.journal.at(self.nonce) else "sent"
        self.journal.add(one)
        if is_first and self._heeds and self._others.are_at(act, call, head.number, self.home.chain):
            self.journal.drop(one)  # as late as can be: hardly anything lies between this question and sending
            return False
        self.say(name, **told, nonce=self.nonce, hash=sent.tx, gas=gas, fee=fees.max_fee, tip=fees.priority)
        self._broadcast(one, sent.raw)
        return True

    @staticmethod
    def _call(one: Signed) -> Call:
        return Call(one.to, bytes.fromhex(one.data), 0, one.act)

    def _again(self, one: Signed) -> None:
        """Send what was signed once more; the same is signed to the same bytes, and those do nothing twice."""
        sent = sign(self._key, self.home.dmo.chain_id, self._call(one), one.nonce, one.fees, one.gas)
        if self._broadcast(one, sent.raw):
            self.say("again", act=one.act, keys=one.keys, nonce=one.nonce, hash=one.tx)

    def _broadcast(self, one: Signed, raw: bytes) -> bool:
        """Send bytes; says whether they were new to the node."""
        chain = self._sends_by or self.home.chain
        try:
            chain.transport.request("eth_sendRawTransaction", ["0x" + raw.hex()])
        except NodeError as error:
            reason = error.reason.lower()
            if not KNOWN.search(reason) and "nonce too low" not in reason:
                one.is_cheap = "underpriced" in reason or "fee" in reason
                self.say("not_taken", nonce=one.nonce, hash=one.tx, why=error.reason[:200])
            return False
        except NetworkError as error:
            self.say("not_taken", nonce=one.nonce, hash=one.tx, why=error.message)
            return False
        return True
