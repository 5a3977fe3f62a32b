// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title PlainMultisend
/// @notice Pays many out of the sender's approval and asks nothing else, to compare what payments cost.
contract PlainMultisend {
    using SafeERC20 for IERC20;

    function send(IERC20 token, address[] calldata payees, uint256[] calldata amounts) external {
        for (uint256 i = 0; i < payees.length; ++i) {
            token.safeTransferFrom(msg.sender, payees[i], amounts[i]);
        }
    }
}
