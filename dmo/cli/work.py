"""dmo work: hand in, judge, pay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import ACT, READ, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput

if TYPE_CHECKING:
    from dmo.cli.act import Done
    from dmo.client.escrow import Submission
    from dmo.home.documents import Document

app = noun("work")

Number = Annotated[int, Argument(metavar="WORK", help=texts.ARG_WORK, min=1, show_default=False)]
Numbers = Annotated[
    list[int] | None, Argument(metavar="[WORK]...", help=texts.ARG_WORKS, show_default=False)
]
File = Annotated[Path, Argument(metavar="FILE", help=texts.ARG_EVIDENCE_FILE, show_default=False)]
Publish = Annotated[
    bool | None, Option("--publish/--no-publish", help=texts.OPTION_PUBLISH, show_default=False)
]


@command(app, "work new", READ)
def new(
    session: Session,
    file: Annotated[Path, Argument(metavar="FILE", help=texts.ARG_NEW_FILE)] = Path("evidence.md"),
    kind: Annotated[str, Option("--kind", metavar="KIND", help=texts.OPTION_KIND)] = "evidence",
    lang: Annotated[str, Option("--lang", metavar="TAG", help=texts.OPTION_LANG)] = "en",
) -> None:
    """Write a template of evidence, or of a reason."""
    from dmo.cli.papers import write_template

    if kind not in ("evidence", "reason"):
        raise BadInput(
            f"{kind[:40]!r} is no kind here", expected="evidence or reason", field="--kind"
        )
    write_template(session, kind, file, lang, session.maybe_me or "0x…")


def _evidence(session: Session, file: Path, worker: str | None) -> Document:
    """Evidence that names its worker, so that a copy is worth nothing."""
    from dmo.cli.papers import keep

    document = keep(session, file, "evidence")
    named_worker(document, file, worker)
    return document


def named_worker(document: Document, file: Path, worker: str | None) -> None:
    """Refuse evidence that names somebody else.

    Raises:
        BadInput: It does.
    """
    named = document.front.model_dump().get("worker") if document.kind == "evidence" else worker
    if worker is not None and named != worker:
        raise BadInput(
            texts.OTHER_WORKER.format(named),
            expected=texts.OTHER_WORKER_EXPECTED.format(worker),
            file=str(file),
            field="worker",
        )


@command(app, "work submit", ACT)
def submit(
    session: Session,
    bounty: Annotated[
        int, Argument(metavar="BOUNTY", help=texts.ARG_BOUNTY, min=1, show_default=False)
    ],
    file: File,
    payee: Annotated[
        list[str] | None, Option("--payee", metavar="WHO:SHARE", help=texts.OPTION_PAYEE)
    ] = None,
    publish: Publish = None,
) -> None:
    """Hand in work."""
    from dmo.cli.act import Step, act, approval
    from dmo.cli.papers import publication
    from dmo.cli.reading import payees
    from dmo.client import campaigns, escrow

    document = _evidence(session, file, session.maybe_me)
    one = escrow.bounty(session.dmo, bounty)
    terms = escrow.terms(session.dmo, escrow.campaign(session.dmo, one.campaign).terms_id)
    shares = payees(session, payee or [])
    steps = approval(
        session, session.dmo.budget_token, session.dmo.address("CampaignEscrow"), one.bond
    )
    call = campaigns.submit_work(session.dmo, bounty, document.digest, shares)
    steps.append(Step(call, after_approval=bool(one.bond)))
    steps += publication(session, document, publish)
    latest = session.now + terms.windows.review_seconds + terms.windows.challenge_seconds

    def result(done: Done) -> str:
        event = done.event("CampaignEscrow", "WorkSubmitted")
        session.screen.data.update(
            submission=event.arguments["submission"] if event else None,
            paid_at_the_latest=latest,
        )
        return texts.WORK_SUBMITTED.format(session.screen.data["submission"])

    effects = [texts.SUBMIT_EFFECT.format(session.money(one.reward), session.when(latest))]
    if one.bond:
        effects.append(texts.BOND_EFFECT.format(session.money(one.bond)))
    act(
        session,
        steps,
        effects=effects,
        result=result,
        next_step=lambda _: texts.SUBMIT_NEXT.format(session.screen.data["submission"]),
    )


@command(app, "work rework", ACT)
def rework(session: Session, submission: Number, file: File, publish: Publish = None) -> None:
    """Answer a rejection."""
    from dmo.cli.act import Step, act
    from dmo.cli.papers import publication
    from dmo.client import campaigns

    document = _evidence(session, file, session.maybe_me)
    session.screen.data["submission"] = submission
    steps = [Step(campaigns.rework_work(session.dmo, submission, document.digest))]
    steps += publication(session, document, publish)
    act(
        session,
        steps,
        effects=[texts.REWORK_EFFECT],
        result=lambda _: texts.WORK_REWORKED.format(submission),
    )


@command(app, "work withdraw", ACT)
def withdraw(session: Session, submission: Number) -> None:
    """Take work back."""
    from dmo.cli.act import Step, act
    from dmo.client import campaigns

    session.screen.data["submission"] = submission
    act(
        session,
        [Step(campaigns.withdraw_work(session.dmo, submission))],
        effects=[texts.WITHDRAW_EFFECT],
        result=lambda _: texts.WORK_WITHDRAWN.format(submission),
    )


def _seen(session: Session, one: Submission, unseen: bool, is_accepted: bool) -> None:
    """Show the evidence that is judged; refuse to judge what nobody has seen.

    What was found and cannot be read is a reason to reject it, not to accept it.
    """
    from dmo.cli import papers
    from dmo.home.documents import Unreadable

    document = papers.show(session, one.evidence)
    if document is None:
        if not unseen:
            raise BadInput(texts.UNSEEN, expected=texts.UNSEEN_EXPECTED)
        return
    if isinstance(document, Unreadable):
        if is_accepted and not unseen:
            raise BadInput(texts.UNREAD.format(document.because), expected=texts.UNREAD_EXPECTED)
        return
    named = document.front.model_dump().get("worker")
    if document.kind == "evidence" and named != one.worker:
        session.screen.note(texts.COPIED.format(named, one.worker))


Unseen = Annotated[bool, Option("--unseen", help=texts.OPTION_UNSEEN, show_default=False)]


@command(app, "work accept", ACT)
def accept(session: Session, submission: Number, unseen: Unseen = False) -> None:
    """Accept work."""
    from dmo.cli.act import Step, act
    from dmo.cli.stakes import docket
    from dmo.client import campaigns, escrow

    case = docket(session, submission)
    one = case.work
    terms = escrow.terms(session.dmo, case.campaign.terms_id)
    pay = ", ".join(
        texts.ACCEPT_PAY.format(session.who(payee), session.money(amount))
        for payee, amount in case.pay(case.bounty.reward)
    )
    payable = session.now + terms.windows.challenge_seconds
    session.screen.data.update(submission=submission, payable_from=payable)
    act(
        session,
        [Step(campaigns.accept_work(session.dmo, submission, one.evidence))],
        effects=[texts.ACCEPT_EFFECT.format(pay, session.when(payable))],
        result=lambda _: texts.WORK_ACCEPTED.format(submission),
        next_step=texts.ACCEPT_NEXT.format(session.when(payable), submission),
        tell=lambda: _seen(session, one, unseen, is_accepted=True),
    )


@command(app, "work reject", ACT)
def reject(
    session: Session,
    submission: Number,
    file: Annotated[
        Path | None, Argument(metavar="[FILE]", help=texts.ARG_REASON_FILE, show_default=False)
    ] = None,
    because: Annotated[
        str | None, Option("--because", metavar="TEXT", help=texts.OPTION_BECAUSE)
    ] = None,
    publish: Publish = None,
    unseen: Unseen = False,
) -> None:
    """Reject work."""
    from dmo.cli.act import Step, act
    from dmo.cli.papers import keep, publication
    from dmo.client import campaigns, escrow
    from dmo.home.documents import parse

    if (file is None) == (because is None):
        raise BadInput(texts.NO_REASON, expected=texts.NO_REASON_EXPECTED)
    one = escrow.submission(session.dmo, submission)
    if file is not None:
        document = keep(session, file, "reason")
    else:
        text = texts.REASON_DOCUMENT.format(submission, (because or "").strip())
        document = parse(text.encode(), "--because", "reason")
        session.store.put(document.raw)
    terms = escrow.terms(
        session.dmo,
        escrow.campaign(session.dmo, escrow.bounty(session.dmo, one.bounty).campaign).terms_id,
    )
    session.screen.data.update(submission=submission, reason=document.digest)
    steps = [Step(campaigns.reject_work(session.dmo, submission, one.evidence, document.digest))]
    steps += publication(session, document, publish)
    until = session.when(session.now + terms.windows.answer_seconds)
    act(
        session,
        steps,
        effects=[texts.REJECT_EFFECT.format(session.who(one.worker), until)],
        result=lambda _: texts.WORK_REJECTED.format(submission),
        next_step=texts.REJECT_NEXT.format(texts.UNTIL.format(until), submission),
        tell=lambda: _seen(session, one, unseen, is_accepted=False),
    )


@command(app, "work pay", ACT)
def pay(session: Session, submissions: Numbers = None) -> None:
    """Pay work, and the jurors of what was disputed."""
    from dmo.cli.act import Step, act, possible
    from dmo.client import campaigns, lens

    if submissions:
        calls = [campaigns.pay_work(session.dmo, submissions)]
    else:
        found = lens.due(session.dmo)
        numbers = found.pay[: lens.PAY_BATCH]
        calls = [campaigns.pay_work(session.dmo, numbers)] if numbers else []
        for number, owed in found.jurors.items():
            calls += lens.juror_calls(session.dmo, number, owed)
        if not calls:
            void = " ".join(map(str, found.release))
            expected = texts.VOID_WAITS.format(void) if void else texts.NOTHING_DUE_EXPECTED
            raise BadInput(texts.NOTHING_DUE["pay"], expected=expected)
    steps = possible(session, [(None, Step(call)) for call in calls])
    act(
        session,
        [step for _, step in steps],
        result=lambda done: paid_text(session, done),
        next_step=_jurors_next,
    )


def paid_text(session: Session, done: Done) -> str:
    """Who was paid what, out of what, and which bonds were returned."""
    moved = sorted(
        (
            event
            for name in ("PayeePaid", "PayeeCredited", "BondPaid", "BondCredited")
            for event in done.events("CampaignEscrow", name)
        ),
        key=lambda event: (event.block, event.index),
    )
    ended = {
        event.arguments["submission"]
        for name in ("WorkPaid", "WorkReleased")
        for event in done.events("CampaignEscrow", name)
    }
    disputed = _dispute_sources(done)
    payments, bonds, lines = [], [], []
    for event in moved:
        submission, amount = event.arguments["submission"], event.arguments["amount"]
        is_credit = event.name.endswith("Credited")
        fact = {"submission": submission, "amount": str(amount), "credit": is_credit}
        if event.name.startswith("Bond"):
            who = event.arguments["to"]
            bonds.append({**fact, "account": who})
            text = texts.BOND_CREDITED if is_credit else texts.BOND_RETURNED
            what = texts.PAID_FOR["work"]
        else:
            who = event.arguments["payee"]
            source = disputed[submission].pop(0) if disputed.get(submission) else "work"
            source = source if submission in ended else "judging"
            payments.append({**fact, "payee": who, "source": source})
            text = texts.CREDITED if is_credit else texts.PAID
            what = texts.PAID_FOR[source]
        lines.append(text.format(session.who(who), session.money(amount), what.format(submission)))
    session.screen.data.update(payments=payments, bonds_returned=bonds)
    return "\n".join(lines)


def _dispute_sources(done: Done) -> dict[int, list[str]]:
    """Of each settled dispute, what its payments are taken from; they come before the reward's."""
    from dmo.client.settlements import settlement_of

    return {
        event.arguments["submission"]: [
            move.source
            for move in settlement_of(event).moves
            if move.to == "worker" or (move.to == "opener" and move.source == "reward")
        ]
        for event in done.events("DisputeDesk", "DisputeSettled")
    }


