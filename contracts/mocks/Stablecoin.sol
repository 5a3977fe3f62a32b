// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title Stablecoin
/// @notice A budget token for tests and playgrounds: any number of decimals, an owner who mints, a blocklist, permits.
contract Stablecoin is ERC20Permit, Ownable {
    /// @notice The account may neither send nor receive.
    error StablecoinBlocked(address account);

    uint8 private immutable _decimals;

    /// @notice Whether the account may neither send nor receive.
    mapping(address account => bool) public isBlocked;

    constructor(string memory name, string memory symbol, uint8 decimals_)
        ERC20(name, symbol)
        ERC20Permit(name)
        Ownable(msg.sender)
    {
        _decimals = decimals_;
    }

    /// @notice Mints `amount` units to an account.
    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    /// @notice Puts an account on the blocklist or takes it off.
    function setBlocked(address account, bool blocked) external onlyOwner {
        isBlocked[account] = blocked;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(!isBlocked[from], StablecoinBlocked(from));
        require(!isBlocked[to], StablecoinBlocked(to));
        super._update(from, to, amount);
    }
}
