"""dmo bounty: paid tasks of a campaign."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import ACT, FREE, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput

if TYPE_CHECKING:
    from dmo.client.escrow import Bounty, Submission

app = noun("bounty")

Number = Annotated[
    int, Argument(metavar="BOUNTY", help=texts.ARG_BOUNTY, min=1, show_default=False)
]


@command(app, "bounty new", FREE)
def new(
    session: Session,
    file: Annotated[Path, Argument(metavar="FILE", help=texts.ARG_NEW_FILE)] = Path("brief.md"),
    lang: Annotated[str, Option("--lang", metavar="TAG", help=texts.OPTION_LANG)] = "en",
) -> None:
    """Write a template of a brief."""
    from dmo.cli.papers import write_template

    write_template(session, "brief", file, lang)


@command(app, "bounty post", ACT)
def post(
    session: Session,
    campaign: Annotated[
        int, Argument(metavar="CAMPAIGN", help=texts.ARG_CAMPAIGN, min=1, show_default=False)
    ],
    file: Annotated[Path, Argument(metavar="FILE", help=texts.ARG_BRIEF_FILE, show_default=False)],
    reward: Annotated[str, Option("--reward", metavar="AMOUNT", help=texts.OPTION_REWARD)],
    until: Annotated[str, Option("--until", metavar="TIME", help=texts.OPTION_UNTIL)],
    slots: Annotated[
        int, Option("--slots", metavar="N", help=texts.OPTION_SLOTS, min=1, max=65_535)
    ] = 1,
    bond: Annotated[str | None, Option("--bond", metavar="AMOUNT", help=texts.OPTION_BOND)] = None,
    gift: Annotated[bool, Option("--gift", help=texts.OPTION_GIFT, show_default=False)] = False,
    worker: Annotated[
        str | None, Option("--worker", metavar="WHO", help=texts.OPTION_WORKER)
    ] = None,
    publish: Annotated[
        bool | None, Option("--publish/--no-publish", help=texts.OPTION_PUBLISH, show_default=False)
    ] = None,
    again: Annotated[bool, Option("--again", help=texts.OPTION_AGAIN, show_default=False)] = False,
) -> None:
    """Post a bounty."""
    from dmo.cli.act import Done, Step, act
    from dmo.cli.papers import keep, publication
    from dmo.cli.reading import moment
    from dmo.client import campaigns, escrow
    from dmo.core.units import share_rounded_up

    document = keep(session, file, "brief")
    units = session.parse_money(reward, "--reward")
    bond_units = session.parse_money(bond, "--bond") if bond else share_rounded_up(units, 1_000)
    # A command that was cut off is repeated: the same offer would be paid for twice.
    for one in () if again else escrow.bounties(session.dmo):
        offer = (one.campaign, one.brief, one.reward, one.slots)
        if offer == (campaign, document.digest, units, slots):
            raise BadInput(
                texts.POSTED_ALREADY.format(texts.POSTED_BOUNTY.format(one.id, campaign)),
                expected=texts.POSTED_ALREADY_EXPECTED,
                file=str(file),
            )
    params = campaigns.BountyParams(
        campaign,
        units,
        bond_units,
        moment(session, until, "--until"),
        slots,
        document.digest,
        gift,
        session.address_of(worker, "--worker") if worker else None,
    )

    def result(done: Done) -> str:
        event = done.event("CampaignEscrow", "BountyPosted")
        session.screen.data["bounty"] = event.arguments["bounty"] if event else None
        return texts.BOUNTY_POSTED.format(session.screen.data["bounty"])

    steps = [Step(campaigns.post_bounty(session.dmo, params, session.words))]
    steps += publication(session, document, publish)
    act(
        session,
        steps,
        effects=[
            texts.BOUNTY_EFFECT.format(
                session.money(units * slots),
                session.money(bond_units),
                session.when(params.submit_by),
            )
        ],
        result=result,
        next_step=lambda done: texts.BOUNTY_NEXT.format(session.screen.data["bounty"]),
    )


@command(app, "bounty cancel", ACT)
def cancel(session: Session, bounty: Number) -> None:
    """Cancel a bounty."""
    from dmo.cli.act import Done, Step, act
    from dmo.client import campaigns

    def result(done: Done) -> str:
        event = done.event("CampaignEscrow", "BountyCancelled")
        ends = int(event.arguments["submitBy"]) if event else 0
        session.screen.data.update(bounty=bounty, submit_by=ends)
        return texts.BOUNTY_CANCELLED.format(bounty, session.when(ends))

    act(
        session,
        [Step(campaigns.cancel_bounty(session.dmo, bounty))],
        effects=[texts.CANCEL_EFFECT],
        result=result,
    )


@command(app, "bounty reclaim", ACT)
def reclaim(session: Session, bounty: Number) -> None:
    """Free the money of a closed bounty's empty slots."""
    from dmo.cli.act import Done, Step, act
    from dmo.client import campaigns

    def result(done: Done) -> str:
        event = done.event("CampaignEscrow", "BountyReclaimed")
        amount = int(event.arguments["amount"]) if event else 0
        session.screen.data.update(bounty=bounty, amount=str(amount))
        return texts.BOUNTY_RECLAIMED.format(session.money(amount))

    act(
        session,
        [Step(campaigns.reclaim_bounty(session.dmo, bounty))],
        effects=[texts.RECLAIM_EFFECT],
        result=result,
    )


