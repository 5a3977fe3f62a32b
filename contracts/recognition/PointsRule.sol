// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

import {IBadgeRule} from "../../interfaces/IBadges.sol";

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
