// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title HungryToken
/// @notice Burns `appetite` gas in every transfer to `diner`, as a token with hooks would. Anybody mints and sets both.
contract HungryToken is ERC20 {
    address public diner;
    uint256 public appetite;

    constructor() ERC20("Hungry", "HUN") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setAppetite(address newDiner, uint256 gasUnits) external {
        (diner, appetite) = (newDiner, gasUnits);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (to != diner) return;
        uint256 start = gasleft();
        while (start - gasleft() < appetite) {}
    }
}
