"""Votes on ideas: `./brownie run vote <act> <deployment> … --network <network>`.

The acts::

    main   <deployment> <round> [for=1,2 against=3 yes]   cast one's whole ballot
    sign   <deployment> <round> [for=1,2 against=3]       sign it, for somebody else to send
    relay  <deployment> <file> [yes]                      send signed ballots, a line of JSON each
    settle <deployment> [yes]                             settle the round that can be settled
"""

from __future__ import annotations

import json

from dmo.client import ideas, lens
from dmo.core.errors import BadInput
from dmo.core.text import one_line
from dmo.home.ballots import Ballot, Choice, ordered, read_ballots, sign_ballot
from scripts._acts import number, options_of, perform
from scripts._common import open_deployment, reported, sending_account

BATCH = 50


def main(deployment: str, round_: str, *words: str) -> None:
    """Cast one's whole ballot."""
    with reported():
        choices, is_sure = _choices(words)
        dmo = open_deployment(deployment)
        call = ideas.cast_ballot(dmo, number(round_, "round"), choices)
        perform(dmo, [call], is_sure=is_sure)


def sign(deployment: str, round_: str, *words: str) -> None:
    """Sign one's whole ballot and print it; nothing is sent."""
    with reported():
        choices, _ = _choices(words)
        dmo = open_deployment(deployment)
        account = sending_account()
        from eth_account import Account

        try:
            key = Account.from_key(account.private_key)
        except AttributeError:
            raise BadInput("this account cannot sign", expected="DMO_ACCOUNT=<keystore>") from None
        ballot = Ballot(key.address, number(round_, "round"), dmo.chain.now(), ordered(choices))
        signed = sign_ballot(ideas.domain(dmo), ballot, key)
        print(
            json.dumps(
                {
                    "voter": ballot.voter,
                    "round": ballot.round,
                    "at": ballot.at,
                    "choices": ballot.values,
                    "signature": "0x" + signed.signature.hex(),
                }
            )
        )


def relay(deployment: str, file: str, *words: str) -> None:
    """Send signed ballots in batches; what is none is left out, stale ones the board skips."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        ballots, faults = read_ballots([file], dmo.chain_id, dmo.address("IdeaBoard"))
        if not ballots:
            raise faults[0] if faults else BadInput("holds no ballot", file=file)
        for fault in faults:
            print(f"left out: {one_line(fault.message)}")
        parts = [ballots[start : start + BATCH] for start in range(0, len(ballots), BATCH)]
        perform(dmo, [ideas.cast_signed_ballots(dmo, part) for part in parts], is_sure=is_sure)


def settle(deployment: str, *words: str) -> None:
    """Settle the earliest round that can be settled."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        due = lens.due(dmo).settle
        if due is None:
            print("No round can be settled now.")
            return
        perform(dmo, [ideas.settle(dmo, due[0], due[1])], is_sure=is_sure)


def _choices(words: tuple[str, ...]) -> tuple[list[Choice], bool]:
    options, is_sure = options_of(words, {"for": "", "against": ""})
    chosen = [
        Choice(number(part, "idea"), side == "for")
        for side, listed in options.items()
        for part in listed.split(",")
        if part
    ]
    return chosen, is_sure
