// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title DigestPath
/// @notice A digest as ERC-1497 events carry it.
library DigestPath {
    /// @notice The path of a digest's raw CIDv1 in base 16: multibase f, version 1, codec 55 (raw), hash 12
    /// (sha2-256), length 20.
    function pathOf(bytes32 digest) internal pure returns (string memory) {
        return string.concat(
            "/ipfs/f01551220", string(Bytes.slice(bytes(Strings.toHexString(uint256(digest), 32)), 2))
        );
    }
}
