// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title FalseReturningToken
/// @notice While broken (anybody sets it; it is at first), transfers do nothing and return false. Anybody mints.
contract FalseReturningToken is ERC20 {
    bool public isBroken = true;

    constructor() ERC20("False returning", "NO") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setBroken(bool broken) external {
        isBroken = broken;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !isBroken && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !isBroken && super.transferFrom(from, to, amount);
    }
}
