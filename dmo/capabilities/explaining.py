"""Explained: why a contract said no, what raw calls do, what a dispute is about, what a proposal would do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dmo.capabilities.deciphered import deciphered
from dmo.capabilities.dispute_shown import SHOWN, ShowDispute
from dmo.capabilities.governance import PROPOSAL, STATE, Proposal
from dmo.core import abi, words
from dmo.core.abi.codec import checksum
from dmo.core.act import arg
from dmo.core.calls import Call
from dmo.core.errors import Refused
from dmo.core.explain import sentences
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT, TIME, Kind, listed, shape
from dmo.core.text import printable
from dmo.core.view import Query
from dmo.home.home import Home

_NAME = re.compile(r"[A-Z][A-Za-z0-9]{2,79}", re.ASCII)
_WEI = re.compile(r"[0-9]{1,30}", re.ASCII)
ARGUMENT = shape((TEXT, "name value"))
CALL = {**shape((TEXT, "value data says contract function")), "to": ACCOUNT, "arguments": [ARGUMENT]}


def _hex(text: str, field: str) -> bytes:
    try:
        return bytes.fromhex(text.strip().lower().removeprefix("0x"))
    except ValueError:
        raise words.bad("no_hex_data", field=field, given=text[:40]) from None


def _written(value: Any) -> str:
    """A value of the ABI as it is compared."""
    if isinstance(value, Mapping):
        return f"({', '.join(f'{key} {_written(one)}' for key, one in value.items())})"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    return "0x" + value.hex() if isinstance(value, bytes) else printable(str(value))


def _arguments(told: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"name": key, "value": _written(one)} for key, one in told.items()]


def _explained(home: Home, call: Call) -> dict[str, Any]:
    """A call for a machine: what it says, and what it is compared by."""
    function, told = call.decoded() if call.contract else ("", {})
    plain = {"to": call.to, "value": str(call.value), "data": "0x" + call.data.hex()}
    return {
        **plain,
        "says": call.description,
        "contract": call.contract,
        "function": function,
        "arguments": _arguments(told),
    }


class ExplainRefusal(
    Query, name="explain refusal", gives={**shape((TEXT, "error says right")), "arguments": [ARGUMENT]}
):
    error: str = arg(TEXT.called("DATA|NAME"))
    values: list[str] = arg(listed(TEXT, "[NAME=VALUE]..."), default_factory=list)

    def answer(self, home: Home) -> Mapping[str, Any]:
        if self.error.strip().lower().startswith("0x"):
            data = _hex(self.error, "error")
            error = Refused(*abi.decode_revert(data), data=data)
        else:
            error = Refused(self.error.strip(), self._given())
        told = home.explained(error)
        return {"error": error.name, "says": told.message, "right": told.hint, "arguments": _arguments(error.arguments)}

    def _given(self) -> dict[str, Any]:
        """What a named error was told with; what is not said stands as its field's name."""
        name = self.error.strip()
        known = {one["name"]: one.get("inputs", ()) for one in abi.error_data()}
        if not _NAME.fullmatch(name) or (name not in known and name not in sentences()):
            raise words.bad("no_error_of_ours", field="error", given=name[:60])
        said = dict(one.partition("=")[::2] for one in self.values)
        found: dict[str, Any] = {}
        for one in known.get(name, ()):
            text = said.get(one["name"], "").strip()
            is_number = one["type"].startswith(("uint", "int")) and text.removeprefix("-").isdigit()
            found[one["name"]] = int(text) if is_number else text or f"<{one['name']}>"
        return found


def _wei(home: Home, text: str) -> int:
    if not _WEI.fullmatch(text.strip()):
        raise words.bad("no_wei", given=text[:40])
    return int(text)


class ExplainCall(Query, name="explain call", gives=CALL):
    to: str = arg(ACCOUNT.called("ADDRESS"))
    data: str = arg(TEXT.called("DATA"))
    value: int = arg(Kind("WEI", _wei), default=0)

    def answer(self, home: Home) -> Mapping[str, Any]:
        return _explained(home, deciphered(home, checksum(self.to), self.value, _hex(self.data, "data")))


EXPLAINED = {
    **shape((TEXT, "id title text trouble"), (TIME, "begins ends")),
    **{"place": NUMBER, "proposer": ACCOUNT, "state": STATE, "calls": [CALL]},
}


class ExplainProposal(Query, name="explain proposal", gives=EXPLAINED):
    proposal: Proposal = arg(PROPOSAL)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one = self.proposal
        told = {"id": str(one.proposal_id), "title": one.title, "text": printable(one.description)}
        times = {"begins": one.vote_start, "ends": one.vote_end, "trouble": one.trouble(home) or None}
        known = {key: getattr(one, key) for key in ("place", "proposer", "state")}
        return {**known, **told, **times, "calls": self._calls(home)}

    def _calls(self, home: Home) -> Sequence[dict[str, Any]]:
        return [_explained(home, call) for call in self.proposal.calls(home)]


class ExplainDispute(ShowDispute, name="explain dispute", gives=SHOWN):
    """The same facts as ``dispute show``, told to somebody who has not seen one."""
