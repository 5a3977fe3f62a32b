// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBadgeRule} from "../../interfaces/IBadges.sol";
import {IJury} from "../../interfaces/IJury.sol";

/// @title RulingsRule
/// @notice Earned by judging: in so many disputes the account was on the side that ruled, with a weight that mattered.
contract RulingsRule is IBadgeRule {
    /// @inheritdoc IBadgeRule
    // solhint-disable-next-line const-name-snakecase
    Basis public constant basis = Basis.Rulings;

    /// @inheritdoc IBadgeRule
    address public immutable source;
    /// @inheritdoc IBadgeRule
    uint256 public immutable least;

    /// @param jury Who ruled.
    /// @param least_ How many disputes are needed.
    constructor(IJury jury, uint256 least_) {
        require(least_ != 0, BadgeRuleOutOfBounds(least_));
        source = address(jury);
        least = least_;
    }

    /// @inheritdoc IBadgeRule
    /// @dev The witness is the disputes' ids, strictly ascending. A hundredth of a quorum keeps dust off. Where none
    /// ruled all who revealed have shares, and friends could have as many such disputes as they like for nothing.
    function earned(address account, bytes calldata witness) external view returns (bool) {
        if (witness.length != least * 32) return false;
        IJury jury = IJury(source);
        uint256 last;
        for (uint256 at = 0; at < witness.length; at += 32) {
            uint256 disputeID = uint256(bytes32(witness[at:at + 32]));
            if (disputeID <= last) return false;
            last = disputeID;
            if (jury.currentRuling(disputeID) == 0) return false;
            (uint256 start, uint256 end) = jury.shareOf(disputeID, account);
            if (end == start || (end - start) * 100 < jury.caseOf(disputeID).quorum) return false;
        }
        return true;
    }
}
