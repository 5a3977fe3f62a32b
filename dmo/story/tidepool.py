"""The story: one season of Tidepool, an open map of coastal water quality."""

from __future__ import annotations

from pathlib import Path

from dmo.home.deployment import Dmo
from dmo.story import judging, voting, working
from dmo.story.clock import Teller
from dmo.story.stage import Stage
from dmo.story.tale import Tale

__all__ = ["BEGIN", "play"]

BEGIN = "2026-03-05 10:00"
"""When the story begins: four days before the first round."""

CHAPTERS = (
    voting.hand_over,
    voting.week_one,
    voting.week_two,
    voting.week_three,
    working.work_begins,
    working.first_payments,
    judging.puck,
    working.silence,
    judging.doubts,
    working.lessons,
    working.going_round,
)


def play(dmo: Dmo, folder: Path, teller: Teller) -> Stage:
    """Play the whole story on a deployment that was made at BEGIN.

    Args:
        dmo: The deployment of config/demo.toml.
        folder: The story's documents.
        teller: Who tells it.

    Returns:
        The stage, with what it noted.
    """
    stage = Stage(dmo, folder, teller)
    tale = Tale(stage)
    for chapter in CHAPTERS:
        chapter(tale)
    return stage
