// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IEvidence} from "@kleros/erc-792/contracts/erc-1497/IEvidence.sol";
import {IDisputeParties} from "./IJury.sol";

/// @title IDisputeDesk
/// @notice The terms campaigns run under, and the disputes about them: the escrow's ERC-792 arbitrable, with ERC-1497
/// evidence. It decides who gets what; the money stays in the escrow.
/// @dev Amounts are in units of the budget token. Rulings: 1 pays the work, 2 does not, 0 (and any other) is no ruling.
/// One dispute per submission; what is recorded first is final. Native coin passes through to the arbitrator in the
/// same call and is never kept.
interface IDisputeDesk is IArbitrable, IEvidence, IDisputeParties {
    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice How long everybody has.
    /// @param reviewSeconds R: how long the lead may judge; silence accepts.
    /// @param answerSeconds A: how long a worker may answer a rejection.
    /// @param challengeSeconds C: how long anyone may challenge an acceptance.
    /// @param arbitrationSeconds D: how long a dispute may take.
    /// @param noticeSeconds A cancelled bounty or a campaign ended early runs on at least this long.
    struct Windows {
        uint32 reviewSeconds;
        uint32 answerSeconds;
        uint32 challengeSeconds;
        uint32 arbitrationSeconds;
        uint32 noticeSeconds;
    }

    /// @notice What governance sets for campaigns funded later. A campaign keeps the terms it was funded under.
    /// @param windows How long everybody has.
    /// @param disputeBondBps Bond of a dispute or challenge, as a share of the reward, in bps, rounded up.
    /// @param disputeBondMin The bond is never below this.
    /// @param arbitrator ERC-792 arbitrator; zero while disputes cannot be opened.
    /// @param paysJurors The arbitrator tells its jurors' shares (IJurorShares), and they live from bonds.
    /// @param metaEvidence sha2-256 of the ERC-1497 meta-evidence: what the arbitrator is asked.
    /// @param arbitratorExtraData Handed to the arbitrator as it is.
    struct Terms {
        Windows windows;
        uint16 disputeBondBps;
        uint112 disputeBondMin;
        address arbitrator;
        bool paysJurors;
        bytes32 metaEvidence;
        bytes arbitratorExtraData;
    }

    /// @notice A submission's dispute.
    /// @dev Five slots: opener, until, termsId, ruling, flags · lead, settledAt · disputeID · bond, pot · potWhole ·
    /// sharesTotal.
    /// @param opener Who opened it: the worker of a rejected submission, or whoever challenges an acceptance.
    /// @param until A ruling counts while now < until, Unix seconds.
    /// @param termsId The campaign's terms.
    /// @param ruling What was ruled; 0 until then, and for no ruling.
    /// @param isRuled A ruling was recorded, be it "none".
    /// @param isChallenge An acceptance is disputed, not a rejection.
    /// @param isSettled The submission was paid or released.
    /// @param lead The campaign's lead at the opening.
    /// @param settledAt When it was settled, Unix seconds.
    /// @param disputeID The arbitrator's id.
    /// @param bond What the opener left.
    /// @param pot What of the jurors' part is left for them.
    /// @param potWhole The jurors' part.
    /// @param sharesTotal The sum of the jurors' shares at the settlement.
    struct DisputeCase {
        address opener;
        uint32 until;
        uint16 termsId;
        uint8 ruling;
        bool isRuled;
        bool isChallenge;
        bool isSettled;
        address lead;
        uint32 settledAt;
        uint256 disputeID;
        uint112 bond;
        uint112 pot;
        uint112 potWhole;
        uint256 sharesTotal;
    }

