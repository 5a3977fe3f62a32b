"""Disputing: what each ruling would bring to whom, opening a dispute, evidence, and the terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.campaigns import Campaign, Terms, terms
from dmo.capabilities.disputes import DESK, own_jury
from dmo.capabilities.documents import TemplateQuery, paper
from dmo.capabilities.ends import RULING, End, Ruling, Subject, ends
from dmo.capabilities.lens import GOVERNANCE, MONEY, WORK
from dmo.capabilities.submissions import Submission, shares, submission_with
from dmo.capabilities.work import OwnEvidence
from dmo.core import kinds, words
from dmo.core.act import Act, Done, arg, option
from dmo.core.kinds import ACCOUNT, COIN, FLAG, NUMBER, TEXT, TIME, Kind, Value, choice, listed, shape
from dmo.core.view import View, view
from dmo.home.documents import Document
from dmo.home.home import Home


def _sums(*parts: tuple[str, int]) -> dict[str, int]:
    """Amounts by account."""
    amounts = dict.fromkeys((who for who, _ in parts), 0)
    for who, amount in parts:
        amounts[who] += amount
    return amounts


@dataclass(frozen=True)
class Disputed:
    """A submission with all that a dispute about it touches; disputed or not yet."""

    work: Submission
    bounty: Bounty
    campaign: Campaign
    terms: Terms

    @classmethod
    def by(cls, home: Home, submission: int) -> Self:
        return cls(*submission_with(home, submission))

    def subject(self, is_challenge: bool, bond: int, has_jurors: bool) -> Subject:
        """What a dispute of this kind is about; the bond in units of the budget token."""
        its = self.campaign
        fee = 0 if its.fee_settled else max(its.fee - its.fee_taken, 0)
        return Subject(is_challenge, self.bounty.reward, self.bounty.bond, bond, fee, has_jurors)

    def sums(self, end: End, opener: str) -> dict[str, dict[str, int]]:
        """What an end brings to whom, and what of it is only what they left before; in units of the budget token."""
        worker, parts = self.work.worker, shares(self.work, end.payees)
        accounts = _sums((worker, end.worker), *parts, (opener, end.challenger))
        return {"accounts": accounts, "own_bonds": _sums((worker, end.worker_bond), (opener, end.opener_bond))}


def _cell(home: Home, value: Any) -> str:
    return home.word("end", str(value)) if value == 0 or isinstance(value, str) else MONEY.show(home, value)


SUMS = Kind(
    "SUMS",
    lambda home, text: text,
    plain=lambda sums: {who: str(amount) for who, amount in sums.items()},
    schema={"type": "object", "additionalProperties": {"type": "string"}},
)
CELL = Kind("AMOUNT", MONEY.read, _cell, str, {"type": ["string", "null"]})
_PARTS = ("jurors", "campaign", "pool")
_COLUMNS = {Ruling.PAY: "{}pay", Ruling.REFUSE: "{}refuse", Ruling.NONE: "none"}
END = shape((MONEY, "jurors campaign pool fee_lost"), (SUMS, "accounts own_bonds"), ruling=RULING, paid=FLAG)
PART = choice("end_part", "work", "account", "own", *_PARTS, "fee")
ROLES = listed(choice("end_role", "worker", "payee", "challenger"))
ROW = shape((CELL, "pay refuse none ruled_pay ruled_refuse"), part=PART, roles=ROLES, account=ACCOUNT)
ENDS = {"outcomes": [END], "ends": [ROW]}


def table_of_ends(about: Disputed, subject: Subject, opener: str, ruled: Ruling | None = None) -> dict[str, Any]:
    """Who gets what by each ruling, or by the one that was ruled: for machines, and as a table."""
    found = [end for end in ends(subject) if ruled is None or end.ruling is ruled]
    outcomes = [{**vars(end), **about.sums(end, opener), "paid": end.is_paid} for end in found]
    columns = [_COLUMNS[end.ruling].format("" if ruled is None else "ruled_") for end in found]
    payees, challenger = {payee.account for payee in about.work.payees}, opener if subject.is_challenge else None

    def row(part: str, cells: Iterable[Any], **more: Any) -> dict[str, Any]:
        return {"part": part, **more, **dict(zip(columns, cells, strict=True))}

    rows = [row("work", ["paid" if end.is_paid else "not paid" for end in found])]
    for who in outcomes[0]["accounts"]:
        has = {"worker": who == about.work.worker, "payee": who in payees, "challenger": who == challenger}
        roles = [role for role, is_so in has.items() if is_so]
        rows.append(row("account", [one["accounts"][who] for one in outcomes], account=who, roles=roles))
        rows.append(row("own", [one["own_bonds"].get(who, 0) for one in outcomes]))
    rows += [row(part, [getattr(end, part) for end in found]) for part in _PARTS]
    rows.append(row("fee", [-end.fee_lost for end in found]))
    return {"outcomes": outcomes, "ends": [one for one in rows if any(one[column] for column in columns)]}


class NewStatement(TemplateQuery, name="dispute new", needs_chain=True):
    file: str = arg(TEXT.called("FILE"), default="statement.md")
    written_as: str = option(choice("statement_kind", "reason", "evidence", name="KIND"), "reason", flag="kind")

    def which(self, home: Home) -> tuple[str, str]:
        name = "statement" if self.written_as == "reason" else self.written_as
        return name, home.maybe_me or "0x…"


class SaysSomething(OwnEvidence):
    """Binds a reason, or evidence that names who gives it."""

    submission: int = arg(WORK)
    file: Document = arg(paper(None))

    def check(self, home: Home) -> None:
        super().check(home)
        if self.file.kind not in ("reason", "evidence"):
            raise words.bad("no_statement", field="file", kind=self.file.kind)


class OpenDispute(SaysSomething, name="dispute open", call="DisputeDesk.openDispute", told_by="DisputeOpened"):
    spender = "CampaignEscrow"

    def bond(self, home: Home) -> int:
        return int(home.ask(DESK, "priceOf", self.submission)[0])

    def value(self, home: Home) -> int:
        return int(home.ask(DESK, "priceOf", self.submission)[1])

    def about(self, home: Home) -> tuple[Disputed, Subject]:
        about = Disputed.by(home, self.submission)
        return about, about.subject(about.work.status != "rejected", self.bond(home), about.terms.pays_jurors)

    def facts(self, home: Home) -> Mapping[str, Value]:
        about, subject = self.about(home)
        me, found, its, cost = home.maybe_me or "", ends(subject), about.terms, self.value(home)
        brings = [MONEY(about.sums(one, me)["accounts"].get(me, 0)) for one in found]
        is_own = its.arbitrator == own_jury(home)
        who = words.word("dispute", "jury") if is_own else home.names.who(its.arbitrator)
        return {
            **super().facts(home),
            "challenge": FLAG(subject.is_challenge),
            "until": TIME(home.now + its.arbitration_seconds),
            **{"bond": MONEY(subject.bond), "cost_wei": TEXT(str(cost)), "coins": COIN(cost), "payee": TEXT(who)},
            **{"worker": ACCOUNT(about.work.worker), "lead": ACCOUNT(about.campaign.lead)},
            "arbitrator": ACCOUNT(its.arbitrator),
            **dict(zip(("if_pay", "if_refuse", "if_none"), brings, strict=True)),
            "shares_fee": FLAG(any(one.fee_lost for one in found)),
        }

    def shown(self, home: Home) -> View:
        about, subject = self.about(home)
        return view(home, "dispute ends", ENDS, table_of_ends(about, subject, home.maybe_me or ""))

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        event = done.event("DisputeOpened")
        return {"case": NUMBER(event.arguments["disputeID"] if event else None)}


class SubmitEvidence(SaysSomething, name="dispute evidence", call="DisputeDesk.submitEvidence", told_by="Evidence"):
    pass


_WINDOWS = ("review", "answer", "challenge", "arbitration", "notice")
_LONG = {name: f"{name}_seconds" for name in _WINDOWS} | {"dispute_bond": "dispute_bond_bps"}


class SetTerms(
    Act, name="terms set", call="DisputeDesk.setTerms", told_by="TermsSet", tells={"termsId": NUMBER}, who=GOVERNANCE
):
    review: kinds.Seconds | None = option(kinds.DURATION)
    answer: kinds.Seconds | None = option(kinds.DURATION)
    challenge: kinds.Seconds | None = option(kinds.DURATION)
    arbitration: kinds.Seconds | None = option(kinds.DURATION)
    notice: kinds.Seconds | None = option(kinds.DURATION)
    dispute_bond: kinds.Bps | None = option(kinds.SHARE)
    dispute_bond_min: kinds.Amount | None = option(MONEY)
    arbitrator: str | None = option(ACCOUNT)
    pays_jurors: str | None = option(choice("flag", "yes", "no"))
    meta_evidence: bytes | None = option(kinds.DIGEST)

    def whole(self, home: Home) -> Terms:
        """The new terms: what is not named is as in the last ones."""
        old = terms(home, max(home.facts(Terms)))
        given = {_LONG.get(key, key): value for key, value in vars(self).items() if value is not None}
        if self.pays_jurors is not None:
            given["pays_jurors"] = self.pays_jurors == "yes"
        new = replace(old, **given)
        if new == old:
            raise words.bad("same_terms")
        return new

    def arguments(self, home: Home) -> Sequence[Any]:
        _, *values = [getattr(self.whole(home), key) for key in Terms.shape()]
        return [(tuple(values[: len(_WINDOWS)]), *values[len(_WINDOWS) :])]

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {key: one for key, one in self.whole(home).said().items() if key != "terms_id"}
