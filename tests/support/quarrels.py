"""People of a stage who quarrel about work: a funded campaign, verdicts, disputes, rulings."""

from __future__ import annotations

from collections.abc import Mapping

from dmo.client import campaigns, disputes, escrow, ideas, tokens
from dmo.client.campaigns import BountyParams
from dmo.client.disputes import JuryCase, Ruling
from dmo.client.ideas import IdeaParams
from dmo.core.sender import KeySender
from tests.support.cli_chain import DAY, Stage

DIGEST, OTHER, SALT = b"\x11" * 32, b"\x22" * 32, b"\x33" * 32
USD = 10**6
REWARD, BOND = 100 * USD, 10 * USD
IDEA = IdeaParams(DIGEST, 900 * USD, 21 * DAY, 1_000)
JURORS = {"bob": Ruling.PAY, "carol": Ruling.PAY}


class Quarrels:
    """Alice leads, dave works, bob and carol are jurors; a dispute's bond is a tenth of the reward.

    Args:
        stage: A stage whose pool is filled.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.dmo = stage.dmo
        self.people = {name: KeySender(stage.chain, one) for name, one in stage.keys.items()}

    def fund(self) -> None:
        """Fund campaign 1 at the beginning of round 3, and post its bounty of eight slots."""
        stage, lead = self.stage, self.people["alice"]
        stage.round_starts(1)
        lead.send(ideas.post(self.dmo, IDEA))
        stage.round_starts(2)
        lead.send(ideas.cast_ballot(self.dmo, 1, [ideas.Choice(1, True)]))
        stage.round_starts(3)
        lead.send(ideas.settle(self.dmo, 1, [1]))
        until = escrow.campaign(self.dmo, 1).ends_at
        bounty = BountyParams(1, REWARD, BOND, until, 8, DIGEST)
        lead.send(campaigns.post_bounty(self.dmo, bounty))

    def allow(self, who: str, amount: int) -> None:
        """Let the escrow take somebody's budget tokens."""
        safe = self.dmo.address("CampaignEscrow")
        self.people[who].send(tokens.approve(self.dmo.budget_token.address, safe, amount))

    def submitted(self, worker: str = "dave") -> int:
        """Work in review; returns its number."""
        self.people[worker].send(campaigns.submit_work(self.dmo, 1, DIGEST))
        return escrow.counts(self.dmo)[2]

    def rejected(self, worker: str = "dave") -> int:
        """Rejected work; returns its number."""
        number = self.submitted(worker)
        self.people["alice"].send(campaigns.reject_work(self.dmo, number, DIGEST, OTHER))
        return number

    def accepted(self, worker: str = "dave") -> int:
        """Accepted work; returns its number."""
        number = self.submitted(worker)
        self.people["alice"].send(campaigns.accept_work(self.dmo, number, DIGEST))
        return number

    def disputed(
        self, number: int, opener: str = "dave", rulings: Mapping[str, Ruling] = JURORS
    ) -> JuryCase:
        """Open a dispute about work, and let jurors commit."""
        asked = disputes.price(self.dmo, number)
        self.people[opener].send(disputes.open_dispute(self.dmo, asked, DIGEST))
        case = disputes.dispute(self.dmo, number).jury
        assert case is not None
        for name, ruling in rulings.items():
            juror = self.people[name]
            committed = disputes.commitment(self.dmo, case.id, juror.address, ruling, SALT)
            juror.send(disputes.commit_ruling(self.dmo, case.id, committed))
        return case

    def revealed(self, case: JuryCase, rulings: Mapping[str, Ruling] = JURORS) -> None:
        """Let jurors reveal, and time pass until the ruling can be handed over."""
        self.stage.reach(max(case.commit_until, self.stage.chain.now() + 1))
        for name, ruling in rulings.items():
            who = self.stage.address(name)
            self.people["dave"].send(disputes.reveal_ruling(self.dmo, case.id, who, ruling, SALT))
        self.stage.reach(case.reveal_until)
