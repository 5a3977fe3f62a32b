"""Every action of every contract as a call, and what is read, against a node that is a table."""

from __future__ import annotations

from typing import Any

import pytest

from dmo.client import (
    campaigns,
    disputes,
    documents,
    escrow,
    governance,
    ideas,
    lens,
    reputation,
    tokens,
)
from dmo.client.escrow import Status
from dmo.client.governance import Support
from dmo.core import abi
from dmo.core.calls import Call
from dmo.core.errors import BadInput, NetworkError, NotFound, Refused
from dmo.home.ballots import Ballot, Choice, SignedBallot, pack
from tests.support.node import ADDRESSES, ALICE, BOB, OFFLINE, Node, dmo_on, log

D = b"\x07" * 32
ZERO = "0x" + "00" * 20
INNER = campaigns.withdraw_pool(OFFLINE, 5)
BALLOT = SignedBallot(Ballot(ALICE, 1, 9, (Choice(1, True),)), b"sig")
TERMS = campaigns.Terms(
    campaigns.Windows(5, 3, 3, 7, 2), 1000, 1, ALICE, True, D, arbitrator_extra_data=b"court"
)
PRICE = disputes.Price(1, 5, 0, ADDRESSES["Jury"], False, ALICE, BOB)
OPERATION = governance.Operation(D, (INNER,), bytes(32), D, 9)

