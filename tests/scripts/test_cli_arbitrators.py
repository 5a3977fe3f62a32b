"""Disputes by the command line: what jurors are told, and arbitrators that are none of ours.

given evidence that is copied, unknown, no document, or too much: jurors are told
given another arbitrator: its cost is sent along; it alone rules; the work is paid
given another jury, named later by governance: its jurors judge as in ours
given no arbitrator: a verdict stands
given an address book without a jury: reading goes on
"""

from __future__ import annotations

import json
import shutil

from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call
from dmo.core.sender import KeySender
from dmo.home.store import Store
from tests.scripts.dispute_scene import COURT, DIGEST, NEW_JURY, NONE, OURS, WORKER_BOND, Scene
from tests.support.calls import allow, record

# ── what jurors are told ────────────────────────────────────────────────────────────────────────


def test_jurors_are_told_of_copied_and_missing_texts(scene: Scene) -> None:
    scene.write("dave", "evidence.md", "evidence", "A spot of dave")
    scene.ok("work submit 1 evidence.md --again", "dave")
    original = record(scene.dmo, "CampaignEscrow", "submissionOf", scene.submissions)["evidence"]
    # erin copies the digest out of the mempool
    scene.send["erin"].send(allow(scene.dmo, WORKER_BOND))
    scene.does("erin", "CampaignEscrow", "submitWork", OURS, original, [], WORKER_BOND)
    copy = scene.submissions
    scene.ok(f"work accept {copy}")
    scene.write("carol", "statement.md", "statement", "It is copied")
    scene.ok(f"dispute challenge {copy} statement.md", "carol")
    for sender, digest in (("erin", original), ("bob", DIGEST)):
        scene.does(sender, "DisputeDesk", "submitEvidence", copy, digest)
    odd = Store(scene.stage.folder / "home/documents").put(b"no document")
    scene.does("bob", "DisputeDesk", "submitEvidence", copy, odd)
    result = scene.run(f"dispute show {copy}", "bob")
    assert result.code == 0
    assert result.out.count("copied evidence? It names dave") == 2
    assert "nowhere to be found" in result.out
    assert "unreadable, because it does not begin with front matter" in result.out
    data = json.loads(scene.ok(f"dispute show {copy} --format json", "bob"))["data"]
    assert [one["role"] for one in data["documents"]] == [*("brief", "evidence", "statement"), *("given",) * 3]
    assert [one["copied_from"] for one in data["documents"]] == [None, *(scene.stage.address("dave"), None) * 2, None]


def test_a_flood_of_evidence_hides_nothing_of_the_parties(scene: Scene) -> None:
    number = scene.disputed()
    for place in range(25):
        digest = bytes([place + 1]) * 32
        scene.does("erin", "DisputeDesk", "submitEvidence", number, digest)
        scene.does("dave", "DisputeDesk", "submitEvidence", number, digest)
    scene.write("alice", "more.md", "reason", "There is no sound in the spot")
    scene.ok(f"dispute evidence {number} more.md", "alice")
    shown = scene.ok(f"dispute show {number}", "bob")
    assert "There is no sound in the spot" in shown
    assert f"36 more texts: dmo dispute show {number} --all" in shown
    assert "more texts" not in scene.ok(f"dispute show {number} --all", "bob")


def test_evidence_of_somebody_else_is_not_sent(scene: Scene) -> None:
    number = scene.disputed()
    shutil.copy(scene.stage.folder / "dave/evidence.md", scene.stage.folder / "bob/copy.md")
    result = scene.run(f"dispute evidence {number} copy.md", "bob")
    assert result.code == 2
    assert "names" in result.err
    scene.write("bob", "idea.md", "idea", "An idea")
    result = scene.run(f"dispute evidence {number} idea.md", "bob")
    assert result.code == 2
    assert "a reason, or evidence" in result.err


# ── other arbitrators ───────────────────────────────────────────────────────────────────────────


def test_another_arbitrator_is_paid_and_rules_alone(scene: Scene) -> None:
    number = scene.contested(COURT)
    scene.write("bob", "statement.md", "statement", "There is none")
    opened = scene.ok(f"dispute uphold {number} statement.md", "bob")
    assert "0.1 ETH for the arbitrator" in opened
    assert "2 PLAY and" in opened
    shown = scene.ok(f"dispute show {number}", "bob")
    assert f"Next: whoever can show something: dmo dispute evidence {number}" in shown
    told = scene.ok(f"explain dispute {number}", "bob")
    assert "says that it should be paid" in told
    assert "if it rules pay" in told
    assert "arbitrator rules" in scene.ok("dispute list", "bob")
    for command in (f"commit {number} pay", f"reveal {number}", f"rule {number}"):
        result = scene.run(f"dispute {command}", "bob")
        assert result.code == 2, command
        assert "is no jury of this kind" in result.err
    assert scene.run("status", "bob").code in (0, 10)

    one = scene.dispute(number)
    data = keccak(b"rule(uint256,uint256)")[:4] + encode(["uint256", "uint256"], [one.dispute_id, 1])
    KeySender(scene.stage.chain, scene.stage.deployer).send(Call(scene.court, data, 0, "Rule"))
    (outcome,) = json.loads(scene.ok(f"dispute show {number} --format json"))["data"]["outcomes"]
    assert (outcome["ruling"], outcome["jurors"]) == ("pay", "0")
    assert "Paid dave" in scene.ok(f"work pay {number}", "erin")
    assert scene.refused(f"dispute pay {number}", "erin") == "DisputeDeskNothingDue"


def test_without_an_arbitrator_a_verdict_stands(scene: Scene) -> None:
    number = scene.rejected(NONE)
    scene.write("dave", "statement.md", "statement", "There is sound")
    assert scene.refused(f"dispute contest {number} statement.md", "dave") == "DisputeDeskNoArbitrator"
    assert "a verdict stands" in scene.ok(f"campaign show {NONE}")


def test_another_jury_judges_as_ours(scene: Scene) -> None:
    number = scene.disputed(NEW_JURY)
    assert scene.dispute(number).arbitrator == scene.jury
    assert f"dispute about submission {number}" in scene.run("status", "bob").out
    scene.ok(f"dispute commit {number} pay", "bob")
    scene.stage.reach(scene.dispute(number).commit_until)
    assert f"Reveal your ruling on submission {number}" in scene.run("status", "bob").out
    scene.ok(f"dispute reveal {number}", "erin")
    scene.stage.reach(scene.dispute(number).reveal_until)
    scene.ok(f"work pay {number}", "erin")
    assert "You are owed 1 PLAY" in scene.run("status", "bob").out
    assert "Paid bob" in scene.ok("dispute pay", "erin")


def test_a_book_without_a_jury_can_be_read(scene: Scene) -> None:
    number = scene.disputed()
    deployments = scene.stage.folder / "deployments"
    book = json.loads((deployments / "harbour.json").read_text())
    del book["contracts"]["Jury"]
    (deployments / "unjuried.json").write_text(json.dumps(book))
    shutil.copy(deployments / "harbour.local.json", deployments / "unjuried.local.json")
    for command in ("status", "due", f"dispute show {number}", "dispute list", f"work show {number}"):
        assert scene.run(f"{command} --deployment unjuried", "bob").code in (0, 10), command
    scene.ok(f"dispute commit {number} pay --deployment unjuried", "bob")
    (deployments / "unjuried.json").unlink()
    (deployments / "unjuried.local.json").unlink()
