"""Rooms: a further contract of a deployment, created by anybody and given its roles by a proposal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dmo.capabilities.lens import GOVERNANCE
from dmo.core import words
from dmo.core.act import Act, Step, arg
from dmo.core.clone import clone
from dmo.core.engine import Done
from dmo.core.files import plain
from dmo.core.kinds import ACCOUNT, TEXT, Value
from dmo.home.deployment import load_book, save_book
from dmo.home.home import Home

ROOM = TEXT.called("ROOM")


def _room(home: Home, name: str) -> Any:
    """A room by its name, from the file beside the deployment's config."""
    from dmo.deploy import shipped
    from dmo.deploy.rooms import read_rooms, rooms_file

    file = rooms_file(home.book.parent.parent / "config" / f"{home.book.stem}.toml")
    rooms = read_rooms(file, home.dmo.addresses, shipped.artifacts)
    if name not in rooms:
        raise words.bad("no_room", given=name[:60], known=", ".join(rooms) or words.word("rooms", "none")).at(str(file))
    return rooms[name]


def _write_down(home: Home, room: Any, done: Done | None = None) -> None:
    """Add a room that is there to the address book."""
    from dmo.deploy.artifacts import digest, named_arguments
    from dmo.deploy.compiler import standard_input
    from dmo.deploy.shipped import compiler_input_of
    from dmo.home.outputs import BookContract

    path: Path = home.book
    book, artifact = load_book(path), room.artifact
    mined = done.receipts[-1] if done else None
    sources, name = clone(), artifact.name
    book.contracts[room.name] = BookContract(
        address=room.address,
        block=mined.block if mined else None,
        tx=mined.hash if mined else None,
        args=[plain(one) for one in named_arguments(artifact, room.arguments).values()],
        code_sha256=digest(home.chain.code(room.address)),
        input_json=standard_input(sources, {name: artifact.source}) if sources else compiler_input_of(name),
    )
    save_book(path, book)


class AddRoom(Act, name="rooms add"):
    room: str = arg(ROOM)

    def check(self, home: Home) -> None:
        from dmo.deploy.rooms import FACTORY

        if not home.chain.code(FACTORY):
            raise words.bad("no_factory", factory=FACTORY)

    def without_effect(self, home: Home) -> str:
        room = _room(home, self.room)
        if not home.chain.code(room.address):
            return ""
        if room.name not in home.dmo.addresses:
            _write_down(home, room)  # whoever created it, a Safe for one
        return home.word("rooms", "there").format(room=room.name, address=room.address)

    def facts(self, home: Home) -> Mapping[str, Value]:
        room = _room(home, self.room)
        return {"address": ACCOUNT(room.address), "contract": TEXT(room.artifact.name)}

    def steps(self, home: Home) -> list[Step]:
        return [Step(_room(home, self.room).create(""))]

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        _write_down(home, _room(home, self.room), done)
        return {}


class OpenRoom(Act, name="rooms open", who=GOVERNANCE):
    room: str = arg(ROOM)

    def check(self, home: Home) -> None:
        room = _room(home, self.room)
        if not home.chain.code(room.address):
            raise words.bad("room_not_there", room=room.name)
        if not room.members and not room.opens:
            raise words.bad("room_without_roles", room=room.name)

    def steps(self, home: Home) -> list[Step]:
        return [Step(call) for call in _room(home, self.room).grants(home.dmo.address("AccessManager"))]
