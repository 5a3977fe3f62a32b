// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title TallyWords
/// @notice The tallies of two ideas in one word: the even number's in the lower half, the odd one's in the upper. A
/// tally, from the lowest bit up: for 62 | against 62 | version 3 | withdrawn 1; the sums in the round's unit of votes.
/// @dev A tally is never zero once its idea is posted, because versions count from 1; zero means: no such idea.
library TallyWords {
    uint256 private constant SUM_BITS = 62;
    /// @dev The most that a sum can hold.
    uint256 internal constant MAX_SUM = (1 << SUM_BITS) - 1;

    uint256 private constant VERSION_AT = 124;
    uint256 private constant VERSION = 7;
    uint256 private constant WITHDRAWN = 1 << 127;
    uint256 private constant HALF_BITS = 128;

    // ── two in a word ───────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Which word holds an idea's tally.
    function indexOf(uint256 number) internal pure returns (uint256) {
        return number >> 1;
    }

    /// @dev The tally's first bit in the word.
    function shiftOf(uint256 number) internal pure returns (uint256) {
        unchecked {
            return (number & 1) * HALF_BITS;
        }
    }

    function tallyOf(uint256 pair, uint256 number) internal pure returns (uint256) {
        return uint128(pair >> shiftOf(number));
    }

    /// @dev The word with another tally in the place of the number's.
    function withTally(uint256 pair, uint256 number, uint256 tally) internal pure returns (uint256) {
        return pair ^ ((tallyOf(pair, number) ^ tally) << shiftOf(number));
    }

    // ── one tally ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev An idea's first tally.
    function open(uint256 versionNumber) internal pure returns (uint256) {
        return versionNumber << VERSION_AT;
    }

    function withWithdrawn(uint256 tally) internal pure returns (uint256) {
        return tally | WITHDRAWN;
    }

    /// @dev Adds votes for or against, as the choice's lowest bit says. Reverts where a sum leaves its bits: a token
    /// whose votes are together more than its supply cannot reach into another sum.
    function add(uint256 tally, uint256 choice, uint256 votes) internal pure returns (uint256) {
        uint256 at = _sumAt(choice);
        uint256 sum = ((tally >> at) & MAX_SUM) + votes;
        require(sum <= MAX_SUM, SafeCast.SafeCastOverflowedUintDowncast(uint8(SUM_BITS), sum));
        unchecked {
            return tally + (votes << at); // so the sum stays in its place
        }
    }

    /// @dev Takes out what `add` put in.
    function take(uint256 tally, uint256 choice, uint256 votes) internal pure returns (uint256) {
        uint256 at = _sumAt(choice);
        uint256 sum = ((tally >> at) & MAX_SUM) - votes;
        return (tally & ~(MAX_SUM << at)) | (sum << at);
    }

    function forVotes(uint256 tally) internal pure returns (uint256) {
        return tally & MAX_SUM;
    }

    function againstVotes(uint256 tally) internal pure returns (uint256) {
        return (tally >> SUM_BITS) & MAX_SUM;
    }

    function version(uint256 tally) internal pure returns (uint8) {
        return uint8((tally >> VERSION_AT) & VERSION);
    }

    function isWithdrawn(uint256 tally) internal pure returns (bool) {
        return tally & WITHDRAWN != 0;
    }

    /// @dev for − against reaches the threshold, which is never 0 and has at most 62 bits.
    function isPassing(uint256 tally, uint256 threshold) internal pure returns (bool) {
        unchecked {
            return forVotes(tally) >= againstVotes(tally) + threshold;
        }
    }

    function _sumAt(uint256 choice) private pure returns (uint256) {
        return choice & 1 == 1 ? 0 : SUM_BITS;
    }
}
