"""Disputing: what each ruling would bring to whom, opening a dispute, evidence, and the terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Any

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.campaigns import Campaign, Terms, terms
from dmo.capabilities.disputes import DESK, own_jury
from dmo.capabilities.documents import DocumentAct, paper
from dmo.capabilities.ends import End, Ruling, Subject, ends
from dmo.capabilities.lens import GOVERNANCE, MONEY, WORK
from dmo.capabilities.submissions import Submission, shares, submission_with
from dmo.capabilities.work import check_worker
from dmo.core import words
from dmo.core.act import Act, Done, arg, option
from dmo.core.kinds import (
    ACCOUNT,
    COIN,
    DIGEST,
    DURATION,
    FLAG,
    NUMBER,
    SHARE,
    TEXT,
    TIME,
    Amount,
    Bps,
    Kind,
    Seconds,
    Value,
    choice,
    listed,
)
from dmo.core.view import View, view
from dmo.home.documents import Document

if TYPE_CHECKING:
    from dmo.home.home import Home

__all__ = ["ENDS", "Disputed", "disputed", "table_of_ends"]


# ── what hangs on a dispute ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Disputed:
    """A submission with all that a dispute about it touches; disputed or not yet."""

    work: Submission
    bounty: Bounty
    campaign: Campaign

    @property
    def is_rejected(self) -> bool:
        """Its worker disputes a rejection; otherwise an acceptance is challenged."""
        return self.work.status == "rejected"

    @property
    def is_lessons(self) -> bool:
        """The submission holds the campaign's lessons."""
        return self.campaign.lessons == self.work.submission

    def subject(self, is_challenge: bool, bond: int, has_jurors: bool) -> Subject:
        """What a dispute of this kind is about; the bond in units of the budget token."""
        its = self.campaign
        fee = 0 if its.fee_settled else max(its.fee - its.fee_taken, 0)
        return Subject(is_challenge, self.bounty.reward, self.bounty.bond, bond, fee, has_jurors)

    def accounts(self, end: End, challenger: str) -> dict[str, int]:
        """What an end brings to whom, in units of the budget token."""
        pay = shares(self.work, end.payees)
        amounts = dict.fromkeys([self.work.worker, *(who for who, _ in pay), challenger], 0)
        amounts[self.work.worker] += end.worker
        amounts[challenger] += end.challenger
        for who, part in pay:
            amounts[who] += part
        return amounts

    def own_bonds(self, end: End, opener: str) -> dict[str, int]:
        """What of it is only what somebody left before."""
        amounts = {self.work.worker: end.worker_bond}
        amounts[opener] = amounts.get(opener, 0) + end.opener_bond
        return amounts


def disputed(home: Home, submission: int) -> Disputed:
    """A submission with all that a dispute about it touches."""
    return Disputed(*submission_with(home, submission)[:3])


SUMS = Kind(
    "SUMS",
    lambda home, text: text,
    plain=lambda sums: {who: str(amount) for who, amount in sums.items()},
    schema={"type": "object", "additionalProperties": {"type": "string"}},
)


def _cell(home: Home, value: Any) -> str:
    if value == 0 or isinstance(value, str):
        return home.word("end", str(value))
    return MONEY.show(home, value)


CELL = Kind("AMOUNT", MONEY.read, _cell, str, {"type": ["string", "null"]})
ENDS = {
    "outcomes": [
        {
            "ruling": TEXT,
            "paid": FLAG,
            "accounts": SUMS,
            "own_bonds": SUMS,
            **dict.fromkeys(("jurors", "campaign", "pool", "fee_lost"), MONEY),
        }
    ],
    "ends": [
        {
            "part": choice("end_part", *("work", "account", "own", "jurors", "campaign", "pool", "fee")),
            "roles": listed(choice("end_role", "worker", "payee", "challenger")),
            "account": ACCOUNT,
            **dict.fromkeys(("pay", "refuse", "none", "ruled_pay", "ruled_refuse"), CELL),
        }
    ],
}


