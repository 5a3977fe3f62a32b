// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IRounds
/// @notice The board's rounds: their times, rules and facts.
/// @dev Time is cut by arithmetic from an immutable origin: round = 1 + (now − origin) / length. Windows are
/// half-open. Ideas of round r are posted while round r runs, voted on while round r+1 runs, and settled from the
/// start of round r+2 until the start of round r+4, when an unsettled round lapses. No transaction opens or closes a
/// round.
interface IRounds {
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
    /// @param holdingSeconds A weight is the smaller of the votes at a moment and this many seconds earlier.
    /// @param passingFloor The passing threshold is never below this, in units of the votes token.
    /// @param postingFloor The posting threshold is never below this, in units of the votes token.
    struct Frame {
        uint48 origin;
        uint32 roundSeconds;
        uint32 holdingSeconds;
        uint112 passingFloor;
        uint112 postingFloor;
    }

    /// @notice A round's facts.
    /// @dev One slot. Before the first ballot `threshold` is the posting threshold, from then on the passing
    /// threshold (units of the votes token).
    /// @param unit Votes are counted in whole units of so many units of the votes token: a power of ten that the first
    /// ballot fixes, the least in which the supply before the vote fits into a tally. 1 before.
    /// @param ideas Numbers given so far; the next idea is ideas + 1.
    /// @param passing How many ideas are passing now.
    /// @param previous The round with ideas before this one; 0 for none.
    /// @param walked How many of the passing ideas, from the strongest, settlement is done with.
    /// @param funded How many of these it funded.
    /// @param assigned What it assigned to them, in units of the budget token.
    struct Round {
        uint256 threshold;
        uint256 unit;
        uint32 ideas;
        uint32 passing;
        uint32 previous;
        uint32 walked;
        uint32 funded;
        uint96 assigned;
        bool isVoteBegun;
        bool isSettled;
    }

    // ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice New rules, in force from posting round `fromRound` on.
    /// @param fromRound Number of the first round they hold for.
    /// @param cap Most a round may assign, in units of the budget token.
    /// @param passingBps For − against an idea needs, as a share of the votable supply, in bps.
    /// @param postingBps Posting power needed per idea, as a share of the votable supply, in bps.
    event RulesSet(uint32 indexed fromRound, uint96 cap, uint16 passingBps, uint16 postingBps);

    // ── errors ─────────────────────────────────────────────────────────────────────────────────────────────────────

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
    /// @notice A cap of {cap} is too small.
    /// @custom:right Choose at least {min}.
    /// @param cap The cap that was named, in units of the budget token.
    /// @param min The least that can be shared out, in units of the budget token.
    error IdeaBoardCapTooSmall(uint256 cap, uint256 min);

    // ── actions ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Sets the rules for rounds whose posting has not begun.
    /// @dev Restricted to governance.
    /// @param newRules The rules; units as in Rules.
    function setRules(Rules calldata newRules) external;

    // ── views ──────────────────────────────────────────────────────────────────────────────────────────────────────

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
    /// @notice Posting power needed per idea in a round, in units of the votes token.
    /// @param round The round's number.
    /// @return The threshold, in units of the votes token.
    function postingThreshold(uint32 round) external view returns (uint256);
    /// @notice for − against needed in a round, in units of the votes token; known once its vote opens. Rounded up
    /// to whole units of the round.
    /// @param round The round's number.
    /// @return The threshold, in units of the votes token.
    function passingThreshold(uint32 round) external view returns (uint256);
}
