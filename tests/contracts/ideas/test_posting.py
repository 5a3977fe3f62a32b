"""IdeaBoard: ideas.

post
  when now < origin -> test_post_reverts_before_origin
  when the author is excluded -> test_post_reverts_when_excluded
  when a field is out of bounds -> test_post_reverts_when_field_out_of_bounds
  when it builds on no idea -> test_post_reverts_when_built_on_nothing
  when it is the round's first -> test_post_opens_the_round
  when fields are at their bounds -> test_post_takes_fields_at_their_bounds
  given a cap that neither 100 nor 3 divides -> test_bounds_of_the_ask_are_rounded_inwards
  when it builds on an idea -> test_post_builds_on_an_idea
  given rounds without ideas in between -> test_rounds_are_linked
  given the round holds 65,535 ideas
    when one more is posted -> test_post_reverts_when_round_full
    the last is an idea like any other -> test_last_idea_of_a_full_round_is_like_any_other
posting power
  given whole thresholds of power -> test_one_idea_per_whole_threshold
  given votes at one of the two instants only -> test_power_is_the_smaller_of_two_instants
  given any votes at the two instants -> test_power_follows_the_model
  given a withdrawn idea -> test_withdrawing_gives_no_slot_back
edit
  when there is no such idea -> test_edit_reverts_when_unknown
  when the caller is not the author -> test_edit_reverts_when_not_author
  when the idea was replaced -> test_edit_reverts_when_withdrawn
  when the vote has opened -> test_edit_reverts_when_frozen
  when a field is out of bounds -> test_edit_reverts_when_field_out_of_bounds
  when it is the fourth edit -> test_edit_reverts_after_four_versions
  when all is well -> test_edit_replaces_by_a_new_number
withdraw
  when there is no such idea -> test_withdraw_reverts_when_unknown
  when the caller is not the author -> test_withdraw_reverts_when_not_author
  when it was withdrawn -> test_withdraw_reverts_when_withdrawn
  given the first and the last second -> test_withdraw_is_open_until_the_vote
views
  when there is no such idea -> test_views_revert_when_unknown
"""

from __future__ import annotations

import pytest
from brownie import web3
from brownie.test import given
from hypothesis import strategies as st

from tests.support import boards, clock
from tests.support.models import board as model
from tests.support.reverts import reverts


def test_post_reverts_before_origin(world):
    clock.mine_at(world.calendar.origin - 10)
    clock.set_next(world.calendar.origin - 1)
    with reverts(world.board, "IdeaBoardNotStarted", world.calendar.origin - 1, world.calendar.origin):
        world.post(world.ana)
    clock.set_next(world.calendar.origin)
    assert world.post(world.ana).return_value == 1


def test_post_reverts_when_excluded(posting):
    with reverts(posting.board, "ElectorateExcluded", posting.treasury):
        posting.post(posting.treasury)


MIN_ASK, MAX_ASK = model.ask_bounds(boards.CAP)
YEAR = 365 * boards.DAY
TWO_ROUNDS = 2 * boards.LENGTH
BAD_FIELDS = [
    ({"digest": "0x" + "00" * 32}, ("IdeaBoardNoDigest",)),
    ({"ask": MIN_ASK - 1}, ("IdeaBoardAskOutOfBounds", MIN_ASK - 1, MIN_ASK, MAX_ASK)),
    ({"ask": MAX_ASK + 1}, ("IdeaBoardAskOutOfBounds", MAX_ASK + 1, MIN_ASK, MAX_ASK)),
    ({"fee": 3001}, ("IdeaBoardFeeTooHigh", 3001, 3000)),
    ({"duration": TWO_ROUNDS - 1}, ("IdeaBoardDurationOutOfBounds", TWO_ROUNDS - 1, TWO_ROUNDS, YEAR)),
    ({"duration": YEAR + 1}, ("IdeaBoardDurationOutOfBounds", YEAR + 1, TWO_ROUNDS, YEAR)),
]


@pytest.mark.parametrize(("changes", "error"), BAD_FIELDS)
def test_post_reverts_when_field_out_of_bounds(posting, changes, error):
    with reverts(posting.board, *error):
        posting.post(posting.ana, **changes)


