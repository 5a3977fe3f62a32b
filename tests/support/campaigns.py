"""A deployed escrow with people, and short ways to act on it.

Amounts are ints in units of the budget token, times Unix seconds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from brownie import ZERO_ADDRESS, accounts, web3

from dmo.deploy.roles import ROLES, restricted
from tests.support import clock, coverage_calls
from tests.support.models import escrow_facts as model
from tests.support.models.disputes import bond_of

DAY = 86_400
AWARDER = ROLES["awarder"].number

REVIEW, ANSWER, CHALLENGE, ARBITRATION, NOTICE = 5 * DAY, 3 * DAY, 4 * DAY, 9 * DAY, 2 * DAY
TERMS = model.Terms(REVIEW, ANSWER, CHALLENGE, ARBITRATION, NOTICE)
LIFE = TERMS.life
HALT, SHORTEST_WINDOW = 7 * DAY, 1 * DAY
ROUND = 7 * DAY
HALF_LIFE = 180 * DAY
DURATION = 30 * DAY

STATUS = ("None", "Review", "Accepted", "Rejected", "Contested", "Disputed", "Payable", "Void", "Done")
POINTS_PER_TOKEN = 10**18
# No terms of these worlds are refused for their least stake, unless a test asks for a bound of its own.
LARGEST_LEAST_BOND = 2**80 - 1
EMPTY = "0x" + "00" * 32
# What the desk tells of work that nobody disputed.
NO_DISPUTE = {
    "opener": ZERO_ADDRESS,
    "until": 0,
    "termsId": 0,
    "ruling": 0,
    "isRuled": False,
    "isChallenge": False,
    "isSettled": False,
    "lead": ZERO_ADDRESS,
    "settledAt": 0,
    "pullsFrom": 0,
    "upholder": ZERO_ADDRESS,
    "disputeID": 0,
    "bond": 0,
    "pot": 0,
    "potWhole": 0,
    "sharesTotal": 0,
}


def digest(text: str) -> str:
    """Return the sha2-256 of a text, as the escrow takes it."""
    return "0x" + hashlib.sha256(text.encode()).hexdigest()


EVIDENCE, BETTER, BRIEF, REASON, LESSONS, STATEMENT, META_EVIDENCE = map(
    digest, ("evidence", "better", "brief", "reason", "lessons", "statement", "meta-evidence")
)


def path(sha256: str) -> str:
    """Return the path of a digest as ERC-1497 events carry it."""
    return "/ipfs/f01551220" + sha256[2:]


def terms(**changes: Any) -> tuple[Any, ...]:
    """Return terms as the desk takes them, the defaults with these changes."""
    measures = {
        "reviewSeconds": REVIEW,
        "answerSeconds": ANSWER,
        "challengeSeconds": CHALLENGE,
        "arbitrationSeconds": ARBITRATION,
        "noticeSeconds": NOTICE,
        "disputeBondBps": 1000,
        "disputeBondMin": 0,
    }
    values = {
        "arbitrator": ZERO_ADDRESS,
        "paysJurors": False,
        "metaEvidence": META_EVIDENCE,
        "arbitratorExtraData": b"",
    }
    assert set(changes) <= measures.keys() | values.keys()
    return (
        tuple(changes.get(name, value) for name, value in measures.items()),
        *(changes.get(name, value) for name, value in values.items()),
    )


@dataclass
class World:
    """The escrow, its neighbours, and people by role."""

    manager: Any
    token: Any
    reputation: Any
    desk: Any
    escrow: Any
    unit: int
    governance: Any = field(default_factory=lambda: accounts[0])
    board: Any = field(default_factory=lambda: accounts[1])
    guardian: Any = field(default_factory=lambda: accounts[2])
    lead: Any = field(default_factory=lambda: accounts[3])
    worker: Any = field(default_factory=lambda: accounts[4])
    other: Any = field(default_factory=lambda: accounts[5])
    stranger: Any = field(default_factory=lambda: accounts[6])
    treasury: Any = field(default_factory=lambda: accounts[7])
    giver: Any = field(default_factory=lambda: accounts[8])

    @property
    def people(self) -> list[Any]:
        """Everyone who may hold budget tokens."""
        return [
            *(self.governance, self.board, self.guardian, self.lead, self.worker),
            *(self.other, self.stranger, self.treasury, self.giver, accounts[9]),
        ]

    # -- acts, with defaults ----------------------------------------------------------------------

    def mint(self, account: Any, amount: int) -> None:
        """Give budget tokens to an account, and the escrow its approval."""
        self.token.mint(account, amount, {"from": self.governance})
        self.token.approve(self.escrow, 2**255, {"from": account})

    def fill(self, amount: int) -> None:
        """Pay freshly minted money into the pool, as governance before the hand-over."""
        self.mint(self.governance, amount)
        self.escrow.deposit(amount, {"from": self.governance})

    def seed(self, **changes: Any) -> tuple[Any, ...]:
        """Return what the board hands over, the defaults with these changes."""
        values = {
            "round": 1,
            "number": 1,
            "lead": self.lead,
            "ask": 1_000 * self.unit,
            "feeBps": 1_000,
            "durationSeconds": DURATION,
        }
        assert set(changes) <= set(values)
        return tuple((values | changes).values())

    def fund(self, **changes: Any) -> int:
        """Fund one campaign; returns its id."""
        tx = self.escrow.fund([self.seed(**changes)], {"from": self.board})
        return tx.events["CampaignFunded"]["campaign"]

    def params(self, campaign: int, **changes: Any) -> tuple[Any, ...]:
        """Return a bounty's parameters, the defaults with these changes."""
        values = {
            "campaign": campaign,
            "reward": 100 * self.unit,
            "bond": 10 * self.unit,
            "submitBy": 0,
            "slots": 2,
            "isGift": False,
            "worker": ZERO_ADDRESS,
            "brief": BRIEF,
        }
        assert set(changes) <= set(values)
        values |= changes
        if values["submitBy"] == 0:
            values["submitBy"] = min(clock.now() + 10 * DAY, self.escrow.campaignOf(campaign)["endsAt"])
        return tuple(values.values())

    def post(self, campaign: int, by: Any = None, **changes: Any) -> int:
        """Post a bounty; returns its id."""
        params = self.params(campaign, **changes)
        tx = self.escrow.postBounty(params, {"from": by or self.lead})
        return tx.events["BountyPosted"]["bounty"]

    def submit(
        self, bounty: int, by: Any = None, payees: Any = (), evidence: str = EVIDENCE, amount: int | None = None
    ) -> int:
        """Submit work, with exactly the bond unless another amount is said; returns its id."""
        bond = self.escrow.bountyOf(bounty)["bond"] if amount is None else amount
        tx = self.escrow.submitWork(bounty, evidence, list(payees), bond, {"from": by or self.worker})
        return tx.events["WorkSubmitted"]["submission"]

    def accept(self, work: int, evidence: str = EVIDENCE) -> Any:
        return self.escrow.acceptWork(work, evidence, {"from": self.lead})

    def reject(self, work: int, evidence: str = EVIDENCE) -> Any:
        return self.escrow.rejectWork(work, evidence, REASON, {"from": self.lead})

    def pay(self, *works: int, by: Any = None) -> Any:
        return self.escrow.payWork(list(works), {"from": by or self.stranger})

    def accept_and_pay(self, work: int, evidence: str = EVIDENCE) -> Any:
        """Accept, wait, pay."""
        self.accept(work, evidence)
        clock.pass_time(CHALLENGE)
        return self.pay(work)

    def begin_round(self) -> None:
        """Wait until all that was accepted is payable, and a round of points has just begun."""
        clock.pass_time(CHALLENGE)
        clock.reach(self.reputation.boundaryOf(clock.now()) + ROUND)

    def set_terms(self, **changes: Any) -> int:
        """Set terms for campaigns funded from now on, the defaults with these changes."""
        tx = self.desk.setTerms(terms(**changes), {"from": self.governance})
        return tx.events["TermsSet"]["termsId"]

    def stake(self, work: int) -> int:
        """Return what challenging, contesting or upholding takes."""
        works, terms_id = self.escrow, self._terms_id(work)
        reward = works.bountyOf(works.submissionOf(work)["bounty"])["reward"]
        measures = self.desk.termsOf(terms_id)["measures"]
        return bond_of(reward, measures[5], measures[6])

    def _terms_id(self, work: int) -> int:
        bounty = self.escrow.bountyOf(self.escrow.submissionOf(work)["bounty"])
        return self.escrow.campaignOf(bounty["campaign"])["termsId"]

    def challenge(
        self, work: int, by: Any = None, value: int = 0, amount: int | None = None, statement: str = STATEMENT
    ) -> Any:
        """Challenge an acceptance, with exactly the stake unless another amount is said."""
        stake = self.stake(work) if amount is None else amount
        return self.desk.challenge(work, stake, statement, {"from": by or self.stranger, "value": value})

    def contest(self, work: int, by: Any = None, amount: int | None = None, statement: str = STATEMENT) -> Any:
        """Contest a rejection."""
        stake = self.stake(work) if amount is None else amount
        return self.desk.contest(work, stake, statement, {"from": by or self.worker})

    def uphold(
        self, work: int, by: Any = None, value: int = 0, amount: int | None = None, statement: str = STATEMENT
    ) -> Any:
        """Uphold a contested rejection."""
        stake = self.stake(work) if amount is None else amount
        return self.desk.uphold(work, stake, statement, {"from": by or self.lead, "value": value})

    def dispute(self, work: int, by: Any = None, upholder: Any = None, value: int = 0) -> Any:
        """Bring work before the arbitrator: its acceptance challenged, or its rejection contested and upheld."""
        status = self.status(work)
        if status not in ("Rejected", "Contested"):
            return self.challenge(work, by, value)
        if status == "Rejected":
            self.contest(work, by)
        return self.uphold(work, upholder, value)

    def file_lessons(self, campaign: int, by: Any = None, lessons: str = LESSONS) -> Any:
        """File lessons, with exactly the bond."""
        lead = by or self.lead
        facts = self.escrow.campaignOf(campaign)
        measures = self.desk.termsOf(facts["termsId"])["measures"]
        fee = facts["ask"] * facts["feeBps"] // 10_000
        gross = fee * facts["votedPaid"] // max(1, facts["ask"] - fee)
        stints = self.escrow.stintsOf(campaign)
        before, booked = (stints[-1][3] if stints else 0), sum(stint[2] for stint in stints)
        earned = min(max(0, gross - before - facts["leadTaken"]), fee - facts["feeTaken"] - booked)
        bond = bond_of(earned, measures[5], measures[6])
        return self.escrow.fileLessons(campaign, lessons, bond, {"from": lead})

    def release(self, *works: int) -> Any:
        return self.escrow.releaseWork(list(works), {"from": self.stranger})

    # -- reading ----------------------------------------------------------------------------------

    def books(self) -> dict[str, int]:
        return dict(self.escrow.books().dict())

    def status(self, work: int) -> str:
        return STATUS[self.escrow.statusOf(work)]

    def points(self, account: Any) -> int:
        """Return points as awarded (WAD), summed from the log so that fading plays no part."""
        topics = [
            web3.keccak(text="PointsAwarded(address,uint256,uint256)").to_0x_hex(),
            "0x" + str(account)[2:].lower().zfill(64),
        ]
        query = {"fromBlock": 0, "address": self.reputation.address, "topics": topics}
        return sum(int.from_bytes(log["data"][:32]) for log in web3.eth.get_logs(query))

    @coverage_calls.untraced()
    def check_books(self, donated: int = 0) -> None:
        """Check E1 to E5 (see tests/invariants/test_escrow_machine.py) from plain calls."""
        books = self.books()
        campaigns, bounties, works = self.escrow.counts()
        assert books["received"] == books["paid"] + books["refunded"] + books["held"]
        assert books["bondsReceived"] == books["bondsPaid"] + books["bondsHeld"]
        balance = self.token.balanceOf(self.escrow)
        assert balance == books["held"] + books["bondsHeld"] + donated
        held, bonds = books["pool"], 0
        for i in range(1, campaigns + 1):
            c = self.escrow.campaignOf(i)
            fee = c["ask"] * c["feeBps"] // 10_000
            held += c["ask"] - fee - c["votedUsed"] + c["giftFree"]
            if not c["isFeeSettled"]:
                held += fee - c["feeTaken"]
        for i in range(1, bounties + 1):
            b = self.escrow.bountyOf(i)
            held += b["freeSlots"] * b["reward"]
        for i in range(1, works + 1):
            dispute = self.desk.disputeOf(i)
            stakes = 1 if dispute["upholder"] == ZERO_ADDRESS else 2
            held += dispute["pot"]
            if self.status(i) != "Done":
                b = self.escrow.bountyOf(self.escrow.submissionOf(i)["bounty"])
                held += b["reward"]
                bonds += b["bond"] + stakes * dispute["bond"]
        held += sum(self.escrow.creditOf(account)["amount"] for account in self.people)
        assert held == books["held"]
        assert bonds == books["bondsHeld"]


