"""The money of a deployment: campaigns, work, payments, bonds, disputes."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dmo.client import disputes, escrow
from dmo.client.settlements import Settlement, settlement_of
from dmo.core import abi
from dmo.core.chain import Event, Read
from dmo.report.cases import read_disputes
from dmo.report.facts import Bonds, CampaignFacts, DisputeFacts, Payment, WorkFacts
from dmo.report.reader import Reader, by_name, hexed

__all__ = ["Ledger", "read_ledger"]

ESCROW = escrow.ESCROW
DESK = disputes.DESK
ESCROW_EVENTS = (
    "PoolDeposited",
    "PoolWithdrawn",
    "CampaignFunded",
    "CampaignToppedUp",
    "CampaignSwept",
    "LeadReplaced",
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
    "BondReceived",
    "BondPaid",
    "BondCredited",
    "BondForfeited",
)
DESK_EVENTS = ("DisputeOpened", "Ruling", "DisputeSettled", "JurorPaid", "JurorsExpired")


@dataclass(frozen=True)
class Ledger:
    """What the escrow and its desk tell; the attributes are those of a history."""

    campaigns: tuple[CampaignFacts, ...]
    bounties: int
    work: tuple[WorkFacts, ...]
    payments: tuple[Payment, ...]
    deposited: int
    refunded: int
    books: escrow.Books
    credits: dict[str, int]
    bonds: Bonds
    disputes: tuple[DisputeFacts, ...]
    leads_replaced: int


def read_ledger(reader: Reader) -> Ledger:
    """Read the escrow's and the desk's whole history."""
    escrow_log = reader.events(ESCROW, ESCROW_EVENTS)
    desk_log = reader.events(DESK, DESK_EVENTS) if reader.has(DESK) else []
    found, desk = by_name(escrow_log), by_name(desk_log)
    work = _work(reader, found)
    gifts = {item.id for item in work if item.is_gift}
    whose = {item.id: (item.campaign, item.worker) for item in work}
    for event in found["LessonsFiled"]:
        a = event.arguments
        whose[a["submission"]] = a["campaign"], a["lead"]
    settled = {e.arguments["submission"]: settlement_of(e) for e in desk["DisputeSettled"]}
    lessons = {event.arguments["submission"] for event in found["LessonsFiled"]}
    return Ledger(
        campaigns=_campaigns(
            reader, found, gifts, {key: (whose[key][0], one) for key, one in settled.items()}
        ),
        bounties=len(found["BountyPosted"]) - len(lessons),
        work=work,
        payments=_payments(reader, _merged(escrow_log, desk_log), gifts, lessons, whose),
        deposited=_sum(found["PoolDeposited"], "amount"),
        refunded=_sum(found["PoolWithdrawn"], "amount"),
        books=escrow.books(reader.dmo),
        credits=_credits(reader, [*found["PayeeCredited"], *found["BondCredited"]]),
        bonds=_bonds(found, settled.values()),
        disputes=read_disputes(reader, desk, whose),
        leads_replaced=len(found["LeadReplaced"]),
    )


def _sum(events: Sequence[Event], argument: str) -> int:
    return sum(event.arguments[argument] for event in events)


def _merged(*logs: Sequence[Event]) -> list[Event]:
    return sorted((event for log in logs for event in log), key=lambda e: (e.block, e.index))


def _credits(reader: Reader, credited: Sequence[Event]) -> dict[str, int]:
    """Account → what it is still owed."""
    owed = sorted({e.arguments.get("payee") or e.arguments["to"] for e in credited})
    at = reader.dmo.address(ESCROW)
    raws = reader.chain.read([Read(ESCROW, at, "creditOf", (account,)) for account in owed])
    amounts = {
        account: abi.named(ESCROW, "creditOf", raw)["amount"]
        for account, raw in zip(owed, raws, strict=True)
    }
    return {account: amount for account, amount in amounts.items() if amount}


def _bonds(found: Mapping[str, Sequence[Event]], settled: Iterable[Settlement]) -> Bonds:
    moves = [move for one in settled for move in one.moves if move.source == "bond"]

    def moved(to: str) -> int:
        return sum(move.amount for move in moves if move.to == to)

    return Bonds(
        put_up=_sum(found["BondReceived"], "amount"),
        returned=_sum(found["BondPaid"], "amount") + _sum(found["BondCredited"], "amount"),
        to_jurors=moved("jurors"),
        won=moved("worker"),
        to_pool=_sum(found["BondForfeited"], "amount") + moved("pool"),
    )


def _work(reader: Reader, found: Mapping[str, Sequence[Event]]) -> tuple[WorkFacts, ...]:
    bounties = {
        e.arguments["bounty"]: abi.argument(ESCROW, "BountyPosted", "facts", e.arguments["facts"])
        for e in found["BountyPosted"]
    }
    lessons = {e.arguments["submission"] for e in found["LessonsFiled"]}
    last: dict[str, dict[int, Event]] = {
        name: {e.arguments["submission"]: e for e in found[name]}
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
        return reader.at(event.block) if event else None

    work = []
    for event in found["WorkSubmitted"]:
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
                is_gift=bounty["is_gift"],
                submitted_at=reader.at(event.block),
                evidence=hexed(reworked.arguments["evidence"] if reworked else a["evidence"]),
                brief=hexed(bounty["brief"]),
                accepted_at=when("WorkAccepted", key),
                rejected_at=when("WorkRejected", key),
                reworked_at=when("WorkReworked", key),
                reason=hexed(rejected.arguments["reason"]) if rejected else "",
                paid_at=when("WorkPaid", key),
                released_at=when("WorkReleased", key),
                withdrawn_at=when("WorkWithdrawn", key),
                bond=bounty["bond"],
                payees=tuple(account for account, _ in a["payees"]),
            )
        )
    return tuple(work)


def _payments(
    reader: Reader,
    log: Sequence[Event],
    gifts: set[int],
    lessons: set[int],
    whose: Mapping[int, tuple[int, str]],
) -> tuple[Payment, ...]:
    """Every payment, and what it was for.

    A dispute's payments follow what the desk says just before: its settlement names what goes to
    opener and worker, a juror's payment its amount. Any other is a share of the reward.
    """
    payments = []
    announced: deque[tuple[str, int, str, int]] = deque()
    for event in log:
        a = event.arguments
        if event.name == "DisputeSettled":
            moved = settlement_of(event)
            for account, amount in (
                (moved.opener, moved.to_opener),
                (whose[a["submission"]][1], moved.to_worker),
            ):
                if amount:
                    announced.append(("won", a["submission"], account, amount))
        elif event.name == "JurorPaid":
            announced.append(("juror", a["submission"], a["juror"], a["amount"]))
        elif event.name in ("PayeePaid", "PayeeCredited"):
            work, payee = a["submission"], a["payee"]
            kind = "fee" if work in lessons else "gift" if work in gifts else "work"
            if announced and announced[0][1:] == (work, payee, a["amount"]):
                kind = announced.popleft()[0]
            at = reader.at(event.block)
            is_credited = event.name == "PayeeCredited"
            payments.append(
                Payment(
                    *(at, a["campaign"], work, payee, payee, a["amount"], kind, event.tx),
                    is_credited,
                )
            )
        elif event.name == "CreditWithdrawn":
            at = reader.at(event.block)
            payments.append(
                Payment(at, 0, 0, a["account"], a["to"], a["amount"], "credit", event.tx)
            )
    return tuple(payments)


def _campaigns(
    reader: Reader,
    found: Mapping[str, Sequence[Event]],
    gifts: set[int],
    settled: Mapping[int, tuple[int, Settlement]],
) -> tuple[CampaignFacts, ...]:
    """All campaigns; ``settled`` holds settlements with their campaign, by submission."""
    of_campaign: dict[str, dict[int, list[Event]]] = {
        name: defaultdict(list)
        for name in ("WorkPaid", "FeeSettled", "LessonsFiled", "CampaignSwept", "CampaignToppedUp")
    }
    for name, groups in of_campaign.items():
        for event in found[name]:
            groups[event.arguments["campaign"]].append(event)
    moved: dict[tuple[int, str], int] = defaultdict(int)
    for campaign, settlement in settled.values():
        for move in settlement.moves:
            if move.source != "bond":
                moved[campaign, move.to] += move.amount
    at = reader.dmo.address(ESCROW)
    raws = reader.chain.read(
        [
            Read(ESCROW, at, "campaignOf", (e.arguments["campaign"],))
            for e in found["CampaignFunded"]
        ]
    )
    campaigns = []
    for event, raw in zip(found["CampaignFunded"], raws, strict=True):
        facts = abi.named(ESCROW, "campaignOf", raw)
        key = event.arguments["campaign"]
        paid = of_campaign["WorkPaid"][key]
        fees, filed = of_campaign["FeeSettled"][key], of_campaign["LessonsFiled"][key]
        last = {e.arguments["submission"] for e in filed}
        earned = [e for e in paid if e.arguments["submission"] in last]
        fee_paid = _sum(earned, "reward")
        gift_paid = _sum([e for e in paid if e.arguments["submission"] in gifts], "reward")
        closing = [reader.at(e.block) for e in (*fees, *of_campaign["CampaignSwept"][key], *earned)]
        campaigns.append(
            CampaignFacts(
                id=key,
                round=event.arguments["round"],
                number=event.arguments["number"],
                lead=facts["lead"],
                ask=event.arguments["ask"],
                funded_at=reader.at(event.block),
                ends_at=facts["ends_at"],
                gifts=_sum(of_campaign["CampaignToppedUp"][key], "amount"),
                work_paid=_sum(paid, "reward") - gift_paid - fee_paid,
                gift_paid=gift_paid,
                fee_paid=fee_paid,
                lessons=hexed(filed[0].arguments["lessons"]) if filed else "",
                lessons_at=reader.at(filed[0].block) if filed else None,
                closed_at=max(closing) if closing else None,
                is_closed=bool(fees) and not facts["live"],
                to_jurors=moved[key, "jurors"],
                won=moved[key, "opener"] + moved[key, "worker"],
            )
        )
    return tuple(campaigns)
