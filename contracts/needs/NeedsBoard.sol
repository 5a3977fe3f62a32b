// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {INeedsBoard} from "../../interfaces/INeedsBoard.sol";

/// @title NeedsBoard
/// @notice What holders want of the protocol, who wants it how much, and what its team answers. Keeps nothing.
contract NeedsBoard is AccessManaged, INeedsBoard {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant MAX_NEEDS = 8;
    uint256 private constant WHOLE_PERCENT = 100;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    constructor(address authority) AccessManaged(authority) {}

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc INeedsBoard
    function post(bytes32 need) external {
        require(need != 0, NeedsBoardNoNeed());
        emit NeedPosted(need, msg.sender);
    }

    /// @inheritdoc INeedsBoard
    function back(bytes32[] calldata needs, uint8[] calldata percents) external {
        require(needs.length <= MAX_NEEDS, NeedsBoardTooMany(needs.length, MAX_NEEDS));
        require(needs.length == percents.length, NeedsBoardListsDiffer(needs.length, percents.length));
        bytes32 previous;
        uint256 sum;
        for (uint256 i = 0; i < needs.length; ++i) {
            require(needs[i] > previous, NeedsBoardNotAscending(needs[i], previous));
            require(percents[i] > 0, NeedsBoardNoPart(needs[i]));
            previous = needs[i];
            sum += percents[i];
        }
        require(sum <= WHOLE_PERCENT, NeedsBoardTooMuch(sum, WHOLE_PERCENT));
        emit NeedsBacked(msg.sender, needs, percents);
    }

    /// @inheritdoc INeedsBoard
    function answer(bytes32 need, Answer what, uint32 eta, uint16 effortDays, bytes32 reason) external restricted {
        require(need != 0, NeedsBoardNoNeed());
        require(what != Answer.None, NeedsBoardNoAnswer());
        require(what != Answer.Merged || (reason != 0 && reason != need), NeedsBoardNoTarget(need, reason));
        emit NeedAnswered(need, msg.sender, what, eta, effortDays, reason);
    }
}
