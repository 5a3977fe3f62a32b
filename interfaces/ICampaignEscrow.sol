// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IHaltable} from "./IHaltable.sol";

/// @title ICampaignEscrow
/// @notice Holds all money at work: the pool, campaigns, bounties, bonds and credits, in one budget token.
/// @dev States are computed from stored facts and the clock; windows are half-open (in time while now < end).
/// Amounts are in units of the budget token. Books, not balances: what arrives is measured, a donation changes
/// nothing. Two books are kept apart: budget money (received = paid + refunded + held) and bonds
/// (received = paid + held); what of a bond does not return to its owner moves from the second book to the first.
/// Terms and disputes are with the desk; what its settlements leave for jurors is held here until they fetch it.
/// Not supported: tokens that rebase. A token that takes a fee on transfer is booked at what arrived.
interface ICampaignEscrow is IHaltable {
    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice What never changes after deployment.
    /// @param budgetToken The one token of this escrow; at most 18 decimals.
    /// @param treasury Where withdrawn pool money goes.
    /// @param reputation Where points are awarded.
    /// @param desk Terms and disputes.
    /// @param haltSeconds How long a guardian's halt lasts, in seconds.
    struct Frame {
        address budgetToken;
        address treasury;
        address reputation;
        address desk;
        uint32 haltSeconds;
    }

    /// @notice A funded idea, as the board hands it over. Units as in IIdeaBoard.Idea.
    struct Seed {
        uint32 round;
        uint16 number;
        address lead;
        uint96 ask;
        uint16 feeBps;
        uint32 durationSeconds;
    }

    /// @notice A campaign.
    /// @dev Four slots, two of them written at funding: lead, endsAt, round, number, termsId · ask, votedUsed,
    /// feeBps, flag · giftFree, votedPaid, live · feeTaken, lessons. Times are Unix seconds in 32 bits, good until
    /// 2106.
    /// @param ask Voted money, fee included.
    /// @param votedUsed Voted money set aside in bounties, paid, or returned to the pool; the rest is free.
    /// @param feeBps The lead's fee as a share of the ask, in bps, rounded down.
    /// @param isFeeSettled The fee was set aside for the lessons, or went to the pool.
    /// @param giftFree Top-ups that are free for bounties.
    /// @param votedPaid Voted money paid for work, in the end for the lessons too; the fee is earned in proportion.
    /// @param live Submissions that are not done yet, lessons aside.
    /// @param feeTaken What lost disputes took of the fee.
    /// @param lessons Id of the submission that holds the lessons; 0 while they are not filed.
    struct Campaign {
        address lead;
        uint32 endsAt;
        uint32 round;
        uint16 number;
        uint16 termsId;
        uint112 ask;
        uint112 votedUsed;
        uint16 feeBps;
        bool isFeeSettled;
        uint112 giftFree;
        uint112 votedPaid;
        uint32 live;
        uint112 feeTaken;
        uint32 lessons;
    }

    /// @notice What a lead fills in to post a bounty.
    /// @param campaign The campaign that pays.
    /// @param reward Reward per slot.
    /// @param bond Bond a worker leaves with a submission, per slot; at most the reward.
    /// @param submitBy Deadline of submissions, Unix seconds, not after the campaign's end.
    /// @param slots How many submissions can be paid.
    /// @param isGift Paid from top-ups instead of voted money; earns no points.
    /// @param worker Only this account may submit; zero for anyone.
    /// @param brief sha2-256 of the brief.
    struct BountyParams {
        uint32 campaign;
        uint112 reward;
        uint112 bond;
        uint32 submitBy;
        uint16 slots;
        bool isGift;
        address worker;
        bytes32 brief;
    }

    /// @notice A bounty. Units as in BountyParams.
    /// @dev Three slots: reward, bond, campaign · worker, submitBy, slots, freeSlots, isGift · brief. A campaign's
    /// lessons have a bounty of their own, without a brief.
    /// @param freeSlots Slots without a submission; their money is set aside until the bounty is reclaimed.
    struct Bounty {
        uint112 reward;
        uint112 bond;
        uint32 campaign;
        address worker;
        uint32 submitBy;
        uint16 slots;
        uint16 freeSlots;
        bool isGift;
        bytes32 brief;
    }

