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
    event PoolDeposited(address indexed from, uint256 amount);
    /// @notice Free pool money went back to the treasury.
    event PoolWithdrawn(address indexed treasury, uint256 amount);
    /// @notice An idea was funded.
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
    event CampaignToppedUp(uint32 indexed campaign, address indexed from, uint256 amount);
    /// @notice A campaign's end was moved.
    event CampaignEndMoved(uint32 indexed campaign, uint32 endsAt);
    /// @notice A campaign has a new lead.
    event LeadReplaced(uint32 indexed campaign, address indexed lead);
    /// @notice The lead filed the campaign's lessons.
    event LessonsFiled(uint32 indexed campaign, uint32 indexed submission, address indexed lead, bytes32 lessons);
    /// @notice The lead's fee was settled: `earned` is the reward of the lessons, `toPool` went to the pool.
    event FeeSettled(uint32 indexed campaign, address indexed lead, uint256 earned, uint256 toPool);
    /// @notice What was free in an ended campaign went to the pool.
    event CampaignSwept(uint32 indexed campaign, uint256 voted, uint256 gift);
    /// @notice A bounty was posted, its money set aside.
    event BountyPosted(uint32 indexed bounty, uint32 indexed campaign, Bounty facts);
    /// @notice A bounty's deadline was moved forward.
    event BountyCancelled(uint32 indexed bounty, uint32 submitBy);
    /// @notice Money of free slots went back after the deadline.
    event BountyReclaimed(uint32 indexed bounty, uint16 slots, uint256 amount);
    /// @notice Work was submitted; no payees means the worker.
    event WorkSubmitted(
        uint32 indexed submission, uint32 indexed bounty, address indexed worker, bytes32 evidence, Payee[] payees
    );
    /// @notice A rejected submission was reworked.
    event WorkReworked(uint32 indexed submission, bytes32 evidence);
    /// @notice The worker withdrew the submission; the bond went to the pool.
    event WorkWithdrawn(uint32 indexed submission);
    /// @notice The lead accepted exactly this evidence.
    event WorkAccepted(uint32 indexed submission, address indexed lead, bytes32 evidence);
    /// @notice The lead rejected exactly this evidence; `reason` is the sha2-256 of the reason.
    event WorkRejected(uint32 indexed submission, address indexed lead, bytes32 evidence, bytes32 reason);
    /// @notice A submission was paid and is done.
    event WorkPaid(uint32 indexed submission, uint32 indexed campaign, uint256 reward);
    /// @notice A submission ended unpaid and is done. Its bond went to the pool, but for a rejection without ruling.
    event WorkReleased(uint32 indexed submission, uint32 indexed campaign, uint256 reward);
    /// @notice One payment of budget money: a share of a reward (of the lessons', the fee), or what a dispute brought
    /// its opener, the worker or a juror.
    event PayeePaid(uint32 indexed campaign, uint32 indexed submission, address indexed payee, uint256 amount);
    /// @notice A payment that the payee could not take became a credit.
    event PayeeCredited(uint32 indexed campaign, uint32 indexed submission, address indexed payee, uint256 amount);
    /// @notice A worker left a bond with a submission, or somebody one with its dispute.
    event BondReceived(uint32 indexed submission, address indexed from, uint256 amount);
    /// @notice A bond was returned.
    event BondPaid(uint32 indexed submission, address indexed to, uint256 amount);
    /// @notice A bond went to the pool.
    event BondForfeited(uint32 indexed submission, uint256 amount);
    /// @notice A bond could not be returned and became a credit.
    event BondCredited(uint32 indexed submission, address indexed to, uint256 amount);
    /// @notice A credit was withdrawn to an address of its owner's choice.
    event CreditWithdrawn(address indexed account, address indexed to, uint256 amount);
    /// @notice A credit was unclaimed for a year and went to the pool.
    event CreditExpired(address indexed account, uint256 amount);
    /// @notice The award of points failed; payment went on.
    event AwardFailed(address indexed account, uint256 pointsWad);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The budget token has more decimals than points have (18).
    error CampaignEscrowTooManyDecimals(uint256 decimals, uint256 limit);
    /// @notice The escrow's whole custody, `custody`, would not fit its books (`limit`).
    error CampaignEscrowTooMuch(uint256 custody, uint256 limit);
    /// @notice Of a worker's bond only `arrived` came in: the token takes a fee on transfer.
    error CampaignEscrowBondShort(uint256 arrived, uint256 bond);
    /// @notice The lead's fee is above the limit (bps).
    error CampaignEscrowFeeTooHigh(uint256 feeBps, uint256 maxBps);
    /// @notice An address of the constructor is zero.
    error CampaignEscrowZeroAddress();
    /// @notice An amount is zero.
    error CampaignEscrowZeroAmount();
    /// @notice More was asked for than is free.
    error CampaignEscrowNotEnough(uint256 asked, uint256 free);
    /// @notice There is no such campaign.
    error CampaignEscrowUnknownCampaign(uint256 campaign);
    /// @notice The campaign ended at `endsAt` (Unix seconds).
    error CampaignEscrowEnded(uint256 campaign, uint256 endsAt);
    /// @notice The campaign ends only at `endsAt` (Unix seconds).
    error CampaignEscrowNotEnded(uint256 campaign, uint256 endsAt);
    /// @notice Only the campaign's lead may do this.
    error CampaignEscrowNotLead(address account, address lead);
    /// @notice Only the campaign's lead or governance may do this.
    error CampaignEscrowNotLeadNorGovernance(address account, address lead);
    /// @notice The account cannot be lead.
    error CampaignEscrowBadLead(address account);
    /// @notice A new end must lie in notice .. old end (Unix seconds).
    error CampaignEscrowEndOutOfBounds(uint256 endsAt, uint256 min, uint256 max);
    /// @notice Lessons are taken while from <= now < until (Unix seconds), once.
    error CampaignEscrowNoLessonsNow(uint256 campaign, uint256 from, uint256 until);
    /// @notice Lessons come last: `live` submissions have to be paid or released first.
    error CampaignEscrowLiveWork(uint256 campaign, uint256 live);
    /// @notice Nothing of the campaign can be closed now.
    error CampaignEscrowNothingToClose(uint256 campaign);
    /// @notice The lessons have been filed.
    error CampaignEscrowLessonsFiled(uint256 campaign);
    /// @notice A digest is missing.
    error CampaignEscrowNoDigest();
    /// @notice There is no such bounty.
    error CampaignEscrowUnknownBounty(uint256 bounty);
    /// @notice A bounty needs between one and `limit` slots.
    error CampaignEscrowBadSlots(uint256 slots, uint256 limit);
    /// @notice A worker's bond is at most the reward.
    error CampaignEscrowBondAboveReward(uint256 bond, uint256 reward);
    /// @notice The deadline of submissions must lie after now and not after the campaign's end (Unix seconds).
    error CampaignEscrowDeadlineOutOfBounds(uint256 submitBy, uint256 nowSeconds, uint256 max);
    /// @notice Submissions were taken until `submitBy` (Unix seconds).
    error CampaignEscrowBountyClosed(uint256 bounty, uint256 submitBy);
    /// @notice Submissions are taken until `submitBy` (Unix seconds); only then can free slots be reclaimed.
    error CampaignEscrowBountyOpen(uint256 bounty, uint256 submitBy);
    /// @notice All slots are taken, or there is nothing to reclaim.
    error CampaignEscrowNoFreeSlot(uint256 bounty);
    /// @notice The bounty is for `worker` alone.
    error CampaignEscrowNotNamedWorker(address account, address worker);
    /// @notice The lead can be neither worker nor payee.
    error CampaignEscrowLeadIsPayee(address lead);
    /// @notice A payee cannot be zero, the escrow or the budget token.
    error CampaignEscrowBadPayee(address account);
    /// @notice A submission has at most `limit` payees.
    error CampaignEscrowTooManyPayees(uint256 count, uint256 limit);
    /// @notice Shares must sum to `expected` (bps).
    error CampaignEscrowBadShares(uint256 sumBps, uint256 expected);
    /// @notice There is no such submission.
    error CampaignEscrowUnknownSubmission(uint256 submission);
    /// @notice Only the submission's worker may do this.
    error CampaignEscrowNotWorker(address account, address worker);
    /// @notice The submission's status does not allow this.
    error CampaignEscrowWrongStatus(uint256 submission, Status status);
    /// @notice The submission holds other evidence than was shown.
    error CampaignEscrowOtherEvidence(bytes32 given, bytes32 stored);
    /// @notice A submission can be reworked once.
    error CampaignEscrowReworked(uint256 submission);
    /// @notice None of the submissions can be paid (or released) now; the first has this status.
    error CampaignEscrowNothingDue(uint256 submission, Status status);
    /// @notice The transaction carries too little gas for a payment to be tried fairly.
    error CampaignEscrowNotEnoughGas(uint256 gasLeft, uint256 needed);
    /// @notice Only the escrow itself may call this.
    error CampaignEscrowNotSelf(address caller);
    /// @notice Only the dispute desk may call this.
    error CampaignEscrowNotDesk(address caller);
    /// @notice The account has no credit.
    error CampaignEscrowNoCredit(address account);
    /// @notice The credit can be expired only from `from` on (Unix seconds).
    error CampaignEscrowCreditAlive(address account, uint256 from);

    // ── the pool ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Pays budget tokens into the pool; what arrives is booked.
    function deposit(uint256 amount) external;

    /// @notice Sends free pool money back to the treasury.
    /// @dev Restricted to governance.
    function withdrawPool(uint256 amount) external;

    // ── campaigns ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Opens a campaign per seed with money of the pool.
    /// @dev Restricted to boards (role FUNDER).
    /// @return firstCampaign Id of the first; the others follow.
    function fund(Seed[] calldata seeds) external returns (uint32 firstCampaign);

    /// @notice Gives money to a campaign. It earns no points, and what is left of it goes to the pool.
    function topUp(uint32 campaign, uint256 amount) external;

    /// @notice Moves a campaign's end forward, to no sooner than one notice from now.
    /// @dev For the lead and for governance.
    function endEarly(uint32 campaign, uint32 endsAt) external;

    /// @notice Gives a campaign another lead; live work and money are untouched.
    /// @dev Restricted to governance.
    function replaceLead(uint32 campaign, address newLead) external;

    /// @notice Files the campaign's lessons, its last submission, once it has ended and all work is done.
    /// @dev From the campaign's end, for the longest life of a submission and one review window. The lessons get a
    /// bounty of their own, whose reward is what is earned of the fee, and are born accepted; from there on they are a
    /// submission like any other. The rest of the fee goes to the pool.
    /// @return submission Id of the lessons.
    function fileLessons(uint32 campaign, bytes32 lessons) external returns (uint32 submission);

    /// @notice Closes what can be closed of an ended campaign: free money to the pool; the fee too, when no lessons
    /// were filed in time.
    /// @dev For anyone; may be called again while something is left, reverts when nothing is.
    function closeCampaign(uint32 campaign) external;

    // ── bounties ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Posts a bounty and sets its money aside.
    function postBounty(BountyParams calldata params) external returns (uint32 bounty);

    /// @notice Moves a bounty's deadline forward, to one notice from now.
    function cancelBounty(uint32 bounty) external;

    /// @notice Sets money of free slots free after the deadline (to the campaign, or the pool once it has ended).
    /// @dev For anyone.
    function reclaimBounty(uint32 bounty) external;

    // ── work ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Submits work with its evidence, and leaves the bond.
    /// @param payees Who is paid instead of the worker; empty for the worker alone.
    function submitWork(uint32 bounty, bytes32 evidence, Payee[] calldata payees)
        external
        returns (uint32 submission);

    /// @notice Answers a rejection with better evidence; once.
    function reworkWork(uint32 submission, bytes32 evidence) external;

    /// @notice Withdraws one's submission while it is in review or rejected; the bond goes to the pool.
    function withdrawWork(uint32 submission) external;

    /// @notice Accepts exactly this evidence.
    function acceptWork(uint32 submission, bytes32 evidence) external;

    /// @notice Rejects exactly this evidence, with a reason.
    function rejectWork(uint32 submission, bytes32 evidence, bytes32 reason) external;

    /// @notice Pays all payable submissions of the list; others are passed over.
    /// @dev For anyone. Reverts when none is payable.
    function payWork(uint32[] calldata submissions) external;

    /// @notice Releases all void submissions of the list; others are passed over.
    /// @dev For anyone. Reverts when none is void.
    function releaseWork(uint32[] calldata submissions) external;

    // ── disputes, for the desk ──────────────────────────────────────────────────────────────────────────────────

    /// @notice Marks a submission as disputed and takes the bond from the opener.
    /// @dev Only the desk calls this. A rejection is disputed by its worker, an acceptance by anyone.
    /// @return isChallenge An acceptance is disputed.
    function beginDispute(uint32 submission, address opener, uint256 bond) external returns (bool isChallenge);

    /// @notice Pays a juror of a settled dispute.
    /// @dev Only the desk calls this, out of what its settlement left for jurors.
    function payJuror(uint32 submission, address juror, uint256 amount) external;

    /// @notice Moves to the pool what jurors did not fetch.
    /// @dev Only the desk calls this, out of what its settlement left for jurors.
    function poolJurors(uint256 amount) external;

    // ── credits ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Withdraws one's credit to any address.
    function withdrawCredit(address to) external;

    /// @notice Moves a credit to the pool that nobody claimed for a year.
    /// @dev For anyone.
    function expireCredit(address account) external;

    /// @notice Sends budget tokens; only the escrow calls this, with a gas limit, so that one bad payee stops nobody.
    function deliver(address to, uint256 amount) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The one token of this escrow.
    function budgetToken() external view returns (address);
    /// @notice Where withdrawn pool money goes.
    function treasury() external view returns (address);
    /// @notice Where points are awarded.
    function reputation() external view returns (address);
    /// @notice Terms and disputes.
    function desk() external view returns (address);
    /// @notice The escrow's totals.
    function books() external view returns (Books memory);
    /// @notice Free money of the pool.
    function poolFree() external view returns (uint256);
    /// @notice How many campaigns, bounties and submissions there are; ids count from 1.
    function counts() external view returns (uint32 campaigns, uint32 bounties, uint32 submissions);
    /// @notice A campaign's facts.
    function campaignOf(uint32 campaign) external view returns (Campaign memory);
    /// @notice A bounty's facts.
    function bountyOf(uint32 bounty) external view returns (Bounty memory);
    /// @notice A submission's facts.
    function submissionOf(uint32 submission) external view returns (Submission memory);
    /// @notice The payees of a submission; none means the worker.
    function payeesOf(uint32 submission) external view returns (Payee[] memory);
    /// @notice What a submission is now.
    function statusOf(uint32 submission) external view returns (Status);
    /// @notice What is owed to an account.
    function creditOf(address account) external view returns (Credit memory);
}
