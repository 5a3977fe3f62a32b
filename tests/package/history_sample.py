"""A small made-up history, for tests of the report that need no chain."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from dmo.client.disputes import Ruling
from dmo.client.escrow import Books
from dmo.client.settlements import Settlement
from dmo.home.deployment import Token
from dmo.report.facts import (
    Award,
    Bonds,
    CampaignFacts,
    DisputeFacts,
    IdeaFacts,
    JurorFacts,
    Paper,
    Payment,
    ProposalFacts,
    RoundFacts,
    WorkFacts,
)
from dmo.report.history import History, parse_document

DOCUMENTS = Path(__file__).parents[2] / "examples" / "documents"
DAY = 86_400
START = 1_773_014_400  # 9 March 2026
USD = 10**6
VOTE = 10**18


def address(number: int) -> str:
    return f"0x{number:040x}"


AYU, LIN, OSKAR, CITRA, RAHIM = (address(n) for n in range(1, 6))
NAMES = {AYU: "Ayu Lestari", LIN: "林薇", OSKAR: "Oskar Lund", CITRA: "Citra Wulandari"}


def digest(number: int) -> str:
    return f"0x{number:064x}"


def _cited(raw: bytes) -> bytes:
    """The document with a digest where the story would put the one it cites."""
    return re.sub(rb"{{.*}}", digest(1).encode(), raw)


def idea(
    number: int, author: str, ask: int, for_votes: int, against: int, **more: object
) -> IdeaFacts:
    facts = IdeaFacts(
        round=1,
        number=number,
        digest=digest(number),
        author=author,
        lead=author,
        ask=ask * USD,
        fee_bps=1000,
        posted_at=START + number * 3600,
        replaces=0,
        builds_on=None,
        is_withdrawn=False,
        for_votes=for_votes * VOTE,
        against_votes=against * VOTE,
        is_passing=for_votes - against >= 120_000,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def campaign(number: int, idea_: IdeaFacts, **more: object) -> CampaignFacts:
    facts = CampaignFacts(
        id=number,
        round=1,
        number=idea_.number,
        lead=idea_.lead,
        ask=idea_.ask,
        funded_at=START + 15 * DAY,
        ends_at=START + 43 * DAY,
        gifts=0,
        work_paid=0,
        gift_paid=0,
        fee_paid=0,
        lessons="",
        lessons_at=None,
        closed_at=None,
        is_closed=False,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def overturned(paid: int) -> DisputeFacts:
    """Work 1's rejection, overturned by holders."""
    return DisputeFacts(
        submission=1,
        campaign=1,
        worker=CITRA,
        opener=CITRA,
        lead=AYU,
        arbitrator=address(94),
        is_challenge=False,
        bond=50 * USD,
        opened_at=paid - 8 * DAY,
        until=paid - DAY,
        papers=(
            Paper(paid - 8 * DAY, CITRA, digest(9)),
            Paper(paid - 7 * DAY, AYU, digest(16)),
            Paper(paid - 6 * DAY, OSKAR, digest(17)),
        ),
        is_from_reputation=False,
        quorum=80_000 * VOTE,
        commit_until=paid - 5 * DAY,
        reveal_until=paid - 3 * DAY,
        jurors=(
            JurorFacts(LIN, paid - 6 * DAY, paid - 4 * DAY, Ruling.PAY, 90_000 * VOTE, 3 * USD),
            JurorFacts(
                OSKAR, paid - 6 * DAY, paid - 4 * DAY, Ruling.REFUSE, 60_000 * VOTE, 2 * USD
            ),
        ),
        ruled_at=paid - 2 * DAY,
        ruling=Ruling.PAY,
        settled_at=paid,
        is_paid=True,
        settlement=Settlement(
            CITRA, 50 * USD, 50 * USD, 0, 10 * USD, 0, 5 * USD, 5 * USD, 0, False
        ),
    )


def elsewhere(paid: int) -> DisputeFacts:
    """Work 2's acceptance, challenged before another arbitrator, and still open."""
    return DisputeFacts(
        submission=2,
        campaign=1,
        worker=RAHIM,
        opener=LIN,
        lead=AYU,
        arbitrator=address(95),
        is_challenge=True,
        bond=50 * USD,
        opened_at=paid + DAY,
        until=START + 60 * DAY,
        papers=(Paper(paid + DAY, LIN, digest(18)),),
    )


def undecided(paid: int) -> DisputeFacts:
    """Work 3's acceptance, challenged: too little was revealed, and nobody handed it over."""
    return replace(
        elsewhere(paid),
        submission=3,
        until=paid + 8 * DAY,
        is_from_reputation=True,
        quorum=800 * VOTE,
        commit_until=paid + 4 * DAY,
        reveal_until=paid + 6 * DAY,
        jurors=(
            JurorFacts(CITRA, paid + DAY, paid + 5 * DAY, Ruling.PAY, 400 * VOTE),
            JurorFacts(OSKAR, paid + DAY),
        ),
    )


