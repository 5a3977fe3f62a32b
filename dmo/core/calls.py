"""An intention as one call: what is sent, whoever sends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from dmo.core import abi
from dmo.core.abi.codec import checksum


@dataclass(frozen=True)
class Call:
    """A call, complete and for anybody to send: value in wei, one sentence for a person, name of the contract's ABI."""

    to: str
    data: bytes
    value: int
    description: str
    contract: str = ""

    def decoded(self) -> tuple[str, dict[str, Any]]:
        """Name of the function and its arguments by name."""
        if not self.contract:
            return "0x" + self.data[:4].hex(), {"data": "0x" + self.data[4:].hex()}
        return abi.decode_call(self.contract, self.data)

    def described(self, description: str) -> Self:
        """The same call in other words."""
        return replace(self, description=description)

    def calldata(self) -> dict[str, str]:
        """What a Safe, a hardware wallet or any other signer needs; JSON-ready."""
        return {
            "to": self.to,
            "value": str(self.value),
            "data": "0x" + self.data.hex(),
            "description": self.description,
        }


def make_call(
    contract: str, address: str, function: str, arguments: Sequence[Any], description: str, value: int = 0
) -> Call:
    """Build a call of one of the package's contracts, as ``Call`` has it. Raises BadInput: an argument does not fit."""
    data = abi.encode_call(contract, function, arguments)
    return Call(checksum(address), data, value, description, contract)