def _jurors_next(done: Done) -> str:
    """Jurors of what was just settled are paid next."""
    from dmo.client import disputes

    settled = [
        event.arguments["submission"] for event in done.events("DisputeDesk", "DisputeSettled")
    ]
    owing = [one for one in disputes.disputes_of(done.session.dmo, settled) if one.pot]
    return ", ".join(texts.JURORS_NEXT.format(one.submission) for one in owing)


@command(app, "work release", ACT)
def release(session: Session, submissions: Numbers = None) -> None:
    """Release void work."""
    from dmo.cli.act import Step, act
    from dmo.client import campaigns, lens

    numbers = submissions or list(lens.due(session.dmo).release[: lens.PAY_BATCH])
    if not numbers:
        raise BadInput(texts.NOTHING_DUE["release"], expected=texts.NOTHING_DUE_EXPECTED)
    session.screen.data["submissions"] = numbers
    act(
        session,
        [Step(campaigns.release_work(session.dmo, numbers))],
        effects=[texts.RELEASE_EFFECT],
        result=lambda done: "\n".join(
            filter(
                None,
                (
                    texts.WORK_RELEASED.format(", ".join(map(str, numbers))),
                    paid_text(session, done),
                ),
            )
        ),
        next_step=_jurors_next,
    )


def row(session: Session, one: Submission, terms: Any) -> tuple[object, ...]:
    """Row of a table of submissions."""
    from dmo.client import escrow

    latest = escrow.latest_payment(terms, one, session.now)
    until = session.when(one.status_until) if one.status_until else ""
    paid = session.when(latest) if latest > session.now else ""
    return (one.id, session.who(one.worker), texts.STATUS[one.status.text], until, paid)


