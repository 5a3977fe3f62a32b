// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title EveryonesVotes
/// @notice What a board asks of a votes token, where every account has a vote of its own: for crowds that nobody paid.
contract EveryonesVotes {
    uint256 private constant UNIT = 1e18;
    uint256 private constant SUPPLY = 1_000_000 * UNIT;

    /// @notice Who could vote for all.
    address public immutable giant;

    constructor(address giant_) {
        giant = giant_;
    }

    function getPastVotes(address account, uint256) external view returns (uint256) {
        return account == giant ? SUPPLY : UNIT;
    }

    function getPastTotalSupply(uint256) external pure returns (uint256) {
        return SUPPLY;
    }

    function clock() external view returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }
}
