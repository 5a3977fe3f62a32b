// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDocumentLog} from "../../interfaces/IDocumentLog.sol";

/// @title DocumentLog
/// @notice Publishes documents in the event log: permissionless, stateless, content-addressed.
contract DocumentLog is IDocumentLog {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev 16 KiB.
    uint256 internal constant MAX_BYTES = 16_384;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDocumentLog
    function publish(bytes calldata text) external returns (bytes32 digest) {
        require(text.length > 0, DocumentLogEmpty());
        require(text.length <= MAX_BYTES, DocumentLogTooLong(text.length, MAX_BYTES));
        digest = sha256(text);
        emit DocumentPublished(digest, msg.sender, text);
    }
}
