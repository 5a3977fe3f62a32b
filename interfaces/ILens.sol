// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICampaignEscrow} from "./ICampaignEscrow.sol";
import {IDisputeDesk} from "./IDisputeDesk.sol";
import {IIdeaBoard} from "./IIdeaBoard.sol";
import {IWork} from "./IWork.sol";

/// @title ILens
/// @notice Paged lists for reading many things in one call. Holds nothing, may be replaced at any time.
/// @dev Every page starts at id `from` (1 or more) and looks at up to `count` ids; `next` is where to go on, 0 at the
/// end. A list of what is due names only what a call would do now.
interface ILens {
    /// @notice An idea with its number and tally.
    struct IdeaView {
        uint32 number;
        IIdeaBoard.Idea idea;
        IIdeaBoard.Tally tally;
    }

    /// @notice A campaign with what follows from its facts; amounts in units of the budget token.
    /// @param fee The whole fee, of all leads together.
    /// @param votedFree Voted money free for bounties.
    /// @param booked What of the fee is booked for former leads; 0 once it is paid.
    /// @param earned What lessons filed now would earn of the fee; 0 once the fee is settled or it is too late.
    /// @param lessonsUntil Lessons are taken while now < lessonsUntil (Unix seconds), from the campaign's end on.
    struct CampaignView {
        uint32 id;
        ICampaignEscrow.Campaign facts;
        uint256 fee;
        uint256 booked;
        uint256 votedFree;
        uint256 earned;
        uint256 lessonsUntil;
    }

    /// @notice A bounty; `closesAt` (Unix seconds) also heeds the campaign's end.
    struct BountyView {
        uint32 id;
        IWork.Bounty facts;
        uint256 closesAt;
    }

    /// @notice A submission with its status.
    /// @param statusUntil When time alone will change the status, Unix seconds; 0 if it will not.
    /// @param bond What challenging, contesting or upholding takes, in units of the budget token; 0 if nothing is at
    /// stake.
    struct SubmissionView {
        uint32 id;
        IWork.Submission facts;
        IWork.Status status;
        uint256 statusUntil;
        uint256 bond;
    }

    /// @notice No page begins at 0.
    /// @custom:right Numbers count from 1.
    error LensPageFromZero();

    /// @notice The board that is read.
    /// @return The board.
    function board() external view returns (IIdeaBoard);
    /// @notice The board's escrow, read too.
    /// @return The escrow.
    function escrow() external view returns (ICampaignEscrow);

    /// @notice The escrow's dispute desk, read too.
    /// @return The desk.
    function desk() external view returns (IDisputeDesk);

    /// @notice Ideas of a round.
    /// @param round The round's number.
    /// @param from The first number to look at, 1 or more.
    /// @param count How many to look at, at most.
    /// @return page The ideas; units as in IIdeaBoard.Idea.
    /// @return next Number to go on from; 0 at the end.
    function ideas(uint32 round, uint32 from, uint32 count) external view returns (IdeaView[] memory page, uint32 next);
    /// @notice Campaigns.
    /// @param from The first id to look at, 1 or more.
    /// @param count How many to look at, at most.
    /// @return page The campaigns; units as in CampaignView.
    /// @return next Id to go on from; 0 at the end.
    function campaigns(uint32 from, uint32 count) external view returns (CampaignView[] memory page, uint32 next);
    /// @notice Bounties.
    /// @param from The first id to look at, 1 or more.
    /// @param count How many to look at, at most.
    /// @return page The bounties; units as in IWork.BountyParams.
    /// @return next Id to go on from; 0 at the end.
    function bounties(uint32 from, uint32 count) external view returns (BountyView[] memory page, uint32 next);
    /// @notice Submissions.
    /// @param from The first id to look at, 1 or more.
    /// @param count How many to look at, at most.
    /// @return page The submissions; units as in SubmissionView.
    /// @return next Id to go on from; 0 at the end.
    function submissions(uint32 from, uint32 count)
        external
        view
        returns (SubmissionView[] memory page, uint32 next);

    /// @notice What each end of a dispute about a submission would bring, as things are now: by the number of the
    /// ruling (0 is none), and for a rejection at last what becomes of it if nobody upholds it. Of work that is not
    /// disputed yet: what would be if it were.
    /// @param submission The submission's id.
    /// @return ends Who would get what, in units of the budget token; opener and upholder are left out.
    function endsOf(uint32 submission) external view returns (IDisputeDesk.Settlement[] memory ends);

    /// @notice The round that is next to be settled, 0 if none. Its passing ideas are ranked by who calls: `ideas` has
    /// their tallies. A round that was settled in part is due until it is settled to the end or lapses.
    /// @return round The round's number; 0 if none.
    function settlementDue() external view returns (uint32 round);
    /// @notice Submissions that have a status now: those that can be paid or released, contested or disputed ones.
    /// @param status The status.
    /// @param from The first id to look at, 1 or more.
    /// @param count How many to look at, at most.
    /// @return ids Their ids.
    /// @return next Id to go on from; 0 at the end.
    function workWith(IWork.Status status, uint32 from, uint32 count)
        external
        view
        returns (uint32[] memory ids, uint32 next);
    /// @notice Bounties whose free slots can be reclaimed now.
    /// @param from The first id to look at, 1 or more.
    /// @param count How many to look at, at most.
    /// @return ids Their ids.
    /// @return next Id to go on from; 0 at the end.
    function reclaimable(uint32 from, uint32 count) external view returns (uint32[] memory ids, uint32 next);
    /// @notice Campaigns that `closeCampaign` would change now.
    /// @param from The first id to look at, 1 or more.
    /// @param count How many to look at, at most.
    /// @return ids Their ids.
    /// @return next Id to go on from; 0 at the end.
    function closable(uint32 from, uint32 count) external view returns (uint32[] memory ids, uint32 next);
}
