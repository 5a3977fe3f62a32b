"""What test_wrapper.py claims of a token that is wrapped into votes. 50 of 100 tokens move."""

from __future__ import annotations

from tests.support.claims import EVERY, NO_PART, PAYEES, SUPPORTED, WITHOUT_WORDS, harmless, refused

FALSE = refused("SafeERC20FailedOperation", "token")
PAUSED = refused("HostileTokenPaused")
BLOCKED = refused("HostileTokenBlocked", "owner")
BURNT = refused(WITHOUT_WORDS, text="all gas is gone")
SILENT = refused(WITHOUT_WORDS, text="another receiver is paid")

CLAIMS = {
    "wrap into votes": {
        EVERY: SUPPORTED,
        "returns false": FALSE,
        "lies": refused("VotesWrapperUnsupportedToken", 0, 50),
        "fee": refused("VotesWrapperUnsupportedToken", 25, 50),
        "late fee": refused("VotesWrapperUnsupportedToken", 25, 50),
        "fee on top": harmless("who wraps bears the fee", owner=-25),
        "blocks": BLOCKED,
        "pauses": PAUSED,
        "burns gas": BURNT,
        **dict.fromkeys(PAYEES, NO_PART),
    },
    "unwrap": {
        EVERY: SUPPORTED,
        "returns false": FALSE,
        "lies": harmless("burnt, and stays in the wrapper", owner=-50, short=-50),
        "fee": refused("ERC20InsufficientBalance", "owner", 0, 50, text="nobody could wrap"),
        "late fee": harmless("who unwraps bears the fee", owner=-25),
        "fee on top": harmless("the wrapper bears the fee: who unwraps last lacks it", short=25),
        "blocks": BLOCKED,
        "pauses": PAUSED,
        "burns gas": BURNT,
        "rebases down": refused("ERC20InsufficientBalance", "wrapper", 0, 50, text="the votes stay"),
        "payee refuses": SILENT,
        "payee burns gas": SILENT,
        "payee returns a bomb": SUPPORTED,
    },
}
