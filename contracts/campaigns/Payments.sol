// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {Disputes} from "./Disputes.sol";
import {EscrowMath} from "./EscrowMath.sol";

/// @title Payments
/// @notice How work ends: withdrawn by its worker, or paid or released by anyone; and campaigns, closed by anyone.
abstract contract Payments is Disputes {
    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function withdrawWork(uint32 submission) external nonReentrant {
        // Check:
        Submission storage facts = _ownWork(submission);
        Status status = _statusOf(submission, facts);
        if (status != Status.Rejected) _checkStatus(submission, status, Status.Review);

        // Effect:
        emit WorkWithdrawn(submission);
        _releaseWork(submission, facts);
    }

    /// @inheritdoc ICampaignEscrow
    function payWork(uint32[] calldata submissions) external nonReentrant {
        bool hasPaid;
        for (uint256 i = 0; i < submissions.length; ++i) {
            uint32 submission = submissions[i];
            Submission storage facts = _submissions[submission];
            if (_statusOf(submission, facts) != Status.Payable) continue;
            hasPaid = true;
            _payWork(submission, facts);
        }
        if (!hasPaid) _revertNothingDue(submissions);
    }

    /// @inheritdoc ICampaignEscrow
    function releaseWork(uint32[] calldata submissions) external nonReentrant {
        bool hasReleased;
        for (uint256 i = 0; i < submissions.length; ++i) {
            uint32 submission = submissions[i];
            Submission storage facts = _submissions[submission];
            if (_statusOf(submission, facts) != Status.Void) continue;
            hasReleased = true;
            _releaseWork(submission, facts);
        }
        if (!hasReleased) _revertNothingDue(submissions);
    }

    /// @inheritdoc ICampaignEscrow
    function closeCampaign(uint32 campaign) external nonReentrant {
        Campaign storage facts = _ended(campaign);
        bool hasChanged = _sweep(campaign, facts);
        if (!facts.isFeeSettled && facts.live == 0 && block.timestamp >= _lessonsUntil(facts)) {
            _settleFee(campaign, facts, 0);
            hasChanged = true;
        }
        require(hasChanged, CampaignEscrowNothingToClose(campaign));
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev A submission is done; what becomes of its money and its bond is for the caller.
    function _end(Submission storage facts)
        private
        returns (Bounty storage bounty, uint32 campaign, uint256 reward)
    {
        facts.stage = Stage.Done;
        bounty = _bounties[facts.bounty];
        campaign = bounty.campaign;
        reward = bounty.reward;
        --_campaigns[campaign].live;
    }

    function _payWork(uint32 submission, Submission storage facts) private {
        // Effect:
        bool isDisputed = facts.stage == Stage.Disputed;
        (Bounty storage bounty, uint32 campaign, uint256 reward) = _end(facts);
        bool isVoted = !bounty.isGift;
        if (isVoted) _campaigns[campaign].votedPaid += uint112(reward);
        emit WorkPaid(submission, campaign, reward);

        // Interaction:
        if (isDisputed) {
            _payDispute(submission, campaign, facts.worker, _settleDispute(submission, campaign, reward));
        }
        uint256 count = facts.payees;
        if (count == 0) _pay(campaign, submission, facts.worker, reward, isVoted);
        uint256 shareBps;
        uint256 cut;
        for (uint256 i = 0; i < count; ++i) {
            Payee memory payee = _payees[submission][i];
            shareBps += payee.shareBps;
            uint256 end = (reward * shareBps) / EscrowMath.ONE_BPS;
            _pay(campaign, submission, payee.account, end - cut, isVoted);
            cut = end;
        }
        _returnBond(submission, facts.worker, bounty.bond);
    }

    /// @dev A rejection that found no ruling frees the slot and forfeits nothing; a won challenge frees what its cut
    /// left of the reward, and the slot is gone.
    function _releaseWork(uint32 submission, Submission storage facts) private {
        // Effect:
        bool isDisputed = facts.stage == Stage.Disputed;
        (Bounty storage bounty, uint32 campaign, uint256 reward) = _end(facts);
        emit WorkReleased(submission, campaign, reward);
        IDisputeDesk.Settlement memory settlement;
        if (isDisputed) settlement = _settleDispute(submission, campaign, reward);
        if (settlement.cut == 0) _freeSlot(bounty);
        else _free(campaign, reward - settlement.cut, bounty.isGift);
        if (!settlement.keepsWorkerBond) _forfeitBond(submission, bounty.bond);

        // Interaction:
        if (isDisputed) _payDispute(submission, campaign, facts.worker, settlement);
        if (settlement.keepsWorkerBond) _returnBond(submission, facts.worker, bounty.bond);
    }

    /// @dev What is free in an ended campaign goes to the pool.
    function _sweep(uint32 campaign, Campaign storage facts) private returns (bool) {
        uint256 voted = _votedFree(facts);
        uint256 gift = facts.giftFree;
        if (voted + gift == 0) return false;
        facts.votedUsed += uint112(voted);
        facts.giftFree = 0;
        _giveToPool(voted + gift);
        emit CampaignSwept(campaign, voted, gift);
        return true;
    }

    function _revertNothingDue(uint32[] calldata submissions) private view {
        uint32 first = submissions.length == 0 ? 0 : submissions[0];
        revert CampaignEscrowNothingDue(first, _statusOf(first, _submissions[first]));
    }
}
