// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IEvidence} from "@kleros/erc-792/contracts/erc-1497/IEvidence.sol";

import {IDisputeParties} from "./IJury.sol";

/// @title IOutcomes
/// @notice Did it work? One number per campaign: how much of its goal was reached, reported by anyone with a bond,
/// challenged by anyone with as much, and ruled by the campaign's own arbitrator. Bonuses hang on it.
/// @dev Shares are in ppm, millionths. Amounts are in units of the budget token. Rulings: 1 the report stands, 2 it
/// falls, 0 (and any other) is no ruling, and it falls, too. What goes out is a credit first. Bound for ever to one
/// board, its escrow and the escrow's desk; nothing here reaches their money.
interface IOutcomes is IArbitrable, IEvidence, IDisputeParties {
    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice What is known of a campaign's goal.
    /// @param None No report is in force, and one can come.
    /// @param Pending A report waits for its end.
    /// @param Final A report stands, for ever.
    /// @param Void No report stood in time, for ever.
    enum State {
        None,
        Pending,
        Final,
        Void
    }

    /// @notice A campaign's reports.
    /// @dev One slot.
    /// @param lead Who led it when the first report was made; zero until then.
    /// @param latest Id of its latest report; 0 for none.
    /// @param fallen How many fell before the latest; it stays at 3.
    struct Goal {
        address lead;
        uint32 latest;
        uint8 fallen;
    }

    /// @notice A report.
    /// @dev Five slots: reporter, ppm, since, campaign · challenger, until, termsId, ruling, flags · bond, pot,
    /// settledAt · disputeID · potWhole, sharesTotal.
    /// @param reporter Who made it.
    /// @param ppm How much of the goal was reached, ppm.
    /// @param since When it was made, Unix seconds.
    /// @param campaign The campaign's id.
    /// @param challenger Who challenged it; zero for nobody.
    /// @param until A ruling is awaited before this moment, Unix seconds; 0 where it is unchallenged.
    /// @param termsId The campaign's terms.
    /// @param ruling What was recorded; 0 until then, and for no ruling.
    /// @param isRuled A ruling was recorded, be it "none".
    /// @param isSettled Its bonds were credited.
    /// @param bond What the reporter left, and the challenger too.
    /// @param pot What of the jurors' part is left for them.
    /// @param settledAt When it was settled, Unix seconds.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param potWhole The jurors' part.
    /// @param sharesTotal The sum of the jurors' shares at the settlement.
    struct Report {
        address reporter;
        uint24 ppm;
        uint32 since;
        uint32 campaign;
        address challenger;
        uint32 until;
        uint16 termsId;
        uint8 ruling;
        bool isRuled;
        bool isSettled;
        uint112 bond;
        uint112 pot;
        uint32 settledAt;
        uint256 disputeID;
        uint112 potWhole;
        uint128 sharesTotal;
    }

