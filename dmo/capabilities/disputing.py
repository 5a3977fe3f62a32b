"""Disputing: what each ruling would bring to whom, opening a dispute, evidence, and the terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.campaigns import Campaign, Terms, terms
from dmo.capabilities.disputes import DESK, own_jury
from dmo.capabilities.documents import TemplateQuery, paper
from dmo.capabilities.ends import RULING, End, Ruling, ends
from dmo.capabilities.lens import GOVERNANCE, MONEY, WORK
from dmo.capabilities.submissions import Submission, shares, submission_with
from dmo.capabilities.work import OwnEvidence, beyond
from dmo.core import kinds, words
from dmo.core.act import Act, arg, option
from dmo.core.compared import Compared
from dmo.core.engine import Done
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

    def sums(self, end: End, opener: str, upholder: str | None) -> dict[str, dict[str, int]]:
        """What an end brings to whom, and what of it is only what they left before; in units of the budget token."""
        moved, worker = end.moved, self.work.worker
        back = [(worker, moved.worker_back), (opener, moved.opener_back)]
        won = [(worker, moved.to_worker), (opener, moved.to_opener)]
        if upholder:
            back, won = [*back, (upholder, moved.upholder_back)], [*won, (upholder, moved.to_upholder)]
        parts = shares(self.work, self.bounty.reward if end.is_paid else 0)
        return {"accounts": _sums(*back, *parts, *won), "own_bonds": _sums(*back)}


def _cell(home: Home, value: Any) -> str:
    return home.word("end", str(value)) if value == 0 or isinstance(value, str) else MONEY.show(home, value)


SUMS = Kind(
    "SUMS",
    lambda home, text: text,
    plain=lambda sums: {who: str(amount) for who, amount in sums.items()},
    schema={"type": "object", "additionalProperties": {"type": "string"}},
)
CELL = Kind("AMOUNT", MONEY.read, _cell, str, {"type": ["string", "null"]})
ROLE_NAMES = ("worker", "payee", "challenger", "upholder")
_COLUMNS = {Ruling.PAY: "{}pay", Ruling.REFUSE: "{}refuse", Ruling.NONE: "none"}
END = shape(
    (MONEY, "upholder jurors campaign pool fee_lost"),
    (SUMS, "accounts own_bonds"),
    (FLAG, "paid unanswered"),
    ruling=RULING,
)
PART = choice("end_part", "work", "account", "own", "upholder", "jurors", "campaign", "pool", "fee")
ROLES = listed(choice("end_role", *ROLE_NAMES))
ROW = shape((CELL, "pay refuse none unanswered ruled_pay ruled_refuse"), part=PART, roles=ROLES, account=ACCOUNT)
ENDS = {"outcomes": [END], "ends": [ROW]}


def table_of_ends(
    about: Disputed, found: Sequence[End], opener: str, upholder: str | None, *, is_over: bool = False
) -> dict[str, Any]:
    """Who gets what by each end, or by the one that came: for machines, and as a table.

    The upholder of a rejection may be nobody yet.
    """
    is_challenge = upholder is None and not any(end.is_unanswered for end in found)
    found = [end for end in found if upholder is None or not end.is_unanswered]
    outcomes: list[dict[str, Any]] = []
    for end in found:
        moved = end.moved
        told = {"upholder": moved.upholder_back + moved.to_upholder, "jurors": moved.to_jurors, "pool": moved.to_pool}
        told |= {"campaign": 0 if end.is_paid else about.bounty.reward, "fee_lost": moved.fee_taken}
        ruling = None if end.is_unanswered else end.ruling
        flags = {"ruling": ruling, "paid": end.is_paid, "unanswered": end.is_unanswered}
        outcomes.append({**flags, **told, **about.sums(end, opener, upholder)})
    columns = ["unanswered" if e.is_unanswered else _COLUMNS[e.ruling].format("ruled_" * is_over) for e in found]
    payees = {payee.account for payee in about.work.payees}
    known: dict[str, set[Any]] = {"worker": {about.work.worker}, "payee": payees, "upholder": {upholder}}
    known["challenger"] = {opener} if is_challenge else set()

    def row(part: str, cells: Iterable[Any], **more: Any) -> dict[str, Any]:
        return {"part": part, **more, **dict(zip(columns, cells, strict=True))}

    rows = [row("work", ["paid" if end.is_paid else "not paid" for end in found])]
    for who in dict.fromkeys(who for one in outcomes for who in one["accounts"]):
        roles = [role for role in ROLE_NAMES if who in known[role]]
        rows.append(row("account", [one["accounts"].get(who, 0) for one in outcomes], account=who, roles=roles))
        rows.append(row("own", [one["own_bonds"].get(who, 0) for one in outcomes]))
    parts = ("jurors", "campaign", "pool") if upholder or is_challenge else ("upholder", "jurors", "campaign", "pool")
    rows += [row(part, [one[part] for one in outcomes]) for part in parts]
    rows.append(row("fee", [-one["fee_lost"] for one in outcomes]))
    return {"outcomes": outcomes, "ends": [one for one in rows if any(one[column] for column in columns)]}


class NewStatement(TemplateQuery, name="dispute new", needs_chain=True):
    file: str = arg(TEXT.called("FILE"), default="statement.md")
    written_as: str = option(choice("statement_kind", "reason", "evidence", name="KIND"), "reason", flag="kind")

    def which(self, home: Home) -> tuple[str, str]:
        name = "statement" if self.written_as == "reason" else self.written_as
        return name, home.maybe_me or "0x…"


class Statement(OwnEvidence):
    """Binds a reason, or evidence that names who gives it."""

    def check(self, home: Home) -> None:
        super().check(home)
        if (kind := self.document(home).kind) not in ("reason", "evidence"):
            raise words.bad("no_statement", field="file", kind=kind)


class SaysSomething(Statement):
    submission: int = arg(WORK)
    file: Document = arg(paper(None))


class Staking(SaysSomething):
    """Leaves a stake with the statement; what each end would bring is shown before."""

    spender = "CampaignEscrow"

    send: kinds.Amount | None = option(MONEY)
    compared = Compared({"amount": "send or shown.bond", "statement": "file"})

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return dict(zip(("bond", "cost"), map(str, self.price(home)), strict=True))

    def price(self, home: Home) -> tuple[int, int]:
        """The stake in units of the budget token, and what the arbitrator costs in wei."""
        bond, cost = home.ask(DESK, "priceOf", self.submission)
        return bond, cost if isinstance(self, OpensDispute) else 0

    def bond(self, home: Home) -> int:
        return self.send or self.price(home)[0]

    def value(self, home: Home) -> int:
        return self.price(home)[1]

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.submission, self.bond(home), self.file.digest]

    def sides(self, home: Home, about: Disputed) -> tuple[str, str | None]:
        """Who opens, and who upholds."""
        return home.maybe_me or "", None

    def facts(self, home: Home) -> Mapping[str, Value]:
        about, (bond, cost) = Disputed.by(home, self.submission), self.price(home)
        me, its, found = home.maybe_me or "", about.terms, ends(home, self.submission)
        brings = [about.sums(one, *self.sides(home, about))["accounts"].get(me, 0) for one in found[:3]]
        is_own = its.arbitrator == own_jury(home)
        who = words.word("dispute", "jury") if is_own else home.names.who(its.arbitrator)
        seconds = its.arbitration_seconds if isinstance(self, OpensDispute) else its.answer_seconds
        return {
            **super().facts(home),
            **{"until": TIME(home.now + seconds), "arbitrator": ACCOUNT(its.arbitrator), "payee": TEXT(who)},
            **{"bond": MONEY(bond), "beyond": beyond(self.send, bond)},
            **{"cost_wei": TEXT(str(cost)), "coins": COIN(cost)},
            **{"worker": ACCOUNT(about.work.worker), "lead": ACCOUNT(about.campaign.lead)},
            **dict(zip(("if_pay", "if_refuse", "if_none"), map(MONEY, brings), strict=True)),
            "shares_fee": FLAG(any(one.moved.fee_taken for one in found)),
        }

    def shown(self, home: Home) -> View:
        about = Disputed.by(home, self.submission)
        told = table_of_ends(about, ends(home, self.submission), *self.sides(home, about))
        return view(home, "dispute ends", ENDS, told)


class OpensDispute(Staking):
    """A stake that calls the arbitrator."""

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        event = done.event("DisputeOpened")
        return {"case": NUMBER(event.arguments["disputeID"] if event else None)}


class Challenge(OpensDispute, name="dispute challenge", call="DisputeDesk.challenge", told_by="DisputeOpened"):
    """Anybody doubts an acceptance."""


class Contest(Staking, name="dispute contest", call="DisputeDesk.contest", told_by="RejectionContested", who="worker"):
    """A worker does not take a rejection."""


class Uphold(OpensDispute, name="dispute uphold", call="DisputeDesk.uphold", told_by="DisputeOpened"):
    """Anybody stands by a rejection that is contested."""

    def sides(self, home: Home, about: Disputed) -> tuple[str, str | None]:
        return about.work.worker, home.maybe_me or ""


class SubmitEvidence(SaysSomething, name="dispute evidence", call="DisputeDesk.submitEvidence", told_by="Evidence"):
    pass


_WINDOWS = ("review", "answer", "challenge", "arbitration", "notice")
_LONG = {name: f"{name}_seconds" for name in _WINDOWS} | {"dispute_bond": "dispute_bond_bps"}


class SetTerms(
    Act, name="terms set", call="DisputeDesk.setTerms", told_by="TermsSet", tells={"terms_id": NUMBER}, who=GOVERNANCE
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
    compared = Compared(
        {
            **{f"newTerms.measures.{key}Seconds": f"{key} or shown.{key}" for key in _WINDOWS},
            "newTerms.measures.disputeBondBps": "dispute_bond or shown.dispute_bond",
            "newTerms.measures.disputeBondMin": "dispute_bond_min or shown.dispute_bond_min",
            "newTerms.arbitrator": "arbitrator or shown.arbitrator",
            "newTerms.paysJurors": "pays_jurors or shown.pays_jurors",
            "newTerms.metaEvidence": "meta_evidence or shown.meta_evidence",
            "newTerms.arbitratorExtraData": "shown.arbitrator_extra_data",
        }
    )

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
        measures = len(_WINDOWS) + 2
        return [(tuple(values[:measures]), *values[measures:])]

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {key: one for key, one in self.whole(home).said().items() if key != "terms_id"}

    @classmethod
    def recognised(cls, home: Home, arguments: Mapping[str, Any]) -> Mapping[str, Value]:
        (new,) = arguments.values()
        told = {**new, **new["measures"]}
        return {key: kind(told[key]) for key, kind in Terms.shape().items() if key in told}
