"""Reads a deployment's history: the capabilities' facts at one block, and all events."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.campaigns import Campaign, campaigns
from dmo.capabilities.credits import credited, credits_left
from dmo.capabilities.disputes import DESK, JURY, Dispute, disputes, look_at, own_jury, reads
from dmo.capabilities.ends import Ruling, settlement_of
from dmo.capabilities.governance import GOVERNOR, Proposal, proposals
from dmo.capabilities.history import Award, GivenPaper, HeardJuror, History, Payment, RoundHeld
from dmo.capabilities.ideas import Idea, ideas
from dmo.capabilities.jury import revealed
from dmo.capabilities.lens import page_reads
from dmo.capabilities.rounds import Settled, frame, rules
from dmo.capabilities.submissions import Submission, submissions
from dmo.core import abi
from dmo.core.errors import Refused
from dmo.home.ballots import unpack
from dmo.home.documents import read_document
from dmo.home.rounds import round_times

if TYPE_CHECKING:
    from dmo.core.chain import Read
    from dmo.home.home import Home

__all__ = ["read_history"]

ESCROW = "CampaignEscrow"
_SAMPLES = 72
_MOST_READS = 20_000
"""Of points; with more accounts and awards than that, steps are not read to the second."""


def read_history(home: Home) -> History:
    """A deployment's whole history at the block that the home looks at.

    Raises:
        NetworkError: The node does not answer.
    """
    posted = home.facts(Idea)
    rounds = sorted({number for number, _ in posted})
    awards = [
        Award(event.at, event.arguments["account"], event.arguments["pointsWad"])
        for event in home.events("Reputation.PointsAwarded")
    ]
    moments, accounts = moments_of(awards, home.now - 1), sorted({one.account for one in awards})
    asked = [home.reading("Reputation", "getPastVotes", account, moment) for account in accounts for moment in moments]
    home.snapshot.try_read([*asked, *_reads(home, rounds)])
    points = iter(home.read(asked))
    for number in rounds:
        ideas(home, number)
    judged = list(disputes(home).values())
    look_at(home, judged)
    work, bounties = submissions(home), home.facts(Bounty)
    held, changed = _rounds(home, rounds)
    papers = _papers(home)
    cited = {one.digest for one in posted.values()} | {one.digest for given in papers.values() for one in given}
    cited |= {digest for one in work for digest in (one.evidence, one.reason or b"", bounties[one.bounty].brief)}
    dmo, head = home.dmo, home.snapshot.head
    gifts, counts, sums = Counter[int](), Counter[str](), Counter[str]()
    when: dict[tuple[object, ...], int] = {}
    for _, event in home.snapshot.events:
        counts[event.name] += 1
        sums[event.name] += event.arguments.get("amount", 0)
        if event.name == "CampaignToppedUp":
            gifts[event.arguments["campaign"]] += event.arguments["amount"]
        key = (event.name, *[one for one in event.arguments.values() if isinstance(one, int | str | bytes)])
        when[key[:2]] = when[key[:3]] = event.at
    return History(
        name=dmo.name,
        chain_id=dmo.chain_id,
        block=head.number,
        now=head.timestamp,
        began=home.snapshot.chain.block(dmo.birth or 1).timestamp,
        votes_token=dmo.votes_token,
        budget_token=dmo.budget_token,
        contracts=dmo.addresses,
        rounds=held,
        ideas=list(posted.values()),
        replaces={
            (told["round"], told["number"]): told["replaces"]
            for told in _told(home, "IdeaBoard.IdeaPosted")
            if told["replaces"]
        },
        campaigns=campaigns(home),
        gifts=gifts,
        bounties=bounties,
        work=[one for one in work if not one.lessons_of],
        lessons={one.lessons_of: one for one in work if one.lessons_of},
        rewards={told["submission"]: told["reward"] for told in _told(home, f"{ESCROW}.WorkPaid")},
        payments=_payments(home, {one.submission: one for one in work}),
        disputes=judged,
        papers=papers,
        jurors={one.submission: _jurors(home, one, when) for one in judged},
        awards=awards,
        moments=moments,
        standing={account: [next(points) for _ in moments] for account in accounts},
        proposals=proposals(home),
        documents={
            told["digest"]: read_document(told["text"], told["digest"])
            for told in _told(home, "DocumentLog.DocumentPublished")
            if told["digest"] in cited
        },
        credits=credits_left(home),
        books=abi.named(ESCROW, "books", home.ask(ESCROW, "books")),
        choices_changed=changed,
        counts=counts,
        sums=sums,
        when=when,
    )


def _told(home: Home, name: str) -> list[Mapping[str, Any]]:
    return [event.arguments for event in home.events(name)]


def _threshold(home: Home, number: int) -> Read:
    return home.reading("IdeaBoard", "passingThreshold", number)


def _reads(home: Home, rounds: Sequence[int]) -> list[Read]:
    """Everything that is asked, so that it goes in one batch."""
    posted = Counter(number for number, _ in home.facts(Idea))
    asked = [home.reading("IdeaBoard", "frame"), home.reading(ESCROW, "books")]
    for number in rounds:
        asked += [_threshold(home, number), home.reading("IdeaBoard", "rulesOf", number)]
        asked += page_reads(home, "ideas", posted[number], number)
    asked += page_reads(home, "campaigns", len(home.facts(Campaign)))
    asked += [home.reading(ESCROW, "creditOf", account) for account in credited(home)]
    for number in home.facts(Proposal):
        asked += [home.reading(GOVERNOR, view, number) for view in ("state", "proposalVotes")]
    return [*asked, *reads(home, disputes(home).values())]


def _rounds(home: Home, numbers: Sequence[int]) -> tuple[list[RoundHeld], int]:
    """The rounds, and how many choices turned round when voters replaced their ballots."""
    last: dict[tuple[int, str], dict[int, int]] = {}
    changed = 0
    for told in _told(home, "IdeaBoard.BallotCast"):
        key = told["round"], told["voter"]
        now = {value // 2: value % 2 for value in unpack(told["words"])[2]}
        before = last.get(key, {})
        changed += sum(before.get(idea, side) != side for idea, side in now.items())
        last[key] = now
    found = []
    for number in numbers:
        times = round_times(frame(home), number)
        cast = [choices for (its, _), choices in last.items() if its == number and choices]
        threshold = home.snapshot.try_read([_threshold(home, number)])[0]
        found.append(
            RoundHeld(
                number=number,
                opens=times.voting_opens,
                closes=times.voting_closes,
                cap=rules(home, number)["cap"],
                threshold=0 if isinstance(threshold, Refused) else threshold,
                settled=home.facts(Settled).get(number),
                ballots=len(cast),
                choices=sum(map(len, cast)),
            )
        )
    return found, changed


def moments_of(awards: Sequence[Award], last: int) -> list[int]:
    """Moments from a day before the first award on, evenly, and around every award."""
    if not awards:
        return []
    first = awards[0].at - 86_400
    steps = {moment for one in awards if one.at <= last for moment in (one.at - 1, one.at)}
    if len(steps) * len({one.account for one in awards}) > _MOST_READS:
        steps = set()
    return sorted({*range(first, last, max(1, (last - first) // _SAMPLES)), *steps, last})


def _payments(home: Home, work: Mapping[int, Submission]) -> list[Payment]:
    """Every payment, and what it was for.

    A dispute's payments follow what the desk says just before: its settlement names what goes to
    opener and worker, a juror's payment its amount. Any other is a share of the reward.
    """
    bounties = home.facts(Bounty)
    paid = [f"{ESCROW}.{one}" for one in ("PayeePaid", "PayeeCredited", "CreditWithdrawn")]
    found = []
    announced: deque[tuple[str, int, str, int]] = deque()
    for event in home.events(f"{DESK}.DisputeSettled", f"{DESK}.JurorPaid", *paid):
        told, number = event.arguments, event.arguments.get("submission", 0)
        if event.name == "DisputeSettled":
            moved, worker = settlement_of(event), work[number].worker
            for account, amount in ((moved.opener, moved.to_opener), (worker, moved.to_worker)):
                if amount:
                    announced.append(("won", number, account, amount))
        elif event.name == "JurorPaid":
            announced.append(("juror", number, told["juror"], told["amount"]))
        elif event.name == "CreditWithdrawn":
            who = (told["account"], told["to"])
            found.append(Payment(event.at, 0, 0, *who, told["amount"], "credit", event.tx))
        else:
            payee, amount = told["payee"], told["amount"]
            its = bounties[work[number].bounty]
            kind = "fee" if its.is_lessons else "gift" if its.is_gift else "work"
            if announced and announced[0][1:] == (number, payee, amount):
                kind = announced.popleft()[0]
            whole = (event.at, told["campaign"], number, payee, payee, amount, kind, event.tx)
            found.append(Payment(*whole, event.name == "PayeeCredited"))
    return found


def _papers(home: Home) -> dict[int, list[GivenPaper]]:
    found: dict[int, list[GivenPaper]] = defaultdict(list)
    for event in home.events(f"{DESK}.Evidence"):
        digest = bytes.fromhex(event.arguments["_evidence"][-64:])
        paper = GivenPaper(event.at, event.arguments["_party"], digest)
        found[event.arguments["_evidenceGroupID"]].append(paper)
    return found


def _jurors(home: Home, one: Dispute, when: Mapping[tuple[object, ...], int]) -> list[HeardJuror]:
    """The jurors of a dispute: reveals in their order, then the rest."""
    waiting: dict[str, int] = {}
    if one.arbitrator == own_jury(home):
        for event in home.events(f"{JURY}.RulingCommitted", disputeID=one.dispute_id):
            waiting[event.arguments["juror"]] = event.at
    paid = {
        event.arguments["juror"]: event.arguments["amount"]
        for event in home.events(f"{DESK}.JurorPaid", submission=one.submission)
    }
    heard = [
        HeardJuror(
            account=its.juror,
            committed_at=waiting.pop(its.juror, one.opened_at),
            revealed_at=when.get(("RulingRevealed", its.dispute_id, its.juror), one.reveal_until),
            ruling=Ruling(its.ruling),
            weight=its.weight,
            paid=paid.get(its.juror, 0),
        )
        for its in revealed(home, [one])[one.submission]
    ]
    return [*heard, *(HeardJuror(who, at) for who, at in waiting.items())]
