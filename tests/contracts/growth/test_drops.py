"""Drops.

create
  when root or manifest is missing -> test_create_needs_both_digests
  when there is nothing to claim -> test_create_needs_an_amount
  when the token is no contract -> test_create_needs_a_token
  when claims would begin within a day, or after ninety -> test_start_has_bounds
  when claims would run for less than seven days, or more than 730 -> test_end_has_bounds
  when less than all arrives -> test_fee_on_transfer_drop_is_refused
  else it is paid for, and told -> test_create_tells_and_takes
claim
  when there is no such drop -> test_unknown_drop
  when it has not begun, or has ended -> test_last_second_of_claims_and_first_of_return
  when index, account, amount or proof is another -> test_proof_is_of_all_that_is_named
    or an inner node is handed in as a leaf -> test_inner_node_is_no_leaf
    or the proof is another drop's -> test_proof_of_another_drop_fails
  when the share was paid -> test_index_twice_pays_once
  when the tree promises more than was paid for -> test_tree_that_promises_too_much_pays_who_comes_first
  else anybody has it paid to whose it is -> test_every_share_is_paid_once
claimTo
  when somebody else calls -> test_only_the_owner_says_where
  when it would be lost -> test_nothing_is_sent_where_it_is_lost
  when the account is blocked by the token -> test_blocked_account_claims_elsewhere
cancel
  when claims have begun -> test_creator_cannot_take_back_while_claims_run
  when somebody else calls -> test_only_the_creator_cancels
  else all of it goes back -> test_cancelled_drop_pays_nothing
takeBack, takeBackTo
  when nothing is left -> test_nothing_returns_twice
  when the creator is blocked by the token -> test_blocked_creator_names_another_place
re-entry
  a token that creates while it is paid for -> test_nested_create_counts_once
  a token that claims while it pays -> test_reentrant_claim_pays_once
"""

from __future__ import annotations

import pytest

from dmo.core.abi.codec import keccak
from dmo.core.merkle import Share, Tree
from tests.support.clock import mine_at, now, set_next
from tests.support.drops import AMOUNT, DAY, MANIFEST, claim_of, put_up
from tests.support.reverts import reverts

attack = pytest.mark.attack
ZERO32, ZERO = b"\0" * 32, "0x" + 40 * "0"


@pytest.fixture(scope="module")
def drops(Drops, accounts):
    return Drops.deploy({"from": accounts[0]})


@pytest.fixture(scope="module")
def token(HostileToken, drops, accounts):
    token = HostileToken.deploy(6, {"from": accounts[0]})
    for who in accounts[:3]:
        token.mint(who, 10 * AMOUNT, {"from": who})
        token.approve(drops, 2**255, {"from": who})
    return token


