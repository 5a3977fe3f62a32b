"""dmo campaign: running campaigns, their money, closing them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument

from dmo.cli import texts
from dmo.cli.options import ACT, command, noun
from dmo.cli.session import Session

if TYPE_CHECKING:
    from dmo.client.campaigns import Terms
    from dmo.client.escrow import Campaign

app = noun("campaign")

Number = Annotated[
    int, Argument(metavar="CAMPAIGN", help=texts.ARG_CAMPAIGN, min=1, show_default=False)
]


def facts(one: Campaign) -> dict[str, Any]:
    """A campaign for machines."""
    return {
        "campaign": one.id,
        "lead": one.lead,
        "ends_at": one.ends_at,
        "round": one.round,
        "number": one.number,
        "ask": str(one.ask),
        "fee": str(one.fee),
        "fee_earned": str(one.earned),
        "fee_taken": str(one.fee_taken),
        "fee_settled": one.is_fee_settled,
        "voted_free": str(one.voted_free),
        "voted_paid": str(one.voted_paid),
        "gift_free": str(one.gift_free),
        "live": one.live,
        "lessons": one.lessons or None,
        "lessons_until": one.lessons_until,
    }


def _state(session: Session, one: Campaign) -> str:
    if session.now < one.ends_at:
        return texts.RUNNING.format(session.when(one.ends_at))
    if one.is_fee_settled and not one.live:
        return texts.CLOSED
    return texts.ENDED.format(session.when(one.ends_at))


@command(app, "campaign show")
def show(session: Session, campaign: Number) -> None:
    """Show a campaign."""
    from dmo.cli.bounty import rows
    from dmo.cli.papers import title_of
    from dmo.client import escrow, ideas
    from dmo.core.units import format_bps, format_duration

    one = escrow.campaign(session.dmo, campaign)
    terms = escrow.terms(session.dmo, one.terms_id)
    posted = [b for b in escrow.bounties(session.dmo) if b.campaign == campaign]
    bounties = [b for b in posted if any(b.brief)]  # the lessons' own has no brief
    numbers = {b.id for b in posted}
    disputed = [
        work
        for work in escrow.submissions(session.dmo)
        if work.bounty in numbers and work.status is escrow.Status.DISPUTED
    ]
    session.screen.data.update(
        campaign=facts(one),
        bounties=[b.id for b in bounties],
        disputed=[work.id for work in disputed],
        terms=_terms(terms),
    )
    if session.screen.as_json:
        return
    windows = terms.windows
    idea = ideas.idea(session.dmo, one.round, one.number)
    session.screen.heading(texts.CAMPAIGN_HEADING.format(campaign, title_of(session, idea.digest)))
    lessons = (
        texts.LESSONS_FILED.format(one.lessons)
        if one.lessons
        else (
            texts.LESSONS_WANTED.format(session.when(one.lessons_until))
            if session.now >= one.ends_at
            else ""
        )
    )
    session.screen.fields(
        [
            ("idea", f"{one.round}/{one.number}"),
            ("lead", session.who(one.lead)),
            ("state", _state(session, one)),
            ("voted", session.money(one.ask)),
            ("paid for work", session.money(one.voted_paid)),
            ("free for bounties", session.money(one.voted_free)),
            ("free top-ups", session.money(one.gift_free) if one.gift_free else ""),
            (
                "lead's fee",
                texts.FEE_LINE.format(
                    session.money(one.earned), session.money(one.fee), format_bps(one.fee_bps)
                )
                + (texts.FEE_TAKEN.format(session.money(one.fee_taken)) if one.fee_taken else ""),
            ),
            ("lessons", lessons),
            (
                "windows",
                texts.WINDOWS.format(
                    *(
                        format_duration(s)
                        for s in (
                            windows.review_seconds,
                            windows.answer_seconds,
                            windows.challenge_seconds,
                        )
                    )
                ),
            ),
            ("disputes", _dispute_terms(session, terms)),
            (
                "disputed",
                "\n".join(
                    texts.DISPUTED_WORK.format(
                        work.id,
                        texts.DISPUTE_KIND[work.is_challenge],
                        session.when(work.status_until),
                    )
                    for work in disputed
                ),
            ),
        ]
    )
    if bounties:
        session.screen.say()
        session.screen.table(texts.BOUNTY_COLUMNS, rows(session, bounties))
    if session.now < one.ends_at and one.voted_free:
        session.screen.say(texts.NEXT.format(texts.CAMPAIGN_NEXT.format(campaign)))


def _dispute_terms(session: Session, terms: Terms) -> str:
    """What a dispute takes, and who rules."""
    from dmo.core.units import format_bps, format_duration

    if int(terms.arbitrator, 16) == 0:
        return texts.NO_ARBITRATOR
    return texts.DISPUTE_TERMS.format(
        format_bps(terms.dispute_bond_bps),
        session.money(terms.dispute_bond_min),
        session.who(terms.arbitrator),
        format_duration(terms.windows.arbitration_seconds),
    )


def _terms(terms: Terms) -> dict[str, Any]:
    return {
        **asdict(terms.windows),
        "dispute_bond_bps": terms.dispute_bond_bps,
        "dispute_bond_min": str(terms.dispute_bond_min),
        "arbitrator": terms.arbitrator,
        "pays_jurors": terms.pays_jurors,
        "meta_evidence": terms.meta_evidence,
        "arbitrator_extra_data": "0x" + terms.arbitrator_extra_data.hex(),
    }


@command(app, "campaign list")
def list_(session: Session) -> None:
    """List campaigns."""
    from dmo.cli.papers import title_of
    from dmo.client import escrow, ideas

    found = escrow.campaigns(session.dmo)
    pool = escrow.books(session.dmo).pool
    session.screen.data.update(campaigns=[facts(one) for one in found], pool=str(pool))
    if session.screen.as_json:
        return
    if not found:
        session.screen.say(texts.NO_CAMPAIGNS)
        session.screen.say(texts.POOL.format(session.money(pool)))
        return
    rows = []
    for one in found:
        idea = ideas.idea(session.dmo, one.round, one.number)
        rows.append(
            (
                one.id,
                title_of(session, idea.digest),
                session.who(one.lead),
                session.money(one.ask),
                session.money(one.voted_free),
                _state(session, one),
            )
        )
    session.screen.table(texts.CAMPAIGN_COLUMNS, rows)
    session.screen.say(texts.POOL.format(session.money(pool)))


@command(app, "campaign deposit", ACT)
def deposit(
    session: Session,
    amount: Annotated[str, Argument(metavar="AMOUNT", help=texts.ARG_AMOUNT, show_default=False)],
) -> None:
    """Pay money into the pool."""
    from dmo.cli.act import Step, act, approval
    from dmo.client import campaigns

    units = session.parse_money(amount, "amount")
    session.screen.data["amount"] = str(units)
    escrow_at = session.dmo.address("CampaignEscrow")
    steps = approval(session, session.dmo.budget_token, escrow_at, units)
    call = campaigns.deposit(session.dmo, units, session.words)
    act(
        session,
        [*steps, Step(call, after_approval=True)],
        effects=[texts.DEPOSIT_EFFECT],
        result=lambda _: texts.DEPOSITED.format(session.money(units)),
    )


@command(app, "campaign close", ACT)
def close(session: Session, campaign: Number) -> None:
    """Close a campaign."""
    from dmo.cli.act import Done, Step, act
    from dmo.client import campaigns

    def result(done: Done) -> str:
        swept = done.event("CampaignEscrow", "CampaignSwept")
        voted = int(swept.arguments["voted"]) if swept else 0
        gift = int(swept.arguments["gift"]) if swept else 0
        session.screen.data.update(campaign=campaign, voted=str(voted), gift=str(gift))
        return texts.CAMPAIGN_CLOSED.format(campaign, session.money(voted + gift))

    act(
        session,
        [Step(campaigns.close_campaign(session.dmo, campaign))],
        effects=[texts.CLOSE_EFFECT],
        result=result,
    )


@command(app, "campaign top-up", ACT)
def top_up(
    session: Session,
    campaign: Number,
    amount: Annotated[str, Argument(metavar="AMOUNT", help=texts.ARG_AMOUNT, show_default=False)],
) -> None:
    """Give money to a campaign."""
    from dmo.cli.act import Step, act, approval
    from dmo.client import campaigns

    units = session.parse_money(amount, "amount")
    session.screen.data.update(campaign=campaign, amount=str(units))
    escrow_at = session.dmo.address("CampaignEscrow")
    steps = approval(session, session.dmo.budget_token, escrow_at, units)
    call = campaigns.top_up(session.dmo, campaign, units, session.words)
    act(
        session,
        [*steps, Step(call, after_approval=True)],
        effects=[texts.TOP_UP_EFFECT],
        result=lambda _: texts.TOPPED_UP.format(session.money(units), campaign),
    )
