// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IEscrowMoney
/// @notice The escrow's money: the pool, payments, bonds and credits, in one budget token.
/// @dev Books, not balances: what arrives is measured, a donation changes nothing. Two books are kept apart: budget
/// money (received = paid + refunded + held) and bonds (received = paid + held); what of a bond does not return to its
/// owner moves from the second book to the first. Amounts are in units of the budget token.
interface IEscrowMoney {
    // ── structs ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice What never changes after deployment.
    /// @param budgetToken The one token of this escrow; at most 18 decimals.
    /// @param treasury Who pays into the pool, and where withdrawn pool money goes.
    /// @param reputation Where points are awarded.
    /// @param desk Terms and disputes.
    /// @param haltSeconds How long a guardian's halt lasts, in seconds.
    /// @param pointsPerToken Points (WAD) for a whole budget token of voted money that is paid; not 0. Governance
    /// looks at it when it lets the escrow award.
    struct Frame {
        address budgetToken;
        address treasury;
        address reputation;
        address desk;
        uint32 haltSeconds;
        uint128 pointsPerToken;
    }

    /// @notice What could not be delivered to an account and waits for it.
    /// @param amount What is owed.
    /// @param voted How much of it is voted money, which earns points when it is withdrawn.
    /// @param since When the account was last credited, Unix seconds; after a year it goes to the pool.
    struct Credit {
        uint112 amount;
        uint112 voted;
        uint32 since;
    }

    /// @notice The escrow's own totals: received = paid + refunded + held, bondsReceived = bondsPaid + bondsHeld.
    /// @dev bondsHeld is not stored but follows from the other two.
    /// @param pool Free money of the pool, part of held.
    struct Books {
        uint128 paid;
        uint128 held;
        uint128 received;
        uint128 refunded;
        uint128 pool;
        uint128 bondsReceived;
        uint128 bondsPaid;
        uint128 bondsHeld;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Money arrived in the pool: a deposit, or what arrived beyond a bond after the campaign's end.
    /// @param from Who paid.
    /// @param amount What arrived, in units of the budget token.
    event PoolDeposited(address indexed from, uint256 amount);
    /// @notice Free pool money went back to the treasury.
    /// @param treasury Where it went.
    /// @param amount What was sent, in units of the budget token.
    event PoolWithdrawn(address indexed treasury, uint256 amount);
    /// @notice One payment of budget money: a share of a reward (of the lessons', the fee), a former lead's fee, or
    /// what a dispute brought somebody.
    /// @param campaign The campaign's id.
    /// @param submission The submission's id; 0 for the fee of a former lead where no lessons were filed.
    /// @param payee Who is paid.
    /// @param amount What was sent, in units of the budget token.
    event PayeePaid(uint32 indexed campaign, uint32 indexed submission, address indexed payee, uint256 amount);
    /// @notice A payment that the payee could not take became a credit.
    /// @param campaign The campaign's id.
    /// @param submission The submission's id; 0 for the fee of a former lead where no lessons were filed.
    /// @param payee Who is paid.
    /// @param amount What was added to the credit, in units of the budget token.
    event PayeeCredited(uint32 indexed campaign, uint32 indexed submission, address indexed payee, uint256 amount);
    /// @notice A worker left a bond with a submission, or somebody one in its dispute.
    /// @param submission The submission's id.
    /// @param from Who left it.
    /// @param amount The bond, in units of the budget token.
    event BondReceived(uint32 indexed submission, address indexed from, uint256 amount);
    /// @notice A bond was returned.
    /// @param submission The submission's id.
    /// @param to Who gets it.
    /// @param amount What was sent, in units of the budget token.
    event BondPaid(uint32 indexed submission, address indexed to, uint256 amount);
    /// @notice A bond went to the pool, without a dispute.
    /// @param submission The submission's id.
    /// @param amount What went to the pool, in units of the budget token.
    event BondForfeited(uint32 indexed submission, uint256 amount);
    /// @notice A bond could not be returned and became a credit.
    /// @param submission The submission's id.
    /// @param to Whose credit it became.
    /// @param amount What was added to the credit, in units of the budget token.
    event BondCredited(uint32 indexed submission, address indexed to, uint256 amount);
    /// @notice A credit was withdrawn to an address of its owner's choice, or delivered to the owner.
    /// @param account Whose credit it was.
    /// @param to Who gets it.
    /// @param amount What was sent, in units of the budget token.
    event CreditWithdrawn(address indexed account, address indexed to, uint256 amount);
    /// @notice A credit was unclaimed for a year and went to the pool.
    /// @param account Whose credit it was.
    /// @param amount What went to the pool, in units of the budget token.
    event CreditExpired(address indexed account, uint256 amount);
    /// @notice The award of points failed; payment went on.
    /// @param account Who earned them.
    /// @param pointsWad Points that were not awarded, WAD.
    event AwardFailed(address indexed account, uint256 pointsWad);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice An address of the escrow is missing.
    /// @custom:right Give every address.
    error CampaignEscrowZeroAddress();
    /// @notice The escrow would award no points.
    /// @custom:right Name the points for a whole budget token.
    error CampaignEscrowZeroRate();
    /// @notice The budget token has {decimals} decimals.
    /// @custom:right Use a token with at most {limit}.
    /// @param decimals The budget token's number of decimals.
    /// @param limit The largest number of decimals possible.
    error CampaignEscrowTooManyDecimals(uint256 decimals, uint256 limit);
    /// @notice The amount is zero.
    /// @custom:right Give a positive amount.
    error CampaignEscrowZeroAmount();
    /// @notice {asked} were asked for, {free} are free.
    /// @custom:right Take at most {free}.
    /// @param asked What was asked for, in units of the budget token.
    /// @param free What is free, in units of the budget token.
    error CampaignEscrowNotEnough(uint256 asked, uint256 free);
    /// @notice The escrow would hold {custody}, more than its books can.
    /// @custom:right Pay in less; its limit is {limit}.
    /// @param custody What the escrow would hold in all, in units of the budget token.
    /// @param limit What its books can hold, in units of the budget token.
    error CampaignEscrowTooMuch(uint256 custody, uint256 limit);
    /// @notice Of the bond of {bond} only {arrived} arrived.
    /// @custom:right Send more: what arrives has to be the bond at least, and what is beyond it is the campaign's
    /// gift.
    /// @param arrived What came in, in units of the budget token: less than was sent where the token takes a fee.
    /// @param bond What was owed, in units of the budget token.
    error CampaignEscrowBondShort(uint256 arrived, uint256 bond);
    /// @notice {account} cannot be a payee.
    /// @custom:right Name an account that is neither zero, the escrow nor the token.
    /// @param account Who was named.
    error CampaignEscrowBadPayee(address account);
    /// @notice The transaction had {gasLeft} left, a payment needs {needed}.
    /// @custom:right Send it with more gas, or with fewer payments.
    /// @param gasLeft What was left, in gas.
    /// @param needed What a payment needs to be tried fairly, in gas.
    error CampaignEscrowNotEnoughGas(uint256 gasLeft, uint256 needed);
    /// @notice {caller} may not call this.
    /// @custom:right Only the escrow itself does; use `dmo work pay`.
    /// @param caller Who called.
    error CampaignEscrowNotSelf(address caller);
    /// @notice {account} has no credit.
    /// @custom:right Everything owed to it was paid, or nothing was.
    /// @param account Who has none.
    error CampaignEscrowNoCredit(address account);
    /// @notice The credit of {account} belongs to it.
    /// @custom:right It can go to the pool from {from} on.
    /// @param account Whose credit it is.
    /// @param from When it can be moved to the pool, Unix seconds.
    error CampaignEscrowCreditAlive(address account, uint256 from);
    /// @notice The credit of {account}, {amount}, could not be delivered.
    /// @custom:right Try again when the token lets the account receive, or let it withdraw to another address.
    /// @param account Whose credit it is.
    /// @param amount What is owed, in units of the budget token.
    error CampaignEscrowNotDelivered(address account, uint256 amount);

