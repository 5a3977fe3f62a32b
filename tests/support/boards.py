"""A board with its token, escrow stub and people, for the board's tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import brownie
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.support import clock
from tests.support.models.board import Calendar

DAY = 86_400
LENGTH = 7 * DAY
HOLDING = 3 * DAY
CAP = 30_000_000_000
ASK = 3_000_000_000
PASSING_BPS = 400
POSTING_BPS = 10
UNIT = 10**18
SUPPLY = 1_000_000 * UNIT
DIGEST = "0x" + "ab" * 32
ZERO = "0x" + "00" * 20

# Role: place among the accounts, whole tokens.
# Votable are 900,000: passing takes 36,000, posting an idea 900.
PEOPLE = {
    "deployer": (0, 0),
    "treasury": (1, 100_000),
    "ana": (2, 500_000),
    "budi": (3, 200_000),
    "carla": (4, 36_000),
    "dewi": (5, 2_699),
    "guardian": (6, 0),
    "stranger": (7, 0),
    "rest": (8, 161_301),
}
PASSING = 36_000 * UNIT
POSTING = 900 * UNIT
VOTES_UNIT = 10**6
"""In which the supply fits into a tally."""


@dataclass(frozen=True)
class World:
    """Everything a test of the board needs; people are attributes by role."""

    board: Any
    token: Any
    escrow: Any
    manager: Any
    calendar: Calendar
    people: dict[str, Any]

    def __getattr__(self, role: str) -> Any:
        try:
            return self.people[role]
        except KeyError:
            raise AttributeError(role) from None

    def by_address(self, address: str) -> Any:
        """The account at an address."""
        return next(account for account in self.people.values() if account.address == address)

    def post(self, author: Any, **changes: Any) -> Any:
        """Post an idea with the usual fields."""
        return self.board.post(params(**changes), {"from": author})

    def post_many(self, author: Any, count: int, **changes: Any) -> None:
        for _ in range(count):
            self.post(author, **changes)

    def to_posting(self, number: int = 1) -> int:
        return clock.reach(self.calendar.opens(number))

    def to_vote(self, number: int = 1) -> int:
        return clock.reach(self.calendar.vote_opens(number))

    def to_late(self, number: int = 1) -> int:
        return clock.reach(self.calendar.late_from(number))

    def to_settlement(self, number: int = 1) -> int:
        return clock.reach(self.calendar.vote_closes(number))

    def vote(self, voter: Any, choices: Sequence[int], number: int = 1, *, at: int | None = None) -> Any:
        """Cast a ballot at this time, by default a second after the latest block."""
        clock.set_next(clock.now() + 1 if at is None else at)
        return self.board.castBallot(number, *sides(choices), {"from": voter})

    def settle(
        self, numbers: Sequence[int], number: int = 1, *, most: int = 0, at: int | None = None, by: Any = None
    ) -> Any:
        """Settle a round at this time, by default a second after the latest block."""
        clock.set_next(clock.now() + 1 if at is None else at)
        return self.board.settle(number, list(numbers), most, {"from": by or self.stranger})

    def sign(
        self, key: Any, choices: Sequence[int], *, round_number: int = 1, at: int, **changes: Any
    ) -> tuple[Any, ...]:
        """A signed ballot as the board takes it; `changes` spoil the typed data."""
        voter = changes.pop("voter", key.address)
        data = typed_data(self.board.address, voter, round_number, at, choices, **changes)
        signature = Account.sign_message(encode_typed_data(full_message=data), key.key).signature
        return (voter, round_number, at, *sides(choices), "0x" + bytes(signature).hex())


def params(
    digest: str = DIGEST,
    ask: int = ASK,
    lead: str = ZERO,
    duration: int = 30 * DAY,
    fee: int = 1000,
    builds_on: tuple[int, int] = (0, 0),
) -> tuple[Any, ...]:
    """IdeaParams."""
    return (digest, ask, lead, duration, fee, *builds_on)


def yes(number: int) -> int:
    return number * 2 + 1


def no(number: int) -> int:
    return number * 2


def sides(choices: Sequence[int]) -> tuple[list[int], list[int]]:
    """The numbers that a ballot is for, and those that it is against, in the order given."""
    inside: tuple[list[int], list[int]] = ([], [])
    for choice in choices:
        inside[1 - choice % 2].append(choice // 2)
    return inside


def typed_data(
    board: str,
    voter: str,
    round_number: int,
    at: int,
    choices: Sequence[int],
    *,
    name: str = "IdeaBoard",
    version: str = "1",
    chain_id: int | None = None,
) -> dict[str, Any]:
    """The EIP-712 message of a ballot, built by eth-account and not by us."""
    return {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Ballot": [
                {"name": "voter", "type": "address"},
                {"name": "round", "type": "uint32"},
                {"name": "at", "type": "uint32"},
                {"name": "inFavour", "type": "uint32[]"},
                {"name": "against", "type": "uint32[]"},
            ],
        },
        "primaryType": "Ballot",
        "domain": {
            "name": name,
            "version": version,
            "chainId": chain_id or brownie.chain.id,
            "verifyingContract": board,
        },
        "message": {
            **{"voter": voter, "round": round_number, "at": at},
            **dict(zip(("inFavour", "against"), sides(choices), strict=True)),
        },
    }


def keys(count: int) -> list[Any]:
    """Voters whose keys the tests hold."""
    return [Account.from_key(f"0x{number + 1:064x}") for number in range(count)]


def deploy(
    accounts: Any,
    *,
    length: int = LENGTH,
    holding: int = HOLDING,
    cap: int = CAP,
    floors: tuple[int, int] = (0, 0),
    token: Any = None,
    pool: int = 10 * CAP,
    extra: dict[str, int] | None = None,
) -> World:
    """Deploy a board whose first round opens one holding period and a day from now.

    Args:
        extra: More holders: address to whole tokens, taken from `rest`.
    """
    project = brownie.project.get_loaded_projects()[0]
    people = {role: accounts[place] for role, (place, _) in PEOPLE.items()}
    by = {"from": people["deployer"]}
    manager = project.AccessManager.deploy(people["deployer"], by)
    excluded = [people["treasury"]]
    if token is None:
        token = project.HolderToken.deploy("Votes", "VOTE", SUPPLY, people["deployer"], excluded, by)
        shares = {people[role].address: whole for role, (_, whole) in PEOPLE.items() if whole}
        for address, whole in (extra or {}).items():
            shares[address] = shares.get(address, 0) + whole
            shares[people["rest"].address] -= whole
        token.transferBatch(list(shares), [whole * UNIT for whole in shares.values()], by)
    escrow = project.EscrowStub.deploy(by)
    escrow.setPool(pool, by)
    origin = clock.now() + holding + DAY
    board = project.IdeaBoard.deploy(
        manager, token, escrow, excluded, (origin, length, holding, *floors), (cap, PASSING_BPS, POSTING_BPS), by
    )
    return World(board, token, escrow, manager, Calendar(origin, length), people)
