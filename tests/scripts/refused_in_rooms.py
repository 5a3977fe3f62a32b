"""Calls of the rooms that a config asks for that are refused: contract, function, arguments, error, by whom."""

from __future__ import annotations

from typing import Any

from tests.support.quarrels import DIGEST

STRANGER = "0x00000000000000000000000000000000000000A1"
ZERO = "0x" + 40 * "0"
NONE, ONE = bytes(32), 1_000_000
UNAUTHORIZED = "AccessManagedUnauthorized"

ROOMS: tuple[tuple[Any, ...], ...] = (
    ("Advisor", "register", (b"", 0, "en", DIGEST), "AdvisorWeightsLength"),
    ("Advisor", "register", (bytes(8_192), 0, "", DIGEST), "AdvisorLanguageLength"),
    ("Advisor", "register", (bytes(8_192), 0, "en", NONE), "AdvisorNoCard"),
    ("Drops", "create", (STRANGER, NONE, DIGEST, 1, 0, 0), "DropsNoDigest"),
    ("Drops", "create", (STRANGER, DIGEST, DIGEST, 0, 0, 0), "DropsNoAmount"),
    ("Drops", "create", (STRANGER, DIGEST, DIGEST, 1, 0, 0), "DropsTokenIsNoContract"),
    ("Drops", "claim", (9, 0, "bob", 1, []), "DropsUnknownDrop"),
    ("Drops", "claimTo", (9, 0, "bob", 1, [], "bob"), "DropsNotOwner"),
    ("Drops", "cancel", (9, "bob"), "DropsUnknownDrop"),
    ("Drops", "takeBack", (9,), "DropsUnknownDrop"),
    ("Drops", "takeBackTo", (9, "bob"), "DropsUnknownDrop"),
    ("Badges", "addClass", (STRANGER, "Radio", NONE), UNAUTHORIZED),
    ("Badges", "addClass", (STRANGER, "Radio", NONE), "BadgesRuleIsNoContract", "treasury"),
    ("Badges", "addClass", ("BOARD", "<b>", NONE), "BadgesBadTitle", "treasury"),
    ("Badges", "setAuthority", (STRANGER,), UNAUTHORIZED),
    ("Badges", "claim", (9, "bob", b""), "BadgesUnknownClass"),
    ("Badges", "claim", (1, "bob", b""), "BadgesNotEarned"),
    ("Badges", "burn", (1,), "ERC721NonexistentToken"),
    ("Badges", "approve", ("bob", 1), "ERC721NonexistentToken"),
    ("Badges", "setApprovalForAll", (ZERO, True), "ERC721InvalidOperator"),
    ("Badges", "transferFrom", ("bob", "erin", 1), "ERC721NonexistentToken"),
    ("Badges", "transferFrom", ("bob", ZERO, 1), "ERC721InvalidReceiver"),
    ("Badges", "safeTransferFrom(address,address,uint256)", ("bob", "erin", 1), "ERC721NonexistentToken"),
    ("Outcomes", "report", (1, 1, NONE), "OutcomesNoDigest"),
    ("Outcomes", "report", (1, ONE + 1, DIGEST), "OutcomesMoreThanAll"),
    ("Outcomes", "report", (9, 1, DIGEST), "OutcomesOtherBoard"),
    ("Outcomes", "report", (1, 1, DIGEST), "OutcomesNotReportable"),
    ("Outcomes", "challenge", (9, DIGEST), "OutcomesUnknownReport"),
    ("Outcomes", "submitEvidence", (9, DIGEST), "OutcomesUnknownReport"),
    ("Outcomes", "rule", (1, 1), "OutcomesNotArbitrator", "jury"),
    ("Outcomes", "settle", (9,), "OutcomesUnknownReport"),
    ("Outcomes", "payJurors", (9, ["bob"]), "OutcomesUnknownReport"),
    ("Outcomes", "expireJurors", (9,), "OutcomesUnknownReport"),
    ("Outcomes", "offerBonus", (9, 1), "OutcomesOtherBoard"),
    ("Outcomes", "offerBonus", (1, 0), "OutcomesNothingDue"),
    ("Outcomes", "offerBonus", (1, 1), "ERC20InsufficientAllowance"),
    ("Outcomes", "settleBonus", (1, "bob"), "OutcomesNotDecided"),
    ("Outcomes", "withdraw", ("bob",), "OutcomesNothingDue"),
    ("Outcomes", "withdrawTo", ("bob",), "OutcomesNothingDue"),
    ("Outcomes", "expireCredit", ("bob",), "OutcomesNothingDue"),
    ("Outcomes", "sendToTreasury", (), "OutcomesNothingDue"),
    ("Forecasts", "sponsor", (1, 1, 1, 0, 0, ONE), "ForecastsNotOpen"),
    ("Forecasts", "move", (1, 1, 1, 1, NONE), "ForecastsNotOpen"),
    ("Forecasts", "link", (1, 1, 1), "ForecastsNotLinkable"),
    ("Forecasts", "claim", (1, 1, "bob"), "ForecastsNotDecided"),
    ("Forecasts", "depositFor", ("bob", 1), "ERC20InsufficientAllowance"),
    ("Forecasts", "withdraw", ("bob",), "ForecastsNothingDue"),
    ("Forecasts", "withdrawTo", ("bob",), "ForecastsNothingDue"),
    ("Forecasts", "openFromPurse", (6, 1), "ForecastsPurseOnlyOpens"),
    ("Forecasts", "setPurseStart", (1,), UNAUTHORIZED),
    ("Forecasts", "setPurseStart", (ONE + 1,), "ForecastsBadShare", "treasury"),
    ("Forecasts", "emptyPurse", (), UNAUTHORIZED),
    ("Forecasts", "emptyPurse", (), "ForecastsNothingDue", "treasury"),
    ("Forecasts", "setAuthority", (STRANGER,), UNAUTHORIZED),
)
