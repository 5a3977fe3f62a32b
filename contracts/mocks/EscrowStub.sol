// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaigns} from "../../interfaces/ICampaigns.sol";

/// @title EscrowStub
/// @notice What the board needs of an escrow: a pool, when it was halted, and campaigns counted from 1.
contract EscrowStub {
    uint256 public poolFree;
    uint256 public assigned;
    uint48 public haltedAt;
    uint256 public calls;
    bool public isRefusing;
    ICampaigns.Seed[] private _seeds;

    /// @notice The stub was told to refuse.
    error EscrowStubRefuses();

    function setPool(uint256 amount) external {
        poolFree = amount;
    }

    function setHaltedAt(uint48 at) external {
        haltedAt = at;
    }

    function setRefusing(bool value) external {
        isRefusing = value;
    }

    function fund(ICampaigns.Seed[] calldata seeds) external returns (uint32 firstCampaign) {
        require(!isRefusing, EscrowStubRefuses());
        ++calls;
        firstCampaign = uint32(_seeds.length + 1);
        for (uint256 i = 0; i < seeds.length; ++i) {
            _seeds.push(seeds[i]);
            poolFree -= seeds[i].ask;
            assigned += seeds[i].ask;
        }
    }

    function seedOf(uint256 campaign) external view returns (ICampaigns.Seed memory) {
        return _seeds[campaign - 1];
    }

    function campaigns() external view returns (uint256) {
        return _seeds.length;
    }
}
