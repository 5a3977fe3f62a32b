// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {IRounds} from "../../interfaces/IRounds.sol";

/// @title RoundTime
/// @notice Cuts time into rounds by arithmetic from an immutable origin; windows are half-open.
/// @dev Round r is posted while round r runs, voted on while r + 1 runs, settled while r + 2 and r + 3 run.
abstract contract RoundTime is IIdeaBoard {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MIN_ROUND_SECONDS = 10;
    uint256 internal constant MAX_ROUND_SECONDS = 90 days;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal immutable _origin;
    uint256 internal immutable _roundSeconds;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The origin lies after one round and one holding period of Unix time, so that no subtraction underflows.
    constructor(uint48 origin, uint32 roundSeconds, uint32 holdingSeconds) {
        require(
            roundSeconds >= MIN_ROUND_SECONDS && roundSeconds <= MAX_ROUND_SECONDS
                && origin > uint256(roundSeconds) + holdingSeconds,
            IdeaBoardBadFrame(origin, roundSeconds, holdingSeconds)
        );
        _origin = origin;
        _roundSeconds = roundSeconds;
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IRounds
    function currentRound() public view returns (uint32) {
        return block.timestamp < _origin ? 0 : uint32(_votedOn() + 1);
    }

    /// @inheritdoc IRounds
    function postingOpens(uint32 round) external view returns (uint256) {
        return _startOf(round);
    }

    /// @inheritdoc IRounds
    function votingOpens(uint32 round) external view returns (uint256) {
        return _votingOpens(round);
    }

    /// @inheritdoc IRounds
    function votingCloses(uint32 round) external view returns (uint256) {
        return _votingCloses(round);
    }

    /// @inheritdoc IRounds
    function lateFrom(uint32 round) external view returns (uint256) {
        return _lateFrom(round);
    }

    /// @inheritdoc IRounds
    function lapsesAt(uint32 round) external view returns (uint256) {
        return _lapsesAt(round);
    }

    // ── internals: Unix seconds ─────────────────────────────────────────────────────────────────────────────────
    // Unchecked: rounds are below 2^33 and last less than 2^23 seconds; the origin is below 2^48 and later than one
    // round. So every sum is at least 0 and below 2^57.

    /// @dev The round before the current one; 0 for none.
    function _votedOn() internal view returns (uint256) {
        unchecked {
            return block.timestamp < _origin ? 0 : (block.timestamp - _origin) / _roundSeconds;
        }
    }

    function _startOf(uint256 round) internal view returns (uint256) {
        unchecked {
            return _origin + round * _roundSeconds - _roundSeconds;
        }
    }

    function _votingOpens(uint256 round) internal view returns (uint256) {
        unchecked {
            return _startOf(round + 1);
        }
    }

    function _votingCloses(uint256 round) internal view returns (uint256) {
        unchecked {
            return _startOf(round + 2);
        }
    }

    function _lateFrom(uint256 round) internal view returns (uint256) {
        unchecked {
            return _votingCloses(round) - _roundSeconds / 10;
        }
    }

    function _lapsesAt(uint256 round) internal view returns (uint256) {
        unchecked {
            return _startOf(round + 4);
        }
    }

    /// @dev When a round's vote opens, closes, and from when on it is late.
    function _voteOf(uint256 round) internal view returns (uint256 opens, uint256 closes, uint256 late) {
        unchecked {
            opens = _origin + round * _roundSeconds;
            closes = opens + _roundSeconds;
            late = closes - _roundSeconds / 10;
        }
    }
}
