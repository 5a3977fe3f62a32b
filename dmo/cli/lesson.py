"""dmo lesson: what a campaign taught, filed by its lead."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import ACT, FREE, command, noun
from dmo.cli.session import Session

app = noun("lesson")


@command(app, "lesson new", FREE)
def new(
    session: Session,
    file: Annotated[Path, Argument(metavar="FILE", help=texts.ARG_NEW_FILE)] = Path("lesson.md"),
    lang: Annotated[str, Option("--lang", metavar="TAG", help=texts.OPTION_LANG)] = "en",
) -> None:
    """Write a template."""
    from dmo.cli.papers import write_template

    write_template(session, "lesson", file, lang)


@command(app, "lesson file", ACT)
def file_(
    session: Session,
    campaign: Annotated[
        int, Argument(metavar="CAMPAIGN", help=texts.ARG_CAMPAIGN, min=1, show_default=False)
    ],
    file: Annotated[Path, Argument(metavar="FILE", help=texts.ARG_LESSON_FILE, show_default=False)],
    publish: Annotated[
        bool | None, Option("--publish/--no-publish", help=texts.OPTION_PUBLISH, show_default=False)
    ] = None,
) -> None:
    """File a campaign's lessons."""
    from dmo.cli.act import Done, Step, act
    from dmo.cli.papers import keep, publication
    from dmo.client import campaigns, escrow

    document = keep(session, file, "lesson")
    one = escrow.campaign(session.dmo, campaign)
    terms = escrow.terms(session.dmo, one.terms_id)
    steps = [Step(campaigns.file_lessons(session.dmo, campaign, document.digest))]
    steps += publication(session, document, publish)
    paid = session.now + terms.windows.challenge_seconds

    def result(done: Done) -> str:
        event = done.event("CampaignEscrow", "LessonsFiled")
        session.screen.data.update(
            campaign=campaign, submission=event.arguments["submission"] if event else None
        )
        return texts.LESSONS_DONE.format(campaign)

    act(
        session,
        steps,
        effects=[texts.LESSONS_EFFECT.format(session.money(one.earned), session.when(paid))],
        result=result,
        next_step=lambda _: texts.LESSONS_NEXT.format(
            session.screen.data["submission"], session.when(paid)
        ),
    )
