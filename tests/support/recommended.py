"""A world of tests/support/campaigns.py under the terms that are recommended to everybody.

Amounts are whole budget tokens, times seconds.
"""

from __future__ import annotations

from typing import Any

from dmo.deploy.config import Campaigns
from tests.support import clock
from tests.support.campaigns import World
from tests.support.jury import commit, salt, seat_jury

DEFAULTS = Campaigns()
REVIEW, ANSWER, CHALLENGE = DEFAULTS.review, DEFAULTS.answer, DEFAULTS.challenge
LEAST = 10  # whole tokens: where a round's cap is 100,000


def recommend(world: World, arbitrator: Any, **changes: Any) -> int:
    """Set the recommended terms for campaigns funded from now on."""
    values = {
        "reviewSeconds": REVIEW,
        "answerSeconds": ANSWER,
        "challengeSeconds": CHALLENGE,
        "arbitrationSeconds": DEFAULTS.arbitration,
        "noticeSeconds": DEFAULTS.notice,
        "disputeBondBps": DEFAULTS.dispute_bond,
        "disputeBondMin": LEAST * world.unit,
        "arbitrator": arbitrator,
        "paysJurors": True,
    }
    return world.set_terms(**(values | changes))


def seat(world: World) -> Any:
    """Deploy a jury of two, heaviest first, that decides under these terms from now on."""
    jury = seat_jury(world, {world.board: 60, world.governance: 40})
    recommend(world, jury)
    return jury


def post(world: World, campaign: int, reward: int, **changes: Any) -> int:
    """Post a bounty of whole tokens with the least bond; returns its id."""
    values = {"reward": reward * world.unit, "bond": 0, "slots": 1} | changes
    return world.post(campaign, **values)


def judge(world: World, jury: Any, works: list[int], ruling: int, jurors: dict[Any, int] | None = None) -> None:
    """Let these jurors, or the heaviest alone, rule all of the disputes alike."""
    numbers = [world.desk.disputeOf(work)["disputeID"] for work in works]
    rulings = jurors or {world.board: ruling}
    for number in numbers:
        for juror, says in rulings.items():
            commit(jury, juror, says, dispute=number)
    clock.reach(jury.windowsOf(numbers[-1])[0])
    for number in numbers:
        for juror, says in rulings.items():
            jury.reveal(number, juror, says, salt(1), {"from": juror})
    clock.reach(jury.windowsOf(numbers[-1])[1])
