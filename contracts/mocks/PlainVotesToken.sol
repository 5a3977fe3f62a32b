// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

/// @title PlainVotesToken
/// @notice OpenZeppelin's votes token as it is, in seconds or (like its default) in blocks. Anybody mints, and makes
/// several calls in one.
contract PlainVotesToken is ERC20Votes, Multicall {
    bool private immutable _isInSeconds;

    constructor(bool isInSeconds) ERC20("Plain votes", "PLAIN") EIP712("Plain votes", "1") {
        _isInSeconds = isInSeconds;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function clock() public view override returns (uint48) {
        return _isInSeconds ? Time.timestamp() : Time.blockNumber();
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public view override returns (string memory) {
        return _isInSeconds ? "mode=timestamp" : super.CLOCK_MODE();
    }
}
