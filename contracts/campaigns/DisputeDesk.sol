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
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IDisputeParties, IJurorShares} from "../../interfaces/IJury.sol";
import {CallGas} from "./CallGas.sol";
import {DisputeMath} from "./DisputeMath.sol";

/// @title DisputeDesk
/// @notice Terms, disputes, and who gets what from them. Holds no money: it tells the escrow.
/// @dev Bound to one escrow for ever, as the escrow is to it. An arbitrator is chosen by governance and yet not
/// trusted with more than its ruling: it is called while nothing is half done, and what it answers late, twice, or
/// wrongly changes nothing.
contract DisputeDesk is IDisputeDesk, AccessManaged, ReentrancyGuardTransient {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant LONGEST_WINDOW = 60 days;
    uint256 private constant MIN_DISPUTE_BOND_BPS = 100;
    uint256 private constant MAX_DISPUTE_BOND_BPS = 5000;
    uint256 private constant CHOICES = 2;
    /// @dev Gas an arbitrator gets to tell the sum of its jurors' shares; what needs more has no jurors to pay.
    uint256 private constant SHARES_GAS = 100_000;
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

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    uint16 private _termsCount;
    mapping(uint256 termsId => Terms) private _terms;
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
    /// @param firstTerms The terms of campaigns until governance sets others.
    constructor(address authority, ICampaignEscrow escrow_, uint32 shortestWindow_, Terms memory firstTerms)
        AccessManaged(authority)
    {
        require(authority != address(0) && address(escrow_) != address(0), DisputeDeskZeroAddress());
        _ESCROW = escrow_;
        shortestWindow = shortestWindow_;
        _setTerms(firstTerms, shortestWindow_);
    }

    // ── actions: terms ──────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    function setTerms(Terms memory newTerms) external restricted returns (uint16 termsId) {
        return _setTerms(newTerms, shortestWindow);
    }

    // ── actions: disputes ───────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    function openDispute(uint32 submission, bytes32 statement)
        external
        payable
        nonReentrant
        returns (uint256 disputeID)
    {
        // Check:
        _checkDigest(statement);
        (ICampaignEscrow.Campaign memory campaign, uint256 reward) = _workOf(submission);
        Terms storage terms = _terms[campaign.termsId];
        IArbitrator arbitrator = IArbitrator(terms.arbitrator);
        require(address(arbitrator) != address(0), DisputeDeskNoArbitrator(submission));
        uint256 cost = arbitrator.arbitrationCost(terms.arbitratorExtraData);
        require(msg.value == cost, DisputeDeskWrongCost(msg.value, cost));
        uint256 bond = _bond(terms, reward);

        // Effect: who, by when and for how much stand before the arbitrator is called.
        bool isChallenge = _ESCROW.beginDispute(submission, msg.sender, bond);
        DisputeCase storage dispute = _disputes[submission];
        dispute.opener = msg.sender;
        dispute.until = SafeCast.toUint32(block.timestamp + terms.windows.arbitrationSeconds);
        dispute.termsId = campaign.termsId;
        dispute.isChallenge = isChallenge;
        dispute.lead = campaign.lead;
        dispute.bond = SafeCast.toUint112(bond);

        // Interaction:
        disputeID = arbitrator.createDispute{value: cost}(CHOICES, terms.arbitratorExtraData);
        require(
            submissionOf[address(arbitrator)][disputeID] == 0, DisputeDeskIdTaken(address(arbitrator), disputeID)
        );
        submissionOf[address(arbitrator)][disputeID] = submission;
        dispute.disputeID = disputeID;
        _announce(submission, dispute, arbitrator, statement);
    }

    /// @inheritdoc IDisputeDesk
    function submitEvidence(uint32 submission, bytes32 evidence) external {
        _checkDigest(evidence);
        DisputeCase storage dispute = _open(submission);
        emit Evidence(IArbitrator(_terms[dispute.termsId].arbitrator), submission, msg.sender, _path(evidence));
    }

    /// @inheritdoc IArbitrable
    /// @dev Only records: once, in time, from that arbitrator.
    function rule(uint256 disputeID, uint256 ruling) external nonReentrant {
        uint32 submission = submissionOf[msg.sender][disputeID];
        require(submission != 0, DisputeDeskNotArbitrator(msg.sender, disputeID));
        DisputeCase storage dispute = _open(submission);
        dispute.isRuled = true;
        dispute.ruling = ruling > CHOICES ? 0 : uint8(ruling);
        emit Ruling(IArbitrator(msg.sender), disputeID, ruling);
    }

    /// @inheritdoc IDisputeDesk
    function settle(uint32 submission, uint256 reward, uint256 feeLeft)
        external
        onlyEscrow
        returns (Settlement memory settlement)
    {
        DisputeCase storage dispute = _disputes[submission];
        uint256 sharesTotal = _sharesTotal(dispute);
        (, bool isPaid) = _verdict(dispute);
        settlement = DisputeMath.settlementOf(
            dispute.ruling, dispute.isChallenge, reward, dispute.bond, feeLeft, sharesTotal != 0
        );
        settlement.opener = dispute.opener;
        dispute.isSettled = true;
        dispute.settledAt = uint32(Math.min(block.timestamp, type(uint32).max));
        dispute.pot = uint112(settlement.toJurors);
        dispute.potWhole = uint112(settlement.toJurors);
        dispute.sharesTotal = sharesTotal;
        emit DisputeSettled(submission, dispute.ruling, isPaid, settlement);
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
    function latestTerms() external view returns (uint16 termsId, Windows memory windows) {
        return (_termsCount, _terms[_termsCount].windows);
    }

    /// @inheritdoc IDisputeDesk
    function termsOf(uint16 termsId) external view returns (Terms memory) {
        return _terms[termsId];
    }

    /// @inheritdoc IDisputeDesk
    function windowsOf(uint16 termsId) external view returns (Windows memory) {
        return _terms[termsId].windows;
    }

    /// @inheritdoc IDisputeDesk
    function disputeOf(uint32 submission) external view returns (DisputeCase memory) {
        return _disputes[submission];
    }

    /// @inheritdoc IDisputeDesk
    function verdictOf(uint32 submission) external view returns (bool isOver, bool isPaid) {
        return _verdict(_known(submission));
    }

    /// @inheritdoc IDisputeDesk
    function priceOf(uint32 submission) external view returns (uint256 bond, uint256 costWei) {
        (ICampaignEscrow.Campaign memory campaign, uint256 reward) = _workOf(submission);
        Terms storage terms = _terms[campaign.termsId];
        require(terms.arbitrator != address(0), DisputeDeskNoArbitrator(submission));
        bond = _bond(terms, reward);
        costWei = IArbitrator(terms.arbitrator).arbitrationCost(terms.arbitratorExtraData);
    }

    /// @inheritdoc IDisputeDesk
    function isJurorPaid(uint32 submission, address juror) external view returns (bool) {
        return _isPaid[submission][juror];
    }

    /// @inheritdoc IDisputeParties
    /// @dev Worker, who opened the dispute, the lead at the opening, and payees of a tenth or more: with less, naming
    /// jurors as payees would keep them off the bench for next to nothing.
    function partiesOf(address arbitrator, uint256 disputeID) external view returns (address[] memory parties) {
        uint32 submission = submissionOf[arbitrator][disputeID];
        require(submission != 0, DisputeDeskNotArbitrator(arbitrator, disputeID));
        DisputeCase storage dispute = _disputes[submission];
        ICampaignEscrow.Submission memory work = _ESCROW.submissionOf(submission);
        ICampaignEscrow.Payee[] memory payees = _ESCROW.payeesOf(submission);
        parties = new address[](MAX_PARTIES);
        uint256 count = _addParty(parties, 0, work.worker);
        count = _addParty(parties, count, dispute.opener);
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

    function _setTerms(Terms memory newTerms, uint256 shortest) private returns (uint16 termsId) {
        // Check:
        _checkWindow(newTerms.windows.reviewSeconds, shortest);
        _checkWindow(newTerms.windows.answerSeconds, shortest);
        _checkWindow(newTerms.windows.challengeSeconds, shortest);
        _checkWindow(newTerms.windows.arbitrationSeconds, shortest);
        _checkWindow(newTerms.windows.noticeSeconds, shortest);
        require(
            newTerms.disputeBondBps >= MIN_DISPUTE_BOND_BPS && newTerms.disputeBondBps <= MAX_DISPUTE_BOND_BPS,
            DisputeDeskBondOutOfBounds(newTerms.disputeBondBps, MIN_DISPUTE_BOND_BPS, MAX_DISPUTE_BOND_BPS)
        );

        // Effect:
        termsId = ++_termsCount;
        _terms[termsId] = newTerms;
        emit TermsSet(termsId, newTerms);
        emit MetaEvidence(termsId, _path(newTerms.metaEvidence));
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

    function _workOf(uint32 submission)
        private
        view
        returns (ICampaignEscrow.Campaign memory campaign, uint256 reward)
    {
        ICampaignEscrow.Submission memory work = _ESCROW.submissionOf(submission);
        require(work.bounty != 0, ICampaignEscrow.CampaignEscrowUnknownSubmission(submission));
        ICampaignEscrow.Bounty memory bounty = _ESCROW.bountyOf(work.bounty);
        return (_ESCROW.campaignOf(bounty.campaign), bounty.reward);
    }

    function _bond(Terms storage terms, uint256 reward) private view returns (uint256) {
        return DisputeMath.bondOf(reward, terms.disputeBondBps, terms.disputeBondMin);
    }

    function _known(uint32 submission) private view returns (DisputeCase storage dispute) {
        dispute = _disputes[submission];
        require(dispute.until != 0, DisputeDeskUnknownDispute(submission));
    }

    function _open(uint32 submission) private view returns (DisputeCase storage dispute) {
        dispute = _known(submission);
        (bool isOver,) = _verdict(dispute);
        require(!isOver, DisputeDeskNotOpen(submission, dispute.until));
    }

    function _announce(
        uint32 submission,
        DisputeCase storage dispute,
        IArbitrator arbitrator,
        bytes32 statement
    ) private {
        uint256 disputeID = dispute.disputeID;
        emit DisputeOpened(
            submission,
            dispute.opener,
            address(arbitrator),
            disputeID,
            dispute.isChallenge,
            dispute.bond,
            dispute.until,
            statement
        );
        emit Dispute(arbitrator, disputeID, dispute.termsId, submission);
        emit Evidence(arbitrator, submission, dispute.opener, _path(statement));
    }

    /// @dev A pure function of stored facts and the clock. Without a ruling the lead's verdict stands.
    function _verdict(DisputeCase storage dispute) private view returns (bool isOver, bool isPaid) {
        isOver = dispute.isRuled || block.timestamp >= dispute.until;
        uint8 ruling = dispute.ruling;
        isPaid = isOver && (ruling == 0 ? dispute.isChallenge : ruling == 1);
    }

    /// @dev No payment waits for an arbitrator: one that fails, is gone, or answers nonsense has no jurors to pay.
    /// Hence the plain call: `try` reverts on answers it cannot decode.
    function _sharesTotal(DisputeCase storage dispute) private view returns (uint256) {
        Terms storage terms = _terms[dispute.termsId];
        if (!terms.paysJurors) return 0;
        CallGas.check(SHARES_GAS);
        (bool hasAnswered, bytes memory answer) = terms.arbitrator.staticcall{gas: SHARES_GAS}(
            abi.encodeCall(IJurorShares.sharesTotal, (dispute.disputeID))
        );
        return hasAnswered && answer.length >= 32 ? abi.decode(answer, (uint256)) : 0;
    }

    /// @dev A digest as the path of its raw CIDv1 in base 16: multibase f, version 1, codec 55 (raw), hash 12
    /// (sha2-256), length 20.
    function _path(bytes32 digest) private pure returns (string memory) {
        return string.concat(
            "/ipfs/f01551220", string(Bytes.slice(bytes(Strings.toHexString(uint256(digest), 32)), 2))
        );
    }
}
