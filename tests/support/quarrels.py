"""People of a stage who quarrel about work: a funded campaign, verdicts, disputes, rulings."""

from __future__ import annotations

from collections.abc import Mapping

from dmo.capabilities.disputes import Dispute, dispute
from dmo.capabilities.ends import Ruling
from dmo.core.sender import KeySender
from dmo.home.salts import Secret
from tests.support.calls import allow, bounty, call, idea, record
from tests.support.cli_chain import DAY, Stage

DIGEST, OTHER, SALT = b"\x11" * 32, b"\x22" * 32, b"\x33" * 32
USD = 10**6
REWARD, BOND = 100 * USD, 10 * USD
IDEA = idea(DIGEST, 900 * USD, 21 * DAY, 1_000)
JURORS = {"bob": Ruling.PAY, "carol": Ruling.PAY}


class Quarrels:
    """Alice leads, dave works, bob and carol are jurors; a stake, and a worker's bond, is a tenth of the reward.

    Args:
        stage: A stage whose pool is filled.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.dmo = stage.dmo
        self.people = {name: KeySender(stage.chain, one) for name, one in stage.keys.items()}

    def send(self, who: str, contract: str, function: str, *arguments: object) -> None:
        """Call one of the contracts as somebody."""
        self.people[who].send(call(self.dmo, contract, function, *arguments))

    def fund(self) -> None:
        """Fund campaign 1 at the beginning of round 3, and post its bounty of eight slots."""
        stage = self.stage
        stage.round_starts(1)
        self.send("alice", "IdeaBoard", "post", IDEA)
        stage.round_starts(2)
        self.send("alice", "IdeaBoard", "castBallot", 1, [1], [])
        stage.round_starts(3)
        self.send("alice", "IdeaBoard", "settle", 1, [1], 0)
        until = record(self.dmo, "CampaignEscrow", "campaignOf", 1)["ends_at"]
        offer = bounty(1, REWARD, BOND, until, 8, DIGEST)
        self.send("alice", "CampaignEscrow", "postBounty", offer)

    def allow(self, who: str, amount: int) -> None:
        """Let the escrow take somebody's budget tokens."""
        self.people[who].send(allow(self.dmo, amount))

    def submitted(self, worker: str = "dave") -> int:
        """Work in review; returns its number."""
        self.send(worker, "CampaignEscrow", "submitWork", 1, DIGEST, [], BOND)
        return int(self.dmo.read("CampaignEscrow", "counts")[2])

    def rejected(self, worker: str = "dave") -> int:
        """Rejected work; returns its number."""
        number = self.submitted(worker)
        self.send("alice", "CampaignEscrow", "rejectWork", number, DIGEST, OTHER)
        return number

    def accepted(self, worker: str = "dave") -> int:
        """Accepted work; returns its number."""
        number = self.submitted(worker)
        self.send("alice", "CampaignEscrow", "acceptWork", number, DIGEST)
        return number

    def disputed(self, number: int, opener: str = "dave", rulings: Mapping[str, Ruling] = JURORS) -> Dispute:
        """Let the opener contest a rejection, which its lead upholds, and jurors commit."""
        self.send(opener, "DisputeDesk", "contest", number, BOND, DIGEST)
        self.allow("alice", BOND)
        self.send("alice", "DisputeDesk", "uphold", number, BOND, OTHER)
        one = dispute(self.stage.home(), number)
        its = (self.dmo.chain_id, one.arbitrator, one.dispute_id)
        for name, ruling in rulings.items():
            secret = Secret(*its, self.stage.address(name), ruling, SALT)
            self.send(name, "Jury", "commit", one.dispute_id, secret.committed)
        return one

    def revealed(self, one: Dispute, rulings: Mapping[str, Ruling] = JURORS) -> None:
        """Let jurors reveal, and time pass until the ruling counts."""
        self.stage.reach(max(one.commit_until, self.stage.chain.now() + 1))
        for name, ruling in rulings.items():
            who = self.stage.address(name)
            self.send("dave", "Jury", "reveal", one.dispute_id, who, ruling, SALT)
        self.stage.reach(one.reveal_until)
