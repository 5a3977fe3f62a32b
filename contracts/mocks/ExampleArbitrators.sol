// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CentralizedArbitratorWithAppeal} from "@kleros/erc-792/contracts/examples/CentralizedArbitratorWithAppeal.sol";
import {SimpleCentralizedArbitrator} from "@kleros/erc-792/contracts/examples/SimpleCentralizedArbitrator.sol";

/// @title ExampleArbitrators
/// @notice Has the arbitrators that come with ERC-792 built with the project; as Imports does.
abstract contract ExampleArbitrators {
    function _simple() internal pure virtual returns (SimpleCentralizedArbitrator);

    function _withAppeal() internal pure virtual returns (CentralizedArbitratorWithAppeal);
}
