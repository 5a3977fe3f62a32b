// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title FalseVotesToken
/// @notice Claims that everybody has all the votes there are.
contract FalseVotesToken {
    uint256 private constant SUPPLY = 2 ** 62 - 2;

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    function getPastVotes(address account, uint256) external pure returns (uint256) {
        return uint160(account) == 0 ? 0 : SUPPLY;
    }

    function getPastTotalSupply(uint256) external pure returns (uint256) {
        return SUPPLY;
    }
}
