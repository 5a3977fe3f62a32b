"""Reads a DMO's history: logs and views of one block, nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Any

from dmo import abi
from dmo.ballots import unpack
from dmo.chain import Event, Read
from dmo.deployment import Dmo, Token
from dmo.errors import DmoError
from dmo.report.facts import (
    Award,
    CampaignFacts,
    Document,
    IdeaFacts,
    Payment,
    ProposalFacts,
    RoundFacts,
    WorkFacts,
)

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
        books: The escrow's own totals by name.
        credits: Account → what is still owed.
        pool: (time, free money of the pool) whenever it may have changed.
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
    books: dict[str, int]
    credits: dict[str, int]

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

    def campaign_title(self, campaign: CampaignFacts) -> str:
        """The title of the idea that a campaign carries out."""
        idea = self.idea(campaign.round, campaign.number)
        return self.title_of(idea.digest, f"Idea {idea.number} of round {idea.round}")


def _hex(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)


def struct(dmo: Dmo, contract: str, function: str, *arguments: Any) -> dict[str, Any]:
    """A view's single struct, by the names of its members."""
    return _named(contract, function, dmo.read(contract, function, *arguments))


def _named(contract: str, function: str, value: Any) -> dict[str, Any]:
    members = abi.entry(contract, function).outputs[0].members
    return {member.name: item for member, item in zip(members, value, strict=True)}


def parse_document(text: bytes) -> Document:
    """Read front matter leniently: a report shows what was published, good or bad."""
    import yaml

    plain = text.decode("utf-8", "replace")
    title, lang, body = "", "", plain
    if plain.startswith("---\n"):
        head, found, rest = plain[4:].partition("\n---\n")
        if found:
            body = rest
            try:
                front = yaml.safe_load(head)
            except yaml.YAMLError:
                front = None
            if isinstance(front, dict):
                title, lang = str(front.get("title", "")), str(front.get("lang", ""))
    first = next((line for line in body.splitlines() if line.strip()), "")
    return Document(title or first.strip("# ")[:80] or "Untitled", lang or "und", body)


