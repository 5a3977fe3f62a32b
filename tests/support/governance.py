"""Deploy a small DAO and drive its proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from brownie import project, web3

from tests.support.clock import pass_time, reach

WAD = 10**18
DAY = 86_400
AGAINST, FOR, ABSTAIN = 0, 1, 2
PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, EXPIRED, EXECUTED = range(8)

SUPPLY = 1_000_000 * WAD
TIMELOCK_SECONDS = 2 * DAY
VOTING_DELAY_SECONDS = DAY
VOTING_PERIOD_SECONDS = 5 * DAY
LATE_QUORUM_SECONDS = DAY
PROPOSAL_THRESHOLD_BPS = 100
QUORUM_BPS = 1_000
HOLDING_SECONDS = 3 * DAY
LIFE_SECONDS = 30 * DAY
PROPOSAL_FLOOR = 1_000 * WAD
QUORUM_FLOOR = 10_000 * WAD

# Whole tokens of the DAO of `deploy_dao`; 650,000 of them are votable.
HOLDINGS = {"ann": 300_000, "ben": 200_000, "cem": 100_000, "dee": 50_000}
TREASURY_TOKENS = 300_000
ESCROW_TOKENS = 50_000
VOTABLE = 650_000 * WAD


def containers() -> Any:
    """Return the loaded project, whose attributes are the contract containers."""
    return project.get_loaded_projects()[0]


def settings(**changes: int) -> tuple[int, ...]:
    """Return the governor's Settings struct: the defaults above with changes by field name."""
    fields = {
        "votingDelaySeconds": VOTING_DELAY_SECONDS,
        "votingPeriodSeconds": VOTING_PERIOD_SECONDS,
        "lateQuorumSeconds": LATE_QUORUM_SECONDS,
        "proposalThresholdBps": PROPOSAL_THRESHOLD_BPS,
        "quorumBps": QUORUM_BPS,
        "proposalFloor": PROPOSAL_FLOOR,
        "quorumFloor": QUORUM_FLOOR,
        "holdingSeconds": HOLDING_SECONDS,
    }
    unknown = changes.keys() - fields.keys()
    assert not unknown, unknown
    return tuple((fields | changes).values())


@dataclass(frozen=True)
class Proposal:
    """What the governor hashes into a proposal's id."""

    targets: tuple[str, ...]
    values: tuple[int, ...]
    calldatas: tuple[str, ...]
    description: str

    @property
    def by_text(self) -> tuple[Any, ...]:
        """Arguments of `propose`."""
        return (self.targets, self.values, self.calldatas, self.description)

    @property
    def by_hash(self) -> tuple[Any, ...]:
        """Arguments of `queue`, `execute` and `cancel`."""
        return (*self.by_text[:3], web3.keccak(text=self.description).hex())


def hold() -> int:
    """Let what was transferred count as a weight: one holding period passes; returns the time now."""
    return pass_time(HOLDING_SECONDS + 2)


def proposal(*actions: tuple[Any, str], description: str = "A proposal") -> Proposal:
    """Build a proposal from (contract, calldata) pairs that send no value."""
    return Proposal(
        tuple(str(target) for target, _ in actions),
        (0,) * len(actions),
        tuple(data for _, data in actions),
        description,
    )


def bitmap(*states: int) -> str:
    """A set of states as the governor's errors tell it."""
    return "0x" + sum(1 << state for state in states).to_bytes(32, "big").hex()


