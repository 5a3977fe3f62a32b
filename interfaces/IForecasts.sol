// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IForecasts
/// @notice Will it work? One market per idea: what will its outcome be, if it is funded? Advice for the vote, so it is
/// open exactly while the vote is.
/// @dev A quadratic scoring rule. Forecasts p, q and outcomes x are shares in ppm; a market has a depth b in units of
/// the budget token. Moving the forecast from p to q adds b(p² − q²) to a and 2b(q − p) to b of the mover's position,
/// which pays (a + b·x) ÷ 10^12 at outcome x. Whoever moves leaves what the position can lose at the worst, and a
/// sponsor what its depth can: so every market is solvent at every outcome. What goes out is free first, and then
/// withdrawn. No contract reads a forecast.
interface IForecasts {
    /// @notice What is known of a market.
    /// @param None Nobody sponsors it.
    /// @param Open The vote is open, and forecasts move.
    /// @param Pending The outcome is awaited.
    /// @param Final The outcome is final.
    /// @param Void There will be no outcome, and everything returns.
    enum State {
        None,
        Open,
        Pending,
        Final,
        Void
    }

    /// @notice An idea's market.
    /// @dev One slot.
    /// @param depth What moving the forecast by the whole takes, in units of the budget token.
    /// @param sponsored What sponsors left, in units of the budget token.
    /// @param ppm The forecast, ppm.
    /// @param campaign The idea's campaign; 0 until it is linked.
    struct Market {
        uint96 depth;
        uint96 sponsored;
        uint24 ppm;
        uint32 campaign;
    }

    /// @notice What an account's moves come to: (a + b·x) ÷ 10^12 at outcome x.
    /// @dev One slot.
    /// @param a In units of the budget token · 10^12.
    /// @param b In units of the budget token · 10^6.
    struct Position {
        int136 a;
        int120 b;
    }

