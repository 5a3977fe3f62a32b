"""Runs the command line as somebody, and records what a caller can rely on.

That is: the exit code, the code of an error, the keys of the JSON with their types and, where they
are no sentences, their values; the calls that `--calldata` prints, and the transactions that really
reached the chain. What differs from run to run is written by name: addresses as ``<alice>`` or
``<CampaignEscrow>``, moments relative to the chain's clock as ``@+604800``.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.registry.shapes import Record, brief, shape, values
from tests.support.cli_chain import PEOPLE, Stage

MINUTE, DAY = 60, 86_400
# Unix seconds; no amount of the story is near it, so that a word of calldata is one or the other
START = 1_900_000_000
NEAR = 400 * DAY
LONG_WORDS, SHOWN_WORDS = 40, 6


def main_of_today() -> Callable[[list[str]], int]:
    """The command line: that of DMO_GOLDEN_CLI, else the new one, else the old one."""
    asked = os.environ.get("DMO_GOLDEN_CLI")
    for name in [asked] if asked else ["dmo.faces.cli", "dmo.cli"]:
        with contextlib.suppress(ModuleNotFoundError):
            if importlib.util.find_spec(name):
                found: Callable[[list[str]], int] = importlib.import_module(name).main
                return found
    raise ModuleNotFoundError("there is no command line")


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

    def order(self, line: str, now: int) -> dict[str, str] | None:
        """The call of a line; nothing where the line does not hold all of it."""
        found = re.fullmatch(r"(<[^>]+>)(?: with (\d+) wei)?: (0x[0-9a-f]{8})(.*)", line)
        if found is None or "sha256" in line:
            return None
        to, value, data, rest = found.groups()
        known = {name: word for word, name in self.words.items()}
        for word in re.findall(r"<[^>]+>|@[+-]\d+|[0-9a-f]+", rest):
            if word.startswith("<") and word not in known:
                return None
            number = f"{now + int(word[1:]):x}" if word.startswith("@") else word
            data += known.get(word, number).rjust(64, "0")
        if to not in known:
            return None
        return {"to": f"0x{known[to][24:]}", "data": data, "value": hex(int(value or 0))}

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
        known: An earlier recording. Where a command no longer sends what it sent then, that is sent
            beside it, so that what comes after differs by its own faults alone.

    Attributes:
        records: What was recorded, by name.
        messages: What was said where a command failed, by name.
    """

    def __init__(self, stage: Stage, commands: dict[str, str], known: dict[str, Record] | None = None) -> None:
        self.stage = stage
        self.commands = commands
        self.known = known or {}
        self.request = stage.chain.transport.request
        self.main = main_of_today()
        self.records: dict[str, Record] = {}
        self.messages: dict[str, str] = {}
        self.names = Names()
        book = json.loads((stage.folder / "deployments/harbour.json").read_text())
        for name, contract in book["contracts"].items():
            self.names.address(name, contract["address"])
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
        """Send a call as an account that the node keeps; a record is kept where it fails."""
        kinds = function[function.index("(") + 1 : -1]
        data = keccak(text=function)[:4] + encode(_split(kinds), arguments)
        if not self._order({"from": sender, "to": to, "data": "0x" + data.hex()}).is_ok:
            # What went before differs; the story goes on, so that all is told.
            self.records[f"beside the commands: {function}"] = {"exit": 1}

    def _order(self, order: dict[str, str]) -> Any:
        tx = self.request("eth_sendTransaction", [{**order, "gas": hex(5_000_000)}])
        return self.stage.chain.wait(tx)

    def deploy(self, name: str, code: str) -> str:
        """Deploy a contract that takes no arguments; it gets a name."""
        receipt = self._order({"from": self.stage.deployer.address, "data": code})
        self.names.address(name, receipt.contract_address)
        return str(receipt.contract_address)

    def impersonate(self, address: str) -> str:
        """Let the node send for an account nobody has the key of."""
        self.request("anvil_impersonateAccount", [address])
        self.request("anvil_setBalance", [address, hex(10**20)])
        return address

    def write(self, who: str, name: str, text: str) -> None:
        (self.stage.folder / who / name).write_text(text)

    # -- commands ----------------------------------------------------------------------------------

    def _run(self, name: str, line: str, who: str, **more: str) -> tuple[int, str, str]:
        """Run a command line; returns its exit code, what it printed, what it noted."""
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
        return code, out.getvalue(), err.getvalue()

    def _keep(self, name: str, who: str, line: str, **more: str) -> tuple[Record, Any]:
        """Run a command for machines and keep its record; returns what it answered, too."""
        assert name not in self.records, f"{name} is there twice"
        code, out, _ = self._run(name, f"{line} --format json", who, **more)
        try:
            answer = json.loads(out)
        except json.JSONDecodeError:
            answer = None
        record: Record = {"as": who, "argv": line, "exit": code}
        if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
            record["error"] = answer["error"].get("code")
            self.messages[name] = answer["error"].get("message")
        record.update(brief(shape(answer), answer))
        if "data" in record and not name.endswith("--calldata"):
            record["values"] = values(self.names.value(answer["data"], self.now))
        self.records[name] = record
        return record, answer

    def read(self, name: str, who: str = "alice", of: str = "", **more: str) -> Any:
        """Run a command that sends nothing, or is refused, and keep its record.

        Args:
            name: Of the record.
            who: As whom.
            of: Name of the command, where it is run a second time.
            more: Environment.
        """
        before = self.height()
        record, answer = self._keep(name, who, self.commands[of or name], **more)
        if before != self.height():
            record["sent"] = self._sent(before)
        return answer

    def say(self, name: str, who: str = "alice", of: str = "", **more: str) -> None:
        """Run a command for people; keep its exit code, and where it said something."""
        line = self.commands[of or name]
        code, out, err = self._run(name, line, who, **more)
        said = [stream for stream, text in (("out", out), ("err", err)) if text]
        self.records[name] = {"as": who, "argv": line, "exit": code, "says": said}

    def show(self, name: str, who: str = "alice", of: str = "", **more: str) -> list[str]:
        """Run a command that sends with ``--calldata`` alone, and keep its record."""
        self.tick()
        line = f"{self.commands[of or name]} --calldata"
        record, answer = self._keep(f"{name} --calldata", who, line, **more)
        calls = (answer or {}).get("data", {}).get("calls", [])
        record["calls"] = [
            self.names.call(one["to"], one["data"], int(str(one["value"]), 0), self.now) for one in calls
        ]
        return list(record["calls"])

    def send(self, name: str, who: str = "alice", of: str = "", out: str = "", **more: str) -> Any:
        """Run a command that sends: with ``--calldata``, then for real; keep both.

        Args:
            name: Of the record.
            who: As whom.
            of: Name of the command, where it is run a second time.
            out: A file it writes, to be removed before it is run for real.
            more: Environment.
        """
        shown = self.show(name, who, of, **more)
        if out:
            (self.stage.folder / who / out).unlink(missing_ok=True)
        before = self.height()
        done, answer = self._keep(name, who, self.commands[of or name], **more)
        sent = self._sent(before, who)
        if done["exit"] != 0 and not sent:
            self._send_as_known(name, who)
        done["sent"] = "as shown" if sent == shown else sent
        return answer

    def _send_as_known(self, name: str, who: str) -> None:
        """Send what an earlier recording says that this command sent."""
        lines = self.known.get(name, {}).get("sent", [])
        if lines == "as shown":
            lines = self.known[f"{name} --calldata"]["calls"]
        sender = self.stage.address(who)
        # the node's own signer knows one chain id, and the story has several
        self.request("anvil_impersonateAccount", [sender])
        for order in (self.names.order(line, self.now) for line in lines):
            if order is not None:
                self._order({**order, "from": sender})

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


def _split(kinds: str) -> list[str]:
    """The kinds of arguments, records and records in records among them."""
    return re.findall(r"(?:\((?:[^()]|\([^()]*\))*\)|[^,()])+", kinds)
