// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Electorate} from "../governance/Electorate.sol";

/// @title PlainElectorate
/// @notice Electorate with its internals opened.
contract PlainElectorate is Electorate {
    constructor(address votes, address[] memory excluded, uint32 holdingSeconds_)
        Electorate(votes, excluded, holdingSeconds_)
    {}

    function share(uint256 timepoint, uint256 shareBps, uint256 floor) external view returns (uint256) {
        return _share(timepoint, shareBps, floor);
    }

    function requireIncluded(address account) external view {
        _requireIncluded(account);
    }

    function requireShareWithin(uint256 shareBps, uint256 minBps, uint256 maxBps) external pure {
        _requireShareWithin(shareBps, minBps, maxBps);
    }
}
