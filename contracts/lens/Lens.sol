// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {ILens} from "../../interfaces/ILens.sol";
import {IWork} from "../../interfaces/IWork.sol";
import {DisputeMath} from "../campaigns/DisputeMath.sol";
import {EscrowMath} from "../campaigns/EscrowMath.sol";
import {WorkTime} from "../campaigns/WorkTime.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Lens
/// @notice Reads many things of one board and its escrow in one call.
contract Lens is ILens {
    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILens
    IIdeaBoard public immutable board;
    /// @inheritdoc ILens
    ICampaignEscrow public immutable escrow;
    /// @inheritdoc ILens
    IDisputeDesk public immutable desk;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(IIdeaBoard board_) {
        board = board_;
        escrow = ICampaignEscrow(board_.escrow());
        desk = IDisputeDesk(escrow.desk());
    }

    // ── views: pages ────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILens
    function ideas(uint32 round, uint32 from, uint32 count)
        external
        view
        returns (IdeaView[] memory page, uint32 next)
    {
        uint32 length;
        (length, next) = _page(from, count, board.roundOf(round).ideas);
        page = new IdeaView[](length);
        for (uint32 i = 0; i < length; ++i) {
            uint32 number = from + i;
            page[i] = IdeaView(number, board.ideaOf(round, number), board.tallyOf(round, number));
        }
    }

    /// @inheritdoc ILens
    function campaigns(uint32 from, uint32 count) external view returns (CampaignView[] memory page, uint32 next) {
        (uint32 total,,) = escrow.counts();
        uint32 length;
        (length, next) = _page(from, count, total);
        page = new CampaignView[](length);
        for (uint32 i = 0; i < length; ++i) {
            page[i] = _viewCampaign(from + i);
        }
    }

    /// @inheritdoc ILens
    function bounties(uint32 from, uint32 count) external view returns (BountyView[] memory page, uint32 next) {
        (, uint32 total,) = escrow.counts();
        uint32 length;
        (length, next) = _page(from, count, total);
        page = new BountyView[](length);
        for (uint32 i = 0; i < length; ++i) {
            IWork.Bounty memory facts = escrow.bountyOf(from + i);
            page[i] = BountyView(from + i, facts, _closesAt(facts));
        }
    }

    /// @inheritdoc ILens
    function submissions(uint32 from, uint32 count)
        external
        view
        returns (SubmissionView[] memory page, uint32 next)
    {
        (,, uint32 total) = escrow.counts();
        uint32 length;
        (length, next) = _page(from, count, total);
        page = new SubmissionView[](length);
        for (uint32 i = 0; i < length; ++i) {
            page[i] = _viewSubmission(from + i);
        }
    }

    // ── views: a dispute's ends ─────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILens
    function endsOf(uint32 submission) external view returns (IDisputeDesk.Settlement[] memory ends) {
        IWork.Submission memory work = escrow.submissionOf(submission);
        IWork.Bounty memory bounty = escrow.bountyOf(work.bounty);
        IDisputeDesk.DisputeCase memory dispute = desk.disputeOf(submission);
        uint16 termsId = escrow.campaignOf(bounty.campaign).termsId;
        uint256 measures = desk.measuresOf(termsId);
        bool paysJurors = desk.termsOf(termsId).paysJurors;
        uint256 bond = DisputeMath.bondOf(bounty.reward, measures);
        uint256 feeLeft = _feeLeft(bounty.campaign, work, measures);
        bool isChallenge =
            dispute.opener == address(0) ? work.stage <= IWork.Stage.Accepted : dispute.isChallenge;
        ends = new IDisputeDesk.Settlement[](isChallenge ? 3 : 4);
        for (uint256 i = 0; i < ends.length; ++i) {
            bool isUpheld = !isChallenge && i < 3;
            ends[i] =
                DisputeMath.settlementOf(i, isChallenge, isUpheld, bond, bounty.bond, feeLeft, paysJurors);
        }
    }

    // ── views: what is due ──────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILens
    function settlementDue() external view returns (uint32 round) {
        // The earliest round that is neither settled nor lapsed and has passing ideas; at most a few rounds back.
        uint32 candidate = board.latestRound();
        while (candidate != 0 && block.timestamp < board.lapsesAt(candidate)) {
            IIdeaBoard.Round memory facts = board.roundOf(candidate);
            if (!facts.isSettled && facts.passing != 0 && block.timestamp >= board.votingCloses(candidate)) {
                round = candidate;
            }
            candidate = facts.previous;
        }
    }

    /// @inheritdoc ILens
    function workWith(IWork.Status status, uint32 from, uint32 count)
        external
        view
        returns (uint32[] memory ids, uint32 next)
    {
        (,, uint32 total) = escrow.counts();
        uint32 length;
        (length, next) = _page(from, count, total);
        ids = new uint32[](length);
        uint256 found;
        for (uint32 i = 0; i < length; ++i) {
            if (escrow.statusOf(from + i) == status) ids[found++] = from + i;
        }
        ids = _cut(ids, found);
    }

    /// @inheritdoc ILens
    function reclaimable(uint32 from, uint32 count) external view returns (uint32[] memory ids, uint32 next) {
        (, uint32 total,) = escrow.counts();
        uint32 length;
        (length, next) = _page(from, count, total);
        ids = new uint32[](length);
        uint256 found;
        for (uint32 i = 0; i < length; ++i) {
            IWork.Bounty memory facts = escrow.bountyOf(from + i);
            if (facts.freeSlots != 0 && block.timestamp >= _closesAt(facts)) ids[found++] = from + i;
        }
        ids = _cut(ids, found);
    }

    /// @inheritdoc ILens
    function closable(uint32 from, uint32 count) external view returns (uint32[] memory ids, uint32 next) {
        (uint32 total,,) = escrow.counts();
        uint32 length;
        (length, next) = _page(from, count, total);
        ids = new uint32[](length);
        uint256 found;
        for (uint32 i = 0; i < length; ++i) {
            if (_isClosable(_viewCampaign(from + i))) ids[found++] = from + i;
        }
        ids = _cut(ids, found);
    }

    // ── internals: the escrow ───────────────────────────────────────────────────────────────────────────────────

    function _viewCampaign(uint32 id) private view returns (CampaignView memory found) {
        ICampaigns.Campaign memory facts = escrow.campaignOf(id);
        EscrowMath.Fees memory fees = EscrowMath.feesOf(facts, escrow.stintsOf(id));
        found.id = id;
        found.facts = facts;
        found.fee = fees.whole;
        found.booked = fees.booked;
        found.votedFree = EscrowMath.votedFreeOf(facts.ask, facts.feeBps, facts.votedUsed);
        found.lessonsUntil = WorkTime.lessonsUntil(facts.endsAt, desk.measuresOf(facts.termsId));
        if (!facts.isFeeSettled && block.timestamp < found.lessonsUntil) found.earned = fees.earned;
    }

    function _isClosable(CampaignView memory campaign) private view returns (bool) {
        if (block.timestamp < campaign.facts.endsAt) return false;
        return campaign.votedFree != 0 || campaign.facts.giftFree != 0
            || (!campaign.facts.isFeeSettled && campaign.facts.live == 0 && block.timestamp >= campaign.lessonsUntil);
    }

    function _closesAt(IWork.Bounty memory facts) private view returns (uint256) {
        return WorkTime.closesAt(facts.submitBy, escrow.campaignOf(facts.campaign).endsAt);
    }

    function _viewSubmission(uint32 id) private view returns (SubmissionView memory found) {
        IWork.Submission memory facts = escrow.submissionOf(id);
        IWork.Bounty memory bounty = escrow.bountyOf(facts.bounty);
        uint256 measures = desk.measuresOf(escrow.campaignOf(bounty.campaign).termsId);
        found.id = id;
        found.facts = facts;
        found.status = escrow.statusOf(id);
        found.bond = DisputeMath.bondOf(bounty.reward, measures);
        if (found.status == IWork.Status.Disputed) found.statusUntil = desk.disputeOf(id).until;
        else (, found.statusUntil) = WorkTime.statusAt(facts.stage, facts.since, measures, block.timestamp);
    }

    /// @dev What is left of the fee of whose verdict it is, or will be once silence has accepted.
    function _feeLeft(uint32 id, IWork.Submission memory work, uint256 measures)
        private
        view
        returns (uint256)
    {
        ICampaigns.Campaign memory campaign = escrow.campaignOf(id);
        if (campaign.isFeeSettled) return 0;
        ICampaigns.Stint[] memory stints = escrow.stintsOf(id);
        uint256 stint = WorkTime.stintAt(work, stints, measures);
        return stint < stints.length ? stints[stint].fee : EscrowMath.feesOf(campaign, stints).left;
    }

    // ── internals: pages ────────────────────────────────────────────────────────────────────────────────────────

    /// @dev How many ids of 1 .. total a page that starts at `from` holds, and where the next one starts.
    function _page(uint256 from, uint256 count, uint256 total) private pure returns (uint32 length, uint32 next) {
        require(from != 0, LensPageFromZero());
        if (from > total) return (0, 0);
        count = Math.min(count, total + 1 - from);
        length = uint32(count);
        if (from + count <= total) next = uint32(from + count);
    }

    function _cut(uint32[] memory ids, uint256 length) private pure returns (uint32[] memory shorter) {
        shorter = new uint32[](length);
        for (uint256 i = 0; i < length; ++i) {
            shorter[i] = ids[i];
        }
    }
}
