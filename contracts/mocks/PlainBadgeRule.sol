// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBadgeRule} from "../../interfaces/IBadges.sol";

/// @title PlainBadgeRule
/// @notice Whoever brings the right word has earned it.
contract PlainBadgeRule is IBadgeRule {
    Basis public constant basis = Basis.Other;
    uint256 public constant least = 1;
    address public constant source = address(0);

    function earned(address account, bytes calldata witness) external pure returns (bool) {
        return keccak256(witness) == keccak256(abi.encode(account));
    }
}