@pytest.mark.parametrize("place", [(1, 1), (0, 1), (1, 0), (2, 1)])
def test_post_reverts_when_built_on_nothing(posting, place):
    with reverts(posting.board, "IdeaBoardUnknownIdea", *place):
        posting.post(posting.ana, builds_on=place)


def test_post_opens_the_round(posting):
    board = posting.board
    tx = posting.post(posting.ana, lead=posting.dewi.address)
    assert tx.return_value == 1
    assert tx.events["IdeaPosted"] == {
        "round": 1,
        "number": 1,
        "author": posting.ana,
        "digest": boards.DIGEST,
        "ask": boards.ASK,
        "lead": posting.dewi,
        "durationSeconds": 30 * boards.DAY,
        "feeBps": 1000,
        "buildsOnRound": 0,
        "buildsOnNumber": 0,
        "replaces": 0,
        "version": 1,
    }
    assert board.ideaOf(1, 1) == (boards.DIGEST, posting.ana, boards.ASK, posting.dewi, 30 * boards.DAY, 1000, 0, 0)
    assert board.tallyOf(1, 1) == (0, 0, 1, False, False)
    assert board.roundOf(1) == (boards.POSTING, 1, 1, 0, 0, 0, 0, 0, False, False)
    assert board.latestRound() == 1
    assert board.postedBy(posting.ana, 1) == 1
    assert board.postedBy(posting.ana, 2) == 0 == board.postedBy(posting.budi, 1)


def test_post_takes_fields_at_their_bounds(posting):
    posting.post(posting.ana, ask=MIN_ASK, fee=0, duration=TWO_ROUNDS)
    posting.post(posting.ana, ask=MAX_ASK, fee=3000, duration=YEAR)
    assert posting.board.ideaOf(1, 1)["lead"] == posting.ana
    assert posting.board.roundOf(1)["ideas"] == 2


def test_bounds_of_the_ask_are_rounded_inwards(world):
    world.board.setRules((101, boards.PASSING_BPS, boards.POSTING_BPS), {"from": world.deployer})
    world.to_posting()
    for ask in (1, 34):
        with reverts(world.board, "IdeaBoardAskOutOfBounds", ask, 2, 33):
            world.post(world.ana, ask=ask)
    for ask in (2, 33):
        world.post(world.ana, ask=ask)


def test_post_builds_on_an_idea(posting):
    posting.post(posting.ana)
    posting.post(posting.ana, builds_on=(1, 1))
    idea = posting.board.ideaOf(1, 2)
    assert (idea["buildsOnRound"], idea["buildsOnNumber"]) == (1, 1)
    posting.to_posting(2)
    tx = posting.post(posting.budi, builds_on=(1, 2))
    assert tx.events["IdeaPosted"]["buildsOnNumber"] == 2


def test_rounds_are_linked(posting):
    for number in (1, 2, 5):
        posting.to_posting(number)
        posting.post(posting.ana)
        posting.post(posting.budi)
        assert posting.board.latestRound() == number
    assert [posting.board.roundOf(n)["previous"] for n in (1, 2, 5)] == [0, 1, 2]
    assert posting.board.roundOf(3) == (0, 1, 0, 0, 0, 0, 0, 0, False, False)


def _store(address, slot, value):
    web3.provider.make_request("anvil_setStorageAt", [address, hex(slot), f"0x{value:064x}"])


def _fill(posting):
    """65,535 posts would take too long: the counter is written into the round's word, and the last idea posted."""
    posting.post(posting.ana)
    slot = _round_slot(posting.board, 1)
    word = int.from_bytes(web3.eth.get_storage_at(posting.board.address, slot), "big")
    _store(posting.board.address, slot, word - 1 + 65_534)
    assert posting.board.roundOf(1)["ideas"] == 65_534
    assert posting.post(posting.ana).return_value == 65_535


def test_post_reverts_when_round_full(posting):
    _fill(posting)
    with reverts(posting.board, "IdeaBoardRoundFull", 65_535, 65_535):
        posting.post(posting.ana)
    with reverts(posting.board, "IdeaBoardRoundFull", 65_535, 65_535):
        posting.board.edit(1, 1, boards.params(), {"from": posting.ana})
    posting.to_vote()
    posting.vote(posting.ana, [boards.yes(1), boards.yes(65_535)])
    assert posting.board.ballotOf(posting.ana)[2] == [1, 65_535]


