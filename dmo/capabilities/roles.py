"""Roles of the AccessManager, the guardian's halt, and calls of any contract's function: by proposals, as a rule."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dmo.capabilities.lens import GOVERNANCE, GUARDIAN
from dmo.core import abi, words
from dmo.core.act import Act, Step, arg, option, simple_act
from dmo.core.calls import make_call
from dmo.core.kinds import ACCOUNT, DURATION, LINE, NUMBER, TEXT, TIME, Seconds, listed
from dmo.home.home import Home


def _role(home: Home, number: int) -> str:
    return words.word("role", str(number)) if number is not None else ""


ROLE = replace(NUMBER.called("ROLE"), show=_role)
MEMBER = {"role": ROLE, "account": ACCOUNT}


class GrantRole(Act, name="role grant", call="AccessManager.grantRole", told_by="RoleGranted", who=GOVERNANCE):
    role: int = arg(ROLE)
    account: str = arg(ACCOUNT)
    delay: Seconds = option(DURATION, Seconds(0))


RevokeRole = simple_act("role revoke", "AccessManager.revokeRole", "RoleRevoked", MEMBER, who=GOVERNANCE)
Halt = simple_act("guard halt", "CampaignEscrow.halt", "Halted", {}, tells={"until": TIME}, who=GUARDIAN)


def _argument(home: Home, kind: str, text: str) -> Any:
    """An argument of a contract's function, by its ABI type."""
    if kind.endswith("]") or kind.startswith("("):
        raise words.bad("no_lists_here", kind=kind)
    base = kind.rstrip("0123456789")
    reads: dict[str, Callable[[str], Any]] = {
        **{"address": home.account, "bool": lambda text: text.lower() in ("true", "yes", "1")},
        **{"uint": int, "int": int, "bytes": lambda text: bytes.fromhex(text.removeprefix("0x"))},
    }
    try:
        return reads.get(base, str)(text)
    except ValueError:
        raise words.bad("no_bytes" if base == "bytes" else "no_whole_number", given=text[:40]) from None


class CallContract(Act, name="contract call", who="as the contract says"):
    contract: str = arg(LINE.called("CONTRACT"))
    method: str = arg(LINE.called("FUNCTION"))
    values: list[str] = arg(listed(TEXT, "[VALUE]..."), default=())

    def steps(self, home: Home) -> list[Step]:
        entry = abi.entry(self.contract, self.method)
        if entry.is_read or len(entry.inputs) != len(self.values):
            raise words.bad("no_such_call", signature=entry.signature)
        values = [_argument(home, one.kind, text) for one, text in zip(entry.inputs, self.values, strict=True)]
        return [Step(make_call(self.contract, home.dmo.address(self.contract), self.method, values, ""))]
