"""Calls that somebody else sends: tried as whoever sends them.

given an act that would be refused -> test_calls_are_tried_as_whoever_sends_them
given no account -> test_untried_calls_have_to_be_asked_for
given a Safe -> test_a_batch_for_a_safe_is_what_its_builder_reads
given an agent -> test_what_an_agent_prepares_its_person_sends
"""

from __future__ import annotations

import json
from pathlib import Path

from dmo.core.calls import Call
from dmo.core.sender import KeySender
from dmo.faces.agents.server import agents_of
from dmo.home.safes import checksum_of
from tests.support.agents import asked
from tests.support.cli_chain import Stage


def test_calls_are_tried_as_whoever_sends_them(stage: Stage) -> None:
    poor = "0x" + "ab" * 20
    refused = stage.run(["campaign", "deposit", "5", "--calldata", "--account", poor], "bob")
    assert refused.code == 1
    assert "holds 0 PLAY and needs 5 PLAY" in refused.err
    refused = stage.run("campaign top-up 9 5 --calldata", "bob")
    assert refused.code == 1, "behind its approval"
    assert "no campaign 9" in refused.err
    told = stage.ok("campaign deposit 5 --calldata --format json", "bob").json["data"]["calls"]
    assert len(told) == 2


def test_untried_calls_have_to_be_asked_for(stage: Stage) -> None:
    nobody = {"DMO_ACCOUNT": ""}
    refused = stage.run("campaign deposit 5 --calldata", "bob", **nobody)
    assert refused.code == 2
    assert "--untried" in refused.err
    told = stage.ok("campaign top-up 9 5 --untried --format json", "bob", **nobody).json["data"]["calls"]
    assert [one["value"] for one in told] == ["0", "0"]


def test_a_batch_for_a_safe_is_what_its_builder_reads(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "batch.json"
    told = stage.ok(["campaign", "deposit", "5", "--safe", str(file), "--format", "json"], "bob").json["data"]
    batch = json.loads(file.read_text())
    assert (batch["version"], batch["chainId"]) == ("1.0", "31337")
    assert type(batch["createdAt"]) is int
    assert batch["meta"]["createdFromSafeAddress"] == stage.address("bob")
    rows = [{key: one[key] for key in ("to", "value", "data")} for one in batch["transactions"]]
    assert rows == [{key: one[key] for key in ("to", "value", "data")} for one in told["calls"]]
    assert all(one["contractMethod"] is one["contractInputsValues"] is None for one in batch["transactions"])
    said = batch["meta"].pop("checksum")
    assert said == checksum_of(batch)
    assert stage.run(["campaign", "deposit", "5", "--safe", str(file)], "bob").code == 2, "nothing is written over"


def test_what_an_agent_prepares_its_person_sends(stage: Stage) -> None:
    with stage.acting("bob"):
        agents = agents_of(stage.home("bob"))
        status = asked(agents, "status")
        told = asked(agents, "campaign_deposit", amount="5")
        explained = [asked(agents, "explain_call", to=one["to"], data=one["data"])["data"] for one in told["calls"]]
    assert status["data"]["account"] == stage.address("bob")
    own = stage.ok("campaign deposit 5 --calldata --format json", "bob").json["data"]["calls"]
    assert [(one["to"], one["value"], one["data"]) for one in told["calls"]] == [
        (one["to"], one["value"], one["data"]) for one in own
    ]
    assert explained[-1]["says"]["others_wrote"] == told["calls"][-1]["does"]
    assert [one["function"] for one in explained] == ["approve", "deposit"]
    before = stage.chain.call("CampaignEscrow", stage.dmo.address("CampaignEscrow"), "poolFree")
    for one in told["calls"]:
        call = Call(one["to"], bytes.fromhex(one["data"][2:]), int(one["value"]), one["does"])
        KeySender(stage.chain, stage.keys["bob"]).send(call)
    after = stage.chain.call("CampaignEscrow", stage.dmo.address("CampaignEscrow"), "poolFree")
    assert after - before == int(told["data"]["amount"])
