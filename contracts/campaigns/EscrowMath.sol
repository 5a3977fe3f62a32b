// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {BountyWords} from "./BountyWords.sol";

/// @title EscrowMath
/// @notice What follows from a campaign's facts; shared by the escrow and the lens, so that no rule is written twice.
library EscrowMath {
    /// @dev 100 %, in bps.
    uint256 internal constant ONE_BPS = 1e4;

    /// @notice Whose is what of a campaign's fee, in units of the budget token.
    /// @param whole The whole fee.
    /// @param booked What is booked for former leads.
    /// @param left What the lead in office can still earn or lose: F of the table of ends.
    /// @param earned What lessons filed now would earn.
    /// @param gross What all stints have earned, before disputes took any of it.
    struct Fees {
        uint256 whole;
        uint256 booked;
        uint256 left;
        uint256 earned;
        uint256 gross;
    }

    /// @notice The whole fee, rounded down; never more than the lessons' bounty can hold.
    function feeOf(uint256 ask, uint256 feeBps) internal pure returns (uint256) {
        return Math.min((ask * feeBps) / ONE_BPS, BountyWords.MAX_AMOUNT);
    }

    /// @notice Voted money that is free for bounties.
    function votedFreeOf(uint256 ask, uint256 feeBps, uint256 votedUsed) internal pure returns (uint256) {
        return ask - feeOf(ask, feeBps) - votedUsed;
    }

    /// @notice The fee as it stands while it is not settled.
    /// @dev Earned is in proportion to the voted money paid for work, rounded down, in prefix sums over the stints.
    /// Lost disputes take from the lead whose verdict fell; what they take beyond what that lead has earned is missing
    /// in the end, hence the last `min`.
    function feesOf(ICampaigns.Campaign memory campaign, ICampaigns.Stint[] memory stints)
        internal
        pure
        returns (Fees memory fees)
    {
        fees.whole = feeOf(campaign.ask, campaign.feeBps);
        fees.gross = (fees.whole * campaign.votedPaid) / (campaign.ask - fees.whole);
        uint256 before;
        for (uint256 i = 0; i < stints.length; ++i) {
            fees.booked += stints[i].fee;
            before = stints[i].earned;
        }
        fees.left = fees.whole - campaign.feeTaken - fees.booked;
        fees.earned = Math.min(Math.saturatingSub(fees.gross - before, campaign.leadTaken), fees.left);
    }
}
