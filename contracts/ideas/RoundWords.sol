// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title RoundWords
/// @notice A round's facts in one word, from the lowest bit up: threshold 112 | ideas 32 | passing 32 | previous 32 |
/// settled 1 | vote begun 1.
/// @dev A word is zero until the first post and never again, because ideas are only added.
library RoundWords {
    uint256 private constant IDEAS_AT = 112;
    uint256 private constant PASSING_AT = 144;
    uint256 private constant PREVIOUS_AT = 176;
    uint256 private constant SETTLED = 1 << 208;
    uint256 private constant VOTE_BEGUN = 1 << 209;
    uint256 private constant ONE_IDEA = 1 << IDEAS_AT;

    /// @dev A round without ideas, with its posting threshold.
    function open(uint256 postingThreshold, uint256 previousRound) internal pure returns (uint256) {
        return SafeCast.toUint112(postingThreshold) | (previousRound << PREVIOUS_AT);
    }

    function withIdea(uint256 word) internal pure returns (uint256) {
        return word + ONE_IDEA;
    }

    /// @dev From the first ballot on the threshold is the passing threshold.
    function withVote(uint256 word, uint256 passingThreshold) internal pure returns (uint256) {
        return (word & ~uint256(type(uint112).max)) | SafeCast.toUint112(passingThreshold) | VOTE_BEGUN;
    }

    function withPassing(uint256 word, uint256 count) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint32).max) << PASSING_AT)) | (count << PASSING_AT);
    }

    function withSettled(uint256 word) internal pure returns (uint256) {
        return word | SETTLED;
    }

    function threshold(uint256 word) internal pure returns (uint112) {
        return uint112(word);
    }

    function ideas(uint256 word) internal pure returns (uint32) {
        return uint32(word >> IDEAS_AT);
    }

    function passing(uint256 word) internal pure returns (uint32) {
        return uint32(word >> PASSING_AT);
    }

    function previous(uint256 word) internal pure returns (uint32) {
        return uint32(word >> PREVIOUS_AT);
    }

    function isSettled(uint256 word) internal pure returns (bool) {
        return word & SETTLED != 0;
    }

    function isVoteBegun(uint256 word) internal pure returns (bool) {
        return word & VOTE_BEGUN != 0;
    }
}