@dataclass(frozen=True)
class Dao:
    """A votes token, its governor and treasury."""

    token: Any
    timelock: Any
    governor: Any
    excluded: tuple[str, ...]

    def propose(self, what: Proposal, proposer: Any) -> int:
        """Propose; returns the proposal's id."""
        return int(self.governor.propose(*what.by_text, {"from": proposer}).return_value)

    def open_vote(self, proposal_id: int) -> int:
        """Move the clock to the first second of voting."""
        return reach(self.governor.proposalSnapshot(proposal_id) + 1)

    def close_vote(self, proposal_id: int) -> int:
        """Move the clock to the first second after voting."""
        return reach(self.governor.proposalDeadline(proposal_id) + 1)

    def queue(self, what: Proposal, proposal_id: int, sender: Any) -> None:
        """Queue in the timelock and wait until it may be executed."""
        self.governor.queue(*what.by_hash, {"from": sender})
        reach(self.governor.proposalEta(proposal_id))

    def pass_to_execution(self, what: Proposal, proposer: Any, voters: Sequence[Any]) -> int:
        """Propose, vote for, queue; what is left is to execute. Returns the proposal's id."""
        proposal_id = self.propose(what, proposer)
        self.open_vote(proposal_id)
        for voter in voters:
            self.governor.castVote(proposal_id, FOR, {"from": voter})
        self.close_vote(proposal_id)
        self.queue(what, proposal_id, proposer)
        return proposal_id

    def enact(self, what: Proposal, proposer: Any, voters: Sequence[Any]) -> Any:
        """Take a proposal through its whole life; returns the transaction of `execute`."""
        self.pass_to_execution(what, proposer, voters)
        return self.governor.execute(*what.by_hash, {"from": proposer})


def deploy_treasury(
    deployer: Any, token: Any, governor: Any, excluded: Sequence[Any], delay: int = TIMELOCK_SECONDS
) -> Any:
    """Deploy a treasury in which one account schedules, cancels and executes; the delay in seconds."""
    return containers().Treasury.deploy(delay, [governor], [governor], token, excluded, {"from": deployer})


def deploy_governor(
    deployer: Any, token: Any, *, escrow: Any, treasury_nonce: int | None = None, **changes: int
) -> Dao:
    """Deploy treasury and governor for a token; the governor alone has roles in the treasury.

    Args:
        deployer: The account.
        token: The votes token.
        escrow: The second excluded account.
        treasury_nonce: Asserted to be the deployer's nonce, where the token foresaw the treasury.
        changes: Settings by name.
    """
    nonce = deployer.nonce
    assert treasury_nonce in (None, nonce)
    governor = deployer.get_deployment_address(nonce + 1)
    excluded = (deployer.get_deployment_address(nonce), str(escrow))
    timelock = deploy_treasury(deployer, token, governor, excluded)
    assert timelock == excluded[0]
    deployed = containers().HolderGovernor.deploy(token, timelock, excluded, settings(**changes), {"from": deployer})
    assert deployed.address == governor
    return Dao(token, timelock, deployed, excluded)


def deploy_dao(deployer: Any, holders: dict[str, Any], escrow: Any, **changes: int) -> Dao:
    """Deploy a HolderToken with its governor and spread it as in HOLDINGS."""
    nonce = deployer.nonce
    treasury = deployer.get_deployment_address(nonce + 1)
    token = containers().HolderToken.deploy("Holder", "HOLD", SUPPLY, deployer, [treasury, escrow], {"from": deployer})
    dao = deploy_governor(deployer, token, escrow=escrow, treasury_nonce=nonce + 1, **changes)
    token.transferBatch(
        [*(holders[name] for name in HOLDINGS), treasury, escrow],
        [amount * WAD for amount in (*HOLDINGS.values(), TREASURY_TOKENS, ESCROW_TOKENS)],
        {"from": deployer},
    )
    hold()
    return dao


def plain_dao(deployer: Any, holder: Any, escrow: Any) -> Dao:
    """Deploy a DAO over a votes token that somebody else wrote: 40 % are the holder's, the rest the treasury's."""
    token = containers().PlainVotesToken.deploy(True, {"from": deployer})
    dao = deploy_governor(deployer, token, escrow=escrow)
    token.mint(holder, 400_000 * WAD, {"from": deployer})
    token.mint(dao.timelock, 600_000 * WAD, {"from": deployer})
    token.delegate(holder, {"from": holder})
    hold()
    return dao
