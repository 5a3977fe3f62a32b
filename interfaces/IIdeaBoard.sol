// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IElectorate} from "./IElectorate.sol";

/// @title IIdeaBoard
/// @notice Holders post ideas during a round, vote on them during the next, and anyone settles after that.
/// @dev Time is cut by arithmetic from an immutable origin: round = 1 + (now − origin) / length. Windows are
/// half-open. Ideas of round r are posted while round r runs, voted on while round r+1 runs, and settled from the
/// start of round r+2 until the start of round r+4, when an unsettled round lapses. No transaction opens or closes a
/// round. A choice is one number: idea number × 2, plus 1 for "for", plus 0 for "against".
interface IIdeaBoard is IElectorate {
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

    /// @notice A voter's whole ballot of a round. `votes` is the weight in units of the votes token; `words` are the
    /// choices as stored: the first word holds round (32 bits), at (32), ten entries of 17 bits, count (8) from the
    /// lowest bit up; each further word holds fifteen entries. An entry is a choice.
    /// @param voter Who votes.
    /// @param round The round's number.
    /// @param votes The ballot's weight, in units of the votes token.
    /// @param words The choices, numbers packed as described above.
    event BallotCast(address indexed voter, uint32 indexed round, uint256 votes, uint256[] words);

    /// @notice A signed ballot of a batch was left out; `reason` is the error it met, ABI-encoded.
    /// @param voter Whose ballot it is.
    /// @param round The round's number.
    /// @param at When the ballot was signed, Unix seconds.
    /// @param reason The error it met, ABI-encoded.
    event BallotSkipped(address indexed voter, uint32 indexed round, uint32 at, bytes reason);

    /// @notice A round was settled with this budget, of which `assigned` went to campaigns (budget token units).
    /// @param round The round's number.
    /// @param budget What the round could assign, in units of the budget token.
    /// @param assigned What went to campaigns, in units of the budget token.
    /// @param passing How many ideas were passing.
    /// @param funded How many of them were funded.
    event RoundSettled(uint32 indexed round, uint256 budget, uint256 assigned, uint32 passing, uint32 funded);

    /// @notice An idea became a campaign.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    /// @param campaign Id of its campaign.
    /// @param ask What was asked for, fee included, in units of the budget token.
    event IdeaFunded(uint32 indexed round, uint32 indexed number, uint32 indexed campaign, uint96 ask);