    /// @notice Who gets which share of a submission's reward.
    /// @param shareBps In bps; the shares of a submission sum to 10,000. Amounts are cut by prefix sums, so that they
    /// add up to the reward.
    struct Payee {
        address account;
        uint16 shareBps;
    }

    /// @notice What has been recorded of a submission; its status follows from it and the clock.
    enum Stage {
        None,
        Submitted,
        Accepted,
        Rejected,
        Disputed,
        Done
    }

    /// @notice What a submission is now.
    /// @dev Time alone turns Review into Accepted (silence), Accepted into Payable, Rejected into Void, and ends
    /// Disputed.
    enum Status {
        None,
        Review,
        Accepted,
        Rejected,
        Disputed,
        Payable,
        Void,
        Done
    }

    /// @notice A submission.
    /// @dev Two slots: worker, bounty, since, stage, payees, isReworked · evidence.
    /// @param since When the stage was recorded, Unix seconds.
    /// @param payees How many payees were named; 0 means the worker.
    /// @param isReworked A rejected submission can be reworked once.
    /// @param evidence sha2-256 of the evidence (of the lessons).
    struct Submission {
        address worker;
        uint32 bounty;
        uint32 since;
        Stage stage;
        uint8 payees;
        bool isReworked;
        bytes32 evidence;
    }

    /// @notice What could not be delivered to an account and waits for it.
    /// @param amount What is owed.
    /// @param voted How much of it is voted money, which earns points when it is withdrawn.
    /// @param since When the account was last credited, Unix seconds; after a year it goes to the pool.
    struct Credit {
        uint112 amount;
        uint112 voted;
        uint32 since;
    }