def facts(one: Bounty) -> dict[str, Any]:
    """A bounty for machines."""
    return {
        "bounty": one.id,
        "campaign": one.campaign,
        "reward": str(one.reward),
        "bond": str(one.bond),
        "slots": one.slots,
        "free_slots": one.free_slots,
        "submit_by": one.submit_by,
        "closes_at": one.closes_at,
        "gift": one.is_gift,
        "worker": one.worker,
        "brief": one.brief,
    }


def rows(session: Session, bounties: list[Bounty]) -> list[tuple[object, ...]]:
    """Rows of a table of bounties."""
    from dmo.cli.papers import title_of

    return [
        (
            one.id,
            title_of(session, one.brief),
            one.campaign,
            session.money(one.reward),
            f"{one.free_slots}/{one.slots}",
            texts.OPEN.format(session.when(one.closes_at))
            if one.is_open(session.now)
            else (texts.TAKEN if session.now < one.closes_at else texts.CLOSED),
        )
        for one in bounties
    ]


@command(app, "bounty list")
def list_(
    session: Session,
    everything: Annotated[bool, Option("--all", help=texts.OPTION_ALL, show_default=False)] = False,
) -> None:
    """List bounties."""
    from dmo.client import escrow

    found = [one for one in escrow.bounties(session.dmo) if any(one.brief)]
    shown = found if everything else [one for one in found if one.is_open(session.now)]
    session.screen.data["bounties"] = [facts(one) for one in shown]
    if session.screen.as_json:
        return
    if not shown:
        session.screen.say(
            texts.NO_BOUNTIES if not found else texts.NO_OPEN_BOUNTIES.format(len(found))
        )
        return
    session.screen.table(texts.BOUNTY_COLUMNS, rows(session, shown))


