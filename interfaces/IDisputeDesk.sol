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
    /// @param termsId Id of the terms.
    /// @param terms The terms; units as in Terms.
    event TermsSet(uint16 indexed termsId, Terms terms);
    /// @notice A dispute was opened; `statement` is the sha2-256 of why.
    /// @param submission The submission's id.
    /// @param opener Who opened it, and left the bond.
    /// @param arbitrator The ERC-792 arbitrator.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param isChallenge An acceptance is disputed, not a rejection.
    /// @param bond The dispute's bond, in units of the budget token.
    /// @param until A ruling counts before this moment, Unix seconds.
    /// @param statement sha2-256 of why.
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
    /// @param submission The submission's id.
    /// @param ruling The ruling's number: 1 pays the work, 2 does not, 0 is none.
    /// @param isPaid Whether the work is paid.
    /// @param settlement Who gets what, in units of the budget token.
    event DisputeSettled(uint32 indexed submission, uint8 ruling, bool isPaid, Settlement settlement);
    /// @notice A juror was paid.
    /// @param submission The submission's id.
    /// @param juror Who was paid.
    /// @param amount The juror's share, in units of the budget token.
    event JurorPaid(uint32 indexed submission, address indexed juror, uint256 amount);
    /// @notice What jurors did not fetch for a year went to the pool.
    /// @param submission The submission's id.
    /// @param amount What went to the pool, in units of the budget token.
    event JurorsExpired(uint32 indexed submission, uint256 amount);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice An address of the dispute desk is missing.
    /// @custom:right Name the AccessManager and the escrow.
    error DisputeDeskZeroAddress();
    /// @notice A window of {windowSeconds} is outside its bounds.
    /// @custom:right Choose {minSeconds} to {maxSeconds}.
    /// @param windowSeconds The window that was named, in seconds.
    /// @param minSeconds The shortest possible, in seconds.
    /// @param maxSeconds The longest possible, in seconds.
    error DisputeDeskWindowOutOfBounds(uint256 windowSeconds, uint256 minSeconds, uint256 maxSeconds);
    /// @notice A dispute bond of {bondBps} of the reward is outside its bounds.
    /// @custom:right Choose {minBps} to {maxBps}.
    /// @param bondBps The bond as a share of the reward, in bps.
    /// @param minBps The smallest possible, in bps.
    /// @param maxBps The largest possible, in bps.
    error DisputeDeskBondOutOfBounds(uint256 bondBps, uint256 minBps, uint256 maxBps);
    /// @notice {caller} may not call this.
    /// @custom:right Only the escrow does, when it pays or releases disputed work; use `dmo work pay`.
    /// @param caller Who called.
    error DisputeDeskNotEscrow(address caller);
    /// @notice The campaign of submission {submission} was funded under terms without an arbitrator.
    /// @custom:right Its lead's verdict stands; later campaigns can have one, if governance names it.
    /// @param submission The submission's id.
    error DisputeDeskNoArbitrator(uint256 submission);
    /// @notice {sent} were sent along for the arbitrator, which costs {cost}.
    /// @custom:right Send exactly that much; look the price up again.
    /// @param sent What was sent along, in wei.
    /// @param cost What the arbitrator costs, in wei.
    error DisputeDeskWrongCost(uint256 sent, uint256 cost);
    /// @notice The arbitrator {arbitrator} gave the number {disputeID}, which it had given before.
    /// @custom:right Disputes cannot be opened there; governance can name another arbitrator.
    /// @param arbitrator The ERC-792 arbitrator.
    /// @param disputeID The arbitrator's number of the dispute.
    error DisputeDeskIdTaken(address arbitrator, uint256 disputeID);
    /// @notice Submission {submission} is not disputed.
    /// @custom:right See with `dmo work show {submission}` what can be done with it.
    /// @param submission The submission's id.
    error DisputeDeskUnknownDispute(uint256 submission);
    /// @notice {caller} arbitrates no dispute {disputeID}.
    /// @custom:right Only the arbitrator of the campaign's terms rules, under the number it gave.
    /// @param caller Who called.
    /// @param disputeID The arbitrator's number of the dispute.
    error DisputeDeskNotArbitrator(address caller, uint256 disputeID);
    /// @notice The dispute about submission {submission} is over: it was ruled, or its time has passed.
    /// @custom:right Evidence and rulings were taken until {until}, or until the first ruling.
    /// @param submission The submission's id.
    /// @param until Until when it was open at the most, Unix seconds.
    error DisputeDeskNotOpen(uint256 submission, uint256 until);
    /// @notice A document is missing.
    /// @custom:right Give its digest.
    error DisputeDeskNoDigest();
    /// @notice The dispute about submission {submission} has nobody of these to pay.
    /// @custom:right Only jurors who revealed are paid, once, after the submission was paid or released.
    /// @param submission The submission's id.
    error DisputeDeskNothingDue(uint256 submission);
    /// @notice What is left of the dispute about submission {submission} belongs to its jurors.
    /// @custom:right It can go to the pool from {from} on.
    /// @param submission The submission's id.
    /// @param from When it can be moved to the pool, Unix seconds.
    error DisputeDeskJurorsAlive(uint256 submission, uint256 from);

    // ── terms ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Sets the terms of campaigns funded from now on.
    /// @dev Restricted to governance.
    /// @param newTerms The terms; units as in Terms.
    /// @return termsId Id of the terms, counted from 1.
    function setTerms(Terms calldata newTerms) external returns (uint16 termsId);

    // ── disputes ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Disputes a rejection (its worker), or challenges an acceptance, spoken or silent (anyone).
    /// @dev The bond is taken by the escrow, which needs its allowance; exactly the arbitrator's cost is sent along.
    /// @param submission The submission's id.
    /// @param statement sha2-256 of why.
    /// @return disputeID The arbitrator's number of the dispute.
    function openDispute(uint32 submission, bytes32 statement) external payable returns (uint256 disputeID);

    /// @notice Adds evidence to an open dispute; for anyone.
    /// @param submission The submission's id.
    /// @param evidence sha2-256 of the document.
    function submitEvidence(uint32 submission, bytes32 evidence) external;

    /// @notice Pays jurors their shares of a settled dispute; others of the list are passed over.
    /// @dev For anyone. Reverts when there is nobody to pay.
    /// @param submission The submission's id.
    /// @param jurors Who is paid.
    function payJurors(uint32 submission, address[] calldata jurors) external;

    /// @notice Moves to the pool what jurors did not fetch for a year.
    /// @dev For anyone.
    /// @param submission The submission's id.
    function expireJurors(uint32 submission) external;

    /// @notice Ends a dispute with its submission and says who gets what.
    /// @dev Only the escrow calls this, when it pays or releases the submission.
    /// @param submission The submission's id.
    /// @param reward The submission's reward, in units of the budget token.
    /// @param feeLeft What is left of the lead's fee, in units of the budget token.
    /// @return Who gets what, in units of the budget token.
    function settle(uint32 submission, uint256 reward, uint256 feeLeft) external returns (Settlement memory);

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The escrow this desk decides for.
    /// @return The escrow's address.
    function escrow() external view returns (address);
    /// @notice No window of any terms is shorter, in seconds; fixed at deployment.
    /// @return The shortest window possible, in seconds.
    function shortestWindow() external view returns (uint32);
    /// @notice The terms in force, which are also the count of all: ids count from 1.
    /// @return termsId Id of the terms in force.
    /// @return windows Their windows, in seconds.
    function latestTerms() external view returns (uint16 termsId, Windows memory windows);
    /// @notice Terms by id.
    /// @param termsId Id of the terms.
    /// @return The terms; units as in Terms.
    function termsOf(uint16 termsId) external view returns (Terms memory);
    /// @notice The windows of terms.
    /// @param termsId Id of the terms.
    /// @return The windows, in seconds.
    function windowsOf(uint16 termsId) external view returns (Windows memory);
    /// @notice A submission's dispute; empty if there is none.
    /// @param submission The submission's id.
    /// @return The dispute; amounts in units of the budget token.
    function disputeOf(uint32 submission) external view returns (DisputeCase memory);
    /// @notice Which submission an arbitrator's dispute is about; 0 if none.
    /// @param arbitrator The ERC-792 arbitrator.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @return The submission's id; 0 if none.
    function submissionOf(address arbitrator, uint256 disputeID) external view returns (uint32);
    /// @notice Whether a dispute is over, and if so whether the work is paid.
    /// @param submission The submission's id.
    /// @return isOver Whether the dispute is over.
    /// @return isPaid Whether the work is paid, if it is over.
    function verdictOf(uint32 submission) external view returns (bool isOver, bool isPaid);
    /// @notice What disputing this submission takes: the bond in budget tokens, and the arbitrator's cost in wei.
    /// @param submission The submission's id.
    /// @return bond The bond, in units of the budget token.
    /// @return costWei The arbitrator's cost, in wei.
    function priceOf(uint32 submission) external view returns (uint256 bond, uint256 costWei);
    /// @notice Whether a juror was paid for a dispute.
    /// @param submission The submission's id.
    /// @param juror Who judges.
    /// @return Whether the juror was paid.
    function isJurorPaid(uint32 submission, address juror) external view returns (bool);
}
