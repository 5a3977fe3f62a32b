"""A command, run: read, previewed, asked for, sent, told. For any act or query."""

import os
import re
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

from dmo.core import act, engine, words
from dmo.core.act import Act, AlreadyDone, Asked
from dmo.core.engine import Done, Preview
from dmo.core.errors import Declined, DmoError, Refused
from dmo.core.files import canonical_json, write_new
from dmo.core.kinds import COIN
from dmo.core.sender import fees_now
from dmo.core.view import Query
from dmo.faces.sending import Courier, recall, said
from dmo.faces.terminal import Screen
from dmo.home.home import Home, Options
from dmo.home.safes import batch_file

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{40}\b")


def _said(key: str) -> str:
    return words.word("screen", key)


def run(asked: type[Asked], given: Mapping[str, Any], shared: Mapping[str, Any]) -> int:
    """Run a command as a person wrote it, field → text, with the options that all share; returns the exit code."""
    screen = Screen(as_json=shared.get("format") == "json")
    known = {key: shared.get(key) for key in ("deployment", "network", "rpc", "account", "publish")}
    is_shown = any(map(shared.get, ("calldata", "safe", "untried")))
    is_again, is_tried = bool(shared.get("again")), not shared.get("untried")
    home = Home(Options(**known, is_sending=not is_shown, is_tried=is_tried, is_again=is_again))
    code = do(home, screen, asked, given, shared)
    screen.finish(asked.name, where(home))
    return code


def where(home: Home) -> dict[str, Any]:
    """What the data is of: deployment, block, and the tokens whose smallest units amounts are in."""
    if not home.is_open:
        return {"deployment": "", "chain_id": 0}
    tokens: dict[str, Any] = {}
    with suppress(DmoError):  # what was done is told all the same
        tokens = {name: vars(home.token(name)) for name in ("budget", "votes")}
    head = home.__dict__.get("snapshot")
    told = {"block": head.head.number} if head else {}
    return {"deployment": home.dmo.name, "chain_id": home.dmo.chain_id, **told, "tokens": tokens}


def do(home: Home, screen: Screen, asked: type[Asked], given: Mapping[str, Any], shared: Mapping[str, Any]) -> int:
    """Do an act or show what a query answers; returns the exit code. Raises DmoError: a refusal is explained."""
    try:
        line = said(asked.name, given)
        if issubclass(asked, Act) and home.options.is_sending and recall(home, screen, line):
            return 0
        found = act.read(asked, home, given)
        if isinstance(found, Query):
            view = found.view(home)
            screen.view(view)
            return view.code
        if isinstance(found, Act):
            _in_turn(home, screen, found, shared, line)
    except Refused as error:
        raise home.explained(error) from error
    return 0


def _in_turn(home: Home, screen: Screen, whole: Act, shared: Mapping[str, Any], line: str) -> None:
    """Do an act in its parts; what is asked is asked once, and what each part tells is summed up."""
    parts = whole.parts(home)
    first, second = next(parts), next(parts, None)
    if second is None:
        perform(home, screen, first, shared, line)
        return
    if _is_asked(home, shared):
        screen.note(_said("in_parts"))
    total: dict[str, Any] = {}
    for place, part in enumerate(chain((first, second), parts)):
        # By a name of its own: the whole is not done where one part is.
        its = {**shared, "is_part": True, "yes": place > 0 or shared.get("yes")}
        perform(home, screen, part, its, f"{line} {place}")
        total = _joined(total, screen.data, whole.given().keys())
    screen.data = total
    screen.heading(words.command(whole.name)["in_all"].format(**total))


def _joined(total: Mapping[str, Any], more: Mapping[str, Any], same: Collection[str]) -> dict[str, Any]:
    """What parts tell together: counts are added, lists follow each other."""
    told = {**total}
    for key, value in more.items():
        is_added = key in told and key not in same and type(value) in (int, list)
        told[key] = told[key] + value if is_added else value
    return told


