"""dmo idea: write, post, change, withdraw and read ideas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import ACT, FREE, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput

if TYPE_CHECKING:
    from dmo.cli.act import Done
    from dmo.client.ideas import Idea, IdeaParams
    from dmo.home.documents import Document

app = noun("idea")

File = Annotated[Path, Argument(metavar="FILE", help=texts.ARG_IDEA_FILE, show_default=False)]
Ref = Annotated[str, Argument(metavar="ROUND/NUMBER", help=texts.ARG_IDEA, show_default=False)]
Publish = Annotated[
    bool | None, Option("--publish/--no-publish", help=texts.OPTION_PUBLISH, show_default=False)
]
Ask = Annotated[str | None, Option("--ask", metavar="AMOUNT", help=texts.OPTION_ASK)]
Duration = Annotated[str | None, Option("--duration", metavar="TIME", help=texts.OPTION_DURATION)]
Fee = Annotated[str | None, Option("--fee", metavar="SHARE", help=texts.OPTION_FEE)]
Lead = Annotated[str | None, Option("--lead", metavar="WHO", help=texts.OPTION_LEAD)]
BuildsOn = Annotated[
    str | None, Option("--builds-on", metavar="ROUND/NUMBER", help=texts.OPTION_BUILDS_ON)
]


@command(app, "idea new", FREE)
def new(
    session: Session,
    file: Annotated[Path, Argument(metavar="FILE", help=texts.ARG_NEW_FILE)] = Path("idea.md"),
    lang: Annotated[str, Option("--lang", metavar="TAG", help=texts.OPTION_LANG)] = "en",
) -> None:
    """Write a template."""
    from dmo.cli.papers import write_template

    write_template(session, "idea", file, lang)


def _builds_on(document: Document, option: str | None) -> tuple[int, int] | None:
    from dmo.cli.reading import idea_ref

    written = option or document.front.model_dump().get("builds_on") or ""
    return idea_ref(str(written), "--builds-on") if written else None


@command(app, "idea post", ACT)
def post(
    session: Session,
    file: File,
    ask: Annotated[str, Option("--ask", metavar="AMOUNT", help=texts.OPTION_ASK)],
    duration: Annotated[str, Option("--duration", metavar="TIME", help=texts.OPTION_DURATION)],
    fee: Annotated[str, Option("--fee", metavar="SHARE", help=texts.OPTION_FEE)] = "0%",
    lead: Lead = None,
    builds_on: BuildsOn = None,
    publish: Publish = None,
    again: Annotated[bool, Option("--again", help=texts.OPTION_AGAIN, show_default=False)] = False,
) -> None:
    """Post an idea."""
    from dmo.cli.act import Step, act
    from dmo.cli.papers import keep, publication
    from dmo.cli.reading import bps
    from dmo.cli.reading import duration as length
    from dmo.client import ideas

    document = keep(session, file, "idea")
    if not again:
        _refuse_twice(session, file, document)
    params = ideas.IdeaParams(
        document.digest,
        session.parse_money(ask, "--ask"),
        length(duration, "--duration"),
        bps(fee, "--fee"),
        session.address_of(lead, "--lead") if lead else None,
        _builds_on(document, builds_on),
    )
    steps = [Step(ideas.post(session.dmo, params, document.title))]
    steps += publication(session, document, publish)
    act(session, steps, effects=_effects(session, params), result=_posted, next_step=_after)


def _refuse_twice(session: Session, file: Path, document: Document) -> None:
    """A command that was cut off is repeated: the same idea would use posting power twice.

    Raises:
        BadInput: The account posted this very text in the current round.
    """
    from dmo.client import ideas
    from dmo.home.rounds import round_at

    current = max(round_at(ideas.frame(session.dmo), session.now), 0)
    for one in ideas.ideas(session.dmo, current) if current else ():
        is_mine = one.author == session.maybe_me and not one.tally.is_withdrawn
        if is_mine and one.digest == document.digest:
            raise BadInput(
                texts.POSTED_ALREADY.format(texts.POSTED_IDEA.format(one.round, one.number)),
                expected=texts.POSTED_ALREADY_EXPECTED,
                file=str(file),
            )


def _effects(session: Session, params: IdeaParams) -> list[str]:
    from dmo.core.units import format_bps, format_duration

    fee = params.ask * params.fee_bps // 10_000
    return [
        texts.IDEA_EFFECT.format(
            session.money(params.ask),
            session.who(params.lead) if params.lead else texts.THE_AUTHOR,
            format_duration(params.duration_seconds),
            texts.IDEA_FEE.format(session.money(fee), format_bps(params.fee_bps))
            if fee
            else texts.IDEA_NO_FEE,
        ),
        texts.IDEA_FREEZES,
    ]


def _posted(done: Done) -> str:
    event = done.event("IdeaBoard", "IdeaPosted")
    if event is None:
        return ""
    number = {"round": event.arguments["round"], "number": event.arguments["number"]}
    done.session.screen.data.update(number)
    return texts.IDEA_POSTED.format(**number)


def _after(done: Done) -> str:
    from dmo.client import ideas
    from dmo.home.rounds import round_times

    facts = done.session.screen.data
    if "round" not in facts:
        return ""
    times = round_times(ideas.frame(done.session.dmo), facts["round"])
    return texts.IDEA_NEXT.format(
        when=done.session.when(times.voting_opens), round=facts["round"], number=facts["number"]
    )


@command(app, "idea edit", ACT)
def edit(
    session: Session,
    idea: Ref,
    file: File,
    ask: Ask = None,
    duration: Duration = None,
    fee: Fee = None,
    lead: Lead = None,
    builds_on: BuildsOn = None,
    publish: Publish = None,
) -> None:
    """Replace an idea; what is not named stays."""
    from dmo.cli.act import Step, act
    from dmo.cli.papers import keep, publication
    from dmo.cli.reading import bps, idea_ref
    from dmo.cli.reading import duration as length
    from dmo.client import ideas

    round_number, number = idea_ref(idea)
    old = ideas.idea(session.dmo, round_number, number)
    document = keep(session, file, "idea")
    params = ideas.IdeaParams(
        document.digest, old.ask, old.duration_seconds, old.fee_bps, old.lead, old.builds_on
    )
    if ask:
        params = replace(params, ask=session.parse_money(ask, "--ask"))
    if duration:
        params = replace(params, duration_seconds=length(duration, "--duration"))
    if fee:
        params = replace(params, fee_bps=bps(fee, "--fee"))
    if lead:
        params = replace(params, lead=session.address_of(lead, "--lead"))
    params = replace(params, builds_on=_builds_on(document, builds_on) or old.builds_on)
    steps = [Step(ideas.edit(session.dmo, round_number, number, params))]
    steps += publication(session, document, publish)
    effects = [texts.IDEA_EDIT_EFFECT, *_effects(session, params)]
    act(session, steps, effects=effects, result=_posted, next_step=_after)


@command(app, "idea withdraw", ACT)
def withdraw(session: Session, idea: Ref) -> None:
    """Withdraw an idea."""
    from dmo.cli.act import Step, act
    from dmo.cli.reading import idea_ref
    from dmo.client import ideas

    round_number, number = idea_ref(idea)
    session.screen.data.update(round=round_number, number=number)
    act(
        session,
        [Step(ideas.withdraw(session.dmo, round_number, number))],
        effects=[texts.IDEA_WITHDRAW_EFFECT],
        result=lambda _: texts.IDEA_WITHDRAWN.format(round=round_number, number=number),
    )


def facts(one: Idea) -> dict[str, Any]:
    """An idea for machines."""
    tally = one.tally
    return {
        "round": one.round,
        "number": one.number,
        "digest": one.digest,
        "author": one.author,
        "lead": one.lead,
        "ask": str(one.ask),
        "fee_bps": one.fee_bps,
        "duration_seconds": one.duration_seconds,
        "builds_on": list(one.builds_on) if one.builds_on else None,
        "for": str(tally.for_votes),
        "against": str(tally.against_votes),
        "version": tally.version,
        "withdrawn": tally.is_withdrawn,
        "passing": tally.is_passing,
    }


@command(app, "idea show")
def show(
    session: Session,
    idea: Annotated[
        str, Argument(metavar="[ROUND/]NUMBER", help=texts.ARG_IDEA_SHOWN, show_default=False)
    ],
) -> None:
    """Show an idea with its document and its votes."""
    from dmo.cli import papers
    from dmo.cli.reading import idea_ref, short_digest
    from dmo.client import ideas
    from dmo.core.units import format_bps, format_duration
    from dmo.home.rounds import round_times

    if idea.isascii() and idea.isdigit():
        voting = ideas.clock(session.dmo, session.now).voting
        latest = int(session.dmo.read("IdeaBoard", "latestRound"))
        idea = f"{min(voting.round, latest) if voting else latest}/{idea}"
    round_number, number = idea_ref(idea)
    one = ideas.idea(session.dmo, round_number, number)
    times = round_times(ideas.frame(session.dmo), round_number)
    phase = times.phase(session.now)
    fates = _Fates(session, round_number)
    session.screen.data["idea"] = {**facts(one), "campaign": fates.campaign(one)}
    session.screen.heading(texts.IDEA_HEADING.format(round=round_number, number=number))
    builds = f"{one.builds_on[0]}/{one.builds_on[1]}" if one.builds_on else ""
    session.screen.fields(
        [
            ("ask", session.money(one.ask)),
            (
                "lead",
                f"{session.who(one.lead)}, "
                + texts.LEAD_FEE.format(session.money(one.fee), format_bps(one.fee_bps)),
            ),
            ("author", session.who(one.author)),
            ("duration", format_duration(one.duration_seconds)),
            ("builds on", builds),
            ("votes", _votes(session, one, fates.is_over)),
            (
                "state",
                fates.state(one)
                if fates.is_over or one.tally.is_withdrawn
                else texts.phase(phase, session.when, times),
            ),
            ("digest", short_digest(one.digest)),
        ]
    )
    papers.show(session, one.digest)


class _Fates:
    """What became of a round's ideas."""

    def __init__(self, session: Session, number: int) -> None:
        from dmo.client import escrow, ideas
        from dmo.home.rounds import Phase, round_times

        self.is_settled = ideas.round_facts(session.dmo, number).is_settled
        times = round_times(ideas.frame(session.dmo), number)
        self.is_over = self.is_settled or times.phase(session.now) is Phase.PAST
        campaigns = escrow.campaigns(session.dmo) if self.is_settled else []
        self._funded = {one.number: one.id for one in campaigns if one.round == number}

    def campaign(self, one: Idea) -> int | None:
        """The campaign an idea became."""
        return self._funded.get(one.number)

    def state(self, one: Idea) -> str:
        """In words."""
        return texts.state_of(one.tally, self.campaign(one) or 0, self.is_settled, self.is_over)


