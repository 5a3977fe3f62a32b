// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";

/// @title IDisputeParties
/// @notice What a jury asks back from who opened a dispute.
interface IDisputeParties {
    /// @notice The parties of a dispute, who leave the judging to others; fixed when it was opened.
    /// @dev Reverts where the arbitrator has no such dispute.
    /// @param arbitrator The ERC-792 arbitrator.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @return At most twelve accounts, each once.
    function partiesOf(address arbitrator, uint256 disputeID) external view returns (address[] memory);
}

/// @title IJurorShares
/// @notice How an arbitrator tells who of its jurors gets which share of what a dispute pays them.
/// @dev Shares are prefix sums in one order of jurors: a juror owns [start, end) of [0, total), so amounts cut as
/// pot × end / total − pot × start / total add up to the pot, to the unit.
interface IJurorShares {
    /// @notice Sum of all shares; 0 while it may still grow, and if there is nobody to pay.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @return The sum, a number without unit.
    function sharesTotal(uint256 disputeID) external view returns (uint256);

    /// @notice A juror's part of the sum; start = end if there is none.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param juror Who judges.
    /// @return start Where the part begins, a number of shares.
    /// @return end Where it ends, a number of shares.
    function shareOf(uint256 disputeID, address juror) external view returns (uint256 start, uint256 end);
}

/// @title IArbitrationTime
/// @notice How an arbitrator tells how long it needs; whoever opens disputes there may then ask for the ruling instead
/// of waiting to be told.
interface IArbitrationTime {
    /// @notice From so long after a dispute's opening on, `currentRuling` is final; no ruling (0) is final too.
    /// @return The time, in seconds.
    function rulingSeconds() external view returns (uint256);
}

/// @title IJury
/// @notice Decides disputes by the weight that people have earned: an ERC-792 arbitrator with commit and reveal.
/// @dev The bench is that of the start of the round, the latest boundary of Reputation before the opening: points, or
/// votes where all points were fewer then than a minimum. Votes weigh as the smaller of two readings, then and one
/// holding period earlier. So nobody chooses the moment, and all disputes of a round have the same bench; parties and
/// excluded accounts have no weight, and are not in the quorum. Weight is linear. Rulings: 1 and 2 are the arbitrable's
/// choices, 0 is no ruling (tie, or quorum missed). It costs nothing and knows no appeal. Who may bring disputes only
/// ever grows. All parameters are fixed at deployment: a new jury is a new contract.
interface IJury is IArbitrator, IArbitrationTime, IJurorShares {
    /// @notice What never changes after deployment.
    /// @param reputation Source of jurors where its total reaches `minPoints`, and of the boundaries.
    /// @param minPoints Total points (WAD) from which on jurors come from reputation.
    /// @param commitSeconds How long jurors commit, from the opening, in seconds.
    /// @param revealSeconds How long they reveal after that, in seconds.
    /// @param quorumBps Revealed weight needed, as a share of the weight that may vote, in bps, rounded up.
    /// @param quorumFloor Stands for that share of all votes where it is more, in units of the votes token, and is cut
    /// by the parties' part as they are: a wrapped token's total can be tiny, and whoever holds it would be the jury.
    /// @param holdingSeconds How far apart the two readings of votes lie, in seconds.
    struct JuryFrame {
        address reputation;
        uint256 minPoints;
        uint32 commitSeconds;
        uint32 revealSeconds;
        uint16 quorumBps;
        uint256 quorumFloor;
        uint32 holdingSeconds;
    }

    /// @notice A dispute's facts. Weights in units of its source.
    /// @dev Three slots: arbitrable, openedAt, boundary, isFromReputation, isExecuted · forOne, forTwo · quorum.
    /// @param arbitrable Who asked.
    /// @param openedAt Unix seconds.
    /// @param boundary When the bench was read: the start of the round, Unix seconds.
    /// @param isFromReputation Jurors come from reputation, not from the votes token.
    /// @param isExecuted The ruling was handed over.
    /// @param forOne Revealed weight for ruling 1.
    /// @param forTwo Revealed weight for ruling 2.
    /// @param quorum Revealed weight needed for a ruling; stored by the first commitment.
    struct JuryCase {
        address arbitrable;
        uint40 openedAt;
        uint40 boundary;
        bool isFromReputation;
        bool isExecuted;
        uint120 forOne;
        uint120 forTwo;
        uint256 quorum;
    }

