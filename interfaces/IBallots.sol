// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IBallots
/// @notice Whole ballots on the ideas of a round, cast by their voters or signed by them and sent by anyone.
/// @dev A voter's weight is the smaller of the votes in the second before the vote opens and one holding period
/// earlier. It is counted in whole units of the round; what is less than one counts for nothing.
interface IBallots {
    /// @notice A ballot signed off chain, by the voter's key or, for contracts, ERC-1271: EIP-712
    /// `Ballot(address voter,uint32 round,uint32 at,uint32[] inFavour,uint32[] against)`.
    /// @param at When it was signed, Unix seconds, not before the vote opened; a later ballot replaces an earlier one.
    /// @param inFavour Numbers of ideas it is for, strictly ascending.
    /// @param against Numbers of ideas it is against, strictly ascending; none of those it is for.
    struct SignedBallot {
        address voter;
        uint32 round;
        uint32 at;
        uint32[] inFavour;
        uint32[] against;
        bytes signature;
    }

    // ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A voter's whole ballot of a round. `votes` is the weight in units of the votes token; `words` are the
    /// choices as stored: the first word holds round (32 bits), at (32), ten entries of 17 bits, count (8) from the
    /// lowest bit up; each further word holds fifteen entries. An entry is a choice: idea number × 2, plus 1 for "for".
    /// @param voter Who votes.
    /// @param round The round's number.
    /// @param votes The weight that was counted, in units of the votes token.
    /// @param words The choices, numbers packed as described above.
    event BallotCast(address indexed voter, uint32 indexed round, uint256 votes, uint256[] words);

    /// @notice A signed ballot of a batch was left out; `reason` is the error it met, ABI-encoded.
    /// @param voter Whose ballot it is.
    /// @param round The round's number.
    /// @param at When the ballot was signed, Unix seconds.
    /// @param reason The error it met, ABI-encoded.
    event BallotSkipped(address indexed voter, uint32 indexed round, uint32 at, bytes reason);

    // ── errors ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Round {round} is not being voted on now.
    /// @custom:right Its vote runs from {opens} until {closes}.
    /// @param round The round's number.
    /// @param opens When the vote opens, Unix seconds.
    /// @param closes When the vote closes, Unix seconds.
    error IdeaBoardNotVoting(uint256 round, uint256 opens, uint256 closes);
    /// @notice {voter} had no votes when the vote opened, or not yet a holding period before.
    /// @custom:right Votes count that were held at {snapshot} and a holding period before and not lent to another
    /// account; later ones count in the next round.
    /// @param voter Whose ballot it is.
    /// @param snapshot The moment whose votes count, Unix seconds.
    error IdeaBoardNoVotes(address voter, uint256 snapshot);
    /// @notice The ballot has {count} choices.
    /// @custom:right A ballot holds at most {limit}.
    /// @param count How many choices the ballot has.
    /// @param limit How many it can have.
    error IdeaBoardTooManyChoices(uint256 count, uint256 limit);
    /// @notice The ballot names idea {number} twice, or out of order.
    /// @custom:right Name each idea once, for or against, numbers ascending.
    /// @param number The idea's number in the round.
    error IdeaBoardChoicesNotAscending(uint256 number);
    /// @notice It is too late to help idea {number}.
    /// @custom:right Since {lateFrom} a ballot can only take support away or vote against.
    /// @param number The idea's number in the round.
    /// @param lateFrom From when on no new "for" is taken and no "against" given up, Unix seconds.
    error IdeaBoardLateFor(uint256 number, uint256 lateFrom);
    /// @notice A ballot of {at} cannot replace the one of {latest}.
    /// @custom:right Sign a new ballot; the later one counts.
    /// @param at When this ballot was signed, Unix seconds.
    /// @param latest When the voter's counted ballot was signed, Unix seconds.
    error IdeaBoardStaleBallot(uint256 at, uint256 latest);
    /// @notice The ballot is dated {at}, and it is only {nowSeconds}.
    /// @custom:right Set your clock and sign again.
    /// @param at When the ballot was signed, Unix seconds.
    /// @param nowSeconds The time of the block, Unix seconds.
    error IdeaBoardFutureBallot(uint256 at, uint256 nowSeconds);
    /// @notice The ballot is dated {at}, before the vote opened.
    /// @custom:right Sign it at {opens} or later: what it is about can change until then.
    /// @param at When the ballot was signed, Unix seconds.
    /// @param opens When the vote opens, Unix seconds.
    error IdeaBoardEarlyBallot(uint256 at, uint256 opens);
    /// @notice The signature is not {voter}'s.
    /// @custom:right Sign the ballot with the voter's own key, for this board and chain.
    /// @param voter Whose ballot it is.
    error IdeaBoardBadSignature(address voter);
    /// @notice The transaction has {left} gas left where contracts that vote may need {needed}.
    /// @custom:right Send it with more gas, or fewer ballots at once.
    /// @param left What was left, in gas.
    /// @param needed What has to be left, in gas.
    error IdeaBoardNotEnoughGas(uint256 left, uint256 needed);

    // ── actions ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Casts one's whole ballot for the ideas of a round, replacing an earlier one; empty takes it back.
    /// @param round The round's number.
    /// @param inFavour Numbers of ideas it is for, strictly ascending.
    /// @param against Numbers of ideas it is against, strictly ascending; none of those it is for.
    function castBallot(uint32 round, uint32[] calldata inFavour, uint32[] calldata against) external;

    /// @notice Casts one ballot that its voter signed; anyone may send it.
    /// @dev A contract's own check of its signature may spend 400,000 gas.
    /// @param ballot The ballot with its signature.
    function castBallotBySig(SignedBallot calldata ballot) external;

    /// @notice Casts ballots that voters signed; anyone may send them. Bad or stale ballots are skipped.
    /// @dev A skipped ballot is not used up and may be sent again. Reverts unless the gas left in the end is what
    /// its contracts could have spent and did not, so that an estimate covers all ballots whatever a contract answers
    /// later.
    /// @param ballots Ballots with their signatures.
    /// @return cast How many were cast.
    function castBallotsBySig(SignedBallot[] calldata ballots) external returns (uint256 cast);

    // ── views ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The voter's latest ballot: its round, when it was signed (Unix seconds), and what it says.
    /// @param voter Who voted.
    /// @return round Number of its round.
    /// @return at When it was signed, Unix seconds.
    /// @return inFavour Numbers of ideas it is for, ascending.
    /// @return against Numbers of ideas it is against, ascending.
    function ballotOf(address voter)
        external
        view
        returns (uint32 round, uint32 at, uint32[] memory inFavour, uint32[] memory against);
    /// @notice The EIP-712 digest a voter signs.
    /// @param voter Who votes.
    /// @param round The round's number.
    /// @param at When the ballot was signed, Unix seconds.
    /// @param inFavour Numbers of ideas it is for.
    /// @param against Numbers of ideas it is against.
    /// @return The digest.
    function ballotDigest(
        address voter,
        uint32 round,
        uint32 at,
        uint32[] calldata inFavour,
        uint32[] calldata against
    ) external view returns (bytes32);
}
