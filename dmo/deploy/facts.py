"""What has to be known of the chain and of a new token's holders before a deployment is planned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain, Read
from dmo.core.errors import BadInput, NetworkError, Refused
from dmo.core.units import parse_amount
from dmo.deploy.config import LOCAL_CHAIN_ID, DeployConfig, NewToken, VotesToken
from dmo.home.deployment import shown_symbol
from dmo.home.holders import holders_table, read_holders

NEW_DECIMALS = POINTS_DECIMALS = 18
"""Decimals of a new votes token, and of points, whatever the budget token has."""
MOCK_DECIMALS, MOCK_SYMBOL = 6, "PLAY"
"""Decimals and symbol of the play-money stablecoin."""


@dataclass(frozen=True)
class TokenFacts:
    """A token. ``address`` is empty for one that is yet to be deployed; supply in units, of votes what can vote."""

    address: str
    symbol: str
    decimals: int
    supply: int


@dataclass(frozen=True)
class Facts:
    """The chain as it is before the first step."""

    chain_id: int
    genesis: str  # hash of its first block
    block: int  # its height
    now: int  # Unix seconds
    deployer: str
    nonce: int  # the deployer's, of the first step
    gas_price: int  # wei
    votes: TokenFacts  # for ``wrap`` the underlying one
    budget: TokenFacts
    ruling_seconds: int | None = None  # what another arbitrator says that it needs

    @property
    def is_live(self) -> bool:
        """Whether this is more than the local development chain."""
        return self.chain_id != LOCAL_CHAIN_ID

    def as_begun(self, first_nonce: int, supply: int) -> Self:
        """The same, with what was so when the deployment began."""
        return replace(self, nonce=first_nonce, votes=replace(self.votes, supply=supply))


def read_facts(chain: Chain, config: DeployConfig, deployer: str) -> Facts:
    """Read the chain; BadInput where a token or the arbitrator cannot be used."""
    chain.require(config.network.chain_id)
    block, token, campaigns, ruling_seconds = chain.block(), config.token, config.campaigns, None
    votes = TokenFacts("", getattr(token, "symbol", ""), NEW_DECIMALS, 0)
    budget = TokenFacts("", MOCK_SYMBOL, MOCK_DECIMALS, 0)
    if not isinstance(token, NewToken):
        votes = _token(chain, token.address, "token.address")
    if isinstance(token, VotesToken):
        mode = _ask(chain, "HolderToken", votes.address, "CLOCK_MODE") or "nothing"
        if mode != "mode=timestamp":
            raise words.bad("deploy_clock", "token.address", symbol=votes.symbol, address=votes.address, mode=mode)
    votes = replace(votes, supply=votable_supply(chain, config))
    if config.budget.token is not None:
        budget = _token(chain, config.budget.token, "budget.token")
        if budget.decimals > POINTS_DECIMALS:
            about = {"symbol": budget.symbol, "decimals": budget.decimals, "most": POINTS_DECIMALS}
            raise words.bad("deploy_decimals", "budget.token", **about)
    if campaigns.arbitrator is not None:
        extra = bytes.fromhex(campaigns.arbitrator_extra_data[2:])
        if _ask(chain, "Jury", campaigns.arbitrator, "arbitrationCost", extra) is None:
            raise words.bad("deploy_no_arbitrator", "campaigns.arbitrator", address=campaigns.arbitrator)
        ruling_seconds = _ask(chain, "Jury", campaigns.arbitrator, "rulingSeconds")
    return Facts(
        chain_id=chain.chain_id,
        genesis=chain.block(0).hash,
        block=block.number,
        now=block.timestamp,
        deployer=checksum(deployer),
        nonce=chain.nonce(deployer, pending=False),
        gas_price=int(chain.transport.request("eth_gasPrice", []), 16),
        votes=votes,
        budget=budget,
        ruling_seconds=ruling_seconds,
    )


def _ask(chain: Chain, contract: str, address: str, function: str, *arguments: Any) -> Any:
    """What a contract answers, or nothing where it does not."""
    try:
        return chain.call(contract, address, function, *arguments)
    except (Refused, NetworkError):
        return None


def _token(chain: Chain, address: str, field: str) -> TokenFacts:
    if not chain.code(address):
        raise words.bad("deploy_no_contract", field, address=address)
    symbol, decimals, supply = (_ask(chain, "ERC20", address, name) for name in ("symbol", "decimals", "totalSupply"))
    if decimals is None or supply is None:
        raise words.bad("deploy_no_token", field, address=address)
    # A few old tokens have no symbol, or one that is not text.
    return TokenFacts(checksum(address), shown_symbol(symbol) or "tokens", int(decimals), int(supply))


def votable_supply(chain: Chain, config: DeployConfig) -> int:
    """What of an existing token can vote, once it is all delegated or wrapped, in its units."""
    token = config.token
    if isinstance(token, NewToken):
        return 0
    held = "getVotes" if isinstance(token, VotesToken) else "balanceOf"
    reads = [Read("HolderToken", token.address, held, (one,)) for one in token.excluded]
    total, *kept = chain.read([Read("ERC20", token.address, "totalSupply"), *reads])
    return int(total - sum(kept))


def deposited(chain: Chain, escrow: str, tx: str | None) -> int:
    """What of a deposit arrived in the pool, in units of the budget token; 0 where there is none."""
    receipt = chain.receipt(tx) if tx else None
    found = chain.events_of(receipt, "CampaignEscrow", escrow, "PoolDeposited") if receipt else []
    return sum(one.arguments["amount"] for one in found)


def lent(chain: Chain, config: DeployConfig, excluded: Sequence[str]) -> dict[str, str]:
    """Whose votes an existing token has with somebody who may vote, or nobody: the delegate by excluded account.

    Such a token knows of no exclusion: what was never delegated counts as votable, what was delegated is voted with.
    """
    token = config.token
    if not isinstance(token, VotesToken):
        return {}
    held = {account: checksum(_ask(chain, "ERC20", token.address, "delegates", account)) for account in token.excluded}
    return {account: delegatee for account, delegatee in held.items() if delegatee not in excluded}


@dataclass(frozen=True)
class Holding:
    """An account and its tokens, in units of the token."""

    account: str
    amount: int


def read_holdings(token: NewToken, folder: Path, decimals: int) -> tuple[Holding, ...]:
    """Read the holders of a new token, from its section of the config or a file in the folder.

    BadInput where a row cannot be used, an account is named twice, or more is given than there is.
    """
    file = str(folder / token.holders) if isinstance(token.holders, str) else None
    try:
        if isinstance(token.holders, str):
            holders = list(read_holders(holders_table(folder / token.holders, decimals)))
        else:
            typed = ({"address": row.account, "tokens": parse_amount(row.tokens, decimals)} for row in token.holders)
            holders = list(read_holders(enumerate(typed, 1)))
    except BadInput as error:
        raise error.at(file, field="token.holders") from None
    if not holders:
        raise words.bad("deploy_no_holder", "token.holders").at(file)
    given, supply = sum(amount for _, _, amount in holders), parse_amount(token.supply, decimals)
    if given > supply:
        raise words.bad("deploy_holders_get", "token.supply", given=given, supply=supply).at(file)
    return tuple(Holding(holder, amount) for _, holder, amount in holders)


def batches(holdings: Sequence[Holding], size: int) -> list[tuple[Holding, ...]]:
    """Cut the list into batches of at most ``size``."""
    return [tuple(holdings[at : at + size]) for at in range(0, len(holdings), size)]
