// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// @title PlainGovernor
/// @notice OpenZeppelin's Governor as its wizard writes it, to compare what votes cost.
contract PlainGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction
{
    /// @param votes The ERC-5805 token.
    /// @param votingDelay_ From proposal to vote, in the token's clock.
    /// @param votingPeriod_ Length of a vote, in the token's clock.
    /// @param quorumPercent Share of the supply that has to take part, in percent.
    constructor(address votes, uint48 votingDelay_, uint32 votingPeriod_, uint256 quorumPercent)
        Governor("PlainGovernor")
        GovernorSettings(votingDelay_, votingPeriod_, 0)
        GovernorVotes(IVotes(votes))
        GovernorVotesQuorumFraction(quorumPercent)
    {}

    function proposalThreshold() public view virtual override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }
}
