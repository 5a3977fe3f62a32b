// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IHaltable} from "../../interfaces/IHaltable.sol";

/// @title Haltable
/// @notice Lets the guardian stop new things for one round, and then not again for as long. The board asks here too.
abstract contract Haltable is AccessManaged, IHaltable {
    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IHaltable
    uint32 public immutable haltSeconds;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IHaltable
    /// @dev Shares slot 0 with AccessManaged's authority.
    uint48 public haltedAt;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param haltSeconds_ Length of a round, in seconds.
    constructor(address authority, uint32 haltSeconds_) AccessManaged(authority) {
        haltSeconds = haltSeconds_;
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IHaltable
    function halt() external restricted {
        uint256 until = haltedUntil();
        if (until != 0) {
            uint256 from = until + haltSeconds;
            require(block.timestamp >= from, HaltableTooSoon(from));
        }
        haltedAt = uint48(block.timestamp);
        emit Halted(msg.sender, haltedUntil());
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IHaltable
    function haltedUntil() public view returns (uint48) {
        uint48 at = haltedAt;
        return at == 0 ? 0 : at + haltSeconds;
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Reverts while new things are halted.
    function _requireNotHalted() internal view {
        uint256 until = haltedUntil();
        require(block.timestamp >= until, HaltableHalted(until));
    }
}
