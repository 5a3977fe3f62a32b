// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Haltable} from "../governance/Haltable.sol";
import {Campaigns} from "./Campaigns.sol";
import {EscrowBooks} from "./EscrowBooks.sol";
import {Payments} from "./Payments.sol";

/// @title CampaignEscrow
/// @notice All money at work: the parts, from the money up to what anyone may do for everyone.
/// @dev EscrowBooks ← Campaigns ← Bounties ← Submissions ← Disputes ← Payments ← CampaignEscrow. Each part knows only
/// those before it.
contract CampaignEscrow is Payments {
    /// @param authority The AccessManager.
    /// @param frame What never changes.
    constructor(address authority, Frame memory frame)
        Haltable(authority, frame.haltSeconds)
        EscrowBooks(frame)
        Campaigns(frame.desk)
    {}
}
