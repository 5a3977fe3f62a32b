"""What tests/scripts/test_hostile_tokens.py claims of the command line where token or payee misbehave."""

from __future__ import annotations

from tests.support.claims import EVERY, NO_PART, PAYEES, SUPPORTED, harmless, refused

ABROAD = dict.fromkeys(PAYEES, NO_PART)  # no payee has a part in it
TOLD = harmless("told where the pool is filled: of what was sent so much arrived")
LACKS = harmless("told: the escrow has less than it owes")
NOT_DUE = harmless("a credit that cannot be delivered now is not due")
NEVER = {"24 decimals": NO_PART}  # there is no such deployment

CLAIMS = {
    "deploy, as budget token": {
        EVERY: SUPPORTED,
        "fee": TOLD,
        "24 decimals": refused("deploy_decimals", text="18 at most"),
        **ABROAD,
    },
    "deploy, as the token that is wrapped": {EVERY: SUPPORTED, **ABROAD},
    "check": {EVERY: SUPPORTED, "fee": TOLD, "fee on top": LACKS, "rebases down": LACKS, **NEVER, **ABROAD},
    "status": {
        EVERY: SUPPORTED,
        **dict.fromkeys(("returns false", "blocks", "pauses", "burns gas", "rebases down"), NOT_DUE),
        **dict.fromkeys(("payee refuses", "payee burns gas", "payee returns a bomb"), NOT_DUE),
        **NEVER,
    },
    "lists": {EVERY: SUPPORTED, **NEVER},
}
