"""The page of a replay: what a board would have decided and spent, for people who decide whether to have one."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from dmo.capabilities.history import History, RoundHeld
from dmo.capabilities.ideas import Settled
from dmo.core import words
from dmo.core.units import format_bps, parse_amount
from dmo.faces.html import Page, render
from dmo.home.deployment import Token
from dmo.home.outputs import ReplayProposal, ReplayResult
from dmo.replay.plan import Past, Round
from dmo.replay.records import UNIT
from dmo.replay.rules import MONEY_DECIMALS

_DECIMALS = len(str(UNIT)) - 1
GWEI = 10
"""A gas price to think of gas as coins, nothing measured."""


class _Told(Page):
    """Proposals of the past go by the names that they had."""

    def idea(self, its: Any) -> tuple[str, str]:
        return its.title, ""


def _votes(text: str) -> int:
    return parse_amount(text, _DECIMALS, is_sure=True)


def _money(text: str) -> int:
    return parse_amount(text, MONEY_DECIMALS, is_sure=True)


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f} %" if whole else ""


def _held(found: ReplayResult, past: Past, played: Round, its: list[ReplayProposal]) -> RoundHeld:
    length = past.plan.options.round_seconds
    opens = past.plan.origin + played.number * length
    funded = sum(one.funded for one in its)
    settled = Settled(
        played.number, past.plan.options.budget, funded * past.plan.options.ask, sum(one.passed for one in its), funded
    )
    choices = sum(map(len, played.ballots.values()))
    threshold = _votes(found.threshold)
    return RoundHeld(
        played.number, opens, opens + length, settled.budget, threshold, settled, len(played.ballots), choices
    )


def _ideas(its: list[ReplayProposal], ask: int) -> Mapping[tuple[int, int], Any]:
    said = {}
    for number, one in enumerate(its, 1):
        given, against = _votes(one.for_), _votes(one.against)
        known = {"round": one.round, "number": number, "title": one.proposal, "ask": ask, "net": given - against}
        known |= {"for_votes": given, "against_votes": against, "campaign": int(one.funded), "replaces": 0}
        said[one.round, number] = SimpleNamespace(**known, is_passing=one.passed, is_withdrawn=False)
    return said


def _costs(found: ReplayResult) -> list[dict[str, Any]]:
    """Who did what how often, and the gas of it; ``shown`` is for people."""
    theirs, rounds = found.openzeppelin, len({one.round for one in found.proposals})
    rows = (
        ("ballots", "work", found.ballots, found.gas_ballots),
        ("settlements", "back", rounds, found.gas_settlements),
        ("governor", "against", theirs.votes, theirs.gas_votes),
    )
    return [
        {
            "what": words.word("past_cost", what),
            "fill": fill,
            "gas": gas,
            "shown": f"{gas:,}",
            "times": f"{times:,}",
            "each": f"{round(gas / times):,}" if times else "",
            "coins": f"{gas * GWEI / 10**9:,.3f}",
        }
        for what, fill, times, gas in rows
    ]


def render_past(found: ReplayResult, past: Past, title: str) -> str:
    """A replay's answer as a page, under a title."""
    plan, holders = past.plan, past.holders
    by_round = {played.number: [one for one in found.proposals if one.round == played.number] for played in plan.rounds}
    held = [_held(found, past, played, by_round[played.number]) for played in plan.rounds]
    turnout = {
        played.number: _share(sum(holders.rows[place].amount for place in played.ballots), holders.supply)
        for played in plan.rounds
    }
    ideas = {key: its for number in by_round for key, its in _ideas(by_round[number], plan.options.ask).items()}
    tokens = {"budget_token": Token("", "USD", MONEY_DECIMALS), "votes_token": Token("", "votes", _DECIMALS)}
    dmo: Any = SimpleNamespace(name=title, chain_id=0, addresses={}, **tokens)
    more = {
        "costs": _costs(found),
        "turnout": [
            {"round": one.number, "turnout": turnout[one.number], "funded_count": one.settled and one.settled.funded}
            for one in held
        ],
    }
    history = History(dmo, 0, held[-1].closes, plan.origin, rounds=held, ideas=ideas, more=more)
    voters = {place for played in plan.rounds for place in played.ballots}
    page = words.load()["page"]
    funded = sum(one.funded for one in found.proposals)
    values = {
        **{"title": (title, ""), "began": plan.origin, "now": history.now, "rounds": len(held)},
        **{
            "proposals": len(found.proposals),
            "passed": sum(one.passed for one in found.proposals),
            "funded_count": funded,
        },
        **{"holders": f"{len(holders.rows):,}", "voters": f"{len(voters):,}", "choices": f"{found.choices:,}"},
        **{"turnout": _share(sum(holders.rows[place].amount for place in voters), holders.supply)},
        **{"spent": _money(found.options.ask) * funded, "ask": plan.options.ask, "cap": plan.options.budget},
        **{"passing": format_bps(found.options.threshold_bps), "threshold": _votes(found.threshold)},
        **{"days": f"{found.options.round_days:g}", "saved": f"{found.gas_saved_bps / 100:.1f} %", "gwei": str(GWEI)},
        **{"left_out": found.inputs.votes.left_out, "members": found.options.one_member_one_vote},
        **{"holders_digest": found.inputs.holders.sha256, "votes_digest": found.inputs.votes.sha256},
    }
    told = _Told(history, {})
    return render(told, {**page, **page["past"]}, told.values(values))
