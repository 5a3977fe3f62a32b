// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHolderToken} from "../../interfaces/IHolderVotes.sol";
import {HolderVotes} from "./HolderVotes.sol";

/// @title HolderToken
/// @notice A votes token with 18 decimals and a fixed supply: nothing is ever minted after deployment.
contract HolderToken is HolderVotes, IHolderToken {
    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param name Name.
    /// @param symbol Symbol.
    /// @param supply The whole supply, in token units; at most 2^112 − 1.
    /// @param recipient Who receives it.
    /// @param excluded Accounts that cannot delegate: at most six, distinct and not zero; they need not exist yet.
    constructor(
        string memory name,
        string memory symbol,
        uint256 supply,
        address recipient,
        address[] memory excluded
    ) HolderVotes(name, symbol, excluded) {
        _mint(recipient, supply);
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IHolderToken
    function transferBatch(address[] calldata recipients, uint256[] calldata amounts) external {
        uint256 count = recipients.length;
        require(count == amounts.length, HolderTokenLengthMismatch(count, amounts.length));
        for (uint256 i = 0; i < count; ++i) {
            _transfer(msg.sender, recipients[i], amounts[i]);
        }
    }
}
