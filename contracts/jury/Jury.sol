// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IArbitrationTime, IDisputeParties, IJurorShares, IJury} from "../../interfaces/IJury.sol";
import {IReputation} from "../../interfaces/IReputation.sol";
import {Electorate} from "../governance/Electorate.sol";

/// @title Jury
/// @notice Jurors commit, then reveal; the heavier side rules if a quorum spoke.
/// @dev An arbitrable names the parties of its disputes, so one that answers wrongly, or not at all, spoils its own
/// disputes and no others. It is asked by static calls, and is called only once, at the end, after all facts are
/// written; no re-entry can find anything half done.
contract Jury is IJury, Electorate, AccessManaged {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant CHOICES = 2;
    uint256 private constant MAX_WINDOW_SECONDS = 30 days;
    uint256 private constant MIN_QUORUM_BPS = 100;
    uint256 private constant MAX_QUORUM_BPS = 5_000;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    IERC5805 private immutable REPUTATION;
    uint256 private immutable MIN_POINTS;
    uint32 private immutable COMMIT_SECONDS;
    uint32 private immutable REVEAL_SECONDS;
    uint16 private immutable QUORUM_BPS;
    uint256 private immutable QUORUM_FLOOR;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev What a juror revealed: the ruling, and a part of its side's weight by prefix sums over reveals, in their
    /// order. One slot.
    struct Reveal {
        uint120 start;
        uint120 end;
        uint8 ruling;
    }

    /// @inheritdoc IJury
    mapping(address arbitrable => bool) public isAdmitted;

    /// @inheritdoc IJury
    uint256 public disputes;

    /// @inheritdoc IJury
    mapping(uint256 disputeID => mapping(address juror => bytes32)) public commitmentOf;

    mapping(uint256 disputeID => JuryCase) private _cases;
    mapping(uint256 disputeID => mapping(address juror => Reveal)) private _reveals;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param votes The ERC-5805 token that jurors come from before Reputation has its minimum.
    /// @param excluded Accounts that never judge: treasury, escrow, and at most four more.
    /// @param arbitrable Who is admitted from the first; governance admits others.
    /// @param frame What never changes.
    constructor(
        address authority,
        address votes,
        address[] memory excluded,
        address arbitrable,
        JuryFrame memory frame
    )
        Electorate(votes, excluded, frame.holdingSeconds)
        AccessManaged(authority)
    {
        require(authority != address(0) && frame.reputation != address(0), JuryZeroAddress());
        _requireTimestampClock(frame.reputation);
        _requireBounds(frame.commitSeconds, 1, MAX_WINDOW_SECONDS);
        _requireBounds(frame.revealSeconds, 1, MAX_WINDOW_SECONDS);
        _requireBounds(frame.quorumBps, MIN_QUORUM_BPS, MAX_QUORUM_BPS);
        REPUTATION = IERC5805(frame.reputation);
        MIN_POINTS = frame.minPoints;
        COMMIT_SECONDS = frame.commitSeconds;
        REVEAL_SECONDS = frame.revealSeconds;
        QUORUM_BPS = frame.quorumBps;
        QUORUM_FLOOR = frame.quorumFloor;
        _admit(arbitrable);
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IJury
    function admit(address arbitrable) external restricted {
        _admit(arbitrable);
    }

    /// @inheritdoc IArbitrator
    /// @dev For the admitted alone: strangers' disputes would only cost jurors their attention.
    function createDispute(uint256 choices, bytes calldata) external payable returns (uint256 disputeID) {
        // Check:
        require(isAdmitted[msg.sender], JuryNotAdmitted(msg.sender));
        require(msg.value == 0, JuryCostsNothing(msg.value));
        require(choices == CHOICES, JuryBadChoices(choices, CHOICES));

        // Effect: the bench is that of the latest boundary that is over, the same for all disputes of a round. The
        // quorum waits for the first commitment: the arbitrable cannot name parties of a dispute it has no number for.
        disputeID = ++disputes;
        uint256 boundary = IReputation(address(REPUTATION)).boundaryOf(block.timestamp - 1);
        uint256 points = _supplyOf(REPUTATION, boundary);
        JuryCase storage c = _cases[disputeID];
        c.arbitrable = msg.sender;
        c.openedAt = SafeCast.toUint40(block.timestamp);
        c.boundary = SafeCast.toUint40(boundary);
        c.isFromReputation = points >= MIN_POINTS && points > 0;
        emit DisputeCreation(disputeID, IArbitrable(msg.sender));
    }

    /// @inheritdoc IJury
    function commit(uint256 disputeID, bytes32 commitment) external {
        // Check:
        JuryCase storage c = _case(disputeID);
        uint256 until = _commitUntil(c);
        require(block.timestamp < until, JuryNotCommitting(disputeID, until));
        require(commitment != bytes32(0), JuryEmptyCommitment());
        address[] memory parties = _parties(c, disputeID);
        require(!_isAmong(parties, msg.sender), JuryParty(msg.sender));
        require(_weight(c, msg.sender) > 0, JuryNoWeight(msg.sender));

        // Effect:
        if (c.quorum == 0) c.quorum = _quorum(c, parties);
        commitmentOf[disputeID][msg.sender] = commitment;
        emit RulingCommitted(disputeID, msg.sender, commitment);
    }

    /// @inheritdoc IJury
    function reveal(uint256 disputeID, address juror, uint256 ruling, bytes32 salt) external {
        // Check:
        JuryCase storage c = _case(disputeID);
        uint256 from = _commitUntil(c);
        require(
            block.timestamp >= from && block.timestamp < from + REVEAL_SECONDS,
            JuryNotRevealing(disputeID, from, from + REVEAL_SECONDS)
        );
        require(ruling == 1 || ruling == CHOICES, JuryBadRuling(ruling));
        bytes32 committed = commitmentOf[disputeID][juror];
        bytes32 revealed = commitmentFor(disputeID, juror, ruling, salt);
        require(revealed == committed, JuryOtherCommitment(revealed, committed));

        // Effect: who could commit can reveal, whatever happened since.
        uint120 weight = SafeCast.toUint120(_weight(c, juror));
        uint120 start = ruling == 1 ? c.forOne : c.forTwo;
        _reveals[disputeID][juror] = Reveal({start: start, end: start + weight, ruling: uint8(ruling)});
        if (ruling == 1) c.forOne += weight;
        else c.forTwo += weight;
        delete commitmentOf[disputeID][juror];
        emit RulingRevealed(disputeID, juror, ruling, weight);
    }

    /// @inheritdoc IJury
    function executeRuling(uint256 disputeID) external {
        // Check:
        JuryCase storage c = _case(disputeID);
        uint256 from = _revealUntil(c);
        require(block.timestamp >= from && !c.isExecuted, JuryNotExecutable(disputeID, from));

        // Effect:
        c.isExecuted = true;
        uint256 ruling = _ruling(c);
        emit RulingExecuted(disputeID, ruling);

        // Interaction:
        IArbitrable(c.arbitrable).rule(disputeID, ruling);
    }

    /// @inheritdoc IArbitrator
    function appeal(uint256 disputeID, bytes calldata) external payable {
        revert JuryNoAppeal(disputeID);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IJury
    function juryFrame() external view returns (JuryFrame memory) {
        return JuryFrame({
            reputation: address(REPUTATION),
            minPoints: MIN_POINTS,
            commitSeconds: COMMIT_SECONDS,
            revealSeconds: REVEAL_SECONDS,
            quorumBps: QUORUM_BPS,
            quorumFloor: QUORUM_FLOOR,
            holdingSeconds: holdingSeconds
        });
    }

    /// @inheritdoc IJury
    function caseOf(uint256 disputeID) external view returns (JuryCase memory found) {
        JuryCase storage c = _case(disputeID);
        found = c;
        if (found.quorum == 0) found.quorum = _quorum(c, _parties(c, disputeID));
    }

    /// @inheritdoc IJury
    function revealOf(uint256 disputeID, address juror) external view returns (uint256 ruling, uint256 weight) {
        Reveal memory its = _reveals[disputeID][juror];
        return (its.ruling, its.end - its.start);
    }

    /// @inheritdoc IJury
    function weightOf(uint256 disputeID, address account) external view returns (uint256) {
        JuryCase storage c = _case(disputeID);
        return _isAmong(_parties(c, disputeID), account) ? 0 : _weight(c, account);
    }

    /// @inheritdoc IJury
    function commitmentFor(uint256 disputeID, address juror, uint256 ruling, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(block.chainid, address(this), disputeID, juror, ruling, salt));
    }

    /// @inheritdoc IJury
    function windowsOf(uint256 disputeID) external view returns (uint256 commitUntil, uint256 revealUntil) {
        JuryCase storage c = _case(disputeID);
        return (_commitUntil(c), _revealUntil(c));
    }

    /// @inheritdoc IArbitrationTime
    function rulingSeconds() external view returns (uint256) {
        return uint256(COMMIT_SECONDS) + REVEAL_SECONDS;
    }

    /// @inheritdoc IJurorShares
    /// @dev Of the side that ruled; of all who revealed, where none did.
    function sharesTotal(uint256 disputeID) external view returns (uint256) {
        JuryCase storage c = _case(disputeID);
        uint256 ruling = _finalRuling(c);
        if (ruling != 0) return ruling == 1 ? c.forOne : c.forTwo;
        return block.timestamp < _revealUntil(c) ? 0 : uint256(c.forOne) + c.forTwo;
    }

    /// @inheritdoc IJurorShares
    function shareOf(uint256 disputeID, address juror) external view returns (uint256 start, uint256 end) {
        JuryCase storage c = _case(disputeID);
        Reveal memory its = _reveals[disputeID][juror];
        uint256 ruling = _finalRuling(c);
        if (block.timestamp < _revealUntil(c) || (ruling != 0 && ruling != its.ruling)) return (0, 0);
        // Where none ruled, the second side follows on the first.
        uint256 offset = ruling == 0 && its.ruling == CHOICES ? c.forOne : 0;
        return (offset + its.start, offset + its.end);
    }

    /// @inheritdoc IArbitrator
    function arbitrationCost(bytes calldata) external pure returns (uint256) {
        return 0;
    }

    /// @inheritdoc IArbitrator
    /// @dev Nobody can pay this much: there is no appeal.
    function appealCost(uint256, bytes calldata) external pure returns (uint256) {
        return type(uint256).max;
    }

    /// @inheritdoc IArbitrator
    function appealPeriod(uint256) external pure returns (uint256 start, uint256 end) {
        return (0, 0);
    }

    /// @inheritdoc IArbitrator
    function disputeStatus(uint256 disputeID) external view returns (DisputeStatus) {
        return block.timestamp < _revealUntil(_case(disputeID)) ? DisputeStatus.Waiting : DisputeStatus.Solved;
    }

    /// @inheritdoc IArbitrator
    /// @dev 0 while jurors can still reveal: what is not final is nobody's advice.
    function currentRuling(uint256 disputeID) external view returns (uint256) {
        return _finalRuling(_case(disputeID));
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _case(uint256 disputeID) private view returns (JuryCase storage c) {
        c = _cases[disputeID];
        require(c.openedAt != 0, JuryUnknownDispute(disputeID));
    }

    function _commitUntil(JuryCase storage c) private view returns (uint256) {
        return uint256(c.openedAt) + COMMIT_SECONDS;
    }

    function _revealUntil(JuryCase storage c) private view returns (uint256) {
        return _commitUntil(c) + REVEAL_SECONDS;
    }

    /// @dev 0 before the end.
    function _finalRuling(JuryCase storage c) private view returns (uint256) {
        return block.timestamp < _revealUntil(c) ? 0 : _ruling(c);
    }

    /// @dev Quorum missed and tie are no ruling; nobody's silence is a tie, also where the quorum is zero.
    function _ruling(JuryCase storage c) private view returns (uint256) {
        if (uint256(c.forOne) + c.forTwo < c.quorum || c.forOne == c.forTwo) return 0;
        return c.forOne > c.forTwo ? 1 : CHOICES;
    }

    function _weight(JuryCase storage c, address account) private view returns (uint256) {
        if (!c.isFromReputation) return pastWeight(account, c.boundary);
        return isExcluded(account) ? 0 : REPUTATION.getPastVotes(account, c.boundary);
    }

    /// @dev A share of the whole, or the floor of tokens, and of that as much as remains of the whole without the
    /// parties: so the floor stops whoever wraps a few tokens first, and no party by having many.
    function _quorum(JuryCase storage c, address[] memory parties) private view returns (uint256) {
        uint256 total = _supplyOf(c.isFromReputation ? REPUTATION : _votes, c.boundary);
        uint256 needed = Math.mulDiv(total, QUORUM_BPS, WHOLE_BPS, Math.Rounding.Ceil);
        if (!c.isFromReputation) needed = Math.max(needed, QUORUM_FLOOR);
        uint256 left = total;
        for (uint256 i = 0; i < parties.length; ++i) {
            left = Math.saturatingSub(left, _weight(c, parties[i]));
        }
        return Math.mulDiv(needed, left, Math.max(total, 1), Math.Rounding.Ceil);
    }

    function _parties(JuryCase storage c, uint256 disputeID) private view returns (address[] memory) {
        return IDisputeParties(c.arbitrable).partiesOf(address(this), disputeID);
    }

    function _isAmong(address[] memory accounts, address account) private pure returns (bool) {
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }

    function _admit(address arbitrable) private {
        require(arbitrable != address(0), JuryZeroAddress());
        isAdmitted[arbitrable] = true;
        emit ArbitrableAdmitted(arbitrable);
    }

    function _requireBounds(uint256 value, uint256 min, uint256 max) private pure {
        require(value >= min && value <= max, JuryFrameOutOfBounds(value, min, max));
    }
}
