// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";

import {PlainGovernor} from "./PlainGovernor.sol";

/// @title PlainTreasuryGovernor
/// @notice OpenZeppelin's Governor with its timelock as the wizard writes it, to compare what proposals cost.
contract PlainTreasuryGovernor is PlainGovernor, GovernorTimelockControl {
    /// @param votes The ERC-5805 token.
    /// @param treasury The timelock, whose proposer this is.
    /// @param votingDelay_ From proposal to vote, in the token's clock.
    /// @param votingPeriod_ Length of a vote, in the token's clock.
    /// @param quorumPercent Share of the supply that has to take part, in percent.
    constructor(
        address votes,
        TimelockController treasury,
        uint48 votingDelay_,
        uint32 votingPeriod_,
        uint256 quorumPercent
    ) PlainGovernor(votes, votingDelay_, votingPeriod_, quorumPercent) GovernorTimelockControl(treasury) {}

    function proposalThreshold() public view override(Governor, PlainGovernor) returns (uint256) {
        return super.proposalThreshold();
    }

    function state(uint256 id) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(id);
    }

    function proposalNeedsQueuing(uint256 id)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(id);
    }

    function _queueOperations(
        uint256 id,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 text
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(id, targets, values, calldatas, text);
    }

    function _executeOperations(
        uint256 id,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 text
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(id, targets, values, calldatas, text);
    }

    function _cancel(address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 text)
        internal
        override(Governor, GovernorTimelockControl)
        returns (uint256)
    {
        return super._cancel(targets, values, calldatas, text);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
