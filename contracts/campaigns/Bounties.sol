// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWork} from "../../interfaces/IWork.sol";
import {BountyWords} from "./BountyWords.sol";
import {Campaigns} from "./Campaigns.sol";
import {DisputeMath} from "./DisputeMath.sol";
import {MeasureWords} from "./MeasureWords.sol";
import {WorkTime} from "./WorkTime.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Bounties
/// @notice What a campaign asks for, and the money set aside for it.
abstract contract Bounties is Campaigns {
    using BountyWords for uint256;
    using MeasureWords for uint256;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev See BountyWords.
    mapping(uint256 bounty => uint256 word) internal _bounties;
    mapping(uint256 bounty => address) private _namedWorkers;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IWork
    function postBounty(BountyParams memory params) external nonReentrant returns (uint32 bounty) {
        // Check:
        _requireNotHalted();
        Campaign storage campaign = _running(params.campaign);
        _checkLead(campaign);
        require(params.reward != 0, CampaignEscrowZeroAmount());
        require(
            params.reward <= BountyWords.MAX_AMOUNT,
            CampaignEscrowRewardTooHigh(params.reward, BountyWords.MAX_AMOUNT)
        );
        uint256 least = DisputeMath.bondOf(params.reward, _measures[campaign.termsId]);
        if (params.bond == 0) params.bond = uint112(least);
        require(params.bond >= least, CampaignEscrowBondTooLow(params.bond, least));
        require(params.bond <= params.reward, CampaignEscrowBondAboveReward(params.bond, params.reward));
        require(
            params.slots != 0 && params.slots <= BountyWords.MAX_SLOTS,
            CampaignEscrowBadSlots(params.slots, BountyWords.MAX_SLOTS)
        );
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
        return _post(params);
    }

    /// @inheritdoc IWork
    function cancelBounty(uint32 bounty) external nonReentrant {
        // Check:
        uint256 facts = _knownBounty(bounty);
        Campaign storage campaign = _campaigns[facts.campaign()];
        _checkLead(campaign);
        uint256 closesAt = _closesAt(facts);
        require(block.timestamp < closesAt, CampaignEscrowBountyClosed(bounty, closesAt));
        uint256 submitBy = block.timestamp + _measures[campaign.termsId].noticeSeconds();
        require(submitBy < closesAt, CampaignEscrowDeadlineOutOfBounds(submitBy, block.timestamp, closesAt));

        // Effect:
        _bounties[bounty] = facts.withSubmitBy(submitBy);
        emit BountyCancelled(bounty, uint32(submitBy));
    }

    /// @inheritdoc IWork
    function reclaimBounty(uint32 bounty) external nonReentrant {
        // Check:
        uint256 facts = _knownBounty(bounty);
        uint256 closesAt = _closesAt(facts);
        require(block.timestamp >= closesAt, CampaignEscrowBountyOpen(bounty, closesAt));
        uint256 slots = facts.freeSlots();
        require(slots != 0, CampaignEscrowNoFreeSlot(bounty));

        // Effect:
        uint256 amount = facts.reward() * slots;
        _bounties[bounty] = facts.withFreeSlots(0);
        _free(facts.campaign(), amount, facts.isGift());
        emit BountyReclaimed(bounty, uint16(slots), amount);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IWork
    function bountyOf(uint32 bounty) external view returns (Bounty memory) {
        uint256 facts = _bounties[bounty];
        return Bounty({
            reward: uint112(facts.reward()),
            bond: uint112(facts.bond()),
            campaign: facts.campaign(),
            submitBy: facts.submitBy(),
            freeSlots: uint16(facts.freeSlots()),
            isGift: facts.isGift(),
            worker: _workerOf(bounty, facts)
        });
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _knownBounty(uint32 bounty) internal view returns (uint256 facts) {
        facts = _bounties[bounty];
        require(facts != 0, CampaignEscrowUnknownBounty(bounty));
    }

    /// @dev Who alone may submit; zero for anyone.
    function _workerOf(uint32 bounty, uint256 facts) internal view returns (address) {
        return facts.isNamed() ? _namedWorkers[bounty] : address(0);
    }

    function _closesAt(uint256 facts) internal view returns (uint256) {
        return WorkTime.closesAt(facts.submitBy(), _campaigns[facts.campaign()].endsAt);
    }

    function _checkDigest(bytes32 digest) internal pure {
        require(digest != 0, CampaignEscrowNoDigest());
    }

    /// @dev The lessons' bounty: closed from the first, without a slot that others could take.
    function _postLessons(uint32 campaign, uint256 reward, uint256 bond) internal returns (uint32 bounty) {
        BountyParams memory params;
        params.campaign = campaign;
        params.reward = uint112(reward);
        params.bond = uint112(bond);
        params.submitBy = _nowSeconds();
        params.worker = msg.sender;
        return _post(params);
    }

    function _post(BountyParams memory params) private returns (uint32 bounty) {
        bounty = ++_books.bounties;
        bool isNamed = params.worker != address(0);
        _bounties[bounty] = BountyWords.pack(
            params.reward, params.bond, params.campaign, params.submitBy, params.slots, params.isGift, isNamed
        );
        if (isNamed) _namedWorkers[bounty] = params.worker;
        emit BountyPosted(bounty, params.campaign, params);
    }

    /// @dev A slot that was held in vain: open for others, at least as long as an answer takes, while the campaign
    /// runs; its money is free after that.
    function _freeSlot(uint32 bounty, uint256 facts) internal {
        Campaign storage campaign = _campaigns[facts.campaign()];
        uint256 endsAt = campaign.endsAt;
        if (block.timestamp >= endsAt) return _free(facts.campaign(), facts.reward(), facts.isGift());
        uint256 submitBy = Math.min(block.timestamp + _measures[campaign.termsId].answerSeconds(), endsAt);
        if (submitBy > facts.submitBy()) {
            facts = facts.withSubmitBy(submitBy);
            emit BountyReopened(bounty, uint32(submitBy));
        }
        _bounties[bounty] = facts.withFreeSlots(facts.freeSlots() + 1);
    }
}