    /// @notice The escrow's own totals: received = paid + refunded + held, bondsReceived = bondsPaid + bondsHeld.
    /// @dev Four slots, paired by what changes together: paid, held · received, refunded · pool, bondsReceived ·
    /// bondsPaid, bondsHeld.
    /// @param pool Free money of the pool, part of held.
    struct Books {
        uint128 paid;
        uint128 held;
        uint128 received;
        uint128 refunded;
        uint128 pool;
        uint128 bondsReceived;
        uint128 bondsPaid;
        uint128 bondsHeld;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Money arrived in the pool.
    /// @param from Who paid.
    /// @param amount What arrived, in units of the budget token.
    event PoolDeposited(address indexed from, uint256 amount);
    /// @notice Free pool money went back to the treasury.
    /// @param treasury Where it went.
    /// @param amount What was sent, in units of the budget token.
    event PoolWithdrawn(address indexed treasury, uint256 amount);
    /// @notice An idea was funded.
    /// @param campaign The campaign's id.
    /// @param round Number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param lead Who leads the campaign.
    /// @param ask Voted money, fee included, in units of the budget token.
    /// @param feeBps The lead's fee as a share of the ask, in bps.
    /// @param endsAt When the campaign ends, Unix seconds.
    /// @param termsId Id of the terms that hold for it.
    event CampaignFunded(
        uint32 indexed campaign,
        uint32 indexed round,
        uint16 indexed number,
        address lead,
        uint96 ask,
        uint16 feeBps,
        uint32 endsAt,
        uint16 termsId
    );
    /// @notice A gift arrived in a campaign.
    /// @param campaign The campaign's id.
    /// @param from Who gave.
    /// @param amount What arrived, in units of the budget token.
    event CampaignToppedUp(uint32 indexed campaign, address indexed from, uint256 amount);
    /// @notice A campaign's end was moved.
    /// @param campaign The campaign's id.
    /// @param endsAt The new end, Unix seconds.
    event CampaignEndMoved(uint32 indexed campaign, uint32 endsAt);
    /// @notice A campaign has a new lead.
    /// @param campaign The campaign's id.
    /// @param lead The new lead.
    event LeadReplaced(uint32 indexed campaign, address indexed lead);
    /// @notice The lead filed the campaign's lessons.
    /// @param campaign The campaign's id.
    /// @param submission Id of the submission that holds the lessons.
    /// @param lead Who leads the campaign.
    /// @param lessons sha2-256 of the lessons.
    event LessonsFiled(uint32 indexed campaign, uint32 indexed submission, address indexed lead, bytes32 lessons);
    /// @notice The lead's fee was settled: `earned` is the reward of the lessons, `toPool` went to the pool.
    /// @param campaign The campaign's id.
    /// @param lead Who leads the campaign.
    /// @param earned The reward of the lessons, in units of the budget token.
    /// @param toPool What went to the pool, in units of the budget token.
    event FeeSettled(uint32 indexed campaign, address indexed lead, uint256 earned, uint256 toPool);
    /// @notice What was free in an ended campaign went to the pool.
    /// @param campaign The campaign's id.
    /// @param voted Voted money that went to the pool, in units of the budget token.
    /// @param gift Top-ups that went to the pool, in units of the budget token.
    event CampaignSwept(uint32 indexed campaign, uint256 voted, uint256 gift);
    /// @notice A bounty was posted, its money set aside.
    /// @param bounty The bounty's id.
    /// @param campaign The campaign's id.
    /// @param facts The bounty as stored; units as in BountyParams.
    event BountyPosted(uint32 indexed bounty, uint32 indexed campaign, Bounty facts);
    /// @notice A bounty's deadline was moved forward.
    /// @param bounty The bounty's id.
    /// @param submitBy The new deadline, Unix seconds.
    event BountyCancelled(uint32 indexed bounty, uint32 submitBy);
    /// @notice Money of free slots went back after the deadline.
    /// @param bounty The bounty's id.
    /// @param slots How many slots were free.
    /// @param amount What became free, in units of the budget token.
    event BountyReclaimed(uint32 indexed bounty, uint16 slots, uint256 amount);
    /// @notice Work was submitted; no payees means the worker.
    /// @param submission The submission's id.
    /// @param bounty The bounty's id.
    /// @param worker Who did the work.
    /// @param evidence sha2-256 of the evidence.
    /// @param payees Who is paid which share (in bps); none means the worker.
    event WorkSubmitted(
        uint32 indexed submission, uint32 indexed bounty, address indexed worker, bytes32 evidence, Payee[] payees
    );
    /// @notice A rejected submission was reworked.
    /// @param submission The submission's id.
    /// @param evidence sha2-256 of the new evidence.
    event WorkReworked(uint32 indexed submission, bytes32 evidence);
    /// @notice The worker withdrew the submission; the bond went to the pool.
    /// @param submission The submission's id.
    event WorkWithdrawn(uint32 indexed submission);
    /// @notice The lead accepted exactly this evidence.
    /// @param submission The submission's id.
    /// @param lead Who accepted.
    /// @param evidence sha2-256 of the evidence.
    event WorkAccepted(uint32 indexed submission, address indexed lead, bytes32 evidence);
    /// @notice The lead rejected exactly this evidence; `reason` is the sha2-256 of the reason.
    /// @param submission The submission's id.
    /// @param lead Who rejected.
    /// @param evidence sha2-256 of the evidence.
    /// @param reason sha2-256 of the reason.
    event WorkRejected(uint32 indexed submission, address indexed lead, bytes32 evidence, bytes32 reason);
    /// @notice A submission was paid and is done.
    /// @param submission The submission's id.
    /// @param campaign The campaign's id.
    /// @param reward Reward of the slot, in units of the budget token.
    event WorkPaid(uint32 indexed submission, uint32 indexed campaign, uint256 reward);
    /// @notice A submission ended unpaid and is done. Its bond went to the pool, but for a rejection without ruling.
    /// @param submission The submission's id.
    /// @param campaign The campaign's id.
    /// @param reward Reward of the slot, in units of the budget token.
    event WorkReleased(uint32 indexed submission, uint32 indexed campaign, uint256 reward);
    /// @notice One payment of budget money: a share of a reward (of the lessons', the fee), or what a dispute brought
    /// its opener, the worker or a juror.
    /// @param campaign The campaign's id.
    /// @param submission The submission's id.
    /// @param payee Who is paid.
    /// @param amount What was sent, in units of the budget token.
    event PayeePaid(uint32 indexed campaign, uint32 indexed submission, address indexed payee, uint256 amount);
    /// @notice A payment that the payee could not take became a credit.
    /// @param campaign The campaign's id.
    /// @param submission The submission's id.
    /// @param payee Who is paid.
    /// @param amount What was added to the credit, in units of the budget token.
    event PayeeCredited(uint32 indexed campaign, uint32 indexed submission, address indexed payee, uint256 amount);
    /// @notice A worker left a bond with a submission, or somebody one with its dispute.
    /// @param submission The submission's id.
    /// @param from Who left it.
    /// @param amount What arrived, in units of the budget token.
    event BondReceived(uint32 indexed submission, address indexed from, uint256 amount);
    /// @notice A bond was returned.
    /// @param submission The submission's id.
    /// @param to Who gets it.
    /// @param amount What was sent, in units of the budget token.
    event BondPaid(uint32 indexed submission, address indexed to, uint256 amount);
    /// @notice A bond went to the pool.
    /// @param submission The submission's id.
    /// @param amount What went to the pool, in units of the budget token.
    event BondForfeited(uint32 indexed submission, uint256 amount);
    /// @notice A bond could not be returned and became a credit.
    /// @param submission The submission's id.
    /// @param to Whose credit it became.
    /// @param amount What was added to the credit, in units of the budget token.
    event BondCredited(uint32 indexed submission, address indexed to, uint256 amount);
    /// @notice A credit was withdrawn to an address of its owner's choice.
    /// @param account Whose credit it was.
    /// @param to Who gets it.
    /// @param amount What was sent, in units of the budget token.
    event CreditWithdrawn(address indexed account, address indexed to, uint256 amount);
    /// @notice A credit was unclaimed for a year and went to the pool.
    /// @param account Whose credit it was.
    /// @param amount What went to the pool, in units of the budget token.
    event CreditExpired(address indexed account, uint256 amount);
    /// @notice The award of points failed; payment went on.
    /// @param account Who earned them.
    /// @param pointsWad Points that were not awarded, WAD.
    event AwardFailed(address indexed account, uint256 pointsWad);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The budget token has {decimals} decimals.
    /// @custom:right Use a token with at most {limit}.
    /// @param decimals The budget token's number of decimals.
    /// @param limit The largest number of decimals possible.
    error CampaignEscrowTooManyDecimals(uint256 decimals, uint256 limit);
    /// @notice The escrow would hold {custody}, more than its books can.
    /// @custom:right Pay in less; its limit is {limit}.
    /// @param custody What the escrow would hold in all, in units of the budget token.
    /// @param limit What its books can hold, in units of the budget token.
    error CampaignEscrowTooMuch(uint256 custody, uint256 limit);
    /// @notice Of the bond of {bond} only {arrived} arrived.
    /// @custom:right A token that takes a fee on transfer cannot be left as a bond.
    /// @param arrived What came in, in units of the budget token: the token takes a fee on transfer.
    /// @param bond What was owed, in units of the budget token.
    error CampaignEscrowBondShort(uint256 arrived, uint256 bond);
    /// @notice A fee of {feeBps} is too high.
    /// @custom:right Take at most {maxBps}.
    /// @param feeBps The lead's fee as a share of the ask, in bps.
    /// @param maxBps The largest possible, in bps.
    error CampaignEscrowFeeTooHigh(uint256 feeBps, uint256 maxBps);
    /// @notice An address of the escrow is missing.
    /// @custom:right Give every address.
    error CampaignEscrowZeroAddress();
    /// @notice The amount is zero.
    /// @custom:right Give a positive amount.
    error CampaignEscrowZeroAmount();
    /// @notice {asked} were asked for, {free} are free.
    /// @custom:right Take at most {free}.
    /// @param asked What was asked for, in units of the budget token.
    /// @param free What is free, in units of the budget token.
    error CampaignEscrowNotEnough(uint256 asked, uint256 free);
    /// @notice There is no campaign {campaign}.
    /// @custom:right Look at them with `dmo campaign list`.
    /// @param campaign The campaign's id.
    error CampaignEscrowUnknownCampaign(uint256 campaign);
    /// @notice Campaign {campaign} ended at {endsAt}.
    /// @custom:right Choose one that still runs.
    /// @param campaign The campaign's id.
    /// @param endsAt When it ended, Unix seconds.
    error CampaignEscrowEnded(uint256 campaign, uint256 endsAt);
    /// @notice Campaign {campaign} still runs.
    /// @custom:right Do this from {endsAt} on, when it has ended.
    /// @param campaign The campaign's id.
    /// @param endsAt When it ends, Unix seconds.
    error CampaignEscrowNotEnded(uint256 campaign, uint256 endsAt);
    /// @notice {account} does not lead this campaign.
    /// @custom:right Its lead is {lead}.
    /// @param account Who called.
    /// @param lead Who leads the campaign.
    error CampaignEscrowNotLead(address account, address lead);
    /// @notice {account} does not lead this campaign.
    /// @custom:right Only its lead {lead} or governance can do this.
    /// @param account Who called.
    /// @param lead Who leads the campaign.
    error CampaignEscrowNotLeadNorGovernance(address account, address lead);
    /// @notice {account} cannot lead a campaign.
    /// @custom:right Name an account of a person or team.
    /// @param account Who was named.
    error CampaignEscrowBadLead(address account);
    /// @notice The campaign cannot be made to end at {endsAt}.
    /// @custom:right Choose a moment from {min} to {max}.
    /// @param endsAt The end that was named, Unix seconds.
    /// @param min One notice from now, Unix seconds.
    /// @param max The end as it is, Unix seconds.
    error CampaignEscrowEndOutOfBounds(uint256 endsAt, uint256 min, uint256 max);
    /// @notice Campaign {campaign} takes no lessons now.
    /// @custom:right It takes them from {from} until {until}.
    /// @param campaign The campaign's id.
    /// @param from Lessons are taken from this moment on, Unix seconds.
    /// @param until Lessons are taken before this moment, Unix seconds.
    error CampaignEscrowNoLessonsNow(uint256 campaign, uint256 from, uint256 until);
    /// @notice Campaign {campaign} has {live} submissions that are not done.
    /// @custom:right Pay or release them first; lessons come last.
    /// @param campaign The campaign's id.
    /// @param live How many submissions are not done.
    error CampaignEscrowLiveWork(uint256 campaign, uint256 live);
    /// @notice Nothing of campaign {campaign} can be closed now.
    /// @custom:right Look with `dmo campaign show` when something will be.
    /// @param campaign The campaign's id.
    error CampaignEscrowNothingToClose(uint256 campaign);
    /// @notice The lessons of campaign {campaign} have been filed.
    /// @custom:right They are filed once.
    /// @param campaign The campaign's id.
    error CampaignEscrowLessonsFiled(uint256 campaign);
    /// @notice A document is missing.
    /// @custom:right Give its digest.
    error CampaignEscrowNoDigest();
    /// @notice There is no bounty {bounty}.
    /// @custom:right Look at them with `dmo bounty list`.
    /// @param bounty The bounty's id.
    error CampaignEscrowUnknownBounty(uint256 bounty);
    /// @notice A bounty with {slots} slots is not possible.
    /// @custom:right Choose 1 to {limit}.
    /// @param slots The number of slots asked for.
    /// @param limit The largest number possible.
    error CampaignEscrowBadSlots(uint256 slots, uint256 limit);
    /// @notice A worker's bond of {bond} is more than the reward.
    /// @custom:right Ask for at most {reward}.
    /// @param bond The worker's bond, in units of the budget token.
    /// @param reward Reward of the slot, in units of the budget token.
    error CampaignEscrowBondAboveReward(uint256 bond, uint256 reward);
    /// @notice Submissions cannot be taken until {submitBy}.
    /// @custom:right Choose a moment after {nowSeconds} and not after {max}.
    /// @param submitBy The deadline that was named, Unix seconds.
    /// @param nowSeconds The time of the block, Unix seconds.
    /// @param max The campaign's end, Unix seconds.
    error CampaignEscrowDeadlineOutOfBounds(uint256 submitBy, uint256 nowSeconds, uint256 max);
    /// @notice Bounty {bounty} took submissions until {submitBy}.
    /// @custom:right Choose one that is open.
    /// @param bounty The bounty's id.
    /// @param submitBy Until when submissions are taken, Unix seconds.
    error CampaignEscrowBountyClosed(uint256 bounty, uint256 submitBy);
    /// @notice Bounty {bounty} still takes submissions.
    /// @custom:right Free slots can be reclaimed from {submitBy} on.
    /// @param bounty The bounty's id.
    /// @param submitBy Until when submissions are taken, Unix seconds.
    error CampaignEscrowBountyOpen(uint256 bounty, uint256 submitBy);
    /// @notice Bounty {bounty} has no free slot.
    /// @custom:right Choose one that has.
    /// @param bounty The bounty's id.
    error CampaignEscrowNoFreeSlot(uint256 bounty);
    /// @notice The bounty is not for {account}.
    /// @custom:right It is for {worker} alone.
    /// @param account Who called.
    /// @param worker Who alone may submit.
    error CampaignEscrowNotNamedWorker(address account, address worker);
    /// @notice The lead {lead} cannot be paid for work in the own campaign.
    /// @custom:right Let somebody else do and be paid for it.
    /// @param lead The lead, who can be neither worker nor payee.
    error CampaignEscrowLeadIsPayee(address lead);
    /// @notice {account} cannot be a payee.
    /// @custom:right Name an account that is neither zero, the escrow nor the token.
    /// @param account Who was named.
    error CampaignEscrowBadPayee(address account);
    /// @notice There are {count} payees.
    /// @custom:right Name at most {limit}.
    /// @param count How many payees were named.
    /// @param limit How many can be.
    error CampaignEscrowTooManyPayees(uint256 count, uint256 limit);
    /// @notice The shares sum to {sumBps}.
    /// @custom:right Let them be positive and sum to {expected}.
    /// @param sumBps What the shares sum to, in bps.
    /// @param expected What they have to sum to, in bps.
    error CampaignEscrowBadShares(uint256 sumBps, uint256 expected);
    /// @notice There is no submission {submission}.
    /// @custom:right Look at the bounty's with `dmo bounty show`.
    /// @param submission The submission's id.
    error CampaignEscrowUnknownSubmission(uint256 submission);
    /// @notice {account} did not submit this work.
    /// @custom:right Only its worker {worker} can do this.
    /// @param account Who called.
    /// @param worker Who did the work.
    error CampaignEscrowNotWorker(address account, address worker);
    /// @notice Submission {submission} is {status} now.
    /// @custom:right See with `dmo work show {submission}` what can be done with it, and until when.
    /// @param submission The submission's id.
    /// @param status What the submission is now.
    error CampaignEscrowWrongStatus(uint256 submission, Status status);
    /// @notice The submission holds other evidence ({stored}) than was shown ({given}).
    /// @custom:right Look at the evidence as it is now, then judge.
    /// @param given sha2-256 of the evidence that was shown.
    /// @param stored sha2-256 of the evidence as it is.
    error CampaignEscrowOtherEvidence(bytes32 given, bytes32 stored);
    /// @notice Submission {submission} has been reworked before.
    /// @custom:right Work can be reworked once; it can still be withdrawn.
    /// @param submission The submission's id.
    error CampaignEscrowReworked(uint256 submission);
    /// @notice Nothing is due: submission {submission} is {status}.
    /// @custom:right See with `dmo due` what can be paid or released now.
    /// @param submission Id of the first submission of the list.
    /// @param status What that submission is now.
    error CampaignEscrowNothingDue(uint256 submission, Status status);
    /// @notice The transaction had {gasLeft} left, a payment needs {needed}.
    /// @custom:right Send it with more gas, or with fewer payments.
    /// @param gasLeft What was left, in gas.
    /// @param needed What a payment needs to be tried fairly, in gas.
    error CampaignEscrowNotEnoughGas(uint256 gasLeft, uint256 needed);
    /// @notice {caller} may not call this.
    /// @custom:right Only the escrow itself does; use `dmo work pay`.
    /// @param caller Who called.
    error CampaignEscrowNotSelf(address caller);
    /// @notice {caller} may not call this.
    /// @custom:right Only the dispute desk does; use `dmo dispute`.
    /// @param caller Who called.
    error CampaignEscrowNotDesk(address caller);
    /// @notice {account} has no credit.
    /// @custom:right Everything owed to it was paid, or nothing was.
    /// @param account Who has none.
    error CampaignEscrowNoCredit(address account);
    /// @notice The credit of {account} belongs to it.
    /// @custom:right It can go to the pool from {from} on.
    /// @param account Whose credit it is.
    /// @param from When it can be moved to the pool, Unix seconds.
    error CampaignEscrowCreditAlive(address account, uint256 from);

