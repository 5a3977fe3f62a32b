// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IHaltable
/// @notice The guardian's only power: to stop new bounties and new ideas, with one switch, for one round.
/// @dev New bounties stop from the call on, new ideas during the whole round after it, so that a halt picks nobody out.
/// After a halt the guardian has to wait for as long again. Nothing that has begun is touched: votes, reviews, payments
/// and exits go on.
interface IHaltable {
    /// @notice New bounties are refused until `until` (Unix seconds), new ideas during the whole next round.
    /// @param guardian Who halted.
    /// @param until New bounties are refused before this moment, Unix seconds.
    event Halted(address indexed guardian, uint48 until);

    /// @notice The guardian has stopped new ideas and bounties for now.
    /// @custom:right Try again from {until} on; all that has begun goes on.
    /// @param until New things are refused before this moment, Unix seconds.
    error HaltableHalted(uint256 until);

    /// @notice The guardian has halted lately.
    /// @custom:right The next halt is possible from {from} on.
    /// @param from When the next halt is possible, Unix seconds.
    error HaltableTooSoon(uint256 from);

    /// @notice Stops new things for one round.
    /// @dev Restricted to the guardian's role.
    function halt() external;

    /// @notice When the guardian halted last (Unix seconds); 0 if never.
    /// @return When the latest halt began, Unix seconds; 0 if there was none.
    function haltedAt() external view returns (uint48);

    /// @notice New bounties are refused while now < haltedUntil (Unix seconds); 0 if never halted.
    /// @return When the latest halt ends, Unix seconds; 0 if there was none.
    function haltedUntil() external view returns (uint48);

    /// @notice How long a halt lasts, and how long the guardian then has to wait, in seconds.
    /// @return The length of a halt, in seconds.
    function haltSeconds() external view returns (uint32);
}