    /// @notice An account may bring disputes here, for ever.
    /// @param arbitrable Who may.
    event ArbitrableAdmitted(address indexed arbitrable);

    /// @notice A juror committed to a ruling; a later commitment replaces an earlier one.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param juror Who judges.
    /// @param commitment The commitment, a keccak256 hash.
    event RulingCommitted(uint256 indexed disputeID, address indexed juror, bytes32 commitment);

    /// @notice A juror's ruling was revealed, with its weight.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param juror Who judges.
    /// @param ruling The ruling's number, 1 or 2.
    /// @param weight The juror's weight, in units of the dispute's source (points: WAD; votes: token units).
    event RulingRevealed(uint256 indexed disputeID, address indexed juror, uint256 ruling, uint256 weight);

    /// @notice The ruling was handed to who asked.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param ruling The ruling's number; 0 is no ruling.
    event RulingExecuted(uint256 indexed disputeID, uint256 ruling);

    /// @notice {value} is outside the bounds of a jury's frame (seconds, or hundredths of a per cent).
    /// @custom:right Choose {min} to {max}.
    /// @param value A number of seconds or of bps.
    /// @param min The smallest number possible.
    /// @param max The largest number possible.
    error JuryFrameOutOfBounds(uint256 value, uint256 min, uint256 max);
    /// @notice An address of the jury's frame is zero.
    /// @custom:right Name the AccessManager, the points, and who brings disputes.
    error JuryZeroAddress();
    /// @notice {caller} may not bring disputes here.
    /// @custom:right People use `dmo dispute challenge` and `dmo dispute contest`; governance can admit more contracts.
    /// @param caller Who called.
    error JuryNotAdmitted(address caller);
    /// @notice {sent} were sent along; this jury costs nothing.
    /// @custom:right Send no native coin.
    /// @param sent What was sent along, in wei.
    error JuryCostsNothing(uint256 sent);
    /// @notice A dispute was opened with {choices} choices.
    /// @custom:right This jury decides between {expected}.
    /// @param choices The number of choices asked for.
    /// @param expected The number of choices it decides between.
    error JuryBadChoices(uint256 choices, uint256 expected);
    /// @notice The jury knows no dispute {disputeID}.
    /// @custom:right Disputes count from 1.
    /// @param disputeID The arbitrator's number of the dispute.
    error JuryUnknownDispute(uint256 disputeID);
    /// @notice Dispute {disputeID} takes no more commitments.
    /// @custom:right They were taken until {until}.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param until Commitments are taken before this moment, Unix seconds.
    error JuryNotCommitting(uint256 disputeID, uint256 until);
    /// @notice Rulings on dispute {disputeID} cannot be revealed now.
    /// @custom:right They can from {from} until {until}.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param from Rulings are revealed from this moment on, Unix seconds.
    /// @param until Rulings are revealed before this moment, Unix seconds.
    error JuryNotRevealing(uint256 disputeID, uint256 from, uint256 until);
    /// @notice The ruling on dispute {disputeID} cannot be handed over now.
    /// @custom:right It can from {from} on, once.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param from When the ruling can be handed over, Unix seconds.
    error JuryNotExecutable(uint256 disputeID, uint256 from);
    /// @notice {account} has a stake in this dispute and cannot be its juror.
    /// @custom:right Worker, lead, payees of a tenth or more, and who opened or upheld the dispute leave the judging to
    /// others.
    /// @param account The party.
    error JuryParty(address account);
    /// @notice {account} has no weight in this dispute.
    /// @custom:right Jurors needed points when the round of its opening began, or votes where points were still few,
    /// then and a holding period earlier.
    /// @param account Who has no weight.
    error JuryNoWeight(address account);
    /// @notice The commitment is empty.
    /// @custom:right Commit to a ruling with a salt of 32 random bytes.
    error JuryEmptyCommitment();
    /// @notice {ruling} is not a ruling.
    /// @custom:right 1 pays the work, 2 does not.
    /// @param ruling The number that was given for a ruling.
    error JuryBadRuling(uint256 ruling);
    /// @notice What was shown ({revealed}) is not what the juror is committed to ({committed}).
    /// @custom:right Show dispute, ruling and salt of the latest commitment; a ruling counts once.
    /// @param revealed The commitment that what was shown makes.
    /// @param committed The juror's live commitment; 0 if none or revealed.
    error JuryOtherCommitment(bytes32 revealed, bytes32 committed);
    /// @notice There is no appeal against the ruling on dispute {disputeID}.
    /// @custom:right The jury's ruling is final.
    /// @param disputeID The arbitrator's number of the dispute.
    error JuryNoAppeal(uint256 disputeID);

