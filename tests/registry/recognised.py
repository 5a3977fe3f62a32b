"""The chapter of recognition: seasons, what was held, badges that are earned, burned and shown, and what worked."""

from __future__ import annotations

from tests.registry.story import Story

FUNDED = 3
"""The class of funded ideas."""


def recognised(play: Story) -> None:
    """Alice's idea was funded, so that anybody may claim her badge; bob earned none."""
    stage = play.stage
    assert "still running" in play("dmo season show").out
    play("dmo season show 1")
    early = stage.run("dmo season show 99")
    assert "season 99 has not begun" in early.err
    assert "rounds" in play("dmo token held").out
    play("dmo token held bob --rounds 2")

    assert "has earned it" in play("dmo badge list").out
    play("dmo badge list bob")
    none = stage.run(f"dmo badge claim {FUNDED}", "bob")
    assert "the log has nothing by which bob" in none.err
    forced = stage.run(f"dmo badge claim {FUNDED} --witness 0x", "bob")
    assert f"has not earned a badge of class {FUNDED}" in forced.err
    assert "You have earned the badge" in stage.ok("dmo status --all", "alice", stage.run("dmo status").code).out
    with play.aside():
        assert "has the badge “Funded idea”" in play(f"dmo badge claim {FUNDED} alice", "bob").out
    assert "has the badge" in play(f"dmo badge claim {FUNDED}").out
    twice = stage.run(f"dmo badge claim {FUNDED}")
    assert "has its badge of class" in twice.err
    assert "You have earned the badge “Funded" not in stage.run("dmo status --all").out
    play(f"dmo badge show {FUNDED}")
    play(f"dmo badge show {FUNDED} alice --picture badge.svg")
    picture = (stage.folder / "alice/badge.svg").read_text("utf-8")
    assert picture.startswith("<svg ")
    assert "Funded idea" in picture
    assert "1 holder" in play(f"dmo badge export {FUNDED}").out
    play(f"dmo badge export {FUNDED} --out holders.csv")
    assert stage.address("alice") in (stage.folder / "alice/holders.csv").read_text("utf-8")
    play(f"dmo badge burn {FUNDED}")
    others = stage.run(f"dmo badge claim {FUNDED} alice", "bob")
    assert "itself can claim it again" in others.err
    assert "has the badge" in stage.ok(f"dmo badge claim {FUNDED}").out

    assert "funded" in play("dmo analytics").out
    play("dmo analytics --csv results")
    assert (stage.folder / "alice/results/funnel.csv").is_file()
