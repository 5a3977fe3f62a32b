// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";

/// @title DisputeMath
/// @notice The table of ends: who gets what when a disputed submission ends, to the unit.
library DisputeMath {
    uint256 private constant ONE_BPS = 1e4;

    /// @notice What a dispute takes: a share of the reward, rounded up, and never below the least.
    function bondOf(uint256 reward, uint256 bondBps, uint256 least) internal pure returns (uint256) {
        return Math.max(Math.mulDiv(reward, bondBps, ONE_BPS, Math.Rounding.Ceil), least);
    }

    /// @notice A juror's part of a pot: prefix sums, rounded down, so that the parts add up to the pot.
    /// @dev 0 for shares that are out of order; an arbitrator that tells such has nobody paid.
    function shareOf(uint256 pot, uint256 start, uint256 end, uint256 total) internal pure returns (uint256) {
        if (start >= end || end > total) return 0;
        return Math.mulDiv(pot, end, total) - Math.mulDiv(pot, start, total);
    }

    /// @notice Who gets what, beside the reward itself. `opener` is left to the caller.
    /// @param ruling 1 pays the work, 2 does not, 0 is none.
    /// @param isChallenge An acceptance is disputed, not a rejection.
    /// @param reward The submission's reward.
    /// @param bond The dispute's bond.
    /// @param feeLeft What is left of the lead's fee.
    /// @param hasJurors There is somebody to pay for the ruling; otherwise their part goes to the pool.
    function settlementOf(
        uint256 ruling,
        bool isChallenge,
        uint256 reward,
        uint256 bond,
        uint256 feeLeft,
        bool hasJurors
    ) internal pure returns (IDisputeDesk.Settlement memory s) {
        s.bond = bond;
        if (ruling == 0) {
            // Nobody knows: the opener pays a tenth for the trouble, and unpaid work keeps its bond.
            s.toJurors = bond / 10;
            s.bondBack = bond - s.toJurors;
            s.keepsWorkerBond = !isChallenge;
        } else if (isChallenge && ruling == 1) {
            // Challenge lost: the challenger's bond for jurors and worker.
            s.toJurors = bond / 2;
            s.toWorker = bond - s.toJurors;
        } else if (isChallenge) {
            // Challenge won: a bond's worth of the reward for jurors and challenger, and of the fee for the pool.
            s.bondBack = bond;
            s.cut = Math.min(bond, reward);
            s.toJurors = s.cut / 2;
            s.toOpener = s.cut - s.toJurors;
            s.feeTaken = Math.min(bond, feeLeft);
            s.toPool = s.feeTaken;
        } else if (ruling == 1) {
            // Rejection overturned: a bond's worth of the lead's fee, jurors first, the rest for the worker.
            s.bondBack = bond;
            s.feeTaken = Math.min(bond, feeLeft);
            s.toJurors = Math.min(bond / 2, s.feeTaken);
            s.toWorker = s.feeTaken - s.toJurors;
        } else {
            // Rejection upheld: the worker's second bond for jurors and pool.
            s.toJurors = bond / 2;
            s.toPool = bond - s.toJurors;
        }
        if (!hasJurors) {
            s.toPool += s.toJurors;
            s.toJurors = 0;
        }
    }
}