    // ── the pool ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Pays budget tokens into the pool; what arrives is booked.
    /// @param amount What is taken from the caller, in units of the budget token.
    function deposit(uint256 amount) external;

    /// @notice Sends free pool money back to the treasury.
    /// @dev Restricted to governance.
    /// @param amount What is sent, in units of the budget token.
    function withdrawPool(uint256 amount) external;

    // ── campaigns ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Opens a campaign per seed with money of the pool.
    /// @dev Restricted to boards (role FUNDER).
    /// @param seeds The ideas; units as in IIdeaBoard.Idea.
    /// @return firstCampaign Id of the first campaign; the others follow.
    function fund(Seed[] calldata seeds) external returns (uint32 firstCampaign);

    /// @notice Gives money to a campaign. It earns no points, and what is left of it goes to the pool.
    /// @param campaign The campaign's id.
    /// @param amount What is taken from the caller, in units of the budget token.
    function topUp(uint32 campaign, uint256 amount) external;

    /// @notice Moves a campaign's end forward, to no sooner than one notice from now.
    /// @dev For the lead and for governance.
    /// @param campaign The campaign's id.
    /// @param endsAt The new end, Unix seconds.
    function endEarly(uint32 campaign, uint32 endsAt) external;

    /// @notice Gives a campaign another lead; live work and money are untouched.
    /// @dev Restricted to governance.
    /// @param campaign The campaign's id.
    /// @param newLead Who leads from now on.
    function replaceLead(uint32 campaign, address newLead) external;

