"""Pay whatever is payable: `./brownie run payout main <deployment> [yes] --network <network>`.

Hands over rulings of the jury, pays work and jurors in batches, then releases, reclaims and closes
what is due, until nothing is: a ruling makes work payable, its payment makes jurors so. Safe to
repeat and to run from cron: when nothing is due it says so and ends with exit code 0.
`./brownie run payout plan <deployment>` only shows what is due.
"""

from __future__ import annotations

from dmo.client import lens
from dmo.core.calls import Call
from dmo.core.errors import Refused
from scripts._acts import options_of, show
from scripts._brownie_sender import BrownieSender
from scripts._common import confirm, confirmations, open_deployment, reported, sending_account


def main(deployment: str = "local", *words: str) -> None:
    """Do everything that is due."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        due = lens.due(dmo)
        tried: list[Call] = []
        refused: list[Refused] = []
        while calls := [one for one in lens.due_calls(dmo, due) if one not in tried]:
            sender = BrownieSender(dmo.chain, sending_account(), confirmations(dmo.chain))
            show(calls)
            confirm(dmo.chain, f"Send this as {sender.address}?", ("yes",) if is_sure else ())
            for call in calls:
                try:
                    receipt = sender.send(call)
                except Refused as refusal:
                    # Somebody else was faster, or one act cannot be done: the others still can.
                    print(f"Passed over: {call.description}: {refusal.message}")
                    refused.append(refusal)
                else:
                    gas = f"{receipt.gas_used:,} gas"
                    print(f"Done in block {receipt.block}, {gas}: {call.description}")
            tried += calls
            due = lens.due(dmo)
        if not tried:
            print("Nothing is due.")
            return
        done = len(tried) - len(refused)
        print(f"{done} of {len(tried)} acts done; {due.count} still due.")
        if due.count and refused:
            raise refused[0]


def plan(deployment: str = "local") -> None:
    """Show what is due, send nothing."""
    with reported():
        dmo = open_deployment(deployment)
        calls = lens.due_calls(dmo, lens.due(dmo))
        show(calls)
        print(f"{len(calls)} acts are due." if calls else "Nothing is due.")
