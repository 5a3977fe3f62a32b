"""The server for agents as a process: by stdio and by HTTP on this machine, and what it is shut off from.

by stdio
├── it answers a client of the package, and ends when that goes
└── what it writes is the protocol's alone
by HTTP
├── it listens at 127.0.0.1, and answers what stdio answers
└── it answers no page of another site, whatever name that is reached by
a process that is shut
├── connects nowhere but to the node and the index
├── starts no program, reads no key, and writes only where it has to
└── stays shut
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters

from dmo.core.errors import NodeError
from dmo.home.deployment import Dmo
from tests.support.agents import Heard
from tests.support.chronicle import BIRTH
from tests.support.node import ADDRESSES
from tests.support.rpc_site import Site, said
from tests.support.village import ME
from tests.support.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]


def answering(village: Heard, site: Site) -> None:
    """Let a server answer as a told chain does."""

    def one(order: dict[str, Any]) -> dict[str, Any]:
        found = village.answer(order["method"], order["params"])
        if isinstance(found, NodeError):
            return {"jsonrpc": "2.0", "id": order["id"], "error": {"code": -32601, "message": found.reason}}
        return said(order, found)

    site.answer = lambda body: [one(each) for each in body] if isinstance(body, list) else one(body)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with an address book, and an environment in which its node is found."""
    folder, village, site = tmp_path_factory.mktemp("agents"), Heard(), Site()
    village.grow(12)
    village.give_orders()
    answering(village, site)
    known = {name: at for name, at in ADDRESSES.items() if name not in ("VotesWrapper", "HolderToken")}
    contracts = {name: {"address": at, "block": BIRTH} for name, at in known.items()}
    book = {"schema": "dmo.deployment/1", "chain_id": 31337, "commit": "0" * 40, "contracts": contracts}
    (folder / "told.json").write_text(json.dumps(book))
    dmo = Dmo.read_from(folder / "told.json")
    village.views |= {read.function: dmo.address(name) for read, name in dmo.ties}
    (folder / "tmp").mkdir()
    (folder / "keystores").mkdir()
    (folder / "keystores" / "alice.json").write_text("{}")
    plain = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
    own = {
        "DMO_DEPLOYMENTS": str(folder),
        "DMO_HOME": str(folder),
        "DMO_CACHE": str(folder / "cache"),
        "TMPDIR": str(folder / "tmp"),
    }
    yield folder, {**plain, **own, "DMO_RPC": site.url, "PYTHONPATH": str(ROOT)}
    site.server.shutdown()
    site.server.server_close()


async def hear(server: Any) -> tuple[list[str], Any, Any]:
    async with Client(server) as client:
        listed = [one.name for one in (await client.list_tools()).tools]
        idea = (await client.call_tool("idea_show", {"idea": "1/1"})).structured_content
        act = (await client.call_tool("idea_withdraw", {"idea": "1/1", "acting_as": ME})).structured_content
        return listed, idea, act


def test_by_stdio_and_by_http_the_same_is_said(place: tuple[Path, dict[str, str]]) -> None:
    folder, environment = place
    command = [sys.executable, "-m", "dmo", "mcp", "--deployment", "told"]
    by_stdio = StdioServerParameters(command=command[0], args=command[1:], env=environment, cwd=folder)
    told = anyio.run(hear, by_stdio)
    assert len(told[0]) > 100
    assert told[1]["ok"], told[1]
    assert told[2]["sent"] is False
    process = subprocess.Popen(
        [*command, "--http", "--any-port"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/mcp", process.stderr.readline())
        assert anyio.run(hear, url) == told
        order = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        accept = {"Accept": "application/json, text/event-stream"}
        elsewhere = httpx.post(url, json=order, headers={**accept, "Host": "attacker.example"})
        another = httpx.post(url, json=order, headers={**accept, "Origin": "https://attacker.example"})
        assert (elsewhere.status_code, another.status_code) == (421, 403)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


TRIES = """
import json, os, socket, subprocess, sys, tempfile
from pathlib import Path
from dmo.faces.agents.locked import doors_of, shut
from dmo.home.home import Home
folder, home = Path(sys.argv[1]), Home()
own = socket.socket(); own.bind(("127.0.0.1", 0)); own.listen()
home.names.keystores.addresses()
shut(doors_of(home))

def may(name, do):
    try:
        do()
        told[name] = True
    except PermissionError:
        told[name] = False

told = {}
may("node", lambda: home.chain.block())
may("index", lambda: home.index)
may("cache", lambda: (folder / "cache" / "x").write_text("x"))
may("temporary", lambda: tempfile.TemporaryDirectory().cleanup())
may("own code", lambda: Path(__import__("dmo").__file__).read_text())
may("other port", lambda: socket.create_connection(own.getsockname()))
may("name", lambda: socket.getaddrinfo("attacker.example", 443))
may("datagram", lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53)))
may("program", lambda: subprocess.run(["true"]))
may("system", lambda: os.system("true"))
may("fork", os.fork)
may("key", lambda: (folder / "keystores" / "alice.json").read_text())
may("key by a link", lambda: (folder / "cache" / "link").read_text())
may("salts", lambda: os.listdir(folder) and open(folder / "salts" / "1.json"))
may("book", lambda: (folder / "told.json").write_text("{}"))
may("home", lambda: (folder / "names.json").write_text("{}"))
may("rename", lambda: (folder / "cache" / "x").rename(folder / "told.json"))
may("remove", lambda: (folder / "told.json").unlink())
may("again", lambda: (shut(type(doors_of(home))()), subprocess.run(["true"])))
print(json.dumps(told))
"""
OPEN = ["node", "index", "cache", "temporary", "own code"]


@pytest.mark.attack("agent-reaches-out")
def test_a_process_that_is_shut_reaches_nothing_else(place: tuple[Path, dict[str, str]]) -> None:
    folder, environment = place
    (folder / "cache").mkdir(exist_ok=True)
    link = folder / "cache" / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(folder / "keystores" / "alice.json")
    done = subprocess.run(
        [sys.executable, "-c", TRIES, str(folder)],
        cwd=folder,
        env={**environment, "DMO_DEPLOYMENT": "told"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [name for name, may in told.items() if may] == OPEN
    assert len(told) > 15
    assert json.loads((folder / "told.json").read_text())["chain_id"] == 31337
