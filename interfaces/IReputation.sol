// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IReputation
/// @notice Points earned by paid work. They cannot be moved or delegated, and they fade with a half-life.
/// @dev Time is cut into rounds by boundaries, the same as the board's. What is earned in a round counts from the next
/// boundary on, in full, and fades from there: a juror's weight cannot be made after a dispute is in sight.
/// Points are kept to a billionth, a grain; the rest of an award is dropped. Stored is grains × g of the boundary from
/// which they count, with g(t) = (H + Δ mod H) · 2^⌊Δ/H⌋, Δ the seconds since birth and H the half-life: integers,
/// exact, doubling every half-life, linear in between. A reading of moment t divides by g(t), rounding down, so totals
/// stay exact and order never changes. With a billion points in all, awards last for 50 half-lives, not beyond 2106;
/// after that awards revert and nothing else does. A history has room for 65,536 boundaries.
/// It reads as ERC-5805 votes with a timestamp clock, at boundaries alone: any other moment is refused.
interface IReputation {
    /// @notice Points (WAD: 1e18 = one point) were awarded.
    /// @param account Who earned them.
    /// @param pointsWad Points, WAD, in whole billionths of a point.
    /// @param countsFrom The boundary from which on they count, Unix seconds.
    event PointsAwarded(address indexed account, uint256 pointsWad, uint256 countsFrom);

    /// @notice Points of {account} cannot be delegated.
    /// @custom:right They belong to who earned them.
    /// @param account Whose points they are.
    error ReputationNotDelegable(address account);

    /// @notice A half-life of {halfLifeSeconds} is outside its bounds.
    /// @custom:right Choose {minSeconds} to {maxSeconds}.
    /// @param halfLifeSeconds The half-life that was named, in seconds.
    /// @param minSeconds The shortest possible, in seconds.
    /// @param maxSeconds The longest possible, in seconds.
    error ReputationHalfLifeOutOfBounds(uint256 halfLifeSeconds, uint256 minSeconds, uint256 maxSeconds);

    /// @notice Boundaries {roundSeconds} apart are outside their bounds.
    /// @custom:right Choose {minSeconds} to {maxSeconds}.
    /// @param roundSeconds From one boundary to the next, in seconds.
    /// @param minSeconds The shortest possible, in seconds.
    /// @param maxSeconds The longest possible, in seconds.
    error ReputationRoundOutOfBounds(uint256 roundSeconds, uint256 minSeconds, uint256 maxSeconds);

    /// @notice {accounts} accounts were named for {amounts} amounts of points.
    /// @custom:right Name one amount for each account.
    /// @param accounts The number of accounts.
    /// @param amounts The number of amounts.
    error ReputationListsDiffer(uint256 accounts, uint256 amounts);

    /// @notice Points of {timepoint} were not kept: history is kept at boundaries.
    /// @custom:right Ask for {boundary}.
    /// @param timepoint The moment that was asked for, Unix seconds.
    /// @param boundary The latest boundary until then, Unix seconds.
    error ReputationNotABoundary(uint256 timepoint, uint256 boundary);

    /// @notice Awards points, to count from the next boundary on.
    /// @dev Restricted to escrows (role AWARDER). An account may stand in the list more than once; the zero address is
    /// passed over, so that it costs nobody else their points.
    /// @param accounts Who earned them.
    /// @param pointsWad Points of each, WAD; less than a billionth is dropped.
    function awardMany(address[] calldata accounts, uint256[] calldata pointsWad) external;

    /// @notice The half-life, in seconds.
    /// @return The half-life, in seconds.
    function halfLifeSeconds() external view returns (uint256);

    /// @notice When the contract was deployed, Unix seconds; g counts from here.
    /// @return The moment, Unix seconds.
    function birth() external view returns (uint48);

    /// @notice From one boundary to the next, in seconds.
    /// @return The length, in seconds.
    function roundSeconds() external view returns (uint256);

    /// @notice The first boundary of Unix time, Unix seconds: all others follow at whole rounds.
    /// @return The moment, Unix seconds.
    function phase() external view returns (uint256);

    /// @notice The latest boundary that is not later than a moment.
    /// @dev 0 before the first of Unix time.
    /// @param timepoint The moment, Unix seconds.
    /// @return The boundary, Unix seconds.
    function boundaryOf(uint256 timepoint) external view returns (uint256);

    /// @notice All points that count, as they read now, WAD.
    /// @return Points, WAD.
    function totalPoints() external view returns (uint256);

    /// @notice An account's points that are earned and do not count yet, WAD.
    /// @param account Whose points they are.
    /// @return Points, WAD.
    function pendingOf(address account) external view returns (uint256);

    /// @notice All points an account was ever awarded, WAD; they never fade.
    /// @dev In whole billionths of a point. It stays at 4.7 trillion points.
    /// @param account Whose points they are.
    /// @return Points, WAD.
    function lifetimeOf(address account) external view returns (uint256);

    /// @notice The growth factor g at a moment (Unix seconds).
    /// @dev Before birth it is H. From 144 half-lives on, when every stored value reads as zero, it is 2^256 − 1.
    /// @param timepoint The moment, Unix seconds.
    /// @return g at that moment, in seconds.
    function growth(uint256 timepoint) external view returns (uint256);
}
