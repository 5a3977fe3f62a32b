"""Why a contract refuses: what the client says of a call is what the sent transaction met.

For every action of every contract there is at least one case; a function that is added without one
fails `test_every_action_has_a_case`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from dmo import abi
from dmo.calls import Call, make_call
from dmo.client import campaigns, escrow, ideas, tokens
from dmo.client.campaigns import BountyParams
from dmo.client.ideas import IdeaParams
from dmo.deploy.sender import UnlockedSender
from dmo.deployment import Dmo
from dmo.errors import Refused
from dmo.explain import TEXTS, explain
from dmo.replay.artifacts import load
from dmo.senders import KeySender
from tests.support.cli_chain import DAY, Stage, anvil, key

ZERO = "0x" + "00" * 20
STRANGER = "0x00000000000000000000000000000000000000A1"
DIGEST = b"\x11" * 32
OTHER = b"\x22" * 32


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
    known: dict[str, Any] = {
        "digest": DIGEST, "ask": 900 * 10**6, "duration_seconds": 21 * DAY, "fee_bps": 1_000,
    }  # fmt: skip
    return IdeaParams(**{**known, **changes}).as_tuple()


def _bounty(**changes: Any) -> tuple[Any, ...]:
    known: dict[str, Any] = {
        "campaign": 1, "reward": 100 * 10**6, "bond": 10 * 10**6, "submit_by": 0, "slots": 1,
        "brief": DIGEST,
    }  # fmt: skip
    return BountyParams(**{**known, **changes}).as_tuple()


SIGNATURE = (0, 0, 0, 27, b"\x01" * 32, b"\x02" * 32)


def _cases() -> list[Case]:  # one line, one refusal
    # names, BOARD, TERMS … are replaced once the chain stands
    board, safe, token = "IdeaBoard", "CampaignEscrow", "HolderToken"
    unauthorized = "AccessManagedUnauthorized"
    admin = "AccessManagerUnauthorizedAccount"
    timelocked = "AccessControlUnauthorizedAccount"
    ballot = ("carol", 2, 0, [3], b"\x01" * 65)
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
        Case(board, "post", (_idea(duration_seconds=1),), "IdeaBoardDurationOutOfBounds"),
        Case(board, "post", (_idea(builds_on=(9, 9)),), "IdeaBoardUnknownIdea"),
        Case(board, "post", (_idea(),), "IdeaBoardNotEnoughPower", "stranger"),
        Case(board, "edit", (3, 9, _idea()), "IdeaBoardUnknownIdea"),
        Case(board, "edit", (3, 1, _idea()), "IdeaBoardNotAuthor"),
        Case(board, "edit", (1, 1, _idea()), "IdeaBoardFrozen", "alice"),
        Case(board, "withdraw", (3, 9), "IdeaBoardUnknownIdea"),
        Case(board, "withdraw", (3, 1), "IdeaBoardNotAuthor"),
        Case(board, "withdraw", (3, 2), "IdeaBoardWithdrawn", "alice"),
        Case(board, "withdraw", (1, 1), "IdeaBoardFrozen", "alice"),
        Case(board, "castBallot", (1, [3]), "IdeaBoardNotVoting"),
        Case(board, "castBallot", (2, [3]), "IdeaBoardNoVotes", "stranger"),
        Case(board, "castBallot", (2, [99]), "IdeaBoardUnknownIdea"),
        Case(board, "castBallot", (2, [3, 2]), "IdeaBoardChoicesNotAscending"),
        Case(board, "castBallot", (2, list(range(3, 205, 2))), "IdeaBoardTooManyChoices"),
        Case(board, "castBallotBySig", (ballot,), "IdeaBoardBadSignature"),
        Case(board, "settle", (2, [1]), "IdeaBoardNotSettling"),
        Case(board, "settle", (1, [1]), "IdeaBoardSettled"),
        Case(board, "setRules", ((6_000 * 10**6, 400, 10),), unauthorized),
        Case(board, "setAuthority", (STRANGER,), unauthorized),
        Case(board, "halt", (), unauthorized, "alice"),
        # campaigns
        Case(safe, "deposit", (0,), "CampaignEscrowZeroAmount"),
        Case(safe, "deposit", (10**6,), "ERC20InsufficientAllowance"),
        Case(safe, "withdrawPool", (10**6,), unauthorized),
        Case(safe, "setTerms", ("TERMS",), unauthorized),
        Case(safe, "setAuthority", (STRANGER,), unauthorized),
        Case(safe, "fund", ([],), unauthorized),
        Case(safe, "halt", (), unauthorized, "alice"),
        Case(safe, "topUp", (9, 10**6), "CampaignEscrowUnknownCampaign"),
        Case(safe, "topUp", (1, 0), "CampaignEscrowZeroAmount"),
        Case(safe, "endEarly", (9, 1), "CampaignEscrowUnknownCampaign"),
        Case(safe, "endEarly", (1, "SOON"), "CampaignEscrowNotLeadNorGovernance"),
        Case(safe, "replaceLead", (1, STRANGER), unauthorized),
        Case(safe, "fileLessons", (1, DIGEST), "CampaignEscrowNotLead"),
        Case(safe, "fileLessons", (1, DIGEST), "CampaignEscrowNoLessonsNow", "alice"),
        Case(safe, "closeCampaign", (9,), "CampaignEscrowUnknownCampaign"),
        Case(safe, "closeCampaign", (1,), "CampaignEscrowNotEnded"),
        Case(safe, "postBounty", (_bounty(campaign=9),), "CampaignEscrowUnknownCampaign", "alice"),
        Case(safe, "postBounty", ("BOUNTY",), "CampaignEscrowNotLead"),
        Case(safe, "postBounty", ("POOR",), "CampaignEscrowNotEnough", "alice"),
        Case(safe, "cancelBounty", (9,), "CampaignEscrowUnknownBounty"),
        Case(safe, "cancelBounty", (1,), "CampaignEscrowNotLead"),
        Case(safe, "reclaimBounty", (9,), "CampaignEscrowUnknownBounty"),
        Case(safe, "reclaimBounty", (1,), "CampaignEscrowBountyOpen"),
        Case(safe, "submitWork", (9, DIGEST, []), "CampaignEscrowUnknownBounty"),
        Case(safe, "submitWork", (1, bytes(32), []), "CampaignEscrowNoDigest"),
        Case(safe, "submitWork", (1, DIGEST, [("bob", 9_999)]), "CampaignEscrowBadShares"),
        Case(safe, "submitWork", (1, DIGEST, []), "ERC20InsufficientAllowance"),
        Case(safe, "reworkWork", (9, DIGEST), "CampaignEscrowUnknownSubmission"),
        Case(safe, "reworkWork", (1, DIGEST), "CampaignEscrowNotWorker"),
        Case(safe, "reworkWork", (1, DIGEST), "CampaignEscrowWrongStatus", "dave"),
        Case(safe, "withdrawWork", (1,), "CampaignEscrowNotWorker"),
        Case(safe, "acceptWork", (9, DIGEST), "CampaignEscrowUnknownSubmission"),
        Case(safe, "acceptWork", (1, DIGEST), "CampaignEscrowNotLead"),
        Case(safe, "acceptWork", (1, OTHER), "CampaignEscrowOtherEvidence", "alice"),
        Case(safe, "rejectWork", (1, DIGEST, OTHER), "CampaignEscrowNotLead"),
        Case(safe, "rejectWork", (1, DIGEST, bytes(32)), "CampaignEscrowNoDigest", "alice"),
        Case(safe, "payWork", ([9],), "CampaignEscrowNothingDue"),
        Case(safe, "payWork", ([1],), "CampaignEscrowNothingDue"),
        Case(safe, "releaseWork", ([1],), "CampaignEscrowNothingDue"),
        Case(safe, "withdrawCredit", (STRANGER,), "CampaignEscrowNoCredit"),
        Case(safe, "expireCredit", ("bob",), "CampaignEscrowNoCredit"),
        Case(safe, "deliver", ("bob", 1), "CampaignEscrowNotSelf"),
        # the jury
        Case("Jury", "createDispute", (2, b""), unauthorized),
        Case("Jury", "setAuthority", (STRANGER,), unauthorized),
        Case("Jury", "commit", (9, DIGEST), "JuryUnknownDispute"),
        Case("Jury", "commit", (1, bytes(32)), "JuryEmptyCommitment"),
        Case("Jury", "commit", (1, DIGEST), "JuryParty", "alice"),
        Case("Jury", "commit", (1, DIGEST), "JuryNoWeight", "stranger"),
        Case("Jury", "reveal", (1, "bob", 1, DIGEST), "JuryNotRevealing"),
        Case("Jury", "executeRuling", (1,), "JuryNotExecutable"),
        Case("Jury", "appeal", (1, b""), "JuryNoAppeal"),
        # reputation, documents
        Case("Reputation", "award", ("bob", 1), unauthorized),
        Case("Reputation", "setAuthority", (STRANGER,), unauthorized),
        Case("Reputation", "delegate", ("bob",), "ReputationNotDelegable"),
        Case("Reputation", "delegateBySig", ("bob", *SIGNATURE[1:]), "ReputationNotDelegable"),
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
        Case("HolderGovernor", "setLateQuorumVoteExtension", (1,), governed),
        Case("HolderGovernor", "setProposalThreshold", (1,), governed),
        Case("HolderGovernor", "setVotingDelay", (1,), governed),
        Case("HolderGovernor", "setVotingPeriod", (1,), governed),
        Case("HolderGovernor", "updateQuorumNumerator", (1,), governed),
        Case("HolderGovernor", "updateTimelock", (STRANGER,), "HolderGovernorTreasuryIncluded"),
        Case("HolderGovernor", "onERC721Received", ("bob", "bob", 1, b""), "GovernorDisabledDeposit"),
        Case("HolderGovernor", "onERC1155Received", ("bob", "bob", 1, 1, b""), "GovernorDisabledDeposit"),
        Case("HolderGovernor", "onERC1155BatchReceived", ("bob", "bob", [1], [1], b""), "GovernorDisabledDeposit"),
        # the timelock
        Case("TimelockController", "schedule", ("bob", 0, b"", bytes(32), bytes(32), 10**6), timelocked),
        Case("TimelockController", "scheduleBatch", (["bob"], [0], [b""], bytes(32), bytes(32), 10**6), timelocked),
        Case("TimelockController", "cancel", (DIGEST,), timelocked),
        Case("TimelockController", "execute", ("bob", 0, b"", bytes(32), bytes(32)), "TimelockUnexpectedOperationState"),
        Case("TimelockController", "executeBatch", (["bob"], [0], [b""], bytes(32), bytes(32)), "TimelockUnexpectedOperationState"),
        Case("TimelockController", "executeBatch", (["bob"], [], [b""], bytes(32), bytes(32)), "TimelockInvalidOperationLength"),
        Case("TimelockController", "updateDelay", (1,), "TimelockUnauthorizedCaller"),
        Case("TimelockController", "grantRole", (DIGEST, "bob"), timelocked),
        Case("TimelockController", "revokeRole", (DIGEST, "bob"), timelocked),
        Case("TimelockController", "renounceRole", (DIGEST, "bob"), "AccessControlBadConfirmation"),
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
    Case("TimelockController", "onERC721Received", ("bob", "bob", 1, b""), ""),
    Case("TimelockController", "onERC1155Received", ("bob", "bob", 1, 1, b""), ""),
    Case("TimelockController", "onERC1155BatchReceived", ("bob", "bob", [1], [1], b""), ""),
]


class Ground:
    """A chain with a round posted, one voted on, one funded, and work in review."""

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
        address = self.dmo(contract).address({"treasury": "TimelockController"}[who])
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
        ends_at = escrow.campaign(dmo, 1).ends_at
        match written:
            case "BOARD":
                return dmo.address("IdeaBoard")
            case "SOON":
                return ends_at - DAY
            case "TERMS":
                return escrow.terms(dmo, 1).as_tuple()
            case "BOUNTY":
                return _bounty(submit_by=ends_at)
            case "POOR":
                return _bounty(submit_by=ends_at, reward=10**12)
        return written

    def call(self, case: Case) -> Call:
        at = self.dmo(case.contract).address(case.contract)
        arguments = [self.value(one) for one in case.arguments]
        return make_call(case.contract, at, case.function, arguments, str(case), case.value)

    def send(self, call: Call, sender: str) -> tuple[str, dict[str, object]] | None:
        """Really send it; the error it met, or nothing."""
        request = self.chain.transport.request
        order = {"from": sender, "to": call.to, "data": "0x" + call.data.hex(), "gas": hex(10**7)}
        tx = request("eth_sendTransaction", [order])
        receipt = self.chain.wait(tx)
        if receipt.is_ok:
            return None
        trace = request("debug_traceTransaction", [tx, {"tracer": "callTracer"}])
        name, arguments = abi.decode_revert(bytes.fromhex(trace.get("output", "0x")[2:]))
        return name, dict(arguments)


def _open_dispute(stage: Stage) -> str:
    """Deploy a jury beside the deployment and open a dispute that alice is a party of.

    Returns:
        The jury's address.
    """
    by = str(stage.deployer.address)
    sender = UnlockedSender(stage.chain, by)

    def send(data: bytes, to: str | None = None) -> str:
        receipt = stage.chain.wait(sender.send(to, data, stage.chain.nonce(by)))
        assert receipt.is_ok
        return str(receipt.contract_address)

    jury, manager, arbitrable = map(load, ("Jury", "AccessManager", "PlainArbitrable"))
    authority = send(manager.deployment(by))
    disputer = send(arbitrable.deployment())
    frame = {
        "reputation": stage.dmo.address("Reputation"),
        "minPoints": 10**24,
        "commitSeconds": 3 * DAY,
        "revealSeconds": 2 * DAY,
        "quorumBps": 1_000,
    }
    at = send(jury.deployment(authority, stage.dmo.votes_address, [by], frame))
    send(manager.call("setTargetFunctionRole", at, [jury.selector("createDispute")], 4), authority)
    send(manager.call("grantRole", 4, disputer, 0), authority)
    send(arbitrable.call("open", at, 2), disputer)
    send(arbitrable.call("setParty", at, 1, stage.address("alice"), True), disputer)
    return at


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with anvil() as (chain, url):
        stage = Stage(chain, url, tmp_path_factory.mktemp("refusals"))
        dmo = stage.deploy()
        stage.fund()
        second = Stage(chain, url, stage.folder / "second")
        token = dmo.budget_token.address
        wrapped = second.deploy(
            token=f'kind = "wrap"\naddress = "{token}"\nname = "W"\nsymbol = "W"\n', name="wrapped"
        )
        people = {name: KeySender(chain, one) for name, one in stage.keys.items()}
        idea = IdeaParams(DIGEST, 900 * 10**6, 21 * DAY, 1_000)
        stage.round_starts(1)
        people["alice"].send(ideas.post(dmo, idea))
        stage.round_starts(2)
        people["alice"].send(ideas.post(dmo, idea))
        people["alice"].send(ideas.cast_ballot(dmo, 1, [ideas.Choice(1, True)]))
        stage.round_starts(3)
        people["alice"].send(ideas.settle(dmo, 1, [1]))
        for _ in range(2):
            people["alice"].send(ideas.post(dmo, idea))
        people["alice"].send(ideas.withdraw(dmo, 3, 2))
        until = escrow.campaign(dmo, 1).ends_at
        bounty = BountyParams(1, 100 * 10**6, 10 * 10**6, until, 2, DIGEST)
        people["alice"].send(campaigns.post_bounty(dmo, bounty))
        safe = dmo.address("CampaignEscrow")
        people["dave"].send(tokens.approve(dmo.budget_token.address, safe, 10**9))
        people["dave"].send(campaigns.submit_work(dmo, 1, DIGEST))
        dmo.addresses["Jury"] = _open_dispute(stage)
        yield Ground(stage, wrapped)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_client_says_what_the_transaction_meets(ground: Ground, case: Case) -> None:
    call, sender = ground.call(case), ground.account(case.who, case.contract)
    words = ground.stage.dmo.words

    with pytest.raises(Refused) as refusal:
        ground.chain.simulate(call, sender)
    met = ground.send(call, sender)

    assert met is not None
    name, arguments = met
    assert (refusal.value.name, refusal.value.arguments) == (name, arguments)
    assert name == case.error
    assert name in TEXTS
    said = explain(refusal.value.name, refusal.value.arguments, words)
    assert said == explain(name, arguments, words)
    assert said[0]
    assert "{" not in "".join(said)


@pytest.mark.parametrize("case", NEVER_REFUSED, ids=str)
def test_what_is_never_refused_passes(ground: Ground, case: Case) -> None:
    call, sender = ground.call(case), ground.account(case.who, case.contract)
    ground.chain.simulate(call, sender)
    assert ground.send(call, sender) is None


def test_every_action_has_a_case() -> None:
    covered = {(one.contract, one.function.split("(")[0]) for one in [*CASES, *NEVER_REFUSED]}
    actions = {
        (contract, one.name)
        for contract in abi.names()
        if contract != "ERC20"
        for one in abi.load(contract)
        if one.kind == "function" and not one.is_read
    }
    assert actions - covered == set()
