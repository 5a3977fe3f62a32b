"""Thousands of transactions at once, from accounts that nobody has keys of: crowds for what grows with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from brownie import web3

PER_BLOCK, GAS = 200, 290_000  # together less than a block


def _ask(method: str, *parameters: Any) -> Any:
    answer = web3.provider.make_request(method, list(parameters))
    if "error" in answer:
        raise RuntimeError(f"{method}: {answer['error']}")
    return answer["result"]


def strangers(count: int, first: int = 0) -> list[str]:
    """Addresses nobody has used."""
    return [web3.to_checksum_address(f"0x{0xD0000000 + number:040x}") for number in range(first, first + count)]


def send(to: Any, orders: Iterable[tuple[Any, str]]) -> None:
    """Send (sender, calldata) pairs to a contract, block by block; all of them have to succeed."""
    nonces: dict[str, int] = {}
    _ask("anvil_autoImpersonateAccount", True)
    _ask("evm_setAutomine", False)
    try:
        for block in _blocks(orders):
            body = [_request(str(to), str(sender), data, nonces) for sender, data in block]
            answers = json.loads(web3.provider._make_request("", json.dumps(body).encode()))
            if refused := [one["error"] for one in answers if "error" in one]:
                raise RuntimeError(f"{len(refused)} are refused: {refused[0]}")
            _ask("evm_mine")
            receipts = _ask("eth_getBlockReceipts", "latest")
            statuses = [int(one["status"], 16) if isinstance(one["status"], str) else one["status"] for one in receipts]
            if statuses != [1] * len(block):
                raise RuntimeError(f"of {len(block)} only {sum(statuses)} succeeded")
    finally:
        _ask("evm_setAutomine", True)
        _ask("anvil_autoImpersonateAccount", False)


def _blocks(orders: Iterable[tuple[Any, str]]) -> Iterator[list[tuple[Any, str]]]:
    waiting = iter(orders)
    while block := list(islice(waiting, PER_BLOCK)):
        yield block


def _request(to: str, sender: str, data: str, nonces: dict[str, int]) -> dict[str, Any]:
    """One of a batch, which the node takes side by side: each says its place."""
    if sender not in nonces:
        nonces[sender] = web3.eth.get_transaction_count(sender)
    order = {"from": sender, "to": to, "data": data, "gas": hex(GAS), "gasPrice": "0x0", "nonce": hex(nonces[sender])}
    nonces[sender] += 1
    return {"jsonrpc": "2.0", "id": 1, "method": "eth_sendTransaction", "params": [order]}