    // ── the pool ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Pays budget tokens into the pool; what arrives is booked.
    /// @dev Restricted to governance: what holders vote on and what earns points is the treasury's money. What others
    /// give is a campaign's top-up.
    /// @param amount What is taken from the caller, in units of the budget token.
    function deposit(uint256 amount) external;

    /// @notice Sends free pool money back to the treasury.
    /// @dev Restricted to governance.
    /// @param amount What is sent, in units of the budget token.
    function withdrawPool(uint256 amount) external;

    // ── credits ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Withdraws one's credit to any address.
    /// @param to Who gets it.
    function withdrawCredit(address to) external;

    /// @notice Sends a credit to the account it belongs to.
    /// @dev For anyone, at any time: not every payee can call. Reverts, and the credit stays, if it cannot be
    /// delivered.
    /// @param account Whose credit it is.
    function deliverCredit(address account) external;

    /// @notice Moves a credit to the pool that nobody claimed for a year.
    /// @dev For anyone.
    /// @param account Whose credit it is.
    function expireCredit(address account) external;

    /// @notice Sends budget tokens; only the escrow calls this, with a gas limit, so that one bad payee stops nobody.
    /// @param to Who gets it.
    /// @param amount What is sent, in units of the budget token.
    function deliver(address to, uint256 amount) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The one token of this escrow.
    /// @return The token's address.
    function budgetToken() external view returns (address);
    /// @notice Where withdrawn pool money goes.
    /// @return The treasury's address.
    function treasury() external view returns (address);
    /// @notice Where points are awarded.
    /// @return The contract's address.
    function reputation() external view returns (address);
    /// @notice Points for a whole budget token of voted money that is paid; fixed at deployment.
    /// @return Points, WAD.
    function pointsPerToken() external view returns (uint256);
    /// @notice The escrow's totals.
    /// @return The totals, in units of the budget token.
    function books() external view returns (Books memory);
    /// @notice Free money of the pool.
    /// @return What is free, in units of the budget token.
    function poolFree() external view returns (uint256);
    /// @notice What is owed to an account.
    /// @param account Whose credit it is.
    /// @return The credit; amounts in units of the budget token.
    function creditOf(address account) external view returns (Credit memory);
}
