// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IDrops
/// @notice Amounts of a token for many accounts, by one root: whoever is in the tree claims, and the rest returns.
/// @dev The tree is OpenZeppelin's standard one over (uint256 index, address account, uint256 amount): a leaf is
/// keccak256(keccak256(abi.encode(index, account, amount))), pairs are sorted. Tokens that rebase are not supported.
interface IDrops {
    /// @notice One drop.
    /// @param token The ERC-20 token.
    /// @param startsAt Claims begin, Unix seconds.
    /// @param expiresAt Claims have ended, Unix seconds.
    /// @param creator Who paid for it, and gets the rest.
    /// @param left What is neither claimed nor returned, in units of the token.
    /// @param root The tree's root.
    struct Drop {
        address token;
        uint48 startsAt;
        uint48 expiresAt;
        address creator;
        uint96 left;
        bytes32 root;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A drop was created and paid for.
    /// @param drop The drop's id, counted from 1.
    /// @param creator Who paid for it.
    /// @param token The ERC-20 token.
    /// @param amount What can be claimed in all, in units of the token.
    /// @param root The tree's root.
    /// @param manifest sha2-256 of the document that lists who gets what.
    /// @param startsAt Claims begin, Unix seconds.
    /// @param expiresAt Claims have ended, Unix seconds.
    event DropCreated(
        uint32 indexed drop,
        address indexed creator,
        address indexed token,
        uint96 amount,
        bytes32 root,
        bytes32 manifest,
        uint48 startsAt,
        uint48 expiresAt
    );
    /// @notice A share of a drop was paid.
    /// @param drop The drop's id.
    /// @param index The share's number in the manifest, from 0.
    /// @param account Whose share it is.
    /// @param to Where it was sent.
    /// @param amount The share, in units of the token.
    event DropClaimed(
        uint32 indexed drop, uint256 indexed index, address indexed account, address to, uint256 amount
    );
    /// @notice What was left of a drop went back to its creator.
    /// @param drop The drop's id.
    /// @param to Where it was sent.
    /// @param amount What was left, in units of the token.
    /// @param isCancelled It was taken back before claims began.
    event DropReturned(uint32 indexed drop, address to, uint256 amount, bool isCancelled);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Root or manifest of the drop is missing.
    /// @custom:right Give both; `dmo drop make` writes them.
    error DropsNoDigest();
    /// @notice The drop has no amount.
    /// @custom:right Pay for what can be claimed in all.
    error DropsNoAmount();
    /// @notice The token {token} is no contract.
    /// @custom:right Name an ERC-20 token of this chain.
    /// @param token The account that was named.
    error DropsTokenIsNoContract(address token);
    /// @notice A drop cannot start at {startsAt}.
    /// @custom:right Choose {earliest} to {latest}: everybody has a day to check it.
    /// @param startsAt When claims would begin, Unix seconds.
    /// @param earliest The earliest moment possible, Unix seconds.
    /// @param latest The latest moment possible, Unix seconds.
    error DropsStartOutOfBounds(uint256 startsAt, uint256 earliest, uint256 latest);
    /// @notice A drop that starts so cannot end at {expiresAt}.
    /// @custom:right Choose {earliest} to {latest}.
    /// @param expiresAt When claims would end, Unix seconds.
    /// @param earliest The earliest moment possible, Unix seconds.
    /// @param latest The latest moment possible, Unix seconds.
    error DropsEndOutOfBounds(uint256 expiresAt, uint256 earliest, uint256 latest);
    /// @notice Of {amount} only {arrived} arrived.
    /// @custom:right Use a token that takes no fee of transfers.
    /// @param arrived What arrived, in units of the token.
    /// @param amount What was to arrive, in units of the token.
    error DropsTooLittleArrived(uint256 arrived, uint256 amount);
    /// @notice There is no drop {drop}.
    /// @custom:right See `dmo drop list`.
    /// @param drop The id that was named.
    error DropsUnknownDrop(uint256 drop);
    /// @notice Drop {drop} takes no claims now.
    /// @custom:right Claim from {startsAt} on and before {expiresAt}.
    /// @param drop The drop's id.
    /// @param startsAt Claims begin, Unix seconds.
    /// @param expiresAt Claims have ended, Unix seconds.
    error DropsNotOpen(uint256 drop, uint256 startsAt, uint256 expiresAt);
    /// @notice Share {index} of drop {drop} was paid already.
    /// @custom:right A share is paid once; `dmo drop show {drop}` tells when and where to.
    /// @param drop The drop's id.
    /// @param index The share's number in the manifest, from 0.
    error DropsAlreadyClaimed(uint256 drop, uint256 index);
    /// @notice {account} has no share {index} of {amount} in drop {drop}.
    /// @custom:right Take index, amount and proof from the drop's manifest, unchanged.
    /// @param drop The drop's id.
    /// @param index The number in the manifest that was named, from 0.
    /// @param account The account that was named.
    /// @param amount The share that was named, in units of the token.
    error DropsBadProof(uint256 drop, uint256 index, address account, uint256 amount);
    /// @notice Drop {drop} has {left} left, less than the share of {amount}.
    /// @custom:right Its tree promises more than was paid for; ask its creator.
    /// @param drop The drop's id.
    /// @param amount The share, in units of the token.
    /// @param left What is left, in units of the token.
    error DropsNotEnough(uint256 drop, uint256 amount, uint256 left);
    /// @notice {caller} cannot say where this is sent.
    /// @custom:right Only {owner} can; anybody can have it sent to {owner}.
    /// @param caller Who called.
    /// @param owner Whose it is.
    error DropsNotOwner(address caller, address owner);
    /// @notice What is sent to {to} would be lost.
    /// @custom:right Name another address.
    /// @param to The address that was named.
    error DropsBadPayee(address to);
    /// @notice Drop {drop} cannot be cancelled any more: claims began at {startsAt}.
    /// @custom:right What nobody claims returns when it has ended.
    /// @param drop The drop's id.
    /// @param startsAt When claims began, Unix seconds.
    error DropsHasStarted(uint256 drop, uint256 startsAt);
    /// @notice Claims of drop {drop} run until {expiresAt}.
    /// @custom:right Take back what is left from then on.
    /// @param drop The drop's id.
    /// @param expiresAt When claims have ended, Unix seconds.
    error DropsHasNotEnded(uint256 drop, uint256 expiresAt);
    /// @notice Nothing is left of drop {drop}.
    /// @custom:right All of it was claimed or went back.
    /// @param drop The drop's id.
    error DropsNothingLeft(uint256 drop);

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Creates a drop and pays for it; for anyone.
    /// @dev Needs the token's allowance. All of `amount` has to arrive.
    /// @param token The ERC-20 token.
    /// @param root The tree's root.
    /// @param manifest sha2-256 of the document that lists who gets what.
    /// @param amount What can be claimed in all, in units of the token.
    /// @param startsAt Claims begin, Unix seconds: in a day at the earliest, in 90 days at the latest.
    /// @param expiresAt Claims have ended, Unix seconds: 7 to 730 days after they begin.
    /// @return drop The drop's id.
    function create(
        address token,
        bytes32 root,
        bytes32 manifest,
        uint96 amount,
        uint48 startsAt,
        uint48 expiresAt
    ) external returns (uint32 drop);
    /// @notice Pays a share to whose it is; for anyone.
    /// @param drop The drop's id.
    /// @param index The share's number in the manifest, from 0.
    /// @param account Whose share it is.
    /// @param amount The share, in units of the token.
    /// @param proof The leaf's proof, from the leaf up.
    function claim(uint32 drop, uint256 index, address account, uint256 amount, bytes32[] calldata proof) external;
    /// @notice Pays a share elsewhere; for whose it is alone.
    /// @param drop The drop's id.
    /// @param index The share's number in the manifest, from 0.
    /// @param account Whose share it is: who calls.
    /// @param amount The share, in units of the token.
    /// @param proof The leaf's proof, from the leaf up.
    /// @param to Where it is sent.
    function claimTo(
        uint32 drop,
        uint256 index,
        address account,
        uint256 amount,
        bytes32[] calldata proof,
        address to
    ) external;
    /// @notice Takes a drop back before claims begin; for its creator alone.
    /// @param drop The drop's id.
    /// @param to Where it is sent.
    function cancel(uint32 drop, address to) external;
    /// @notice Returns what is left to the creator once claims have ended; for anyone.
    /// @param drop The drop's id.
    function takeBack(uint32 drop) external;
    /// @notice Returns what is left elsewhere once claims have ended; for the creator alone.
    /// @param drop The drop's id.
    /// @param to Where it is sent.
    function takeBackTo(uint32 drop, address to) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice How many drops there are; ids count from 1.
    /// @return The number of drops.
    function drops() external view returns (uint32);
    /// @notice A drop; empty if there is none.
    /// @param drop The drop's id.
    /// @return The drop; amounts in units of its token.
    function dropOf(uint32 drop) external view returns (Drop memory);
    /// @notice Whether a share was paid.
    /// @param drop The drop's id.
    /// @param index The share's number in the manifest, from 0.
    /// @return Whether it was.
    function isClaimed(uint32 drop, uint256 index) external view returns (bool);
}
