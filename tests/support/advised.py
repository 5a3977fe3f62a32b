"""Histories in which words tell something of what becomes of ideas, or nothing; the same for a seed."""

from __future__ import annotations

import math
import random
from hashlib import sha256

from dmo.advisor.judging import DecidedIdea

GOOD = ["workshop", "harbour", "school", "measured", "pilot", "partner", "local", "repeat"]
BAD = ["billboard", "airdrop", "influencer", "moon", "giveaway", "banner", "hype", "logo"]
PLAIN = ["we", "will", "make", "a", "spot", "of", "two", "minutes", "for", "users", "in", "the", "city", "week"]


def history(seed: int, rounds: int, a_round: int = 4, strength: float = 1.6) -> list[DecidedIdea]:
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
            found.append(DecidedIdea((100 * round_ + number, 0), round_, number, author, digest, text, passed))
    return found
