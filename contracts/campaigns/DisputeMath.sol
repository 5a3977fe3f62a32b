// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {MeasureWords} from "./MeasureWords.sol";

/// @title DisputeMath
/// @notice What is staked in a dispute, and the table of ends: who gets what, to the unit.
library DisputeMath {
    using MeasureWords for uint256;

    uint256 private constant ONE_BPS = 1e4;

    /// @notice The stake b: a share of the reward, rounded up, at least the least, at most the reward.
    /// @dev `measures` is a word of MeasureWords. At most the reward, so that no small work is beyond dispute; never 0
    /// where there is a reward.
    function bondOf(uint256 reward, uint256 measures) internal pure returns (uint256) {
        uint256 share = Math.mulDiv(reward, measures.disputeBondBps(), ONE_BPS, Math.Rounding.Ceil);
        return Math.min(Math.max(share, measures.disputeBondMin()), reward);
    }

    /// @notice A juror's part of a pot: prefix sums, rounded down, so that the parts add up to the pot.
    /// @dev 0 for shares that are out of order; an arbitrator that tells such has nobody paid.
    function shareOf(uint256 pot, uint256 start, uint256 end, uint256 total) internal pure returns (uint256) {
        if (start >= end || end > total) return 0;
        return Math.mulDiv(pot, end, total) - Math.mulDiv(pot, start, total);
    }

    /// @notice Who gets what, beside the reward itself. The accounts are left to the caller.
    /// @param ruling 1 pays the work, 2 does not, 0 is none.
    /// @param isChallenge An acceptance is disputed, not a rejection.
    /// @param isUpheld A contested rejection was upheld.
    /// @param bond The stake b of the opener and, if there is one, of the upholder.
    /// @param workerBond What the worker left with the submission, at least b.
    /// @param feeLeft F: what is left of the fee of the lead whose verdict it is about.
    /// @param hasJurors There is somebody to pay for the ruling; otherwise their part goes to the pool.
    function settlementOf(
        uint256 ruling,
        bool isChallenge,
        bool isUpheld,
        uint256 bond,
        uint256 workerBond,
        uint256 feeLeft,
        bool hasJurors
    ) internal pure returns (IDisputeDesk.Settlement memory s) {
        uint256 half = bond / 2;
        uint256 tenth = bond / 10;
        s.bond = bond;
        s.openerBack = bond;
        s.workerBack = workerBond;
        if (isUpheld) s.upholderBack = bond;
        if (!isChallenge && !isUpheld) return s; // contested, and nobody stands for the rejection: all as it was
        if (ruling == 0) {
            // Nobody knows: each stake pays a tenth for the trouble.
            s.openerBack -= tenth;
            s.toJurors = tenth;
            if (isUpheld) {
                s.upholderBack -= tenth;
                s.toJurors += tenth;
            }
        } else if (isChallenge && ruling == 1) {
            // Challenge lost: the challenger's stake for jurors and worker.
            s.openerBack = 0;
            s.toJurors = half;
            s.toWorker = bond - half;
        } else if (isChallenge) {
            // Challenge won: of the worker's bond a stake's worth for jurors and challenger, the rest for the pool.
            s.workerBack = 0;
            s.toJurors = half;
            s.toOpener = bond - half;
            s.toPool = workerBond - bond;
            s.feeTaken = Math.min(bond, feeLeft);
        } else if (ruling == 1) {
            // Rejection overturned: the upholder's stake for jurors and worker.
            s.upholderBack = 0;
            s.toJurors = half;
            s.toWorker = bond - half;
            s.feeTaken = Math.min(bond, feeLeft);
        } else {
            // Rejection upheld: the worker's stake for jurors and upholder, its bond for the pool.
            s.openerBack = 0;
            s.workerBack = 0;
            s.toJurors = half;
            s.toUpholder = bond - half;
            s.toPool = workerBond;
        }
        s.toPool += s.feeTaken;
        if (!hasJurors) {
            s.toPool += s.toJurors;
            s.toJurors = 0;
        }
    }
}
