// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IReputation
/// @notice Points earned by paid work. They cannot be moved or delegated, and they fade with a half-life.
/// @dev Stored is points × g at the moment of the award, with g(t) = (H + Δ mod H) · 2^⌊Δ/H⌋, Δ the seconds since
/// birth and H the half-life: integers, exact, doubling every half-life, linear in between. A reading of moment t
/// divides by g(t), rounding down, so totals stay exact and order never changes. History is OpenZeppelin's Trace208;
/// at a billion points it lasts for 94 half-lives, after which awards revert and nothing else does.
/// It reads as ERC-5805 votes with a timestamp clock: juries and Governors can use it.
interface IReputation {
    /// @notice Points (WAD: 1e18 = one point) were awarded; `stored` is the account's new stored value (points × g).
    /// @param account Who earned them.
    /// @param pointsWad Points, WAD.
    /// @param stored The account's new stored value: points (WAD) × g (in seconds).
    event PointsAwarded(address indexed account, uint256 pointsWad, uint256 stored);

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

    /// @notice {account} cannot earn points.
    /// @custom:right Name an account of a person or team.
    /// @param account Who was named.
    error ReputationBadAccount(address account);

    /// @notice Awards points.
    /// @dev Restricted to escrows (role AWARDER).
    /// @param account Who earned them.
    /// @param pointsWad Points, WAD.
    function award(address account, uint256 pointsWad) external;

    /// @notice Awards points to many, each as `award` does.
    /// @dev Restricted to escrows (role AWARDER).
    /// @param accounts Who earned them.
    /// @param pointsWad Points of each, WAD.
    function awardMany(address[] calldata accounts, uint256[] calldata pointsWad) external;

    /// @notice The half-life, in seconds.
    /// @return The half-life, in seconds.
    function halfLifeSeconds() external view returns (uint256);

    /// @notice When the contract was deployed, Unix seconds; g counts from here.
    /// @return The moment, Unix seconds.
    function birth() external view returns (uint48);

    /// @notice All points as they read now, WAD.
    /// @return Points, WAD.
    function totalPoints() external view returns (uint256);

    /// @notice The growth factor g at a moment (Unix seconds).
    /// @dev Before birth it is H. From 208 half-lives on, when every stored value reads as zero, it is 2^256 − 1.
    /// @param timepoint The moment, Unix seconds.
    /// @return g at that moment, in seconds.
    function growth(uint256 timepoint) external view returns (uint256);
}
