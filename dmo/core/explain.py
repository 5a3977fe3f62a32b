"""Why a contract said no, in a sentence, and what would be right. All texts are here.

A template's fields are the error's arguments, written as their spec says: ``votes`` and ``budget``
(amounts), ``bps``, ``time`` (Unix seconds), ``span`` (seconds), ``status``, ``points``, or plain.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dmo.core import units
from dmo.core.errors import Refused

__all__ = ["TEXTS", "Words", "explain", "refused"]

STATUSES = ("unknown", "in review", "accepted", "rejected", "disputed", "payable", "void", "done")


@dataclass(frozen=True)
class Words:
    """How amounts are written: decimals and symbol of both tokens; without them, in smallest units."""

    votes_decimals: int = 0
    votes_symbol: str = "units of the votes token"
    budget_decimals: int = 0
    budget_symbol: str = "units of the budget token"


class _Formatter(string.Formatter):
    def __init__(self, words: Words) -> None:
        self.words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "":
            return "0x" + value.hex() if isinstance(value, bytes) else str(value)
        words = self.words
        number = int(value)
        match format_spec:
            case "votes":
                return units.format_amount(number, words.votes_decimals, words.votes_symbol)
            case "budget":
                return units.format_amount(number, words.budget_decimals, words.budget_symbol)
            case "points":
                return units.format_amount(number, 18, "points")
            case "bps":
                return units.format_bps(number)
            case "time":
                return units.format_time(number)
            case "span":
                return units.format_duration(number)
            case "status":
                return STATUSES[number] if number < len(STATUSES) else str(number)
        raise ValueError(format_spec)


# error name: (what is wrong, what would be right)
TEXTS: dict[str, tuple[str, str]] = {
    # who may vote
    "ExcludedAccountsTooMany": (
        "{count} accounts are excluded, {limit} can be.",
        "Name fewer accounts.",
    ),
    "ExcludedAccountsInvalid": (
        "The excluded account {account} is zero or named twice.",
        "Name every excluded account once.",
    ),
    "ElectorateNotTimestampClock": (
        "The votes token keeps time as {mode!r}, not in seconds.",
        "Use a token whose CLOCK_MODE is mode=timestamp, or wrap this one.",
    ),
    "ElectorateShareOutOfBounds": (
        "A share of {shareBps:bps} is outside its bounds.",
        "Choose one from {minBps:bps} to {maxBps:bps}.",
    ),
    "ElectorateExcluded": (
        "{account} is excluded from votes, like the treasury and the escrow.",
        "Use an account that holds votes of its own.",
    ),
    "HolderVotesExcluded": (
        "{account} is excluded from votes and cannot lend its votes.",
        "Nothing needs to be done: excluded votes count for nobody.",
    ),
    "HolderTokenLengthMismatch": (
        "There are {recipients} recipients and {amounts} amounts.",
        "Give every recipient one amount.",
    ),
    "VotesWrapperUnsupportedToken": (
        "The underlying token delivered {received:votes} instead of {expected:votes}.",
        "A token that takes a fee on transfer cannot be wrapped.",
    ),
    "HolderGovernorDelegatesTreasury": (
        "Action {index} of the proposal would lend the treasury's votes.",
        "Leave that action out.",
    ),
    "HolderGovernorTimeOutOfBounds": (
        "A time setting of {value:span} is outside its bounds.",
        "Choose one from {min:span} to {max:span}.",
    ),
    "HolderGovernorTreasuryIncluded": (
        "The treasury {treasury} would have votes.",
        "Name it among the excluded accounts.",
    ),
    "LensPageFromZero": ("No page begins at 0.", "Numbers count from 1."),
    "HaltableHalted": (
        "The guardian has stopped new ideas and bounties for now.",
        "Try again from {until:time} on; all that has begun goes on.",
    ),
    "HaltableTooSoon": (
        "The guardian has halted lately.",
        "The next halt is possible from {from:time} on.",
    ),
    # ideas
    "IdeaBoardNotStarted": ("The first round has not begun.", "Posting begins at {origin:time}."),
    "IdeaBoardBadFrame": (
        "Rounds of {roundSeconds:span} from {origin:time} with a holding period of {holdingSeconds:span} cannot work.",
        "A round takes 10s to 90d, the holding period 1s to 90d, and the origin lies later than both together.",
    ),
    "IdeaBoardNoEscrow": ("There is no contract at {account}.", "Name the escrow."),
    "IdeaBoardCapTooSmall": (
        "A cap of {cap:budget} is too small.",
        "Choose at least {min:budget}.",
    ),
    "IdeaBoardAskOutOfBounds": (
        "An ask of {ask:budget} is outside this round's bounds.",
        "Ask for {min:budget} to {max:budget}.",
    ),
    "IdeaBoardFeeTooHigh": (
        "A fee of {feeBps:bps} is too high.",
        "Take at most {maxBps:bps} of the ask.",
    ),
    "IdeaBoardDurationOutOfBounds": (
        "A campaign of {durationSeconds:span} is outside the bounds.",
        "Choose {min:span} to {max:span}.",
    ),
    "IdeaBoardNoDigest": (
        "The idea has no document.",
        "Write one with `dmo idea new` and post its digest.",
    ),
    "IdeaBoardNotEnoughPower": (
        "Posting power of {power:votes} is used up: {used} posted, each takes {threshold:votes}.",
        "Hold or be lent more votes before the round begins, or wait for the next round.",
    ),
    "IdeaBoardRoundFull": (
        "The round has {ideas} ideas and no room for more.",
        "Wait for the next round.",
    ),
    "IdeaBoardUnknownIdea": (
        "Round {round} has no idea {number}.",
        "Look at the round with `dmo idea list`.",
    ),
    "IdeaBoardNotAuthor": (
        "{account} did not post this idea.",
        "Only its author {author} can change it.",
    ),
    "IdeaBoardWithdrawn": (
        "Idea {number} of round {round} was withdrawn or replaced.",
        "Use the idea's latest number, or leave it out.",
    ),
    "IdeaBoardTooManyVersions": (
        "This would be version {version} of the idea.",
        "An idea has at most {limit} versions; post a new one instead.",
    ),
    "IdeaBoardFrozen": (
        "Ideas of round {round} are frozen since {frozenFrom:time}: their vote has opened.",
        "Ideas are changed while their round is being posted.",
    ),
    "IdeaBoardNotVoting": (
        "Round {round} is not being voted on now.",
        "Its vote runs from {opens:time} until {closes:time}.",
    ),
    "IdeaBoardNoVotes": (
        "{voter} had no votes when the vote opened.",
        "Votes count that were held at {snapshot:time} and not lent to another account; later ones count in the next round.",
    ),
    "IdeaBoardTooManyChoices": (
        "The ballot has {count} choices.",
        "A ballot holds at most {limit}.",
    ),
    "IdeaBoardChoicesNotAscending": (
        "Choice {index} of the ballot ({choice}) is out of order or doubled.",
        "Name each idea once, numbers ascending.",
    ),
    "IdeaBoardLateFor": (
        "It is too late to help idea {number}.",
        "Since {lateFrom:time} a ballot can only take support away or vote against.",
    ),
    "IdeaBoardStaleBallot": (
        "A ballot of {at:time} cannot replace the one of {latest:time}.",
        "Sign a new ballot; the later one counts.",
    ),
    "IdeaBoardFutureBallot": (
        "The ballot is dated {at:time}, and it is only {nowSeconds:time}.",
        "Set your clock and sign again.",
    ),
    "IdeaBoardBadSignature": (
        "The signature is not {voter}'s.",
        "Sign the ballot with the voter's own key, for this board and chain.",
    ),
    "IdeaBoardNoIdeas": (
        "Nobody posted in round {round}.",
        "Look at the rounds with `dmo idea list`.",
    ),
    "IdeaBoardNotEnoughGas": (
        "The transaction carries too little gas for ballot {index} of the batch.",
        "Send it with more gas, or fewer ballots at once.",
    ),
    "IdeaBoardNotSettling": (
        "Round {round} cannot be settled now.",
        "It can from {from:time} until {until:time}.",
    ),
    "IdeaBoardSettled": ("Round {round} is settled already.", "Nothing is left to do."),
    "IdeaBoardEarlierRoundOpen": (
        "Round {round} has to wait for round {earlier}.",
        "Settle round {earlier} first.",
    ),
    "IdeaBoardWrongCount": (
        "{shown} ideas were shown, {passing} are passing.",
        "Show all passing ideas, the strongest first.",
    ),
    "IdeaBoardNotPassing": ("Idea {number} at place {index} is not passing.", "Leave it out."),
    "IdeaBoardOutOfOrder": (
        "Idea {number} at place {index} is out of order.",
        "Net support must fall; of equals the lower number comes first.",
    ),
    # campaigns
    "CampaignEscrowTooManyDecimals": (
        "The budget token has {decimals} decimals.",
        "Use a token with at most {limit}.",
    ),
    "CampaignEscrowZeroAddress": ("An address of the escrow is missing.", "Give every address."),
    "CampaignEscrowZeroAmount": ("The amount is zero.", "Give a positive amount."),
    "CampaignEscrowNotEnough": (
        "{asked:budget} were asked for, {free:budget} are free.",
        "Take at most {free:budget}.",
    ),
    "CampaignEscrowTooMuch": (
        "The escrow would hold {custody:budget}, more than its books can.",
        "Pay in less; its limit is {limit:budget}.",
    ),
    "CampaignEscrowBondShort": (
        "Of the bond of {bond:budget} only {arrived:budget} arrived.",
        "A token that takes a fee on transfer cannot be left as a bond.",
    ),
    "CampaignEscrowFeeTooHigh": (
        "A fee of {feeBps:bps} is too high.",
        "Take at most {maxBps:bps}.",
    ),
    "CampaignEscrowLiveWork": (
        "Campaign {campaign} has {live} submissions that are not done.",
        "Pay or release them first; lessons come last.",
    ),
    "CampaignEscrowNothingToClose": (
        "Nothing of campaign {campaign} can be closed now.",
        "Look with `dmo campaign show` when something will be.",
    ),
    "CampaignEscrowUnknownCampaign": (
        "There is no campaign {campaign}.",
        "Look at them with `dmo campaign list`.",
    ),
    "CampaignEscrowEnded": (
        "Campaign {campaign} ended at {endsAt:time}.",
        "Choose one that still runs.",
    ),
    "CampaignEscrowNotEnded": (
        "Campaign {campaign} still runs.",
        "Do this from {endsAt:time} on, when it has ended.",
    ),
    "CampaignEscrowNotLead": ("{account} does not lead this campaign.", "Its lead is {lead}."),
    "CampaignEscrowNotLeadNorGovernance": (
        "{account} does not lead this campaign.",
        "Only its lead {lead} or governance can do this.",
    ),
    "CampaignEscrowBadLead": (
        "{account} cannot lead a campaign.",
        "Name an account of a person or team.",
    ),
    "CampaignEscrowEndOutOfBounds": (
        "The campaign cannot be made to end at {endsAt:time}.",
        "Choose a moment from {min:time} to {max:time}.",
    ),
    "CampaignEscrowNoLessonsNow": (
        "Campaign {campaign} takes no lessons now.",
        "It takes them from {from:time} until {until:time}.",
    ),
    "CampaignEscrowLessonsFiled": (
        "The lessons of campaign {campaign} have been filed.",
        "They are filed once.",
    ),
    "CampaignEscrowNoDigest": ("A document is missing.", "Give its digest."),
    "CampaignEscrowUnknownBounty": (
        "There is no bounty {bounty}.",
        "Look at them with `dmo bounty list`.",
    ),
    "CampaignEscrowBadSlots": (
        "A bounty with {slots} slots is not possible.",
        "Choose 1 to {limit}.",
    ),
    "CampaignEscrowBondAboveReward": (
        "A worker's bond of {bond:budget} is more than the reward.",
        "Ask for at most {reward:budget}.",
    ),
    "CampaignEscrowDeadlineOutOfBounds": (
        "Submissions cannot be taken until {submitBy:time}.",
        "Choose a moment after {nowSeconds:time} and not after {max:time}.",
    ),
    "CampaignEscrowBountyClosed": (
        "Bounty {bounty} took submissions until {submitBy:time}.",
        "Choose one that is open.",
    ),
    "CampaignEscrowBountyOpen": (
        "Bounty {bounty} still takes submissions.",
        "Free slots can be reclaimed from {submitBy:time} on.",
    ),
    "CampaignEscrowNoFreeSlot": ("Bounty {bounty} has no free slot.", "Choose one that has."),
    "CampaignEscrowNotNamedWorker": (
        "The bounty is not for {account}.",
        "It is for {worker} alone.",
    ),
    "CampaignEscrowLeadIsPayee": (
        "The lead {lead} cannot be paid for work in the own campaign.",
        "Let somebody else do and be paid for it.",
    ),
    "CampaignEscrowBadPayee": (
        "{account} cannot be a payee.",
        "Name an account that is neither zero, the escrow nor the token.",
    ),
    "CampaignEscrowTooManyPayees": ("There are {count} payees.", "Name at most {limit}."),
    "CampaignEscrowBadShares": (
        "The shares sum to {sumBps:bps}.",
        "Let them be positive and sum to {expected:bps}.",
    ),
    "CampaignEscrowUnknownSubmission": (
        "There is no submission {submission}.",
        "Look at the bounty's with `dmo bounty show`.",
    ),
    "CampaignEscrowNotWorker": (
        "{account} did not submit this work.",
        "Only its worker {worker} can do this.",
    ),
    "CampaignEscrowWrongStatus": (
        "Submission {submission} is {status:status} now.",
        "See with `dmo work show {submission}` what can be done with it, and until when.",
    ),
    "CampaignEscrowOtherEvidence": (
        "The submission holds other evidence ({stored}) than was shown ({given}).",
        "Look at the evidence as it is now, then judge.",
    ),
    "CampaignEscrowReworked": (
        "Submission {submission} has been reworked before.",
        "Work can be reworked once; it can still be withdrawn.",
    ),
    "CampaignEscrowNothingDue": (
        "Nothing is due: submission {submission} is {status:status}.",
        "See with `dmo due` what can be paid or released now.",
    ),
    "CampaignEscrowNotEnoughGas": (
        "The transaction had {gasLeft} gas left, a payment needs {needed}.",
        "Send it with more gas, or with fewer payments.",
    ),
    "CampaignEscrowNotSelf": (
        "{caller} may not call this.",
        "Only the escrow itself does; use `dmo work pay`.",
    ),
    "CampaignEscrowNotDesk": (
        "{caller} may not call this.",
        "Only the dispute desk does; use `dmo dispute`.",
    ),
    "CampaignEscrowNoCredit": (
        "{account} has no credit.",
        "Everything owed to it was paid, or nothing was.",
    ),
    "CampaignEscrowCreditAlive": (
        "The credit of {account} belongs to it.",
        "It can go to the pool from {from:time} on.",
    ),
    # disputes
    "DisputeDeskZeroAddress": (
        "An address of the dispute desk is missing.",
        "Name the AccessManager and the escrow.",
    ),
    "DisputeDeskWindowOutOfBounds": (
        "A window of {windowSeconds:span} is outside its bounds.",
        "Choose {minSeconds:span} to {maxSeconds:span}.",
    ),
    "DisputeDeskBondOutOfBounds": (
        "A dispute bond of {bondBps:bps} of the reward is outside its bounds.",
        "Choose {minBps:bps} to {maxBps:bps}.",
    ),
    "DisputeDeskNotEscrow": (
        "{caller} may not call this.",
        "Only the escrow does, when it pays or releases disputed work; use `dmo work pay`.",
    ),
    "DisputeDeskNoArbitrator": (
        "The campaign of submission {submission} was funded under terms without an arbitrator.",
        "Its lead's verdict stands; later campaigns can have one, if governance names it.",
    ),
    "DisputeDeskWrongCost": (
        "{sent} wei were sent along for the arbitrator, which costs {cost} wei.",
        "Send exactly that much; look the price up again.",
    ),
    "DisputeDeskIdTaken": (
        "The arbitrator {arbitrator} gave the number {disputeID}, which it had given before.",
        "Disputes cannot be opened there; governance can name another arbitrator.",
    ),
    "DisputeDeskUnknownDispute": (
        "Submission {submission} is not disputed.",
        "See with `dmo work show {submission}` what can be done with it.",
    ),
    "DisputeDeskNotArbitrator": (
        "{caller} arbitrates no dispute {disputeID}.",
        "Only the arbitrator of the campaign's terms rules, under the number it gave.",
    ),
    "DisputeDeskNotOpen": (
        "The dispute about submission {submission} is over: it was ruled, or its time has passed.",
        "Evidence and rulings were taken until {until:time}, or until the first ruling.",
    ),
    "DisputeDeskNoDigest": ("A document is missing.", "Give its digest."),
    "DisputeDeskNothingDue": (
        "The dispute about submission {submission} has nobody of these to pay.",
        "Only jurors who revealed are paid, once, after the submission was paid or released.",
    ),
    "DisputeDeskJurorsAlive": (
        "What is left of the dispute about submission {submission} belongs to its jurors.",
        "It can go to the pool from {from:time} on.",
    ),
    # jury
    "JuryFrameOutOfBounds": (
        "{value} is outside the bounds of a jury's frame (seconds, or hundredths of a per cent).",
        "Choose {min} to {max}.",
    ),
    "JuryZeroAddress": (
        "An address of the jury's frame is zero.",
        "Name the AccessManager and the points.",
    ),
    "JuryCostsNothing": (
        "{sent} wei were sent along; this jury costs nothing.",
        "Send no native coin.",
    ),
    "JuryBadChoices": (
        "A dispute was opened with {choices} choices.",
        "This jury decides between {expected}.",
    ),
    "JuryUnknownDispute": (
        "The jury knows no dispute {disputeID}.",
        "Disputes count from 1.",
    ),
    "JuryNotCommitting": (
        "Dispute {disputeID} takes no more commitments.",
        "They were taken until {until:time}.",
    ),
    "JuryNotRevealing": (
        "Rulings on dispute {disputeID} cannot be revealed now.",
        "They can from {from:time} until {until:time}.",
    ),
    "JuryNotExecutable": (
        "The ruling on dispute {disputeID} cannot be handed over now.",
        "It can from {from:time} on, once.",
    ),
    "JuryParty": (
        "{account} has a stake in this dispute and cannot be its juror.",
        "Lead, worker, payees and who opened the dispute leave the judging to others.",
    ),
    "JuryNoWeight": (
        "{account} has no weight in this dispute.",
        "Jurors needed points, or votes where points were still few, one second before the dispute was opened.",
    ),
    "JuryEmptyCommitment": (
        "The commitment is empty.",
        "Commit to a ruling with a salt of 32 random bytes.",
    ),
    "JuryBadRuling": (
        "{ruling} is not a ruling.",
        "1 pays the work, 2 does not.",
    ),
    "JuryOtherCommitment": (
        "What was shown ({revealed}) is not what the juror is committed to ({committed}).",
        "Show dispute, ruling and salt of the latest commitment; a ruling counts once.",
    ),
    "JuryNoAppeal": (
        "There is no appeal against the ruling on dispute {disputeID}.",
        "The jury's ruling is final.",
    ),
    # points and documents
    "ReputationNotDelegable": (
        "Points of {account} cannot be delegated.",
        "They belong to who earned them.",
    ),
    "ReputationHalfLifeOutOfBounds": (
        "A half-life of {halfLifeSeconds:span} is outside its bounds.",
        "Choose {minSeconds:span} to {maxSeconds:span}.",
    ),
    "ReputationBadAccount": (
        "{account} cannot earn points.",
        "Name an account of a person or team.",
    ),
    "DocumentLogTooLong": (
        "The document has {length} bytes.",
        "At most {limit} can be published; keep the rest elsewhere and name its digest.",
    ),
    "DocumentLogEmpty": ("The document is empty.", "Publish one with content."),
    # OpenZeppelin, where a person can meet it
    "ERC20InsufficientBalance": (
        "{sender} has {balance} units of the token and needs {needed}.",
        "Take less, or get more of the token first.",
    ),
    "ERC20InsufficientAllowance": (
        "{spender} may take {allowance} units of the token and needs {needed}.",
        "Approve it first.",
    ),
    "ERC20InvalidReceiver": ("{receiver} cannot receive the token.", "Name another account."),
    "SafeERC20FailedOperation": (
        "The token {token} refused to move.",
        "Look at balance and allowance, and whether the token blocks an account.",
    ),
    "AccessManagedUnauthorized": (
        "{caller} may not do this.",
        "It takes a role, usually governance: propose it with `dmo govern`.",
    ),
    "AccessManagerUnauthorizedAccount": (
        "{msgsender} lacks role {roleId}.",
        "Propose it to governance.",
    ),
    "AccessControlUnauthorizedAccount": (
        "{account} lacks the role {neededRole}.",
        "Propose it to governance.",
    ),
    "GovernorInsufficientProposerVotes": (
        "{proposer} has {votes:votes}, a proposal takes {threshold:votes}.",
        "Hold or be lent more votes before you propose.",
    ),
    "GovernorUnexpectedProposalState": (
        "The proposal is in another state ({current}) than this needs.",
        "See with `dmo govern list` what it waits for.",
    ),
    "GovernorAlreadyCastVote": ("{voter} has voted on this proposal.", "A vote is cast once."),
    "GovernorNonexistentProposal": (
        "There is no proposal {proposalId}.",
        "Look with `dmo govern list`.",
    ),
    "GovernorInvalidVoteType": ("This is no vote.", "Vote for, against or abstain."),
    "GovernorRestrictedProposer": (
        "{proposer} may not make this proposal.",
        "Its description names another proposer.",
    ),
    "TimelockUnexpectedOperationState": (
        "The operation does not wait for this now.",
        "Queue it first, then wait for the delay to pass.",
    ),
    "TimelockInsufficientDelay": (
        "A delay of {delay:span} is too short.",
        "The shortest is {minDelay:span}.",
    ),
    "ERC5805FutureLookup": ("{timepoint:time} is not past yet.", "Ask again when it is."),
    "ERC20ExceededSafeSupply": (
        "A supply of {increasedSupply:votes} is too large.",
        "The largest is {cap:votes}.",
    ),
    "ReentrancyGuardReentrantCall": (
        "A contract called back during a payment.",
        "Pay another account.",
    ),
    "ECDSAInvalidSignature": ("The signature is none.", "Sign again."),
    "ERC2612ExpiredSignature": ("The permission ended at {deadline:time}.", "Sign a new one."),
    "ERC20InvalidSender": ("{sender} cannot send the token.", "Send from another account."),
    "ERC20InvalidApprover": ("{approver} cannot approve.", "Approve from another account."),
    "ERC20InvalidSpender": ("{spender} cannot be approved.", "Approve another account."),
    "ERC20InvalidUnderlying": ("{token} cannot be wrapped.", "Wrap another token."),
    "ERC2612InvalidSigner": (
        "The permission was signed by {signer}.",
        "It takes {owner}'s signature.",
    ),
    "ERC6372InconsistentClock": (
        "The token's clock is inconsistent.",
        "Use a token with a clock in seconds.",
    ),
    "VotesExpiredSignature": ("The signature ended at {expiry:time}.", "Sign a new one."),
    "InvalidAccountNonce": (
        "The signature's nonce is not the next one of {account}.",
        "Sign again with nonce {currentNonce}.",
    ),
    "CheckpointUnorderedInsertion": ("History can only grow.", "Check the clock of the chain."),
    "ECDSAInvalidSignatureLength": ("A signature has 65 bytes, this one {length}.", "Sign again."),
    "ECDSAInvalidSignatureS": (
        "The signature can be changed by others.",
        "Sign again with a usual wallet.",
    ),
    "SafeCastOverflowedUintDowncast": (
        "{value} does not fit {bits} bits.",
        "Use a smaller number.",
    ),
    "InvalidShortString": ("The name is too long.", "Use at most 31 bytes."),
    "StringTooLong": ("The name {str!r} is too long.", "Use at most 31 bytes."),
    "FailedCall": ("A call inside the transaction failed.", "Try the inner call alone to see why."),
    "InsufficientBalance": (
        "{balance} wei are there, {needed} are needed.",
        "Send some native coin first.",
    ),
    "AccessManagerUnauthorizedCall": (
        "{caller} may not make this call of {target} through the AccessManager.",
        "It takes a role that governance grants.",
    ),
    "AccessManagerNotScheduled": (
        "No such call is scheduled in the AccessManager.",
        "Schedule it first, or look whether it was done.",
    ),
    "AccessManagerBadConfirmation": (
        "A role can be given up for oneself alone.",
        "Name the account that sends this.",
    ),
    "AccessControlBadConfirmation": (
        "A role can be given up for oneself alone.",
        "Name the account that sends this.",
    ),
    "AccessManagedRequiredDelay": (
        "{caller} has to wait {delay:span} for this.",
        "Schedule it first.",
    ),
    "AccessManagedInvalidAuthority": (
        "{authority} manages no permissions.",
        "Name an AccessManager.",
    ),
    "GovernorDisabledDeposit": ("The governor takes no money.", "Send it to the treasury."),
    "GovernorInvalidSignature": (
        "The signature is not {voter}'s.",
        "Sign with the voter's own key.",
    ),
    "GovernorInvalidVoteParams": ("The vote has parameters.", "Vote without parameters."),
    "GovernorInvalidProposalLength": (
        "The proposal lists {targets} targets, {values} values and {calldatas} calls.",
        "Give every action one of each, and at least one action.",
    ),
    "GovernorInvalidQuorumFraction": (
        "A quorum of {quorumNumerator} in {quorumDenominator} is too much.",
        "Choose a share of at most the whole.",
    ),
    "GovernorInvalidVotingPeriod": (
        "A voting period of {votingPeriod:span} is too short.",
        "Choose a longer one.",
    ),
    "GovernorPreventLateQuorumVoteExtensionTooLarge": (
        "An extension of {newVoteExtension:span} is too long.",
        "Choose at most {maxVoteExtension:span}.",
    ),
    "GovernorAlreadyQueuedProposal": (
        "The proposal is queued already.",
        "Execute it when its delay has passed.",
    ),
    "GovernorProposalQueueingNotRequired": ("The proposal needs no queue.", "Execute it."),
    "GovernorProposalQueueingFailed": (
        "The timelock did not take the proposal.",
        "Look at the timelock's roles.",
    ),
    "GovernorUnableToCancel": (
        "{account} cannot cancel this proposal.",
        "Only its proposer can, while it is pending.",
    ),
    "GovernorOnlyExecutor": (
        "{account} may not do this.",
        "Only the timelock does, by a proposal.",
    ),
    "TimelockUnauthorizedCaller": (
        "{caller} may not do this.",
        "Only the timelock itself does, by a proposal.",
    ),
    "TimelockInvalidOperationLength": (
        "The operation lists {targets} targets, {payloads} calls and {values} values.",
        "Give every action one of each.",
    ),
    "TimelockUnexecutedPredecessor": (
        "Another operation has to run first.",
        "Execute operation {predecessorId}.",
    ),
    "StringsInsufficientHexLength": (
        "The number {value} does not fit into {length} bytes.",
        "Please report this; it should not happen.",
    ),
    # what is no custom error
    "Error": ("The contract refused: {message}", ""),
    "Panic": ("The contract met {meaning}.", "Please report this; it should not happen."),
    "Unknown": (
        "The contract refused without a known reason ({data}).",
        "Is this the right contract? If it is, the token may have refused: some block accounts.",
    ),
    "InsufficientFunds": (
        "The account cannot pay for the transaction.",
        "Send it some native coin for gas first.",
    ),
    "TransactionFailed": (
        "Transaction {tx} failed after {gas_used} gas; tried again, it works.",
        "Try again, perhaps with more gas.",
    ),
}


def explain(
    name: str, arguments: Mapping[str, object], words: Words | None = None
) -> tuple[str, str]:
    """What is wrong, and what would be right.

    Args:
        name: The error.
        arguments: Its arguments by name.
        words: How amounts are written.

    Returns:
        Two sentences; the second may be empty. An error without a text is written out.
    """
    message, hint = TEXTS.get(name, ("", ""))
    formatter = _Formatter(words or Words())
    try:
        texts = [formatter.vformat(text, (), dict(arguments)) for text in (message, hint)]
    except (KeyError, ValueError, TypeError, IndexError):
        texts = ["", hint if "{" not in hint else ""]
    if not texts[0]:
        shown = ", ".join(f"{key} {_plain(value)}" for key, value in arguments.items())
        texts[0] = f"The contract refused with {name}{f' ({shown})' if shown else ''}."
    return texts[0], texts[1]


def _plain(value: object) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)


def refused(
    name: str, arguments: Mapping[str, object], data: bytes = b"", words: Words | None = None
) -> Refused:
    """An exception with its explanation."""
    message, hint = explain(name, arguments, words)
    return Refused(name, arguments, message=message, hint=hint, data=data)
