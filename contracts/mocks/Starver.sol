// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Starver
/// @notice Makes a call with exactly so much gas and tells, in one eth_call, whether it went through and what two views
/// say afterwards.
contract Starver {
    function starve(address target, bytes calldata data, uint256 gasUnits, bytes[2] calldata views, address[2] calldata at)
        external
        returns (bool succeeded, bytes memory first, bytes memory second)
    {
        (succeeded,) = target.call{gas: gasUnits}(data);
        (, first) = at[0].staticcall(views[0]);
        (, second) = at[1].staticcall(views[1]);
    }
}
