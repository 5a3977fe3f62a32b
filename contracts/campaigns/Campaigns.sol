// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICampaignEscrow} from "../../interfaces/ICampaignEscrow.sol";
import {EscrowBooks} from "./EscrowBooks.sol";
import {EscrowMath} from "./EscrowMath.sol";
import {AuthorityUtils} from "@openzeppelin/contracts/access/manager/AuthorityUtils.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Campaigns
/// @notice Terms, and the campaigns that are funded under them.
abstract contract Campaigns is EscrowBooks {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 internal constant LONGEST_WINDOW = 60 days;
    uint256 internal constant MAX_DISPUTE_BOND_BPS = 5000;
    uint256 internal constant MAX_FEE_BPS = 3000;

    // ── immutables ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    uint32 public immutable shortestWindow;

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    uint32 internal _campaignCount;
    uint32 internal _bountyCount;
    uint32 internal _submissionCount;
    uint16 internal _termsCount;
    mapping(uint256 termsId => Terms) internal _terms;
    mapping(uint256 campaign => Campaign) internal _campaigns;

    // ── constructor ─────────────────────────────────────────────────────────────────────────────────────────────

    constructor(uint32 shortestWindow_, Terms memory firstTerms) {
        shortestWindow = shortestWindow_;
        _setTerms(firstTerms, shortestWindow_);
    }

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ICampaignEscrow
    function setTerms(Terms memory newTerms) external nonReentrant restricted returns (uint16 termsId) {
        return _setTerms(newTerms, shortestWindow);
    }

    /// @inheritdoc ICampaignEscrow
    function fund(Seed[] calldata seeds) external nonReentrant restricted returns (uint32 firstCampaign) {
        uint256 assigned;
        uint32 id = _campaignCount;
        uint16 termsId = _termsCount;
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
        uint256 soonest = block.timestamp + _terms[facts.termsId].noticeSeconds;
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
    function counts() external view returns (uint32 campaigns, uint32 bounties, uint32 submissions, uint16 terms) {
        return (_campaignCount, _bountyCount, _submissionCount, _termsCount);
    }

    /// @inheritdoc ICampaignEscrow
    function termsOf(uint16 termsId) external view returns (Terms memory) {
        return _terms[termsId];
    }

    /// @inheritdoc ICampaignEscrow
    function campaignOf(uint32 campaign) external view returns (Campaign memory) {
        return _campaigns[campaign];
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _setTerms(Terms memory newTerms, uint256 shortest) private returns (uint16 termsId) {
        // Check:
        _checkWindow(newTerms.reviewSeconds, shortest);
        _checkWindow(newTerms.answerSeconds, shortest);
        _checkWindow(newTerms.challengeSeconds, shortest);
        _checkWindow(newTerms.arbitrationSeconds, shortest);
        _checkWindow(newTerms.noticeSeconds, shortest);
        require(
            newTerms.disputeBondBps <= MAX_DISPUTE_BOND_BPS,
            CampaignEscrowBondTooHigh(newTerms.disputeBondBps, MAX_DISPUTE_BOND_BPS)
        );

        // Effect:
        termsId = ++_termsCount;
        _terms[termsId] = newTerms;
        emit TermsSet(termsId, newTerms);
    }

    function _checkWindow(uint256 windowSeconds, uint256 shortest) private pure {
        require(
            windowSeconds >= shortest && windowSeconds <= LONGEST_WINDOW,
            CampaignEscrowWindowOutOfBounds(windowSeconds, shortest, LONGEST_WINDOW)
        );
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

    /// @dev When lessons are no longer taken, Unix seconds.
    function _lessonsUntil(Campaign storage facts) internal view returns (uint256) {
        Terms storage terms = _terms[facts.termsId];
        uint256 reviewSeconds = terms.reviewSeconds;
        return facts.endsAt + reviewSeconds
            + EscrowMath.longestLife(
                reviewSeconds, terms.answerSeconds, terms.challengeSeconds, terms.arbitrationSeconds
            );
    }
}
