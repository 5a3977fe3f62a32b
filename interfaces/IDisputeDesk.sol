// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IEvidence} from "@kleros/erc-792/contracts/erc-1497/IEvidence.sol";
import {IDisputeParties} from "./IJury.sol";

/// @title IDisputeDesk
/// @notice The terms campaigns run under, and the disputes about them: the escrow's ERC-792 arbitrable, with ERC-1497
/// evidence. It decides who gets what; the money stays in the escrow.
/// @dev Amounts are in units of the budget token. Rulings: 1 pays the work, 2 does not, 0 (and any other) is no
/// ruling. One dispute per submission. An acceptance is challenged: that opens the dispute. A rejection is contested
/// by its worker, and falls unless somebody upholds it with a stake within the answer window: that opens the dispute.
/// Prizes come from stakes alone. An arbitrator that declares how long it needs (IArbitrationTime) is asked for its
/// ruling from then on, whoever carries it over or not; any other, and this one before, pushes it (`rule`). What is
/// recorded first is final. Native coin passes through to the arbitrator in the same call and is never kept.
interface IDisputeDesk is IArbitrable, IEvidence, IDisputeParties {
    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice How long everybody has, and how much is staked in a dispute. One word, which the escrow copies.
    /// @param reviewSeconds R: how long the lead may judge; silence accepts.
    /// @param answerSeconds A: how long a worker may answer a rejection, and anyone may uphold a contested one; a slot
    /// that was held in vain is open at least this long again.
    /// @param challengeSeconds C: how long anyone may challenge an acceptance.
    /// @param arbitrationSeconds D: how long a dispute may take.
    /// @param noticeSeconds A cancelled bounty or a campaign ended early runs on at least this long.
    /// @param disputeBondBps Stake in a dispute, and least bond of a worker, as a share of the reward, in bps, rounded
    /// up.
    /// @param disputeBondMin The stake is never below this, in units of the budget token, but never above the reward.
    struct Measures {
        uint32 reviewSeconds;
        uint32 answerSeconds;
        uint32 challengeSeconds;
        uint32 arbitrationSeconds;
        uint32 noticeSeconds;
        uint16 disputeBondBps;
        uint80 disputeBondMin;
    }

    /// @notice What governance sets for campaigns funded later. A campaign keeps the terms it was funded under.
    /// @param measures Times and stakes.
    /// @param arbitrator ERC-792 arbitrator, a contract; zero while disputes cannot be opened.
    /// @param paysJurors The arbitrator tells its jurors' shares (IJurorShares), and they live from stakes.
    /// @param metaEvidence sha2-256 of the ERC-1497 meta-evidence: what the arbitrator is asked.
    /// @param arbitratorExtraData Handed to the arbitrator as it is; at most 1,024 bytes.
    struct Terms {
        Measures measures;
        address arbitrator;
        bool paysJurors;
        bytes32 metaEvidence;
        bytes arbitratorExtraData;
    }

