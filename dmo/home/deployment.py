"""Where the contracts of a deployment are, and the handle that everything else is given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.core import abi, words
from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain, Read, raised
from dmo.core.errors import FAULTS, BadInput, DmoError, NodeError, Refused
from dmo.core.explain import Words
from dmo.core.files import read_json, write_json
from dmo.core.rpc import HttpTransport
from dmo.core.text import one_line
from dmo.core.units import format_amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web3.contract import Contract

    from dmo.home.outputs import DeploymentBook

_MAX_BOOK = 64 * 1024 * 1024
_SCHEMA = "dmo.deployment/1"
_TIES = (
    ("IdeaBoard", "escrow", "CampaignEscrow"),
    ("IdeaBoard", "votesToken", ""),
    ("CampaignEscrow", "budgetToken", "BudgetToken"),
    ("Lens", "board", "IdeaBoard"),
)
"""Who names whom, by which view; the votes token has no name of its own."""
VOTES_TOKENS = ("HolderToken", "VotesWrapper", "VotesToken")


def load_book(path: Path | str, *, is_whole: bool = False) -> DeploymentBook:
    """Read deployments/<name>.json; whole: with the compiler's inputs, which lie beside it.

    Raises:
        BadInput: There is no such file, or it is no address book.
    """
    from pydantic import ValidationError

    from dmo.home.outputs import DeploymentBook

    file = Path(path)
    try:
        book = DeploymentBook.model_validate(read_json(file, _MAX_BOOK))
    except FileNotFoundError:
        raise words.bad("no_book_there").at(str(file)) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(first["msg"], file=str(file), field=where) from error
    for one in book.contracts.values() if is_whole else ():
        one.input_json = None if one.input_json is None else compiler_input(one.input_json, file.parent)
    return book


def compiler_input(given: dict[str, Any] | str, folder: Path) -> dict[str, Any]:
    """A compiler's input, which may be in a file below the folder. Raises BadInput: it cannot be read, or is none."""
    if isinstance(given, dict):
        return given
    file = folder / given
    try:
        content = None if ".." in file.parts or Path(given).is_absolute() else read_json(file, _MAX_BOOK)
    except (FileNotFoundError, BadInput) as error:
        raise words.bad("compiler_input_unread").at(str(file)) from error
    if not isinstance(content, dict):
        raise words.bad("deploy_bad_input").at(str(file))
    return content


def save_book(path: Path | str, book: DeploymentBook) -> None:
    """Write an address book that is small enough to be handed around; the compiler's inputs go beside it."""
    file = Path(path)
    small = book.model_copy(deep=True)
    for name, one in small.contracts.items():
        if isinstance(one.input_json, dict):
            beside = f"{file.stem}.inputs/{name}.json"
            write_json(file.parent / beside, one.input_json)
            one.input_json = beside
    write_json(file, small)


SYMBOL = 20
"""Characters of a token's symbol that are shown: it says of itself whatever it likes."""


def shown_symbol(told: Any) -> str:
    """What of a symbol is shown; nothing where the token has none, or one that is no text."""
    return one_line(told[: 10 * SYMBOL], SYMBOL) if isinstance(told, str) else ""


@dataclass(frozen=True)
class Token:
    """An ERC-20 token."""

    address: str
    symbol: str
    decimals: int

    def shown(self, amount: int) -> str:
        """An amount of it (in its smallest unit) for a person."""
        return format_amount(amount, self.decimals, self.symbol)


def token_reads(address: str) -> list[Read]:
    """What is asked of a token."""
    return [Read("ERC20", address, name) for name in ("symbol", "decimals")]


