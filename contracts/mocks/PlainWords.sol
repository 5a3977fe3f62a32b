// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BallotWords} from "../ideas/BallotWords.sol";
import {RoundWords} from "../ideas/RoundWords.sol";
import {TallyWords} from "../ideas/TallyWords.sol";

/// @title PlainWords
/// @notice The board's packed words with their internals opened.
contract PlainWords {
    function packBallot(uint32 round, uint32 at, uint256[] calldata choices)
        external
        pure
        returns (uint256[] memory words)
    {
        return BallotWords.pack(round, at, choices);
    }

    function unpackBallot(uint256[] calldata words)
        external
        pure
        returns (uint32 round, uint32 at, uint256[] memory choices)
    {
        return (BallotWords.roundOf(words[0]), BallotWords.atOf(words[0]), BallotWords.unpack(words));
    }

    function merge(uint32[] calldata inFavour, uint32[] calldata against, uint256 ideas)
        external
        pure
        returns (uint256[] memory choices, uint256 bad)
    {
        return BallotWords.merge(inFavour, against, ideas);
    }

    /// @notice What `merge` answers, in plain Solidity.
    function plainMerge(uint32[] calldata inFavour, uint32[] calldata against, uint256 ideas)
        external
        pure
        returns (uint256[] memory choices, uint256 bad)
    {
        choices = new uint256[](inFavour.length + against.length);
        uint256 taken; // of those in favour
        uint256 last;
        for (uint256 i = 0; i < choices.length; ++i) {
            bool isLeft = taken < inFavour.length;
            bool isFor = isLeft && (i - taken == against.length || inFavour[taken] < against[i - taken]);
            uint256 number = isFor ? inFavour[taken++] : against[i - taken];
            if (number <= last || number > ideas) return (choices, number + 1);
            last = number;
            choices[i] = number * 2 + (isFor ? 1 : 0);
        }
    }

    /// @notice Adds votes to a tally of a pair.
    function addVotes(uint256 pair, uint256 choice, uint256 votes, uint256 threshold)
        external
        pure
        returns (uint256 newPair, uint256 moved)
    {
        return TallyWords.add(pair, choice, votes, threshold);
    }

    /// @notice Moves votes in the tally of one idea of a pair.
    function moveTally(uint256 pair, uint256 number, uint256 choiceBefore, uint256 choiceAfter, uint256 votes)
        external
        pure
        returns (uint256)
    {
        uint256 tally = TallyWords.tallyOf(pair, number);
        return TallyWords.withTally(pair, number, TallyWords.move(tally, choiceBefore, choiceAfter, votes));
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
