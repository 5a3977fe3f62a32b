// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

/// @title BallotWords
/// @notice A ballot in words, from the lowest bit up. The first: round 32 | at 32 | ten entries of 17 | count 8; each
/// further one: fifteen entries of 17. An entry is a choice: idea number (16 bits) × 2, plus 1 for "for".
/// @dev Stored words that the count does not reach are left-overs of earlier ballots, without meaning. The words of a
/// ballot are built anew, so the unused entries of its last word are zero.
library BallotWords {
    using Arrays for uint256[];

    uint256 internal constant MAX_CHOICES = 100;
    uint256 internal constant ENTRY_BITS = 17;
    uint256 internal constant ENTRY_MASK = (1 << ENTRY_BITS) - 1;

    uint256 private constant AT_AT = 32;
    uint256 private constant FIRST_ENTRY_AT = 64;
    uint256 private constant COUNT_AT = 234;
    uint256 private constant FIRST_ENTRIES = 10;
    uint256 private constant FURTHER_ENTRIES = 15;
    uint256 private constant FURTHER_END = 255; // of fifteen entries
    uint256 private constant FIRST_ENTRIES_MASK = (1 << (FIRST_ENTRIES * ENTRY_BITS)) - 1;
    uint256 private constant MAX_WORDS = 7;

    /// @dev A voter's latest ballot. Words past its own are those of earlier ballots.
    struct Stored {
        uint256[MAX_WORDS] words;
    }

    /// @dev Both lists, together at most 100 numbers, as the words of one ballot, ascending by number; `head` is round
    /// and time. `bad` is 1 more than the first number that is not one of the round's ideas or does not ascend; 0 where
    /// there is none. In assembly, because a further choice takes 5 % less; test_words compares it with plain Solidity.
    function pack(uint256 head, uint32[] calldata inFavour, uint32[] calldata against, uint256 ideas)
        internal
        pure
        returns (uint256[] memory words, uint256 bad)
    {
        uint256 count = inFavour.length + against.length;
        words = new uint256[](wordsFor(count));
        head |= count << COUNT_AT;
        assembly ("memory-safe") {
            let to := add(words, 0x20)
            let last := 0
            let shift := FIRST_ENTRY_AT
            let end := COUNT_AT
            for {} or(inFavour.length, against.length) {} {
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
                if eq(shift, end) {
                    mstore(to, head)
                    to := add(to, 0x20)
                    head := 0
                    shift := 0
                    end := FURTHER_END
                }
                head := or(head, shl(shift, or(shl(1, idea), isFor)))
                shift := add(shift, ENTRY_BITS)
            }
            mstore(to, head)
        }
    }

    /// @dev The words without the choices that the others have, too. Both ascend, so that the others are gone through
    /// once; `other` is what is left of the word at hand.
    function without(uint256[] memory words, uint256[] memory others) internal pure returns (uint256[] memory left) {
        left = new uint256[](words.length);
        (uint256 otherPlace, uint256 other) = (0, entriesAt(others, 0));
        unchecked {
            for (uint256 place = 0; place < words.length; ++place) {
                uint256 word = words[place];
                uint256 shift = place == 0 ? FIRST_ENTRY_AT : 0;
                for (uint256 rest = entriesAt(words, place); rest != 0; rest >>= ENTRY_BITS) {
                    uint256 choice = rest & ENTRY_MASK;
                    while (other != 0 && other & ENTRY_MASK < choice) {
                        other >>= ENTRY_BITS;
                        if (other == 0 && ++otherPlace < others.length) other = entriesAt(others, otherPlace);
                    }
                    if (other & ENTRY_MASK == choice) word ^= choice << shift;
                    shift += ENTRY_BITS;
                }
                left[place] = word;
            }
        }
    }

    /// @dev A word's choices, the first in the lowest bits; no choice is 0, so that they end where the rest is 0.
    function entriesAt(uint256[] memory words, uint256 place) internal pure returns (uint256) {
        uint256 word = words.unsafeMemoryAccess(place);
        return place == 0 ? (word >> FIRST_ENTRY_AT) & FIRST_ENTRIES_MASK : word;
    }

    /// @dev The first choice for (1) or against (0); if there is none, one above all.
    function firstOf(uint256[] memory words, uint256 side) internal pure returns (uint256 choice) {
        for (uint256 place = 0; place < words.length; ++place) {
            for (uint256 rest = entriesAt(words, place); rest != 0; rest >>= ENTRY_BITS) {
                choice = rest & ENTRY_MASK;
                if (choice != 0 && choice & 1 == side) return choice;
            }
        }
        return type(uint256).max;
    }

    function unpack(uint256[] memory words) internal pure returns (uint256[] memory choices) {
        choices = new uint256[](countOf(words[0]));
        uint256 i;
        for (uint256 place = 0; place < words.length; ++place) {
            for (uint256 rest = entriesAt(words, place); rest != 0; rest >>= ENTRY_BITS) {
                choices[i++] = rest & ENTRY_MASK;
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
        unchecked {
            return 1 + (choices + FURTHER_ENTRIES - FIRST_ENTRIES - 1) / FURTHER_ENTRIES;
        }
    }

    function roundOf(uint256 head) internal pure returns (uint256) {
        return uint32(head);
    }

    function atOf(uint256 head) internal pure returns (uint256) {
        return uint32(head >> AT_AT);
    }

    function countOf(uint256 head) internal pure returns (uint256) {
        return uint8(head >> COUNT_AT);
    }

    /// @dev Round and time.
    function headOf(uint256 round, uint256 at) internal pure returns (uint256) {
        return round | (at << AT_AT);
    }
}
