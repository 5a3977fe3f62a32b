"""OpenZeppelin's contracts as they are, doing the same work: what ours are measured beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brownie import ZERO_ADDRESS

from tests.support.clock import pass_time, reach
from tests.support.governance import DAY, FOR, WAD, Proposal, containers, proposal

DELAY, PERIOD, TIMELOCK, QUORUM_PERCENT = DAY, 5 * DAY, 2 * DAY, 4
TEXT = "x" * 100


@dataclass
class Peer:
    """OpenZeppelin's votes token, Governor and timelock; the timelock holds budget tokens."""

    token: Any
    governor: Any
    treasury: Any

    def passed(self, what: Proposal, voters: list[Any]) -> dict[str, Any]:
        """Take a proposal through its life; returns the transactions, the votes in a list."""
        proposed = self.governor.propose(*what.by_text, {"from": voters[0]})
        number = proposed.return_value
        reach(self.governor.proposalSnapshot(number) + 1)
        votes = [self.governor.castVote(number, FOR, {"from": voter}) for voter in voters]
        reach(self.governor.proposalDeadline(number) + 1)
        queued = self.governor.queue(*what.by_hash, {"from": voters[0]})
        reach(self.governor.proposalEta(number))
        executed = self.governor.execute(*what.by_hash, {"from": voters[0]})
        return {"propose": proposed, "votes": votes, "queue": queued, "execute": executed}


def deploy(deployer: Any, voters: list[Any]) -> Peer:
    """Deploy; every voter has as many votes, delegated to itself, and one checkpoint."""
    by = {"from": deployer}
    token = containers().PlainVotesToken.deploy(True, by)
    for voter in voters:
        token.delegate(voter, {"from": voter})
        token.mint(voter, 100 * WAD, by)
    governor = deployer.get_deployment_address(deployer.nonce + 1)
    treasury = containers().TimelockController.deploy(TIMELOCK, [governor], [ZERO_ADDRESS], ZERO_ADDRESS, by)
    deployed = containers().PlainTreasuryGovernor.deploy(token, treasury, DELAY, PERIOD, QUORUM_PERCENT, by)
    assert deployed == governor
    pass_time(1)
    return Peer(token, deployed, treasury)


def payment(token: Any, to: Any, amount: int, text: str = TEXT) -> Proposal:
    """A proposal that pays tokens."""
    return proposal((token, token.transfer.encode_input(to, amount)), description=text)