def test_last_idea_of_a_full_round_is_like_any_other(posting):
    _fill(posting)
    board = posting.board
    assert board.ideaOf(1, 65_535)["author"] == posting.ana
    with reverts(board, "IdeaBoardUnknownIdea", 1, 65_536):
        board.ideaOf(1, 65_536)
    posting.to_vote()
    posting.vote(posting.ana, [boards.yes(65_535)])
    assert board.tallyOf(1, 65_535) == (500_000 * boards.UNIT, 0, 1, False, True)
    posting.to_settlement()
    tx = posting.settle([65_535])
    assert (tx.events["RoundSettled"]["passing"], tx.events["RoundSettled"]["funded"]) == (1, 1)


def _round_slot(board, number):
    """Find the slot of `_rounds[number]`: the mapping whose entry changed with the first post."""
    for place in range(8):
        key = number.to_bytes(32, "big") + place.to_bytes(32, "big")
        slot = int.from_bytes(web3.keccak(key), "big")
        if int.from_bytes(web3.eth.get_storage_at(board.address, slot), "big"):
            return slot
    raise AssertionError("no such mapping")


def test_one_idea_per_whole_threshold(posting):
    posting.post_many(posting.dewi, 2)
    with reverts(posting.board, "IdeaBoardNotEnoughPower", 2_699 * boards.UNIT, boards.POSTING, 2):
        posting.post(posting.dewi)
    posting.to_posting(2)
    posting.post_many(posting.dewi, 2)
    assert posting.board.postedBy(posting.dewi, 2) == 2


