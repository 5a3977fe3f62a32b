"""dmo govern: proposals to the holders, for what is rare and grave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import ACT, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput, NotFound
from dmo.core.text import one_line

if TYPE_CHECKING:
    from dmo.client.governance import Proposal

app = noun("govern")

Ref = Annotated[str, Argument(metavar="PROPOSAL", help=texts.ARG_PROPOSAL, show_default=False)]


def _find(session: Session, text: str) -> tuple[int, Proposal]:
    """A proposal by its place in the list, or by its number or the beginning of it."""
    from dmo.client import governance

    known = governance.proposals(session.dmo)[::-1]
    cleaned = text.strip().lstrip("#")
    if not (cleaned.isascii() and cleaned.isdigit()):
        raise BadInput(f"{text[:40]!r} names no proposal", expected="a number of `dmo govern list`")
    if len(cleaned) < 6:
        place = int(cleaned)
        if 1 <= place <= len(known):
            return place, known[place - 1]
    else:
        hits = [(n, one) for n, one in enumerate(known, 1) if str(one.id).startswith(cleaned)]
        if len(hits) == 1:
            return hits[0]
    raise NotFound(
        f"There is no proposal {cleaned}.", hint="`dmo govern list` shows them, numbered from 1."
    )


def _when(session: Session, one: Proposal) -> str:
    match one.state.text:
        case "pending":
            return texts.VOTE_OPENS.format(session.when(one.snapshot + 1))
        case "active":
            return texts.VOTE_ENDS.format(session.when(one.deadline))
        case "queued":
            return texts.EXECUTABLE.format(session.when(one.eta))
    return ""


@command(app, "govern list")
def list_(session: Session) -> None:
    """List proposals."""
    from dmo.client import governance

    known = governance.proposals(session.dmo)[::-1]
    session.screen.data["proposals"] = [
        {
            "place": place,
            "id": str(one.id),
            "proposer": one.proposer,
            "description": one.description,
            "calls": [call.calldata() for call in one.calls],
            "state": one.state.text,
            "snapshot": one.snapshot,
            "deadline": one.deadline,
            "eta": one.eta,
            "for": str(one.in_favour),
            "against": str(one.against),
            "abstain": str(one.abstain),
        }
        for place, one in enumerate(known, 1)
    ]
    if session.screen.as_json:
        return
    if not known:
        session.screen.say(texts.NO_PROPOSALS)
        return
    for place, one in reversed(list(enumerate(known, 1))):
        title = one_line((one.description.strip().splitlines() or [""])[0], 80)
        session.screen.heading(f"{place}. {title} – {one.state.text}")
        session.screen.fields(
            [
                ("by", session.who(one.proposer)),
                (
                    "votes",
                    texts.PROPOSAL_VOTES.format(
                        session.votes(one.in_favour),
                        session.votes(one.against),
                        session.votes(one.abstain),
                    ),
                ),
                ("when", _when(session, one)),
                ("does", "\n".join(call.description for call in one.calls)),
            ]
        )
        following = texts.PROPOSAL_NEXT.get(one.state.text, "")
        if following and (one.state.text != "queued" or session.now >= one.eta):
            session.screen.say("  " + texts.NEXT.format(following.format(place)))


@command(app, "govern vote", ACT)
def vote(
    session: Session,
    proposal: Ref,
    choice: Annotated[
        str, Argument(metavar="for|against|abstain", help=texts.ARG_SUPPORT, show_default=False)
    ],
    reason: Annotated[str, Option("--reason", metavar="TEXT", help=texts.OPTION_REASON)] = "",
) -> None:
    """Vote on a proposal."""
    from dmo.cli.act import Step, act
    from dmo.client import governance

    known = {
        "for": governance.Support.FOR,
        "yes": governance.Support.FOR,
        "against": governance.Support.AGAINST,
        "no": governance.Support.AGAINST,
        "abstain": governance.Support.ABSTAIN,
    }
    if choice.lower() not in known:
        raise BadInput(f"{choice[:20]!r} is no vote", expected="for, against or abstain")
    support = known[choice.lower()]
    place, one = _find(session, proposal)
    session.screen.data.update(proposal=str(one.id), support=support.name.lower())
    call = governance.cast_vote(session.dmo, one.id, support, reason)
    text = texts.PROPOSAL_VOTE.format(support.name.lower(), place)
    act(
        session,
        [Step(call.described(text))],
        effects=[*(call.description for call in one.calls), texts.VOTE_IS_FINAL],
        result=lambda _: texts.PROPOSAL_VOTED.format(place),
    )


@command(app, "govern queue", ACT)
def queue(session: Session, proposal: Ref) -> None:
    """Queue a proposal that succeeded."""
    from dmo.cli.act import Done, Step, act
    from dmo.client import governance

    place, one = _find(session, proposal)
    session.screen.data["proposal"] = str(one.id)

    def following(done: Done) -> str:
        eta = governance.proposal(session.dmo, one.id).eta
        session.screen.data["eta"] = eta
        return texts.QUEUE_NEXT.format(session.when(eta), place)

    act(
        session,
        [Step(governance.queue(session.dmo, one.calls, one.description))],
        result=lambda _: texts.PROPOSAL_QUEUED.format(place),
        next_step=following,
    )


@command(app, "govern execute", ACT)
def execute(session: Session, proposal: Ref) -> None:
    """Execute a queued proposal."""
    from dmo.cli.act import Step, act
    from dmo.client import governance

    place, one = _find(session, proposal)
    session.screen.data["proposal"] = str(one.id)
    act(
        session,
        [Step(governance.execute(session.dmo, one.calls, one.description))],
        effects=[call.description for call in one.calls],
        result=lambda _: texts.PROPOSAL_EXECUTED.format(place),
    )
