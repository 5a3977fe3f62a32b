// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IElectorate} from "./IElectorate.sol";

/// @title IHolderGovernor
/// @notice OpenZeppelin's Governor for what is rare and grave: budgets, parameters, roles, replacing a module.
/// @dev Timestamp clock, late-quorum protection, timelock. Quorum and proposal threshold are shares of the votable
/// supply, rounded up, never below their floors (units of the votes token, fixed at deployment).
interface IHolderGovernor is IElectorate {
    /// @notice What the constructor needs besides token, timelock and excluded accounts.
    /// @param votingDelaySeconds Seconds from a proposal to its snapshot.
    /// @param votingPeriodSeconds Seconds during which votes are cast.
    /// @param lateQuorumSeconds Seconds of voting that remain at least after the quorum is reached.
    /// @param proposalThresholdBps Share of the votable supply needed to propose, in bps: 1 to 1,000.
    /// @param quorumBps Share of the votable supply that has to be cast for or abstain, in bps: 100 to 5,000.
    /// @param proposalFloor The proposal threshold is never below this, in units of the votes token.
    /// @param quorumFloor The quorum is never below this, in units of the votes token.
    /// @param holdingSeconds How far apart the two readings of a weight lie, in seconds.
    struct Settings {
        uint48 votingDelaySeconds;
        uint32 votingPeriodSeconds;
        uint48 lateQuorumSeconds;
        uint16 proposalThresholdBps;
        uint16 quorumBps;
        uint256 proposalFloor;
        uint256 quorumFloor;
        uint32 holdingSeconds;
    }

    /// @notice Action {index} of the proposal would lend the treasury's votes.
    /// @custom:right Leave that action out.
    /// @param index The action's place in the proposal, a number counted from 0.
    error HolderGovernorDelegatesTreasury(uint256 index);

    /// @notice The treasury {treasury} would have votes.
    /// @custom:right Name it among the excluded accounts.
    /// @param treasury The treasury (timelock), which has to be among the excluded accounts.
    error HolderGovernorTreasuryIncluded(address treasury);

    /// @notice A time setting of {value} is outside its bounds.
    /// @custom:right Choose one from {min} to {max}.
    /// @dev Voting delay 1 second to 30 days, voting period 1 second to 60 days, extension up to the voting period;
    /// none ever below a quarter of what it was at deployment.
    /// @param value The setting that was named, in seconds.
    /// @param min The shortest possible, in seconds.
    /// @param max The longest possible, in seconds.
    error HolderGovernorTimeOutOfBounds(uint256 value, uint256 min, uint256 max);

    /// @notice Share of the votable supply needed to propose, in bps; change it with `setProposalThreshold`.
    /// @return The share, in bps.
    function proposalThresholdBps() external view returns (uint256);

    /// @notice The proposal threshold is never below this, in units of the votes token.
    /// @return The floor, in units of the votes token.
    function proposalFloor() external view returns (uint256);

    /// @notice The quorum is never below this, in units of the votes token.
    /// @return The floor, in units of the votes token.
    function quorumFloor() external view returns (uint256);

    /// @notice The voting delay is never below this (nor below 1), in seconds: a quarter of the first one.
    /// @return The shortest delay possible, in seconds.
    function shortestDelaySeconds() external view returns (uint48);

    /// @notice The voting period is never below this (nor below 1), in seconds: a quarter of the first one.
    /// @return The shortest period possible, in seconds.
    function shortestPeriodSeconds() external view returns (uint48);

    /// @notice The extension after a late quorum is never below this, in seconds: a quarter of the first one.
    /// @return The shortest extension possible, in seconds.
    function shortestExtensionSeconds() external view returns (uint48);
}
