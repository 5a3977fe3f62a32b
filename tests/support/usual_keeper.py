"""A keeper that does it the usual wrong way, so that the rig has something to catch.

It asks what is due in the latest state, signs with the pending nonce, and once a block has come, its transaction in it
or not, does so again: where that one still waits, or comes back, the same is done twice.

``python -m tests.support.usual_keeper URL BOOK PLACE`` (of its key) runs until it is killed.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

from dmo.core import act
from dmo.core.calls import Call
from dmo.core.errors import DmoError
from dmo.core.sender import Fees, KeySender
from dmo.faces.script import due_acts
from dmo.home.home import Home, Options
from tests.support.cli_chain import key

PAUSE = 0.01  # seconds between two looks at the head; the blocks are the rig's, and come when it has looked
_log = logging.getLogger(__name__)


class Usual(KeySender):
    """Signs with the nonce behind all that waits."""

    def _ask(self, call: Call) -> tuple[int, int, Fees]:
        gas, _, fees = super()._ask(call)
        return gas, self.chain.nonce(self.address), fees


def step(home: Home, sender: KeySender) -> None:
    """Send the first of what is due."""
    home.look_again()
    for one in due_acts(home):
        for step in act.plan(home, one).steps:
            sent = sender.submit(step.call)
            _log.info("%s: nonce %d, %s", step.call.description, sent.nonce, sent.tx)
            return


def main(url: str, book: str, place: str) -> None:
    """Run until killed."""
    seen = ""
    while True:
        try:
            home = Home(Options(deployment=str(Path(book)), rpc=url))
            sender = Usual(home.chain, key(int(place)))
            while True:
                head = home.chain.transport.request("eth_getBlockByNumber", ["latest", False])["hash"]
                if head == seen:
                    time.sleep(PAUSE)
                    continue
                seen = head
                step(home, sender)
        except DmoError as error:
            _log.warning("%s", error)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main(*sys.argv[1:])
