"""A command, run: read, previewed, asked for, sent, told. For any act or query."""

import os
import sys
from collections.abc import Mapping
from typing import Any

from dmo.core import act, words
from dmo.core.act import Act, AlreadyDone, Asked, Done, Preview
from dmo.core.errors import Declined, NodeError, Refused
from dmo.core.kinds import COIN
from dmo.core.sender import KeySender
from dmo.core.view import Query
from dmo.faces.terminal import Screen
from dmo.home.home import Home, Options


def _said(key: str) -> str:
    return words.word("screen", key)


def run(asked: type[Asked], given: Mapping[str, Any], shared: Mapping[str, Any]) -> int:
    """Run a command as a person wrote it, field → text, with the options that all share; returns the exit code."""
    screen = Screen(as_json=shared.get("format") == "json")
    known = {key: shared.get(key) for key in ("deployment", "network", "rpc", "account", "publish")}
    home = Home(Options(**known, is_sending=not shared.get("calldata")))
    code = do(home, screen, asked, given, shared)
    screen.finish(asked.name, *((home.dmo.name, home.dmo.chain_id) if home.is_open else ("", 0)))
    return code


def do(home: Home, screen: Screen, asked: type[Asked], given: Mapping[str, Any], shared: Mapping[str, Any]) -> int:
    """Do an act or show what a query answers; returns the exit code. Raises DmoError: a refusal is explained."""
    try:
        found = act.read(asked, home, given)
        if isinstance(found, Query):
            view = found.view(home)
            screen.view(view)
            return view.code
        if isinstance(found, Act):
            perform(home, screen, found, shared)
    except Refused as error:
        raise home.explained(error) from error
    return 0


def perform(home: Home, screen: Screen, wanted: Act, shared: Mapping[str, Any]) -> None:
    """Do an act, or show it where ``shared`` says ``calldata``; with ``yes`` nothing is asked."""
    try:
        planned = act.plan(home, wanted)
    except AlreadyDone as already:
        screen.data.update({k: v.kind.plain(v.value) for k, v in {**wanted.given(), **wanted.facts(home)}.items()})
        screen.heading(str(already))
        return
    screen.data.update(planned.data)
    if shared.get("calldata"):
        screen.view(wanted.shown(home))
        wanted.before(home)
        screen.data["calls"] = [step.call.calldata() for step in planned.steps]
        for place, content in enumerate(screen.data["calls"]):
            if place:
                screen.say()
            screen.heading(content["description"])
            screen.fields([(key, content[key]) for key in ("to", "value", "data")])
        return
    sender = home.me
    ready = act.preview(home, planned, sender)
    for step, refusal in ready.left_out:
        screen.note(_said("left_out").format(step.call.description, home.explained(refusal).message))
    screen.view(wanted.shown(home))
    _preview(home, screen, ready, sender, _is_asked(home, shared))
    ask(home, shared)
    done = act.send(home, ready, _sender(home, screen))
    home.look_again()
    data, sentences, following = done.tell()
    screen.data.update(data)
    for line in sentences:
        screen.heading(line)
    _show_receipts(screen, done)
    screen.next(following)


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
    say, heading = (screen.note, screen.note) if screen.as_json else (screen.say, screen.heading)
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
    """Where others share the chain, go on only after a typed yes, ``--yes`` or DMO_YES=1; else raises Declined."""
    if not _is_asked(home, shared):
        return
    name = home.network.name
    if not sys.stdin.isatty():
        raise words.bad("cannot_ask", chain=name)
    print(_said("ask").format(name), end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        raise words.stopped(Declined, "not_sent")


def _sender(home: Home, screen: Screen) -> KeySender:
    told = _said("waiting")
    confirmations = 1 if home.network.is_test else 3
    return KeySender(home.chain, home.names.unlock(), confirmations, lambda sent: screen.note(told.format(sent.tx)))


def _show_receipts(screen: Screen, done: Done) -> None:
    for step, receipt in zip(done.plan.steps, done.receipts, strict=True):
        told, gas = step.call.description, receipt.gas_used
        screen.transactions.append({"hash": receipt.hash, "block": receipt.block, "gas_used": gas, "description": told})
        cost = _coins(done.home, gas * receipt.gas_price)
        label = f"{told}: " if len(done.receipts) > 1 else ""
        screen.say(f"  {label}{_said('receipt').format(receipt.hash, receipt.block, gas, cost)}")
