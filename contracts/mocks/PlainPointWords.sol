// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointWords} from "../reputation/PointWords.sol";

/// @title PlainPointWords
/// @notice The packed word of an account's points with its internals opened.
contract PlainPointWords {
    using PointWords for uint256;

    function pack(uint256 stored, uint256 since, uint256 lifetime, uint256 pasts) external pure returns (uint256) {
        return PointWords.pack(stored, since, lifetime, pasts);
    }

    function unpack(uint256 word) external pure returns (uint256, uint256, uint256, uint256) {
        return (word.stored(), word.since(), word.lifetime(), word.pasts());
    }
}
