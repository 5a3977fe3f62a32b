"""Run a Hypothesis state machine against the local chain.

Write the machine as `class Board(ChainMachine)` with `@rule`s and `@invariant`s, its model in plain
Python, and one test in a file of its own (Brownie holds one snapshot, and the machine's replaces
the fixture's):

    def test_board(IdeaBoard, accounts):
        board = IdeaBoard.deploy(...)
        run(BoardMachine, board=board, people=accounts[:5])

Every history starts on the chain as it is when `run` is called; keyword arguments become
attributes of the machine.
"""

from __future__ import annotations

from typing import Any

from brownie.network.state import Chain
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


class ChainMachine(RuleBasedStateMachine):
    """A state machine each of whose histories starts from the same chain.

    Override `setup` for the model's start and `drain` for what must work at every history's end
    (everyone gets out, the books are zero); do not override `__init__` and `teardown`.
    """

    start: int | str = ""

    def __init__(self) -> None:
        super().__init__()
        # The node forgets a snapshot it went back to; Brownie's registries must go back as well,
        # or it waits for transactions that no longer exist.
        type(self).start = Chain()._revert(type(self).start)
        self.setup()

    def setup(self) -> None:
        """Build the model; runs after the chain was put back."""

    def drain(self) -> None:
        """Check the end of a history; runs before the chain is put back."""

    def teardown(self) -> None:
        """Run `drain`; the next history, or `run`, puts the chain back."""
        self.drain()


def run(machine: type[ChainMachine], *, examples: int | None = None, **attributes: Any) -> None:
    """Run histories of `machine`; `attributes` are set on a subclass of it.

    Args:
        machine: The state machine.
        examples: Histories to try instead of the profile's number.
        attributes: What rules reach as `self.name`: contracts, accounts, limits.
    """
    bound = type(machine.__name__, (machine,), {**attributes, "start": Chain()._take_snapshot()})
    bound.__module__ = machine.__module__
    chosen = settings() if examples is None else settings(max_examples=examples)
    try:
        run_state_machine_as_test(bound, settings=chosen)
    finally:
        Chain()._revert(bound.start)
