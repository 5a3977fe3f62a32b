// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BallotWords} from "../ideas/BallotWords.sol";
import {RoundWords} from "../ideas/RoundWords.sol";
import {TallyWords} from "../ideas/TallyWords.sol";

/// @title PlainWords
/// @notice The board's packed words with their internals opened.
contract PlainWords {
    function packBallot(
        uint32 round,
        uint32 at,
        uint32[] calldata inFavour,
        uint32[] calldata against,
        uint256 ideas
    ) external pure returns (uint256[] memory words, uint256 bad) {
        return BallotWords.pack(BallotWords.headOf(round, at), inFavour, against, ideas);
    }

    /// @notice What `packBallot` answers, in plain Solidity; no words where a number is bad.
    function plainPack(
        uint32 round,
        uint32 at,
        uint32[] calldata inFavour,
        uint32[] calldata against,
        uint256 ideas
    ) external pure returns (uint256[] memory words, uint256 bad) {
        uint256 count = inFavour.length + against.length;
        words = new uint256[](BallotWords.wordsFor(count));
        words[0] = BallotWords.headOf(round, at) | (count << 234);
        uint256 taken; // of those in favour
        uint256 last;
        for (uint256 i = 0; i < count; ++i) {
            bool isFor = taken < inFavour.length
                && (i - taken == against.length || inFavour[taken] < against[i - taken]);
            uint256 number = isFor ? inFavour[taken++] : against[i - taken];
            if (number <= last || number > ideas) return (new uint256[](0), number + 1);
            last = number;
            uint256 choice = number * 2 + (isFor ? 1 : 0);
            if (i < 10) words[0] |= choice << (64 + 17 * i);
            else words[1 + (i - 10) / 15] |= choice << (17 * ((i - 10) % 15));
        }
    }

    function unpackBallot(uint256[] calldata words)
        external
        pure
        returns (uint32 round, uint32 at, uint256[] memory choices)
    {
        uint256 head = words[0];
        return (uint32(BallotWords.roundOf(head)), uint32(BallotWords.atOf(head)), BallotWords.unpack(words));
    }

    /// @notice The choices of a ballot that another has not.
    function withoutBallot(uint256[] calldata words, uint256[] calldata others)
        external
        pure
        returns (uint256[] memory choices)
    {
        uint256[] memory left = BallotWords.without(words, others);
        uint256[] memory all = BallotWords.unpack(left);
        uint256 count;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i] != 0) all[count++] = all[i];
        }
        choices = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            choices[i] = all[i];
        }
    }

    function firstOf(uint256[] calldata words, uint256 side) external pure returns (uint256) {
        return BallotWords.firstOf(words, side);
    }

    /// @notice Moves votes into the pair of tallies, or out of it.
    function moveVotes(uint256 pair, uint256 choice, uint256 votes, bool isOut) external pure returns (uint256) {
        uint256 number = choice >> 1;
        uint256 tally = TallyWords.tallyOf(pair, number);
        tally = isOut ? TallyWords.take(tally, choice, votes) : TallyWords.add(tally, choice, votes);
        return TallyWords.withTally(pair, number, tally);
    }

    function isPassing(uint256 tally, uint256 threshold) external pure returns (bool) {
        return TallyWords.isPassing(tally, threshold);
    }

    function packPosting(uint256 postingThreshold, uint256 previous, uint256 ideas)
        public
        pure
        returns (uint256 word)
    {
        word = RoundWords.open(postingThreshold, previous);
        for (uint256 i = 0; i < ideas; ++i) {
            word = RoundWords.withIdea(word);
        }
    }

    /// @notice A round in its vote, with its progress in settlement.
    function packVote(
        uint256 previous,
        uint256 ideas,
        uint256 passing,
        uint256 threshold,
        uint256 exponent,
        uint256[3] calldata progress,
        bool isSettled
    ) external pure returns (uint256 word) {
        word = packPosting(type(uint256).max, previous, ideas);
        word = RoundWords.withPassing(RoundWords.withVote(word, threshold, exponent), passing);
        word = RoundWords.withProgress(word, progress[0], progress[1], progress[2]);
        return isSettled ? RoundWords.withSettled(word) : word;
    }

    function unpackVote(uint256 word)
        external
        pure
        returns (uint256 threshold, uint256 unit, uint256 walked, uint256 assigned, uint256 funded)
    {
        return (
            RoundWords.threshold(word),
            RoundWords.unit(word),
            RoundWords.walked(word),
            RoundWords.assigned(word),
            RoundWords.funded(word)
        );
    }
}
