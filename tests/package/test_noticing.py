"""When what is told, to whom, and what happens where it cannot be told.

given work that waits for a verdict
├── it is told at once, without confirmations; half way; a tenth before its end; late, only the last of these
├── all else waits until its fact is as deep as is said
└── when it is judged the worker is told, with the time at which silence pays; what is over is told no more
given a fact that moves in a reorganisation: same text, no word; another text, a correction
given a vote that closes, a credit that ends, a balance that falls: told once, and anew when it comes again
given a service that fails: tried again after pauses that double, by the chain's time, while others go on
given who wants what: only these kinds, only these accounts, a channel once although two parts name it
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import payments, registry
from dmo.capabilities.noticed import GROUPS
from dmo.core import words
from dmo.core.units import format_time
from tests.support.chronicle import ACCEPTED, CHALLENGE, DONE, REJECTED, REVIEW, account
from tests.support.told import Reader, Telling, everything, file_of, noticer, wishes

LEAD, WORKER = account(1), account(101)
DEPTH = 3
JUDGED = {"submission": 1, "lead": LEAD, "evidence": b"\x07" * 32}


@pytest.fixture
def node() -> Telling:
    found = Telling(1)
    found.rounds = 10**9
    return found


def titles(reader: Reader) -> list[str]:
    found = [title.removeprefix("told: ") for _, title, _ in reader.messages]
    reader.messages.clear()
    return found


def begun(node: Telling, patch: pytest.MonkeyPatch, folder: Path, text: str | None = None) -> tuple[Any, Reader, int]:
    """A noticer that runs before work is handed in."""
    found, reader = noticer(node, patch, folder, text or wishes([LEAD, WORKER], confirmations=DEPTH))
    found.step()
    return found, reader, node.begun()


def blocks(node: Telling, count: int) -> None:
    for _ in range(count):
        node.block([])


# ── when ──


def test_work_waits_at_once_half_way_and_a_tenth_before_its_end(
    node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, reader, at = begun(node, monkeypatch, tmp_path)
    found.step()
    (waits,) = titles(reader)
    assert waits.startswith("Submission 1 waits for a verdict until ")
    for part, later in ((50, True), (90, True)):
        node.until(at + REVIEW * part // 100 - 2)
        found.step()
        assert [one for one in titles(reader) if "waits" in one] == []
        node.until(at + REVIEW * part // 100)
        found.step()
        assert (titles(reader) == [waits]) is later
    node.until(at + REVIEW + 2)
    found.step()
    (silent,) = titles(reader)
    assert silent.startswith("Submission 1 is accepted")


def test_who_comes_late_is_told_the_last_of_them_alone(
    node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, reader, at = begun(node, monkeypatch, tmp_path)
    node.until(at + REVIEW - 4)
    found.step()
    assert len([one for one in titles(reader) if "waits" in one]) == 1
    found.step()
    assert titles(reader) == []


def test_a_fact_is_told_as_deep_as_is_said(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, reader, _ = begun(node, monkeypatch, tmp_path)
    found.step()
    titles(reader)
    for _ in range(DEPTH):
        assert not reader.messages
        blocks(node, 1)
        found.step()
    assert titles(reader) == ["Idea 1/1 is funded with 0.0009 USDC"]


def test_the_worker_is_told_when_silence_pays(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, reader, _ = begun(node, monkeypatch, tmp_path)
    blocks(node, DEPTH)
    found.step()
    titles(reader)
    at = node.judge(("CampaignEscrow", "WorkAccepted", JUDGED), stage=ACCEPTED)
    blocks(node, DEPTH)
    found.step()
    (message,) = reader.messages
    assert message[1] == "told: Submission 1 is accepted: 0.0005 USDC"
    assert f"paid from {format_time(at + CHALLENGE)} on" in message[2]
    assert message[2].splitlines()[-1] == "dmo work show 1"
    titles(reader)
    paid = {"campaign": 1, "submission": 1}
    node.judge(
        ("CampaignEscrow", "WorkPaid", {**paid, "reward": 500}),
        ("CampaignEscrow", "PayeePaid", {**paid, "payee": WORKER, "amount": 500}),
        ("CampaignEscrow", "BondPaid", {"submission": 1, "to": WORKER, "amount": 20}),
        stage=DONE,
    )
    blocks(node, DEPTH)
    found.step()
    ((_, title, text),) = reader.messages
    assert title == f"told: 0.00052 USDC paid to {WORKER}", "an address is never cut where money goes"
    assert text.splitlines()[:2] == ["For submissions 1: 0.0005 USDC.", "Bonds returned: 0.00002 USDC."]


def test_what_is_over_before_it_was_told_is_not_told(
    node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, reader, _ = begun(node, monkeypatch, tmp_path, wishes([LEAD], 'what = ["work"]'))
    reader.fails = iter([True] * 9)
    found.step()
    node.judge(("CampaignEscrow", "WorkAccepted", JUDGED), stage=ACCEPTED)
    reader.fails = iter(())
    node.until(node.blocks[-1]["at"] + 600)
    assert found.step()["waiting"] == 0
    assert titles(reader) == []


# ── reorganisations, seen from the outside ──


def rejected(node: Telling, patch: pytest.MonkeyPatch, folder: Path) -> tuple[Any, Reader]:
    found, reader, _ = begun(node, patch, folder, wishes([WORKER], 'what = ["judged"]', confirmations=DEPTH))
    node.judge(("CampaignEscrow", "WorkRejected", {**JUDGED, "reason": b"\x01" * 32}), stage=REJECTED)
    blocks(node, DEPTH)
    found.step()
    return found, reader


def again(node: Telling, empty: int) -> None:
    """The last blocks come again, the verdict some empty blocks later."""
    node.fork(DEPTH + 1)
    blocks(node, empty)
    node.judge(("CampaignEscrow", "WorkRejected", {**JUDGED, "reason": b"\x01" * 32}), stage=REJECTED)
    blocks(node, DEPTH)


def test_the_same_news_in_another_block_is_no_news(
    node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, reader = rejected(node, monkeypatch, tmp_path)
    assert len(titles(reader)) == 1
    again(node, 0)
    for _ in range(3):
        found.step()
        blocks(node, 1)
    assert titles(reader) == []


def test_another_time_is_a_correction(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, reader = rejected(node, monkeypatch, tmp_path)
    (before,) = titles(reader)
    again(node, 2)
    found.step()
    assert titles(reader) == [], "a correction is as deep as other news"
    blocks(node, DEPTH)
    found.step()
    (after,) = titles(reader)
    assert after.startswith("Corrected: Submission 1 is rejected")
    assert after.removeprefix("Corrected: ") != before


def test_what_is_undone_is_taken_back(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, reader = rejected(node, monkeypatch, tmp_path)
    (before,) = titles(reader)
    node.fork(DEPTH + 1)
    blocks(node, DEPTH + 2)
    found.step()
    assert titles(reader) == []
    blocks(node, DEPTH)
    found.step()
    ((_, title, text),) = reader.messages
    assert title == f"told: Taken back: {before}"
    assert "reorganised" in text
    titles(reader)
    node.fork(DEPTH * 2 + 2)
    node.judge(("CampaignEscrow", "WorkRejected", {**JUDGED, "reason": b"\x01" * 32}), stage=REJECTED)
    found.step()
    blocks(node, DEPTH)
    found.step()
    assert len(titles(reader)) == 1, "and told again where it comes back"


# ── clocks ──


def test_a_vote_a_credit_and_a_balance(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = wishes([WORKER], 'what = ["credit", "balance"]\nleast = "0.5"')
    monkeypatch.setattr(payments, "CREDIT_LIFE", 31 * 86_400)
    found, reader, at = begun(node, monkeypatch, tmp_path, text)
    credit = {"campaign": 1, "submission": 1, "payee": WORKER, "amount": 77}
    node.block([("CampaignEscrow", "PayeeCredited", credit)])
    node.credit[WORKER] = at
    found.step()
    assert titles(reader) == []
    node.leap(86_400)
    blocks(node, DEPTH + 1)
    found.step()
    (told,) = titles(reader)
    assert told.startswith("A credit of 0.000077 USDC is lost on ")
    for _ in range(2):
        node.coins = 4 * 10**17
        blocks(node, 1)
        found.step()
        assert titles(reader) == ["An account has only 0.4 ETH left"]
        blocks(node, 1)
        found.step()
        assert titles(reader) == []
        node.coins = 10**18
        blocks(node, 1)
        found.step()


def test_a_vote_that_closes_is_told_to_who_has_not_voted(
    node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.rounds = 3 * 86_400
    found, reader, at = begun(node, monkeypatch, tmp_path, wishes([WORKER], 'what = ["vote"]'))
    closes = 1_000 + 2 * node.rounds
    node.leap(closes - 86_400 - at - 20)
    found.step()
    assert titles(reader) == []
    node.leap(30)
    found.step()
    ((_, title, said),) = reader.messages
    assert title.startswith("told: The vote closes ")
    assert said.splitlines()[-1] == "dmo round show 1"
    blocks(node, 1)
    found.step()
    assert len(titles(reader)) == 1


# ── failing ──


def test_what_did_not_go_out_is_tried_again_after_pauses_that_double(
    node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.chronicle.REVIEW", 10**6)
    found, reader, at = begun(node, monkeypatch, tmp_path, wishes([LEAD], 'what = ["work"]\nfeed = "lead.atom"'))
    tried = list[int]()

    def failing(*message: str) -> bool:
        tried.append(node.blocks[-1]["at"] - at)
        return False

    found.services = failing
    for _ in range(20):
        told = found.step()
        node.until(node.blocks[-1]["at"] + 2)
    assert tried == [0], "not before its pause is over"
    assert told["waiting"] == 1
    assert (tmp_path / "lead.atom").is_file(), "a feed goes on"
    node.until(at + 60)
    for _ in range(40):
        found.step()
        node.leap(30)
    gaps = [later - before for before, later in pairwise(tried)]
    assert all(60 * 2**place <= gap <= 60 * 2**place + 62 for place, gap in enumerate(gaps)), gaps
    assert len(gaps) >= 3
    found.services = reader
    node.leap(10**5)
    found.step()
    assert len(titles(reader)) >= 1


# ── who wants what ──


def test_only_what_is_wanted_and_a_channel_once(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = f'[[wants]]\nwho = ["{LEAD}"]\nwhat = ["work"]\nby = ["phone"]\n'
    found, reader, _ = begun(node, monkeypatch, tmp_path, wishes([LEAD], 'what = ["work", "paid"]\n' + more))
    blocks(node, DEPTH)
    found.step()
    assert len(titles(reader)) == 1
    assert {row.kind for row in everything(found.outbox)} == {"judge"}


def test_everyone_is_told_of_facts_once(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, reader, _ = begun(node, monkeypatch, tmp_path, wishes(["everyone"]))
    blocks(node, DEPTH)
    found.step()
    assert titles(reader) == ["Idea 1/1 is funded with 0.0009 USDC"]


def test_every_kind_has_its_words_and_every_command_exists() -> None:
    kinds = {kind for its in GROUPS.values() for kind in its}
    said = words.load()["notice"]
    assert set(said) == kinds
    for kind, one in said.items():
        assert set(one) <= {"rank", "urgent", "title", "text"}, kind
        for line in words.texts(one["text"]):
            if line.startswith("dmo ") and line != "dmo {command}":
                known = {name for name in registry() if line.removeprefix("dmo ").startswith(name)}
                assert known, line
    assert [kind for kind, one in said.items() if one.get("urgent")] == ["judge"]


def test_nothing_is_asked_while_nothing_happens(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.chronicle.REVIEW", 10**6)
    found, reader, _ = begun(node, monkeypatch, tmp_path)
    found.quiet = 60
    found.step()
    titles(reader)
    asked = list[int]()
    for _ in range(90):
        before = node.asked
        blocks(node, 1)
        found.step()
        asked.append(node.asked - before)
    assert sorted(asked)[80] <= 6, "the head, the next one, what is new, what is final"
    assert sum(count > 6 for count in asked) == 3, ("and once a minute what waits", asked)
    assert titles(reader) == ["Idea 1/1 is funded with 0.0009 USDC"]
    node.judge(("CampaignEscrow", "WorkRejected", {**JUDGED, "reason": b"\x01" * 32}), stage=REJECTED)
    blocks(node, DEPTH)
    found.step()
    assert len(titles(reader)) == 1, "a fact is seen at once"
    node.fork(DEPTH + 1)
    for _ in range(2):
        blocks(node, DEPTH + 1)
        found.step()
    assert [one[:10] for one in titles(reader)] == ["Taken back"], "and so is what is undone"


def test_no_url_is_in_the_outbox(node: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, _, _ = begun(node, monkeypatch, tmp_path)
    found.step()
    found.outbox.close()
    (file,) = (tmp_path / "notices").glob("*.sqlite")
    assert file.stat().st_size > 10_000
    assert b"secret" not in file.read_bytes()
    assert "secret" not in repr(found.wants)
    assert b"secret" in file_of(tmp_path, wishes()).read_bytes()
