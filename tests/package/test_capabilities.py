"""Rounds, ideas, ballots, points, proposals and documents, told by events and by a table of views.

clock
  given a moment of every phase -> test_rounds_are_cut_from_time
ideas
  given more than a page -> test_ideas_are_read_page_by_page
  given votes -> test_ideas_are_settled_by_net_support
  given what became of one -> test_an_idea_tells_what_became_of_it
  given a reference that is none -> test_bad_references_are_refused
ballots
  given a ballot -> test_a_ballot_is_read_from_the_board
  given words of a person -> test_choices_are_read
  given words that are no choices -> test_bad_choices_are_refused
  given ballots that are replaced -> test_only_turned_choices_count_as_changed
posting
  given power for three ideas, one posted -> test_two_ideas_are_left_to_post
due
  given a settlement that is due -> test_a_settlement_is_due_for_anybody
  given cap, pool and gas of a settlement -> test_a_settlement_goes_as_far_as_cap_pool_and_gas
points
  given awards -> test_points_are_ranked
proposals
  given a proposal -> test_a_proposal_tells_its_calls_in_words
  given its vote is late, or is not -> test_late_only_a_vote_against_is_due
  given it is over -> test_nothing_is_asked_of_a_proposal_that_is_over
  given its content -> test_a_proposal_has_the_governors_number
  given it waits in the treasury -> test_a_proposal_is_stopped_by_its_operation
  given no act, or one that is none -> test_only_acts_are_proposed
documents
  given a text on the chain -> test_a_document_is_found_on_the_chain_and_kept
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import eth_abi
import pytest
from eth_utils import keccak

from dmo.capabilities import documents, governance, ledger, rounds, tokens
from dmo.capabilities.ballots import CHOICES, CastBallot, ballot_of
from dmo.capabilities.governance import Propose, proposal_id, proposals
from dmo.capabilities.ideas import IDEA, Idea, idea_row, ideas, order_of
from dmo.capabilities.rounds import Settle, clock, posting_left
from dmo.core import act, engine
from dmo.core.abi.codec import checksum
from dmo.core.digests import digest
from dmo.core.errors import BadInput
from dmo.home.ballots import Pick, pack
from dmo.home.home import Home
from tests.support import node as table
from tests.support.calls import ZERO, call
from tests.support.home import Told, at_home
from tests.support.node import ADDRESSES, OFFLINE, Node

ALICE, BOB = checksum(table.ALICE), checksum(table.BOB)
D = b"\x07" * 32
ORIGIN, LENGTH = 1_000_000, 100
INNER = call(OFFLINE, "CampaignEscrow", "withdrawPool", 5)

Opened = Callable[..., Home]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Homes of an account, by what they were told."""

    def open_(node: Node, *told: Told, account: str | None = None) -> Home:
        return at_home(tmp_path, monkeypatch, node, told, account)

    return open_


def board(now: int) -> Node:
    """A node whose rounds take a hundred seconds, at a moment."""
    node = Node()
    node.now = now
    node.view("IdeaBoard", "frame", lambda: (ORIGIN, LENGTH, 10, 1, 1))
    return node


# ── rounds and ideas ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "posting", "voting"),
    [(999_999, None, None), (1_000_000, 1, None), (1_000_100, 2, 1), (1_000_200, 3, 2), (1_000_450, 5, 4)],
)
def test_rounds_are_cut_from_time(opened: Opened, now: int, posting: int | None, voting: int | None) -> None:
    found = clock(opened(board(now)))
    assert (found.posting and found.posting.round) == posting
    assert (found.voting and found.voting.round) == voting


def posted(number: int, ask: int = 900) -> Told:
    idea = (D, ask, BOB, 60, 500, 0, 0)
    names = ("digest", "ask", "lead", "durationSeconds", "feeBps", "buildsOnRound", "buildsOnNumber")
    told = {"round": 1, "number": number, "author": ALICE, "version": 1}
    return "IdeaBoard.IdeaPosted", {**told, **dict(zip(names, idea, strict=True))}


def row(number: int, in_favour: int, against: int, *, passing: bool, withdrawn: bool = False) -> Any:
    idea = (D, ALICE, 900, BOB, 60, 500, 0, 0)
    return (number, idea, (in_favour, against, 1, withdrawn, passing))


def test_ideas_are_read_page_by_page(opened: Opened) -> None:
    node, asked = board(ORIGIN), []

    def page(round_number: int, start: int, count: int) -> Any:
        asked.append((round_number, start))
        numbers = range(start, min(start + count, 202))
        return [row(number, number, 0, passing=True) for number in numbers], 0

    node.view("Lens", "ideas", page)
    found = ideas(opened(node, *(posted(number) for number in range(1, 202))), 1)
    assert asked == [(1, 1), (1, 201)]
    assert [one.for_votes for one in found] == list(range(1, 202))
    assert (found[0].lead, found[0].builds_on, found[0].net) == (BOB, None, 1)


