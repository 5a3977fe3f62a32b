"""Count view calls in coverage without changing what they return.

For coverage Brownie sends every call as a transaction first. Its own way drops the call's `from`
and uses up a block time set with `clock.set_next`. Here the call itself answers first, exactly as
without coverage; then the transaction is sent for its trace alone, and taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from brownie import history, rpc
from brownie._config import CONFIG
from brownie.network import contract as brownie_contract
from brownie.network.web3 import web3
from brownie.test import output as brownie_output

from tests.support import clock

_traced: set[tuple[str, str, str, str]] = set()
_is_paused = False


@contextmanager
def untraced() -> Iterator[None]:
    """Views called in this block are not counted: checks of a test, not what it tests."""
    global _is_paused
    _is_paused = True
    try:
        yield
    finally:
        _is_paused = False


def repair() -> None:
    """Replace the way Brownie calls view functions; once per process.

    Its report of coverage does not know contracts that come from a library, and ends the session
    with an error; tools/run_coverage.py makes the report.
    """
    brownie_contract.ContractCall.__call__ = _call
    brownie_output._build_coverage_output = lambda _: []
    brownie_output._save_coverage_report = lambda *_: None


def _call(self: Any, *args: Any, block_identifier: Any = None, override: dict[str, Any] | None = None) -> Any:
    try:
        return self.call(*args, block_identifier=block_identifier, override=override)
    finally:
        is_plain = block_identifier is None and not override
        if CONFIG.argv["always_transact"] and is_plain and not _is_paused:
            _trace(self, args)


def _trace(method: Any, args: tuple[Any, ...]) -> None:
    try:
        inputs, tx = brownie_contract._get_tx(method._owner, args)
        sender = tx["from"] or brownie_contract.accounts[0]
        latest = web3.eth.get_block("latest")
        key = (method._address, str(sender), method.encode_input(*inputs), latest["hash"].hex())
    except Exception:  # noqa: BLE001  (wrong arguments: the call itself has already said so)
        return
    if key in _traced:
        return
    _traced.add(key)
    tx.update({"gas_price": 0, "from": sender, "_skip_undo": True, "allow_revert": True})
    pending = clock.pending()
    snapshot = rpc.backend.snapshot()
    try:
        method.transact(*inputs, tx)
    except Exception:  # noqa: BLE001  (only the trace is wanted)
        pass
    finally:
        rpc.backend.revert(snapshot)
        history._revert(latest["number"])
        if pending is not None:
            clock.set_next(pending)
