"""Badges.

addClass
  when somebody else than governance calls -> test_only_governance_adds_classes
  when the rule is no contract -> test_class_needs_a_rule
  when the title could carry markup, or is none -> test_title_cannot_carry_markup
  else it is told, and its titles hold what titles hold -> test_class_is_told
claim
  when there is no such class -> test_unknown_class
  when the rule says no -> test_badge_needs_what_its_rule_asks
  when the account has it -> test_badge_is_given_once
  else anybody has it given to who earned it -> test_anybody_claims_for_who_earned_it
burn
  when somebody else calls -> test_only_the_owner_burns
  after it only the account claims again -> test_burned_badge_is_not_forced_back
transfer, approve
  nothing moves it -> test_badge_cannot_be_sold
views
  picture and words come from the chain -> test_picture_is_in_the_answer
  ERC-165 names ERC-721 and ERC-5192 -> test_interfaces
"""

from __future__ import annotations

import base64
import json
from xml.etree import ElementTree as ET

import pytest

from tests.support.reverts import reverts

attack = pytest.mark.attack
ART = "0x" + "ab" * 32


@pytest.fixture(scope="module")
def badges(AccessManager, Badges, accounts):
    manager = AccessManager.deploy(accounts[0], {"from": accounts[0]})
    return Badges.deploy(manager, "Harbour <&> badges", "HBDG", {"from": accounts[0]})


@pytest.fixture(scope="module")
def rule(PlainBadgeRule, accounts):
    return PlainBadgeRule.deploy({"from": accounts[0]})


@pytest.fixture(scope="module")
def badge(badges, rule, accounts):
    """The class of one rule."""
    return badges.addClass(rule, "Paid work & more – 1", ART, {"from": accounts[0]}).return_value


def shown(account):
    """The witness that the plain rule wants."""
    return bytes.fromhex(str(account)[2:]).rjust(32, b"\0")


def claimed(badges, badge, account, by):
    tx = badges.claim(badge, account, shown(account), {"from": by})
    return tx, badges.tokenOf(badge, account)


def test_only_governance_adds_classes(badges, rule, accounts):
    with reverts(badges, "AccessManagedUnauthorized", accounts[1]):
        badges.addClass(rule, "Mine", ART, {"from": accounts[1]})


def test_class_needs_a_rule(badges, accounts):
    with reverts(badges, "BadgesRuleIsNoContract", accounts[3]):
        badges.addClass(accounts[3], "Nobody's", ART, {"from": accounts[0]})


@attack("badge-title")
@pytest.mark.parametrize(
    "title",
    ["", "<b>", 'a"b', "a'b", "a\nb", "a/b", "é", "\u202eabc", "—", "\u2013" * 33, "a" * 33, "\u200b", "a\\u0041", ";"],
)
def test_title_cannot_carry_markup(badges, rule, accounts, title):
    with reverts(badges, "BadgesBadTitle", title, 32):
        badges.addClass(rule, title, ART, {"from": accounts[0]})


@pytest.mark.parametrize("title", ["a", "a" * 32, "–" * 32, "Judged 20 disputes. A–Z & 0–9"])
def test_class_is_told(badges, rule, accounts, title):
    before = badges.classes()
    tx = badges.addClass(rule, title, ART, {"from": accounts[0]})
    assert tx.return_value == badges.classes() == before + 1
    assert dict(tx.events["ClassAdded"]) == {"class": before + 1, "rule": rule, "title": title, "art": ART}
    assert badges.classOf(before + 1) == (rule, ART, title)


def test_unknown_class(badges, badge, accounts):
    for number in (0, badge + 1):
        with reverts(badges, "BadgesUnknownClass", number):
            badges.claim(number, accounts[3], b"", {"from": accounts[3]})


def test_badge_needs_what_its_rule_asks(badges, badge, accounts):
    with reverts(badges, "BadgesNotEarned", badge, accounts[3]):
        badges.claim(badge, accounts[3], shown(accounts[4]), {"from": accounts[4]})


def test_anybody_claims_for_who_earned_it(badges, badge, accounts):
    tx, token = claimed(badges, badge, accounts[3], accounts[9])
    assert token == badge << 160 | int(str(accounts[3]), 16)
    assert (badges.ownerOf(token), badges.balanceOf(accounts[3]), badges.locked(token)) == (accounts[3], 1, True)
    assert tx.events["Locked"]["tokenId"] == tx.events["Transfer"]["tokenId"] == token


def test_badge_is_given_once(badges, badge, accounts):
    claimed(badges, badge, accounts[3], accounts[9])
    with reverts(badges, "BadgesAlreadyGiven", badge, accounts[3]):
        claimed(badges, badge, accounts[3], accounts[3])


def test_only_the_owner_burns(badges, badge, accounts):
    _, token = claimed(badges, badge, accounts[3], accounts[9])
    with reverts(badges, "BadgesNotOwner", accounts[9], accounts[3]):
        badges.burn(token, {"from": accounts[9]})
    with reverts(badges, "ERC721NonexistentToken", token + 1):
        badges.burn(token + 1, {"from": accounts[3]})


@attack("badge-forced-back")
def test_burned_badge_is_not_forced_back(badges, badge, accounts):
    _, token = claimed(badges, badge, accounts[3], accounts[9])
    badges.burn(token, {"from": accounts[3]})
    assert (badges.isBurned(token), badges.balanceOf(accounts[3])) == (True, 0)
    with reverts(badges, "ERC721NonexistentToken", token):
        badges.locked(token)
    with reverts(badges, "BadgesBurned", badge, accounts[3]):
        claimed(badges, badge, accounts[3], accounts[9])
    claimed(badges, badge, accounts[3], accounts[3])
    badges.burn(token, {"from": accounts[3]})
    with reverts(badges, "BadgesBurned", badge, accounts[3]):
        claimed(badges, badge, accounts[3], accounts[9])


@attack("badge-sold")
def test_badge_cannot_be_sold(badges, badge, accounts):
    """Neither by its owner nor by whom it lets."""
    _, token = claimed(badges, badge, accounts[3], accounts[9])
    badges.setApprovalForAll(accounts[4], True, {"from": accounts[3]})
    badges.approve(accounts[5], token, {"from": accounts[3]})
    for who in accounts[3:6]:
        with reverts(badges, "BadgesSoulbound", token):
            badges.transferFrom(accounts[3], accounts[6], token, {"from": who})
        with reverts(badges, "BadgesSoulbound", token):
            badges.transferFrom(accounts[3], accounts[3], token, {"from": who})


def test_picture_is_in_the_answer(badges, badge, accounts):
    _, token = claimed(badges, badge, accounts[3], accounts[9])
    kind, _, packed = badges.tokenURI(token).partition(",")
    told = json.loads(base64.b64decode(packed))
    assert (kind, told["name"], told["art"]) == ("data:application/json;base64", "Paid work & more – 1", ART)
    kind, _, packed = told["image"].partition(",")
    picture = ET.fromstring(base64.b64decode(packed))
    lines = [line.text for line in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert kind == "data:image/svg+xml;base64"
    assert lines == ["Harbour <&> badges", "Paid work & more – 1", str(accounts[3])]
    with reverts(badges, "ERC721NonexistentToken", 1):
        badges.tokenURI(1)


def test_interfaces(badges):
    assert [badges.supportsInterface(one) for one in ("0x80ac58cd", "0xb45a3c0e", "0xffffffff")] == [True, True, False]
