// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {IOutcomes} from "../../interfaces/IOutcomes.sol";
import {DigestPath} from "../documents/DigestPath.sol";
import {OutcomeBooks} from "./OutcomeBooks.sol";
import {OutcomeDisputes} from "./OutcomeDisputes.sol";
import {OutcomeStates} from "./OutcomeStates.sol";

/// @title Outcomes
/// @notice Did it work? Reports of how much of a campaign's goal was reached, their challenges, and bonuses.
/// @dev OutcomeBooks holds the money, OutcomeStates what is known, OutcomeDisputes what is challenged.
contract Outcomes is OutcomeDisputes {
    using SafeCast for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant ONE = 1e6;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    mapping(uint32 campaign => mapping(address giver => uint112)) public bonusOf;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param board_ The board whose ideas' goals are meant, for ever.
    /// @param treasury_ Where forfeited money goes.
    /// @param metaEvidence sha2-256 of the ERC-1497 meta-evidence: what the arbitrator is asked.
    constructor(IIdeaBoard board_, address treasury_, bytes32 metaEvidence)
        OutcomeBooks(ICampaignEscrow(board_.escrow()).budgetToken(), treasury_)
        OutcomeStates(board_)
    {
        _checkDigest(metaEvidence);
        emit MetaEvidence(0, DigestPath.pathOf(metaEvidence));
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    function report(uint32 campaign, uint24 ppm, bytes32 evidence) external nonReentrant returns (uint32 id) {
        // Check:
        _checkDigest(evidence);
        require(ppm <= ONE, OutcomesMoreThanAll(ppm, ONE));
        ICampaigns.Campaign memory its = _ESCROW.campaignOf(campaign);
        Goal storage goal = _openGoal(campaign, its);

        // Effect: the latest fell, and is settled where nobody has done it.
        if (goal.latest == 0) {
            goal.lead = its.lead;
        } else {
            goal.fallen = uint8(Math.min(goal.fallen + 1, MAX_DOUBLINGS));
            if (!_reports[goal.latest].isSettled) _settle(goal.latest, _reports[goal.latest], false);
        }
        uint256 bond = _bond(its, goal.fallen);
        id = ++reports;
        goal.latest = id;
        Report storage r = _reports[id];
        r.reporter = msg.sender;
        r.ppm = ppm;
        r.since = block.timestamp.toUint32();
        r.campaign = campaign;
        r.termsId = its.termsId;
        r.bond = bond.toUint112();
        emit OutcomeReported(id, campaign, msg.sender, ppm, bond, goal.lead, evidence);

        // Interaction:
        _pull(bond);
    }

    /// @inheritdoc IOutcomes
    function offerBonus(uint32 campaign, uint112 amount) external nonReentrant {
        // Check:
        (uint256 from,) = windowOf(campaign);
        require(block.timestamp < from, OutcomesTooLateForBonus(campaign, from));
        require(amount != 0, OutcomesNothingDue(0));

        // Effect:
        bonusOf[campaign][msg.sender] += amount;
        emit BonusOffered(campaign, msg.sender, amount);

        // Interaction:
        _pull(amount);
    }

    /// @inheritdoc IOutcomes
    function settleBonus(uint32 campaign, address giver) external nonReentrant {
        // Check:
        (State state, uint24 ppm, address lead) = outcomeOf(campaign);
        require(state == State.Final || state == State.Void, OutcomesNotDecided(campaign));
        uint256 amount = bonusOf[campaign][giver];
        require(amount != 0, OutcomesNothingDue(0));

        // Effect:
        bonusOf[campaign][giver] = 0;
        uint256 toLead = (amount * ppm) / ONE; // 0 where it is void
        _credit(lead, toLead);
        _credit(giver, amount - toLead);
        emit BonusSettled(campaign, giver, lead, toLead, amount - toLead);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev A goal that can be reported now.
    function _openGoal(uint32 campaign, ICampaigns.Campaign memory its) private view returns (Goal storage goal) {
        (uint256 from, uint256 until) = _window(campaign, its);
        require(block.timestamp >= from && block.timestamp < until, OutcomesNotReportable(campaign, from, until));
        goal = _goals[campaign];
        (State state,) = _reported(goal);
        require(state == State.None, OutcomesReportInForce(campaign, goal.latest));
        require(_DESK.termsOf(its.termsId).arbitrator != address(0), OutcomesNoArbitrator(campaign));
    }
}
