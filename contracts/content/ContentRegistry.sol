// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IContentRegistry} from "../../interfaces/IContentRegistry.sol";

/// @title ContentRegistry
/// @notice One voice, many hands: the brand, its pillars, the plan, claims that may be made, and assets of everybody.
contract ContentRegistry is AccessManaged, IContentRegistry {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint8 private constant ATTRIBUTION = 2;
    uint8 private constant DERIVATIVES = 4;
    uint8 private constant SHARE_ALIKE = 8;
    uint8 private constant ALL_TERMS = 63;

    uint256 private constant MAX_BRANDS = 1;
    uint256 private constant MAX_OBJECTIVES = 3;
    uint256 private constant MAX_PILLARS = 3;
    uint256 private constant MAX_BELOW_PLAN = 5;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IContentRegistry
    uint32 public entryCount;

    /// @inheritdoc IContentRegistry
    uint32 public assetCount;

    /// @inheritdoc IContentRegistry
    mapping(Kind kind => uint8) public liveRoots;

    mapping(uint256 number => Entry) private _entries;
    mapping(uint256 number => Asset) private _assets;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    constructor(address authority) AccessManaged(authority) {}

    // ── actions: the brand, the plan, claims ────────────────────────────────────────────────────────────────────

    /// @inheritdoc IContentRegistry
    function addBrand(Kind kind, uint32 parent, bytes32 digest) external restricted returns (uint32 entry) {
        _requireKind(kind, Kind.Brand, Kind.Pillar);
        return _add(kind, parent, digest, 0);
    }

    /// @inheritdoc IContentRegistry
    function reviseBrand(uint32 entry, bytes32 digest) external restricted {
        _revise(_live(entry, Kind.Brand, Kind.Pillar), entry, digest, 0);
    }

    /// @inheritdoc IContentRegistry
    function retireBrand(uint32 entry) external restricted {
        _retire(_live(entry, Kind.Brand, Kind.Pillar), entry);
    }

    /// @inheritdoc IContentRegistry
    function addPlan(Kind kind, uint32 parent, bytes32 digest, uint32 until)
        external
        restricted
        returns (uint32 entry)
    {
        _requireKind(kind, Kind.Objective, Kind.Tactic);
        return _add(kind, parent, digest, until);
    }

    /// @inheritdoc IContentRegistry
    function revisePlan(uint32 entry, bytes32 digest, uint32 until) external restricted {
        _revise(_live(entry, Kind.Objective, Kind.Tactic), entry, digest, until);
    }

    /// @inheritdoc IContentRegistry
    function retirePlan(uint32 entry) external restricted {
        _retire(_live(entry, Kind.Objective, Kind.Tactic), entry);
    }

    /// @inheritdoc IContentRegistry
    function addClaim(bytes32 digest, uint32 until) external restricted returns (uint32 entry) {
        return _add(Kind.Claim, 0, digest, until);
    }

    /// @inheritdoc IContentRegistry
    function reviseClaim(uint32 entry, bytes32 digest, uint32 until) external restricted {
        _revise(_live(entry, Kind.Claim, Kind.Claim), entry, digest, until);
    }

    /// @inheritdoc IContentRegistry
    function retireClaim(uint32 entry) external restricted {
        _retire(_live(entry, Kind.Claim, Kind.Claim), entry);
    }

    // ── actions: assets ─────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IContentRegistry
    function addAsset(uint32 parent, bytes32 digest, uint8 terms, uint32 until) external returns (uint32 asset) {
        require(digest != 0, ContentRegistryNoDigest());
        require(terms <= ALL_TERMS, ContentRegistryUnknownTerms(terms, ALL_TERMS));
        if (parent != 0) _requireDerivable(parent, terms);
        asset = ++assetCount;
        _assets[asset] = Asset(msg.sender, parent, until, terms, Standing.Live, digest);
        emit AssetAdded(asset, parent, msg.sender, terms, until, digest);
    }

    /// @inheritdoc IContentRegistry
    function retireAsset(uint32 asset) external {
        Asset storage it = _liveAsset(asset);
        require(it.author == msg.sender, ContentRegistryNotAuthor(asset, msg.sender, it.author));
        it.standing = Standing.Retired;
        emit AssetRetired(asset);
    }

    /// @inheritdoc IContentRegistry
    function endorse(uint32 asset, bool isEndorsed) external restricted {
        _liveAsset(asset).standing = isEndorsed ? Standing.Endorsed : Standing.Live;
        emit AssetEndorsed(asset, msg.sender, isEndorsed);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IContentRegistry
    function entryOf(uint32 entry) external view returns (Entry memory) {
        return _entry(entry);
    }

    /// @inheritdoc IContentRegistry
    function assetOf(uint32 asset) external view returns (Asset memory) {
        return _asset(asset);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _add(Kind kind, uint32 parent, bytes32 digest, uint32 until) private returns (uint32 entry) {
        require(digest != 0, ContentRegistryNoDigest());
        _takePlace(kind, parent);
        entry = ++entryCount;
        _entries[entry] = Entry(msg.sender, parent, until, kind, 0, true, digest);
        emit EntryAdded(entry, kind, parent, msg.sender, until, digest);
    }

    function _revise(Entry storage it, uint32 entry, bytes32 digest, uint32 until) private {
        require(digest != 0, ContentRegistryNoDigest());
        it.digest = digest;
        it.until = until;
        emit EntryRevised(entry, msg.sender, until, digest);
    }

    function _retire(Entry storage it, uint32 entry) private {
        require(it.liveChildren == 0, ContentRegistryHasChildren(entry, it.liveChildren));
        it.isLive = false;
        if (it.parent != 0) --_entries[it.parent].liveChildren;
        else if (it.kind != Kind.Claim) --liveRoots[it.kind];
        emit EntryRetired(entry, msg.sender);
    }

    /// @dev Counts a new entry where it will stand, if there is room; claims are not counted.
    function _takePlace(Kind kind, uint32 parent) private {
        if (kind == Kind.Brand || kind == Kind.Objective || kind == Kind.Claim) {
            require(parent == 0, ContentRegistryBadParent(parent, Kind.None));
            if (kind == Kind.Claim) return;
            uint256 limit = kind == Kind.Brand ? MAX_BRANDS : MAX_OBJECTIVES;
            require(liveRoots[kind] < limit, ContentRegistryFull(kind, 0, limit));
            ++liveRoots[kind];
        } else {
            Kind needed = Kind(uint8(kind) - 1);
            Entry storage above = _entries[parent];
            require(above.kind == needed && above.isLive, ContentRegistryBadParent(parent, needed));
            uint256 limit = kind == Kind.Pillar ? MAX_PILLARS : MAX_BELOW_PLAN;
            require(above.liveChildren < limit, ContentRegistryFull(kind, parent, limit));
            ++above.liveChildren;
        }
    }

    /// @dev What a derivative owes the asset it derives from, and through it all before that one.
    function _requireDerivable(uint32 parent, uint8 terms) private view {
        uint8 theirs = _liveAsset(parent).terms;
        require(theirs & DERIVATIVES != 0, ContentRegistryNoDerivatives(parent));
        bool isKept = theirs & SHARE_ALIKE != 0 ? terms == theirs : theirs & ~terms & ATTRIBUTION == 0;
        require(isKept, ContentRegistryTermsShed(terms, parent, theirs));
    }

    function _requireKind(Kind kind, Kind first, Kind last) private pure {
        require(kind >= first && kind <= last, ContentRegistryWrongKind(kind, first, last));
    }

    /// @dev A live entry of one of these kinds.
    function _live(uint32 entry, Kind first, Kind last) private view returns (Entry storage it) {
        it = _entry(entry);
        _requireKind(it.kind, first, last);
        require(it.isLive, ContentRegistryEntryRetired(entry));
    }

    function _liveAsset(uint32 asset) private view returns (Asset storage it) {
        it = _asset(asset);
        require(it.standing != Standing.Retired, ContentRegistryAssetRetired(asset));
    }

    function _entry(uint32 entry) private view returns (Entry storage) {
        require(entry > 0 && entry <= entryCount, ContentRegistryUnknownEntry(entry, entryCount));
        return _entries[entry];
    }

    function _asset(uint32 asset) private view returns (Asset storage) {
        require(asset > 0 && asset <= assetCount, ContentRegistryUnknownAsset(asset, assetCount));
        return _assets[asset];
    }
}
