// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";

/// @title MeasureWords
/// @notice The times and stakes of terms in one word, from the lowest bit up: review 32 | answer 32 | challenge 32 |
/// arbitration 32 | notice 32 | share 16 | least 80. Times in seconds.
library MeasureWords {
    function pack(IDisputeDesk.Measures memory measures) internal pure returns (uint256) {
        return uint256(measures.reviewSeconds) | (uint256(measures.answerSeconds) << 32)
            | (uint256(measures.challengeSeconds) << 64) | (uint256(measures.arbitrationSeconds) << 96)
            | (uint256(measures.noticeSeconds) << 128) | (uint256(measures.disputeBondBps) << 160)
            | (uint256(measures.disputeBondMin) << 176);
    }

    function reviewSeconds(uint256 word) internal pure returns (uint256) {
        return uint32(word);
    }

    function answerSeconds(uint256 word) internal pure returns (uint256) {
        return uint32(word >> 32);
    }

    function challengeSeconds(uint256 word) internal pure returns (uint256) {
        return uint32(word >> 64);
    }

    function arbitrationSeconds(uint256 word) internal pure returns (uint256) {
        return uint32(word >> 96);
    }

    function noticeSeconds(uint256 word) internal pure returns (uint256) {
        return uint32(word >> 128);
    }

    function disputeBondBps(uint256 word) internal pure returns (uint256) {
        return uint16(word >> 160);
    }

    function disputeBondMin(uint256 word) internal pure returns (uint256) {
        return word >> 176;
    }
}
