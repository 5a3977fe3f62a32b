// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IElectorate} from "./IElectorate.sol";
import {IHaltable} from "./IHaltable.sol";

/// @title IIdeaBoard
/// @notice Holders post ideas during a round, vote on them during the next, and anyone settles after that.
/// @dev Time is cut by arithmetic from an immutable origin: round = 1 + (now − origin) / length. Windows are
/// half-open. Ideas of round r are posted while round r runs, voted on while round r+1 runs, and settled from the
/// start of round r+2 until the start of round r+4, when an unsettled round lapses. No transaction opens or closes a
/// round. A choice is one number: idea number × 2, plus 1 for "for", plus 0 for "against".
interface IIdeaBoard is IElectorate, IHaltable {
    /// @notice The rules that governance sets; they apply to rounds whose posting has not begun.
    /// @param cap Most a round may assign, in units of the budget token. An ask is 1 % to a third of it.
    /// @param passingBps For − against an idea needs, as a share of the votable supply before the vote, in bps.
    /// @param postingBps Posting power needed per idea, as a share of the votable supply before the round, in bps.
    struct Rules {
        uint96 cap;
        uint16 passingBps;
        uint16 postingBps;
    }

    /// @notice What never changes after deployment.
    /// @param origin Start of round 1, Unix seconds.
    /// @param roundSeconds Length of a round, in seconds.
    /// @param holdingSeconds Posting power is the smaller of the votes before the round and this many seconds earlier.
    /// @param passingFloor The passing threshold is never below this, in units of the votes token.
    /// @param postingFloor The posting threshold is never below this, in units of the votes token.
    struct Frame {
        uint48 origin;
        uint32 roundSeconds;
        uint32 holdingSeconds;
        uint112 passingFloor;
        uint112 postingFloor;
    }

    /// @notice An idea; what a voter accepts is exactly this.
    /// @dev Three slots: digest · author, ask · lead, duration, fee, buildsOn.
    /// @param digest sha2-256 of the idea's document.
    /// @param author Who posted it.
    /// @param ask Budget asked for, fee included, in units of the budget token.
    /// @param lead Who will run the campaign.
    /// @param durationSeconds Length of the campaign, in seconds from funding.
    /// @param feeBps The lead's fee as a share of the ask, in bps.
    /// @param buildsOnRound Round of the idea it builds on; 0 for none.
    /// @param buildsOnNumber Number of the idea it builds on; 0 for none.
    struct Idea {
        bytes32 digest;
        address author;
        uint96 ask;
        address lead;
        uint32 durationSeconds;
        uint16 feeBps;
        uint32 buildsOnRound;
        uint16 buildsOnNumber;
    }

    /// @notice What an author fills in; `lead` zero means the author. Units as in Idea.
    struct IdeaParams {
        bytes32 digest;
        uint96 ask;
        address lead;
        uint32 durationSeconds;
        uint16 feeBps;
        uint32 buildsOnRound;
        uint16 buildsOnNumber;
    }

    /// @notice An idea's tally, in units of the votes token.
    /// @param version 1 for a new idea, up to 4 for its third edit.
    /// @param isWithdrawn Withdrawn, or replaced by an edit.
    /// @param isPassing Computed: for − against has reached the round's threshold.
    struct Tally {
        uint112 forVotes;
        uint112 againstVotes;
        uint8 version;
        bool isWithdrawn;
        bool isPassing;
    }

    /// @notice A round's facts.
    /// @dev One slot. Before the first ballot `threshold` is the posting threshold, from then on the passing
    /// threshold (units of the votes token).
    /// @param ideas Numbers given so far; the next idea is ideas + 1.
    /// @param passing How many ideas are passing now.
    /// @param previous The round with ideas before this one; 0 for none.
    struct Round {
        uint112 threshold;
        uint32 ideas;
        uint32 passing;
        uint32 previous;
        bool isVoteBegun;
        bool isSettled;
    }

    /// @notice A ballot signed off chain: EIP-712 `Ballot(address voter,uint32 round,uint32 at,uint32[] choices)`,
    /// by the voter's key or, for contracts, ERC-1271.
    /// @param at When it was signed, Unix seconds; a later ballot replaces an earlier one.
    struct SignedBallot {
        address voter;
        uint32 round;
        uint32 at;
        uint32[] choices;
        bytes signature;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice An idea was posted; `replaces` is the number of the version it replaces, 0 for a new idea.
    event IdeaPosted(
        uint32 indexed round,
        uint32 indexed number,
        address indexed author,
        bytes32 digest,
        uint96 ask,
        address lead,
        uint32 durationSeconds,
        uint16 feeBps,
        uint32 buildsOnRound,
        uint16 buildsOnNumber,
        uint32 replaces,
        uint8 version
    );

    /// @notice An idea was withdrawn by its author (also by an edit).
    event IdeaWithdrawn(uint32 indexed round, uint32 indexed number);

