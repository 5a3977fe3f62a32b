// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {Bounties} from "./Bounties.sol";
import {EscrowMath} from "./EscrowMath.sol";

/// @title Submissions
/// @notice Work, and the lead's verdict on it. A campaign's lessons are its last submission.
abstract contract Submissions is Bounties {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MAX_PAYEES = 8;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    mapping(uint256 submission => Submission) internal _submissions;
    mapping(uint256 submission => Payee[]) internal _payees;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function submitWork(uint32 bounty, bytes32 evidence, Payee[] calldata payees)
        external
        nonReentrant
        returns (uint32 submission)
    {
        // Check:
        Bounty storage facts = _knownBounty(bounty);
        Campaign storage campaign = _campaigns[facts.campaign];
        address worker = facts.worker;
        require(worker == address(0) || worker == msg.sender, CampaignEscrowNotNamedWorker(msg.sender, worker));
        uint256 closesAt = _closesAt(facts);
        require(block.timestamp < closesAt, CampaignEscrowBountyClosed(bounty, closesAt));
        uint16 freeSlots = facts.freeSlots;
        require(freeSlots != 0, CampaignEscrowNoFreeSlot(bounty));

        // Effect:
        facts.freeSlots = freeSlots - 1;
        ++campaign.live;
        submission = _addSubmission(bounty, evidence, Stage.Submitted);
        _setPayees(submission, payees, campaign.lead);
        emit WorkSubmitted(submission, bounty, msg.sender, evidence, payees);

        // Interaction:
        uint256 bond = facts.bond;
        if (bond != 0) _takeBond(submission, msg.sender, bond);
    }

    /// @inheritdoc ICampaignEscrow
    function reworkWork(uint32 submission, bytes32 evidence) external nonReentrant {
        // Check:
        Submission storage facts = _ownWork(submission);
        _checkStatus(submission, _statusOf(submission, facts), Status.Rejected);
        require(!facts.isReworked, CampaignEscrowReworked(submission));
        _checkDigest(evidence);

        // Effect:
        _record(facts, Stage.Submitted);
        facts.isReworked = true;
        facts.evidence = evidence;
        emit WorkReworked(submission, evidence);
    }

    /// @inheritdoc ICampaignEscrow
    function acceptWork(uint32 submission, bytes32 evidence) external nonReentrant {
        // Check:
        Submission storage facts = _workToJudge(submission, evidence);
        _checkNotLead(facts.worker, msg.sender);
        uint256 count = facts.payees;
        for (uint256 i = 0; i < count; ++i) {
            _checkNotLead(_payees[submission][i].account, msg.sender);
        }

        // Effect:
        _record(facts, Stage.Accepted);
        emit WorkAccepted(submission, msg.sender, evidence);
    }

    /// @inheritdoc ICampaignEscrow
    function rejectWork(uint32 submission, bytes32 evidence, bytes32 reason) external nonReentrant {
        // Check:
        Submission storage facts = _workToJudge(submission, evidence);
        _checkDigest(reason);

        // Effect:
        _record(facts, Stage.Rejected);
        emit WorkRejected(submission, msg.sender, evidence, reason);
    }

    /// @inheritdoc ICampaignEscrow
    function fileLessons(uint32 campaign, bytes32 lessons) external nonReentrant returns (uint32 submission) {
        // Check:
        Campaign storage facts = _known(campaign);
        _checkLead(facts);
        uint256 until = _lessonsUntil(facts);
        require(
            block.timestamp >= facts.endsAt && block.timestamp < until,
            CampaignEscrowNoLessonsNow(campaign, facts.endsAt, until)
        );
        require(facts.lessons == 0, CampaignEscrowLessonsFiled(campaign));
        require(facts.live == 0, CampaignEscrowLiveWork(campaign, facts.live));

        // Effect:
        uint256 earned = EscrowMath.earnedOf(facts.ask, _fee(facts), facts.votedPaid, facts.feeTaken);
        _settleFee(campaign, facts, earned);
        submission = _addSubmission(_postLessons(campaign, earned), lessons, Stage.Accepted);
        facts.lessons = submission;
        facts.live = 1;
        emit LessonsFiled(campaign, submission, msg.sender, lessons);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function submissionOf(uint32 submission) external view returns (Submission memory) {
        return _submissions[submission];
    }

    /// @inheritdoc ICampaignEscrow
    function payeesOf(uint32 submission) external view returns (Payee[] memory) {
        return _payees[submission];
    }

    /// @inheritdoc ICampaignEscrow
    function statusOf(uint32 submission) external view returns (Status) {
        return _statusOf(submission, _submissions[submission]);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _addSubmission(uint32 bounty, bytes32 evidence, Stage stage) private returns (uint32 submission) {
        _checkDigest(evidence);
        submission = ++_submissionCount;
        Submission storage facts = _submissions[submission];
        facts.worker = msg.sender;
        facts.bounty = bounty;
        facts.evidence = evidence;
        _record(facts, stage);
    }

    function _setPayees(uint32 submission, Payee[] calldata payees, address lead) private {
        _checkNotLead(msg.sender, lead);
        if (payees.length == 0) return _checkPayee(msg.sender);
        require(payees.length <= MAX_PAYEES, CampaignEscrowTooManyPayees(payees.length, MAX_PAYEES));
        uint256 sumBps;
        for (uint256 i = 0; i < payees.length; ++i) {
            _checkPayee(payees[i].account);
            _checkNotLead(payees[i].account, lead);
            sumBps += payees[i].shareBps;
            _payees[submission].push(payees[i]);
        }
        require(sumBps == EscrowMath.ONE_BPS, CampaignEscrowBadShares(sumBps, EscrowMath.ONE_BPS));
        _submissions[submission].payees = uint8(payees.length);
    }

    function _record(Submission storage facts, Stage stage) internal {
        facts.stage = stage;
        facts.since = _nowSeconds();
    }

    function _knownWork(uint32 submission) internal view returns (Submission storage facts) {
        facts = _submissions[submission];
        require(facts.stage != Stage.None, CampaignEscrowUnknownSubmission(submission));
    }

    function _ownWork(uint32 submission) internal view returns (Submission storage facts) {
        facts = _knownWork(submission);
        _checkWorker(facts, msg.sender);
    }

    function _checkWorker(Submission storage facts, address account) internal view {
        require(account == facts.worker, CampaignEscrowNotWorker(account, facts.worker));
    }

    function _checkStatus(uint32 submission, Status status, Status expected) internal pure {
        require(status == expected, CampaignEscrowWrongStatus(submission, status));
    }

    /// @dev The lead judges what was shown, and only while it is in review.
    function _workToJudge(uint32 submission, bytes32 evidence) private view returns (Submission storage facts) {
        facts = _knownWork(submission);
        _checkLead(_campaigns[_bounties[facts.bounty].campaign]);
        _checkStatus(submission, _statusOf(submission, facts), Status.Review);
        require(evidence == facts.evidence, CampaignEscrowOtherEvidence(evidence, facts.evidence));
    }

    /// @dev A pure function of stored facts and the clock; the facts of a dispute are with the desk.
    function _statusOf(uint32 submission, Submission storage facts) internal view returns (Status) {
        Stage stage = facts.stage;
        if (stage == Stage.None) return Status.None;
        if (stage == Stage.Done) return Status.Done;
        if (stage == Stage.Disputed) {
            (bool isOver, bool isPaid) = _DESK.verdictOf(submission);
            if (!isOver) return Status.Disputed;
            return isPaid ? Status.Payable : Status.Void;
        }
        IDisputeDesk.Windows storage windows = _windows[_campaigns[_bounties[facts.bounty].campaign].termsId];
        uint256 until = facts.since;
        if (stage == Stage.Rejected) {
            return block.timestamp < until + windows.answerSeconds ? Status.Rejected : Status.Void;
        }
        if (stage == Stage.Submitted) {
            until += windows.reviewSeconds;
            if (block.timestamp < until) return Status.Review;
        }
        return block.timestamp < until + windows.challengeSeconds ? Status.Accepted : Status.Payable;
    }
}
