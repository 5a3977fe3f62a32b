// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {IBallots} from "../../interfaces/IBallots.sol";

/// @title ContractVoter
/// @notice A voter with code that answers, or misbehaves, when asked for its signature.
contract ContractVoter is IERC1271 {
    enum Mood {
        Agrees,
        Refuses,
        Burns,
        Floods,
        FloodsAndReverts,
        AnswersShort,
        Reenters
    }

    Mood public mood;
    IBallots private immutable _board;

    constructor(address board) {
        _board = IBallots(board);
    }

    function setMood(Mood newMood) external {
        mood = newMood;
    }

    function isValidSignature(bytes32, bytes memory) external view returns (bytes4) {
        if (mood == Mood.Agrees) return IERC1271.isValidSignature.selector;
        if (mood == Mood.Refuses) return 0xffffffff;
        if (mood == Mood.Burns) {
            while (gasleft() > 100) {}
        }
        if (mood == Mood.Reenters) {
            // Under a static call every write fails; the answer is right only if this one went through.
            (bool isDone,) =
                address(_board).staticcall(abi.encodeCall(IBallots.castBallot, (1, new uint32[](0), new uint32[](0))));
            return isDone ? IERC1271.isValidSignature.selector : bytes4(0);
        }
        bytes32 answer = bytes32(IERC1271.isValidSignature.selector);
        bool isFine = mood == Mood.Floods;
        uint256 size = mood == Mood.AnswersShort ? 31 : 250_000;
        assembly ("memory-safe") {
            mstore(0, answer)
            if isFine { return(0, size) }
            if eq(size, 31) { return(0, size) }
            revert(0, size)
        }
    }
}
