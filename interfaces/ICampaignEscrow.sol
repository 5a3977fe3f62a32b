// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICampaigns} from "./ICampaigns.sol";
import {IEscrowMoney} from "./IEscrowMoney.sol";
import {IHaltable} from "./IHaltable.sol";
import {IWork} from "./IWork.sol";

/// @title ICampaignEscrow
/// @notice Holds all money at work: the pool, campaigns, bounties, bonds and credits, in one budget token.
/// @dev States are computed from stored facts and the clock; windows are half-open (in time while now < end). Amounts
/// are in units of the budget token. Terms and disputes are with the desk; what its settlements leave for jurors is
/// held here until they fetch it. Not supported: tokens that rebase. A token that takes a fee on transfer is booked at
/// what arrived.
interface ICampaignEscrow is IHaltable, IEscrowMoney, ICampaigns, IWork {
    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice {caller} may not call this.
    /// @custom:right Only the dispute desk does; use `dmo dispute`.
    /// @param caller Who called.
    error CampaignEscrowNotDesk(address caller);

    // ── disputes, for the desk ──────────────────────────────────────────────────────────────────────────────────

    /// @notice Moves a submission a step into its dispute and takes the stake b from whom the desk names.
    /// @dev Only the desk calls this. b is the terms' share of the reward, rounded up, at least their least and at
    /// most the reward. An acceptance becomes Disputed, for anyone; a rejection Contested, for its worker; contested
    /// work Disputed, for anyone.
    /// @param submission The submission's id.
    /// @param from Who stakes.
    /// @param amount What is taken, in units of the budget token: what arrives has to be b at least, and is the
    /// campaign's gift beyond it, the pool's once the campaign has ended.
    /// @param stint Number of the stint whose lead's verdict is disputed.
    /// @param expected What the submission has to be now.
    /// @return bond The stake b, in units of the budget token.
    function beginDispute(uint32 submission, address from, uint256 amount, uint8 stint, Status expected)
        external
        returns (uint256 bond);

    /// @notice Pays a juror of a settled dispute.
    /// @dev Only the desk calls this, out of what its settlement left for jurors.
    /// @param submission The submission's id.
    /// @param juror Who is paid.
    /// @param amount The juror's share, in units of the budget token.
    function payJuror(uint32 submission, address juror, uint256 amount) external;

    /// @notice Moves to the pool what jurors did not fetch.
    /// @dev Only the desk calls this, out of what its settlement left for jurors.
    /// @param amount What goes to the pool, in units of the budget token.
    function poolJurors(uint256 amount) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Terms and disputes.
    /// @return The desk's address.
    function desk() external view returns (address);
    /// @notice How many campaigns, bounties and submissions there are; ids count from 1.
    /// @return campaigns The number of campaigns.
    /// @return bounties The number of bounties.
    /// @return submissions The number of submissions.
    function counts() external view returns (uint32 campaigns, uint32 bounties, uint32 submissions);
}
