"""Home: what acts and queries work with. Which deployment, which node, who acts, what lies here."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dmo.core import abi, words
from dmo.core.abi.codec import checksum
from dmo.core.calls import Call, make_call
from dmo.core.chain import Block, Chain, Event, Read
from dmo.core.errors import BadInput, DmoError, Refused
from dmo.core.units import format_duration, format_time
from dmo.home import context, ens
from dmo.home.context import LOCAL_CHAINS, ChainFacts, LocalFacts
from dmo.home.deployment import VOTES_TOKENS, Dmo, Token, token_reads
from dmo.home.names import Names

if TYPE_CHECKING:
    from dmo.core.facts import Fact, Snapshot
    from dmo.core.store import EventStore
    from dmo.home.outbox import Outbox
    from dmo.home.salts import Salts
    from dmo.home.store import Store

F = TypeVar("F", bound="Fact")
T = TypeVar("T")
_BLOCKS = 8
"""Blocks that a part of what may be tried in vain is tried on, so that there is time to send it."""
ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_TIMEOUT = 20.0
_OLD = 900
"""Seconds after which the latest block of a chain that others use is old."""
_log = logging.getLogger(__name__)
_SHARED = ("book", "local", "url", "network", "snapshot", "index", "store", "written")
_TOKENS = ("BudgetToken", "HolderToken", "VotesToken", "VotesWrapper")
"""Everybody's transfers do not belong into the store."""


@dataclass(frozen=True)
class Options:
    """The options that all commands share.

    Attributes:
        publish: Whether texts are published on the chain; None for where coins cost nothing.
        is_sending: False where calls are only shown.
        is_tried: False where calls are shown untried, so that nothing is read of the sender.
        is_again: Whether an act is done although it was done, or does nothing.
    """

    deployment: str | None = None
    network: str | None = None
    rpc: str | None = None
    account: str | None = None
    publish: bool | None = None
    is_sending: bool = True
    is_tried: bool = True
    is_again: bool = False


