// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IArbitrationTime, IDisputeParties, IJurorShares, IJury} from "../../interfaces/IJury.sol";
import {Electorate} from "../governance/Electorate.sol";

/// @title Jury
/// @notice Jurors commit, then reveal; the heavier side rules if a quorum spoke.
/// @dev Role ARBITRABLE is trusted: an arbitrable names the parties of its disputes, so one that answers wrongly, or
/// not at all, spoils its own disputes and no others. It is asked by static calls, and is called only once, at the
/// end, after all facts are written; no re-entry can find anything half done.
contract Jury is IJury, IArbitrationTime, Electorate, AccessManaged {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant CHOICES = 2;
    uint256 private constant MAX_WINDOW_SECONDS = 30 days;
    uint256 private constant MIN_QUORUM_BPS = 100;
    uint256 private constant MAX_QUORUM_BPS = 5_000;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    address private immutable REPUTATION;
    uint256 private immutable MIN_POINTS;
    uint32 private immutable COMMIT_SECONDS;
    uint32 private immutable REVEAL_SECONDS;
    uint16 private immutable QUORUM_BPS;
    uint256 private immutable QUORUM_FLOOR;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev A juror's share of a dispute: prefix sums over reveals, in their order. One slot.
    struct Share {
        uint128 start;
        uint128 end;
    }

    /// @inheritdoc IJury
    uint256 public disputes;

    mapping(uint256 disputeID => JuryCase) private _cases;
    mapping(uint256 disputeID => mapping(address juror => bytes32)) private _commitments;
    mapping(uint256 disputeID => mapping(address juror => Share)) private _shares;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param votes The ERC-5805 token that jurors come from before Reputation has its minimum.
    /// @param excluded Accounts whose tokens never count: treasury, escrow, and at most four more.
    /// @param frame What never changes.
    constructor(address authority, address votes, address[] memory excluded, JuryFrame memory frame)
        Electorate(votes, excluded, frame.holdingSeconds)
        AccessManaged(authority)
    {
        require(authority != address(0) && frame.reputation != address(0), JuryZeroAddress());
        _requireTimestampClock(frame.reputation);
        _requireBounds(frame.commitSeconds, 1, MAX_WINDOW_SECONDS);
        _requireBounds(frame.revealSeconds, 1, MAX_WINDOW_SECONDS);
        _requireBounds(frame.quorumBps, MIN_QUORUM_BPS, MAX_QUORUM_BPS);
        REPUTATION = frame.reputation;
        MIN_POINTS = frame.minPoints;
        COMMIT_SECONDS = frame.commitSeconds;
        REVEAL_SECONDS = frame.revealSeconds;
        QUORUM_BPS = frame.quorumBps;
        QUORUM_FLOOR = frame.quorumFloor;
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IArbitrator
    /// @dev Restricted to escrows (role ARBITRABLE): strangers' disputes would only cost jurors their attention.
    function createDispute(uint256 choices, bytes calldata) external payable restricted returns (uint256 disputeID) {
        // Check:
        require(msg.value == 0, JuryCostsNothing(msg.value));
        require(choices == CHOICES, JuryBadChoices(choices, CHOICES));

        // Effect: the source of jurors and the quorum are settled now, from a second that is over.
        disputeID = ++disputes;
        uint256 snapshot = block.timestamp - 1;
        uint256 total = IERC5805(REPUTATION).getPastTotalSupply(snapshot);
        bool fromReputation = total >= MIN_POINTS && total > 0;
        if (!fromReputation) total = votableSupply(snapshot);
        uint256 quorum = Math.mulDiv(total, QUORUM_BPS, WHOLE_BPS, Math.Rounding.Ceil);
        JuryCase storage c = _cases[disputeID];
        c.arbitrable = msg.sender;
        c.openedAt = SafeCast.toUint48(block.timestamp);
        c.isFromReputation = fromReputation;
        c.quorum = fromReputation ? quorum : Math.max(quorum, QUORUM_FLOOR);
        emit DisputeCreation(disputeID, IArbitrable(msg.sender));
    }

    /// @inheritdoc IJury
    function commit(uint256 disputeID, bytes32 commitment) external {
        JuryCase storage c = _case(disputeID);
        uint256 until = _commitUntil(c);
        require(block.timestamp < until, JuryNotCommitting(disputeID, until));
        require(commitment != bytes32(0), JuryEmptyCommitment());
        require(!_isParty(c, disputeID, msg.sender), JuryParty(msg.sender));
        require(_weight(c, msg.sender) > 0, JuryNoWeight(msg.sender));
        _commitments[disputeID][msg.sender] = commitment;
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
        bytes32 committed = _commitments[disputeID][juror];
        bytes32 revealed = commitmentFor(disputeID, juror, ruling, salt);
        require(revealed == committed, JuryOtherCommitment(revealed, committed));
        // Somebody can have become a party after committing, as a new lead.
        require(!_isParty(c, disputeID, juror), JuryParty(juror));

        // Effect:
        uint128 weight = SafeCast.toUint128(_weight(c, juror));
        uint128 start = c.forOne + c.forTwo;
        _shares[disputeID][juror] = Share({start: start, end: start + weight});
        if (ruling == 1) c.forOne += weight;
        else c.forTwo += weight;
        delete _commitments[disputeID][juror];
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
            reputation: REPUTATION,
            minPoints: MIN_POINTS,
            commitSeconds: COMMIT_SECONDS,
            revealSeconds: REVEAL_SECONDS,
            quorumBps: QUORUM_BPS,
            quorumFloor: QUORUM_FLOOR,
            holdingSeconds: holdingSeconds
        });
    }

    /// @inheritdoc IJury
    function caseOf(uint256 disputeID) external view returns (JuryCase memory) {
        return _case(disputeID);
    }

    /// @inheritdoc IJury
    function commitmentOf(uint256 disputeID, address juror) external view returns (bytes32) {
        return _commitments[disputeID][juror];
    }

    /// @inheritdoc IJury
    function weightOf(uint256 disputeID, address account) external view returns (uint256) {
        JuryCase storage c = _case(disputeID);
        return _isParty(c, disputeID, account) ? 0 : _weight(c, account);
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
    function sharesTotal(uint256 disputeID) external view returns (uint256) {
        JuryCase storage c = _case(disputeID);
        return block.timestamp < _revealUntil(c) ? 0 : uint256(c.forOne) + c.forTwo;
    }

    /// @inheritdoc IJurorShares
    function shareOf(uint256 disputeID, address juror) external view returns (uint256 start, uint256 end) {
        Share storage share = _shares[disputeID][juror];
        return (share.start, share.end);
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
        JuryCase storage c = _case(disputeID);
        return block.timestamp < _revealUntil(c) ? 0 : _ruling(c);
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

    /// @dev Quorum missed and tie are no ruling; nobody's silence is a tie, also where the quorum is zero.
    function _ruling(JuryCase storage c) private view returns (uint256) {
        if (uint256(c.forOne) + c.forTwo < c.quorum || c.forOne == c.forTwo) return 0;
        return c.forOne > c.forTwo ? 1 : CHOICES;
    }

    function _weight(JuryCase storage c, address account) private view returns (uint256) {
        uint256 snapshot = uint256(c.openedAt) - 1;
        if (c.isFromReputation) return IERC5805(REPUTATION).getPastVotes(account, snapshot);
        if (isExcluded(account)) return 0;
        return _votes.getPastVotes(account, snapshot);
    }

    function _isParty(JuryCase storage c, uint256 disputeID, address account) private view returns (bool) {
        address[] memory parties = IDisputeParties(c.arbitrable).partiesOf(address(this), disputeID);
        for (uint256 i = 0; i < parties.length; ++i) {
            if (parties[i] == account) return true;
        }
        return false;
    }

    function _requireBounds(uint256 value, uint256 min, uint256 max) private pure {
        require(value >= min && value <= max, JuryFrameOutOfBounds(value, min, max));
    }
}
