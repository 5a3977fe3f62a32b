// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";

/// @title IDisputeParties
/// @notice What a jury asks back from who opened a dispute.
interface IDisputeParties {
    /// @notice Whether the account has a stake in the dispute and so cannot be its juror.
    /// @dev Has to answer, at little gas, for as long as the dispute lasts: while it fails nobody can commit or reveal.
    /// @param arbitrator The arbitrator that knows the dispute.
    /// @param disputeID Its id there.
    function isParty(address arbitrator, uint256 disputeID, address account) external view returns (bool);
}

/// @title IJurorShares
/// @notice How an arbitrator tells who of its jurors gets which share of what a dispute pays them.
/// @dev Shares are prefix sums in one order of jurors: a juror owns [start, end) of [0, total), so amounts cut as
/// pot × end / total − pot × start / total add up to the pot, to the unit.
interface IJurorShares {
    /// @notice Sum of all shares; 0 while it may still grow, and if there is nobody to pay.
    function sharesTotal(uint256 disputeID) external view returns (uint256);

    /// @notice A juror's part of the sum; start = end if there is none.
    function shareOf(uint256 disputeID, address juror) external view returns (uint256 start, uint256 end);
}

/// @title IJury
/// @notice Decides disputes by the weight that people have earned: an ERC-792 arbitrator with commit and reveal.
/// @dev Jurors come from Reputation once its total has reached a minimum, before that from the votes token; both are
/// read one second before the dispute opened. Weight is linear. Rulings: 1 and 2 are the arbitrable's choices, 0 is no
/// ruling (tie, or quorum missed). It costs nothing and knows no appeal. All parameters are fixed at deployment: a
/// new jury is a new contract.
interface IJury is IArbitrator, IJurorShares {
    /// @notice What never changes after deployment.
    /// @param reputation ERC-5805 source of jurors once its total reaches `minPoints`.
    /// @param minPoints Total points (WAD) from which on jurors come from reputation.
    /// @param commitSeconds How long jurors commit, from the opening, in seconds.
    /// @param revealSeconds How long they reveal after that, in seconds.
    /// @param quorumBps Revealed weight needed, as a share of the source's total, in bps, rounded up.
    /// @param quorumFloor Needed at the least while jurors come from the votes token, in its units: a wrapped token's
    /// total can be tiny, and whoever holds it then would be the jury.
    struct JuryFrame {
        address reputation;
        uint256 minPoints;
        uint32 commitSeconds;
        uint32 revealSeconds;
        uint16 quorumBps;
        uint256 quorumFloor;
    }

    /// @notice A dispute's facts. Weights in units of its source.
    /// @dev Three slots: arbitrable, openedAt, isFromReputation, isExecuted · forOne, forTwo · quorum.
    /// @param arbitrable Who asked.
    /// @param openedAt Unix seconds.
    /// @param isFromReputation Jurors come from reputation, not from the votes token.
    /// @param isExecuted The ruling was handed over.
    /// @param forOne Revealed weight for ruling 1.
    /// @param forTwo Revealed weight for ruling 2.
    /// @param quorum Revealed weight needed for a ruling.
    struct JuryCase {
        address arbitrable;
        uint48 openedAt;
        bool isFromReputation;
        bool isExecuted;
        uint128 forOne;
        uint128 forTwo;
        uint256 quorum;
    }

    /// @notice A juror committed to a ruling; a later commitment replaces an earlier one.
    event RulingCommitted(uint256 indexed disputeID, address indexed juror, bytes32 commitment);

    /// @notice A juror's ruling was revealed, with its weight.
    event RulingRevealed(uint256 indexed disputeID, address indexed juror, uint256 ruling, uint256 weight);

    /// @notice The ruling was handed to who asked.
    event RulingExecuted(uint256 indexed disputeID, uint256 ruling);

    /// @notice A time or share of the frame is outside its hard bounds (seconds or bps).
    error JuryFrameOutOfBounds(uint256 value, uint256 min, uint256 max);
    /// @notice An address of the frame is zero.
    error JuryZeroAddress();
    /// @notice This jury costs nothing; native coin would be lost.
    error JuryCostsNothing(uint256 sent);
    /// @notice This jury decides between two choices.
    error JuryBadChoices(uint256 choices, uint256 expected);
    /// @notice There is no such dispute.
    error JuryUnknownDispute(uint256 disputeID);
    /// @notice Commitments are taken while now < `until` (Unix seconds).
    error JuryNotCommitting(uint256 disputeID, uint256 until);
    /// @notice Rulings are revealed while from <= now < until (Unix seconds).
    error JuryNotRevealing(uint256 disputeID, uint256 from, uint256 until);
    /// @notice The ruling can be executed from `from` on (Unix seconds), once.
    error JuryNotExecutable(uint256 disputeID, uint256 from);
    /// @notice A party cannot be a juror.
    error JuryParty(address account);
    /// @notice The account had no weight one second before the dispute opened.
    error JuryNoWeight(address account);
    /// @notice A commitment is empty.
    error JuryEmptyCommitment();
    /// @notice A ruling is 1 or 2.
    error JuryBadRuling(uint256 ruling);
    /// @notice What is revealed is not what the juror committed to, or was revealed before.
    error JuryOtherCommitment(bytes32 revealed, bytes32 committed);
    /// @notice There is no appeal.
    error JuryNoAppeal(uint256 disputeID);

    /// @notice Commits to a ruling: keccak256(abi.encode(chainid, jury, disputeID, juror, ruling, salt)).
    function commit(uint256 disputeID, bytes32 commitment) external;

    /// @notice Reveals a juror's ruling; anyone who knows the salt may send it.
    function reveal(uint256 disputeID, address juror, uint256 ruling, bytes32 salt) external;

    /// @notice Hands the ruling to who asked, after the reveal window, once; for anyone.
    function executeRuling(uint256 disputeID) external;

    /// @notice What never changes.
    function juryFrame() external view returns (JuryFrame memory);
    /// @notice How many disputes there have been; ids count from 1.
    function disputes() external view returns (uint256);
    /// @notice A dispute's facts.
    function caseOf(uint256 disputeID) external view returns (JuryCase memory);
    /// @notice A juror's live commitment; 0 if none or revealed.
    function commitmentOf(uint256 disputeID, address juror) external view returns (bytes32);
    /// @notice The weight an account has in a dispute, in units of its source; parties have none.
    function weightOf(uint256 disputeID, address account) external view returns (uint256);
    /// @notice The commitment to a ruling.
    function commitmentFor(uint256 disputeID, address juror, uint256 ruling, bytes32 salt)
        external
        view
        returns (bytes32);
    /// @notice When commitments end and when reveals end, Unix seconds.
    function windowsOf(uint256 disputeID) external view returns (uint256 commitUntil, uint256 revealUntil);
}