@command(app, "work list")
def list_(
    session: Session,
    everything: Annotated[
        bool, Option("--all", help=texts.OPTION_ALL_WORK, show_default=False)
    ] = False,
) -> None:
    """List submissions."""
    from dmo.client import escrow

    found = escrow.submissions(session.dmo)[::-1]
    campaigns = {one.id: one for one in escrow.campaigns(session.dmo)}
    of = {one.id: campaigns[one.campaign] for one in escrow.bounties(session.dmo)}
    me = None if everything else session.maybe_me
    shown = [one for one in found if me in (None, one.worker, of[one.bounty].lead)]
    terms = {
        terms_id: escrow.terms(session.dmo, terms_id)
        for terms_id in {of[one.bounty].terms_id for one in shown}
    }
    latest = [
        escrow.latest_payment(terms[of[one.bounty].terms_id], one, session.now) for one in shown
    ]
    session.screen.data["submissions"] = [
        {
            "submission": one.id,
            "bounty": one.bounty,
            "worker": one.worker,
            "status": one.status.text,
            "status_until": one.status_until or None,
            "paid_at_the_latest": paid or None,
        }
        for one, paid in zip(shown, latest, strict=True)
    ]
    if session.screen.as_json:
        return
    if not shown:
        session.screen.say(texts.NO_WORK_OF_MINE.format(len(found)) if found else texts.NO_WORK)
        return
    rows = [row(session, one, terms[of[one.bounty].terms_id]) for one in shown]
    session.screen.table(
        texts.WORK_LIST_COLUMNS,
        [(first, one.bounty, *rest) for one, (first, *rest) in zip(shown, rows, strict=True)],
    )


