"""Plays a season that is written as data: who does which act when, and why (examples/season.toml).

Acts go through the engine like anybody's; a step's other fields are the act's, by name. ``@video``
stands for the number that an earlier step of that name was given. Steps that are no acts of one
person are in dmo.season.scenes.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from dmo.capabilities import registry
from dmo.capabilities.disputing import OpensDispute
from dmo.core import act, engine, kinds, words
from dmo.core.act import Act
from dmo.core.chain import Chain
from dmo.core.digests import cid, digest
from dmo.core.engine import Done, Preview
from dmo.core.errors import BadInput, DmoError, Refused
from dmo.core.sender import KeySender
from dmo.core.view import Query
from dmo.home.context import LocalFacts
from dmo.home.deployment import Dmo
from dmo.home.home import Home, Options
from dmo.home.names import Names
from dmo.home.salts import Salts
from dmo.home.store import Store
from dmo.season import scenes

__all__ = ["Person", "Season", "SeasonError", "Teller", "begin", "key_of", "load"]

MNEMONIC = "test test test test test test test test test test test junk"
"""The local chain's well-known words: accounts of nobody, on no chain that matters."""
_SLOT = re.compile(r"\{\{ (cid:)?([\w/-]+) \}\}")
_IDS = {"submission": "submission", "bounty": "bounty", "proposal_id": "proposal"}


class SeasonError(DmoError):
    """The season went another way than it is written."""


@dataclass(frozen=True)
class Person:
    """Somebody: name, role and place, an account of the chain's words, vote tokens in whole."""

    key: str
    name: str
    role: str
    place: str
    index: int
    tide: int = 0


class Teller(Protocol):
    """Whoever tells the audience what happens."""

    def chapter(self, title: str, words: str) -> None:
        """A new chapter begins."""

    def line(self, at: int, who: Person | None, words: str, why: str = "") -> None:
        """Somebody did something, for a reason; at in Unix seconds."""


def load(file: Path) -> dict[str, Any]:
    """Read a season; ``cast`` becomes people by key."""
    written = tomllib.loads(file.read_text("utf-8"))
    cast = {key: Person(key, **one) for key, one in written["cast"].items()}
    return {**written, "cast": cast}


def key_of(person: Person) -> Any:
    """A person's key on the local chain, as eth-account holds it."""
    from eth_account import Account

    account: Any = Account
    account.enable_unaudited_hdwallet_features()
    return account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{person.index}")


