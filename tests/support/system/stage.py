"""Deploy a whole DMO as its users do, from a config that names no rule, and fund its first campaigns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from brownie import accounts, project, web3

from dmo.core.chain import Chain
from dmo.deploy.config import DeployConfig, load_config
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from dmo.home.deployment import Dmo
from tests.support.remote import Errors, Order, Remote, RemoteChain

ROOT = Path(__file__).resolve().parents[3]
DAY, UNIT, WAD = 86_400, 10**6, 10**18
NOBODY = "0x" + "00" * 20
# Whole votes of the people, whales to small fry; the rest is the treasury's.
VOTES = (220_000, 180_000, 150_000, 120_000, 100_000, 80_000, 60_000, 40_000)
POOL, SAVINGS, PURSE = 15_000 * UNIT, 5_000 * UNIT, 10_000 * UNIT
CONFIG = """
[network]
chain_id = {chain_id}
[token]
kind = "new"
name = "Harbour"
symbol = "HRB"
supply = "1,000,000"
holders = "holders.csv"
[budget]
mock = true
[rounds]
cap = "6,000"
[guardian]
address = "{guardian}"
"""
# Ideas of the first round: who leads, ask, share of the fee (bps), days.
IDEAS = ((0, 2_000 * UNIT, 1_000, 28), (3, 900 * UNIT, 3_000, 21), (6, 600 * UNIT, 0, 14), (2, 700 * UNIT, 1_500, 28))


def digest_of(*parts: object) -> bytes:
    """The digest of a document that nobody has to read."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).digest()


@dataclass(frozen=True)
class Stage:
    """The contracts by name, and everybody's address.

    Attributes:
        origin: When the first round began, Unix seconds.
        config: What was deployed.
        people: Accounts with votes and play money.
        deployer: Owns nothing any more; makes play money and stops its transfers.
    """

    chain: RemoteChain
    contracts: dict[str, Remote]
    config: DeployConfig
    origin: int
    people: tuple[str, ...]
    deployer: str
    guardian: str

    def send(self, by: str, contract: str, function: str, *arguments: Any) -> None:
        """Do it in the next second."""
        its = self.contracts[contract]
        self.chain.send(Order(by, its.address, its.data(function, *arguments)), self.chain.now + 1)

    def ask(self, contract: str, function: str, *arguments: Any, skip: int = 0) -> list[int]:
        return self.chain.words(self.contracts[contract], function, *arguments, skip=skip)


def deploy_stage(folder: Path) -> Stage:
    """Deploy, fill the pool, and go to the moment in round 3 when the first campaigns have begun."""
    has, people = project.get_loaded_projects()[0], [account.address for account in accounts[1:9]]
    deployer, guardian = accounts[0].address, accounts[9].address
    node = Chain.connect(web3.provider.endpoint_uri, web3.eth.chain_id)
    rows = "".join(f"{who},{votes}\n" for who, votes in zip(people, VOTES, strict=True))
    (folder / "holders.csv").write_text(f"address,tokens\n{rows}")
    file = folder / "harbour.toml"
    file.write_text(CONFIG.format(chain_id=node.chain_id, guardian=guardian))
    book = DeployRun.prepare(node, file, deployer, ROOT, folder).send(UnlockedSender(node, deployer), is_rehearsed=True)
    dmo = Dmo.from_book("harbour", book, node)
    names = ("CampaignEscrow", "DisputeDesk", "IdeaBoard", "Jury", "Reputation", "HolderGovernor", "Treasury")
    deployed = [(name, dmo.address(name)) for name in names]
    deployed += [("Stablecoin", dmo.budget_token.address), ("HolderToken", dmo.votes_token.address)]
    remotes = {name: Remote(SimpleNamespace(address=at, abi=getattr(has, name).abi)) for name, at in deployed}
    remotes["EscrowProbe"] = Remote(has.EscrowProbe.deploy({"from": accounts[0]}))
    errors = Errors(getattr(has, name).abi for name, _ in deployed)
    chain = RemoteChain(errors)
    origin = chain.words(remotes["IdeaBoard"], "frame")[0]
    stage = Stage(chain, remotes, load_config(file), origin, tuple(people), deployer, guardian)
    _fill(stage)
    _begin(stage)
    return stage


def _fill(stage: Stage) -> None:
    """Play money for all; the treasury pays into the pool and keeps some."""
    treasury, escrow = stage.contracts["Treasury"].address, stage.contracts["CampaignEscrow"].address
    web3.provider.make_request("anvil_impersonateAccount", [treasury])
    web3.provider.make_request("anvil_setBalance", [treasury, hex(WAD)])
    stage.send(stage.deployer, "Stablecoin", "mint", treasury, POOL + SAVINGS)
    stage.send(treasury, "Stablecoin", "approve", escrow, POOL)
    stage.send(treasury, "CampaignEscrow", "deposit", POOL)
    for who in stage.people:
        stage.send(stage.deployer, "Stablecoin", "mint", who, PURSE)
        stage.send(who, "Stablecoin", "approve", escrow, 2**255)


def _begin(stage: Stage) -> None:
    length = stage.config.rounds.length
    stage.chain.wait_until(stage.origin)
    for leads, ask, fee_bps, days in IDEAS:
        lead = stage.people[leads]
        stage.send(lead, "IdeaBoard", "post", (digest_of(leads), ask, lead, days * DAY, fee_bps, 0, 0))
    stage.chain.wait_until(stage.origin + length)
    for who in stage.people:
        stage.send(who, "IdeaBoard", "castBallot", 1, [*range(1, len(IDEAS) + 1)], [])
    stage.chain.wait_until(stage.origin + 2 * length)
    stage.send(stage.people[7], "IdeaBoard", "settle", 1, [*range(1, len(IDEAS) + 1)], 0)
    for campaign, (leads, ask, _, _) in enumerate(IDEAS, 1):
        post_bounty(stage, stage.people[leads], campaign, ask // 8, slots=4, until=stage.chain.now + 13 * DAY)


def post_bounty(stage: Stage, by: str, campaign: int, reward: int, *, slots: int, until: int) -> None:
    """A bounty of voted money, open to all, with the least bond."""
    params = (campaign, reward, 0, until, slots, False, NOBODY, digest_of("brief"))
    stage.send(by, "CampaignEscrow", "postBounty", params)


def shares_of(amount: int, payees: Sequence[tuple[str, int]]) -> dict[str, int]:
    """What each payee gets of an amount: prefix sums, rounded down."""
    got: dict[str, int] = {}
    before = 0
    for account, bps in payees:
        part = amount * (before + bps) // 10_000 - amount * before // 10_000
        got[account] = got.get(account, 0) + part
        before += bps
    return got
