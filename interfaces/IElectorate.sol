// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IExcludedAccounts} from "./IExcludedAccounts.sol";

/// @title IElectorate
/// @notice Who counts when a share of the votes is asked for.
/// @dev The votable supply is the past total supply less the past votes of the excluded accounts (treasury, escrow
/// and at most four more, fixed at deployment). Excluded accounts cannot vote, post or propose. Votes that somebody
/// delegated to an excluded account are out of reach too, and are subtracted with it.
interface IElectorate is IExcludedAccounts {
    /// @notice The votes token keeps time as "{mode}", not in seconds.
    /// @custom:right Use a token whose CLOCK_MODE is mode=timestamp, or wrap this one.
    /// @param mode The token's CLOCK_MODE.
    error ElectorateNotTimestampClock(string mode);

    /// @notice A share of {shareBps} is outside its bounds.
    /// @custom:right Choose one from {minBps} to {maxBps}.
    /// @param shareBps The share that was named, in bps.
    /// @param minBps The smallest possible, in bps.
    /// @param maxBps The largest possible, in bps.
    error ElectorateShareOutOfBounds(uint256 shareBps, uint256 minBps, uint256 maxBps);

    /// @notice {account} is excluded from votes, like the treasury and the escrow.
    /// @custom:right Use an account that holds votes of its own.
    /// @param account The excluded account.
    error ElectorateExcluded(address account);

    /// @notice The ERC-5805 token whose past votes are the weights.
    /// @return The token's address.
    function votesToken() external view returns (address);

    /// @notice Past total supply less the past votes of the excluded accounts, in units of the votes token.
    /// @param timepoint A moment in the past, Unix seconds.
    /// @return The votable supply, in units of the votes token.
    function votableSupply(uint256 timepoint) external view returns (uint256);
}
