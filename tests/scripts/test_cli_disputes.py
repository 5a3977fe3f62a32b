"""Disputes by the command line where things go wrong: killed, lost, twice, too early, elsewhere.

given a dispute before the jury
├── when a juror is killed before the commitment leaves
│   ├── it keeps the salt, and the earlier commitment can be revealed
│   └── it commits anew
├── when a juror is killed after the commitment left: its hash is told, it is known, nothing is sent twice
├── when the salt is lost: it says so, and a new commitment mends it
├── when it is too early, done already, or not for this account: the jury's own error
├── when somebody signs elsewhere: the salt is kept, the calls are printed
└── when there are more disputes: a status asks the node no more often
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from dmo.capabilities.ends import Ruling
from dmo.core.calls import Call
from dmo.core.rpc import HttpTransport
from dmo.home.outputs import Success
from dmo.home.salts import read_secret
from tests.scripts.dispute_scene import BOND, OURS, WORKER_BOND, Scene
from tests.support.calls import balance, call


def test_killed_before_it_leaves_a_commitment_loses_nothing(scene: Scene) -> None:
    number = scene.disputed()
    scene.ok(f"dispute commit {number} pay", "bob")
    before = scene.committed(number)
    scene.killed("KeySender.submit", f"dispute commit {number} refuse", "bob")
    assert scene.committed(number) == before
    kept = scene.salts(number)
    assert len(kept) == 2
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in kept)
    assert {read_secret(file).ruling for file in kept} == {Ruling.PAY, Ruling.REFUSE}
    assert "committed to “pay”" in scene.ok(f"dispute show {number}", "bob")

    scene.ok(f"dispute commit {number} refuse", "bob")
    scene.stage.reach(scene.dispute(number).commit_until)
    assert "“refuse”" in scene.ok(f"dispute reveal {number}", "carol")
    assert scene.dispute(number).for_two == 250_000 * 10**18


def test_killed_while_it_waits_a_commitment_is_known(scene: Scene) -> None:
    number = scene.disputed()
    noted = scene.killed("Chain.wait", f"dispute commit {number} pay", "bob")
    (tx,) = re.findall("waiting for (0x[0-9a-f]{64})", noted)
    assert scene.stage.chain.wait(tx).is_ok
    assert any(scene.committed(number))
    nonce = scene.stage.chain.nonce(scene.stage.address("bob"))
    assert "already; nothing was sent" in scene.ok(f"dispute commit {number} pay", "bob")
    out = scene.ok(f"dispute commit {number} pay --salt-file salt-{number}.json", "bob")
    assert "Wrote its salt" in out
    assert scene.stage.chain.nonce(scene.stage.address("bob")) == nonce
    copy = scene.stage.folder / f"bob/salt-{number}.json"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.read_text() == scene.salts(number)[0].read_text()
    again = scene.run(f"dispute commit {number} pay --salt-file salt-{number}.json", "bob")
    assert again.code == 2
    assert "already there" in again.err


def test_a_lost_salt_is_told_and_a_new_commitment_mends_it(scene: Scene) -> None:
    number = scene.disputed()
    scene.ok(f"dispute commit {number} pay", "bob")
    for file in scene.salts(number):
        file.unlink()
    assert "the salt is not on this machine" in scene.ok(f"dispute show {number}", "bob")
    lost = scene.run(f"dispute reveal {number}", "bob")
    assert lost.code == 2
    assert "is not on this machine" in lost.err
    assert "It replaces your earlier" in scene.ok(f"dispute commit {number} pay", "bob")
    scene.stage.reach(scene.dispute(number).commit_until)
    scene.ok(f"dispute reveal {number}", "bob")
    again = scene.run(f"dispute reveal {number}", "bob")
    assert again.code == 2
    assert "revealed already" in again.err
    assert "your ruling is revealed" in scene.ok(f"dispute show {number}", "bob")


def test_a_salt_that_was_cut_short_hides_no_other(scene: Scene) -> None:
    number = scene.disputed()
    scene.ok(f"dispute commit {number} pay", "bob")
    (file,) = scene.salts(number)
    file.with_name("00.json").write_text('{"chain_id": 3')
    scene.stage.reach(scene.dispute(number).commit_until)
    assert "Revealed 1 ruling" in scene.ok(f"dispute reveal {number}", "bob")


def test_a_lead_who_comes_later_is_no_party(scene: Scene) -> None:
    number = scene.disputed()
    for who in ("bob", "carol"):
        scene.ok(f"dispute commit {number} pay", who)
    scene.stage.govern(call(scene.dmo, "CampaignEscrow", "replaceLead", OURS, scene.stage.address("carol")))
    scene.stage.reach(scene.dispute(number).commit_until)
    result = scene.run("dispute reveal --all", "erin")
    scene.stage.govern(call(scene.dmo, "CampaignEscrow", "replaceLead", OURS, scene.stage.address("alice")))
    assert result.code == 0, result.err
    assert "Revealed 2 rulings" in result.out
    assert scene.dispute(number).for_one == 450_000 * 10**18


def test_what_is_out_of_place_is_refused_in_the_contracts_words(scene: Scene) -> None:
    number = scene.disputed()
    rejected = scene.rejected()
    scene.write("dave", "statement.md", "statement", "There is sound")
    scene.write("bob", "statement.md", "statement", "There is sound")
    for command, who, error in (
        (f"dispute contest {rejected} statement.md", "bob", "CampaignEscrowNotWorker"),
        (f"dispute contest {number} statement.md", "dave", "CampaignEscrowWrongStatus"),
        (f"dispute challenge {rejected} statement.md", "bob", "CampaignEscrowWrongStatus"),
        (f"dispute uphold {rejected} statement.md", "bob", "DisputeDeskUnknownDispute"),
        (f"dispute uphold {number} statement.md", "bob", "CampaignEscrowWrongStatus"),
        ("dispute contest 999 statement.md", "dave", "CampaignEscrowUnknownSubmission"),
        (f"dispute evidence {rejected} statement.md", "dave", "DisputeDeskUnknownDispute"),
        (f"dispute commit {number} pay", "alice", "JuryParty"),
        (f"dispute commit {number} pay", "dave", "JuryParty"),
        (f"dispute rule {number}", "bob", "JuryNotExecutable"),
        (f"dispute pay {number}", "bob", "DisputeDeskNothingDue"),
        ("dispute pay 999", "bob", "DisputeDeskUnknownDispute"),
        (f"dispute show {rejected}", "bob", "NotFound"),
        (f"dispute commit {rejected} pay", "bob", "NotFound"),
        (f"dispute reveal {rejected}", "bob", "NotFound"),
        (f"dispute rule {rejected}", "bob", "NotFound"),
    ):
        assert scene.refused(command, who) == error, command
    # nothing of it is on this machine
    assert scene.refused(f"dispute reveal {number}", "bob", 2) == "BadInput"
    scene.ok(f"dispute commit {number} pay", "bob")
    assert scene.refused(f"dispute reveal {number}", "bob") == "JuryNotRevealing"
    scene.stage.reach(scene.dispute(number).commit_until)
    assert scene.refused(f"dispute commit {number} pay", "carol") == "JuryNotCommitting"
    scene.stage.reach(scene.dispute(number).until)
    # nobody revealed, so there is no ruling, and the rejection stands
    assert scene.refused(f"dispute rule {number}", "bob") == "DisputeDeskNotOpen"
    assert f"dmo work release {number}" in scene.ok(f"dispute show {number}", "bob")
    assert f"dmo work release {number}" in scene.ok("dispute list", "bob")
    early = scene.run(f"dispute pay {number}", "bob")
    assert early.code == 2
    assert f"dmo work release {number}" in early.err
    assert scene.refused(f"dispute evidence {number} statement.md", "dave") == "DisputeDeskNotOpen"


def test_a_dispute_without_a_ruling_costs_a_tenth(scene: Scene) -> None:
    number = scene.disputed()
    scene.stage.reach(scene.dispute(number).until)
    shown = json.loads(scene.ok(f"dispute show {number} --format json", "dave"))["data"]
    (outcome,) = shown["outcomes"]
    # nobody judged, so the tenth of either stake goes to the pool
    assert (outcome["ruling"], outcome["jurors"], outcome["pool"]) == ("no ruling", "0", "400000")
    dave = scene.stage.address("dave")
    before = balance(scene.dmo, dave)
    scene.ok(f"work release {number}", "erin")
    after = balance(scene.dmo, dave)
    assert str(after - before) == outcome["accounts"][dave] == str(BOND * 9 // 10 + WORKER_BOND)
    settled = json.loads(scene.ok(f"dispute show {number} --format json", "dave"))["data"]
    assert settled["outcomes"] == [outcome]
    assert scene.refused(f"dispute pay {number}", "erin") == "DisputeDeskNothingDue"


def test_a_commitment_can_be_signed_elsewhere(scene: Scene) -> None:
    number = scene.disputed()
    safe = scene.stage.address("carol")
    nobody = {"DMO_ACCOUNT": safe}
    command = f"dispute commit {number} refuse --calldata --format json"
    shown = json.loads(scene.ok(command, "erin", **nobody))["data"]["calls"][0]
    (file,) = scene.salts(number)
    assert read_secret(file).juror == safe
    scene.send["carol"].send(Call(shown["to"], bytes.fromhex(shown["data"][2:]), 0, "by a Safe"))
    scene.stage.reach(scene.dispute(number).commit_until)
    calls = json.loads(scene.ok(f"dispute reveal {number} --calldata --format json", "erin"))
    assert len(calls["data"]["calls"]) == 1
    assert "carol" in scene.ok(f"dispute reveal {number}", "erin")


def test_a_rejection_that_nobody_upholds_falls(scene: Scene) -> None:
    number = scene.contested()
    until = scene.dispute(number).until
    listed = json.loads(scene.ok("dispute list --format json", "bob"))["data"]["disputes"]
    assert f"dmo dispute uphold {number} statement.md" in listed[-1]["next"]
    assert f"uphold it with {BOND // 10**6} PLAY" in scene.run("status", "alice").out
    shown = json.loads(scene.ok(f"dispute show {number} --format json", "bob"))["data"]
    *_, fallen = shown["outcomes"]
    assert (fallen["unanswered"], fallen["paid"], fallen["ruling"]) == (True, True, None)
    dave = scene.stage.address("dave")
    assert fallen["accounts"] == {dave: str(20 * 10**6 + BOND + WORKER_BOND)}
    assert shown["parties"] is None
    assert scene.refused(f"dispute evidence {number} statement.md", "dave") == "DisputeDeskUnknownDispute"
    scene.stage.reach(until)
    scene.write("alice", "statement.md", "statement", "There is none")
    assert scene.refused(f"dispute uphold {number} statement.md") == "CampaignEscrowWrongStatus"
    assert "nobody upheld the rejection" in scene.ok(f"dispute show {number}", "bob")
    before = balance(scene.dmo, dave)
    scene.ok(f"work pay {number}", "erin")
    assert str(balance(scene.dmo, dave) - before) == fallen["accounts"][dave]
    settled = json.loads(scene.ok(f"dispute show {number} --format json", "bob"))["data"]
    assert settled["outcomes"] == [fallen]


def test_what_arrives_beyond_a_bond_is_the_campaigns_gift(scene: Scene) -> None:
    before = json.loads(scene.ok(f"campaign show {OURS} --format json"))["data"]["campaign"]["gift_free"]
    scene.write("dave", "evidence.md", "evidence", "A spot of dave")
    assert "What arrives of 1 PLAY more is the campaign's gift." in scene.ok(
        f"work submit {OURS} evidence.md --send 3 --again", "dave"
    )
    assert scene.refused(f"work submit {OURS} evidence.md --send 1", "dave") == "CampaignEscrowBondShort"
    after = json.loads(scene.ok(f"campaign show {OURS} --format json"))["data"]["campaign"]["gift_free"]
    assert int(after) - int(before) == 10**6


@pytest.mark.parametrize("verb", ["challenge", "contest", "uphold", "evidence", "commit", "reveal", "rule", "pay"])
def test_acts_answer_machines(scene: Scene, verb: str) -> None:
    """Every act fills the envelope, and prints its calls with --calldata."""
    before = {"challenge": scene.accepted, "contest": scene.rejected, "uphold": scene.contested}
    number = before.get(verb, scene.disputed)()
    who = {"contest": "dave", "evidence": "dave", "uphold": "alice"}.get(verb, "bob")
    scene.write(who, "statement.md", "statement", "There is sound")
    if verb in ("reveal", "rule", "pay"):
        scene.ok(f"dispute commit {number} pay", "bob")
        scene.stage.reach(scene.dispute(number).commit_until)
    if verb in ("rule", "pay"):
        scene.ok(f"dispute reveal {number}", "bob")
        scene.stage.reach(scene.dispute(number).reveal_until)
    if verb == "pay":
        scene.ok(f"work pay {number}", "erin")
    rest = {"commit": "pay"} | dict.fromkeys((*before, "evidence"), "statement.md")
    command = f"dispute {verb} {number} {rest.get(verb, '')}".strip()
    printed = json.loads(scene.ok(f"{command} --calldata --format json", who))
    shown = printed["data"]["calls"][1 if verb in before else 0]
    assert set(shown) == {"to", "value", "data", "description"}
    answer = Success.model_validate(scene.run(f"{command} --format json", who).json)
    assert answer.command == f"dispute {verb}"
    sent = {one.description for one in answer.transactions}
    assert shown["description"] in sent


def test_reminders_cost_no_round_trip_more_per_dispute(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    post = HttpTransport._post
    asked: list[bytes] = []

    def counted(self: HttpTransport, body: bytes, *given: Any, **more: Any) -> Any:
        asked.append(body)
        return post(self, body, *given, **more)

    monkeypatch.setattr(HttpTransport, "_post", counted)
    monkeypatch.setattr("dmo.core.rpc._BATCH", 1_000)  # however many questions, a batch is one trip

    def trips() -> tuple[int, int]:
        asked.clear()
        result = scene.run("status --all --format json", "bob")
        kinds = [item["kind"] for item in result.json["data"]["items"]]
        return kinds.count("commit"), len(asked)

    scene.disputed()
    before, few = trips()
    for _ in range(3):
        scene.disputed()
    assert trips() == (before + 3, few)
