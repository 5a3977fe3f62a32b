"""dmo dispute: judged work, judged again; opening, evidence, reading. See dmo.cli.juror too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import ACT, READ, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput

if TYPE_CHECKING:
    from dmo.home.documents import Document

app = noun("dispute")

Number = Annotated[
    int, Argument(metavar="WORK", help=texts.ARG_DISPUTED, min=1, show_default=False)
]
Publish = Annotated[
    bool | None, Option("--publish/--no-publish", help=texts.OPTION_PUBLISH, show_default=False)
]


# ── opening, evidence ───────────────────────────────────────────────────────────────────────────


@command(app, "dispute new", READ)
def new(
    session: Session,
    file: Annotated[Path, Argument(metavar="FILE", help=texts.ARG_NEW_FILE)] = Path("statement.md"),
    kind: Annotated[
        str, Option("--kind", metavar="KIND", help=texts.OPTION_STATEMENT_KIND)
    ] = "reason",
    lang: Annotated[str, Option("--lang", metavar="TAG", help=texts.OPTION_LANG)] = "en",
) -> None:
    """Write a template of a statement."""
    from dmo.cli.papers import write_template

    if kind not in ("reason", "evidence"):
        raise BadInput(
            texts.NOT_A_STATEMENT.format(kind[:40]),
            expected=texts.NOT_A_STATEMENT_EXPECTED,
            field="--kind",
        )
    name = "statement" if kind == "reason" else kind
    worker = session.maybe_me or "0x…"
    write_template(session, name, file, lang, worker, "statement" if name != kind else "exhibit")


def _given(session: Session, file: Path) -> Document:
    """A statement, or evidence that names who gives it."""
    from dmo.cli.papers import keep
    from dmo.cli.work import named_worker

    document = keep(session, file, None)
    if document.kind not in ("reason", "evidence"):
        raise BadInput(
            texts.NOT_A_STATEMENT.format(document.kind),
            expected=texts.NOT_A_STATEMENT_EXPECTED,
            file=str(file),
            field="kind",
        )
    named_worker(document, file, session.maybe_me)
    return document


@command(app, "dispute open", ACT)
def open_(
    session: Session,
    submission: Annotated[
        int, Argument(metavar="WORK", help=texts.ARG_WORK, min=1, show_default=False)
    ],
    file: Annotated[
        Path, Argument(metavar="FILE", help=texts.ARG_STATEMENT_FILE, show_default=False)
    ],
    publish: Publish = None,
) -> None:
    """Dispute a rejection, or challenge an acceptance."""
    from dmo.cli.act import Done, Step, act, approval, coins
    from dmo.cli.papers import publication
    from dmo.cli.stakes import brings, docket, outcome_table
    from dmo.client import disputes, escrow
    from dmo.client.outcomes import outcomes

    document = _given(session, file)
    asked = disputes.price(session.dmo, submission)
    one = docket(session, submission)
    terms = escrow.terms(session.dmo, one.campaign.terms_id)
    until = session.now + terms.windows.arbitration_seconds
    stakes = one.stakes(asked.is_challenge, asked.bond, terms.pays_jurors)
    escrow_at = session.dmo.address("CampaignEscrow")
    steps = approval(session, session.dmo.budget_token, escrow_at, asked.bond)
    call = disputes.open_dispute(session.dmo, asked, document.digest, session.words)
    steps.append(Step(call, after_approval=True))
    steps += publication(session, document, publish)
    session.screen.data.update(
        submission=submission,
        challenge=asked.is_challenge,
        bond=str(asked.bond),
        cost_wei=str(asked.cost_wei),
        until=until,
    )
    price = session.money(asked.bond)
    if asked.cost_wei:
        price = texts.OPEN_COST.format(price, coins(session, asked.cost_wei))
    effects = [texts.OPEN_EFFECT.format(price, session.when(until))]
    me = session.maybe_me or ""
    gets = [session.money(amount) for amount in brings(one, stakes, me, me)]
    effects.append(texts.OPEN_BRINGS.format(*gets))
    if any(found.fee_lost for found in outcomes(stakes)):
        effects.append(texts.OPEN_ALIKE)

    def result(done: Done) -> str:
        event = done.event("DisputeDesk", "DisputeOpened")
        case = event.arguments["disputeID"] if event else None
        session.screen.data["case"] = case
        return texts.DISPUTE_OPENED.format(case=case, submission=submission)

    act(
        session,
        steps,
        effects=effects,
        result=result,
        next_step=texts.OPEN_NEXT.format(submission),
        tell=lambda: outcome_table(session, one, stakes, me),
    )


@command(app, "dispute evidence", ACT)
def evidence(
    session: Session,
    submission: Number,
    file: Annotated[Path, Argument(metavar="FILE", help=texts.ARG_GIVEN_FILE, show_default=False)],
    publish: Publish = None,
) -> None:
    """Add evidence to an open dispute."""
    from dmo.cli.act import Step, act
    from dmo.cli.papers import publication
    from dmo.client import disputes

    document = _given(session, file)
    session.screen.data["submission"] = submission
    steps = [Step(disputes.submit_evidence(session.dmo, submission, document.digest))]
    steps += publication(session, document, publish)
    act(
        session,
        steps,
        effects=[texts.EVIDENCE_EFFECT],
        result=lambda _: texts.EVIDENCE_GIVEN.format(submission),
    )


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


@command(app, "dispute show")
def show(
    session: Session,
    submission: Number,
    everything: Annotated[
        bool, Option("--all", help=texts.OPTION_ALL_TEXTS, show_default=False)
    ] = False,
) -> None:
    """Show a dispute as its jurors need it."""
    from dmo.cli import hearing

    hearing.show(session, submission, everything)


@command(app, "dispute list")
def list_(
    session: Session,
    everything: Annotated[
        bool, Option("--all", help=texts.OPTION_SETTLED, show_default=False)
    ] = False,
) -> None:
    """List disputes."""
    from dmo.cli.hearing import anybodys, facts, ruled
    from dmo.client import disputes
    from dmo.client.jurors import phase

    found = disputes.disputes(session.dmo)
    shown = [one for one in found if everything or not one.is_settled or one.pot]
    phases = [phase(one, session.now) for one in shown]
    session.screen.data["disputes"] = [
        {**facts(one), "phase": now.value, "phase_until": until or None}
        for one, (now, until) in zip(shown, phases, strict=True)
    ]
    if not shown:
        text = texts.NO_OPEN_DISPUTES.format(len(found)) if found else texts.NO_DISPUTES
        session.screen.say(text)
        return
    rows = [
        (
            one.submission,
            texts.DISPUTE_SHORT[one.is_challenge],
            session.who(one.opener),
            texts.PHASE_WORDS[now.value].format(ruled(one)),
            session.when(until),
            anybodys(session, one),
        )
        for one, (now, until) in zip(shown, phases, strict=True)
    ]
    session.screen.table(texts.DISPUTE_COLUMNS, rows)