    /// @notice What an account can fetch.
    /// @param amount In units of the budget token.
    /// @param since When the latest of it was credited, Unix seconds.
    struct Owed {
        uint112 amount;
        uint32 since;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Somebody reported how much of a campaign's goal was reached.
    /// @param report The report's id, counted from 1.
    /// @param campaign The campaign's id.
    /// @param reporter Who made it.
    /// @param ppm How much of the goal was reached, ppm.
    /// @param bond What the reporter left, in units of the budget token.
    /// @param lead Who leads the campaign, or led it when its first report was made.
    /// @param evidence sha2-256 of what shows it.
    event OutcomeReported(
        uint32 indexed report,
        uint32 indexed campaign,
        address indexed reporter,
        uint24 ppm,
        uint256 bond,
        address lead,
        bytes32 evidence
    );
    /// @notice A report was challenged.
    /// @param report The report's id.
    /// @param challenger Who did, and left as much as the reporter.
    /// @param isAsked The arbitrator has the dispute; otherwise it could not be asked, and the report falls.
    /// @param disputeID The arbitrator's number of the dispute; 0 where it could not be asked.
    /// @param until A ruling is awaited before this moment, Unix seconds.
    /// @param statement sha2-256 of why.
    event OutcomeChallenged(
        uint32 indexed report,
        address indexed challenger,
        bool isAsked,
        uint256 disputeID,
        uint256 until,
        bytes32 statement
    );
    /// @notice A report's bonds were credited.
    /// @param report The report's id.
    /// @param stands Whether it stands.
    /// @param ruling The ruling's number: 1 it stands, 2 it falls, 0 is none.
    /// @param toReporter What the reporter gets, in units of the budget token.
    /// @param toChallenger What the challenger gets, in units of the budget token.
    /// @param toJurors Stays for the jurors, in units of the budget token.
    /// @param toTreasury Goes to the treasury, in units of the budget token.
    event OutcomeSettled(
        uint32 indexed report,
        bool stands,
        uint8 ruling,
        uint256 toReporter,
        uint256 toChallenger,
        uint256 toJurors,
        uint256 toTreasury
    );
    /// @notice A juror's share was credited.
    /// @param report The report's id.
    /// @param juror Whose it is.
    /// @param amount The share, in units of the budget token.
    event OutcomeJurorPaid(uint32 indexed report, address indexed juror, uint256 amount);
    /// @notice What jurors did not fetch for a year is the treasury's.
    /// @param report The report's id.
    /// @param amount What it is, in units of the budget token.
    event OutcomeJurorsExpired(uint32 indexed report, uint256 amount);
    /// @notice Somebody offered the lead a bonus, as much of it as of the goal will have been reached.
    /// @param campaign The campaign's id.
    /// @param giver Who offered it.
    /// @param amount What was offered now, in units of the budget token.
    event BonusOffered(uint32 indexed campaign, address indexed giver, uint256 amount);
    /// @notice A bonus was credited.
    /// @param campaign The campaign's id.
    /// @param giver Who offered it.
    /// @param lead Who gets its part; zero where there was never a report.
    /// @param toLead What the lead gets, in units of the budget token.
    /// @param toGiver What returns, in units of the budget token.
    event BonusSettled(
        uint32 indexed campaign, address indexed giver, address indexed lead, uint256 toLead, uint256 toGiver
    );
    /// @notice A credit was paid out.
    /// @param account Whose it was.
    /// @param to Where it was sent.
    /// @param amount What it was, in units of the budget token.
    event OutcomeCreditPaid(address indexed account, address to, uint256 amount);
    /// @notice A credit that nobody fetched for a year is the treasury's.
    /// @param account Whose it was.
    /// @param amount What it was, in units of the budget token.
    event OutcomeCreditExpired(address indexed account, uint256 amount);
    /// @notice What is the treasury's was sent there.
    /// @param amount What it was, in units of the budget token.
    event OutcomeTreasuryPaid(uint256 amount);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice An address of the outcomes is missing.
    /// @custom:right Name the board and the treasury.
    error OutcomesZeroAddress();
    /// @notice A document is missing.
    /// @custom:right Give its digest.
    error OutcomesNoDigest();
    /// @notice Campaign {campaign} comes from no idea of this board.
    /// @custom:right See `dmo campaign list`; campaigns of an earlier board have their outcomes there.
    /// @param campaign The campaign's id.
    error OutcomesOtherBoard(uint256 campaign);
    /// @notice The outcome of campaign {campaign} cannot be reported now.
    /// @custom:right It can from {from} on and before {until}.
    /// @param campaign The campaign's id.
    /// @param from When reports begin, Unix seconds.
    /// @param until When they have ended, Unix seconds.
    error OutcomesNotReportable(uint256 campaign, uint256 from, uint256 until);
    /// @notice {ppm} are more than the whole goal.
    /// @custom:right Report at most {limit}.
    /// @param ppm The share that was named, ppm.
    /// @param limit The largest share possible, ppm.
    error OutcomesMoreThanAll(uint256 ppm, uint256 limit);
    /// @notice Campaign {campaign} has report {report}, which is pending or stands.
    /// @custom:right One report is in force at a time; `dmo outcome show {campaign}` tells which.
    /// @param campaign The campaign's id.
    /// @param report The report's id.
    error OutcomesReportInForce(uint256 campaign, uint256 report);
    /// @notice Campaign {campaign} was funded under terms without an arbitrator.
    /// @custom:right Nobody could rule a challenge, so it has no outcome; later campaigns can have one.
    /// @param campaign The campaign's id.
    error OutcomesNoArbitrator(uint256 campaign);
    /// @notice There is no report {report}.
    /// @custom:right Reports count from 1.
    /// @param report The id that was named.
    error OutcomesUnknownReport(uint256 report);
    /// @notice Report {report} cannot be challenged now.
    /// @custom:right It could once, until {until}.
    /// @param report The report's id.
    /// @param until Until when it could be, Unix seconds.
    error OutcomesNotChallengeable(uint256 report, uint256 until);
    /// @notice {sent} were sent along for the arbitrator, which costs {cost}.
    /// @custom:right Send exactly that much; look the price up again.
    /// @param sent What was sent along, in wei.
    /// @param cost What the arbitrator costs, in wei.
    error OutcomesWrongCost(uint256 sent, uint256 cost);
    /// @notice {caller} arbitrates no dispute {disputeID}.
    /// @custom:right Only the arbitrator of the campaign's terms rules, under the number it gave.
    /// @param caller Who called.
    /// @param disputeID The arbitrator's number of the dispute.
    error OutcomesNotArbitrator(address caller, uint256 disputeID);
    /// @notice The dispute about report {report} is not open.
    /// @custom:right Evidence and rulings are taken from a challenge on, until {until} or the first ruling.
    /// @param report The report's id.
    /// @param until Until when it is open at the most, Unix seconds.
    error OutcomesNotOpen(uint256 report, uint256 until);
    /// @notice Report {report} is pending, until {until} at the most.
    /// @custom:right Settle it from then on, or once it is ruled.
    /// @param report The report's id.
    /// @param until When it is over at the latest, Unix seconds.
    error OutcomesIsPending(uint256 report, uint256 until);
    /// @notice There is nothing to do here: {amount} are due.
    /// @custom:right What was settled or paid already is not so twice.
    /// @param amount What is due, in units of the budget token.
    error OutcomesNothingDue(uint256 amount);
    /// @notice It can go to the treasury from {from} on.
    /// @custom:right Until then it is for whose it is.
    /// @param from When it can be moved, Unix seconds.
    error OutcomesAlive(uint256 from);
    /// @notice Of {amount} only {arrived} arrived.
    /// @custom:right The budget token takes a fee of transfers, which cannot be used here.
    /// @param arrived What arrived, in units of the budget token.
    /// @param amount What was to arrive, in units of the budget token.
    error OutcomesTooLittleArrived(uint256 arrived, uint256 amount);
    /// @notice No bonus can be offered for campaign {campaign} any more.
    /// @custom:right They are taken until its outcome can be reported, from {from} on.
    /// @param campaign The campaign's id.
    /// @param from When reports begin, Unix seconds.
    error OutcomesTooLateForBonus(uint256 campaign, uint256 from);
    /// @notice The outcome of campaign {campaign} is open.
    /// @custom:right Bonuses are settled once it is final or void.
    /// @param campaign The campaign's id.
    error OutcomesNotDecided(uint256 campaign);
    /// @notice What is sent to {to} would be lost.
    /// @custom:right Name another address.
    /// @param to The address that was named.
    error OutcomesBadPayee(address to);

