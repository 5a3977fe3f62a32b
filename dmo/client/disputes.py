"""Disputes of judged work: opening them, evidence, jurors' rulings, and who is paid for ruling.

A dispute belongs to a submission; the jury has a number of its own for it, here ``case``. A juror
commits to a ruling with a salt of 32 random bytes, and reveals both later: whoever loses the salt
loses the voice, so it is kept before the commitment is sent.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from dmo.client import escrow
from dmo.core import abi
from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call, make_call
from dmo.core.chain import Read
from dmo.core.errors import DmoError, NotFound
from dmo.core.explain import Words
from dmo.core.units import format_amount
from dmo.home.context import chain_facts
from dmo.home.deployment import Dmo

__all__ = [
    "Dispute",
    "Evidence",
    "JuryCase",
    "Price",
    "Ruling",
    "commit_ruling",
    "commitment",
    "dispute",
    "disputes",
    "disputes_of",
    "evidence",
    "execute_ruling",
    "expire_jurors",
    "juror_weight",
    "jury_case",
    "live_commitment",
    "new_salt",
    "open_dispute",
    "pay_jurors",
    "price",
    "reveal_ruling",
    "submit_evidence",
]

DESK = "DisputeDesk"
JURY = "Jury"
ZERO = "0x" + "00" * 20
_PATH = "/ipfs/f01551220"
"""Path of a raw CIDv1 in base 16 with a sha2-256 digest, which follows."""


class Ruling(IntEnum):
    """What an arbitrator can say of disputed work; with none, the lead's verdict stands."""

    NONE = 0
    PAY = 1
    REFUSE = 2

    @property
    def text(self) -> str:
        """In words."""
        return ("no ruling", "pay the work", "do not pay the work")[self]


@dataclass(frozen=True)
class Price:
    """What disputing a submission takes, and who is judged.

    Attributes:
        submission: The submission.
        bond: Left by whoever opens the dispute, in units of the budget token.
        cost_wei: Sent along for the arbitrator, in wei.
        arbitrator: Who will rule.
        is_challenge: Accepted work is challenged; otherwise its worker disputes a rejection.
        lead: Who judged, or stayed silent.
        worker: Whose work it is.
    """

    submission: int
    bond: int
    cost_wei: int
    arbitrator: str
    is_challenge: bool
    lead: str
    worker: str


@dataclass(frozen=True)
class JuryCase:
    """A dispute as the jury keeps it; times in Unix seconds, weights in units of its source.

    Attributes:
        address: Which jury.
        id: Its number of the dispute.
        arbitrable: Who asked.
        opened_at: Jurors' weight is read one second before.
        is_from_reputation: Jurors come from points, not from the votes token.
        is_executed: The ruling was handed over.
        for_one: Revealed weight for paying.
        for_two: Revealed weight against.
        quorum: Revealed weight needed for a ruling.
        commit_until: Commitments are taken until then.
        reveal_until: Rulings are revealed from then on, until this.
        ruling: What it comes to; none while jurors can still reveal.
    """

    address: str
    id: int
    arbitrable: str
    opened_at: int
    is_from_reputation: bool
    is_executed: bool
    for_one: int
    for_two: int
    quorum: int
    commit_until: int
    reveal_until: int
    ruling: Ruling

    def is_executable(self, now: int) -> bool:
        """Whether anybody may hand the ruling over."""
        return now >= self.reveal_until and not self.is_executed


@dataclass(frozen=True)
class Dispute:
    """A submission's dispute; amounts in units of the budget token, times in Unix seconds.

    Attributes:
        submission: What it is about.
        opener: Who opened it: the worker of a rejected submission, or a challenger.
        until: A ruling counts until then.
        terms_id: The campaign's terms.
        ruling: What was ruled; none until then.
        is_ruled: A ruling was recorded, be it none.
        is_challenge: Accepted work is challenged; otherwise a rejection is disputed.
        is_settled: The submission was paid or released.
        lead: The campaign's lead at the opening.
        settled_at: When it was settled.
        case: The arbitrator's number of it.
        bond: What the opener left.
        pot: What of the jurors' part is left for them.
        pot_whole: The jurors' part.
        shares_total: Sum of the jurors' shares at the settlement.
        arbitrator: Who rules.
        pays_jurors: Its jurors live from bonds.
        jury: The case, if the arbitrator is a jury, be it one that governance named later.
    """

    submission: int
    opener: str
    until: int
    terms_id: int
    ruling: Ruling
    is_ruled: bool
    is_challenge: bool
    is_settled: bool
    lead: str
    settled_at: int
    case: int
    bond: int
    pot: int
    pot_whole: int
    shares_total: int
    arbitrator: str
    pays_jurors: bool
    jury: JuryCase | None

    def is_open(self, now: int) -> bool:
        """Whether a ruling would still count."""
        return not self.is_ruled and now < self.until

    @property
    def is_paid(self) -> bool:
        """Whether the work is paid as things stand; without a ruling the lead's verdict does."""
        return self.is_challenge if self.ruling is Ruling.NONE else self.ruling is Ruling.PAY


