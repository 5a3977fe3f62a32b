// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title PlainHashedText
/// @notice HashedText as one would write it without assembly, to compare it with.
library PlainHashedText {
    /// @param text The text.
    /// @param weights Two bytes for each feature.
    /// @return count Number of different features that the text has.
    /// @return sum Sum of their weights, in 1024ths.
    function dot(bytes calldata text, bytes memory weights) internal pure returns (uint256 count, int256 sum) {
        bool[] memory seen = new bool[](4_096);
        bytes memory word;
        for (uint256 i = 0; i <= text.length; ++i) {
            bytes1 char = i < text.length ? text[i] : bytes1(" ");
            if (char >= "A" && char <= "Z") char = bytes1(uint8(char) + 32);
            if ((char >= "a" && char <= "z") || (char >= "0" && char <= "9") || char >= 0x80) {
                if (word.length < 32) word = bytes.concat(word, char);
            } else if (word.length > 0) {
                uint256 feature = uint256(keccak256(word)) % 4_096;
                if (!seen[feature]) {
                    seen[feature] = true;
                    ++count;
                    sum += int16(uint16(bytes2(bytes.concat(weights[2 * feature], weights[2 * feature + 1]))));
                }
                word = "";
            }
        }
    }
}
