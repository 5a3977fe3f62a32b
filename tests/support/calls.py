"""Calls and views of a deployment's contracts, by the names of the contracts."""

from __future__ import annotations

from typing import Any

from dmo.core import abi
from dmo.core.calls import Call, make_call
from dmo.home.deployment import Dmo

ZERO = "0x" + "00" * 20


def call(dmo: Dmo, contract: str, function: str, *arguments: Any, value: int = 0) -> Call:
    """A call of one of the deployment's contracts."""
    at = dmo.address(contract)
    return make_call(contract, at, function, arguments, f"{contract}.{function}", value)


def allow(dmo: Dmo, amount: int, spender: str = "CampaignEscrow") -> Call:
    """Let one of the contracts take budget tokens."""
    arguments = [dmo.address(spender), amount]
    return make_call("ERC20", dmo.budget_address, "approve", arguments, "Allow")


def balance(dmo: Dmo, account: str) -> int:
    """What an account holds of the budget token."""
    return int(dmo.chain.call("ERC20", dmo.budget_address, "balanceOf", account))


def record(dmo: Dmo, contract: str, function: str, *arguments: Any) -> Any:
    """What a view of one of the contracts answers, by name."""
    return abi.named(contract, function, dmo.read(contract, function, *arguments))


def idea(
    digest: bytes, ask: int, duration: int, fee_bps: int = 0, builds_on: tuple[int, int] = (0, 0)
) -> tuple[Any, ...]:
    """An idea as the board takes it: ask in units of the budget token, duration in seconds."""
    return (digest, ask, ZERO, duration, fee_bps, *builds_on)


def bounty(campaign: int, reward: int, bond: int, submit_by: int, slots: int, brief: bytes) -> tuple[Any, ...]:
    """A bounty as the escrow takes it: amounts in units of the budget token."""
    return (campaign, reward, bond, submit_by, slots, False, ZERO, brief)
