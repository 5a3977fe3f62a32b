// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {BallotWords} from "./BallotWords.sol";
import {Ideas} from "./Ideas.sol";
import {RoundWords} from "./RoundWords.sol";
import {TallyWords} from "./TallyWords.sol";

/// @title Polls
/// @notice Counts whole ballots in the round that is voted on.
/// @dev A bad ballot is answered with its error, ABI-encoded, and leaves nothing behind. So the ballots of a batch are
/// counted one after another in the same call, with the round's facts read and written once.
abstract contract Polls is Ideas {
    using BallotWords for uint256;
    using BallotWords for uint256[];
    using BallotWords for BallotWords.Stored;
    using RoundWords for uint256;
    using TallyWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant NONE = type(uint256).max;

    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The vote that runs, while ballots are counted, and the ballot at hand.
    struct Poll {
        uint256 round; // 0: none runs
        uint256 stored; // the round's word as stored; 0: nobody posted in it
        uint256 word; // the same in its vote
        uint256 unit; // what a vote stands for, in units of the votes token
        uint256 opens; // Unix seconds
        uint256 lateFrom; // Unix seconds
        uint256 threshold; // in the round's unit
        uint256 passing; // ideas that pass
        uint256 cast; // ballots counted
        address voter;
        uint256 at; // Unix seconds
        uint256 votes; // in the round's unit
        uint256 head; // first word of the ballot that it replaces, 0 for none
        uint256 askedAt; // gas left when a contract was asked for its signature; 0 if none was
        uint256 allowance; // gas, for its answer and what follows from it
        uint256 owedGas; // what has to be left in the end
    }

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The words of the voter's latest ballot; see BallotWords. Reused round by round.
    mapping(address voter => BallotWords.Stored) internal _ballots;

    // ── internals: the vote ─────────────────────────────────────────────────────────────────────────────────────

    /// @dev The vote that runs. The first ballot fixes the threshold and the unit.
    function _openPoll() internal view returns (Poll memory poll) {
        poll.round = _votedOn();
        if (poll.round == 0) return poll;
        (poll.opens,, poll.lateFrom) = _voteOf(poll.round);
        uint256 word = _rounds[poll.round];
        poll.stored = word;
        if (word != 0 && !word.isVoteBegun()) {
            (uint256 threshold, uint256 exponent) = _passing(poll.round);
            word = word.withVote(threshold, exponent);
        }
        (poll.word, poll.unit, poll.threshold, poll.passing) = (word, word.unit(), word.threshold(), word.passing());
    }

    function _closePoll(Poll memory poll) internal {
        if (poll.cast == 0) return;
        uint256 word = poll.word.withPassing(poll.passing);
        if (word != poll.stored) _rounds[poll.round] = word;
    }

    // ── internals: one ballot ───────────────────────────────────────────────────────────────────────────────────

    /// @dev Whether a voter may cast a ballot of this time in this round; keeps what counting it needs. What is less
    /// than the round's unit of votes counts for nothing.
    function _admit(Poll memory poll, address voter, uint256 round, uint256 at)
        internal
        view
        returns (bytes memory problem)
    {
        uint256 opens = poll.opens;
        if (round == 0 || round != poll.round) {
            uint256 closes;
            (opens, closes,) = _voteOf(round);
            return abi.encodeWithSelector(IdeaBoardNotVoting.selector, round, opens, closes);
        }
        if (poll.word == 0) return _problem(IdeaBoardNoIdeas.selector, round);
        if (at < opens) return _problem(IdeaBoardEarlyBallot.selector, at, opens);
        if (at > block.timestamp) return _problem(IdeaBoardFutureBallot.selector, at, block.timestamp);
        uint256 head = _ballots[voter].words[0];
        if (head.roundOf() != round) head = 0;
        else if (at <= head.atOf()) return _problem(IdeaBoardStaleBallot.selector, at, head.atOf());
        unchecked {
            uint256 votes = pastWeight(voter, opens - 1) / poll.unit;
            (poll.voter, poll.at, poll.votes, poll.head) = (voter, at, votes, head);
            if (votes != 0) return problem;
            if (isExcluded(voter)) return _problem(ElectorateExcluded.selector, uint160(voter));
            return _problem(IdeaBoardNoVotes.selector, uint160(voter), opens - 1);
        }
    }

    /// @dev Counts an admitted ballot, or answers what is wrong with it.
    function _count(Poll memory poll, uint32[] calldata inFavour, uint32[] calldata against)
        internal
        returns (bytes memory problem)
    {
        // Check:
        unchecked {
            uint256 count = inFavour.length + against.length; // of calldata, so below 2^65
            if (count > BallotWords.MAX_CHOICES) {
                return _problem(IdeaBoardTooManyChoices.selector, count, BallotWords.MAX_CHOICES);
            }
        }
        (uint256[] memory words, uint256 bad) =
            BallotWords.pack(BallotWords.headOf(poll.round, poll.at), inFavour, against, poll.word.ideas());
        if (bad != 0) return _problemOf(poll, bad - 1);
        BallotWords.Stored storage stored = _ballots[poll.voter];

        // Effect:
        problem = _replace(poll, stored, words);
        if (problem.length != 0) return problem;
        stored.save(words);
        unchecked {
            ++poll.cast;
            emit BallotCast(poll.voter, uint32(poll.round), poll.votes * poll.unit, words); // no more than was read
        }
    }

    function _problemOf(Poll memory poll, uint256 number) private pure returns (bytes memory) {
        if (number == 0 || number > poll.word.ideas()) {
            return _problem(IdeaBoardUnknownIdea.selector, poll.round, number);
        }
        return _problem(IdeaBoardChoicesNotAscending.selector, number);
    }

    /// @dev Moves the voter's weight where the ballot differs from the one that it replaces. Late no idea gains: no new
    /// "for", and no "against" given up, which might have hidden it only to lift it at the end. Whether an idea was
    /// withdrawn stands in its tally: if one was, what has been moved is moved back.
    function _replace(Poll memory poll, BallotWords.Stored storage stored, uint256[] memory words)
        private
        returns (bytes memory problem)
    {
        uint256[] memory fresh = words; // choices that come
        uint256[] memory gone; // choices that go
        if (poll.head != 0) {
            gone = stored.load(poll.head);
            (fresh, gone) = (words.without(gone), gone.without(words));
        }
        if (block.timestamp >= poll.lateFrom) {
            uint256 gain = Math.min(fresh.firstOf(1), gone.firstOf(0));
            if (gain != NONE) return _problem(IdeaBoardLateFor.selector, gain >> 1, poll.lateFrom);
        }
        if (gone.length != 0) _move(poll, gone, true, NONE);
        uint256 withdrawn = _move(poll, fresh, false, NONE);
        if (withdrawn == NONE) return problem;

        _move(poll, fresh, true, withdrawn);
        _move(poll, gone, false, NONE);
        return _problem(IdeaBoardWithdrawn.selector, poll.round, withdrawn >> 1);
    }

    /// @dev Puts the voter's weight into the tallies, or takes it out, up to the choice `end` or the first of an idea
    /// that was withdrawn, and moves the counter of passing ideas. Returns the withdrawn one, or NONE.
    function _move(Poll memory poll, uint256[] memory choices, bool isOut, uint256 end) private returns (uint256) {
        uint256 first = _firstPair(poll.round);
        unchecked {
            for (uint256 place = 0; place < choices.length; ++place) {
                for (uint256 rest = choices.entriesAt(place); rest != 0; rest >>= BallotWords.ENTRY_BITS) {
                    uint256 choice = rest & BallotWords.ENTRY_MASK;
                    if (choice == 0) continue;
                    if (choice == end) return NONE;
                    StorageSlot.Uint256Slot storage pair =
                        StorageSlot.getUint256Slot(bytes32(first + TallyWords.indexOf(choice >> 1)));
                    uint256 shift = TallyWords.shiftOf(choice >> 1);
                    uint256 tally = pair.value >> shift; // perhaps with the other above it, which is not looked at
                    if (tally.isWithdrawn()) return choice;
                    uint256 moved = isOut ? tally.take(choice, poll.votes) : tally.add(choice, poll.votes);
                    pair.value += (moved - tally) << shift;
                    if (moved.isPassing(poll.threshold)) ++poll.passing;
                    if (tally.isPassing(poll.threshold)) --poll.passing;
                }
            }
        }
        return NONE;
    }

    /// @dev The slot of a round's first pair, because the compiler reads an array's element before it writes it.
    function _firstPair(uint256 round) private view returns (uint256 slot) {
        uint256[MAX_IDEAS / 2 + 1] storage pairs = _tallies[round];
        assembly ("memory-safe") {
            slot := pairs.slot
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