def table_of_ends(about: Disputed, subject: Subject, opener: str, ruled: Ruling | None = None) -> dict[str, Any]:
    """Who gets what by each ruling, or by the one that was ruled: for machines, and as a table."""
    found = [one for one in ends(subject) if ruled is None or one.ruling is ruled]
    accounts = [about.accounts(one, opener) for one in found]
    bonds = [about.own_bonds(one, opener) for one in found]
    rows: list[tuple[str, str | None, list[Any]]] = [
        ("work", None, ["paid" if one.is_paid else "not paid" for one in found])
    ]
    for who in accounts[0]:
        rows.append(("account", who, [amounts[who] for amounts in accounts]))
        rows.append(("own", None, [back.get(who, 0) for back in bonds]))
    for part in ("jurors", "campaign", "pool"):
        rows.append((part, None, [getattr(one, part) for one in found]))
    rows.append(("fee", None, [-one.fee_lost for one in found]))
    keys = [_COLUMNS[one.ruling].format("" if ruled is None else "ruled_") for one in found]
    return {
        "outcomes": [
            {
                **{key: getattr(one, key) for key in ("jurors", "campaign", "pool", "fee_lost")},
                "ruling": one.ruling.text,
                "paid": one.is_paid,
                "accounts": amounts,
                "own_bonds": back,
            }
            for one, amounts, back in zip(found, accounts, bonds, strict=True)
        ],
        "ends": [
            {
                "part": part,
                "account": who,
                "roles": _roles(about, subject, opener, who) if who else None,
                **dict(zip(keys, cells, strict=True)),
            }
            for part, who, cells in rows
            if any(cells)
        ],
    }


_COLUMNS = {Ruling.PAY: "{}pay", Ruling.REFUSE: "{}refuse", Ruling.NONE: "none"}


def _roles(about: Disputed, subject: Subject, opener: str, who: str) -> list[str]:
    has = {
        "worker": who == about.work.worker,
        "payee": who in {one.account for one in about.work.payees},
        "challenger": who == opener and subject.is_challenge,
    }
    return [role for role, is_so in has.items() if is_so]


# ── acts ────────────────────────────────────────────────────────────────────────────────────────


class SaysSomething(DocumentAct):
    """An act that binds a reason, or evidence that names who gives it."""

    def check(self, home: Home) -> None:
        """Refuse other documents, and evidence that names somebody else."""
        super().check(home)
        found = vars(self)["file"]
        if found.kind not in ("reason", "evidence"):
            raise words.bad("no_statement", field="file", kind=found.kind)
        check_worker(home, found)


_CALL = choice("dispute_call", "rejection", "acceptance")
_COST = choice("dispute_cost", "free", "jury", "other")
_PRICE = choice("dispute_price", "bond", "both")
_FEE = choice("dispute_fee", "shared")


