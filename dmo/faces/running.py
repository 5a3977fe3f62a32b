"""A command, run: read, previewed, asked for, sent, told. For any act or query."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dmo.core import act, words
from dmo.core.act import Act, AlreadyDone, Asked, Done, Plan, Preview
from dmo.core.errors import BadInput, Declined, NodeError, Refused
from dmo.core.kinds import COIN
from dmo.core.view import Query
from dmo.faces.terminal import Screen
from dmo.home.home import Home, Options

if TYPE_CHECKING:
    from dmo.core.chain import Receipt
    from dmo.core.sender import Sender, Sent

__all__ = ["ask", "perform", "run"]

_REAL_CONFIRMATIONS = 3


def _said(key: str) -> str:
    return words.word("screen", key)


def run(asked: type[Asked], given: Mapping[str, Any], shared: Mapping[str, Any]) -> int:
    """Run an act or a query; returns the exit code.

    Args:
        asked: Which.
        given: Field → text, as a person wrote it.
        shared: The options that all commands share.
    """
    screen = Screen(as_json=shared.get("format") == "json")
    known = {key: shared.get(key) for key in ("deployment", "network", "rpc", "account", "publish")}
    home = Home(Options(**known, is_sending=not shared.get("calldata")))
    try:
        found = act.read(asked, home, given)
        code = 0
        if isinstance(found, Query):
            view = found.view(home)
            screen.view(view)
            code = view.code
        elif isinstance(found, Act):
            perform(home, screen, found, shared)
    except Refused as error:
        raise home.explained(error) from error
    deployment = (home.dmo.name, home.dmo.chain_id) if home.is_open else ("", 0)
    screen.finish(asked.name, *deployment)
    return code


def perform(home: Home, screen: Screen, wanted: Act, shared: Mapping[str, Any]) -> Done | None:
    """Do an act, or with --calldata show it.

    Args:
        home: Deployment, node and account.
        screen: Where it is told.
        wanted: The act.
        shared: ``calldata`` and ``yes``, as the command line has them.
    """
    try:
        planned = act.plan(home, wanted)
    except AlreadyDone as already:
        screen.data.update({k: v.kind.plain(v.value) for k, v in {**wanted.given(), **wanted.facts(home)}.items()})
        screen.heading(str(already))
        return None
    screen.data.update(planned.data)
    if shared.get("calldata"):
        _show(home, screen, wanted)
        wanted.before(home)
        _show_calldata(screen, planned)
        return None
    sender = home.me
    ready = act.preview(home, planned, sender)
    for step, refusal in ready.left_out:
        said = home.explained(refusal).message
        screen.note(_said("left_out").format(step.call.description, said))
    _show(home, screen, wanted)
    _preview(home, screen, ready, sender, _is_asked(home, shared))
    ask(home, shared)
    done = act.send(home, ready, _sender(home, screen))
    home.look_again()
    data, sentences, following = done.tell()
    screen.data.update(data)
    for line in sentences:
        screen.heading(line)
    for step, receipt in zip(ready.plan.steps, done.receipts, strict=True):
        _show_receipt(home, screen, step.call.description, receipt, len(done.receipts) > 1)
    screen.next(following)
    return done


def _show(home: Home, screen: Screen, wanted: Act) -> None:
    view = wanted.shown(home)
    if view is not None:
        screen.view(view)


def _show_calldata(screen: Screen, planned: Plan) -> None:
    screen.data["calls"] = [step.call.calldata() for step in planned.steps]
    for place, content in enumerate(screen.data["calls"]):
        if place:
            screen.say()
        screen.heading(content["description"])
        screen.fields([(key, content[key]) for key in ("to", "value", "data")])


def _price(home: Home) -> int:
    """Wei per gas that is likely to be paid."""
    base = home.chain.block().base_fee
    if not base:
        return 0
    try:
        return base + int(home.chain.transport.request("eth_maxPriorityFeePerGas", []), 16)
    except NodeError:
        return base + 10**9


def _coins(home: Home, wei: int) -> str:
    """An amount of the native coin, to four digits that count, rounded up."""
    step = 10 ** max(len(str(wei)) - 4, 0)
    return COIN.show(home, -(-wei // step) * step)


def _preview(home: Home, screen: Screen, ready: Preview, sender: str, is_asked: bool) -> None:
    if screen.as_json and not (is_asked and sys.stdin.isatty()):
        return
    # A person who is asked reads first, wherever the answer goes.
    say = screen.note if screen.as_json else screen.say
    heading = screen.note if screen.as_json else screen.heading
    price = _price(home)
    heading(_said("preview").format(home.who(sender), home.network.name))
    for place, (step, gas) in enumerate(zip(ready.plan.steps, ready.gas, strict=True), 1):
        mark = f"{place}. " if len(ready.plan.steps) > 1 else ""
        cost = _said("cost_later") if gas is None else _said("cost").format(gas, _coins(home, gas * price))
        say(f"  {mark}{step.call.description} ({cost})")
    for effect in ready.plan.effects:
        say(f"  → {effect}")


def _is_asked(home: Home, shared: Mapping[str, Any]) -> bool:
    return home.is_live and not shared.get("yes") and os.environ.get("DMO_YES") != "1"


def ask(home: Home, shared: Mapping[str, Any]) -> None:
    """Where others share the chain, go on only after a typed yes, ``--yes`` or DMO_YES=1.

    Raises:
        BadInput: Nobody is there to answer.
        Declined: The answer was another one.
    """
    if not _is_asked(home, shared):
        return
    name = home.network.name
    if not sys.stdin.isatty():
        raise BadInput(_said("cannot_ask").format(name), expected="--yes, or a terminal to answer")
    print(_said("ask").format(name), end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        raise Declined(_said("not_sent"), hint=_said("not_sent_hint"))


def _sender(home: Home, screen: Screen) -> Sender:
    from dmo.core.sender import KeySender

    def told(sent: Sent) -> None:
        if screen.is_terminal():
            screen.say(_said("waiting").format(sent.tx))

    confirmations = 1 if home.network.is_test else _REAL_CONFIRMATIONS
    key = home.names.unlock()
    return KeySender(home.chain, key, confirmations=confirmations, journal=told)


def _show_receipt(home: Home, screen: Screen, told: str, receipt: Receipt, is_one_of_several: bool) -> None:
    screen.transactions.append(
        {"hash": receipt.hash, "block": receipt.block, "gas_used": receipt.gas_used, "description": told}
    )
    cost = _coins(home, receipt.gas_used * receipt.gas_price)
    label = f"{told}: " if is_one_of_several else ""
    receipt_text = _said("receipt").format(receipt.hash, receipt.block, receipt.gas_used, cost)
    screen.say("  " + label + receipt_text)
