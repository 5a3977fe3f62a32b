"""A chain that is told, not run: blocks of a DMO's events, forks, and a Lens that answers at every block.

What happens is drawn by seed. Work has the stages of the escrow with short times, so that time alone changes much.
"""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Sequence
from typing import Any

from dmo.core import abi
from dmo.core.abi.codec import checksum, encode
from dmo.core.errors import NodeError
from dmo.core.records import Block
from tests.support import node
from tests.support.process_node import ProcessNode

BIRTH = 3
REVIEW, ANSWER, CHALLENGE = 60, 40, 30
SPACING = 2
NONE, SUBMITTED, ACCEPTED, REJECTED, CONTESTED, DISPUTED, DONE = range(7)
REVIEWING, IS_ACCEPTED, IS_REJECTED, IS_CONTESTED, IS_DISPUTED, PAYABLE, VOID, IS_DONE = range(1, 9)
ZERO = "0x" + "00" * 20
_EMPTY: dict[str, Any] = {
    "ideas": {},
    "campaigns": {},
    "bounties": {},
    "works": {},
    "proposals": 0,
    "entries": 0,
    "rounds": 0,
}
_FIXED = (REVIEW, ANSWER, CHALLENGE, 50, 60, 500, 10)
Told = tuple[str, str, dict[str, Any]]


MOST_ENTRIES = 3
"""Of brand and assets each."""


def status_of(stage: int, since: int, now: int) -> tuple[int, int]:
    """Status and until when, as the escrow tells them."""
    if stage in (REJECTED, CONTESTED):
        until = since + ANSWER
        after = (PAYABLE if stage == CONTESTED else VOID), 0
        return after if now >= until else ((IS_CONTESTED if stage == CONTESTED else IS_REJECTED), until)
    if stage in (NONE, DISPUTED, DONE):
        return {NONE: 0, DISPUTED: IS_DISPUTED, DONE: IS_DONE}[stage], 0
    until = since + (REVIEW if stage == SUBMITTED else 0)
    if now < until:
        return REVIEWING, until
    return (IS_ACCEPTED, until + CHALLENGE) if now < until + CHALLENGE else (PAYABLE, 0)


def account(number: int) -> str:
    return checksum(f"0x{0xACC0_0000 + number:040x}")


def digest(*parts: Any) -> bytes:
    return hashlib.sha256(repr(parts).encode()).digest()


