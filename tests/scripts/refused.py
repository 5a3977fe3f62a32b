"""Calls of every action that are refused, and the ground that they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dmo.core import abi
from dmo.core.calls import Call, make_call
from dmo.home.deployment import Dmo
from tests.scripts.refused_in_rooms import ROOMS
from tests.support.calls import ZERO, bounty, idea, record
from tests.support.cli_chain import DAY, Stage, key
from tests.support.quarrels import BOND, DIGEST, IDEA, OTHER, Quarrels

STRANGER = "0x00000000000000000000000000000000000000A1"


@dataclass(frozen=True)
class Case:
    """A call that is refused."""

    contract: str
    function: str
    arguments: tuple[Any, ...]
    error: str
    who: str = "erin"
    value: int = 0

    def __str__(self) -> str:
        return f"{self.contract}.{self.function.split('(')[0]}-{self.error}"


def _idea(**changes: Any) -> tuple[Any, ...]:
    known: dict[str, Any] = {"digest": DIGEST, "ask": 900 * 10**6, "duration": 21 * DAY, "fee_bps": 1_000}
    return idea(**{**known, **changes})


def _bounty(**changes: Any) -> tuple[Any, ...]:
    known: dict[str, Any] = {
        "campaign": 1, "reward": 100 * 10**6, "bond": 10 * 10**6, "submit_by": 0, "slots": 1,
        "brief": DIGEST,
    }  # fmt: skip
    return bounty(**{**known, **changes})


RESTRICTED = (
    *(("addBrand", (1, 0, DIGEST)), ("reviseBrand", (1, DIGEST)), ("retireBrand", (1,)), ("endorse", (1, True))),
    *(("addPlan", (3, 0, DIGEST, 0)), ("revisePlan", (1, DIGEST, 0)), ("retirePlan", (1,))),
    *(("addClaim", (DIGEST, 0)), ("reviseClaim", (1, DIGEST, 0)), ("retireClaim", (1,))),
    ("setAuthority", (STRANGER,)),
)
"""Of the registry of content: what stewards do, and governance."""

SIGNATURE = (0, 0, 0, 27, b"\x01" * 32, b"\x02" * 32)


def _cases() -> list[Case]:  # one line, one refusal
    # names, BOARD, TERMS … are replaced once the chain stands
    board, safe, token = "IdeaBoard", "CampaignEscrow", "HolderToken"
    desk, jury, content = "DisputeDesk", "Jury", "ContentRegistry"
    unauthorized = "AccessManagedUnauthorized"
    admin = "AccessManagerUnauthorizedAccount"
    timelocked = "AccessControlUnauthorizedAccount"
    ballot = ("carol", 5, 0, [1], [], b"\x01" * 65)
    proposal = (["BOARD"], [0], [b"\x01\x02\x03\x04"], b"\x07" * 32)
    governed = "GovernorOnlyExecutor"
    bad_vote = (12345, 1)
    missing = "GovernorNonexistentProposal"
    found = [
        # ideas
        Case(board, "post", (_idea(digest=bytes(32)),), "IdeaBoardNoDigest"),
        Case(board, "post", (_idea(ask=1),), "IdeaBoardAskOutOfBounds"),
        Case(board, "post", (_idea(ask=2_001 * 10**6),), "IdeaBoardAskOutOfBounds"),
        Case(board, "post", (_idea(fee_bps=3_001),), "IdeaBoardFeeTooHigh"),
        Case(board, "post", (_idea(duration=1),), "IdeaBoardDurationOutOfBounds"),
        Case(board, "post", (_idea(builds_on=(9, 9)),), "IdeaBoardUnknownIdea"),
        Case(board, "post", (_idea(),), "IdeaBoardNotEnoughPower", "stranger"),
        Case(board, "edit", (6, 9, _idea()), "IdeaBoardUnknownIdea"),
        Case(board, "edit", (6, 1, _idea()), "IdeaBoardNotAuthor"),
        Case(board, "edit", (1, 1, _idea()), "IdeaBoardFrozen", "alice"),
        Case(board, "withdraw", (6, 9), "IdeaBoardUnknownIdea"),
        Case(board, "withdraw", (6, 1), "IdeaBoardNotAuthor"),
        Case(board, "withdraw", (6, 2), "IdeaBoardWithdrawn", "alice"),
        Case(board, "withdraw", (1, 1), "IdeaBoardFrozen", "alice"),
        Case(board, "castBallot", (1, [1], []), "IdeaBoardNotVoting"),
        Case(board, "castBallot", (5, [1], []), "IdeaBoardNoVotes", "stranger"),
        Case(board, "castBallot", (5, [], [49]), "IdeaBoardUnknownIdea"),
        Case(board, "castBallot", (5, [1], [1]), "IdeaBoardChoicesNotAscending"),
        Case(board, "castBallot", (5, list(range(1, 102)), []), "IdeaBoardTooManyChoices"),
        Case(board, "castBallotBySig", (ballot,), "IdeaBoardEarlyBallot"),
        Case(board, "settle", (5, [1], 0), "IdeaBoardNotSettling"),
        Case(board, "settle", (4, [1], 0), "IdeaBoardSettled"),
        Case(board, "setRules", ((6_000 * 10**6, 400, 10),), unauthorized),
        Case(board, "setAuthority", (STRANGER,), unauthorized),
        # campaigns
        Case(safe, "deposit", (10**6,), unauthorized),
        Case(safe, "deposit", (0,), "CampaignEscrowZeroAmount", "treasury"),
        Case(safe, "deposit", (10**6,), "ERC20InsufficientAllowance", "treasury"),
        Case(safe, "withdrawPool", (10**6,), unauthorized),
        Case(safe, "setAuthority", (STRANGER,), unauthorized),
        Case(safe, "fund", ([],), unauthorized),
        Case(safe, "halt", (), unauthorized, "alice"),
        Case(safe, "topUp", (9, 10**6), "CampaignEscrowUnknownCampaign"),
        Case(safe, "topUp", (1, 0), "CampaignEscrowZeroAmount"),
        Case(safe, "endEarly", (9, 1), "CampaignEscrowUnknownCampaign"),
        Case(safe, "endEarly", (1, "SOON"), "CampaignEscrowNotLeadNorGovernance"),
        Case(safe, "replaceLead", (1, STRANGER), unauthorized),
        Case(safe, "fileLessons", (1, DIGEST, 0), "CampaignEscrowNotLead"),
        Case(safe, "fileLessons", (1, DIGEST, 0), "CampaignEscrowNoLessonsNow", "alice"),
        Case(safe, "closeCampaign", (9,), "CampaignEscrowUnknownCampaign"),
        Case(safe, "closeCampaign", (1,), "CampaignEscrowNotEnded"),
        Case(safe, "postBounty", (_bounty(campaign=9),), "CampaignEscrowUnknownCampaign", "alice"),
        Case(safe, "postBounty", ("BOUNTY",), "CampaignEscrowNotLead"),
        Case(safe, "postBounty", ("POOR",), "CampaignEscrowNotEnough", "alice"),
        Case(safe, "cancelBounty", (9,), "CampaignEscrowUnknownBounty"),
        Case(safe, "cancelBounty", (1,), "CampaignEscrowNotLead"),
        Case(safe, "reclaimBounty", (9,), "CampaignEscrowUnknownBounty"),
        Case(safe, "reclaimBounty", (1,), "CampaignEscrowBountyOpen"),
        Case(safe, "submitWork", (9, DIGEST, [], BOND), "CampaignEscrowUnknownBounty"),
        Case(safe, "submitWork", (1, bytes(32), [], BOND), "CampaignEscrowNoDigest"),
        Case(safe, "submitWork", (1, DIGEST, [("bob", 9_999)], BOND), "CampaignEscrowBadShares"),
        Case(safe, "submitWork", (1, DIGEST, [], BOND), "ERC20InsufficientAllowance"),
        Case(safe, "reworkWork", (9, DIGEST), "CampaignEscrowUnknownSubmission"),
        Case(safe, "reworkWork", (5, DIGEST), "CampaignEscrowNotWorker"),
        Case(safe, "reworkWork", (5, DIGEST), "CampaignEscrowWrongStatus", "dave"),
        Case(safe, "withdrawWork", (5,), "CampaignEscrowNotWorker"),
        Case(safe, "acceptWork", (9, DIGEST), "CampaignEscrowUnknownSubmission"),
        Case(safe, "acceptWork", (5, DIGEST), "CampaignEscrowNotLead"),
        Case(safe, "acceptWork", (5, OTHER), "CampaignEscrowOtherEvidence", "alice"),
        Case(safe, "rejectWork", (5, DIGEST, OTHER), "CampaignEscrowNotLead"),
        Case(safe, "rejectWork", (5, DIGEST, bytes(32)), "CampaignEscrowNoDigest", "alice"),
        Case(safe, "payWork", ([9],), "CampaignEscrowNothingDue"),
        Case(safe, "payWork", ([5],), "CampaignEscrowNothingDue"),
        Case(safe, "releaseWork", ([5],), "CampaignEscrowNothingDue"),
        Case(safe, "withdrawCredit", (STRANGER,), "CampaignEscrowNoCredit"),
        Case(safe, "deliverCredit", ("bob",), "CampaignEscrowNoCredit"),
        Case(safe, "expireCredit", ("bob",), "CampaignEscrowNoCredit"),
        Case(safe, "deliver", ("bob", 1), "CampaignEscrowNotSelf"),
        Case(safe, "beginDispute", (1, "bob", 1, 0, 3), "CampaignEscrowNotDesk"),
        Case(safe, "payJuror", (1, "bob", 1), "CampaignEscrowNotDesk"),
        Case(safe, "poolJurors", (1,), "CampaignEscrowNotDesk"),
        # disputes: submission 1's is settled, 2's and 3's are open, 4 is rejected, 5 in review
        Case(desk, "setTerms", ("TERMS",), unauthorized),
        Case(desk, "setAuthority", (STRANGER,), unauthorized),
        Case(desk, "settle", (1, 1, 1), "DisputeDeskNotEscrow"),
        Case(desk, "challenge", (9, BOND, DIGEST), "CampaignEscrowUnknownSubmission"),
        Case(desk, "challenge", (5, BOND, bytes(32)), "DisputeDeskNoDigest"),
        Case(desk, "challenge", (5, BOND, DIGEST), "DisputeDeskWrongCost", value=1),
        Case(desk, "challenge", (5, BOND, DIGEST), "CampaignEscrowWrongStatus"),
        Case(desk, "contest", (2, BOND, DIGEST), "CampaignEscrowWrongStatus", "dave"),
        Case(desk, "contest", (4, BOND, DIGEST), "CampaignEscrowNotWorker"),
        Case(desk, "contest", (4, BOND, DIGEST), "ERC20InsufficientAllowance", "carol"),
        Case(desk, "uphold", (4, BOND, DIGEST), "DisputeDeskUnknownDispute"),
        Case(desk, "uphold", (2, BOND, DIGEST), "CampaignEscrowWrongStatus"),
        Case(desk, "submitEvidence", (5, DIGEST), "DisputeDeskUnknownDispute"),
        Case(desk, "submitEvidence", (2, bytes(32)), "DisputeDeskNoDigest"),
        Case(desk, "submitEvidence", (1, DIGEST), "DisputeDeskNotOpen"),
        Case(desk, "rule", (2, 1), "DisputeDeskNotArbitrator"),
        Case(desk, "rule", (1, 1), "DisputeDeskNotOpen", "jury"),
        Case(desk, "payJurors", (5, ["bob"]), "DisputeDeskUnknownDispute"),
        Case(desk, "payJurors", (2, ["bob"]), "DisputeDeskNothingDue"),
        Case(desk, "payJurors", (1, ["bob", "erin"]), "DisputeDeskNothingDue"),
        Case(desk, "expireJurors", (5,), "DisputeDeskUnknownDispute"),
        Case(desk, "expireJurors", (2,), "DisputeDeskNothingDue"),
        Case(desk, "expireJurors", (1,), "DisputeDeskJurorsAlive"),
        # the jury: case 1 was executed, 2 can be revealed, 3 takes commitments
        Case(jury, "setAuthority", (STRANGER,), unauthorized),
        Case(jury, "admit", (STRANGER,), unauthorized),
        Case(jury, "createDispute", (2, b""), "JuryNotAdmitted"),
        Case(jury, "createDispute", (2, b""), "JuryCostsNothing", "desk", value=1),
        Case(jury, "createDispute", (3, b""), "JuryBadChoices", "desk"),
        Case(jury, "appeal", (1, b""), "JuryNoAppeal"),
        Case(jury, "commit", (9, DIGEST), "JuryUnknownDispute"),
        Case(jury, "commit", (2, DIGEST), "JuryNotCommitting"),
        Case(jury, "commit", (3, bytes(32)), "JuryEmptyCommitment"),
        Case(jury, "commit", (3, DIGEST), "JuryParty", "dave"),
        Case(jury, "commit", (3, DIGEST), "JuryNoWeight", "stranger"),
        Case(jury, "reveal", (9, "bob", 1, DIGEST), "JuryUnknownDispute"),
        Case(jury, "reveal", (3, "bob", 1, DIGEST), "JuryNotRevealing"),
        Case(jury, "reveal", (2, "bob", 3, DIGEST), "JuryBadRuling"),
        Case(jury, "reveal", (2, "bob", 2, DIGEST), "JuryOtherCommitment"),
        Case(jury, "executeRuling", (9,), "JuryUnknownDispute"),
        Case(jury, "executeRuling", (2,), "JuryNotExecutable"),
        Case(jury, "executeRuling", (1,), "JuryNotExecutable"),
        # reputation, documents
        Case("Reputation", "awardMany", (["bob"], [1]), unauthorized),
        Case("Reputation", "setAuthority", (STRANGER,), unauthorized),
        Case("Reputation", "delegate", ("bob",), "ReputationNotDelegable"),
        Case("Reputation", "delegateBySig", ("bob", *SIGNATURE[1:]), "ReputationNotDelegable"),
        # needs and content
        Case("NeedsBoard", "post", (bytes(32),), "NeedsBoardNoNeed"),
        Case("NeedsBoard", "back", ([DIGEST], []), "NeedsBoardListsDiffer"),
        Case("NeedsBoard", "back", ([DIGEST], [101]), "NeedsBoardTooMuch"),
        Case("NeedsBoard", "answer", (DIGEST, 1, 0, 0, bytes(32)), unauthorized),
        Case("NeedsBoard", "answer", (bytes(32), 1, 0, 0, bytes(32)), "NeedsBoardNoNeed", "treasury"),
        Case("NeedsBoard", "setAuthority", (STRANGER,), unauthorized),
        *(Case(content, name, arguments, unauthorized) for name, arguments in RESTRICTED),
        Case(content, "addBrand", (1, 0, bytes(32)), "ContentRegistryNoDigest", "treasury"),
        Case(content, "addPlan", (5, 9, DIGEST, 0), "ContentRegistryBadParent", "treasury"),
        Case(content, "retireClaim", (9,), "ContentRegistryUnknownEntry", "treasury"),
        Case(content, "addAsset", (0, DIGEST, 64, 0), "ContentRegistryUnknownTerms"),
        Case(content, "addAsset", (9, DIGEST, 4, 0), "ContentRegistryUnknownAsset"),
        Case(content, "retireAsset", (9,), "ContentRegistryUnknownAsset"),
        *(Case(*told) for told in ROOMS),
        # documents
        Case("DocumentLog", "publish", (b"",), "DocumentLogEmpty"),
        Case("DocumentLog", "publish", (b"x" * 16_385,), "DocumentLogTooLong"),
        # the token
        Case(token, "approve", (ZERO, 1), "ERC20InvalidSpender"),
        Case(token, "transfer", (ZERO, 1), "ERC20InvalidReceiver"),
        Case(token, "transfer", ("bob", 10**30), "ERC20InsufficientBalance"),
        Case(token, "transferFrom", ("bob", "erin", 1), "ERC20InsufficientAllowance"),
        Case(token, "transferBatch", (["bob"], []), "HolderTokenLengthMismatch"),
        Case(token, "delegate", ("bob",), "HolderVotesExcluded", "treasury"),
        Case(token, "delegateBySig", ("bob", 0, 0, 27, b"\1" * 32, b"\2" * 32), "VotesExpiredSignature"),
        Case(token, "permit", ("bob", "erin", 1, 0, 27, b"\1" * 32, b"\2" * 32), "ERC2612ExpiredSignature"),
        # governance
        Case("HolderGovernor", "propose", (["BOARD"], [0], [b""], "x"), "GovernorInsufficientProposerVotes", "stranger"),
        Case("HolderGovernor", "propose", (["BOARD"], [], [b""], "x"), "GovernorInvalidProposalLength", "alice"),
        Case("HolderGovernor", "castVote", bad_vote, missing),
        Case("HolderGovernor", "castVoteWithReason", (*bad_vote, "x"), missing),
        Case("HolderGovernor", "castVoteWithReasonAndParams", (*bad_vote, "x", b""), missing),
        Case("HolderGovernor", "castVoteBySig", (*bad_vote, "bob", b"\1" * 65), "GovernorInvalidSignature"),
        Case("HolderGovernor", "castVoteWithReasonAndParamsBySig", (*bad_vote, "bob", "x", b"", b"\1" * 65), "GovernorInvalidSignature"),
        *(
            Case("HolderGovernor", f"{verb}(address[],uint256[],bytes[],bytes32)", proposal, missing)
            for verb in ("queue", "execute", "cancel")
        ),
        Case("HolderGovernor", "relay", (STRANGER, 0, b""), governed),
        Case("HolderGovernor", "setLateQuorumSeconds", (1,), governed),
        Case("HolderGovernor", "setProposalThreshold", (1,), governed),
        Case("HolderGovernor", "setVotingDelay", (1,), governed),
        Case("HolderGovernor", "setVotingPeriod", (1,), governed),
        Case("HolderGovernor", "updateQuorumNumerator", (1,), governed),
        Case("HolderGovernor", "updateTimelock", (STRANGER,), "HolderGovernorTreasuryIncluded"),
        Case("HolderGovernor", "onERC721Received", ("bob", "bob", 1, b""), "GovernorDisabledDeposit"),
        Case("HolderGovernor", "onERC1155Received", ("bob", "bob", 1, 1, b""), "GovernorDisabledDeposit"),
        Case("HolderGovernor", "onERC1155BatchReceived", ("bob", "bob", [1], [1], b""), "GovernorDisabledDeposit"),
        # the treasury
        Case("Treasury", "schedule", ("bob", 0, b"", bytes(32), bytes(32), 10**6), timelocked),
        Case("Treasury", "scheduleBatch", (["bob"], [0], [b""], bytes(32), bytes(32), 10**6), timelocked),
        Case("Treasury", "cancel", (DIGEST,), timelocked),
        Case("Treasury", "execute", ("bob", 0, b"", bytes(32), bytes(32)), timelocked),
        Case("Treasury", "executeBatch", (["bob"], [0], [b""], bytes(32), bytes(32)), timelocked),
        Case("Treasury", "updateDelay", (1,), "TimelockUnauthorizedCaller"),
        Case("Treasury", "grantRole", (DIGEST, "bob"), timelocked),
        Case("Treasury", "revokeRole", (DIGEST, "bob"), timelocked),
        Case("Treasury", "renounceRole", (DIGEST, "bob"), "TimelockUnauthorizedCaller"),
        # the roles
        Case("AccessManager", "grantRole", (0, "bob", 0), admin),
        Case("AccessManager", "revokeRole", (0, "bob"), admin),
        Case("AccessManager", "renounceRole", (0, "bob"), "AccessManagerBadConfirmation"),
        Case("AccessManager", "labelRole", (1, "x"), admin),
        Case("AccessManager", "setRoleAdmin", (1, 1), admin),
        Case("AccessManager", "setRoleGuardian", (1, 1), admin),
        Case("AccessManager", "setGrantDelay", (1, 1), admin),
        Case("AccessManager", "setTargetAdminDelay", ("BOARD", 1), admin),
        Case("AccessManager", "setTargetClosed", ("BOARD", True), admin),
        Case("AccessManager", "setTargetFunctionRole", ("BOARD", [b"\1\2\3\4"], 1), admin),
        Case("AccessManager", "updateAuthority", ("BOARD", STRANGER), admin),
        Case("AccessManager", "multicall", ([b"\1\2\3\4"],), "FailedCall"),
        Case("AccessManager", "schedule", ("BOARD", b"\1\2\3\4", 0), "AccessManagerUnauthorizedCall"),
        Case("AccessManager", "execute", ("BOARD", b"\1\2\3\4"), "AccessManagerUnauthorizedCall"),
        Case("AccessManager", "cancel", ("bob", "BOARD", b"\1\2\3\4"), "AccessManagerNotScheduled"),
        Case("AccessManager", "consumeScheduledOp", ("bob", b""), "Unknown"),
        # a wrapper
        Case("VotesWrapper", "approve", (ZERO, 1), "ERC20InvalidSpender"),
        Case("VotesWrapper", "transfer", (ZERO, 1), "ERC20InvalidReceiver"),
        Case("VotesWrapper", "transferFrom", ("bob", "erin", 1), "ERC20InsufficientAllowance"),
        Case("VotesWrapper", "depositFor", ("erin", 1), "ERC20InsufficientAllowance"),
        Case("VotesWrapper", "withdrawTo", ("erin", 1), "ERC20InsufficientBalance"),
        Case("VotesWrapper", "delegate", ("bob",), "HolderVotesExcluded", "treasury"),
        Case("VotesWrapper", "delegateBySig", ("bob", 0, 0, 27, b"\1" * 32, b"\2" * 32), "VotesExpiredSignature"),
        Case("VotesWrapper", "permit", ("bob", "erin", 1, 0, 27, b"\1" * 32, b"\2" * 32), "ERC2612ExpiredSignature"),
    ]  # fmt: skip
    return found


CASES = _cases()
# A batch skips what is bad, and the treasury takes whatever token it is sent.
NEVER_REFUSED = [
    Case("IdeaBoard", "castBallotsBySig", ([],), ""),
    Case("Treasury", "onERC721Received", ("bob", "bob", 1, b""), ""),
    Case("Treasury", "onERC1155Received", ("bob", "bob", 1, 1, b""), ""),
    Case("Treasury", "onERC1155BatchReceived", ("bob", "bob", [1], [1], b""), ""),
]


class Ground:
    """A chain with a round posted, one voted on, one funded, and work in every state."""

    def __init__(self, stage: Stage, wrapped: Dmo) -> None:
        self.stage = stage
        self.chain = stage.chain
        self.wrapped = wrapped

    def dmo(self, contract: str) -> Dmo:
        return self.wrapped if contract == "VotesWrapper" else self.stage.dmo

    def account(self, who: str, contract: str) -> str:
        if who in self.stage.keys:
            return self.stage.address(who)
        if who == "stranger":  # holds nothing but coins
            return str(key(9).address)
        known = {"treasury": "Treasury", "desk": "DisputeDesk", "jury": "Jury"}
        address = self.dmo(contract).address(known[who])
        request = self.chain.transport.request
        request("anvil_impersonateAccount", [address])
        request("anvil_setBalance", [address, hex(10**20)])
        return address

    def value(self, written: Any) -> Any:
        """An argument, with names replaced."""
        dmo = self.stage.dmo
        if isinstance(written, list | tuple):
            return type(written)(self.value(one) for one in written)
        if not isinstance(written, str):
            return written
        if written in self.stage.keys:
            return self.stage.address(written)
        ends_at = record(dmo, "CampaignEscrow", "campaignOf", 1)["ends_at"]
        match written:
            case "BOARD":
                return dmo.address("IdeaBoard")
            case "SOON":
                return ends_at - DAY
            case "TERMS":
                return dmo.read("DisputeDesk", "termsOf", 1)
            case "BOUNTY":
                return _bounty(submit_by=ends_at)
            case "POOR":
                return _bounty(submit_by=ends_at, reward=10**12, bond=10**12)
        return written

    def call(self, case: Case) -> Call:
        at = self.dmo(case.contract).address(case.contract)
        arguments = [self.value(one) for one in case.arguments]
        return make_call(case.contract, at, case.function, arguments, str(case), case.value)

    def send(self, call: Call, sender: str) -> tuple[str, dict[str, object]] | None:
        """Really send it; the error it met, or nothing."""
        request = self.chain.transport.request
        order = {
            "from": sender,
            "to": call.to,
            "data": "0x" + call.data.hex(),
            "value": hex(call.value),
            "gas": hex(10**7),
        }
        tx = request("eth_sendTransaction", [order])
        receipt = self.chain.wait(tx)
        if receipt.is_ok:
            return None
        trace = request("debug_traceTransaction", [tx, {"tracer": "callTracer"}])
        name, arguments = abi.decode_revert(bytes.fromhex(trace.get("output", "0x")[2:]))
        return name, dict(arguments)


def play(stage: Stage) -> None:
    """A campaign funded in round 3, disputes in every state, and round 6 begun."""
    at = Quarrels(stage)
    at.fund()
    at.allow("dave", 10**9)
    at.allow("carol", BOND)
    one = at.disputed(at.rejected())
    stage.round_starts(4)
    at.send("alice", "IdeaBoard", "post", IDEA)
    at.revealed(one)
    at.send("dave", "Jury", "executeRuling", one.dispute_id)
    at.send("dave", "CampaignEscrow", "payWork", [1])
    at.send("dave", "DisputeDesk", "payJurors", 1, [stage.address("bob")])

    stage.round_starts(5)
    at.send("alice", "IdeaBoard", "post", IDEA)
    at.send("alice", "IdeaBoard", "castBallot", 4, [1], [])
    one = at.disputed(at.rejected())
    stage.round_starts(6)
    at.send("alice", "IdeaBoard", "settle", 4, [1], 0)
    for _ in range(2):
        at.send("alice", "IdeaBoard", "post", IDEA)
    at.send("alice", "IdeaBoard", "withdraw", 6, 2)
    stage.reach(max(one.commit_until, stage.chain.now() + 1))
    at.disputed(at.rejected())
    at.rejected("carol")
    at.submitted()
