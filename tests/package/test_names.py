"""Who is meant and what they are called: keystores of any maker, names of one's own, names of the ENS.

keystores
  given one that tells no address -> test_a_keystore_without_an_address_is_opened_for_it
  given other files beside them -> test_other_files_are_no_accounts
account name
  given an address -> test_a_name_stands_beside_its_address_and_for_it
  given a name that somebody has -> test_no_name_means_two
  given a name to act as -> test_a_named_safe_acts_but_does_not_sign
--account
  given a contract's name -> test_a_contract_looks_and_does_not_sign
who
  given any address -> test_no_address_is_cut
the ENS
  given a name -> test_a_name_of_the_ens_is_looked_up
  given an address whose name is another's -> test_a_name_that_is_anothers_is_not_shown
  given a chain without it -> test_elsewhere_the_ens_is_not_asked
  given a name of the standard -> test_the_hash_of_a_name_is_the_standards
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from dmo.core.abi.codec import checksum, decode, encode, keccak
from dmo.core.chain import Chain
from dmo.core.errors import BadInput, NodeError
from dmo.faces.cli import main
from dmo.home import ens
from dmo.home.context import LocalFacts
from dmo.home.home import Home
from dmo.home.keystores import Keystores
from dmo.home.names import Names
from tests.support.home import at_home
from tests.support.node import ADDRESSES, Node

KEY = b"\x07" * 32
MINE = Account.from_key(KEY).address
SAFE = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DMO_ACCOUNT", "DMO_KEYSTORE_DIR", "DMO_PASSWORD_FILE", "DMO_DEPLOYMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DMO_HOME", str(tmp_path))
    monkeypatch.setenv("DMO_DEPLOYMENTS", str(tmp_path))
    monkeypatch.setenv("DMO_PASSWORD", "secret")
    return tmp_path


def foundrys(folder: Path, name: str) -> Path:
    """A keystore as Foundry's cast writes it: no address in it, no ending in its name."""
    content = dict(Account.encrypt(KEY, "secret", iterations=1024))
    del content["address"]
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content))
    return folder / name


@pytest.mark.parametrize("name", ["deployer", "deployer.json"])
def test_a_keystore_without_an_address_is_opened_for_it(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = foundrys(folder / "keystores", name)
    stores = Keystores(folder / "keystores")
    assert (stores.names(), stores.addresses()) == ({"deployer": None}, {})
    names = Names("deployer", LocalFacts(), {})
    assert names.me == names.unlock().address == MINE
    assert main(["account", "list"]) == 0
    assert "deployer   told once it is opened" in capsys.readouterr().out
    assert main(["account", "import", "mine", "--keystore", str(file)]) == 0
    assert f"mine: {MINE}" in capsys.readouterr().out
    assert stores.addresses() == {"mine": MINE}


def test_other_files_are_no_accounts(folder: Path) -> None:
    for name, text in (("a.json", "{}"), ("b", "[]"), ("c.json", '{"address": "0x1"}'), ("d", "x")):
        (folder / name).write_text(text)
    (folder / "e").mkdir()
    assert Keystores(folder).names() == {}


def test_a_name_stands_beside_its_address_and_for_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["account", "name", "club", SAFE.lower()]) == 0
    assert f"club: {SAFE}" in capsys.readouterr().out
    names = Names(None, LocalFacts(), {"Jury": SAFE})
    assert (names.address("club"), names.who(SAFE)) == (SAFE, f"club ({SAFE})"), "one's own name comes first"
    assert main(["account", "list"]) == 0
    assert SAFE in capsys.readouterr().out
    assert main(["account", "name", "club", "--forget"]) == 0
    assert "Nobody is called club" in capsys.readouterr().out
    assert Names(None, LocalFacts(), {}).who(SAFE) == SAFE


@pytest.mark.parametrize(
    ("name", "contract"), [("treasury", "Treasury"), ("escrow", "CampaignEscrow"), ("Jury", "Jury")]
)
def test_a_contract_looks_and_does_not_sign(folder: Path, name: str, contract: str) -> None:
    names = Names(name, LocalFacts(), ADDRESSES)
    assert names.me == checksum(ADDRESSES[contract])
    with pytest.raises(BadInput, match=f"no keystore of {names.me}") as caught:
        names.unlock()
    assert "--calldata" in caught.value.hint
    with pytest.raises(BadInput, match="there is no account"):
        Names("Jurys", LocalFacts(), ADDRESSES).me  # noqa: B018
    Keystores(folder / "keystores").put(name, KEY, "secret", iterations=1024)
    assert Names(name, LocalFacts(), ADDRESSES).me == MINE, "a keystore that is called so comes first, as everywhere"


