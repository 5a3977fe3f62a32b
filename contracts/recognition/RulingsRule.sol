// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBadgeRule} from "../../interfaces/IBadges.sol";
import {IJury} from "../../interfaces/IJury.sol";

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
