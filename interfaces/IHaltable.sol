// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IHaltable
/// @notice The guardian's only power: to stop new ideas, or new bounties, for one round.
/// @dev After a halt the guardian has to wait for as long again. Nothing that has begun is touched: votes, reviews,
/// payments and exits go on.
interface IHaltable {
    /// @notice New things are refused until `until` (Unix seconds).
    event Halted(address indexed guardian, uint48 until);

    /// @notice New things are halted until `until` (Unix seconds).
    error HaltableHalted(uint256 until);

    /// @notice The guardian may halt again only from `from` on (Unix seconds).
    error HaltableTooSoon(uint256 from);

    /// @notice Stops new things for one round.
    /// @dev Restricted to the guardian's role.
    function halt() external;

    /// @notice New things are refused while now < haltedUntil (Unix seconds); 0 if never halted.
    function haltedUntil() external view returns (uint48);

    /// @notice How long a halt lasts, and how long the guardian then has to wait, in seconds.
    function haltSeconds() external view returns (uint32);
}