@command(app, "work show")
def show(session: Session, submission: Number) -> None:
    """Show a submission."""
    from dmo.cli import papers
    from dmo.cli.hearing import facts, line
    from dmo.client import disputes, escrow
    from dmo.core.units import format_bps

    one = escrow.submission(session.dmo, submission)
    bounty = escrow.bounty(session.dmo, one.bounty)
    campaign = escrow.campaign(session.dmo, bounty.campaign)
    terms = escrow.terms(session.dmo, campaign.terms_id)
    payees = escrow.payees(session.dmo, submission)
    latest = escrow.latest_payment(terms, one, session.now)
    reasons = session.dmo.events("CampaignEscrow", "WorkRejected", submission=submission)
    disputed = next(iter(disputes.disputes_of(session.dmo, [submission])), None)
    session.screen.data.update(
        submission=one.id,
        worker=one.worker,
        bounty=one.bounty,
        campaign=bounty.campaign,
        status=one.status.text,
        status_until=one.status_until,
        reworked=one.is_reworked,
        evidence=one.evidence,
        reason=reasons[-1].arguments["reason"] if reasons else None,
        paid_at_the_latest=latest or None,
        dispute=facts(disputed) if disputed else None,
        payees=[{"account": p.account, "share_bps": p.share_bps} for p in payees],
    )
    session.screen.heading(texts.WORK_HEADING.format(submission, one.bounty))
    status = texts.STATUS[one.status.text]
    session.screen.fields(
        [
            ("status", status),
            ("until", session.when(one.status_until)),
            ("reward", session.money(bounty.reward)),
            ("worker", session.who(one.worker)),
            (
                "payees",
                "\n".join(f"{session.who(p.account)} {format_bps(p.share_bps)}" for p in payees),
            ),
            (
                "paid",
                texts.PAID_IF_NOBODY_ACTS.format(session.when(latest))
                if latest > session.now
                else "",
            ),
            ("lead", session.who(campaign.lead)),
            ("dispute", line(session, disputed) if disputed else ""),
        ]
    )
    papers.show(session, one.evidence)
    if reasons and not session.screen.as_json:
        session.screen.say()
        papers.show(session, reasons[-1].arguments["reason"])
    following = texts.work_next(one.status.text, one.is_reworked, int(terms.arbitrator, 16) != 0)
    if following:
        session.screen.say(texts.NEXT.format(following.format(submission)))
