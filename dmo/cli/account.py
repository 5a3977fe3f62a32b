"""dmo account: keystores, one file per name."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import READ, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput

app = noun("account")

Name = Annotated[str, Argument(metavar="NAME", help=texts.ARG_NAME, show_default=False)]
_KEYS = tuple(option for option in READ if option not in ("network", "rpc", "account"))


def _new_password(session: Session, name: str) -> str:
    password = session.password(texts.NEW_PASSWORD.format(name))
    typed = (
        "DMO_PASSWORD" not in os.environ
        and "DMO_PASSWORD_FILE" not in os.environ
        and session.local.password_file is None
    )
    if typed and session.password(texts.AGAIN) != password:
        raise BadInput(texts.PASSWORDS_DIFFER, expected=texts.PASSWORDS_DIFFER_EXPECTED)
    if not password:
        raise BadInput(texts.NO_PASSWORD, expected=texts.NO_PASSWORD_EXPECTED)
    return password


def _keep(session: Session, name: str, key: bytes) -> None:
    path = session.keystores.path(name)
    if path.exists():
        raise BadInput(f"there is already an account {name!r}", expected="another name")
    address = session.keystores.put(name, key, _new_password(session, name))
    session.screen.data.update(name=name, address=address, file=str(path))
    session.screen.heading(texts.ACCOUNT_MADE.format(name, address))
    session.screen.fields([("file", str(path))])
    session.screen.say(texts.ACCOUNT_BACKUP)
    session.screen.say(texts.NEXT.format(texts.ACCOUNT_NEXT.format(name)))


@command(app, "account new", _KEYS)
def new(session: Session, name: Name) -> None:
    """Make an account."""
    _keep(session, name, secrets.token_bytes(32))


@command(app, "account import", _KEYS)
def import_(
    session: Session,
    name: Name,
    keystore: Annotated[
        Path | None, Option("--keystore", metavar="FILE", help=texts.OPTION_KEYSTORE)
    ] = None,
) -> None:
    """Take an account from a key or another keystore."""
    if keystore is not None:
        from dmo.home.keystores import Keystores

        opened = Keystores(keystore.parent).unlock(str(keystore), session.password)
        _keep(session, name, bytes(opened.key))
        return
    written = os.environ.get("DMO_PRIVATE_KEY")
    if written is None:
        if not sys.stdin.isatty():
            raise BadInput(texts.NO_KEY, expected=texts.NO_KEY_EXPECTED)
        import getpass

        written = getpass.getpass(texts.TYPE_KEY, stream=sys.stderr)
    cleaned = written.strip().removeprefix("0x")
    try:
        key = bytes.fromhex(cleaned)
    except ValueError:
        key = b""
    if len(key) != 32 or not any(key):
        raise BadInput(texts.BAD_KEY, expected=texts.BAD_KEY_EXPECTED)
    _keep(session, name, key)


@command(app, "account list", _KEYS)
def list_(session: Session) -> None:
    """List accounts."""
    known = session.keystores.addresses()
    session.screen.data.update(
        accounts=[{"name": name, "address": at} for name, at in known.items()],
        folder=str(session.keystores.folder),
    )
    if session.screen.as_json:
        return
    if not known:
        session.screen.say(texts.NO_ACCOUNTS_IN.format(session.keystores.folder))
        session.screen.say(texts.NEXT.format("dmo account new alice"))
        return
    chosen = session.named_account()
    rows = [(("→ " if name == chosen else "") + name, at) for name, at in known.items()]
    session.screen.table(texts.ACCOUNT_COLUMNS, rows)