@pytest.fixture(scope="module")
def tree(accounts):
    """Five shares, as many as do not fill a level."""
    return Tree(tuple(Share(i, str(accounts[3 + i]), AMOUNT // 5) for i in range(5)))


@pytest.fixture(scope="module")
def drop(drops, token, tree, accounts):
    """Created by account 1, open from tomorrow on for thirty days."""
    return put_up(drops, token, tree.root, accounts[1])


@pytest.fixture
def is_open(drops, drop):
    """Claims have begun."""
    mine_at(drops.dropOf(drop)["startsAt"])


# ── create ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("root", "manifest"), [(ZERO32, MANIFEST), (MANIFEST, ZERO32)])
def test_create_needs_both_digests(drops, token, accounts, root, manifest):
    with reverts(drops, "DropsNoDigest"):
        put_up(drops, token, root, accounts[1], manifest=manifest)


def test_create_needs_an_amount(drops, token, accounts):
    with reverts(drops, "DropsNoAmount"):
        put_up(drops, token, MANIFEST, accounts[1], amount=0)


def test_create_needs_a_token(drops, accounts):
    with reverts(drops, "DropsTokenIsNoContract", accounts[5]):
        put_up(drops, accounts[5], MANIFEST, accounts[1])


@pytest.mark.parametrize("wait", [DAY - 1, 90 * DAY + 1])
def test_start_has_bounds(drops, token, accounts, wait):
    at = set_next(now() + 10)
    with reverts(drops, "DropsStartOutOfBounds", at + wait, at + DAY, at + 90 * DAY):
        put_up(drops, token, MANIFEST, accounts[1], at=at, wait=wait)
    for fits in (DAY, 90 * DAY):
        put_up(drops, token, MANIFEST, accounts[1], at=set_next(now() + 10), wait=fits)


@pytest.mark.parametrize("life", [7 * DAY - 1, 730 * DAY + 1])
def test_end_has_bounds(drops, token, accounts, life):
    at = set_next(now() + 10)
    start = at + DAY
    with reverts(drops, "DropsEndOutOfBounds", start + life, start + 7 * DAY, start + 730 * DAY):
        put_up(drops, token, MANIFEST, accounts[1], at=at, life=life)
    for fits in (7 * DAY, 730 * DAY):
        put_up(drops, token, MANIFEST, accounts[1], at=set_next(now() + 10), life=fits)


@attack("drop-paid-short")
def test_fee_on_transfer_drop_is_refused(drops, token, accounts):
    """The last to claim would be paid out of another drop of the same token."""
    put_up(drops, token, MANIFEST, accounts[2])
    token.setFee(1, {"from": accounts[0]})
    with reverts(drops, "DropsTooLittleArrived", AMOUNT - AMOUNT // 10_000, AMOUNT):
        put_up(drops, token, MANIFEST, accounts[1])


def test_create_tells_and_takes(drops, token, tree, accounts):
    before, at = drops.drops(), set_next(now() + 10)
    tx = put_up(drops, token, tree.root, accounts[1], at=at, tx=True)
    assert tx.return_value == drops.drops() == before + 1
    told = dict(tx.events["DropCreated"])
    assert told == {
        "drop": before + 1,
        "creator": accounts[1],
        "token": token,
        "amount": AMOUNT,
        "root": "0x" + tree.root.hex(),
        "manifest": "0x" + MANIFEST.hex(),
        "startsAt": at + DAY,
        "expiresAt": at + 31 * DAY,
    }
    known = drops.dropOf(before + 1).dict()
    assert known.pop("left") == told["amount"]
    assert known == {name: told[name] for name in known}
    assert token.balanceOf(drops) == AMOUNT


# ── claim ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [0, 2])
def test_unknown_drop(drops, drop, tree, accounts, number):
    for act in (
        lambda: claim_of(drops, number, tree, tree.shares[0], accounts[0]),
        lambda: drops.cancel(number, accounts[1], {"from": accounts[1]}),
        lambda: drops.takeBack(number, {"from": accounts[1]}),
        lambda: drops.takeBackTo(number, accounts[1], {"from": accounts[1]}),
    ):
        with reverts(drops, "DropsUnknownDrop", number):
            act()


def test_every_share_is_paid_once(drops, token, drop, is_open, tree, accounts):
    for share in tree.shares:
        before = token.balanceOf(share.account)
        tx = claim_of(drops, drop, tree, share, accounts[0])
        assert dict(tx.events["DropClaimed"]) == {
            "drop": drop,
            "index": share.index,
            "account": share.account,
            "to": share.account,
            "amount": share.amount,
        }
        assert token.balanceOf(share.account) == before + share.amount
        assert drops.isClaimed(drop, share.index)
    assert drops.dropOf(drop)["left"] == token.balanceOf(drops) == 0
    assert not drops.isClaimed(drop, len(tree.shares))


@attack("drop-forged-proof")
def test_proof_is_of_all_that_is_named(drops, drop, is_open, tree, accounts):
    share, proof = tree.shares[2], tree.proof(tree.shares[2])
    wrong = [
        (Share(3, share.account, share.amount), proof),
        (Share(share.index, str(accounts[9]), share.amount), proof),
        (Share(share.index, share.account, share.amount + 1), proof),
        (share, proof[:-1]),
        (share, [*proof, proof[0]]),
        (share, tree.proof(tree.shares[1])),
    ]
    for told, path in wrong:
        with reverts(drops, "DropsBadProof", drop, *told):
            drops.claim(drop, *told, path, {"from": accounts[0]})
    assert not drops.isClaimed(drop, share.index)


@attack("drop-forged-proof")
def test_inner_node_is_no_leaf(drops, token, accounts):
    """A leaf is hashed twice: what stands over a node cannot be a leaf's words."""
    pair = Tree((Share(0, str(accounts[3]), 1), Share(1, str(accounts[4]), 1)))
    other = Share(0, str(accounts[5]), AMOUNT)
    drop = put_up(drops, token, pair.root, accounts[1])
    set_next(drops.dropOf(drop)["startsAt"])
    # The two leaves' 64 bytes are too few for three words; and no proof at all would need the root as a leaf.
    with reverts(drops, "DropsBadProof", drop, *other):
        drops.claim(drop, *other, [], {"from": accounts[5]})
    with reverts(drops, "DropsBadProof", drop, *other):
        drops.claim(drop, *other, [pair.shares[0].leaf, pair.shares[1].leaf], {"from": accounts[5]})


@attack("drop-forged-proof")
def test_proof_of_another_drop_fails(drops, token, drop, tree, accounts):
    mine = Tree((Share(0, str(accounts[9]), AMOUNT), Share(1, str(accounts[8]), 0)))
    own = put_up(drops, token, mine.root, accounts[2])
    set_next(drops.dropOf(own)["startsAt"])
    with reverts(drops, "DropsBadProof", drop, *mine.shares[0]):
        claim_of(drops, drop, mine, mine.shares[0], accounts[9])
    claim_of(drops, own, mine, mine.shares[0], accounts[9])
    assert drops.dropOf(drop)["left"] == AMOUNT


@attack("drop-claimed-twice")
def test_index_twice_pays_once(drops, token, drop, is_open, tree, accounts):
    """Also where the tree names one index twice: the first pays."""
    claim_of(drops, drop, tree, tree.shares[0], accounts[0])
    with reverts(drops, "DropsAlreadyClaimed", drop, 0):
        claim_of(drops, drop, tree, tree.shares[0], accounts[0])
    twice = Tree((Share(7, str(accounts[3]), 5), Share(7, str(accounts[4]), 6), Share(263, str(accounts[5]), 7)))
    other = put_up(drops, token, twice.root, accounts[2])
    set_next(drops.dropOf(other)["startsAt"])
    claim_of(drops, other, twice, twice.shares[1], accounts[0])
    with reverts(drops, "DropsAlreadyClaimed", other, 7):
        claim_of(drops, other, twice, twice.shares[0], accounts[0])
    claim_of(drops, other, twice, twice.shares[2], accounts[0])  # the same bit of the next word


@attack("drop-paid-short")
def test_tree_that_promises_too_much_pays_who_comes_first(drops, token, drop, tree, accounts):
    """And nothing of another drop's; `dmo drop check` finds it in the day before claims begin."""
    too_much = Tree((Share(0, str(accounts[3]), AMOUNT), Share(1, str(accounts[4]), AMOUNT)))
    other = put_up(drops, token, too_much.root, accounts[2])
    set_next(drops.dropOf(other)["startsAt"])
    claim_of(drops, other, too_much, too_much.shares[1], accounts[0])
    with reverts(drops, "DropsNotEnough", other, AMOUNT, 0):
        claim_of(drops, other, too_much, too_much.shares[0], accounts[0])
    assert token.balanceOf(drops) == drops.dropOf(drop)["left"] == AMOUNT


# ── claimTo ─────────────────────────────────────────────────────────────────────────────────────


def test_only_the_owner_says_where(drops, drop, is_open, tree, accounts):
    share = tree.shares[0]
    with reverts(drops, "DropsNotOwner", accounts[9], share.account):
        drops.claimTo(drop, *share, tree.proof(share), accounts[9], {"from": accounts[9]})


@attack("drop-blocked-payee")
def test_blocked_account_claims_elsewhere(drops, token, drop, is_open, tree, accounts):
    share = tree.shares[0]
    token.setBlocked(share.account, True, {"from": accounts[0]})
    with reverts(token, "HostileTokenBlocked", share.account):
        claim_of(drops, drop, tree, share, accounts[0])
    tx = drops.claimTo(drop, *share, tree.proof(share), accounts[9], {"from": share.account})
    assert tx.events["DropClaimed"]["account"] == share.account
    assert token.balanceOf(accounts[9]) == share.amount
    claim_of(drops, drop, tree, tree.shares[1], accounts[0])


def test_nothing_is_sent_where_it_is_lost(drops, token, drop, tree, accounts):
    with reverts(drops, "DropsBadPayee", drops):
        drops.cancel(drop, drops, {"from": accounts[1]})
    set_next(drops.dropOf(drop)["startsAt"])
    share = tree.shares[0]
    for to in (ZERO, drops, token):
        with reverts(drops, "DropsBadPayee", to):
            drops.claimTo(drop, *share, tree.proof(share), to, {"from": share.account})


# ── cancel ──────────────────────────────────────────────────────────────────────────────────────


def test_only_the_creator_cancels(drops, drop, accounts):
    with reverts(drops, "DropsNotOwner", accounts[2], accounts[1]):
        drops.cancel(drop, accounts[2], {"from": accounts[2]})
    with reverts(drops, "DropsNotOwner", accounts[2], accounts[1]):
        drops.takeBackTo(drop, accounts[2], {"from": accounts[2]})


def test_cancelled_drop_pays_nothing(drops, token, drop, tree, accounts):
    start = drops.dropOf(drop)["startsAt"]
    set_next(start - 1)
    tx = drops.cancel(drop, accounts[6], {"from": accounts[1]})
    assert dict(tx.events["DropReturned"]) == {"drop": drop, "to": accounts[6], "amount": AMOUNT, "isCancelled": True}
    assert token.balanceOf(accounts[6]) == AMOUNT
    share = tree.shares[0]
    set_next(start)
    with reverts(drops, "DropsNotEnough", drop, share.amount, 0):
        claim_of(drops, drop, tree, share, accounts[0])


@attack("drop-taken-back")
def test_creator_cannot_take_back_while_claims_run(drops, drop, accounts):
    """From the first second on in which anybody can claim, until the last."""
    start, end = (drops.dropOf(drop)[name] for name in ("startsAt", "expiresAt"))
    set_next(start)
    with reverts(drops, "DropsHasStarted", drop, start):
        drops.cancel(drop, accounts[1], {"from": accounts[1]})
    with reverts(drops, "DropsHasNotEnded", drop, end):
        drops.takeBack(drop, {"from": accounts[1]})
    set_next(end - 1)
    with reverts(drops, "DropsHasNotEnded", drop, end):
        drops.takeBackTo(drop, accounts[1], {"from": accounts[1]})


# ── takeBack ────────────────────────────────────────────────────────────────────────────────────


@attack("drop-taken-back")
def test_last_second_of_claims_and_first_of_return(drops, token, drop, tree, accounts):
    start, end = (drops.dropOf(drop)[name] for name in ("startsAt", "expiresAt"))
    first, last, late = tree.shares[:3]
    set_next(start - 1)
    with reverts(drops, "DropsNotOpen", drop, start, end):
        claim_of(drops, drop, tree, first, accounts[0])
    set_next(start)
    claim_of(drops, drop, tree, first, accounts[0])
    set_next(end - 2)
    with reverts(drops, "DropsHasNotEnded", drop, end):
        drops.takeBack(drop, {"from": accounts[1]})
    set_next(end - 1)
    claim_of(drops, drop, tree, last, accounts[0])
    set_next(end)
    with reverts(drops, "DropsNotOpen", drop, start, end):
        claim_of(drops, drop, tree, late, accounts[0])
    before, rest = token.balanceOf(accounts[1]), AMOUNT - first.amount - last.amount
    tx = drops.takeBack(drop, {"from": accounts[9]})
    assert dict(tx.events["DropReturned"]) == {"drop": drop, "to": accounts[1], "amount": rest, "isCancelled": False}
    assert token.balanceOf(accounts[1]) == before + rest
    assert token.balanceOf(drops) == 0


def test_nothing_returns_twice(drops, drop, accounts):
    set_next(drops.dropOf(drop)["expiresAt"])
    drops.takeBack(drop, {"from": accounts[9]})
    with reverts(drops, "DropsNothingLeft", drop):
        drops.takeBack(drop, {"from": accounts[9]})
    with reverts(drops, "DropsNothingLeft", drop):
        drops.takeBackTo(drop, accounts[1], {"from": accounts[1]})


@attack("drop-blocked-payee")
def test_blocked_creator_names_another_place(drops, token, drop, accounts):
    token.setBlocked(accounts[1], True, {"from": accounts[0]})
    set_next(drops.dropOf(drop)["expiresAt"])
    with reverts(token, "HostileTokenBlocked", accounts[1]):
        drops.takeBack(drop, {"from": accounts[9]})
    drops.takeBackTo(drop, accounts[9], {"from": accounts[1]})
    assert token.balanceOf(accounts[9]) == AMOUNT


# ── re-entry ────────────────────────────────────────────────────────────────────────────────────


def _refused(token):
    """Whether the token called once, and was told that this is a re-entry."""
    guard = "0x" + keccak(b"ReentrancyGuardReentrantCall()")[:4].hex()
    return (token.calls(), token.lastSucceeded(), str(token.lastResult())) == (1, False, guard)


@attack("drop-reentry")
def test_nested_create_counts_once(drops, token, tree, accounts):
    """A create inside of a create would have the same arriving tokens counted for both."""
    before, at = drops.drops(), set_next(now() + 100)
    inner = drops.create.encode_input(token, tree.root, MANIFEST, AMOUNT, at + DAY, at + 31 * DAY)
    token.setCall(drops, inner, {"from": accounts[0]})
    put_up(drops, token, tree.root, accounts[1], at=set_next(at + 1))
    assert _refused(token)
    assert drops.drops() == before + 1


@attack("drop-reentry")
def test_reentrant_claim_pays_once(drops, token, drop, is_open, tree, accounts):
    share = tree.shares[0]
    token.setCall(drops, drops.claim.encode_input(drop, *share, tree.proof(share)), {"from": accounts[0]})
    claim_of(drops, drop, tree, share, accounts[0])
    assert _refused(token)
    assert token.balanceOf(share.account) == share.amount
    assert token.balanceOf(drops) == drops.dropOf(drop)["left"] == AMOUNT - share.amount
