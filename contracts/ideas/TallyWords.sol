// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title TallyWords
/// @notice An idea's tally in one word, from the lowest bit up: for 112 | against 112 | version 8 | withdrawn 1.
/// @dev A word is never zero once its idea is posted, because versions count from 1; zero means: no such idea.
library TallyWords {
    uint256 private constant AGAINST_AT = 112;
    uint256 private constant VERSION_AT = 224;
    uint256 private constant WITHDRAWN = 1 << 232;
    uint256 private constant SUM = type(uint112).max;

    /// @dev An idea's first word.
    function open(uint256 versionNumber) internal pure returns (uint256) {
        return versionNumber << VERSION_AT;
    }

    function withWithdrawn(uint256 word) internal pure returns (uint256) {
        return word | WITHDRAWN;
    }

    /// @dev Takes `votes` out as `choiceBefore` and puts them in as `choiceAfter`; a choice of 0 is none, otherwise its
    /// lowest bit says for (1) or against (0). `votes` have 112 bits; reverts where a sum leaves them.
    function move(uint256 word, uint256 choiceBefore, uint256 choiceAfter, uint256 votes)
        internal
        pure
        returns (uint256)
    {
        if (choiceBefore != 0) {
            uint256 at = choiceBefore & 1 == 1 ? 0 : AGAINST_AT;
            word = (word & ~(SUM << at)) | ((uint112(word >> at) - votes) << at);
        }
        if (choiceAfter != 0) {
            uint256 at = choiceAfter & 1 == 1 ? 0 : AGAINST_AT;
            unchecked {
                uint256 sum = uint112(word >> at) + votes; // both have 112 bits
                require(sum <= SUM, SafeCast.SafeCastOverflowedUintDowncast(112, sum));
                word += votes << at; // so the sum stays in its place
            }
        }
        return word;
    }

    function forVotes(uint256 word) internal pure returns (uint112) {
        return uint112(word);
    }

    function againstVotes(uint256 word) internal pure returns (uint112) {
        return uint112(word >> AGAINST_AT);
    }

    function version(uint256 word) internal pure returns (uint8) {
        return uint8(word >> VERSION_AT);
    }

    function isWithdrawn(uint256 word) internal pure returns (bool) {
        return word & WITHDRAWN != 0;
    }

    /// @dev for − against reaches the threshold, which is never 0 and at most half of 2^256.
    function isPassing(uint256 word, uint256 threshold) internal pure returns (bool) {
        unchecked {
            // Half of 2^256 and 112 bits.
            return uint112(word) >= uint256(uint112(word >> AGAINST_AT)) + threshold;
        }
    }

}
