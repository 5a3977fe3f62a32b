// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
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
    Electorate,
    IHolderGovernor
{
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev With the treasury's longest delay, 7 days, a vote ends within the 30 that the treasury's own changes wait.
    uint256 internal constant MAX_VOTING_DELAY_SECONDS = 7 days;
    uint256 internal constant MAX_VOTING_PERIOD_SECONDS = 14 days;
    /// @dev What passed expires this long after its vote ended.
    uint256 internal constant LIFE_SECONDS = 30 days;
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
    uint48 public immutable shortestLateQuorumSeconds;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IHolderGovernor
    uint48 public lateQuorumSeconds;

    /// @inheritdoc IHolderGovernor
    mapping(uint256 proposalId => uint256) public lateFrom;

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
        Electorate(votes, excluded, settings.holdingSeconds)
    {
        _requireTreasuryExcluded(address(treasury));
        proposalFloor = settings.proposalFloor;
        quorumFloor = settings.quorumFloor;
        _setLateQuorumSeconds(settings.lateQuorumSeconds);
        // Until here the three limits read as zero, so the first values had only the outer bounds to obey.
        shortestDelaySeconds = settings.votingDelaySeconds / 4;
        shortestPeriodSeconds = settings.votingPeriodSeconds / 4;
        shortestLateQuorumSeconds = settings.lateQuorumSeconds / 4;
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc GovernorTimelockControl
    /// @dev The treasury never votes, so a new one has to be among the excluded accounts.
    function updateTimelock(TimelockController newTimelock) public override {
        _requireTreasuryExcluded(address(newTimelock));
        super.updateTimelock(newTimelock);
    }

    /// @inheritdoc IHolderGovernor
    function setLateQuorumSeconds(uint48 newLateQuorumSeconds) external onlyGovernance {
        _setLateQuorumSeconds(newLateQuorumSeconds);
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
        return _share(timepoint, quorumNumerator(timepoint), quorumFloor);
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

    /// @inheritdoc GovernorTimelockControl
    /// @dev What passed is Expired from `expiresAt` on; then neither `queue` nor `execute` takes it.
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState current)
    {
        current = super.state(proposalId);
        bool hasPassed = current == ProposalState.Succeeded || current == ProposalState.Queued;
        if (hasPassed && clock() >= expiresAt(proposalId)) return ProposalState.Expired;
    }

    /// @inheritdoc IHolderGovernor
    function expiresAt(uint256 proposalId) public view returns (uint256) {
        uint256 expires = proposalDeadline(proposalId) + LIFE_SECONDS;
        return proposalEta(proposalId) >= expires ? expires + LIFE_SECONDS : expires;
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
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        // The vote ends with its last second, the deadline. What it is told now holds to its end.
        lateFrom[proposalId] = proposalDeadline(proposalId) + 1 - lateQuorumSeconds;
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

    /// @dev Late only "against" is taken, so nobody can lift a proposal when nobody can answer any more.
    function _countVote(
        uint256 proposalId,
        address account,
        uint8 support,
        uint256 totalWeight,
        bytes memory params
    ) internal override(Governor, GovernorCountingSimple) returns (uint256) {
        if (support != uint8(VoteType.Against)) {
            uint256 late = lateFrom[proposalId];
            require(clock() < late, HolderGovernorLateFor(proposalId, late));
        }
        return super._countVote(proposalId, account, support, totalWeight, params);
    }

    /// @dev The smaller of two readings, for voters and proposers alike.
    function _getVotes(address account, uint256 timepoint, bytes memory)
        internal
        view
        override(Governor, GovernorVotes)
        returns (uint256)
    {
        return pastWeight(account, timepoint);
    }

    // ── internals: settings ─────────────────────────────────────────────────────────────────────────────────────

    function _setVotingDelay(uint48 newVotingDelay) internal override {
        _requireTimeWithin(newVotingDelay, Math.max(shortestDelaySeconds, 1), MAX_VOTING_DELAY_SECONDS);
        super._setVotingDelay(newVotingDelay);
    }

    function _setVotingPeriod(uint32 newVotingPeriod) internal override {
        uint256 min = Math.max(Math.max(shortestPeriodSeconds, 1), 2 * uint256(lateQuorumSeconds));
        _requireTimeWithin(newVotingPeriod, min, MAX_VOTING_PERIOD_SECONDS);
        super._setVotingPeriod(newVotingPeriod);
    }

    /// @dev At most half a vote, so that there is always time to be in favour.
    function _setLateQuorumSeconds(uint48 newLateQuorumSeconds) private {
        _requireTimeWithin(newLateQuorumSeconds, shortestLateQuorumSeconds, votingPeriod() / 2);
        emit LateQuorumSecondsSet(lateQuorumSeconds, newLateQuorumSeconds);
        lateQuorumSeconds = newLateQuorumSeconds;
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
        super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
        // The treasury may have made it wait longer than it was asked.
        bytes32 salt = bytes20(address(this)) ^ descriptionHash;
        bytes32 operation = keccak256(abi.encode(targets, values, calldatas, bytes32(0), salt));
        return SafeCast.toUint48(TimelockController(payable(timelock())).getTimestamp(operation));
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
