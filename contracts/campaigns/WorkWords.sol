// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWork} from "../../interfaces/IWork.sol";

/// @title WorkWords
/// @notice A submission in one word, from the lowest bit up: worker 160 | bounty 32 | since 32 | stage 8 | payees 8 |
/// stint 8 | reworked 1. Its evidence has a word of its own.
library WorkWords {
    uint256 private constant BOUNTY_AT = 160;
    uint256 private constant SINCE_AT = 192;
    uint256 private constant STAGE_AT = 224;
    uint256 private constant PAYEES_AT = 232;
    uint256 private constant STINT_AT = 240;
    uint256 private constant REWORKED = 1 << 248;

    function open(address worker_, uint32 bounty_, uint256 payees_) internal pure returns (uint256) {
        return uint160(worker_) | (uint256(bounty_) << BOUNTY_AT) | (payees_ << PAYEES_AT);
    }

    /// @dev Another stage, recorded at this time (Unix seconds).
    function withStage(uint256 word, IWork.Stage stage_, uint32 since_) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint40).max) << SINCE_AT)) | (uint256(since_) << SINCE_AT)
            | (uint256(stage_) << STAGE_AT);
    }

    function withStint(uint256 word, uint256 stint_) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint8).max) << STINT_AT)) | (stint_ << STINT_AT);
    }

    function withReworked(uint256 word) internal pure returns (uint256) {
        return word | REWORKED;
    }

    function worker(uint256 word) internal pure returns (address) {
        return address(uint160(word));
    }

    function bounty(uint256 word) internal pure returns (uint32) {
        return uint32(word >> BOUNTY_AT);
    }

    function since(uint256 word) internal pure returns (uint32) {
        return uint32(word >> SINCE_AT);
    }

    function stage(uint256 word) internal pure returns (IWork.Stage) {
        return IWork.Stage(uint8(word >> STAGE_AT));
    }

    function payees(uint256 word) internal pure returns (uint8) {
        return uint8(word >> PAYEES_AT);
    }

    function stint(uint256 word) internal pure returns (uint8) {
        return uint8(word >> STINT_AT);
    }

    function isReworked(uint256 word) internal pure returns (bool) {
        return word & REWORKED != 0;
    }
}
