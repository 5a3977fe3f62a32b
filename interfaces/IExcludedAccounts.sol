// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IExcludedAccounts
/// @notice The accounts without a part in votes: treasury, escrow and at most four more, fixed at deployment.
interface IExcludedAccounts {
    /// @notice {count} accounts are excluded, {limit} can be.
    /// @custom:right Name fewer accounts.
    /// @param count How many accounts were named.
    /// @param limit How many can be.
    error ExcludedAccountsTooMany(uint256 count, uint256 limit);

    /// @notice The excluded account {account} is zero or named twice.
    /// @custom:right Name every excluded account once.
    /// @param account The account that is zero or named twice.
    error ExcludedAccountsInvalid(address account);

    /// @notice Whether the account has no part in votes.
    /// @param account The account.
    /// @return Whether it is excluded.
    function isExcluded(address account) external view returns (bool);

    /// @notice The excluded accounts, in the order they were named.
    /// @return The accounts.
    function excludedAccounts() external view returns (address[] memory);
}
