"""A dispute as its jurors need it: how it stands, what each ruling brings, both sides' papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dmo.capabilities import documents
from dmo.capabilities.dispute_list import STATE, following, state
from dmo.capabilities.disputes import DESK, PHASE, RULING, Dispute, dispute, own_jury, phase
from dmo.capabilities.disputing import ENDS, Disputed, disputed, table_of_ends
from dmo.capabilities.documents import DOCUMENT
from dmo.capabilities.ends import Ruling, Subject
from dmo.capabilities.ideas import Idea
from dmo.capabilities.jury import WEIGHT, Juror, juror_reads, jurors, unpaid
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, MONEY, WORK
from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.digests import cid
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, choice, listed
from dmo.core.view import Block, Query, View
from dmo.core.view import view as laid_out

if TYPE_CHECKING:
    from dmo.home.home import Home

__all__ = ["ShowDispute", "evidence"]

_TEXTS = 20
_PATH = "/ipfs/f01551220"
"""Path of a raw CIDv1 in base 16 with a sha2-256 digest, which follows."""


JURY_SHAPE = {
    "address": ACCOUNT,
    "commit_until": TIME,
    "reveal_until": TIME,
    "from_reputation": FLAG,
    "quorum": WEIGHT,
    "for_pay": WEIGHT,
    "for_refuse": WEIGHT,
    "ruling": RULING,
}
ME_SHAPE = {
    "account": ACCOUNT,
    "party": FLAG,
    "weight": WEIGHT,
    "committed": FLAG,
    "committed_to": RULING,
    "salt_here": FLAG,
    "revealed": FLAG,
    "owed": MONEY,
    "said": choice("juror_is", *("party", "no_weight", "weight", "revealed", "owed", "committed", "elsewhere")),
}
ROLES = ("idea", "brief", "evidence", "lessons", "reason", "statement", "given")
PAPER = {
    "role": choice("paper_role", *ROLES),
    "party": ACCOUNT,
    "digest": DIGEST,
    "copied_from": ACCOUNT,
    "document": DOCUMENT,
}


@dataclass(frozen=True)
class Paper:
    """A text of a dispute: its part, who gave it, and its digest."""

    role: str
    party: str
    digest: bytes


class ShowDispute(
    Query,
    name="dispute show",
    gives={
        **STATE,
        **ENDS,
        "what": choice("dispute_what", "rejection", "acceptance"),
        "bounty": BOUNTY,
        "campaign": CAMPAIGN,
        "lead": ACCOUNT,
        "leads_now": ACCOUNT,
        "worker": ACCOUNT,
        "parties": listed(ACCOUNT),
        "arbitrator": ACCOUNT,
        "case": NUMBER,
        "reward": MONEY,
        "worker_bond": MONEY,
        "jury": JURY_SHAPE,
        "state": choice("dispute_state", *PHASE.choices),
        "waits": choice("dispute_waits", "pay", "release"),
        "judges": choice("dispute_judges", "points", "votes", "other"),
        "snapshot": TIME,
        "lessons_of": CAMPAIGN,
        "stands": choice("dispute_unruled", "rejection", "acceptance"),
        "me": ME_SHAPE,
        "next": TEXT,
        "documents": [PAPER],
        "documents_left": NUMBER,
        "more": choice("paper_left", "more"),
    },
):
    submission: int = arg(WORK)
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        """How it stands, what each ruling brings, and every text."""
        one = dispute(home, self.submission)
        about = disputed(home, self.submission)
        me = home.maybe_me
        concerned = {one.opener, one.lead, about.campaign.lead, about.work.worker}
        concerned |= {payee.account for payee in about.work.payees}
        accounts = sorted(concerned | ({me} if me else set()))
        asked = [home.reading(DESK, "isParty", one.arbitrator, one.dispute_id, who) for who in accounts]
        own = juror_reads(one, me) if me and one.arbitrator == own_jury(home) else []
        answers = home.read([*asked, *own])
        parties = [who for who, is_party in zip(accounts, answers, strict=False) if is_party]
        mine = jurors(home, [(one, me)]).get((one.submission, me)) if me else None
        now, _ = phase(one, home.now)
        found = _papers(home, one, about)
        shown = found if self.everything else found[:_TEXTS]
        judges = "points" if one.is_from_reputation else "votes"
        ruled = one.ruling if now in ("over", "settled") else None
        return {
            **state(home, one),
            **table_of_ends(about, _subject(home, one, about), one.opener, ruled),
            "what": one.kind,
            "bounty": about.bounty.bounty,
            "campaign": about.campaign.campaign,
            "lead": one.lead,
            "leads_now": about.campaign.lead,
            "worker": about.work.worker,
            "parties": parties,
            "arbitrator": one.arbitrator,
            "case": one.dispute_id,
            "reward": about.bounty.reward,
            "worker_bond": about.bounty.bond,
            "jury": _jury(one) if one.has_jury else None,
            "state": now,
            "waits": "pay" if one.is_paid else "release",
            "judges": judges if one.has_jury else "other",
            "snapshot": one.opened_at - 1 if one.has_jury else None,
            "lessons_of": about.campaign.campaign if about.is_lessons else None,
            "stands": one.kind if one.is_open(home.now) else None,
            "me": _me(home, one, mine, parties) if me else None,
            "next": following(home, one, mine),
            "documents": [_read(home, paper, is_far=self._is_far(paper, concerned)) for paper in shown],
            "documents_left": len(found) - len(shown),
            "more": "more" if len(found) > len(shown) else None,
        }

    def _is_far(self, paper: Paper, parties: set[str]) -> bool:
        """Strangers' texts are not looked for afar, unless every one is wished."""
        return self.everything or paper.role != "given" or paper.party in parties

    def view(self, home: Home) -> View:
        """Every text stands under who gave it; copied evidence is pointed out."""
        found = self.answer(home)
        laid = laid_out(home, self.name, self.gives, found)
        blocks = []
        for row in found["documents"]:
            look = words.looking(home, words.valued(PAPER, row))
            copied = words.fill(words.word("paper", "copied"), look)
            blocks.append(Block(words.fill(words.word("paper_role", row["role"]), look), note=copied))
            blocks.append(_block(home, row))
        return replace(laid, blocks=tuple(blocks))


