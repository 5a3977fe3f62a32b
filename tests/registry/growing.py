"""The chapter of growth: an experiment."""

from __future__ import annotations

from tests.registry.story import Story
from tests.support import voice

PLAN = "metric: signs up\narms: [control, other]\nbegins: {}\nblock: 1\norder: time, id\nstops_at: 20\nmost_blocks: 9\n"


def growing(play: Story) -> None:
    """A plan is registered, and its data are read."""
    mine = play.stage.folder / "alice"
    for begins in ("2020-01-01", "2099-01-01"):
        (mine / "experiment.md").write_bytes(voice.paper("experiment", "Two posters", PLAN.format(begins)).raw)
        if begins < "2099":
            late = play.stage.run("dmo ab plan experiment.md", cwd=mine)
            assert "begun already" in late.err
    play("dmo ab plan experiment.md")
    at = "2099-01-01"
    (mine / "data.csv").write_text(f"time,id,arm,converted\n{at},a,control,no\n{at},b,other,yes\n")
    assert "not known yet" in play("dmo ab read data.csv --plan experiment.md").out
