"""dmo dispute, what decides one: jurors' rulings, handing them over, jurors' pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.dispute import Number, app
from dmo.cli.options import ACT, command
from dmo.cli.session import Session
from dmo.core.errors import BadInput

if TYPE_CHECKING:
    from dmo.cli.act import Step
    from dmo.client.disputes import Dispute, JuryCase
    from dmo.client.jurors import Standing
    from dmo.home.salts import Secret

__all__ = ["app"]

Numbers = Annotated[
    list[int] | None,
    Argument(metavar="[WORK]...", help=texts.ARG_DISPUTED_ALL, min=1, show_default=False),
]


def _case(session: Session, submission: int) -> tuple[Dispute, JuryCase]:
    """A dispute before a jury.

    Raises:
        NotFound: The submission is not disputed.
        BadInput: Somebody else rules.
    """
    from dmo.client import disputes

    one = disputes.dispute(session.dmo, submission)
    if one.jury is None:
        raise _no_jury(session, one)
    session.cases[one.jury.id] = submission
    return one, one.jury


def _no_jury(session: Session, one: Dispute) -> BadInput:
    return BadInput(
        texts.NO_JURY.format(one.submission, session.who(one.arbitrator, long=True)),
        expected=texts.NO_JURY_EXPECTED,
    )


@command(app, "dispute commit", ACT)
def commit(
    session: Session,
    submission: Number,
    ruling: Annotated[
        str, Argument(metavar="pay|refuse", help=texts.ARG_RULING, show_default=False)
    ],
    salt_file: Annotated[
        Path | None, Option("--salt-file", metavar="FILE", help=texts.OPTION_SALT_OUT)
    ] = None,
) -> None:
    """Commit to a ruling."""
    from dmo.cli.act import Step, act
    from dmo.client import disputes, jurors
    from dmo.client.disputes import Ruling
    from dmo.home.salts import Secret, write_secret

    rulings = {"pay": Ruling.PAY, "refuse": Ruling.REFUSE}
    if ruling.strip().lower() not in rulings:
        raise BadInput(texts.NO_RULING_SAID.format(ruling[:40]), expected=texts.NO_RULING_EXPECTED)
    chosen = rulings[ruling.strip().lower()]
    one, case = _case(session, submission)
    me = session.me
    standing = jurors.standings(session.dmo, [(one, me)]).get((submission, me))
    if standing is None:
        raise _no_jury(session, one)
    session.screen.data.update(submission=submission, case=case.id, ruling=texts.RULINGS[chosen])
    live = session.salts.behind(standing.commitment)
    following = texts.COMMIT_NEXT.format(session.when(case.commit_until), submission)
    if live is not None and live.ruling == chosen:
        session.screen.heading(texts.COMMITTED_ALREADY.format(texts.RULINGS[chosen], submission))
        if salt_file is not None:
            write_secret(salt_file, live)
            session.screen.say(texts.SALT_WRITTEN.format(salt_file))
        session.screen.say(texts.NEXT.format(following))
        return
    salt = disputes.new_salt()
    secret = Secret(session.dmo.chain_id, case.address, case.id, me, chosen, salt)
    session.screen.data["commitment"] = secret.committed

    def keep() -> None:
        if salt_file is not None:
            write_secret(salt_file, secret)
            session.screen.say(texts.SALT_WRITTEN.format(salt_file))
        session.salts.keep(secret)

    call = disputes.commit_ruling(session.dmo, case.id, secret.committed, case.address)
    first, second, third = texts.COMMIT_EFFECTS
    effects = [
        first.format(session.when(case.commit_until)),
        second.format(session.when(case.reveal_until), submission),
        third.format(session.salts.folder),
    ]
    act(
        session,
        [Step(call.described(texts.COMMIT_CALL.format(submission)))],
        effects=[texts.COMMIT_REPLACES, *effects] if standing.commitment else effects,
        result=lambda _: texts.COMMITTED.format(submission),
        next_step=following,
        before=keep,
    )


@command(app, "dispute reveal", ACT)
def reveal(
    session: Session,
    submission: Annotated[
        int | None,
        Argument(metavar="[WORK]", help=texts.ARG_DISPUTED_ONE, min=1, show_default=False),
    ] = None,
    everything: Annotated[
        bool, Option("--all", help=texts.OPTION_REVEAL_ALL, show_default=False)
    ] = False,
    salt_file: Annotated[
        Path | None, Option("--salt-file", metavar="FILE", help=texts.OPTION_SALT_IN)
    ] = None,
) -> None:
    """Reveal committed rulings."""
    from dmo.cli.act import act, possible
    from dmo.cli.hearing import weight
    from dmo.client import jurors, lens
    from dmo.client.jurors import Phase, phase
    from dmo.home.salts import read_secret

    if (submission is None) is not everything or (everything and salt_file is not None):
        raise BadInput(texts.REVEAL_WHAT, expected=texts.REVEAL_WHAT_EXPECTED)
    given = read_secret(salt_file) if salt_file is not None else None
    if submission is not None:
        cases = [_case(session, submission)]
    else:
        cases = [
            (one, one.jury)
            for one in lens.disputed(session.dmo)
            if one.jury is not None and phase(one, session.now)[0] is Phase.REVEAL
        ]
    held = [
        (one, case, secret) for one, case in cases for secret in _secrets(session, one, case, given)
    ]
    asked = [(one, secret.juror) for one, _, secret in held]
    if submission is not None and session.maybe_me is not None:
        asked.append((cases[0][0], session.me))
    known = jurors.standings(session.dmo, asked)
    live = [
        (one, case, secret)
        for one, case, secret in held
        if (its := known.get((one.submission, secret.juror))) and secret.committed == its.commitment
    ]
    if not live and any(
        its.is_revealed
        for one, _, secret in held
        if (its := known.get((one.submission, secret.juror)))
    ):
        raise BadInput(texts.ALL_REVEALED, expected=texts.NOTHING_TO_REVEAL_EXPECTED)
    if submission is not None:
        if given is None:
            jurors_here = {secret.juror for _, _, secret in live}
            _say_what_is_lost(session, submission, known, jurors_here, bool(held))
        if not session.options.calldata:
            # What is not committed to, or revealed already, the jury refuses in its own words.
            live = live or held[-1:]
    if not live:
        raise BadInput(texts.NOTHING_TO_REVEAL, expected=texts.NOTHING_TO_REVEAL_EXPECTED)
    steps = possible(
        session,
        [((one, case, secret), _reveal(session, one, case, secret)) for one, case, secret in live],
    )
    live = [item for item, _ in steps]
    weights = {key: standing.weight for key, standing in known.items()}
    session.screen.data["rulings"] = [
        {
            "submission": one.submission,
            "juror": secret.juror,
            "ruling": texts.RULINGS[secret.ruling],
            "weight": str(weights.get((one.submission, secret.juror), 0)),
        }
        for one, _, secret in live
    ]
    numbers = sorted({one.submission for one, _, _ in live})
    act(
        session,
        [step for _, step in steps],
        effects=[
            texts.REVEAL_EFFECT.format(
                session.who(secret.juror),
                texts.RULINGS[secret.ruling],
                one.submission,
                weight(session, case, weights.get((one.submission, secret.juror), 0)),
            )
            for one, case, secret in live
        ],
        result=lambda _: texts.revealed(len(live), numbers),
        next_step=texts.REVEAL_NEXT.format(
            session.when(max(case.reveal_until for _, case, _ in live)),
            str(numbers[0]) if len(numbers) == 1 else "",
        ).rstrip(),
    )


def _reveal(session: Session, one: Dispute, case: JuryCase, secret: Secret) -> Step:
    from dmo.cli.act import Step
    from dmo.client.disputes import Ruling, reveal_ruling

    juror, ruling = secret.juror, Ruling(secret.ruling)
    call = reveal_ruling(session.dmo, case.id, juror, ruling, secret.salt, case.address)
    said = (session.who(juror), one.submission, texts.RULINGS[ruling])
    return Step(call.described(texts.REVEAL_CALL.format(*said)))


def _say_what_is_lost(
    session: Session,
    submission: int,
    known: Mapping[tuple[int, str], Standing],
    jurors_here: set[str],
    has_any: bool,
) -> None:
    """Tell a juror whose salt is not here; an error where nothing else can be revealed."""
    mine = known.get((submission, session.maybe_me or ""))
    if mine is not None and mine.commitment and session.me not in jurors_here:
        lost = BadInput(texts.NO_SALT.format(submission), expected=texts.NO_SALT_EXPECTED)
        if not jurors_here:
            raise lost
        session.screen.note(texts.NOTE.format(lost.message))
    elif not has_any:
        raise BadInput(
            texts.NO_COMMITMENT.format(submission),
            expected=texts.NO_COMMITMENT_EXPECTED.format(submission),
        )


def _secrets(session: Session, one: Dispute, case: JuryCase, given: Secret | None) -> list[Secret]:
    """The salts at hand: those on this machine, or the one that was given."""
    if given is None:
        return session.salts.of(session.dmo.chain_id, case.address, case.id)
    found = (given.chain_id, given.jury, given.dispute)
    if found != (session.dmo.chain_id, case.address, case.id):
        raise BadInput(
            texts.OTHER_SALT.format(given.dispute, given.jury, one.submission),
            expected=texts.OTHER_SALT_EXPECTED,
            field="--salt-file",
        )
    return [given]


@command(app, "dispute rule", ACT)
def rule(session: Session, submissions: Numbers = None) -> None:
    """Hand rulings over."""
    from dmo.cli.act import act, possible
    from dmo.client import lens

    cases = [_case(session, number) for number in dict.fromkeys(submissions or ())]
    if not submissions:
        cases = [(one, one.jury) for one in lens.due(session.dmo).rule if one.jury is not None]
    if not cases:
        raise BadInput(texts.NOTHING_TO_RULE, expected=texts.DISPUTES_EXPECTED)
    steps = possible(session, [((one, case), _rule(session, one, case)) for one, case in cases])
    cases = [item for item, _ in steps]
    session.screen.data["rulings"] = [
        {"submission": one.submission, "ruling": texts.RULINGS[case.ruling]} for one, case in cases
    ]
    act(
        session,
        [step for _, step in steps],
        effects=[texts.RULE_EFFECTS[case.ruling].format(one.submission) for one, case in cases],
        result=lambda _: "\n".join(
            texts.RULED.format(texts.RULINGS[case.ruling], one.submission) for one, case in cases
        ),
        next_step=", ".join(
            texts.RULE_NEXT[replace(one, ruling=case.ruling).is_paid].format(one.submission)
            for one, case in cases
        ),
    )


def _rule(session: Session, one: Dispute, case: JuryCase) -> Step:
    from dmo.cli.act import Step
    from dmo.client.disputes import execute_ruling

    call = execute_ruling(session.dmo, case.id, case.address)
    said = texts.RULE_CALL.format(one.submission, texts.RULINGS[case.ruling])
    return Step(call.described(said))


@command(app, "dispute pay", ACT)
def pay(session: Session, submissions: Numbers = None) -> None:
    """Pay jurors."""
    from dmo.cli.act import Step, act, possible
    from dmo.cli.work import paid_text
    from dmo.client import disputes, jurors, lens

    found = disputes.disputes_of(session.dmo, submissions or ())
    due = None if submissions else lens.due(session.dmo)
    owed = due.jurors if due else jurors.unpaid_jurors(session.dmo, found)
    calls = [call for n, whom in owed.items() for call in lens.juror_calls(session.dmo, n, whom)]
    if due:
        calls += [disputes.expire_jurors(session.dmo, number) for number in due.expire]
    elif submissions and not calls:
        for one in found:
            if not one.is_settled and not one.is_open(session.now):
                first = texts.DISPUTE_NEXT["pay" if one.is_paid else "release"]
                raise BadInput(
                    texts.NO_JUROR_TO_PAY,
                    expected=texts.JURORS_AFTER.format(first.format(one.submission)),
                )
        # The desk says itself why there is nobody to pay.
        calls = [disputes.pay_jurors(session.dmo, submissions[0], [])]
    if not calls:
        raise BadInput(texts.NO_JUROR_TO_PAY, expected=texts.DISPUTES_EXPECTED)
    session.screen.data["submissions"] = submissions or [*owed, *(due.expire if due else ())]
    steps = [step for _, step in possible(session, [(None, Step(call)) for call in calls])]
    act(session, steps, result=lambda done: paid_text(session, done))
