// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IExcludedAccounts} from "./IExcludedAccounts.sol";

/// @title IHolderVotes
/// @notice What the votes tokens of a DMO share: undelegated balances vote for their owner.
/// @dev `delegates(account)` is the account itself until it delegates, and delegating to nobody means delegating to
/// oneself. Hence the sum of all votes is always the total supply, and no delegate can freeze its delegators' tokens.
/// Excluded accounts (treasury, escrow and at most four more, fixed at deployment) cannot delegate.
interface IHolderVotes is IExcludedAccounts {
    /// @notice The account is excluded from votes, so it cannot lend its votes to anybody.
    error HolderVotesExcluded(address account);
}

/// @title IHolderToken
/// @notice A votes token with a fixed supply.
interface IHolderToken is IHolderVotes {
    /// @notice The two lists differ in length.
    error HolderTokenLengthMismatch(uint256 recipients, uint256 amounts);

    /// @notice Sends amounts (token units) to recipients, in order; all or none.
    /// @dev A holder's own tokens only; used to hand a new token to its holders in few transactions.
    function transferBatch(address[] calldata recipients, uint256[] calldata amounts) external;
}

/// @title IVotesWrapper
/// @notice Gives an existing ERC-20 votes: deposit one for one, withdraw at any time.
/// @dev Underlying tokens that take a fee on transfer are refused at deposit; rebasing tokens are not supported.
interface IVotesWrapper is IHolderVotes {
    /// @notice The underlying token delivered `received` instead of `expected` units.
    error VotesWrapperUnsupportedToken(uint256 received, uint256 expected);
}
