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

    /// @dev What `add` answers for an idea that is out.
    uint256 internal constant OUT = 2;

    uint256 private constant VERSION_AT = 124;
    uint256 private constant VERSION = 7;
    uint256 private constant WITHDRAWN = 1 << 127;
    uint256 private constant HALF_BITS = 128;

    // ── two in a word ───────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Which word holds an idea's tally.
    function indexOf(uint256 number) internal pure returns (uint256) {
        return number >> 1;
    }

    function tallyOf(uint256 pair, uint256 number) internal pure returns (uint256) {
        return uint128(pair >> _shiftOf(number));
    }

    /// @dev The word with another tally in the place of the number's.
    function withTally(uint256 pair, uint256 number, uint256 tally) internal pure returns (uint256) {
        uint256 shift = _shiftOf(number);
        return (pair & ~(uint256(type(uint128).max) << shift)) | (tally << shift);
    }

    // ── one tally ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev An idea's first tally.
    function open(uint256 versionNumber) internal pure returns (uint256) {
        return versionNumber << VERSION_AT;
    }

    function withWithdrawn(uint256 tally) internal pure returns (uint256) {
        return tally | WITHDRAWN;
    }

    /// @dev Takes `votes` out as `choiceBefore` and puts them in as `choiceAfter`; a choice of 0 is none, otherwise its
    /// lowest bit says for (1) or against (0). Reverts where a sum leaves its bits: a token whose votes are together
    /// more than its supply cannot reach into another sum.
    function move(uint256 tally, uint256 choiceBefore, uint256 choiceAfter, uint256 votes)
        internal
        pure
        returns (uint256)
    {
        if (choiceBefore != 0) {
            uint256 at = _sumAt(choiceBefore);
            tally = (tally & ~(MAX_SUM << at)) | ((((tally >> at) & MAX_SUM) - votes) << at);
        }
        if (choiceAfter != 0) {
            uint256 at = _sumAt(choiceAfter);
            uint256 sum = ((tally >> at) & MAX_SUM) + votes;
            _requireSum(sum);
            unchecked {
                tally += votes << at; // so the sum stays in its place
            }
        }
        return tally;
    }

    /// @dev Adds `votes` to an idea's tally as `choice`, in the word of the pair: what `move` does where there was no
    /// choice before, for less gas. Answers by how much the counter of passing ideas moves (1, 0, or −1 unchecked), or
    /// OUT where the idea was withdrawn.
    function add(uint256 pair, uint256 choice, uint256 votes, uint256 passingThreshold)
        internal
        pure
        returns (uint256 newPair, uint256 moved)
    {
        unchecked {
            // A threshold and a sum have 62 bits, and so have votes.
            uint256 shift = (choice & 2) << 6; // an odd number's is the upper half
            uint256 tally = pair >> shift;
            if (tally & WITHDRAWN != 0) return (pair, OUT);
            uint256 needed = ((tally >> SUM_BITS) & MAX_SUM) + passingThreshold;
            tally &= MAX_SUM;
            moved = tally >= needed ? type(uint256).max : 0;
            if (choice & 1 == 1) {
                tally += votes;
                _requireSum(tally);
            } else {
                needed += votes;
                _requireSum(needed - passingThreshold);
                shift += SUM_BITS;
            }
            newPair = pair + (votes << shift);
            if (tally >= needed) ++moved;
        }
    }

    function _requireSum(uint256 sum) private pure {
        require(sum <= MAX_SUM, SafeCast.SafeCastOverflowedUintDowncast(uint8(SUM_BITS), sum));
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

    function _shiftOf(uint256 number) private pure returns (uint256) {
        unchecked {
            return (number & 1) * HALF_BITS;
        }
    }

    function _sumAt(uint256 choice) private pure returns (uint256) {
        return choice & 1 == 1 ? 0 : SUM_BITS;
    }
}
