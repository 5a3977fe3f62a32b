// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title HungryReputation
/// @notice Burns `appetite` gas in every call that awards. Anybody awards and sets it.
contract HungryReputation {
    uint256 public appetite;
    mapping(address account => uint256) public points;

    function setAppetite(uint256 gasUnits) external {
        appetite = gasUnits;
    }

    function award(address account, uint256 pointsWad) external {
        uint256 start = gasleft();
        while (start - gasleft() < appetite) {}
        points[account] += pointsWad;
    }

    function awardMany(address[] calldata accounts, uint256[] calldata pointsWad) external {
        uint256 start = gasleft();
        while (start - gasleft() < appetite) {}
        for (uint256 i = 0; i < accounts.length; ++i) {
            points[accounts[i]] += pointsWad[i];
        }
    }
}
