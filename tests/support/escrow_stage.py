"""Where random histories of an escrow happen: contracts, people, models, and how an act is done in both.

Each act is done in the model and on the chain, at the same moment; the chain has to do it, or to
refuse it with the error and the arguments that the model names.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.support.campaigns import (
    ANSWER,
    CHALLENGE,
    DAY,
    DURATION,
    HALT,
    NOTICE,
    REVIEW,
    SHORTEST_WINDOW,
    TERMS,
    terms,
)
from tests.support.jury import COMMIT_SECONDS, QUORUM_BPS, REVEAL_SECONDS
from tests.support.models import escrow_facts as model
from tests.support.models.arbitrators import HostileModel
from tests.support.models.escrow import EscrowModel
from tests.support.models.jury import JuryModel
from tests.support.models.refusals import Refused
from tests.support.remote import Order, Remote, RemoteChain

UNIT = 10**6
MAX_AMOUNT = 600 * UNIT
NOBODY = model.NOBODY
PEOPLE = ("lead", "worker", "other", "stranger", "giver")
ROLES = (*PEOPLE, "governance", "board", "guardian", "treasury")
VOTES = {"other": 30, "giver": 25, "stranger": 20, "worker": 15, "lead": 10}
WAITS = (1, HALT, NOTICE, ANSWER, CHALLENGE, REVIEW, REVIEW + CHALLENGE, DURATION, 400 * DAY)
JURY_SECONDS = 5 * DAY
RECOMMENDED = {"review": 5 * DAY, "answer": 3 * DAY, "challenge": 3 * DAY, "arbitration": 7 * DAY, "notice": 3 * DAY}
SHORTEST = dict.fromkeys(RECOMMENDED, SHORTEST_WINDOW)
# Terms by name: changes to the defaults, and which arbitrator decides; the recommended ones, and extremes.
TERMS_OF = {
    "hostile": ({"pays_jurors": True}, "hostile"),
    "jury": ({**RECOMMENDED, "bond_min": 10 * UNIT, "pays_jurors": True, "ruling_seconds": JURY_SECONDS}, "jury"),
    "punctual": ({"pays_jurors": True, "ruling_seconds": 2 * DAY}, "punctual"),
    "cheap": ({**SHORTEST, "bond_bps": 100, "pays_jurors": True}, "other hostile"),
    "dear": ({"bond_bps": 5_000, "bond_min": 150 * UNIT}, "other hostile"),
    "none": ({}, None),
}


def digest_of(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(8)).digest()


@dataclass
class Stage:
    """The contracts, and everybody's address by role."""

    chain: RemoteChain
    chain_id: int
    escrow: Remote
    desk: Remote
    token: Remote
    reputation: Remote
    jury: Remote
    arbitrators: dict[str, Remote]
    probe: Remote
    people: dict[str, str]


@dataclass
class Memory:
    """What a history goes on from.

    Attributes:
        model: The escrow.
        hostile: Arbitrators that misbehave, by name.
        jury: The jury.
        secrets: What jurors committed to: (dispute, juror) to ruling and salt.
        spent: What everybody paid in.
        donated: What of it went past the books.
    """

    model: EscrowModel
    hostile: dict[str, HostileModel]
    jury: JuryModel
    secrets: dict[tuple[int, str], tuple[int, bytes]] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    donated: int = 0


def first_memory(stage: Stage) -> Memory:
    """Models of what was deployed: terms 1 are those of a hostile arbitrator."""
    hostile = {name: HostileModel(at.address) for name, at in stage.arbitrators.items()}
    escrow = EscrowModel(
        terms=TERMS,
        points_per_unit=10**12,
        refused_payees={NOBODY, stage.escrow.address, stage.token.address},
        treasury=stage.people["treasury"],
    )

    jury = JuryModel(
        stage.jury.address,
        stage.chain_id,
        {stage.people[role]: votes * 10**18 for role, votes in VOTES.items()},
        QUORUM_BPS,
        COMMIT_SECONDS,
        REVEAL_SECONDS,
        escrow,
    )
    memory = Memory(escrow, hostile, jury, spent=dict.fromkeys(stage.people.values(), 0))
    memory.model.terms = terms_for(memory, "hostile", 1)
    return memory


def terms_for(memory: Memory, name: str, number: int) -> model.Terms:
    changes, by = TERMS_OF[name]
    arbitrator = memory.jury if by == "jury" else memory.hostile.get(by or "")
    return dataclasses.replace(TERMS, **changes, arbitrator=arbitrator, number=number)


