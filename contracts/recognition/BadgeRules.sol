// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

import {IBadgeRule} from "../../interfaces/IBadges.sol";
import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {IJury} from "../../interfaces/IJury.sol";

/// @title PointsRule
/// @notice Earned by points: so many counted at a moment that is over.
contract PointsRule is IBadgeRule {
    IERC5805 public immutable REPUTATION;
    /// @notice Points needed, WAD.
    uint256 public immutable LEAST;

    constructor(IERC5805 reputation, uint256 leastWad) {
        require(leastWad != 0, BadgeRuleNeedsNothing());
        REPUTATION = reputation;
        LEAST = leastWad;
    }

    /// @inheritdoc IBadgeRule
    /// @dev The witness is the moment, Unix seconds: one at which points are kept.
    function earned(address account, bytes calldata witness) external view returns (bool) {
        return witness.length == 32 && REPUTATION.getPastVotes(account, uint256(bytes32(witness))) >= LEAST;
    }
}

/// @title RulingsRule
/// @notice Earned by judging: in so many disputes the account was on the side that ruled, with a weight that mattered.
contract RulingsRule is IBadgeRule {
    IJury public immutable JURY;
    uint256 public immutable COUNT;

    constructor(IJury jury, uint256 count) {
        require(count != 0, BadgeRuleNeedsNothing());
        JURY = jury;
        COUNT = count;
    }

    /// @inheritdoc IBadgeRule
    /// @dev The witness is the disputes' ids, strictly ascending. A hundredth of a quorum keeps dust off.
    function earned(address account, bytes calldata witness) external view returns (bool) {
        if (witness.length != COUNT * 32) return false;
        uint256 last;
        for (uint256 at = 0; at < witness.length; at += 32) {
            uint256 disputeID = uint256(bytes32(witness[at:at + 32]));
            if (disputeID <= last) return false;
            last = disputeID;
            (uint256 start, uint256 end) = JURY.shareOf(disputeID, account);
            if (end == start || (end - start) * 100 < JURY.caseOf(disputeID).quorum) return false;
        }
        return true;
    }
}

/// @title FundedIdeaRule
/// @notice Earned by an idea that its holders funded.
contract FundedIdeaRule is IBadgeRule {
    IIdeaBoard public immutable BOARD;
    ICampaignEscrow public immutable ESCROW;

    constructor(IIdeaBoard board) {
        BOARD = board;
        ESCROW = ICampaignEscrow(board.escrow());
    }

    /// @inheritdoc IBadgeRule
    /// @dev The witness is the campaign's id. An escrow can have had other boards, whose rounds count alike.
    function earned(address account, bytes calldata witness) external view returns (bool) {
        if (witness.length != 32) return false;
        uint256 id = uint256(bytes32(witness));
        if (id > type(uint32).max) return false;
        ICampaigns.Campaign memory campaign = ESCROW.campaignOf(uint32(id));
        if (campaign.endsAt == 0 || !BOARD.roundOf(campaign.round).isSettled) return false;
        IIdeaBoard.Idea memory idea = BOARD.ideaOf(campaign.round, campaign.number);
        return idea.author == account && idea.ask == campaign.ask && idea.feeBps == campaign.feeBps;
    }
}
