"""Disputes by the command line where things go wrong: killed, lost, twice, too early, elsewhere.

given a dispute before the jury
├── when a juror is killed before the commitment leaves
│   ├── it keeps the salt, and the earlier commitment can be revealed
│   └── it commits anew
├── when a juror is killed after the commitment left: its hash is told, it is known, nothing is sent twice
├── when the salt is lost: it says so, and a new commitment mends it
├── when it is too early, done already, or not for this account: the jury's own error
├── when somebody signs elsewhere: the salt is kept, the calls are printed
├── when evidence is copied, unknown, no document, or too much: jurors are told
├── when there are more disputes: a status asks the node no more often
given another arbitrator: its cost is sent along; it alone rules; the work is paid
given another jury, named later by governance: its jurors judge as in ours
given no arbitrator: a verdict stands
given an address book without a jury: reading goes on
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.disputes import Dispute, dispute
from dmo.capabilities.disputing import SetTerms
from dmo.capabilities.ends import Ruling
from dmo.core import act
from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call
from dmo.core.rpc import HttpTransport
from dmo.core.sender import KeySender
from dmo.deploy.artifacts import creation_input, load_artifacts
from dmo.home.outputs import Failure, Success
from dmo.home.salts import Salts, read_secret
from dmo.home.store import Store
from tests.support.calls import allow, balance, call, idea, record
from tests.support.cli_chain import DAY, PEOPLE, ROOT, Result, Stage, anvil, filled

DIGEST = b"\x11" * 32
NOBODY = "0x" + "00" * 20
OURS, COURT, NONE, NEW_JURY = 1, 2, 3, 4
BOND = WORKER_BOND = 2 * 10**6


class Scene:
    """Four campaigns, each under terms with another arbitrator, and people who dispute."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.dmo = stage.dmo
        for name in PEOPLE:
            (stage.folder / name).mkdir()
        self.send = {name: KeySender(stage.chain, key) for name, key in stage.keys.items()}
        self.court = self.deploy("SimpleCentralizedArbitrator", {})
        excluded = [self.dmo.address(name) for name in ("Treasury", "CampaignEscrow")]
        arguments = {
            "authority": self.dmo.address("AccessManager"),
            "votes": self.dmo.votes_address,
            "excluded": excluded,
            "arbitrable": self.dmo.address("DisputeDesk"),
            "frame": {
                "reputation": self.dmo.address("Reputation"),
                "minPoints": 10**24,
                "commitSeconds": DAY // 2,
                "revealSeconds": DAY // 2,
                "quorumBps": 500,
                "quorumFloor": 0,
                "holdingSeconds": DAY // 2,
            },
        }
        self.jury = self.deploy("Jury", arguments)
        self.write("alice", "brief.md", "brief", "Two minutes of radio")
        terms_of_campaigns = (
            None,
            SetTerms(arbitrator=self.court, pays_jurors="no"),
            SetTerms(arbitrator=NOBODY),
            SetTerms(arbitrator=self.jury, pays_jurors="yes"),
        )
        for campaign, changes in enumerate(terms_of_campaigns, 1):
            self._fund(3 * campaign - 2, changes)
            self.ok(f"bounty post {campaign} brief.md --reward 20 --slots 40 --until +50d")

    def _fund(self, round_number: int, changes: SetTerms | None) -> None:
        """Post, vote, change the terms, settle."""
        self.stage.round_starts(round_number)
        self.does("alice", "IdeaBoard", "post", idea(DIGEST, 900 * 10**6, 60 * DAY, 1_000))
        self.stage.round_starts(round_number + 1)
        self.does("alice", "IdeaBoard", "castBallot", round_number, [1], [])
        self.stage.round_starts(round_number + 2)
        if changes:
            (step,) = act.plan(self.stage.home(), changes).steps
            self.stage.govern(step.call)
        self.does("alice", "IdeaBoard", "settle", round_number, [1], 0)

    def does(self, who: str, contract: str, function: str, *arguments: Any) -> None:
        """Call one of the contracts as somebody."""
        self.send[who].send(call(self.dmo, contract, function, *arguments))

    @property
    def submissions(self) -> int:
        """How many there are."""
        return int(self.dmo.read("CampaignEscrow", "counts")[2])

    # -- what is beside the command line -----------------------------------------------------------

    def deploy(self, name: str, arguments: dict[str, Any]) -> str:
        data = creation_input(load_artifacts(ROOT / "build", (name,))[name], arguments)
        order = {"from": self.stage.deployer.address, "data": "0x" + data.hex()}
        request = self.stage.chain.transport.request
        receipt = self.stage.chain.wait(request("eth_sendTransaction", [order]))
        assert receipt.contract_address
        return receipt.contract_address

    # -- people ------------------------------------------------------------------------------------

    def run(self, command: str, who: str = "alice", **more: str) -> Result:
        return self.stage.run(f"dmo {command}", who, cwd=self.stage.folder / who, **more)

    def ok(self, command: str, who: str = "alice", **more: str) -> str:
        result = self.run(command, who, **more)
        assert result.code == 0, f"{command}\n{result.out}\n{result.err}"
        return result.out

    def refused(self, command: str, who: str = "alice", code: int = 1) -> str:
        """Demand a refusal that is explained; returns the error's name."""
        result = self.run(f"{command} --format json", who)
        assert result.code == code, result.out
        error = Failure.model_validate(result.json).error
        assert error.message
        assert error.hint
        return error.code

    def write(self, who: str, name: str, kind: str, title: str) -> None:
        text = filled(kind, title, self.stage.address(who))
        (self.stage.folder / who / name).write_text(text)

    def rejected(self, campaign: int = OURS, who: str = "dave") -> int:
        self.write(who, "evidence.md", "evidence", f"A spot of {who}")
        self.ok(f"work submit {campaign} evidence.md", who)
        number = self.submissions
        self.ok(f'work reject {number} --because "No sound."')
        return number

    def contested(self, campaign: int = OURS) -> int:
        number = self.rejected(campaign)
        self.write("dave", "statement.md", "statement", "There is sound")
        self.ok(f"dispute contest {number} statement.md", "dave")
        return number

    def disputed(self, campaign: int = OURS) -> int:
        """A rejection that its lead upholds."""
        number = self.contested(campaign)
        self.write("alice", "statement.md", "statement", "There is none")
        self.ok(f"dispute uphold {number} statement.md")
        return number

    def accepted(self) -> int:
        self.write("erin", "evidence.md", "evidence", "A spot of erin")
        self.ok("work submit 1 evidence.md", "erin")
        self.ok(f"work accept {self.submissions}")
        return self.submissions

    # -- the jury ----------------------------------------------------------------------------------

    def dispute(self, number: int) -> Dispute:
        """It, as it is now."""
        return dispute(self.stage.home(), number)

    def committed(self, number: int, who: str = "bob") -> bytes:
        one, address = self.dispute(number), self.stage.address(who)
        answer = self.stage.chain.call("Jury", one.arbitrator, "commitmentOf", one.dispute_id, address)
        return bytes(answer)

    def salts(self, number: int) -> list[Path]:
        one = self.dispute(number)
        salts = Salts(self.stage.folder / "home/salts")
        return [salts.path(secret.committed) for secret in salts.of(31337, one.arbitrator, one.dispute_id)]

    def killed(self, where: str, command: str, who: str) -> str:
        """Run a command that is killed, by the hardest of signals, at a place in the sender; what it noted."""
        code = (
            "import os, signal, sys\n"
            "from dmo.core.chain import Chain\n"
            "from dmo.core.sender import KeySender\n"
            f"{where} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "from dmo.faces.cli import main\n"
            f"main({command.split()!r})\n"
        )
        known = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.stage.folder / who,
            env={**known, **self.stage.environment(who), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with anvil() as (chain, url):
        stage = Stage(chain, url, tmp_path_factory.mktemp("disputes"))
        stage.deploy()
        stage.fund()
        yield Scene(stage)


# ── before the jury ─────────────────────────────────────────────────────────────────────────────


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
    assert any(scene.committed(number))
    (tx,) = re.findall("waiting for (0x[0-9a-f]{64})", noted)
    assert scene.stage.chain.receipt(tx).is_ok
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
        f"work submit {OURS} evidence.md --send 3", "dave"
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


# ── what jurors are told ────────────────────────────────────────────────────────────────────────


def test_jurors_are_told_of_copied_and_missing_texts(scene: Scene) -> None:
    scene.write("dave", "evidence.md", "evidence", "A spot of dave")
    scene.ok("work submit 1 evidence.md", "dave")
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
