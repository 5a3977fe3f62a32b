"""Calls for a Safe: a batch as its Transaction Builder reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dmo import __version__
from dmo.core.abi.codec import keccak
from dmo.core.calls import Call
from dmo.home.home import Home


def batch_file(home: Home, name: str, calls: Sequence[Call]) -> dict[str, Any]:
    """The batch, to be signed as one transaction; it was made at the chain's time."""
    said = "; ".join(call.description for call in calls)
    meta = {"name": f"dmo {name}", "description": said, "txBuilderVersion": f"dmo {__version__}"}
    meta |= {"createdFromSafeAddress": home.maybe_me or "", "createdFromOwnerAddress": ""}
    rows = [{key: value for key, value in call.calldata().items() if key != "description"} for call in calls]
    more = {"contractMethod": None, "contractInputsValues": None}
    batch = {"version": "1.0", "chainId": str(home.dmo.chain_id), "createdAt": home.now * 1000, "meta": meta}
    whole = {**batch, "transactions": [{**row, **more} for row in rows]}
    return {**whole, "meta": {**meta, "checksum": checksum_of(whole)}}


def checksum_of(batch: Any) -> str:
    """What the Transaction Builder compares, over a batch without its checksum."""
    return "0x" + keccak(_serial(batch).encode()).hex()


def _serial(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_serial, value))}]"
    if isinstance(value, dict):
        keys = sorted(value)
        return f"{{{_json(keys)}{''.join(f'{_serial(value[key])},' for key in keys)}}}"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