def _block(home: Home, row: Mapping[str, Any]) -> Block:
    if row["document"] is None:
        return Block(words.missing("document_nowhere", cid=cid(row["digest"])).message)
    return home.block(row["document"])


def _subject(home: Home, one: Dispute, about: Disputed) -> Subject:
    """What the dispute is about; once it is settled, as it was then."""
    if one.settlement is not None:
        then = about.subject(one.is_challenge, one.bond, one.pot_whole > 0)
        return replace(then, fee_left=one.settlement.fee_taken)
    has_jurors = one.pays_jurors
    if one.has_jury and home.now >= one.reveal_until:
        has_jurors = has_jurors and one.for_one + one.for_two > 0
    return about.subject(one.is_challenge, one.bond, has_jurors)


def _jury(one: Dispute) -> dict[str, Any]:
    weights = {"quorum": one.quorum, "for_pay": one.for_one, "for_refuse": one.for_two}
    return {
        "address": one.arbitrator,
        "commit_until": one.commit_until,
        "reveal_until": one.reveal_until,
        "from_reputation": one.is_from_reputation,
        **{key: (one.is_from_reputation, weight) for key, weight in weights.items()},
        "ruling": one.jury_ruling.text,
    }


def _me(home: Home, one: Dispute, mine: Juror | None, parties: Sequence[str]) -> dict[str, Any]:
    """What this account is in the dispute."""
    kept = home.salts.behind(mine.commitment) if mine else None
    found = {
        "account": home.me,
        "party": home.me in parties,
        "weight": (one.is_from_reputation, mine.weight) if mine else None,
        "committed": bool(mine and mine.commitment),
        "committed_to": Ruling(kept.ruling).text if kept else None,
        "salt_here": kept is not None,
        "revealed": bool(mine and mine.is_revealed),
        "owed": unpaid(home, [one]).get(one.submission, {}).get(home.me),
        "said": None,
    }
    if found["party"]:
        said = "party"
    elif mine is None:
        return found
    elif not mine.weight:
        said = "no_weight"
    elif mine.is_revealed:
        said = "owed" if found["owed"] else "revealed"
    elif mine.commitment:
        said = "committed" if kept else "elsewhere"
    else:
        said = "weight"
    return {**found, "said": said}


# ── papers ──────────────────────────────────────────────────────────────────────────────────────


def evidence(home: Home, submission: int) -> list[tuple[str, bytes]]:
    """Who gave what in a submission's dispute, in the order of the chain; the statement first."""
    return [
        (event.arguments["_party"], bytes.fromhex(event.arguments["_evidence"].removeprefix(_PATH)))
        for event in home.events("DisputeDesk.Evidence", _evidenceGroupID=submission)
    ]


def _papers(home: Home, one: Dispute, about: Disputed) -> list[Paper]:
    """All texts, in the order a juror reads them; parties' evidence before strangers'."""
    work, lead = about.work, about.campaign.lead
    if about.is_lessons:
        idea = home.facts(Idea)[about.campaign.round, about.campaign.number]
        found = [Paper("idea", idea.author, idea.digest)]
        found.append(Paper("lessons", work.worker, work.evidence))
    else:
        found = [Paper("brief", lead, about.bounty.brief)]
        found.append(Paper("evidence", work.worker, work.evidence))
    rejections = home.events("CampaignEscrow.WorkRejected", submission=one.submission)
    found += [
        Paper("reason", event.arguments["lead"], event.arguments["reason"])
        for event in rejections[-1:]
        if event.arguments["evidence"] == work.evidence
    ]
    found.append(Paper("statement", one.opener, one.statement))
    said = evidence(home, one.submission)
    said.remove((one.opener, one.statement))
    parties = {one.opener, one.lead, lead, work.worker}
    # Parties come first, and of everybody the first text before anybody's second: whoever gives
    # many hides nobody's one.
    given = Counter[str]()
    places = []
    for party, digest in said:
        places.append((party not in parties, given[party], Paper("given", party, digest)))
        given[party] += 1
    return [*found, *(paper for *_, paper in sorted(places, key=lambda place: place[:2]))]


def _read(home: Home, paper: Paper, *, is_far: bool) -> dict[str, Any]:
    """A text, hashed, and whom its evidence names where that is not who gave it."""
    found = documents.document(home, paper.digest, is_far=is_far)
    named = None
    if getattr(found, "kind", None) == "evidence":
        named = str(found.front.model_dump()["worker"])  # type: ignore[union-attr]
    copied = named if named != paper.party else None
    return {**vars(paper), "document": found, "copied_from": copied}
