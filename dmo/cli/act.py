"""An act: tried first, told in words, asked for where others share the chain, then sent."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from dmo.cli import texts
from dmo.cli.session import Session
from dmo.core.calls import Call
from dmo.core.chain import Event, Receipt
from dmo.core.errors import BadInput, Declined, DmoError, Refused

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

__all__ = ["Done", "Step", "act", "approval", "possible"]

_REAL_CONFIRMATIONS = 3
_T = TypeVar("_T")


@dataclass(frozen=True)
class Step:
    """One transaction of an act.

    Attributes:
        call: What is sent.
        after_approval: It needs the approval before it, so that alone it would be refused.
    """

    call: Call
    after_approval: bool = False


@dataclass(frozen=True)
class Done:
    """An act that was done: the receipts in the order of its steps."""

    session: Session
    steps: Sequence[Step]
    receipts: Sequence[Receipt]

    def event(self, contract: str, name: str) -> Event | None:
        """The first event of this name, of one of the deployment's contracts."""
        at = self.session.dmo.address(contract)
        for receipt in self.receipts:
            for event in self.session.dmo.chain.events_of(receipt, contract, at, name):
                return event
        return None

    def events(self, contract: str, name: str) -> list[Event]:
        """All events of this name, of one of the deployment's contracts."""
        at = self.session.dmo.address(contract)
        return [
            event
            for receipt in self.receipts
            for event in self.session.dmo.chain.events_of(receipt, contract, at, name)
        ]


def approval(session: Session, token: Any, spender: str, amount: int) -> list[Step]:
    """The approval that lets a contract take tokens, where there is not enough of one yet.

    Raises:
        Refused: The account does not hold so much, so that an approval would be paid for nothing.
    """
    from dmo.client import tokens
    from dmo.core.units import format_amount

    if not amount:
        return []
    owner = session.maybe_me
    if owner is not None and not session.options.calldata:
        held = tokens.balance(session.dmo, token.address, owner)
        if held < amount:
            shown = [format_amount(one, token.decimals, token.symbol) for one in (held, amount)]
            raise Refused(
                "BalanceTooSmall",
                {"account": owner, "balance": held, "needed": amount},
                message=texts.TOO_LITTLE.format(session.who(owner), *shown),
                hint=texts.TOO_LITTLE_HINT,
            )
    if owner is not None:
        known = tokens.allowance(session.dmo, token.address, owner, spender)
        if known >= amount:
            return []
    call = tokens.approve(token.address, spender, amount, token.symbol, token.decimals)
    name = session.who(spender)
    told = call.description.replace(spender, texts.SPENDERS.get(name.split(" ")[0], name))
    return [Step(call.described(told))]


def act(
    session: Session,
    steps: Sequence[Step],
    *,
    effects: Sequence[str] = (),
    result: Callable[[Done], str] | None = None,
    next_step: str | Callable[[Done], str] = "",
    tell: Callable[[], None] | None = None,
    before: Callable[[], None] | None = None,
) -> Done | None:
    """Do it, or with --calldata show it.

    Args:
        session: The session.
        steps: The transactions, in order.
        effects: What it means, sentence by sentence.
        result: What was done, in words; may fill the envelope's data.
        next_step: What comes next, in words; may depend on what was done.
        tell: Shows more, once it is known that nothing would be refused.
        before: Done once all is asked and answered, before anything leaves.

    Returns:
        What was done; nothing with --calldata.
    """
    if session.options.calldata:
        if tell is not None:
            tell()
        if before is not None:
            before()
        _show_calldata(session, steps)
        return None
    sender = session.me
    gas = _try(session, steps, sender)
    if tell is not None:
        tell()
    _preview(session, steps, sender, gas, effects)
    _ask(session)
    account = session.unlock()
    if before is not None:
        before()
    done = _send(session, steps, account)
    if result is not None:
        said = result(done)
        if said:
            session.screen.heading(said)
    for step, receipt in zip(done.steps, done.receipts, strict=True):
        _show_receipt(session, step, receipt, several=len(done.steps) > 1)
    following = next_step if isinstance(next_step, str) else next_step(done)
    if following:
        session.screen.say(texts.NEXT.format(following))
    return done


def possible(session: Session, steps: Sequence[tuple[_T, Step]]) -> list[tuple[_T, Step]]:
    """Those of several independent steps that would not be refused now; others are noted.

    Raises:
        Refused: Every step would be.
    """
    if session.options.calldata or len(steps) < 2:
        return list(steps)
    found: list[tuple[_T, Step]] = []
    refused: list[tuple[Step, Refused]] = []
    for what, step in steps:
        try:
            session.dmo.chain.simulate(step.call, session.me)
            found.append((what, step))
        except Refused as error:
            refused.append((step, error))
    if not found:
        raise refused[0][1]
    for step, refusal in refused:
        said = session.explained(refusal).message
        session.screen.note(texts.LEFT_OUT.format(step.call.description, said))
    return found