class Chronicle(ProcessNode):
    """A node: heads, logs, and the Lens. ``host`` makes the index remember it."""

    host = "node.example"

    def __init__(self, seed: int = 0, limit: int | None = None, is_telling: bool = True) -> None:
        self.rnd = random.Random(seed)
        self.limit, self.is_telling = limit, is_telling
        self.asked = 0
        self.blocks: list[dict[str, Any]] = []
        self.on_logs: Any = None
        for _ in range(BIRTH):
            self.block([])
        self.block([("DisputeDesk", "TermsSet", {"termsId": 1, "terms": (_FIXED, account(9), True, digest(), b"x")})])

    # ── the chain ──

    def block(self, told: Sequence[Told]) -> None:
        first: dict[str, Any] = {"hash": "", "state": _EMPTY, "at": 1_000}
        number, parent = len(self.blocks), self.blocks[-1] if self.blocks else first
        its = "0x" + digest(parent["hash"], number, self.rnd.random()).hex()
        at = parent["at"] + SPACING
        logs = []
        for index, (contract, event, values) in enumerate(told):
            raw = node.log(contract, event, values, number, 2 * index)
            raw |= {"blockHash": its, "transactionHash": "0x" + digest(its, index).hex()}
            logs.append(raw | ({"blockTimestamp": hex(at)} if self.is_telling else {}))
        self.blocks.append({"hash": its, "at": at, "logs": logs, "state": parent["state"]})

    def grow(self, blocks: int, most: int = 3) -> None:
        """So many blocks, of up to so many events each."""
        for _ in range(blocks):
            state = {name: copy.copy(its) for name, its in self.blocks[-1]["state"].items()}
            at = self.blocks[-1]["at"] + SPACING
            told = [one for _ in range(self.rnd.randint(0, most)) for one in self.event(state, at)]
            self.block(told)
            self.blocks[-1]["state"] = state

    def fork(self, depth: int) -> None:
        del self.blocks[-min(depth, len(self.blocks) - BIRTH - 2) :]

    @property
    def head(self) -> Block:
        return Block.of(self.header(len(self.blocks) - 1))

    def header(self, number: int) -> dict[str, str] | None:
        if number >= len(self.blocks):
            return None
        one = self.blocks[number]
        return {"number": hex(number), "hash": one["hash"], "timestamp": hex(one["at"])}

    # ── what happens ──

    def event(self, state: dict[str, Any], at: int) -> list[Told]:
        """Something that can happen, and what it changes."""
        rnd = self.rnd
        works, bounties, campaigns = state["works"], state["bounties"], state["campaigns"]
        open_ = [number for number, one in works.items() if one["stage"] != DONE]
        choice = rnd.choice(["idea", "ballot", "fund", "move", "bounty", "work", "judge", "judge", "judge", "other"])
        if choice == "fund" and state["ideas"]:
            key, idea = rnd.choice(list(state["ideas"].items()))
            number = len(campaigns) + 1
            campaigns[number] = {"lead": account(number), "ends": at + 500, "ask": idea["ask"], "key": key}
            told = {"round": key[0], "number": key[1], "lead": account(number), "ask": idea["ask"], "feeBps": 500}
            funded = {"round": key[0], "number": key[1], "campaign": number, "ask": idea["ask"]}
            return [
                ("CampaignEscrow", "CampaignFunded", {"campaign": number, **told, "endsAt": at + 500, "termsId": 1}),
                ("IdeaBoard", "IdeaFunded", funded),
            ]
        if choice == "move" and campaigns:
            number = rnd.choice(list(campaigns))
            one = campaigns[number] = {**campaigns[number]}
            if rnd.random() < 0.5:
                one["ends"] = at + rnd.randint(10, 400)
                return [("CampaignEscrow", "CampaignEndMoved", {"campaign": number, "endsAt": one["ends"]})]
            former, one["lead"] = one["lead"], account(rnd.randint(50, 60))
            moved = {"campaign": number, "lead": one["lead"], "former": former, "booked": rnd.getrandbits(80)}
            return [("CampaignEscrow", "LeadReplaced", moved)]
        if choice == "bounty" and campaigns:
            number, campaign = len(bounties) + 1, rnd.choice(list(campaigns))
            one = {"campaign": campaign, "reward": rnd.getrandbits(100), "submitBy": at + 300}
            bounties[number] = one
            facts = (campaign, one["reward"], 5, one["submitBy"], 3, False, ZERO, digest("brief", number))
            return [("CampaignEscrow", "BountyPosted", {"bounty": number, "campaign": campaign, "facts": facts})]
        if choice == "work" and bounties:
            number, bounty = len(works) + 1, rnd.choice(list(bounties))
            one = {
                "bounty": bounty,
                "worker": account(100 + number),
                "stage": SUBMITTED,
                "since": at,
                "reworked": False,
            }
            works[number] = one | {"evidence": digest("work", number, at)}
            payees = [(account(1), 6_000), (account(2), 4_000)] if rnd.random() < 0.5 else []
            told = {"submission": number, "bounty": bounty, "worker": one["worker"], "payees": payees}
            return [("CampaignEscrow", "WorkSubmitted", {**told, "evidence": works[number]["evidence"]})]
        if choice == "judge" and open_:
            number = rnd.choice(open_)
            works[number] = {**works[number]}  # a block before this one has another
            return self.judged(number, works[number], at, bounties[works[number]["bounty"]]["campaign"])
        if choice == "idea":
            if rnd.random() < 0.2 and state["ideas"]:
                key, one = rnd.choice(list(state["ideas"].items()))
                return [("IdeaBoard", "IdeaWithdrawn", {"round": key[0], "number": key[1]})]
            key = 1 + len(state["ideas"]) // 7, 1 + len(state["ideas"]) % 7
            one = {
                "author": account(len(state["ideas"])),
                "ask": rnd.getrandbits(90),
                "digest": digest("idea", key, at),
            }
            state["ideas"][key] = one
            more = {"lead": one["author"], "durationSeconds": 500, "feeBps": 500, "buildsOnRound": 0}
            named = {"round": key[0], "number": key[1], "buildsOnNumber": 0, "replaces": 0, "version": 1}
            return [("IdeaBoard", "IdeaPosted", {**one, **more, **named})]
        if choice == "ballot":
            words = [rnd.getrandbits(200) for _ in range(rnd.randint(1, 3))]
            cast = {"voter": account(rnd.randint(0, 9)), "round": rnd.randint(1, 4), "votes": rnd.getrandbits(90)}
            return [("IdeaBoard", "BallotCast", {**cast, "words": words})]
        return self.other(state)

    def other(self, state: dict[str, Any]) -> list[Told]:
        """What concerns no work: rounds, proposals, points, rulings, texts."""
        rnd = self.rnd
        what = rnd.randint(0, 4)
        if what == 0:
            state["rounds"] += 1
            told = {"round": state["rounds"], "budget": rnd.getrandbits(80), "assigned": 7, "passing": 2, "funded": 1}
            return [("IdeaBoard", "RoundSettled", told)]
        if what == 1:
            state["proposals"] += 1
            number = int.from_bytes(digest("proposal", state["proposals"]), "big")
            lists = {"targets": [ZERO], "values": [5], "signatures": [""], "calldatas": [b"\1\2"]}
            times = {"voteStart": 5, "voteEnd": 9, "description": "Ein Vorschlag — «é»\n"}
            made = {"proposalId": number, "proposer": account(3), **lists, **times}
            return [
                ("HolderGovernor", "ProposalCreated", made),
                ("HolderGovernor", "ProposalQueued", {"proposalId": number, "etaSeconds": rnd.getrandbits(30)}),
            ]
        if what == 2:
            points = {"account": account(rnd.randint(0, 9)), "pointsWad": rnd.getrandbits(100), "countsFrom": 7}
            return [("Reputation", "PointsAwarded", points)]
        if what == 3:
            told = {
                "disputeID": rnd.randint(1, 9),
                "juror": account(rnd.randint(0, 3)),
                "ruling": 1,
                "weight": 2**255 + 1,
            }
            return [("Jury", "RulingRevealed", told)]
        text = bytes(rnd.choices(range(256), k=rnd.randint(0, 90)))
        told = [("DocumentLog", "DocumentPublished", {"digest": digest(text), "publisher": account(4), "text": text})]
        if state["entries"] < MOST_ENTRIES:
            number = state["entries"] = state["entries"] + 1
            its = {"parent": 0, "author": account(4), "until": 0, "digest": digest(text)}
            told.append(("ContentRegistry", "EntryAdded", {"entry": number, "kind": 1, **its}))
            told.append(("ContentRegistry", "AssetAdded", {"asset": number, "terms": 4, **its}))
        return told

    def worth(self) -> None:
        """A block of reports, bonuses, forecasts and drops: what the first campaign reached, and what hangs on it."""
        number, its = next(iter(self.blocks[-1]["state"]["campaigns"].items()))
        idea, report = {"round": its["key"][0], "number": its["key"][1]}, {"report": 1, "campaign": number}
        told = {**report, "reporter": account(4), "ppm": 620_000, "bond": 9, "lead": its["lead"]}
        drop = {"drop": 1, "creator": account(7), "token": account(8), "amount": 2**95, "startsAt": 9, "expiresAt": 99}
        self.block(
            [
                ("Outcomes", "OutcomeReported", {**told, "evidence": digest("reached")}),
                ("Drops", "DropCreated", {**drop, "root": digest("root"), "manifest": digest("manifest")}),
                ("Outcomes", "BonusOffered", {"campaign": number, "giver": account(5), "amount": 2**111}),
                (
                    "Forecasts",
                    "ForecastSponsored",
                    {**idea, "sponsor": account(6), "amount": 2**89, "depth": 2**91, "ppm": 500_000},
                ),
            ]
        )

    def judged(self, number: int, one: dict[str, Any], at: int, campaign: int) -> list[Told]:
        """The next thing that happens to work."""
        named, stage = {"submission": number}, one["stage"]
        status, _ = status_of(stage, one["since"], at)
        one["since"] = at
        if status == REVIEWING:
            one["stage"] = self.rnd.choice([ACCEPTED, REJECTED])
            judged = {**named, "lead": account(campaign), "evidence": one["evidence"]}
            if one["stage"] == ACCEPTED:
                return [("CampaignEscrow", "WorkAccepted", judged)]
            return [("CampaignEscrow", "WorkRejected", {**judged, "reason": digest("no", number)})]
        bond = {"bond": 12, "until": at + 70, "statement": digest("because", number)}
        if status == IS_REJECTED:
            if not one["reworked"] and self.rnd.random() < 0.4:
                one |= {"stage": SUBMITTED, "reworked": True, "evidence": digest("again", number, at)}
                return [("CampaignEscrow", "WorkReworked", {**named, "evidence": one["evidence"]})]
            one["stage"] = CONTESTED
            return [("DisputeDesk", "RejectionContested", {**named, "opener": one["worker"], **bond})]
        if status in (IS_ACCEPTED, IS_CONTESTED):
            one["stage"] = DISPUTED
            told = {**named, "by": account(7), "arbitrator": node.ADDRESSES["Jury"], "disputeID": number}
            return [("DisputeDesk", "DisputeOpened", {**told, "isChallenge": status == IS_ACCEPTED, **bond})]
        one["stage"] = DONE
        ended = {**named, "campaign": campaign, "reward": self.rnd.getrandbits(100)}
        if status == IS_DISPUTED:
            moved = (account(7), one["worker"], *range(10))
            settled = {**named, "ruling": 1, "isPaid": True, "settlement": moved}
            paid = {**named, "juror": account(3), "amount": 2}
            return [
                ("DisputeDesk", "DisputeSettled", settled),
                ("CampaignEscrow", "WorkPaid", ended),
                ("DisputeDesk", "JurorPaid", paid),
            ]
        return [("CampaignEscrow", "WorkReleased" if status == VOID else "WorkPaid", ended)]

    # ── the node ──

    def view(self, data: bytes, number: int) -> bytes:
        """What the Lens answers at a block."""
        function, asked = abi.decode_call("Lens", data)
        state, now = self.blocks[number]["state"], self.blocks[number]["at"]
        first, count = asked["from"], asked["count"]
        page: list[Any] = []
        if function == "submissions":
            for n in range(first, min(first + count, len(state["works"]) + 1)):
                one = state["works"][n]
                facts = (
                    one["worker"],
                    one["bounty"],
                    one["since"],
                    one["stage"],
                    0,
                    0,
                    one["reworked"],
                    one["evidence"],
                )
                page.append((n, facts, *status_of(one["stage"], one["since"], now), 10 + n))
        elif function == "campaigns":
            for n in range(first, min(first + count, len(state["campaigns"]) + 1)):
                one = state["campaigns"][n]
                head = (one["lead"], one["ends"], one["key"][0], 1, 0, False, one["ask"], 0, 500, one["key"][1])
                page.append((n, (*head, 0, 0, 0, 0, 0, 0), 0, 0, 0, 0, one["ends"] + 9))
        elif function == "bounties":
            for n in range(first, min(first + count, len(state["bounties"]) + 1)):
                one = state["bounties"][n]
                page.append((n, (one["reward"], 5, one["campaign"], one["submitBy"], 3, False, ZERO), one["submitBy"]))
        else:
            for n in range(first, first + count):
                if one := state["ideas"].get((asked["round"], n)):
                    idea = (one["digest"], one["author"], one["ask"], one["author"], 500, 500, 0, 0)
                    page.append((n, idea, (3, 2, 1, False, True)))
        return encode([field.kind for field in abi.entry("Lens", function).outputs], [page, 0])

    def answer(self, method: str, params: Sequence[Any]) -> Any:
        self.asked += 1
        if method == "eth_getBlockByNumber":
            last = len(self.blocks) - 1
            number = {"latest": last, "pending": last + 1, "finalized": max(last - 64, 0)}.get(params[0])
            return self.header(int(params[0], 16) if number is None else number)
        if method == "eth_call":
            if int(params[1], 16) >= len(self.blocks):
                return NodeError(method, "header not found", -32000)
            return "0x" + self.view(bytes.fromhex(params[0]["data"][2:]), int(params[1], 16)).hex()
        if method == "eth_chainId":
            return hex(31337)
        assert method == "eth_getLogs", method
        if self.on_logs is not None:
            run, self.on_logs = self.on_logs, None
            run()
        low, high = int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16)
        if self.limit and high - low + 1 > self.limit:
            return NodeError(method, f"at most {self.limit} blocks at once", -32614)
        return [raw for one in self.blocks[low : high + 1] for raw in one["logs"]]
