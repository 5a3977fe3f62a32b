"""A DMO with an advisor, in whose rounds people post what a history says and holders vote as it says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import sha256

from dmo.advisor.judging import FixedIdea
from dmo.core.abi import encode_call
from tests.support.advised import BAD, GOOD, PLAIN
from tests.support.cli_chain import PEOPLE, Stage

IDEA = """---
kind: idea
title: Idea {round}/{number}
lang: en
objective: awareness
audience: [user]
goal: {{metric: wallets, baseline: 0, target: 100, date: 2027-03-31}}
---

{words}
"""
HOUR = 3_600


def document(one: FixedIdea) -> bytes:
    """An idea's document."""
    return IDEA.format(round=one.round, number=one.number, words=one.text.decode()).encode()


def play(stage: Stage, ideas: Sequence[FixedIdea], untold: Sequence[tuple[int, int]] = ()) -> None:
    """Post the ideas of some rounds, tell their texts but some, vote as they ended, and go to the last vote's close."""
    for number in sorted({one.round for one in ideas}):
        its = [one for one in ideas if one.round == number]
        if stage.chain.now() < _starts(stage, number):
            stage.round_starts(number)
        unit = 10**stage.dmo.budget_token.decimals
        for one, who in zip(its, PEOPLE, strict=False):
            text = document(one)
            terms = (sha256(text).digest(), 100 * unit, "0x" + "00" * 20, 30 * 86_400, 0, 0, 0)
            send(stage, who, "IdeaBoard", "post", terms)
            if (one.round, one.number) not in untold:
                send(stage, who, "DocumentLog", "publish", text)
        stage.round_starts(number + 1)
        stage.later(HOUR)
        sides = [[one.number for one in its if one.passed is side] for side in (True, False)]
        for who in PEOPLE[:3]:
            send(stage, who, "IdeaBoard", "castBallot", number, *sides)
    stage.round_starts(max(one.round for one in ideas) + 2)


def _starts(stage: Stage, number: int) -> int:
    origin, length, *_ = stage.chain.call("IdeaBoard", stage.dmo.address("IdeaBoard"), "frame")
    return int(origin + (number - 1) * length)


def send(stage: Stage, who: str, contract: str, function: str, *arguments: object) -> None:
    """A call by somebody, or by an account of the chain."""
    data = encode_call(contract, function, [*arguments])
    order = {
        "from": who if who.startswith("0x") else stage.address(who),
        "to": stage.dmo.address(contract),
        "data": "0x" + data.hex(),
    }
    receipt = stage.chain.wait(str(stage.chain.transport.request("eth_sendTransaction", [order])))
    assert receipt.is_ok, f"{contract}.{function}"


def rounds(first: int, count: int, seed: int) -> list[FixedIdea]:
    """Ideas whose few words tell much, one of each person in a round."""
    rng, found = random.Random(seed), []
    for number in range(first, first + count):
        for place in range(1, len(PEOPLE) + 1):
            is_good = rng.random() < 0.5
            said = [*rng.sample((GOOD if is_good else BAD)[:3], 2), *rng.sample(PLAIN, 3)]
            passed = is_good if rng.random() < 0.95 else not is_good
            found.append(FixedIdea((0, 0), number, place, "", b"", " ".join(said).encode(), passed))
    return found