def _show_calldata(session: Session, steps: Sequence[Step]) -> None:
    session.screen.data["calls"] = [step.call.calldata() for step in steps]
    for place, step in enumerate(steps, 1):
        content = step.call.calldata()
        if place > 1:
            session.screen.say()
        session.screen.heading(content["description"])
        session.screen.fields([(key, content[key]) for key in ("to", "value", "data")])


def _try(session: Session, steps: Sequence[Step], sender: str) -> list[int | None]:
    """Gas of each step; unknown for what needs an approval first."""
    chain = session.dmo.chain
    gas: list[int | None] = []
    for step in steps:
        try:
            chain.simulate(step.call, sender)
            gas.append(chain.estimate(step.call, sender))
        except Refused as error:
            if not (step.after_approval and len(steps) > 1 and _lacks_approval(error)):
                raise
            gas.append(None)
    return gas


def _lacks_approval(error: Refused) -> bool:
    """Whether a token said no, rather than one of our contracts."""
    ours = ("IdeaBoard", "CampaignEscrow", "DisputeDesk", "Jury", "Haltable", "Electorate")
    return not error.name.startswith((*ours, "ERC20InsufficientBalance"))


def _fee(session: Session) -> int:
    """Wei per gas that is likely to be paid."""
    from dmo.core.errors import NodeError

    base = session.dmo.chain.block().base_fee
    if not base:
        return 0
    try:
        tip = int(session.dmo.chain.transport.request("eth_maxPriorityFeePerGas", []), 16)
    except NodeError:
        tip = 10**9
    return base + tip


def coins(session: Session, wei: int) -> str:
    """An amount of the native coin, to six digits that count."""
    from dmo.core.units import format_amount

    step = 10 ** max(len(str(wei)) - 4, 0)
    return format_amount(-(-wei // step) * step, 18, session.network.coin)


def _preview(
    session: Session,
    steps: Sequence[Step],
    sender: str,
    gas: Sequence[int | None],
    effects: Sequence[str],
) -> None:
    screen = session.screen
    if screen.as_json and not (_is_asked(session) and sys.stdin.isatty()):
        return
    # A person who is asked reads first, wherever the answer goes.
    say = screen.note if screen.as_json else screen.say
    price = _fee(session)
    heading = screen.note if screen.as_json else screen.heading
    heading(texts.PREVIEW.format(session.who(sender), session.network.name))
    for place, (step, needed) in enumerate(zip(steps, gas, strict=True), 1):
        mark = f"{place}. " if len(steps) > 1 else ""
        cost = (
            texts.COST.format(needed, coins(session, needed * price))
            if needed is not None
            else texts.COST_LATER
        )
        say(f"  {mark}{step.call.description} ({cost})")
    for effect in effects:
        say(f"  → {effect}")


def _is_asked(session: Session) -> bool:
    """Whether a yes is needed before anything leaves."""
    return session.is_live and not session.options.yes and os.environ.get("DMO_YES") != "1"


def _ask(session: Session) -> None:
    if not _is_asked(session):
        return
    if not sys.stdin.isatty():
        raise BadInput(
            texts.CANNOT_ASK.format(session.network.name), expected="--yes, or a terminal to answer"
        )
    print(texts.ASK.format(session.network.name), end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        raise Declined(texts.NOT_SENT, hint=texts.NOT_SENT_HINT)


def _send(session: Session, steps: Sequence[Step], account: LocalAccount) -> Done:
    from dmo.core.sender import KeySender

    chain = session.dmo.chain
    is_test = session.network.is_test
    sender = KeySender(chain, account, confirmations=1 if is_test else _REAL_CONFIRMATIONS)
    receipts: list[Receipt] = []
    for step in steps:
        try:
            sent = sender.submit(step.call)
            if session.screen.is_terminal():
                session.screen.say(texts.WAITING.format(sent.tx))
            receipt = sender.finish(sent)
        except DmoError as failure:
            if not receipts:
                raise
            error = session.explained(failure) if isinstance(failure, Refused) else failure
            error.details["sent"] = [receipt.hash for receipt in receipts]
            half_done = texts.HALF_DONE.format(len(receipts), len(steps))
            error.hint = f"{error.hint} {half_done}".strip()
            if error is failure:
                raise
            raise error from failure
        receipts.append(receipt)
        session.screen.transactions.append(
            {
                "hash": receipt.hash,
                "block": receipt.block,
                "gas_used": receipt.gas_used,
                "description": step.call.description,
            }
        )
    return Done(session, steps, receipts)


def _show_receipt(session: Session, step: Step, receipt: Receipt, *, several: bool) -> None:
    cost = coins(session, receipt.gas_used * receipt.gas_price)
    label = f"{step.call.description}: " if several else ""
    session.screen.say(
        "  " + label + texts.RECEIPT.format(receipt.hash, receipt.block, receipt.gas_used, cost)
    )
