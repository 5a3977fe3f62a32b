"""What wallets show of our calls: descriptors as ERC-7730 has them.

given a deployment
├── every function that an act may call is described, with each of its arguments, by paths that there are
├── they are as the ERC's schema wants them; one that is not is found
├── the ballot is described by the type that is signed
└── a choice is shown by its word, an amount in its token
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from eth_account._utils.encode_typed_data.encoding_and_hashing import encode_type

from dmo.core import abi
from dmo.faces.clear import Deployed, descriptors
from dmo.faces.web import guardbook
from dmo.home.ballots import TYPES
from tests.support import guarded

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "tests/support/erc7730.schema.json"
VALID = """
const {default: Ajv} = require("ajv/dist/2020");
const {readFileSync} = require("fs");
const {schema, files} = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv({allErrors: true, strict: false, validateFormats: false});
const fits = ajv.compile(schema), wrong = {};
for (const [name, one] of Object.entries(files)) if (!fits(one)) wrong[name] = ajv.errorsText(fits.errors);
process.stdout.write(JSON.stringify(wrong));
"""
PLACE = Deployed("harbour", 31337, {name: at for name, at in guarded.CONTRACTS.items() if name != "VotesToken"})
FOUND = descriptors(PLACE)


def misfits(files: dict[str, Any]) -> dict[str, str]:
    given = json.dumps({"schema": json.loads(SCHEMA.read_text("utf-8")), "files": files})
    done = subprocess.run(["node", "-e", VALID], cwd=ROOT, input=given, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_they_are_as_the_erc_wants_them() -> None:
    assert misfits(FOUND) == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.pop("context"),
        lambda one: one["context"]["contract"].update(deployments=[]),
        lambda one: one["display"]["formats"].update({"no function": {"intent": "x", "fields": []}}),
        lambda one: next(iter(one["display"]["formats"].values())).update(intent=" "),
        lambda one: one["display"]["formats"]["acceptWork(uint32 submission,bytes32 evidence)"]["fields"][0].update(
            format="money"
        ),
    ],
)
def test_what_is_not_is_found(change: Any) -> None:
    one = copy.deepcopy(FOUND["calldata-CampaignEscrow.json"])
    change(one)
    assert misfits({"one": one})


def test_every_call_of_every_act_is_described() -> None:
    for act in guarded.covered():
        entry = guardbook.act_entry(act)
        assert entry
        for key in entry["calls"]:
            contract, _, signature = key.partition(".")
            if contract == "VotesToken":
                continue
            formats = FOUND[f"calldata-{contract}.json"]["display"]["formats"]
            assert signature in {_bare(one) for one in formats}, key


def _bare(signature: str) -> str:
    """A signature without the names of parameters."""
    return re.sub(r" \w+(?=[,)])", "", signature)


def test_every_argument_is_shown_by_a_path_that_there_is() -> None:
    for name, one in FOUND.items():
        if not name.startswith("calldata-"):
            continue
        contract = guardbook.ABIS.get(one["metadata"]["contractName"], one["metadata"]["contractName"])
        for signature, its in one["display"]["formats"].items():
            entry = abi.entry(contract, _bare(signature))
            assert [field["path"] for field in its["fields"]] == [*_leaves(entry.inputs)]


def _leaves(inputs: Any, before: str = "") -> Any:
    for one in inputs:
        path = f"{before}{one.name}{'.[]' if one.kind.endswith('[]') else ''}"
        yield from _leaves(one.members, f"{path}.") if one.members else [path]


def test_a_ballot_is_described_by_the_type_that_is_signed() -> None:
    formats = FOUND["eip712-Ballot.json"]["display"]["formats"]
    members = [{"name": name, "type": kind} for name, kind in TYPES["Ballot"].items()]
    assert list(formats) == [encode_type("Ballot", {"Ballot": members})]
    labels = {one["path"]: one["label"] for one in formats[next(iter(formats))]["fields"]}
    assert (labels["inFavour.[]"], labels["against.[]"]) == ("For", "Against")


def test_words_and_amounts_are_shown_as_such() -> None:
    governor = FOUND["calldata-HolderGovernor.json"]
    vote = governor["display"]["formats"]["castVote(uint256 proposalId,uint8 support)"]["fields"][1]
    assert (vote["format"], vote["params"]) == ("enum", {"$ref": "$.metadata.enums.support"})
    assert governor["metadata"]["enums"]["support"] == {"0": "against", "1": "for", "2": "abstain"}
    escrow = FOUND["calldata-CampaignEscrow.json"]["display"]["formats"]
    top_up = escrow["topUp(uint32 campaign,uint256 amount)"]["fields"][1]
    assert top_up["params"] == {"token": guarded.CONTRACTS["BudgetToken"]}
    submit = next(its for key, its in escrow.items() if key.startswith("submitWork("))["fields"]
    assert [one["format"] for one in submit] == ["raw", "raw", "addressName", "unit", "tokenAmount"]
