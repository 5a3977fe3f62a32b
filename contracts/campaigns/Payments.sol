// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IWork} from "../../interfaces/IWork.sol";
import {BountyWords} from "./BountyWords.sol";
import {Disputes} from "./Disputes.sol";
import {EscrowMath} from "./EscrowMath.sol";
import {WorkTime} from "./WorkTime.sol";
import {WorkWords} from "./WorkWords.sol";

/// @title Payments
/// @notice How work ends: withdrawn by its worker, or paid or released by anyone; and campaigns, closed by anyone.
abstract contract Payments is Disputes {
    using BountyWords for uint256;
    using WorkWords for uint256;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IWork
    function withdrawWork(uint32 submission) external nonReentrant {
        // Check:
        uint256 facts = _ownWork(submission);
        Status status = _statusOf(submission, facts);
        if (status != Status.Rejected) _checkStatus(submission, status, Status.Review);

        // Effect:
        emit WorkWithdrawn(submission);
        _releaseWork(submission, facts);
    }

    /// @inheritdoc IWork
    function payWork(uint32[] calldata submissions) external nonReentrant {
        bool hasPaid;
        Awards memory awards = _awards(submissions.length * MAX_PAYEES);
        for (uint256 i = 0; i < submissions.length; ++i) {
            uint32 submission = submissions[i];
            uint256 facts = _works[submission];
            if (_statusOf(submission, facts) != Status.Payable) continue;
            hasPaid = true;
            _payWork(submission, facts, awards);
        }
        if (!hasPaid) _revertNothingDue(submissions);
        _award(awards);
    }

    /// @inheritdoc IWork
    function releaseWork(uint32[] calldata submissions) external nonReentrant {
        bool hasReleased;
        for (uint256 i = 0; i < submissions.length; ++i) {
            uint32 submission = submissions[i];
            uint256 facts = _works[submission];
            if (_statusOf(submission, facts) != Status.Void) continue;
            hasReleased = true;
            _releaseWork(submission, facts);
        }
        if (!hasReleased) _revertNothingDue(submissions);
    }

    /// @inheritdoc ICampaigns
    function closeCampaign(uint32 campaign) external nonReentrant {
        Campaign storage facts = _known(campaign);
        require(block.timestamp >= facts.endsAt, CampaignEscrowNotEnded(campaign, facts.endsAt));
        bool hasChanged = _sweep(campaign, facts);
        uint256 until = WorkTime.lessonsUntil(facts.endsAt, _measures[facts.termsId]);
        if (!facts.isFeeSettled && facts.live == 0 && block.timestamp >= until) {
            EscrowMath.Fees memory fees = _fees(campaign, facts);
            fees.earned = 0;
            _settleFee(campaign, facts, fees);
            hasChanged = true;
        }
        require(hasChanged, CampaignEscrowNothingToClose(campaign));
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev A submission is done; what becomes of its money and its bond is for the caller.
    function _end(uint32 submission, uint256 facts) private returns (uint256 bounty, uint32 campaign) {
        _works[submission] = facts.withStage(Stage.Done, facts.since());
        bounty = _bounties[facts.bounty()];
        campaign = bounty.campaign();
        --_liveWork[campaign][facts.worker()];
        --_campaigns[campaign].live;
    }

    function _isDisputed(uint256 facts) private pure returns (bool) {
        Stage stage = facts.stage();
        return stage == Stage.Disputed || stage == Stage.Contested;
    }

    function _payWork(uint32 submission, uint256 facts, Awards memory awards) private {
        // Effect:
        (uint256 bounty, uint32 campaign) = _end(submission, facts);
        uint256 reward = bounty.reward();
        if (bounty.isGift()) delete awards;
        else _campaigns[campaign].votedPaid += uint112(reward);
        emit WorkPaid(submission, campaign, reward);

        // Interaction:
        address worker = facts.worker();
        uint256 bond = bounty.bond();
        if (_isDisputed(facts)) {
            _payDispute(submission, campaign, worker, _settleDispute(submission, facts, bounty));
            bond = 0; // returned
        }
        uint256 count = facts.payees();
        if (count == 0) _pay(campaign, submission, worker, reward, awards);
        else _payPayees(submission, campaign, reward, count, awards);
        _returnBond(submission, worker, bond);
    }

    /// @dev Shares by prefix sums, so that they add up to the reward.
    function _payPayees(
        uint32 submission,
        uint32 campaign,
        uint256 reward,
        uint256 count,
        Awards memory awards
    ) private {
        uint256 shareBps;
        uint256 cut;
        for (uint256 i = 0; i < count; ++i) {
            Payee memory payee = _payees[submission][i];
            shareBps += payee.shareBps;
            uint256 end = (reward * shareBps) / EscrowMath.ONE_BPS;
            _pay(campaign, submission, payee.account, end - cut, awards);
            cut = end;
        }
    }

    function _releaseWork(uint32 submission, uint256 facts) private {
        // Effect:
        (uint256 bounty, uint32 campaign) = _end(submission, facts);
        emit WorkReleased(submission, campaign, bounty.reward());
        _freeSlot(facts.bounty(), bounty);
        if (!_isDisputed(facts)) return _forfeitBond(submission, bounty.bond());

        // Interaction:
        _payDispute(submission, campaign, facts.worker(), _settleDispute(submission, facts, bounty));
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
        revert CampaignEscrowNothingDue(first, _statusOf(first, _works[first]));
    }
}