CALLS: list[tuple[Call, str, str]] = [
    (ideas.post(OFFLINE, ideas.IdeaParams(D, 9, 60), "A"), "IdeaBoard", "post"),
    (ideas.edit(OFFLINE, 1, 2, ideas.IdeaParams(D, 9, 60)), "IdeaBoard", "edit"),
    (ideas.withdraw(OFFLINE, 1, 2), "IdeaBoard", "withdraw"),
    (ideas.cast_ballot(OFFLINE, 1, [Choice(2, False), Choice(1, True)]), "IdeaBoard", "castBallot"),
    (ideas.cast_signed_ballots(OFFLINE, [BALLOT]), "IdeaBoard", "castBallotsBySig"),
    (ideas.cast_signed_ballot(OFFLINE, BALLOT), "IdeaBoard", "castBallotBySig"),
    (ideas.settle(OFFLINE, 1, [2, 1]), "IdeaBoard", "settle"),
    (ideas.set_rules(OFFLINE, ideas.Rules(900, 400, 10)), "IdeaBoard", "setRules"),
    (ideas.halt(OFFLINE), "IdeaBoard", "halt"),
    (campaigns.deposit(OFFLINE, 5), "CampaignEscrow", "deposit"),
    (campaigns.withdraw_pool(OFFLINE, 5), "CampaignEscrow", "withdrawPool"),
    (campaigns.set_terms(OFFLINE, TERMS), "DisputeDesk", "setTerms"),
    (campaigns.halt(OFFLINE), "CampaignEscrow", "halt"),
    (campaigns.top_up(OFFLINE, 1, 5), "CampaignEscrow", "topUp"),
    (campaigns.end_early(OFFLINE, 1, 5), "CampaignEscrow", "endEarly"),
    (campaigns.replace_lead(OFFLINE, 1, BOB), "CampaignEscrow", "replaceLead"),
    (campaigns.file_lessons(OFFLINE, 1, D), "CampaignEscrow", "fileLessons"),
    (campaigns.close_campaign(OFFLINE, 1), "CampaignEscrow", "closeCampaign"),
    (
        campaigns.post_bounty(OFFLINE, campaigns.BountyParams(1, 10, 1, 99, 2, D)),
        "CampaignEscrow",
        "postBounty",
    ),
    (campaigns.cancel_bounty(OFFLINE, 1), "CampaignEscrow", "cancelBounty"),
    (campaigns.reclaim_bounty(OFFLINE, 1), "CampaignEscrow", "reclaimBounty"),
    (
        campaigns.submit_work(OFFLINE, 1, D, [campaigns.Payee(ALICE, 10_000)]),
        "CampaignEscrow",
        "submitWork",
    ),
    (campaigns.rework_work(OFFLINE, 1, D), "CampaignEscrow", "reworkWork"),
    (campaigns.withdraw_work(OFFLINE, 1), "CampaignEscrow", "withdrawWork"),
    (campaigns.accept_work(OFFLINE, 1, D), "CampaignEscrow", "acceptWork"),
    (campaigns.reject_work(OFFLINE, 1, D, D), "CampaignEscrow", "rejectWork"),
    (campaigns.pay_work(OFFLINE, [1, 2]), "CampaignEscrow", "payWork"),
    (campaigns.release_work(OFFLINE, [1, 2]), "CampaignEscrow", "releaseWork"),
    (campaigns.withdraw_credit(OFFLINE, BOB), "CampaignEscrow", "withdrawCredit"),
    (campaigns.expire_credit(OFFLINE, BOB), "CampaignEscrow", "expireCredit"),
    (disputes.open_dispute(OFFLINE, PRICE, D), "DisputeDesk", "openDispute"),
    (disputes.submit_evidence(OFFLINE, 1, D), "DisputeDesk", "submitEvidence"),
    (disputes.pay_jurors(OFFLINE, 1, [ALICE, BOB]), "DisputeDesk", "payJurors"),
    (disputes.expire_jurors(OFFLINE, 1), "DisputeDesk", "expireJurors"),
    (disputes.commit_ruling(OFFLINE, 1, D), "Jury", "commit"),
    (disputes.reveal_ruling(OFFLINE, 1, ALICE, disputes.Ruling.PAY, D), "Jury", "reveal"),
    (disputes.execute_ruling(OFFLINE, 1), "Jury", "executeRuling"),
    (documents.publish(OFFLINE, b"text", "A"), "DocumentLog", "publish"),
    (governance.propose(OFFLINE, [INNER], "Title\nbody"), "HolderGovernor", "propose"),
    (governance.cast_vote(OFFLINE, 7, Support.FOR), "HolderGovernor", "castVote"),
    (governance.cast_vote(OFFLINE, 7, Support.FOR, "why"), "HolderGovernor", "castVoteWithReason"),
    (governance.queue(OFFLINE, [INNER], "T"), "HolderGovernor", "queue"),
    (governance.execute(OFFLINE, [INNER], "T"), "HolderGovernor", "execute"),
    (governance.cancel(OFFLINE, [INNER], "T"), "HolderGovernor", "cancel"),
    (governance.execute_operation(OFFLINE, OPERATION), "TimelockController", "executeBatch"),
    (governance.grant_role(OFFLINE, 3, BOB), "AccessManager", "grantRole"),
    (governance.revoke_role(OFFLINE, 3, BOB), "AccessManager", "revokeRole"),
    (tokens.delegate(OFFLINE, BOB), "HolderToken", "delegate"),
    (tokens.transfer_batch(OFFLINE, [ALICE], [5]), "HolderToken", "transferBatch"),
    (tokens.wrap(OFFLINE, ALICE, 5), "VotesWrapper", "depositFor"),
    (tokens.unwrap(OFFLINE, ALICE, 5), "VotesWrapper", "withdrawTo"),
]
NOT_FOR_PEOPLE = {
    ("IdeaBoard", "setAuthority"),
    ("IdeaBoard", "castSelf"),
    ("CampaignEscrow", "setAuthority"),
    ("CampaignEscrow", "beginDispute"),
    ("CampaignEscrow", "payJuror"),
    ("CampaignEscrow", "poolJurors"),
    ("DisputeDesk", "setAuthority"),
    ("DisputeDesk", "settle"),
    ("DisputeDesk", "rule"),
    ("Jury", "setAuthority"),
    ("Jury", "createDispute"),
    ("Jury", "appeal"),
    ("CampaignEscrow", "fund"),
    ("CampaignEscrow", "deliver"),
}


@pytest.mark.parametrize(("call", "contract", "function"), CALLS, ids=[row[2] for row in CALLS])
def test_an_intention_becomes_the_right_call(call: Call, contract: str, function: str) -> None:
    name, arguments = call.decoded()
    assert (call.contract, name) == (contract, function)
    assert call.to.lower() == ADDRESSES[contract]
    assert call.value == 0
    assert call.description
    assert not call.description.endswith(".")
    assert all(arguments)
    assert set(call.calldata()) == {"to", "value", "data", "description"}


