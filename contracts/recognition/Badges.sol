// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {IBadgeRule, IBadges, IERC5192} from "../../interfaces/IBadges.sol";
import {BadgeArt} from "./BadgeArt.sol";

/// @title Badges
/// @notice What people have earned, as tokens that cannot be moved.
/// @dev A rule is asked at the claim alone: what was earned stays earned.
contract Badges is IBadges, ERC721, AccessManaged {
    using Strings for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    bytes4 private constant ERC5192_ID = type(IERC5192).interfaceId;
    uint256 private constant CLASS_AT = 160;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IBadges
    uint32 public classes;
    /// @inheritdoc IBadges
    mapping(uint256 tokenId => bool) public isBurned;

    mapping(uint32 class => Class) private _classes;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param name_ The collection's name.
    /// @param symbol_ The collection's symbol.
    constructor(address authority, string memory name_, string memory symbol_)
        ERC721(name_, symbol_)
        AccessManaged(authority)
    {}

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IBadges
    function addClass(address rule, string calldata title, bytes32 art) external restricted returns (uint32 class) {
        require(rule.code.length != 0, BadgesRuleIsNoContract(rule));
        require(BadgeArt.isTitle(title), BadgesBadTitle(title, BadgeArt.MOST_CHARACTERS));
        class = ++classes;
        _classes[class] = Class(rule, art, title);
        emit ClassAdded(class, rule, title, art);
    }

    /// @inheritdoc IBadges
    function claim(uint32 class, address account, bytes calldata witness) external {
        address rule = _classes[class].rule;
        require(rule != address(0), BadgesUnknownClass(class));
        uint256 tokenId = tokenOf(class, account);
        require(_ownerOf(tokenId) == address(0), BadgesAlreadyGiven(class, account));
        require(!isBurned[tokenId] || msg.sender == account, BadgesBurned(class, account));
        require(IBadgeRule(rule).earned(account, witness), BadgesNotEarned(class, account));
        _mint(account, tokenId);
        emit Locked(tokenId);
    }

    /// @inheritdoc IBadges
    function burn(uint256 tokenId) external {
        address owner = ownerOf(tokenId);
        require(msg.sender == owner, BadgesNotOwner(msg.sender, owner));
        isBurned[tokenId] = true;
        _burn(tokenId);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IBadges
    function classOf(uint32 class) external view returns (Class memory) {
        return _classes[class];
    }

    /// @inheritdoc IBadges
    function tokenOf(uint32 class, address account) public pure returns (uint256) {
        return (uint256(class) << CLASS_AT) | uint160(account);
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    /// @inheritdoc ERC721
    /// @dev All of it is in the answer: JSON with an SVG picture, so that no server is asked.
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        address owner = _requireOwned(tokenId);
        Class storage class = _classes[uint32(tokenId >> CLASS_AT)];
        string memory image = Base64.encode(BadgeArt.svg(class.title, name(), owner));
        bytes memory json = abi.encodePacked(
            "{\"name\":\"", class.title, "\",\"art\":\"", uint256(class.art).toHexString(32),
            "\",\"image\":\"data:image/svg+xml;base64,", image, "\"}"
        );
        return string.concat("data:application/json;base64,", Base64.encode(json));
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == ERC5192_ID || super.supportsInterface(interfaceId);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Minted and burned, and nothing between.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        require(from == address(0) || to == address(0), BadgesSoulbound(tokenId));
    }
}