    /// @notice New rules, in force from posting round `fromRound` on.
    /// @param fromRound Number of the first round they hold for.
    /// @param cap Most a round may assign, in units of the budget token.
    /// @param passingBps For − against an idea needs, as a share of the votable supply, in bps.
    /// @param postingBps Posting power needed per idea, as a share of the votable supply, in bps.
    event RulesSet(uint32 indexed fromRound, uint96 cap, uint16 passingBps, uint16 postingBps);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The first round has not begun.
    /// @custom:right Posting begins at {origin}.
    /// @param nowSeconds The time of the block, Unix seconds.
    /// @param origin When posting begins, Unix seconds.
    error IdeaBoardNotStarted(uint256 nowSeconds, uint256 origin);
    /// @notice Rounds of {roundSeconds} from {origin} with a holding period of {holdingSeconds} cannot work.
    /// @custom:right A round takes 10s to 90d, and the origin lies later than a round and the holding period
    /// together.
    /// @param origin Start of round 1, Unix seconds: later than both together.
    /// @param roundSeconds Length of a round, in seconds: 10 seconds to 90 days.
    /// @param holdingSeconds The holding period, in seconds: 1 second to 90 days.
    error IdeaBoardBadFrame(uint256 origin, uint256 roundSeconds, uint256 holdingSeconds);
    /// @notice There is no contract at {account}.
    /// @custom:right Name the escrow.
    /// @param account Where the escrow should be.
    error IdeaBoardNoEscrow(address account);
    /// @notice A cap of {cap} is too small.
    /// @custom:right Choose at least {min}.
    /// @param cap The cap that was named, in units of the budget token.
    /// @param min The least that can be shared out, in units of the budget token.
    error IdeaBoardCapTooSmall(uint256 cap, uint256 min);
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
    /// @notice Round {round} is not being voted on now.
    /// @custom:right Its vote runs from {opens} until {closes}.
    /// @param round The round's number.
    /// @param opens When the vote opens, Unix seconds.
    /// @param closes When the vote closes, Unix seconds.
    error IdeaBoardNotVoting(uint256 round, uint256 opens, uint256 closes);
    /// @notice {voter} had no votes when the vote opened.
    /// @custom:right Votes count that were held at {snapshot} and not lent to another account; later ones count in the
    /// next round.
    /// @param voter Whose ballot it is.
    /// @param snapshot The moment whose votes count, Unix seconds.
    error IdeaBoardNoVotes(address voter, uint256 snapshot);
    /// @notice The ballot has {count} choices.
    /// @custom:right A ballot holds at most {limit}.
    /// @param count How many choices the ballot has.
    /// @param limit How many it can have.
    error IdeaBoardTooManyChoices(uint256 count, uint256 limit);
    /// @notice Choice {index} of the ballot ({choice}) is out of order or doubled.
    /// @custom:right Name each idea once, numbers ascending.
    /// @param index Its place in the list, a number counted from 0.
    /// @param choice The choice, a number: idea number × 2, plus 1 for "for".
    error IdeaBoardChoicesNotAscending(uint256 index, uint256 choice);
    /// @notice It is too late to help idea {number}.
    /// @custom:right Since {lateFrom} a ballot can only take support away or vote against.
    /// @param number The idea's number in the round.
    /// @param lateFrom From when on no new "for" is taken and no "against" given up, Unix seconds.
    error IdeaBoardLateFor(uint256 number, uint256 lateFrom);
    /// @notice A ballot of {at} cannot replace the one of {latest}.
    /// @custom:right Sign a new ballot; the later one counts.
    /// @param at When this ballot was signed, Unix seconds.
    /// @param latest When the voter's counted ballot was signed, Unix seconds.
    error IdeaBoardStaleBallot(uint256 at, uint256 latest);
    /// @notice The ballot is dated {at}, and it is only {nowSeconds}.
    /// @custom:right Set your clock and sign again.
    /// @param at When the ballot was signed, Unix seconds.
    /// @param nowSeconds The time of the block, Unix seconds.
    error IdeaBoardFutureBallot(uint256 at, uint256 nowSeconds);
    /// @notice The signature is not {voter}'s.
    /// @custom:right Sign the ballot with the voter's own key, for this board and chain.
    /// @param voter Whose ballot it is.
    error IdeaBoardBadSignature(address voter);
    /// @notice The transaction carries too little gas for ballot {index} of the batch.
    /// @custom:right Send it with more gas, or fewer ballots at once.
    /// @param index Its place in the list, a number counted from 0.
    error IdeaBoardNotEnoughGas(uint256 index);
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

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

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

    /// @notice Casts one's whole ballot for the ideas of a round, replacing an earlier one; empty takes it back.
    /// @param round The round's number.
    /// @param choices Choices, each a number: idea number × 2, plus 1 for "for"; strictly ascending.
    function castBallot(uint32 round, uint32[] calldata choices) external;

    /// @notice Casts one ballot that its voter signed; anyone may send it.
    /// @dev A contract's own check of its signature may spend 400,000 gas.
    /// @param ballot The ballot with its signature.
    function castBallotBySig(SignedBallot calldata ballot) external;

