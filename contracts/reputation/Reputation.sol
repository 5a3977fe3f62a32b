// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {IReputation} from "../../interfaces/IReputation.sol";
import {PointWords} from "./PointWords.sol";

/// @title Reputation
/// @notice Points earned by paid work; they fade with a half-life, and nobody can move or delegate them.
contract Reputation is AccessManaged, IReputation, IERC5805 {
    using PointWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant MIN_HALF_LIFE_SECONDS = 90 days;
    uint256 private constant MAX_HALF_LIFE_SECONDS = 720 days;
    uint256 private constant MIN_ROUND_SECONDS = 10;
    uint256 private constant MAX_ROUND_SECONDS = 90 days;

    /// @dev The smallest part of a point that is kept, WAD: a billionth.
    uint256 private constant GRAIN = 1e9;

    /// @dev After so many, g is above 2^166, and every stored value (136 bits) × GRAIN is below: all reads as zero.
    uint256 private constant LAST_HALF_LIFE = 144;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IReputation
    uint256 public immutable halfLifeSeconds;

    /// @inheritdoc IReputation
    uint48 public immutable birth;

    /// @inheritdoc IReputation
    uint256 public immutable roundSeconds;

    /// @inheritdoc IReputation
    uint256 public immutable phase;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev One account's values by boundary.
    /// @param head The newest: all that an award within a round reads and writes. See PointWords.
    /// @param pasts Earlier ones, each of which counted until the next did.
    struct History {
        uint256 head;
        mapping(uint256 index => uint256) pasts;
    }

    mapping(address account => History) private _histories;
    /// @dev The sum of all accounts.
    History private _total;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param halfLifeSeconds_ The half-life, in seconds: 90 to 720 days.
    /// @param origin Any moment that is a boundary, Unix seconds.
    /// @param roundSeconds_ From one boundary to the next, in seconds: 10 seconds to 90 days.
    constructor(address authority, uint256 halfLifeSeconds_, uint256 origin, uint256 roundSeconds_)
        AccessManaged(authority)
    {
        require(
            halfLifeSeconds_ >= MIN_HALF_LIFE_SECONDS && halfLifeSeconds_ <= MAX_HALF_LIFE_SECONDS,
            ReputationHalfLifeOutOfBounds(halfLifeSeconds_, MIN_HALF_LIFE_SECONDS, MAX_HALF_LIFE_SECONDS)
        );
        require(
            roundSeconds_ >= MIN_ROUND_SECONDS && roundSeconds_ <= MAX_ROUND_SECONDS,
            ReputationRoundOutOfBounds(roundSeconds_, MIN_ROUND_SECONDS, MAX_ROUND_SECONDS)
        );
        halfLifeSeconds = halfLifeSeconds_;
        birth = Time.timestamp();
        roundSeconds = roundSeconds_;
        phase = origin % roundSeconds_;
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IReputation
    function awardMany(address[] calldata accounts, uint256[] calldata pointsWad) external restricted {
        // Check:
        require(accounts.length == pointsWad.length, ReputationListsDiffer(accounts.length, pointsWad.length));

        // Effect: what counts from one boundary on is multiplied by one g.
        uint256 from = boundaryOf(block.timestamp) + roundSeconds;
        uint256 factor = growth(from);
        uint256 sum;
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (accounts[i] == address(0)) continue;
            uint256 grains = pointsWad[i] / GRAIN;
            _add(_histories[accounts[i]], grains, factor, from);
            emit PointsAwarded(accounts[i], grains * GRAIN, from);
            sum += grains;
        }
        _add(_total, sum, factor, from);
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
    function boundaryOf(uint256 timepoint) public view returns (uint256) {
        if (timepoint < phase) return 0;
        return timepoint - (timepoint - phase) % roundSeconds;
    }

    /// @inheritdoc IReputation
    function growth(uint256 timepoint) public view returns (uint256) {
        uint256 age = Math.saturatingSub(timepoint, birth);
        uint256 halfLives = age / halfLifeSeconds;
        if (halfLives >= LAST_HALF_LIFE) return type(uint256).max;
        return (halfLifeSeconds + age % halfLifeSeconds) << halfLives;
    }

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return _pointsAt(_histories[account], block.timestamp);
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        _requirePastBoundary(timepoint);
        return _pointsAt(_histories[account], timepoint);
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        _requirePastBoundary(timepoint);
        return _pointsAt(_total, timepoint);
    }

    /// @inheritdoc IReputation
    function totalPoints() external view returns (uint256) {
        return _pointsAt(_total, block.timestamp);
    }

    /// @inheritdoc IReputation
    function pendingOf(address account) external view returns (uint256) {
        History storage history = _histories[account];
        uint256 head = history.head;
        return ((head.stored() - _storedAt(history, block.timestamp)) / growth(head.since())) * GRAIN;
    }

    /// @inheritdoc IReputation
    function lifetimeOf(address account) external view returns (uint256) {
        return _histories[account].head.lifetime() * GRAIN;
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

    /// @dev A value that has begun to count is kept; one that has not is overwritten.
    function _add(History storage history, uint256 grains, uint256 factor, uint256 from) private {
        uint256 head = history.head;
        uint256 pasts = head.pasts();
        if (head != 0 && head.since() != from) history.pasts[pasts++] = head;
        history.head = PointWords.pack(
            head.stored() + grains * factor, from, Math.min(head.lifetime() + grains, PointWords.MAX_LIFETIME), pasts
        );
    }

    function _pointsAt(History storage history, uint256 timepoint) private view returns (uint256) {
        return (_storedAt(history, timepoint) * GRAIN) / growth(timepoint);
    }

    /// @dev The value that counts at a moment, which is not later than now.
    function _storedAt(History storage history, uint256 timepoint) private view returns (uint256) {
        uint256 head = history.head;
        if (head.since() <= timepoint) return head.stored();
        uint256 low;
        uint256 high = head.pasts();
        while (low < high) {
            uint256 mid = Math.average(low, high);
            if (history.pasts[mid].since() <= timepoint) low = mid + 1;
            else high = mid;
        }
        return low == 0 ? 0 : history.pasts[low - 1].stored();
    }

    function _requirePastBoundary(uint256 timepoint) private view {
        uint48 now_ = clock();
        require(timepoint < now_, Votes.ERC5805FutureLookup(timepoint, now_));
        uint256 boundary = boundaryOf(timepoint);
        require(timepoint == boundary, ReputationNotABoundary(timepoint, boundary));
    }
}