def moment(text: str) -> int:
    """Unix seconds of a moment such as ``2026-03-09 08:10`` (UTC)."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def begin(chain: Chain, text: str) -> None:
    """Start a season's time on a chain without history; every block is a minute later.

    Raises:
        BadInput: The chain has blocks already.
    """
    if chain.block().number:
        raise words.bad("season_used_chain")
    for method, arguments in (
        ("evm_setTime", [moment(text)]),
        ("evm_setNextBlockTimestamp", [moment(text)]),
        ("anvil_setBlockTimestampInterval", [60]),
        ("evm_mine", []),
    ):
        chain.transport.request(method, arguments)


class CastNames(Names):
    """Everybody by name alone, and by key.

    Args:
        keys: Key of a person → account.
        who: Who acts.
        contracts: Contract name → address.
    """

    def __init__(self, keys: Mapping[str, Any], who: str, contracts: Mapping[str, str]) -> None:
        super().__init__(str(keys[who].address), LocalFacts(), contracts)
        self._keys = keys

    def who(self, address: str | None) -> str:
        """The name; nobody here has two."""
        return self.people.get(address or "") or super().who(address)

    def address(self, text: str) -> str:
        """By key, or as elsewhere."""
        return str(self._keys[text].address) if text in self._keys else super().address(text)

    def unlock(self) -> Any:
        """The key of who acts."""
        return next(key for key in self._keys.values() if key.address == self.me)


class Season:
    """A season on a deployment of its own.

    Args:
        dmo: The deployment.
        written: What ``load`` read.
        papers: Folder of the documents.
        folder: A folder of its own, for what is filled in, signed and kept.
        teller: Who tells it.
    """

    def __init__(self, dmo: Dmo, written: Mapping[str, Any], papers: Path, folder: Path, teller: Teller) -> None:
        self.dmo = dmo
        self.written = written
        self.papers = papers
        self.folder = folder
        self.teller = teller
        self.cast: Mapping[str, Person] = written["cast"]
        self.gas: dict[str, list[int]] = defaultdict(list)
        self._ids: dict[tuple[str, str], str] = {}
        self._ballots: list[str] = []
        self._homes: dict[str, Home] = {}
        self._senders: dict[str, KeySender] = {}

    def play(self) -> None:
        """All chapters, in order."""
        for chapter in self.written["chapter"]:
            self.teller.chapter(chapter["title"], chapter["words"])
            for step in chapter["steps"]:
                self.step(dict(step))

    # ── people and papers ───────────────────────────────────────────────────────────────────────

    @cached_property
    def keys(self) -> dict[str, Any]:
        """Everybody's key."""
        return {key: key_of(person) for key, person in self.cast.items()}

    def names(self) -> dict[str, str]:
        """Address → name of everybody."""
        return {str(self.keys[key].address): one.name for key, one in self.cast.items()}

    def home(self, who: str) -> Home:
        """Somebody's home, at the latest block."""
        if who not in self._homes:
            names = CastNames(self.keys, who, self.dmo.addresses)
            names.__dict__["people"] = self.names()
            home = Home(Options(account=names.named, publish=True), self.dmo)
            store, salts = Store(self.folder / "papers"), Salts(self.folder / "salts" / who)
            home.__dict__.update(names=names, store=store, salts=salts)
            self._homes[who] = home
        self._homes[who].look_again()
        return self._homes[who]

    def paper(self, path: str, ending: str = ".md") -> str:
        """A document, or a table, with the accounts and documents that it names filled in; its file."""
        file = self.folder / f"{path}{ending}"
        raw = (self.papers / f"{path}{ending}").read_text("utf-8")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_SLOT.sub(self._filled, raw), "utf-8")
        return str(file)

    def _filled(self, found: re.Match[str]) -> str:
        """``{{ citra }}`` is somebody's account, ``{{ cid:ideas/x }}`` another document's CID."""
        if found[1]:
            return cid(digest(Path(self.paper(found[2])).read_bytes()))
        return str(self.keys[found[2]].address)

    # ── steps ───────────────────────────────────────────────────────────────────────────────────

    def step(self, step: dict[str, Any]) -> None:
        """One step."""
        if "at" in step:
            self._go(moment(step.pop("at")))
        who, do = step.pop("who", None), step.pop("do")
        told = {key: step.pop(key, "") for key in ("say", "why", "name", "refused")}
        if do in scenes.SCENES:
            scenes.SCENES[do](self, who, told, **self._given(do, step))
            return
        home = self.home(who)
        wanted = act.read(registry()[do], home, self._given(do, step))
        if isinstance(wanted, Query):
            wanted.view(home)
        elif isinstance(wanted, Act):
            self.perform(who, wanted, told)

    def _go(self, at: int) -> None:
        if at <= self.dmo.chain.now():
            raise words.stopped(SeasonError, "season_past", at=at, now=self.dmo.chain.now())
        self.dmo.chain.transport.request("evm_setNextBlockTimestamp", [at])
        self.dmo.chain.transport.request("evm_mine", [])

    def _given(self, do: str, step: Mapping[str, Any]) -> dict[str, Any]:
        given = {key: self._number(key, value) for key, value in step.items()}
        if "file" in given:
            given["file"] = self.paper(given["file"])
        if "text" in given:
            file = self.folder / "proposal.md"
            file.write_text(given["text"], "utf-8")
            given["text"] = str(file)
        if do == "ballot sign":
            given["out"] = str(self.folder / f"ballot-{len(list(self.folder.glob('ballot-*')))}")
            self._ballots.append(given["out"])
        if do == "ballot relay":
            given["files"], self._ballots = self._ballots, []
        return given

    def _number(self, field: str, value: Any) -> Any:
        is_name = isinstance(value, str) and value.startswith("@")
        return self._ids[field, value[1:]] if is_name else value

    def perform(self, who: str, wanted: Act, told: Mapping[str, str]) -> Done | None:
        """Do an act and tell it; or see it refused."""
        home = self.home(who)
        try:
            ready = self._ready(home, wanted)
        except Refused as refusal:
            if refusal.name != told["refused"]:
                raise
            why = words.word("season", "refused").format(home.explained(refusal))
            self.tell(who, told["say"], why)
            return None
        if told["refused"]:
            raise words.stopped(SeasonError, "season_not_refused", name=wanted.name)
        done = self._send(who, home, ready)
        values = {**done.plan.values, **wanted.told(home, done)}
        values.update(scenes.more_of(home, done, values))
        for key, field in _IDS.items():
            if told["name"] and key in values:
                self._ids[field, told["name"]] = str(values[key].value)
        look = kinds.looking(home, values)
        own = [told["say"]] if told["say"] else self.written["tell"].get(wanted.name, [])
        self.tell(who, "".join(words.filled(own, look)), told["why"])
        if isinstance(wanted, OpensDispute):
            scenes.bench(self, home, int(values["submission"].value))
        return done

    def send(self, who: str, wanted: Act) -> list[str]:
        """Do an act without a word; what its steps are called."""
        home = self.home(who)
        done = self._send(who, home, self._ready(home, wanted))
        return [step.call.description for step in done.plan.steps]

    def _send(self, who: str, home: Home, ready: Preview) -> Done:
        done = engine.send(home, ready, self.sender(who))
        for step, receipt in zip(done.plan.steps, done.receipts, strict=True):
            self.gas[f"{step.call.contract}.{step.call.decoded()[0]}"].append(receipt.gas_used)
        home.look_again()
        return done

    def _ready(self, home: Home, wanted: Act) -> Preview:
        try:
            return engine.preview(home, engine.plan(home, wanted), home.me)
        except BadInput:
            # Somebody cheats with a client that does not look.
            careless = type("Careless", (type(wanted),), {"check": lambda self, home: None})
            return engine.preview(home, engine.plan(home, careless(**vars(wanted))), home.me)

    def sender(self, who: str) -> KeySender:
        """Somebody's sender."""
        if who not in self._senders:
            self._senders[who] = KeySender(self.dmo.chain, self.keys[who])
        return self._senders[who]

    def tell(self, who: str | None, said: str, why: str = "") -> None:
        """Tell a line."""
        self.teller.line(self.dmo.chain.now(), self.cast[who] if who else None, said, why)
