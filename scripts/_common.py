"""What the scripts share: the chain, the accounts, exit codes, the question before sending."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brownie import accounts, network, web3
from eth_account import Account
from eth_account.signers.local import LocalAccount

from dmo.core.chain import Chain
from dmo.core.errors import BadInput, DmoError
from dmo.deploy.config import LOCAL_CHAIN_ID
from dmo.deploy.sender import KeyDeploySender, UnlockedSender
from dmo.faces import running, terminal
from dmo.home.home import Home, Options

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "config"
DEPLOYMENTS = Path(os.environ.get("DMO_DEPLOYMENTS") or ROOT / "deployments").resolve()
BUILD = ROOT / "build"
PLAY = Path(os.environ.get("DMO_PLAY_HOME") or BUILD / "play").resolve()


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Turn an error into a message and its exit code; Brownie would print a traceback."""
    try:
        yield
    except DmoError as error:
        raise SystemExit(terminal.report(error, as_json=False)) from None
    except KeyboardInterrupt:
        print("interrupted; run again to continue", file=sys.stderr)
        raise SystemExit(130) from None


def this_chain() -> Chain:
    """The chain that Brownie is connected to."""
    return Chain.connect(str(web3.provider.endpoint_uri))


def is_live(chain: Chain) -> bool:
    """Whether this is more than the local development chain."""
    return chain.chain_id != LOCAL_CHAIN_ID


def confirmations(chain: Chain) -> int:
    """Blocks to wait for."""
    return 3 if is_live(chain) else 1


def sending_account() -> Any:
    """The account that sends: the keystore that DMO_ACCOUNT names, on the chain of `make play` founder's if none."""
    name, active = os.environ.get("DMO_ACCOUNT", ""), network.show_active()
    is_play = active == "play"
    if not name and active == "development":
        return accounts[0]
    names = ", ".join(sorted(path.stem for path in (PLAY / "keystores").glob("*.json"))) if is_play else ""
    known = "`make play` in another terminal" if is_play else "a name of `./brownie accounts list`"
    if not name and not is_play:
        raise BadInput("no account to send from", expected=f"DMO_ACCOUNT=<{known}>")
    try:
        if is_play:
            file, password = PLAY / "keystores" / f"{name or 'founder'}.json", PLAY / "password"
            return accounts.load(str(file), password=password.read_text("utf-8").strip())
        return accounts.load(name, password=os.environ.get("DMO_PASSWORD"))
    except FileNotFoundError as error:
        raise BadInput(f"there is no account {name!r}", expected=names or known) from error
    except ValueError as error:
        raise BadInput(f"the account {name!r} cannot be opened: {error}") from error


def named_file(name: str, folder: Path, suffix: str) -> Path:
    """A file of this folder by its name without ending, or by its path."""
    return Path(name) if name.endswith(suffix) else folder / f"{name}{suffix}"


def home_of(deployment: str) -> Home:
    """A deployment on the chain that Brownie is connected to, and its account to act as."""
    book, url = str(named_file(deployment, DEPLOYMENTS, ".json")), str(web3.provider.endpoint_uri)
    if network.show_active() == "play":  # whose node holds the same accounts: Brownie would not open the keystore
        os.environ.setdefault("DMO_PASSWORD_FILE", str(PLAY / "password"))
        keystore = PLAY / "keystores" / f"{os.environ.get('DMO_ACCOUNT') or 'founder'}.json"
        return Home(Options(deployment=book, rpc=url, account=str(keystore)))
    account = sending_account()
    home = Home(Options(deployment=book, rpc=url, account=account.address))
    home.names.key = lambda: key_of(account)
    return home


def key_of(account: Any) -> LocalAccount:
    """The key of a Brownie account; those that the local chain itself keeps have none."""
    if not hasattr(account, "private_key"):
        raise BadInput("this account cannot sign", expected="DMO_ACCOUNT=<keystore>")
    key: LocalAccount = Account.from_key(account.private_key)
    return key


def deploy_sender(chain: Chain, account: Any) -> UnlockedSender:
    """Who sends a deployment's steps."""
    has_key = hasattr(account, "private_key")
    return KeyDeploySender(chain, key_of(account)) if has_key else UnlockedSender(chain, account.address)


def wire(book: Path) -> None:
    """On the chain of `make play`, have `dmo` find its node, accounts and password for a deployment."""
    known = DEPLOYMENTS / "play.local.json"
    if network.show_active() == "play" and known.is_file():
        book.with_name(f"{book.stem}.local.json").write_bytes(known.read_bytes())


def confirm(chain: Chain, risk: str, options: tuple[str, ...]) -> None:
    """On a live network, go on only after a typed "yes" (or the option, or DMO_YES=1)."""
    if is_live(chain) and "yes" not in options and os.environ.get("DMO_YES") != "1":
        running.await_yes(f"chain {chain.chain_id}", risk)
