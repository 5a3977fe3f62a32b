// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IDrops} from "../../interfaces/IDrops.sol";

/// @title Drops
/// @notice Amounts of a token for many accounts, by one root.
/// @dev Nobody has a role here, and no drop knows of another but by their token's balance. A drop that promises more
/// than was paid for pays who comes first; whoever checks the manifest in the day before claims begin sees it.
contract Drops is IDrops, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using SafeERC20 for IERC20;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant MIN_WAIT = 1 days;
    uint256 private constant MAX_WAIT = 90 days;
    uint256 private constant MIN_LIFE = 7 days;
    uint256 private constant MAX_LIFE = 730 days;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDrops
    uint32 public drops;

    mapping(uint32 drop => Drop) private _drops;
    mapping(uint32 drop => BitMaps.BitMap) private _claimed;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDrops
    function create(
        address token,
        bytes32 root,
        bytes32 manifest,
        uint96 amount,
        uint48 startsAt,
        uint48 expiresAt
    ) external nonReentrant returns (uint32 drop) {
        // Check:
        require(root != 0 && manifest != 0, DropsNoDigest());
        require(amount != 0, DropsNoAmount());
        require(token.code.length != 0, DropsTokenIsNoContract(token));
        (uint256 earliest, uint256 latest) = (block.timestamp + MIN_WAIT, block.timestamp + MAX_WAIT);
        require(startsAt >= earliest && startsAt <= latest, DropsStartOutOfBounds(startsAt, earliest, latest));
        (earliest, latest) = (startsAt + MIN_LIFE, startsAt + MAX_LIFE);
        require(expiresAt >= earliest && expiresAt <= latest, DropsEndOutOfBounds(expiresAt, earliest, latest));

        // Effect:
        drop = ++drops;
        _drops[drop] = Drop(token, startsAt, expiresAt, msg.sender, amount, root);
        emit DropCreated(drop, msg.sender, token, amount, root, manifest, startsAt, expiresAt);

        // Interaction:
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = IERC20(token).balanceOf(address(this)) - before;
        require(arrived >= amount, DropsTooLittleArrived(arrived, amount));
    }

    /// @inheritdoc IDrops
    function claim(uint32 drop, uint256 index, address account, uint256 amount, bytes32[] calldata proof)
        external
        nonReentrant
    {
        _claim(drop, index, account, amount, proof, account);
    }

    /// @inheritdoc IDrops
    function claimTo(
        uint32 drop,
        uint256 index,
        address account,
        uint256 amount,
        bytes32[] calldata proof,
        address to
    ) external nonReentrant {
        require(msg.sender == account, DropsNotOwner(msg.sender, account));
        _claim(drop, index, account, amount, proof, to);
    }

    /// @inheritdoc IDrops
    function cancel(uint32 drop, address to) external nonReentrant {
        Drop storage d = _known(drop);
        require(msg.sender == d.creator, DropsNotOwner(msg.sender, d.creator));
        require(block.timestamp < d.startsAt, DropsHasStarted(drop, d.startsAt));
        _return(drop, d, to, true);
    }

    /// @inheritdoc IDrops
    function takeBack(uint32 drop) external nonReentrant {
        Drop storage d = _known(drop);
        _takeBack(drop, d, d.creator);
    }

    /// @inheritdoc IDrops
    function takeBackTo(uint32 drop, address to) external nonReentrant {
        Drop storage d = _known(drop);
        require(msg.sender == d.creator, DropsNotOwner(msg.sender, d.creator));
        _takeBack(drop, d, to);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IDrops
    function dropOf(uint32 drop) external view returns (Drop memory) {
        return _drops[drop];
    }

    /// @inheritdoc IDrops
    function isClaimed(uint32 drop, uint256 index) external view returns (bool) {
        return _claimed[drop].get(index);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _claim(
        uint32 drop,
        uint256 index,
        address account,
        uint256 amount,
        bytes32[] calldata proof,
        address to
    ) private {
        // Check:
        Drop storage d = _known(drop);
        require(
            block.timestamp >= d.startsAt && block.timestamp < d.expiresAt, DropsNotOpen(drop, d.startsAt, d.expiresAt)
        );
        require(!_claimed[drop].get(index), DropsAlreadyClaimed(drop, index));
        // Hashed twice: an inner node, which is hashed once, is no leaf.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, account, amount))));
        require(MerkleProof.verifyCalldata(proof, d.root, leaf), DropsBadProof(drop, index, account, amount));
        require(amount <= d.left, DropsNotEnough(drop, amount, d.left));

        // Effect:
        _claimed[drop].set(index);
        d.left -= uint96(amount); // fits: at most what is left
        emit DropClaimed(drop, index, account, to, amount);

        // Interaction:
        _send(d.token, to, amount);
    }

    function _takeBack(uint32 drop, Drop storage d, address to) private {
        require(block.timestamp >= d.expiresAt, DropsHasNotEnded(drop, d.expiresAt));
        _return(drop, d, to, false);
    }

    function _return(uint32 drop, Drop storage d, address to, bool isCancelled) private {
        // Check:
        uint256 left = d.left;
        require(left != 0, DropsNothingLeft(drop));

        // Effect:
        d.left = 0;
        emit DropReturned(drop, to, left, isCancelled);

        // Interaction:
        _send(d.token, to, left);
    }

    function _send(address token, address to, uint256 amount) private {
        require(to != address(0) && to != address(this) && to != token, DropsBadPayee(to));
        IERC20(token).safeTransfer(to, amount);
    }

    function _known(uint32 drop) private view returns (Drop storage d) {
        d = _drops[drop];
        require(d.creator != address(0), DropsUnknownDrop(drop));
    }
}
