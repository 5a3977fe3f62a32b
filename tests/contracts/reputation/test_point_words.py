"""The packed word of an account's points.

pack, and read again
  each field holds all that fits, and touches no other -> test_fields_do_not_meet
  what does not fit reverts -> test_what_does_not_fit_reverts
"""

from __future__ import annotations

import pytest

from tests.support.reverts import reverts

BITS = {"stored": 136, "since": 32, "lifetime": 72, "pasts": 16}
MOST = [2**bits - 1 for bits in BITS.values()]


@pytest.fixture(scope="module")
def words(PlainPointWords, accounts):
    return PlainPointWords.deploy({"from": accounts[0]})


def test_fields_do_not_meet(words):
    alone = [[most if place == one else 0 for place, most in enumerate(MOST)] for one in range(len(MOST))]
    for fields in (MOST, *alone):
        assert list(words.unpack(words.pack(*fields))) == fields


@pytest.mark.parametrize("name", ["stored", "since", "pasts"])
def test_what_does_not_fit_reverts(words, Reputation, name):
    fields = {**dict.fromkeys(BITS, 0), name: 2 ** BITS[name]}
    with reverts(Reputation, "SafeCastOverflowedUintDowncast", BITS[name], 2 ** BITS[name]):
        words.pack(*fields.values())
