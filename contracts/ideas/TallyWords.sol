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
    uint256 private constant FLAGS = type(uint256).max << VERSION_AT;

    /// @dev An idea's first word.
    function open(uint256 versionNumber) internal pure returns (uint256) {
        return versionNumber << VERSION_AT;
    }

    function withWithdrawn(uint256 word) internal pure returns (uint256) {
        return word | WITHDRAWN;
    }

    /// @dev Takes `votes` out as `choiceBefore` and puts them in as `choiceAfter`; a choice of 0 is none, otherwise its
    /// lowest bit says for (1) or against (0). Reverts where a sum leaves 112 bits.
    function move(uint256 word, uint256 choiceBefore, uint256 choiceAfter, uint256 votes)
        internal
        pure
        returns (uint256)
    {
        uint256 inFavour = forVotes(word);
        uint256 opposed = againstVotes(word);
        if (choiceBefore != 0) {
            if (choiceBefore & 1 == 1) inFavour -= votes;
            else opposed -= votes;
        }
        if (choiceAfter != 0) {
            if (choiceAfter & 1 == 1) inFavour += votes;
            else opposed += votes;
        }
        return (word & FLAGS) | SafeCast.toUint112(inFavour) | (uint256(SafeCast.toUint112(opposed)) << AGAINST_AT);
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

    /// @dev for − against reaches the threshold, which is never 0.
    function isPassing(uint256 word, uint256 threshold) internal pure returns (bool) {
        return forVotes(word) >= againstVotes(word) + threshold;
    }
}