    /// @notice A voter's whole ballot of a round. `votes` is the weight in units of the votes token; `words` are the
    /// choices as stored: the first word holds round (32 bits), at (32), ten entries of 17 bits, count (8) from the
    /// lowest bit up; each further word holds fifteen entries. An entry is a choice.
    event BallotCast(address indexed voter, uint32 indexed round, uint256 votes, uint256[] words);

    /// @notice A signed ballot of a batch was left out; `reason` is the error it met, ABI-encoded.
    event BallotSkipped(address indexed voter, uint32 indexed round, uint32 at, bytes reason);

    /// @notice A round was settled with this budget, of which `assigned` went to campaigns (budget token units).
    event RoundSettled(uint32 indexed round, uint256 budget, uint256 assigned, uint32 passing, uint32 funded);

    /// @notice An idea became a campaign.
    event IdeaFunded(uint32 indexed round, uint32 indexed number, uint32 indexed campaign, uint96 ask);

    /// @notice New rules, in force from posting round `fromRound` on.
    event RulesSet(uint32 indexed fromRound, uint96 cap, uint16 passingBps, uint16 postingBps);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Posting begins at `origin` (Unix seconds).
    error IdeaBoardNotStarted(uint256 nowSeconds, uint256 origin);
    /// @notice The board's frame cannot work: a round takes 10 seconds to 90 days, the holding period 1 second to
    /// 90 days, and the origin (Unix seconds) lies later than both together.
    error IdeaBoardBadFrame(uint256 origin, uint256 roundSeconds, uint256 holdingSeconds);
    /// @notice There is no contract at the escrow's address.
    error IdeaBoardNoEscrow(address account);
    /// @notice The cap is too small to be shared out (budget token units).
    error IdeaBoardCapTooSmall(uint256 cap, uint256 min);
    /// @notice The ask is outside 1 % to a third of the round's cap (budget token units).
    error IdeaBoardAskOutOfBounds(uint256 ask, uint256 min, uint256 max);
    /// @notice The fee is above the limit (bps).
    error IdeaBoardFeeTooHigh(uint256 feeBps, uint256 maxBps);
    /// @notice The campaign's duration is outside its bounds (seconds).
    error IdeaBoardDurationOutOfBounds(uint256 durationSeconds, uint256 min, uint256 max);
    /// @notice An idea needs a document.
    error IdeaBoardNoDigest();
    /// @notice An idea takes one `threshold` of the author's `power`, and `used` ideas have been posted already.
    error IdeaBoardNotEnoughPower(uint256 power, uint256 threshold, uint256 used);
    /// @notice The round has no room for more ideas.
    error IdeaBoardRoundFull(uint256 ideas, uint256 limit);
    /// @notice Nobody posted in this round.
    error IdeaBoardNoIdeas(uint256 round);
    /// @notice There is no such idea.
    error IdeaBoardUnknownIdea(uint256 round, uint256 number);
    /// @notice Only its author can change an idea.
    error IdeaBoardNotAuthor(address account, address author);
    /// @notice The idea was withdrawn or replaced.
    error IdeaBoardWithdrawn(uint256 round, uint256 number);
    /// @notice An idea has at most four versions.
    error IdeaBoardTooManyVersions(uint256 version, uint256 limit);
    /// @notice Ideas of this round can be changed only while now < `frozenFrom` (Unix seconds).
    error IdeaBoardFrozen(uint256 round, uint256 frozenFrom);
    /// @notice Ideas of the round are voted on while opens <= now < closes (Unix seconds).
    error IdeaBoardNotVoting(uint256 round, uint256 opens, uint256 closes);
    /// @notice The account had no votes when the vote opened (`snapshot`, Unix seconds).
    error IdeaBoardNoVotes(address voter, uint256 snapshot);
    /// @notice A ballot holds at most `limit` choices.
    error IdeaBoardTooManyChoices(uint256 count, uint256 limit);
    /// @notice Choices must name ideas in strictly ascending order; choice `index` does not.
    error IdeaBoardChoicesNotAscending(uint256 index, uint256 choice);
    /// @notice In the last tenth of a vote (from `lateFrom`, Unix seconds) no new "for" is taken, and no "against"
    /// given up.
    error IdeaBoardLateFor(uint256 number, uint256 lateFrom);
    /// @notice The voter's ballot of `latest` (Unix seconds) is not older than this one of `at`.
    error IdeaBoardStaleBallot(uint256 at, uint256 latest);
    /// @notice A ballot cannot be signed in the future (Unix seconds).
    error IdeaBoardFutureBallot(uint256 at, uint256 nowSeconds);
    /// @notice The signature is not the voter's.
    error IdeaBoardBadSignature(address voter);
    /// @notice The transaction carries too little gas to count ballot `index` of the batch.
    error IdeaBoardNotEnoughGas(uint256 index);
    /// @notice The round can be settled only while from <= now < until (Unix seconds).
    error IdeaBoardNotSettling(uint256 round, uint256 from, uint256 until);
    /// @notice The round is settled already.
    error IdeaBoardSettled(uint256 round);
    /// @notice An earlier round has to be settled, or lapse, first.
    error IdeaBoardEarlierRoundOpen(uint256 round, uint256 earlier);
    /// @notice Settlement must show every passing idea of the round.
    error IdeaBoardWrongCount(uint256 shown, uint256 passing);
    /// @notice The idea at `index` is not passing.
    error IdeaBoardNotPassing(uint256 index, uint256 number);
    /// @notice The idea at `index` is out of order: net support must fall, ties take the lower number first.
    error IdeaBoardOutOfOrder(uint256 index, uint256 number);

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Posts an idea in the current round.
    /// @return number Its number in the round, counted from 1.
    function post(IdeaParams calldata params) external returns (uint32 number);

