// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {ICampaigns} from "../../interfaces/ICampaigns.sol";
import {IDisputeDesk} from "../../interfaces/IDisputeDesk.sol";
import {IWork} from "../../interfaces/IWork.sol";
import {EscrowBooks} from "./EscrowBooks.sol";
import {EscrowMath} from "./EscrowMath.sol";
import {MeasureWords} from "./MeasureWords.sol";
import {AuthorityUtils} from "@openzeppelin/contracts/access/manager/AuthorityUtils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Campaigns
/// @notice The campaigns, each under the desk's terms of the moment it was funded, and the fee of those who lead them.
abstract contract Campaigns is EscrowBooks {
    using MeasureWords for uint256;

    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant MAX_FEE_BPS = 3000;
    /// @dev All are paid when the fee is settled.
    uint256 internal constant MAX_LEADS = 8;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    address public immutable desk;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The desk's measures, copied when the first campaign is funded under them. See MeasureWords.
    mapping(uint256 termsId => uint256 word) internal _measures;
    mapping(uint256 campaign => Campaign) internal _campaigns;
    /// @dev Of former leads; the lead in office has none yet.
    mapping(uint256 campaign => Stint[]) internal _stints;
    /// @dev One more than there is, once there was any: a worker's next submission is cheaper so.
    mapping(uint256 campaign => mapping(address worker => uint256)) internal _liveWork;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(address desk_) {
        require(desk_ != address(0), CampaignEscrowZeroAddress());
        desk = desk_;
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaigns
    function fund(Seed[] calldata seeds) external nonReentrant restricted returns (uint32 firstCampaign) {
        uint256 assigned;
        uint32 id = _books.campaigns;
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
            campaign.termsId = termsId;
            campaign.ask = seed.ask;
            campaign.feeBps = seed.feeBps;
            campaign.number = seed.number;
            emit CampaignFunded(
                id, seed.round, seed.number, seed.lead, seed.ask, seed.feeBps, campaign.endsAt, termsId
            );
        }
        _books.campaigns = id;
        _takeFromPool(assigned);
    }

    /// @inheritdoc ICampaigns
    function topUp(uint32 campaign, uint256 amount) external nonReentrant {
        _giveTo(campaign, _running(campaign), msg.sender, _take(amount));
    }

    /// @inheritdoc ICampaigns
    function endEarly(uint32 campaign, uint32 endsAt) external nonReentrant {
        // Check:
        Campaign storage facts = _running(campaign);
        if (msg.sender != facts.lead) {
            (bool isGovernance,) =
                AuthorityUtils.canCallWithDelay(authority(), msg.sender, address(this), msg.sig);
            require(isGovernance, CampaignEscrowNotLeadNorGovernance(msg.sender, facts.lead));
        }
        uint256 soonest = block.timestamp + _measures[facts.termsId].noticeSeconds();
        require(
            endsAt >= soonest && endsAt <= facts.endsAt, CampaignEscrowEndOutOfBounds(endsAt, soonest, facts.endsAt)
        );

        // Effect:
        facts.endsAt = endsAt;
        emit CampaignEndMoved(campaign, endsAt);
    }

    /// @inheritdoc ICampaigns
    function replaceLead(uint32 campaign, address newLead) external nonReentrant restricted {
        // Check:
        Campaign storage facts = _known(campaign);
        address former = facts.lead;
        require(_isPayee(newLead) && newLead != former, CampaignEscrowBadLead(newLead));
        uint256 live = liveWorkOf(campaign, newLead);
        require(live == 0, CampaignEscrowLeadHasWork(newLead, live));
        Stint[] storage stints = _stints[campaign];
        require(stints.length + 1 < MAX_LEADS, CampaignEscrowTooManyLeads(campaign, MAX_LEADS));

        // Effect:
        EscrowMath.Fees memory fees = _fees(campaign, facts);
        if (facts.isFeeSettled) fees.earned = 0;
        stints.push(Stint(former, _nowSeconds(), uint112(fees.earned), uint112(fees.gross)));
        ++facts.formerLeads;
        facts.leadTaken = 0;
        facts.lead = newLead;
        emit LeadReplaced(campaign, newLead, former, fees.earned);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function counts() external view returns (uint32 campaigns, uint32 bounties, uint32 submissions) {
        return (_books.campaigns, _books.bounties, _books.submissions);
    }

    /// @inheritdoc ICampaigns
    function campaignOf(uint32 campaign) external view returns (Campaign memory) {
        return _campaigns[campaign];
    }

    /// @inheritdoc ICampaigns
    function stintsOf(uint32 campaign) external view returns (Stint[] memory) {
        return _stints[campaign];
    }

    /// @inheritdoc IWork
    function liveWorkOf(uint32 campaign, address worker) public view returns (uint256) {
        return Math.saturatingSub(_liveWork[campaign][worker], 1);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _latestTerms() private returns (uint16 termsId) {
        uint256 measures;
        (termsId, measures) = IDisputeDesk(desk).latestTerms();
        if (_measures[termsId] == 0) _measures[termsId] = measures;
    }

    function _known(uint32 campaign) internal view returns (Campaign storage facts) {
        facts = _campaigns[campaign];
        require(facts.endsAt != 0, CampaignEscrowUnknownCampaign(campaign));
    }

    function _running(uint32 campaign) internal view returns (Campaign storage facts) {
        facts = _known(campaign);
        require(block.timestamp < facts.endsAt, CampaignEscrowEnded(campaign, facts.endsAt));
    }

    function _checkLead(Campaign storage facts) internal view {
        require(msg.sender == facts.lead, CampaignEscrowNotLead(msg.sender, facts.lead));
    }

    function _checkNotLead(address account, address lead) internal pure {
        require(account != lead, CampaignEscrowLeadIsPayee(lead));
    }

    /// @dev Money set aside for a bounty is free again: for the campaign while it runs, for the pool afterwards.
    function _free(uint32 campaign, uint256 amount, bool isGift) internal {
        Campaign storage facts = _campaigns[campaign];
        if (block.timestamp >= facts.endsAt) _giveToPool(amount);
        else if (isGift) facts.giftFree += uint112(amount);
        else facts.votedUsed -= uint112(amount);
    }

    /// @dev Takes a bond; what arrives beyond it is the campaign's, the pool's once it has ended.
    function _takeStake(uint32 campaign, uint32 submission, address from, uint256 amount, uint256 bond) internal {
        if (amount == 0 && bond == 0) return;
        uint256 beyond = _takeBond(submission, from, amount, bond);
        if (beyond == 0) return;
        Campaign storage facts = _campaigns[campaign];
        if (block.timestamp < facts.endsAt) _giveTo(campaign, facts, from, beyond);
        else _depositToPool(from, beyond);
    }

    function _giveTo(uint32 campaign, Campaign storage facts, address from, uint256 amount) private {
        facts.giftFree += uint112(amount);
        emit CampaignToppedUp(campaign, from, amount);
    }

    function _votedFree(Campaign storage facts) internal view returns (uint256) {
        return EscrowMath.votedFreeOf(facts.ask, facts.feeBps, facts.votedUsed);
    }

    // ── internals: the leads and their fee ──────────────────────────────────────────────────────────────────────

    function _fees(uint32 campaign, Campaign storage facts) internal view returns (EscrowMath.Fees memory) {
        return EscrowMath.feesOf(facts, _stints[campaign]);
    }

    /// @dev What a lost dispute can take of the fee of who led in a stint.
    function _feeLeft(uint32 campaign, uint256 stint) internal view returns (uint256) {
        Campaign storage facts = _campaigns[campaign];
        if (facts.isFeeSettled) return 0;
        return stint < facts.formerLeads ? _stints[campaign][stint].fee : _fees(campaign, facts).left;
    }

    function _takeFee(uint32 campaign, uint256 stint, uint256 amount) internal {
        if (amount == 0) return;
        Campaign storage facts = _campaigns[campaign];
        facts.feeTaken += uint112(amount);
        if (stint < facts.formerLeads) _stints[campaign][stint].fee -= uint112(amount);
        else facts.leadTaken += uint112(amount);
    }

    /// @dev What the lead in office earned is set aside by the caller; former leads get what is booked; the pool the
    /// rest.
    function _settleFee(uint32 campaign, Campaign storage facts, EscrowMath.Fees memory fees) internal {
        // Effect:
        uint256 toPool = fees.left - fees.earned;
        facts.isFeeSettled = true;
        _giveToPool(toPool);
        emit FeeSettled(campaign, facts.lead, fees.earned, toPool);

        // Interaction:
        Stint[] storage stints = _stints[campaign];
        Awards memory awards = _awards(stints.length);
        for (uint256 i = 0; i < stints.length; ++i) {
            Stint storage stint = stints[i];
            uint256 fee = stint.fee;
            stint.fee = 0;
            _pay(campaign, facts.lessons, stint.lead, fee, awards);
        }
        _award(awards);
    }
}
