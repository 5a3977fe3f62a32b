// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IExcludedAccounts} from "./IExcludedAccounts.sol";

/// @title IHolderVotes
/// @notice What the votes tokens of a DMO share: undelegated balances vote for their owner.
/// @dev `delegates(account)` is the account itself until it delegates, and delegating to nobody means delegating to
/// oneself. Hence the sum of all votes is always the total supply, and no delegate can freeze its delegators' tokens.
/// Excluded accounts (treasury, escrow and at most four more, fixed at deployment) cannot delegate.
interface IHolderVotes is IExcludedAccounts {
    /// @notice {account} is excluded from votes and cannot lend its votes.
    /// @custom:right Nothing needs to be done: excluded votes count for nobody.
    /// @param account The excluded account.
    error HolderVotesExcluded(address account);
}

/// @title IHolderToken
/// @notice A votes token with a fixed supply.
interface IHolderToken is IHolderVotes {
    /// @notice There are {recipients} recipients and {amounts} amounts.
    /// @custom:right Give every recipient one amount.
    /// @param recipients How many recipients were named.
    /// @param amounts How many amounts were named.
    error HolderTokenLengthMismatch(uint256 recipients, uint256 amounts);

    /// @notice Sends amounts (token units) to recipients, in order; all or none.
    /// @dev A holder's own tokens only; used to hand a new token to its holders in few transactions.
    /// @param recipients Who gets tokens.
    /// @param amounts What each of them gets, in units of the votes token.
    function transferBatch(address[] calldata recipients, uint256[] calldata amounts) external;
}

/// @title IVotesWrapper
/// @notice Gives an existing ERC-20 votes: deposit one for one, withdraw at any time.
/// @dev Underlying tokens that take a fee on transfer are refused at deposit; rebasing tokens are not supported.
interface IVotesWrapper is IHolderVotes {
    /// @notice The underlying token delivered {received} instead of {expected}.
    /// @custom:right A token that takes a fee on transfer cannot be wrapped.
    /// @param received What arrived, in units of the votes token, which are the underlying token's.
    /// @param expected What was sent, in units of the votes token, which are the underlying token's.
    error VotesWrapperUnsupportedToken(uint256 received, uint256 expected);
}
