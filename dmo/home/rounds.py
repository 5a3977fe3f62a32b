"""When a round is posted, voted on, settled: arithmetic from an origin, as the board does it."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from dmo.core import words

SETTLING_ROUNDS = 2
LATE_PART = 10


class Phase(StrEnum):
    """What a round is at, in their order."""

    FUTURE = "future"
    POSTING = "posting"
    VOTING = "voting"
    SETTLING = "settling"
    PAST = "past"


@dataclass(frozen=True)
class Frame:
    """What never changes of a board.

    Attributes:
        origin: Start of round 1, Unix seconds.
        round_seconds: Length of a round, in seconds.
        holding_seconds: How long before a round votes must be held to post in it.
        passing_floor: The passing threshold is never below this, in units of the votes token.
        posting_floor: The posting threshold is never below this, in units of the votes token.
    """

    origin: int
    round_seconds: int
    holding_seconds: int = 0
    passing_floor: int = 0
    posting_floor: int = 0


@dataclass(frozen=True)
class RoundTimes:
    """A round's moments, Unix seconds; every window is half-open.

    Attributes:
        round: The round.
        posting_opens: Ideas are posted from here.
        voting_opens: Ideas are frozen and voted on from here.
        late_from: From here no ballot takes a new "for", or gives an "against" up.
        voting_closes: The round is settled from here.
        lapses_at: Unsettled, it lapses here.
    """

    round: int
    posting_opens: int
    voting_opens: int
    late_from: int
    voting_closes: int
    lapses_at: int

    @property
    def snapshot(self) -> int:
        """The second whose votes count."""
        return self.voting_opens - 1

    def phase(self, now: int) -> Phase:
        """What the round is at."""
        edges = (self.posting_opens, self.voting_opens, self.voting_closes, self.lapses_at)
        return list(Phase)[bisect_right(edges, now)]

    def is_late(self, now: int) -> bool:
        """Whether no ballot can help an idea any more."""
        return self.late_from <= now < self.voting_closes


def round_at(frame: Frame, now: int) -> int:
    """The round that is being posted at a moment; 0 before the origin."""
    return 0 if now < frame.origin else 1 + (now - frame.origin) // frame.round_seconds


def round_times(frame: Frame, number: int) -> RoundTimes:
    """A round's moments. Raises BadInput: rounds count from 1."""
    if number < 1:
        raise words.bad("no_round", number=number)
    opens = frame.origin + (number - 1) * frame.round_seconds
    voting = opens + frame.round_seconds
    closes = voting + frame.round_seconds
    late_from = closes - frame.round_seconds // LATE_PART
    return RoundTimes(number, opens, voting, late_from, closes, closes + SETTLING_ROUNDS * frame.round_seconds)
