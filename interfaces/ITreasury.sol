// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IExcludedAccounts} from "./IExcludedAccounts.sol";

/// @title ITreasury
/// @notice OpenZeppelin's timelock, holding the holders' money, with guards that hold whoever scheduled an operation.
/// @dev Its votes stay with excluded accounts. What changes the treasury itself (roles, delay) waits 30 days, so that
/// it is seen, and a vote can cancel it meanwhile: the governor's slowest vote and the longest delay take 28.
interface ITreasury is IExcludedAccounts {
    /// @notice The treasury's votes would be lent to {delegatee}.
    /// @custom:right Leave out what delegates them; they stay with accounts that are excluded from votes.
    /// @param delegatee Who would have the votes: nobody, or an account that may vote.
    error TreasuryLendsVotes(address delegatee);

    /// @notice A delay of {delaySeconds} is outside the treasury's bounds.
    /// @custom:right Choose one from {minSeconds} to {maxSeconds}.
    /// @param delaySeconds The delay that was named, in seconds.
    /// @param minSeconds The shortest possible, in seconds.
    /// @param maxSeconds The longest possible, in seconds.
    error TreasuryDelayOutOfBounds(uint256 delaySeconds, uint256 minSeconds, uint256 maxSeconds);

    /// @notice The ERC-5805 token whose votes the treasury does not lend.
    /// @return The token's address.
    function votesToken() external view returns (address);

    /// @notice The delay is never below this, in seconds: a quarter of the first one.
    /// @return The shortest delay possible, in seconds.
    function shortestDelaySeconds() external view returns (uint256);
}