    /// @notice Replaces one's idea by a new version with a new number; only while its round is being posted.
    function edit(uint32 round, uint32 number, IdeaParams calldata params) external returns (uint32 newNumber);

    /// @notice Withdraws one's idea; only while its round is being posted.
    function withdraw(uint32 round, uint32 number) external;

    /// @notice Casts one's whole ballot for the ideas of a round, replacing an earlier one; empty takes it back.
    /// @param choices Strictly ascending; idea number × 2, plus 1 for "for".
    function castBallot(uint32 round, uint32[] calldata choices) external;

    /// @notice Casts one ballot that its voter signed; anyone may send it.
    /// @dev A contract's own check of its signature may spend 400,000 gas.
    function castBallotBySig(SignedBallot calldata ballot) external;

    /// @notice Casts ballots that voters signed; anyone may send them. Bad or stale ballots are skipped.
    /// @dev A skipped ballot is not used up and may be sent again. Reverts when the gas runs out, so that an estimate
    /// covers all ballots; a contract that changes its mind costs at most 400,000 gas more.
    /// @return cast How many were cast.
    function castBallotsBySig(SignedBallot[] calldata ballots) external returns (uint256 cast);

    /// @notice Settles a round: assigns the budget to the passing ideas as far as it reaches.
    /// @param numbers All passing ideas, net support strictly falling, ties with the lower number first.
    function settle(uint32 round, uint32[] calldata numbers) external;

    /// @notice Sets the rules for rounds whose posting has not begun.
    /// @dev Restricted to governance.
    function setRules(Rules calldata newRules) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The escrow that holds the money, for ever.
    function escrow() external view returns (address);
    /// @notice What never changes.
    function frame() external view returns (Frame memory);
    /// @notice The round that runs now; 0 before the origin.
    function currentRound() external view returns (uint32);
    /// @notice When posting into a round opens, Unix seconds.
    function postingOpens(uint32 round) external view returns (uint256);
    /// @notice When voting on a round's ideas opens, Unix seconds; posting closes then.
    function votingOpens(uint32 round) external view returns (uint256);
    /// @notice When voting on a round's ideas closes, Unix seconds; settlement opens then.
    function votingCloses(uint32 round) external view returns (uint256);
    /// @notice From when on a ballot takes no new "for", Unix seconds.
    function lateFrom(uint32 round) external view returns (uint256);
    /// @notice When an unsettled round lapses, Unix seconds.
    function lapsesAt(uint32 round) external view returns (uint256);
    /// @notice The rules of a round.
    function rulesOf(uint32 round) external view returns (Rules memory);
    /// @notice A round's stored facts.
    function roundOf(uint32 round) external view returns (Round memory);
    /// @notice The last round with ideas; 0 for none. `roundOf(...).previous` leads further back.
    function latestRound() external view returns (uint32);
    /// @notice An idea as posted.
    function ideaOf(uint32 round, uint32 number) external view returns (Idea memory);
    /// @notice An idea's tally.
    function tallyOf(uint32 round, uint32 number) external view returns (Tally memory);
    /// @notice The voter's latest ballot: its round, when it was signed (Unix seconds) and its choices.
    function ballotOf(address voter) external view returns (uint32 round, uint32 at, uint32[] memory choices);
    /// @notice Posting power of an account in a round, in units of the votes token; both instants must be past.
    function postingPower(address account, uint32 round) external view returns (uint256);
    /// @notice How many ideas an account has posted in a round (edits do not count); known for the last round it
    /// posted in, otherwise 0.
    function postedBy(address account, uint32 round) external view returns (uint256);
    /// @notice Posting power needed per idea in a round, in units of the votes token.
    function postingThreshold(uint32 round) external view returns (uint256);
    /// @notice for − against needed in a round, in units of the votes token; known once its vote opens.
    function passingThreshold(uint32 round) external view returns (uint256);
    /// @notice The EIP-712 digest a voter signs.
    function ballotDigest(address voter, uint32 round, uint32 at, uint32[] calldata choices)
        external
        view
        returns (bytes32);
}
