// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {BallotWords} from "./BallotWords.sol";
import {Ideas} from "./Ideas.sol";
import {RoundWords} from "./RoundWords.sol";
import {TallyWords} from "./TallyWords.sol";

/// @title Ballots
/// @notice Casting whole ballots, directly and by signature, and counting them.
/// @dev Direct and signed ballots share one path; the voter's weight is read from the past, so it is the same when a
/// ballot is replaced.
abstract contract Ballots is Ideas, EIP712 {
    using BallotWords for uint256;
    using BallotWords for uint256[];
    using BallotWords for BallotWords.Stored;
    using RoundWords for uint256;
    using TallyWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    bytes32 private constant BALLOT_TYPEHASH =
        keccak256("Ballot(address voter,uint32 round,uint32 at,uint32[] choices)");

    /// @dev What a contract may spend on checking its signature: enough for a passkey, little enough for a batch.
    uint256 internal constant SIGNATURE_GAS = 400_000;
    /// @dev What has to be left besides, so that a caller cannot starve that check: a 64th, and the question itself.
    uint256 internal constant SIGNATURE_GAS_RESERVE = 50_000;

    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev What counting one ballot needs; `passing` moves with it.
    struct Count {
        uint256 votes;
        uint256 round;
        uint256 lateFrom; // Unix seconds
        uint256 threshold;
        uint256 passing;
        uint256 merged; // how many of the old choices
    }

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The words of the voter's latest ballot; see BallotWords. Reused round by round.
    mapping(address voter => BallotWords.Stored) private _ballots;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor() EIP712("IdeaBoard", "1") {}

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IIdeaBoard
    function castBallot(uint32 round, uint32[] calldata choices) external {
        _cast(msg.sender, round, SafeCast.toUint32(block.timestamp), choices);
    }

    /// @inheritdoc IIdeaBoard
    function castBallotBySig(SignedBallot calldata ballot) external {
        // Once each: every reading from calldata is checked anew.
        (address voter, uint32 round, uint32 at) = (ballot.voter, ballot.round, ballot.at);
        uint32[] calldata choices = ballot.choices;
        require(at <= block.timestamp, IdeaBoardFutureBallot(at, block.timestamp));
        bytes32 digest = ballotDigest(voter, round, at, choices);
        require(_isSignedBy(voter, digest, ballot.signature), IdeaBoardBadSignature(voter));
        _cast(voter, round, at, choices);
    }

    /// @inheritdoc IIdeaBoard
    function castBallotsBySig(SignedBallot[] calldata ballots) external returns (uint256 cast) {
        for (uint256 i = 0; i < ballots.length; ++i) {
            SignedBallot calldata ballot = ballots[i];
            try this.castBallotBySig(ballot) {
                ++cast;
            } catch (bytes memory reason) {
                // A starved batch fails as a whole: otherwise gas estimates would settle for skipping ballots.
                require(
                    reason.length != 0 && bytes4(reason) != IdeaBoardNotEnoughGas.selector, IdeaBoardNotEnoughGas(i)
                );
                emit BallotSkipped(ballot.voter, ballot.round, ballot.at, reason);
            }
        }
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IIdeaBoard
    function ballotOf(address voter) external view returns (uint32 round, uint32 at, uint32[] memory choices) {
        uint256[] memory words = _ballots[voter].load();
        choices = new uint32[](words[0].countOf());
        for (uint256 i = 0; i < choices.length; ++i) {
            choices[i] = uint32(words.get(i));
        }
        return (words[0].roundOf(), words[0].atOf(), choices);
    }

    /// @inheritdoc IIdeaBoard
    function ballotDigest(address voter, uint32 round, uint32 at, uint32[] calldata choices)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(abi.encode(BALLOT_TYPEHASH, voter, round, at, keccak256(abi.encodePacked(choices))))
        );
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _cast(address voter, uint32 round, uint32 at, uint32[] calldata choices) private {
        // Check:
        _requireIncluded(voter);
        require(
            choices.length <= BallotWords.MAX_CHOICES,
            IdeaBoardTooManyChoices(choices.length, BallotWords.MAX_CHOICES)
        );
        (uint256 word, Count memory count) = _startCount(voter, round);
        BallotWords.Stored storage stored = _ballots[voter];
        uint256[] memory before = _replacedBallot(stored, round, at);

        // Effect:
        uint256[] memory words = BallotWords.open(round, at, choices.length);
        _merge(count, before, words, choices);
        if (!word.isVoteBegun() || word.passing() != count.passing) {
            _rounds[round] = word.withVote(count.threshold).withPassing(count.passing);
        }
        stored.save(words);
        emit BallotCast(voter, round, count.votes, words);
    }

    /// @dev The round's word, and what counting starts with; reverts when the round's ideas are not being voted on, and
    /// when the voter had no votes the second before.
    function _startCount(address voter, uint256 round) private view returns (uint256 word, Count memory count) {
        (uint256 opens, uint256 closes, uint256 late) = _voteOf(round);
        require(
            round != 0 && block.timestamp >= opens && block.timestamp < closes,
            IdeaBoardNotVoting(round, opens, closes)
        );
        word = _rounds[round];
        require(word != 0, IdeaBoardNoIdeas(round));
        unchecked {
            count.votes = _votesAt(opens - 1, voter); // a vote does not open at 0
        }
        count.round = round;
        count.lateFrom = late;
        count.threshold = word.isVoteBegun() ? word.threshold() : _passingThreshold(round);
        count.passing = word.passing();
    }

    /// @dev The words of the ballot that is replaced; empty when the voter has none in this round.
    function _replacedBallot(BallotWords.Stored storage stored, uint32 round, uint32 at)
        private
        view
        returns (uint256[] memory before)
    {
        uint256 head = stored.words[0];
        if (head.roundOf() != round) return before;
        require(at > head.atOf(), IdeaBoardStaleBallot(at, head.atOf()));
        return stored.load();
    }

    /// @dev The voter's weight at the snapshot.
    function _votesAt(uint256 snapshot, address voter) private view returns (uint256 votes) {
        votes = SafeCast.toUint112(_votes.getPastVotes(voter, snapshot));
        require(votes != 0, IdeaBoardNoVotes(voter, snapshot));
    }

    /// @dev Merges the old ballot and the new one in one ascending pass, so that each tally is touched once, and not at
    /// all where the choice stays. Fills the new ballot's words.
    function _merge(Count memory count, uint256[] memory before, uint256[] memory words, uint32[] calldata choices)
        private
    {
        uint256 least; // number that the next choice may have
        for (uint256 j = 0; j < choices.length; ++j) {
            uint256 choice = choices[j];
            uint256 number = choice >> 1;
            require(number >= least, IdeaBoardChoicesNotAscending(j, choice));
            unchecked {
                least = number + 1; // a number has 31 bits
            }
            uint256 choiceBefore = before.length == 0 ? 0 : _takeBack(count, before, number);
            if (choice != choiceBefore || choice == 0) _move(count, number, choiceBefore, choice);
            words.put(j, choice);
        }
        if (before.length != 0) _takeBack(count, before, type(uint256).max);
    }

    /// @dev Takes back the old choices of smaller numbers, and returns the one of this number, 0 for none.
    function _takeBack(Count memory count, uint256[] memory before, uint256 number)
        private
        returns (uint256 choiceBefore)
    {
        uint256 oldCount = before[0].countOf();
        uint256 i = count.merged;
        for (; i < oldCount; ++i) {
            uint256 oldChoice = before.get(i);
            uint256 oldNumber = oldChoice >> 1;
            if (oldNumber > number) break;
            if (oldNumber == number) choiceBefore = oldChoice;
            else _move(count, oldNumber, oldChoice, 0);
        }
        count.merged = i;
    }

    /// @dev Moves the voter's weight in one tally, and the passing counter when the idea crosses the threshold. Late no
    /// idea gains: no new "for", and no "against" given up, which might have hidden it only to lift it at the end.
    function _move(Count memory count, uint256 number, uint256 choiceBefore, uint256 choiceAfter) private {
        if (block.timestamp >= count.lateFrom) {
            bool isGain = choiceAfter == 0 ? choiceBefore != 0 && choiceBefore & 1 == 0 : choiceAfter & 1 == 1;
            require(!isGain, IdeaBoardLateFor(number, count.lateFrom));
        }
        uint256 round = count.round;
        uint256[MAX_IDEAS + 1] storage tallies = _tallies[round];
        uint256 tally = number > MAX_IDEAS ? 0 : tallies[number];
        require(tally != 0, IdeaBoardUnknownIdea(round, number));
        require(!tally.isWithdrawn(), IdeaBoardWithdrawn(round, number));
        uint256 newTally = tally.move(choiceBefore, choiceAfter, count.votes);
        tallies[number] = newTally;

        uint256 threshold = count.threshold;
        bool wasPassing = tally.isPassing(threshold);
        if (wasPassing == newTally.isPassing(threshold)) return;
        count.passing = wasPassing ? count.passing - 1 : count.passing + 1;
    }

    /// @dev The account's key, also when the account has code (EIP-7702); else the contract's own word. The call has a
    /// gas limit and only one word of its answer is read, so that a hostile contract cannot sink a batch.
    function _isSignedBy(address voter, bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (problem == ECDSA.RecoverError.NoError && signer == voter) return true;
        if (voter.code.length == 0) return false;
        require(gasleft() > SIGNATURE_GAS + SIGNATURE_GAS_RESERVE, IdeaBoardNotEnoughGas(0));
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
}
