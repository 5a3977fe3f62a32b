"""Work: handed in, and judged by its evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.bounties import bounty_with
from dmo.capabilities.campaigns import campaign, terms
from dmo.capabilities.documents import DOCUMENT, DocumentAct, TemplateQuery, paper
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, MONEY, WORK
from dmo.capabilities.submissions import PAYEES, Payee, Submission, shares, submission_with
from dmo.core import words
from dmo.core.act import Act, arg, option, simple_act
from dmo.core.compared import Compared
from dmo.core.digests import cid
from dmo.core.errors import BadInput
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, LANGUAGE, TEXT, TIME, Amount, Kind, Value, choice, listed
from dmo.core.view import View, view
from dmo.home.documents import Document, Unreadable, parse
from dmo.home.home import Home

FAR = {"document": DOCUMENT, "nowhere": TEXT}


def far(home: Home, digest: bytes) -> dict[str, Any]:
    """The document behind a digest, wherever it is; or how to name it where it is nowhere."""
    found = documents.document(home, digest, is_far=True)
    return {"document": found, "nowhere": cid(digest) if found is None else None}


def named_in(found: Document | Unreadable | None) -> str | None:
    """The worker that evidence names."""
    return found.front.model_dump().get("worker") if isinstance(found, Document) else None


def beyond(sent: int | None, bond: int) -> Value:
    """What is sent beyond a bond, or nothing to say."""
    return MONEY(sent - bond if sent and sent > bond else None)


class OwnEvidence(DocumentAct):
    """Takes no evidence that names somebody else than who acts: a copy is worth nothing."""

    def check(self, home: Home) -> None:
        super().check(home)
        found, me = self.document(home), home.maybe_me
        if found and found.kind == "evidence" and me is not None and named_in(found) != me:
            raise words.bad("other_worker", field="worker", named=named_in(found), me=me).at(found.file)


ITS = {"submission": WORK}


class SubmitWork(
    OwnEvidence, name="work submit", call="CampaignEscrow.submitWork", told_by="WorkSubmitted", tells=ITS, who="worker"
):
    bounty: int = arg(BOUNTY)
    file: Document = arg(paper("evidence"))
    payees: tuple[Payee, ...] = option(PAYEES, (), flag="payee")
    send: Amount | None = option(MONEY)
    compared = Compared({"evidence": "file", "amount": "send or shown.bond"})

    def arguments(self, home: Home) -> Sequence[Any]:
        payees = [(one.account, one.share_bps) for one in self.payees]
        return [self.bounty, self.file.digest, payees, self.bond(home)]

    def repeated(self, home: Home) -> BadInput | None:
        # One file would fill every slot, with a bond each.
        mine = (self.bounty, home.maybe_me, self.file.digest)
        for one in home.facts(Submission).values():
            if mine == (one.bounty, one.worker, one.evidence):
                return words.bad("handed_in_already", submission=one.submission).at(self.file.file)
        return None

    def bond(self, home: Home) -> int:
        return self.send or bounty_with(home, self.bounty)[0].bond

    def facts(self, home: Home) -> Mapping[str, Value]:
        one, _, fixed = bounty_with(home, self.bounty)
        told = {"reward": MONEY(one.reward), "bond": MONEY(one.bond or None), "beyond": beyond(self.send, one.bond)}
        return {**super().facts(home), **told, "paid_at_the_latest": TIME(fixed.unjudged(home.now))}


class ReworkWork(
    OwnEvidence, name="work rework", call="CampaignEscrow.reworkWork", told_by="WorkReworked", who="worker"
):
    submission: int = arg(WORK)
    file: Document = arg(paper("evidence"))

    def repeated(self, home: Home) -> BadInput | None:
        is_same = submission_with(home, self.submission)[0].evidence == self.file.digest
        return words.bad("same_evidence").at(self.file.file) if is_same else None


WithdrawWork = simple_act("work withdraw", "CampaignEscrow.withdrawWork", "WorkWithdrawn", ITS, who="worker")
EVIDENCE = {**FAR, "named": ACCOUNT, "worker": ACCOUNT, "same_as": TEXT}


class Judge(Act):
    """A lead's verdict, bound to exactly the evidence that is shown; nobody judges the unseen.

    What was found and cannot be read is a reason to reject it, not to accept it.
    """

    submission: int = arg(WORK)
    compared = Compared({"evidence": "shown.evidence"}, unsaid=("unseen",))

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"evidence": "0x" + submission_with(home, self.submission)[0].evidence.hex()}

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.submission, submission_with(home, self.submission)[0].evidence]

    def shown(self, home: Home) -> View:
        one, is_unseen = submission_with(home, self.submission)[0], vars(self)["unseen"]
        told = far(home, one.evidence)
        found = told["document"]
        if found is None and not is_unseen:
            raise words.bad("unseen")
        if isinstance(found, Unreadable) and isinstance(self, AcceptWork) and not is_unseen:
            raise words.bad("unread", because=found.because)
        named = named_in(found)
        told |= {"named": named if named != one.worker else None, "worker": one.worker}
        told["same_as"] = documents.same_text(home, one.evidence, submission=one.submission)
        return view(home, "work evidence", EVIDENCE, told)


PART = Kind(
    "PART",
    lambda home, text: text,
    lambda home, part: words.word("work_gets", "share").format(ACCOUNT.show(home, part[0]), MONEY.show(home, part[1])),
    lambda part: {"account": part[0], "amount": str(part[1])},
    {"type": "object"},
)


class AcceptWork(Judge, name="work accept", call="CampaignEscrow.acceptWork", told_by="WorkAccepted", who="lead"):
    unseen: bool = option(FLAG, False)

    def facts(self, home: Home) -> Mapping[str, Value]:
        one, its, _, fixed = submission_with(home, self.submission)
        gets = listed(PART)(shares(one, its.reward))
        return {"gets": gets, "payable_from": TIME(home.now + fixed.challenge_seconds)}


LEAVES = {(False, True): "either", (False, False): "rework", (True, True): "contest", (True, False): "nothing"}
"""What a worker can do about a rejection: reworked before, somebody rules."""


class RejectWork(
    DocumentAct, Judge, name="work reject", call="CampaignEscrow.rejectWork", told_by="WorkRejected", who="lead"
):
    file: Document | None = arg(paper("reason"), default=None)
    because: str | None = option(TEXT)
    lang: str = option(LANGUAGE, words.ENGLISH)
    unseen: bool = option(FLAG, False)
    compared = Compared({**Judge.compared.where, "reason": "file"}, unsaid=("unseen", "lang"))

    def document(self, home: Home) -> Document:
        if (self.file is None) == (self.because is None):
            raise words.bad("no_reason")
        if self.file is not None:
            return self.file
        # Its words are those of its own language, whoever speaks which: the same reason has one digest.
        own = self.lang.partition("-")[0].lower()
        with words.speaking(own if own in words.languages() else words.ENGLISH):
            text = words.word("work_reason", "document")
        told = text.format(self.submission, self.lang, (self.because or "").strip())
        return parse(told.encode(), "--because", "reason")

    def arguments(self, home: Home) -> Sequence[Any]:
        return [*Judge.arguments(self, home), self.document(home).digest]

    def facts(self, home: Home) -> Mapping[str, Value]:
        one, _, _, fixed = submission_with(home, self.submission)
        told = {"reason": DIGEST(self.document(home).digest), "worker": ACCOUNT(one.worker)}
        told["leaves"] = TEXT(LEAVES[one.is_reworked, fixed.has_arbitrator])
        return {**super().facts(home), **told, "answer_until": TIME(home.now + fixed.answer_seconds)}


class FileLessons(
    DocumentAct, name="lesson file", call="CampaignEscrow.fileLessons", told_by="LessonsFiled", tells=ITS, who="lead"
):
    campaign: int = arg(CAMPAIGN)
    file: Document = arg(paper("lesson"))
    send: Amount | None = option(MONEY)
    compared = Compared({"lessons": "file", "amount": "send or shown.bond"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.campaign, self.file.digest, self.bond(home)]

    def least(self, home: Home) -> int:
        """The bond that lessons take; nothing where the lead has earned nothing."""
        one = campaign(home, self.campaign)
        return terms(home, one.terms_id).stake(one.fee_earned)

    def bond(self, home: Home) -> int:
        return self.send or self.least(home)

    def facts(self, home: Home) -> Mapping[str, Value]:
        one, bond = campaign(home, self.campaign), self.least(home)
        told = {"fee_earned": MONEY(one.fee_earned), "bond": MONEY(bond or None), "beyond": beyond(self.send, bond)}
        payable = home.now + terms(home, one.terms_id).challenge_seconds
        return {**super().facts(home), **told, "payable_from": TIME(payable)}


class NewWork(TemplateQuery, name="work new", needs_chain=True):
    file: str = arg(TEXT.called("FILE"), default="evidence.md")
    wanted: str = option(choice("work_template", "evidence", "reason", name="KIND"), "evidence", flag="kind")

    def which(self, home: Home) -> tuple[str, str]:
        return self.wanted, home.maybe_me or "0x…"


class NewLesson(TemplateQuery, name="lesson new"):
    file: str = arg(TEXT.called("FILE"), default="lesson.md")
