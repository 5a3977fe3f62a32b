// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {RoundWords} from "./RoundWords.sol";
import {Rulebook} from "./Rulebook.sol";
import {TallyWords} from "./TallyWords.sol";

/// @title Ideas
/// @notice Posting, editing and withdrawing ideas; what they ask for stays within the round's rules.
abstract contract Ideas is Rulebook {
    using RoundWords for uint256;
    using TallyWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev A choice keeps an idea's number in 16 bits.
    uint256 internal constant MAX_IDEAS = 65_535;
    uint256 internal constant MAX_VERSIONS = 4;
    uint256 internal constant MAX_FEE_BPS = 3000;
    /// @dev A halt lasts a round: a campaign outlives it.
    uint256 internal constant MIN_DURATION_ROUNDS = 2;
    uint256 internal constant MAX_DURATION_SECONDS = 365 days;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Tallies, two in a word; see TallyWords.
    mapping(uint256 round => uint256[MAX_IDEAS / 2 + 1]) internal _tallies;

    mapping(uint256 round => mapping(uint256 number => Idea)) internal _ideas;

    /// @dev How many ideas an account posted in the last round it posted in.
    struct Posted {
        uint32 round;
        uint32 count;
    }

    mapping(address author => Posted) private _posted;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IIdeaBoard
    function post(IdeaParams memory params) external returns (uint32 number) {
        _requireIncluded(msg.sender);
        uint32 round = currentRound();
        require(round != 0, IdeaBoardNotStarted(block.timestamp, _origin));
        Rules memory rules = _rulesOf(round);

        uint256 word = _rounds[round];
        if (word == 0) {
            word = RoundWords.open(_postingThreshold(round, rules.postingBps), latestRound);
            latestRound = round;
        }
        _usePower(round, word.postingThreshold());
        return _add(round, word, rules.cap, params, 0, 1);
    }

    /// @inheritdoc IIdeaBoard
    function edit(uint32 round, uint32 number, IdeaParams memory params) external returns (uint32 newNumber) {
        uint256 version = _withdraw(round, number) + 1;
        require(version <= MAX_VERSIONS, IdeaBoardTooManyVersions(version, MAX_VERSIONS));
        return _add(round, _rounds[round], _rulesOf(round).cap, params, number, version);
    }

    /// @inheritdoc IIdeaBoard
    function withdraw(uint32 round, uint32 number) external {
        _withdraw(round, number);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IIdeaBoard
    function ideaOf(uint32 round, uint32 number) external view returns (Idea memory) {
        _tallyOf(round, number);
        return _ideas[round][number];
    }

    /// @inheritdoc IIdeaBoard
    function tallyOf(uint32 round, uint32 number) external view returns (Tally memory) {
        uint256 tally = _tallyOf(round, number);
        uint256 word = _rounds[round];
        bool isVoteBegun = word.isVoteBegun();
        uint256 unit = isVoteBegun ? word.unit() : 1;
        return Tally({
            forVotes: tally.forVotes() * unit,
            againstVotes: tally.againstVotes() * unit,
            version: tally.version(),
            isWithdrawn: tally.isWithdrawn(),
            isPassing: isVoteBegun && tally.isPassing(word.threshold())
        });
    }

    /// @inheritdoc IIdeaBoard
    function postingPower(address account, uint32 round) public view returns (uint256) {
        return pastWeight(account, _startOf(round) - 1);
    }

    /// @inheritdoc IIdeaBoard
    function postedBy(address account, uint32 round) external view returns (uint256) {
        Posted memory posted = _posted[account];
        return posted.round == round ? posted.count : 0;
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Reverts when there is no such idea.
    function _tallyOf(uint256 round, uint256 number) internal view returns (uint256 tally) {
        tally = number > MAX_IDEAS ? 0 : _tallies[round][TallyWords.indexOf(number)].tallyOf(number);
        require(tally != 0, IdeaBoardUnknownIdea(round, number));
    }

    function _setTally(uint256 round, uint256 number, uint256 tally) private {
        uint256[MAX_IDEAS / 2 + 1] storage pairs = _tallies[round];
        uint256 index = TallyWords.indexOf(number);
        pairs[index] = pairs[index].withTally(number, tally);
    }

    /// @dev One idea per whole threshold of posting power.
    function _usePower(uint32 round, uint256 threshold) private {
        Posted memory posted = _posted[msg.sender];
        uint256 used = posted.round == round ? posted.count : 0;
        uint256 power = postingPower(msg.sender, round);
        require(power >= (used + 1) * threshold, IdeaBoardNotEnoughPower(power, threshold, used));
        _posted[msg.sender] = Posted({round: round, count: uint32(used + 1)});
    }

    /// @dev `word` is the round's, perhaps not written yet.
    function _add(
        uint32 round,
        uint256 word,
        uint256 cap,
        IdeaParams memory params,
        uint32 replaces,
        uint256 version
    ) private returns (uint32 number) {
        // Check:
        _requireNotHalted(round);
        require(word.ideas() < MAX_IDEAS, IdeaBoardRoundFull(word.ideas(), MAX_IDEAS));
        _requireValid(params, cap);

        // Effect:
        number = uint32(word.ideas() + 1);
        _rounds[round] = word.withIdea();
        _setTally(round, number, TallyWords.open(version));
        if (params.lead == address(0)) params.lead = msg.sender;
        Idea memory idea = Idea({
            digest: params.digest,
            author: msg.sender,
            ask: params.ask,
            lead: params.lead,
            durationSeconds: params.durationSeconds,
            feeBps: params.feeBps,
            buildsOnRound: params.buildsOnRound,
            buildsOnNumber: params.buildsOnNumber
        });
        _store(round, number, idea);
        emit IdeaPosted(
            round,
            number,
            msg.sender,
            params.digest,
            params.ask,
            params.lead,
            params.durationSeconds,
            params.feeBps,
            params.buildsOnRound,
            params.buildsOnNumber,
            replaces,
            uint8(version)
        );
    }

    /// @dev A function of its own, or the compiler writes a slot once for each field in it.
    function _store(uint32 round, uint32 number, Idea memory idea) private {
        _ideas[round][number] = idea;
    }

    /// @dev Returns the version of the withdrawn idea.
    function _withdraw(uint32 round, uint32 number) private returns (uint256 version) {
        // Check:
        uint256 tally = _tallyOf(round, number);
        address author = _ideas[round][number].author;
        require(msg.sender == author, IdeaBoardNotAuthor(msg.sender, author));
        require(!tally.isWithdrawn(), IdeaBoardWithdrawn(round, number));
        uint256 frozenFrom = _votingOpens(round);
        require(block.timestamp < frozenFrom, IdeaBoardFrozen(round, frozenFrom));

        // Effect:
        _setTally(round, number, tally.withWithdrawn());
        emit IdeaWithdrawn(round, number);
        return tally.version();
    }

    function _requireValid(IdeaParams memory params, uint256 cap) private view {
        require(params.digest != 0, IdeaBoardNoDigest());
        (uint256 minAsk, uint256 maxAsk) = _askBounds(cap);
        require(params.ask >= minAsk && params.ask <= maxAsk, IdeaBoardAskOutOfBounds(params.ask, minAsk, maxAsk));
        require(params.feeBps <= MAX_FEE_BPS, IdeaBoardFeeTooHigh(params.feeBps, MAX_FEE_BPS));
        uint256 minSeconds = MIN_DURATION_ROUNDS * _roundSeconds;
        require(
            params.durationSeconds >= minSeconds && params.durationSeconds <= MAX_DURATION_SECONDS,
            IdeaBoardDurationOutOfBounds(params.durationSeconds, minSeconds, MAX_DURATION_SECONDS)
        );
        if (params.buildsOnRound != 0 || params.buildsOnNumber != 0) {
            _tallyOf(params.buildsOnRound, params.buildsOnNumber);
        }
    }

    /// @dev A hundredth of the cap, rounded up, to a third, rounded down.
    function _askBounds(uint256 cap) internal pure returns (uint256 minAsk, uint256 maxAsk) {
        return (Math.ceilDiv(cap, 100), cap / 3);
    }
}
