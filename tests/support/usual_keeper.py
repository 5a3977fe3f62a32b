"""A keeper that does it the usual wrong way, so that the rig has something to catch.

It asks what is due in the latest state, signs with the pending nonce, and once a block has come, its transaction in it
or not, does so again: where that one still waits, or comes back, the same is done twice.

``python -m tests.support.usual_keeper URL BOOK PLACE`` (of its key) runs until it is killed.
"""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

from dmo.core import engine
from dmo.core.errors import DmoError
from dmo.core.sender import fees_now, sign
from dmo.faces.script import due_acts
from dmo.home.home import Home, Options
from tests.support.cli_chain import key

PAUSE = 0.01  # seconds between two looks at the head; the blocks are the rig's, and come when it has looked
GAS = 4_000_000
_log = logging.getLogger(__name__)


def step(home: Home, account: Any) -> None:
    """Send the first of what is due."""
    home.look_again()
    for one in due_acts(home):
        call, nonce = engine.plan(home, one).steps[0].call, home.chain.nonce(str(account.address))
        sent = sign(account, home.chain.chain_id, call, nonce, fees_now(home.chain), GAS)
        _log.info("%s: nonce %d, %s", call.description, nonce, sent.tx)
        home.chain.transport.request("eth_sendRawTransaction", ["0x" + sent.raw.hex()])
        return


def main(url: str, book: str, place: str) -> None:
    """Run until killed."""
    seen = ""
    while True:
        try:
            home = Home(Options(deployment=book, rpc=url))
            while True:
                head = home.chain.transport.request("eth_getBlockByNumber", ["latest", False])["hash"]
                if head == seen:
                    time.sleep(PAUSE)
                    continue
                seen = head
                step(home, key(int(place)))
        except DmoError as error:
            _log.warning("%s", error)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main(*sys.argv[1:])