class Home:
    """A deployment on its chain, seen by one person at one block; the address book says it where it is not given.

    Attributes:
        clock: This machine's clock, Unix seconds.
        written: How a field of an error is written here, by its name; acts add to it.
        is_exact: Whether views are asked by the block's hash, so that no other branch's answer is taken for its own.
        part: How much of what may be tried in vain is tried on a block; None for all of it.
    """

    clock: Callable[[], float] = staticmethod(time.time)

    def __init__(self, options: Options | None = None, dmo: Dmo | None = None) -> None:
        self.options = options or Options()
        self.written: dict[str, Callable[[Any], str]] = {}
        self.is_exact = False
        self.part: int | None = None
        self._head: Block | None = None
        self._wrong: BadInput | None = None
        self._least, self._is_late = 0, False
        if dmo is not None:
            self.__dict__["dmo"] = dmo

    @cached_property
    def book(self) -> Path:
        """The address book; one from elsewhere is looked for once."""
        wanted = self.options.deployment or os.environ.get("DMO_DEPLOYMENT") or ""
        if "://" in wanted or ADDRESS.fullmatch(wanted):
            from dmo.home.books import kept

            return kept(wanted, self.options.rpc, self.options.network)
        return context.book_path(self.options.deployment)

    @cached_property
    def local(self) -> LocalFacts:
        """What a chain on this machine told about itself; nothing without a deployment."""
        try:
            return context.local_facts(self.book)
        except BadInput as error:
            if error.file is None:
                return LocalFacts()
            raise

    @cached_property
    def url(self) -> str:
        """The node to ask."""
        chain_id = Dmo.read_from(self.book).chain_id
        return context.node_url(self.options.rpc, self.options.network, chain_id, self.local)

    @cached_property
    def dmo(self) -> Dmo:
        """The deployment, connected."""
        found = Dmo.read_from(self.book)
        chain = Chain.connect(self.url, timeout=_TIMEOUT)
        self._head, told = chain.met(found.chain_id, [read for read, _ in found.ties])
        # Before their first block there is nothing to be asked, which the index tells.
        self._wrong = found.unlike(told) if self._head.number >= found.birth else None
        return found.on(chain)

    @property
    def is_open(self) -> bool:
        """Whether the deployment was looked at."""
        return "dmo" in self.__dict__

    @property
    def chain(self) -> Chain:
        """The chain at its latest block: to try and to send."""
        return self.dmo.chain

    @cached_property
    def network(self) -> ChainFacts:
        """What is known of the chain; the play chain has a test network's id and its own name."""
        known = context.chain_facts(self.dmo.chain_id)
        return replace(known, name=words.word("chain", "play")) if self.is_play else known

    @property
    def is_play(self) -> bool:
        """Whether it is the chain of a playground on this machine, which has a test network's id."""
        return self.is_live and bool(self.local.rpc) and self.url == self.local.rpc

    @property
    def is_live(self) -> bool:
        """Whether others share the chain, so that acts are asked for."""
        return self.dmo.chain_id not in LOCAL_CHAINS

    @cached_property
    def snapshot(self) -> Snapshot:
        """The chain at one block; events come from the store in the cache folder.

        Raises:
            BadInput: The contracts are others than the address book says.
        """
        from dmo.core.facts import Snapshot

        chain = self.dmo.chain
        if self._wrong is not None:
            raise self._wrong.at(str(self.book))
        head = self._head or chain.look(self._least)
        self._tell_age(chain.seen)
        return Snapshot(chain.pinned(head.number, head.hash if self.is_exact else ""), head, self.index)

    def _tell_age(self, seen: int) -> None:
        """Say once that the latest block is old where others' blocks never stop: its node lags, and windows may end."""
        late = int(self.clock()) - seen
        was_late, self._is_late = self._is_late, late > _OLD and self.is_live and not self.is_play
        if self._is_late and not was_late:
            said = words.word("node", "old").format(at=format_time(seen), late=format_duration(late))
            _log.warning("%s", said)

    @cached_property
    def index(self) -> EventStore:
        """The deployment's index: the database that DMO_INDEX names, or a file in the cache folder."""
        return self.opened_index()

    def opened_index(self, *, owns: bool = False) -> EventStore:
        """The index; who owns it makes it anew where it holds something else. Raises NetworkError: and it cannot."""
        from dmo.capabilities import registry
        from dmo.core.facts import Fact
        from dmo.core.store import EventStore

        registry()  # a fact that nobody has loaded would not be folded
        dmo = self.dmo
        known = set(abi.names()) - set(_TOKENS)  # a room may be of a contract that the package does not know
        ours = {name: at for name, at in dmo.addresses.items() if name in known}
        kinds = [kind for kind in Fact.kinds if kind.__module__.startswith("dmo.")]
        url = context.index_url()
        return EventStore(context.cache(), dmo.chain_id, ours, dmo.birth, kinds, url=url, owns=owns)

    def look_again(self, least: int = 0) -> None:
        """Forget the block, so that the next question is about the latest one, of this number at least."""
        self._head, self._least = None, max(self._least, least)
        self.__dict__.pop("snapshot", None)

    @property
    def now(self) -> int:
        """The chain's clock, Unix seconds."""
        return self.snapshot.head.timestamp

    def read(self, reads: Sequence[Read]) -> list[Any]:
        """Many views in one batch, each asked once."""
        return self.snapshot.read(reads)

    def ask(self, contract: str, function: str, *arguments: Any) -> Any:
        """One view of one of the deployment's contracts."""
        return self.read([self.reading(contract, function, *arguments)])[0]

    def reading(self, contract: str, function: str, *arguments: Any) -> Read:
        """A view of one of the deployment's contracts, to be read with others."""
        return Read(contract, self.dmo.address(contract), function, arguments)

    def votes_reading(self, function: str, *arguments: Any) -> Read:
        """A view of the votes token, to be read with others."""
        return Read("ERC20", self.dmo.votes_address, function, arguments)

    def facts(self, kind: type[F]) -> dict[Any, F]:
        """All facts of a kind, by key."""
        return self.snapshot.facts(kind)

    def events(self, *names: str, **where: Any) -> list[Event]:
        """Events by name, ``Contract.Event``, whose arguments have these values."""
        return self.snapshot.events_of(names, where)

    def unit(self, token: str) -> tuple[int, str]:
        """Decimals and symbol of ``budget``, ``votes``, ``points`` or ``coin``."""
        if token == "points":
            return 18, words.word("unit", "points")
        if token == "coin":
            return 18, self.network.coin
        known = self.token(token)
        return known.decimals, known.symbol

    def token(self, name: str) -> Token:
        """One of the deployment's tokens: ``budget``, ``votes`` or ``underlying``."""
        if name == "underlying":
            if "VotesWrapper" not in self.dmo.addresses:
                raise words.bad("no_wrapper", symbol=self.dmo.votes_token.symbol)
            return self.dmo.token(str(self.ask("VotesWrapper", "underlying")))
        return self.dmo.budget_token if name == "budget" else self.dmo.votes_token

    def some(self, found: Sequence[T]) -> Sequence[T]:
        """All of what may be tried in vain; or a part of it, the next one some blocks later."""
        if self.part is None or len(found) <= self.part:
            return found
        start = self.snapshot.head.number // _BLOCKS * self.part % len(found)
        return [*found, *found][start : start + self.part]

    def look_ahead(self, wanted: Iterable[Read]) -> None:
        """Ask what will be needed in one batch, and with it what the tokens are, where the address book has them."""
        dmo, reads = self.dmo, list(wanted)
        tokens = {} if "BudgetToken" not in dmo.addresses else {"budget_token": dmo.budget_address}
        tokens |= {"votes_token": dmo.votes_address} if {*VOTES_TOKENS} & {*dmo.addresses} else {}
        unknown = {key: token_reads(at) for key, at in tokens.items() if key not in dmo.__dict__}
        self.snapshot.try_read([*reads, *(one for its in unknown.values() for one in its)])
        for key, its in unknown.items():
            symbol, decimals = self.snapshot.try_read(its)
            if not isinstance(decimals, Refused):
                dmo.__dict__[key] = dmo.told_token(tokens[key], symbol, decimals)

    word = staticmethod(words.word)

    def explained(self, error: Refused) -> Refused:
        """A refusal in this deployment's words."""
        from dmo.core import explain

        if error.is_told or "sent" in error.details:
            return error  # explained already, with what was done before
        if error.name not in explain.sentences() and error.message:
            return error
        try:
            told = {"account": self.names.in_text, **self._in_tokens(error), **self.written}
            known = replace(self.dmo.words, own=told)
        except DmoError:
            return error
        better = explain.refused(error.name, error.arguments, error.data, known)
        better.details.update(error.details)
        return better

    def _in_tokens(self, error: Refused) -> dict[str, Callable[[Any], str]]:
        """How an ERC-20's refusal is written, which does not say of what token: of the one that has this balance."""
        views = {"ERC20InsufficientBalance": ("balanceOf", "sender", "balance")}
        view, who, held = views.get(error.name, ("", "", ""))
        for name in ("budget", "votes") if view else ():
            token, account = self.token(name), str(error.arguments[who])
            if self.chain.call("ERC20", token.address, view, account) == error.arguments[held]:
                return {"balance": token.shown, "needed": token.shown}
        return {}

    @cached_property
    def names(self) -> Names:
        """Who is meant, and what they are called here."""
        try:
            addresses = (self.dmo if self.is_open else Dmo.read_from(self.book)).addresses
        except BadInput:
            if self.options.deployment:
                raise
            addresses = {}
        return Names(self.options.account, self.local, addresses)

    def file(self, text: str) -> Path:
        """The file that somebody named; a home that gives no access to its disk has files of its own."""
        return Path(text)

    def account(self, text: str) -> str:
        """The address that somebody meant; a name of the ENS is looked up."""
        is_far = text not in self.names.watched and ens.is_name(text) and self.dmo.chain_id in ens.CHAINS
        if is_far and (at := ens.addresses(self.chain, [text])[0]):
            self.names.people.setdefault(at, text)
            return at
        return self.names.address(text)

    def look_up(self, accounts: Iterable[str]) -> None:
        """Find the names that accounts have in the ENS, where the chain has one."""
        unknown = [at for at in map(checksum, accounts) if at not in self.names.people]
        if unknown and self.dmo.chain_id in ens.CHAINS:
            self.names.people.update(ens.names(self.chain, unknown))

    def who(self, address: str) -> str:
        """An address with the name it is known under here."""
        return self.names.who(address)

    @property
    def me(self) -> str:
        """The account to act as; BadInput where nobody said which."""
        return self.names.me

    @property
    def maybe_me(self) -> str | None:
        """The account to act as, or nobody."""
        return self.names.maybe_me

    def acting_as(self, account: str) -> Home:
        """The same home at the same block, for somebody who sends nothing from here."""
        other = Home(replace(self.options, account=account, is_sending=False, is_tried=False), self.dmo)
        other.__dict__.update({key: self.__dict__[key] for key in _SHARED if key in self.__dict__})
        other.__dict__["names"] = self.names.acting_as(account)
        return other

    def approvals(self, token: str, spender: str, amount: int) -> list[Call]:
        """What lets a contract take tokens, if needed; some tokens want a zero first. Raises Refused: too few held."""
        known, at, owner = self.token(token), self.dmo.address(spender), self.maybe_me
        if owner is not None:
            wanted = {"balanceOf": (owner,), "allowance": (owner, at)}
            held, allowed = self.read([Read("ERC20", known.address, view, given) for view, given in wanted.items()])
            if held < amount and self.options.is_tried:
                said = words.command("act balance")
                message = said["says"].format(self.who(owner), known.shown(held), known.shown(amount))
                arguments = {"account": owner, "balance": held, "needed": amount}
                raise Refused("BalanceTooSmall", arguments, message=message, hint=said["right"])
            if allowed >= amount:
                return []
        told = {"spender": words.word("spender", spender), "amount": known.shown(amount)}
        call, zero = (
            make_call("ERC20", known.address, "approve", [at, units], words.word("act", word).format(**told))
            for word, units in (("approve", amount), ("approve_zero", 0))
        )
        if owner is None or not allowed:
            return [call]
        try:
            self.chain.simulate(call, owner)
        except Refused:  # such as the oldest dollar: from one amount to another only by way of zero
            return [zero, call]
        return [call]

    @cached_property
    def store(self) -> Store:
        """The local store of documents: DMO_STORE, else ~/.dmo/documents."""
        from dmo.home.store import Store

        return Store(context.named_path("DMO_STORE") or context.home() / "documents")

    @property
    def outbox(self) -> Outbox:
        """What the account that acts has sent and not told to the end, in ~/.dmo/sent."""
        from dmo.home.outbox import Outbox

        board = self.dmo.address("IdeaBoard")
        return Outbox(context.home() / "sent" / f"{self.dmo.chain_id}-{board}-{self.me}.json")

    def keeper_file(self, account: str) -> Path:
        """The journal of an account that keeps, ~/.dmo/keeper."""
        return context.home() / "keeper" / f"{self.dmo.chain_id}-{self.dmo.address('IdeaBoard')}-{account}.json"

    @property
    def relay_file(self) -> Path:
        """The queue of the page's relay, ~/.dmo/relay."""
        return context.home() / "relay" / f"{self.dmo.chain_id}-{self.dmo.address('IdeaBoard')}.jsonl"

    @cached_property
    def salts(self) -> Salts:
        """The folder of jurors' salts, ~/.dmo/salts."""
        from dmo.home.salts import Salts

        return Salts(context.home() / "salts")
