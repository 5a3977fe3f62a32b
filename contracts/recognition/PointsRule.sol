// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

import {IBadgeRule} from "../../interfaces/IBadges.sol";

/// @title PointsRule
/// @notice Earned by points: so many counted at a moment that is over.
contract PointsRule is IBadgeRule {
    /// @inheritdoc IBadgeRule
    // solhint-disable-next-line const-name-snakecase
    Basis public constant basis = Basis.Points;

    /// @inheritdoc IBadgeRule
    address public immutable source;
    /// @inheritdoc IBadgeRule
    uint256 public immutable least;

    /// @param reputation The points.
    /// @param least_ Points needed, WAD.
    constructor(IERC5805 reputation, uint256 least_) {
        require(least_ != 0, BadgeRuleOutOfBounds(least_));
        source = address(reputation);
        least = least_;
    }

    /// @inheritdoc IBadgeRule
    /// @dev The witness is the moment, Unix seconds: one at which points are kept.
    function earned(address account, bytes calldata witness) external view returns (bool) {
        return witness.length == 32 && IERC5805(source).getPastVotes(account, uint256(bytes32(witness))) >= least;
    }
}