class OpenDispute(
    SaysSomething,
    name="dispute open",
    call="DisputeDesk.openDispute",
    told_by="DisputeOpened",
    spender="CampaignEscrow",
):
    submission: int = arg(WORK)
    file: Document = arg(paper(None))

    def price(self, home: Home) -> tuple[int, int]:
        """The bond in units of the budget token, and what the arbitrator costs in wei."""
        bond, cost = home.ask(DESK, "priceOf", self.submission)
        return int(bond), int(cost)

    def bond(self, home: Home) -> int:
        """What the terms ask."""
        return self.price(home)[0]

    def value(self, home: Home) -> int:
        """What the arbitrator costs."""
        return self.price(home)[1]

    def facts(self, home: Home) -> Mapping[str, Value]:
        """What it takes, and what each ruling would bring to whoever opens it."""
        bond, cost = self.price(home)
        about = disputed(home, self.submission)
        its = terms(home, about.campaign.terms_id)
        me = home.maybe_me or ""
        found = ends(self.subject(home, about, bond))
        brings = [about.accounts(one, me).get(me, 0) for one in found]
        own = its.arbitrator == own_jury(home)
        return {
            **super().facts(home),
            "challenge": FLAG(not about.is_rejected),
            "what": _CALL("rejection" if about.is_rejected else "acceptance"),
            "bond": MONEY(bond),
            "cost_wei": TEXT(str(cost)),
            "coins": COIN(cost),
            "cost": _COST("free" if not cost else "jury" if own else "other"),
            "price": _PRICE("both" if cost else "bond"),
            "until": TIME(home.now + its.arbitration_seconds),
            "arbitrator": ACCOUNT(its.arbitrator),
            "payee": TEXT(home.names.who(its.arbitrator, long=True)),
            "worker": ACCOUNT(about.work.worker),
            "lead": ACCOUNT(about.campaign.lead),
            "if_pay": MONEY(brings[0]),
            "if_refuse": MONEY(brings[1]),
            "if_none": MONEY(brings[2]),
            "shares_fee": _FEE("shared" if any(one.fee_lost for one in found) else None),
        }

    def subject(self, home: Home, about: Disputed, bond: int) -> Subject:
        """What it would be about."""
        pays = terms(home, about.campaign.terms_id).pays_jurors
        return about.subject(not about.is_rejected, bond, pays)

    def shown(self, home: Home) -> View:
        """Who gets what by each ruling."""
        about = disputed(home, self.submission)
        subject = self.subject(home, about, self.bond(home))
        return view(home, "dispute ends", ENDS, table_of_ends(about, subject, home.maybe_me or ""))

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        """The arbitrator's number."""
        event = done.event("DisputeOpened")
        return {"case": NUMBER(event.arguments["disputeID"] if event else None)}


class SubmitEvidence(SaysSomething, name="dispute evidence", call="DisputeDesk.submitEvidence", told_by="Evidence"):
    submission: int = arg(WORK)
    file: Document = arg(paper(None))


YES_NO = choice("flag", "yes", "no")
_WINDOWS = ("review", "answer", "challenge", "arbitration", "notice")


class SetTerms(
    Act, name="terms set", call="DisputeDesk.setTerms", told_by="TermsSet", tells={"termsId": NUMBER}, who=GOVERNANCE
):
    review: Seconds | None = option(DURATION)
    answer: Seconds | None = option(DURATION)
    challenge: Seconds | None = option(DURATION)
    arbitration: Seconds | None = option(DURATION)
    notice: Seconds | None = option(DURATION)
    dispute_bond: Bps | None = option(SHARE)
    dispute_bond_min: Amount | None = option(MONEY)
    arbitrator: str | None = option(ACCOUNT)
    pays_jurors: str | None = option(YES_NO)
    meta_evidence: bytes | None = option(DIGEST)

    def whole(self, home: Home) -> Terms:
        """The new terms, whole.

        Raises:
            BadInput: They are the old ones.
        """
        old = terms(home, max(home.facts(Terms)))
        given = {
            **{f"{name}_seconds": getattr(self, name) for name in _WINDOWS},
            "dispute_bond_bps": self.dispute_bond,
            "dispute_bond_min": self.dispute_bond_min,
            "arbitrator": self.arbitrator,
            "pays_jurors": None if self.pays_jurors is None else self.pays_jurors == "yes",
            "meta_evidence": self.meta_evidence,
        }
        new = changed(old, **{key: one for key, one in given.items() if one is not None})
        if new == old:
            raise words.bad("same_terms")
        return new

    def arguments(self, home: Home) -> Sequence[Any]:
        """The terms as the desk takes them."""
        new = self.whole(home)
        return [
            (
                tuple(getattr(new, f"{name}_seconds") for name in _WINDOWS),
                *(new.dispute_bond_bps, new.dispute_bond_min, new.arbitrator),
                *(new.pays_jurors, new.meta_evidence, new.arbitrator_extra_data),
            )
        ]

    def facts(self, home: Home) -> Mapping[str, Value]:
        """The terms as they will be."""
        new = self.whole(home)
        shape = Terms.shape()
        return {key: kind(getattr(new, key)) for key, kind in shape.items() if key != "terms_id"}
