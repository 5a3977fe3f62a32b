"""Rooms: contracts that join a deployment later. Anybody creates one, a proposal gives it its roles.

What a room is stands beside the deployment's config, in <name>.rooms.toml::

    [SecondJury]                                # its name in the address book
    contract = "Jury"
    roles = { awarder = "@SecondJury" }         # who gets which role of the AccessManager, by name or number
    opens = { "Reputation.awardMany" = 2 }      # which functions are opened to which role
    [SecondJury.arguments]                      # its constructor's; "@…" is the address of a contract or a room
    votes = "@votes"
    frame.commitSeconds = "3 days"

It is created through the factory that most chains have at one address, so that its own follows from its code and its
arguments alone: whoever looks there knows what it is, and who created it does not matter.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from dmo.core import abi, words
from dmo.core.abi.codec import checksum, keccak
from dmo.core.calls import Call, make_call
from dmo.core.errors import BadInput
from dmo.core.files import read_text
from dmo.core.units import parse_bps, parse_duration
from dmo.deploy.artifacts import Artifact, creation_input
from dmo.deploy.roles import ROLES
from dmo.home.deployment import VOTES_TOKENS

FACTORY = "0x4e59b44847b379578588920cA78FbF26c0B4956C"
"""Creates what it is sent, at an address that follows from it; the same on most chains."""
_SALT = bytes(32)
_MAX_FILE = 256 * 1024


class _Said(BaseModel, extra="forbid"):
    """A room as its file has it."""

    contract: str
    arguments: dict[str, Any] = {}
    roles: dict[str, str] = {}
    opens: dict[str, str | int] = {}


@dataclass(frozen=True)
class Room:
    """A contract that joins later, with what the AccessManager is told for it."""

    name: str
    artifact: Artifact
    arguments: Mapping[str, object]
    members: tuple[tuple[int, str], ...]  # role, account
    opens: tuple[tuple[str, bytes, int], ...]  # target, selector, role

    @property
    def creation(self) -> bytes:
        """Its code with its arguments."""
        return creation_input(self.artifact, self.arguments)

    @property
    def address(self) -> str:
        """Where it is, or will be."""
        packed = b"\xff" + bytes.fromhex(FACTORY[2:]) + _SALT + keccak(self.creation)
        return checksum("0x" + keccak(packed)[12:].hex())

    def create(self, description: str) -> Call:
        """Create it, for anybody to send."""
        return Call(FACTORY, _SALT + self.creation, 0, description)

    def grants(self, manager: str) -> list[Call]:
        """What a proposal does for it."""
        opened = [("setTargetFunctionRole", [target, [selector], role]) for target, selector, role in self.opens]
        given = [("grantRole", [role, account, 0]) for role, account in self.members]
        return [make_call("AccessManager", manager, name, values, "") for name, values in (*opened, *given)]


def rooms_file(config: Path) -> Path:
    """Where the rooms of a deployment are said, by the path of its config."""
    return config.with_suffix(".rooms.toml")


def read_rooms(
    file: Path, addresses: Mapping[str, str], compiled: Callable[[list[str]], Mapping[str, Artifact]]
) -> dict[str, Room]:
    """All rooms by name, none where there is no file; ``compiled`` brings the code of contracts. Raises BadInput."""
    try:
        said = TypeAdapter(dict[str, _Said]).validate_python(tomllib.loads(read_text(file, _MAX_FILE)))
    except FileNotFoundError:
        return {}
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise words.bad("room_key", where).at(str(file)) from error
    except (ValueError, RecursionError) as error:
        raise words.bad("deploy_no_toml", why=error).at(str(file)) from error
    votes = next((addresses[name] for name in VOTES_TOKENS if name in addresses), "")
    known, code = {**addresses, "votes": votes}, compiled(sorted({one.contract for one in said.values()}))
    rooms = dict[str, Room]()
    try:
        for name, one in said.items():
            rooms[name] = _room(name, one, code[one.contract], known)
            known.setdefault(name, rooms[name].address)  # later ones may name it, before it is created
    except BadInput as error:
        raise error.at(str(file)) from None
    return rooms


def _room(name: str, said: _Said, artifact: Artifact, known: Mapping[str, str]) -> Room:
    arguments = {key: _value(key, value, known) for key, value in said.arguments.items()}
    at = {**known, name: Room(name, artifact, arguments, (), ()).address}
    members = tuple((_role(role), str(_value("", account, at))) for role, account in said.roles.items())
    opens = []
    for function, role in said.opens.items():
        contract, _, called = function.partition(".")
        own = artifact if contract == name else None
        opens.append((str(_value("", f"@{contract}", at)), _selector(own, contract, called), _role(str(role))))
    return Room(name, artifact, arguments, members, tuple(opens))


def _value(key: str, said: Any, known: Mapping[str, str]) -> Any:
    """An argument as the constructor takes it."""
    if isinstance(said, dict):
        return {inner: _value(inner, value, known) for inner, value in said.items()}
    if isinstance(said, list):
        return [_value(key, value, known) for value in said]
    if isinstance(said, str) and said.startswith("@"):
        if not known.get(said[1:]):
            raise words.bad("room_contract", given=said, known=", ".join(sorted(known)))
        return known[said[1:]]
    if isinstance(said, str) and key.endswith("Seconds"):
        return parse_duration(said)
    if isinstance(said, str) and key.endswith("Bps"):
        return parse_bps(said)
    return said


def _role(said: str) -> int:
    if said in ROLES:
        return ROLES[said].number
    if not said.isdigit():
        raise words.bad("room_role", given=said, known=", ".join(ROLES))
    return int(said)


def _selector(own: Artifact | None, contract: str, function: str) -> bytes:
    """A function's selector: the room's own, or that of a contract of the deployment."""
    if own is None:
        return abi.entry(contract, function).selector
    found = [one for one in own.abi if one["type"] == "function" and one["name"] == function]
    if not found:
        raise words.bad("no_entry", contract=contract, kind="function", name=function)
    kinds = ",".join(abi.field_of(one).kind for one in found[0]["inputs"])
    return keccak(f"{function}({kinds})".encode())[:4]
