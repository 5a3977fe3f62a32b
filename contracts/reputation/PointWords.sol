// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title PointWords
/// @notice An account's points in one word, from the lowest bit up: stored 136 | since 32 | lifetime 72 | pasts 16.
/// @dev stored: grains × g. since: the boundary from which on it counts, Unix seconds; 0 in an empty word alone.
/// lifetime: all grains ever awarded. pasts: how many earlier words are kept.
library PointWords {
    uint256 internal constant MAX_LIFETIME = type(uint72).max;

    uint256 private constant SINCE_AT = 136;
    uint256 private constant LIFETIME_AT = 168;
    uint256 private constant PASTS_AT = 240;

    /// @dev Reverts where anything but the lifetime does not fit.
    function pack(uint256 stored_, uint256 since_, uint256 lifetime_, uint256 pasts_) internal pure returns (uint256) {
        return SafeCast.toUint136(stored_) | (uint256(SafeCast.toUint32(since_)) << SINCE_AT)
            | (lifetime_ << LIFETIME_AT) | (uint256(SafeCast.toUint16(pasts_)) << PASTS_AT);
    }

    function stored(uint256 word) internal pure returns (uint256) {
        return uint136(word);
    }

    function since(uint256 word) internal pure returns (uint256) {
        return uint32(word >> SINCE_AT);
    }

    function lifetime(uint256 word) internal pure returns (uint256) {
        return uint72(word >> LIFETIME_AT);
    }

    function pasts(uint256 word) internal pure returns (uint256) {
        return word >> PASTS_AT;
    }
}
