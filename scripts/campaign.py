"""Campaigns: `./brownie run campaign <act> <deployment> … --network <network>`.

The acts::

    main    <deployment>                                      campaigns, bounties, work
    topup   <deployment> <campaign> <amount> [yes]            give money
    bounty  <deployment> <campaign> <brief file> reward=…
            [slots=1 bond=0 until=+14d worker=0x… gift=yes yes]
    submit  <deployment> <bounty> <evidence file> [payees=0x…:7000,0x…:3000 yes]
    accept  <deployment> <submission> [yes]
    reject  <deployment> <submission> <reason file> [yes]
    rework  <deployment> <submission> <evidence file> [yes]
    lessons <deployment> <campaign> <lesson file> [yes]
    credit  <deployment> <address> [yes]                      withdraw one's credit to an address
"""

from __future__ import annotations

from dmo.client import campaigns, escrow
from dmo.core.errors import BadInput
from dmo.core.units import format_amount, format_time, parse_amount, parse_time
from scripts._acts import allow_escrow, document, number, options_of, perform
from scripts._common import open_deployment, reported, sending_account

BOUNTY = {"reward": "", "slots": "1", "bond": "0", "until": "+14d", "worker": "", "gift": ""}


def main(deployment: str = "local") -> None:
    """Show campaigns, bounties and work."""
    with reported():
        dmo = open_deployment(deployment)
        token = dmo.budget_token
        work = escrow.submissions(dmo)
        bounties = escrow.bounties(dmo)
        found = escrow.campaigns(dmo)
        if not found:
            print("No campaign yet.")
        for one in found:
            free = format_amount(one.voted_free + one.gift_free, token.decimals, token.symbol)
            ask = format_amount(one.ask, token.decimals, token.symbol)
            ends = format_time(one.ends_at)
            print(f"Campaign {one.id}: {ask}, free {free}, lead {one.lead}, ends {ends}")
            for bounty in (b for b in bounties if b.campaign == one.id):
                reward = format_amount(bounty.reward, token.decimals, token.symbol)
                print(
                    f"  bounty {bounty.id}: {bounty.free_slots} of {bounty.slots} × {reward} free"
                )
                for item in (w for w in work if w.bounty == bounty.id):
                    until = f" until {format_time(item.status_until)}" if item.status_until else ""
                    print(f"    work {item.id} by {item.worker}: {item.status.name.lower()}{until}")


def topup(deployment: str, campaign: str, amount: str, *words: str) -> None:
    """Give money to a campaign."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        gift = parse_amount(amount, dmo.budget_token.decimals)
        call = campaigns.top_up(dmo, number(campaign, "campaign"), gift, dmo.words)
        perform(dmo, [allow_escrow(dmo, gift), call], is_sure=is_sure)


def bounty(deployment: str, campaign: str, brief: str, *words: str) -> None:
    """Post a bounty, its brief published."""
    with reported():
        options, is_sure = options_of(words, BOUNTY)
        dmo = open_deployment(deployment)
        decimals = dmo.budget_token.decimals
        if not options["reward"]:
            raise BadInput("the bounty has no reward", expected="reward=<whole budget tokens>")
        found, calls = document(dmo, brief, "brief")
        params = campaigns.BountyParams(
            number(campaign, "campaign"),
            parse_amount(options["reward"], decimals),
            parse_amount(options["bond"], decimals),
            parse_time(options["until"], dmo.chain.now()),
            number(options["slots"], "number of slots"),
            found.digest,
            bool(options["gift"]),
            options["worker"] or None,
        )
        perform(dmo, [*calls, campaigns.post_bounty(dmo, params, dmo.words)], is_sure=is_sure)


def submit(deployment: str, bounty_: str, evidence: str, *words: str) -> None:
    """Submit work; the evidence has to name the account that submits it."""
    with reported():
        options, is_sure = options_of(words, {"payees": ""})
        dmo = open_deployment(deployment)
        which = number(bounty_, "bounty")
        bond = escrow.bounty(dmo, which).bond
        found, calls = document(dmo, evidence, "evidence")
        _own(found.front)
        pairs = [pair.partition(":") for pair in options["payees"].split(",") if pair]
        payees = [campaigns.Payee(who, number(share, "share in bps")) for who, _, share in pairs]
        calls += [allow_escrow(dmo, bond)] if bond else []
        perform(
            dmo,
            [*calls, campaigns.submit_work(dmo, which, found.digest, payees)],
            is_sure=is_sure,
        )


def accept(deployment: str, submission: str, *words: str) -> None:
    """Accept what was submitted, to the byte."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        work = escrow.submission(dmo, number(submission, "submission"))
        perform(dmo, [campaigns.accept_work(dmo, work.id, work.evidence)], is_sure=is_sure)


def reject(deployment: str, submission: str, reason: str, *words: str) -> None:
    """Reject work with a published reason."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        work = escrow.submission(dmo, number(submission, "submission"))
        found, calls = document(dmo, reason, "reason")
        call = campaigns.reject_work(dmo, work.id, work.evidence, found.digest)
        perform(dmo, [*calls, call], is_sure=is_sure)


def rework(deployment: str, submission: str, evidence: str, *words: str) -> None:
    """Answer a rejection with better evidence."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        found, calls = document(dmo, evidence, "evidence")
        _own(found.front)
        call = campaigns.rework_work(dmo, number(submission, "submission"), found.digest)
        perform(dmo, [*calls, call], is_sure=is_sure)


def lessons(deployment: str, campaign: str, lesson: str, *words: str) -> None:
    """File a campaign's lessons, once it has ended."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        found, calls = document(dmo, lesson, "lesson")
        call = campaigns.file_lessons(dmo, number(campaign, "campaign"), found.digest)
        perform(dmo, [*calls, call], is_sure=is_sure)


def credit(deployment: str, to: str, *words: str) -> None:
    """Withdraw one's credit to any address."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        perform(dmo, [campaigns.withdraw_credit(dmo, to)], is_sure=is_sure)


def _own(front: object) -> None:
    worker, account = str(getattr(front, "worker", "")), str(sending_account().address)
    if worker.lower() != account.lower():
        raise BadInput(
            f"the evidence names {worker} as its worker",
            expected=f"{account}, the account that submits it",
            field="worker",
        )