def test_ideas_are_settled_by_net_support(opened: Opened) -> None:
    node = board(ORIGIN)
    rows = [
        row(1, 10, 0, passing=True),
        row(2, 20, 5, passing=True),
        row(3, 15, 5, passing=True),
        row(4, 99, 99, passing=False),
        row(5, 99, 0, passing=True, withdrawn=True),
    ]
    node.view("Lens", "ideas", lambda *_: (rows, 0))
    found = ideas(opened(node, *(posted(number) for number in range(1, 6))), 1)
    assert order_of(found) == [2, 1, 3]


@pytest.mark.parametrize(
    ("campaign", "passing", "is_settled", "is_past", "is_withdrawn", "expected"),
    [
        (3, True, True, False, False, "funded"),
        (None, True, True, False, False, "did_not_fit"),
        (None, False, True, True, False, "fell_short"),
        (None, True, False, True, False, "lapsed"),
        (None, True, False, False, False, "passing"),
        (None, False, False, False, False, ""),
        (None, True, True, True, True, "withdrawn"),
    ],
)
def test_an_idea_tells_what_became_of_it(
    opened: Opened,
    campaign: int | None,
    passing: bool,
    is_settled: bool,
    is_past: bool,
    is_withdrawn: bool,
    expected: str,
) -> None:
    sums = {"budget": 5, "assigned": 5, "passing": 1, "funded": 1}
    told = [("IdeaBoard.RoundSettled", {"round": 1, **sums})] if is_settled else []
    home = opened(board(ORIGIN + (9 if is_past else 2) * LENGTH), *told)
    one = Idea(1, 7, ALICE, D, 900, BOB, 60, 500, 0, 0, 1, campaign, is_withdrawn, is_passing=passing)
    row_ = idea_row(home, one, [5, 7])
    assert (row_["state"], row_["place"], row_["fee"]) == (expected, "2.", 45)


@pytest.mark.parametrize("text", ["3", "3/", "0/1", "3/0", "a/b", "3/7/1", "3-7"])
def test_bad_references_are_refused(opened: Opened, text: str) -> None:
    home = opened(Node())
    assert IDEA.read(home, "3/7") == (3, 7)
    with pytest.raises(BadInput, match="no idea"):
        IDEA.read(home, text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["3", "+1", "−2"], (3, "+1 -2")), (["+1", "-2"], (None, "+1 -2")), (["3"], (3, "")), ([], (None, ""))],
)
def test_choices_are_read(opened: Opened, texts: list[str], expected: tuple[int | None, str]) -> None:
    number, found = CHOICES.read(opened(Node()), texts)
    assert (number, " ".join(map(str, found))) == expected