    /// @notice Files the campaign's lessons, its last submission, once it has ended and all work is done.
    /// @dev From the campaign's end, for the longest life of a submission and one review window. The lessons get a
    /// bounty of their own, whose reward is what is earned of the fee, and are born accepted; from there on they are a
    /// submission like any other. The rest of the fee goes to the pool.
    /// @param campaign The campaign's id.
    /// @param lessons sha2-256 of the lessons.
    /// @return submission Id of the submission that holds the lessons.
    function fileLessons(uint32 campaign, bytes32 lessons) external returns (uint32 submission);

    /// @notice Closes what can be closed of an ended campaign: free money to the pool; the fee too, when no lessons
    /// were filed in time.
    /// @dev For anyone; may be called again while something is left, reverts when nothing is.
    /// @param campaign The campaign's id.
    function closeCampaign(uint32 campaign) external;

    // ── bounties ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Posts a bounty and sets its money aside.
    /// @param params What the bounty says; units as in BountyParams.
    /// @return bounty The bounty's id.
    function postBounty(BountyParams calldata params) external returns (uint32 bounty);

    /// @notice Moves a bounty's deadline forward, to one notice from now.
    /// @param bounty The bounty's id.
    function cancelBounty(uint32 bounty) external;

    /// @notice Sets money of free slots free after the deadline (to the campaign, or the pool once it has ended).
    /// @dev For anyone.
    /// @param bounty The bounty's id.
    function reclaimBounty(uint32 bounty) external;

