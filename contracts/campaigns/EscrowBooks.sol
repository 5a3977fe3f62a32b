// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {IEscrowMoney} from "../../interfaces/IEscrowMoney.sol";
import {IReputation} from "../../interfaces/IReputation.sol";
import {Haltable} from "../governance/Haltable.sol";
import {CallGas} from "./CallGas.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title EscrowBooks
/// @notice The money: what came in, what went out, what is held and for whom. The only part that touches the token
/// and the reputation.
/// @dev Every external function of the escrow that writes is nonReentrant, `deliver` aside, which only the escrow
/// calls.
/// All custody together stays below 2^112, so that no sum of held amounts can overflow its field, and no payment can
/// be stopped by one.
abstract contract EscrowBooks is ICampaignEscrow, Haltable, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Gas a transfer is given; what needs more becomes a credit.
    uint256 internal constant TRANSFER_GAS = 200_000;
    /// @dev Gas the awards of one call are given, and besides for each account; what needs more is lost, as events.
    uint256 internal constant AWARD_GAS = 150_000;
    uint256 internal constant AWARD_GAS_EACH = 70_000;
    /// @dev A credit unclaimed for this long goes to the pool.
    uint256 internal constant CREDIT_LIFE = 365 days;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    IERC20 private immutable _TOKEN;
    /// @inheritdoc IEscrowMoney
    address public immutable treasury;
    /// @inheritdoc IEscrowMoney
    address public immutable reputation;
    /// @inheritdoc IEscrowMoney
    uint256 public immutable pointsPerToken;
    uint256 private immutable _UNITS_PER_TOKEN;

    /// @dev Points that are awarded once all is paid.
    struct Awards {
        address[] accounts;
        uint256[] pointsWad;
        uint256 count;
    }

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev All sums and counters, grouped by what changes together: work that comes with its bond writes the first
    /// word, a payment that returns it the first two. Fields of 112 bits are parts of the custody.
    struct Ledger {
        uint112 held;
        uint112 bondsHeld;
        uint32 submissions;
        uint128 paid;
        uint128 bondsPaid;
        uint128 received;
        uint128 refunded;
        uint128 pool;
        uint32 campaigns;
        uint32 bounties;
    }

    Ledger internal _books;
    mapping(address account => Credit) private _credits;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(Frame memory frame) {
        require(
            frame.budgetToken != address(0) && frame.treasury != address(0) && frame.reputation != address(0),
            CampaignEscrowZeroAddress()
        );
        require(frame.pointsPerToken != 0, CampaignEscrowZeroRate());
        uint256 decimals = IERC20Metadata(frame.budgetToken).decimals();
        require(decimals <= 18, CampaignEscrowTooManyDecimals(decimals, 18));
        _TOKEN = IERC20(frame.budgetToken);
        treasury = frame.treasury;
        reputation = frame.reputation;
        _UNITS_PER_TOKEN = 10 ** decimals;
        pointsPerToken = frame.pointsPerToken;
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IEscrowMoney
    function deposit(uint256 amount) external nonReentrant restricted {
        _depositToPool(msg.sender, _take(amount));
    }

    /// @inheritdoc IEscrowMoney
    function withdrawPool(uint256 amount) external nonReentrant restricted {
        // Check:
        require(amount != 0, CampaignEscrowZeroAmount());
        _takeFromPool(amount);

        // Effect:
        _books.held -= uint112(amount);
        _books.refunded += uint128(amount);
        emit PoolWithdrawn(treasury, amount);

        // Interaction:
        _TOKEN.safeTransfer(treasury, amount);
    }

    /// @inheritdoc IEscrowMoney
    function withdrawCredit(address to) external nonReentrant {
        // Check, Effect:
        Credit memory credit = _takeCredit(msg.sender, to);

        // Interaction:
        _TOKEN.safeTransfer(to, credit.amount);
        _awardOne(msg.sender, credit.voted);
    }

    /// @inheritdoc IEscrowMoney
    function deliverCredit(address account) external nonReentrant {
        // Check, Effect:
        Credit memory credit = _takeCredit(account, account);

        // Interaction:
        require(_tryDeliver(account, credit.amount), CampaignEscrowNotDelivered(account, credit.amount));
        _awardOne(account, credit.voted);
    }

    /// @inheritdoc IEscrowMoney
    function expireCredit(address account) external nonReentrant {
        // Check:
        Credit memory credit = _creditDue(account);
        uint256 from = credit.since + CREDIT_LIFE;
        require(block.timestamp >= from, CampaignEscrowCreditAlive(account, from));

        // Effect:
        delete _credits[account];
        _giveToPool(credit.amount);
        emit CreditExpired(account, credit.amount);
    }

    /// @inheritdoc IEscrowMoney
    function deliver(address to, uint256 amount) external {
        require(msg.sender == address(this), CampaignEscrowNotSelf(msg.sender));
        _TOKEN.safeTransfer(to, amount);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IEscrowMoney
    function budgetToken() external view returns (address) {
        return address(_TOKEN);
    }

    /// @inheritdoc IEscrowMoney
    function books() external view returns (Books memory) {
        Ledger storage sums = _books;
        return Books({
            paid: sums.paid,
            held: sums.held,
            received: sums.received,
            refunded: sums.refunded,
            pool: sums.pool,
            bondsReceived: sums.bondsPaid + sums.bondsHeld,
            bondsPaid: sums.bondsPaid,
            bondsHeld: sums.bondsHeld
        });
    }

    /// @inheritdoc IEscrowMoney
    function poolFree() external view returns (uint256) {
        return _books.pool;
    }

    /// @inheritdoc IEscrowMoney
    function creditOf(address account) external view returns (Credit memory) {
        return _credits[account];
    }

    // ── internals: money in ─────────────────────────────────────────────────────────────────────────────────────

    /// @dev Takes budget money from the caller and books what arrived.
    function _take(uint256 amount) internal returns (uint256 arrived) {
        arrived = _pull(msg.sender, amount);
        require(arrived != 0, CampaignEscrowZeroAmount());
        _bookReceived(arrived);
    }

    /// @dev Takes a bond; all of it has to arrive, for all of it may have to be returned. What arrives beyond it is
    /// budget money, and the caller's to place.
    function _takeBond(uint32 submission, address from, uint256 amount, uint256 bond)
        internal
        returns (uint256 beyond)
    {
        uint256 arrived = _pull(from, amount);
        require(arrived >= bond, CampaignEscrowBondShort(arrived, bond));
        _books.bondsHeld += uint112(bond);
        emit BondReceived(submission, from, bond);
        beyond = arrived - bond;
        if (beyond != 0) _bookReceived(beyond);
    }

    /// @dev Measures what arrives, and keeps all custody within 112 bits.
    function _pull(address from, uint256 amount) private returns (uint256 arrived) {
        uint256 before = _balance();
        _TOKEN.safeTransferFrom(from, address(this), amount);
        arrived = _balance() - before;
        uint256 custody = uint256(_books.held) + _books.bondsHeld + arrived;
        require(custody <= type(uint112).max, CampaignEscrowTooMuch(custody, type(uint112).max));
    }

    function _balance() private view returns (uint256) {
        return _TOKEN.balanceOf(address(this));
    }

    // ── internals: money within ─────────────────────────────────────────────────────────────────────────────────

    function _takeFromPool(uint256 amount) internal {
        uint256 free = _books.pool;
        require(amount <= free, CampaignEscrowNotEnough(amount, free));
        _books.pool = uint128(free - amount);
    }

    function _giveToPool(uint256 amount) internal {
        _books.pool += uint128(amount);
    }

    function _depositToPool(address from, uint256 amount) internal {
        _giveToPool(amount);
        emit PoolDeposited(from, amount);
    }

    /// @dev The bond goes to the pool.
    function _forfeitBond(uint32 submission, uint256 amount) internal {
        _rebook(amount);
        _giveToPool(amount);
        emit BondForfeited(submission, amount);
    }

    /// @dev Moves bond money to the main book.
    function _rebook(uint256 amount) internal {
        _books.bondsHeld -= uint112(amount);
        _bookReceived(amount);
    }

    function _bookReceived(uint256 amount) private {
        _books.received += uint128(amount);
        _books.held += uint112(amount);
    }

    function _bookPaid(uint256 amount) private {
        _books.paid += uint128(amount);
        _books.held -= uint112(amount);
    }

    // ── internals: money out ────────────────────────────────────────────────────────────────────────────────────

    /// @dev Pays budget money, and notes points for voted money, for which there is room then; what the payee cannot
    /// take becomes a credit.
    function _pay(uint32 campaign, uint32 submission, address payee, uint256 amount, Awards memory awards) internal {
        if (amount == 0) return;
        bool isVoted = awards.accounts.length != 0;
        if (_tryDeliver(payee, amount)) {
            _bookPaid(amount);
            emit PayeePaid(campaign, submission, payee, amount);
            if (isVoted) _note(awards, payee, amount);
        } else {
            _credit(payee, amount, isVoted ? amount : 0);
            emit PayeeCredited(campaign, submission, payee, amount);
        }
    }

    /// @dev Returns a bond; if that fails it becomes a credit, in the main book like all credits.
    function _returnBond(uint32 submission, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (_tryDeliver(to, amount)) {
            _books.bondsHeld -= uint112(amount);
            _books.bondsPaid += uint128(amount);
            emit BondPaid(submission, to, amount);
        } else {
            _rebook(amount);
            _credit(to, amount, 0);
            emit BondCredited(submission, to, amount);
        }
    }

    function _creditDue(address account) private view returns (Credit memory credit) {
        credit = _credits[account];
        require(credit.amount != 0, CampaignEscrowNoCredit(account));
    }

    function _takeCredit(address account, address to) private returns (Credit memory credit) {
        credit = _creditDue(account);
        _checkPayee(to);
        delete _credits[account];
        _bookPaid(credit.amount);
        emit CreditWithdrawn(account, to, credit.amount);
    }

    function _credit(address account, uint256 amount, uint256 voted) private {
        Credit storage credit = _credits[account];
        credit.amount += uint112(amount);
        credit.voted += uint112(voted);
        credit.since = _nowSeconds();
    }

    /// @dev A transfer may fail, but never for want of gas that the caller kept back: a call is given at most 63/64 of
    /// what is left.
    function _tryDeliver(address to, uint256 amount) private returns (bool) {
        CallGas.check(TRANSFER_GAS);
        try this.deliver{gas: TRANSFER_GAS}(to, amount) {
            return true;
        } catch {
            return false;
        }
    }

    // ── internals: points ───────────────────────────────────────────────────────────────────────────────────────

    /// @dev Room for so many awards; none for money that earns no points.
    function _awards(uint256 room) internal pure returns (Awards memory awards) {
        awards.accounts = new address[](room);
        awards.pointsWad = new uint256[](room);
    }

    function _note(Awards memory awards, address account, uint256 votedAmount) private view {
        uint256 pointsWad = (votedAmount * pointsPerToken) / _UNITS_PER_TOKEN;
        if (pointsWad == 0) return;
        uint256 i = awards.count++;
        awards.accounts[i] = account;
        awards.pointsWad[i] = pointsWad;
    }

    function _awardOne(address account, uint256 votedAmount) private {
        if (votedAmount == 0) return;
        Awards memory awards = _awards(1);
        _note(awards, account, votedAmount);
        _award(awards);
    }

    /// @dev Awards that fail are events, never a stop; nor can the caller make them fail by keeping gas back.
    function _award(Awards memory awards) internal {
        uint256 count = awards.count;
        if (count == 0) return;
        (address[] memory accounts, uint256[] memory pointsWad) = (awards.accounts, awards.pointsWad);
        assembly ("memory-safe") {
            mstore(accounts, count) // shorten the lists to those noted
            mstore(pointsWad, count)
        }
        uint256 callGas = AWARD_GAS + count * AWARD_GAS_EACH;
        CallGas.check(callGas);
        try IReputation(reputation).awardMany{gas: callGas}(accounts, pointsWad) {}
        catch {
            for (uint256 i = 0; i < count; ++i) {
                emit AwardFailed(accounts[i], pointsWad[i]);
            }
        }
    }

    // ── internals: checks ───────────────────────────────────────────────────────────────────────────────────────

    /// @dev Money sent to the escrow or the token would be lost, and their books would lie.
    function _checkPayee(address account) internal view {
        require(_isPayee(account), CampaignEscrowBadPayee(account));
    }

    function _isPayee(address account) internal view returns (bool) {
        return account != address(0) && account != address(this) && account != address(_TOKEN);
    }

    /// @dev Saturates in 2106, when nothing new can begin and every window is over, so that all money can still leave.
    function _nowSeconds() internal view returns (uint32) {
        return uint32(Math.min(block.timestamp, type(uint32).max));
    }
}
