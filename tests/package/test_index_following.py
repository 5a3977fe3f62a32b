"""Following the chain, and commands with the index and without.

a command
├── says the same with the index and without
├── asks the Lens for nothing that the index was told
├── is stopped by no database that cannot be used, but by a name of none
└── of another deployment leaves the index alone; its owner makes it anew
the follower
├── goes on when the node is silent, and ends after its step when it is told to
├── looks again only at what is due, and where a fork takes time back
├── is not stopped by a fork between its reading and its look
├── finds what is not as the views say
└── finds things and events that a node left out
a reader of facts is taken back by a reorganisation
`dmo status` loads no part of PostgreSQL and no web framework
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.index import IndexRun
from dmo.capabilities.submissions import submissions, waiting
from dmo.core import abi
from dmo.core.errors import BadInput, NetworkError
from dmo.core.folds import packed
from dmo.home.following import Follower
from dmo.home.home import Home
from tests.support.chronicle import BIRTH, Chronicle
from tests.support.indexes import held, home_on

ROOT = Path(__file__).resolve().parents[2]


# ── commands ──


def standing(home: Home) -> list[dict[str, Any]]:
    return [vars(one) for one in submissions(home)]


def test_a_command_says_the_same_with_the_index_and_without(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rnd, asked, found = random.Random(2), [], set[str]()
    for turn in range(12):
        follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
        follower.step()
        follower.index.close()
        if turn % 3 == 1:
            grown.grow(rnd.randint(1, 9))
        if turn % 3 == 2:
            grown.fork(rnd.randint(1, 9))
            grown.grow(rnd.randint(1, 20))
        with_index = home_on(grown, monkeypatch, url, tmp_path)
        mine = standing(with_index)
        asked.append(sum(read.function == "submissions" for read in with_index.snapshot.asked))
        plain = home_on(grown, monkeypatch, None, tmp_path / f"plain{turn}")
        assert mine == standing(plain)
        assert waiting(home_on(grown, monkeypatch, url, tmp_path)) == waiting(plain)
        found |= {status for status, its in waiting(plain).items() if its}
        assert {key: vars(one) for key, one in with_index.facts(Campaign).items()} == {
            key: vars(one) for key, one in plain.facts(Campaign).items()
        }
        with_index.index.close()
    assert found == {"payable", "void", "disputed"}
    assert max(asked[0::3]) <= 1, "all is told where it stands at the head, but what jurors may have ruled on"
    assert max(asked) > 0


def test_a_database_that_cannot_be_used_stops_no_command(
    grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    right = standing(home_on(grown, monkeypatch, None, tmp_path / "plain"))
    gone = "postgresql://nobody@127.0.0.1:1/nothing"
    assert standing(home_on(grown, monkeypatch, gone, tmp_path)) == right
    assert "cannot be used" in caplog.text
    with pytest.raises(NetworkError, match="The index cannot be used"):
        Follower(home_on(grown, monkeypatch, gone, tmp_path)).step()


@pytest.mark.parametrize(
    "given", ["mysql://me:secret@host/base", "postgresql://me:secret@host:port/base", "x://me:secret@y", "://secret"]
)
def test_what_names_no_database_is_refused_without_its_password(
    given: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput) as caught:
        standing(home_on(grown, monkeypatch, given, tmp_path))
    assert "secret" not in str(caught.value) + str(caught.value.expected)


def test_another_deployment_is_left_alone_by_commands_and_made_anew_by_its_owner(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    follower.step()
    before = held(follower.home)
    other = home_on(grown, monkeypatch, url, tmp_path)
    other.__dict__["dmo"] = replace(other.dmo, birth=BIRTH + 1)
    assert standing(other) == standing(follower.home)
    assert other.index.place != follower.index.place
    assert held(follower.home) == before
    owner = home_on(grown, monkeypatch, url, tmp_path)
    owner.__dict__["dmo"] = replace(owner.dmo, birth=BIRTH + 1)
    anew = Follower(owner)
    anew.step()
    assert anew.index.place == follower.index.place
    assert {name: rows for name, rows in held(owner).items() if name != "log"}.keys() <= before.keys()
    for each in (follower, anew):
        each.index.close()


# ── the follower ──


def test_the_follower_outlives_a_node_that_fails(
    grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, None, tmp_path))
    batch, said, turns = grown.batch, list[tuple[str, str]](), iter(range(100))

    def failing(requests: Any) -> Any:
        if next(turns) in (0, 3, 4):
            raise NetworkError("The node is silent.")
        return batch(requests)

    monkeypatch.setattr(grown, "batch", failing)
    left = iter([False, False, False, False, False, True])

    def wait() -> bool:
        grown.grow(2)
        return next(left)

    follower.run(wait, lambda what, value: said.append((what, value)))
    assert [what for what, _ in said].count("failed") >= 2
    assert said[-1] == ("block", str(len(grown.blocks) - 3))
    assert follower.index.cursor == (len(grown.blocks) - 3, grown.blocks[-3]["hash"])


def test_run_ends_after_its_step_when_it_is_told_to(
    grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = home_on(grown, monkeypatch, None, tmp_path)
    step, turns = Follower.step, iter([False, False, True])

    def stepping(self: Follower) -> Any:
        grown.grow(1)
        head = step(self)
        if next(turns):
            signal.raise_signal(signal.SIGTERM)
        return head

    monkeypatch.setattr(Follower, "step", stepping)
    before = signal.getsignal(signal.SIGTERM)
    told = IndexRun(every=0).answer(home)
    assert told["block"] == told["head"] == len(grown.blocks) - 1
    assert told["behind"] == 0
    assert told["waiting"] == sum(one.status == "disputed" for one in submissions(home)), "a ruling comes without event"
    assert capsys.readouterr().err.splitlines() == [f"block {told['block'] - back}" for back in (2, 1, 0)]
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_check_finds_what_is_not_as_the_views_say(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    follower.step()
    count, found = follower.compared(10)
    assert (count, found) == (10, [])
    opened = follower.index._kept(lambda opened: opened)
    (campaign, *_) = follower.home.facts(Campaign).values()
    spoilt = packed(replace(campaign, lead="0x" + "66" * 20))
    with opened.database.writing() as connection:
        opened._run(
            connection, "UPDATE fold SET state = ? WHERE kind = 'Campaign' AND key = ?", spoilt, str(campaign.campaign)
        )
    follower.home.look_again()
    _, found = follower.compared(10_000)
    assert [(one.thing, one.field, one.kept) for one in found] == [
        (f"Campaign {campaign.campaign}", "lead", "0x" + "66" * 20)
    ]
    follower.index.close()


def test_the_check_finds_what_a_node_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node, rnd = Chronicle(seed=3), random.Random(1)
    node.grow(60)
    whole, rounds = [list(one["logs"]) for one in node.blocks], range(1, 30)

    def checked(folder: str, *numbers: int) -> list[str]:
        """What is found of an index to which these blocks were told without their events."""
        for number in numbers:
            node.blocks[number]["logs"] = []
        follower = Follower(home_on(node, monkeypatch, None, tmp_path / folder))
        follower.step()
        for number in numbers:
            node.blocks[number]["logs"] = whole[number]
        found = follower.left_out(rounds, rnd)
        follower.index.close()
        return [one.thing for one in found]

    def posts(event: str) -> list[int]:
        topic = "0x" + abi.entry("IdeaBoard" if "Idea" in event else "CampaignEscrow", event, "event").selector.hex()
        return [place for place, logs in enumerate(whole) if any(one["topics"][0] == topic for one in logs)]

    assert checked("all") == []
    ideas, campaigns = posts("IdeaPosted"), posts("CampaignFunded")
    assert any(name.startswith("Idea 1/1") for name in checked("first", ideas[0]))
    assert any(name.startswith("Idea ") for name in checked("last", ideas[-1]))
    assert "Campaign 1" in checked("none", *range(campaigns[0], len(node.blocks)))
    others = [place for place, logs in enumerate(whole) if logs and place not in (*ideas, *campaigns)]
    assert any(name.startswith("blocks ") for name in checked("other", others[-1]))


def test_only_what_is_due_is_looked_at_again(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    follower.step()
    now = follower.home.snapshot.now
    assert follower.look() == 0
    wakes = follower.index.wakes(["Submission"])
    later = sorted({one.at for one in wakes if one.at})
    assert later
    assert min(later) > now
    assert {int(one.key) for one in wakes} == {
        n for n, one in grown.blocks[-1]["state"]["works"].items() if one["stage"] != 6
    }
    while grown.blocks[-1]["at"] < later[0]:
        grown.block([])
    follower.home.look_again()
    follower.index.sync(follower.home.snapshot.chain, follower.home.snapshot.head)
    waiting = follower.index.wakes(["Submission"], follower.home.now)
    assert {one.at for one in waiting} == {later[0]}
    assert follower.look() == len(waiting)
    assert follower.look() == 0
    follower.index.close()


def test_a_reader_of_facts_is_taken_back_by_a_reorganisation(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    head = follower.step().number
    assert follower.index.read_to("notices") == -1
    assert follower.index.read_to("notices", head) == head
    grown.fork(4)
    grown.grow(9)
    follower.step()
    assert follower.index.read_to("notices") == head - 4
    follower.index.close()


def test_status_loads_no_part_of_postgresql_and_no_web_framework() -> None:
    told = "import sys; from dmo.core.tables import Tables; from dmo.faces.cli import commands; commands();"
    done = subprocess.run(
        [sys.executable, "-c", f"{told} Tables(None, '', {{}}); print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "sqlalchemy.dialects.sqlite" in loaded
    assert not loaded & {
        "sqlalchemy.dialects.postgresql",
        "psycopg",
        "apprise",
        "starlette",
        "uvicorn",
        "fastapi",
        "flask",
    }


def test_what_time_alone_changed_is_looked_at_again_where_a_fork_takes_time_back(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    follower.step()
    before = follower.index.wakes(["Submission"])
    soon = min(one.at for one in before if one.at)
    blocks = 0
    while grown.blocks[-1]["at"] < soon:
        grown.block([])
        blocks += 1
    follower.step()
    assert sorted(follower.index.wakes(["Submission"]), key=str) != sorted(before, key=str)
    grown.fork(blocks)
    grown.block([])
    follower.step()
    assert sorted(follower.index.wakes(["Submission"]), key=str) == sorted(before, key=str)
    follower.index.close()


def test_a_fork_between_reading_and_looking_is_looked_at_again(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    sync, works = follower.index.sync, grown.blocks[-1]["state"]["works"]

    def forking(*given: Any) -> None:
        sync(*given)
        monkeypatch.setattr(follower.index, "sync", sync)
        length = len(grown.blocks)
        while len(grown.blocks[-1]["state"]["works"]) == len(works):
            grown.fork(1)
        while len(grown.blocks) < length:
            grown.block([])

    monkeypatch.setattr(follower.index, "sync", forking)
    follower.step()
    follower.step()
    fresh = Follower(home_on(grown, monkeypatch, None, tmp_path / "fresh"))
    fresh.step()
    assert held(follower.home) == held(fresh.home)
    follower.index.close()
