// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IContentRegistry
/// @notice One voice, many hands: the brand, its pillars, the plan, claims that may be made, and assets of everybody.
/// @dev An entry is an identity: its text is revised, its kind and place stay, so that ideas may name a pillar and a
/// tactic by number for ever. Assets are numbered apart from entries: whoever adds one moves no number that a proposal
/// of the treasury foresaw. A function per role, because permissions go by function; no role is ever public, since
/// assets are open to everybody anyway. An entry or asset proves who said what when, not who owns it. Expiry is read
/// off the clock by who shows it, and changes nothing here.
interface IContentRegistry {
    /// @notice What an entry is.
    /// @dev Brand, objective and claim stand alone; each other kind stands below the kind before it.
    enum Kind {
        None,
        Brand,
        Pillar,
        Objective,
        Goal,
        Strategy,
        Tactic,
        Claim
    }

    /// @notice What an asset is; Retired is the end.
    enum Standing {
        None,
        Live,
        Endorsed,
        Retired
    }

    /// @notice An entry of the brand, the plan or the claims.
    /// @dev Two slots: author, parent, until, kind, liveChildren, isLive · digest.
    /// @param author Who added it.
    /// @param parent Number of the entry above it; 0 for none.
    /// @param until Until when it holds, Unix seconds; 0 for no end.
    /// @param kind What it is.
    /// @param liveChildren Number of live entries right below it.
    /// @param isLive Whether it was not retired.
    /// @param digest sha2-256 of its document, as last revised.
    struct Entry {
        address author;
        uint32 parent;
        uint32 until;
        Kind kind;
        uint8 liveChildren;
        bool isLive;
        bytes32 digest;
    }

    /// @notice An asset: what holders may use to speak for the project, and under which terms.
    /// @dev Two slots: author, parent, until, terms, standing · digest. Terms are a sum of: 1 commercial use, 2
    /// attribution, 4 derivatives, 8 share alike, 16 official only once endorsed, 32 no endorsement implied.
    /// @param author Who added it.
    /// @param parent Number of the asset it derives from; 0 for none.
    /// @param until Until when it may be used, Unix seconds; 0 for no end.
    /// @param terms The number that its terms make.
    /// @param standing Whether it is live, endorsed or retired.
    /// @param digest sha2-256 of its document, which names its files.
    struct Asset {
        address author;
        uint32 parent;
        uint32 until;
        uint8 terms;
        Standing standing;
        bytes32 digest;
    }

    // ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice An entry was added.
    /// @param entry The entry's number.
    /// @param kind What it is.
    /// @param parent Number of the entry above it; 0 for none.
    /// @param author Who added it.
    /// @param until Until when it holds, Unix seconds; 0 for no end.
    /// @param digest sha2-256 of its document.
    event EntryAdded(
        uint32 indexed entry, Kind indexed kind, uint32 indexed parent, address author, uint32 until, bytes32 digest
    );

    /// @notice An entry's text was revised; the latest holds.
    /// @param entry The entry's number.
    /// @param by Who revised it.
    /// @param until Until when it holds now, Unix seconds; 0 for no end.
    /// @param digest sha2-256 of its document from now on.
    event EntryRevised(uint32 indexed entry, address indexed by, uint32 until, bytes32 digest);

    /// @notice An entry was retired, for ever.
    /// @param entry The entry's number.
    /// @param by Who retired it.
    event EntryRetired(uint32 indexed entry, address indexed by);

    /// @notice An asset was added.
    /// @param asset The asset's number.
    /// @param parent Number of the asset it derives from; 0 for none.
    /// @param author Who added it.
    /// @param terms The number that its terms make, as in Asset.
    /// @param until Until when it may be used, Unix seconds; 0 for no end.
    /// @param digest sha2-256 of its document, which names its files.
    event AssetAdded(
        uint32 indexed asset,
        uint32 indexed parent,
        address indexed author,
        uint8 terms,
        uint32 until,
        bytes32 digest
    );

    /// @notice An asset was endorsed, or is endorsed no longer.
    /// @param asset The asset's number.
    /// @param by Who said so.
    /// @param isEndorsed Whether it is endorsed now.
    event AssetEndorsed(uint32 indexed asset, address indexed by, bool isEndorsed);

