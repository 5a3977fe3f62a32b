// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {IOutcomes} from "../../interfaces/IOutcomes.sol";
import {DisputeMath} from "../campaigns/DisputeMath.sol";
import {MeasureWords} from "../campaigns/MeasureWords.sol";
import {OutcomeBooks} from "./OutcomeBooks.sol";

/// @title OutcomeStates
/// @notice What is known of every campaign's goal.
/// @dev A state is a function of what was recorded and the clock alone, so final and void never change: also where an
/// arbitrator tells a ruling now and another later.
abstract contract OutcomeStates is OutcomeBooks {
    using MeasureWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant REPORT_SECONDS = 90 days;
    /// @dev A bond doubles with each report that fell, so often at most.
    uint256 internal constant MAX_DOUBLINGS = 3;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    IIdeaBoard private immutable _BOARD;
    ICampaignEscrow internal immutable _ESCROW;
    IDisputeDesk internal immutable _DESK;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    uint32 public reports;

    mapping(uint32 campaign => Goal) internal _goals;
    mapping(uint32 report => Report) internal _reports;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(IIdeaBoard board_) {
        _BOARD = board_;
        _ESCROW = ICampaignEscrow(board_.escrow());
        _DESK = IDisputeDesk(_ESCROW.desk());
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    function board() external view returns (address) {
        return address(_BOARD);
    }

    /// @inheritdoc IOutcomes
    function outcomeOf(uint32 campaign) public view returns (State state, uint24 ppm, address lead) {
        Goal storage goal = _goals[campaign];
        lead = goal.lead;
        (state, ppm) = _reported(goal);
        if (state == State.None) {
            (, uint256 until) = windowOf(campaign);
            if (block.timestamp >= until) state = State.Void;
        }
    }

    /// @inheritdoc IOutcomes
    function windowOf(uint32 campaign) public view returns (uint256 from, uint256 until) {
        return _window(campaign, _ESCROW.campaignOf(campaign));
    }

    /// @inheritdoc IOutcomes
    function bondOf(uint32 campaign) external view returns (uint256) {
        Goal storage goal = _goals[campaign];
        ICampaigns.Campaign memory its = _ESCROW.campaignOf(campaign);
        _window(campaign, its);
        (State state,) = _reported(goal);
        bool hasFallen = goal.latest != 0 && state == State.None;
        return _bond(its, Math.min(goal.fallen + (hasFallen ? 1 : 0), MAX_DOUBLINGS));
    }

    /// @inheritdoc IOutcomes
    function goalOf(uint32 campaign) external view returns (Goal memory) {
        return _goals[campaign];
    }

    /// @inheritdoc IOutcomes
    function reportById(uint32 id) external view returns (Report memory) {
        return _reports[id];
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _checkDigest(bytes32 digest) internal pure {
        require(digest != 0, OutcomesNoDigest());
    }

    function _known(uint32 id) internal view returns (Report storage r) {
        r = _reports[id];
        require(r.since != 0, OutcomesUnknownReport(id));
    }

    /// @dev An early end moves the beginning, no further than to the planned end of a campaign that was funded at
    /// once; the end is fixed by the round. What is not passing when its vote has closed was never funded, and a
    /// campaign that was over by then is an earlier board's.
    function _window(uint32 campaign, ICampaigns.Campaign memory its)
        internal
        view
        returns (uint256 from, uint256 until)
    {
        require(its.endsAt != 0, OutcomesOtherBoard(campaign));
        IIdeaBoard.Idea memory idea = _BOARD.ideaOf(its.round, its.number);
        uint256 closes = _BOARD.votingCloses(its.round);
        bool isFunded = block.timestamp >= closes && its.endsAt > closes
            && _BOARD.tallyOf(its.round, its.number).isPassing;
        require(
            isFunded && idea.ask == its.ask && idea.feeBps == its.feeBps,
            OutcomesOtherBoard(campaign)
        );
        from = Math.max(its.endsAt, closes + idea.durationSeconds);
        until = _BOARD.lapsesAt(its.round) + idea.durationSeconds + REPORT_SECONDS;
    }

    /// @dev What the latest report says: pending, final, or none, which the end of the window makes void.
    function _reported(Goal storage goal) internal view returns (State state, uint24 ppm) {
        if (goal.latest == 0) return (State.None, 0);
        Report storage r = _reports[goal.latest];
        (bool isOver, bool stands) = _verdict(r);
        if (!isOver) return (State.Pending, 0);
        return stands ? (State.Final, r.ppm) : (State.None, 0);
    }

    /// @dev Of what is recorded and the clock.
    function _verdict(Report storage r) internal view returns (bool isOver, bool stands) {
        if (r.challenger == address(0)) {
            isOver = block.timestamp >= r.since + _DESK.measuresOf(r.termsId).challengeSeconds();
            return (isOver, isOver);
        }
        return (!_isOpen(r), r.ruling == 1);
    }

    /// @dev Challenged, and a ruling can come.
    function _isOpen(Report storage r) internal view returns (bool) {
        return r.challenger != address(0) && !r.isRuled && block.timestamp < r.until;
    }

    function _bond(ICampaigns.Campaign memory its, uint256 fallen) internal view returns (uint256) {
        return DisputeMath.bondOf(its.ask, _DESK.measuresOf(its.termsId)) << fallen;
    }
}
