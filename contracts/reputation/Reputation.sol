// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {IReputation} from "../../interfaces/IReputation.sol";

/// @title Reputation
/// @notice Points earned by paid work; they fade with a half-life, and nobody can move or delegate them.
contract Reputation is AccessManaged, IReputation, IERC5805 {
    using Checkpoints for Checkpoints.Trace208;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MIN_HALF_LIFE_SECONDS = 90 days;
    uint256 internal constant MAX_HALF_LIFE_SECONDS = 720 days;

    /// @dev Stored values have 208 bits, so after as many half-lives every one of them reads as zero.
    uint256 internal constant LAST_HALF_LIFE = 208;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IReputation
    uint256 public immutable halfLifeSeconds;

    /// @inheritdoc IReputation
    uint48 public immutable birth;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Points × g by Unix second.
    mapping(address account => Checkpoints.Trace208) private _stored;

    /// @dev Sum of all accounts' points × g by Unix second.
    Checkpoints.Trace208 private _storedTotal;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param halfLifeSeconds_ The half-life, in seconds: 90 to 720 days.
    constructor(address authority, uint256 halfLifeSeconds_) AccessManaged(authority) {
        require(
            halfLifeSeconds_ >= MIN_HALF_LIFE_SECONDS && halfLifeSeconds_ <= MAX_HALF_LIFE_SECONDS,
            ReputationHalfLifeOutOfBounds(halfLifeSeconds_, MIN_HALF_LIFE_SECONDS, MAX_HALF_LIFE_SECONDS)
        );
        halfLifeSeconds = halfLifeSeconds_;
        birth = Time.timestamp();
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IReputation
    function award(address account, uint256 pointsWad) external restricted {
        _award(account, pointsWad);
    }

    /// @inheritdoc IReputation
    function awardMany(address[] calldata accounts, uint256[] calldata pointsWad) external restricted {
        for (uint256 i = 0; i < accounts.length; ++i) {
            _award(accounts[i], pointsWad[i]);
        }
    }

    function _award(address account, uint256 pointsWad) private {
        // Check:
        require(account != address(0), ReputationBadAccount(account));

        // Effect:
        uint48 now_ = clock();
        uint208 delta = SafeCast.toUint208(pointsWad * growth(now_));
        Checkpoints.Trace208 storage trace = _stored[account];
        uint208 stored = trace.latest() + delta;
        trace.push(now_, stored);
        _storedTotal.push(now_, _storedTotal.latest() + delta);
        emit PointsAwarded(account, pointsWad, stored);
    }

    /// @inheritdoc IVotes
    /// @dev Always reverts.
    function delegate(address) external view {
        revert ReputationNotDelegable(msg.sender);
    }

    /// @inheritdoc IVotes
    /// @dev Always reverts.
    function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) external view {
        revert ReputationNotDelegable(msg.sender);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IReputation
    function growth(uint256 timepoint) public view returns (uint256) {
        uint256 age = Math.saturatingSub(timepoint, birth);
        uint256 halfLives = age / halfLifeSeconds;
        if (halfLives >= LAST_HALF_LIFE) return type(uint256).max;
        return (halfLifeSeconds + age % halfLifeSeconds) << halfLives;
    }

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return _stored[account].latest() / growth(clock());
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _stored[account].upperLookupRecent(_past(timepoint)) / growth(timepoint);
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _storedTotal.upperLookupRecent(_past(timepoint)) / growth(timepoint);
    }

    /// @inheritdoc IReputation
    function totalPoints() external view returns (uint256) {
        return _storedTotal.latest() / growth(clock());
    }

    /// @inheritdoc IVotes
    /// @dev Always the account itself.
    function delegates(address account) external pure returns (address) {
        return account;
    }

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return Time.timestamp();
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The timepoint, if it is past.
    function _past(uint256 timepoint) private view returns (uint48) {
        uint48 now_ = clock();
        require(timepoint < now_, Votes.ERC5805FutureLookup(timepoint, now_));
        return uint48(timepoint);
    }
}
