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
    using RoundWords for uint256;
    using TallyWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    bytes32 private constant BALLOT_TYPEHASH =
        keccak256("Ballot(address voter,uint32 round,uint32 at,uint32[] choices)");

    /// @dev What a contract may spend on checking its signature: enough for a passkey, little enough for a batch.
    uint256 internal constant SIGNATURE_GAS = 400_000;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The first word of the voter's latest ballot, and the further ones; see BallotWords. Reused round by round.
    mapping(address voter => uint256 word) private _ballotHeads;
    mapping(address voter => mapping(uint256 index => uint256 word)) private _ballotTails;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor() EIP712("IdeaBoard", "1") {}

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IIdeaBoard
    function castBallot(uint32 round, uint32[] calldata choices) external {
        _cast(msg.sender, round, SafeCast.toUint32(block.timestamp), choices);
    }

    /// @inheritdoc IIdeaBoard
    function castBallotBySig(SignedBallot calldata ballot) external {
        require(ballot.at <= block.timestamp, IdeaBoardFutureBallot(ballot.at, block.timestamp));
        bytes32 digest = ballotDigest(ballot.voter, ballot.round, ballot.at, ballot.choices);
        require(_isSignedBy(ballot.voter, digest, ballot.signature), IdeaBoardBadSignature(ballot.voter));
        _cast(ballot.voter, ballot.round, ballot.at, ballot.choices);
    }

    /// @inheritdoc IIdeaBoard
    function castBallotsBySig(SignedBallot[] calldata ballots) external returns (uint256 cast) {
        for (uint256 i = 0; i < ballots.length; ++i) {
            SignedBallot calldata ballot = ballots[i];
            try this.castBallotBySig(ballot) {
                ++cast;
            } catch (bytes memory reason) {
                emit BallotSkipped(ballot.voter, ballot.round, ballot.at, reason);
            }
        }
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IIdeaBoard
    function ballotOf(address voter) external view returns (uint32 round, uint32 at, uint32[] memory choices) {
        uint256[] memory words = _ballotWords(voter, _ballotHeads[voter]);
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
        uint256 opens = _votingOpens(round);
        uint256 closes = _votingCloses(round);
        require(
            round != 0 && block.timestamp >= opens && block.timestamp < closes,
            IdeaBoardNotVoting(round, opens, closes)
        );
        uint256 limit = BallotWords.MAX_CHOICES;
        require(choices.length <= limit, IdeaBoardTooManyChoices(choices.length, limit));
        uint256 word = _rounds[round];
        require(word != 0, IdeaBoardNoIdeas(round));

        uint256[] memory before; // stays empty unless the voter has a ballot in this round
        uint256 head = _ballotHeads[voter];
        if (head.roundOf() == round) {
            require(at > head.atOf(), IdeaBoardStaleBallot(at, head.atOf()));
            before = _ballotWords(voter, head);
        }
        uint256 votes = SafeCast.toUint112(_votes.getPastVotes(voter, opens - 1));
        require(votes != 0, IdeaBoardNoVotes(voter, opens - 1));

        // Effect:
        uint256 newWord = word.isVoteBegun() ? word : word.withVote(_passingThreshold(round));
        uint256[] memory words = BallotWords.open(round, at, choices.length);
        newWord = _count(round, newWord, votes, before, words, choices);
        if (newWord != word) _rounds[round] = newWord; // most ballots leave the round as it is
        _ballotHeads[voter] = words[0];
        for (uint256 i = 1; i < words.length; ++i) {
            _ballotTails[voter][i] = words[i];
        }
        emit BallotCast(voter, round, votes, words);
    }

    /// @dev Merges the old ballot and the new one in one ascending pass, so that each tally is touched once, and not at
    /// all where the choice stays. Fills the new ballot's words; returns the round's word with its passing counter.
    function _count(
        uint32 round,
        uint256 word,
        uint256 votes,
        uint256[] memory before,
        uint256[] memory words,
        uint32[] calldata choices
    ) private returns (uint256) {
        uint256 threshold = word.threshold();
        uint256 passing = word.passing();
        uint256 countBefore = before.length == 0 ? 0 : before[0].countOf();
        bool isLate = block.timestamp >= _lateFrom(round);
        uint256 i; // of the old choices
        uint256 j; // of the new choices
        uint256 last; // number of the last new choice
        while (i < countBefore || j < choices.length) {
            // A choice of 0 is none; the smaller number goes first, equal numbers go together.
            uint256 choiceBefore = i < countBefore ? before.get(i) : 0;
            uint256 choice = j < choices.length ? choices[j] : 0;
            if (j < choices.length && (choiceBefore == 0 || choice >> 1 <= choiceBefore >> 1)) {
                require(j == 0 || choice >> 1 > last, IdeaBoardChoicesNotAscending(j, choice));
                last = choice >> 1;
                if (choiceBefore >> 1 == last) ++i;
                else choiceBefore = 0;
                if (choice == choiceBefore && choice != 0) {
                    words.put(j++, choice);
                    continue;
                }
                require(
                    !isLate || choice & 1 == 0, IdeaBoardLateFor(last, _lateFrom(round))
                );
            } else {
                choice = 0;
                ++i;
            }
            uint256 number = (choice | choiceBefore) >> 1;
            uint256 tally = _tallyOf(round, number);
            require(!tally.isWithdrawn(), IdeaBoardWithdrawn(round, number));
            uint256 newTally = tally.move(choiceBefore, choice, votes);
            _tallies[round][number] = newTally;

            bool wasPassing = tally.isPassing(threshold);
            if (wasPassing != newTally.isPassing(threshold)) passing = wasPassing ? passing - 1 : passing + 1;
            if (choice != 0) words.put(j++, choice);
        }
        return word.withPassing(passing);
    }

    function _ballotWords(address voter, uint256 head) private view returns (uint256[] memory words) {
        words = new uint256[](BallotWords.wordsFor(head.countOf()));
        words[0] = head;
        for (uint256 i = 1; i < words.length; ++i) {
            words[i] = _ballotTails[voter][i];
        }
    }

    /// @dev The account's key, also when the account has code (EIP-7702); else the contract's own word. The call has a
    /// gas limit and only one word of its answer is read, so that a hostile contract cannot sink a batch.
    function _isSignedBy(address voter, bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (problem == ECDSA.RecoverError.NoError && signer == voter) return true;
        if (voter.code.length == 0) return false;
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
