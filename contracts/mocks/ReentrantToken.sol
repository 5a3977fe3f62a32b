// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title ReentrantToken
/// @notice Calls a target with prepared data during every transfer, once per transfer, and keeps the outcome. Anybody
/// mints and sets the call.
contract ReentrantToken is ERC20 {
    address public target;
    bytes public data;
    uint256 public calls;
    bool public lastSucceeded;
    bytes public lastResult;
    bool private _isCalling;

    constructor() ERC20("Reentrant", "RE") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Sets whom to call with what; the zero target calls nobody.
    function setCall(address newTarget, bytes calldata newData) external {
        (target, data) = (newTarget, newData);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (target == address(0) || _isCalling || from == address(0)) return;
        _isCalling = true;
        calls += 1;
        (lastSucceeded, lastResult) = target.call(data);
        _isCalling = false;
    }
}