def _votes(session: Session, one: Idea, is_over: bool) -> str:
    tally = one.tally
    text = texts.VOTES.format(session.votes(tally.for_votes), session.votes(tally.against_votes))
    return (
        text if is_over else f"{text}, {texts.PASSING if tally.is_passing else texts.NOT_PASSING}"
    )


@command(app, "idea list")
def list_(
    session: Session,
    round_: Annotated[
        int | None,
        Argument(metavar="[ROUND]", help=texts.ARG_ROUND_LIST, show_default=False, min=1),
    ] = None,
) -> None:
    """List the ideas of a round."""
    from dmo.cli import papers
    from dmo.client import ideas

    number = round_ if round_ is not None else int(session.dmo.read("IdeaBoard", "latestRound"))
    found = ideas.ideas(session.dmo, number) if number else []
    fates = _Fates(session, number) if found else None
    session.screen.data.update(
        round=number,
        ideas=[{**facts(one), "campaign": fates.campaign(one) if fates else None} for one in found],
    )
    if session.screen.as_json:
        return
    if fates is None:
        session.screen.say(texts.NO_IDEAS if round_ is None else texts.NO_IDEAS_IN.format(number))
        session.screen.say(texts.NEXT.format(texts.NO_IDEAS_NEXT))
        return
    session.screen.heading(texts.IDEAS_HEADING.format(number))
    rows = [
        (
            f"{one.round}/{one.number}",
            papers.title_of(session, one.digest),
            session.money(one.ask),
            session.who(one.lead),
            session.votes(one.tally.for_votes).split(" ")[0],
            session.votes(one.tally.against_votes).split(" ")[0],
            fates.state(one),
        )
        for one in found
    ]
    session.screen.table(texts.IDEA_COLUMNS, rows)


__all__ = ["BadInput", "app", "facts"]
