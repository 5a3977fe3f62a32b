// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IWork} from "../../interfaces/IWork.sol";
import {MeasureWords} from "./MeasureWords.sol";

/// @title WorkTime
/// @notice What time makes of what was recorded; shared by escrow and Lens, so that no rule is written twice.
/// @dev All times are Unix seconds; `measures` is a word of MeasureWords.
library WorkTime {
    using MeasureWords for uint256;

    /// @notice What a submission is at a moment, and until when time alone leaves it so; 0 if it always does.
    /// @dev For Disputed the desk has to be asked, who knows its end too.
    function statusAt(IWork.Stage stage, uint256 since, uint256 measures, uint256 moment)
        internal
        pure
        returns (IWork.Status status, uint256 until)
    {
        if (stage == IWork.Stage.None) return (IWork.Status.None, 0);
        if (stage == IWork.Stage.Done) return (IWork.Status.Done, 0);
        if (stage == IWork.Stage.Disputed) return (IWork.Status.Disputed, 0);
        if (stage == IWork.Stage.Rejected || stage == IWork.Stage.Contested) {
            bool isContested = stage == IWork.Stage.Contested;
            until = since + measures.answerSeconds();
            if (moment >= until) return (isContested ? IWork.Status.Payable : IWork.Status.Void, 0);
            return (isContested ? IWork.Status.Contested : IWork.Status.Rejected, until);
        }
        until = acceptedAt(stage, since, measures);
        if (moment < until) return (IWork.Status.Review, until);
        until += measures.challengeSeconds();
        return moment < until ? (IWork.Status.Accepted, until) : (IWork.Status.Payable, 0);
    }

    /// @notice When an acceptance was spoken, or silence accepts.
    function acceptedAt(IWork.Stage stage, uint256 since, uint256 measures)
        internal
        pure
        returns (uint256)
    {
        return stage == IWork.Stage.Submitted ? since + measures.reviewSeconds() : since;
    }

    /// @notice Whose verdict it is, as the number of a stint: who led when it was spoken, or in the last second of a
    /// review that ended in silence.
    function stintAt(IWork.Submission memory work, ICampaigns.Stint[] memory stints, uint256 measures)
        internal
        pure
        returns (uint256 stint)
    {
        stint = work.stint;
        if (work.stage != IWork.Stage.Submitted) return stint;
        uint256 silentAt = acceptedAt(work.stage, work.since, measures);
        while (stint < stints.length && silentAt > stints[stint].until) ++stint;
    }

    /// @notice A bounty takes submissions while now < this: its deadline, or the campaign's end if that was moved
    /// before.
    function closesAt(uint256 submitBy, uint256 endsAt) internal pure returns (uint256) {
        return Math.min(submitBy, endsAt);
    }

    /// @notice Lessons are taken while now < this, from the campaign's end on; may lie beyond 32 bits.
    /// @dev The longest a submission can live, and one review: submitted, rejected, reworked, judged again, and then
    /// rejected, contested, upheld, or accepted and challenged.
    function lessonsUntil(uint256 endsAt, uint256 measures) internal pure returns (uint256) {
        uint256 answerSeconds = measures.answerSeconds();
        return endsAt + 3 * measures.reviewSeconds() + answerSeconds
            + Math.max(2 * answerSeconds, measures.challengeSeconds()) + measures.arbitrationSeconds();
    }
}
