"""A node that knows one campaign, its bounties and submissions, and what a home is told of them."""

from __future__ import annotations

from typing import Any

from dmo.capabilities.submissions import STATUSES
from dmo.core.abi.codec import checksum
from dmo.core.digests import digest
from tests.support import node as table
from tests.support.home import Told
from tests.support.node import ADDRESSES, Node, revert

ZERO = "0x" + "00" * 20
ALICE, BOB, CAROL = map(checksum, (table.ALICE, table.BOB, "0x" + "ca" * 19 + "33"))
DAYS = 86_400
R, A, C, D, N = (number * DAYS for number in (5, 3, 2, 7, 1))
UNIT = 10**6
BRIEF, LESSONS = b"\x07" * 32, b"\x08" * 32
EVIDENCE = """---
kind: evidence
title: On air
lang: en
worker: "{}"
files: []
disclosure: paid by Harbour
---

Every day.
"""


def evidence(worker: str = BOB) -> bytes:
    return EVIDENCE.format(worker).encode()


def funded(number: int = 1, lead: str = ALICE) -> Told:
    told = {"campaign": number, "round": 1, "number": number, "lead": lead, "ask": 1500 * UNIT}
    return "CampaignEscrow.CampaignFunded", {
        **told, "feeBps": 1000, "endsAt": 2_000_000, "termsId": 1,
    }  # fmt: skip


def posted(number: int, brief: bytes = BRIEF, reward: int = 300 * UNIT, bond: int = 0) -> Told:
    facts = (1, reward, bond, 1_900_000, 2, False, ZERO, brief)
    return "CampaignEscrow.BountyPosted", {"bounty": number, "campaign": 1, "facts": facts}


def handed(number: int, worker: str = BOB, found: bytes = b"", payees: Any = ()) -> Told:
    told = {"submission": number, "bounty": 1, "worker": worker, "payees": list(payees)}
    return "CampaignEscrow.WorkSubmitted", {**told, "evidence": digest(found or evidence())}


def ended(number: int, name: str = "WorkPaid") -> Told:
    return f"CampaignEscrow.{name}", {"submission": number, "campaign": 1, "reward": 5}


TERMS: Told = (
    "DisputeDesk.TermsSet",
    {"termsId": 1, "terms": ((R, A, C, D, N, 1000, 10 * UNIT), BOB, True, BRIEF, b"x")},
)
BASE = (TERMS, funded(), posted(1))


class Escrow(Node):
    """A node that knows one campaign, its bounties, and submissions by status."""

    def __init__(self, **statuses: str) -> None:
        super().__init__()
        self.statuses = {int(key[1:]): status for key, status in statuses.items()}
        self.pages: list[int] = []
        self.bounties_ = 1
        self.credits: dict[str, tuple[int, int, int]] = {}
        self.view("Lens", "campaigns", self.campaigns)
        self.view("Lens", "closable", lambda *_: ([], 0))
        self.view("Lens", "bounties", self.bounties)
        self.view("Lens", "submissions", self.submissions)
        self.blocked: set[str] = set()
        self.leads = dict.fromkeys(range(1, 60), ALICE)
        self.view("CampaignEscrow", "deliverCredit", self.deliver)
        case = (BOB, 9, 1, 0, False, False, False)
        self.view("DisputeDesk", "disputeOf", lambda number: (*case, self.leads[number], 0, 0, ZERO, *[0] * 5))
        self.view("ERC20", "balanceOf", lambda account: 10**12)
        self.view("ERC20", "allowance", lambda account, spender: 0)
        self.view("DisputeDesk", "verdictOf", lambda number: (False, False, 0))
        self.view("CampaignEscrow", "creditOf", lambda who: self.credits.get(who, (0, 0, 0)))
        self.view("ERC20", "decimals", lambda: 6)
        self.view("ERC20", "symbol", lambda: "PLAY")
        self.view("CampaignEscrow", "budgetToken", lambda: ADDRESSES["BudgetToken"])

    def deliver(self, account: str) -> Any:
        if account in self.blocked:
            raise revert("CampaignEscrowNotDelivered", account, 5, contract="CampaignEscrow")
        return ()

    @staticmethod
    def campaigns(start: int, count: int) -> Any:
        facts = (ALICE, 2_000_000, 1, 1, 0, False, 1500 * UNIT, 0, 1000, 1, 0, 0, 0, 0, 0, 0)
        return [(1, facts, 150 * UNIT, 0, 1350 * UNIT, 7 * UNIT, 3_000_000)][:count], 0

    def bounties(self, start: int, count: int) -> Any:
        rows = [
            (number, (300 * UNIT, 30 * UNIT, 1, 1_900_000, 1, False, ZERO), 1_900_000)
            for number in range(1, self.bounties_ + 1)
        ]
        return rows[start - 1 : start - 1 + count], 0

    def submissions(self, start: int, count: int) -> Any:
        self.pages.append(start)
        rows = []
        for number in range(start, min(start + count, max(self.statuses) + 1)):
            status = STATUSES.index(self.statuses.get(number, "done"))
            facts = (BOB, 1, 900_000, 1, 0, 0, False, digest(evidence()))
            rows.append((number, facts, status, 1_100_000, 30 * UNIT))
        return rows, 0
