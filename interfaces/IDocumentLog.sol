// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IDocumentLog
/// @notice Publishes documents in the event log: permissionless, stateless, content-addressed.
interface IDocumentLog {
    /// @notice `text` was published; `digest` is its sha2-256.
    /// @param digest sha2-256 of the document.
    /// @param publisher Who sent it.
    /// @param text The document itself.
    event DocumentPublished(bytes32 indexed digest, address indexed publisher, bytes text);

    /// @notice The document has {length} bytes.
    /// @custom:right At most {limit} can be published; keep the rest elsewhere and name its digest.
    /// @param length The document's number of bytes.
    /// @param limit The largest number of bytes possible.
    error DocumentLogTooLong(uint256 length, uint256 limit);

    /// @notice The document is empty.
    /// @custom:right Publish one with content.
    error DocumentLogEmpty();

    /// @notice Publishes a document of at most 16 KiB.
    /// @param text The document itself.
    /// @return digest The sha2-256 of the exact bytes.
    function publish(bytes calldata text) external returns (bytes32 digest);
}
