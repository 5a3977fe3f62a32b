// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title HashedText
/// @notice A text as the set of its words, each hashed to one of 4,096 features.
/// @dev dmo/advisor/hashed.py is the same in Python, to the bit; PlainHashedText, without assembly, in contracts/mocks.
library HashedText {
    uint256 private constant FEATURE_MASK = 4_095;
    uint256 private constant LONGEST_WORD = 32;
    /// @dev What each byte is in a word: letters lowered, digits and what is no ASCII as they are, 0 for what ends a
    /// word.
    bytes private constant LETTERS = hex"0000000000000000000000000000000000000000000000000000000000000000"
        hex"0000000000000000000000000000000030313233343536373839000000000000"
        hex"006162636465666768696a6b6c6d6e6f707172737475767778797a0000000000"
        hex"006162636465666768696a6b6c6d6e6f707172737475767778797a0000000000"
        hex"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
        hex"a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
        hex"c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
        hex"e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

    /// @param text The text.
    /// @param weights Two bytes for each feature.
    /// @return count Number of different features that the text has.
    /// @return sum Sum of their weights, in 1024ths.
    function dot(bytes calldata text, bytes memory weights) internal pure returns (uint256 count, int256 sum) {
        bytes memory letters = LETTERS;
        uint256[16] memory seen;
        uint256 word;
        uint256 length;
        // No overflow: at most as many features as bytes, and each weight is below 2^15.
        unchecked {
            for (uint256 i = 0; i <= text.length; ++i) {
                uint256 letter = _letterAt(text, i, letters);
                if (letter > 0) {
                    if (length < LONGEST_WORD) {
                        word = (word << 8) | letter;
                        ++length;
                    }
                } else if (length > 0) {
                    uint256 feature = _hash(word, length) & FEATURE_MASK;
                    uint256 row = feature >> 8;
                    uint256 bit = 1 << (feature & 0xff);
                    if (seen[row] & bit == 0) {
                        seen[row] |= bit;
                        ++count;
                        sum += _weightOf(weights, feature);
                    }
                    word = 0;
                    length = 0;
                }
            }
        }
    }

    /// @dev 0 behind the end of the text.
    function _letterAt(bytes calldata text, uint256 i, bytes memory letters) private pure returns (uint256 letter) {
        assembly ("memory-safe") {
            let char := byte(0, calldataload(add(text.offset, i)))
            letter := mul(lt(i, text.length), byte(0, mload(add(add(letters, 32), char))))
        }
    }

    /// @dev Keccak-256 of the last `length` bytes of a word.
    function _hash(uint256 word, uint256 length) private pure returns (uint256 hashed) {
        assembly ("memory-safe") {
            mstore(0, shl(sub(256, shl(3, length)), word))
            hashed := keccak256(0, length)
        }
    }

    function _weightOf(bytes memory weights, uint256 feature) private pure returns (int256 weight) {
        assembly ("memory-safe") {
            weight := sar(240, mload(add(add(weights, 32), shl(1, feature))))
        }
    }
}