    // ── actions: reports ────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Reports how much of a campaign's goal was reached; for anyone, with a bond.
    /// @dev The bond is taken from the caller, and needs the token's allowance.
    /// @param campaign The campaign's id.
    /// @param ppm How much of the goal was reached, ppm.
    /// @param evidence sha2-256 of what shows it.
    /// @return id The report's id.
    function report(uint32 campaign, uint24 ppm, bytes32 evidence) external returns (uint32 id);
    /// @notice Challenges a report; for anyone, with the same bond and exactly the arbitrator's cost in coin.
    /// @dev An arbitrator that cannot be asked lets the report fall; coin that it did not take returns.
    /// @param id The report's id.
    /// @param statement sha2-256 of why.
    /// @return disputeID The arbitrator's number of the dispute; 0 where it could not be asked.
    function challenge(uint32 id, bytes32 statement) external payable returns (uint256 disputeID);
    /// @notice Adds evidence to an open dispute; for anyone.
    /// @param id The report's id.
    /// @param evidence sha2-256 of the document.
    function submitEvidence(uint32 id, bytes32 evidence) external;
    /// @notice Credits the bonds of a report that is over; for anyone. Asks the arbitrator for its ruling, where it
    /// told how long it needs and nobody handed the ruling over.
    /// @param id The report's id.
    function settle(uint32 id) external;

