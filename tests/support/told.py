"""A told chain that pays, and answers all that notices ask of one; whoever is told, and what they then believe."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.notices import Noticer, wants_of
from dmo.core import abi
from dmo.core.abi.codec import encode
from dmo.core.outbox import NoticeOutbox
from dmo.home import channels
from dmo.home.deployment import Token
from dmo.home.home import Home
from tests.support.chronicle import SPACING, SUBMITTED, Chronicle, Told, account, digest
from tests.support.indexes import home_on
from tests.support.node import ADDRESSES

PEOPLE = [account(number) for number in (*range(1, 7), *range(101, 107))]
ROUND_SECONDS = 400
_ZERO = {"bool": False, "address": "0x" + "00" * 20, "string": "", "bytes": b""}


def _nothing(kind: str) -> Any:
    """What a contract without memory would answer."""
    if kind.endswith("[]"):
        return []
    if kind.endswith("]"):
        inner, _, count = kind[:-1].rpartition("[")
        return [_nothing(inner)] * int(count)
    if kind.startswith("("):
        return tuple(_nothing(one) for one in _parts(kind[1:-1]))
    if kind.startswith("bytes") and kind != "bytes":
        return bytes(int(kind[5:]))
    return _ZERO.get(kind, 0)


def _parts(text: str) -> list[str]:
    found, depth, part = list[str](), 0, ""
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append(part)
            part = ""
        else:
            part += letter
    return [*found, part] if part else found


class Telling(Chronicle):
    """A chronicle whose work is paid, whose rounds have a clock, and whose other views answer nothing."""

    def __init__(self, seed: int = 0, **more: Any) -> None:
        self.coins = 10**18
        self.credit: dict[str, int] = {}
        self.rounds = ROUND_SECONDS
        super().__init__(seed, **more)

    def block(self, told: Sequence[Told]) -> None:
        """All of a block is one transaction, such as a batch of payments; it depends on what happens alone."""
        super().block(told)
        its = "0x" + digest("transaction", repr(told)).hex()
        for raw in self.blocks[-1]["logs"]:
            raw["transactionHash"] = its

    def begun(self, evidence: bytes = b"\x07" * 32) -> int:
        """Campaign 1 of ``account(1)`` with a bounty of 500, and work of ``account(101)`` on it; says when."""
        at = self.blocks[-1]["at"] + SPACING
        key, idea = (1, 1), {"author": account(1), "ask": 900, "digest": digest("idea")}
        more = {"lead": account(1), "durationSeconds": 5_000, "feeBps": 500, "buildsOnRound": 0, "buildsOnNumber": 0}
        posted = {**idea, **more, "round": 1, "number": 1, "replaces": 0, "version": 1}
        of_idea = {"round": 1, "number": 1, "lead": account(1), "ask": 900, "feeBps": 500}
        facts = (1, 500, 5, at + 3_000, 3, False, "0x" + "00" * 20, digest("brief"))
        work = {"bounty": 1, "worker": account(101), "stage": SUBMITTED, "since": at, "reworked": False}
        handed = {"submission": 1, "bounty": 1, "worker": account(101), "payees": [], "evidence": evidence}
        self.block(
            [
                ("IdeaBoard", "IdeaPosted", posted),
                # In one transaction with what it funds, and before it.
                ("IdeaBoard", "RoundSettled", {"round": 1, "budget": 900, "assigned": 900, "passing": 1, "funded": 1}),
                ("CampaignEscrow", "CampaignFunded", {"campaign": 1, **of_idea, "endsAt": at + 5_000, "termsId": 1}),
                ("IdeaBoard", "IdeaFunded", {"round": 1, "number": 1, "campaign": 1, "ask": 900}),
                ("CampaignEscrow", "BountyPosted", {"bounty": 1, "campaign": 1, "facts": facts}),
                ("CampaignEscrow", "WorkSubmitted", handed),
            ]
        )
        campaign = {"lead": account(1), "ends": at + 5_000, "ask": 900, "key": key}
        bounty = {"campaign": 1, "reward": 500, "submitBy": at + 3_000}
        its = {"ideas": {key: idea}, "campaigns": {1: campaign}, "bounties": {1: bounty}}
        self.blocks[-1]["state"] = {**its, "works": {1: work | {"evidence": evidence}}, "proposals": 0, "rounds": 0}
        return int(at)

    def judge(self, *told: Told, stage: int) -> int:
        """What becomes of that work; says when."""
        self.block(told)
        at, state = int(self.blocks[-1]["at"]), self.blocks[-1]["state"]
        work = {**state["works"][1], "stage": stage, "since": at}
        self.blocks[-1]["state"] = {**state, "works": {1: work}}
        return at

    def until(self, at: int) -> None:
        """Blocks in which nothing happens, to a time."""
        while self.blocks[-1]["at"] < at:
            self.block([])

    def leap(self, seconds: int) -> None:
        """A block that much later."""
        self.block([])
        self.blocks[-1]["at"] += seconds

    def judged(self, number: int, one: dict[str, Any], at: int, campaign: int) -> list[Told]:
        told = super().judged(number, one, at, campaign)
        for _, event, values in list(told):
            if event == "WorkPaid":
                its = {"submission": number, "campaign": campaign}
                told.append(
                    ("CampaignEscrow", "PayeePaid", {**its, "payee": one["worker"], "amount": values["reward"]})
                )
                told.append(("CampaignEscrow", "PayeePaid", {**its, "payee": account(1), "amount": 3}))
                told.append(("CampaignEscrow", "BondPaid", {"submission": number, "to": one["worker"], "amount": 5}))
        return told

    def view(self, data: bytes, number: int) -> bytes:
        contract, entry = _views()[data[:4]]
        if contract == "Lens" and entry.name in ("submissions", "campaigns", "bounties", "ideas"):
            return super().view(data, number)
        if entry.name == "frame":
            return encode([one.kind for one in entry.outputs], [(1_000, self.rounds, 0, 0, 0)])
        if entry.name == "creditOf":
            (who,) = abi.decode_call(contract, data)[1].values()
            since = self.credit.get(who, 0)
            return encode([one.kind for one in entry.outputs], [(77 if since else 0, 0, since)])
        if entry.name in ("getPastVotes", "votesAt"):
            return encode(["uint256"], [5])
        return encode([one.kind for one in entry.outputs], [_nothing(one.kind) for one in entry.outputs])

    def answer(self, method: str, params: Any) -> Any:
        if method == "eth_getBalance":
            return hex(self.coins)
        if method == "eth_call" and params[1] == "latest":
            params = [params[0], hex(len(self.blocks) - 1)]
        return super().answer(method, params)


class _Plain:
    """Reads nothing."""

    now = 0
    word = staticmethod(lambda group, value: value)
    who = staticmethod(str)


PLAIN: Any = _Plain()


def _views() -> dict[bytes, Any]:
    if not _KNOWN:
        for contract in [*(name for name in abi.names() if name != "Lens"), "Lens"]:
            for one in abi.load(contract):
                if one.kind == "function":
                    _KNOWN[one.selector] = (contract, one)
    return _KNOWN


_KNOWN: dict[bytes, Any] = {}


class Reader:
    """Somebody who gets messages and believes them; may be out of reach."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, str]] = []
        self.fails: Iterable[bool] = iter(())

    def __call__(self, name: str, title: str, text: str) -> bool:
        if next(iter(self.fails), False):
            return False
        self.messages.append((name, title, text))
        return True


