"""Board, escrow and points as one: what a round costs with the escrow's part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brownie import accounts

from tests.support import boards, clock
from tests.support.campaigns import World as Escrow
from tests.support.campaigns import deploy_world
from tests.support.governance import containers
from tests.support.models.board import Calendar

UNIT = 10**6
FUNDER = 1


@dataclass
class Core:
    """A board whose rounds fund campaigns of a real escrow.

    Attributes:
        board: World of the board; its escrow is the real one.
        escrow: World of the escrow.
    """

    board: boards.World
    escrow: Escrow

    def settle(self, number: int, ranked: list[int]) -> Any:
        """Settle a round with the ideas that pass, in the order that the board wants."""
        return self.board.board.settle(number, ranked, 0, {"from": self.escrow.stranger})


def deploy(voters: dict[str, int], cap: int, budget: Any = None) -> Core:
    """Deploy; voters have so many whole tokens, the rest is the deployer's."""
    project, by = containers(), {"from": accounts[0]}
    budget = budget or project.Stablecoin.deploy("Dollar", "USD", 6, by)
    escrow = deploy_world(project, budget, UNIT)
    excluded = [escrow.treasury, escrow.escrow]
    token = project.HolderToken.deploy("Votes", "VOTE", boards.SUPPLY, accounts[0], excluded, by)
    token.transferBatch(list(voters), [whole * boards.UNIT for whole in voters.values()], by)
    origin = clock.now() + boards.HOLDING + boards.DAY
    frame = (origin, boards.LENGTH, boards.HOLDING, 0, 0)
    rules = (cap, boards.PASSING_BPS, boards.POSTING_BPS)
    board = project.IdeaBoard.deploy(escrow.manager, token, escrow.escrow, excluded, frame, rules, by)
    escrow.manager.grantRole(FUNDER, board, 0, by)
    people = {"deployer": accounts[0], "stranger": escrow.stranger}
    world = boards.World(board, token, escrow.escrow, escrow.manager, Calendar(origin, boards.LENGTH), people)
    return Core(world, escrow)
