// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {BountyWords} from "./BountyWords.sol";
import {DisputeMath} from "./DisputeMath.sol";
import {Submissions} from "./Submissions.sol";
import {WorkWords} from "./WorkWords.sol";

/// @title Disputes
/// @notice The escrow's side of disputes: the desk decides, the money moves here.
abstract contract Disputes is Submissions {
    using BountyWords for uint256;
    using WorkWords for uint256;

    modifier onlyDesk() {
        _checkDesk();
        _;
    }

    // ── actions, for the desk ───────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function beginDispute(uint32 submission, address from, uint256 amount, uint8 stint, Status expected)
        external
        onlyDesk
        nonReentrant
        returns (uint256 bond)
    {
        // Check:
        uint256 facts = _knownWork(submission);
        if (expected == Status.Rejected) _checkWorker(facts, from);
        _checkStatus(submission, _statusOf(submission, facts), expected);
        uint256 bounty = _bounties[facts.bounty()];
        uint32 campaign = bounty.campaign();
        bond = DisputeMath.bondOf(bounty.reward(), _measures[_campaigns[campaign].termsId]);
        require(bond != 0, CampaignEscrowNothingAtStake(submission));

        // Effect:
        _record(submission, facts.withStint(stint), expected == Status.Rejected ? Stage.Contested : Stage.Disputed);

        // Interaction:
        _takeStake(campaign, submission, from, amount, bond);
    }

    /// @inheritdoc ICampaignEscrow
    function payJuror(uint32 submission, address juror, uint256 amount) external onlyDesk nonReentrant {
        _checkPayee(juror);
        Awards memory none;
        _pay(_bounties[_works[submission].bounty()].campaign(), submission, juror, amount, none);
    }

    /// @inheritdoc ICampaignEscrow
    function poolJurors(uint256 amount) external onlyDesk nonReentrant {
        _giveToPool(amount);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _checkDesk() private view {
        require(msg.sender == desk, CampaignEscrowNotDesk(msg.sender));
    }

    /// @dev The desk says who gets what of stakes, the worker's bond and the fee of whose verdict it was.
    function _settleDispute(uint32 submission, uint256 facts, uint256 bounty)
        internal
        returns (IDisputeDesk.Settlement memory settlement)
    {
        uint32 campaign = bounty.campaign();
        settlement = IDisputeDesk(desk).settle(submission, bounty.bond(), _feeLeft(campaign, facts.stint()));
        _takeFee(campaign, facts.stint(), settlement.feeTaken);
        _rebook(
            settlement.toOpener + settlement.toUpholder + settlement.toWorker + settlement.toJurors + settlement.toPool
                - settlement.feeTaken
        );
        _giveToPool(settlement.toPool);
    }

    function _payDispute(
        uint32 submission,
        uint32 campaign,
        address worker,
        IDisputeDesk.Settlement memory settlement
    ) internal {
        Awards memory none;
        _returnBond(submission, settlement.opener, settlement.openerBack);
        _returnBond(submission, settlement.upholder, settlement.upholderBack);
        _returnBond(submission, worker, settlement.workerBack);
        _pay(campaign, submission, settlement.opener, settlement.toOpener, none);
        _pay(campaign, submission, settlement.upholder, settlement.toUpholder, none);
        _pay(campaign, submission, worker, settlement.toWorker, none);
    }
}