def rejected_work(world: World) -> int:
    """Submit work to a new campaign, and reject it; returns its id."""
    work = world.submit(world.post(world.fund()))
    world.reject(work)
    return work


def end(world: World, work: int) -> None:
    """Pay work that is to be paid, release other work."""
    (world.pay if world.status(work) == "Payable" else world.release)(work)


def worth(world: World, *people: Any) -> int:
    """Return what these people have, credits included."""
    return sum(world.token.balanceOf(person) + world.escrow.creditOf(person)["amount"] for person in people)


def deploy_world(
    project: Any, token: Any, unit: int, first_terms: tuple[Any, ...] = (), rate: int = POINTS_PER_TOKEN
) -> World:
    """Deploy manager, reputation, desk and escrow around a token; nobody owns anything yet."""
    governance = {"from": accounts[0]}
    manager = project.AccessManager.deploy(accounts[0], governance)
    reputation = project.Reputation.deploy(manager, HALF_LIFE, clock.now(), ROUND, governance)
    desk, escrow = deploy_escrow(project, manager, token, reputation, first_terms, rate=rate)
    targets = {"CampaignEscrow": escrow, "Reputation": reputation}
    members = {"funder": accounts[1], "awarder": escrow, "guardian": accounts[2]}
    for name, account in members.items():
        manager.grantRole(ROLES[name].number, account, 0, governance)
    for (contract, function), role in restricted().items():
        if contract in targets and role in members:
            target, number = targets[contract], ROLES[role].number
            selectors = [getattr(target, function).signature]
            manager.setTargetFunctionRole(target, selectors, number, governance)
    return World(manager, token, reputation, desk, escrow, unit)


def deploy_escrow(
    project: Any,
    manager: Any,
    token: Any,
    reputation: Any,
    first_terms: tuple[Any, ...] = (),
    largest: int = LARGEST_LEAST_BOND,
    rate: int = POINTS_PER_TOKEN,
) -> tuple[Any, Any]:
    """Deploy a desk and an escrow that name each other."""
    deployer = accounts[0]
    escrow_address = deployer.get_deployment_address(deployer.nonce + 1)
    desk = project.DisputeDesk.deploy(
        manager, escrow_address, SHORTEST_WINDOW, largest, first_terms or terms(), {"from": deployer}
    )
    frame = (token, accounts[7], reputation, desk, HALT, rate)
    escrow = project.CampaignEscrow.deploy(manager, frame, {"from": deployer})
    assert escrow == escrow_address
    return desk, escrow