def test_every_action_of_our_contracts_can_be_called() -> None:
    covered = {(row[1], row[2]) for row in CALLS} | NOT_FOR_PEOPLE
    for contract in ("IdeaBoard", "CampaignEscrow", "DisputeDesk", "Jury", "DocumentLog"):
        for item in abi.load(contract):
            if item.kind == "function" and not item.is_read and not item.name.startswith("self"):
                assert (contract, item.name) in covered, (
                    f"no client function for {contract}.{item.name}"
                )


def test_arguments_arrive_as_meant() -> None:
    decoded = {row[2]: row[0].decoded()[1] for row in CALLS}
    assert decoded["castBallot"]["choices"] == [3, 4]
    assert decoded["post"]["params"] == (D, 9, ZERO, 60, 0, 0, 0)
    assert decoded["postBounty"]["params"] == (1, 10, 1, 99, 2, False, ZERO, D)
    assert decoded["submitWork"]["payees"][0][1] == 10_000
    assert decoded["castBallotsBySig"]["ballots"][0][3:] == ([3], b"sig")
    windows, *rest = decoded["setTerms"]["newTerms"]
    assert windows == (5, 3, 3, 7, 2)
    assert [rest[0], rest[1], rest[2].lower(), *rest[3:]] == [1000, 1, ALICE, True, D, b"court"]


def test_descriptions_speak_in_tokens() -> None:
    from dmo.core.explain import Words

    words = Words(18, "VOTE", 6, "USDX")
    assert campaigns.deposit(OFFLINE, 2_500_000, words).description == "Pay 2.5 USDX into the pool"


def test_refuses_what_cannot_be_called() -> None:
    with pytest.raises(BadInput, match="twice"):
        ideas.cast_ballot(OFFLINE, 1, [Choice(1, True), Choice(1, False)])
    with pytest.raises(BadInput):
        documents.publish(OFFLINE, b"")
    with pytest.raises(BadInput):
        documents.publish(OFFLINE, b"x" * (documents.MAX_BYTES + 1))
    with pytest.raises(BadInput, match="at least one action"):
        governance.propose(OFFLINE, [], "T")
    with pytest.raises(BadInput, match="uint96"):
        ideas.post(OFFLINE, ideas.IdeaParams(D, 2**96, 60))
    with pytest.raises(NetworkError, match="No node"):
        ideas.frame(OFFLINE)


def test_a_proposal_has_the_governors_number() -> None:
    # keccak256(abi.encode(targets, values, calldatas, keccak256(description))), by eth-abi
    import eth_abi
    from eth_utils import keccak

    packed = eth_abi.encode(
        ["address[]", "uint256[]", "bytes[]", "bytes32"],
        [[INNER.to], [0], [INNER.data], keccak(text="T")],
    )
    assert governance.proposal_id([INNER], "T") == int.from_bytes(keccak(packed), "big")


# ── reads ───────────────────────────────────────────────────────────────────────────────────────


def idea_row(number: int, for_: int, against: int, passing: bool) -> Any:
    return (number, (D, ALICE, 900, BOB, 60, 500, 0, 0), (for_, against, 1, False, passing))


def test_reads_the_clock_of_rounds() -> None:
    node = Node()
    node.view("IdeaBoard", "frame", lambda: (1_000_000, 100, 10, 1, 1))
    now = ideas.clock(dmo_on(node), 1_000_450)
    assert now.posting is not None
    assert now.voting is not None
    assert (now.posting.round, now.voting.round) == (5, 4)
    assert [times.round for times in now.settling] == [2, 3]
    early = ideas.clock(dmo_on(node), 999_999)
    assert (early.posting, early.voting, early.settling) == (None, None, ())
    assert ideas.clock(dmo_on(node)).now == node.now


def test_reads_ideas_page_by_page_and_orders_them() -> None:
    node = Node()
    pages = {
        1: ([idea_row(1, 10, 0, True), idea_row(2, 20, 5, True)], 3),
        3: ([idea_row(3, 15, 5, True), idea_row(4, 99, 99, False)], 0),
    }
    node.view("Lens", "ideas", lambda _round, start, _count: pages[start])
    found = ideas.ideas(dmo_on(node), 1)
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert found[0].fee == 45
    assert found[0].builds_on is None
    assert ideas.settlement_order(found) == [2, 1, 3]


