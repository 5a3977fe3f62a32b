// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title ICampaigns
/// @notice The escrow's campaigns: funded, led, ended, and the leads' fee.
interface ICampaigns {
    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

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
    /// @dev Four slots, two of them written at funding: lead, endsAt, round, termsId, formerLeads, flag · ask,
    /// votedUsed, feeBps, number · giftFree, votedPaid, live · feeTaken, leadTaken, lessons. Times are Unix seconds in
    /// 32 bits, good until 2106.
    /// @param formerLeads How many leads were replaced, which is also the number of the stint of the lead in office.
    /// @param isFeeSettled The fee was set aside for the lessons and paid to former leads, or went to the pool.
    /// @param ask Voted money, fee included.
    /// @param votedUsed Voted money set aside in bounties, paid, or returned to the pool; the rest is free.
    /// @param feeBps The leads' fee as a share of the ask, in bps, rounded down; at most what a bounty can hold.
    /// @param giftFree Gifts that are free for bounties.
    /// @param votedPaid Voted money paid for work, in the end for the lessons too; the fee is earned in proportion.
    /// @param live Submissions that are not done yet; the lessons are one of them once they are filed.
    /// @param feeTaken What lost disputes took of the fee, of all leads together.
    /// @param leadTaken What of that they took for verdicts of the lead in office.
    /// @param lessons Id of the submission that holds the lessons; 0 while they are not filed.
    struct Campaign {
        address lead;
        uint32 endsAt;
        uint32 round;
        uint16 termsId;
        uint8 formerLeads;
        bool isFeeSettled;
        uint112 ask;
        uint112 votedUsed;
        uint16 feeBps;
        uint16 number;
        uint112 giftFree;
        uint112 votedPaid;
        uint32 live;
        uint112 feeTaken;
        uint112 leadTaken;
        uint32 lessons;
    }

    /// @notice A former lead's time in office. Stints count from 0; the lead in office has the next one.
    /// @dev Two slots: lead, until · fee, earned.
    /// @param lead Who was replaced.
    /// @param until When, Unix seconds; the next stint begins here.
    /// @param fee What is booked for that lead: earned in the stint, less what lost disputes took; 0 once it is paid.
    /// @param earned What all stints up to its end earned of the fee, before disputes took any of it.
    struct Stint {
        address lead;
        uint32 until;
        uint112 fee;
        uint112 earned;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

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
    /// @notice A gift arrived in a campaign: a top-up, or what arrived beyond a bond.
    /// @param campaign The campaign's id.
    /// @param from Who gave.
    /// @param amount What arrived, in units of the budget token.
    event CampaignToppedUp(uint32 indexed campaign, address indexed from, uint256 amount);
    /// @notice A campaign's end was moved.
    /// @param campaign The campaign's id.
    /// @param endsAt The new end, Unix seconds.
    event CampaignEndMoved(uint32 indexed campaign, uint32 endsAt);
    /// @notice A campaign has a new lead; what the former one earned is booked.
    /// @param campaign The campaign's id.
    /// @param lead The new lead.
    /// @param former Who led it before.
    /// @param booked What of the fee is booked for the former lead, in units of the budget token.
    event LeadReplaced(uint32 indexed campaign, address indexed lead, address indexed former, uint256 booked);
    /// @notice The lead filed the campaign's lessons.
    /// @param campaign The campaign's id.
    /// @param submission Id of the submission that holds the lessons.
    /// @param lead Who leads the campaign.
    /// @param lessons sha2-256 of the lessons.
    event LessonsFiled(uint32 indexed campaign, uint32 indexed submission, address indexed lead, bytes32 lessons);
    /// @notice The fee was settled: `earned` is the reward of the lessons, former leads are paid what is booked for
    /// them, and `toPool` went to the pool.
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

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A fee of {feeBps} is too high.
    /// @custom:right Take at most {maxBps}.
    /// @param feeBps The lead's fee as a share of the ask, in bps.
    /// @param maxBps The largest possible, in bps.
    error CampaignEscrowFeeTooHigh(uint256 feeBps, uint256 maxBps);
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
    /// @notice {account} cannot become lead of this campaign.
    /// @custom:right Name an account of a person or team that does not lead it already.
    /// @param account Who was named.
    error CampaignEscrowBadLead(address account);
    /// @notice Campaign {campaign} has had its {limit} leads.
    /// @custom:right End it early instead, with `dmo campaign end`.
    /// @param campaign The campaign's id.
    /// @param limit How many leads a campaign can have.
    error CampaignEscrowTooManyLeads(uint256 campaign, uint256 limit);
    /// @notice {account} has {live} submissions in this campaign that are not done.
    /// @custom:right Nobody judges their own work: name somebody else, or wait until it is paid, released or
    /// withdrawn.
    /// @param account Who was named as lead.
    /// @param live How many submissions are not done.
    error CampaignEscrowLeadHasWork(address account, uint256 live);
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
    /// @notice The lessons of campaign {campaign} have been filed.
    /// @custom:right They are filed once.
    /// @param campaign The campaign's id.
    error CampaignEscrowLessonsFiled(uint256 campaign);
    /// @notice Nothing of campaign {campaign} can be closed now.
    /// @custom:right Look with `dmo campaign show` when something will be.
    /// @param campaign The campaign's id.
    error CampaignEscrowNothingToClose(uint256 campaign);

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

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
    /// @dev Restricted to governance. What was earned of the fee so far is booked for the outgoing lead; work that is
    /// payable by then is best paid before. Nobody becomes lead while own work of this campaign is live. A payee of
    /// live work can: it keeps its share, may not accept that work, and its silence can be challenged like anybody's;
    /// to refuse would let anybody keep an account from the seat by naming it as a payee. A campaign has at most eight
    /// stints.
    /// @param campaign The campaign's id.
    /// @param newLead Who leads from now on.
    function replaceLead(uint32 campaign, address newLead) external;

    /// @notice Files the campaign's lessons, its last submission, once it has ended and all work is done.
    /// @dev From the campaign's end, for the longest life of a submission and one review window. The lessons get a
    /// bounty of their own, whose reward is what the lead earned of the fee, and are born accepted; from there on they
    /// are a submission like any other, with a worker's bond of a dispute's, which the lead leaves. Former leads are
    /// paid what is booked for them; the rest of the fee goes to the pool.
    /// @param campaign The campaign's id.
    /// @param lessons sha2-256 of the lessons.
    /// @param amount What is taken from the lead, in units of the budget token: what arrives has to be the bond at
    /// least, and goes to the pool beyond it.
    /// @return submission Id of the submission that holds the lessons.
    function fileLessons(uint32 campaign, bytes32 lessons, uint256 amount) external returns (uint32 submission);

    /// @notice Closes what can be closed of an ended campaign: free money to the pool; the fee too, less what is
    /// booked for former leads and paid to them, when no lessons were filed in time.
    /// @dev For anyone; may be called again while something is left, reverts when nothing is.
    /// @param campaign The campaign's id.
    function closeCampaign(uint32 campaign) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A campaign's facts.
    /// @param campaign The campaign's id.
    /// @return The facts; units as in Campaign.
    function campaignOf(uint32 campaign) external view returns (Campaign memory);
    /// @notice A campaign's former leads, in the order of their stints.
    /// @param campaign The campaign's id.
    /// @return The stints; amounts in units of the budget token.
    function stintsOf(uint32 campaign) external view returns (Stint[] memory);
}
