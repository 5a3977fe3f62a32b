// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IForecasts} from "../../interfaces/IForecasts.sol";
import {IIdeaBoard} from "../../interfaces/IIdeaBoard.sol";
import {IOutcomes} from "../../interfaces/IOutcomes.sol";
import {ForecastMath} from "./ForecastMath.sol";

/// @title Forecasts
/// @notice Will it work? A market per idea, open exactly while its vote is.
/// @dev Bound for ever to one board and its outcomes. Nothing here reaches their money, and they know nothing of it.
contract Forecasts is IForecasts, AccessManaged, ReentrancyGuardTransient {
    using ForecastMath for Position;
    using ForecastMath for Sponsorship;
    using SafeERC20 for IERC20;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant ONE = ForecastMath.ONE;
    /// @dev Of an ask, the first sponsor leaves one part at least.
    uint256 private constant ASK_PARTS = 100;
    uint256 private constant MAX_SPONSORED = 1 << 90;
    uint256 private constant LINK_SECONDS = 14 days;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    IIdeaBoard private immutable _BOARD;
    ICampaignEscrow private immutable _ESCROW;
    IOutcomes private immutable _OUTCOMES;
    IERC20 private immutable _TOKEN;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IForecasts
    mapping(address account => uint256) public free;
    /// @inheritdoc IForecasts
    uint24 public purseStart;

    mapping(uint256 key => Market) private _markets;
    mapping(uint256 key => mapping(address account => Position)) private _positions;
    mapping(uint256 key => mapping(address account => Sponsorship)) private _sponsorships;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @param authority The AccessManager.
    /// @param outcomes_ The outcomes that are forecast, of its board's ideas.
    /// @param startPpm At which forecast the purse opens markets, ppm.
    constructor(address authority, IOutcomes outcomes_, uint24 startPpm) AccessManaged(authority) {
        require(authority != address(0) && address(outcomes_) != address(0), ForecastsZeroAddress());
        _OUTCOMES = outcomes_;
        _BOARD = IIdeaBoard(outcomes_.board());
        _ESCROW = ICampaignEscrow(_BOARD.escrow());
        _TOKEN = IERC20(_ESCROW.budgetToken());
        _setPurseStart(startPpm);
    }

    // ── actions: the market ─────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IForecasts
    function sponsor(uint32 round, uint32 number, uint96 amount, uint24 start, uint24 minPpm, uint24 maxPpm)
        external
        nonReentrant
    {
        _sponsor(round, number, msg.sender, amount, start);
        uint256 ppm = _markets[_key(round, number)].ppm;
        require(ppm >= minPpm && ppm <= maxPpm, ForecastsMovedAway(ppm, minPpm, maxPpm));
        _pull(amount);
    }

    /// @inheritdoc IForecasts
    function move(uint32 round, uint32 number, uint24 toPpm, uint96 maxPay, bytes32 why) external nonReentrant {
        // Check:
        _requireOpen(round);
        uint256 key = _key(round, number);
        Market memory market = _markets[key];
        require(market.depth != 0, ForecastsNotSponsored(round, number));
        require(toPpm <= ONE && toPpm != market.ppm, ForecastsBadShare(toPpm, ONE));

        // Effect:
        Position memory before = _positions[key][msg.sender];
        Position memory position = before.moved(market.depth, market.ppm, toPpm);
        _positions[key][msg.sender] = position;
        _markets[key].ppm = toPpm;
        int256 paid = int256(position.collateralOf()) - int256(before.collateralOf());
        require(paid <= int256(uint256(maxPay)), ForecastsCostsMore(uint256(paid), maxPay));
        emit ForecastMoved(round, number, msg.sender, market.ppm, toPpm, market.depth, paid, why);

        // Interaction: what is free pays first, and what comes back is free.
        if (paid < 0) {
            free[msg.sender] += uint256(-paid);
        } else {
            uint256 used = Math.min(free[msg.sender], uint256(paid));
            if (used != 0) free[msg.sender] -= used;
            if (uint256(paid) != used) _pull(uint256(paid) - used);
        }
    }

    /// @inheritdoc IForecasts
    function link(uint32 round, uint32 number, uint32 campaign) external nonReentrant {
        (State state,) = stateOf(round, number);
        Market storage market = _markets[_key(round, number)];
        ICampaigns.Campaign memory its = _ESCROW.campaignOf(campaign);
        IIdeaBoard.Idea memory idea = _BOARD.ideaOf(round, number);
        // One that was over when the vote closed is an earlier board's, whose outcome everybody knew.
        bool isIts = its.endsAt > _BOARD.votingCloses(round) && its.round == round && its.number == number
            && its.ask == idea.ask && its.feeBps == idea.feeBps;
        require(
            state == State.Pending && market.campaign == 0 && isIts, ForecastsNotLinkable(round, number, campaign)
        );
        market.campaign = campaign;
        emit ForecastLinked(round, number, campaign);
    }

    /// @inheritdoc IForecasts
    function claim(uint32 round, uint32 number, address account) external nonReentrant {
        // Check:
        (State state, uint24 ppm) = stateOf(round, number);
        require(state == State.Final || state == State.Void, ForecastsNotDecided(round, number));
        uint256 key = _key(round, number);
        Position memory position = _positions[key][account];
        Sponsorship memory sponsorship = _sponsorships[key][account];
        require(position.a != 0 || position.b != 0 || sponsorship.amount != 0, ForecastsNothingDue(account));

        // Effect:
        delete _positions[key][account];
        delete _sponsorships[key][account];
        uint256 amount = state == State.Void
            ? position.collateralOf() + sponsorship.amount
            : position.worthOf(ppm) + sponsorship.worthOf(_markets[key].ppm, ppm);
        free[account] += amount;
        emit ForecastClaimed(round, number, account, amount);
    }

    // ── actions: money ──────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IForecasts
    function depositFor(address account, uint256 amount) external nonReentrant {
        free[account] += amount;
        emit ForecastFreeChanged(account, free[account]);
        _pull(amount);
    }

    /// @inheritdoc IForecasts
    function withdraw(address account) external nonReentrant {
        _withdraw(account, account);
    }

    /// @inheritdoc IForecasts
    function withdrawTo(address to) external nonReentrant {
        _withdraw(msg.sender, to);
    }

    /// @inheritdoc IForecasts
    /// @dev It only opens: a market's forecast is what a stranger may have moved it to.
    function openFromPurse(uint32 round, uint32 number) external nonReentrant {
        bool isFree = _markets[_key(round, number)].depth == 0;
        require(isFree && _BOARD.tallyOf(round, number).isPassing, ForecastsPurseOnlyOpens(round, number));
        uint256 amount = Math.ceilDiv(_BOARD.ideaOf(round, number).ask, ASK_PARTS);
        require(free[address(this)] >= amount, ForecastsTooLittle(free[address(this)], amount));
        free[address(this)] -= amount;
        _sponsor(round, number, address(this), uint96(amount), purseStart);
    }

    /// @inheritdoc IForecasts
    function setPurseStart(uint24 ppm) external restricted {
        _setPurseStart(ppm);
    }

    /// @inheritdoc IForecasts
    function emptyPurse() external restricted nonReentrant {
        _withdraw(address(this), _OUTCOMES.treasury());
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IForecasts
    function outcomes() external view returns (address) {
        return address(_OUTCOMES);
    }

    /// @inheritdoc IForecasts
    function stateOf(uint32 round, uint32 number) public view returns (State state, uint24 ppm) {
        Market memory market = _markets[_key(round, number)];
        if (market.depth == 0) return (State.None, 0);
        if (block.timestamp < _BOARD.votingCloses(round)) return (State.Open, 0);
        if (market.campaign != 0) {
            IOutcomes.State its;
            (its, ppm,) = _OUTCOMES.outcomeOf(market.campaign);
            if (its == IOutcomes.State.Final) return (State.Final, ppm);
            return (its == IOutcomes.State.Void ? State.Void : State.Pending, 0);
        }
        uint256 lapses = _BOARD.lapsesAt(round);
        bool isLost = !_BOARD.tallyOf(round, number).isPassing || block.timestamp >= lapses + LINK_SECONDS
            || (block.timestamp >= lapses && !_BOARD.roundOf(round).isSettled);
        return (isLost ? State.Void : State.Pending, 0);
    }

    /// @inheritdoc IForecasts
    function marketOf(uint32 round, uint32 number) external view returns (Market memory) {
        return _markets[_key(round, number)];
    }

    /// @inheritdoc IForecasts
    function positionOf(uint32 round, uint32 number, address account) external view returns (Position memory) {
        return _positions[_key(round, number)][account];
    }

    /// @inheritdoc IForecasts
    function sponsorshipOf(uint32 round, uint32 number, address account) external view returns (Sponsorship memory) {
        return _sponsorships[_key(round, number)][account];
    }

    /// @inheritdoc IForecasts
    function worthAt(uint32 round, uint32 number, address account, uint24 ppm) external view returns (uint256) {
        uint256 key = _key(round, number);
        return _positions[key][account].worthOf(ppm)
            + _sponsorships[key][account].worthOf(_markets[key].ppm, ppm);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The amount is the caller's to bring.
    function _sponsor(uint32 round, uint32 number, address account, uint96 amount, uint24 start) private {
        // Check:
        _requireOpen(round);
        uint256 key = _key(round, number);
        Market memory market = _markets[key];
        if (market.depth == 0) {
            uint256 least = Math.ceilDiv(_BOARD.ideaOf(round, number).ask, ASK_PARTS);
            require(!_BOARD.tallyOf(round, number).isWithdrawn, ForecastsIdeaWithdrawn(round, number));
            require(amount >= least, ForecastsTooLittle(amount, least));
            require(start <= ONE, ForecastsBadShare(start, ONE));
            market.ppm = start;
        }
        uint256 sum = uint256(market.sponsored) + amount;
        require(sum <= MAX_SPONSORED, ForecastsTooMuch(sum, MAX_SPONSORED));
        uint256 depth = ForecastMath.depthOf(amount, market.ppm);
        require(depth != 0, ForecastsTooLittle(amount, 1));

        // Effect: at most 2^90 in all and four times as much depth fit their fields.
        market.sponsored = uint96(sum);
        market.depth += uint96(depth);
        _markets[key] = market;
        Sponsorship storage its = _sponsorships[key][account];
        its.amount += amount;
        its.depth += uint96(depth);
        its.depthPpm += uint120(depth * market.ppm);
        its.depthPpm2 += uint136(depth * market.ppm * market.ppm);
        emit ForecastSponsored(round, number, account, amount, depth, market.ppm);
    }

    function _withdraw(address account, address to) private {
        // Check:
        uint256 amount = free[account];
        require(amount != 0, ForecastsNothingDue(account));
        require(to != address(0) && to != address(this) && to != address(_TOKEN), ForecastsBadPayee(to));

        // Effect:
        free[account] = 0;
        emit ForecastFreeChanged(account, 0);

        // Interaction:
        _TOKEN.safeTransfer(to, amount);
    }

    function _setPurseStart(uint24 ppm) private {
        require(ppm <= ONE, ForecastsBadShare(ppm, ONE));
        purseStart = ppm;
        emit PurseStartSet(ppm);
    }

    /// @dev All of it has to arrive.
    function _pull(uint256 amount) private {
        uint256 before = _TOKEN.balanceOf(address(this));
        _TOKEN.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = _TOKEN.balanceOf(address(this)) - before;
        require(arrived >= amount, ForecastsTooLittleArrived(arrived, amount));
    }

    function _requireOpen(uint32 round) private view {
        (uint256 from, uint256 until) = (_BOARD.votingOpens(round), _BOARD.votingCloses(round));
        require(block.timestamp >= from && block.timestamp < until, ForecastsNotOpen(round, from, until));
    }

    function _key(uint32 round, uint32 number) private pure returns (uint256) {
        return (uint256(round) << 32) | number;
    }
}
