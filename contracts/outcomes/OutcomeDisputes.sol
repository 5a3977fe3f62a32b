// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IDisputeParties, IJurorShares} from "../../interfaces/IJury.sol";
import {IOutcomes} from "../../interfaces/IOutcomes.sol";
import {CallGas} from "../campaigns/CallGas.sol";
import {DisputeMath} from "../campaigns/DisputeMath.sol";
import {MeasureWords} from "../campaigns/MeasureWords.sol";
import {DigestPath} from "../documents/DigestPath.sol";
import {OutcomeStates} from "./OutcomeStates.sol";

/// @title OutcomeDisputes
/// @notice Reports that were challenged: asked, ruled, settled, their jurors paid.
/// @dev A report that nobody could rule about falls, so a lie is never final because nobody could be asked.
abstract contract OutcomeDisputes is OutcomeStates {
    using MeasureWords for uint256;
    using SafeCast for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant CHOICES = 2;
    /// @dev Gas an arbitrator gets to tell one number, and to open a dispute.
    uint256 private constant ANSWER_GAS = 100_000;
    uint256 private constant OPEN_GAS = 1_000_000;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    mapping(address arbitrator => mapping(uint256 disputeID => uint32 report)) public reportOf;
    /// @inheritdoc IOutcomes
    mapping(uint32 report => mapping(address juror => bool)) public isJurorPaid;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    function challenge(uint32 id, bytes32 statement) external payable nonReentrant returns (uint256 disputeID) {
        // Check:
        _checkDigest(statement);
        Report storage r = _known(id);
        uint256 measures = _DESK.measuresOf(r.termsId);
        uint256 ends = r.since + measures.challengeSeconds();
        require(r.challenger == address(0) && block.timestamp < ends, OutcomesNotChallengeable(id, ends));

        // Effect:
        r.challenger = msg.sender;
        r.until = (block.timestamp + measures.arbitrationSeconds()).toUint32();

        // Interaction:
        _pull(r.bond);
        bool isAsked;
        (isAsked, disputeID) = _open(id, _DESK.termsOf(r.termsId), statement);
        if (isAsked) r.disputeID = disputeID;
        else r.isRuled = true; // whoever cannot be asked rules nothing
        emit OutcomeChallenged(id, msg.sender, isAsked, disputeID, r.until, statement);
    }

    /// @inheritdoc IOutcomes
    function submitEvidence(uint32 id, bytes32 evidence) external {
        _checkDigest(evidence);
        Report storage r = _known(id);
        require(_isOpen(r), OutcomesNotOpen(id, r.until));
        emit Evidence(
            IArbitrator(_DESK.termsOf(r.termsId).arbitrator), id, msg.sender, DigestPath.pathOf(evidence)
        );
    }

    /// @inheritdoc IArbitrable
    /// @dev Only records: once, in time, from that arbitrator.
    function rule(uint256 disputeID, uint256 ruling) external nonReentrant {
        uint32 id = reportOf[msg.sender][disputeID];
        require(id != 0, OutcomesNotArbitrator(msg.sender, disputeID));
        Report storage r = _reports[id];
        require(_isOpen(r), OutcomesNotOpen(id, r.until));
        _record(r, ruling);
        emit Ruling(IArbitrator(msg.sender), disputeID, ruling);
    }

    /// @inheritdoc IOutcomes
    function settle(uint32 id) external nonReentrant {
        Report storage r = _known(id);
        require(!r.isSettled, OutcomesNothingDue(0));
        if (_isOpen(r)) _pullRuling(r);
        (bool isOver, bool stands) = _verdict(r);
        if (!isOver) {
            // Not by `require`, which works its error out in any case.
            revert OutcomesIsPending(
                id, r.until != 0 ? r.until : r.since + _DESK.measuresOf(r.termsId).challengeSeconds()
            );
        }
        _settle(id, r, stands);
    }

    // ── actions: jurors ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    function payJurors(uint32 id, address[] calldata jurors) external nonReentrant {
        Report storage r = _known(id);
        IJurorShares arbitrator = IJurorShares(_DESK.termsOf(r.termsId).arbitrator);
        uint256 before = r.pot;
        for (uint256 i = 0; i < jurors.length && r.pot != 0; ++i) {
            // Check:
            if (isJurorPaid[id][jurors[i]]) continue;
            (uint256 start, uint256 end) = arbitrator.shareOf(r.disputeID, jurors[i]);
            uint256 amount = DisputeMath.shareOf(r.potWhole, start, end, r.sharesTotal);
            if (amount == 0 || amount > r.pot) continue;

            // Effect:
            isJurorPaid[id][jurors[i]] = true;
            r.pot -= uint112(amount);
            _credit(jurors[i], amount);
            emit OutcomeJurorPaid(id, jurors[i], amount);
        }
        require(r.pot != before, OutcomesNothingDue(before));
    }

    /// @inheritdoc IOutcomes
    function expireJurors(uint32 id) external nonReentrant {
        // Check:
        Report storage r = _known(id);
        uint256 amount = r.pot;
        require(amount != 0, OutcomesNothingDue(0));
        _requireExpired(r.settledAt);

        // Effect:
        r.pot = 0;
        _toTreasury(amount);
        emit OutcomeJurorsExpired(id, amount);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeParties
    function partiesOf(address arbitrator, uint256 disputeID) external view returns (address[] memory parties) {
        uint32 id = reportOf[arbitrator][disputeID];
        require(id != 0, OutcomesNotArbitrator(arbitrator, disputeID));
        Report storage r = _reports[id];
        address lead = _goals[r.campaign].lead;
        bool isOne = r.challenger == r.reporter;
        bool isLeadOne = lead == r.reporter || lead == r.challenger;
        parties = new address[](1 + (isOne ? 0 : 1) + (isLeadOne ? 0 : 1));
        parties[0] = r.reporter;
        if (!isOne) parties[1] = r.challenger;
        if (!isLeadOne) parties[parties.length - 1] = lead;
    }

    // ── internals: arbitrators ──────────────────────────────────────────────────────────────────────────────────────

    /// @dev Whoever cannot be asked, or answers nonsense, must not make a lie final; nor can a challenger make it so by
    /// keeping gas back.
    function _open(uint32 id, IDisputeDesk.Terms memory terms, bytes32 statement)
        private
        returns (bool isAsked, uint256 disputeID)
    {
        address arbitrator = terms.arbitrator;
        (, uint256 cost) =
            _ask(arbitrator, abi.encodeCall(IArbitrator.arbitrationCost, (terms.arbitratorExtraData)));
        require(msg.value == cost, OutcomesWrongCost(msg.value, cost));
        CallGas.check(OPEN_GAS);
        (bool hasTaken, bytes memory said) = arbitrator.call{value: cost, gas: OPEN_GAS}(
            abi.encodeCall(IArbitrator.createDispute, (CHOICES, terms.arbitratorExtraData))
        );
        if (!hasTaken && cost != 0) Address.sendValue(payable(msg.sender), cost);
        if (!hasTaken || said.length < 32) return (false, 0);
        disputeID = abi.decode(said, (uint256));
        if (reportOf[arbitrator][disputeID] != 0) return (false, 0);
        reportOf[arbitrator][disputeID] = id;
        emit Dispute(IArbitrator(arbitrator), disputeID, 0, id);
        emit Evidence(IArbitrator(arbitrator), id, msg.sender, DigestPath.pathOf(statement));
        return (true, disputeID);
    }

    /// @dev Where the arbitrator told how long it needs it is asked from then on, and its answer recorded. Only ever
    /// before the report's end: a state that was told stays.
    function _pullRuling(Report storage r) private {
        uint256 needed = _DESK.rulingSecondsOf(r.termsId);
        uint256 opened = r.until - _DESK.measuresOf(r.termsId).arbitrationSeconds();
        if (needed == 0 || block.timestamp < opened + needed) return;
        (bool hasAnswered, uint256 ruling) = _ask(
            _DESK.termsOf(r.termsId).arbitrator, abi.encodeCall(IArbitrator.currentRuling, (r.disputeID))
        );
        if (hasAnswered) _record(r, ruling);
    }

    function _record(Report storage r, uint256 ruling) private {
        r.isRuled = true;
        r.ruling = ruling > CHOICES ? 0 : uint8(ruling);
    }

    function _ask(address arbitrator, bytes memory question) private view returns (bool hasAnswered, uint256 answer) {
        CallGas.check(ANSWER_GAS);
        bytes memory said;
        (hasAnswered, said) = arbitrator.staticcall{gas: ANSWER_GAS}(question);
        hasAnswered = hasAnswered && said.length >= 32;
        if (hasAnswered) answer = abi.decode(said, (uint256));
    }

    // ── internals: ends ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The table of ends: each report gives out what it took in, to the unit.
    function _settle(uint32 id, Report storage r, bool stands) internal {
        uint256 bond = r.bond;
        (uint256 toReporter, uint256 toChallenger, uint256 toJurors) = (bond, 0, 0);
        if (r.challenger != address(0) && r.ruling == 0) {
            uint256 tenth = bond / 10;
            (toReporter, toChallenger, toJurors) = (bond - tenth, bond - tenth, 2 * tenth);
        } else if (r.challenger != address(0)) {
            toJurors = bond / 2;
            uint256 toWinner = 2 * bond - toJurors;
            (toReporter, toChallenger) = stands ? (toWinner, uint256(0)) : (uint256(0), toWinner);
        }
        uint256 total = toJurors == 0 ? 0 : _sharesTotal(id, r);
        r.isSettled = true;
        if (total != 0) {
            r.pot = uint112(toJurors);
            r.potWhole = uint112(toJurors);
            r.sharesTotal = uint128(total);
            r.settledAt = block.timestamp.toUint32();
        }
        _credit(r.reporter, toReporter);
        _credit(r.challenger, toChallenger);
        if (total == 0) _toTreasury(toJurors);
        emit OutcomeSettled(
            id,
            stands,
            r.ruling,
            toReporter,
            toChallenger,
            total == 0 ? 0 : toJurors,
            total == 0 ? toJurors : 0
        );
    }

    /// @dev 0 where there is nobody to pay: also where the arbitrator never had the dispute, or tells a sum beyond all
    /// weights.
    function _sharesTotal(uint32 id, Report storage r) private view returns (uint256 total) {
        IDisputeDesk.Terms memory terms = _DESK.termsOf(r.termsId);
        if (!terms.paysJurors || reportOf[terms.arbitrator][r.disputeID] != id) return 0;
        (, total) = _ask(terms.arbitrator, abi.encodeCall(IJurorShares.sharesTotal, (r.disputeID)));
        if (total > type(uint128).max) return 0;
    }
}
