"""The parts of a deployment that need no chain: addresses, artifacts, journal, compiler input."""

from __future__ import annotations

import json
import os
import re
from functools import reduce
from operator import getitem
from pathlib import Path

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from dmo.capabilities.ends import Ruling
from dmo.core import abi, words
from dmo.core.abi import Field
from dmo.core.errors import BadInput
from dmo.deploy.artifacts import Artifact, creation_input, load_artifacts
from dmo.deploy.compiler import standard_input
from dmo.deploy.contracts import created_address, meta_evidence, table
from dmo.deploy.journal import Journal, JournalEntry

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


@given(st.integers(min_value=0, max_value=2**64 - 2))
def test_predicts_addresses_as_rlp_says(nonce: int) -> None:
    import rlp

    packed = rlp.encode([bytes.fromhex(ACCOUNT[2:]), nonce])
    assert created_address(ACCOUNT, nonce).lower() == "0x" + keccak(packed)[12:].hex()


def test_predicts_the_well_known_first_address() -> None:
    assert created_address(ACCOUNT, 0) == "0x5FbDB2315678afecb367f032d93F642f64180aa3"


# ── artifacts ───────────────────────────────────────────────────────────────────────────────────

STRUCT = {
    "name": "frame",
    "type": "tuple",
    "components": [{"name": "at", "type": "uint48"}, {"name": "who", "type": "address[]"}],
}
CONTRACT = Artifact(
    name="Thing",
    source="contracts/Thing.sol",
    abi=[{"type": "constructor", "inputs": [{"name": "name_", "type": "string"}, STRUCT]}],
    creation=b"\x60\x00",
    runtime=b"\x00",
)


