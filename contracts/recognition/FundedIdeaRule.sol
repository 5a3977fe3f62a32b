// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBadgeRule} from "../../interfaces/IBadges.sol";
import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";

/// @title FundedIdeaRule
/// @notice Earned by an idea that its holders funded.
contract FundedIdeaRule is IBadgeRule {
    /// @inheritdoc IBadgeRule
    // solhint-disable-next-line const-name-snakecase
    Basis public constant basis = Basis.FundedIdea;
    /// @inheritdoc IBadgeRule
    // solhint-disable-next-line const-name-snakecase
    uint256 public constant least = 1;

    /// @inheritdoc IBadgeRule
    address public immutable source;
    ICampaignEscrow private immutable _ESCROW;

    /// @param board Whose ideas count.
    constructor(IIdeaBoard board) {
        source = address(board);
        _ESCROW = ICampaignEscrow(board.escrow());
    }

    /// @inheritdoc IBadgeRule
    /// @dev The witness is the campaign's id. An escrow can have had other boards, whose rounds count alike: so the
    /// idea passed, and the campaign ends after its vote, as none of an earlier board does that is over.
    function earned(address account, bytes calldata witness) external view returns (bool) {
        if (witness.length != 32) return false;
        uint256 id = uint256(bytes32(witness));
        if (id > type(uint32).max) return false;
        ICampaigns.Campaign memory campaign = _ESCROW.campaignOf(uint32(id));
        IIdeaBoard board = IIdeaBoard(source);
        (uint32 round, uint32 number) = (campaign.round, campaign.number);
        if (campaign.endsAt <= board.votingCloses(round) || !board.roundOf(round).isSettled) return false;
        IIdeaBoard.Idea memory idea = board.ideaOf(round, number);
        return idea.author == account && idea.ask == campaign.ask && idea.feeBps == campaign.feeBps
            && board.tallyOf(round, number).isPassing;
    }
}
