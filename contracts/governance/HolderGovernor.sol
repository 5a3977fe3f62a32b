// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {IHolderGovernor} from "../../interfaces/IHolderGovernor.sol";
import {Electorate} from "./Electorate.sol";

/// @title HolderGovernor
/// @notice OpenZeppelin's Governor over the votable supply, with hard bounds on every setting.
contract HolderGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl,
    GovernorPreventLateQuorum,
    Electorate,
    IHolderGovernor
{
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MAX_VOTING_DELAY_SECONDS = 30 days;
    uint256 internal constant MAX_VOTING_PERIOD_SECONDS = 60 days;
    uint256 internal constant MIN_PROPOSAL_THRESHOLD_BPS = 1;
    uint256 internal constant MAX_PROPOSAL_THRESHOLD_BPS = 1_000;
    uint256 internal constant MIN_QUORUM_BPS = 100;
    uint256 internal constant MAX_QUORUM_BPS = 5_000;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IHolderGovernor
    uint256 public immutable proposalFloor;

    /// @inheritdoc IHolderGovernor
    uint256 public immutable quorumFloor;

    /// @inheritdoc IHolderGovernor
    uint48 public immutable shortestDelaySeconds;

    /// @inheritdoc IHolderGovernor
    uint48 public immutable shortestPeriodSeconds;

    /// @inheritdoc IHolderGovernor
    uint48 public immutable shortestExtensionSeconds;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Quorums, in units of the votes token, by the snapshot they belong to; written by a snapshot's first vote.
    /// A snapshot is past when votes are cast, so the cached value cannot differ from a computed one; reading it spares
    /// later voters the past votes of every excluded account.
    mapping(uint256 snapshot => uint256) private _quorums;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param votes The ERC-5805 token; its clock has to be in seconds.
    /// @param treasury The timelock; has to be among the excluded accounts.
    /// @param excluded At most six accounts, distinct and not zero.
    /// @param settings Times, shares and floors.
    constructor(address votes, TimelockController treasury, address[] memory excluded, Settings memory settings)
        Governor("HolderGovernor")
        GovernorSettings(
            settings.votingDelaySeconds, settings.votingPeriodSeconds, settings.proposalThresholdBps
        )
        GovernorVotes(IVotes(votes))
        GovernorVotesQuorumFraction(settings.quorumBps)
        GovernorTimelockControl(treasury)
        GovernorPreventLateQuorum(settings.lateQuorumSeconds)
        Electorate(votes, excluded, settings.holdingSeconds)
    {
        _requireTreasuryExcluded(address(treasury));
        proposalFloor = settings.proposalFloor;
        quorumFloor = settings.quorumFloor;
        // Until here the three limits read as zero, so the first values had only the outer bounds to obey.
        shortestDelaySeconds = settings.votingDelaySeconds / 4;
        shortestPeriodSeconds = settings.votingPeriodSeconds / 4;
        shortestExtensionSeconds = settings.lateQuorumSeconds / 4;
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc GovernorTimelockControl
    /// @dev The treasury never votes, so a new one has to be among the excluded accounts.
    function updateTimelock(TimelockController newTimelock) public override {
        _requireTreasuryExcluded(address(newTimelock));
        super.updateTimelock(newTimelock);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IHolderGovernor
    function proposalThresholdBps() public view returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc Governor
    /// @dev In units of the votes token, of the supply one second ago.
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return _share(clock() - 1, proposalThresholdBps(), proposalFloor);
    }

    /// @inheritdoc GovernorVotesQuorumFraction
    /// @dev In units of the votes token.
    function quorum(uint256 timepoint) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256) {
        uint256 cached = _quorums[timepoint];
        return cached != 0 ? cached : _share(timepoint, quorumNumerator(timepoint), quorumFloor);
    }

    /// @inheritdoc GovernorVotesQuorumFraction
    /// @dev The numerator is in bps.
    function quorumDenominator() public pure override returns (uint256) {
        return WHOLE_BPS;
    }

    /// @inheritdoc GovernorVotes
    /// @dev The votes token was asked for its mode at deployment; asking it again for the time would cost a call.
    function clock() public view override(Governor, GovernorVotes) returns (uint48) {
        return Time.timestamp();
    }

    /// @inheritdoc GovernorVotes
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override(Governor, GovernorVotes) returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc Governor
    function votingDelay() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.votingDelay();
    }

    /// @inheritdoc Governor
    function votingPeriod() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.votingPeriod();
    }

    /// @inheritdoc GovernorPreventLateQuorum
    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState)
    {
        return super.state(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    // ── internals: proposing and voting ─────────────────────────────────────────────────────────────────────────

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        _requireIncluded(proposer);
        // First the base, which checks that the lists are equally long.
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        for (uint256 i = 0; i < targets.length; ++i) {
            require(
                targets[i] != votesToken() || bytes4(calldatas[i]) != IVotes.delegate.selector,
                HolderGovernorDelegatesTreasury(i)
            );
        }
    }

    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256) {
        _requireIncluded(account);
        return super._castVote(proposalId, account, support, reason, params);
    }

    /// @dev Asks for success too. A proposal needs both to pass, so this changes no outcome; but a late quorum is then
    /// the moment from which it would pass. Else early abstentions could use up the extension for a late majority.
    function _quorumReached(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        return super._quorumReached(proposalId) && _voteSucceeded(proposalId);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        uint256 snapshot = proposalSnapshot(proposalId);
        if (_quorums[snapshot] == 0) _quorums[snapshot] = quorum(snapshot);
        super._tallyUpdated(proposalId);
    }

    // ── internals: settings ─────────────────────────────────────────────────────────────────────────────────────

    function _setVotingDelay(uint48 newVotingDelay) internal override {
        _requireTimeWithin(newVotingDelay, _atLeastOne(shortestDelaySeconds), MAX_VOTING_DELAY_SECONDS);
        super._setVotingDelay(newVotingDelay);
    }

    function _setVotingPeriod(uint32 newVotingPeriod) internal override {
        _requireTimeWithin(newVotingPeriod, _atLeastOne(shortestPeriodSeconds), MAX_VOTING_PERIOD_SECONDS);
        super._setVotingPeriod(newVotingPeriod);
    }

    function _setLateQuorumVoteExtension(uint48 newVoteExtension) internal override {
        _requireTimeWithin(newVoteExtension, shortestExtensionSeconds, votingPeriod());
        super._setLateQuorumVoteExtension(newVoteExtension);
    }

    function _setProposalThreshold(uint256 newProposalThreshold) internal override {
        _requireShareWithin(newProposalThreshold, MIN_PROPOSAL_THRESHOLD_BPS, MAX_PROPOSAL_THRESHOLD_BPS);
        super._setProposalThreshold(newProposalThreshold);
    }

    function _updateQuorumNumerator(uint256 newQuorumNumerator) internal override {
        _requireShareWithin(newQuorumNumerator, MIN_QUORUM_BPS, MAX_QUORUM_BPS);
        super._updateQuorumNumerator(newQuorumNumerator);
    }

    function _requireTimeWithin(uint256 value, uint256 min, uint256 max) private pure {
        require(value >= min && value <= max, HolderGovernorTimeOutOfBounds(value, min, max));
    }

    function _atLeastOne(uint256 value) private pure returns (uint256) {
        return value == 0 ? 1 : value;
    }

    function _requireTreasuryExcluded(address treasury) private view {
        require(isExcluded(treasury), HolderGovernorTreasuryIncluded(treasury));
    }

    // ── internals: the timelock's side ──────────────────────────────────────────────────────────────────────────

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
