// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IBadgeRule
/// @notice Says who has earned a class of badges; bound to what it reads.
interface IBadgeRule {
    /// @notice What a rule goes by, which says what a witness is.
    /// @param Other Something of its own.
    /// @param Points Points that counted at a moment; the witness is the moment, Unix seconds.
    /// @param Rulings Disputes that were ruled as the account judged; the witness is their ids, strictly ascending.
    /// @param FundedIdea An idea that was funded; the witness is its campaign's id.
    /// @param Outcome A goal that was reached; the witness is its campaign's id.
    enum Basis {
        Other,
        Points,
        Rulings,
        FundedIdea,
        Outcome
    }

    /// @notice The rule would need {least}, which everybody or nobody has.
    /// @custom:right Ask for 1 at least, and of a goal for no more than all of it.
    /// @param least The number that was asked for.
    error BadgeRuleOutOfBounds(uint256 least);

    /// @notice Whether an account has earned the badge.
    /// @dev What a witness speaks of, and how it is written, is the rule's own: words of 32 bytes, one after another.
    /// @param account Who would have it.
    /// @param witness What shows it.
    /// @return Whether it has.
    function earned(address account, bytes calldata witness) external view returns (bool);
    /// @notice What the rule goes by.
    /// @return The basis.
    function basis() external view returns (Basis);
    /// @notice How much of it is needed.
    /// @return Points in WAD, a number of disputes or ideas, or a share of the goal in ppm.
    function least() external view returns (uint256);
    /// @notice The contract that is asked: reputation, jury, board or outcomes.
    /// @return Its address.
    function source() external view returns (address);
}

/// @title IERC5192
/// @notice ERC-5192: tokens that cannot be moved.
interface IERC5192 {
    /// @notice A token cannot be moved, from now on.
    /// @param tokenId The token's id.
    event Locked(uint256 tokenId);
    /// @notice A token can be moved, from now on. Never emitted here.
    /// @param tokenId The token's id.
    event Unlocked(uint256 tokenId);

    /// @notice Whether a token cannot be moved; reverts where there is none.
    /// @param tokenId The token's id.
    /// @return Whether it cannot.
    function locked(uint256 tokenId) external view returns (bool);
}

/// @title IBadges
/// @notice What people have earned, as ERC-721 tokens that cannot be moved: one per class and account, for ever.
/// @dev A token's id is class << 160 | account. Anybody may claim for whoever earned it; who burns a badge is not given
/// it back by others.
interface IBadges is IERC5192 {
    /// @notice One class of badges.
    /// @param rule Says who has earned one.
    /// @param art sha2-256 of a picture; 0 for none.
    /// @param title What it is called.
    struct Class {
        address rule;
        bytes32 art;
        string title;
    }

    /// @notice Governance added a class.
    /// @param class The class' id, counted from 1.
    /// @param rule Says who has earned one.
    /// @param title What it is called.
    /// @param art sha2-256 of a picture; 0 for none.
    event ClassAdded(uint32 indexed class, address indexed rule, string title, bytes32 art);

    /// @notice The rule {rule} is no contract.
    /// @custom:right Deploy it first.
    /// @param rule The account that was named.
    error BadgesRuleIsNoContract(address rule);
    /// @notice A badge cannot be called “{title}”.
    /// @custom:right Use 1 to {limit} letters A to Z, a to z, digits, spaces, full stops, – and &.
    /// @param title The title that was named.
    /// @param limit The largest number of characters possible.
    error BadgesBadTitle(string title, uint256 limit);
    /// @notice There is no class {class} of badges.
    /// @custom:right See `dmo badge list`.
    /// @param class The id that was named.
    error BadgesUnknownClass(uint256 class);
    /// @notice {account} has not earned a badge of class {class}, as far as this shows.
    /// @custom:right `dmo badge show {class}` tells what has to be shown.
    /// @param class The class' id.
    /// @param account Who would have it.
    error BadgesNotEarned(uint256 class, address account);
    /// @notice {account} has its badge of class {class} already.
    /// @custom:right There is one for each account.
    /// @param class The class' id.
    /// @param account Whose it is.
    error BadgesAlreadyGiven(uint256 class, address account);
    /// @notice {account} burned its badge of class {class}.
    /// @custom:right Only {account} itself can claim it again.
    /// @param class The class' id.
    /// @param account Who burned it.
    error BadgesBurned(uint256 class, address account);
    /// @notice {caller} cannot burn the badge of {owner}.
    /// @custom:right Only its owner can.
    /// @param caller Who called.
    /// @param owner Whose it is.
    error BadgesNotOwner(address caller, address owner);
    /// @notice Badge {tokenId} cannot be moved.
    /// @custom:right It is whose it is for ever; its owner can burn it.
    /// @param tokenId The token's id: class << 160 | account.
    error BadgesSoulbound(uint256 tokenId);

    /// @notice Adds a class of badges.
    /// @dev Restricted to governance.
    /// @param rule Says who has earned one.
    /// @param title What it is called: 1 to 32 characters.
    /// @param art sha2-256 of a picture; 0 for none.
    /// @return class The class' id.
    function addClass(address rule, string calldata title, bytes32 art) external returns (uint32 class);
    /// @notice Gives an account a badge that it earned; for anyone.
    /// @param class The class' id.
    /// @param account Who earned it.
    /// @param witness What shows it, as the class' rule wants it.
    function claim(uint32 class, address account, bytes calldata witness) external;
    /// @notice Burns a badge; for its owner.
    /// @param tokenId The token's id: class << 160 | account.
    function burn(uint256 tokenId) external;

    /// @notice How many classes there are; ids count from 1.
    /// @return The number of classes.
    function classes() external view returns (uint32);
    /// @notice A class; empty if there is none.
    /// @param class The class' id.
    /// @return The class.
    function classOf(uint32 class) external view returns (Class memory);
    /// @notice The id of an account's badge.
    /// @param class The class' id.
    /// @param account Whose it is.
    /// @return The token's id: class << 160 | account.
    function tokenOf(uint32 class, address account) external pure returns (uint256);
    /// @notice Whether a badge was burned by its owner, once at least.
    /// @param tokenId The token's id: class << 160 | account.
    /// @return Whether it was.
    function isBurned(uint256 tokenId) external view returns (bool);
}
