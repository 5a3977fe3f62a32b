// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IBallots} from "./IBallots.sol";
import {IElectorate} from "./IElectorate.sol";
import {IRounds} from "./IRounds.sol";

/// @title IIdeaBoard
/// @notice Holders post ideas during a round, vote on them during the next, and anyone settles after that.
/// @dev The vote and the cap choose what is funded; an empty pool only delays it.
interface IIdeaBoard is IRounds, IBallots, IElectorate {
    /// @notice An idea; what a voter accepts is exactly this.
    /// @dev Three slots: digest · author, ask · lead, duration, fee, buildsOn.
    /// @param digest sha2-256 of the idea's document.
    /// @param author Who posted it.
    /// @param ask Budget asked for, fee included, in units of the budget token.
    /// @param lead Who will run the campaign.
    /// @param durationSeconds Length of the campaign, in seconds from funding; two rounds at least.
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
        uint256 forVotes;
        uint256 againstVotes;
        uint8 version;
        bool isWithdrawn;
        bool isPassing;
    }

    // ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice An idea was posted; `replaces` is the number of the version it replaces, 0 for a new idea.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    /// @param author Who posted the idea.
    /// @param digest sha2-256 of the idea's document.
    /// @param ask What was asked for, fee included, in units of the budget token.
    /// @param lead Who will run the campaign.
    /// @param durationSeconds Length of the campaign, in seconds from funding.
    /// @param feeBps The lead's fee as a share of the ask, in bps.
    /// @param buildsOnRound Round number of the idea it builds on; 0 for none.
    /// @param buildsOnNumber Number of the idea it builds on; 0 for none.
    /// @param replaces Number of the version it replaces; 0 for a new idea.
    /// @param version The version's number, 1 for a new idea.
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
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    event IdeaWithdrawn(uint32 indexed round, uint32 indexed number);

    /// @notice A round is settled to the end: all that passed and the cap has room for is funded.
    /// @param round The round's number.
    /// @param budget What the round could assign, its cap, in units of the budget token.
    /// @param assigned What went to campaigns in all, in units of the budget token.
    /// @param passing How many ideas were passing.
    /// @param funded How many of them were funded.
    event RoundSettled(uint32 indexed round, uint256 budget, uint256 assigned, uint32 passing, uint32 funded);

    /// @notice Settlement came so far, and goes on with the next call.
    /// @param round The round's number.
    /// @param walked How many of the passing ideas, from the strongest, it is done with.
    /// @param assigned What went to campaigns until now, in units of the budget token.
    /// @param funded How many ideas were funded until now.
    /// @param missing What the pool lacks for the next idea, in units of the budget token; 0 where the call was to go
    /// no further.
    event SettlementPaused(uint32 indexed round, uint32 walked, uint256 assigned, uint32 funded, uint256 missing);

    /// @notice An idea became a campaign.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    /// @param campaign Id of its campaign.
    /// @param ask What was asked for, fee included, in units of the budget token.
    event IdeaFunded(uint32 indexed round, uint32 indexed number, uint32 indexed campaign, uint96 ask);

    // ── errors ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice There is no contract at {account}.
    /// @custom:right Name the escrow.
    /// @param account Where the escrow should be.
    error IdeaBoardNoEscrow(address account);
    /// @notice An ask of {ask} is outside this round's bounds.
    /// @custom:right Ask for {min} to {max}.
    /// @param ask What was asked for, fee included, in units of the budget token.
    /// @param min 1 % of the round's cap, in units of the budget token.
    /// @param max A third of the round's cap, in units of the budget token.
    error IdeaBoardAskOutOfBounds(uint256 ask, uint256 min, uint256 max);
    /// @notice A fee of {feeBps} is too high.
    /// @custom:right Take at most {maxBps} of the ask.
    /// @param feeBps The lead's fee as a share of the ask, in bps.
    /// @param maxBps The largest possible, in bps.
    error IdeaBoardFeeTooHigh(uint256 feeBps, uint256 maxBps);
    /// @notice A campaign of {durationSeconds} is outside the bounds.
    /// @custom:right Choose {min} to {max}.
    /// @param durationSeconds Length of the campaign, in seconds.
    /// @param min The shortest possible, in seconds.
    /// @param max The longest possible, in seconds.
    error IdeaBoardDurationOutOfBounds(uint256 durationSeconds, uint256 min, uint256 max);
    /// @notice The idea has no document.
    /// @custom:right Write one with `dmo idea new` and post its digest.
    error IdeaBoardNoDigest();
    /// @notice Posting power of {power} is used up: {used} posted, each takes {threshold}.
    /// @custom:right Hold or be lent more votes before the round begins, or wait for the next round.
    /// @param power The author's posting power, in units of the votes token.
    /// @param threshold What each idea takes of it, in units of the votes token.
    /// @param used How many ideas the author has posted in the round.
    error IdeaBoardNotEnoughPower(uint256 power, uint256 threshold, uint256 used);
    /// @notice The round has {ideas} ideas and no room for more.
    /// @custom:right Wait for the next round.
    /// @param ideas How many ideas the round has.
    /// @param limit How many it can have.
    error IdeaBoardRoundFull(uint256 ideas, uint256 limit);
    /// @notice Nobody posted in round {round}.
    /// @custom:right Look at the rounds with `dmo idea list`.
    /// @param round The round's number.
    error IdeaBoardNoIdeas(uint256 round);
    /// @notice Round {round} has no idea {number}.
    /// @custom:right Look at the round with `dmo idea list`.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    error IdeaBoardUnknownIdea(uint256 round, uint256 number);
    /// @notice {account} did not post this idea.
    /// @custom:right Only its author {author} can change it.
    /// @param account Who called.
    /// @param author Who posted the idea.
    error IdeaBoardNotAuthor(address account, address author);
    /// @notice Idea {number} of round {round} was withdrawn or replaced.
    /// @custom:right Use the idea's latest number, or leave it out.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    error IdeaBoardWithdrawn(uint256 round, uint256 number);
    /// @notice This would be version {version} of the idea.
    /// @custom:right An idea has at most {limit} versions; post a new one instead.
    /// @param version Number of the version this would be.
    /// @param limit The largest number possible.
    error IdeaBoardTooManyVersions(uint256 version, uint256 limit);
    /// @notice Ideas of round {round} are frozen since {frozenFrom}: their vote has opened.
    /// @custom:right Ideas are changed while their round is being posted.
    /// @param round The round's number.
    /// @param frozenFrom Ideas of the round can be changed before this moment, Unix seconds.
    error IdeaBoardFrozen(uint256 round, uint256 frozenFrom);
    /// @notice Round {round} cannot be settled now.
    /// @custom:right It can from {from} until {until}.
    /// @param round The round's number.
    /// @param from When settlement opens, Unix seconds.
    /// @param until When the round lapses, Unix seconds.
    error IdeaBoardNotSettling(uint256 round, uint256 from, uint256 until);
    /// @notice Round {round} is settled already.
    /// @custom:right Nothing is left to do.
    /// @param round The round's number.
    error IdeaBoardSettled(uint256 round);
    /// @notice Round {round} has to wait for round {earlier}.
    /// @custom:right Settle round {earlier} first.
    /// @param round The round's number.
    /// @param earlier Number of the round that has to be settled, or lapse, first.
    error IdeaBoardEarlierRoundOpen(uint256 round, uint256 earlier);
    /// @notice The pool has {free}, and the next idea of the round asks for {ask}.
    /// @custom:right Wait until the pool is filled; settlement goes on from there until the round lapses.
    /// @param free What the pool has free, in units of the budget token.
    /// @param ask What the next idea asks for, in units of the budget token.
    error IdeaBoardPoolTooSmall(uint256 free, uint256 ask);
    /// @notice {shown} ideas were shown, {passing} are passing.
    /// @custom:right Show all passing ideas, the strongest first.
    /// @param shown How many ideas were shown.
    /// @param passing How many are passing.
    error IdeaBoardWrongCount(uint256 shown, uint256 passing);
    /// @notice Idea {number} at place {index} is not passing.
    /// @custom:right Leave it out.
    /// @param index Its place in the list, a number counted from 0.
    /// @param number The idea's number in the round.
    error IdeaBoardNotPassing(uint256 index, uint256 number);
    /// @notice Idea {number} at place {index} is out of order.
    /// @custom:right Net support must fall; of equals the lower number comes first.
    /// @param index Its place in the list, a number counted from 0.
    /// @param number The idea's number in the round.
    error IdeaBoardOutOfOrder(uint256 index, uint256 number);

    // ── actions ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Posts an idea in the current round.
    /// @param params The idea; units as in Idea.
    /// @return number The idea's number in the round, counted from 1.
    function post(IdeaParams calldata params) external returns (uint32 number);

    /// @notice Replaces one's idea by a new version with a new number; only while its round is being posted.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    /// @param params The idea as it shall be; units as in Idea.
    /// @return newNumber Number of the new version.
    function edit(uint32 round, uint32 number, IdeaParams calldata params) external returns (uint32 newNumber);

    /// @notice Withdraws one's idea; only while its round is being posted.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    function withdraw(uint32 round, uint32 number) external;

    /// @notice Settles a round: funds the passing ideas in order, passing over what the rest of the cap has no room
    /// for, until the pool cannot pay the next. May be called again, with the same list, to go on from there.
    /// @param round The round's number.
    /// @param numbers Numbers of all passing ideas, net support strictly falling, ties with the lower number first.
    /// @param most How many of them this call may go on by, at most, so that a long list can be settled in parts; 0 for
    /// no limit.
    function settle(uint32 round, uint32[] calldata numbers, uint32 most) external;

    // ── views ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The escrow that holds the money, for ever.
    /// @return The escrow's address.
    function escrow() external view returns (address);
    /// @notice An idea as posted.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    /// @return The idea; units as in Idea.
    function ideaOf(uint32 round, uint32 number) external view returns (Idea memory);
    /// @notice An idea's tally.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    /// @return The tally, in units of the votes token.
    function tallyOf(uint32 round, uint32 number) external view returns (Tally memory);
    /// @notice Posting power of an account in a round, in units of the votes token; both instants must be past.
    /// @param account Who would post.
    /// @param round The round's number.
    /// @return The power, in units of the votes token.
    function postingPower(address account, uint32 round) external view returns (uint256);
    /// @notice How many ideas an account has posted in a round (edits do not count); known for the last round it
    /// posted in, otherwise 0.
    /// @param account Who posted.
    /// @param round The round's number.
    /// @return How many.
    function postedBy(address account, uint32 round) external view returns (uint256);
}