def test_power_is_the_smaller_of_two_instants(world):
    opens = world.calendar.opens(2)
    clock.reach(opens - boards.HOLDING - 10)
    amount = 2_000 * boards.UNIT
    clock.set_next(opens - 1 - boards.HOLDING)
    world.token.transfer(world.stranger, amount, {"from": world.budi})
    clock.set_next(opens - boards.HOLDING)
    world.token.transfer(world.guardian, amount, {"from": world.budi})
    clock.set_next(opens - 2)
    world.token.transfer(world.budi, amount // 2, {"from": world.stranger})
    clock.reach(opens)
    assert world.board.postingPower(world.stranger, 2) == amount // 2
    assert world.board.postingPower(world.guardian, 2) == 0
    world.post(world.stranger)
    with reverts(world.board, "IdeaBoardNotEnoughPower", amount // 2, boards.POSTING, 1):
        world.post(world.stranger)
    with reverts(world.board, "IdeaBoardNotEnoughPower", 0, boards.POSTING, 0):
        world.post(world.guardian)


@given(early=st.integers(0, 3_000), late=st.integers(0, 3_000))
def test_power_follows_the_model(world, early, late):
    opens = world.calendar.opens(2)
    token, who, bank = world.token, world.stranger, world.rest
    clock.reach(opens - boards.HOLDING - 100)
    token.transfer(who, early * boards.UNIT, {"from": bank})
    clock.reach(opens - 100)
    if late >= early:
        token.transfer(who, (late - early) * boards.UNIT, {"from": bank})
    else:
        token.transfer(bank, (early - late) * boards.UNIT, {"from": who})
    clock.reach(opens)
    allowed = model.ideas_allowed(early * boards.UNIT, late * boards.UNIT, boards.POSTING)
    world.post_many(who, allowed)
    power = min(early, late) * boards.UNIT
    with reverts(world.board, "IdeaBoardNotEnoughPower", power, boards.POSTING, allowed):
        world.post(who)


def test_withdrawing_gives_no_slot_back(posting):
    posting.post_many(posting.dewi, 2)
    posting.board.withdraw(1, 1, {"from": posting.dewi})
    with reverts(posting.board, "IdeaBoardNotEnoughPower", 2_699 * boards.UNIT, boards.POSTING, 2):
        posting.post(posting.dewi)


def test_edit_reverts_when_unknown(posting):
    for place in [(1, 1), (0, 0), (2, 1)]:
        with reverts(posting.board, "IdeaBoardUnknownIdea", *place):
            posting.board.edit(*place, boards.params(), {"from": posting.ana})


def test_edit_reverts_when_not_author(posting):
    posting.post(posting.ana, lead=posting.budi.address)
    with reverts(posting.board, "IdeaBoardNotAuthor", posting.budi, posting.ana):
        posting.board.edit(1, 1, boards.params(), {"from": posting.budi})


def test_edit_reverts_when_withdrawn(posting):
    posting.post(posting.ana)
    posting.board.edit(1, 1, boards.params(), {"from": posting.ana})
    with reverts(posting.board, "IdeaBoardWithdrawn", 1, 1):
        posting.board.edit(1, 1, boards.params(), {"from": posting.ana})


def test_edit_reverts_when_frozen(posting):
    posting.post_many(posting.ana, 2)
    opens = posting.calendar.vote_opens(1)
    clock.mine_at(opens - 10)
    clock.set_next(opens - 1)
    posting.board.edit(1, 1, boards.params(), {"from": posting.ana})
    clock.set_next(opens)
    with reverts(posting.board, "IdeaBoardFrozen", 1, opens):
        posting.board.edit(1, 2, boards.params(), {"from": posting.ana})


@pytest.mark.parametrize(("changes", "error"), BAD_FIELDS)
def test_edit_reverts_when_field_out_of_bounds(posting, changes, error):
    posting.post(posting.ana)
    with reverts(posting.board, *error):
        posting.board.edit(1, 1, boards.params(**changes), {"from": posting.ana})
    assert posting.board.tallyOf(1, 1)["isWithdrawn"] is False


def test_edit_reverts_after_four_versions(posting):
    posting.post(posting.ana)
    for number in (1, 2, 3):
        posting.board.edit(1, number, boards.params(), {"from": posting.ana})
    with reverts(posting.board, "IdeaBoardTooManyVersions", 5, 4):
        posting.board.edit(1, 4, boards.params(), {"from": posting.ana})


def test_edit_replaces_by_a_new_number(posting):
    posting.post(posting.dewi)
    digest = "0x" + "cd" * 32
    tx = posting.board.edit(1, 1, boards.params(digest=digest, fee=5), {"from": posting.dewi})
    assert tx.return_value == 2
    assert tx.events["IdeaWithdrawn"] == {"round": 1, "number": 1}
    posted = tx.events["IdeaPosted"]
    assert (posted["number"], posted["replaces"], posted["version"]) == (2, 1, 2)
    assert posting.board.ideaOf(1, 1)["digest"] == boards.DIGEST
    assert posting.board.ideaOf(1, 2)["digest"] == digest
    assert posting.board.tallyOf(1, 1) == (0, 0, 1, True, False)
    assert posting.board.tallyOf(1, 2) == (0, 0, 2, False, False)
    assert posting.board.roundOf(1)["ideas"] == 2
    assert posting.board.postedBy(posting.dewi, 1) == 1


def test_withdraw_reverts_when_unknown(posting):
    with reverts(posting.board, "IdeaBoardUnknownIdea", 1, 1):
        posting.board.withdraw(1, 1, {"from": posting.ana})


def test_withdraw_reverts_when_not_author(posting):
    posting.post(posting.ana)
    with reverts(posting.board, "IdeaBoardNotAuthor", posting.budi, posting.ana):
        posting.board.withdraw(1, 1, {"from": posting.budi})


def test_withdraw_reverts_when_withdrawn(posting):
    posting.post(posting.ana)
    posting.board.withdraw(1, 1, {"from": posting.ana})
    with reverts(posting.board, "IdeaBoardWithdrawn", 1, 1):
        posting.board.withdraw(1, 1, {"from": posting.ana})


def test_withdraw_is_open_until_the_vote(posting):
    posting.post_many(posting.ana, 2)
    opens = posting.calendar.vote_opens(1)
    clock.mine_at(opens - 10)
    clock.set_next(opens - 1)
    tx = posting.board.withdraw(1, 1, {"from": posting.ana})
    assert tx.events["IdeaWithdrawn"] == {"round": 1, "number": 1}
    assert posting.board.tallyOf(1, 1)["isWithdrawn"] is True
    clock.set_next(opens)
    with reverts(posting.board, "IdeaBoardFrozen", 1, opens):
        posting.board.withdraw(1, 2, {"from": posting.ana})


def test_views_revert_when_unknown(posting):
    with reverts(posting.board, "IdeaBoardUnknownIdea", 1, 1):
        posting.board.ideaOf(1, 1)
    with reverts(posting.board, "IdeaBoardUnknownIdea", 1, 1):
        posting.board.tallyOf(1, 1)
