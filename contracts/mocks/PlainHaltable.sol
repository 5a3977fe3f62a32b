// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Haltable} from "../governance/Haltable.sol";

/// @title PlainHaltable
/// @notice Haltable with one new thing to begin.
contract PlainHaltable is Haltable {
    uint256 public begun;

    constructor(address authority, uint32 haltSeconds_) Haltable(authority, haltSeconds_) {}

    function begin() external {
        _requireNotHalted();
        begun += 1;
    }
}