class _Reader:
    """Everything is read at one block, so that the parts agree."""

    def __init__(self, dmo: Dmo) -> None:
        self.dmo = dmo.on(dmo.chain.pinned())
        self.chain = self.dmo.chain
        self.head = self.chain.block()
        self.times: dict[int, int] = {}

    def events(self, contract: str, names: list[str]) -> list[Event]:
        """Events, with their blocks' times looked up in few round trips."""
        found = self.dmo.events(contract, names)
        missing = {event.block for event in found} - set(self.times)
        for number, block in self.chain.blocks(missing).items():
            self.times[number] = block.timestamp
        return found

    def at(self, event: Event) -> int:
        return self.times[event.block]

    # ── ideas ───────────────────────────────────────────────────────────────────────────────────

    def ideas(self) -> tuple[tuple[RoundFacts, ...], tuple[IdeaFacts, ...]]:
        board = self.dmo.address("IdeaBoard")
        found = self.events(
            "IdeaBoard", ["IdeaPosted", "IdeaWithdrawn", "BallotCast", "RoundSettled", "IdeaFunded"]
        )
        by_name: dict[str, list[Event]] = defaultdict(list)
        for event in found:
            by_name[event.name].append(event)
        posted = by_name["IdeaPosted"]
        keys = [(e.arguments["round"], e.arguments["number"]) for e in posted]
        tallies = self.chain.read([Read("IdeaBoard", board, "tallyOf", key) for key in keys])
        campaigns = {
            (e.arguments["round"], e.arguments["number"]): e.arguments["campaign"]
            for e in by_name["IdeaFunded"]
        }
        ideas = []
        for event, key, raw in zip(posted, keys, tallies, strict=True):
            tally = _named("IdeaBoard", "tallyOf", raw)
            a = event.arguments
            ideas.append(
                IdeaFacts(
                    round=key[0],
                    number=key[1],
                    digest=_hex(a["digest"]),
                    author=a["author"],
                    lead=a["lead"],
                    ask=a["ask"],
                    fee_bps=a["feeBps"],
                    posted_at=self.at(event),
                    replaces=a["replaces"],
                    builds_on=(a["buildsOnRound"], a["buildsOnNumber"])
                    if a["buildsOnRound"]
                    else None,
                    is_withdrawn=tally["isWithdrawn"],
                    for_votes=tally["forVotes"],
                    against_votes=tally["againstVotes"],
                    is_passing=tally["isPassing"],
                    campaign=campaigns.get(key, 0),
                )
            )
        return self._rounds(by_name, sorted({key[0] for key in keys})), tuple(ideas)

    def _rounds(
        self, by_name: dict[str, list[Event]], numbers: list[int]
    ) -> tuple[RoundFacts, ...]:
        board = self.dmo.address("IdeaBoard")
        settled = {e.arguments["round"]: e for e in by_name["RoundSettled"]}
        final = final_ballots(by_name["BallotCast"])
        voters = Counter(round_ for _, round_ in final)
        choices: Counter[int] = Counter()
        for (_, round_), standing in final.items():
            choices[round_] += len(standing)
        rounds = []
        for number in numbers:
            opens, closes, rules = self.chain.read(
                [
                    Read("IdeaBoard", board, function, (number,))
                    for function in ("votingOpens", "votingCloses", "rulesOf")
                ]
            )
            threshold = self.chain.try_read(
                [Read("IdeaBoard", board, "passingThreshold", (number,))]
            )[0]
            event = settled.get(number)
            rounds.append(
                RoundFacts(
                    number=number,
                    opens=opens,
                    closes=closes,
                    threshold=0 if isinstance(threshold, DmoError) else threshold,
                    cap=_named("IdeaBoard", "rulesOf", rules)["cap"],
                    settled_at=self.at(event) if event else None,
                    budget=event.arguments["budget"] if event else 0,
                    assigned=event.arguments["assigned"] if event else 0,
                    ballots=voters[number],
                    choices=choices[number],
                )
            )
        return tuple(rounds)

    # ── money ───────────────────────────────────────────────────────────────────────────────────

    def money(self, history: History) -> History:
        escrow = self.dmo.address("CampaignEscrow")
        found = self.events(
            "CampaignEscrow",
            [
                "PoolDeposited",
                "PoolWithdrawn",
                "CampaignFunded",
                "CampaignToppedUp",
                "CampaignSwept",
                "LessonsFiled",
                "FeeSettled",
                "BountyPosted",
                "WorkSubmitted",
                "WorkReworked",
                "WorkAccepted",
                "WorkRejected",
                "WorkPaid",
                "WorkReleased",
                "WorkWithdrawn",
                "PayeePaid",
                "PayeeCredited",
                "CreditWithdrawn",
            ],
        )
        by_name: dict[str, list[Event]] = defaultdict(list)
        for event in found:
            by_name[event.name].append(event)
        work = self._work(by_name)
        gifts = {item.id for item in work if item.is_gift}
        lessons = {e.arguments["submission"]: e for e in by_name["LessonsFiled"]}
        payments = self._payments(found, gifts, set(lessons))
        owed = {e.arguments["payee"] for e in by_name["PayeeCredited"]}
        waiting = {
            account: _named("CampaignEscrow", "creditOf", raw)["amount"]
            for account, raw in zip(
                sorted(owed),
                self.chain.read(
                    [Read("CampaignEscrow", escrow, "creditOf", (a,)) for a in sorted(owed)]
                ),
                strict=True,
            )
        }
        return replace(
            history,
            campaigns=self._campaigns(by_name, payments, gifts),
            bounties=len(by_name["BountyPosted"]) - len(lessons),
            work=work,
            payments=payments,
            deposited=sum(e.arguments["amount"] for e in by_name["PoolDeposited"]),
            refunded=sum(e.arguments["amount"] for e in by_name["PoolWithdrawn"]),
            books=struct(self.dmo, "CampaignEscrow", "books"),
            credits={account: amount for account, amount in waiting.items() if amount},
        )

    def _work(self, by_name: dict[str, list[Event]]) -> tuple[WorkFacts, ...]:
        members = abi.entry("CampaignEscrow", "BountyPosted", "event").inputs[2].members
        bounties = {
            e.arguments["bounty"]: {
                member.name: value
                for member, value in zip(members, e.arguments["facts"], strict=True)
            }
            for e in by_name["BountyPosted"]
        }
        lessons = {e.arguments["submission"] for e in by_name["LessonsFiled"]}
        last: dict[str, dict[int, Event]] = {
            name: {e.arguments["submission"]: e for e in by_name[name]}
            for name in (
                "WorkReworked",
                "WorkAccepted",
                "WorkRejected",
                "WorkPaid",
                "WorkReleased",
                "WorkWithdrawn",
            )
        }

        def when(name: str, submission: int) -> int | None:
            event = last[name].get(submission)
            return self.at(event) if event else None

        work = []
        for event in by_name["WorkSubmitted"]:
            a = event.arguments
            if a["submission"] in lessons:
                continue
            bounty, key = bounties[a["bounty"]], a["submission"]
            reworked = last["WorkReworked"].get(key)
            rejected = last["WorkRejected"].get(key)
            work.append(
                WorkFacts(
                    id=key,
                    bounty=a["bounty"],
                    campaign=bounty["campaign"],
                    worker=a["worker"],
                    reward=bounty["reward"],
                    is_gift=bounty["isGift"],
                    submitted_at=self.at(event),
                    evidence=_hex(reworked.arguments["evidence"] if reworked else a["evidence"]),
                    brief=_hex(bounty["brief"]),
                    accepted_at=when("WorkAccepted", key),
                    rejected_at=when("WorkRejected", key),
                    reworked_at=when("WorkReworked", key),
                    reason=_hex(rejected.arguments["reason"]) if rejected else "",
                    paid_at=when("WorkPaid", key),
                    released_at=when("WorkReleased", key),
                    withdrawn_at=when("WorkWithdrawn", key),
                )
            )
        return tuple(work)

    def _payments(
        self, found: list[Event], gifts: set[int], lessons: set[int]
    ) -> tuple[Payment, ...]:
        payments = []
        for event in found:
            a = event.arguments
            if event.name in ("PayeePaid", "PayeeCredited"):
                work = a["submission"]
                kind = "fee" if work in lessons else "gift" if work in gifts else "work"
                if event.name == "PayeeCredited":
                    kind = "credited"
                row = (a["campaign"], a["submission"], a["payee"], a["payee"], a["amount"], kind)
            elif event.name == "CreditWithdrawn":
                row = (0, 0, a["account"], a["to"], a["amount"], "credit")
            else:
                continue
            payments.append(Payment(self.at(event), *row, event.tx))
        return tuple(payments)

    def _campaigns(
        self, by_name: dict[str, list[Event]], payments: tuple[Payment, ...], gifts: set[int]
    ) -> tuple[CampaignFacts, ...]:
        escrow = self.dmo.address("CampaignEscrow")
        funded = by_name["CampaignFunded"]
        raws = self.chain.read(
            [
                Read("CampaignEscrow", escrow, "campaignOf", (e.arguments["campaign"],))
                for e in funded
            ]
        )
        campaigns = []
        for event, raw in zip(funded, raws, strict=True):
            facts = _named("CampaignEscrow", "campaignOf", raw)
            key = event.arguments["campaign"]
            paid = [e for e in by_name["WorkPaid"] if e.arguments["campaign"] == key]
            gift = [e for e in paid if e.arguments["submission"] in gifts]
            fees = [e for e in by_name["FeeSettled"] if e.arguments["campaign"] == key]
            filed = [e for e in by_name["LessonsFiled"] if e.arguments["campaign"] == key]
            swept = [e for e in by_name["CampaignSwept"] if e.arguments["campaign"] == key]
            last = {e.arguments["submission"] for e in filed}
            earned = [e for e in paid if e.arguments["submission"] in last]
            fee_paid = sum(e.arguments["reward"] for e in earned)
            closing = [self.at(e) for e in (*fees, *swept, *earned)]
            gift_paid = sum(e.arguments["reward"] for e in gift)
            campaigns.append(
                CampaignFacts(
                    id=key,
                    round=event.arguments["round"],
                    number=event.arguments["number"],
                    lead=facts["lead"],
                    ask=event.arguments["ask"],
                    funded_at=self.at(event),
                    ends_at=facts["endsAt"],
                    gifts=sum(
                        e.arguments["amount"]
                        for e in by_name["CampaignToppedUp"]
                        if e.arguments["campaign"] == key
                    ),
                    work_paid=sum(e.arguments["reward"] for e in paid) - gift_paid - fee_paid,
                    gift_paid=gift_paid,
                    fee_paid=fee_paid,
                    credited=sum(
                        p.amount for p in payments if p.campaign == key and p.kind == "credited"
                    ),
                    lessons=_hex(filed[0].arguments["lessons"]) if filed else "",
                    lessons_at=self.at(filed[0]) if filed else None,
                    closed_at=max(closing) if closing else None,
                    is_closed=bool(fees) and not facts["live"],
                )
            )
        return tuple(campaigns)

    # ── points, governance, documents ───────────────────────────────────────────────────────────

    def points(self, history: History) -> History:
        reputation = self.dmo.address("Reputation")
        awards = tuple(
            Award(self.at(e), e.arguments["account"], e.arguments["pointsWad"])
            for e in self.events("Reputation", ["PointsAwarded"])
        )
        if not awards:
            return history
        first, last = awards[0].at - 86_400, self.head.timestamp - 1
        step = max(1, (last - first) // _SAMPLES)
        steps = {moment for a in awards if a.at <= last for moment in (a.at - 1, a.at)}
        moments = sorted({*range(first, last, step), *steps, last})
        accounts = sorted({award.account for award in awards})
        answers = iter(
            self.chain.read(
                [
                    Read("Reputation", reputation, "getPastVotes", (account, moment))
                    for account in accounts
                    for moment in moments
                ]
            )
        )
        standing = {account: tuple(next(answers) for _ in moments) for account in accounts}
        return replace(history, awards=awards, moments=tuple(moments), standing=standing)

    def proposals(self) -> tuple[ProposalFacts, ...]:
        governor = self.dmo.address("HolderGovernor")
        found = self.events("HolderGovernor", ["ProposalCreated", "ProposalExecuted"])
        executed = {
            e.arguments["proposalId"]: self.at(e) for e in found if e.name == "ProposalExecuted"
        }
        created = [e for e in found if e.name == "ProposalCreated"]
        votes = self.chain.read(
            [
                Read("HolderGovernor", governor, "proposalVotes", (e.arguments["proposalId"],))
                for e in created
            ]
        )
        proposals = []
        for event, (against, for_, abstain) in zip(created, votes, strict=True):
            text = event.arguments["description"].strip()
            proposals.append(
                ProposalFacts(
                    id=event.arguments["proposalId"],
                    title=text.splitlines()[0].strip("# ") if text else "Untitled",
                    proposer=event.arguments["proposer"],
                    proposed_at=self.at(event),
                    executed_at=executed.get(event.arguments["proposalId"]),
                    for_votes=for_,
                    against_votes=against,
                    abstain_votes=abstain,
                )
            )
        return tuple(proposals)

    def documents(self) -> dict[str, Document]:
        if "DocumentLog" not in self.dmo.addresses:
            return {}
        return {
            _hex(e.arguments["digest"]): parse_document(e.arguments["text"])
            for e in self.events("DocumentLog", ["DocumentPublished"])
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
    reader = _Reader(dmo)
    rounds, ideas = reader.ideas()
    began = reader.chain.block(dmo.birth or 1).timestamp
    history = History(
        name=dmo.name,
        chain_id=reader.chain.chain_id,
        block=reader.head.number,
        now=reader.head.timestamp,
        began=began,
        votes_token=reader.dmo.votes_token,
        budget_token=reader.dmo.budget_token,
        contracts=dict(dmo.addresses),
        rounds=rounds,
        ideas=ideas,
        campaigns=(),
        bounties=0,
        work=(),
        payments=(),
        awards=(),
        moments=(),
        standing={},
        proposals=reader.proposals(),
        documents=reader.documents(),
        deposited=0,
        refunded=0,
        books={},
        credits={},
    )
    return reader.points(reader.money(history))
