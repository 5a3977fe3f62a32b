// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

import {BallotWords} from "./BallotWords.sol";
import {Ideas} from "./Ideas.sol";
import {RoundWords} from "./RoundWords.sol";
import {TallyWords} from "./TallyWords.sol";

/// @title Polls
/// @notice Counts whole ballots in the round that is voted on.
/// @dev A bad ballot is answered with its error, ABI-encoded, and nothing is written before all of it is right. So the
/// ballots of a batch are counted one after another in the same call, with the round's facts read and written once.
abstract contract Polls is Ideas {
    using Arrays for uint256[];
    using BallotWords for uint256;
    using BallotWords for uint256[];
    using BallotWords for BallotWords.Stored;
    using RoundWords for uint256;
    using TallyWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant NONE = type(uint256).max;

    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The vote that runs, while ballots are counted.
    struct Poll {
        uint256 round; // 0: none runs
        uint256 stored; // the round's word as stored; 0: nobody posted in it
        uint256 word; // the round's word as it becomes
        uint256 opens; // Unix seconds
        uint256 lateFrom; // Unix seconds
        uint256 cast; // ballots counted
        uint256 askedAt; // gas left when a contract was asked for its signature; 0 if none was
        uint256 allowance; // gas, for its answer and what follows from it
        uint256 owedGas; // what has to be left in the end
    }

    /// @dev A ballot that is admitted: who votes with what, and what it replaces.
    struct Admitted {
        address voter;
        uint256 at; // Unix seconds
        uint256 votes; // in the round's unit
        uint256 head; // first word of the ballot that it replaces, 0 for none
    }

    /// @dev What a ballot changes: the pair of tallies at hand, and those that are to be written.
    struct Moves {
        uint256 index;
        uint256 pair;
        uint256 passing;
        uint256 used;
        uint256[] pairs; // index, word, …
    }

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The words of the voter's latest ballot; see BallotWords. Reused round by round.
    mapping(address voter => BallotWords.Stored) internal _ballots;

    // ── internals: the vote ─────────────────────────────────────────────────────────────────────────────────────

    /// @dev The vote that runs. The first ballot fixes the threshold and the unit.
    function _openPoll() internal view returns (Poll memory poll) {
        uint256 current = currentRound();
        if (current < 2) return poll;
        uint256 round = current - 1;
        poll.round = round;
        (poll.opens,, poll.lateFrom) = _voteOf(round);
        uint256 word = _rounds[round];
        poll.stored = word;
        if (word != 0 && !word.isVoteBegun()) {
            (uint256 threshold, uint256 exponent) = _passing(round);
            word = word.withVote(threshold, exponent);
        }
        poll.word = word;
    }

    function _closePoll(Poll memory poll) internal {
        if (poll.cast != 0 && poll.word != poll.stored) _rounds[poll.round] = poll.word;
    }

    // ── internals: one ballot ───────────────────────────────────────────────────────────────────────────────────

    /// @dev Whether a voter may cast a ballot of this time in this round; fills in what counting it needs.
    function _admit(Poll memory poll, Admitted memory ballot, uint256 round)
        internal
        view
        returns (bytes memory problem)
    {
        uint256 opens = poll.opens;
        uint256 at = ballot.at;
        if (round == 0 || round != poll.round) {
            uint256 closes;
            (opens, closes,) = _voteOf(round);
            return abi.encodeWithSelector(IdeaBoardNotVoting.selector, round, opens, closes);
        }
        if (poll.word == 0) return _problem(IdeaBoardNoIdeas.selector, round);
        if (at < opens) return _problem(IdeaBoardEarlyBallot.selector, at, opens);
        if (at > block.timestamp) return _problem(IdeaBoardFutureBallot.selector, at, block.timestamp);
        uint256 head = _ballots[ballot.voter].words[0];
        if (head.roundOf() == round) {
            if (at <= head.atOf()) return _problem(IdeaBoardStaleBallot.selector, at, head.atOf());
            ballot.head = head;
        }
        return _weigh(poll, ballot);
    }

    /// @dev What is less than the round's unit of votes counts for nothing.
    function _weigh(Poll memory poll, Admitted memory ballot) private view returns (bytes memory problem) {
        unchecked {
            ballot.votes = pastWeight(ballot.voter, poll.opens - 1) / poll.word.unit();
            if (ballot.votes != 0) return problem;
            if (isExcluded(ballot.voter)) return _problem(ElectorateExcluded.selector, uint160(ballot.voter));
            return _problem(IdeaBoardNoVotes.selector, uint160(ballot.voter), poll.opens - 1);
        }
    }

    /// @dev Counts an admitted ballot, or answers what is wrong with it.
    function _count(
        Poll memory poll,
        Admitted memory ballot,
        uint32[] calldata inFavour,
        uint32[] calldata against
    ) internal returns (bytes memory problem) {
        // Check:
        uint256[] memory choices;
        (choices, problem) = _merge(poll, inFavour, against);
        if (problem.length != 0) return problem;
        Moves memory moves;
        problem = ballot.head == 0 && block.timestamp < poll.lateFrom
            ? _addAll(poll, ballot.votes, moves, choices)
            : _moveAll(poll, ballot, moves, choices);
        if (problem.length != 0) return problem;

        // Effect:
        _writeTallies(poll.round, moves);
        poll.word = poll.word.withPassing(moves.passing);
        ++poll.cast;
        uint256[] memory words = BallotWords.pack(poll.round, ballot.at, choices);
        _ballots[ballot.voter].save(words);
        emit BallotCast(ballot.voter, uint32(poll.round), ballot.votes * poll.word.unit(), words);
    }

    /// @dev Both lists as one of choices, strictly ascending by number: number × 2, plus 1 for "for".
    function _merge(Poll memory poll, uint32[] calldata inFavour, uint32[] calldata against)
        private
        pure
        returns (uint256[] memory choices, bytes memory problem)
    {
        uint256 count = inFavour.length + against.length;
        if (count > BallotWords.MAX_CHOICES) {
            return (choices, _problem(IdeaBoardTooManyChoices.selector, count, BallotWords.MAX_CHOICES));
        }
        (choices, count) = BallotWords.merge(inFavour, against, poll.word.ideas());
        if (count != 0) problem = _problemOf(poll, count - 1);
    }

    function _problemOf(Poll memory poll, uint256 number) private pure returns (bytes memory) {
        if (number == 0 || number > poll.word.ideas()) {
            return _problem(IdeaBoardUnknownIdea.selector, poll.round, number);
        }
        return _problem(IdeaBoardChoicesNotAscending.selector, number);
    }

    /// @dev As `_moveAll` for a voter's first ballot of the round, of which nothing is late: every choice adds.
    function _addAll(Poll memory poll, uint256 votes, Moves memory moves, uint256[] memory choices)
        private
        view
        returns (bytes memory problem)
    {
        uint256[MAX_IDEAS / 2 + 1] storage pairs = _tallies[poll.round];
        uint256 pair;
        uint256 used;
        uint256[] memory kept = new uint256[](2 * choices.length);
        moves.pairs = kept;
        moves.passing = poll.word.passing();
        unchecked {
            for (uint256 i = 0; i < choices.length; ++i) {
                uint256 choice = choices.unsafeMemoryAccess(i);
                if (used == 0 || kept.unsafeMemoryAccess(used - 2) != choice >> 2) {
                    if (used != 0) kept[used - 1] = pair;
                    kept[used] = choice >> 2;
                    used += 2;
                    pair = pairs[choice >> 2];
                }
                uint256 moved;
                (pair, moved) = pair.add(choice, votes, poll.word.threshold());
                if (moved == TallyWords.OUT) {
                    return _problem(IdeaBoardWithdrawn.selector, poll.round, choice >> 1);
                }
                moves.passing += moved;
            }
            if (used != 0) kept[used - 1] = pair;
        }
        moves.used = used;
    }

    /// @dev Goes through the old choices and the new in one ascending pass, so that each tally is touched once, and not
    /// at all where the choice stays.
    function _moveAll(Poll memory poll, Admitted memory ballot, Moves memory moves, uint256[] memory choices)
        private
        view
        returns (bytes memory problem)
    {
        uint256[] memory old;
        if (ballot.head != 0) old = _ballots[ballot.voter].load(ballot.head).unpack();
        moves.index = NONE;
        moves.passing = poll.word.passing();
        moves.pairs = new uint256[](2 * (old.length + choices.length));
        (uint256 i, uint256 j) = (0, 0);
        unchecked {
            while (i < old.length || j < choices.length) {
                uint256 choiceBefore = i < old.length ? old[i] : NONE;
                uint256 choiceAfter = j < choices.length ? choices[j] : NONE;
                bool isOne = choiceBefore >> 1 == choiceAfter >> 1; // of the same idea
                if (isOne || choiceBefore < choiceAfter) ++i;
                else choiceBefore = 0;
                if (isOne || choiceBefore == 0) ++j;
                else choiceAfter = 0;
                if (choiceBefore == choiceAfter) continue;
                problem = _move(poll, moves, choiceBefore, choiceAfter, ballot.votes);
                if (problem.length != 0) return problem;
            }
        }
        _keep(moves);
    }

    /// @dev Moves the voter's weight in one tally, and the passing counter when the idea crosses the threshold. Late no
    /// idea gains: no new "for", and no "against" given up, which might have hidden it only to lift it at the end.
    function _move(Poll memory poll, Moves memory moves, uint256 choiceBefore, uint256 choiceAfter, uint256 votes)
        private
        view
        returns (bytes memory problem)
    {
        uint256 number = (choiceBefore | choiceAfter) >> 1; // of both, or of the one that is not 0
        if (block.timestamp >= poll.lateFrom) {
            bool isGain = choiceAfter == 0 ? choiceBefore & 1 == 0 : choiceAfter & 1 == 1;
            if (isGain) return _problem(IdeaBoardLateFor.selector, number, poll.lateFrom);
        }
        uint256 index = TallyWords.indexOf(number);
        if (index != moves.index) {
            _keep(moves);
            moves.index = index;
            moves.pair = _tallies[poll.round][index];
        }
        uint256 pair = moves.pair;
        uint256 tally = pair.tallyOf(number);
        if (tally.isWithdrawn()) return _problem(IdeaBoardWithdrawn.selector, poll.round, number);
        uint256 newTally = tally.move(choiceBefore, choiceAfter, votes);
        moves.pair = pair.withTally(number, newTally);

        uint256 threshold = poll.word.threshold();
        bool wasPassing = tally.isPassing(threshold);
        if (wasPassing == newTally.isPassing(threshold)) return problem;
        moves.passing = wasPassing ? moves.passing - 1 : moves.passing + 1;
    }

    /// @dev The pair at hand is to be written.
    function _keep(Moves memory moves) private pure {
        if (moves.index == NONE) return;
        unchecked {
            uint256 used = moves.used;
            moves.pairs[used] = moves.index;
            moves.pairs[used + 1] = moves.pair;
            moves.used = used + 2;
        }
    }

    /// @dev By slot, because the compiler reads an element of an array before it writes it.
    function _writeTallies(uint256 round, Moves memory moves) private {
        uint256[MAX_IDEAS / 2 + 1] storage pairs = _tallies[round];
        uint256 first;
        assembly ("memory-safe") {
            first := pairs.slot
        }
        unchecked {
            for (uint256 i = 0; i < moves.used; i += 2) {
                bytes32 slot = bytes32(first + moves.pairs.unsafeMemoryAccess(i));
                StorageSlot.getUint256Slot(slot).value = moves.pairs.unsafeMemoryAccess(i + 1);
            }
        }
    }

    // ── internals: problems ─────────────────────────────────────────────────────────────────────────────────────

    /// @dev Functions of their own, because encoding an error takes more code than calling one.
    function _problem(bytes4 selector, uint256 one) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, one);
    }

    function _problem(bytes4 selector, uint256 one, uint256 other) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, one, other);
    }
}