    /// @notice Lets an account bring disputes, for ever.
    /// @dev Restricted to governance.
    /// @param arbitrable An ERC-792 arbitrable that names its disputes' parties (IDisputeParties).
    function admit(address arbitrable) external;

    /// @notice Commits to a ruling: keccak256(abi.encode(chainid, jury, disputeID, juror, ruling, salt)).
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param commitment The commitment, a keccak256 hash.
    function commit(uint256 disputeID, bytes32 commitment) external;

    /// @notice Reveals a juror's ruling; anyone who knows the salt may send it.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param juror Who judges.
    /// @param ruling The ruling's number, 1 or 2.
    /// @param salt The salt of the commitment.
    function reveal(uint256 disputeID, address juror, uint256 ruling, bytes32 salt) external;

    /// @notice Hands the ruling to who asked, after the reveal window, once; for anyone.
    /// @param disputeID The arbitrator's number of the dispute.
    function executeRuling(uint256 disputeID) external;

    /// @notice What never changes.
    /// @return The frame; units as in JuryFrame.
    function juryFrame() external view returns (JuryFrame memory);
    /// @notice Whether an account may bring disputes.
    /// @param arbitrable Who would.
    /// @return Whether it may.
    function isAdmitted(address arbitrable) external view returns (bool);
    /// @notice How many disputes there have been; ids count from 1.
    /// @return The number of disputes.
    function disputes() external view returns (uint256);
    /// @notice A dispute's facts; the quorum, before it is stored, as it would be now.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @return The facts; units as in JuryCase.
    function caseOf(uint256 disputeID) external view returns (JuryCase memory);
    /// @notice A juror's live commitment; 0 if none or revealed.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param juror Who judges.
    /// @return The commitment.
    function commitmentOf(uint256 disputeID, address juror) external view returns (bytes32);
    /// @notice What a juror revealed.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param juror Who judges.
    /// @return ruling The ruling's number, 1 or 2; 0 if none was revealed.
    /// @return weight Its weight, in units of the dispute's source (points: WAD; votes: token units).
    function revealOf(uint256 disputeID, address juror) external view returns (uint256 ruling, uint256 weight);
    /// @notice The weight an account has in a dispute, in units of its source; parties have none.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param account Who would judge.
    /// @return The weight, in units of the dispute's source (points: WAD; votes: token units).
    function weightOf(uint256 disputeID, address account) external view returns (uint256);
    /// @notice The commitment to a ruling.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @param juror Who judges.
    /// @param ruling The ruling's number, 1 or 2.
    /// @param salt 32 random bytes.
    /// @return The commitment, a keccak256 hash.
    function commitmentFor(uint256 disputeID, address juror, uint256 ruling, bytes32 salt)
        external
        view
        returns (bytes32);
    /// @notice When commitments end and when reveals end, Unix seconds.
    /// @param disputeID The arbitrator's number of the dispute.
    /// @return commitUntil When commitments end, Unix seconds.
    /// @return revealUntil When reveals end, Unix seconds.
    function windowsOf(uint256 disputeID) external view returns (uint256 commitUntil, uint256 revealUntil);
}
