"""What a goal's numbers say: the value that a share of it comes to, and what a budget token is expected to bring."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.ideas import Idea, frame
from dmo.capabilities.outcomes import has_outcomes
from dmo.capabilities.submissions import Submission
from dmo.core import words
from dmo.core.units import format_time
from dmo.home.documents import Document
from dmo.home.home import Home
from dmo.home.rounds import round_times

ONE = 1_000_000
GOAL_SECONDS = 60 * 86_400
"""Within so long after its campaign a goal's date leaves time to measure and report."""


def goal_of(home: Home, digest: bytes) -> Mapping[str, Any] | None:
    """The goal of an idea's document: metric, baseline, target, date; nothing where its text is not found."""
    found = documents.document(home, digest)
    return found.fields["goal"] if isinstance(found, Document) and found.kind == "idea" else None


def _number(value: Any) -> Decimal:
    return Decimal(str(value))


def written(value: Decimal) -> str:
    """A number as people write it: six digits, no exponent."""
    rounded = Decimal(f"{value:.6g}")
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def gain(goal: Mapping[str, Any]) -> Decimal:
    """From baseline to target; below 0 where the metric is meant to fall."""
    return _number(goal["target"]) - _number(goal["baseline"])


def at_share(goal: Mapping[str, Any], ppm: int) -> Decimal:
    """The metric's value where so much of the goal is reached."""
    return _number(goal["baseline"]) + gain(goal) * ppm / ONE


def share_of(goal: Mapping[str, Any], value: Any) -> int:
    """How much of the goal a value is, in millionths; as the rules have it, never below 0 nor above the whole."""
    if not gain(goal):
        return 0
    exact = ONE * (_number(value) - _number(goal["baseline"])) / gain(goal)
    return min(max(int(exact.to_integral_value("ROUND_FLOOR")), 0), ONE)


def value_at(home: Home, campaign: int, ppm: int) -> str:
    """The same in words, of a campaign's goal; empty where that is not known."""
    one = home.facts(Campaign)[campaign]
    goal = goal_of(home, home.facts(Idea)[one.round, one.number].digest)
    if goal is None:
        return ""
    told = {key: str(goal[key]) for key in ("metric", "baseline", "target", "date")}
    return words.word("worth", "value").format(value=written(at_share(goal, ppm)), **told)


def per_token(goal: Mapping[str, Any], ppm: int, ask: int, decimals: int) -> str:
    """What a whole budget token is expected to bring; empty where nothing is."""
    if not ask or not ppm or not gain(goal):
        return ""
    return written(gain(goal) * ppm / ONE * 10**decimals / ask)


def leads_word(home: Home, campaign: int) -> int | None:
    """How much its lead says was reached: of the lessons, in millionths."""
    filed = (one for one in home.facts(Submission).values() if one.lessons_of == campaign)
    for one in filed:
        found = documents.document(home, one.evidence)
        if isinstance(found, Document) and found.kind == "lesson":
            reached: int | None = found.fields.get("reached")
            return reached
    return None


def _day(text: str) -> int:
    """When a day begins, Unix seconds."""
    return int(datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC).timestamp())


def doubts(home: Home, idea: Document, number: int, seconds: int, is_published: bool) -> list[str]:
    """What would make it hard to tell whether an idea worked that runs so many seconds; nothing without outcomes."""
    if not (has_outcomes(home) and number):
        return []
    ends = round_times(frame(home), number).voting_closes + seconds
    starts = _day(idea.fields["goal"]["date"])
    found = []
    if starts + 86_400 <= ends or starts > ends + GOAL_SECONDS:
        times = {
            "date": idea.fields["goal"]["date"],
            "first": format_time(ends),
            "last": format_time(ends + GOAL_SECONDS),
        }
        found.append(words.word("worth", "odd_date").format(**times))
    if not is_published and documents.published(home, idea.digest) is None:
        found.append(words.word("worth", "unpublished"))
    return found
