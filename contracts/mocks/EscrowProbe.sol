// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IEscrowMoney} from "../../interfaces/IEscrowMoney.sol";
import {IWork} from "../../interfaces/IWork.sol";

/// @title EscrowProbe
/// @notice Tells all that can be read of an escrow in one call, as plain words, for tests that compare every unit.
contract EscrowProbe {
    uint256 private constant ROOM = 4096;

    struct Words {
        uint256[] all;
        uint256 used;
    }

    /// @notice The books, and the escrow's balance.
    function books(ICampaignEscrow escrow) public view returns (uint256[9] memory) {
        IEscrowMoney.Books memory b = escrow.books();
        return [
            uint256(b.paid),
            b.held,
            b.received,
            b.refunded,
            b.pool,
            b.bondsReceived,
            b.bondsPaid,
            b.bondsHeld,
            IERC20(escrow.budgetToken()).balanceOf(address(escrow))
        ];
    }

    /// @notice Everything: books, campaigns, bounties, submissions with their disputes, people.
    function all(ICampaignEscrow escrow, address[] calldata people) external view returns (uint256[] memory) {
        Words memory words;
        words.all = new uint256[](ROOM);
        uint256[9] memory sums = books(escrow);
        for (uint256 i = 0; i < sums.length; ++i) {
            _add(words, sums[i]);
        }
        (uint32 campaigns, uint32 bounties, uint32 submissions) = escrow.counts();
        for (uint32 i = 1; i <= campaigns; ++i) {
            _addCampaign(words, escrow.campaignOf(i), escrow.stintsOf(i));
        }
        for (uint32 i = 1; i <= bounties; ++i) {
            IWork.Bounty memory bounty = escrow.bountyOf(i);
            _add(words, bounty.reward);
            _add(words, bounty.freeSlots);
            _add(words, bounty.submitBy);
        }
        IDisputeDesk desk = IDisputeDesk(escrow.desk());
        for (uint32 i = 1; i <= submissions; ++i) {
            _add(words, uint256(escrow.statusOf(i)));
            _add(words, escrow.submissionOf(i).since);
            _add(words, escrow.submissionOf(i).stint);
            _addDispute(words, desk.disputeOf(i));
        }
        for (uint256 i = 0; i < people.length; ++i) {
            IEscrowMoney.Credit memory credit = escrow.creditOf(people[i]);
            _add(words, credit.amount);
            _add(words, credit.voted);
            _add(words, credit.since);
            _add(words, IERC20(escrow.budgetToken()).balanceOf(people[i]));
        }
        uint256[] memory told = words.all;
        uint256 used = words.used;
        assembly ("memory-safe") {
            mstore(told, used)
        }
        return told;
    }

    function _addCampaign(
        Words memory words,
        ICampaigns.Campaign memory campaign,
        ICampaigns.Stint[] memory stints
    ) private pure {
        _add(words, uint160(campaign.lead));
        _add(words, campaign.endsAt);
        _add(words, campaign.termsId);
        _add(words, campaign.votedUsed);
        _add(words, campaign.isFeeSettled ? 1 : 0);
        _add(words, campaign.giftFree);
        _add(words, campaign.votedPaid);
        _add(words, campaign.live);
        _add(words, campaign.feeTaken);
        _add(words, campaign.leadTaken);
        for (uint256 i = 0; i < stints.length; ++i) {
            _add(words, uint160(stints[i].lead));
            _add(words, stints[i].until);
            _add(words, stints[i].fee);
            _add(words, stints[i].earned);
        }
        _add(words, campaign.lessons);
    }

    function _addDispute(Words memory words, IDisputeDesk.DisputeCase memory dispute) private pure {
        if (dispute.opener == address(0)) return;
        _add(words, uint160(dispute.opener));
        _add(words, dispute.until);
        _add(words, dispute.termsId);
        _add(words, dispute.isRuled ? 1 + dispute.ruling : 0);
        _add(words, dispute.isChallenge ? 1 : 0);
        _add(words, uint160(dispute.lead));
        _add(words, dispute.settledAt);
        _add(words, dispute.pullsFrom);
        _add(words, uint160(dispute.upholder));
        _add(words, dispute.disputeID);
        _add(words, dispute.bond);
        _add(words, dispute.pot);
        _add(words, dispute.potWhole);
        _add(words, dispute.sharesTotal);
    }

    function _add(Words memory words, uint256 word) private pure {
        words.all[words.used++] = word;
    }
}
