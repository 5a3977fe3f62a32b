"""Reads a DMO's history: logs and views of one block, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from dmo.client.escrow import Books
from dmo.core import abi
from dmo.core.chain import Event, Read
from dmo.core.digests import digest
from dmo.core.errors import DmoError
from dmo.core.text import one_line
from dmo.home.ballots import unpack
from dmo.home.deployment import Dmo, Token
from dmo.home.documents import Unreadable, read_document
from dmo.report.facts import (
    Award,
    Bonds,
    CampaignFacts,
    DisputeFacts,
    Document,
    IdeaFacts,
    Payment,
    ProposalFacts,
    RoundFacts,
    WorkFacts,
)
from dmo.report.ledger import read_ledger
from dmo.report.reader import Reader, by_name, hexed

__all__ = ["History", "read_history"]

_SAMPLES = 72


@dataclass(frozen=True)
class History:
    """All there is to show.

    Attributes:
        name: The deployment.
        chain_id: Its chain.
        block: The block it was read at.
        now: That block's time.
        began: The deployment's first block's time.
        votes_token: The votes token.
        budget_token: The budget token.
        contracts: Contract name → address.
        rounds: Rounds with ideas.
        ideas: Ideas in posting order.
        campaigns: Campaigns.
        bounties: How many bounties were posted.
        work: Submissions.
        payments: Payments in order.
        awards: Awards of points in order.
        standing: Account → points (WAD) at each of ``moments``, fading included.
        moments: When standing was read.
        proposals: Governance.
        documents: Digest → document, as far as published.
        deposited: What arrived in the pool from outside.
        refunded: What went back to the treasury.
        books: The escrow's own totals.
        credits: Account → what is still owed.
        bonds: All bonds, and where they went.
        disputes: Disputes in the order they were opened.
        leads_replaced: How often governance gave a campaign another lead.
    """

    name: str
    chain_id: int
    block: int
    now: int
    began: int
    votes_token: Token
    budget_token: Token
    contracts: dict[str, str]
    rounds: tuple[RoundFacts, ...]
    ideas: tuple[IdeaFacts, ...]
    campaigns: tuple[CampaignFacts, ...]
    bounties: int
    work: tuple[WorkFacts, ...]
    payments: tuple[Payment, ...]
    awards: tuple[Award, ...]
    moments: tuple[int, ...]
    standing: dict[str, tuple[int, ...]]
    proposals: tuple[ProposalFacts, ...]
    documents: dict[str, Document]
    deposited: int
    refunded: int
    books: Books
    credits: dict[str, int]
    bonds: Bonds = field(default_factory=Bonds)
    disputes: tuple[DisputeFacts, ...] = ()
    leads_replaced: int = 0

    def title_of(self, digest: str, fallback: str) -> str:
        """A document's title, or the fallback where it was not published."""
        document = self.documents.get(digest)
        return document.title if document else fallback

    def lang_of(self, digest: str) -> str:
        """A document's language; undetermined where it was not published."""
        document = self.documents.get(digest)
        return document.lang if document else "und"

    def idea(self, round_: int, number: int) -> IdeaFacts:
        """An idea by round and number."""
        return next(i for i in self.ideas if (i.round, i.number) == (round_, number))

    @cached_property
    def work_of(self) -> dict[int, WorkFacts]:
        """Submission → its facts; lessons are not among them."""
        return {work.id: work for work in self.work}

    @cached_property
    def dispute_of(self) -> dict[int, DisputeFacts]:
        """Submission → its dispute."""
        return {one.submission: one for one in self.disputes}

    def campaign_title(self, campaign: CampaignFacts) -> str:
        """The title of the idea that a campaign carries out."""
        idea = self.idea(campaign.round, campaign.number)
        return self.title_of(idea.digest, f"Idea {idea.number} of round {idea.round}")

    def campaign_lang(self, campaign: CampaignFacts) -> str:
        """The language of that title."""
        return self.lang_of(self.idea(campaign.round, campaign.number).digest)


def parse_document(text: bytes) -> Document:
    """Read what was published; what cannot be read is shown as it is, and why."""
    known = read_document(text, digest(text))
    if isinstance(known, Unreadable):
        return Document(known.title, "und", known.text)
    return Document(known.title, known.lang, known.body)


def _ideas(reader: Reader) -> tuple[tuple[RoundFacts, ...], tuple[IdeaFacts, ...]]:
    board = reader.dmo.address("IdeaBoard")
    found = reader.events(
        "IdeaBoard", ["IdeaPosted", "IdeaWithdrawn", "BallotCast", "RoundSettled", "IdeaFunded"]
    )
    named = by_name(found)
    posted = named["IdeaPosted"]
    keys = [(e.arguments["round"], e.arguments["number"]) for e in posted]
    tallies = reader.chain.read([Read("IdeaBoard", board, "tallyOf", key) for key in keys])
    campaigns = {
        (e.arguments["round"], e.arguments["number"]): e.arguments["campaign"]
        for e in named["IdeaFunded"]
    }
    ideas = []
    for event, key, raw in zip(posted, keys, tallies, strict=True):
        tally = abi.named("IdeaBoard", "tallyOf", raw)
        a = event.arguments
        ideas.append(
            IdeaFacts(
                round=key[0],
                number=key[1],
                digest=hexed(a["digest"]),
                author=a["author"],
                lead=a["lead"],
                ask=a["ask"],
                fee_bps=a["feeBps"],
                posted_at=reader.at(event.block),
                replaces=a["replaces"],
                builds_on=(a["buildsOnRound"], a["buildsOnNumber"]) if a["buildsOnRound"] else None,
                is_withdrawn=tally["is_withdrawn"],
                for_votes=tally["for_votes"],
                against_votes=tally["against_votes"],
                is_passing=tally["is_passing"],
                campaign=campaigns.get(key, 0),
            )
        )
    return _rounds(reader, named, sorted({key[0] for key in keys})), tuple(ideas)


