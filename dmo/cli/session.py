"""What a command works with: deployment, chain, account, documents, screen."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dmo.cli import texts
from dmo.cli.screen import Screen
from dmo.core.errors import BadInput, DmoError, NetworkError, Refused

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

    from dmo.core.explain import Words
    from dmo.home.context import BookFacts, ChainFacts, LocalFacts
    from dmo.home.deployment import Dmo
    from dmo.home.keystores import Keystores
    from dmo.home.salts import Salts
    from dmo.home.store import Store

__all__ = ["Options", "Session"]

_TIMEOUT = 20.0


@dataclass(frozen=True)
class Options:
    """The options that all commands share."""

    deployment: str | None = None
    network: str | None = None
    rpc: str | None = None
    account: str | None = None
    form: str = "text"
    calldata: bool = False
    yes: bool = False
    debug: bool = False


class Session:
    """One run of a command.

    Args:
        command: Its name, noun and verb.
        options: The shared options.
    """

    def __init__(self, command: str, options: Options) -> None:
        self.command = command
        self.options = options
        self.screen = Screen(as_json=options.form == "json")
        self.cases: dict[int, int] = {}
        """Submissions by the jury's own number of their dispute, which refusals name."""

    # ── deployment and chain ────────────────────────────────────────────────────────────────────

    @cached_property
    def book(self) -> Path:
        """The address book."""
        from dmo.home.context import book_path

        return book_path(self.options.deployment)

    @cached_property
    def local(self) -> LocalFacts:
        """What a chain on this machine told about itself; nothing without a deployment."""
        from dmo.home.context import LocalFacts, local_facts

        try:
            return local_facts(self.book)
        except BadInput as error:
            if error.file is None:
                return LocalFacts()
            raise

    @cached_property
    def book_facts(self) -> BookFacts:
        """What the address book says."""
        from dmo.home.context import book_facts

        return book_facts(self.book)

    @cached_property
    def url(self) -> str:
        """The node to ask."""
        from dmo.home.context import node_url

        options = self.options
        return node_url(options.rpc, options.network, self.book_facts.chain_id, self.local)

    @cached_property
    def dmo(self) -> Dmo:
        """The deployment, connected."""
        from dmo.core.chain import Chain
        from dmo.home.deployment import Dmo

        book = self.book_facts
        chain = Chain.connect(self.url, book.chain_id, timeout=_TIMEOUT)
        return Dmo(self.book.stem, book.chain_id, book.addresses, book.birth, chain)

    @cached_property
    def now(self) -> int:
        """The chain's clock when the command began."""
        return self.dmo.chain.now()

    @cached_property
    def network(self) -> ChainFacts:
        """What is known of the chain; the play chain has a test network's id and its own name."""
        from dmo.home.context import LOCAL_CHAINS, chain_facts

        chain_id = self.book_facts.chain_id
        known = chain_facts(chain_id)
        is_play = chain_id not in LOCAL_CHAINS and self.url == self.local.rpc
        return replace(known, name=texts.PLAY_CHAIN) if is_play else known

    @property
    def is_live(self) -> bool:
        """Whether others share the chain, so that acts are asked for."""
        from dmo.home.context import LOCAL_CHAINS

        return self.dmo.chain_id not in LOCAL_CHAINS

    @cached_property
    def words(self) -> Words:
        """How this deployment's amounts are written."""
        return self.dmo.words

    # ── amounts ─────────────────────────────────────────────────────────────────────────────────

    def money(self, amount: int) -> str:
        """An amount of the budget token."""
        from dmo.core.units import format_amount

        return format_amount(amount, self.words.budget_decimals, self.words.budget_symbol)

    def votes(self, amount: int) -> str:
        """An amount of the votes token, to four decimals."""
        from dmo.core.units import format_amount

        decimals = self.words.votes_decimals
        step = 10 ** max(decimals - 4, 0)
        return format_amount(amount // step * step, decimals, self.words.votes_symbol)

    def parse_money(self, text: str, field: str) -> int:
        """An amount of the budget token that somebody wrote."""
        from dmo.core.units import parse_amount

        symbol = self.words.budget_symbol
        cleaned = text.strip().removesuffix(symbol).strip()
        try:
            return parse_amount(cleaned, self.words.budget_decimals)
        except BadInput as error:
            raise error.at(field=field) from None

    def when(self, moment: int) -> str:
        """A moment, absolute and relative to the chain's clock."""
        from dmo.core.units import format_duration, format_time

        if not moment:
            return ""
        gap = moment - self.now
        relative = texts.IN if gap >= 0 else texts.AGO
        return f"{format_time(moment)} ({relative.format(format_duration(abs(gap)))})"

    # ── accounts ────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def keystores(self) -> Keystores:
        """The folder of accounts: DMO_KEYSTORE_DIR, the playground's, or ~/.dmo/keystores."""
        from dmo.home.context import home
        from dmo.home.keystores import Keystores

        named = os.environ.get("DMO_KEYSTORE_DIR")
        if named:
            return Keystores(Path(named).expanduser())
        return Keystores(self.local.keystores or home() / "keystores")

    @cached_property
    def people(self) -> dict[str, str]:
        """Address → name, of one's own accounts and the deployment's contracts."""
        found = {}
        if "dmo" in self.__dict__:
            found = {address: name for name, address in self.dmo.addresses.items()}
            if "TimelockController" in self.dmo.addresses:
                found[self.dmo.address("TimelockController")] = "treasury"
        return {**found, **{at: name for name, at in self.keystores.addresses().items()}}

    def who(self, address: str | None, *, long: bool = False) -> str:
        """An address with the name it is known under here."""
        if not address or int(address, 16) == 0:
            return "–"
        short = address if long else f"{address[:6]}…{address[-4:]}"
        name = self.people.get(address)
        return f"{name} ({short})" if name else short

    def named_account(self) -> str:
        """Name, file or address of the account to act as; empty if nobody said.

        With one keystore only, it is that one.
        """
        named = self.options.account or os.environ.get("DMO_ACCOUNT") or ""
        if named:
            return named
        known = self.keystores.addresses()
        return next(iter(known)) if len(known) == 1 else ""

    def address_of(self, text: str, field: str) -> str:
        """An address: 0x…, ``me``, an account's name, or a contract of the deployment.

        Raises:
            BadInput: Nobody is called so.
        """
        from dmo.core.abi.codec import checksum

        cleaned = text.strip()
        if cleaned.lower().startswith("0x"):
            try:
                return checksum(cleaned)
            except BadInput as error:
                raise error.at(field=field) from None
        if cleaned == "me":
            return self.me
        known = self.keystores.addresses()
        if cleaned in known:
            return known[cleaned]
        contracts = {"treasury": "TimelockController", "escrow": "CampaignEscrow"}
        wanted = contracts.get(cleaned, cleaned)
        if wanted in self.dmo.addresses:
            return self.dmo.address(wanted)
        raise BadInput(
            f"nobody is called {cleaned[:40]!r} here",
            expected=f"an address, me, or one of {', '.join([*known, 'treasury'])}",
            field=field,
        )

    @cached_property
    def maybe_me(self) -> str | None:
        """The account to act as, or nobody."""
        named = self.named_account()
        if not named:
            return None
        if named.lower().startswith("0x") and len(named) == 42:
            from dmo.core.abi.codec import checksum

            return checksum(named)
        try:
            return self.keystores.address(named)
        except BadInput:
            if "DMO_KEYSTORE_DIR" not in os.environ:
                # A deployment can bring its keystores: where it is missing, that is the reason.
                _ = self.book
            raise

    @property
    def me(self) -> str:
        """The account to act as.

        Raises:
            BadInput: Nobody said which.
        """
        if self.maybe_me is None:
            known = ", ".join(self.keystores.addresses())
            raise BadInput(
                "no account is named",
                expected=f"--account <name> or DMO_ACCOUNT; {known or texts.NO_ACCOUNTS}",
                field="--account",
            )
        return self.maybe_me

    def unlock(self) -> LocalAccount:
        """The key of the account to act as.

        Raises:
            BadInput: There is no keystore of it, or the password is wrong.
        """
        named = self.named_account()
        if named.lower().startswith("0x") and len(named) == 42:
            by_address = {at: name for name, at in self.keystores.addresses().items()}
            if self.me not in by_address:
                raise BadInput(
                    f"there is no keystore of {self.me}",
                    expected="an account of `dmo account list`, or --calldata to sign elsewhere",
                    field="--account",
                )
            named = by_address[self.me]
        return self.keystores.unlock(named, self.password)

    def password(self, question: str) -> str:
        """A password: DMO_PASSWORD, DMO_PASSWORD_FILE, the playground's, or typed."""
        if "DMO_PASSWORD" in os.environ:
            return os.environ["DMO_PASSWORD"]
        named = os.environ.get("DMO_PASSWORD_FILE")
        file = Path(named).expanduser() if named else self.local.password_file
        if file is not None:
            try:
                return file.read_text("utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise BadInput("the password cannot be read", file=str(file)) from error
        if not sys.stdin.isatty():
            raise BadInput(
                "no password was given",
                expected="DMO_PASSWORD, DMO_PASSWORD_FILE, or a terminal to type it",
            )
        import getpass

        return getpass.getpass(question, stream=sys.stderr)

    # ── documents ───────────────────────────────────────────────────────────────────────────────

    @cached_property
    def store(self) -> Store:
        """The local store of documents: DMO_STORE, else ~/.dmo/documents."""
        from dmo.home.context import home
        from dmo.home.store import Store

        return Store(Path(os.environ.get("DMO_STORE") or home() / "documents").expanduser())

    # ── salts of jurors ─────────────────────────────────────────────────────────────────────────

    @cached_property
    def salts(self) -> Salts:
        """The folder of salts, ~/.dmo/salts."""
        from dmo.home.context import home
        from dmo.home.salts import Salts

        return Salts(home() / "salts")

    # ── the end ─────────────────────────────────────────────────────────────────────────────────

    def explained(self, error: Refused) -> DmoError:
        """A refusal in this deployment's words."""
        from dmo.core import explain

        if "sent" in error.details:
            return error  # explained already, with what was done before
        try:
            words = replace(self.words, own={"account": self._named, "disputeID": self._case})
        except (DmoError, NetworkError):
            return error
        if error.name not in explain.sentences() and error.message:
            return error
        message, hint = explain.explain(error.name, error.arguments, words)
        better = Refused(error.name, error.arguments, message=message, hint=hint, data=error.data)
        better.details.update(error.details)
        return better

    def _named(self, address: str) -> str:
        """An address, with the name it is known under here."""
        name = self.people.get(address)
        return f"{name} ({address})" if name else address

    def _case(self, dispute: int) -> str:
        """A dispute's number, with its submission where that is known."""
        known = self.cases.get(dispute)
        return texts.CASE_OF.format(dispute, known) if known else str(dispute)

    def finish(self) -> None:
        """Write the envelope."""
        connected = "dmo" in self.__dict__
        self.screen.finish(
            self.command,
            self.dmo.name if connected else "",
            self.dmo.chain_id if connected else 0,
        )
