// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title BadgeArt
/// @notice A badge's picture, and which titles can stand in one.
library BadgeArt {
    uint256 internal constant MOST_CHARACTERS = 32;
    /// @dev – in UTF-8.
    bytes3 private constant DASH = 0xe28093;

    /// @dev 1 to 32 characters, of which none but & means anything to JSON or SVG.
    function isTitle(string calldata title) internal pure returns (bool) {
        bytes calldata text = bytes(title);
        uint256 characters;
        for (uint256 i = 0; i < text.length; ++i) {
            if (++characters > MOST_CHARACTERS) return false;
            if (text[i] == DASH[0] && i + 2 < text.length && bytes3(text[i:i + 3]) == DASH) i += 2;
            else if (!_isPlain(text[i])) return false;
        }
        return characters != 0;
    }

    /// @dev Title, collection and owner on a card.
    function svg(string memory title, string memory collection, address owner) internal pure returns (bytes memory) {
        return abi.encodePacked(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 240' font-family='sans-serif'>",
            "<rect width='400' height='240' rx='16' fill='#14324a'/>",
            "<text x='24' y='48' font-size='15' fill='#9fc3dd'>", _escaped(collection), "</text>",
            "<text x='24' y='128' font-size='22' fill='#fff'>", _escaped(title), "</text>",
            "<text x='24' y='212' font-size='11' font-family='monospace' fill='#9fc3dd'>",
            Strings.toChecksumHexString(owner), "</text></svg>"
        );
    }

    function _isPlain(bytes1 one) private pure returns (bool) {
        return (one >= "a" && one <= "z") || (one >= "A" && one <= "Z") || (one >= "0" && one <= "9") || one == " "
            || one == "." || one == "&";
    }

    /// @dev What has a meaning in XML, by its name.
    function _escaped(string memory text) private pure returns (bytes memory found) {
        bytes memory letters = bytes(text);
        for (uint256 i = 0; i < letters.length; ++i) {
            bytes1 one = letters[i];
            if (one == "&") found = bytes.concat(found, "&amp;");
            else if (one == "<") found = bytes.concat(found, "&lt;");
            else if (one == ">") found = bytes.concat(found, "&gt;");
            else found = bytes.concat(found, one);
        }
    }
}
