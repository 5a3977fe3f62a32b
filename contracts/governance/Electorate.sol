// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IElectorate} from "../../interfaces/IElectorate.sol";
import {ExcludedAccounts} from "./ExcludedAccounts.sol";

/// @title Electorate
/// @notice Shares of the votable supply, rounded up and never below a floor.
abstract contract Electorate is ExcludedAccounts, IElectorate {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev 100 % in bps.
    uint256 internal constant WHOLE_BPS = 10_000;

    uint256 internal constant MAX_HOLDING_SECONDS = 90 days;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    IERC5805 internal immutable _votes;

    /// @inheritdoc IElectorate
    uint32 public immutable holdingSeconds;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param votes The ERC-5805 token; its clock has to be in seconds.
    /// @param excluded At most six accounts, distinct and not zero.
    /// @param holdingSeconds_ How far apart the two readings of a weight lie, in seconds: 1 to 90 days.
    constructor(address votes, address[] memory excluded, uint32 holdingSeconds_) ExcludedAccounts(excluded) {
        require(
            holdingSeconds_ != 0 && holdingSeconds_ <= MAX_HOLDING_SECONDS,
            ElectorateHoldingOutOfBounds(holdingSeconds_, 1, MAX_HOLDING_SECONDS)
        );
        _votes = IERC5805(votes);
        holdingSeconds = holdingSeconds_;
        _requireTimestampClock(votes);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IElectorate
    function votesToken() public view returns (address) {
        return address(_votes);
    }

    /// @inheritdoc IElectorate
    function pastWeight(address account, uint256 timepoint) public view returns (uint256) {
        if (isExcluded(account)) return 0;
        return Math.min(
            _votes.getPastVotes(account, timepoint),
            _votes.getPastVotes(account, Math.saturatingSub(timepoint, holdingSeconds))
        );
    }

    /// @inheritdoc IElectorate
    function votableSupply(uint256 timepoint) public view returns (uint256) {
        return _supplyOf(_votes, timepoint);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev All votes of a source at a past moment, in its units, without those of excluded accounts.
    function _supplyOf(IERC5805 source, uint256 timepoint) internal view returns (uint256 supply) {
        supply = source.getPastTotalSupply(timepoint);
        address[] memory excluded = excludedAccounts();
        for (uint256 i = 0; i < excluded.length; ++i) {
            supply -= source.getPastVotes(excluded[i], timepoint);
        }
    }

    /// @dev max(votable supply × shareBps / 1e4 rounded up, floor), in units of the votes token.
    function _share(uint256 timepoint, uint256 shareBps, uint256 floor) internal view returns (uint256) {
        return Math.max(Math.mulDiv(votableSupply(timepoint), shareBps, WHOLE_BPS, Math.Rounding.Ceil), floor);
    }

    /// @dev Reverts unless the source of votes keeps time in seconds.
    function _requireTimestampClock(address source) internal view {
        string memory mode = IERC5805(source).CLOCK_MODE();
        require(keccak256(bytes(mode)) == keccak256("mode=timestamp"), ElectorateNotTimestampClock(mode));
    }

    /// @dev Reverts for excluded accounts.
    function _requireIncluded(address account) internal view {
        require(!isExcluded(account), ElectorateExcluded(account));
    }

    /// @dev Reverts unless min <= shareBps <= max, all in bps.
    function _requireShareWithin(uint256 shareBps, uint256 minBps, uint256 maxBps) internal pure {
        require(shareBps >= minBps && shareBps <= maxBps, ElectorateShareOutOfBounds(shareBps, minBps, maxBps));
    }
}
