// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBallots} from "../../interfaces/IBallots.sol";
import {BallotWords} from "./BallotWords.sol";
import {Polls} from "./Polls.sol";

/// @title Ballots
/// @notice Casting whole ballots, directly and by signature.
/// @dev Direct and signed ballots, alone or in a batch, take one path; see Polls.
abstract contract Ballots is Polls, EIP712 {
    using BallotWords for uint256;
    using BallotWords for uint256[];
    using BallotWords for BallotWords.Stored;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    bytes32 private constant BALLOT_TYPEHASH =
        keccak256("Ballot(address voter,uint32 round,uint32 at,uint32[] inFavour,uint32[] against)");

    /// @dev What a contract may spend on checking its signature: enough for a passkey, little enough for a batch.
    uint256 internal constant SIGNATURE_GAS = 400_000;
    /// @dev What asking it costs besides, at the most.
    uint256 internal constant QUESTION_GAS = 10_000;
    /// @dev What asking and counting or skipping a ballot costs, at the most: once, and for each choice of it and of
    /// the one it replaces. A choice takes at most 9,000; a counted one spares later ballots up to 5,000, which a
    /// sender's margin of a quarter covers with this.
    uint256 internal constant BALLOT_GAS = 80_000;
    uint256 internal constant CHOICE_GAS = 15_000;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor() EIP712("IdeaBoard", "1") {}

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IBallots
    function castBallot(uint32 round, uint32[] calldata inFavour, uint32[] calldata against) external {
        Poll memory poll = _openPoll();
        _orRevert(_admit(poll, msg.sender, round, SafeCast.toUint32(block.timestamp)));
        _orRevert(_count(poll, inFavour, against));
        _closePoll(poll);
    }

    /// @inheritdoc IBallots
    function castBallotBySig(SignedBallot calldata ballot) external {
        Poll memory poll = _openPoll();
        _orRevert(_countSigned(poll, ballot));
        _owe(poll);
        _closePoll(poll);
        _requireGas(poll.owedGas);
    }

    /// @inheritdoc IBallots
    function castBallotsBySig(SignedBallot[] calldata ballots) external returns (uint256 cast) {
        Poll memory poll = _openPoll();
        for (uint256 i = 0; i < ballots.length; ++i) {
            SignedBallot calldata ballot = ballots[i];
            bytes memory problem = _countSigned(poll, ballot);
            if (problem.length != 0) emit BallotSkipped(ballot.voter, ballot.round, ballot.at, problem);
            _owe(poll);
        }
        _closePoll(poll);
        _requireGas(poll.owedGas);
        return poll.cast;
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IBallots
    function ballotOf(address voter)
        external
        view
        returns (uint32 round, uint32 at, uint32[] memory inFavour, uint32[] memory against)
    {
        BallotWords.Stored storage stored = _ballots[voter];
        uint256 head = stored.words[0];
        uint256[] memory choices = stored.load(head).unpack();
        uint256 supported;
        for (uint256 i = 0; i < choices.length; ++i) {
            supported += choices[i] & 1;
        }
        inFavour = new uint32[](supported);
        against = new uint32[](choices.length - supported);
        uint256 taken;
        for (uint256 i = 0; i < choices.length; ++i) {
            uint32 number = uint32(choices[i] >> 1);
            if (choices[i] & 1 == 1) inFavour[taken++] = number;
            else against[i - taken] = number;
        }
        return (uint32(head.roundOf()), uint32(head.atOf()), inFavour, against);
    }

    /// @inheritdoc IBallots
    function ballotDigest(
        address voter,
        uint32 round,
        uint32 at,
        uint32[] calldata inFavour,
        uint32[] calldata against
    ) public view returns (bytes32) {
        bytes32 supported = keccak256(abi.encodePacked(inFavour));
        bytes32 opposed = keccak256(abi.encodePacked(against));
        return _hashTypedDataV4(keccak256(abi.encode(BALLOT_TYPEHASH, voter, round, at, supported, opposed)));
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Counts a signed ballot, or answers what is wrong with it. Its signature is asked for after all that does
    /// not depend on its choices, so that no contract is asked in vain.
    function _countSigned(Poll memory poll, SignedBallot calldata signed) private returns (bytes memory problem) {
        problem = _admit(poll, signed.voter, signed.round, signed.at);
        if (problem.length != 0) return problem;
        (uint32[] calldata inFavour, uint32[] calldata against) = (signed.inFavour, signed.against);
        bytes32 digest = ballotDigest(poll.voter, uint32(poll.round), uint32(poll.at), inFavour, against);
        if (!_isSigned(poll, digest, signed.signature, inFavour.length + against.length)) {
            return _problem(IdeaBoardBadSignature.selector, uint160(poll.voter));
        }
        return _count(poll, inFavour, against);
    }

    /// @dev The account's key, also when the account has code (EIP-7702); else the contract's own word.
    function _isSigned(Poll memory poll, bytes32 digest, bytes calldata signature, uint256 choices)
        private
        view
        returns (bool)
    {
        address voter = poll.voter;
        (address signer, ECDSA.RecoverError trouble,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (trouble == ECDSA.RecoverError.NoError && signer == voter) return true;
        if (voter.code.length == 0) return false;

        uint256 left = gasleft();
        require(
            left - left / 64 > SIGNATURE_GAS + QUESTION_GAS,
            IdeaBoardNotEnoughGas(left, SIGNATURE_GAS + QUESTION_GAS)
        );
        poll.askedAt = left;
        choices = Math.min(choices + poll.head.countOf(), 2 * BallotWords.MAX_CHOICES);
        poll.allowance = SIGNATURE_GAS + BALLOT_GAS + choices * CHOICE_GAS;
        return _isAgreed(voter, digest, signature);
    }

    /// @dev The call has a gas limit and only one word of its answer is read, so that no contract can sink a batch.
    function _isAgreed(address voter, bytes32 digest, bytes calldata signature) private view returns (bool) {
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool isAnswered;
        bytes32 answer;
        assembly ("memory-safe") {
            isAnswered := staticcall(SIGNATURE_GAS, voter, add(question, 0x20), mload(question), 0, 0x20)
            isAnswered := and(isAnswered, gt(returndatasize(), 0x1f))
            answer := mload(0)
        }
        return isAnswered && answer == bytes32(IERC1271.isValidSignature.selector);
    }

    /// @dev A contract can answer otherwise, and at another cost, than it did when the gas was estimated. So whatever
    /// it answers, the ballot takes the same: what it could have cost and did not has to be left in the end.
    function _owe(Poll memory poll) private view {
        if (poll.askedAt == 0) return;
        poll.owedGas += Math.saturatingSub(poll.allowance + gasleft(), poll.askedAt);
        poll.askedAt = 0;
    }

    function _requireGas(uint256 owed) private view {
        uint256 left = gasleft();
        require(left >= owed, IdeaBoardNotEnoughGas(left, owed));
    }

    function _orRevert(bytes memory problem) private pure {
        if (problem.length == 0) return;
        assembly ("memory-safe") {
            revert(add(problem, 0x20), mload(problem))
        }
    }
}
