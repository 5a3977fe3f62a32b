"""Reads a deployment's history: the capabilities' facts at one block, and all events."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dmo.capabilities import bounties, campaigns, disputes, earning, governance, ideas, recognition, rounds
from dmo.capabilities.appraised import appraised
from dmo.capabilities.content import KINDS, ContentEntry
from dmo.capabilities.disputes import DESK, JURY, Dispute
from dmo.capabilities.drops import HELD, ListDrops
from dmo.capabilities.ends import Ruling
from dmo.capabilities.flows import ESCROW, payments_of
from dmo.capabilities.heard import ListNeeds
from dmo.capabilities.history import GivenPaper, HeardJuror, History, Key, RoundHeld
from dmo.capabilities.jury import revealed
from dmo.capabilities.lens import page_reads
from dmo.capabilities.payments import credited, credits_left
from dmo.capabilities.submissions import submissions
from dmo.capabilities.voice import ListAssets, ListClaims, ShowBrand, ShowPlan
from dmo.core import abi
from dmo.core.chain import Read
from dmo.core.errors import Refused
from dmo.home.ballots import unpack
from dmo.home.documents import read_document
from dmo.home.home import Home
from dmo.home.rounds import round_times

_SAMPLES = 72
"""Points are read at so many rounds' starts, at the most."""


def read_report(home: Home) -> History:
    """The same with what was said of needs and in one voice, who was recognized, and what was handed out."""
    history, everything = read_history(home), {"everything": True}
    assets = ListAssets(**everything).answer(home)
    more = {
        "needs": ListNeeds(**everything).answer(home)["needs"],
        "plan": ShowPlan(**everything).answer(home)["nodes"],
        "brand": ShowBrand().answer(home)["pillars"],
        "claims": ListClaims(**everything).answer(home)["claims"],
        "assets": [*assets["official"], *assets["others"]],
        "badges": _badges(home),
        "drops": [_drop(home, row) for row in ListDrops(**everything).answer(home)["drops"]],
    }
    return replace(history, more={**history.more, **more})


def _badges(home: Home) -> list[dict[str, Any]]:
    """Who has which badge, class by class."""
    has = earning.held(home)
    return [
        {"badge": one.badge, "title": one.title, **its._asdict()}
        for one in earning.classes(home)
        for its in has.of(one.badge)
    ]


def _drop(home: Home, row: Mapping[str, Any]) -> dict[str, Any]:
    """A drop; amounts in words, for it may be of any token."""
    amounts = {"whole": row["amount"], "claimed": row["paid"], "unclaimed": row["left"]}
    told = {key: HELD.show(home, one) for key, one in amounts.items()}
    return {key: row[key] for key in ("drop", "creator", "claims", "state", "starts_at", "expires_at")} | told


def read_history(home: Home) -> History:
    """A deployment's whole history at the block that the home looks at. Raises NetworkError: no answer."""
    posted = home.facts(ideas.Idea)
    numbers = sorted({number for number, _ in posted})
    awarded, awards = home.events("Reputation.PointsAwarded"), recognition.awards(home)
    boundaries = boundaries_of([one.arguments["countsFrom"] for one in awarded], home.now)
    asked, accounts = list[Read](), sorted({one.account for one in awards})
    for account in accounts:
        asked += [home.reading("Reputation", "getPastVotes", account, moment) for moment in boundaries]
        asked.append(home.reading("Reputation", "getVotes", account))
    home.snapshot.try_read([*asked, *_reads(home, numbers)])
    points = iter(home.read(asked))
    for number in numbers:
        ideas.ideas(home, number)
    judged = list(disputes.disputes(home).values())
    disputes.look_at(home, judged)
    work, known = submissions(home), home.facts(bounties.Bounty)
    held, turnout, changed = _rounds(home, numbers)
    papers: dict[int, list[GivenPaper]] = defaultdict(list)
    for event in home.events(f"{DESK}.Evidence"):
        digest = bytes.fromhex(event.arguments["_evidence"][-64:])
        papers[event.arguments["_evidenceGroupID"]].append(GivenPaper(event.at, event.arguments["_party"], digest))
    cited = {one.digest for one in posted.values()} | {one.digest for given in papers.values() for one in given}
    cited |= {digest for one in work for digest in (one.evidence, one.reason or b"", known[one.bounty].brief)}
    tactics = {one.entry: one.digest for one in home.facts(ContentEntry).values() if KINDS[one.kind] == "tactic"}
    cited |= {*tactics.values()}
    logged = (event.arguments for event in home.events("DocumentLog.DocumentPublished"))
    published = [(told["digest"], told["text"]) for told in logged]
    counts, sums, when = Counter[str](), Counter[Key](), dict[Key, int]()
    for _, event in home.snapshot.events:
        told = event.arguments
        key = (event.name, *[one for one in told.values() if isinstance(one, int | str | bytes)])
        counts[event.name] += 1
        for its in {key[:1], key[:2], key[:3]}:
            when[its] = event.at
            sums[its] += sum(told.get(amount, 0) for amount in ("amount", "reward", "pointsWad"))
    return History(
        dmo=home.dmo,
        block=home.snapshot.head.number,
        now=home.now,
        began=home.snapshot.chain.block(home.dmo.birth or 1).timestamp,
        origin=ideas.frame(home).origin,
        level_unit=recognition.unit(home),
        appraised=appraised(home),
        tactics=tactics,
        rounds=held,
        ideas=posted,
        campaigns=campaigns.campaigns(home),
        bounties=known,
        work=[one for one in work if not one.lessons_of],
        lessons={one.lessons_of: one for one in work if one.lessons_of},
        payments=payments_of(home),
        disputes=judged,
        papers=papers,
        jurors={one.submission: _jurors(home, one, when, sums) for one in judged},
        awards=awards,
        moments=[awards[0].at, *boundaries, home.now] if awards else [],
        standing={account: [0, *(next(points) for _ in [*boundaries, home.now])] for account in accounts},
        proposals=governance.proposals(home),
        documents={digest: read_document(text, digest) for digest, text in published if digest in cited},
        credits=credits_left(home),
        books=abi.named(ESCROW, "books", home.ask(ESCROW, "books")),
        choices_changed=changed,
        more={"turnout": turnout},
        counts=counts,
        when=when,
        sums=sums,
    )


