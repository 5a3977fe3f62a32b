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
        words = BallotWords.open(round, at, choices.length);
        for (uint256 i = 0; i < choices.length; ++i) {
            BallotWords.put(words, i, choices[i]);
        }
    }

    function unpackBallot(uint256[] calldata given)
        external
        pure
        returns (uint32 round, uint32 at, uint256[] memory choices)
    {
        uint256[] memory words = given;
        choices = new uint256[](BallotWords.countOf(words[0]));
        for (uint256 i = 0; i < choices.length; ++i) {
            choices[i] = BallotWords.get(words, i);
        }
        return (BallotWords.roundOf(words[0]), BallotWords.atOf(words[0]), choices);
    }

    function moveTally(uint256 word, uint256 choiceBefore, uint256 choiceAfter, uint256 votes)
        external
        pure
        returns (uint256)
    {
        return TallyWords.move(word, choiceBefore, choiceAfter, votes);
    }

    function isPassing(uint256 word, uint256 threshold) external pure returns (bool) {
        return TallyWords.isPassing(word, threshold);
    }

    function packRound(uint256 threshold, uint256 previous, uint256 ideas, uint256 passing, bool isSettled)
        external
        pure
        returns (uint256 word)
    {
        word = RoundWords.open(1, previous);
        for (uint256 i = 0; i < ideas; ++i) {
            word = RoundWords.withIdea(word);
        }
        word = RoundWords.withPassing(RoundWords.withVote(word, threshold), passing);
        return isSettled ? RoundWords.withSettled(word) : word;
    }
}