def record_of_lead(session: Session, lead: str) -> dict[str, int]:
    """How a lead has judged so far: accepted, rejected, accepted by silence, paid, overturned."""
    from dmo.client import disputes, escrow

    dmo = session.dmo
    bounties = {one.id for one in escrow.bounties(dmo) if any(one.brief)}
    leads = {one.id: one.lead for one in escrow.campaigns(dmo)}
    mine = {
        one.id
        for one in escrow.bounties(dmo)
        if one.id in bounties and leads.get(one.campaign) == lead
    }
    work = {one.id: one for one in escrow.submissions(dmo) if one.bounty in mine}
    events = [
        event
        for name in ("WorkAccepted", "WorkRejected")
        for event in dmo.events("CampaignEscrow", name, lead=lead)
    ]
    counts = Counter(event.name for event in events if event.arguments["submission"] in work)
    spoken = {event.arguments["submission"] for event in events}
    paid = {
        event.arguments["submission"]
        for event in dmo.events("CampaignEscrow", "WorkPaid")
        if event.arguments["submission"] in work
    }
    taken = (escrow.Status.ACCEPTED, escrow.Status.PAYABLE)
    silent = {
        one.id
        for one in work.values()
        if one.id not in spoken and (one.status in taken or one.id in paid)
    }
    overturned = [
        one
        for one in disputes.disputes(dmo)
        if one.lead == lead and one.is_ruled and one.is_paid is not one.is_challenge
    ]
    return {
        "campaigns": sum(1 for one in leads.values() if one == lead),
        "overturned": len(overturned),
        "accepted": counts["WorkAccepted"],
        "rejected": counts["WorkRejected"],
        "silent": len(silent),
        "paid": len(paid),
    }


@command(app, "bounty show")
def show(session: Session, bounty: Number) -> None:
    """Show a bounty."""
    from dmo.cli import papers
    from dmo.client import escrow

    one = escrow.bounty(session.dmo, bounty)
    campaign = escrow.campaign(session.dmo, one.campaign)
    terms = escrow.terms(session.dmo, campaign.terms_id)
    work = [w for w in escrow.submissions(session.dmo) if w.bounty == bounty]
    record = record_of_lead(session, campaign.lead)
    latest = escrow.latest_payment(terms, None, session.now, one.closes_at)
    soonest = session.now + terms.windows.review_seconds + terms.windows.challenge_seconds
    open_ = one.is_open(session.now)
    session.screen.data.update(
        bounty=facts(one),
        funded=True,
        open=open_,
        lead=campaign.lead,
        lead_record=record,
        paid_at_the_latest=soonest if open_ else None,
        submissions=[
            {
                "submission": w.id,
                "status": w.status.text,
                "paid_at_the_latest": escrow.latest_payment(terms, w, session.now) or None,
            }
            for w in work
        ],
    )
    session.screen.heading(texts.BOUNTY_HEADING.format(bounty, one.campaign))
    session.screen.fields(
        [
            ("reward", f"{session.money(one.reward)}{texts.GIFT if one.is_gift else ''}"),
            (
                "funded",
                texts.FUNDED.format(session.money(one.reward * one.free_slots))
                if one.free_slots
                else texts.FUNDED_TAKEN.format(session.money(one.reward)),
            ),
            ("free slots", texts.OF.format(one.free_slots, one.slots)),
            ("bond", texts.BOND.format(session.money(one.bond)) if one.bond else texts.NO_BOND),
            ("only for", session.who(one.worker) if one.worker else ""),
            (
                "submit by",
                _takes_until(session, one),
            ),
            (
                "paid",
                texts.PAID_LATEST.format(session.when(soonest), session.when(latest))
                if open_
                else "",
            ),
            ("lead", session.who(campaign.lead)),
            ("lead's record", texts.record(record)),
        ]
    )
    _work(session, work, terms)
    papers.show(session, one.brief)
    if open_ and not session.screen.as_json:
        session.screen.say(texts.NEXT.format(texts.WORK_NEXT.format(bounty)))


def _takes_until(session: Session, one: Bounty) -> str:
    """Until when work can be handed in, or why none can be."""
    when = session.when(one.closes_at)
    if session.now >= one.closes_at:
        return texts.CLOSED_SINCE.format(when)
    return when if one.free_slots else texts.NO_SLOT_UNTIL.format(when)


def _work(session: Session, work: list[Submission], terms: Any) -> None:
    from dmo.cli.work import row

    if work and not session.screen.as_json:
        session.screen.say()
        session.screen.table(texts.WORK_COLUMNS, [row(session, one, terms) for one in work])
