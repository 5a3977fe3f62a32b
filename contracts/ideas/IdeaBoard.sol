// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {Electorate} from "../governance/Electorate.sol";
import {Ballots} from "./Ballots.sol";
import {RoundTime} from "./RoundTime.sol";
import {RoundWords} from "./RoundWords.sol";
import {Rulebook} from "./Rulebook.sol";
import {TallyWords} from "./TallyWords.sol";

/// @title IdeaBoard
/// @notice Rounds with a budget: ideas, whole ballots, and settlement by net support.
/// @dev RoundTime ← Rulebook ← Ideas ← Ballots ← IdeaBoard. Each part knows only those before it.
contract IdeaBoard is Ballots {
    using RoundWords for uint256;
    using TallyWords for uint256;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param votes The ERC-5805 token, with a clock in seconds.
    /// @param escrow_ Where funded ideas become campaigns; deployed already.
    /// @param excluded Accounts without a part in votes: at most six, distinct and not zero.
    /// @param frame_ What never changes.
    /// @param rules The rules from round 1 on.
    constructor(
        address authority,
        address votes,
        address escrow_,
        address[] memory excluded,
        Frame memory frame_,
        Rules memory rules
    )
        RoundTime(frame_.origin, frame_.roundSeconds, frame_.holdingSeconds)
        Electorate(votes, excluded, frame_.holdingSeconds)
        Rulebook(authority, escrow_, frame_, rules)
    {
        require(escrow_.code.length != 0, IdeaBoardNoEscrow(escrow_));
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IIdeaBoard
    function settle(uint32 round, uint32[] calldata numbers) external {
        // Check:
        uint256 word = _requireSettling(round);
        require(numbers.length == word.passing(), IdeaBoardWrongCount(numbers.length, word.passing()));
        _requireOrdered(round, numbers, word.threshold());

        // Effect:
        _rounds[round] = word.withSettled();
        uint256 cap = _rulesOf(round).cap;
        uint256 budget = Math.min(cap, _escrow.poolFree());
        (ICampaignEscrow.Seed[] memory seeds, uint256 assigned) = _chosen(round, numbers, budget, cap);
        emit RoundSettled(round, budget, assigned, uint32(numbers.length), uint32(seeds.length));

        // Interaction:
        if (seeds.length == 0) return;
        uint32 campaign = _escrow.fund(seeds);
        for (uint256 i = 0; i < seeds.length; ++i) {
            emit IdeaFunded(round, seeds[i].number, campaign++, seeds[i].ask);
        }
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IIdeaBoard
    function escrow() external view returns (address) {
        return address(_escrow);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Of the earlier rounds only the one before can still be open: those before it have lapsed by now.
    function _requireSettling(uint256 round) private view returns (uint256 word) {
        uint256 from = _votingCloses(round);
        uint256 until = _lapsesAt(round);
        require(
            round != 0 && block.timestamp >= from && block.timestamp < until, IdeaBoardNotSettling(round, from, until)
        );
        word = _rounds[round];
        require(word != 0, IdeaBoardNoIdeas(round));
        require(!word.isSettled(), IdeaBoardSettled(round));
        uint256 earlier = round - 1;
        require(
            block.timestamp >= _lapsesAt(earlier) || _isDone(_rounds[earlier]), // the cheap question first
            IdeaBoardEarlierRoundOpen(round, earlier)
        );
    }

    /// @dev Nothing passed, or it is settled.
    function _isDone(uint256 word) private pure returns (bool) {
        return word.passing() == 0 || word.isSettled();
    }

    /// @dev Strictly falling order leaves no room for a number shown twice, so the right count means all of them.
    function _requireOrdered(uint256 round, uint32[] calldata numbers, uint256 threshold) private view {
        uint256[MAX_IDEAS + 1] storage tallies = _tallies[round];
        uint256 lastNet = type(uint256).max;
        uint256 lastNumber;
        for (uint256 i = 0; i < numbers.length; ++i) {
            uint256 number = numbers[i];
            uint256 tally = number > MAX_IDEAS ? 0 : tallies[number];
            require(tally.isPassing(threshold), IdeaBoardNotPassing(i, number));
            uint256 net = tally.forVotes() - tally.againstVotes();
            require(net < lastNet || (net == lastNet && number > lastNumber), IdeaBoardOutOfOrder(i, number));
            (lastNet, lastNumber) = (net, number);
        }
    }

    /// @dev Passes over what no longer fits, and stops looking when nothing can fit any more.
    function _chosen(uint32 round, uint32[] calldata numbers, uint256 budget, uint256 cap)
        private
        view
        returns (ICampaignEscrow.Seed[] memory seeds, uint256 assigned)
    {
        (uint256 minAsk,) = _askBounds(cap);
        // No ask is below the least, so no more than these fit.
        seeds = new ICampaignEscrow.Seed[](Math.min(numbers.length, budget / minAsk));
        uint256 funded;
        for (uint256 i = 0; i < numbers.length && budget - assigned >= minAsk; ++i) {
            Idea storage idea = _ideas[round][numbers[i]];
            uint96 ask = idea.ask;
            if (ask > budget - assigned) continue;
            assigned += ask;
            seeds[funded++] = ICampaigns.Seed({
                round: round,
                number: uint16(numbers[i]),
                lead: idea.lead,
                ask: ask,
                feeBps: idea.feeBps,
                durationSeconds: idea.durationSeconds
            });
        }
        assembly ("memory-safe") {
            mstore(seeds, funded) // shorten the list to what was funded
        }
    }
}
