// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Deployed unmodified from OpenZeppelin: the treasury and the permissions. Importing them here builds them.
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
