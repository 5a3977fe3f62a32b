// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {IHolderVotes} from "../../interfaces/IHolderVotes.sol";
import {ExcludedAccounts} from "./ExcludedAccounts.sol";

/// @title HolderVotes
/// @notice An ERC-20 whose undelegated balances vote for their owner; the sum of all votes is the total supply.
abstract contract HolderVotes is ERC20Permit, ERC20Votes, ExcludedAccounts, IHolderVotes {
    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param name Name, also of the EIP-712 domain.
    /// @param symbol Symbol.
    /// @param excluded At most six accounts, distinct and not zero; they need not exist yet.
    constructor(string memory name, string memory symbol, address[] memory excluded)
        ERC20(name, symbol)
        ERC20Permit(name)
        ExcludedAccounts(excluded)
    {}

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc Votes
    /// @dev The account itself until it delegates. Zero, the other side of minting and burning, stays zero.
    function delegates(address account) public view override returns (address) {
        address delegatee = super.delegates(account);
        return delegatee == address(0) ? account : delegatee;
    }

    /// @inheritdoc Votes
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @inheritdoc Votes
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Permit
    /// @dev Permits and delegations by signature share one sequence.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Delegating to nobody means to oneself: with the default alone, votes that were delegated and then taken
    /// back to nobody would be moved from the delegate to nowhere, and moved again from the owner at the next transfer.
    function _delegate(address account, address delegatee) internal override {
        require(!isExcluded(account), HolderVotesExcluded(account));
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    /// @dev Boards pack votes into 112 bits.
    function _maxSupply() internal pure override returns (uint256) {
        return type(uint112).max;
    }

    function _update(address from, address to, uint256 amount) internal virtual override(ERC20, ERC20Votes) {
        super._update(from, to, amount);
    }
}
