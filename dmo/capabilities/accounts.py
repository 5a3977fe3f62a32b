"""Accounts: keystores on this machine, one file per name."""

import os
import secrets
import sys
from collections.abc import Mapping
from typing import Any

from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.kinds import FLAG, LINE, TEXT
from dmo.core.view import Query
from dmo.home.home import Home

_SHORTEST = 10
"""Letters of a password that is typed; what a script gives is its own affair."""
KEPT_SHAPE = {"name": TEXT, "address": TEXT, "file": TEXT}


def _new_password(home: Home, name: str) -> str:
    password = home.names.password(words.word("account", "new_password").format(name))
    is_given = bool({"DMO_PASSWORD", "DMO_PASSWORD_FILE"} & {*os.environ}) or home.local.password_file is not None
    if not password:
        raise words.bad("no_password")
    if not is_given and len(password) < _SHORTEST:
        raise words.bad("short_password", least=_SHORTEST)
    if not is_given and home.names.password(words.word("account", "again")) != password:
        raise words.bad("passwords_differ")
    return password


def _keep(home: Home, name: str, key: bytes) -> dict[str, Any]:
    home.names.require_free(name)
    address = home.names.keystores.put(name, key, _new_password(home, name))
    return {"name": name, "address": address, "file": str(home.names.keystores.path(name))}


class NewAccount(Query, name="account new", of_machine=True, needs_chain=False, gives=KEPT_SHAPE):
    account: str = arg(LINE)

    def answer(self, home: Home) -> Mapping[str, Any]:
        return _keep(home, self.account, secrets.token_bytes(32))


class ImportAccount(Query, name="account import", of_machine=True, needs_chain=False, gives=KEPT_SHAPE):
    account: str = arg(LINE)
    keystore: str | None = option(TEXT.called("FILE"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        if self.keystore is not None:
            opened = home.names.keystores.unlock(self.keystore, home.names.password)
            return _keep(home, self.account, bytes(opened.key))
        from eth_account import Account

        written = os.environ.get("DMO_PRIVATE_KEY")
        if written is None:
            if not sys.stdin.isatty():
                raise words.bad("no_key")
            import getpass

            written = getpass.getpass(words.word("account", "type_key"), stream=sys.stderr)
        try:
            key = bytes.fromhex(written.strip().removeprefix("0x"))
            Account.from_key(key)
        except ValueError:
            raise words.bad("bad_key") from None
        return _keep(home, self.account, key)


class NameAccount(
    Query, name="account name", of_machine=True, needs_chain=False, gives={**KEPT_SHAPE, "forgotten": TEXT}
):
    account: str = arg(LINE)
    address: str | None = arg(TEXT.called("ADDRESS"), default=None)
    forget: bool = option(FLAG, False)

    def answer(self, home: Home) -> Mapping[str, Any]:
        if self.forget is bool(self.address) or (self.forget and self.account not in home.names.watched):
            raise words.bad("name_or_forget", field="address")
        at = home.names.address(self.address) if self.address else None
        home.names.watch(self.account, at)
        return {"name": self.account, "address": at, "forgotten": self.account if self.forget else None}


ROW = {"name": TEXT, "address": TEXT, "mark": TEXT}


class ListAccounts(
    Query, name="account list", of_machine=True, needs_chain=False, gives={"accounts": [ROW], "folder": TEXT}
):
    def answer(self, home: Home) -> Mapping[str, Any]:
        kept, chosen = home.names.keystores, home.names.named
        found = {**home.names.watched, **kept.names()}.items()
        rows = [{"name": name, "address": at, "mark": f"→ {name}" if name == chosen else name} for name, at in found]
        return {"folder": str(kept.folder), "accounts": rows}
