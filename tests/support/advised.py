"""Histories in which words tell something of what becomes of ideas, or nothing; the same for a seed."""

from __future__ import annotations

import math
import random
from hashlib import sha256

from dmo.advisor.hashed import ONE
from dmo.advisor.judging import FixedIdea, judge

GOOD = ["workshop", "harbour", "school", "measured", "pilot", "partner", "local", "repeat"]
BAD = ["billboard", "airdrop", "influencer", "moon", "giveaway", "banner", "hype", "logo"]
RATE = 0.4
PLAIN = ["we", "will", "make", "a", "spot", "of", "two", "minutes", "for", "users", "in", "the", "city", "week"]


def history(seed: int, rounds: int, a_round: int = 4, strength: float = 1.6) -> list[FixedIdea]:
    """Ideas of authors of their own; each has words that help it and words that harm it."""
    rng, found = random.Random(seed), []
    for round_ in range(1, rounds + 1):
        for number in range(1, a_round + 1):
            good, bad = rng.randint(0, 3), rng.randint(0, 3)
            said = [*rng.sample(GOOD, good), *rng.sample(BAD, bad), *rng.choices(PLAIN, k=14)]
            rng.shuffle(said)
            text = " ".join(said).encode()
            passed = rng.random() < 1 / (1 + math.exp(0.3 - strength * (good - bad)))
            author, digest = f"0x{round_:020x}{number:020x}", sha256(text).digest()
            found.append(FixedIdea((100 * round_ + number, 0), round_, number, author, digest, text, passed))
    return found


def outcome(number: int, passed: bool) -> FixedIdea:
    return FixedIdea((number, 0), number, 1, "0x", b"", b"", passed)


def first_shown(said: list[tuple[int, bool]], rank: int) -> int | None:
    """With which idea a model is shown that said so of each."""
    found = judge(((outcome(place, passed), ppm_) for place, (ppm_, passed) in enumerate(said, 1)), rank).shown_since
    return found[0] if found else None


def clipped(value: float) -> int:
    return round(min(0.99, max(0.01, value)) * ONE)


def unskilled(rng: random.Random, passed: list[bool]) -> list[tuple[int, bool]]:
    """A model that says the base rate and something of its own."""
    width = rng.choice((0.02, 0.15, 0.3))
    return [(clipped(rng.gauss(RATE, width)), one) for one in passed]


def skilled(rng: random.Random) -> tuple[int, bool]:
    """An idea whose chances vary, and a model that sees a part of why."""
    odds = rng.gauss(0, 1)
    passed = rng.random() < 1 / (1 + math.exp(0.4 - odds))
    return clipped(1 / (1 + math.exp(0.4 - 0.8 * odds - rng.gauss(0, 0.4)))), passed


CARD = f"""---
kind: card
title: Nothing at all
lang: en
model: {sha256(bytes(8_192)).hexdigest()}
bias: 0
language: en
data: {{ideas: 20, passed: 10, first: 1/1, last: 4/5, digest: {"ab" * 32}}}
figures: {{ideas: 10, auc: 0.5, loss: 1, constant: 1}}
made_with: nothing
seed: 0
limits: It knows nothing.
---

Of a chapter of the story.
"""
