"""A DMO whose campaigns have outcomes: real board, escrow and desk, and an arbitrator that rules as it is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from brownie import accounts

from tests.support import boards, clock, core
from tests.support.boards import ASK, DAY, yes
from tests.support.campaigns import ARBITRATION, CHALLENGE, terms
from tests.support.governance import containers

ONE = 1_000_000
DURATION = 30 * DAY
BOND = ASK // 10
"""The desk's stake over the ask: 10 %."""
EVIDENCE, STATEMENT, META = (hashlib.sha256(text).digest() for text in (b"evidence", b"statement", b"meta"))
STATES = ("None", "Pending", "Final", "Void")


@dataclass
class Scene:
    """Reporter, challenger, lead, giver and stranger are accounts 2 to 5 and 6.

    Attributes:
        core: Board and escrow.
        outcomes: The contract.
        arbitrator: Who rules; a HostileArbitrator, which does as it is told.
        campaign: The campaign of round 1's only idea.
    """

    core: core.Core
    outcomes: Any
    arbitrator: Any
    campaign: int = 0

    @property
    def token(self) -> Any:
        """The budget token."""
        return self.core.escrow.token

    def window(self, campaign: int = 0) -> tuple[int, int]:
        """When reports begin and have ended, Unix seconds."""
        begins, ends = self.outcomes.windowOf(campaign or self.campaign)
        return int(begins), int(ends)

    def fund(self, number: int = 1, **changes: Any) -> int:
        """Have one idea of a round funded; returns its campaign."""
        board = self.core.board
        board.to_posting(number)
        board.post(accounts[8], **{"ask": ASK, "lead": accounts[4], "duration": DURATION, **changes})
        board.to_vote(number)
        board.vote(accounts[8], [yes(1)], number)
        board.to_settlement(number)
        self.campaign = int(self.core.settle(number, [1]).events["IdeaFunded"]["campaign"])
        return self.campaign

    def to_reports(self) -> None:
        """Let reports begin."""
        clock.reach(self.window()[0])

    def report(self, ppm: int = 600_000, by: Any = None, campaign: int = 0) -> Any:
        """Report an outcome; returns the transaction."""
        return self.outcomes.report(campaign or self.campaign, ppm, EVIDENCE, {"from": by or accounts[2]})

    def challenge(self, report: int, by: Any = None, amount: int = 0, **more: Any) -> Any:
        """Challenge a report; returns the transaction."""
        return self.outcomes.challenge(report, STATEMENT, {"from": by or accounts[3], "amount": amount, **more})

    def disputed(self, ppm: int = 600_000) -> tuple[int, int]:
        """A challenged report: its id, and its dispute's."""
        report = self.report(ppm).return_value
        return report, self.challenge(report).return_value

    def felled(self) -> int:
        """A report that two friends had fall; returns its id."""
        report, dispute = self.disputed()
        self.arbitrator.rule(dispute, 2, {"from": accounts[6]})
        return report

    def state(self, campaign: int = 0) -> tuple[str, int, str]:
        """State by its name, ppm, and the lead."""
        state, ppm, lead = self.outcomes.outcomeOf(campaign or self.campaign)
        return STATES[state], int(ppm), str(lead)

    def owed(self, *who: Any) -> list[int]:
        """What accounts can fetch, in units."""
        return [int(self.outcomes.owedOf(one)["amount"]) for one in who]

    def held(self) -> int:
        """What the contract holds, in units."""
        return int(self.token.balanceOf(self.outcomes))


def deploy(*, budget: Any = None, arbitrator: Any = None, **changes: Any) -> Scene:
    """Deploy; account 8 has half of the votes.

    Args:
        arbitrator: Who arbitrates; a HostileArbitrator if none is named.
        changes: To the terms of campaigns.
    """
    has, by = containers(), {"from": accounts[0]}
    world = core.deploy({str(accounts[8]): 500_000}, boards.CAP, budget)
    world.escrow.fill(10 * boards.CAP)
    ruler = arbitrator or has.HostileArbitrator.deploy(by)
    if arbitrator is None:
        ruler.setNextID(1, by)
    told = {"arbitrator": ruler, "paysJurors": True, **changes}
    world.escrow.desk.setTerms(terms(**told), by)
    outcomes = has.Outcomes.deploy(world.board.board, world.escrow.treasury, META, by)
    for who in accounts[2:6]:
        world.escrow.mint(who, 100 * ASK)
        world.escrow.token.approve(outcomes, 2**255, {"from": who})
    return Scene(world, outcomes, ruler)


__all__ = ["ARBITRATION", "BOND", "CHALLENGE", "ONE", "Scene", "deploy"]
