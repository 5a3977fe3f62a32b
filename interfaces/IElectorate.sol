// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IExcludedAccounts} from "./IExcludedAccounts.sol";

/// @title IElectorate
/// @notice Who counts when a share of the votes is asked for.
/// @dev The votable supply is the past total supply less the past votes of the excluded accounts (treasury, escrow
/// and at most four more, fixed at deployment). Excluded accounts cannot vote, post or propose. Votes that somebody
/// delegated to an excluded account are out of reach too, and are subtracted with it.
interface IElectorate is IExcludedAccounts {
    /// @notice The votes token does not keep time in seconds; `mode` is its CLOCK_MODE.
    error ElectorateNotTimestampClock(string mode);

    /// @notice A share is outside its hard bounds, all in bps.
    error ElectorateShareOutOfBounds(uint256 shareBps, uint256 minBps, uint256 maxBps);

    /// @notice The account is excluded and has no part in votes.
    error ElectorateExcluded(address account);

    /// @notice The ERC-5805 token whose past votes are the weights.
    function votesToken() external view returns (address);

    /// @notice Past total supply less the past votes of the excluded accounts, in units of the votes token.
    /// @param timepoint Unix seconds, in the past.
    function votableSupply(uint256 timepoint) external view returns (uint256);
}
