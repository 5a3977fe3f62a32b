"""Which deployment, which node, which folders: from options, the environment, the clone.

Nothing here is read at import; every function says what it looks at. Addresses of nodes come
from the person or the environment, never from source. The one exception is a chain on this very
machine: ``deployments/<name>.local.json`` may name its port, keystores and password file, so that
a playground needs no settings.
"""

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from dmo.core import words
from dmo.core.clone import clone
from dmo.core.files import read_json
from dmo.core.rpc import HERE
from dmo.core.text import one_line

LOCAL_CHAINS = frozenset({1337, 31337})
"""Development chains, where nothing is asked."""
_MAX_LOCAL = 64 * 1024


@dataclass(frozen=True)
class ChainFacts:
    """A chain's name, whether its coins are worth nothing, what they are called, and where it can be looked at.

    So many blocks deep (``confirmations``) it is not expected to change.
    """

    name: str
    is_test: bool = False
    coin: str = "ETH"
    explorer: str = ""
    confirmations: int = 12


@lru_cache(maxsize=1)
def chains() -> Mapping[int, ChainFacts]:
    """The chains that are known, by their id."""
    text = resources.files(__package__).joinpath("chains.toml").read_text("utf-8")
    return {int(chain_id): ChainFacts(**one) for chain_id, one in tomllib.loads(text).items()}


def chain_facts(chain_id: int) -> ChainFacts:
    """What is known of a chain; an unknown one counts as real."""
    unknown = words.word("chain", "other").format(chain_id), False, words.word("chain", "coin")
    return chains().get(chain_id) or ChainFacts(*unknown)


def home() -> Path:
    """Where keystores and documents of this person are kept: DMO_HOME, else ~/.dmo."""
    return named_path("DMO_HOME") or read_path("~/.dmo", "HOME")


def cache() -> Path:
    """Where events of chains are kept: DMO_CACHE, else beside DMO_HOME, else ~/.cache/dmo."""
    if named := named_path("DMO_CACHE"):
        return named
    if os.environ.get("DMO_HOME"):
        return home() / "cache"
    return (named_path("XDG_CACHE_HOME") or read_path("~/.cache", "HOME")) / "dmo"


def index_url(environment: Mapping[str, str] = os.environ) -> str | None:
    """The index's database: DMO_INDEX, a URL or a file; None for the one in the cache. Raises BadInput: no path."""
    given = environment.get("DMO_INDEX") or None
    return given if given is None or "://" in given else f"sqlite:///{read_path(given, 'DMO_INDEX').absolute()}"


def books_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where address books are kept: DMO_DEPLOYMENTS, else ./deployments, else the clone's, else beside keystores."""
    if named := environment.get("DMO_DEPLOYMENTS"):
        return read_path(named, "DMO_DEPLOYMENTS")
    here = Path.cwd() / "deployments"
    return here if here.is_dir() else (clone() or home()) / "deployments"


def book_path(name: str | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The address book of a name or path, else DMO_DEPLOYMENT's or the only one. Raises BadInput: none, or several."""
    folder = books_folder(environment)
    # other files carry a second dot in their names
    books = sorted(path.stem for path in folder.glob("*.json") if "." not in path.stem)
    wanted = name or environment.get("DMO_DEPLOYMENT") or ""
    if wanted:
        path = read_path(wanted, "--deployment")
        found = path if path.suffix == ".json" else folder / f"{wanted}.json"
        if found.is_file():
            return found
        at = clone()
        can_deploy = at and wanted.isidentifier() and (at / "config" / f"{wanted}.toml").is_file()
        wrong = "undeployed" if can_deploy else "no_deployment"
    elif len(books) == 1:
        return folder / f"{books[0]}.json"
    else:
        wrong = "several_deployments" if books else "no_deployment_yet"
    listed = ", ".join(books) or words.word("instead", "book")
    raise words.bad(wrong, field="--deployment", wanted=wanted, known=listed)


@dataclass(frozen=True)
class LocalFacts:
    """What a chain on this machine told: its node's address, folder of keystores, and file of their password."""

    rpc: str = ""
    keystores: Path | None = None
    password_file: Path | None = None


def local_facts(book: Path) -> LocalFacts:
    """Read <name>.local.json, if there. Raises BadInput: it cannot be, or names a node on another machine."""
    file = book.with_name(f"{book.stem}.local.json")
    try:
        raw = read_json(file, _MAX_LOCAL)
    except FileNotFoundError:
        return LocalFacts()
    if not isinstance(raw, dict):
        raise words.bad("no_object").at(str(file))
    rpc = str(raw.get("rpc", ""))
    if rpc and urlsplit(_checked(rpc, "rpc", str(file))).hostname not in HERE:
        raise words.bad("far_node", field="rpc").at(str(file))
    named = [raw.get(key) for key in ("keystores", "password_file")]
    return LocalFacts(
        rpc, *(read_path(str(file.parent / str(path)), str(file)).resolve() if path else None for path in named)
    )


def node_url(
    rpc: str | None, network: str | None, chain_id: int, local: LocalFacts, environment: Mapping[str, str] = os.environ
) -> str:
    """The node to ask. Raises NetworkError: none is named.

    In this order: ``rpc``; ``network`` (an address itself, or a name: DMO_RPC_<NAME>); the deployment's own
    local node; DMO_RPC; DMO_RPC_URL; for the development chain 127.0.0.1:DMO_PORT.
    """
    if rpc:
        return _checked(rpc, "--rpc")
    if network and "://" in network:
        return _checked(network, "--network")
    if network and network != "local":
        variable = f"DMO_RPC_{network.upper().replace('-', '_')}"
        named = environment.get(variable)
        if not named:
            raise words.network("unknown_network", network=network, variable=variable)
        return _checked(named, variable)
    if local.rpc:
        return local.rpc
    variable = next((name for name in ("DMO_RPC", "DMO_RPC_URL") if environment.get(name)), "")
    if network == "local" or (chain_id in LOCAL_CHAINS and not variable):
        return f"http://127.0.0.1:{environment.get('DMO_PORT') or '8549'}"
    if variable:
        return _checked(environment[variable], variable)
    raise words.network("no_node_of", chain=chain_facts(chain_id).name)


def _checked(url: str, place: str, file: str | None = None) -> str:
    try:
        parts = urlsplit(url)
        labels = (parts.hostname or "").rstrip(".").split(".")
        is_host = all(0 < len(label) < 64 for label in labels) and url.isascii() and url.isprintable()
        is_url = parts.scheme in ("http", "https") and is_host and parts.port != 0
    except ValueError:  # brackets that are not closed, ports that are none, letters that become others
        is_url = False
    if not is_url:
        raise words.bad("no_url", field=place, given=url[:40]).at(file)
    return url


def read_path(text: str, place: str) -> Path:
    """A path that somebody named, in a setting or a file. Raises BadInput: it can be none."""
    with suppress(UnicodeEncodeError, RuntimeError):  # half a letter; a home that nobody has
        if b"\0" not in os.fsencode(text):
            return Path(text).expanduser()
    raise words.bad("no_path", field=place, given=one_line(text, 60))


def named_path(variable: str) -> Path | None:
    """The path that a setting of the environment names, if it is set. Raises BadInput: it can be none."""
    given = os.environ.get(variable)
    return read_path(given, variable) if given else None
