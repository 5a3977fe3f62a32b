// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {Campaigns} from "./Campaigns.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Bounties
/// @notice What a campaign asks for, and the money set aside for it.
abstract contract Bounties is Campaigns {
    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    mapping(uint256 bounty => Bounty) internal _bounties;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function postBounty(BountyParams calldata params) external nonReentrant returns (uint32 bounty) {
        // Check:
        _requireNotHalted();
        Campaign storage campaign = _running(params.campaign);
        _checkLead(campaign);
        require(params.reward != 0, CampaignEscrowZeroAmount());
        require(params.bond <= params.reward, CampaignEscrowBondAboveReward(params.bond, params.reward));
        require(params.slots != 0, CampaignEscrowBadSlots(0, type(uint16).max));
        require(
            params.submitBy > block.timestamp && params.submitBy <= campaign.endsAt,
            CampaignEscrowDeadlineOutOfBounds(params.submitBy, block.timestamp, campaign.endsAt)
        );
        _checkNotLead(params.worker, msg.sender);
        _checkDigest(params.brief);
        uint256 amount = uint256(params.reward) * params.slots;
        uint256 free = params.isGift ? campaign.giftFree : _votedFree(campaign);
        require(amount <= free, CampaignEscrowNotEnough(amount, free));

        // Effect:
        if (params.isGift) campaign.giftFree -= uint112(amount);
        else campaign.votedUsed += uint112(amount);
        Bounty memory facts = Bounty({
            reward: params.reward,
            bond: params.bond,
            campaign: params.campaign,
            worker: params.worker,
            submitBy: params.submitBy,
            slots: params.slots,
            freeSlots: params.slots,
            isGift: params.isGift,
            brief: params.brief
        });
        return _post(facts);
    }

    /// @inheritdoc ICampaignEscrow
    function cancelBounty(uint32 bounty) external nonReentrant {
        // Check:
        Bounty storage facts = _knownBounty(bounty);
        Campaign storage campaign = _campaigns[facts.campaign];
        _checkLead(campaign);
        uint256 closesAt = _closesAt(facts);
        require(block.timestamp < closesAt, CampaignEscrowBountyClosed(bounty, closesAt));
        uint256 submitBy = block.timestamp + _windows[campaign.termsId].noticeSeconds;
        require(submitBy < closesAt, CampaignEscrowDeadlineOutOfBounds(submitBy, block.timestamp, closesAt));

        // Effect:
        facts.submitBy = uint32(submitBy);
        emit BountyCancelled(bounty, uint32(submitBy));
    }

    /// @inheritdoc ICampaignEscrow
    function reclaimBounty(uint32 bounty) external nonReentrant {
        // Check:
        Bounty storage facts = _knownBounty(bounty);
        uint256 closesAt = _closesAt(facts);
        require(block.timestamp >= closesAt, CampaignEscrowBountyOpen(bounty, closesAt));
        uint16 slots = facts.freeSlots;
        require(slots != 0, CampaignEscrowNoFreeSlot(bounty));

        // Effect:
        uint256 amount = uint256(facts.reward) * slots;
        facts.freeSlots = 0;
        _free(facts.campaign, amount, facts.isGift);
        emit BountyReclaimed(bounty, slots, amount);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function bountyOf(uint32 bounty) external view returns (Bounty memory) {
        return _bounties[bounty];
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _knownBounty(uint32 bounty) internal view returns (Bounty storage facts) {
        facts = _bounties[bounty];
        require(facts.slots != 0, CampaignEscrowUnknownBounty(bounty));
    }

    /// @dev Submissions are taken while now < closesAt (Unix seconds): the deadline, or the campaign's end if that was
    /// moved before it.
    function _closesAt(Bounty storage facts) internal view returns (uint256) {
        return Math.min(facts.submitBy, _campaigns[facts.campaign].endsAt);
    }

    /// @dev The lessons' bounty: closed and taken from the first.
    function _postLessons(uint32 campaign, uint256 reward) internal returns (uint32 bounty) {
        Bounty memory facts;
        facts.reward = uint112(reward);
        facts.campaign = campaign;
        facts.worker = msg.sender;
        facts.submitBy = _nowSeconds();
        facts.slots = 1;
        return _post(facts);
    }

    function _post(Bounty memory facts) private returns (uint32 bounty) {
        bounty = ++_bountyCount;
        _bounties[bounty] = facts;
        emit BountyPosted(bounty, facts.campaign, facts);
    }

    /// @dev A slot whose submission came to nothing: free for others before the deadline, its money free after it.
    function _freeSlot(Bounty storage facts) internal {
        if (block.timestamp < _closesAt(facts)) ++facts.freeSlots;
        else _free(facts.campaign, facts.reward, facts.isGift);
    }
}
