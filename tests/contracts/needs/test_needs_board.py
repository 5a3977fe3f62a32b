"""NeedsBoard: it keeps nothing, so a need, a list and an answer are right or wrong by themselves.

post
  when no need is named -> test_reverts_when_no_need_is_named
  when a need is named
    it emits need and author, as often as anybody says so -> test_anybody_posts_a_need
back
  when more than eight needs are named -> test_reverts_when_a_list_is_too_long
  when needs and parts differ in number -> test_reverts_when_needs_and_parts_differ
  when a need is zero, named again or out of order -> test_repeated_need_reverts
  when a need gets nothing -> test_reverts_when_a_need_gets_nothing
  when the parts make more than a hundred -> test_list_over_hundred_reverts
  when the list is right
    it emits holder, needs and parts -> test_backs_up_to_eight_needs
  when the list is empty
    it emits an empty one -> test_an_empty_list_takes_back
answer
  when the caller has no role -> test_only_core_answers
  when need or answer is missing -> test_reverts_when_nothing_is_answered
  when it merges into nothing, or into itself -> test_reverts_when_merged_into_no_other
  when it is right
    it emits all of it -> test_the_team_answers
"""

from __future__ import annotations

import pytest

from tests.support.reverts import reverts

attack = pytest.mark.attack

CORE = 7
NONE = "0x" + "00" * 32
PLANNED, IN_PROGRESS, DONE, DECLINED, MERGED = range(1, 6)


def need(number):
    return "0x" + f"{number:064x}"


@pytest.fixture(scope="module")
def team(accounts):
    return accounts[1]


@pytest.fixture(scope="module")
def holder(accounts):
    return accounts[2]


@pytest.fixture(scope="module")
def needs(AccessManager, NeedsBoard, accounts, team):
    by = {"from": accounts[0]}
    manager = AccessManager.deploy(accounts[0], by)
    board = NeedsBoard.deploy(manager, by)
    manager.setTargetFunctionRole(board, [board.answer.signature], CORE, by)
    manager.grantRole(CORE, team, 0, by)
    return board


def test_reverts_when_no_need_is_named(needs, holder):
    with reverts(needs, "NeedsBoardNoNeed"):
        needs.post(NONE, {"from": holder})


def test_anybody_posts_a_need(needs, holder, stranger):
    for who in (holder, stranger, holder):
        (event,) = needs.post(need(1), {"from": who}).events["NeedPosted"]
        assert dict(event) == {"need": need(1), "author": who}


def test_reverts_when_a_list_is_too_long(needs, holder):
    with reverts(needs, "NeedsBoardTooMany", 9, 8):
        needs.back([need(n) for n in range(1, 10)], [1] * 9, {"from": holder})


@pytest.mark.parametrize("parts", [[50], [50, 25, 25]])
def test_reverts_when_needs_and_parts_differ(needs, holder, parts):
    with reverts(needs, "NeedsBoardListsDiffer", 2, len(parts)):
        needs.back([need(1), need(2)], parts, {"from": holder})


@attack("need-named-again")
@pytest.mark.parametrize("named", [[1, 1], [1, 2, 2], [2, 1], [0]])
def test_repeated_need_reverts(needs, holder, named):
    with reverts(needs, "NeedsBoardNotAscending", need(named[-1]), need([0, *named][-2])):
        needs.back([need(n) for n in named], [20] * len(named), {"from": holder})


def test_reverts_when_a_need_gets_nothing(needs, holder):
    with reverts(needs, "NeedsBoardNoPart", need(2)):
        needs.back([need(1), need(2)], [1, 0], {"from": holder})


@attack("list-over-a-hundred")
@pytest.mark.parametrize("parts", [[101], [1, 100], [255] * 8])
def test_list_over_hundred_reverts(needs, holder, parts):
    with reverts(needs, "NeedsBoardTooMuch", sum(parts), 100):
        needs.back([need(n + 1) for n in range(len(parts))], parts, {"from": holder})


@pytest.mark.parametrize("parts", [[1], [100], [99, 1], [13] * 7 + [9]])
def test_backs_up_to_eight_needs(needs, holder, parts):
    named = [need(n + 1) for n in range(len(parts))]
    (event,) = needs.back(named, parts, {"from": holder}).events["NeedsBacked"]
    assert event["holder"] == holder
    assert [str(one) for one in event["needs"]] == named
    assert list(event["percents"]) == parts


def test_an_empty_list_takes_back(needs, holder):
    (event,) = needs.back([], [], {"from": holder}).events["NeedsBacked"]
    assert dict(event) == {"holder": holder, "needs": (), "percents": ()}


@attack("answer-by-a-stranger")
def test_only_core_answers(needs, accounts, holder, stranger):
    # Not even who grants the role, as long as that one has not granted it to itself.
    for who in (holder, stranger, accounts[0]):
        with reverts(needs, "AccessManagedUnauthorized", who):
            needs.answer(need(1), DONE, 0, 0, NONE, {"from": who})


def test_reverts_when_nothing_is_answered(needs, team):
    with reverts(needs, "NeedsBoardNoNeed"):
        needs.answer(NONE, DONE, 0, 0, NONE, {"from": team})
    with reverts(needs, "NeedsBoardNoAnswer"):
        needs.answer(need(1), 0, 0, 0, NONE, {"from": team})


@pytest.mark.parametrize("target", [NONE, need(1)])
def test_reverts_when_merged_into_no_other(needs, team, target):
    with reverts(needs, "NeedsBoardNoTarget", need(1), target):
        needs.answer(need(1), MERGED, 0, 0, target, {"from": team})


@pytest.mark.parametrize("what", [PLANNED, IN_PROGRESS, DONE, DECLINED, MERGED])
def test_the_team_answers(needs, team, what):
    tx = needs.answer(need(1), what, 2**32 - 1, 65_535, need(2), {"from": team})
    (event,) = tx.events["NeedAnswered"]
    told = {"answer": what, "eta": 2**32 - 1, "effortDays": 65_535, "reason": need(2)}
    assert dict(event) == {"need": need(1), "by": team, **told}