def test_reads_ballots_from_the_chain() -> None:
    node = Node()
    words = pack(3, 77, [3, 4])
    raw = log(
        "IdeaBoard", "BallotCast", {"voter": ALICE, "round": 3, "votes": 5, "words": words}, 9
    )
    node.methods["eth_getLogs"] = lambda order: [raw]
    (cast,) = ideas.ballots_of(dmo_on(node), 3)
    assert cast.votes == 5
    assert cast.ballot.choices == (Choice(1, True), Choice(2, False))
    assert (cast.ballot.round, cast.ballot.at, cast.block) == (3, 77, 9)
    node.view("IdeaBoard", "ballotOf", lambda _: (3, 77, [3, 4]))
    assert ideas.ballot_of(dmo_on(node), ALICE).values == [3, 4]


def test_reads_posting_power() -> None:
    node = Node()
    node.view("IdeaBoard", "currentRound", lambda: 2)
    node.view("IdeaBoard", "postingPower", lambda *_: 35)
    node.view("IdeaBoard", "postingThreshold", lambda *_: 10)
    node.view("IdeaBoard", "postedBy", lambda *_: 1)
    power = ideas.posting_power(dmo_on(node), ALICE)
    assert power is not None
    assert power.left == 2


def test_reads_campaigns_bounties_and_submissions() -> None:
    node = Node()
    facts = (ALICE, 500, 1, 2, 1, 1000, 300, 2000, False, 7, 400, 1, 10, 6)
    node.view("Lens", "campaigns", lambda *_: ([(1, facts, 200, 500, 90, 800)], 0))
    (one,) = escrow.campaigns(dmo_on(node))
    assert (one.lead.lower(), one.fee, one.voted_free, one.lessons_until) == (ALICE, 200, 500, 800)
    assert (one.earned, one.lessons, one.fee_taken, one.live) == (90, 6, 10, 1)
    bounty = (10, 1, 1, ZERO, 400, 2, 1, False, D)
    node.view("Lens", "bounties", lambda *_: ([(1, bounty, 350)], 0))
    (offer,) = escrow.bounties(dmo_on(node))
    assert offer.worker is None
    assert offer.is_open(349)
    assert not offer.is_open(350)
    work = (BOB, 1, 300, 1, 0, False, D)
    node.view("Lens", "submissions", lambda *_: ([(1, work, 1, 305)], 0))
    done = escrow.submission(dmo_on(node), 1)
    assert done.status is Status.REVIEW
    assert done.status.text == "review"
    assert escrow.latest_payment(TERMS, done, 301) == 300 + 5 + 3
    assert escrow.latest_payment(TERMS, None, 301, 350) == 350 + 5 + 3


@pytest.mark.parametrize("kind", ["Campaign", "Bounty", "Submission"])
def test_what_is_unknown_is_refused_as_the_escrow_refuses_it(kind: str) -> None:
    pages = {"Campaign": "campaigns", "Bounty": "bounties", "Submission": "submissions"}
    node = Node()
    node.view("Lens", pages[kind], lambda *_: ([], 0))
    with pytest.raises(Refused) as refused:
        getattr(escrow, kind.lower())(dmo_on(node), 9)
    assert refused.value.code == f"CampaignEscrowUnknown{kind}"
    assert refused.value.arguments == {kind.lower(): 9}
    assert f"no {kind.lower()} 9" in refused.value.message


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.ACCEPTED, 305),
        (Status.PAYABLE, 301),
        (Status.DISPUTED, 0),
        (Status.REJECTED, 0),
        (Status.VOID, 0),
        (Status.DONE, 0),
    ],
)
def test_tells_when_work_is_paid_at_the_latest(status: Status, expected: int) -> None:
    work = escrow.Submission(1, BOB, 1, 300, 1, 0, False, D, status, 305)
    assert escrow.latest_payment(TERMS, work, 301) == expected


def test_reads_credit_and_payments() -> None:
    node = Node()
    node.view("CampaignEscrow", "creditOf", lambda _: (9, 4, 100))
    credit = escrow.credit(dmo_on(node), ALICE)
    assert credit.expires_at == 100 + escrow.CREDIT_LIFE
    values = {"campaign": 1, "submission": 2, "payee": ALICE, "amount": 5}
    paid = log("CampaignEscrow", "PayeePaid", values, 3)
    credited = log("CampaignEscrow", "PayeeCredited", values, 2)

    def answer(order: Any) -> list[Any]:
        return [paid] if order["topics"][0][0] == paid["topics"][0] else [credited]

    node.methods["eth_getLogs"] = answer
    assert [one.is_credit for one in escrow.payments(dmo_on(node))] == [True, False]