    // ── actions: jurors, bonuses, credits ───────────────────────────────────────────────────────────────────────

    /// @notice Credits jurors their shares of a settled report; others of the list are passed over.
    /// @dev For anyone. Reverts when there is nobody to pay.
    /// @param id The report's id.
    /// @param jurors Who is paid.
    function payJurors(uint32 id, address[] calldata jurors) external;
    /// @notice Makes what jurors did not fetch for a year the treasury's.
    /// @dev For anyone.
    /// @param id The report's id.
    function expireJurors(uint32 id) external;
    /// @notice Offers the lead a bonus, as much of it as of the goal will have been reached; the rest returns.
    /// @dev It cannot be taken back. Needs the token's allowance.
    /// @param campaign The campaign's id.
    /// @param amount What is offered, in units of the budget token.
    function offerBonus(uint32 campaign, uint112 amount) external;
    /// @notice Credits a bonus whose outcome is decided; for anyone.
    /// @param campaign The campaign's id.
    /// @param giver Who offered it.
    function settleBonus(uint32 campaign, address giver) external;
    /// @notice Pays a credit to whose it is; for anyone.
    /// @param account Whose it is.
    function withdraw(address account) external;
    /// @notice Pays the caller's credit elsewhere.
    /// @param to Where it is sent.
    function withdrawTo(address to) external;
    /// @notice Makes a credit that nobody fetched for a year the treasury's; for anyone.
    /// @param account Whose it is.
    function expireCredit(address account) external;
    /// @notice Sends what is the treasury's there; for anyone.
    function sendToTreasury() external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The board whose ideas' goals are meant.
    /// @return The board's address.
    function board() external view returns (address);
    /// @notice Where forfeited money goes.
    /// @return The treasury's address.
    function treasury() external view returns (address);
    /// @notice How many reports there are; ids count from 1.
    /// @return The number of reports.
    function reports() external view returns (uint32);
    /// @notice What is known of a campaign's goal: a function of stored facts and the clock.
    /// @param campaign The campaign's id.
    /// @return state None, pending, final or void.
    /// @return ppm How much of the goal was reached, ppm; 0 where it is not final.
    /// @return lead Who gets the bonuses; zero before the first report.
    function outcomeOf(uint32 campaign) external view returns (State state, uint24 ppm, address lead);
    /// @notice When a campaign's outcome can be reported.
    /// @param campaign The campaign's id.
    /// @return from When reports begin, Unix seconds.
    /// @return until When they have ended, Unix seconds; it never changes.
    function windowOf(uint32 campaign) external view returns (uint256 from, uint256 until);
    /// @notice The bond that the next report of a campaign takes.
    /// @param campaign The campaign's id.
    /// @return The bond, in units of the budget token.
    function bondOf(uint32 campaign) external view returns (uint256);
    /// @notice A campaign's reports.
    /// @param campaign The campaign's id.
    /// @return The lead, the latest report, and how many fell.
    function goalOf(uint32 campaign) external view returns (Goal memory);
    /// @notice A report; empty if there is none.
    /// @param id The report's id.
    /// @return The report; amounts in units of the budget token.
    function reportById(uint32 id) external view returns (Report memory);
    /// @notice Which report an arbitrator's dispute is about; 0 if none.
    /// @param arbitrator The ERC-792 arbitrator.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @return The report's id.
    function reportOf(address arbitrator, uint256 disputeID) external view returns (uint32);
    /// @notice Whether a juror was paid for a report.
    /// @param id The report's id.
    /// @param juror Who judges.
    /// @return Whether the juror was.
    function isJurorPaid(uint32 id, address juror) external view returns (bool);
    /// @notice What is offered to a campaign's lead and not settled.
    /// @param campaign The campaign's id.
    /// @param giver Who offered it.
    /// @return What is offered, in units of the budget token.
    function bonusOf(uint32 campaign, address giver) external view returns (uint112);
    /// @notice What an account can fetch.
    /// @param account Whose it is.
    /// @return The credit.
    function owedOf(address account) external view returns (Owed memory);
    /// @notice What is the treasury's and was not sent yet.
    /// @return What it is, in units of the budget token.
    function toTreasury() external view returns (uint256);
}
