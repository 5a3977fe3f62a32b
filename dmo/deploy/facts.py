"""What has to be known of the chain before a deployment is planned, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain
from dmo.core.errors import BadInput, NetworkError, Refused
from dmo.deploy.config import LOCAL_CHAIN_ID, Campaigns, DeployConfig, NewToken, VotesToken

__all__ = ["Facts", "TokenFacts", "read_facts"]

NEW_DECIMALS = 18
"""Decimals of a new votes token."""
POINTS_DECIMALS = 18
"""Decimals of points, whatever the budget token has."""
MOCK_DECIMALS = 6
"""Decimals of the play-money stablecoin."""
MOCK_SYMBOL = "PLAY"
"""Its symbol."""


@dataclass(frozen=True)
class TokenFacts:
    """A token. ``address`` is empty for one that is yet to be deployed; supply in token units."""

    address: str
    symbol: str
    decimals: int
    supply: int


@dataclass(frozen=True)
class Facts:
    """The chain as it is before the first step.

    Attributes:
        chain_id: The chain.
        genesis: Hash of its first block.
        block: Its height.
        now: Its clock, Unix seconds.
        deployer: Who sends.
        nonce: The deployer's nonce of the first step.
        balance: The deployer's money for gas, in wei.
        gas_price: In wei.
        votes: The token that is held; for ``wrap`` the underlying one.
        budget: The budget token.
    """

    chain_id: int
    genesis: str
    block: int
    now: int
    deployer: str
    nonce: int
    balance: int
    gas_price: int
    votes: TokenFacts
    budget: TokenFacts

    @property
    def is_live(self) -> bool:
        """Whether this is more than the local development chain."""
        return self.chain_id != LOCAL_CHAIN_ID

    def as_begun(self, first_nonce: int, supply: int) -> Facts:
        """The same, with what was so when the deployment began."""
        return replace(self, nonce=first_nonce, votes=replace(self.votes, supply=supply))


def read_facts(chain: Chain, config: DeployConfig, deployer: str) -> Facts:
    """Read the chain.

    Raises:
        WrongChain: The node serves another chain.
        BadInput: A token or the arbitrator cannot be used.
    """
    chain.require(config.network.chain_id)
    account, block, token = checksum(deployer), chain.block(), config.token
    if isinstance(token, NewToken):
        votes = TokenFacts("", token.symbol, NEW_DECIMALS, 0)
    else:
        votes = _token(chain, token.address, "token.address")
        if isinstance(token, VotesToken):
            _refuse_block_clock(chain, votes)
    if config.budget.token is None:
        budget = TokenFacts("", MOCK_SYMBOL, MOCK_DECIMALS, 0)
    else:
        budget = _token(chain, config.budget.token, "budget.token")
        if budget.decimals > POINTS_DECIMALS:
            raise BadInput(
                f"{budget.symbol} has {budget.decimals} decimals",
                expected=f"at most {POINTS_DECIMALS}, as points have",
                field="budget.token",
            )
    if config.campaigns.arbitrator is not None:
        _refuse_no_arbitrator(chain, config.campaigns)
    return Facts(
        chain_id=chain.chain_id,
        genesis=chain.block(0).hash,
        block=block.number,
        now=block.timestamp,
        deployer=account,
        nonce=chain.nonce(account, pending=False),
        balance=chain.balance(account),
        gas_price=int(chain.transport.request("eth_gasPrice", []), 16),
        votes=votes,
        budget=budget,
    )


def _token(chain: Chain, address: str, field: str) -> TokenFacts:
    if not chain.code(address):
        raise BadInput(
            f"there is no contract at {address}", expected="the address of a token", field=field
        )
    try:
        decimals = int(chain.call("ERC20", address, "decimals"))
        supply = int(chain.call("ERC20", address, "totalSupply"))
    except (Refused, NetworkError) as error:
        raise BadInput(
            f"the contract at {address} does not answer as a token",
            expected="an ERC-20 with decimals",
            field=field,
        ) from error
    try:
        symbol = str(chain.call("ERC20", address, "symbol"))
    except (Refused, NetworkError):
        symbol = "tokens"  # a few old tokens have none, or one that is not text
    return TokenFacts(checksum(address), symbol, decimals, supply)


def _refuse_no_arbitrator(chain: Chain, asked: Campaigns) -> None:
    address, extra = str(asked.arbitrator), bytes.fromhex(asked.arbitrator_extra_data[2:])
    try:
        chain.call("Jury", address, "arbitrationCost", extra)
    except (Refused, NetworkError) as error:
        raise BadInput(
            f"nothing at {address} tells what arbitration costs with these extra data",
            expected="an ERC-792 arbitrator; left out, the jury",
            field="campaigns.arbitrator",
        ) from error


def _refuse_block_clock(chain: Chain, token: TokenFacts) -> None:
    try:
        mode = str(chain.call("HolderToken", token.address, "CLOCK_MODE"))
    except (Refused, NetworkError):
        mode = "nothing"
    if mode != "mode=timestamp":
        raise BadInput(
            f"the clock of {token.symbol} at {token.address} says {mode!r}",
            expected='a token with CLOCK_MODE "mode=timestamp"; kind = "wrap" takes any ERC-20',
            field="token.address",
        )
