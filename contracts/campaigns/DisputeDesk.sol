// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IDisputeParties, IJurorShares} from "../../interfaces/IJury.sol";
import {IWork} from "../../interfaces/IWork.sol";
import {DigestPath} from "../documents/DigestPath.sol";
import {DisputeMath} from "./DisputeMath.sol";
import {DisputeTerms} from "./DisputeTerms.sol";
import {Parties} from "./Parties.sol";
import {WorkTime} from "./WorkTime.sol";

/// @title DisputeDesk
/// @notice Disputes, and who gets what from them. Holds no money: it tells the escrow.
/// @dev Bound to one escrow for ever, as the escrow is to it. An arbitrator is chosen by governance and yet not
/// trusted with more than its ruling: it is called while nothing is half done, and what it answers late, twice, or
/// wrongly changes nothing. What it is asked at the end is asked with a fixed gas that no caller can keep back.
contract DisputeDesk is DisputeTerms, ReentrancyGuardTransient {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant CHOICES = 2;
    /// @dev What jurors do not fetch for this long goes to the pool.
    uint256 private constant POT_LIFE = 365 days;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    ICampaignEscrow private immutable _ESCROW;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    mapping(uint256 submission => DisputeCase) private _disputes;
    /// @inheritdoc IDisputeDesk
    mapping(uint32 submission => mapping(address juror => bool)) public isJurorPaid;
    /// @inheritdoc IDisputeDesk
    mapping(address arbitrator => mapping(uint256 disputeID => uint32 submission)) public submissionOf;

    modifier onlyEscrow() {
        require(msg.sender == address(_ESCROW), DisputeDeskNotEscrow(msg.sender));
        _;
    }

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param escrow_ The escrow, which names this desk in turn.
    /// @param shortestWindow_ No window of any terms is shorter, in seconds.
    /// @param largestLeastBond_ No least stake of any terms is larger, in units of the budget token.
    /// @param firstTerms The terms of campaigns until governance sets others.
    constructor(
        address authority,
        ICampaignEscrow escrow_,
        uint32 shortestWindow_,
        uint256 largestLeastBond_,
        Terms memory firstTerms
    ) DisputeTerms(authority, shortestWindow_, largestLeastBond_, firstTerms) {
        require(address(escrow_) != address(0), DisputeDeskZeroAddress());
        _ESCROW = escrow_;
    }

    // ── actions: disputes ───────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    function challenge(uint32 submission, uint256 amount, bytes32 statement)
        external
        payable
        nonReentrant
        returns (uint256 disputeID)
    {
        // Check:
        _checkDigest(statement);
        (uint16 termsId,) = _workOf(submission);
        (IArbitrator arbitrator, uint256 cost) = _quote(submission, termsId);
        require(msg.value == cost, DisputeDeskWrongCost(msg.value, cost));

        // Effect: who, by when and for how much stand before the arbitrator is called.
        DisputeCase storage dispute = _begin(submission, termsId, amount, IWork.Status.Accepted);
        dispute.isChallenge = true;

        // Interaction:
        return _open(submission, dispute, arbitrator, cost, statement);
    }

    /// @inheritdoc IDisputeDesk
    function contest(uint32 submission, uint256 amount, bytes32 statement) external nonReentrant {
        // Check:
        _checkDigest(statement);
        (uint16 termsId,) = _workOf(submission);
        IArbitrator arbitrator = _arbitratorOf(submission, termsId);

        // Effect:
        DisputeCase storage dispute = _begin(submission, termsId, amount, IWork.Status.Rejected);
        dispute.until = _after(_terms[termsId].measures.answerSeconds);
        emit RejectionContested(submission, msg.sender, dispute.bond, dispute.until, statement);
        emit Evidence(arbitrator, submission, msg.sender, DigestPath.pathOf(statement));
    }

    /// @inheritdoc IDisputeDesk
    function uphold(uint32 submission, uint256 amount, bytes32 statement)
        external
        payable
        nonReentrant
        returns (uint256 disputeID)
    {
        // Check:
        _checkDigest(statement);
        DisputeCase storage dispute = _known(submission);
        (IArbitrator arbitrator, uint256 cost) = _quote(submission, dispute.termsId);
        require(msg.value == cost, DisputeDeskWrongCost(msg.value, cost));

        // Effect:
        dispute.upholder = msg.sender;
        uint8 stint = _ESCROW.submissionOf(submission).stint;
        _ESCROW.beginDispute(submission, msg.sender, amount, stint, IWork.Status.Contested);

        // Interaction:
        return _open(submission, dispute, arbitrator, cost, statement);
    }

    /// @inheritdoc IDisputeDesk
    function submitEvidence(uint32 submission, bytes32 evidence) external {
        _checkDigest(evidence);
        DisputeCase storage dispute = _known(submission);
        require(_isDisputed(dispute), DisputeDeskUnknownDispute(submission));
        (bool isOver,,) = _verdict(dispute);
        require(!isOver, DisputeDeskNotOpen(submission, dispute.until));
        IArbitrator arbitrator = IArbitrator(_terms[dispute.termsId].arbitrator);
        emit Evidence(arbitrator, submission, msg.sender, DigestPath.pathOf(evidence));
    }

    /// @inheritdoc IArbitrable
    /// @dev Only records: once, in time, from that arbitrator. Where the arbitrator is asked anyway this spares the
    /// asking.
    function rule(uint256 disputeID, uint256 ruling) external nonReentrant {
        uint32 submission = submissionOf[msg.sender][disputeID];
        require(submission != 0, DisputeDeskNotArbitrator(msg.sender, disputeID));
        DisputeCase storage dispute = _disputes[submission];
        require(!dispute.isRuled && block.timestamp < dispute.until, DisputeDeskNotOpen(submission, dispute.until));
        dispute.isRuled = true;
        dispute.ruling = _ruling(ruling);
        emit Ruling(IArbitrator(msg.sender), disputeID, ruling);
    }

    /// @inheritdoc IDisputeDesk
    function settle(uint32 submission, uint256 workerBond, uint256 feeLeft)
        external
        onlyEscrow
        returns (Settlement memory settlement)
    {
        DisputeCase storage dispute = _disputes[submission];
        bool isDisputed = _isDisputed(dispute);
        (, bool isPaid, uint8 ruling) = isDisputed ? _verdict(dispute) : (true, true, 0);
        uint256 sharesTotal = isDisputed ? _sharesTotal(dispute) : 0;
        settlement = DisputeMath.settlementOf(
            ruling,
            dispute.isChallenge,
            dispute.upholder != address(0),
            dispute.bond,
            workerBond,
            feeLeft,
            sharesTotal != 0
        );
        settlement.opener = dispute.opener;
        settlement.upholder = dispute.upholder;
        dispute.isRuled = isDisputed;
        dispute.ruling = ruling;
        dispute.isSettled = true;
        dispute.settledAt = uint32(Math.min(block.timestamp, type(uint32).max));
        dispute.pot = uint112(settlement.toJurors);
        dispute.potWhole = uint112(settlement.toJurors);
        dispute.sharesTotal = sharesTotal;
        emit DisputeSettled(submission, ruling, isPaid, settlement);
    }

    // ── actions: jurors ─────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    function payJurors(uint32 submission, address[] calldata jurors) external nonReentrant {
        DisputeCase storage dispute = _known(submission);
        IJurorShares arbitrator = IJurorShares(_terms[dispute.termsId].arbitrator);
        uint256 before = dispute.pot;
        for (uint256 i = 0; i < jurors.length && dispute.pot != 0; ++i) {
            // Check:
            if (isJurorPaid[submission][jurors[i]]) continue;
            (uint256 start, uint256 end) = arbitrator.shareOf(dispute.disputeID, jurors[i]);
            uint256 amount = DisputeMath.shareOf(dispute.potWhole, start, end, dispute.sharesTotal);
            if (amount == 0 || amount > dispute.pot) continue;

            // Effect:
            isJurorPaid[submission][jurors[i]] = true;
            dispute.pot -= uint112(amount);
            emit JurorPaid(submission, jurors[i], amount);

            // Interaction:
            _ESCROW.payJuror(submission, jurors[i], amount);
        }
        require(dispute.pot != before, DisputeDeskNothingDue(submission));
    }

    /// @inheritdoc IDisputeDesk
    function expireJurors(uint32 submission) external nonReentrant {
        // Check:
        DisputeCase storage dispute = _known(submission);
        uint256 amount = dispute.pot;
        require(amount != 0, DisputeDeskNothingDue(submission));
        uint256 from = dispute.settledAt + POT_LIFE;
        require(block.timestamp >= from, DisputeDeskJurorsAlive(submission, from));

        // Effect:
        dispute.pot = 0;
        emit JurorsExpired(submission, amount);

        // Interaction:
        _ESCROW.poolJurors(amount);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    function escrow() external view returns (address) {
        return address(_ESCROW);
    }

    /// @inheritdoc IDisputeDesk
    function disputeOf(uint32 submission) external view returns (DisputeCase memory) {
        return _disputes[submission];
    }

    /// @inheritdoc IDisputeDesk
    function verdictOf(uint32 submission) external view returns (bool isOver, bool isPaid, uint8 ruling) {
        DisputeCase storage dispute = _known(submission);
        if (_isDisputed(dispute)) return _verdict(dispute);
    }

    /// @inheritdoc IDisputeDesk
    function priceOf(uint32 submission) external view returns (uint256 bond, uint256 costWei) {
        (uint16 termsId, uint256 reward) = _workOf(submission);
        (, costWei) = _quote(submission, termsId);
        bond = DisputeMath.bondOf(reward, measuresOf(termsId));
    }

    /// @inheritdoc IDisputeParties
    function partiesOf(address arbitrator, uint256 disputeID) external view returns (address[] memory) {
        uint32 submission = submissionOf[arbitrator][disputeID];
        require(submission != 0, DisputeDeskNotArbitrator(arbitrator, disputeID));
        DisputeCase storage dispute = _disputes[submission];
        address worker = _ESCROW.submissionOf(submission).worker;
        address[4] memory named = [worker, dispute.opener, dispute.upholder, dispute.lead];
        return Parties.listOf(named, _ESCROW.payeesOf(submission));
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _checkDigest(bytes32 digest) private pure {
        require(digest != 0, DisputeDeskNoDigest());
    }

    function _workOf(uint32 submission) private view returns (uint16 termsId, uint256 reward) {
        (IWork.Submission memory work, IWork.Bounty memory bounty) = _submitted(submission);
        require(work.bounty != 0, IWork.CampaignEscrowUnknownSubmission(submission));
        return (_ESCROW.campaignOf(bounty.campaign).termsId, bounty.reward);
    }

    function _submitted(uint32 submission)
        private
        view
        returns (IWork.Submission memory work, IWork.Bounty memory bounty)
    {
        work = _ESCROW.submissionOf(submission);
        bounty = _ESCROW.bountyOf(work.bounty);
    }

    function _arbitratorOf(uint32 submission, uint16 termsId) private view returns (IArbitrator arbitrator) {
        arbitrator = IArbitrator(_terms[termsId].arbitrator);
        require(address(arbitrator) != address(0), DisputeDeskNoArbitrator(submission));
    }

    /// @dev The arbitrator, and what it costs now (wei).
    function _quote(uint32 submission, uint16 termsId) private view returns (IArbitrator arbitrator, uint256 cost) {
        arbitrator = _arbitratorOf(submission, termsId);
        cost = arbitrator.arbitrationCost(_terms[termsId].arbitratorExtraData);
    }

    function _after(uint256 windowSeconds) private view returns (uint32) {
        return SafeCast.toUint32(block.timestamp + windowSeconds);
    }

    /// @dev The first step: whoever contests or challenges stakes.
    function _begin(uint32 submission, uint16 termsId, uint256 amount, IWork.Status expected)
        private
        returns (DisputeCase storage dispute)
    {
        (IWork.Submission memory work, IWork.Bounty memory bounty) = _submitted(submission);
        ICampaigns.Stint[] memory stints = _ESCROW.stintsOf(bounty.campaign);
        uint256 stint = WorkTime.stintAt(work, stints, measuresOf(termsId));
        dispute = _disputes[submission];
        dispute.opener = msg.sender;
        dispute.termsId = termsId;
        dispute.lead = stint < stints.length ? stints[stint].lead : _ESCROW.campaignOf(bounty.campaign).lead;
        dispute.bond =
            SafeCast.toUint112(_ESCROW.beginDispute(submission, msg.sender, amount, uint8(stint), expected));
    }

    /// @dev The arbitrator is called. From here on there is a dispute.
    function _open(
        uint32 submission,
        DisputeCase storage dispute,
        IArbitrator arbitrator,
        uint256 cost,
        bytes32 statement
    ) private returns (uint256 disputeID) {
        // Effect:
        uint16 termsId = dispute.termsId;
        Terms storage terms = _terms[termsId];
        uint32 until = _after(terms.measures.arbitrationSeconds);
        uint32 rulingSeconds = rulingSecondsOf[termsId];
        dispute.until = until;
        if (rulingSeconds != 0) dispute.pullsFrom = _after(rulingSeconds);

        // Interaction:
        disputeID = arbitrator.createDispute{value: cost}(CHOICES, terms.arbitratorExtraData);
        mapping(uint256 => uint32) storage known = submissionOf[address(arbitrator)];
        require(known[disputeID] == 0, DisputeDeskIdTaken(address(arbitrator), disputeID));
        known[disputeID] = submission;
        dispute.disputeID = disputeID;
        emit DisputeOpened(
            submission,
            msg.sender,
            address(arbitrator),
            disputeID,
            dispute.isChallenge,
            dispute.bond,
            until,
            statement
        );
        emit Dispute(arbitrator, disputeID, termsId, submission);
        emit Evidence(arbitrator, submission, msg.sender, DigestPath.pathOf(statement));
    }

    function _known(uint32 submission) private view returns (DisputeCase storage dispute) {
        dispute = _disputes[submission];
        require(dispute.opener != address(0), DisputeDeskUnknownDispute(submission));
    }

    /// @dev Not what is only contested.
    function _isDisputed(DisputeCase storage dispute) private view returns (bool) {
        return dispute.isChallenge || dispute.upholder != address(0);
    }

    /// @dev A pure function of stored facts, the clock, and what the arbitrator answers once its time is over: nobody
    /// has to carry a ruling over. Without one the lead's verdict stands.
    function _verdict(DisputeCase storage dispute) private view returns (bool isOver, bool isPaid, uint8 ruling) {
        ruling = dispute.ruling;
        isOver = dispute.isRuled || block.timestamp >= dispute.until;
        uint256 pullsFrom = dispute.pullsFrom;
        if (!dispute.isRuled && pullsFrom != 0 && block.timestamp >= pullsFrom) {
            (bool hasAnswered, uint256 answer) = _ask(
                _terms[dispute.termsId].arbitrator,
                abi.encodeCall(IArbitrator.currentRuling, (dispute.disputeID))
            );
            if (hasAnswered) (isOver, ruling) = (true, _ruling(answer));
        }
        isPaid = isOver && (ruling == 0 ? dispute.isChallenge : ruling == 1);
    }

    function _ruling(uint256 ruling) private pure returns (uint8) {
        return ruling > CHOICES ? 0 : uint8(ruling);
    }

    function _sharesTotal(DisputeCase storage dispute) private view returns (uint256 total) {
        Terms storage terms = _terms[dispute.termsId];
        if (!terms.paysJurors) return 0;
        (, total) = _ask(terms.arbitrator, abi.encodeCall(IJurorShares.sharesTotal, (dispute.disputeID)));
    }
}
