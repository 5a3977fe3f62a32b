"""Ideas: `./brownie run idea <act> <deployment> … --network <network>`.

The acts::

    main     <deployment>                               ideas, votes, and what the rounds are at
    post     <deployment> <file> ask=… [fee=… days=… lead=0x… yes]
    edit     <deployment> <round> <number> <file> ask=… [fee=… days=… lead=0x… yes]
    withdraw <deployment> <round> <number> [yes]
"""

from __future__ import annotations

from dmo.client import ideas
from dmo.core.calls import Call
from dmo.core.errors import BadInput
from dmo.core.units import format_amount, format_time, parse_amount, parse_bps
from dmo.home.deployment import Dmo
from scripts._acts import document, number, options_of, perform
from scripts._common import open_deployment, reported

OPTIONS = {"ask": "", "fee": "0%", "days": "28", "lead": ""}


def main(deployment: str = "local") -> None:
    """Show the rounds and their ideas."""
    with reported():
        dmo = open_deployment(deployment)
        clock, token = ideas.clock(dmo), dmo.budget_token
        votes = dmo.votes_token
        if clock.posting is None:
            print(f"Round 1 begins at {format_time(clock.frame.origin)}.")
        else:
            ends = format_time(clock.posting.voting_opens)
            print(f"Round {clock.posting.round} takes ideas until {ends}.")
        if clock.voting is not None:
            ends = format_time(clock.voting.voting_closes)
            print(f"Round {clock.voting.round} is voted on until {ends}.")
        for facts in ideas.rounds_with_ideas(dmo):
            print(f"\nRound {facts.round}{' (settled)' if facts.is_settled else ''}")
            for idea in ideas.ideas(dmo, facts.round):
                tally = idea.tally
                state = "withdrawn" if tally.is_withdrawn else "passing" if tally.is_passing else ""
                ask = format_amount(idea.ask, token.decimals, token.symbol)
                yes = format_amount(tally.for_votes, votes.decimals)
                no = format_amount(tally.against_votes, votes.decimals)
                print(f"  {idea.round}/{idea.number}  asks {ask}, for {yes}, against {no}  {state}")


def post(deployment: str, file: str, *words: str) -> None:
    """Post an idea in the current round."""
    with reported():
        dmo = open_deployment(deployment)
        params, calls, title, is_sure = _params(dmo, file, words)
        perform(dmo, [*calls, ideas.post(dmo, params, title)], is_sure=is_sure)


def edit(deployment: str, round_: str, idea: str, file: str, *words: str) -> None:
    """Replace one's idea by a new version."""
    with reported():
        dmo = open_deployment(deployment)
        params, calls, _, is_sure = _params(dmo, file, words)
        change = ideas.edit(dmo, number(round_, "round"), number(idea, "idea"), params)
        perform(dmo, [*calls, change], is_sure=is_sure)


def withdraw(deployment: str, round_: str, idea: str, *words: str) -> None:
    """Withdraw one's idea."""
    with reported():
        dmo = open_deployment(deployment)
        _, is_sure = options_of(words, {})
        call = ideas.withdraw(dmo, number(round_, "round"), number(idea, "idea"))
        perform(dmo, [call], is_sure=is_sure)


def _params(
    dmo: Dmo, file: str, words: tuple[str, ...]
) -> tuple[ideas.IdeaParams, list[Call], str, bool]:
    options, is_sure = options_of(words, OPTIONS)
    if not options["ask"]:
        raise BadInput("the idea asks for nothing", expected="ask=<whole budget tokens>")
    found, calls = document(dmo, file, "idea")
    on = getattr(found.front, "builds_on", None)
    earlier = tuple(int(part) for part in on.split("/")) if on else None
    params = ideas.IdeaParams(
        found.digest,
        parse_amount(options["ask"], dmo.budget_token.decimals),
        number(options["days"], "number of days") * 86_400,
        parse_bps(options["fee"]),
        options["lead"] or None,
        (earlier[0], earlier[1]) if earlier else None,
    )
    return params, calls, found.title, is_sure
