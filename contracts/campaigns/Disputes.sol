// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {Submissions} from "./Submissions.sol";

/// @title Disputes
/// @notice The escrow's side of disputes: the desk decides, the money moves here.
abstract contract Disputes is Submissions {
    modifier onlyDesk() {
        _checkDesk();
        _;
    }

    // ── actions, for the desk ───────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function beginDispute(uint32 submission, address opener, uint256 bond)
        external
        onlyDesk
        nonReentrant
        returns (bool isChallenge)
    {
        // Check:
        Submission storage facts = _knownWork(submission);
        Status status = _statusOf(submission, facts);
        if (status == Status.Rejected) _checkWorker(facts, opener);
        else _checkStatus(submission, status, Status.Accepted);

        // Effect:
        _record(facts, Stage.Disputed);

        // Interaction:
        _takeBond(submission, opener, bond);
        return status == Status.Accepted;
    }

    /// @inheritdoc ICampaignEscrow
    function payJuror(uint32 submission, address juror, uint256 amount) external onlyDesk nonReentrant {
        _checkPayee(juror);
        _pay(_bounties[_submissions[submission].bounty].campaign, submission, juror, amount, false);
    }

    /// @inheritdoc ICampaignEscrow
    function poolJurors(uint256 amount) external onlyDesk nonReentrant {
        _giveToPool(amount);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _checkDesk() private view {
        require(msg.sender == address(_DESK), CampaignEscrowNotDesk(msg.sender));
    }

    /// @dev The desk says who gets what of the dispute's bond, the reward's cut and the lead's fee.
    function _settleDispute(uint32 submission, uint32 campaign, uint256 reward)
        internal
        returns (IDisputeDesk.Settlement memory settlement)
    {
        Campaign storage facts = _campaigns[campaign];
        settlement = _DESK.settle(submission, reward, facts.isFeeSettled ? 0 : _fee(facts) - facts.feeTaken);
        facts.feeTaken += uint112(settlement.feeTaken);
        _rebook(settlement.bond - settlement.bondBack);
        _giveToPool(settlement.toPool);
    }

    function _payDispute(
        uint32 submission,
        uint32 campaign,
        address worker,
        IDisputeDesk.Settlement memory settlement
    ) internal {
        _returnBond(submission, settlement.opener, settlement.bondBack);
        _pay(campaign, submission, settlement.opener, settlement.toOpener, false);
        _pay(campaign, submission, worker, settlement.toWorker, false);
    }
}
