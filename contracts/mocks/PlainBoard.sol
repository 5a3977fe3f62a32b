// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";

/// @title PlainBoard
/// @notice What the lens reads of a board, set by anybody: a round of `ideas` whose tallies are given.
contract PlainBoard {
    address public immutable escrow;
    uint32 public latestRound;
    mapping(uint32 round => IIdeaBoard.Round) private _rounds;
    mapping(uint32 round => mapping(uint32 number => IIdeaBoard.Tally)) private _tallies;
    mapping(uint32 round => uint256) public votingCloses;
    mapping(uint32 round => uint256) public lapsesAt;

    constructor(address escrow_) {
        escrow = escrow_;
    }

    /// @notice Adds a round; a tally passes when its net support is above zero.
    function addRound(uint32 round, uint112[2][] calldata votes, uint256 closes, uint256 lapses, bool isSettled)
        external
    {
        IIdeaBoard.Round storage facts = _rounds[round];
        facts.previous = latestRound;
        facts.ideas = uint32(votes.length);
        facts.isSettled = isSettled;
        for (uint32 i = 0; i < votes.length; ++i) {
            bool passes = votes[i][0] > votes[i][1];
            _tallies[round][i + 1] = IIdeaBoard.Tally(votes[i][0], votes[i][1], 1, false, passes);
            if (passes) ++facts.passing;
        }
        (votingCloses[round], lapsesAt[round]) = (closes, lapses);
        latestRound = round;
    }

    function roundOf(uint32 round) external view returns (IIdeaBoard.Round memory) {
        return _rounds[round];
    }

    function ideaOf(uint32 round, uint32 number) external pure returns (IIdeaBoard.Idea memory idea) {
        idea.digest = bytes32(uint256(round) * 1000 + number);
    }

    function tallyOf(uint32 round, uint32 number) external view returns (IIdeaBoard.Tally memory) {
        return _tallies[round][number];
    }
}
