// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {IHaltable} from "../../interfaces/IHaltable.sol";
import {IRounds} from "../../interfaces/IRounds.sol";
import {Electorate} from "../governance/Electorate.sol";
import {RoundTime} from "./RoundTime.sol";
import {RoundWords} from "./RoundWords.sol";
import {TallyWords} from "./TallyWords.sol";

/// @title Rulebook
/// @notice The rules of each round, and the thresholds that follow from them.
/// @dev Rules are checkpoints by round: they bind rounds whose posting begins after they were set.
abstract contract Rulebook is RoundTime, Electorate, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;
    using RoundWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MIN_PASSING_BPS = 200;
    uint256 internal constant MAX_PASSING_BPS = 5000;
    uint256 internal constant MIN_POSTING_BPS = 1;
    uint256 internal constant MAX_POSTING_BPS = 500;
    /// @dev Budget token units; the smallest ask is a hundredth of the cap.
    uint256 internal constant MIN_CAP = 100;

    uint256 private constant PASSING_AT = 96;
    uint256 private constant POSTING_AT = 112;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    ICampaignEscrow internal immutable _escrow;
    uint256 private immutable _passingFloor;
    uint256 private immutable _postingFloor;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IRounds
    /// @dev Shares slot 0 with the authority.
    uint32 public latestRound;

    /// @dev A round's facts; see RoundWords.
    mapping(uint256 round => uint256 word) internal _rounds;

    /// @dev By posting round: cap 96 | passingBps 16 | postingBps 16, from the lowest bit up.
    Checkpoints.Trace208 private _rules;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(address authority, address escrow, Frame memory frame_, Rules memory firstRules)
        AccessManaged(authority)
    {
        _escrow = ICampaignEscrow(escrow);
        _passingFloor = frame_.passingFloor;
        _postingFloor = frame_.postingFloor;
        _setRules(1, firstRules);
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IRounds
    function setRules(Rules calldata newRules) external restricted {
        _setRules(currentRound() + 1, newRules);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IRounds
    function frame() external view returns (Frame memory) {
        return Frame({
            origin: uint48(_origin),
            roundSeconds: uint32(_roundSeconds),
            holdingSeconds: holdingSeconds,
            passingFloor: uint112(_passingFloor),
            postingFloor: uint112(_postingFloor)
        });
    }

    /// @inheritdoc IRounds
    function rulesOf(uint32 round) external view returns (Rules memory) {
        return _rulesOf(round);
    }

    /// @inheritdoc IRounds
    function roundOf(uint32 round) external view returns (Round memory) {
        uint256 word = _rounds[round];
        bool isVoteBegun = word.isVoteBegun();
        return Round({
            threshold: isVoteBegun ? word.threshold() * word.unit() : word.postingThreshold(),
            unit: isVoteBegun ? word.unit() : 1,
            ideas: uint32(word.ideas()),
            passing: uint32(word.passing()),
            previous: uint32(word.previous()),
            walked: isVoteBegun ? uint32(word.walked()) : 0,
            funded: isVoteBegun ? uint32(word.funded()) : 0,
            assigned: isVoteBegun ? word.assigned() : 0,
            isVoteBegun: isVoteBegun,
            isSettled: word.isSettled()
        });
    }

    /// @inheritdoc IRounds
    function postingThreshold(uint32 round) external view returns (uint256) {
        return _postingThreshold(round, _rulesOf(round).postingBps);
    }

    /// @inheritdoc IRounds
    function passingThreshold(uint32 round) external view returns (uint256) {
        (uint256 threshold, uint256 exponent) = _passing(round);
        return threshold * 10 ** exponent;
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev A halt stops the whole round after the one it was made in: all its authors, and none of a round begun.
    function _requireNotHalted(uint256 round) internal view {
        uint256 at = _escrow.haltedAt();
        uint256 until = _startOf(round + 1);
        require(at < _startOf(round - 1) || at >= _startOf(round), IHaltable.HaltableHalted(until));
    }

    function _rulesOf(uint256 round) internal view returns (Rules memory) {
        uint256 packed = _rules.upperLookupRecent(uint48(round));
        return Rules({
            cap: uint96(packed),
            passingBps: uint16(packed >> PASSING_AT),
            postingBps: uint16(packed >> POSTING_AT)
        });
    }

    /// @dev Never 0, so that nobody posts without power.
    function _postingThreshold(uint256 round, uint256 postingBps) internal view returns (uint256) {
        return Math.max(_share(_startOf(round) - 1, postingBps, _postingFloor), 1);
    }

    /// @dev The passing threshold, rounded up, in the round's unit of votes: the least power of ten in which the supply
    /// before the vote and the threshold fit into a tally's sum. All votes of a moment are together at most the supply
    /// of that moment, so no sum can be larger, whatever is minted or wrapped before or after. Never 0, so that a tie
    /// is no.
    function _passing(uint256 round) internal view returns (uint256 threshold, uint256 exponent) {
        uint256 snapshot = _votingOpens(round) - 1;
        threshold = Math.max(_share(snapshot, _rulesOf(round).passingBps, _passingFloor), 1);
        uint256 most = Math.max(_votes.getPastTotalSupply(snapshot), threshold);
        for (; most >= TallyWords.MAX_SUM; most /= 10) {
            ++exponent;
        }
        threshold = Math.ceilDiv(threshold, 10 ** exponent);
    }

    function _setRules(uint32 fromRound, Rules memory newRules) private {
        require(newRules.cap >= MIN_CAP, IdeaBoardCapTooSmall(newRules.cap, MIN_CAP));
        _requireShareWithin(newRules.passingBps, MIN_PASSING_BPS, MAX_PASSING_BPS);
        _requireShareWithin(newRules.postingBps, MIN_POSTING_BPS, MAX_POSTING_BPS);
        uint256 packed = newRules.cap | (uint256(newRules.passingBps) << PASSING_AT)
            | (uint256(newRules.postingBps) << POSTING_AT);
        _rules.push(fromRound, uint208(packed));
        emit RulesSet(fromRound, newRules.cap, newRules.passingBps, newRules.postingBps);
    }
}