def perform(home: Home, screen: Screen, wanted: Act, shared: Mapping[str, Any], line: str) -> None:
    """Do an act, or show its calls where nothing shall be sent; with ``yes`` in ``shared`` nothing is asked.

    By ``line`` the act is known again if it is not told to the end.
    """
    told = {key: one.kind.plain(one.value) for key, one in wanted.given().items()}
    home.look_up(_ADDRESS.findall(repr(told)))
    try:
        planned = engine.plan(home, wanted)
    except AlreadyDone as already:
        screen.data.update({k: v.kind.plain(v.value) for k, v in {**wanted.given(), **wanted.facts(home)}.items()})
        screen.heading(str(already))
        return
    screen.data.update(planned.data)
    ready = engine.preview(home, planned, _tried_as(home)) if home.options.is_tried else Preview(planned, ())
    if not home.options.is_again and (repeated := wanted.repeated(home)):
        raise repeated
    for step, refusal in ready.left_out:
        screen.note(_said("left_out").format(step.call.description, home.explained(refusal).message))
    screen.view(wanted.shown(home))
    if not home.options.is_sending:
        _show_calls(home, screen, ready, shared.get("safe"))
        return
    _preview(home, screen, ready, home.me, _is_asked(home, shared))
    ask(home, shared)
    # Large parts are dear to estimate, and refuse nothing; all else is tried again, for somebody may have been faster.
    gas = ready.gas if shared.get("is_part") and not _is_asked(home, shared) else [None for _ in ready.gas]
    courier = Courier(home, screen, line, gas)
    try:
        done = engine.send(home, ready, courier)
    except (DmoError, KeyboardInterrupt) as failure:
        raise courier.told(failure) from failure
    home.look_again(done.receipts[-1].block)
    data, sentences, following = done.tell()
    screen.data.update(data)
    for line in sentences:
        screen.heading(line)
    _show_receipts(screen, done)
    courier.over()
    screen.next(following)


def _tried_as(home: Home) -> str:
    """Whose the act is tried as; an address is enough. Raises BadInput: nobody said."""
    if home.maybe_me is None and not home.options.is_sending:
        raise words.bad("nobody_to_try_as", field="--account")
    return home.me


def _show_calls(home: Home, screen: Screen, ready: Preview, safe: Any) -> None:
    ready.plan.act.before(home)
    calls = [step.call for step in ready.plan.steps]
    if None in ready.gas:
        screen.note(_said("untried"))
    if safe:
        write_new(safe, canonical_json(batch_file(home, ready.plan.act.name, calls)))
        screen.data["safe"] = str(safe)
    screen.data["calls"] = [call.calldata() for call in calls]
    for place, content in enumerate(screen.data["calls"]):
        if place:
            screen.say()
        screen.heading(content["description"])
        screen.fields([("to", home.who(content["to"])), ("value", content["value"]), ("data", content["data"])])


def _coins(home: Home, wei: int) -> str:
    """An amount of the native coin, to four digits that count, rounded up."""
    step = 10 ** max(len(str(wei)) - 4, 0)
    return COIN.show(home, -(-wei // step) * step)


def _preview(home: Home, screen: Screen, ready: Preview, sender: str, is_asked: bool) -> None:
    if screen.as_json and not (is_asked and sys.stdin.isatty()):
        return
    # A person who is asked reads first, wherever the answer goes.
    say, heading = (screen.note, screen.note) if screen.as_json else (screen.say, screen.heading)
    price = fees_now(home.chain).likely
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
    await_yes(home.network.name)


def await_yes(chain: str, risk: str = "") -> None:
    """Go on only after a typed yes; no, n and nothing mean no (Declined), all else is asked again."""
    if not sys.stdin.isatty():
        raise words.bad("cannot_ask", chain=chain)
    question = _said("ask").format(chain, risk)
    while True:
        print(question, end=" ", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip().lower()
        if answer == "yes":
            return
        if answer in ("", "n", "no"):
            raise words.stopped(Declined, "not_sent")
        question = _said("ask_again")


def _show_receipts(screen: Screen, done: Done) -> None:
    for step, receipt in zip(done.plan.steps, done.receipts, strict=True):
        told, gas = step.call.description, receipt.gas_used
        screen.transactions.append({"hash": receipt.hash, "block": receipt.block, "gas_used": gas, "description": told})
        cost = _coins(done.home, gas * receipt.gas_price)
        label = f"{told}: " if len(done.receipts) > 1 else ""
        screen.say(f"  {label}{_said('receipt').format(receipt.hash, receipt.block, gas, cost)}")
