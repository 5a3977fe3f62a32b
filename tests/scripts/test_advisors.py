"""Advisors on a chain: trained of what was decided, registered, judged by what came after, asked of an idea.

given a DMO with an advisor
  it judges by ideas after a model alone, and shows what the chain says -> test_a_model_lives_from_training_to_advice
given a DMO without an advisor
  there is no model -> test_without_an_advisor_there_is_no_model
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dmo.advisor.hashed import ppm
from tests.support import advised_chain, cli_chain
from tests.support.cli_chain import Stage, anvil

AFTER = 4


@pytest.fixture
def stage(tmp_path: Path):
    with anvil() as (chain, url):
        yield Stage(chain, url, tmp_path / "stage")


def shown(stage: Stage) -> list[dict]:
    return stage.ok("dmo advisor list --format json").json["data"]["models"]


def advice(stage: Stage, idea: str) -> dict:
    return stage.ok(f"dmo advisor show {idea} --format json").json["data"]


def test_a_model_lives_from_training_to_advice(stage: Stage) -> None:
    stage.deploy(rooms=("advisor",))
    advised_chain.play(stage, advised_chain.rounds(1, 2, 1))
    few = stage.run("dmo advisor train")
    assert few.code == 2
    assert "too few to learn from" in few.err
    advised_chain.play(stage, advised_chain.rounds(4, 3, 2))

    told = stage.ok("dmo advisor train --format json").json["data"]
    assert told["count"] == 25
    stage.ok("dmo advisor train --weights again.bin --card again.md")
    first, again = ((stage.folder / name).read_bytes() for name in ("model.bin", "again.bin"))
    assert first == again
    assert (stage.folder / "card.md").read_bytes() == (stage.folder / "again.md").read_bytes()

    (stage.folder / "other.bin").write_bytes(first[::-1])
    (stage.folder / "short.bin").write_bytes(first[:-1])
    for file, why in (("other.bin", "the card is of other weights"), ("short.bin", "has 8191 bytes")):
        refused = stage.run(f"dmo advisor register card.md {file}")
        assert refused.code == 2
        assert why in refused.err
    assert "No model is registered" in stage.ok("dmo advisor show 1/1").out
    stranger = cli_chain.key(9).address
    advised_chain.send(stage, stranger, "Advisor", "register", first, 0, "en", b"\1" * 32)
    assert "Registered model 2." in stage.ok("dmo advisor register card.md model.bin").out
    assert advice(stage, "1/1")["advice"] == "none_shown"

    later = advised_chain.rounds(9, AFTER, 21)
    advised_chain.play(stage, later, untold=[(later[0].round, 2)])
    nobodys, one = shown(stage)
    assert (nobodys["rank"], nobodys["bar"], nobodys["shown"], nobodys["count"]) == (None, None, False, one["count"])
    assert (one["rank"], one["count"], one["bar"], one["shown"]) == (1, 5 * AFTER - 1, 40, True), one

    number = f"{later[0].round}/1"
    (said,) = advice(stage, number)["said"]
    text = advised_chain.document(later[0])
    logit, _ = stage.chain.call("Advisor", stage.dmo.address("Advisor"), "logit", 2, text)
    assert said["chance"] == pytest.approx(ppm(logit) / 10**6, abs=0.0001)
    assert {*said["raised"], *said["lowered"]} & {*later[0].text.decode().split()}
    (stage.folder / "draft.md").write_bytes(text)
    reviewed = stage.run("dmo document review draft.md --format json").json["data"]["advice"]
    assert [(one["by"], one["moved_by"]) for one in reviewed] == [
        ("model 2", ", ".join([*said["raised"], *said["lowered"]]))
    ]
    page = stage.ok(f"dmo advisor show {number}").out
    assert "Known to help" in page
    assert "there is no model 3" in stage.run(f"dmo advisor show {number} --model 3").err


def test_without_an_advisor_there_is_no_model(stage: Stage) -> None:
    stage.deploy()
    advised_chain.play(stage, advised_chain.rounds(1, 1, 1)[:2])
    assert shown(stage) == []
    assert advice(stage, "1/1") == {"idea": [1, 1], "title": "Idea 1/1", "advice": "no_model", "models": 0, "said": []}