@dataclass(frozen=True)
class Evidence:
    """Evidence of a dispute, the opener's statement first.

    Attributes:
        submission: What it is about.
        party: Who gave it.
        digest: sha2-256 of the document.
        block: Where it was given.
        tx: The transaction.
    """

    submission: int
    party: str
    digest: bytes
    block: int
    tx: str


# ── disputes ────────────────────────────────────────────────────────────────────────────────────


def _act(dmo: Dmo, function: str, arguments: Sequence[Any], text: str, value: int = 0) -> Call:
    return make_call(DESK, dmo.address(DESK), function, arguments, text, value)


def open_dispute(dmo: Dmo, asked: Price, statement: bytes, words: Words | None = None) -> Call:
    """Dispute a rejection, or challenge an acceptance; approve the escrow for the bond first.

    Args:
        dmo: The deployment.
        asked: What it takes, from ``price``; the arbitrator's cost is sent along.
        statement: sha2-256 of why.
        words: How amounts are written.
    """
    known = words or Words()
    coin = format_amount(asked.cost_wei, 18, chain_facts(dmo.chain_id).coin)
    what = (
        f"Challenge the acceptance of submission {asked.submission} by {asked.worker}"
        if asked.is_challenge
        else f"Dispute that {asked.lead} rejected submission {asked.submission}"
    )
    bond = format_amount(asked.bond, known.budget_decimals, known.budget_symbol)
    cost = f"{coin} to {_name(dmo, asked.arbitrator)}" if asked.cost_wei else "no cost"
    text = f"{what}, with a bond of {bond} and {cost}"
    return _act(dmo, "openDispute", [asked.submission, statement], text, asked.cost_wei)


def submit_evidence(dmo: Dmo, submission: int, digest: bytes) -> Call:
    """Add evidence to an open dispute; for anyone."""
    text = f"Add evidence to the dispute about submission {submission}"
    return _act(dmo, "submitEvidence", [submission, digest], text)


def pay_jurors(dmo: Dmo, submission: int, jurors: Sequence[str]) -> Call:
    """Pay jurors of a settled dispute; for anyone."""
    count = f"{len(jurors)} juror{'s' if len(jurors) != 1 else ''}"
    text = f"Pay {count} of the dispute about submission {submission}"
    return _act(dmo, "payJurors", [submission, list(jurors)], text)


def expire_jurors(dmo: Dmo, submission: int) -> Call:
    """Move to the pool what jurors did not fetch for a year; for anyone."""
    text = f"Move what jurors of submission {submission}'s dispute did not fetch to the pool"
    return _act(dmo, "expireJurors", [submission], text)


# ── jurors ──────────────────────────────────────────────────────────────────────────────────────


def new_salt() -> bytes:
    """32 random bytes, to be kept until the ruling is revealed."""
    return secrets.token_bytes(32)


# A jury is this deployment's, unless another is named: governance can have named one since.


def commitment(
    dmo: Dmo, case: int, juror: str, ruling: Ruling, salt: bytes, jury: str = ""
) -> bytes:
    """What a juror commits to, as the jury computes it; nothing is asked of a node."""
    kinds = ["uint256", "address", "uint256", "address", "uint256", "bytes32"]
    values = [dmo.chain_id, jury or dmo.address(JURY), case, juror, int(ruling), salt]
    return keccak(encode(kinds, values))


def _rule(dmo: Dmo, jury: str, function: str, arguments: Sequence[Any], text: str) -> Call:
    return make_call(JURY, jury or dmo.address(JURY), function, arguments, text)


def commit_ruling(dmo: Dmo, case: int, committed: bytes, jury: str = "") -> Call:
    """Commit to a ruling; a later commitment replaces an earlier one.

    Args:
        dmo: The deployment.
        case: The jury's number of the dispute.
        committed: From ``commitment``; keep its salt first.
        jury: Which jury.
    """
    return _rule(dmo, jury, "commit", [case, committed], f"Commit to a ruling in dispute {case}")


def reveal_ruling(
    dmo: Dmo, case: int, juror: str, ruling: Ruling, salt: bytes, jury: str = ""
) -> Call:
    """Reveal a juror's ruling; anyone who knows the salt may send it."""
    text = f"Reveal a ruling in dispute {case}: {ruling.text}"
    return _rule(dmo, jury, "reveal", [case, juror, int(ruling), salt], text)


def execute_ruling(dmo: Dmo, case: int, jury: str = "") -> Call:
    """Hand the ruling over once all reveals are in; for anyone."""
    return _rule(dmo, jury, "executeRuling", [case], f"Hand over the ruling in dispute {case}")


# ── reads ───────────────────────────────────────────────────────────────────────────────────────


def price(dmo: Dmo, submission: int) -> Price:
    """What disputing a submission takes.

    Raises:
        Refused: There is no such submission, or nobody to rule.
    """
    bond, cost_wei = dmo.read(DESK, "priceOf", submission)
    work = escrow.submission(dmo, submission)
    campaign = escrow.campaign(dmo, escrow.bounty(dmo, work.bounty).campaign)
    arbitrator = escrow.terms(dmo, campaign.terms_id).arbitrator
    is_challenge = work.status is not escrow.Status.REJECTED
    return Price(submission, bond, cost_wei, arbitrator, is_challenge, campaign.lead, work.worker)


