// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Imports
/// @notice Has AccessManager (permissions), which is deployed as OpenZeppelin wrote it, built with the project.
/// @dev Brownie keeps only builds that a contract of ours refers to, so it is named in a function.
abstract contract Imports {
    function _permissions() internal pure virtual returns (AccessManager);
}
