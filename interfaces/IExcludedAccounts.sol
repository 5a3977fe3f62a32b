// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IExcludedAccounts
/// @notice The accounts without a part in votes: treasury, escrow and at most four more, fixed at deployment.
interface IExcludedAccounts {
    /// @notice More accounts were named than can be excluded.
    error ExcludedAccountsTooMany(uint256 count, uint256 limit);

    /// @notice An excluded account is zero or named twice.
    error ExcludedAccountsInvalid(address account);

    /// @notice Whether the account has no part in votes.
    function isExcluded(address account) external view returns (bool);

    /// @notice The excluded accounts, in the order they were named.
    function excludedAccounts() external view returns (address[] memory);
}
