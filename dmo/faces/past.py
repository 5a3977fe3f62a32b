"""The page of a replay: what a board would have decided and spent, for people who decide whether to have one."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from dmo.capabilities.history import History, RoundHeld
from dmo.capabilities.ideas import Settled
from dmo.core import words
from dmo.core.units import format_bps, parse_amount
from dmo.faces.html import Page, render
from dmo.faces.told import Title
from dmo.home.deployment import Token
from dmo.home.outputs import ReplayProposal, ReplayResult
from dmo.replay.plan import Past, Round
from dmo.replay.records import UNIT, Holders
from dmo.replay.rules import MONEY_DECIMALS

_DECIMALS = len(str(UNIT)) - 1
GWEI = 10
"""A gas price to think of gas as coins, nothing measured."""


class _Told(Page):
    """Proposals of the past go by the names that they had."""

    def idea(self, its: Any) -> Title:
        return Title(its.title)

    def doers(self) -> list[str]:
        return []


def _share(places: Iterable[int], holders: Holders) -> str:
    """What these hold of all votes."""
    return f"{sum(holders.rows[place].amount for place in places) * 100 / holders.supply:.1f} %"


def _held(past: Past, played: Round, its: list[ReplayProposal], threshold: int) -> RoundHeld:
    options, funded = past.plan.options, sum(one.funded for one in its)
    opens = past.plan.origin + played.number * options.round_seconds
    passed = sum(one.passed for one in its)
    settled = Settled(played.number, options.budget, funded * options.ask, passed, funded)
    times = (played.number, opens, opens + options.round_seconds)
    choices = sum(map(len, played.ballots.values()))
    return RoundHeld(*times, options.budget, threshold, settled, len(played.ballots), choices)


def _idea(one: ReplayProposal, number: int, ask: int) -> Any:
    votes = {"for_votes": _votes(one.for_), "against_votes": _votes(one.against)}
    votes["net"] = votes["for_votes"] - votes["against_votes"]
    known = {"round": one.round, "number": number, "title": one.proposal, "ask": ask, "campaign": int(one.funded)}
    return SimpleNamespace(**known, **votes, replaces=0, is_passing=one.passed, is_withdrawn=False)


def _costs(found: ReplayResult) -> Iterator[dict[str, Any]]:
    """Who did what how often, and the gas of it; ``shown`` is for people."""
    theirs, rounds = found.openzeppelin, len({one.round for one in found.proposals})
    for what, fill, times, gas in (
        ("ballots", "work", found.ballots, found.gas_ballots),
        ("settlements", "back", rounds, found.gas_settlements),
        ("governor", "against", theirs.votes, theirs.gas_votes),
    ):
        told = {"shown": f"{gas:,}", "times": f"{times:,}", "each": f"{round(gas / times):,}" if times else ""}
        told |= {"what": words.word("past_cost", what), "coins": f"{gas * GWEI / 10**9:,.3f}"}
        yield {"fill": fill, "gas": gas, **told}


def render_past(found: ReplayResult, past: Past, title: str) -> str:
    """A replay's answer as a page, under a title."""
    plan, holders, options = past.plan, past.holders, past.plan.options
    threshold = _votes(found.threshold)
    by_round = {one.number: [its for its in found.proposals if its.round == one.number] for one in plan.rounds}
    held = [_held(past, played, by_round[played.number], threshold) for played in plan.rounds]
    ideas = [_idea(one, place, options.ask) for its in by_round.values() for place, one in enumerate(its, 1)]
    turnout = [
        {"round": one.number, "turnout": _share(played.ballots, holders), "funded_count": one.settled.funded}
        for one, played in zip(held, plan.rounds, strict=True)
        if one.settled
    ]
    tokens = {"budget_token": Token("", "USD", MONEY_DECIMALS), "votes_token": Token("", "votes", _DECIMALS)}
    dmo: Any = SimpleNamespace(name=title, chain_id=0, addresses={}, **tokens)
    numbered = {(one.round, one.number): one for one in ideas}
    more = {"costs": list(_costs(found)), "turnout": turnout}
    history = History(dmo, 0, held[-1].closes, plan.origin, rounds=held, ideas=numbered, more=more)
    voters = {place for played in plan.rounds for place in played.ballots}
    passed, funded = (sum(getattr(one, key) for one in found.proposals) for key in ("passed", "funded"))
    values = {
        **{"title": Title(title), "began": plan.origin, "now": history.now, "rounds": len(held)},
        **{"proposals": len(ideas), "passed": passed, "funded_count": funded, "spent": options.ask * funded},
        **{"holders": f"{len(holders.rows):,}", "voters": f"{len(voters):,}", "choices": f"{found.choices:,}"},
        **{"turnout": _share(voters, holders), "ask": options.ask, "cap": options.budget, "threshold": threshold},
        **{"passing": format_bps(options.threshold_bps), "days": f"{found.options.round_days:g}", "gwei": str(GWEI)},
        **{"saved": f"{found.gas_saved_bps / 100:.1f} %", "members": options.is_equal or None},
        **{
            "left_out": found.inputs.votes.left_out,
            "holders_digest": holders.sha256,
            "votes_digest": past.votes.sha256,
        },
    }
    told, page = _Told(history, {}), words.load()["page"]
    return render(told, {**page, **page["past"]}, told.values(values))


def _votes(text: str) -> int:
    return parse_amount(text, _DECIMALS, is_sure=True)
