// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title Imports
/// @notice Has AccessManager (permissions) and TimelockController (treasury), which are deployed as OpenZeppelin wrote
/// them, built with the project.
/// @dev Brownie keeps only builds that a contract of ours refers to, so both are named in functions.
abstract contract Imports {
    function _permissions() internal pure virtual returns (AccessManager);

    function _treasury() internal pure virtual returns (TimelockController);
}