    /// @notice An asset was retired by its author, for ever; an endorsement ends with it.
    /// @param asset The asset's number.
    event AssetRetired(uint32 indexed asset);

    // ── errors ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice No document was named.
    /// @custom:right Name it by its sha2-256.
    error ContentRegistryNoDigest();
    /// @notice There is no entry {entry}.
    /// @custom:right Entries are numbered from 1 to {count}.
    /// @param entry Number of the entry that was asked for.
    /// @param count Number of entries there are.
    error ContentRegistryUnknownEntry(uint256 entry, uint256 count);
    /// @notice There is no asset {asset}.
    /// @custom:right Assets are numbered from 1 to {count}.
    /// @param asset Number of the asset that was asked for.
    /// @param count Number of assets there are.
    error ContentRegistryUnknownAsset(uint256 asset, uint256 count);
    /// @notice This does not go with the kind {kind}.
    /// @custom:right It takes kinds from {first} to {last}.
    /// @param kind The kind that was named, or that the entry has.
    /// @param first The first kind it takes.
    /// @param last The last kind it takes.
    error ContentRegistryWrongKind(Kind kind, Kind first, Kind last);
    /// @notice Entry {parent} cannot be above this one.
    /// @custom:right Name a live entry of the kind {needed}; 0 where that is none.
    /// @param parent Number of the entry that was named.
    /// @param needed The kind that stands above this one.
    error ContentRegistryBadParent(uint32 parent, Kind needed);
    /// @notice There is no room for another {kind} below entry {parent}.
    /// @custom:right At most {limit} are live at once; retire one first.
    /// @param kind What was to be added.
    /// @param parent Number of the entry above it; 0 for none.
    /// @param limit The largest number that may be live at once.
    error ContentRegistryFull(Kind kind, uint32 parent, uint256 limit);
    /// @notice Entry {entry} was retired.
    /// @custom:right Add another one.
    /// @param entry The entry's number.
    error ContentRegistryEntryRetired(uint32 entry);
    /// @notice Entry {entry} has {count} live entries below it.
    /// @custom:right Retire them first.
    /// @param entry The entry's number.
    /// @param count Number of live entries below it.
    error ContentRegistryHasChildren(uint32 entry, uint256 count);
    /// @notice Asset {asset} was retired.
    /// @custom:right Use another one.
    /// @param asset The asset's number.
    error ContentRegistryAssetRetired(uint32 asset);
    /// @notice {account} is not the author of asset {asset}.
    /// @custom:right Only {author} can retire it.
    /// @param asset The asset's number.
    /// @param account Who called.
    /// @param author Who added it.
    error ContentRegistryNotAuthor(uint32 asset, address account, address author);
    /// @notice Terms of {terms} are unknown.
    /// @custom:right They are a sum of some of 1, 2, 4, 8, 16 and 32: at most {limit}.
    /// @param terms The number that was named.
    /// @param limit The largest number that terms make.
    error ContentRegistryUnknownTerms(uint256 terms, uint256 limit);
    /// @notice Nothing may be derived from asset {asset}.
    /// @custom:right Its author did not allow derivatives; use it as it is.
    /// @param asset The asset's number.
    error ContentRegistryNoDerivatives(uint32 asset);
    /// @notice Terms of {terms} are not what asset {parent} asks of what derives from it.
    /// @custom:right Keep its attribution; where it is shared alike, keep its terms: {parentTerms}.
    /// @param terms The number that the derivative's terms make.
    /// @param parent Number of the asset it derives from.
    /// @param parentTerms The number that the terms of that one make.
    error ContentRegistryTermsShed(uint256 terms, uint32 parent, uint256 parentTerms);

    // ── actions ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Adds the brand or a pillar.
    /// @dev Restricted (role BRAND). One brand is live at most, and three pillars of it.
    /// @param kind Brand or Pillar.
    /// @param parent Number of the brand a pillar belongs to; 0 for the brand.
    /// @param digest sha2-256 of its document.
    /// @return entry The entry's number.
    function addBrand(Kind kind, uint32 parent, bytes32 digest) external returns (uint32 entry);

