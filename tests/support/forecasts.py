"""Forecasts over a scene of tests/support/outcomes.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brownie import accounts

from tests.support import outcomes
from tests.support.boards import ASK
from tests.support.governance import containers

ONE = outcomes.ONE
LEAST = ASK // 100
START = 500_000
NOTHING = b"\0" * 32
MOST = 2**96 - 1
STATES = ("None", "Open", "Pending", "Final", "Void")


@dataclass
class Market:
    """The market of round 1's idea 1; accounts 2 to 5 have budget tokens.

    Attributes:
        scene: Board, escrow and outcomes.
        contract: The forecasts.
    """

    scene: outcomes.Scene
    contract: Any

    @property
    def token(self) -> Any:
        """The budget token."""
        return self.scene.token

    def sponsor(self, amount: int = LEAST, start: int = START, by: Any = None, **bounds: int) -> Any:
        """Sponsor it; returns the transaction."""
        between = bounds.get("least", 0), bounds.get("most", ONE)
        return self.contract.sponsor(1, bounds.get("number", 1), amount, start, *between, {"from": by or accounts[2]})

    def move(self, ppm: int, by: Any = None, most: int = MOST, number: int = 1) -> Any:
        """Move its forecast; returns the transaction."""
        return self.contract.move(1, number, ppm, most, NOTHING, {"from": by or accounts[3]})

    def state(self, number: int = 1) -> tuple[str, int]:
        """The state's name, and the outcome."""
        state, ppm = self.contract.stateOf(1, number)
        return STATES[state], int(ppm)

    def free(self, *who: Any) -> list[int]:
        """What accounts have free, in units."""
        return [int(self.contract.free(one)) for one in who]

    def held(self) -> int:
        """What the contract holds, in units."""
        return int(self.token.balanceOf(self.contract))

    def fund(self, is_linked: bool = True) -> int:
        """Have the idea funded, and linked; returns its campaign."""
        self.scene.core.board.to_settlement(1)
        campaign = int(self.scene.core.settle(1, [1]).events["IdeaFunded"]["campaign"])
        self.scene.campaign = campaign
        if is_linked:
            self.contract.link(1, 1, campaign, {"from": accounts[6]})
        return campaign


def deploy(*, ideas: int = 1, is_passing: bool = True, budget: Any = None) -> Market:
    """Deploy; the vote about round 1's ideas is open, and idea 1 passes."""
    scene = outcomes.deploy(budget=budget)
    world, by = scene.core, {"from": accounts[0]}
    contract = containers().Forecasts.deploy(world.escrow.manager, scene.outcomes, START, by)
    for who in accounts[2:6]:
        world.escrow.token.approve(contract, 2**255, {"from": who})
    world.board.to_posting(1)
    for _ in range(ideas):
        world.board.post(accounts[8], ask=ASK, lead=accounts[4], duration=outcomes.DURATION)
    world.board.to_vote(1)
    if is_passing:
        world.board.vote(accounts[8], [3], 1)
    return Market(scene, contract)