def test_no_name_means_two(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Keystores(folder / "keystores").put("carol", KEY, "secret", iterations=1024)
    assert main(["account", "name", "club", SAFE]) == 0
    for line in ("carol", "club", "me", "treasury", "0xclub", "../club"):
        assert main(["account", "name", line, MINE]) == 2, line
    for rest in ([], [SAFE, "--forget"]):
        assert main(["account", "name", "other", *rest]) == 2
    assert main(["account", "name", "nobody", "--forget"]) == 2
    assert json.loads((folder / "names.json").read_text()) == {"club": SAFE}
    (folder / "names.json").write_text("{")
    assert main(["account", "list"]) == 2
    assert "names.json" in capsys.readouterr().err


def test_a_named_safe_acts_but_does_not_sign(folder: Path) -> None:
    assert main(["account", "name", "club", SAFE]) == 0
    names = Names("club", LocalFacts(), {})
    assert names.me == SAFE
    with pytest.raises(BadInput, match=f"no keystore of {SAFE}"):
        names.unlock()


def test_no_address_is_cut() -> None:
    names = Names(None, LocalFacts(), {"Treasury": SAFE})
    assert names.who(SAFE) == f"treasury ({SAFE})"
    assert names.who(MINE) == MINE
    assert names.who("0x" + "00" * 20) == "–"


# ── the ENS ─────────────────────────────────────────────────────────────────────────────────────


class Resolver(Node):
    """Knows what names stand for, and what addresses call themselves."""

    def __init__(self, chain_id: int, forward: dict[str, str], claims: dict[str, str]) -> None:
        super().__init__()
        self.methods["eth_chainId"] = lambda: hex(chain_id)
        self.methods["eth_call"] = self.called
        self.forward, self.claims, self.asked_ens = forward, claims, 0

    def called(self, order: dict[str, str], *_: Any) -> str:
        assert order["to"] == ens.RESOLVER
        self.asked_ens += 1
        data = bytes.fromhex(order["data"][2:])
        if data[:4] == keccak(b"resolve(bytes,bytes)")[:4]:
            wire, inner = decode(["bytes", "bytes"], data[4:])
            assert len(inner) == 36
            name, rest = [], wire
            while rest[0]:
                name.append(rest[1 : rest[0] + 1].decode())
                rest = rest[rest[0] + 1 :]
            found = self.forward.get(".".join(name))
            if found is None:
                raise NodeError("eth_call", "execution reverted", 3, b"1234")
            return "0x" + encode(["bytes", "address"], [encode(["address"], [found]), ens.RESOLVER]).hex()
        raw, _ = decode(["bytes", "uint256"], data[4:])
        name = self.claims.get(checksum("0x" + raw.hex()), "")
        return "0x" + encode(["string", "address", "address"], [name, ens.RESOLVER, ens.RESOLVER]).hex()


def at(folder: Path, patch: pytest.MonkeyPatch, node: Node) -> Home:
    home = at_home(folder, patch, node)
    object.__setattr__(home.dmo, "chain_id", Chain(node).chain_id)
    return home


def test_a_name_of_the_ens_is_looked_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = at(folder, monkeypatch, Resolver(1, {"rosa.eth": SAFE}, {}))
    assert home.account("rosa.eth") == SAFE
    assert home.who(SAFE) == f"rosa.eth ({SAFE})"
    for text in ("eve.eth", "ros\u0430.eth", "rosa", ".eth"):
        with pytest.raises(BadInput, match="nobody"):
            home.account(text)


def test_a_name_that_is_anothers_is_not_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = {SAFE: "rosa.eth", MINE: "rosa.eth", ens.RESOLVER: "ros\u0430.eth"}
    home = at(folder, monkeypatch, Resolver(1, {"rosa.eth": SAFE}, claims))
    home.look_up([SAFE.lower(), MINE, ens.RESOLVER, ADDRESSES["Jury"]])
    assert home.who(SAFE) == f"rosa.eth ({SAFE})"
    assert (home.who(MINE), home.who(ens.RESOLVER)) == (MINE, ens.RESOLVER)


def test_elsewhere_the_ens_is_not_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Resolver(100, {"rosa.eth": SAFE}, {SAFE: "rosa.eth"})
    home = at(folder, monkeypatch, node)
    home.look_up([SAFE])
    with pytest.raises(BadInput):
        home.account("rosa.eth")
    assert (home.who(SAFE), node.asked_ens) == (SAFE, 0)


def test_the_hash_of_a_name_is_the_standards() -> None:
    asked = []

    class Listening(Node):
        def batch(self, requests: Any) -> list[Any]:
            asked.extend(requests)
            return [NodeError("eth_call", "no")] * len(requests)

    assert ens.addresses(Chain(Listening()), ["foo.eth"]) == [None]
    wire, inner = decode(["bytes", "bytes"], bytes.fromhex(asked[0][1][0]["data"][10:]))
    assert wire == b"\x03foo\x03eth\x00"
    assert inner.hex() == "3b3b57de" + "de9b09fd7c5f901e23a3f19fecc54828e9c848539801e86591bd9801b019f84f"
