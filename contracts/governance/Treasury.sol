// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ITreasury} from "../../interfaces/ITreasury.sol";
import {ExcludedAccounts} from "./ExcludedAccounts.sol";

/// @title Treasury
/// @notice OpenZeppelin's timelock, which guards its votes, its roles and its delay against its own operations.
contract Treasury is TimelockController, ExcludedAccounts, ITreasury {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MAX_DELAY_SECONDS = 7 days;
    /// @dev What changes the treasury itself waits at least this long.
    uint256 internal constant OWN_CHANGE_SECONDS = 30 days;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ITreasury
    address public immutable votesToken;

    /// @inheritdoc ITreasury
    uint256 public immutable shortestDelaySeconds;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param minDelay How long an operation waits at least, in seconds.
    /// @param proposers Who schedules and cancels.
    /// @param executors Who executes what has waited.
    /// @param votes The ERC-5805 token.
    /// @param excluded At most six accounts, distinct and not zero; the treasury itself has to be among them.
    constructor(
        uint256 minDelay,
        address[] memory proposers,
        address[] memory executors,
        address votes,
        address[] memory excluded
    ) TimelockController(minDelay, proposers, executors, address(0)) ExcludedAccounts(excluded) {
        _requireDelayWithin(minDelay, 0);
        shortestDelaySeconds = minDelay / 4;
        votesToken = votes;
        // An existing token counts as votable what nobody was delegated; a token of ours needs no delegation here.
        if (IVotes(votes).delegates(address(this)) == address(0)) IVotes(votes).delegate(address(this));
        _requireVotesKept(votes);
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc TimelockController
    function schedule(
        address target,
        uint256 value,
        bytes calldata data,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        super.schedule(target, value, data, predecessor, salt, _delayFor(target, delay));
    }

    /// @inheritdoc TimelockController
    function scheduleBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        for (uint256 i = 0; i < targets.length; ++i) {
            delay = _delayFor(targets[i], delay);
        }
        super.scheduleBatch(targets, values, payloads, predecessor, salt, delay);
    }

    /// @inheritdoc TimelockController
    function updateDelay(uint256 newDelay) public override {
        super.updateDelay(newDelay); // asks first who calls
        _requireDelayWithin(newDelay, shortestDelaySeconds);
    }

    /// @inheritdoc AccessControl
    /// @dev Else the governor could be made to give up cancelling, without a wait, before what should be cancelled.
    function renounceRole(bytes32 role, address callerConfirmation) public override {
        require(msg.sender == address(this), TimelockUnauthorizedCaller(msg.sender));
        super.renounceRole(role, callerConfirmation);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The only way out of the treasury. Votes count from the end of a block on, so looking after each call is
    /// enough, whatever detour it took.
    function _execute(address target, uint256 value, bytes calldata data) internal override {
        super._execute(target, value, data);
        _requireVotesKept(votesToken);
    }

    /// @dev In seconds.
    function _delayFor(address target, uint256 asked) private view returns (uint256) {
        return target == address(this) ? Math.max(asked, OWN_CHANGE_SECONDS) : asked;
    }

    function _requireVotesKept(address votes) private view {
        address delegatee = IVotes(votes).delegates(address(this));
        require(isExcluded(delegatee), TreasuryLendsVotes(delegatee));
    }

    /// @dev In seconds.
    function _requireDelayWithin(uint256 value, uint256 min) private pure {
        require(value >= min && value <= MAX_DELAY_SECONDS, TreasuryDelayOutOfBounds(value, min, MAX_DELAY_SECONDS));
    }
}
