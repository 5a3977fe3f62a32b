// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWork} from "../../interfaces/IWork.sol";

/// @title Parties
/// @notice Who has a stake in a dispute and leaves the judging to others: worker, who opened it, who upheld the
/// rejection, the lead whose verdict it is about, and payees of a tenth or more.
/// @dev With less than a tenth, naming jurors as payees would keep them off the bench for next to nothing.
library Parties {
    /// @dev Payees of less are no parties, and may be jurors.
    uint256 private constant SHARE_BPS = 1000;

    /// @notice Each of them once; zero is nobody.
    function listOf(address[4] memory named, IWork.Payee[] memory payees)
        internal
        pure
        returns (address[] memory parties)
    {
        parties = new address[](named.length + payees.length);
        uint256 count;
        for (uint256 i = 0; i < named.length; ++i) {
            count = _add(parties, count, named[i]);
        }
        for (uint256 i = 0; i < payees.length; ++i) {
            uint256 shareBps;
            for (uint256 j = 0; j < payees.length; ++j) {
                if (payees[j].account == payees[i].account) shareBps += payees[j].shareBps;
            }
            if (shareBps >= SHARE_BPS) count = _add(parties, count, payees[i].account);
        }
        assembly ("memory-safe") {
            mstore(parties, count) // shorten the list to those found
        }
    }

    /// @dev Puts an account behind the others, unless it is nobody or among them.
    function _add(address[] memory parties, uint256 count, address account) private pure returns (uint256) {
        if (account == address(0)) return count;
        for (uint256 i = 0; i < count; ++i) {
            if (parties[i] == account) return count;
        }
        parties[count] = account;
        return count + 1;
    }
}
