// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {EscrowBooks} from "./EscrowBooks.sol";
import {EscrowMath} from "./EscrowMath.sol";
import {AuthorityUtils} from "@openzeppelin/contracts/access/manager/AuthorityUtils.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Campaigns
/// @notice The campaigns, each under the desk's terms of the moment it was funded.
abstract contract Campaigns is EscrowBooks {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MAX_FEE_BPS = 3000;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    IDisputeDesk internal immutable _DESK;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    uint32 internal _campaignCount;
    uint32 internal _bountyCount;
    uint32 internal _submissionCount;
    /// @dev The desk's windows, copied when the first campaign is funded under them; one slot each.
    mapping(uint256 termsId => IDisputeDesk.Windows) internal _windows;
    mapping(uint256 campaign => Campaign) internal _campaigns;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(address desk_) {
        require(desk_ != address(0), CampaignEscrowZeroAddress());
        _DESK = IDisputeDesk(desk_);
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function fund(Seed[] calldata seeds) external nonReentrant restricted returns (uint32 firstCampaign) {
        uint256 assigned;
        uint32 id = _campaignCount;
        uint16 termsId = _latestTerms();
        firstCampaign = id + 1;
        for (uint256 i = 0; i < seeds.length; ++i) {
            // Check:
            Seed calldata seed = seeds[i];
            require(seed.ask != 0, CampaignEscrowZeroAmount());
            require(seed.feeBps <= MAX_FEE_BPS, CampaignEscrowFeeTooHigh(seed.feeBps, MAX_FEE_BPS));

            // Effect:
            assigned += seed.ask;
            Campaign storage campaign = _campaigns[++id];
            campaign.lead = seed.lead;
            campaign.endsAt = SafeCast.toUint32(block.timestamp + seed.durationSeconds);
            campaign.round = seed.round;
            campaign.number = seed.number;
            campaign.termsId = termsId;
            campaign.ask = seed.ask;
            campaign.feeBps = seed.feeBps;
            emit CampaignFunded(
                id, seed.round, seed.number, seed.lead, seed.ask, seed.feeBps, campaign.endsAt, termsId
            );
        }
        _campaignCount = id;
        _takeFromPool(assigned);
    }

    /// @inheritdoc ICampaignEscrow
    function topUp(uint32 campaign, uint256 amount) external nonReentrant {
        Campaign storage facts = _running(campaign);
        uint256 arrived = _take(amount);
        facts.giftFree += uint112(arrived);
        emit CampaignToppedUp(campaign, msg.sender, arrived);
    }

    /// @inheritdoc ICampaignEscrow
    function endEarly(uint32 campaign, uint32 endsAt) external nonReentrant {
        // Check:
        Campaign storage facts = _running(campaign);
        if (msg.sender != facts.lead) {
            (bool isGovernance,) =
                AuthorityUtils.canCallWithDelay(authority(), msg.sender, address(this), msg.sig);
            require(isGovernance, CampaignEscrowNotLeadNorGovernance(msg.sender, facts.lead));
        }
        uint256 soonest = block.timestamp + _windows[facts.termsId].noticeSeconds;
        require(
            endsAt >= soonest && endsAt <= facts.endsAt, CampaignEscrowEndOutOfBounds(endsAt, soonest, facts.endsAt)
        );

        // Effect:
        facts.endsAt = endsAt;
        emit CampaignEndMoved(campaign, endsAt);
    }

    /// @inheritdoc ICampaignEscrow
    function replaceLead(uint32 campaign, address newLead) external nonReentrant restricted {
        Campaign storage facts = _known(campaign);
        require(_isPayee(newLead), CampaignEscrowBadLead(newLead));
        facts.lead = newLead;
        emit LeadReplaced(campaign, newLead);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function desk() external view returns (address) {
        return address(_DESK);
    }

    /// @inheritdoc ICampaignEscrow
    function counts() external view returns (uint32 campaigns, uint32 bounties, uint32 submissions) {
        return (_campaignCount, _bountyCount, _submissionCount);
    }

    /// @inheritdoc ICampaignEscrow
    function campaignOf(uint32 campaign) external view returns (Campaign memory) {
        return _campaigns[campaign];
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _latestTerms() private returns (uint16 termsId) {
        IDisputeDesk.Windows memory windows;
        (termsId, windows) = _DESK.latestTerms();
        if (_windows[termsId].reviewSeconds == 0) _windows[termsId] = windows;
    }

    function _known(uint32 campaign) internal view returns (Campaign storage facts) {
        facts = _campaigns[campaign];
        require(facts.endsAt != 0, CampaignEscrowUnknownCampaign(campaign));
    }

    function _running(uint32 campaign) internal view returns (Campaign storage facts) {
        facts = _known(campaign);
        require(block.timestamp < facts.endsAt, CampaignEscrowEnded(campaign, facts.endsAt));
    }

    function _ended(uint32 campaign) internal view returns (Campaign storage facts) {
        facts = _known(campaign);
        require(block.timestamp >= facts.endsAt, CampaignEscrowNotEnded(campaign, facts.endsAt));
    }

    function _checkLead(Campaign storage facts) internal view {
        require(msg.sender == facts.lead, CampaignEscrowNotLead(msg.sender, facts.lead));
    }

    function _checkNotLead(address account, address lead) internal pure {
        require(account != lead, CampaignEscrowLeadIsPayee(lead));
    }

    function _checkDigest(bytes32 digest) internal pure {
        require(digest != 0, CampaignEscrowNoDigest());
    }

    /// @dev Money set aside for a bounty is free again: for the campaign while it runs, for the pool afterwards.
    function _free(uint32 campaign, uint256 amount, bool isGift) internal {
        Campaign storage facts = _campaigns[campaign];
        if (block.timestamp >= facts.endsAt) _giveToPool(amount);
        else if (isGift) facts.giftFree += uint112(amount);
        else facts.votedUsed -= uint112(amount);
    }

    function _votedFree(Campaign storage facts) internal view returns (uint256) {
        return facts.ask - _fee(facts) - facts.votedUsed;
    }

    function _fee(Campaign storage facts) internal view returns (uint256) {
        return EscrowMath.feeOf(facts.ask, facts.feeBps);
    }

    /// @dev What is earned is set aside, the rest goes to the pool.
    function _settleFee(uint32 campaign, Campaign storage facts, uint256 earned) internal {
        uint256 toPool = _fee(facts) - facts.feeTaken - earned;
        facts.isFeeSettled = true;
        _giveToPool(toPool);
        emit FeeSettled(campaign, facts.lead, earned, toPool);
    }

    /// @dev When lessons are no longer taken, Unix seconds; may lie beyond 32 bits.
    function _lessonsUntil(Campaign storage facts) internal view returns (uint256) {
        IDisputeDesk.Windows memory windows = _windows[facts.termsId];
        return uint256(facts.endsAt) + windows.reviewSeconds + EscrowMath.longestLife(windows);
    }
}
