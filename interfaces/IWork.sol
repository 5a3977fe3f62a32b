// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IWork
/// @notice The escrow's bounties, and the life of what is submitted to them.
interface IWork {
    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice What a lead fills in to post a bounty.
    /// @param campaign The campaign that pays.
    /// @param reward Reward per slot.
    /// @param bond Bond a worker leaves with a submission, per slot: at least the bond of a dispute about it, at most
    /// the reward; 0 for the least.
    /// @param submitBy Deadline of submissions, Unix seconds, not after the campaign's end.
    /// @param slots How many submissions can be paid.
    /// @param isGift Paid from gifts instead of voted money; earns no points.
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

    /// @notice A bounty as it is now. Units as in BountyParams.
    /// @dev One word, see BountyWords; a named worker has a word of its own. What never matters to money (the brief,
    /// how many slots there were) is told by BountyPosted alone. A campaign's lessons have a bounty of their own,
    /// without a brief.
    /// @param freeSlots Slots without a submission; their money is set aside until the bounty is reclaimed.
    struct Bounty {
        uint112 reward;
        uint112 bond;
        uint32 campaign;
        uint32 submitBy;
        uint16 freeSlots;
        bool isGift;
        address worker;
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
        Contested,
        Disputed,
        Done
    }

    /// @notice What a submission is now.
    /// @dev Time alone turns Review into Accepted (silence), Accepted into Payable, Rejected into Void, Contested into
    /// Payable, and ends Disputed, as the arbitrator's ruling does.
    enum Status {
        None,
        Review,
        Accepted,
        Rejected,
        Contested,
        Disputed,
        Payable,
        Void,
        Done
    }

    /// @notice A submission.
    /// @dev Two words, see WorkWords: all but the evidence · evidence.
    /// @param since When the stage was recorded, Unix seconds.
    /// @param payees How many payees were named; 0 means the worker.
    /// @param stint Number of the stint in which it was judged last: whose verdict a dispute is about.
    /// @param isReworked A rejected submission can be reworked once.
    /// @param evidence sha2-256 of the evidence (of the lessons).
    struct Submission {
        address worker;
        uint32 bounty;
        uint32 since;
        Stage stage;
        uint8 payees;
        uint8 stint;
        bool isReworked;
        bytes32 evidence;
    }

    // ── events: bounties ────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A bounty was posted, its money set aside.
    /// @param bounty The bounty's id.
    /// @param campaign The campaign's id.
    /// @param facts What was posted, the bond at least the least; units as in BountyParams.
    event BountyPosted(uint32 indexed bounty, uint32 indexed campaign, BountyParams facts);
    /// @notice A bounty's deadline was moved forward.
    /// @param bounty The bounty's id.
    /// @param submitBy The new deadline, Unix seconds.
    event BountyCancelled(uint32 indexed bounty, uint32 submitBy);
    /// @notice A slot that was held in vain became free; the bounty takes work at least one answer window longer.
    /// @param bounty The bounty's id.
    /// @param submitBy The new deadline, Unix seconds.
    event BountyReopened(uint32 indexed bounty, uint32 submitBy);
    /// @notice Money of free slots went back after the deadline.
    /// @param bounty The bounty's id.
    /// @param slots How many slots were free.
    /// @param amount What became free, in units of the budget token.
    event BountyReclaimed(uint32 indexed bounty, uint16 slots, uint256 amount);

    // ── events: work ────────────────────────────────────────────────────────────────────────────────────────────

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
    /// @notice A submission ended unpaid and is done. Its bond went to the pool; after a dispute, DisputeSettled says
    /// where it went.
    /// @param submission The submission's id.
    /// @param campaign The campaign's id.
    /// @param reward Reward of the slot, in units of the budget token.
    event WorkReleased(uint32 indexed submission, uint32 indexed campaign, uint256 reward);

    // ── errors: bounties ────────────────────────────────────────────────────────────────────────────────────────

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
    /// @notice A reward of {reward} is more than a bounty can hold.
    /// @custom:right Ask for at most {limit} a slot.
    /// @param reward Reward of the slot, in units of the budget token.
    /// @param limit The largest possible, in units of the budget token.
    error CampaignEscrowRewardTooHigh(uint256 reward, uint256 limit);
    /// @notice A worker's bond of {bond} is more than the reward.
    /// @custom:right Ask for at most {reward}.
    /// @param bond The worker's bond, in units of the budget token.
    /// @param reward Reward of the slot, in units of the budget token.
    error CampaignEscrowBondAboveReward(uint256 bond, uint256 reward);
    /// @notice A worker's bond of {bond} is less than a dispute would stake.
    /// @custom:right Ask for at least {least}, or for 0 to mean that.
    /// @param bond The worker's bond, in units of the budget token.
    /// @param least The bond of a dispute about the work, in units of the budget token.
    error CampaignEscrowBondTooLow(uint256 bond, uint256 least);
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

    // ── errors: work ────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The bounty is not for {account}.
    /// @custom:right It is for {worker} alone.
    /// @param account Who called.
    /// @param worker Who alone may submit.
    error CampaignEscrowNotNamedWorker(address account, address worker);
    /// @notice The lead {lead} cannot be paid for work in the own campaign.
    /// @custom:right Let somebody else do and be paid for it.
    /// @param lead The lead, who can be neither worker nor payee.
    error CampaignEscrowLeadIsPayee(address lead);
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
    /// @notice Submission {submission} has no reward, so there is nothing to dispute.
    /// @custom:right Leave lessons that earned nothing as they are.
    /// @param submission The submission's id.
    error CampaignEscrowNothingAtStake(uint256 submission);

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
    /// @param amount What is taken from the worker, in units of the budget token: what arrives has to be the bounty's
    /// bond at least, and is the campaign's gift beyond it.
    /// @return submission The submission's id.
    function submitWork(uint32 bounty, bytes32 evidence, Payee[] calldata payees, uint256 amount)
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

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

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
    /// @notice How many submissions of a worker in a campaign are not done; while there are, the worker cannot become
    /// lead.
    /// @param campaign The campaign's id.
    /// @param worker Who did the work.
    /// @return The number of submissions.
    function liveWorkOf(uint32 campaign, address worker) external view returns (uint256);
}