def _reads(home: Home, numbers: Sequence[int]) -> list[Read]:
    """Everything that is asked, so that it goes in one batch."""
    posted = Counter(number for number, _ in home.facts(ideas.Idea))
    asked = [home.reading("IdeaBoard", "frame"), home.reading(ESCROW, "books")]
    for number in numbers:
        asked += [home.reading("IdeaBoard", view, number) for view in ("passingThreshold", "rulesOf")]
        asked.append(_votable(home, number))
        asked += page_reads(home, "ideas", posted[number], number)
    asked += page_reads(home, "campaigns", len(home.facts(campaigns.Campaign)))
    asked += [home.reading(ESCROW, "creditOf", account) for account in credited(home)]
    asked += governance.asked(home)
    return [*asked, *disputes.reads(home, disputes.disputes(home).values())]


def _votable(home: Home, number: int) -> Read:
    """All that could be voted with in a round; a refusal before it opens."""
    return home.reading("IdeaBoard", "votableSupply", round_times(ideas.frame(home), number).snapshot)


def _rounds(home: Home, numbers: Sequence[int]) -> tuple[list[RoundHeld], list[dict[str, Any]], int]:
    """The rounds, which share of all votes was cast in each, and how many choices voters turned round."""
    last: dict[tuple[int, str], tuple[int, dict[int, int]]] = {}
    found, turnout, changed = [], list[dict[str, Any]](), 0
    for event in home.events("IdeaBoard.BallotCast"):
        key = event.arguments["round"], event.arguments["voter"]
        now = {value // 2: value % 2 for value in unpack(event.arguments["words"])[2]}
        _, before = last.get(key, (0, {}))
        changed += sum(before.get(idea, side) != side for idea, side in now.items())
        last[key] = event.arguments["votes"], now
    for number in numbers:
        times, settled = round_times(ideas.frame(home), number), home.facts(ideas.Settled).get(number)
        cast = [ballot for (its, _), ballot in last.items() if its == number and ballot[1]]
        threshold, votable = (
            0 if isinstance(one, Refused) else one
            for one in home.snapshot.try_read(
                [home.reading("IdeaBoard", "passingThreshold", number), _votable(home, number)]
            )
        )
        window = (times.voting_opens, times.voting_closes, rounds.rules(home, number)["cap"], threshold)
        choices = sum(len(ballot) for _, ballot in cast)
        found.append(RoundHeld(number, *window, settled, len(cast), choices))
        share = f"{sum(votes for votes, _ in cast) * 100 / votable:.1f} %" if votable else None
        turnout.append({"round": number, "turnout": share, "funded_count": settled.funded if settled else None})
    return found, turnout, changed


def boundaries_of(starts: Sequence[int], now: int) -> list[int]:
    """Of the moments from which on points count, those that are over; evenly chosen where they are too many."""
    past = sorted({start for start in starts if start < now})
    return past[:: -(-len(past) // _SAMPLES) or 1]


def _jurors(home: Home, one: Dispute, when: Mapping[Key, int], sums: Mapping[Key, int]) -> list[HeardJuror]:
    """The jurors of a dispute: reveals in their order, then the rest."""
    is_ours = one.arbitrator == disputes.own_jury(home)
    commitments = home.events(f"{JURY}.RulingCommitted", disputeID=one.dispute_id) if is_ours else ()
    waiting = {event.arguments["juror"]: event.at for event in commitments}
    heard = []
    for its in revealed(home, [one]).get(one.submission, ()):
        committed = waiting.pop(its.juror, one.opened_at)
        at = when.get(("RulingRevealed", its.dispute_id, its.juror), one.reveal_until)
        paid = sums["JurorPaid", one.submission, its.juror]
        heard.append(HeardJuror(its.juror, committed, at, Ruling(its.ruling), its.weight, paid))
    return [*heard, *(HeardJuror(who, at) for who, at in waiting.items())]