def test_turns_what_is_due_into_calls() -> None:
    node = Node()
    node.view("Lens", "settlementDue", lambda: (3, [2, 1]))
    node.view("Lens", "payableWork", lambda start, _: ([1, 2], 201) if start == 1 else ([300], 0))
    node.view("Lens", "releasable", lambda *_: ([9], 0))
    node.view("Lens", "reclaimable", lambda *_: ([4], 0))
    node.view("Lens", "closable", lambda *_: ([], 0))
    node.view("Lens", "disputed", lambda *_: ([], 0))
    found = lens.due(dmo_on(node))
    assert found.count == 6
    names = [call.decoded() for call in lens.due_calls(dmo_on(node), found, batch=2)]
    assert [name for name, _ in names] == [
        "settle",
        "payWork",
        "payWork",
        "releaseWork",
        "reclaimBounty",
    ]
    assert names[0][1] == {"round": 3, "numbers": [2, 1]}
    assert names[2][1] == {"submissions": [300]}
    assert lens.Due(None, (), (), (), ()).count == 0


def test_ranks_points() -> None:
    node = Node()
    now = {ALICE: 5, BOB: 8}
    node.methods["eth_getLogs"] = lambda order: [
        log("Reputation", "PointsAwarded", {"account": who, "pointsWad": 10, "stored": 1}, block)
        for block, who in enumerate((ALICE, BOB, ALICE), 1)
    ]
    node.view("Reputation", "getVotes", lambda who: now[who.lower()])
    first, second = reputation.board(dmo_on(node))
    assert (first.rank, first.account.lower(), first.points, first.earned) == (1, BOB, 8, 10)
    assert (second.rank, second.earned) == (2, 20)


def test_growth_doubles_every_half_life() -> None:
    assert [reputation.growth(100, t) for t in (0, 50, 99, 100, 150, 200)] == [
        100,
        150,
        199,
        200,
        300,
        400,
    ]


def test_reads_roles_from_logs() -> None:
    node = Node()
    granted = {"roleId": 3, "account": ALICE, "delay": 0, "since": 1, "newMember": True}
    node.methods["eth_getLogs"] = lambda order: [
        log("AccessManager", "RoleGranted", granted, 1),
        log("AccessManager", "RoleGranted", {**granted, "account": BOB}, 2),
        log("AccessManager", "RoleRevoked", {"roleId": 3, "account": ALICE}, 3),
    ]
    roles = governance.manager_roles(dmo_on(node))
    assert {role: [who.lower() for who in members] for role, members in roles.items()} == {3: [BOB]}


def test_reads_proposals_with_their_calls_in_words() -> None:
    node = Node()
    number = governance.proposal_id([INNER], "T")
    created = {
        "proposalId": number,
        "proposer": ALICE,
        "targets": [INNER.to],
        "values": [0],
        "signatures": [""],
        "calldatas": [INNER.data],
        "voteStart": 1,
        "voteEnd": 2,
        "description": "T",
    }
    node.methods["eth_getLogs"] = lambda order: [log("HolderGovernor", "ProposalCreated", created)]
    for view, answer in (
        ("state", 4),
        ("proposalSnapshot", 1),
        ("proposalDeadline", 2),
        ("proposalEta", 0),
        ("proposalVotes", (1, 2, 3)),
    ):
        node.view("HolderGovernor", view, lambda _, answer=answer: answer)
    one = governance.proposal(dmo_on(node), number)
    assert one.state is governance.State.SUCCEEDED
    assert (one.against, one.in_favour, one.abstain) == (1, 2, 3)
    assert one.calls[0].description == "CampaignEscrow.withdrawPool(amount 5)"
    with pytest.raises(NotFound):
        governance.proposal(dmo_on(node), 1)


def test_finds_a_document_on_the_chain() -> None:
    node = Node()
    published = {"digest": D, "publisher": ALICE, "text": b"hello"}
    node.methods["eth_getLogs"] = lambda order: [log("DocumentLog", "DocumentPublished", published)]
    assert documents.find(dmo_on(node), D) == b"hello"
    node.methods["eth_getLogs"] = lambda order: []
    assert documents.find(dmo_on(node), D) is None
