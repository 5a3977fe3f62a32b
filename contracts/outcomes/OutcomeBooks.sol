// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IOutcomes} from "../../interfaces/IOutcomes.sol";

/// @title OutcomeBooks
/// @notice Money of the outcomes: what comes in is measured, what goes out is a credit first.
abstract contract OutcomeBooks is IOutcomes, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev What nobody fetches for this long is the treasury's.
    uint256 internal constant CREDIT_LIFE = 365 days;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    IERC20 private immutable _TOKEN;
    /// @inheritdoc IOutcomes
    address public immutable treasury;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    uint256 public toTreasury;

    mapping(address account => Owed) private _owed;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(address token, address treasury_) {
        require(treasury_ != address(0), OutcomesZeroAddress());
        _TOKEN = IERC20(token);
        treasury = treasury_;
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    function withdraw(address account) external nonReentrant {
        _withdraw(account, account);
    }

    /// @inheritdoc IOutcomes
    function withdrawTo(address to) external nonReentrant {
        _withdraw(msg.sender, to);
    }

    /// @inheritdoc IOutcomes
    function expireCredit(address account) external nonReentrant {
        // Check:
        Owed memory credit = _owed[account];
        require(credit.amount != 0, OutcomesNothingDue(0));
        _requireExpired(credit.since);

        // Effect:
        delete _owed[account];
        toTreasury += credit.amount;
        emit OutcomeCreditExpired(account, credit.amount);
    }

    /// @inheritdoc IOutcomes
    function sendToTreasury() external nonReentrant {
        // Check:
        uint256 amount = toTreasury;
        require(amount != 0, OutcomesNothingDue(0));

        // Effect:
        toTreasury = 0;
        emit OutcomeTreasuryPaid(amount);

        // Interaction:
        _TOKEN.safeTransfer(treasury, amount);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IOutcomes
    function owedOf(address account) external view returns (Owed memory) {
        return _owed[account];
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev All of it has to arrive.
    function _pull(uint256 amount) internal {
        uint256 before = _TOKEN.balanceOf(address(this));
        _TOKEN.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = _TOKEN.balanceOf(address(this)) - before;
        require(arrived >= amount, OutcomesTooLittleArrived(arrived, amount));
    }

    function _credit(address account, uint256 amount) internal {
        if (amount == 0) return;
        Owed storage credit = _owed[account];
        credit.amount = (credit.amount + amount).toUint112();
        credit.since = block.timestamp.toUint32();
    }

    function _toTreasury(uint256 amount) internal {
        toTreasury += amount;
    }

    function _requireExpired(uint256 since) internal view {
        require(block.timestamp >= since + CREDIT_LIFE, OutcomesAlive(since + CREDIT_LIFE));
    }

    function _withdraw(address account, address to) private {
        // Check:
        uint256 amount = _owed[account].amount;
        require(amount != 0, OutcomesNothingDue(0));
        require(to != address(0) && to != address(this) && to != address(_TOKEN), OutcomesBadPayee(to));

        // Effect:
        delete _owed[account];
        emit OutcomeCreditPaid(account, to, amount);

        // Interaction:
        _TOKEN.safeTransfer(to, amount);
    }
}
