// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IArbitrationTime} from "../../interfaces/IJury.sol";
import {DigestPath} from "../documents/DigestPath.sol";
import {CallGas} from "./CallGas.sol";
import {MeasureWords} from "./MeasureWords.sol";

/// @title DisputeTerms
/// @notice The terms campaigns run under, each field within hard bounds; and how an arbitrator is asked.
abstract contract DisputeTerms is IDisputeDesk, AccessManaged {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant LONGEST_WINDOW = 60 days;
    uint256 private constant MIN_DISPUTE_BOND_BPS = 100;
    uint256 private constant MAX_DISPUTE_BOND_BPS = 5000;
    uint256 private constant MAX_EXTRA_DATA = 1024;
    /// @dev An arbitrator that declares its time gets so much more.
    uint256 private constant SPARE_SECONDS = 1 days;
    /// @dev Gas an arbitrator gets to tell one number: the time it needs, its ruling, the sum of its jurors' shares.
    uint256 private constant ANSWER_GAS = 100_000;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    uint32 public immutable shortestWindow;
    /// @inheritdoc IDisputeDesk
    uint256 public immutable largestLeastBond;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    uint16 private _termsCount;
    mapping(uint256 termsId => Terms) internal _terms;
    /// @inheritdoc IDisputeDesk
    mapping(uint16 termsId => uint32) public rulingSecondsOf;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(address authority, uint32 shortestWindow_, uint256 largestLeastBond_, Terms memory firstTerms)
        AccessManaged(authority)
    {
        require(authority != address(0), DisputeDeskZeroAddress());
        shortestWindow = shortestWindow_;
        largestLeastBond = largestLeastBond_;
        _setTerms(firstTerms, shortestWindow_, largestLeastBond_);
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    function setTerms(Terms memory newTerms) external restricted returns (uint16 termsId) {
        return _setTerms(newTerms, shortestWindow, largestLeastBond);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDisputeDesk
    function latestTerms() external view returns (uint16 termsId, uint256 measures) {
        return (_termsCount, measuresOf(_termsCount));
    }

    /// @inheritdoc IDisputeDesk
    function termsOf(uint16 termsId) external view returns (Terms memory) {
        return _terms[termsId];
    }

    /// @inheritdoc IDisputeDesk
    function measuresOf(uint16 termsId) public view returns (uint256) {
        return MeasureWords.pack(_terms[termsId].measures);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _setTerms(Terms memory newTerms, uint256 shortest, uint256 largestLeast)
        private
        returns (uint16 termsId)
    {
        // Check:
        Measures memory measures = newTerms.measures;
        _checkWindow(measures.reviewSeconds, shortest);
        _checkWindow(measures.answerSeconds, shortest);
        _checkWindow(measures.challengeSeconds, shortest);
        _checkWindow(measures.arbitrationSeconds, shortest);
        _checkWindow(measures.noticeSeconds, shortest);
        require(
            measures.disputeBondBps >= MIN_DISPUTE_BOND_BPS && measures.disputeBondBps <= MAX_DISPUTE_BOND_BPS,
            DisputeDeskBondOutOfBounds(measures.disputeBondBps, MIN_DISPUTE_BOND_BPS, MAX_DISPUTE_BOND_BPS)
        );
        require(
            measures.disputeBondMin <= largestLeast,
            DisputeDeskLeastBondTooHigh(measures.disputeBondMin, largestLeast)
        );
        uint256 length = newTerms.arbitratorExtraData.length;
        require(length <= MAX_EXTRA_DATA, DisputeDeskExtraDataTooLong(length, MAX_EXTRA_DATA));
        uint32 rulingSeconds = _rulingSeconds(newTerms.arbitrator, measures.arbitrationSeconds);

        // Effect:
        termsId = ++_termsCount;
        _terms[termsId] = newTerms;
        rulingSecondsOf[termsId] = rulingSeconds;
        emit TermsSet(termsId, newTerms);
        emit MetaEvidence(termsId, DigestPath.pathOf(newTerms.metaEvidence));
    }

    /// @dev How long the arbitrator says it needs; 0 if it says nothing.
    function _rulingSeconds(address arbitrator, uint256 arbitrationSeconds) private view returns (uint32) {
        if (arbitrator == address(0)) return 0;
        require(arbitrator.code.length != 0, DisputeDeskArbitratorIsNoContract(arbitrator));
        (bool hasAnswered, uint256 needed) = _ask(arbitrator, abi.encodeCall(IArbitrationTime.rulingSeconds, ()));
        if (!hasAnswered || needed == 0) return 0;
        uint256 least = Math.saturatingAdd(needed, SPARE_SECONDS);
        require(arbitrationSeconds >= least, DisputeDeskArbitrationTooShort(arbitrationSeconds, least));
        return uint32(needed);
    }

    function _checkWindow(uint256 windowSeconds, uint256 shortest) private pure {
        require(
            windowSeconds >= shortest && windowSeconds <= LONGEST_WINDOW,
            DisputeDeskWindowOutOfBounds(windowSeconds, shortest, LONGEST_WINDOW)
        );
    }

    /// @dev Nothing waits for an arbitrator: one that fails, is gone, or answers nonsense has not answered, and no
    /// caller can make it fail by keeping gas back. Hence the plain call: `try` reverts on answers it cannot decode.
    function _ask(address arbitrator, bytes memory question) internal view returns (bool hasAnswered, uint256 answer) {
        CallGas.check(ANSWER_GAS);
        bytes memory said;
        (hasAnswered, said) = arbitrator.staticcall{gas: ANSWER_GAS}(question);
        hasAnswered = hasAnswered && said.length >= 32;
        if (hasAnswered) answer = abi.decode(said, (uint256));
    }
}
