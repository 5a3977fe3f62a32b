// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title EscrowMath
/// @notice What follows from a campaign's facts; shared by the escrow and the lens, so that no rule is written twice.
library EscrowMath {
    /// @dev 100 %, in bps.
    uint256 internal constant ONE_BPS = 1e4;

    /// @notice The lead's whole fee, rounded down.
    function feeOf(uint256 ask, uint256 feeBps) internal pure returns (uint256) {
        return (ask * feeBps) / ONE_BPS;
    }

    /// @notice What is earned of the fee: in proportion to the voted money paid for work, rounded down, less what lost
    /// disputes took.
    function earnedOf(uint256 ask, uint256 fee, uint256 votedPaid, uint256 feeTaken) internal pure returns (uint256) {
        return Math.saturatingSub((fee * votedPaid) / (ask - fee), feeTaken);
    }

    /// @notice The longest a submission can live, in seconds: submitted, rejected, reworked, judged again, and then
    /// rejected and disputed, or accepted and challenged.
    function longestLife(IDisputeDesk.Windows memory windows) internal pure returns (uint256) {
        uint256 answerSeconds = windows.answerSeconds;
        return 2 * uint256(windows.reviewSeconds) + answerSeconds
            + Math.max(answerSeconds, windows.challengeSeconds) + windows.arbitrationSeconds;
    }
}