    // ── work ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Submits work with its evidence, and leaves the bond.
    /// @param bounty The bounty's id.
    /// @param evidence sha2-256 of the evidence.
    /// @param payees Who is paid instead of the worker; empty for the worker alone.
    /// @return submission The submission's id.
    function submitWork(uint32 bounty, bytes32 evidence, Payee[] calldata payees)
        external
        returns (uint32 submission);

    /// @notice Answers a rejection with better evidence; once.
    /// @param submission The submission's id.
    /// @param evidence sha2-256 of the new evidence.
    function reworkWork(uint32 submission, bytes32 evidence) external;

    /// @notice Withdraws one's submission while it is in review or rejected; the bond goes to the pool.
    /// @param submission The submission's id.
    function withdrawWork(uint32 submission) external;

    /// @notice Accepts exactly this evidence.
    /// @param submission The submission's id.
    /// @param evidence sha2-256 of the evidence that was looked at.
    function acceptWork(uint32 submission, bytes32 evidence) external;

    /// @notice Rejects exactly this evidence, with a reason.
    /// @param submission The submission's id.
    /// @param evidence sha2-256 of the evidence that was looked at.
    /// @param reason sha2-256 of the reason.
    function rejectWork(uint32 submission, bytes32 evidence, bytes32 reason) external;

