"""Logs of a range, from providers that limit it in their several ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from dmo.core.chain import Chain
from dmo.core.errors import NodeError
from dmo.core.logs import AT_ONCE, Span, read_logs


class Provider:
    """Gives one log a block, for so many blocks at once; says ``words`` to more."""

    def __init__(self, limit: int, words: Callable[[int, int], str], number: int = -32000) -> None:
        self.limit, self.words, self.number = limit, words, number
        self.asked: list[int] = []
        self.refused = self.trips = 0

    def answer(self, order: Any) -> Any:
        low, high = int(order["fromBlock"], 16), int(order["toBlock"], 16)
        self.asked.append(high - low + 1)
        if high - low + 1 > self.limit:
            self.refused += 1
            return NodeError("eth_getLogs", self.words(low, high), self.number)
        return [{"block": number} for number in range(low, high + 1) if number % 997 == 0]

    def request(self, method: str, params: Sequence[Any]) -> Any:
        answer = self.batch([(method, params)])[0]
        if isinstance(answer, NodeError):
            raise answer
        return answer

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        self.trips += 1
        return [self.answer(params[0]) for _, params in requests]


def blocks(count: int) -> list[int]:
    return list(range(0, count, 997))


@pytest.mark.parametrize(
    ("limit", "words", "number"),
    [
        (10_000, "logs of at most 10000 blocks at once", -32614),
        (10_000, "eth_getLogs is limited to a 10,000 range", -32614),
        (1_000, "query exceeds max block range 1000", -32000),
        (2_048, "requested too many blocks from {low} to {high}, maximum is set to 2048", -32000),
        (5_000, "exceed maximum block range: 5000", -32000),
        (800, "'fromBlock'-'toBlock' range too large. Max range: 800", -32047),
        (10_000, "eth_getLogs is limited to 0 - 10000 blocks range", -32005),
        (10_000, "ranges over 10000 blocks are not supported on freetier", 35),
        (
            2_000,
            "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block "
            "range and no limit on the response size, or you can request any block range with a "
            "cap of 10K logs in the response.",
            -32602,
        ),
    ],
)
def test_takes_the_range_that_the_error_names(limit: int, words: str, number: int) -> None:
    count = 300_000
    provider = Provider(limit, lambda low, high: words.format(low=low, high=high), number)
    found, _ = read_logs(provider, Span(), {}, 0, count - 1)
    assert [raw["block"] for raw in found] == blocks(count)
    needed = -(-count // limit)
    assert provider.refused == 1
    assert len(provider.asked) == needed + 1
    assert provider.trips == 2 + -(-(needed - 1) // AT_ONCE)


def test_takes_the_range_that_would_have_fitted() -> None:
    words = "query returned more than 10000 results. Try with this block range [{:#x}, {:#x}]."
    provider = Provider(500, lambda low, _: words.format(low, low + 499), -32005)
    found, _ = read_logs(provider, Span(), {}, 0, 99_999)
    assert [raw["block"] for raw in found] == blocks(100_000)
    assert provider.refused == 2, "it may have been the results: a longer range is tried once more"


@pytest.mark.parametrize("limit", [1, 5, 100, 500, 9_999, 10_000, 200_000])
def test_finds_a_limit_that_is_not_named(limit: int) -> None:
    provider = Provider(limit, lambda *_: "range too large")
    count = min(limit * 50, 1_000_000)
    found, _ = read_logs(provider, Span(), {}, 0, count - 1)
    assert [raw["block"] for raw in found] == blocks(count)
    assert provider.refused <= 24
    assert len(provider.asked) <= 2 * -(-count // min(limit, 20_000)) + 24


def test_a_longer_range_is_tried_after_a_while_and_never_what_was_refused() -> None:
    span = Span()
    provider = Provider(3_000, lambda *_: "range too large")
    read_logs(provider, span, {}, 0, 299_999)
    assert span.blocks is not None
    assert 2_500 < span.blocks <= 3_000
    before = provider.refused
    provider.limit = 10**9
    read_logs(provider, span, {}, 0, 299_999)
    assert provider.refused == before
    assert span.blocks <= 3_000, "what was refused is not tried in the same breath"
    span.ceiling = None
    read_logs(provider, span, {}, 0, 299_999)
    assert span.blocks > 3_000


@pytest.mark.parametrize(
    ("reason", "number"),
    [("rate limit exceeded", -32005), ("Too Many Requests", 429), ("query timeout exceeded", -32000)],
)
def test_a_busy_node_gets_no_shorter_range(reason: str, number: int) -> None:
    provider = Provider(10, lambda *_: reason, number)
    span = Span()
    with pytest.raises(NodeError, match=reason):
        Chain(provider).logs({}, 0, 99_999)
    assert len(provider.asked) == 1
    assert span.blocks is None


def test_what_is_no_limit_ends_soon() -> None:
    provider = Provider(0, lambda *_: "method not found")
    with pytest.raises(NodeError, match="method not found"):
        Chain(provider).logs({}, 0, 1_299_999)
    assert len(provider.asked) < 24


def test_a_chain_and_its_pinned_self_learn_together() -> None:
    provider = Provider(10_000, lambda *_: "at most 10000 blocks")
    chain = Chain(provider)
    chain.pinned(299_999).logs({}, 0, 299_999)
    assert provider.refused == 1
    chain.logs({}, 0, 299_999)
    assert provider.refused == 1
    assert chain.logs({}, 5, 4) == []
