"""The story in which every example of the command line is typed: who plays it, and what is remembered."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from dmo.capabilities.campaigns import Campaign, campaign
from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call
from dmo.core.sender import KeySender
from tests.support.cli_chain import PEOPLE, Result, Stage, filled


class Story:
    """Plays, and remembers what was typed.

    Args:
        stage: A deployment with people.
        before: Told of every command line before it is run, with who types it.
    """

    def __init__(self, stage: Stage, before: Callable[[Stage, str, str], None]) -> None:
        self.stage = stage
        self.before = before
        self.typed: dict[str, Result] = {}
        for name in PEOPLE:
            (stage.folder / name).mkdir(exist_ok=True)

    def __call__(self, command: str, who: str = "alice", code: int = 0, **more: str) -> Result:
        if not more:
            self.before(self.stage, command, who)
        result = self.stage.ok(command, who, code, cwd=self.stage.folder / who, **more)
        self.typed[command] = result
        return result

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """What happens here is undone afterwards."""
        with self.stage.undone():
            yield

    def data(self, command: str, who: str = "alice") -> Any:
        """What a command tells a machine."""
        return self.stage.ok(f"{command} --format json", who).json["data"]

    def campaign(self, number: int) -> Campaign:
        """A campaign as it stands."""
        return campaign(self.stage.home(), number)

    def write(self, who: str, name: str, kind: str, title: str) -> None:
        text = filled(kind, title, self.stage.address(who))
        (self.stage.folder / who / name).write_text(text)

    def block(self, who: str, blocked: bool) -> None:
        """Let the budget token refuse somebody."""
        data = keccak(b"setBlocked(address,bool)")[:4]
        data += encode(["address", "bool"], [self.stage.address(who), blocked])
        call = Call(self.stage.dmo.budget_token.address, data, 0, "Block")
        KeySender(self.stage.chain, self.stage.deployer).send(call)
