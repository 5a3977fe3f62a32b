"""Notices on a real chain: told by the command line, with the chain's own times, into feeds.

given people who want to be told
├── the first run tells nothing; what waits is told at once, with the time that the Lens says
├── a rejection, what contests it, the jurors' two phases and what is paid are told to whom they concern
├── when the chain is reorganised: what it undid is taken back
└── when it runs for ever: it tells at each block, and ends when it is told to
"""

from __future__ import annotations

import signal
import subprocess
import sys

import feedparser
import icalendar
import pytest

from dmo.core import abi
from dmo.core.units import format_time
from tests.scripts.dispute_scene import Scene
from tests.support import waiting
from tests.support.cli_chain import PEOPLE, ROOT

COMMAND = "notice once wants.toml"


@pytest.fixture(scope="module")
def told(scene: Scene) -> Scene:
    """The scene, where everybody has a feed."""
    parts = [f'[[wants]]\nwho = ["{name}"]\nfeed = "{name}.atom"\n' for name in PEOPLE]
    parts.append('[[wants]]\nwho = ["alice"]\ncalendar = "alice.ics"\nleast = "1000000"\nfeed = "coins.atom"\n')
    (scene.stage.folder / "alice/wants.toml").write_text("confirmations = 0\n" + "\n".join(parts))
    assert "sent" in scene.ok(COMMAND)
    return scene


def news(scene: Scene, who: str) -> list[str]:
    """Titles in somebody's feed, the newest last."""
    file = scene.stage.folder / f"alice/{who}.atom"
    if not file.exists():
        return []
    parsed = feedparser.parse(file.read_bytes())
    assert not parsed.bozo
    return [str(one.title) for one in reversed(parsed.entries)]


def until(scene: Scene, number: int) -> str:
    """Until when work is what it is, as the Lens says."""
    answer = scene.stage.chain.call("Lens", scene.dmo.address("Lens"), "submissions", number, 1)
    ((record, *_), _) = abi.named("Lens", "submissions", answer)
    return format_time(record["status_until"])


def test_the_first_run_tells_nothing_of_what_was(told: Scene) -> None:
    assert [news(told, who) for who in PEOPLE] == [[]] * len(PEOPLE)
    (coins,) = news(told, "coins")
    assert coins.startswith("An account has only ")


def test_a_dispute_is_told_from_the_work_to_the_money(told: Scene) -> None:
    stage = told.stage
    told.write("dave", "evidence.md", "evidence", "A spot of dave")
    told.ok("work submit 1 evidence.md --again", "dave")
    number = told.submissions
    told.ok(COMMAND)
    # What is told in one second has no order.
    assert f"Submission {number} waits for a verdict until {until(told, number)}" in news(told, "alice")
    dates = icalendar.Calendar.from_ical((stage.folder / "alice/alice.ics").read_bytes())
    assert any(f"Judge submission {number}" in str(one["SUMMARY"]) for one in dates.walk("VEVENT"))

    told.ok(f'work reject {number} --because "No sound."')
    told.ok(COMMAND)
    assert f"Submission {number} is rejected: answer until {until(told, number)}" in news(told, "dave")
    told.write("dave", "statement.md", "statement", "There is sound")
    told.ok(f"dispute contest {number} statement.md", "dave")
    told.ok(COMMAND)
    uphold = f"The rejection of submission {number} is contested: uphold it until {until(told, number)}"
    assert uphold in news(told, "alice")

    told.write("alice", "statement.md", "statement", "There is none")
    told.ok(f"dispute uphold {number} statement.md")
    told.ok(COMMAND)
    one = told.dispute(number)
    juror = f"A juror is needed: rule on submission {number} until {format_time(one.commit_until)}"
    assert juror in news(told, "bob")
    assert juror in news(told, "carol")
    assert f"The rejection of submission {number} is upheld: jurors rule" in news(told, "dave")

    told.ok(f"dispute commit {number} pay", "bob")
    stage.reach(one.commit_until)
    told.ok(COMMAND)
    reveal = f"Reveal your ruling on submission {number} until {format_time(one.reveal_until)}"
    assert reveal in news(told, "bob")
    assert reveal not in news(told, "carol")
    told.ok(f"dispute reveal {number}", "bob")
    stage.reach(one.reveal_until)
    told.ok(f"work pay {number}", "erin")
    told.ok(COMMAND)
    paid = [title for title in news(told, "dave") if "paid to" in title]
    assert len(paid) == 1
    assert stage.address("dave") in paid[0], "an address is whole where money goes"
    assert "PLAY paid to" in paid[0]
    listed = told.ok("notice list")
    assert "0 notices wait to be sent." in listed
    before = {who: news(told, who) for who in PEOPLE}
    told.ok(COMMAND)
    assert {who: news(told, who) for who in PEOPLE} == before


def test_what_a_reorganisation_undid_is_taken_back(told: Scene) -> None:
    request = told.stage.chain.transport.request
    told.ok(COMMAND)
    before = news(told, "dave")
    snapshot = request("evm_snapshot", [])
    number = told.rejected()
    told.ok(COMMAND)
    (title,) = [one for one in news(told, "dave") if one not in before]
    assert title.startswith(f"Submission {number} is rejected")
    told.stage.go_back(snapshot)
    for _ in range(8):
        request("evm_mine", [])
    told.ok(COMMAND)
    told.ok(COMMAND)
    assert [one for one in news(told, "dave") if one not in before] == [f"Taken back: {title}"]


def test_it_runs_until_it_is_told_to_stop(told: Scene) -> None:
    folder = told.stage.folder / "alice"
    environment = {**told.stage.environment("alice"), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}
    log = folder / "run.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "dmo", "notice", "run", "wants.toml", "--every", "1s"],
            cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            waiting.until(lambda: (folder / "alice.ics").exists(), log.read_text)
            told.write("dave", "evidence.md", "evidence", "Another spot of dave")
            told.ok("work submit 1 evidence.md --again", "dave")
            waits = f"Submission {told.submissions} waits for a verdict"
            waiting.until(lambda: any(title.startswith(waits) for title in news(told, "alice")), log.read_text)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(waiting.PATIENCE_SECONDS)
    assert code == 0, log.read_text()
    assert "Stopped at block" in log.read_text()
