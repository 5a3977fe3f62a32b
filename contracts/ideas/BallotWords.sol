// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

/// @title BallotWords
/// @notice A ballot in words, from the lowest bit up. The first: round 32 | at 32 | ten entries of 17 | count 8; each
/// further one: fifteen entries of 17. An entry is a choice: idea number (16 bits) × 2, plus 1 for "for".
/// @dev Entries past the count, and further words that the count does not reach, are left-overs without meaning. The
/// words of a ballot are built anew, so the unused entries of its last word are zero.
library BallotWords {
    using Arrays for uint256[];

    uint256 internal constant MAX_CHOICES = 100;

    uint256 private constant AT_AT = 32;
    uint256 private constant FIRST_ENTRY_AT = 64;
    uint256 private constant COUNT_AT = 234;
    uint256 private constant ENTRY_BITS = 17;
    uint256 private constant ENTRY_MASK = (1 << ENTRY_BITS) - 1;
    uint256 private constant FIRST_ENTRIES = 10;
    uint256 private constant FURTHER_ENTRIES = 15;
    uint256 private constant FURTHER_END = FURTHER_ENTRIES * ENTRY_BITS;
    uint256 private constant MAX_WORDS = 7;

    /// @dev A voter's latest ballot. Words past its own are those of earlier ballots.
    struct Stored {
        uint256[MAX_WORDS] words;
    }

    /// @dev Both lists as one of choices, ascending by number. `bad` is 1 more than the first number that is not one of
    /// the round's ideas or does not ascend; 0 where there is none. In assembly, because a choice takes a quarter of
    /// the gas, 8 % of all that one costs; test_words compares it with plain Solidity.
    function merge(uint32[] calldata inFavour, uint32[] calldata against, uint256 ideas)
        internal
        pure
        returns (uint256[] memory choices, uint256 bad)
    {
        choices = new uint256[](inFavour.length + against.length);
        assembly ("memory-safe") {
            let to := add(choices, 0x20)
            let last := 0
            for {} or(inFavour.length, against.length) { to := add(to, 0x20) } {
                let idea := not(0)
                if inFavour.length { idea := calldataload(inFavour.offset) }
                let isFor := 1
                if against.length {
                    if iszero(lt(idea, calldataload(against.offset))) {
                        idea := calldataload(against.offset)
                        isFor := 0
                    }
                }
                switch isFor
                case 0 {
                    against.offset := add(against.offset, 0x20)
                    against.length := sub(against.length, 1)
                }
                default {
                    inFavour.offset := add(inFavour.offset, 0x20)
                    inFavour.length := sub(inFavour.length, 1)
                }
                // Not above the last one (none is 0), or above all.
                if or(iszero(gt(idea, last)), gt(idea, ideas)) {
                    bad := add(and(idea, 0xffffffff), 1) // more bits than 32 are no idea either
                    break
                }
                last := idea
                mstore(to, or(shl(1, idea), isFor))
            }
        }
    }

    /// @dev Choices have 17 bits each and are at most 100.
    function pack(uint256 round, uint256 at, uint256[] memory choices) internal pure returns (uint256[] memory words) {
        uint256 count = choices.length;
        words = new uint256[](wordsFor(count));
        uint256 word = round | (at << AT_AT) | (count << COUNT_AT);
        (uint256 place, uint256 shift, uint256 end) = (0, FIRST_ENTRY_AT, COUNT_AT);
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                if (shift == end) {
                    words[place++] = word;
                    (word, shift, end) = (0, 0, FURTHER_END);
                }
                word |= choices.unsafeMemoryAccess(i) << shift;
                shift += ENTRY_BITS;
            }
        }
        words[place] = word;
    }

    function unpack(uint256[] memory words) internal pure returns (uint256[] memory choices) {
        uint256 word = words[0];
        choices = new uint256[](countOf(word));
        (uint256 place, uint256 shift, uint256 end) = (0, FIRST_ENTRY_AT, COUNT_AT);
        unchecked {
            for (uint256 i = 0; i < choices.length; ++i) {
                if (shift == end) {
                    word = words[++place];
                    (shift, end) = (0, FURTHER_END);
                }
                choices[i] = (word >> shift) & ENTRY_MASK;
                shift += ENTRY_BITS;
            }
        }
    }

    function save(Stored storage stored, uint256[] memory words) internal {
        for (uint256 i = 0; i < words.length; ++i) {
            _write(stored, i, words.unsafeMemoryAccess(i));
        }
    }

    /// @dev The compiler reads an element of an array before it writes it.
    function _write(Stored storage stored, uint256 index, uint256 word) private {
        uint256 slot;
        assembly ("memory-safe") {
            slot := add(stored.slot, index)
        }
        StorageSlot.getUint256Slot(bytes32(slot)).value = word;
    }

    /// @dev The words of a ballot whose first one is known.
    function load(Stored storage stored, uint256 head) internal view returns (uint256[] memory words) {
        words = new uint256[](wordsFor(countOf(head)));
        words[0] = head;
        for (uint256 i = 1; i < words.length; ++i) {
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
}
