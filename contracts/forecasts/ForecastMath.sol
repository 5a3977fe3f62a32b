// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IForecasts} from "../../interfaces/IForecasts.sol";

/// @title ForecastMath
/// @notice The quadratic scoring rule in exact integers: what is left, what is paid, rounded against who is paid.
library ForecastMath {
    using SafeCast for int256;

    uint256 internal constant ONE = 1e6;
    uint256 private constant SQUARE = 1e12;

    /// @notice The depth that an amount carries at a forecast: at the worst outcome all of it is lost.
    function depthOf(uint256 amount, uint256 ppm) internal pure returns (uint256) {
        uint256 farthest = Math.max(ppm, ONE - ppm);
        return (amount * SQUARE) / (farthest * farthest);
    }

    /// @notice A position after a move. Reverts beyond some eight full swings at the largest depth.
    function moved(IForecasts.Position memory position, uint256 depth, uint256 fromPpm, uint256 toPpm)
        internal
        pure
        returns (IForecasts.Position memory)
    {
        (int256 b, int256 p, int256 q) = (int256(depth), int256(fromPpm), int256(toPpm));
        return IForecasts.Position({
            a: (position.a + b * (p * p - q * q)).toInt136(),
            b: (position.b + 2 * b * (q - p)).toInt120()
        });
    }

    /// @notice What a position loses at the worst outcome, rounded up: at 0 or at the whole.
    function collateralOf(IForecasts.Position memory position) internal pure returns (uint256) {
        int256 worst = position.b < 0 ? position.a + int256(position.b) * int256(ONE) : int256(position.a);
        return worst >= 0 ? 0 : Math.ceilDiv(uint256(-worst), SQUARE);
    }

    /// @notice What a position is worth at an outcome, its collateral included; never below 0.
    function worthOf(IForecasts.Position memory position, uint256 ppm) internal pure returns (uint256) {
        int256 gain = _floor(position.a + int256(position.b) * int256(ppm));
        return uint256(int256(collateralOf(position)) + gain);
    }

    /// @notice What a sponsorship is worth at an outcome, where the last forecast was q; never below 0.
    /// @dev The sponsor stands against whatever moved the forecast from where it sponsored to q.
    function worthOf(IForecasts.Sponsorship memory its, uint256 last, uint256 ppm) internal pure returns (uint256) {
        (int256 q, int256 x) = (int256(last), int256(ppm));
        (int256 depth, int256 depthPpm) = (int256(uint256(its.depth)), int256(uint256(its.depthPpm)));
        int256 loss = int256(uint256(its.depthPpm2)) - q * q * depth + 2 * x * (q * depth - depthPpm);
        return uint256(int256(uint256(its.amount)) + _floor(-loss));
    }

    function _floor(int256 value) private pure returns (int256) {
        return value >= 0 ? value / int256(SQUARE) : -int256(Math.ceilDiv(uint256(-value), SQUARE));
    }
}