    /// @notice Casts ballots that voters signed; anyone may send them. Bad or stale ballots are skipped.
    /// @dev A skipped ballot is not used up and may be sent again. Reverts when the gas runs out, so that an estimate
    /// covers all ballots; a contract that changes its mind costs at most 400,000 gas more.
    /// @param ballots Ballots with their signatures.
    /// @return cast How many were cast.
    function castBallotsBySig(SignedBallot[] calldata ballots) external returns (uint256 cast);

    /// @notice Settles a round: assigns the budget to the passing ideas as far as it reaches.
    /// @param round The round's number.
    /// @param numbers Numbers of all passing ideas, net support strictly falling, ties with the lower number first.
    function settle(uint32 round, uint32[] calldata numbers) external;

    /// @notice Sets the rules for rounds whose posting has not begun.
    /// @dev Restricted to governance.
    /// @param newRules The rules; units as in Rules.
    function setRules(Rules calldata newRules) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The escrow that holds the money, for ever.
    /// @return The escrow's address.
    function escrow() external view returns (address);
    /// @notice What never changes.
    /// @return The frame; units as in Frame.
    function frame() external view returns (Frame memory);
    /// @notice The round that runs now; 0 before the origin.
    /// @return The round's number.
    function currentRound() external view returns (uint32);
    /// @notice When posting into a round opens, Unix seconds.
    /// @param round The round's number.
    /// @return The moment, Unix seconds.
    function postingOpens(uint32 round) external view returns (uint256);
    /// @notice When voting on a round's ideas opens, Unix seconds; posting closes then.
    /// @param round The round's number.
    /// @return The moment, Unix seconds.
    function votingOpens(uint32 round) external view returns (uint256);
    /// @notice When voting on a round's ideas closes, Unix seconds; settlement opens then.
    /// @param round The round's number.
    /// @return The moment, Unix seconds.
    function votingCloses(uint32 round) external view returns (uint256);
    /// @notice From when on a ballot takes no new "for", Unix seconds.
    /// @param round The round's number.
    /// @return The moment, Unix seconds.
    function lateFrom(uint32 round) external view returns (uint256);
    /// @notice When an unsettled round lapses, Unix seconds.
    /// @param round The round's number.
    /// @return The moment, Unix seconds.
    function lapsesAt(uint32 round) external view returns (uint256);
    /// @notice The rules of a round.
    /// @param round The round's number.
    /// @return The rules; units as in Rules.
    function rulesOf(uint32 round) external view returns (Rules memory);
    /// @notice A round's stored facts.
    /// @param round The round's number.
    /// @return The facts; units as in Round.
    function roundOf(uint32 round) external view returns (Round memory);
    /// @notice The last round with ideas; 0 for none. `roundOf(...).previous` leads further back.
    /// @return The round's number.
    function latestRound() external view returns (uint32);
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
    /// @notice The voter's latest ballot: its round, when it was signed (Unix seconds) and its choices.
    /// @param voter Who voted.
    /// @return round Number of its round.
    /// @return at When it was signed, Unix seconds.
    /// @return choices Its choices, each a number: idea number × 2, plus 1 for "for".
    function ballotOf(address voter) external view returns (uint32 round, uint32 at, uint32[] memory choices);
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
    /// @notice Posting power needed per idea in a round, in units of the votes token.
    /// @param round The round's number.
    /// @return The threshold, in units of the votes token.
    function postingThreshold(uint32 round) external view returns (uint256);
    /// @notice for − against needed in a round, in units of the votes token; known once its vote opens.
    /// @param round The round's number.
    /// @return The threshold, in units of the votes token.
    function passingThreshold(uint32 round) external view returns (uint256);
    /// @notice The EIP-712 digest a voter signs.
    /// @param voter Who votes.
    /// @param round The round's number.
    /// @param at When the ballot was signed, Unix seconds.
    /// @param choices Choices, each a number: idea number × 2, plus 1 for "for"; strictly ascending.
    /// @return The digest.
    function ballotDigest(address voter, uint32 round, uint32 at, uint32[] calldata choices)
        external
        view
        returns (bytes32);
}
