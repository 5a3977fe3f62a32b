"""Ideas, ballots and settlement: what can be done with them, and what can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dmo.core import abi
from dmo.core.abi.codec import checksum
from dmo.core.calls import Call, make_call
from dmo.core.chain import Read
from dmo.home.ballots import Ballot, Choice, Domain, SignedBallot, ordered, unpack
from dmo.home.deployment import Dmo
from dmo.home.rounds import Frame, Phase, RoundTimes, round_at, round_times

__all__ = [
    "CastBallot",
    "Clock",
    "Idea",
    "IdeaParams",
    "PostingPower",
    "RoundFacts",
    "Rules",
    "Tally",
    "ballot_of",
    "ballots_of",
    "cast_ballot",
    "cast_signed_ballot",
    "cast_signed_ballots",
    "clock",
    "domain",
    "edit",
    "excluded_accounts",
    "frame",
    "halt",
    "idea",
    "ideas",
    "passing_threshold",
    "post",
    "posting_power",
    "round_facts",
    "rounds_with_ideas",
    "rules",
    "set_rules",
    "settle",
    "settlement_order",
    "withdraw",
]

BOARD = "IdeaBoard"
ZERO = "0x" + "00" * 20
_PAGE = 100


@dataclass(frozen=True)
class IdeaParams:
    """What an author fills in.

    Attributes:
        digest: sha2-256 of the idea's document.
        ask: Budget asked for, fee included, in units of the budget token.
        duration_seconds: Length of the campaign, in seconds.
        fee_bps: The lead's fee as a share of the ask, in bps.
        lead: Who will run it; None for the author.
        builds_on: (round, number) of the idea it builds on, if any.
    """

    digest: bytes
    ask: int
    duration_seconds: int
    fee_bps: int = 0
    lead: str | None = None
    builds_on: tuple[int, int] | None = None

    def as_tuple(self) -> tuple[bytes, int, str, int, int, int, int]:
        """As the board takes it."""
        on_round, on_number = self.builds_on or (0, 0)
        lead = self.lead or ZERO
        return self.digest, self.ask, lead, self.duration_seconds, self.fee_bps, on_round, on_number


@dataclass(frozen=True)
class Rules:
    """The rules of a round; cap in units of the budget token, shares in bps."""

    cap: int
    passing_bps: int
    posting_bps: int

    @property
    def ask_min(self) -> int:
        """The smallest ask: 1 % of the cap, rounded up."""
        return -(-self.cap // 100)

    @property
    def ask_max(self) -> int:
        """The largest ask: a third of the cap."""
        return self.cap // 3


@dataclass(frozen=True)
class RoundFacts:
    """A round's stored facts.

    Attributes:
        round: The round.
        threshold: Before the first ballot the posting threshold, then the passing threshold
            (units of the votes token).
        ideas: Numbers given so far.
        passing: How many ideas pass now.
        previous: The round with ideas before this one; 0 for none.
        is_vote_begun: A ballot was cast.
        is_settled: It was settled.
    """

    round: int
    threshold: int
    ideas: int
    passing: int
    previous: int
    is_vote_begun: bool
    is_settled: bool


@dataclass(frozen=True)
class Tally:
    """Votes for and against, in units of the votes token; version 1 is the first."""

    for_votes: int
    against_votes: int
    version: int
    is_withdrawn: bool
    is_passing: bool

    @property
    def net(self) -> int:
        """For less against."""
        return self.for_votes - self.against_votes


@dataclass(frozen=True)
class Idea:
    """An idea with its tally; ask in units of the budget token."""

    round: int
    number: int
    digest: bytes
    author: str
    ask: int
    lead: str
    duration_seconds: int
    fee_bps: int
    builds_on: tuple[int, int] | None
    tally: Tally

    @property
    def fee(self) -> int:
        """The lead's whole fee."""
        return self.ask * self.fee_bps // 10_000


@dataclass(frozen=True)
class Clock:
    """What the rounds are at now.

    Attributes:
        now: The chain's clock, Unix seconds.
        frame: What never changes.
        posting: The round being posted; None before the origin.
        voting: The round being voted on, if any.
        settling: The rounds that can be settled, the earliest first.
    """

    now: int
    frame: Frame
    posting: RoundTimes | None
    voting: RoundTimes | None
    settling: tuple[RoundTimes, ...]


