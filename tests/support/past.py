"""A small made-up history, for tests of the report that need no chain."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.disputes import Dispute
from dmo.capabilities.ends import Ruling, Settlement
from dmo.capabilities.governance import Proposal
from dmo.capabilities.history import Appraised, Award, GivenPaper, HeardJuror, History, Payment, RoundHeld
from dmo.capabilities.ideas import Idea
from dmo.capabilities.payments import Credit
from dmo.capabilities.rounds import Settled
from dmo.capabilities.submissions import Submission
from dmo.core.digests import digest as hashed
from dmo.core.units import Timestamp
from dmo.home.deployment import Dmo, Token
from dmo.home.documents import Document, Unreadable, read_document

DOCUMENTS = Path(__file__).parents[2] / "examples" / "documents"
DAY = 86_400
START = 1_773_014_400  # 9 March 2026
PAID = START + 25 * DAY
USD = 10**6
VOTE = 10**18
ZERO = "0x" + "00" * 20


def address(number: int) -> str:
    return f"0x{number:040x}"


AYU, LIN, OSKAR, CITRA, RAHIM = (address(n) for n in range(1, 6))
DMO = Dmo("sample", 31337, {"IdeaBoard": address(92), "CampaignEscrow": address(93)})
DMO.__dict__.update(votes_token=Token(address(90), "TIDE", 18), budget_token=Token(address(91), "USDX", 6))
NAMES = {AYU: "Ayu Lestari", LIN: "林薇", OSKAR: "Oskar Lund", CITRA: "Citra Wulandari"}


def digest(number: int) -> bytes:
    return number.to_bytes(32, "big")


def read(name: str) -> Document | Unreadable:
    """An example document, a digest where the season would put the one it cites."""
    raw = (DOCUMENTS / f"{name}.md").read_bytes()
    raw = re.sub(rb"{{.*}}", b"0x" + digest(1).hex().encode(), raw)
    return read_document(raw, hashed(raw))


def idea(number: int, author: str, ask: int, in_favour: int, against: int, **more: Any) -> Idea:
    facts = Idea(
        round=1,
        number=number,
        author=author,
        digest=digest(number),
        ask=ask * USD,
        lead=author,
        duration_seconds=28 * DAY,
        fee_bps=1000,
        builds_on_round=0,
        builds_on_number=0,
        version=1,
        for_votes=in_favour * VOTE,
        against_votes=against * VOTE,
        is_passing=in_favour - against >= 120_000,
    )
    return replace(facts, **more)


def campaign(number: int, its: Idea) -> Campaign:
    end = START + 43 * DAY
    return Campaign(number, 1, its.number, its.lead, its.ask, its.fee_bps, end, 1)


def bounty(number: int, its: int, reward: int, **more: Any) -> Bounty:
    facts = Bounty(number, its, reward * USD, 0, 1, PAID, False, ZERO, digest(12))
    return replace(facts, **more)


def dispute(number: int, opener: str, **more: Any) -> Dispute:
    """An acceptance, challenged before another arbitrator, and still open."""
    facts = Dispute(
        submission=number,
        opener=opener,
        arbitrator=address(95),
        dispute_id=number,
        is_challenge=True,
        bond=50 * USD,
        until=START + 60 * DAY,
        statement=digest(18),
        lead=AYU,
    )
    return replace(facts, **more)


def disputes() -> tuple[Dispute, ...]:
    """One overturned by holders, one elsewhere, one that found no quorum."""
    jury = {"arbitrator": address(94), "has_jury": True}
    overturned = dispute(
        1,
        CITRA,
        **jury,
        is_challenge=False,
        upholder=AYU,
        answer=digest(19),
        bond=10 * USD,
        until=PAID - DAY,
        opened_at=PAID - 8 * DAY,
        commit_until=PAID - 5 * DAY,
        reveal_until=PAID - 3 * DAY,
        quorum=80_000 * VOTE,
        ruling=Ruling.PAY,
        is_ruled=True,
        is_settled=True,
        settled_at=PAID,
        settlement=Settlement(CITRA, AYU, *(units * USD for units in (10, 10, 0, 0, 10, 0, 0, 5, 5, 10))),
    )
    undecided = dispute(
        3,
        LIN,
        **jury,
        until=PAID + 8 * DAY,
        is_from_reputation=True,
        quorum=800 * VOTE,
        commit_until=PAID + 4 * DAY,
        reveal_until=PAID + 6 * DAY,
    )
    return overturned, dispute(2, LIN), undecided


def sample() -> History:
    comic = idea(1, AYU, 2600, 360_000, 0, campaign=1)
    diary = idea(2, LIN, 2400, 285_000, 40_000, campaign=2, builds_on_round=1, builds_on_number=1)
    boards = idea(3, OSKAR, 3000, 185_000, 545_000)
    old = idea(4, OSKAR, 2800, 0, 0, is_withdrawn=True)
    new = idea(5, OSKAR, 2700, 400_000, 100_000, replaces=4)
    moments = tuple(START + (14 + n) * DAY for n in range(40))
    line = tuple(0 if m < PAID else int(1500 * VOTE * (1 - (m - PAID) / DAY / 360)) for m in moments)
    pays = (
        (PAID, 1, 1, CITRA, CITRA, 1500, "work", "0x20"),
        (PAID, 1, 2, RAHIM, RAHIM, 500, "gift", "0x20"),
        (PAID + DAY, 2, 3, CITRA, CITRA, 300, "work", "0x21"),
        (PAID + DAY, 2, 3, RAHIM, RAHIM, 200, "work", "0x21", True),
        (PAID + DAY, 2, 3, AYU, AYU, 3, "juror", "0x21"),
        (PAID + DAY, 2, 3, OSKAR, OSKAR, 2, "juror", "0x21"),
        (PAID + DAY, 2, 3, CITRA, CITRA, 5, "won", "0x21"),
        (PAID + 2 * DAY, 0, 0, RAHIM, AYU, 200, "credit", "0x22"),
        (START + 48 * DAY, 1, 9, AYU, AYU, 260, "fee", "0x23"),
    )
    when: dict[tuple[object, ...], int] = {
        **{("IdeaPosted", 1, n): START + n * 3600 for n in range(1, 6)},
        **{("CampaignFunded", n): START + 15 * DAY for n in (1, 2)},
        ("LessonsFiled", 1): START + 44 * DAY,
        ("FeeSettled", 1): START + 48 * DAY,
        ("WorkSubmitted", 1): PAID - 5 * DAY,
        ("WorkRejected", 1): PAID - 5 * DAY,
        ("WorkReworked", 1): PAID - 5 * DAY,
        ("WorkAccepted", 1): PAID - 4 * DAY,
        ("WorkPaid", 1): PAID,
        ("WorkSubmitted", 2): PAID - 6 * DAY,
        ("WorkPaid", 2): PAID,
        ("WorkSubmitted", 3): PAID,
        ("WorkRejected", 3): PAID + DAY,
        ("WorkReleased", 3): PAID + 5 * DAY,
        ("RejectionContested", 1): PAID - 9 * DAY,
        ("DisputeOpened", 1): PAID - 8 * DAY,
        ("DisputeOpened", 2): PAID + DAY,
        ("DisputeOpened", 3): PAID + DAY,
        ("Ruling", address(94), 1): PAID - 2 * DAY,
        ("ProposalCreated", 7): START,
        ("ProposalExecuted", 7): START + 8 * DAY,
    }
    files = ["1-komik-laut", "1-riji-xiamen", "1-ferry-billboards", "1-sailing-challenge"]
    found = {digest(n): read(f"ideas/{name}") for n, name in enumerate(files, 1)}
    return History(
        dmo=DMO,
        block=99,
        now=START + 54 * DAY,
        began=START - 4 * DAY,
        origin=START - 4 * DAY,
        appraised=Appraised(True, True, {1: 1_000_000, 2: 100_000}, {(1, 1): 620_000, (1, 2): 900_000}),
        rounds=[
            RoundHeld(
                number=1,
                opens=START + 7 * DAY,
                closes=START + 14 * DAY,
                cap=9000 * USD,
                threshold=120_000 * VOTE,
                settled=Settled(1, 9000 * USD, 5000 * USD, 3, 2),
                ballots=12,
                choices=41,
            )
        ],
        ideas={(1, its.number): its for its in (comic, diary, boards, old, new)},
        campaigns=[campaign(1, comic), campaign(2, diary)],
        bounties={
            1: bounty(1, 1, 1500),
            2: bounty(2, 1, 500, is_gift=True),
            3: bounty(3, 2, 500),
            4: bounty(4, 1, 260, brief=bytes(32)),
        },
        work=[
            Submission(1, CITRA, 1, digest(11), reason=digest(13)),
            Submission(2, RAHIM, 2, digest(14)),
            Submission(3, RAHIM, 3, digest(15), reason=digest(13)),
        ],
        lessons={1: Submission(9, AYU, 4, digest(9), lessons_of=1)},
        payments=[Payment(*one[:5], one[5] * USD, *one[6:]) for one in pays],
        disputes=disputes(),
        papers={
            1: [
                GivenPaper(PAID - 9 * DAY, CITRA, digest(9)),
                GivenPaper(PAID - 8 * DAY, AYU, digest(19)),
                GivenPaper(PAID - 7 * DAY, AYU, digest(16)),
                GivenPaper(PAID - 6 * DAY, OSKAR, digest(17)),
            ],
            2: [GivenPaper(PAID + DAY, LIN, digest(18))],
            3: [GivenPaper(PAID + DAY, LIN, digest(18))],
        },
        jurors={
            1: [
                HeardJuror(*(LIN, PAID - 6 * DAY, PAID - 4 * DAY), Ruling.PAY, 90_000 * VOTE, 3 * USD),
                HeardJuror(*(OSKAR, PAID - 6 * DAY, PAID - 4 * DAY), Ruling.REFUSE, 60_000 * VOTE, 2 * USD),
            ],
            3: [HeardJuror(CITRA, PAID + DAY, PAID + 5 * DAY, Ruling.PAY, 400 * VOTE), HeardJuror(OSKAR, PAID + DAY)],
        },
        awards=[Award(PAID, CITRA, 1500 * VOTE), Award(PAID, AYU, 500 * VOTE)],
        moments=moments,
        standing={CITRA: line, AYU: tuple(value // 3 for value in line)},
        proposals=[
            Proposal(
                *(7, AYU, (), (), (), "# Raise the cap", Timestamp(START), Timestamp(START + 5 * DAY)),
                against=VOTE,
                in_favour=500_000 * VOTE,
            )
        ],
        documents={**found, digest(9): read("lessons/c3-komik")},
        credits=[Credit(RAHIM, 10 * USD, 0, PAID)],
        books={
            "received": 6510 * USD,
            "paid": 2770 * USD,
            "refunded": 0,
            "held": 3740 * USD,
            "bonds_received": 90 * USD,
            "bonds_paid": 40 * USD,
            "bonds_held": 50 * USD,
        },
        counts={"WorkRejected": 2, "LeadReplaced": 1},
        sums={
            ("PoolDeposited",): 6000 * USD,
            ("CampaignToppedUp", 1): 500 * USD,
            ("PointsAwarded",): 2000 * VOTE,
            **{("PointsAwarded", account): points * VOTE for account, points in ((CITRA, 1500), (AYU, 500))},
            **{("WorkPaid", number): reward * USD for number, reward in ((1, 1500), (2, 500), (9, 260))},
            **{(f"Bond{what}",): sum_ * USD for what, sum_ in (("Received", 100), ("Paid", 40), ("Forfeited", 10))},
        },
        when=when,
        more={"turnout": [{"round": 1, "turnout": "41.2 %", "funded_count": 2}], **voice()},
    )


def voice() -> dict[str, list[dict[str, Any]]]:
    """A need, and an entry of each kind, as `need list` and the like tell them."""
    named = {"lang": "en", "until": None, "state": "live"}
    need = {"number": 1, "author": AYU, "conviction": 1_500 * VOTE, "backers": 2, "answer": None, "late": True}
    need |= {"date": "broken", "first_eta": START, "latest_eta": PAID, "ideas": 1, "funded": 1}
    counted = {"ideas": 2, "funded": 1, "asked": 3_000 * USD, "money": 2_000 * USD, "paid": 500 * USD, "lessons": 0}
    tactic = {"place": "1.1.1.1", "entry": 7, "kind": 6, **counted, "left": 1_500 * USD}
    idle = {**tactic, "place": "1.1.1.2", "entry": 8, **dict.fromkeys(("ideas", "funded", "asked", "money"), 0)}
    asset = {"asset": 1, "author": CITRA, "creator": "Citra", "licence": "CC-BY-4.0", "terms": 7, "parent": None}
    return {
        "needs": [{**named, **need, "title": "Kirim lewat suara", "lang": "id"}],
        "plan": [{**named, **tactic, "title": "Radio"}, {**named, **idle, "title": "Postcards"}],
        "brand": [{**named, "entry": 2, "title": "Look closely", "promise": "Who, where, when."}],
        "claims": [{**named, "entry": 5, "title": "Open", "says": "All may be copied."}],
        "assets": [{**named, **asset, "title": "The mark", "state": "endorsed"}],
    }
