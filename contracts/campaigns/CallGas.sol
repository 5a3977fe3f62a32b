// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrowMoney} from "../../interfaces/IEscrowMoney.sol";

/// @title CallGas
/// @notice A call that may fail must never fail for want of gas that the caller kept back.
library CallGas {
    /// @dev Gas for making a call, on top of what the call is given.
    uint256 private constant OVERHEAD = 10_000;

    /// @notice Reverts unless a call can be given this much gas: it gets at most 63/64 of what is left.
    function check(uint256 callGas) internal view {
        uint256 needed = ((callGas + OVERHEAD) * 64) / 63;
        uint256 left = gasleft();
        require(left >= needed, IEscrowMoney.CampaignEscrowNotEnoughGas(left, needed));
    }
}
