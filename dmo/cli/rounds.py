"""dmo round: what a round is at, and settling it."""

from __future__ import annotations

from typing import Annotated

from typer import Argument

from dmo.cli import texts
from dmo.cli.options import ACT, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput

app = noun("round")

Round = Annotated[
    int | None, Argument(metavar="[ROUND]", help=texts.ARG_ROUND, show_default=False, min=1)
]


@command(app, "round show")
def show(session: Session, round_: Round = None) -> None:
    """Show a round."""
    from dmo.cli.idea import facts
    from dmo.client import ideas
    from dmo.core.errors import Refused
    from dmo.core.units import format_bps, format_duration
    from dmo.home.rounds import Phase, round_times

    clock = ideas.clock(session.dmo, session.now)
    number = round_
    if number is None:
        current = clock.voting or clock.posting
        if current is None:
            raise BadInput(
                texts.NOT_BEGUN.format(session.when(clock.frame.origin)),
                expected=texts.NOT_BEGUN_EXPECTED,
            )
        number = current.round
    times = round_times(clock.frame, number)
    rules = ideas.rules(session.dmo, number)
    stored = ideas.round_facts(session.dmo, number)
    found = ideas.ideas(session.dmo, number) if stored.ideas else []
    phase = times.phase(session.now)
    try:
        threshold = ideas.passing_threshold(session.dmo, number) if phase is not Phase.FUTURE else 0
    except Refused:
        threshold = 0
    order = ideas.settlement_order(found)
    session.screen.data.update(
        round=number,
        phase=phase.value,
        settled=stored.is_settled,
        posting_opens=times.posting_opens,
        voting_opens=times.voting_opens,
        late_from=times.late_from,
        voting_closes=times.voting_closes,
        lapses_at=times.lapses_at,
        cap=str(rules.cap),
        passing_bps=rules.passing_bps,
        posting_bps=rules.posting_bps,
        passing_threshold=str(threshold) if threshold else None,
        ideas=[facts(one) for one in found],
        settlement_order=order,
    )
    if session.screen.as_json:
        return
    state = texts.SETTLED if stored.is_settled else texts.phase(phase, session.when, times)
    session.screen.heading(texts.ROUND_HEADING.format(number, state))
    live = [one for one in found if not one.tally.is_withdrawn]
    session.screen.fields(
        [
            ("posting", session.when(times.posting_opens)),
            ("voting", session.when(times.voting_opens)),
            ("no new “for”", session.when(times.late_from)),
            ("vote ends", session.when(times.voting_closes)),
            ("round length", format_duration(clock.frame.round_seconds)),
            ("budget", texts.UP_TO.format(session.money(rules.cap))),
            (
                "one ask",
                texts.FROM_TO.format(session.money(rules.ask_min), session.money(rules.ask_max)),
            ),
            (
                "passes from",
                session.votes(threshold)
                if threshold
                else texts.SHARE_OF_VOTES.format(format_bps(rules.passing_bps)),
            ),
            ("ideas", str(len(live))),
        ]
    )
    by_number = {one.number: one for one in found}
    ranked = sorted(live, key=lambda one: (-one.tally.net, one.number))
    if ranked:
        _table(session, ranked, [by_number[n].number for n in order])
    _next(session, number, phase.value, stored.is_settled, bool(found))


def _table(session: Session, ranked: list, order: list[int]) -> None:  # type: ignore[type-arg]
    from dmo.cli.papers import title_of

    session.screen.say()
    session.screen.table(
        texts.ROUND_COLUMNS,
        [
            (
                f"{one.round}/{one.number}",
                title_of(session, one.digest),
                session.money(one.ask),
                session.votes(one.tally.net).split(" ")[0],
                f"{order.index(one.number) + 1}." if one.number in order else texts.NOT_PASSING,
            )
            for one in ranked
        ],
    )


def _next(session: Session, number: int, phase: str, settled: bool, has_ideas: bool) -> None:
    text = texts.ROUND_NEXT.get(phase, "")
    if text and has_ideas and not settled:
        session.screen.say(texts.NEXT.format(text.format(number)))


@command(app, "round settle", ACT)
def settle(session: Session, round_: Round = None) -> None:
    """Settle a round."""
    from dmo.cli.act import Done, Step, act
    from dmo.client import ideas, lens

    number = round_
    if number is None:
        due = lens.due(session.dmo).settle
        if due is None:
            raise BadInput(texts.NOTHING_TO_SETTLE, expected=texts.NOTHING_TO_SETTLE_EXPECTED)
        number = due[0]
    found = ideas.ideas(session.dmo, number)
    order = ideas.settlement_order(found)

    def result(done: Done) -> str:
        event = done.event("IdeaBoard", "RoundSettled")
        funded = done.events("IdeaBoard", "IdeaFunded")
        session.screen.data.update(
            round=number,
            funded=[{key: e.arguments[key] for key in ("number", "campaign")} for e in funded],
            assigned=str(event.arguments["assigned"]) if event else "0",
        )
        lines = [
            texts.ROUND_SETTLED.format(
                number,
                texts.counted(len(funded), texts.IDEAS_COUNTED),
                session.money(event.arguments["assigned"] if event else 0),
            )
        ]
        lines += [
            texts.IDEA_FUNDED.format(number, e.arguments["number"], e.arguments["campaign"])
            for e in funded
        ]
        return "\n".join(lines)

    def following(done: Done) -> str:
        funded = done.events("IdeaBoard", "IdeaFunded")
        return texts.SETTLED_NEXT.format(funded[0].arguments["campaign"]) if funded else ""

    act(
        session,
        [Step(ideas.settle(session.dmo, number, order))],
        effects=[texts.SETTLE_EFFECT.format(len(order))],
        result=result,
        next_step=following,
    )
