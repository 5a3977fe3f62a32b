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

    /// @notice A holding period of {holdingSeconds} is outside its bounds.
    /// @custom:right Choose {minSeconds} to {maxSeconds}.
    /// @param holdingSeconds The holding period that was named, in seconds.
    /// @param minSeconds The shortest possible, in seconds.
    /// @param maxSeconds The longest possible, in seconds.
    error ElectorateHoldingOutOfBounds(uint256 holdingSeconds, uint256 minSeconds, uint256 maxSeconds);

    /// @notice The ERC-5805 token whose past votes are the weights.
    /// @return The token's address.
    function votesToken() external view returns (address);

    /// @notice How far apart the two readings of a weight lie, in seconds.
    /// @return The holding period, in seconds.
    function holdingSeconds() external view returns (uint32);

    /// @notice An account's weight: the smaller of its past votes at a moment and one holding period earlier, so that
    /// nobody can borrow it for a block. Excluded accounts have none.
    /// @param account Whose weight it is.
    /// @param timepoint A moment in the past, Unix seconds.
    /// @return The weight, in units of the votes token.
    function pastWeight(address account, uint256 timepoint) external view returns (uint256);

    /// @notice Past total supply less the past votes of the excluded accounts, in units of the votes token.
    /// @param timepoint A moment in the past, Unix seconds.
    /// @return The votable supply, in units of the votes token.
    function votableSupply(uint256 timepoint) external view returns (uint256);
}
