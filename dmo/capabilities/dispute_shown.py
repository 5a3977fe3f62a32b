"""Disputes as they are shown: at a glance; and one as its jurors need it, with both sides' papers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dmo.capabilities import cases, documents, report_shown
from dmo.capabilities import disputes as desk
from dmo.capabilities.cases import RULED, SUBJECT
from dmo.capabilities.disputes import DESK, Dispute, Judged, JuryCase, juror_reads, kind_of, phase
from dmo.capabilities.disputing import ENDS, Disputed, table_of_ends
from dmo.capabilities.ends import End, ends
from dmo.capabilities.ideas import Idea
from dmo.capabilities.jury import WEIGHT, Juror, jurors, unpaid
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, MONEY
from dmo.capabilities.outcomes import REPORT
from dmo.capabilities.work import named_in
from dmo.core import kinds, words
from dmo.core.act import arg, option
from dmo.core.digests import cid
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, choice, listed, shape
from dmo.core.view import Exhibit, Query, View, view
from dmo.home.home import Home

_TEXTS = 20
"""So many papers are shown, unless all are wished."""
PHASE = choice("dispute_phase", "uphold", "commit", "reveal", "rule", "arbitrator", "over", "settled")
_ANYBODY = ("rule", "uphold")
WHAT = choice("disputed_what", "acceptance", "rejection", "report", "case")
STATE = {
    **{**desk.DISPUTE, "submission": SUBJECT, "ruling": RULED, "what": WHAT, "report": REPORT},
    **{"phase": PHASE, "phase_until": TIME, "next": TEXT},
}
"""What lists and a dispute itself tell alike."""


def state(home: Home, one: Judged, otherwise: str = "") -> dict[str, Any]:
    """A dispute for tables and machines; ``next`` is what anybody can do to move it on now, or something else."""
    now, until = phase(one, home.now)
    if isinstance(one, JuryCase):
        told, key = report_shown.row(home, one), report_shown.following(one, now, otherwise)
    else:
        told, follows = desk.row(one, home.now), {"settled": "jurors" if one.pot else "", "over": one.follows}
        ruling = told["ruling"]
        told["ruling"] = None if ruling is None else cases.said(one.subject, ruling)
        told["what"] = "acceptance" if kind_of(one) == "acceptance" else "rejection"
        key = follows.get(now, now if now in _ANYBODY else otherwise)
    told |= {"phase": now, "phase_until": until}
    return {**told, "next": words.fill(words.word("dispute_next", key), kinds.looking(home, kinds.valued(STATE, told)))}


class ListDisputes(Query, name="dispute list", gives={"disputes": [{**STATE, **desk.REST}], "others": NUMBER}):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = list(cases.every(home).values())
        shown = found if self.everything else cases.moving(home)
        cases.look(home, [one for one in shown if one.is_open(home.now)])
        return {"disputes": [state(home, one) for one in shown], "others": len(found) - len(shown)}


JURY_SHAPE = {
    **shape((TIME, "commit_until reveal_until"), (WEIGHT, "quorum for_pay for_refuse")),
    **{"address": ACCOUNT, "from_reputation": FLAG, "ruling": RULED},
}
ME_SHAPE = shape(
    (FLAG, "party committed salt_here revealed"), account=ACCOUNT, weight=WEIGHT, committed_to=RULED, owed=MONEY
)
ROLE = choice("paper_role", "idea", "brief", "evidence", "lessons", "reason", "report", "statement", "answer", "given")
PAPER = shape((ACCOUNT, "party copied_from"), role=ROLE, digest=DIGEST, document=documents.DOCUMENT)
SHOWN = {
    **{**STATE, **ENDS, "jury": JURY_SHAPE, "me": ME_SHAPE, "documents": [PAPER], "parties": listed(ACCOUNT)},
    **shape((ACCOUNT, "lead leads_now worker arbitrator"), (MONEY, "reward worker_bond")),
    **shape((CAMPAIGN, "campaign lessons_of"), (NUMBER, "case documents_left"), bounty=BOUNTY, snapshot=TIME),
    **{"waits": choice("dispute_waits", "pay", "release"), **report_shown.SHOWN},
}


@dataclass(frozen=True)
class Paper:
    """A text of a dispute: its part, who gave it, and its digest."""

    role: str
    party: str
    digest: bytes


class ShowDispute(Query, name="dispute show", gives=SHOWN):
    submission: int | str = arg(SUBJECT)
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        one = cases.case(home, self.submission)
        return self._of_work(home, one) if isinstance(one, Dispute) else self._of_another(home, one)

    def _of_another(self, home: Home, one: JuryCase) -> Mapping[str, Any]:
        """Of a report; or of what we know nothing of but the jury."""
        me = home.maybe_me
        mine = jurors(home, [(one, me)]).get((one.subject, me)) if me else None
        parties, papers = report_shown.parties(home, one), report_shown.papers(home, one)
        shown = papers if self.everything else papers[:_TEXTS]
        now, _ = phase(one, home.now)
        return {
            **{**state(home, one, _following(now, mine)), **report_shown.told(home, one)},
            **{"case": one.dispute_id, "arbitrator": one.arbitrator, "parties": parties or None},
            **{"snapshot": one.boundary if one.has_jury else None, "jury": _jury(one) if one.has_jury else None},
            "me": _me(home, one, mine, me in parties) if me else None,
            "documents": [_read(home, Paper(*paper), is_far=self.everything) for paper in shown],
            "documents_left": len(papers) - len(shown),
        }

    def _of_work(self, home: Home, one: Dispute) -> Mapping[str, Any]:
        about, me = Disputed.by(home, one.submission), home.maybe_me
        payees = {payee.account for payee in about.work.payees}
        concerned = {one.opener, one.upholder, one.lead, about.campaign.lead, about.work.worker, *payees}
        told = (one.arbitrator, one.dispute_id)
        asked = [] if one.is_contested else [home.reading(DESK, "partiesOf", *told)]
        own = juror_reads(one, me) if me and one.arbitrator == desk.own_jury(home) else []
        answers = home.read([*asked, *own])
        parties = [] if one.is_contested else sorted(answers[0])
        mine = jurors(home, [(one, me)]).get((one.subject, me)) if me else None
        papers = _papers(home, one, about)
        shown = papers if self.everything else papers[:_TEXTS]
        now, _ = phase(one, home.now)
        is_over = now in ("over", "settled")
        return {
            **vars(about.bounty),
            **vars(about.work),
            **state(home, one, _following(now, mine)),
            **table_of_ends(about, _ends(home, one, is_over), one.opener, one.upholder, is_over=is_over),
            "leads_now": about.campaign.lead,
            "worker_bond": about.bounty.bond,
            "lessons_of": about.work.lessons_of or None,
            "case": one.dispute_id or None,
            "arbitrator": one.arbitrator if not one.is_contested else None,
            "snapshot": one.boundary if one.has_jury else None,
            **{"waits": one.follows, "parties": parties or None, "jury": _jury(one) if one.has_jury else None},
            "me": _me(home, one, mine, me in parties) if me else None,
            # Strangers' texts are not looked for afar, unless every one is wished.
            "documents": [
                _read(home, paper, is_far=self.everything or paper.role != "given" or paper.party in concerned)
                for paper in shown
            ],
            "documents_left": len(papers) - len(shown),
        }

    def view(self, home: Home) -> View:
        found = self.answer(home)
        blocks = []
        for row in found["documents"]:
            look = kinds.looking(home, kinds.valued(PAPER, row))
            copied = words.fill(words.word("paper", "copied"), look)
            nowhere = words.missing("document_nowhere", cid=cid(row["digest"])).message
            blocks.append(Exhibit(words.fill(words.word("paper_role", row["role"]), look), note=copied))
            blocks.append(row["document"].exhibit() if row["document"] else Exhibit(nowhere))
        name = self.name if cases.group_of(self.submission) == cases.WORK else "dispute report"
        return replace(view(home, name, self.gives, found), blocks=tuple(blocks))


def _following(now: str, mine: Juror | None) -> str:
    """What comes next for an account while nobody can move a dispute on."""
    has_committed = mine is not None and bool(mine.commitment)
    if now == "reveal":
        return "reveal" if has_committed else "waits"
    is_juror = now == "commit" and mine is not None and mine.weight
    return "evidence" if not is_juror else "committed" if has_committed else "commit"


def _ends(home: Home, one: Dispute, is_over: bool) -> list[End]:
    """What ends there can be; once it is over the one that came, as it moves or moved."""
    if one.settlement is not None:
        return [End(one.ruling, one.is_paid, one.settlement, one.is_contested)]
    found = ends(home, one.submission)
    if not is_over:
        return found
    [came] = [end for end in found if end.ruling is one.ruling and end.is_unanswered is one.is_contested]
    if one.has_jury and not one.for_one + one.for_two:  # nobody judged: their part is the pool's
        pooled = came.moved.to_pool + came.moved.to_jurors
        came = replace(came, moved=replace(came.moved, to_pool=pooled, to_jurors=0))
    return [came]


def _jury(one: Judged) -> dict[str, Any]:
    weights = {"quorum": one.quorum, "for_pay": one.for_one, "for_refuse": one.for_two}
    ruling = cases.said(one.subject, one.jury_ruling)
    told = {"address": one.arbitrator, "from_reputation": one.is_from_reputation, "ruling": ruling}
    return {**vars(one), **told, **{key: (one.is_from_reputation, weight) for key, weight in weights.items()}}


def _me(home: Home, one: Judged, mine: Juror | None, is_party: bool) -> dict[str, Any]:
    """What this account is in the dispute."""
    kept = home.salts.behind(mine.commitment) if mine else None
    return {
        "account": home.me,
        "party": is_party,
        "weight": (one.is_from_reputation, mine.weight) if mine else None,
        "committed": bool(mine and mine.commitment),
        "committed_to": cases.said(one.subject, kept.ruling) if kept else None,
        "salt_here": kept is not None,
        "revealed": bool(mine and mine.is_revealed),
        "owed": unpaid(home, [one]).get(one.subject, {}).get(home.me),
    }


def _papers(home: Home, one: Dispute, about: Disputed) -> list[Paper]:
    """All texts, in the order a juror reads them; parties' evidence before strangers'."""
    work, lead = about.work, about.campaign.lead
    found = [Paper("brief", lead, about.bounty.brief), Paper("evidence", work.worker, work.evidence)]
    if work.lessons_of:
        idea = home.facts(Idea)[about.campaign.round, about.campaign.number]
        found = [Paper("idea", idea.author, idea.digest), Paper("lessons", work.worker, work.evidence)]
    for event in home.events("CampaignEscrow.WorkRejected", submission=one.submission)[-1:]:
        if event.arguments["evidence"] == work.evidence:
            found.append(Paper("reason", event.arguments["lead"], event.arguments["reason"]))
    statements = [Paper("statement", one.opener, one.statement)]
    if one.upholder and one.answer:
        statements.append(Paper("answer", one.upholder, one.answer))
    told = [event.arguments for event in home.events("DisputeDesk.Evidence", _evidenceGroupID=one.submission)]
    # The path of a raw CIDv1 in base 16, which ends with its digest.
    said = [Paper("given", its["_party"], bytes.fromhex(its["_evidence"][-64:])) for its in told]
    for paper in statements:  # they are given as evidence, too
        said.remove(replace(paper, role="given"))
    found += statements
    # Parties come first, and of everybody the first text before anybody's second: whoever gives
    # many hides nobody's one.
    parties, given = {one.opener, one.upholder, one.lead, lead, work.worker}, Counter[str]()
    places = []
    for paper in said:
        places.append((paper.party not in parties, given[paper.party], paper))
        given[paper.party] += 1
    return [*found, *(paper for *_, paper in sorted(places, key=lambda place: place[:2]))]


def _read(home: Home, paper: Paper, *, is_far: bool) -> dict[str, Any]:
    """A text, hashed, and whom its evidence names where that is not who gave it."""
    found = documents.document(home, paper.digest, is_far=is_far)
    named = named_in(found)
    return {**vars(paper), "document": found, "copied_from": named if named != paper.party else None}
