"""Who is meant, and what they are called here: keystores of this machine, contracts by role."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.errors import FAULTS, BadInput
from dmo.core.files import read_json, read_text, write_json
from dmo.core.text import alike, hidden, is_like_an_address, one_line
from dmo.home.context import LocalFacts, home, named_path
from dmo.home.keystores import Keystores

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

_MAX_PASSWORD, _MAX_NAMES = 4096, 1024 * 1024
ROLES = {"treasury": "Treasury", "escrow": "CampaignEscrow"}


class Names:
    """Addresses by name and names by address.

    Args:
        named: Account to act as, as somebody named it; DMO_ACCOUNT where empty.
        local: What a chain on this machine told about itself.
        contracts: Contract name → address.
    """

    def __init__(self, named: str | None, local: LocalFacts, contracts: Mapping[str, str]) -> None:
        self._named = named
        self._local = local
        self._contracts = contracts
        self.key: Callable[[], LocalAccount] | None = None
        """Brings the account's key where no keystore of this machine does."""

    @cached_property
    def keystores(self) -> Keystores:
        """The folder of accounts: DMO_KEYSTORE_DIR, the playground's, or ~/.dmo/keystores."""
        return Keystores(named_path("DMO_KEYSTORE_DIR") or self._local.keystores or home() / "keystores")

    @cached_property
    def watched(self) -> dict[str, str]:
        """Name → address of accounts without a key here, from ~/.dmo/names.json."""
        file = home() / "names.json"
        try:
            return {str(name): checksum(at) for name, at in dict(read_json(file, _MAX_NAMES)).items()}
        except FileNotFoundError:
            return {}
        except BadInput as error:
            raise error.at(str(file)) from None
        except FAULTS as error:
            raise words.bad("no_names").at(str(file)) from error

    def watch(self, name: str, address: str | None) -> None:
        """Call an address so from now on, or nobody. Raises BadInput: somebody is called so."""
        if self.watched.get(name) is None or address:
            self.require_free(name)
        kept = {key: at for key, at in {**self.watched, name: address}.items() if at}
        write_json(home() / "names.json", kept)
        self.watched = kept

    def require_free(self, name: str) -> None:
        """Raise BadInput: it means something else wherever an account is named, or somebody is called so or alike."""
        path, looks = self.keystores.path(name), alike(name)
        if (place := hidden(name)) is not None:
            raise words.bad("invisible", letter=f"{ord(name[place]):04X}")
        if name != one_line(name):
            raise words.bad("no_file_name", given=one_line(name, 40))
        if looks in map(alike, ("me", *ROLES, *self._contracts)) or is_like_an_address(name):
            raise words.bad("account_reserved", name=name)
        if path.exists() or looks in map(alike, (*self.watched, *self.keystores.names())):
            raise words.bad("account_taken", name=name)

    @cached_property
    def people(self) -> dict[str, str]:
        """Address → name, of one's own accounts, those one has named, and the deployment's contracts."""
        found = {address: name for name, address in self._contracts.items()}
        found.update({self._contracts[at]: name for name, at in ROLES.items() if at in self._contracts})
        return {**found, **{at: name for name, at in [*self.watched.items(), *self.keystores.addresses().items()]}}

    def who(self, address: str | None) -> str:
        """An address, never cut: its ends are easily made alike; with the name it is known under here."""
        if not address or int(address, 16) == 0:
            return "–"
        name = self.people.get(address)
        return f"{name} ({address})" if name else address

    def in_text(self, text: str) -> str:
        """A text whose addresses carry the names they are known under here."""
        for address in self.people:
            text = text.replace(address, self.who(address))
        return text

    def address(self, text: str) -> str:
        """The address of 0x…, ``me``, an account's name, or a contract's. Raises BadInput: nobody is called so."""
        cleaned = text.strip()
        if cleaned.lower().startswith("0x"):
            return checksum(cleaned)
        if cleaned == "me":
            return self.me
        known = {**self.watched, **self.keystores.addresses()}
        if cleaned in known:
            return known[cleaned]
        wanted = ROLES.get(cleaned, cleaned)
        if wanted in self._contracts:
            return checksum(self._contracts[wanted])
        raise words.bad("nobody", given=cleaned[:40], known=", ".join([*known, "treasury"]))

    @cached_property
    def named(self) -> str:
        """Name, file or address of the account to act as, the only keystore's as a rule; empty if nobody said."""
        named = self._named or os.environ.get("DMO_ACCOUNT") or ""
        known = {} if named else self.keystores.addresses()
        return next(iter(known)) if len(known) == 1 else named

    @cached_property
    def maybe_me(self) -> str | None:
        """The account to act as, or nobody."""
        return self.seen or (str(self._opened.address) if self.named else None)

    @property
    def seen(self) -> str | None:
        """The same, as far as no key has to be opened to know it."""
        if not self.named:
            return None
        if self._is_address:
            return checksum(self.named)
        return self.watched.get(self.named) or self._contract or self.keystores.address(self.named)

    @property
    def _contract(self) -> str | None:
        """Where the contract is that is named to act as, if it is one: it looks and prepares, and signs nothing."""
        found = self._contracts.get(ROLES.get(self.named, self.named))
        return checksum(found) if found and self.named not in self.keystores.names() else None

    def acting_as(self, account: str) -> Names:
        """The same names, for somebody else who acts."""
        other = copy(self)
        other._named = account
        for known in ("named", "maybe_me", "_opened"):
            other.__dict__.pop(known, None)
        return other

    @property
    def me(self) -> str:
        """The account to act as. Raises BadInput: nobody said which."""
        if self.maybe_me is None:
            known = ", ".join(self.keystores.addresses()) or words.word("instead", "account")
            raise words.bad("nobody_named", field="--account", known=known)
        return self.maybe_me

    @property
    def _is_address(self) -> bool:
        return self.named.lower().startswith("0x") and len(self.named) == 42

    def unlock(self) -> LocalAccount:
        """The key of the account to act as. Raises BadInput: there is no keystore of it, or the password is wrong."""
        if self.key is not None:
            return self.key()
        return self._opened

    @cached_property
    def _opened(self) -> LocalAccount:
        name = self.named
        if self._is_address or name in self.watched or self._contract:
            by_address = {at: name for name, at in self.keystores.addresses().items()}
            if self.me not in by_address:
                raise words.bad("no_keystore_of", field="--account", account=self.me)
            name = by_address[self.me]
        return self.keystores.unlock(name, self.password)

    def password(self, question: str) -> str:
        """A password: DMO_PASSWORD, DMO_PASSWORD_FILE, the playground's, or typed."""
        if "DMO_PASSWORD" in os.environ:
            return os.environ["DMO_PASSWORD"]
        file = named_path("DMO_PASSWORD_FILE") or self._local.password_file
        if file is not None:
            try:
                return read_text(file, _MAX_PASSWORD).rstrip("\r\n")
            except (FileNotFoundError, BadInput) as error:
                raise words.bad("unreadable_password").at(str(file)) from error
        if not sys.stdin.isatty():
            raise words.bad("no_password_given")
        import getpass

        return getpass.getpass(question, stream=sys.stderr)