    /// @notice Pays all payable submissions of the list; others are passed over.
    /// @dev For anyone. Reverts when none is payable.
    /// @param submissions Ids of submissions.
    function payWork(uint32[] calldata submissions) external;

    /// @notice Releases all void submissions of the list; others are passed over.
    /// @dev For anyone. Reverts when none is void.
    /// @param submissions Ids of submissions.
    function releaseWork(uint32[] calldata submissions) external;

    // ── disputes, for the desk ──────────────────────────────────────────────────────────────────────────────────

    /// @notice Marks a submission as disputed and takes the bond from the opener.
    /// @dev Only the desk calls this. A rejection is disputed by its worker, an acceptance by anyone.
    /// @param submission The submission's id.
    /// @param opener Who opens the dispute, and leaves its bond.
    /// @param bond What is taken from the opener, in units of the budget token.
    /// @return isChallenge An acceptance is disputed, not a rejection.
    function beginDispute(uint32 submission, address opener, uint256 bond) external returns (bool isChallenge);

    /// @notice Pays a juror of a settled dispute.
    /// @dev Only the desk calls this, out of what its settlement left for jurors.
    /// @param submission The submission's id.
    /// @param juror Who is paid.
    /// @param amount The juror's share, in units of the budget token.
    function payJuror(uint32 submission, address juror, uint256 amount) external;