def dispute(dmo: Dmo, submission: int) -> Dispute:
    """A submission's dispute.

    Raises:
        NotFound: It has none.
    """
    found = disputes_of(dmo, [submission])
    if not found:
        raise NotFound(
            f"Submission {submission} is not disputed.", hint="Look with `dmo work show`."
        )
    return found[0]


def disputes(dmo: Dmo) -> list[Dispute]:
    """All disputes, in the order they were opened."""
    opened = dmo.events(DESK, "DisputeOpened")
    return disputes_of(dmo, [event.arguments["submission"] for event in opened])


def disputes_of(dmo: Dmo, submissions: Sequence[int]) -> list[Dispute]:
    """Those of these submissions that are disputed, in few round trips."""
    at = dmo.address(DESK)
    answers = dmo.chain.read([Read(DESK, at, "disputeOf", (number,)) for number in submissions])
    cases = [abi.named(DESK, "disputeOf", raw) for raw in answers]
    known = sorted({case["terms_id"] for case in cases if case["until"]})
    answers = dmo.chain.read([Read(DESK, at, "termsOf", (number,)) for number in known])
    terms = {
        number: abi.named(DESK, "termsOf", raw) for number, raw in zip(known, answers, strict=True)
    }
    heard = _heard(
        dmo,
        {
            (its["arbitrator"], case["dispute_id"]): its["pays_jurors"]
            for case in cases
            if case["until"]
            for its in [terms[case["terms_id"]]]
        },
    )
    found = []
    for submission, case in zip(submissions, cases, strict=True):
        if not case["until"]:
            continue
        its = terms[case["terms_id"]]
        number = case.pop("dispute_id")
        found.append(
            Dispute(
                **{**case, "ruling": Ruling(case["ruling"])},
                submission=submission,
                case=number,
                arbitrator=its["arbitrator"],
                pays_jurors=its["pays_jurors"],
                jury=heard.get((its["arbitrator"], number)),
            )
        )
    return found


def jury_case(dmo: Dmo, case: int) -> JuryCase:
    """A dispute as this deployment's jury keeps it.

    Raises:
        Refused: The jury knows no such dispute.
    """
    return _jury_cases(dmo, [(dmo.address(JURY), case)])[0]


def _heard(dmo: Dmo, asked: Mapping[tuple[str, int], bool]) -> dict[tuple[str, int], JuryCase]:
    """The cases of those arbitrators that are juries; asked tells whether one pays jurors."""
    own = [one for one in asked if _same(one[0], dmo.addresses.get(JURY, ZERO))]
    found = dict(zip(own, _jury_cases(dmo, own), strict=True))
    others = {one[0] for one, pays_jurors in asked.items() if pays_jurors} - {one[0] for one in own}
    for arbitrator in others:
        # One that governance named: a jury like ours answers as ours does, anything else does not.
        its = [one for one in asked if one[0] == arbitrator]
        with contextlib.suppress(DmoError, ValueError):
            found |= dict(zip(its, _jury_cases(dmo, its), strict=True))
    return found


def _jury_cases(dmo: Dmo, cases: Sequence[tuple[str, int]]) -> list[JuryCase]:
    views = ("caseOf", "windowsOf", "currentRuling")
    reads = [Read(JURY, jury, view, (case,)) for jury, case in cases for view in views]
    answers = iter(dmo.chain.read(reads))
    found = []
    for jury, case in cases:
        facts = abi.named(JURY, "caseOf", next(answers))
        commit_until, reveal_until = next(answers)
        found.append(
            JuryCase(
                address=jury,
                id=case,
                commit_until=commit_until,
                reveal_until=reveal_until,
                ruling=Ruling(next(answers)),
                **facts,
            )
        )
    return found


def juror_weight(dmo: Dmo, case: int, account: str) -> int:
    """The weight an account has in a dispute, in units of its source; parties have none."""
    return int(dmo.read(JURY, "weightOf", case, account))


def live_commitment(dmo: Dmo, case: int, juror: str, jury: str = "") -> bytes:
    """A juror's commitment that waits to be revealed; zeros if there is none."""
    at = jury or dmo.address(JURY)
    return bytes(dmo.chain.call(JURY, at, "commitmentOf", case, juror))


def evidence(dmo: Dmo, submission: int | None = None) -> list[Evidence]:
    """What was said in a submission's dispute, or in all of them, in the order of the chain."""
    return [
        Evidence(
            event.arguments["_evidenceGroupID"],
            event.arguments["_party"],
            bytes.fromhex(event.arguments["_evidence"].removeprefix(_PATH)),
            event.block,
            event.tx,
        )
        for event in dmo.events(DESK, "Evidence", _evidenceGroupID=submission)
    ]


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _name(dmo: Dmo, arbitrator: str) -> str:
    return "the jury" if _same(arbitrator, dmo.addresses.get(JURY, ZERO)) else arbitrator