def sample() -> History:
    comic = idea(1, AYU, 2600, 360_000, 0, campaign=1)
    diary = idea(2, LIN, 2400, 285_000, 40_000, campaign=2, builds_on=(1, 1))
    boards = idea(3, OSKAR, 3000, 185_000, 545_000)
    old = idea(4, OSKAR, 2800, 0, 0, is_withdrawn=True)
    new = idea(5, OSKAR, 2700, 400_000, 100_000, replaces=4)
    paid = START + 25 * DAY
    moments = tuple(START + (14 + n) * DAY for n in range(40))
    line = tuple(
        0 if m < paid else int(1500 * VOTE * (1 - (m - paid) / DAY / 360)) for m in moments
    )
    other = tuple(value // 3 for value in line)
    files = ["1-komik-laut", "1-riji-xiamen", "1-ferry-billboards", "1-sailing-challenge"]
    return History(
        name="sample",
        chain_id=31337,
        block=99,
        now=START + 54 * DAY,
        began=START - 4 * DAY,
        votes_token=Token(address(90), "TIDE", 18),
        budget_token=Token(address(91), "USDX", 6),
        contracts={"IdeaBoard": address(92), "CampaignEscrow": address(93)},
        rounds=(
            RoundFacts(
                1,
                START + 7 * DAY,
                START + 14 * DAY,
                120_000 * VOTE,
                9000 * USD,
                START + 15 * DAY,
                9000 * USD,
                5000 * USD,
                12,
                41,
            ),
        ),
        ideas=(comic, diary, boards, old, new),
        campaigns=(
            campaign(
                1,
                comic,
                gifts=500 * USD,
                work_paid=1500 * USD,
                gift_paid=500 * USD,
                fee_paid=260 * USD,
                lessons=digest(9),
                lessons_at=START + 44 * DAY,
                closed_at=START + 48 * DAY,
                is_closed=True,
            ),
            campaign(2, diary, work_paid=500 * USD, to_jurors=5 * USD, won=5 * USD),
        ),
        bounties=3,
        work=(
            WorkFacts(
                1,
                1,
                1,
                CITRA,
                1500 * USD,
                False,
                paid - 5 * DAY,
                digest(11),
                digest(12),
                paid - 4 * DAY,
                paid - 5 * DAY,
                paid - 5 * DAY,
                digest(13),
                paid,
                None,
            ),
            WorkFacts(
                2,
                2,
                1,
                RAHIM,
                500 * USD,
                True,
                paid - 6 * DAY,
                digest(14),
                digest(12),
                None,
                None,
                None,
                "",
                paid,
                None,
            ),
            WorkFacts(
                3,
                3,
                2,
                RAHIM,
                500 * USD,
                False,
                paid,
                digest(15),
                digest(12),
                None,
                paid + DAY,
                None,
                digest(13),
                None,
                paid + 5 * DAY,
            ),
        ),
        payments=(
            Payment(paid, 1, 1, CITRA, CITRA, 1500 * USD, "work", digest(20)),
            Payment(paid, 1, 2, RAHIM, RAHIM, 500 * USD, "gift", digest(20)),
            Payment(paid + DAY, 2, 3, CITRA, CITRA, 300 * USD, "work", digest(21)),
            Payment(paid + DAY, 2, 3, RAHIM, RAHIM, 200 * USD, "work", digest(21), True),
            Payment(paid + DAY, 2, 3, AYU, AYU, 3 * USD, "juror", digest(21)),
            Payment(paid + DAY, 2, 3, OSKAR, OSKAR, 2 * USD, "juror", digest(21)),
            Payment(paid + DAY, 2, 3, CITRA, CITRA, 5 * USD, "won", digest(21)),
            Payment(paid + 2 * DAY, 0, 0, RAHIM, AYU, 200 * USD, "credit", digest(22)),
            Payment(START + 48 * DAY, 1, 0, AYU, AYU, 260 * USD, "fee", digest(23)),
        ),
        awards=(Award(paid, CITRA, 1500 * VOTE), Award(paid, AYU, 500 * VOTE)),
        moments=moments,
        standing={CITRA: line, AYU: other},
        proposals=(
            ProposalFacts(7, "Raise the cap", AYU, START, START + 8 * DAY, 500_000 * VOTE, VOTE, 0),
        ),
        documents={
            digest(n + 1): parse_document((DOCUMENTS / "ideas" / f"{name}.md").read_bytes())
            for n, name in enumerate(files)
        }
        | {digest(9): parse_document(_cited((DOCUMENTS / "lessons" / "c3-komik.md").read_bytes()))},
        deposited=6000 * USD,
        refunded=0,
        books=Books(6510 * USD, 2770 * USD, 0, 3740 * USD, 900 * USD, 90 * USD, 40 * USD, 50 * USD),
        credits={RAHIM: 10 * USD},
        bonds=Bonds(100 * USD, 40 * USD, 5 * USD, 0, 5 * USD),
        disputes=(overturned(paid), elsewhere(paid), undecided(paid)),
        leads_replaced=1,
    )
