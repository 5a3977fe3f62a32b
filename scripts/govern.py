"""Governance: `./brownie run govern <act> <deployment> … --network <network>`.

The acts::

    main    <deployment>                             proposals and what they are at
    budget  <deployment> <amount> <text file> [yes]  propose to pay the pool from the treasury
    recall  <deployment> <amount> <text file> [yes]  propose to take free pool money back
    rules   <deployment> <text file> [cap=… passing=… posting=… yes]
    lead    <deployment> <campaign> <address> <text file> [yes]
    vote    <deployment> <proposal> for|against|abstain [yes]
    queue   <deployment> <proposal> [yes]            for anyone, once it succeeded
    execute <deployment> <proposal> [yes]            for anyone, once its delay has passed
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dmo.client import campaigns, governance, ideas, tokens
from dmo.core.calls import Call
from dmo.core.errors import BadInput
from dmo.core.units import format_amount, format_time, parse_amount, parse_bps
from dmo.home.deployment import Dmo
from scripts._acts import number, options_of, perform
from scripts._common import open_deployment, reported


def main(deployment: str = "local") -> None:
    """Show all proposals."""
    with reported():
        dmo = open_deployment(deployment)
        votes = dmo.votes_token
        found = governance.proposals(dmo)
        if not found:
            print("No proposal yet.")
        for one in found:
            title = (one.description.strip().splitlines() or ["Untitled"])[0].strip("# ")
            print(f"{one.id}\n  {title}: {one.state.text}")
            sums = (one.in_favour, one.against, one.abstain)
            shown = [format_amount(amount, votes.decimals) for amount in sums]
            print(f"  for {shown[0]}, against {shown[1]}, abstain {shown[2]} {votes.symbol}")
            print(f"  voted on from {format_time(one.snapshot)} to {format_time(one.deadline)}")
            for call in one.calls:
                print(f"  - {call.description}")


def budget(deployment: str, amount: str, text: str, *words: str) -> None:
    """Propose to pay the pool from the treasury."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        token, escrow = dmo.budget_token, dmo.address("CampaignEscrow")
        units = parse_amount(amount, token.decimals)
        allow = tokens.approve(token.address, escrow, units, token.symbol, token.decimals)
        _propose(dmo, [allow, campaigns.deposit(dmo, units, dmo.words)], text, is_sure=is_sure)


def recall(deployment: str, amount: str, text: str, *words: str) -> None:
    """Propose to take free pool money back into the treasury."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        units = parse_amount(amount, dmo.budget_token.decimals)
        _propose(dmo, [campaigns.withdraw_pool(dmo, units, dmo.words)], text, is_sure=is_sure)


def rules(deployment: str, text: str, *words: str) -> None:
    """Propose new rules for rounds whose posting has not begun."""
    with reported():
        options, is_sure = options_of(words, {"cap": "", "passing": "", "posting": ""})
        dmo = open_deployment(deployment)
        clock = ideas.clock(dmo)
        now = ideas.rules(dmo, clock.posting.round if clock.posting else 1)
        cap, passing, posting = (options[key] for key in ("cap", "passing", "posting"))
        new = ideas.Rules(
            parse_amount(cap, dmo.budget_token.decimals) if cap else now.cap,
            parse_bps(passing) if passing else now.passing_bps,
            parse_bps(posting) if posting else now.posting_bps,
        )
        if new == now:
            raise BadInput("these are the rules already", expected="cap=… passing=… posting=…")
        _propose(dmo, [ideas.set_rules(dmo, new)], text, is_sure=is_sure)


def lead(deployment: str, campaign: str, account: str, text: str, *words: str) -> None:
    """Propose another lead for a campaign."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        call = campaigns.replace_lead(dmo, number(campaign, "campaign"), account)
        _propose(dmo, [call], text, is_sure=is_sure)


def vote(deployment: str, proposal: str, side: str, *words: str) -> None:
    """Vote on a proposal."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        try:
            support = governance.Support[side.upper()]
        except KeyError:
            raise BadInput(f"{side!r} is no vote", expected="for, against or abstain") from None
        call = governance.cast_vote(dmo, _id(proposal), support)
        perform(dmo, [call], is_sure=is_sure)


def queue(deployment: str, proposal: str, *words: str) -> None:
    """Queue a proposal that succeeded."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        one = governance.proposal(dmo, _id(proposal))
        perform(dmo, [governance.queue(dmo, one.calls, one.description)], is_sure=is_sure)


def execute(deployment: str, proposal: str, *words: str) -> None:
    """Execute a queued proposal."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        one = governance.proposal(dmo, _id(proposal))
        perform(dmo, [governance.execute(dmo, one.calls, one.description)], is_sure=is_sure)


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 78:
        raise BadInput(f"{text[:80]!r} is no proposal", expected="its number, see `govern main`")
    return int(text)


def _propose(dmo: Dmo, calls: Sequence[Call], file: str, *, is_sure: bool) -> None:
    try:
        text = Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read ({type(error).__name__})", file=file) from None
    if not text:
        raise BadInput("is empty", expected="why this is proposed, in Markdown", file=file)
    perform(dmo, [governance.propose(dmo, calls, text)], is_sure=is_sure)
    print(f"Proposal {governance.proposal_id(calls, text)}")
