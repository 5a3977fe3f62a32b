// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

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
/// @dev RoundTime ← Rulebook ← Ideas ← Polls ← Ballots ← IdeaBoard. Each part knows only those before it.
contract IdeaBoard is Ballots {
    using RoundWords for uint256;
    using TallyWords for uint256;

    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev How far settlement comes in this call; amounts in units of the budget token.
    struct Walk {
        uint256 cap;
        uint256 place; // in the list, of the next idea
        uint256 assigned;
        uint256 funded;
        uint256 missing; // in the pool, for the next idea
        bool isAtEnd;
        ICampaigns.Seed[] seeds; // what is funded in this call
    }

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
    function settle(uint32 round, uint32[] calldata numbers, uint32 most) external {
        // Check:
        uint256 word = _requireSettling(round);
        require(numbers.length == word.passing(), IdeaBoardWrongCount(numbers.length, word.passing()));
        _requireOrdered(round, numbers, word.threshold());
        Walk memory walk = _walk(round, numbers, most, word);

        // Effect:
        if (walk.isAtEnd) word = word.withSettled();
        if (numbers.length != 0) word = word.withProgress(walk.place, walk.assigned, walk.funded);
        _rounds[round] = word;
        if (walk.isAtEnd) {
            emit RoundSettled(round, walk.cap, walk.assigned, uint32(numbers.length), uint32(walk.funded));
        } else {
            emit SettlementPaused(
                round, uint32(walk.place), walk.assigned, uint32(walk.funded), walk.missing
            );
        }

        // Interaction:
        ICampaigns.Seed[] memory seeds = walk.seeds;
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
        uint256[MAX_IDEAS / 2 + 1] storage pairs = _tallies[round];
        uint256 lastNet = type(uint256).max;
        uint256 lastNumber;
        for (uint256 i = 0; i < numbers.length; ++i) {
            uint256 number = numbers[i];
            uint256 tally = number > MAX_IDEAS ? 0 : pairs[TallyWords.indexOf(number)].tallyOf(number);
            require(tally.isPassing(threshold), IdeaBoardNotPassing(i, number));
            unchecked {
                uint256 net = tally.forVotes() - tally.againstVotes(); // passing, so above 0
                require(net < lastNet || (net == lastNet && number > lastNumber), IdeaBoardOutOfOrder(i, number));
                (lastNet, lastNumber) = (net, number);
            }
        }
    }

    /// @dev Goes on from where settlement stopped, by `most` places at the most. The cap alone chooses: what has no
    /// room in it is passed over, and nothing is looked at any more when nothing can have room. The first chosen idea
    /// that the pool cannot pay ends the call, so a later one is never paid before it.
    function _walk(uint32 round, uint32[] calldata numbers, uint256 most, uint256 word)
        private
        view
        returns (Walk memory walk)
    {
        walk.cap = _rulesOf(round).cap;
        if (numbers.length == 0) {
            walk.isAtEnd = true;
            return walk;
        }
        (walk.place, walk.assigned, walk.funded) = (word.walked(), word.assigned(), word.funded());
        (uint256 minAsk,) = _askBounds(walk.cap);
        uint256 free = _escrow.poolFree();
        uint256 end = most == 0 ? numbers.length : Math.min(walk.place + most, numbers.length);
        // No ask is below the least, so no more than these have room.
        walk.seeds = new ICampaigns.Seed[](Math.min(end - walk.place, (walk.cap - walk.assigned) / minAsk));
        uint256 count;
        for (; walk.place < end && walk.cap - walk.assigned >= minAsk; ++walk.place) {
            Idea storage idea = _ideas[round][numbers[walk.place]];
            uint96 ask = idea.ask;
            if (ask > walk.cap - walk.assigned) continue;
            if (ask > free) {
                require(count != 0, IdeaBoardPoolTooSmall(free, ask));
                walk.missing = ask - free;
                break;
            }
            free -= ask;
            walk.assigned += ask;
            walk.seeds[count++] = ICampaigns.Seed({
                round: round,
                number: uint16(numbers[walk.place]),
                lead: idea.lead,
                ask: ask,
                feeBps: idea.feeBps,
                durationSeconds: idea.durationSeconds
            });
        }
        walk.funded += count;
        walk.isAtEnd = walk.place == numbers.length || walk.cap - walk.assigned < minAsk;
        ICampaigns.Seed[] memory seeds = walk.seeds;
        assembly ("memory-safe") {
            mstore(seeds, count) // shorten the list to what is funded
        }
    }
}
