"""Runs the command line as somebody, and records what a caller can rely on.

That is: the exit code, the code of an error, the keys of the JSON with the types of their values,
the calls that `--calldata` prints, and the transactions that really reached the chain. What differs
from run to run is written by name: addresses as ``<alice>`` or ``<CampaignEscrow>``, moments
relative to the chain's clock as ``@+604800``.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import io
import itertools
import json
import os
import re
import secrets
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.support.cli_chain import PEOPLE, Stage

MINUTE, DAY = 60, 86_400
# Unix seconds; no amount of the story is near it, so that a word of calldata is one or the other
START = 1_900_000_000
NEAR = 400 * DAY
LONG_WORDS, SHOWN_WORDS = 40, 6

Record = dict[str, Any]
Shape = Any


def main_of_today() -> Callable[[list[str]], int]:
    """The command line: the new one where there is one, else the old one."""
    for name in ("dmo.faces.cli", "dmo.cli"):
        with contextlib.suppress(ModuleNotFoundError):
            if importlib.util.find_spec(name):
                found: Callable[[list[str]], int] = importlib.import_module(name).main
                return found
    raise ModuleNotFoundError("there is no command line")


# ── what a JSON answer looks like ───────────────────────────────────────────────────────────────


def shape(value: Any) -> Shape:
    """Keys and types of a JSON value; the items of a list are laid over each other."""
    if isinstance(value, dict):
        known: dict[str, Shape] = {}
        for key, item in value.items():
            name = _key(key)
            known[name] = _both(known[name], shape(item)) if name in known else shape(item)
        return dict(sorted(known.items()))
    if isinstance(value, list):
        items = [shape(one) for one in value]
        return [] if not items else [_all(items)]
    return _TYPES.get(type(value), "null")


_TYPES = {bool: "bool", int: "int", float: "float", str: "str"}


def _key(key: str) -> str:
    """A key that names a thing is written as its kind."""
    for pattern, kind in ((r"0x[0-9a-fA-F]{40}", "ADDRESS"), (r"\d+", "NUMBER")):
        if re.fullmatch(pattern, key):
            return kind
    return key


def _all(shapes: list[Shape]) -> Shape:
    first, *rest = shapes
    for one in rest:
        first = _both(first, one)
    return first


def _both(one: Shape, other: Shape) -> Shape:
    if one == other or other == []:
        return one
    if one == []:
        return other
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other})
        return {
            key: _both(one[key], other[key])
            if key in one and key in other
            else one.get(key, other.get(key))
            for key in keys
        }
    if isinstance(one, list) and isinstance(other, list):
        return [_both(one[0], other[0])]
    for record, leaf in ((one, other), (other, one)):  # a record, or null
        if isinstance(record, dict) and isinstance(leaf, str):
            return _both(record, {"": leaf})
    return "|".join(sorted({*str(one).split("|"), *str(other).split("|")}))


def paths(one: Shape, at: str = "") -> set[str]:
    """The paths of a shape with their types: ``data.calls[].to str``."""
    if isinstance(one, dict):
        inner = (paths(item, f"{at}.{key}".strip(".")) for key, item in one.items())
        return set().union(*inner) if one else {f"{at} {{}}"}
    if isinstance(one, list):
        return paths(one[0], f"{at}[]") if one else {f"{at}[] none"}
    return {f"{at} {one}"}


TRANSACTION = {"block": "int", "description": "str", "gas_used": "int", "hash": "str"}
ENVELOPE = {"chain_id": "int", "command": "str", "deployment": "str", "ok": "bool"}
FAILURE = {"code": "str", "hint": "str", "message": "str"}


def _brief(whole: Shape, answer: Any) -> Record:
    """A shape without the envelope that all share; whole, where it is another."""
    if isinstance(whole, dict):
        inner = {key: item for key, item in whole.items() if key not in ENVELOPE}
        around = {key: item for key, item in whole.items() if key in ENVELOPE}
        if around == ENVELOPE and inner.keys() == {"data", "transactions"}:
            sent = inner["transactions"]
            if sent in ([], [TRANSACTION]):
                return {"data": inner["data"], "transactions": len(answer["transactions"])}
        if around == {"ok": "bool"} and inner.keys() == {"error"}:
            args = inner["error"].get("args")
            if inner["error"] == {**FAILURE, "args": args}:
                return {"args": args}
    return {"keys": whole}


def all_paths(record: Record) -> set[str]:
    """The paths of a record, with those of the envelope."""
    if "data" in record:
        sent = [TRANSACTION] if record["transactions"] else []
        return paths({**ENVELOPE, "data": record["data"], "transactions": sent})
    if "args" in record:
        return paths({"ok": "bool", "error": {**FAILURE, "args": record["args"]}})
    return paths(record.get("keys"))


# ── calls ───────────────────────────────────────────────────────────────────────────────────────


class Names:
    """Writes addresses, signatures and moments so that they are the same in every run.

    Attributes:
        words: Names of 32-byte words, in hexadecimal.
    """

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def address(self, name: str, address: str) -> None:
        self.words[address.lower().removeprefix("0x").rjust(64, "0")] = f"<{name}>"

    def signature(self, signature: str, who: str) -> None:
        plain = signature.removeprefix("0x").lower().ljust(192, "0")
        for place, name in enumerate((f"r of {who}", f"s of {who}", "v")):
            self.words[plain[64 * place : 64 * place + 64]] = f"<{name}>"

    def word(self, word: str, now: int) -> str:
        if word in self.words:
            return self.words[word]
        return self.number(int(word, 16), now) or word.lstrip("0") or "0"

    def number(self, number: int, now: int) -> str:
        """A moment as seconds from now; empty for any other number."""
        return f"@{number - now:+d}" if abs(number - now) < NEAR else ""

    def call(self, to: str | None, data: str, value: int, now: int) -> str:
        """A call in one line."""
        to_word = (to or "").lower().removeprefix("0x").rjust(64, "0")
        plain = data.lower().removeprefix("0x")
        selector, rest = plain[:8], plain[8:]
        words = [self.word(rest[at : at + 64], now) for at in range(0, len(rest), 64)]
        if len(words) > LONG_WORDS:
            digest = hashlib.sha256(" ".join(words).encode()).hexdigest()
            left = len(words) - SHOWN_WORDS
            words = [*words[:SHOWN_WORDS], f"and {left} words, sha256 {digest}"]
        sent = f" with {value} wei" if value else ""
        return " ".join([f"{self.words.get(to_word, to)}{sent}: 0x{selector}", *words])

    def value(self, one: Any, now: int) -> Any:
        """A JSON value with names."""
        if isinstance(one, dict):
            return {key: self.value(item, now) for key, item in one.items()}
        if isinstance(one, list):
            return [self.value(item, now) for item in one]
        if isinstance(one, str) and re.fullmatch(r"0x[0-9a-fA-F]{40}", one):
            return self.words.get(one.lower()[2:].rjust(64, "0"), one)
        if isinstance(one, str) and re.fullmatch(r"(0x)?[0-9a-fA-F]{130}", one):
            return "<signature>"
        if isinstance(one, str) and re.fullmatch(r"\d{10}", one):
            return self.number(int(one), now) or one
        if isinstance(one, int) and not isinstance(one, bool):
            return self.number(one, now) or one
        return one


# ── the recorder ────────────────────────────────────────────────────────────────────────────────


class Recorder:
    """Runs commands on a stage and keeps a record of each.

    Args:
        stage: A chain with a deployment, whose blocks are a second apart.
        commands: Name → command line, without ``dmo`` and without shared options.

    Attributes:
        records: What was recorded, by name.
        messages: What was said where a command failed, by name.
    """

    def __init__(self, stage: Stage, commands: dict[str, str]) -> None:
        self.stage = stage
        self.commands = commands
        self.request = stage.chain.transport.request
        self.main = main_of_today()
        self.records: dict[str, Record] = {}
        self.messages: dict[str, str] = {}
        self.names = Names()
        book = json.loads((stage.folder / "deployments/harbour.json").read_text())
        for name, contract in _addresses(book):
            self.names.address(name, contract)
        for name in PEOPLE:
            (stage.folder / name).mkdir(exist_ok=True)
            self.names.address(name, stage.address(name))
        self.now = 0
        self.follow()

    # -- time --------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Take the chain's clock as it is."""
        block = self.request("eth_getBlockByNumber", ["latest", False])
        self.now = int(block["timestamp"], 16)

    def tick(self, seconds: int = MINUTE) -> None:
        """Let time pass; what a step sends never moves the moment of the next."""
        self.now += seconds
        self.request("evm_setNextBlockTimestamp", [hex(self.now)])
        self.request("evm_mine", [])

    def round_starts(self, number: int) -> None:
        self.stage.round_starts(number)
        self.follow()

    # -- beside the command line -------------------------------------------------------------------

    def order(self, sender: str, to: str, function: str, *arguments: Any) -> None:
        """Send a call as an account that the node keeps."""
        kinds = function[function.index("(") + 1 : -1]
        data = keccak(text=function)[:4] + encode(_split(kinds), arguments)
        order = {"from": sender, "to": to, "data": "0x" + data.hex(), "gas": hex(5_000_000)}
        tx = self.request("eth_sendTransaction", [order])
        assert self.stage.chain.wait(tx).is_ok, function

    def write(self, who: str, name: str, text: str) -> None:
        (self.stage.folder / who / name).write_text(text)

    # -- commands ----------------------------------------------------------------------------------

    def _run(self, name: str, line: str, who: str, **more: str) -> tuple[int, Any]:
        """Run a command line; returns its exit code and what it answered."""
        places = itertools.count()

        def salt(size: int = 32) -> bytes:
            return hashlib.sha256(f"{name} {next(places)}".encode()).digest()[:size]

        known = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
        known.update(self.stage.environment(who), DMO_DEPLOYMENT="harbour")
        known.update(XDG_CACHE_HOME=str(self.stage.folder / "cache"), **more)
        out, err = io.StringIO(), io.StringIO()
        here = Path.cwd()
        with (
            mock.patch.dict(os.environ, known, clear=True),
            mock.patch.object(secrets, "token_bytes", salt),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                os.chdir(self.stage.folder / who)
                code = self.main(shlex.split(line))
            except SystemExit as end:
                code = int(end.code or 0)
            finally:
                os.chdir(here)
        try:
            return code, json.loads(out.getvalue())
        except json.JSONDecodeError:
            return code, None

    def _keep(self, name: str, who: str, line: str, code: int, answer: Any) -> Record:
        assert name not in self.records, f"{name} is there twice"
        record: Record = {"as": who, "argv": line, "exit": code}
        if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
            record["error"] = answer["error"].get("code")
            self.messages[name] = answer["error"].get("message")
        record.update(_brief(shape(answer), answer))
        self.records[name] = record
        return record

    def read(self, name: str, who: str = "alice", of: str = "", **more: str) -> Any:
        """Run a command that sends nothing, or is refused, and keep its record.

        Args:
            name: Of the record.
            who: As whom.
            of: Name of the command, where it is run a second time.
            more: Environment.
        """
        line = self.commands[of or name]
        before = self.height()
        code, answer = self._run(name, f"{line} --format json", who, **more)
        record = self._keep(name, who, line, code, answer)
        if before != self.height():
            record["sent"] = self._sent(before)
        return answer

    def send(self, name: str, who: str = "alice", of: str = "", out: str = "", **more: str) -> Any:
        """Run a command that sends: with ``--calldata``, then for real; keep both.

        Args:
            name: Of the record.
            who: As whom.
            of: Name of the command, where it is run a second time.
            out: A file it writes, to be removed before it is run for real.
            more: Environment.
        """
        self.tick()
        line = self.commands[of or name]
        code, answer = self._run(
            f"{name} --calldata", f"{line} --calldata --format json", who, **more
        )
        shown = self._keep(f"{name} --calldata", who, line, code, answer)
        calls = (answer or {}).get("data", {}).get("calls", [])
        shown["calls"] = [
            self.names.call(one["to"], one["data"], int(one["value"]), self.now) for one in calls
        ]
        if out:
            (self.stage.folder / who / out).unlink(missing_ok=True)
        before = self.height()
        code, answer = self._run(name, f"{line} --format json", who, **more)
        done = self._keep(name, who, line, code, answer)
        sent = self._sent(before, who)
        done["sent"] = "as shown" if sent == shown["calls"] else sent
        return answer

    def height(self) -> int:
        return int(self.request("eth_blockNumber", []), 16)

    def _sent(self, before: int, who: str = "") -> list[str]:
        """The transactions since a block."""
        lines = []
        for number in range(before + 1, self.height() + 1):
            block = self.request("eth_getBlockByNumber", [hex(number), True])
            for tx in block["transactions"]:
                call = self.names.call(tx["to"], tx["input"], int(tx["value"], 16), self.now)
                sender = self.names.words.get(tx["from"].lower()[2:].rjust(64, "0"), tx["from"])
                lines.append(call if sender == f"<{who}>" else f"{sender} → {call}")
        return lines


def _addresses(book: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every address of an address book, by the key it is under."""
    if isinstance(book, dict):
        for key, item in book.items():
            yield from _addresses(item, at if key == "address" else key)
    elif isinstance(book, str) and re.fullmatch(r"0x[0-9a-fA-F]{40}", book) and int(book, 16):
        yield at, book


def _split(kinds: str) -> Iterable[str]:
    return kinds.split(",") if kinds else ()
