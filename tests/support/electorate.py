"""Many voters, and the ballots that they signed: for relaying."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

from eth_account import Account

from dmo.core.abi.codec import keccak
from dmo.home.ballots import Ballot, Domain, Pick, sign_ballot
from tests.support.calls import call, idea
from tests.support.cli_chain import DAY, Stage

IDEAS = 3
_CHUNK = 500


@cache
def _key(number: int) -> bytes:
    return keccak(b"voter %d" % number)


def voter(number: int) -> str:
    """A voter's address."""
    return str(Account.from_key(_key(number)).address)


class Town(Stage):
    """A stage with a crowd: whoever is called by a number holds a token."""

    def address(self, name: str) -> str:
        return voter(int(name)) if name.isdecimal() else super().address(name)

    def gather(self, count: int) -> None:
        """Deploy for so many voters, and open a vote on some ideas."""
        dmo = self.deploy(shares={"alice": 300_000, **{str(number): 1 for number in range(count)}})
        self.fund()
        self.round_starts(1)
        post = call(dmo, "IdeaBoard", "post", idea(b"\x11" * 32, 2_000 * 10**6, 50 * DAY, 1_000))
        for _ in range(IDEAS):
            request = {"from": self.address("alice"), "to": post.to, "data": "0x" + post.data.hex()}
            assert self.chain.wait(self.chain.transport.request("eth_sendTransaction", [request])).is_ok
        self.round_starts(2)

    def ballots(self, count: int) -> Iterator[dict[str, Any]]:
        """A ballot of each voter for the open vote, signed now."""
        name, version, chain_id, board = self.dmo.read("IdeaBoard", "eip712Domain")[1:5]
        sign = partial(_signed, Domain(name, version, chain_id, board), self.chain.now())
        with ProcessPoolExecutor() as pool:
            yield from pool.map(sign, range(count), chunksize=_CHUNK)


def _signed(domain: Domain, at: int, number: int) -> dict[str, Any]:
    chosen = tuple(Pick(place + 1, (number + place) % 3 > 0) for place in range(1 + number % IDEAS))
    ballot = Ballot(voter(number), 1, at, chosen)
    proof = sign_ballot(domain, ballot, Account.from_key(_key(number))).signature
    lists = {"in_favour": ballot.in_favour, "against": ballot.against}
    return {"voter": ballot.voter, "round": 1, "at": at, **lists, "signature": "0x" + proof.hex()}


def write(ballots: Iterator[dict[str, Any]], file: Path) -> None:
    """Ballots, a line each."""
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(one) + "\n" for one in ballots)
