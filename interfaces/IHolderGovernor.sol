// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IElectorate} from "./IElectorate.sol";

/// @title IHolderGovernor
/// @notice OpenZeppelin's Governor for what is rare and grave: budgets, parameters, roles, replacing a module.
/// @dev Timestamp clock, timelock. A weight is the smaller of two readings, at the snapshot and one holding period
/// earlier. Quorum and proposal threshold are shares of the votable supply, rounded up, never below their floors (units
/// of the votes token, fixed at deployment). Late in a vote only "against" is taken, and what passed expires.
interface IHolderGovernor is IElectorate {
    /// @notice What the constructor needs besides token, timelock and excluded accounts.
    /// @param votingDelaySeconds Seconds from a proposal to its snapshot.
    /// @param votingPeriodSeconds Seconds during which votes are cast.
    /// @param lateQuorumSeconds Seconds at the end of a vote in which only "against" is taken.
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

    /// @notice From now on only "against" counts at the end of a vote for so many seconds.
    /// @param oldSeconds What it was, in seconds.
    /// @param newSeconds What it is for proposals made from now on, in seconds.
    event LateQuorumSecondsSet(uint48 oldSeconds, uint48 newSeconds);

    /// @notice The vote on this proposal has taken nothing but "against" since {lateFrom}.
    /// @custom:right Vote against it, or leave it; the same can be proposed again in other words.
    /// @param proposalId The proposal's number.
    /// @param lateFrom From when on only "against" is taken, Unix seconds.
    error HolderGovernorLateFor(uint256 proposalId, uint256 lateFrom);

    /// @notice The treasury {treasury} would have votes.
    /// @custom:right Name it among the excluded accounts.
    /// @param treasury The treasury (timelock), which has to be among the excluded accounts.
    error HolderGovernorTreasuryIncluded(address treasury);

    /// @notice A time setting of {value} is outside its bounds.
    /// @custom:right Choose one from {min} to {max}.
    /// @dev Voting delay 1 second to 7 days, voting period 1 second to 14 days, its late part up to half of it; none
    /// ever below a quarter of what it was at deployment.
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

    /// @notice The late part of a vote is never below this, in seconds: a quarter of the first one.
    /// @return The shortest late part possible, in seconds.
    function shortestLateQuorumSeconds() external view returns (uint48);

    /// @notice How long at the end of a vote only "against" is taken, in seconds, for proposals made from now on.
    /// @return The length of the late part, in seconds.
    function lateQuorumSeconds() external view returns (uint48);

    /// @notice Sets how long at the end of a vote only "against" is taken; for governance.
    /// @param newLateQuorumSeconds The new length, in seconds.
    function setLateQuorumSeconds(uint48 newLateQuorumSeconds) external;

    /// @notice From when on only "against" is taken of votes on a proposal, Unix seconds; fixed when it was made.
    /// @param proposalId The proposal's number.
    /// @return The moment, Unix seconds; 0 for an unknown proposal.
    function lateFrom(uint256 proposalId) external view returns (uint256);

    /// @notice When a proposal that passed expires: 30 days after its vote ended, or 60 where its wait in the treasury
    /// ends after those 30. It is queued and executed while now < expiresAt.
    /// @param proposalId The proposal's number.
    /// @return The moment, Unix seconds.
    function expiresAt(uint256 proposalId) external view returns (uint256);
}
