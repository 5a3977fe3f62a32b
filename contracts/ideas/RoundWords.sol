// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title RoundWords
/// @notice A round's facts in one word, from the lowest bit up: ideas 16 | passing 16 | previous 32 | vote begun 1 |
/// settled 1, and above them, while it is posted: posting threshold 184; from the first ballot on: passing threshold
/// 62 | exponent 6 | walked 16 | assigned 96 | funded 8.
/// @dev A word is zero until the first post and never again, because ideas are only added.
library RoundWords {
    uint256 private constant PASSING_AT = 16;
    uint256 private constant PREVIOUS_AT = 32;
    uint256 private constant VOTE_BEGUN = 1 << 64;
    uint256 private constant SETTLED = 1 << 65;
    uint256 private constant THRESHOLD_AT = 66;
    uint256 private constant EXPONENT_AT = 128;
    uint256 private constant WALKED_AT = 134;
    uint256 private constant ASSIGNED_AT = 150;
    uint256 private constant FUNDED_AT = 246;

    uint256 private constant THRESHOLD = (1 << 62) - 1;
    uint256 private constant EXPONENT = (1 << 6) - 1;

    /// @dev A round without ideas. A posting threshold beyond 184 bits, which takes a supply beyond 2^188, counts as
    /// 2^184 − 1: minting without end must not stop the posting.
    function open(uint256 postingThreshold_, uint256 previousRound) internal pure returns (uint256) {
        return (previousRound << PREVIOUS_AT) | (Math.min(postingThreshold_, type(uint184).max) << THRESHOLD_AT);
    }

    function withIdea(uint256 word) internal pure returns (uint256) {
        return word + 1;
    }

    /// @dev From the first ballot on: the passing threshold and the unit of votes, 10^exponent.
    function withVote(uint256 word, uint256 threshold_, uint256 exponent) internal pure returns (uint256) {
        return (word & ((1 << THRESHOLD_AT) - 1)) | VOTE_BEGUN | (threshold_ << THRESHOLD_AT)
            | (exponent << EXPONENT_AT);
    }

    function withPassing(uint256 word, uint256 count) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint16).max) << PASSING_AT)) | (count << PASSING_AT);
    }

    /// @dev How far settlement came: places of the list it is done with, what it assigned, how many it funded.
    function withProgress(uint256 word, uint256 walked_, uint256 assigned_, uint256 funded_)
        internal
        pure
        returns (uint256)
    {
        return (word & ((1 << WALKED_AT) - 1)) | (walked_ << WALKED_AT) | (assigned_ << ASSIGNED_AT)
            | (funded_ << FUNDED_AT);
    }

    function withSettled(uint256 word) internal pure returns (uint256) {
        return word | SETTLED;
    }

    function ideas(uint256 word) internal pure returns (uint256) {
        return uint16(word);
    }

    function passing(uint256 word) internal pure returns (uint256) {
        return uint16(word >> PASSING_AT);
    }

    function previous(uint256 word) internal pure returns (uint256) {
        return uint32(word >> PREVIOUS_AT);
    }

    function isVoteBegun(uint256 word) internal pure returns (bool) {
        return word & VOTE_BEGUN != 0;
    }

    function isSettled(uint256 word) internal pure returns (bool) {
        return word & SETTLED != 0;
    }

    /// @dev Before the vote begins, in units of the votes token.
    function postingThreshold(uint256 word) internal pure returns (uint256) {
        return word >> THRESHOLD_AT;
    }

    // ── from the first ballot on ────────────────────────────────────────────────────────────────────────────────

    /// @dev The passing threshold in the round's unit.
    function threshold(uint256 word) internal pure returns (uint256) {
        return (word >> THRESHOLD_AT) & THRESHOLD;
    }

    /// @dev What one vote of a tally stands for, in units of the votes token: a power of ten.
    function unit(uint256 word) internal pure returns (uint256) {
        unchecked {
            return 10 ** ((word >> EXPONENT_AT) & EXPONENT); // 10^63 has 210 bits
        }
    }

    function walked(uint256 word) internal pure returns (uint256) {
        return uint16(word >> WALKED_AT);
    }

    function assigned(uint256 word) internal pure returns (uint96) {
        return uint96(word >> ASSIGNED_AT);
    }

    function funded(uint256 word) internal pure returns (uint256) {
        return uint8(word >> FUNDED_AT);
    }
}