@dataclass(frozen=True)
class PostingPower:
    """How many ideas an account can still post in the current round (units of the votes token)."""

    round: int
    power: int
    threshold: int
    posted: int

    @property
    def left(self) -> int:
        """Ideas that can still be posted."""
        return max(self.power // self.threshold - self.posted, 0) if self.threshold else 0


# ── actions ─────────────────────────────────────────────────────────────────────────────────────


def _act(dmo: Dmo, function: str, arguments: Sequence[Any], description: str) -> Call:
    return make_call(BOARD, dmo.address(BOARD), function, arguments, description)


def post(dmo: Dmo, params: IdeaParams, title: str = "") -> Call:
    """Post an idea in the current round."""
    what = f"the idea “{title}”" if title else "an idea"
    return _act(dmo, "post", [params.as_tuple()], f"Post {what}")


def edit(dmo: Dmo, round_number: int, number: int, params: IdeaParams) -> Call:
    """Replace one's idea by a new version, which takes a new number."""
    text = f"Replace idea {number} of round {round_number} by a new version"
    return _act(dmo, "edit", [round_number, number, params.as_tuple()], text)


def withdraw(dmo: Dmo, round_number: int, number: int) -> Call:
    """Withdraw one's idea."""
    return _act(
        dmo, "withdraw", [round_number, number], f"Withdraw idea {number} of round {round_number}"
    )


def cast_ballot(dmo: Dmo, round_number: int, choices: Iterable[Choice]) -> Call:
    """Cast one's whole ballot of a round; it replaces the earlier one, and empty takes it back.

    Raises:
        BadInput: The choices cannot stand on one ballot.
    """
    whole = ordered(choices)
    shown = " ".join(map(str, whole)) or "nothing (take the ballot back)"
    values = [choice.value for choice in whole]
    return _act(dmo, "castBallot", [round_number, values], f"Vote in round {round_number}: {shown}")


def cast_signed_ballots(dmo: Dmo, ballots: Sequence[SignedBallot]) -> Call:
    """Cast ballots that voters signed; bad ones are skipped."""
    return _act(
        dmo,
        "castBallotsBySig",
        [[ballot.as_tuple() for ballot in ballots]],
        f"Cast {len(ballots)} signed ballots",
    )


def cast_signed_ballot(dmo: Dmo, ballot: SignedBallot) -> Call:
    """Cast one ballot that its voter signed; a bad one is refused with the reason."""
    text = f"Cast the ballot that {ballot.ballot.voter} signed"
    return _act(dmo, "castBallotBySig", [ballot.as_tuple()], text)


def settle(dmo: Dmo, round_number: int, numbers: Sequence[int]) -> Call:
    """Settle a round, given all passing ideas in order (see settlement_order)."""
    text = f"Settle round {round_number} with {len(numbers)} passing ideas"
    return _act(dmo, "settle", [round_number, list(numbers)], text)


def set_rules(dmo: Dmo, new_rules: Rules) -> Call:
    """Set the rules of rounds whose posting has not begun; for governance."""
    values = (new_rules.cap, new_rules.passing_bps, new_rules.posting_bps)
    return _act(
        dmo,
        "setRules",
        [values],
        f"Set the board's rules: cap {new_rules.cap} units, passing {new_rules.passing_bps} bps, "
        f"posting {new_rules.posting_bps} bps",
    )


def halt(dmo: Dmo) -> Call:
    """Stop new ideas for one round; for the guardian."""
    return _act(dmo, "halt", [], "Stop new ideas for one round")


# ── reads ───────────────────────────────────────────────────────────────────────────────────────


def frame(dmo: Dmo) -> Frame:
    """What never changes of the board."""
    return Frame(**dmo.record(BOARD, "frame"))


def clock(dmo: Dmo, now: int | None = None) -> Clock:
    """What the rounds are at; now is the chain's clock unless given (Unix seconds)."""
    fixed = frame(dmo)
    moment = dmo.chain.now() if now is None else now
    current = round_at(fixed, moment)
    earlier = [round_times(fixed, number) for number in range(max(current - 3, 1), current)]
    return Clock(
        moment,
        fixed,
        round_times(fixed, current) if current else None,
        next((times for times in earlier if times.phase(moment) is Phase.VOTING), None),
        tuple(times for times in earlier if times.phase(moment) is Phase.SETTLING),
    )


def rules(dmo: Dmo, round_number: int) -> Rules:
    """The rules of a round."""
    return Rules(**dmo.record(BOARD, "rulesOf", round_number))


def round_facts(dmo: Dmo, round_number: int) -> RoundFacts:
    """A round's stored facts."""
    return RoundFacts(round_number, **dmo.record(BOARD, "roundOf", round_number))


def rounds_with_ideas(dmo: Dmo) -> list[RoundFacts]:
    """All rounds with ideas, the latest first."""
    found: list[RoundFacts] = []
    number = int(dmo.read(BOARD, "latestRound"))
    while number:
        found.append(round_facts(dmo, number))
        number = found[-1].previous
    return found


def _idea(round_number: int, number: int, raw: Mapping[str, Any], tally: Mapping[str, Any]) -> Idea:
    facts = dict(raw)
    on_round, on_number = facts.pop("builds_on_round"), facts.pop("builds_on_number")
    builds_on = (on_round, on_number) if on_round else None
    return Idea(round_number, number, **facts, builds_on=builds_on, tally=Tally(**tally))


def idea(dmo: Dmo, round_number: int, number: int) -> Idea:
    """One idea.

    Raises:
        Refused: There is no such idea.
    """
    board = dmo.address(BOARD)
    raw, tally = dmo.chain.read(
        [
            Read(BOARD, board, "ideaOf", (round_number, number)),
            Read(BOARD, board, "tallyOf", (round_number, number)),
        ]
    )
    facts = abi.named(BOARD, "ideaOf", raw)
    return _idea(round_number, number, facts, abi.named(BOARD, "tallyOf", tally))


def ideas(dmo: Dmo, round_number: int) -> list[Idea]:
    """All ideas of a round with their tallies, in the order of numbers."""
    found: list[Idea] = []
    start = 1
    while start:
        page, start = dmo.record("Lens", "ideas", round_number, start, _PAGE)
        found += [_idea(round_number, raw["number"], raw["idea"], raw["tally"]) for raw in page]
    return found


def settlement_order(ideas_of_round: Iterable[Idea]) -> list[int]:
    """Numbers of the passing ideas, net support falling, ties the lower number first."""
    passing = [
        idea for idea in ideas_of_round if idea.tally.is_passing and not idea.tally.is_withdrawn
    ]
    return [
        idea.number for idea in sorted(passing, key=lambda idea: (-idea.tally.net, idea.number))
    ]


def passing_threshold(dmo: Dmo, round_number: int) -> int:
    """For less against that an idea needs, in votes units; known once the vote opens."""
    return int(dmo.read(BOARD, "passingThreshold", round_number))


def posting_power(dmo: Dmo, account: str) -> PostingPower | None:
    """What an account can post in the current round; None before the origin."""
    board = dmo.address(BOARD)
    current = int(dmo.read(BOARD, "currentRound"))
    if not current:
        return None
    power, threshold, posted = dmo.chain.read(
        [
            Read(BOARD, board, "postingPower", (account, current)),
            Read(BOARD, board, "postingThreshold", (current,)),
            Read(BOARD, board, "postedBy", (account, current)),
        ]
    )
    return PostingPower(current, power, threshold, posted)


def excluded_accounts(dmo: Dmo) -> list[str]:
    """Accounts that have no part in votes."""
    return list(dmo.read(BOARD, "excludedAccounts"))


def ballot_of(dmo: Dmo, voter: str) -> Ballot:
    """A voter's latest ballot; round 0 if there is none."""
    number, at, values = dmo.read(BOARD, "ballotOf", voter)
    return Ballot(checksum(voter), number, at, tuple(map(Choice.of, values)))


@dataclass(frozen=True)
class CastBallot:
    """A ballot as it was cast: votes in units of the votes token, block and transaction."""

    ballot: Ballot
    votes: int
    block: int
    tx: str


def ballots_of(
    dmo: Dmo, round_number: int | None = None, voter: str | None = None
) -> list[CastBallot]:
    """All ballots cast, replaced ones included, in the order of the chain."""
    found = []
    for event in dmo.events(BOARD, "BallotCast", round=round_number, voter=voter):
        number, at, values = unpack(event.arguments["words"])
        ballot = Ballot(event.arguments["voter"], number, at, tuple(map(Choice.of, values)))
        found.append(CastBallot(ballot, event.arguments["votes"], event.block, event.tx))
    return found


def domain(dmo: Dmo) -> Domain:
    """The EIP-712 domain of the board, as the board itself states it (ERC-5267)."""
    _, name, version, chain_id, board, _, _ = dmo.read(BOARD, "eip712Domain")
    return Domain(name, version, chain_id, board)
