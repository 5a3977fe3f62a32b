// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {EscrowMath} from "./EscrowMath.sol";
import {Submissions} from "./Submissions.sol";

/// @title Payments
/// @notice What anyone may do for everyone: pay what is payable, release what is void, close what has ended.
abstract contract Payments is Submissions {
    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function payWork(uint32[] calldata submissions) external nonReentrant {
        bool hasPaid;
        for (uint256 i = 0; i < submissions.length; ++i) {
            Submission storage facts = _submissions[submissions[i]];
            if (_statusOf(facts) != Status.Payable) continue;
            hasPaid = true;
            _payWork(submissions[i], facts);
        }
        if (!hasPaid) _revertNothingDue(submissions);
    }

    /// @inheritdoc ICampaignEscrow
    function releaseWork(uint32[] calldata submissions) external nonReentrant {
        bool hasReleased;
        for (uint256 i = 0; i < submissions.length; ++i) {
            Submission storage facts = _submissions[submissions[i]];
            if (_statusOf(facts) != Status.Void) continue;
            hasReleased = true;
            _release(submissions[i], facts);
        }
        if (!hasReleased) _revertNothingDue(submissions);
    }

    /// @inheritdoc ICampaignEscrow
    function closeCampaign(uint32 campaign) external nonReentrant {
        Campaign storage facts = _ended(campaign);
        bool hasChanged = _sweep(campaign, facts);
        if (!facts.isFeeSettled && block.timestamp >= _lessonsUntil(facts)) {
            _settleFee(campaign, facts, 0);
            hasChanged = true;
        }
        require(hasChanged, CampaignEscrowNothingToClose(campaign));
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _payWork(uint32 submission, Submission storage facts) private {
        // Effect:
        Bounty storage bounty = _bounties[facts.bounty];
        uint32 campaign = bounty.campaign;
        uint256 reward = bounty.reward;
        bool isVoted = !bounty.isGift;
        facts.stage = Stage.Done;
        --_campaigns[campaign].live;
        if (isVoted) _campaigns[campaign].votedPaid += uint112(reward);
        emit WorkPaid(submission, campaign, reward);

        // Interaction:
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
        revert CampaignEscrowNothingDue(first, _statusOf(_submissions[first]));
    }
}