    /// @notice A submission's dispute, from the moment it is contested or challenged.
    /// @dev Six slots: opener, until, termsId, ruling, flags · lead, settledAt, pullsFrom · upholder · disputeID ·
    /// bond, pot · potWhole · sharesTotal.
    /// @param opener The worker who contested a rejection, or whoever challenged an acceptance.
    /// @param until While contested: upheld while now < until. Once disputed: a ruling is awaited while now < until.
    /// Unix seconds.
    /// @param termsId The campaign's terms.
    /// @param ruling What was recorded; 0 until then, and for no ruling.
    /// @param isRuled A ruling was recorded, be it "none".
    /// @param isChallenge An acceptance is disputed, not a rejection.
    /// @param isSettled The submission was paid or released.
    /// @param lead Whose verdict it is about: the lead when it was spoken, or when silence accepted.
    /// @param settledAt When it was settled, Unix seconds.
    /// @param pullsFrom From this moment on the arbitrator is asked for its ruling, Unix seconds; 0 if it never is.
    /// @param upholder Who upheld a contested rejection; zero until then, and in a challenge.
    /// @param disputeID The arbitrator's id.
    /// @param bond The stake b: what the opener left, and the upholder too.
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
        uint32 pullsFrom;
        address upholder;
        uint256 disputeID;
        uint112 bond;
        uint112 pot;
        uint112 potWhole;
        uint256 sharesTotal;
    }

    /// @notice Who gets what when a contested or disputed submission ends, beside the reward itself.
    /// @dev stakes + worker's bond + feeTaken = openerBack + upholderBack + workerBack + toOpener + toUpholder +
    /// toWorker + toJurors + toPool, where stakes are the bond of the opener and, if there is one, of the upholder.
    /// Every half is rounded down for the jurors; what would be theirs goes to the pool where there is nobody to pay.
    /// @param opener Who contested or challenged.
    /// @param upholder Who upheld the rejection; zero if nobody did.
    /// @param bond The stake b of each of them.
    /// @param openerBack What of it returns to the opener.
    /// @param upholderBack What of it returns to the upholder.
    /// @param workerBack What of the worker's bond returns.
    /// @param feeTaken What the fee of the lead whose verdict fell loses, to the pool.
    /// @param toOpener The opener's prize.
    /// @param toUpholder The upholder's prize.
    /// @param toWorker The worker's prize.
    /// @param toJurors Stays with the escrow for the jurors, who are paid one by one.
    /// @param toPool Goes to the pool.
    struct Settlement {
        address opener;
        address upholder;
        uint256 bond;
        uint256 openerBack;
        uint256 upholderBack;
        uint256 workerBack;
        uint256 feeTaken;
        uint256 toOpener;
        uint256 toUpholder;
        uint256 toWorker;
        uint256 toJurors;
        uint256 toPool;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice New terms, in force for campaigns funded from now on.
    /// @param termsId Id of the terms.
    /// @param terms The terms; units as in Terms.
    event TermsSet(uint16 indexed termsId, Terms terms);
    /// @notice A worker contested a rejection; unless it is upheld the work is paid. `statement` is the sha2-256 of
    /// why.
    /// @param submission The submission's id.
    /// @param opener The worker, who left the stake.
    /// @param bond The stake, in units of the budget token.
    /// @param until The rejection can be upheld before this moment, Unix seconds.
    /// @param statement sha2-256 of why.
    event RejectionContested(
        uint32 indexed submission, address indexed opener, uint256 bond, uint256 until, bytes32 statement
    );
    /// @notice A dispute was opened: an acceptance challenged, or a contested rejection upheld. `statement` is the
    /// sha2-256 of why.
    /// @param submission The submission's id.
    /// @param by Who challenged or upheld, and left the stake.
    /// @param arbitrator The ERC-792 arbitrator.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param isChallenge An acceptance is disputed, not a rejection.
    /// @param bond The stake, in units of the budget token.
    /// @param until A ruling is awaited before this moment, Unix seconds.
    /// @param statement sha2-256 of why.
    event DisputeOpened(
        uint32 indexed submission,
        address indexed by,
        address indexed arbitrator,
        uint256 disputeID,
        bool isChallenge,
        uint256 bond,
        uint256 until,
        bytes32 statement
    );
    /// @notice A contested or disputed submission ended.
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
    /// @notice A stake of {bondBps} of the reward is outside its bounds.
    /// @custom:right Choose {minBps} to {maxBps}.
    /// @param bondBps The stake as a share of the reward, in bps.
    /// @param minBps The smallest possible, in bps.
    /// @param maxBps The largest possible, in bps.
    error DisputeDeskBondOutOfBounds(uint256 bondBps, uint256 minBps, uint256 maxBps);
    /// @notice A least stake of {least} would keep people from disputing.
    /// @custom:right Choose at most {largest}.
    /// @param least The least stake that was named, in units of the budget token.
    /// @param largest The largest possible, in units of the budget token.
    error DisputeDeskLeastBondTooHigh(uint256 least, uint256 largest);
    /// @notice The arbitrator {arbitrator} is no contract.
    /// @custom:right Name a contract that is deployed, or none.
    /// @param arbitrator The account that was named.
    error DisputeDeskArbitratorIsNoContract(address arbitrator);
    /// @notice An arbitration of {arbitrationSeconds} is too short for the arbitrator.
    /// @custom:right Choose at least {minSeconds}: what it declares it needs, and a day.
    /// @param arbitrationSeconds How long a dispute might take, in seconds.
    /// @param minSeconds The shortest possible with this arbitrator, in seconds.
    error DisputeDeskArbitrationTooShort(uint256 arbitrationSeconds, uint256 minSeconds);
    /// @notice The arbitrator's extra data has {length} bytes.
    /// @custom:right Hand over at most {limit}.
    /// @param length The number of bytes that were named.
    /// @param limit The largest number possible.
    error DisputeDeskExtraDataTooLong(uint256 length, uint256 limit);
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

    /// @notice Challenges an acceptance, spoken or silent; for anyone, which opens a dispute.
    /// @dev The stake is taken by the escrow, which needs its allowance; exactly the arbitrator's cost is sent along.
    /// @param submission The submission's id.
    /// @param amount What is taken from the caller, in units of the budget token: what arrives has to be the stake at
    /// least, and is the campaign's gift (the pool's, once it has ended) beyond it.
    /// @param statement sha2-256 of why.
    /// @return disputeID The arbitrator's number of the dispute.
    function challenge(uint32 submission, uint256 amount, bytes32 statement)
        external
        payable
        returns (uint256 disputeID);

    /// @notice Contests a rejection; for its worker. Unless somebody upholds it within the answer window the work is
    /// paid.
    /// @dev The stake is taken by the escrow, which needs its allowance; no arbitrator is called yet.
    /// @param submission The submission's id.
    /// @param amount What is taken from the caller, in units of the budget token: what arrives has to be the stake at
    /// least, and is the campaign's gift (the pool's, once it has ended) beyond it.
    /// @param statement sha2-256 of why.
    function contest(uint32 submission, uint256 amount, bytes32 statement) external;

    /// @notice Upholds a contested rejection; for anyone, which opens a dispute.
    /// @dev The stake is taken by the escrow, which needs its allowance; exactly the arbitrator's cost is sent along.
    /// @param submission The submission's id.
    /// @param amount What is taken from the caller, in units of the budget token: what arrives has to be the stake at
    /// least, and is the campaign's gift (the pool's, once it has ended) beyond it.
    /// @param statement sha2-256 of why.
    /// @return disputeID The arbitrator's number of the dispute.
    function uphold(uint32 submission, uint256 amount, bytes32 statement)
        external
        payable
        returns (uint256 disputeID);

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

    /// @notice Ends a contested or disputed submission, and says who gets what.
    /// @dev Only the escrow calls this, when it pays or releases the submission.
    /// @param submission The submission's id.
    /// @param workerBond The worker's bond, in units of the budget token.
    /// @param feeLeft What is left of the fee of the lead whose verdict it is about, in units of the budget token.
    /// @return Who gets what, in units of the budget token.
    function settle(uint32 submission, uint256 workerBond, uint256 feeLeft) external returns (Settlement memory);

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The escrow this desk decides for.
    /// @return The escrow's address.
    function escrow() external view returns (address);
    /// @notice No window of any terms is shorter, in seconds; fixed at deployment.
    /// @return The shortest window possible, in seconds.
    function shortestWindow() external view returns (uint32);
    /// @notice No least stake of any terms is larger; fixed at deployment (a round's cap ÷ 1,000).
    /// @return The largest least stake possible, in units of the budget token.
    function largestLeastBond() external view returns (uint256);
    /// @notice The terms in force, which are also the count of all: ids count from 1.
    /// @return termsId Id of the terms in force.
    /// @return measures Their times and stakes, as in measuresOf: a number of packed numbers.
    function latestTerms() external view returns (uint16 termsId, uint256 measures);
    /// @notice Terms by id.
    /// @param termsId Id of the terms.
    /// @return The terms; units as in Terms.
    function termsOf(uint16 termsId) external view returns (Terms memory);
    /// @notice Times and stakes of terms in one word: the members of Measures, the first in the lowest bits.
    /// @param termsId Id of the terms.
    /// @return A number of packed numbers; 0 if there are no such terms.
    function measuresOf(uint16 termsId) external view returns (uint256);
    /// @notice How long the arbitrator of terms declared it needs, when they were set; 0 if it declared nothing.
    /// @param termsId Id of the terms.
    /// @return The time, in seconds.
    function rulingSecondsOf(uint16 termsId) external view returns (uint32);
    /// @notice A submission's dispute; empty if there is none.
    /// @param submission The submission's id.
    /// @return The dispute; amounts in units of the budget token.
    function disputeOf(uint32 submission) external view returns (DisputeCase memory);
    /// @notice Which submission an arbitrator's dispute is about; 0 if none.
    /// @param arbitrator The ERC-792 arbitrator.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @return The submission's id; 0 if none.
    function submissionOf(address arbitrator, uint256 disputeID) external view returns (uint32);
    /// @notice Whether a dispute is over, and how.
    /// @dev A pure function of stored facts, the clock, and what the arbitrator answers once its time is over. Not
    /// over is also what is only contested.
    /// @param submission The submission's id.
    /// @return isOver Whether the dispute is over.
    /// @return isPaid Whether the work is paid, if it is over.
    /// @return ruling The ruling's number, if it is over: 1 pays the work, 2 does not, 0 is none.
    function verdictOf(uint32 submission) external view returns (bool isOver, bool isPaid, uint8 ruling);
    /// @notice What challenging, contesting or upholding takes: the stake in budget tokens, and the arbitrator's cost
    /// in wei (not for contesting).
    /// @param submission The submission's id.
    /// @return bond The stake, in units of the budget token; 0 if nothing is at stake.
    /// @return costWei The arbitrator's cost, in wei.
    function priceOf(uint32 submission) external view returns (uint256 bond, uint256 costWei);
    /// @notice Whether a juror was paid for a dispute.
    /// @param submission The submission's id.
    /// @param juror Who judges.
    /// @return Whether the juror was paid.
    function isJurorPaid(uint32 submission, address juror) external view returns (bool);
}
