// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title BountyWords
/// @notice A bounty in one word, from the lowest bit up: reward 92 | bond 92 | campaign 24 | submitBy 32 | free slots
/// 14 | gift 1 | named 1.
/// @dev What never matters to money (the brief, how many slots there were) stands in the event; a named worker has a
/// word of its own. No word of a bounty is 0, for its reward or its deadline is not.
library BountyWords {
    /// @dev Largest reward, in units of the budget token: with 18 decimals almost five billion tokens.
    uint256 internal constant MAX_AMOUNT = (1 << 92) - 1;
    uint256 internal constant MAX_SLOTS = (1 << 14) - 1;

    uint256 private constant BOND_AT = 92;
    uint256 private constant CAMPAIGN_AT = 184;
    uint256 private constant SUBMIT_BY_AT = 208;
    uint256 private constant FREE_AT = 240;
    uint256 private constant GIFT = 1 << 254;
    uint256 private constant NAMED = 1 << 255;

    /// @dev Reward and bond are at most MAX_AMOUNT, free slots at most MAX_SLOTS; there are fewer than 2^24 campaigns.
    function pack(
        uint256 reward_,
        uint256 bond_,
        uint256 campaign_,
        uint256 submitBy_,
        uint256 freeSlots_,
        bool isGift_,
        bool isNamed_
    ) internal pure returns (uint256) {
        return reward_ | (bond_ << BOND_AT) | (campaign_ << CAMPAIGN_AT) | (submitBy_ << SUBMIT_BY_AT)
            | (freeSlots_ << FREE_AT) | (isGift_ ? GIFT : 0) | (isNamed_ ? NAMED : 0);
    }

    function withFreeSlots(uint256 word, uint256 freeSlots_) internal pure returns (uint256) {
        return (word & ~(MAX_SLOTS << FREE_AT)) | (freeSlots_ << FREE_AT);
    }

    function withSubmitBy(uint256 word, uint256 submitBy_) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint32).max) << SUBMIT_BY_AT)) | (submitBy_ << SUBMIT_BY_AT);
    }

    function reward(uint256 word) internal pure returns (uint256) {
        return word & MAX_AMOUNT;
    }

    function bond(uint256 word) internal pure returns (uint256) {
        return (word >> BOND_AT) & MAX_AMOUNT;
    }

    function campaign(uint256 word) internal pure returns (uint32) {
        return uint24(word >> CAMPAIGN_AT);
    }

    function submitBy(uint256 word) internal pure returns (uint32) {
        return uint32(word >> SUBMIT_BY_AT);
    }

    function freeSlots(uint256 word) internal pure returns (uint256) {
        return (word >> FREE_AT) & MAX_SLOTS;
    }

    function isGift(uint256 word) internal pure returns (bool) {
        return word & GIFT != 0;
    }

    function isNamed(uint256 word) internal pure returns (bool) {
        return word & NAMED != 0;
    }
}
