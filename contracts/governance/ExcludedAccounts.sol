// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IExcludedAccounts} from "../../interfaces/IExcludedAccounts.sol";

/// @title ExcludedAccounts
/// @notice At most six accounts in immutables, so that asking costs no storage read.
abstract contract ExcludedAccounts is IExcludedAccounts {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MAX_EXCLUDED = 6;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    address private immutable _excluded0;
    address private immutable _excluded1;
    address private immutable _excluded2;
    address private immutable _excluded3;
    address private immutable _excluded4;
    address private immutable _excluded5;
    uint256 private immutable _excludedCount;

    /// @dev Bit n is set when the last byte of an excluded account is n: most others need no further comparison.
    uint256 private immutable _lastBytes;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param accounts At most six accounts, distinct and not zero.
    constructor(address[] memory accounts) {
        uint256 count = accounts.length;
        require(count <= MAX_EXCLUDED, ExcludedAccountsTooMany(count, MAX_EXCLUDED));
        address[MAX_EXCLUDED] memory slots;
        uint256 lastBytes;
        for (uint256 i = 0; i < count; ++i) {
            address account = accounts[i];
            require(account != address(0), ExcludedAccountsInvalid(account));
            for (uint256 j = 0; j < i; ++j) {
                require(slots[j] != account, ExcludedAccountsInvalid(account));
            }
            slots[i] = account;
            lastBytes |= 1 << uint8(uint160(account));
        }
        _excludedCount = count;
        _lastBytes = lastBytes;
        _excluded0 = slots[0];
        _excluded1 = slots[1];
        _excluded2 = slots[2];
        _excluded3 = slots[3];
        _excluded4 = slots[4];
        _excluded5 = slots[5];
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IExcludedAccounts
    function isExcluded(address account) public view returns (bool) {
        if ((_lastBytes >> uint8(uint160(account))) & 1 == 0 || account == address(0)) return false;
        return account == _excluded0 || account == _excluded1 || account == _excluded2 || account == _excluded3
            || account == _excluded4 || account == _excluded5;
    }

    /// @inheritdoc IExcludedAccounts
    function excludedAccounts() public view returns (address[] memory accounts) {
        address[MAX_EXCLUDED] memory slots =
            [_excluded0, _excluded1, _excluded2, _excluded3, _excluded4, _excluded5];
        accounts = new address[](_excludedCount);
        for (uint256 i = 0; i < accounts.length; ++i) {
            accounts[i] = slots[i];
        }
    }
}
