// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBadgeRule} from "../../interfaces/IBadges.sol";
import {IOutcomes} from "../../interfaces/IOutcomes.sol";

/// @title OutcomeRule
/// @notice Earned by a campaign that reached its goal, by whoever led it when that was first reported.
contract OutcomeRule is IBadgeRule {
    uint256 private constant ONE = 1e6;
    /// @inheritdoc IBadgeRule
    // solhint-disable-next-line const-name-snakecase
    Basis public constant basis = Basis.Outcome;

    /// @inheritdoc IBadgeRule
    address public immutable source;
    /// @inheritdoc IBadgeRule
    uint256 public immutable least;

    /// @param outcomes Who knows what was reached.
    /// @param leastPpm The share of the goal that is needed, ppm.
    constructor(IOutcomes outcomes, uint256 leastPpm) {
        require(leastPpm != 0 && leastPpm <= ONE, BadgeRuleOutOfBounds(leastPpm));
        source = address(outcomes);
        least = leastPpm;
    }

    /// @inheritdoc IBadgeRule
    /// @dev The witness is the campaign's id. A lead who comes later, or who gave the office up before, earns nothing.
    function earned(address account, bytes calldata witness) external view returns (bool) {
        if (witness.length != 32) return false;
        uint256 id = uint256(bytes32(witness));
        if (id > type(uint32).max) return false;
        (IOutcomes.State state, uint24 ppm, address lead) = IOutcomes(source).outcomeOf(uint32(id));
        return state == IOutcomes.State.Final && ppm >= least && lead == account;
    }
}