def terms_tuple(chosen: model.Terms) -> tuple[Any, ...]:
    """Terms as the desk takes them."""
    return terms(
        reviewSeconds=chosen.review,
        answerSeconds=chosen.answer,
        challengeSeconds=chosen.challenge,
        arbitrationSeconds=chosen.arbitration,
        noticeSeconds=chosen.notice,
        disputeBondBps=chosen.bond_bps,
        disputeBondMin=chosen.bond_min,
        arbitrator=chosen.arbitrator.address if chosen.arbitrator else NOBODY,
        paysJurors=chosen.pays_jurors,
    )


class Acting:
    """Does what it is told in both, and draws who and what.

    Args:
        stage: The contracts and the people.
        memory: Where the history begins; it is copied.
        source: Where all choices come from.
    """

    def __init__(self, stage: Stage, memory: Memory, source: random.Random) -> None:
        self.stage, self.chain, self.random = stage, stage.chain, source
        self.people = stage.people
        self.memory = copy.deepcopy(memory)
        self.model, self.jury = self.memory.model, self.memory.jury
        self.log: list[str] = []
        self.chain.catch_up()

    def act(
        self, in_model: Callable[[int], Any], contract: Remote, function: str, *arguments: Any, by: str, value: int = 0
    ) -> bool:
        """Do it in the model at the time of the next block, and expect the same of the chain."""
        at = self.chain.now + 1
        order = Order(by, contract.address, contract.data(function, *arguments), value)
        told = f"{self.role(by)}: {function}{arguments}"
        expected = None
        try:
            in_model(at)
        except Refused as refused:
            expected = refused.error
        self.log.append(f"{expected[0] if expected else function}({told})")
        if expected is None:
            self.chain.send(order, at)
        else:
            assert self.chain.refusal(order, at) == expected
        return expected is None

    def on_escrow(self, in_model: Callable[[int], Any], name: str, *args: Any, by: str) -> bool:
        return self.act(in_model, self.stage.escrow, name, *args, by=by)

    def role(self, address: str) -> str:
        return next((role for role, at in self.people.items() if at == address), address)

    def number(self) -> int:
        return self.random.randrange(2**16)

    def amount(self) -> int:
        return self.random.randrange(self.random.choice([50, MAX_AMOUNT]))

    def person(self) -> str:
        return self.people[self.random.choice(PEOPLE)]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, count: int) -> int:
        """An id that exists, mostly."""
        return self.random.randint(1, count + self.chance(0.1)) if count else 1

    def lead_of(self, campaign: int) -> str:
        known = campaign <= len(self.model.campaigns)
        return self.model.campaigns[campaign - 1].lead if known else self.people["lead"]

    def work_in(self, *states: int) -> int:
        """A submission, mostly in one of these states."""
        works = range(1, len(self.model.works) + 1)
        fitting = [i for i in works if self.model.status(i, self.chain.now + 1) in states]
        if fitting and self.chance(0.85):
            return self.random.choice(fitting)
        return self.one_of(len(self.model.works))

    def worker_of(self, work: int) -> str:
        if work > len(self.model.works) or self.chance(0.1):
            return self.person()
        return self.model.works[work - 1].worker

    def judge_of(self, work: int) -> str:
        if work > len(self.model.works) or self.chance(0.1):
            return self.person()
        return self.model.campaign_of(work).lead

    def shown(self, work: int) -> bytes:
        if work > len(self.model.works) or self.chance(0.08):
            return digest_of(self.number())
        return self.model.works[work - 1].evidence

    def wait_until(self, moment: int) -> None:
        self.log.append(f"wait({moment - self.chain.now})")
        self.chain.wait_until(moment)

    def stake(self, bond: int) -> int:
        """What somebody sends where this bond is asked for: mostly that."""
        if self.chance(0.9):
            return bond
        return self.random.choice([0, max(0, bond - 1), bond + self.random.randrange(50)])

    def staking(self, in_model: Callable[[int], Any], contract: Remote, name: str, *args: Any, **how: Any) -> None:
        """An act in which somebody pays in."""
        before = self.model.bonds_received + self.model.received
        self.act(in_model, contract, name, *args, **how)
        self.memory.spent[how["by"]] += self.model.bonds_received + self.model.received - before


def batches(ids: Iterable[int], size: int) -> Iterable[list[int]]:
    """Cut a list into parts of at most this size."""
    rest = list(ids)
    while rest:
        yield rest[:size]
        rest = rest[size:]
