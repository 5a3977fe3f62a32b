"""A text as the set of its hashed words, and what a model says of it: the same bits as Advisor.logit on the chain.

Log odds in 1024ths, probabilities in ppm.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

from dmo.core.abi.codec import keccak

FEATURES = 4_096
UNIT = 1_024
ONE = 10**6
LONGEST_TEXT, LONGEST_WORD = 4_096, 32
_WEIGHTS = struct.Struct(f">{FEATURES}h")
_WORDS = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
_STEP = 8
"""Bits of log odds between two places of the table."""
_SIGMOID = (
    *(500_000, 562_177, 622_459, 679_179, 731_059, 777_300, 817_574, 851_953, 880_797, 904_651, 924_142),
    *(939_913, 952_574, 962_673, 970_688, 977_023, 982_014, 985_936, 989_013, 991_423, 993_307, 994_780),
    *(995_930, 996_827, 997_527, 998_073, 998_499, 998_830, 999_089, 999_290, 999_447, 999_569, 999_665),
)
"""1 ÷ (1 + e^(−i/4)) in ppm, for i of 0 to 32."""
LARGEST = (len(_SIGMOID) - 1 << _STEP) - 1
"""Log odds beyond which a probability goes no further."""


@lru_cache(maxsize=65_536)
def feature_of(word: bytes) -> int:
    """The feature of a word that is lowered and cut already."""
    return int.from_bytes(keccak(word)[-2:], "big") % FEATURES


def words_of(text: bytes) -> Iterable[bytes]:
    """The words of a text, as they are hashed, in their order; the chain takes no text longer than this reads."""
    return [one[:LONGEST_WORD].lower() for one in _WORDS.findall(text[:LONGEST_TEXT])]


@lru_cache(maxsize=4_096)
def features(text: bytes) -> frozenset[int]:
    """The features that a text has."""
    return frozenset(map(feature_of, words_of(text)))


@dataclass(frozen=True)
class Model:
    """A weight for each feature and a bias, in 1024ths."""

    weights: tuple[int, ...]
    bias: int

    @classmethod
    def of(cls, packed: bytes, bias: int) -> Model:
        """From bytes as the chain has them."""
        return cls(_WEIGHTS.unpack(packed), bias)

    def packed(self) -> bytes:
        """The weights as the chain takes them."""
        return _WEIGHTS.pack(*self.weights)

    def logit(self, found: frozenset[int]) -> int:
        """Log odds of a text with these features."""
        return self.bias + self._part(sum(self.weights[one] for one in found), len(found))

    def _part(self, total: int, count: int) -> int:
        """What a sum of weights adds to the log odds of a text with so many features; towards zero."""
        if not count:
            return 0
        part = UNIT * abs(total) // isqrt(count << 20)
        return part if total > 0 else -part

    def moved(self, text: bytes) -> Mapping[str, int]:
        """The words of a text and what each adds to its log odds, those that move it most first."""
        found = {feature_of(word): word for word in reversed(list(words_of(text)))}
        parts = {word: self._part(self.weights[one], len(found)) for one, word in found.items()}
        ranked = sorted((word for word in parts if parts[word]), key=lambda word: (-abs(parts[word]), word))
        return {word.decode("utf-8", "replace"): parts[word] for word in ranked}


def ppm(logit: int) -> int:
    """The probability of log odds; off by 750 ppm at most, to the nearest; more than 0 and less than 1,000,000."""
    if logit < 0:
        return ONE - ppm(-logit)
    place, rest = divmod(min(logit, LARGEST), 1 << _STEP)
    low, high = _SIGMOID[place : place + 2]
    return low + ((high - low) * rest + (1 << _STEP - 1) >> _STEP)
