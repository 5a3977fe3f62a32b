"""dmo ballot: vote, sign a ballot, show what was voted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import ACT, command, noun
from dmo.cli.quick import QuickCommand
from dmo.cli.session import Session
from dmo.core.errors import BadInput

if TYPE_CHECKING:
    from dmo.home.ballots import Ballot, Choice
    from dmo.home.rounds import RoundTimes

app = noun("ballot")

_AGAINST = re.compile(r"-(\d+)")


class BallotCommand(QuickCommand):
    """Takes ``-2`` for a choice against idea 2, not for an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As click does, once ``-2`` is written in a way it leaves alone."""
        return super().parse_args(
            ctx, [_AGAINST.sub(r"~\1", a) if _AGAINST.fullmatch(a) else a for a in args]
        )


Words = Annotated[
    list[str] | None,
    Argument(metavar="[ROUND] [+N|-N]...", help=texts.ARG_CHOICES, show_default=False),
]
For = Annotated[str | None, Option("--for", metavar="N,N", help=texts.OPTION_FOR)]
Against = Annotated[str | None, Option("--against", metavar="N,N", help=texts.OPTION_AGAINST)]
Keep = Annotated[bool, Option("--keep", help=texts.OPTION_KEEP, show_default=False)]
Empty = Annotated[bool, Option("--empty", help=texts.OPTION_EMPTY, show_default=False)]


def _whole(
    session: Session,
    words: list[str] | None,
    in_favour: str | None,
    against: str | None,
    keep: bool,
    empty: bool,
) -> tuple[RoundTimes, tuple[Choice, ...], Ballot | None]:
    """Round, whole ballot and the former one of this round."""
    from dmo.cli.reading import choices
    from dmo.client import ideas
    from dmo.home.ballots import ordered
    from dmo.home.rounds import round_times

    named, chosen = choices(words or [], in_favour, against)
    fixed = ideas.clock(session.dmo, session.now)
    if named is None:
        if fixed.voting is None:
            raise BadInput(texts.NO_VOTE_NOW, expected=texts.NO_VOTE_NOW_EXPECTED)
        named = fixed.voting.round
    if not chosen and not empty:
        raise BadInput(texts.NOTHING_CHOSEN, expected=texts.NOTHING_CHOSEN_EXPECTED)
    if chosen and empty:
        raise BadInput(texts.EMPTY_WITH_CHOICES, expected=texts.EMPTY_WITH_CHOICES_EXPECTED)
    former: Ballot | None = None
    if session.maybe_me is not None:
        last = ideas.ballot_of(session.dmo, session.maybe_me)
        former = last if last.round == named else None
    if keep and former is not None:
        numbers = {choice.number for choice in chosen}
        chosen = [*chosen, *(c for c in former.choices if c.number not in numbers)]
    return round_times(fixed.frame, named), ordered(chosen), former


def _tell(
    session: Session, times: RoundTimes, whole: tuple[Choice, ...], former: Ballot | None
) -> None:
    """The whole ballot beside the former one."""
    from dmo.cli.papers import title_of
    from dmo.client import ideas

    before = {choice.number: choice for choice in former.choices} if former else {}
    after = {choice.number: choice for choice in whole}
    session.screen.data.update(round=times.round, choices=[str(c) for c in whole])
    if former:
        session.screen.data["former_choices"] = [str(c) for c in former.choices]
    if not session.screen.as_json and times.voting_opens <= session.now:
        by_number = {one.number: one for one in ideas.ideas(session.dmo, times.round)}
        rows = []
        for number in sorted({*before, *after}):
            one = by_number.get(number)
            mine = texts.choice_text(after.get(number))
            old = texts.choice_text(before.get(number)) if former else ""
            title = title_of(session, one.digest) if one else texts.UNKNOWN_IDEA
            rows.append((f"{times.round}/{number}", title, mine, old))
        session.screen.heading(texts.BALLOT_HEADING.format(times.round))
        columns = texts.BALLOT_COLUMNS if former else texts.BALLOT_COLUMNS[:3]
        session.screen.table(columns, [row[: len(columns)] for row in rows])


def _effects(
    session: Session, times: RoundTimes, whole: tuple[Choice, ...], former: Ballot | None
) -> list[str]:
    """What the ballot means."""
    if former and former.choices == whole:
        return [texts.BALLOT_SAME]
    effects = [texts.BALLOT_REPLACES if former else texts.BALLOT_WHOLE]
    if times.is_late(session.now):
        effects.append(texts.BALLOT_LATE)
    return effects


@command(app, "ballot cast", ACT, cls=BallotCommand)
def cast(
    session: Session,
    choices: Words = None,
    in_favour: For = None,
    against: Against = None,
    keep: Keep = False,
    empty: Empty = False,
) -> None:
    """Vote."""
    from dmo.cli.act import Step, act
    from dmo.client import ideas

    times, whole, former = _whole(session, choices, in_favour, against, keep, empty)
    act(
        session,
        [Step(ideas.cast_ballot(session.dmo, times.round, whole))],
        effects=_effects(session, times, whole, former),
        tell=lambda: _tell(session, times, whole, former),
        result=lambda _: texts.BALLOT_CAST.format(times.round),
        next_step=texts.BALLOT_NEXT.format(session.when(times.voting_closes), round=times.round),
    )


@command(app, "ballot sign", ACT, cls=BallotCommand)
def sign(
    session: Session,
    choices: Words = None,
    in_favour: For = None,
    against: Against = None,
    keep: Keep = False,
    empty: Empty = False,
    out: Annotated[Path, Option("--out", metavar="FILE", help=texts.OPTION_OUT)] = Path(
        "ballot.json"
    ),
) -> None:
    """Sign a ballot for somebody else to send."""
    from dmo.cli.reading import new_file
    from dmo.cli.screen import envelope
    from dmo.client import ideas
    from dmo.home.ballots import Ballot, ballot_digest, sign_ballot, typed_data

    times, whole, former = _whole(session, choices, in_favour, against, keep, empty)
    _tell(session, times, whole, former)
    ballot = Ballot(session.me, times.round, session.now, whole)
    domain = ideas.domain(session.dmo)
    if session.options.calldata:
        session.screen.data["typed_data"] = typed_data(domain, ballot)
        session.screen.say(envelope(dict(typed_data(domain, ballot))).rstrip())
        return
    signed = sign_ballot(domain, ballot, session.unlock())
    content = {
        "schema": "dmo.ballot/1",
        "chain_id": domain.chain_id,
        "board": domain.board,
        "voter": ballot.voter,
        "round": ballot.round,
        "at": ballot.at,
        "choices": ballot.values,
        "signature": signed.signature,
        "digest": ballot_digest(domain, ballot),
    }
    new_file(out, envelope(content))
    session.screen.data.update(file=str(out))
    session.screen.heading(texts.BALLOT_SIGNED.format(out))
    session.screen.say(texts.NEXT.format(texts.BALLOT_SIGNED_NEXT.format(out)))


@command(app, "ballot relay", ACT)
def relay(
    session: Session,
    files: Annotated[
        list[Path], Argument(metavar="FILE...", help=texts.ARG_BALLOT_FILES, show_default=False)
    ],
) -> None:
    """Send ballots that others signed."""
    from dmo.cli.act import Done, Step, act
    from dmo.client import ideas
    from dmo.core.text import one_line
    from dmo.home.ballots import read_ballots

    ballots, faults = read_ballots(files, session.dmo.chain_id, session.dmo.address("IdeaBoard"))
    if not ballots:
        raise faults[0]
    session.screen.data["left_out"] = [
        {"file": fault.file, "line": fault.line, "reason": one_line(fault.reason)}
        for fault in faults
    ]
    for fault in faults:
        session.screen.note(texts.BALLOT_LEFT_OUT.format(one_line(fault.message)))

    def result(done: Done) -> str:
        cast_ = done.events("IdeaBoard", "BallotCast")
        skipped = done.events("IdeaBoard", "BallotSkipped")
        session.screen.data.update(
            cast=[event.arguments["voter"] for event in cast_],
            skipped=[event.arguments["voter"] for event in skipped],
        )
        return texts.BALLOTS_RELAYED.format(len(cast_), len(skipped))

    act(
        session,
        [Step(ideas.cast_signed_ballots(session.dmo, ballots))],
        effects=[texts.RELAY_EFFECT],
        result=result,
    )


@command(app, "ballot show")
def show(
    session: Session,
    voter: Annotated[str, Argument(metavar="[WHO]", help=texts.ARG_WHO)] = "me",
) -> None:
    """Show an account's latest ballot."""
    from dmo.cli.papers import title_of
    from dmo.client import ideas
    from dmo.core.units import format_time

    who = session.address_of(voter, "voter")
    ballot = ideas.ballot_of(session.dmo, who)
    session.screen.data.update(
        voter=who, round=ballot.round, at=ballot.at, choices=[str(c) for c in ballot.choices]
    )
    if session.screen.as_json:
        return
    if not ballot.round:
        session.screen.say(texts.NO_BALLOT.format(session.who(who)))
        return
    by_number = {one.number: one for one in ideas.ideas(session.dmo, ballot.round)}
    session.screen.heading(
        texts.BALLOT_OF.format(session.who(who), ballot.round, format_time(ballot.at))
    )
    rows = [
        (
            f"{ballot.round}/{c.number}",
            title_of(session, by_number[c.number].digest),
            texts.choice_text(c),
        )
        for c in ballot.choices
    ]
    session.screen.table(texts.BALLOT_COLUMNS[:3], rows)
