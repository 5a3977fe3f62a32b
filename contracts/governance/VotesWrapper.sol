// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Wrapper} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Wrapper.sol";

import {IVotesWrapper} from "../../interfaces/IHolderVotes.sol";
import {HolderVotes} from "./HolderVotes.sol";

/// @title VotesWrapper
/// @notice Gives an existing ERC-20 votes: deposit one for one, withdraw at any time.
contract VotesWrapper is HolderVotes, ERC20Wrapper, IVotesWrapper {
    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param underlyingToken The existing ERC-20; no fee on transfer, no rebasing.
    /// @param name Name.
    /// @param symbol Symbol.
    /// @param excluded Accounts that cannot delegate: at most six, distinct and not zero; they need not exist yet.
    constructor(IERC20 underlyingToken, string memory name, string memory symbol, address[] memory excluded)
        HolderVotes(name, symbol, excluded)
        ERC20Wrapper(underlyingToken)
    {}

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ERC20Wrapper
    /// @dev Minted is what was asked, so what arrives has to be the same.
    function depositFor(address account, uint256 amount) public override returns (bool) {
        uint256 before = underlying().balanceOf(address(this));
        super.depositFor(account, amount);
        uint256 received = underlying().balanceOf(address(this)) - before;
        require(received == amount, VotesWrapperUnsupportedToken(received, amount));
        return true;
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ERC20Wrapper
    function decimals() public view override(ERC20, ERC20Wrapper) returns (uint8) {
        return super.decimals();
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _update(address from, address to, uint256 amount) internal override(ERC20, HolderVotes) {
        super._update(from, to, amount);
    }
}
