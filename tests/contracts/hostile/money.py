"""What test_money.py claims of each act on a campaign's money, for each token and payee."""

from __future__ import annotations

from fractions import Fraction

from tests.support.claims import EVERY, NO_PART, PAYEES, SUPPORTED, WITHOUT_WORDS, Claim, harmless, refused

FALSE = refused("SafeERC20FailedOperation", "token")
PAUSED = refused("HostileTokenPaused")
BURNT = refused(WITHOUT_WORDS, text="all gas is gone")
SHRUNK = "until somebody sends the escrow what it lacks"
GONE = {"24 decimals": refused("CampaignEscrowTooManyDecimals", 24, 18)}  # there is no such escrow
ONLY_GIVES = dict.fromkeys(PAYEES, NO_PART)
INSIDE = {EVERY: SUPPORTED, **GONE}  # no token moves
LIE = "booked as paid, and stays in the escrow"


def waits(**amounts: int) -> Claim:
    """What cannot be delivered becomes a credit."""
    less = {who: -amount for who, amount in amounts.items()}
    owed = {f"{who}_credit": amount for who, amount in amounts.items()}
    return harmless("becomes a credit", **less, **owed)


def halved(text: str, **amounts: int) -> Claim:
    return harmless(text, **{who: Fraction(-amount, 2) for who, amount in amounts.items()})


def money_in(payer: str, to: str) -> dict[str, Claim]:
    """100 tokens that somebody gives."""
    half = halved("booked is what arrives", **{to: 100})
    return {
        EVERY: SUPPORTED,
        "returns false": FALSE,
        "lies": refused("CampaignEscrowZeroAmount"),
        "fee": half,
        "late fee": half,
        "fee on top": halved("who gives bears the fee", **{payer: 100}),
        "blocks": refused("HostileTokenBlocked", payer),
        "pauses": PAUSED,
        "burns gas": BURNT,
        **GONE,
        **ONLY_GIVES,
    }


def money_out(hit: str, **amounts: int) -> dict[str, Claim]:
    """Payments that may fail; ``hit`` is the payee who is hostile, or blocked."""
    half = halved("who is paid bears the fee", **amounts)
    all_wait, one_waits = waits(**amounts), waits(**{hit: amounts[hit]})
    total = sum(amounts.values())
    return {
        EVERY: SUPPORTED,
        "returns false": all_wait,
        "lies": harmless(LIE, **{who: -amount for who, amount in amounts.items()}, short=-total),
        "fee": half,
        "late fee": half,
        "fee on top": harmless("the escrow bears the fee, and lacks it in the end", short=Fraction(total, 2)),
        "blocks": one_waits,
        "pauses": all_wait,
        "burns gas": all_wait,
        "rebases down": all_wait,
        **dict.fromkeys(("payee refuses", "payee burns gas", "payee returns a bomb"), one_waits),
        **GONE,
    }


def money_asked(hit: str, amount: int) -> dict[str, Claim]:
    """Tokens that somebody fetches: what cannot be delivered is refused, and stays."""
    half = halved("who is paid bears the fee", **{hit: amount})
    return {
        EVERY: SUPPORTED,
        "returns false": FALSE,
        "lies": harmless(LIE, **{hit: -amount}, short=-amount),
        "fee": half,
        "late fee": half,
        "fee on top": harmless("the escrow bears the fee, and lacks it in the end", short=Fraction(amount, 2)),
        "blocks": refused("HostileTokenBlocked", hit),
        "pauses": PAUSED,
        "burns gas": BURNT,
        "rebases down": refused("ERC20InsufficientBalance", "escrow", 0, amount, text=SHRUNK),
        "payee refuses": refused(WITHOUT_WORDS, text="another receiver is paid"),
        "payee burns gas": BURNT,
        **GONE,
    }


STAKES = {
    **money_in("worker", ""),
    "lies": refused("CampaignEscrowBondShort", 0, 10),
    "fee": harmless("more has to be sent", "CampaignEscrowBondShort", worker=-40),
    "late fee": harmless("more has to be sent", "CampaignEscrowBondShort", worker=-40),
    "fee on top": harmless("who stakes bears the fee", worker=-20),
}
UNDELIVERED = refused("CampaignEscrowNotDelivered", "worker", 110)
KEPT = ("returns false", "blocks", "pauses", "burns gas", "rebases down")
KEPT_FROM = ("payee refuses", "payee burns gas", "payee returns a bomb")

CLAIMS = {
    "deposit into the pool": money_in("governance", "pool"),
    "fund a campaign": INSIDE,
    "top up": money_in("giver", "gifts"),
    "submit, challenge, contest, uphold": STAKES,
    "pay": money_out("worker", worker=100, other=10),
    "pay in a batch": money_out("worker", worker=110, other=220),
    "pay jurors": money_out("worker", worker=4, board=1),
    "withdraw a credit": money_asked("other", 110),
    "deliver a credit": {**money_asked("worker", 110), **dict.fromkeys((*KEPT, *KEPT_FROM), UNDELIVERED)},
    "let a credit expire": INSIDE,
    "release, reclaim": INSIDE,
    "release after a dispute": money_out("worker", worker=15),
    "close, with a former lead": money_out("stranger", stranger=100),
    "withdraw from the pool": money_asked("treasury", 100),
}