@pytest.mark.parametrize(
    "texts", [["+0"], ["x"], ["+1", "3"], ["++1"], ["+1.5"], ["+123456"], ["+1/5", "+2/1"], ["2", "+1/5"]]
)
def test_bad_choices_are_refused(opened: Opened, texts: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        act.read(CastBallot, opened(Node()), {"choices": texts})
    assert caught.value.field == "choices"


def test_a_ballot_is_read_from_the_board(opened: Opened) -> None:
    node = Node()
    node.view("IdeaBoard", "ballotOf", lambda _: (3, 77, [1], [2]))
    found = ballot_of(opened(node), ALICE)
    assert (found.round, found.at, found.choices) == (3, 77, (Pick(1, True), Pick(2, False)))


def test_only_turned_choices_count_as_changed(opened: Opened) -> None:
    def cast(voter: str, *values: int, number: int = 1) -> Told:
        told = {"voter": voter, "round": number, "votes": 5, "words": pack(number, 77, list(values))}
        return "IdeaBoard.BallotCast", told

    told = [
        cast(ALICE, 3, 5),
        cast(BOB, 3),
        cast(ALICE, 2, 5, 7),  # 1 turned, 3 added
        cast(BOB, 3, 4),  # 2 added
        cast(ALICE, 2),  # taken away
        cast(ALICE, 3, number=2),  # of another round
    ]
    assert ledger._rounds(opened(Node(), *told), [])[-1] == 1


def test_two_ideas_are_left_to_post(opened: Opened) -> None:
    node = board(ORIGIN + LENGTH)
    node.view("IdeaBoard", "postingPower", lambda *_: 35)
    node.view("IdeaBoard", "postingThreshold", lambda *_: 10)
    node.view("IdeaBoard", "postedBy", lambda *_: 1)
    assert posting_left(opened(node), ALICE) == (2, 2)
    assert posting_left(opened(board(ORIGIN - 1)), ALICE) is None


def settling(asks: list[int], *, pool: int, walked: int = 0, assigned: int = 0) -> Node:
    """A node whose first round is settled: ideas ask for so much, the later with more support; the cap is 100."""
    node = board(ORIGIN + 2 * LENGTH)
    node.view("Lens", "settlementDue", lambda: 1)
    found = [row(n, n, 0, passing=True) for n in range(1, len(asks) + 1)]
    node.view("Lens", "ideas", lambda _, start, count: (found[start - 1 : start - 1 + count], 0))
    node.view("IdeaBoard", "roundOf", lambda _: (1, 1, len(asks), len(asks), 0, walked, 0, assigned, True, False))
    node.view("IdeaBoard", "rulesOf", lambda _: (100, 400, 10))
    node.view("CampaignEscrow", "poolFree", lambda: pool)
    return node


@pytest.mark.parametrize(
    ("asks", "pool", "walked", "assigned", "expected"),
    [
        ([30, 30], 100, 0, 0, (0, 0)),
        ([30, 30], 30, 0, 0, (0, 0)),  # pays the first
        ([30, 30], 29, 0, 0, (0, 1)),
        ([30, 40], 35, 1, 80, (0, 0)),  # the cap has no room for the last, so the pool need not pay it
        ([10, 40], 9, 1, 80, (0, 1)),
        ([1] * 4_000, 0, 100, 100, (0, 0)),  # nothing has room any more
        ([1] * 4_000, 100, 0, 0, (24, 0)),  # a transaction's gas
    ],
)
def test_a_settlement_goes_as_far_as_cap_pool_and_gas(
    opened: Opened, asks: list[int], pool: int, walked: int, assigned: int, expected: tuple[int, int]
) -> None:
    node = settling(asks, pool=pool, walked=walked, assigned=assigned)
    home = opened(node, *(posted(n, ask=ask) for n, ask in enumerate(asks, 1)))
    found = rounds.settlement(home, 1)
    assert found.order == list(range(len(asks), 0, -1))
    assert (found.most, found.missing) == expected
    assert bool(list(rounds._due(home, None))) is not bool(found.missing)


def test_a_settlement_is_due_for_anybody(opened: Opened) -> None:
    node = settling([5, 5], pool=100)
    home = opened(node, posted(1), posted(2))
    (item,) = rounds._due(home, None)
    assert item.acts == (Settle(1),)
    assert item.until == ORIGIN + 4 * LENGTH
    (step,) = engine.plan(home, item.acts[0]).steps
    assert step.call.decoded() == ("settle", {"round": 1, "numbers": [2, 1], "most": 0})
    node.view("Lens", "settlementDue", lambda: 0)
    assert list(rounds._due(opened(node), None)) == []


# ── points, proposals, documents ────────────────────────────────────────────────────────────────


def test_points_are_ranked(opened: Opened) -> None:
    node = Node()
    node.now, now = 50, {ALICE: 5, BOB: 8}
    node.view("Reputation", "getVotes", lambda who: now[who])
    awards = [
        ("Reputation.PointsAwarded", {"account": who, "pointsWad": 10, "countsFrom": start})
        for who, start in ((ALICE, 1), (BOB, 50), (ALICE, 51))
    ]
    first, second = tokens.standings(opened(node, *awards))
    assert first == tokens.Standing(1, BOB, points=8, pending=0, earned=10)
    assert second == tokens.Standing(2, ALICE, points=5, pending=10, earned=20)


def test_a_proposal_tells_its_calls_in_words(opened: Opened) -> None:
    node = Node()
    number = proposal_id([INNER], "# T\nmore")
    created = {
        "proposalId": number,
        "proposer": ALICE,
        "targets": [INNER.to, ZERO],
        "values": [0, 3],
        "calldatas": [INNER.data, b"\1\2\3\4"],
        "voteStart": 1,
        "voteEnd": 2,
        "description": "# T\nmore",
    }
    state = [4]
    for view, answer in (("symbol", "PLAY"), ("decimals", 6)):
        node.view("ERC20", view, lambda answer=answer: answer, address=ADDRESSES["BudgetToken"].lower())
    node.view("HolderGovernor", "state", lambda _: state[0])
    node.view("HolderGovernor", "lateFrom", lambda _: 7)
    node.view("HolderGovernor", "expiresAt", lambda _: 9)
    node.view("HolderGovernor", "proposalVotes", lambda _: (1, 2, 3))
    home = opened(node, ("HolderGovernor.ProposalCreated", created))
    (one,) = proposals(home)
    assert (one.title, one.state, one.place) == ("T", "succeeded", 1)
    assert (one.against, one.in_favour, one.abstain) == (1, 2, 3)
    known, unknown = one.calls(home)
    assert known.description == "Send 0.000005 PLAY from the pool to the treasury"
    assert "0x01020304, sending 0.000000000000000003 ETH along" in unknown.description
    assert (one.late_from, one.expires_at) == (7, 9)
    for who in (ALICE, None):
        assert [(item.command, item.until) for item in governance._due(home, who)] == [("govern queue 1", 9)]
    state[0] = 6
    home = opened(node, ("HolderGovernor.ProposalCreated", created))
    assert [one.state for one in proposals(home)] == ["expired"]
    assert list(governance._due(home, ALICE)) == []


def test_nothing_is_asked_of_a_proposal_that_is_over(opened: Opened) -> None:
    node = Node()
    content = {"proposalId": 7, "proposer": ALICE, "targets": [INNER.to], "values": [0], "calldatas": [INNER.data]}
    created = ("HolderGovernor.ProposalCreated", {**content, "voteStart": 1, "voteEnd": 2, "description": "# T"})
    home = opened(node, created)
    assert len([*governance._wanted(home, None)]) == 4
    home = opened(node, created, ("HolderGovernor.ProposalExecuted", {"proposalId": 7}))
    assert governance._wanted(home, None) == list(governance._due(home, None)) == []
    node.now = 2 + 365 * 86_400 + 1
    home = opened(node, created)
    assert governance._wanted(home, None) == list(governance._due(home, None)) == []
    assert "eth_call" not in node.asked


def test_a_proposal_is_stopped_by_its_operation() -> None:
    # hashOperationBatch(targets, values, payloads, 0, bytes20(governor) ^ keccak256(description)), by eth-abi
    salt = (int(ALICE, 16) << 96) ^ int.from_bytes(keccak(text="T"), "big")
    kinds = ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"]
    actions = [[INNER.to], [0], [INNER.data]]
    packed = eth_abi.encode(kinds, [*actions, bytes(32), salt.to_bytes(32, "big")])
    assert governance.operation_id(ALICE, actions, "T") == keccak(packed)


@pytest.mark.parametrize(("late_in", "support"), [(1, "for"), (0, "against")])
def test_late_only_a_vote_against_is_due(opened: Opened, late_in: int, support: str) -> None:
    node = Node()
    content = {"proposalId": 7, "proposer": ALICE, "targets": [INNER.to], "values": [0], "calldatas": [INNER.data]}
    created = {**content, "voteStart": 1, "voteEnd": node.now + 9, "description": "# T"}
    answers = {"state": 1, "lateFrom": node.now + late_in, "expiresAt": node.now + 99, "proposalVotes": (0, 0, 0)}
    for name, answer in answers.items():
        node.view("HolderGovernor", name, lambda _, answer=answer: answer)
    node.view("HolderGovernor", "hasVoted", lambda *_: False)
    node.view("HolderGovernor", "pastWeight", lambda *_: 5)
    home = opened(node, ("HolderGovernor.ProposalCreated", created))
    assert [item.command for item in governance._due(home, ALICE)] == [f"govern vote 1 {support}"]


def test_a_proposal_has_the_governors_number() -> None:
    # keccak256(abi.encode(targets, values, calldatas, keccak256(description))), by eth-abi
    packed = eth_abi.encode(
        ["address[]", "uint256[]", "bytes[]", "bytes32"], [[INNER.to], [0], [INNER.data], keccak(text="T")]
    )
    assert proposal_id([INNER], "T") == int.from_bytes(keccak(packed), "big")


def test_only_acts_are_proposed(opened: Opened, tmp_path: Path) -> None:
    text = tmp_path / "why.md"
    text.write_text("# Take 5 back", "utf-8")
    home = opened(Node(), account=ALICE)
    with pytest.raises(BadInput, match="needs acts") as caught:
        act.read(Propose, home, {"text": str(text), "acts": []})
    assert caught.value.field == "acts"
    for one in ("no act", "campaign recall 5", "status"):
        with pytest.raises(BadInput) as caught:
            act.read(Propose, home, {"text": str(text), "acts": [one]})
        assert caught.value.field == "acts"


def test_a_document_is_found_on_the_chain_and_kept(opened: Opened) -> None:
    raw = b"---\nkind: reason\ntitle: Why\nlang: en\n---\n\nBecause.\n"
    told = {"digest": digest(raw), "publisher": ALICE, "text": raw}
    home = opened(Node(), ("DocumentLog.DocumentPublished", told))
    assert documents.located(home, D) is None
    found = documents.located(home, digest(raw))
    assert found is not None
    assert (found[0].title, found[1]) == ("Why", "chain")
    assert home.store.get(digest(raw)) == raw
    again = documents.located(opened(Node()), digest(raw))
    assert again is not None
    assert again[1] == "store"
    assert ADDRESSES["DocumentLog"] == documents.publication(home, found[0]).to.lower()