@dataclass(frozen=True)
class Dmo:
    """A deployment on a chain.

    Attributes:
        addresses: Contract name → address; the votes token stands under its own contract's name
            (``VotesToken`` for one that was there before), the budget token under ``BudgetToken``.
        birth: First block with anything of it.
        chain: Where to read from; needed for reads only.
    """

    name: str
    chain_id: int
    addresses: dict[str, str]
    birth: int = 0
    chain_: Chain | None = field(default=None, repr=False)

    @classmethod
    def read_from(cls, path: Path) -> Dmo:
        """A handle that only builds calls, of a book that is read quickly. Raises BadInput: it cannot be used."""
        try:
            raw = read_json(path, _MAX_BOOK)
            contracts = raw["contracts"]
            if (schema := raw.get("schema", _SCHEMA)) != _SCHEMA:
                raise words.bad("other_schema", "schema", given=str(schema)[:40], known=_SCHEMA).at(str(path))
            blocks = [one["block"] for one in contracts.values() if one.get("block") is not None]
            for key, value in [("chain_id", raw["chain_id"]), *(("block", one) for one in blocks)]:
                if type(value) is not int or value < 0:
                    raise words.bad("no_book_number", key, given=value).at(str(path))
            addresses = {str(name): str(one["address"]) for name, one in contracts.items()}
            return cls(path.stem, raw["chain_id"], addresses, min(blocks, default=0))
        except (FileNotFoundError, *FAULTS) as error:
            load_book(path)  # says what is wrong with it
            raise words.bad("no_book").at(str(path)) from error

    @classmethod
    def open(cls, path: Path | str, url: str | None = None) -> Dmo:
        """Read an address book and connect to a node, if one is named. Raises BadInput, NetworkError."""
        dmo = cls.read_from(Path(path))
        return replace(dmo, chain_=Chain.connect(url, dmo.chain_id)) if url else dmo

    @classmethod
    def from_book(cls, name: str, book: DeploymentBook, chain: Chain | None = None) -> Dmo:
        """Make a handle of an address book."""
        blocks = [c.block for c in book.contracts.values() if c.block is not None]
        addresses = {key: contract.address for key, contract in book.contracts.items()}
        return cls(name, book.chain_id, addresses, min(blocks, default=0), chain)

    @property
    def ties(self) -> list[tuple[Read, str]]:
        """Views that name another contract of the deployment, and which one."""
        votes = next((name for name in VOTES_TOKENS if name in self.addresses), "")
        known = [(by, view, name or votes) for by, view, name in _TIES if {by, name or votes} <= self.addresses.keys()]
        return [(Read(by, self.addresses[by], view), name) for by, view, name in known]

    def unlike(self, answers: Sequence[Any]) -> BadInput | None:
        """What is wrong with the address book where the contracts' answers to ``ties`` are others than it says."""
        for (read, name), told in zip(self.ties, answers, strict=True):
            values = {"contract": read.contract, "address": read.address, "name": name, "told": told}
            if isinstance(told, NodeError):
                continue  # of this the node says nothing
            if isinstance(told, DmoError):
                return words.bad("strange_place", **values)
            if checksum(told) != (known := self.address(name)):
                return words.bad("other_place", known=known, **values)
        return None

    @property
    def chain(self) -> Chain:
        """The chain to read from. Raises NetworkError: the handle was made without one."""
        if self.chain_ is None:
            raise words.network("no_node")
        return self.chain_

    def on(self, chain: Chain) -> Dmo:
        """The same deployment, read over another chain object (a pinned one, say)."""
        other = replace(self, chain_=chain)
        known = {key: value for key, value in self.__dict__.items() if key in ("votes_token", "budget_token")}
        other.__dict__.update(known)
        return other

    def address(self, contract: str) -> str:
        """Where a contract is. Raises BadInput: the deployment has no such contract."""
        if contract not in self.addresses:
            raise words.bad("not_deployed", name=self.name, contract=contract, known=", ".join(sorted(self.addresses)))
        return checksum(self.addresses[contract])

    @property
    def votes_address(self) -> str:
        """Where the votes token is."""
        known = next((name for name in VOTES_TOKENS if name in self.addresses), None)
        return self.address(known) if known else str(self.read("IdeaBoard", "votesToken"))

    @property
    def budget_address(self) -> str:
        """Where the budget token is."""
        if "BudgetToken" in self.addresses:
            return self.address("BudgetToken")
        return str(self.read("CampaignEscrow", "budgetToken"))

    def read(self, contract: str, function: str, *arguments: Any) -> Any:
        """Call a view of one of the deployment's contracts."""
        return self.chain.call(contract, self.address(contract), function, *arguments)

    def record(self, contract: str, function: str, *arguments: Any) -> Any:
        """Like read, with structs as dicts by name."""
        return abi.named(contract, function, self.read(contract, function, *arguments))

    def contract(self, name: str) -> Contract:
        """One of the contracts as web3, which takes a second to import, has it. Raises BadInput, NetworkError."""
        from web3 import Web3

        transport = self.chain.transport
        if not isinstance(transport, HttpTransport):
            raise words.network("no_node_to_open")
        node = Web3(Web3.HTTPProvider(transport.url))
        entries = abi.raw(name if name in abi.names() else "ERC20")
        return node.eth.contract(Web3.to_checksum_address(self.address(name)), abi=entries)

    def token(self, address: str) -> Token:
        """Symbol and decimals of a token."""
        return self.told_token(address, *self.chain.try_read(token_reads(address)))

    @staticmethod
    def told_token(address: str, symbol: Any, decimals: Any) -> Token:
        """A token from what it answered to ``token_reads``. Raises Refused: it does not tell its decimals."""
        text = shown_symbol(symbol)
        return Token(checksum(address), text or words.word("unit", "tokens"), int(raised([decimals], Refused)[0]))

    @cached_property
    def votes_token(self) -> Token:
        """The votes token."""
        return self.token(self.votes_address)

    @cached_property
    def budget_token(self) -> Token:
        """The budget token."""
        return self.token(self.budget_address)

    @property
    def words(self) -> Words:
        """How this deployment's amounts are written in explanations."""
        votes, budget = self.votes_token, self.budget_token
        return Words(votes.decimals, votes.symbol, budget.decimals, budget.symbol)