    /// @notice Moves to the pool what jurors did not fetch.
    /// @dev Only the desk calls this, out of what its settlement left for jurors.
    /// @param amount What goes to the pool, in units of the budget token.
    function poolJurors(uint256 amount) external;

    // ── credits ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Withdraws one's credit to any address.
    /// @param to Who gets it.
    function withdrawCredit(address to) external;

    /// @notice Moves a credit to the pool that nobody claimed for a year.
    /// @dev For anyone.
    /// @param account Whose credit it is.
    function expireCredit(address account) external;

    /// @notice Sends budget tokens; only the escrow calls this, with a gas limit, so that one bad payee stops nobody.
    /// @param to Who gets it.
    /// @param amount What is sent, in units of the budget token.
    function deliver(address to, uint256 amount) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The one token of this escrow.
    /// @return The token's address.
    function budgetToken() external view returns (address);
    /// @notice Where withdrawn pool money goes.
    /// @return The treasury's address.
    function treasury() external view returns (address);
    /// @notice Where points are awarded.
    /// @return The contract's address.
    function reputation() external view returns (address);
    /// @notice Terms and disputes.
    /// @return The desk's address.
    function desk() external view returns (address);
    /// @notice The escrow's totals.
    /// @return The totals, in units of the budget token.
    function books() external view returns (Books memory);
    /// @notice Free money of the pool.
    /// @return What is free, in units of the budget token.
    function poolFree() external view returns (uint256);
    /// @notice How many campaigns, bounties and submissions there are; ids count from 1.
    /// @return campaigns The number of campaigns.
    /// @return bounties The number of bounties.
    /// @return submissions The number of submissions.
    function counts() external view returns (uint32 campaigns, uint32 bounties, uint32 submissions);
    /// @notice A campaign's facts.
    /// @param campaign The campaign's id.
    /// @return The facts; units as in Campaign.
    function campaignOf(uint32 campaign) external view returns (Campaign memory);
    /// @notice A bounty's facts.
    /// @param bounty The bounty's id.
    /// @return The facts; units as in BountyParams.
    function bountyOf(uint32 bounty) external view returns (Bounty memory);
    /// @notice A submission's facts.
    /// @param submission The submission's id.
    /// @return The facts; units as in Submission.
    function submissionOf(uint32 submission) external view returns (Submission memory);
    /// @notice The payees of a submission; none means the worker.
    /// @param submission The submission's id.
    /// @return The payees; shares in bps.
    function payeesOf(uint32 submission) external view returns (Payee[] memory);
    /// @notice What a submission is now.
    /// @param submission The submission's id.
    /// @return The status, as of now.
    function statusOf(uint32 submission) external view returns (Status);
    /// @notice What is owed to an account.
    /// @param account Whose credit it is.
    /// @return The credit; amounts in units of the budget token.
    function creditOf(address account) external view returns (Credit memory);
}
