// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title INeedsBoard
/// @notice What holders want of the protocol, who wants it how much, and what its team answers.
/// @dev Keeps nothing: what counts is a pure function of this log and of the votes token's own history, the same for
/// everybody, so nobody has to be asked whether a need or a list counts before it is sent. Anybody may post and back;
/// what is said without posting power weighs nothing. In round r a holder's last list before the round began spreads
/// that holder's posting power of r over needs: a unit of it counts once over all needs, whatever is moved meanwhile.
interface INeedsBoard {
    /// @notice What the protocol's team says of a need.
    /// @dev Merged: what backs it counts for another need, which the answer's reason names.
    enum Answer {
        None,
        Planned,
        InProgress,
        Done,
        Declined,
        Merged
    }

    // ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A need was posted.
    /// @param need sha2-256 of the need's document.
    /// @param author Who posted it.
    event NeedPosted(bytes32 indexed need, address indexed author);

    /// @notice A holder's list replaced the one before; an empty one takes it back.
    /// @param holder Whose list it is.
    /// @param needs The needs, ascending.
    /// @param percents What part of the holder's posting power each of them gets: numbers of hundredths.
    event NeedsBacked(address indexed holder, bytes32[] needs, uint8[] percents);

    /// @notice A need was answered; the latest answer holds, and earlier ones stay in the log.
    /// @param need sha2-256 of the need's document.
    /// @param by Who answered.
    /// @param answer What the answer is.
    /// @param eta When it is to be done, Unix seconds; 0 where that is not said.
    /// @param effortDays Number of days that one person would work on it; 0 where that is not said.
    /// @param reason sha2-256 of a document that says why, 0 for none; of the other need, where it was merged.
    event NeedAnswered(
        bytes32 indexed need, address indexed by, Answer answer, uint32 eta, uint16 effortDays, bytes32 reason
    );

    // ── errors ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice No need was named.
    /// @custom:right Name it by the sha2-256 of its document.
    error NeedsBoardNoNeed();
    /// @notice {count} needs are too many for one list.
    /// @custom:right Back at most {limit}.
    /// @param count Number of needs in the list.
    /// @param limit Largest number of needs in a list.
    error NeedsBoardTooMany(uint256 count, uint256 limit);
    /// @notice {needs} needs were named, and {percents} parts.
    /// @custom:right Name one part for each need.
    /// @param needs The number of needs.
    /// @param percents The number of parts.
    error NeedsBoardListsDiffer(uint256 needs, uint256 percents);
    /// @notice Need {need} stands behind {previous}, which is no smaller.
    /// @custom:right Name every need once, in ascending order.
    /// @param need The need that is out of order, or named again.
    /// @param previous The need before it.
    error NeedsBoardNotAscending(bytes32 need, bytes32 previous);
    /// @notice Need {need} would get nothing.
    /// @custom:right Give it 1 % at least, or leave it out.
    /// @param need The need.
    error NeedsBoardNoPart(bytes32 need);
    /// @notice All parts make {sum} %.
    /// @custom:right Spread at most {limit} %.
    /// @param sum The sum of all parts: a number of hundredths.
    /// @param limit The largest sum: a number of hundredths.
    error NeedsBoardTooMuch(uint256 sum, uint256 limit);
    /// @notice The answer says nothing.
    /// @custom:right Say planned, in progress, done, declined or merged.
    error NeedsBoardNoAnswer();
    /// @notice Need {need} cannot be merged into {target}.
    /// @custom:right Name another need, into which it merges.
    /// @param need The need.
    /// @param target What was named for the other one.
    error NeedsBoardNoTarget(bytes32 need, bytes32 target);

    // ── actions ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Posts a need.
    /// @dev Of an author's needs of a round the first ⌊posting power ÷ posting threshold⌋ are shown.
    /// @param need sha2-256 of the need's document.
    function post(bytes32 need) external;

    /// @notice Says how the caller's posting power is spread over needs, instead of what was said before.
    /// @dev Counts from the next round on. A need that nobody posted may be named: it counts once somebody has.
    /// @param needs The needs, ascending; at most 8, none takes the list back.
    /// @param percents What part of the posting power each gets: numbers of hundredths, 1 to 100, at most 100 in all.
    function back(bytes32[] calldata needs, uint8[] calldata percents) external;

    /// @notice Answers a need, in the name of the protocol's team.
    /// @dev Restricted to the team (role CORE). Answers are claims, and every later one replaces the one before.
    /// @param need sha2-256 of the need's document.
    /// @param what What the answer is.
    /// @param eta When it is to be done, Unix seconds; 0 where that is not said.
    /// @param effortDays Number of days that one person would work on it; 0 where that is not said.
    /// @param reason sha2-256 of a document that says why, 0 for none; of the other need, where this one merges into it.
    function answer(bytes32 need, Answer what, uint32 eta, uint16 effortDays, bytes32 reason) external;
}
