// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IArbitrationTime, IDisputeParties, IJurorShares} from "../../interfaces/IJury.sol";
import {IWork} from "../../interfaces/IWork.sol";
import {CallGas} from "./CallGas.sol";
import {DisputeMath} from "./DisputeMath.sol";
import {MeasureWords} from "./MeasureWords.sol";
import {WorkTime} from "./WorkTime.sol";

/// @title DisputeDesk
/// @notice Terms, disputes, and who gets what from them. Holds no money: it tells the escrow.
/// @dev Bound to one escrow for ever, as the escrow is to it. An arbitrator is chosen by governance and yet not
/// trusted with more than its ruling: it is called while nothing is half done, and what it answers late, twice, or
/// wrongly changes nothing. What it is asked at the end is asked with a fixed gas that no caller can keep back.
contract DisputeDesk is IDisputeDesk, AccessManaged, ReentrancyGuardTransient {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant LONGEST_WINDOW = 60 days;
    uint256 private constant MIN_DISPUTE_BOND_BPS = 100;
    uint256 private constant MAX_DISPUTE_BOND_BPS = 5000;
    uint256 private constant CHOICES = 2;
    uint256 private constant MAX_EXTRA_DATA = 1024;
    /// @dev An arbitrator that declares its time gets so much more.
    uint256 private constant SPARE_SECONDS = 1 days;
    /// @dev Gas an arbitrator gets to tell one number: the time it needs, its ruling, the sum of its jurors' shares.
    uint256 private constant ANSWER_GAS = 100_000;
    /// @dev Payees of less are no parties, and may be jurors.
    uint256 private constant PARTY_SHARE_BPS = 1000;
    /// @dev Worker, opener, upholder, lead, and eight payees.
    uint256 private constant MAX_PARTIES = 12;
    /// @dev What jurors do not fetch for this long goes to the pool.
    uint256 private constant POT_LIFE = 365 days;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    ICampaignEscrow private immutable _ESCROW;
    /// @inheritdoc IDisputeDesk
    uint32 public immutable shortestWindow;
    /// @inheritdoc IDisputeDesk
    uint256 public immutable largestLeastBond;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    uint16 private _termsCount;
    mapping(uint256 termsId => Terms) private _terms;
    /// @inheritdoc IDisputeDesk
    mapping(uint16 termsId => uint32) public rulingSecondsOf;
    mapping(uint256 submission => DisputeCase) private _disputes;
    mapping(uint256 submission => mapping(address juror => bool)) private _isPaid;
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
    ) AccessManaged(authority) {
        require(authority != address(0) && address(escrow_) != address(0), DisputeDeskZeroAddress());
        _ESCROW = escrow_;
        shortestWindow = shortestWindow_;
        largestLeastBond = largestLeastBond_;
        _setTerms(firstTerms, shortestWindow_, largestLeastBond_);
    }

    // ── actions: terms ──────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    function setTerms(Terms memory newTerms) external restricted returns (uint16 termsId) {
        return _setTerms(newTerms, shortestWindow, largestLeastBond);
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
        (IArbitrator arbitrator, uint256 cost) = _arbitratorAt(submission, termsId);

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
        address arbitrator = _terms[termsId].arbitrator;
        require(arbitrator != address(0), DisputeDeskNoArbitrator(submission));

        // Effect:
        DisputeCase storage dispute = _begin(submission, termsId, amount, IWork.Status.Rejected);
        dispute.until = _after(_terms[termsId].measures.answerSeconds);
        emit RejectionContested(submission, msg.sender, dispute.bond, dispute.until, statement);
        emit Evidence(IArbitrator(arbitrator), submission, msg.sender, _path(statement));
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
        (IArbitrator arbitrator, uint256 cost) = _arbitratorAt(submission, dispute.termsId);

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
        DisputeCase storage dispute = _undecided(submission);
        emit Evidence(IArbitrator(_terms[dispute.termsId].arbitrator), submission, msg.sender, _path(evidence));
    }

    /// @inheritdoc IArbitrable
    /// @dev Only records: once, in time, from that arbitrator. Where the arbitrator is asked anyway this spares the asking.
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
            if (_isPaid[submission][jurors[i]]) continue;
            (uint256 start, uint256 end) = arbitrator.shareOf(dispute.disputeID, jurors[i]);
            uint256 amount = DisputeMath.shareOf(dispute.potWhole, start, end, dispute.sharesTotal);
            if (amount == 0 || amount > dispute.pot) continue;

            // Effect:
            _isPaid[submission][jurors[i]] = true;
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
    function latestTerms() external view returns (uint16 termsId, uint256 measures) {
        return (_termsCount, measuresOf(_termsCount));
    }

    /// @inheritdoc IDisputeDesk
    function termsOf(uint16 termsId) external view returns (Terms memory) {
        return _terms[termsId];
    }

    /// @inheritdoc IDisputeDesk
    function measuresOf(uint16 termsId) public view returns (uint256) {
        return MeasureWords.pack(_terms[termsId].measures);
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

    /// @inheritdoc IDisputeDesk
    function isJurorPaid(uint32 submission, address juror) external view returns (bool) {
        return _isPaid[submission][juror];
    }

    /// @inheritdoc IDisputeParties
    /// @dev Worker, who opened the dispute, who upheld the rejection, the lead whose verdict it is about, and payees of a
    /// tenth or more: with less, naming jurors as payees would keep them off the bench for next to nothing.
    function partiesOf(address arbitrator, uint256 disputeID) external view returns (address[] memory parties) {
        uint32 submission = submissionOf[arbitrator][disputeID];
        require(submission != 0, DisputeDeskNotArbitrator(arbitrator, disputeID));
        DisputeCase storage dispute = _disputes[submission];
        ICampaignEscrow.Submission memory work = _ESCROW.submissionOf(submission);
        ICampaignEscrow.Payee[] memory payees = _ESCROW.payeesOf(submission);
        parties = new address[](MAX_PARTIES);
        uint256 count = _addParty(parties, 0, work.worker);
        count = _addParty(parties, count, dispute.opener);
        if (dispute.upholder != address(0)) count = _addParty(parties, count, dispute.upholder);
        count = _addParty(parties, count, dispute.lead);
        for (uint256 i = 0; i < payees.length; ++i) {
            uint256 shareBps;
            for (uint256 j = 0; j < payees.length; ++j) {
                if (payees[j].account == payees[i].account) shareBps += payees[j].shareBps;
            }
            if (shareBps >= PARTY_SHARE_BPS) count = _addParty(parties, count, payees[i].account);
        }
        assembly ("memory-safe") {
            mstore(parties, count) // shorten the list to those found
        }
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Puts an account behind the others, unless it is among them.
    function _addParty(address[] memory parties, uint256 count, address account) private pure returns (uint256) {
        for (uint256 i = 0; i < count; ++i) {
            if (parties[i] == account) return count;
        }
        parties[count] = account;
        return count + 1;
    }

    function _setTerms(Terms memory newTerms, uint256 shortest, uint256 largestLeast)
        private
        returns (uint16 termsId)
    {
        // Check:
        Measures memory measures = newTerms.measures;
        _checkWindow(measures.reviewSeconds, shortest);
        _checkWindow(measures.answerSeconds, shortest);
        _checkWindow(measures.challengeSeconds, shortest);
        _checkWindow(measures.arbitrationSeconds, shortest);
        _checkWindow(measures.noticeSeconds, shortest);
        require(
            measures.disputeBondBps >= MIN_DISPUTE_BOND_BPS && measures.disputeBondBps <= MAX_DISPUTE_BOND_BPS,
            DisputeDeskBondOutOfBounds(measures.disputeBondBps, MIN_DISPUTE_BOND_BPS, MAX_DISPUTE_BOND_BPS)
        );
        require(
            measures.disputeBondMin <= largestLeast,
            DisputeDeskLeastBondTooHigh(measures.disputeBondMin, largestLeast)
        );
        uint256 length = newTerms.arbitratorExtraData.length;
        require(length <= MAX_EXTRA_DATA, DisputeDeskExtraDataTooLong(length, MAX_EXTRA_DATA));
        uint32 rulingSeconds = _rulingSeconds(newTerms.arbitrator, measures.arbitrationSeconds);

        // Effect:
        termsId = ++_termsCount;
        _terms[termsId] = newTerms;
        rulingSecondsOf[termsId] = rulingSeconds;
        emit TermsSet(termsId, newTerms);
        emit MetaEvidence(termsId, _path(newTerms.metaEvidence));
    }

    /// @dev How long the arbitrator says it needs; 0 if it says nothing.
    function _rulingSeconds(address arbitrator, uint256 arbitrationSeconds) private view returns (uint32) {
        if (arbitrator == address(0)) return 0;
        require(arbitrator.code.length != 0, DisputeDeskArbitratorIsNoContract(arbitrator));
        (bool hasAnswered, uint256 needed) = _ask(arbitrator, abi.encodeCall(IArbitrationTime.rulingSeconds, ()));
        if (!hasAnswered || needed == 0) return 0;
        uint256 least = Math.saturatingAdd(needed, SPARE_SECONDS);
        require(arbitrationSeconds >= least, DisputeDeskArbitrationTooShort(arbitrationSeconds, least));
        return uint32(needed);
    }

    function _checkWindow(uint256 windowSeconds, uint256 shortest) private pure {
        require(
            windowSeconds >= shortest && windowSeconds <= LONGEST_WINDOW,
            DisputeDeskWindowOutOfBounds(windowSeconds, shortest, LONGEST_WINDOW)
        );
    }

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

    /// @dev Whose verdict it is: who led when it was spoken, or when the review ended in silence.
    function _verdictBy(uint32 submission, uint16 termsId) private view returns (uint8 stint, address lead) {
        (IWork.Submission memory work, IWork.Bounty memory bounty) = _submitted(submission);
        ICampaigns.Stint[] memory stints = _ESCROW.stintsOf(bounty.campaign);
        stint = work.stint;
        if (work.stage == IWork.Stage.Submitted) {
            uint256 acceptedAt = WorkTime.acceptedAt(work.stage, work.since, measuresOf(termsId));
            for (stint = 0; stint < stints.length && acceptedAt >= stints[stint].until;) {
                ++stint;
            }
        }
        lead = stint < stints.length ? stints[stint].lead : _ESCROW.campaignOf(bounty.campaign).lead;
    }

    /// @dev The arbitrator, and what it costs now (wei).
    function _quote(uint32 submission, uint16 termsId) private view returns (IArbitrator arbitrator, uint256 cost) {
        arbitrator = IArbitrator(_terms[termsId].arbitrator);
        require(address(arbitrator) != address(0), DisputeDeskNoArbitrator(submission));
        cost = arbitrator.arbitrationCost(_terms[termsId].arbitratorExtraData);
    }

    /// @dev The same, paid exactly.
    function _arbitratorAt(uint32 submission, uint16 termsId)
        private
        view
        returns (IArbitrator arbitrator, uint256 cost)
    {
        (arbitrator, cost) = _quote(submission, termsId);
        require(msg.value == cost, DisputeDeskWrongCost(msg.value, cost));
    }

    function _after(uint256 windowSeconds) private view returns (uint32) {
        return SafeCast.toUint32(block.timestamp + windowSeconds);
    }

    /// @dev The first step: whoever contests or challenges stakes.
    function _begin(uint32 submission, uint16 termsId, uint256 amount, IWork.Status expected)
        private
        returns (DisputeCase storage dispute)
    {
        (uint8 stint, address lead) = _verdictBy(submission, termsId);
        dispute = _disputes[submission];
        dispute.opener = msg.sender;
        dispute.termsId = termsId;
        dispute.lead = lead;
        dispute.bond =
            SafeCast.toUint112(_ESCROW.beginDispute(submission, msg.sender, amount, stint, expected));
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
        require(
            submissionOf[address(arbitrator)][disputeID] == 0, DisputeDeskIdTaken(address(arbitrator), disputeID)
        );
        submissionOf[address(arbitrator)][disputeID] = submission;
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
        emit Evidence(arbitrator, submission, msg.sender, _path(statement));
    }

    function _known(uint32 submission) private view returns (DisputeCase storage dispute) {
        dispute = _disputes[submission];
        require(dispute.opener != address(0), DisputeDeskUnknownDispute(submission));
    }

    /// @dev Not what is only contested.
    function _isDisputed(DisputeCase storage dispute) private view returns (bool) {
        return dispute.isChallenge || dispute.upholder != address(0);
    }

    function _undecided(uint32 submission) private view returns (DisputeCase storage dispute) {
        dispute = _known(submission);
        require(_isDisputed(dispute), DisputeDeskUnknownDispute(submission));
        (bool isOver,,) = _verdict(dispute);
        require(!isOver, DisputeDeskNotOpen(submission, dispute.until));
    }

    /// @dev A pure function of stored facts, the clock, and what the arbitrator answers once its time is over: nobody has
    /// to carry a ruling over. Without one the lead's verdict stands.
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

    /// @dev Nothing waits for an arbitrator: one that fails, is gone, or answers nonsense has not answered, and no caller
    /// can make it fail by keeping gas back. Hence the plain call: `try` reverts on answers it cannot decode.
    function _ask(address arbitrator, bytes memory question) private view returns (bool hasAnswered, uint256 answer) {
        CallGas.check(ANSWER_GAS);
        bytes memory said;
        (hasAnswered, said) = arbitrator.staticcall{gas: ANSWER_GAS}(question);
        hasAnswered = hasAnswered && said.length >= 32;
        if (hasAnswered) answer = abi.decode(said, (uint256));
    }

    /// @dev A digest as the path of its raw CIDv1 in base 16: multibase f, version 1, codec 55 (raw), hash 12
    /// (sha2-256), length 20.
    function _path(bytes32 digest) private pure returns (string memory) {
        return string.concat(
            "/ipfs/f01551220", string(Bytes.slice(bytes(Strings.toHexString(uint256(digest), 32)), 2))
        );
    }
}
