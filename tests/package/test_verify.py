"""`dmo verify`: what explorers are given, from the address book alone.

verifications
  given a contract of the deployment
    it encodes its arguments -> test_encodes_the_constructors_arguments
    it names contract and compiler -> test_names_the_contract_and_the_compiler,
        test_names_the_compiler_that_compiles
    when its compiler input is a file -> test_reads_a_compiler_input_beside_the_book
    when the arguments do not fit -> test_refuses_arguments_that_do_not_fit
  given one that was there before -> test_leaves_out_what_was_there_before
the command
  given a book -> test_writes_a_folder_that_says_what_goes_where
    its script sends all of it, wherever it is told to -> test_sends_everything_by_one_script
    what a book makes up stays a word -> test_runs_nothing_that_a_book_says
  given a book with nothing to verify -> test_refuses_a_book_with_nothing_to_verify
"""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmo.core.abi.codec import checksum, decode
from dmo.core.errors import BadInput
from dmo.deploy.compiler import standard_input
from dmo.deploy.verify import COMPILER, verifications, write_verifications
from dmo.faces.cli import main
from dmo.home.deployment import load_book, save_book
from dmo.home.outputs import BookContract, DeploymentBook

ROOT = Path(__file__).resolve().parents[2]
AUTHORITY = checksum("0x" + "11" * 20)
SOURCE = "contracts/reputation/Reputation.sol"


def entry(**changes: Any) -> BookContract:
    facts: dict[str, Any] = {
        "address": checksum("0x" + "22" * 20),
        "block": 1,
        "tx": "0x" + "33" * 32,
        "args": [AUTHORITY, "15552000", "7", "604800"],
        "code_sha256": "44" * 32,
        "input_json": standard_input(ROOT, {"Reputation": SOURCE}),
    }
    return BookContract(**{**facts, **changes})


def book(**contracts: BookContract) -> DeploymentBook:
    return DeploymentBook(chain_id=11155111, commit="ab" * 20, contracts=contracts)


def test_encodes_the_constructors_arguments() -> None:
    (one,) = verifications(book(Reputation=entry()), ROOT)
    assert decode(["address", "uint256", "uint256", "uint256"], one.arguments) == (AUTHORITY, 15_552_000, 7, 604_800)


def test_names_the_contract_and_the_compiler() -> None:
    (one,) = verifications(book(Reputation=entry()), ROOT)
    assert one.identifier == f"{SOURCE}:Reputation"
    assert one.sourcify["compilerVersion"] == COMPILER
    assert one.sourcify["creationTransactionHash"] == "0x" + "33" * 32
    assert one.sourcify["stdJsonInput"]["language"] == "Solidity"


def test_names_the_compiler_that_compiles() -> None:
    wrapper = (ROOT / "tools" / "solc" / "solc-v0.8.37").read_text("utf-8")
    assert f'"{COMPILER}.' in wrapper


def test_leaves_out_what_was_there_before() -> None:
    token = BookContract(address=checksum("0x" + "55" * 20))
    found = verifications(book(Reputation=entry(), BudgetToken=token), ROOT)
    assert [one.name for one in found] == ["Reputation"]


def test_reads_a_compiler_input_beside_the_book(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(standard_input(ROOT, {"Reputation": SOURCE})), "utf-8")
    (one,) = verifications(book(Reputation=entry(input_json="r.json")), tmp_path)
    assert one.identifier == f"{SOURCE}:Reputation"
    file.write_text("[]", "utf-8")
    with pytest.raises(BadInput, match="no compiler input"):
        verifications(book(Reputation=entry(input_json="r.json")), tmp_path)


def test_refuses_arguments_that_do_not_fit() -> None:
    with pytest.raises(BadInput, match="1 arguments"):
        verifications(book(Reputation=entry(args=[AUTHORITY])), ROOT)


def test_refuses_a_book_with_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no compiler input"):
        write_verifications(book(), ROOT, tmp_path, "x")


def test_writes_a_folder_that_says_what_goes_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.json"
    save_book(file, book(Reputation=entry()))
    assert load_book(file).chain_id == 11155111
    out = tmp_path / "out"
    assert main(["verify", "--deployment", str(file), "--out", str(out)]) == 0
    assert "1 contracts" in capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == {
        "index.md",
        "verify.sh",
        "Reputation.input.json",
        "Reputation.args.txt",
        "Reputation.sourcify.json",
    }
    index = (out / "index.md").read_text("utf-8")
    for expected in ("Etherscan", "Blockscout", "Sourcify", f"v{COMPILER}", SOURCE, "cancun"):
        assert expected in index
    assert len((out / "Reputation.args.txt").read_text("utf-8").strip()) == 256


@pytest.fixture
def explorer() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Something that takes whatever is sent: its address, and what came, path and body."""
    came: list[tuple[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((self.path, self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", came
        server.shutdown()


@pytest.mark.parametrize(
    ("settings", "path", "held"),
    [
        ({"SOURCIFY": "{}/server"}, "/server/v2/verify/11155111/{}", f'"contractIdentifier": "{SOURCE}:Reputation"'),
        ({"ETHERSCAN_URL": "{}/api", "ETHERSCAN_API_KEY": "k"}, "/api?chainid=11155111", "contractaddress={}&"),
        ({"BLOCKSCOUT": "{}"}, "/api/v2/smart-contracts/{}/verification/via/standard-input", f"{SOURCE}:Reputation"),
    ],
)
def test_sends_everything_by_one_script(
    settings: dict[str, str], path: str, held: str, tmp_path: Path, explorer: tuple[str, list[tuple[str, str]]]
) -> None:
    url, came = explorer
    write_verifications(book(Reputation=entry()), ROOT, tmp_path, "mine")
    environment = {"PATH": "/usr/bin:/bin", **{key: value.format(url) for key, value in settings.items()}}
    subprocess.run([str(tmp_path / "verify.sh")], env=environment, check=True, capture_output=True)
    address = entry().address
    ((where, body),) = came
    assert where == path.format(address)
    assert held.format(address) in body
    assert "pragma" in body


def test_runs_nothing_that_a_book_says(tmp_path: Path, explorer: tuple[str, list[tuple[str, str]]]) -> None:
    url, came = explorer
    source = "$(touch ran).sol"
    asked = standard_input(ROOT, {"Reputation": SOURCE})
    asked["settings"]["outputSelection"] = {source: {"Reputation": ["abi"]}}
    write_verifications(book(Reputation=entry(input_json=asked)), ROOT, tmp_path, "mine")
    environment = {"PATH": "/usr/bin:/bin", "SOURCIFY": url}
    subprocess.run([str(tmp_path / "verify.sh")], env=environment, check=True, capture_output=True)
    assert len(came) == 1
    assert not (tmp_path / "ran").exists()
    with pytest.raises(BadInput, match="no compiler input"):
        write_verifications(book(**{"../Reputation": entry()}), ROOT, tmp_path, "mine")