def file_of(folder: Path, text: str, mode: int = 0o600) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "notices.toml"
    file.write_text(text)
    file.chmod(mode)
    return file


def wishes(who: Iterable[str] = PEOPLE, more: str = "", confirmations: int = 3) -> str:
    listed = json.dumps([*who])
    text = f'confirmations = {confirmations}\n[send]\nphone = "json://127.0.0.1:1/secret"\n'
    return f'{text}[[wants]]\nwho = {listed}\nby = ["phone"]\n{more}'


def noticer(
    node: Chronicle, monkeypatch: pytest.MonkeyPatch, folder: Path, text: str | None = None, url: str | None = None
) -> tuple[Noticer, Reader]:
    """A noticer on a node, with its index and outbox in a folder or a database, and who reads what it sends."""
    monkeypatch.setattr(channels.Services, "opened", lambda self, name: None)
    home: Home = home_on(node, monkeypatch, url, folder)
    for name in ("votes_token", "budget_token"):
        home.dmo.__dict__[name] = Token(ADDRESSES["HolderToken"], "USDC", 6)
    found = Noticer(home, wants_of(home, str(file_of(folder, text or wishes()))))
    found.quiet = 0
    reader = Reader()
    found.services = reader  # type: ignore[assignment]
    return found, reader


def standing(outbox: NoticeOutbox) -> dict[Any, Any]:
    """What stands, and in what words; when it was found and told is left out."""
    with outbox.reading() as connection:
        rows = outbox._rows(connection, "facts IS NOT NULL AND state < 2")
    return {row.id: (row.kind, row.title, row.text, row.facts, row.root) for row in rows}


def everything(outbox: NoticeOutbox) -> list[Any]:
    with outbox.reading() as connection:
        return sorted(outbox._rows(connection, "1 = 1"))