def _rounds(
    reader: Reader, named: Mapping[str, list[Event]], numbers: list[int]
) -> tuple[RoundFacts, ...]:
    board = reader.dmo.address("IdeaBoard")
    settled = {e.arguments["round"]: e for e in named["RoundSettled"]}
    final = final_ballots(named["BallotCast"])
    voters = Counter(round_ for _, round_ in final)
    choices: Counter[int] = Counter()
    for (_, round_), standing in final.items():
        choices[round_] += len(standing)
    rounds = []
    for number in numbers:
        opens, closes, rules = reader.chain.read(
            [
                Read("IdeaBoard", board, function, (number,))
                for function in ("votingOpens", "votingCloses", "rulesOf")
            ]
        )
        threshold = reader.chain.try_read(
            [Read("IdeaBoard", board, "passingThreshold", (number,))]
        )[0]
        event = settled.get(number)
        rounds.append(
            RoundFacts(
                number=number,
                opens=opens,
                closes=closes,
                threshold=0 if isinstance(threshold, DmoError) else threshold,
                cap=abi.named("IdeaBoard", "rulesOf", rules)["cap"],
                settled_at=reader.at(event.block) if event else None,
                budget=event.arguments["budget"] if event else 0,
                assigned=event.arguments["assigned"] if event else 0,
                ballots=voters[number],
                choices=choices[number],
            )
        )
    return tuple(rounds)


def _points(reader: Reader, history: History) -> History:
    reputation = reader.dmo.address("Reputation")
    awards = tuple(
        Award(reader.at(e.block), e.arguments["account"], e.arguments["pointsWad"])
        for e in reader.events("Reputation", ["PointsAwarded"])
    )
    if not awards:
        return history
    first, last = awards[0].at - 86_400, reader.head.timestamp - 1
    step = max(1, (last - first) // _SAMPLES)
    steps = {moment for a in awards if a.at <= last for moment in (a.at - 1, a.at)}
    moments = sorted({*range(first, last, step), *steps, last})
    accounts = sorted({award.account for award in awards})
    answers = iter(
        reader.chain.read(
            [
                Read("Reputation", reputation, "getPastVotes", (account, moment))
                for account in accounts
                for moment in moments
            ]
        )
    )
    standing = {account: tuple(next(answers) for _ in moments) for account in accounts}
    return replace(history, awards=awards, moments=tuple(moments), standing=standing)


def _proposals(reader: Reader) -> tuple[ProposalFacts, ...]:
    governor = reader.dmo.address("HolderGovernor")
    found = reader.events("HolderGovernor", ["ProposalCreated", "ProposalExecuted"])
    executed = {
        e.arguments["proposalId"]: reader.at(e.block) for e in found if e.name == "ProposalExecuted"
    }
    created = [e for e in found if e.name == "ProposalCreated"]
    votes = reader.chain.read(
        [
            Read("HolderGovernor", governor, "proposalVotes", (e.arguments["proposalId"],))
            for e in created
        ]
    )
    proposals = []
    for event, (against, for_, abstain) in zip(created, votes, strict=True):
        lines = event.arguments["description"].strip().splitlines()
        proposals.append(
            ProposalFacts(
                id=event.arguments["proposalId"],
                title=one_line(lines[0], 200).strip("# ") if lines else "Untitled",
                proposer=event.arguments["proposer"],
                proposed_at=reader.at(event.block),
                executed_at=executed.get(event.arguments["proposalId"]),
                for_votes=for_,
                against_votes=against,
                abstain_votes=abstain,
            )
        )
    return tuple(proposals)


def _documents(reader: Reader) -> dict[str, Document]:
    if not reader.has("DocumentLog"):
        return {}
    return {
        hexed(e.arguments["digest"]): parse_document(e.arguments["text"])
        for e in reader.events("DocumentLog", ["DocumentPublished"])
    }


def final_ballots(cast: list[Event]) -> dict[tuple[str, int], tuple[int, ...]]:
    """(voter, round) → the choices that stood in the end; empty ballots left out."""
    final: dict[tuple[str, int], tuple[int, ...]] = {}
    for event in cast:
        a = event.arguments
        final[a["voter"], a["round"]] = tuple(unpack(a["words"])[2])
    return {key: choices for key, choices in final.items() if choices}


def read_history(dmo: Dmo) -> History:
    """Read a deployment's whole history at its latest block.

    Raises:
        NetworkError: The node does not answer.
    """
    reader = Reader(dmo)
    rounds, ideas = _ideas(reader)
    history = History(
        name=dmo.name,
        chain_id=reader.chain.chain_id,
        block=reader.head.number,
        now=reader.head.timestamp,
        began=reader.chain.block(dmo.birth or 1).timestamp,
        votes_token=reader.dmo.votes_token,
        budget_token=reader.dmo.budget_token,
        contracts=dict(dmo.addresses),
        rounds=rounds,
        ideas=ideas,
        awards=(),
        moments=(),
        standing={},
        proposals=_proposals(reader),
        documents=_documents(reader),
        **vars(read_ledger(reader)),
    )
    return _points(reader, history)
