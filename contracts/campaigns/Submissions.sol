// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IWork} from "../../interfaces/IWork.sol";
import {Bounties} from "./Bounties.sol";
import {BountyWords} from "./BountyWords.sol";
import {DisputeMath} from "./DisputeMath.sol";
import {EscrowMath} from "./EscrowMath.sol";
import {WorkTime} from "./WorkTime.sol";
import {WorkWords} from "./WorkWords.sol";

/// @title Submissions
/// @notice Work, and the lead's verdict on it. A campaign's lessons are its last submission.
abstract contract Submissions is Bounties {
    using BountyWords for uint256;
    using WorkWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MAX_PAYEES = 8;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev See WorkWords.
    mapping(uint256 submission => uint256 word) internal _works;
    mapping(uint256 submission => bytes32) private _evidence;
    mapping(uint256 submission => Payee[MAX_PAYEES]) internal _payees;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IWork
    function submitWork(uint32 bounty, bytes32 evidence, Payee[] calldata payees, uint256 amount)
        external
        nonReentrant
        returns (uint32 submission)
    {
        // Check:
        uint256 facts = _knownBounty(bounty);
        address worker = _workerOf(bounty, facts);
        require(worker == address(0) || worker == msg.sender, CampaignEscrowNotNamedWorker(msg.sender, worker));
        uint256 closesAt = _closesAt(facts);
        require(block.timestamp < closesAt, CampaignEscrowBountyClosed(bounty, closesAt));
        uint256 freeSlots = facts.freeSlots();
        require(freeSlots != 0, CampaignEscrowNoFreeSlot(bounty));

        // Effect:
        _bounties[bounty] = facts.withFreeSlots(freeSlots - 1);
        require(payees.length <= MAX_PAYEES, CampaignEscrowTooManyPayees(payees.length, MAX_PAYEES));
        uint256 work = WorkWords.open(msg.sender, bounty, payees.length).withStage(Stage.Submitted, _nowSeconds());
        submission = _addSubmission(facts.campaign(), work, evidence);
        _setPayees(submission, payees, _campaigns[facts.campaign()].lead);
        emit WorkSubmitted(submission, bounty, msg.sender, evidence, payees);

        // Interaction:
        _takeStake(facts.campaign(), submission, msg.sender, amount, facts.bond());
    }

    /// @inheritdoc IWork
    function reworkWork(uint32 submission, bytes32 evidence) external nonReentrant {
        // Check:
        uint256 facts = _ownWork(submission);
        _checkStatus(submission, _statusOf(submission, facts), Status.Rejected);
        require(!facts.isReworked(), CampaignEscrowReworked(submission));
        _checkDigest(evidence);

        // Effect:
        _record(submission, facts.withReworked(), Stage.Submitted);
        _evidence[submission] = evidence;
        emit WorkReworked(submission, evidence);
    }

    /// @inheritdoc IWork
    function acceptWork(uint32 submission, bytes32 evidence) external nonReentrant {
        // Check: a payee can have become lead; the worker of live work cannot.
        uint256 facts = _workToJudge(submission, evidence);
        uint256 count = facts.payees();
        for (uint256 i = 0; i < count; ++i) {
            _checkNotLead(_payees[submission][i].account, msg.sender);
        }

        // Effect:
        _record(submission, facts, Stage.Accepted);
        emit WorkAccepted(submission, msg.sender, evidence);
    }

    /// @inheritdoc IWork
    function rejectWork(uint32 submission, bytes32 evidence, bytes32 reason) external nonReentrant {
        // Check:
        uint256 facts = _workToJudge(submission, evidence);
        _checkDigest(reason);

        // Effect:
        _record(submission, facts, Stage.Rejected);
        emit WorkRejected(submission, msg.sender, evidence, reason);
    }

    /// @inheritdoc ICampaigns
    function fileLessons(uint32 campaign, bytes32 lessons, uint256 amount)
        external
        nonReentrant
        returns (uint32 submission)
    {
        // Check:
        Campaign storage facts = _known(campaign);
        _checkLead(facts);
        uint256 measures = _measures[facts.termsId];
        uint256 until = WorkTime.lessonsUntil(facts.endsAt, measures);
        require(
            block.timestamp >= facts.endsAt && block.timestamp < until,
            CampaignEscrowNoLessonsNow(campaign, facts.endsAt, until)
        );
        require(facts.lessons == 0, CampaignEscrowLessonsFiled(campaign));
        require(facts.live == 0, CampaignEscrowLiveWork(campaign, facts.live));

        // Effect:
        EscrowMath.Fees memory fees = _fees(campaign, facts);
        uint256 bond = DisputeMath.bondOf(fees.earned, measures);
        uint32 bounty = _postLessons(campaign, fees.earned, bond);
        uint256 work = WorkWords.open(msg.sender, bounty, 0).withStage(Stage.Accepted, _nowSeconds());
        submission = _addSubmission(campaign, work.withStint(facts.formerLeads), lessons);
        facts.lessons = submission;
        emit LessonsFiled(campaign, submission, msg.sender, lessons);

        // Interaction:
        _takeStake(campaign, submission, msg.sender, amount, bond);
        _settleFee(campaign, facts, fees);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IWork
    function submissionOf(uint32 submission) external view returns (Submission memory) {
        uint256 facts = _works[submission];
        return Submission({
            worker: facts.worker(),
            bounty: facts.bounty(),
            since: facts.since(),
            stage: facts.stage(),
            payees: facts.payees(),
            stint: facts.stint(),
            isReworked: facts.isReworked(),
            evidence: _evidence[submission]
        });
    }

    /// @inheritdoc IWork
    function payeesOf(uint32 submission) external view returns (Payee[] memory payees) {
        payees = new Payee[](_works[submission].payees());
        for (uint256 i = 0; i < payees.length; ++i) {
            payees[i] = _payees[submission][i];
        }
    }

    /// @inheritdoc IWork
    function statusOf(uint32 submission) external view returns (Status) {
        return _statusOf(submission, _works[submission]);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _addSubmission(uint32 campaign, uint256 work, bytes32 evidence) private returns (uint32 submission) {
        _checkDigest(evidence);
        submission = ++_books.submissions;
        ++_campaigns[campaign].live;
        _liveWork[campaign][msg.sender] = liveWorkOf(campaign, msg.sender) + 2;
        _evidence[submission] = evidence;
        _works[submission] = work;
    }

    function _setPayees(uint32 submission, Payee[] calldata payees, address lead) private {
        _checkNotLead(msg.sender, lead);
        if (payees.length == 0) return _checkPayee(msg.sender);
        uint256 sumBps;
        for (uint256 i = 0; i < payees.length; ++i) {
            _checkPayee(payees[i].account);
            _checkNotLead(payees[i].account, lead);
            sumBps += payees[i].shareBps;
            _payees[submission][i] = payees[i];
        }
        require(sumBps == EscrowMath.ONE_BPS, CampaignEscrowBadShares(sumBps, EscrowMath.ONE_BPS));
    }

    function _record(uint32 submission, uint256 facts, Stage stage) internal {
        _works[submission] = facts.withStage(stage, _nowSeconds());
    }

    function _knownWork(uint32 submission) internal view returns (uint256 facts) {
        facts = _works[submission];
        require(facts != 0, CampaignEscrowUnknownSubmission(submission));
    }

    function _ownWork(uint32 submission) internal view returns (uint256 facts) {
        facts = _knownWork(submission);
        _checkWorker(facts, msg.sender);
    }

    function _checkWorker(uint256 facts, address account) internal pure {
        require(account == facts.worker(), CampaignEscrowNotWorker(account, facts.worker()));
    }

    function _checkStatus(uint32 submission, Status status, Status expected) internal pure {
        require(status == expected, CampaignEscrowWrongStatus(submission, status));
    }

    /// @dev The lead judges what was shown, only while it is in review, and answers for it also when replaced.
    function _workToJudge(uint32 submission, bytes32 evidence) private view returns (uint256 facts) {
        facts = _knownWork(submission);
        Campaign storage campaign = _campaignOf(facts);
        _checkLead(campaign);
        _checkStatus(submission, _statusOf(submission, facts), Status.Review);
        bytes32 stored = _evidence[submission];
        require(evidence == stored, CampaignEscrowOtherEvidence(evidence, stored));
        return facts.withStint(campaign.formerLeads);
    }

    function _campaignOf(uint256 facts) internal view returns (Campaign storage) {
        return _campaigns[_bounties[facts.bounty()].campaign()];
    }

    /// @dev A pure function of stored facts and the clock; the facts of a dispute are with the desk.
    function _statusOf(uint32 submission, uint256 facts) internal view returns (Status status) {
        Stage stage = facts.stage();
        if (stage == Stage.Disputed) {
            (bool isOver, bool isPaid,) = IDisputeDesk(desk).verdictOf(submission);
            if (!isOver) return Status.Disputed;
            return isPaid ? Status.Payable : Status.Void;
        }
        uint256 measures = _measures[_campaignOf(facts).termsId];
        (status,) = WorkTime.statusAt(stage, facts.since(), measures, block.timestamp);
    }
}