    /// @notice What an account's sponsoring comes to.
    /// @param amount What it left, in units of the budget token.
    /// @param depth Sum of its depths, in units of the budget token.
    /// @param depthPpm Sum of depth · forecast, in units of the budget token · 10^6.
    /// @param depthPpm2 Sum of depth · forecast², in units of the budget token · 10^12.
    struct Sponsorship {
        uint96 amount;
        uint96 depth;
        uint120 depthPpm;
        uint136 depthPpm2;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A market has more depth.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param sponsor Who left the amount; the contract itself where it came out of the purse.
    /// @param amount What was left, in units of the budget token.
    /// @param depth The depth that it adds, in units of the budget token.
    /// @param ppm The forecast, ppm.
    event ForecastSponsored(
        uint32 indexed round, uint32 indexed number, address indexed sponsor, uint256 amount, uint256 depth, uint24 ppm
    );
    /// @notice A forecast was moved.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param account Who moved it.
    /// @param fromPpm The forecast before, ppm.
    /// @param toPpm The forecast now, ppm.
    /// @param depth The market's depth, in units of the budget token.
    /// @param paid What the mover left more, in units of the budget token; below 0 where some came back.
    /// @param why sha2-256 of why; 0 for nothing.
    event ForecastMoved(
        uint32 indexed round,
        uint32 indexed number,
        address indexed account,
        uint24 fromPpm,
        uint24 toPpm,
        uint96 depth,
        int256 paid,
        bytes32 why
    );
    /// @notice A market knows its campaign.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param campaign The campaign's id.
    event ForecastLinked(uint32 indexed round, uint32 indexed number, uint32 indexed campaign);
    /// @notice What an account has in a decided market is free.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param account Whose it is.
    /// @param amount What it is, in units of the budget token.
    event ForecastClaimed(uint32 indexed round, uint32 indexed number, address indexed account, uint256 amount);
    /// @notice What an account has free was changed by a deposit or a withdrawal.
    /// @param account Whose it is.
    /// @param free What is free now, in units of the budget token.
    event ForecastFreeChanged(address indexed account, uint256 free);
    /// @notice Governance said at which forecast the purse opens markets.
    /// @param ppm The forecast, ppm.
    event PurseStartSet(uint24 ppm);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice An address of the forecasts is missing.
    /// @custom:right Name the outcomes, the AccessManager and the treasury.
    error ForecastsZeroAddress();
    /// @notice Forecasts of round {round} do not move now.
    /// @custom:right They do from {from} on and before {until}, while the vote is open.
    /// @param round The round's number.
    /// @param from When the vote opens, Unix seconds.
    /// @param until When it closes, Unix seconds.
    error ForecastsNotOpen(uint256 round, uint256 from, uint256 until);
    /// @notice Idea {round}/{number} was withdrawn.
    /// @custom:right See `dmo idea list` for those that are voted on.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    error ForecastsIdeaWithdrawn(uint256 round, uint256 number);
    /// @notice {amount} are too little.
    /// @custom:right Leave {least} at least.
    /// @param amount What was named, in units of the budget token.
    /// @param least The least possible, in units of the budget token.
    error ForecastsTooLittle(uint256 amount, uint256 least);
    /// @notice {amount} in one market are too much.
    /// @custom:right All sponsors together leave {most} at most.
    /// @param amount What it would be, in units of the budget token.
    /// @param most The most possible, in units of the budget token.
    error ForecastsTooMuch(uint256 amount, uint256 most);
    /// @notice The forecast is {ppm}, outside of what was named.
    /// @custom:right Look at it again; it was to be {minPpm} to {maxPpm}.
    /// @param ppm The forecast, ppm.
    /// @param minPpm The least that was named, ppm.
    /// @param maxPpm The most that was named, ppm.
    error ForecastsMovedAway(uint256 ppm, uint256 minPpm, uint256 maxPpm);
    /// @notice The forecast cannot be {ppm}.
    /// @custom:right Name 0 to {limit}, and another than it is.
    /// @param ppm The forecast that was named, ppm.
    /// @param limit The largest possible, ppm.
    error ForecastsBadShare(uint256 ppm, uint256 limit);
    /// @notice Idea {round}/{number} has no market.
    /// @custom:right Anybody can sponsor one while its vote is open.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    error ForecastsNotSponsored(uint256 round, uint256 number);
    /// @notice This takes {amount}.
    /// @custom:right At most {most} were to be paid.
    /// @param amount What it takes, in units of the budget token.
    /// @param most What was to be paid at most, in units of the budget token.
    error ForecastsCostsMore(uint256 amount, uint256 most);
    /// @notice Campaign {campaign} cannot be linked to the forecast of idea {round}/{number}.
    /// @custom:right Link the campaign that the idea became, once, while the outcome is awaited.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    /// @param campaign The campaign's id.
    error ForecastsNotLinkable(uint256 round, uint256 number, uint256 campaign);
    /// @notice The outcome of idea {round}/{number} is open.
    /// @custom:right Claim once it is final or void.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    error ForecastsNotDecided(uint256 round, uint256 number);
    /// @notice {account} has nothing here.
    /// @custom:right What was claimed or withdrawn is not so twice.
    /// @param account The account that was named.
    error ForecastsNothingDue(address account);
    /// @notice Of {amount} only {arrived} arrived.
    /// @custom:right The budget token takes a fee of transfers, which cannot be used here.
    /// @param arrived What arrived, in units of the budget token.
    /// @param amount What was to arrive, in units of the budget token.
    error ForecastsTooLittleArrived(uint256 arrived, uint256 amount);
    /// @notice The purse cannot open a market for idea {round}/{number}.
    /// @custom:right It does for ideas that are passing and have none.
    /// @param round The round's number.
    /// @param number The idea's number in the round.
    error ForecastsPurseOnlyOpens(uint256 round, uint256 number);
    /// @notice What is sent to {to} would be lost.
    /// @custom:right Name another address.
    /// @param to The address that was named.
    error ForecastsBadPayee(address to);

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Gives a market depth; the first to do so opens it. For anyone, while the vote is open.
    /// @dev Needs the token's allowance. At most the amount can be lost.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param amount What is left, in units of the budget token: a hundredth of the ask at least, for the first.
    /// @param start The forecast that a market opens with, ppm; of no meaning later.
    /// @param minPpm The least that the forecast may be, ppm.
    /// @param maxPpm The most that the forecast may be, ppm.
    function sponsor(uint32 round, uint32 number, uint96 amount, uint24 start, uint24 minPpm, uint24 maxPpm) external;
    /// @notice Moves a forecast; for anyone, while the vote is open.
    /// @dev What is free is taken first, then the caller's tokens, which needs their allowance.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param toPpm The forecast, ppm.
    /// @param maxPay What is left more at the most, in units of the budget token.
    /// @param why sha2-256 of why; 0 for nothing.
    function move(uint32 round, uint32 number, uint24 toPpm, uint96 maxPay, bytes32 why) external;
    /// @notice Tells a market its campaign; for anyone, once, while the outcome is awaited.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param campaign The campaign's id.
    function link(uint32 round, uint32 number, uint32 campaign) external;
    /// @notice Frees what an account has in a decided market; for anyone, once.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param account Whose it is.
    function claim(uint32 round, uint32 number, address account) external;
    /// @notice Leaves money that moves are paid from; for oneself or for another, this contract's purse among them.
    /// @param account Whose it is to be.
    /// @param amount What is left, in units of the budget token.
    function depositFor(address account, uint256 amount) external;
    /// @notice Pays an account what it has free; for anyone.
    /// @param account Whose it is.
    function withdraw(address account) external;
    /// @notice Pays what the caller has free elsewhere.
    /// @param to Where it is sent.
    function withdrawTo(address to) external;
    /// @notice Opens a market out of the purse, with a hundredth of the ask; for anyone, for ideas that are passing.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    function openFromPurse(uint32 round, uint32 number) external;
    /// @notice Says at which forecast the purse opens markets.
    /// @dev Restricted to governance.
    /// @param ppm The forecast, ppm.
    function setPurseStart(uint24 ppm) external;
    /// @notice Sends the purse to the treasury.
    /// @dev Restricted to governance.
    function emptyPurse() external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The outcomes that are forecast, of their board's ideas.
    /// @return Their address.
    function outcomes() external view returns (address);
    /// @notice What an account has free; this contract's is the purse.
    /// @param account Whose it is.
    /// @return In units of the budget token.
    function free(address account) external view returns (uint256);
    /// @notice At which forecast the purse opens markets.
    /// @return The forecast, ppm.
    function purseStart() external view returns (uint24);
    /// @notice What is known of a market.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @return state None, open, pending, final or void.
    /// @return ppm The outcome, ppm; 0 where it is not final.
    function stateOf(uint32 round, uint32 number) external view returns (State state, uint24 ppm);
    /// @notice An idea's market; empty if there is none.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @return The market.
    function marketOf(uint32 round, uint32 number) external view returns (Market memory);
    /// @notice What an account's moves come to.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param account Whose they are.
    /// @return The position.
    function positionOf(uint32 round, uint32 number, address account) external view returns (Position memory);
    /// @notice What an account's sponsoring comes to.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param account Whose it is.
    /// @return The sponsorship.
    function sponsorshipOf(uint32 round, uint32 number, address account) external view returns (Sponsorship memory);
    /// @notice What an account would be paid at an outcome.
    /// @param round The number of the idea's round.
    /// @param number The idea's number in the round.
    /// @param account Whose it is.
    /// @param ppm The outcome, ppm.
    /// @return In units of the budget token.
    function worthAt(uint32 round, uint32 number, address account, uint24 ppm) external view returns (uint256);
}
