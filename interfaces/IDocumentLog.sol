// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IDocumentLog
/// @notice Publishes documents in the event log: permissionless, stateless, content-addressed.
interface IDocumentLog {
    /// @notice `text` was published; `digest` is its sha2-256.
    event DocumentPublished(bytes32 indexed digest, address indexed publisher, bytes text);

    /// @notice The document is longer than `limit` bytes.
    error DocumentLogTooLong(uint256 length, uint256 limit);

    /// @notice The document is empty.
    error DocumentLogEmpty();

    /// @notice Publishes a document of at most 16 KiB.
    /// @return digest The sha2-256 of the exact bytes.
    function publish(bytes calldata text) external returns (bytes32 digest);
}