def test_encodes_arguments_by_name() -> None:
    frame = {"who": [ACCOUNT], "at": 7}
    made = creation_input(CONTRACT, {"frame": frame, "name": "x"})
    assert made == b"\x60\x00" + encode(["string", "(uint48,address[])"], ["x", (7, [ACCOUNT])])


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "x"},
        {"name": "x", "frame": {"at": 1, "who": []}, "more": 1},
        {"name": "x", "frame": {"at": 1}},
        {"name": "x", "frame": {"at": 1, "who": [], "why": 1}},
        {"name": "x", "frame": {"at": -1, "who": []}},
    ],
)
def test_refuses_arguments_that_do_not_fit(arguments: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        creation_input(CONTRACT, arguments)


def test_says_what_was_not_compiled(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"the contract Lens is not in .*brownie compile"):
        load_artifacts(tmp_path, ["Lens"])


def test_refuses_a_contract_without_code(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    data = {"bytecode": "", "deployedBytecode": "", "abi": [], "sourcePath": "x"}
    (tmp_path / "contracts" / "Idea.json").write_text(json.dumps(data))
    with pytest.raises(BadInput, match="has no code that can be deployed"):
        load_artifacts(tmp_path, ["Idea"])


def test_takes_a_contract_as_it_is_built_now(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    file = tmp_path / "contracts" / "Idea.json"
    for moment, code in ((1, "60"), (2, "61")):
        data = {"bytecode": code, "deployedBytecode": "", "abi": [], "sourcePath": "x"}
        file.write_text(json.dumps(data))
        os.utime(file, (moment, moment))
        assert load_artifacts(tmp_path, ["Idea"])["Idea"].creation.hex() == code


# ── what is deployed ────────────────────────────────────────────────────────────────────────────


def _names(fields: tuple[Field, ...]) -> dict[str, object]:
    return {field.name.strip("_"): _names(field.members) or None for field in fields}


def _tree(said: object) -> object:
    return {key: _tree(item) for key, item in said.items()} if isinstance(said, dict) else None


@pytest.mark.parametrize("contract", [name for name in table() if name != "Stablecoin"])
def test_the_table_names_arguments_and_views_as_contracts_do(contract: str) -> None:
    said = table()[contract]
    entries = [one for one in abi.load(contract) if one.kind == "constructor"]
    wanted = _names(entries[0].inputs) if entries else {}
    assert _tree(said["arguments"]) == wanted
    for view, path in said.get("views", {}).items():
        shown = abi.entry(contract, view).outputs[0]
        named = reduce(getitem, path.split("."), wanted)
        assert named == (_names(shown.members) or None), view


def test_contracts_come_before_who_needs_them_after_the_tokens() -> None:
    last = [name for name, it in table().items() if it.get("last")]
    assert (
        last
        == list(table())[-len(last) :]
        == [*("IdeaBoard", "Lens", "FundedIdeaRule", "Outcomes", "OutcomeRule", "Forecasts")]
    )


def test_every_sentence_is_said_somewhere() -> None:
    folder, known = ROOT / "dmo" / "deploy", words.load()
    used = "".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    for group, sentences in (("deploy_", known["wrong"]), ("", known["word"]["deploy"])):
        names = [name.removeprefix("deploy_") for name in sentences if name.startswith(group)]
        assert len(names) > 5
        for name in names:
            assert f'"{name}"' in used or f'"deploy_{name}"' in used, name


def test_everything_said_has_a_sentence() -> None:
    said = re.compile(r"\b(words\.bad|words\.stopped|word|_bad|_text|_said|_stopped)\(\s*(?:\w+, )?\"(\w+)\"")
    for file in (ROOT / "dmo" / "deploy").glob("*.py"):
        for function, name in said.findall(file.read_text("utf-8")):
            if function.startswith("words."):
                assert name in words.load()["wrong"], (file.name, name)
            elif function in ("_bad", "_text", "_stopped"):
                assert f"deploy_{name}" in words.load()["wrong"], (file.name, name)
            elif name not in words.load()["word"]:
                assert name in words.load()["word"]["deploy"], (file.name, name)


# ── journal ─────────────────────────────────────────────────────────────────────────────────────


def _journal() -> Journal:
    return Journal(
        chain_id=31337,
        genesis="0x" + 64 * "a",
        deployer=ACCOUNT,
        first_nonce=3,
        fingerprint=64 * "b",
        start_block=9,
        supply="0",
        steps={"create/Lens": JournalEntry(nonce=3, address=ACCOUNT, digest=64 * "c")},
    )


def test_reads_back_what_it_wrote(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.journal.json"
    assert Journal.load(file) is None
    _journal().save(file)
    assert Journal.load(file) == _journal()
    assert json.loads(file.read_text())["schema"] == "dmo.journal/1"
    assert [path.name for path in file.parent.iterdir()] == ["a.journal.json"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "dmo.journal/2"}', "\0"])
def test_refuses_what_is_no_journal(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.journal.json"
    file.write_text(text)
    with pytest.raises(BadInput, match="is not a journal"):
        Journal.load(file)


# ── compiler input ──────────────────────────────────────────────────────────────────────────────


def test_compiler_input_holds_all_that_is_imported() -> None:
    made = standard_input(ROOT, {"IdeaBoard": "contracts/ideas/IdeaBoard.sol"})
    sources = set(made["sources"])
    assert "interfaces/IIdeaBoard.sol" in sources
    assert "contracts/governance/Electorate.sol" in sources
    library = "node_modules/@openzeppelin/contracts"
    assert f"{library}/access/manager/AccessManaged.sol" in sources
    assert not any("mocks" in source for source in sources)
    assert made["settings"]["evmVersion"] == "cancun"
    assert made["settings"]["outputSelection"].keys() == {"contracts/ideas/IdeaBoard.sol"}


def test_compiler_input_needs_its_sources() -> None:
    with pytest.raises(BadInput, match=r"contracts/Nothing\.sol"):
        standard_input(ROOT, {"Nothing": "contracts/Nothing.sol"})


def test_the_question_to_jurors_names_both_rulings_in_their_order() -> None:
    asked = json.loads(meta_evidence())
    assert {"title", "description", "question", "rulingOptions", "category"} <= asked.keys()
    options = asked["rulingOptions"]
    # Ruling 0 is none; an option's place counts from 1.
    titles = dict(zip((Ruling.PAY, Ruling.REFUSE), options["titles"], strict=True))
    assert titles == {Ruling(1): "Pay the work", Ruling(2): "Do not pay the work"}
    assert len(options["descriptions"]) == 2
