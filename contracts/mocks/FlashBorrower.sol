// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title FlashBorrower
/// @notice Borrows tokens, makes one call and pays them back, all in one transaction.
contract FlashBorrower {
    /// @notice `lender` has to have approved this contract for `amount`.
    function borrow(IERC20 token, address lender, uint256 amount, address target, bytes calldata data) external {
        token.transferFrom(lender, address(this), amount);
        Address.functionCall(target, data);
        token.transfer(lender, amount);
    }
}