    /// @notice Who gets what when a disputed submission ends, beside the reward itself.
    /// @dev bond − bondBack + cut + feeTaken = toOpener + toWorker + toJurors + toPool. Every half is rounded down for
    /// the jurors; what would be theirs goes to the pool where there is nobody to pay.
    /// @param opener Who left the dispute's bond.
    /// @param bond The dispute's bond.
    /// @param bondBack What of it returns to the opener.
    /// @param cut What a won challenge takes of the reward; the rest of the reward is free again.
    /// @param feeTaken What the lead's fee loses.
    /// @param toOpener Goes to the opener.
    /// @param toWorker Goes to the worker.
    /// @param toJurors Stays with the escrow for the jurors, who are paid one by one.
    /// @param toPool Goes to the pool.
    /// @param keepsWorkerBond Unpaid work forfeits the worker's bond; not if a rejection found no ruling.
    struct Settlement {
        address opener;
        uint256 bond;
        uint256 bondBack;
        uint256 cut;
        uint256 feeTaken;
        uint256 toOpener;
        uint256 toWorker;
        uint256 toJurors;
        uint256 toPool;
        bool keepsWorkerBond;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice New terms, in force for campaigns funded from now on.
    event TermsSet(uint16 indexed termsId, Terms terms);
    /// @notice A dispute was opened; `statement` is the sha2-256 of why.
    event DisputeOpened(
        uint32 indexed submission,
        address indexed opener,
        address indexed arbitrator,
        uint256 disputeID,
        bool isChallenge,
        uint256 bond,
        uint256 until,
        bytes32 statement
    );
    /// @notice A dispute ended with its submission.
    event DisputeSettled(uint32 indexed submission, uint8 ruling, bool isPaid, Settlement settlement);
    /// @notice A juror was paid.
    event JurorPaid(uint32 indexed submission, address indexed juror, uint256 amount);
    /// @notice What jurors did not fetch for a year went to the pool.
    event JurorsExpired(uint32 indexed submission, uint256 amount);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice An address of the constructor is zero.
    error DisputeDeskZeroAddress();
    /// @notice A window is outside its hard bounds, all in seconds.
    error DisputeDeskWindowOutOfBounds(uint256 windowSeconds, uint256 minSeconds, uint256 maxSeconds);
    /// @notice The dispute bond is outside its hard bounds (bps).
    error DisputeDeskBondOutOfBounds(uint256 bondBps, uint256 minBps, uint256 maxBps);
    /// @notice Only the escrow may call this.
    error DisputeDeskNotEscrow(address caller);
    /// @notice The terms of the submission's campaign name no arbitrator.
    error DisputeDeskNoArbitrator(uint256 submission);
    /// @notice The arbitrator costs exactly this (wei).
    error DisputeDeskWrongCost(uint256 sent, uint256 cost);
    /// @notice The arbitrator gave an id that it had given before.
    error DisputeDeskIdTaken(address arbitrator, uint256 disputeID);
    /// @notice The submission has no dispute.
    error DisputeDeskUnknownDispute(uint256 submission);
    /// @notice This caller arbitrates no dispute of that id.
    error DisputeDeskNotArbitrator(address caller, uint256 disputeID);
    /// @notice The dispute was ruled, or its time was over at `until` (Unix seconds).
    error DisputeDeskNotOpen(uint256 submission, uint256 until);
    /// @notice A digest is missing.
    error DisputeDeskNoDigest();
    /// @notice None of these jurors has anything to get from this dispute now.
    error DisputeDeskNothingDue(uint256 submission);
    /// @notice Jurors can fetch what is theirs until `from` (Unix seconds).
    error DisputeDeskJurorsAlive(uint256 submission, uint256 from);

    // ── terms ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Sets the terms of campaigns funded from now on.
    /// @dev Restricted to governance.
    /// @return termsId Counted from 1.
    function setTerms(Terms calldata newTerms) external returns (uint16 termsId);

    // ── disputes ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Disputes a rejection (its worker), or challenges an acceptance, spoken or silent (anyone).
    /// @dev The bond is taken by the escrow, which needs its allowance; exactly the arbitrator's cost is sent along.
    /// @param statement sha2-256 of why.
    /// @return disputeID The arbitrator's id.
    function openDispute(uint32 submission, bytes32 statement) external payable returns (uint256 disputeID);

    /// @notice Adds evidence to an open dispute; for anyone.
    /// @param evidence sha2-256 of the document.
    function submitEvidence(uint32 submission, bytes32 evidence) external;

    /// @notice Pays jurors their shares of a settled dispute; others of the list are passed over.
    /// @dev For anyone. Reverts when there is nobody to pay.
    function payJurors(uint32 submission, address[] calldata jurors) external;

    /// @notice Moves to the pool what jurors did not fetch for a year.
    /// @dev For anyone.
    function expireJurors(uint32 submission) external;

    /// @notice Ends a dispute with its submission and says who gets what.
    /// @dev Only the escrow calls this, when it pays or releases the submission.
    /// @param reward The submission's reward.
    /// @param feeLeft What is left of the lead's fee.
    function settle(uint32 submission, uint256 reward, uint256 feeLeft) external returns (Settlement memory);

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The escrow this desk decides for.
    function escrow() external view returns (address);
    /// @notice No window of any terms is shorter, in seconds; fixed at deployment.
    function shortestWindow() external view returns (uint32);
    /// @notice The terms in force, which are also the count of all: ids count from 1.
    function latestTerms() external view returns (uint16 termsId, Windows memory windows);
    /// @notice Terms by id.
    function termsOf(uint16 termsId) external view returns (Terms memory);
    /// @notice The windows of terms.
    function windowsOf(uint16 termsId) external view returns (Windows memory);
    /// @notice A submission's dispute; empty if there is none.
    function disputeOf(uint32 submission) external view returns (DisputeCase memory);
    /// @notice Which submission an arbitrator's dispute is about; 0 if none.
    function submissionOf(address arbitrator, uint256 disputeID) external view returns (uint32);
    /// @notice Whether a dispute is over, and if so whether the work is paid.
    function verdictOf(uint32 submission) external view returns (bool isOver, bool isPaid);
    /// @notice What disputing this submission takes: the bond in budget tokens, and the arbitrator's cost in wei.
    function priceOf(uint32 submission) external view returns (uint256 bond, uint256 costWei);
    /// @notice Whether a juror was paid for a dispute.
    function isJurorPaid(uint32 submission, address juror) external view returns (bool);
}
