"""Measures of points: WAD, and seconds."""

from __future__ import annotations

from tests.support.models import decay

AWARDER = 2
DAY = 86_400
HALF_LIFE = 180 * DAY
SHORTEST, LONGEST = 90 * DAY, 720 * DAY
ROUND = 28 * DAY
SHORTEST_ROUND, LONGEST_ROUND = 10, 90 * DAY
WAD = 10**18
GRAIN = decay.GRAIN
MAX_POINTS = 10**9 * WAD
