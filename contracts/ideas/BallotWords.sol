// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title BallotWords
/// @notice A ballot in words, from the lowest bit up. The first: round 32 | at 32 | ten entries of 17 | count 8; each
/// further one: fifteen entries of 17. An entry is a choice: idea number (16 bits) × 2, plus 1 for "for".
/// @dev Entries past the count, and further words that the count does not reach, are left-overs without meaning. The
/// words of a ballot are built anew, so the unused entries of its last word are zero.
library BallotWords {
    uint256 internal constant MAX_CHOICES = 100;

    uint256 private constant AT_AT = 32;
    uint256 private constant FIRST_ENTRY_AT = 64;
    uint256 private constant COUNT_AT = 234;
    uint256 private constant ENTRY_BITS = 17;
    uint256 private constant ENTRY_MASK = (1 << ENTRY_BITS) - 1;
    uint256 private constant FIRST_ENTRIES = 10;
    uint256 private constant FURTHER_ENTRIES = 15;
    uint256 private constant MAX_WORDS = 7;

    /// @dev A voter's latest ballot. Words past its own are those of earlier ballots.
    struct Stored {
        uint256[MAX_WORDS] words;
    }

    /// @dev Words with the head filled in and no entries.
    function open(uint32 round, uint32 at, uint256 choices) internal pure returns (uint256[] memory words) {
        words = new uint256[](wordsFor(choices));
        words[0] = uint256(round) | (uint256(at) << AT_AT) | (choices << COUNT_AT);
    }

    /// @dev Puts a choice of at most 17 bits into an entry that is zero.
    function put(uint256[] memory words, uint256 index, uint256 choice) internal pure {
        unchecked {
            // An index is below 100.
            if (index < FIRST_ENTRIES) {
                words[0] |= choice << (FIRST_ENTRY_AT + index * ENTRY_BITS);
                return;
            }
            uint256 further = index - FIRST_ENTRIES;
            words[1 + further / FURTHER_ENTRIES] |= choice << ((further % FURTHER_ENTRIES) * ENTRY_BITS);
        }
    }

    function get(uint256[] memory words, uint256 index) internal pure returns (uint256) {
        (uint256 word, uint256 shift) = _placeOf(index);
        return (words[word] >> shift) & ENTRY_MASK;
    }

    function save(Stored storage stored, uint256[] memory words) internal {
        stored.words[0] = words[0];
        for (uint256 i = 1; i < words.length; ++i) {
            stored.words[i] = words[i];
        }
    }

    function load(Stored storage stored) internal view returns (uint256[] memory words) {
        words = new uint256[](wordsFor(countOf(stored.words[0])));
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] = stored.words[i];
        }
    }

    function wordsFor(uint256 choices) internal pure returns (uint256) {
        if (choices <= FIRST_ENTRIES) return 1;
        unchecked {
            // Choices are at most 100, and here more than ten.
            return 1 + (choices - FIRST_ENTRIES + FURTHER_ENTRIES - 1) / FURTHER_ENTRIES;
        }
    }

    function roundOf(uint256 head) internal pure returns (uint32) {
        return uint32(head);
    }

    function atOf(uint256 head) internal pure returns (uint32) {
        return uint32(head >> AT_AT);
    }

    function countOf(uint256 head) internal pure returns (uint256) {
        return uint8(head >> COUNT_AT);
    }

    function _placeOf(uint256 index) private pure returns (uint256 word, uint256 shift) {
        unchecked {
            // An index is below 100.
            if (index < FIRST_ENTRIES) return (0, FIRST_ENTRY_AT + index * ENTRY_BITS);
            uint256 further = index - FIRST_ENTRIES;
            return (1 + further / FURTHER_ENTRIES, (further % FURTHER_ENTRIES) * ENTRY_BITS);
        }
    }
}