    /// @notice Replaces the text of the brand or a pillar.
    /// @dev Restricted (role BRAND).
    /// @param entry The entry's number.
    /// @param digest sha2-256 of its document from now on.
    function reviseBrand(uint32 entry, bytes32 digest) external;

    /// @notice Retires the brand or a pillar, for ever.
    /// @dev Restricted (role BRAND). A brand with live pillars stays.
    /// @param entry The entry's number.
    function retireBrand(uint32 entry) external;

    /// @notice Adds an objective, a goal, a strategy or a tactic.
    /// @dev Restricted (role PLAN). Three objectives are live at most, and five entries below each entry.
    /// @param kind Objective, Goal, Strategy or Tactic.
    /// @param parent Number of the entry above it; 0 for an objective.
    /// @param digest sha2-256 of its document.
    /// @param until Until when it holds, Unix seconds; 0 for no end.
    /// @return entry The entry's number.
    function addPlan(Kind kind, uint32 parent, bytes32 digest, uint32 until) external returns (uint32 entry);

    /// @notice Replaces text and end of an entry of the plan.
    /// @dev Restricted (role PLAN).
    /// @param entry The entry's number.
    /// @param digest sha2-256 of its document from now on.
    /// @param until Until when it holds now, Unix seconds; 0 for no end.
    function revisePlan(uint32 entry, bytes32 digest, uint32 until) external;

    /// @notice Retires an entry of the plan, for ever.
    /// @dev Restricted (role PLAN). One with live entries below it stays.
    /// @param entry The entry's number.
    function retirePlan(uint32 entry) external;

    /// @notice Adds a claim: what may be said in the project's name.
    /// @dev Restricted (role CLAIMS).
    /// @param digest sha2-256 of its document.
    /// @param until Until when it may be said, Unix seconds; 0 for no end.
    /// @return entry The entry's number.
    function addClaim(bytes32 digest, uint32 until) external returns (uint32 entry);

    /// @notice Replaces text and end of a claim.
    /// @dev Restricted (role CLAIMS).
    /// @param entry The entry's number.
    /// @param digest sha2-256 of its document from now on.
    /// @param until Until when it may be said now, Unix seconds; 0 for no end.
    function reviseClaim(uint32 entry, bytes32 digest, uint32 until) external;

    /// @notice Retires a claim, for ever.
    /// @dev Restricted (role CLAIMS).
    /// @param entry The entry's number.
    function retireClaim(uint32 entry) external;

    /// @notice Adds an asset of the caller; open to everybody.
    /// @dev A derivative needs a live parent that allows derivatives, keeps its attribution, and all of its terms where
    /// that is shared alike. Terms never change, and an asset is not revised: another one is added.
    /// @param parent Number of the asset it derives from; 0 for none.
    /// @param digest sha2-256 of its document, which names its files.
    /// @param terms The number that its terms make, as in Asset.
    /// @param until Until when it may be used, Unix seconds; 0 for no end.
    /// @return asset The asset's number.
    function addAsset(uint32 parent, bytes32 digest, uint8 terms, uint32 until) external returns (uint32 asset);

    /// @notice Retires an asset of the caller, for ever; what derives from it stays.
    /// @param asset The asset's number.
    function retireAsset(uint32 asset) external;

    /// @notice Says that a live asset is the project's own, or that it is so no longer.
    /// @dev Restricted (role BRAND).
    /// @param asset The asset's number.
    /// @param isEndorsed Whether it is endorsed from now on.
    function endorse(uint32 asset, bool isEndorsed) external;

    // ── views ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice How many entries were ever added.
    /// @return The number.
    function entryCount() external view returns (uint32);

    /// @notice How many assets were ever added.
    /// @return The number.
    function assetCount() external view returns (uint32);

    /// @notice How many entries of a kind that stands alone are live.
    /// @param kind Brand or Objective; claims are not counted.
    /// @return The number.
    function liveRoots(Kind kind) external view returns (uint8);

    /// @notice An entry.
    /// @param entry The entry's number.
    /// @return The entry.
    function entryOf(uint32 entry) external view returns (Entry memory);

    /// @notice An asset.
    /// @param asset The asset's number.
    /// @return The asset.
    function assetOf(uint32 asset) external view returns (Asset memory);
}
