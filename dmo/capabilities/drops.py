"""Drops: amounts of a token for many accounts; made and checked from files, listed and shown from the chain."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from dmo.capabilities import documents
from dmo.capabilities.submissions import submissions
from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.chain import Event
from dmo.core.digests import cid
from dmo.core.due import Item, due
from dmo.core.errors import BadInput, DmoError, NotFound
from dmo.core.facts import Fact, of, on
from dmo.core.files import write_new
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, Kind, choice, shape
from dmo.core.view import Query
from dmo.home import manifests
from dmo.home.deployment import Token, token_reads
from dmo.home.documents import Document
from dmo.home.home import Home
from dmo.home.manifests import Manifest
from dmo.home.store import find

DROP = NUMBER.called("DROP")
STATE = choice("drop_state", "announced", "open", "ended", "returned", "cancelled")
_UNITS = {"type": ["string", "null"], "pattern": "^[0-9]+$"}


def _units(reader: Any, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 30):
        raise words.bad("no_units", given=text[:40])
    return int(text)


UNITS = Kind("UNITS", _units, plain=str, schema=_UNITS)
"""Amounts in the smallest unit of whatever token it is."""
DECIMALS = Kind(
    "DECIMALS", lambda reader, text: _decimals(text), schema={"type": "integer", "minimum": 0, "maximum": 36}
)


def _decimals(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:3]) <= 36):
        raise words.bad("no_decimals", given=text[:40])
    return int(text)


class Held(NamedTuple):
    """An amount, in the smallest unit of the token at this address."""

    units: int
    token: str


def token_of(home: Home, address: str) -> Token | None:
    """Symbol and decimals of a token; nothing where it does not tell them, or tells nonsense: anybody made it."""
    try:
        return home.dmo.told_token(address, *home.snapshot.try_read(token_reads(address)))
    except DmoError:
        return None


def _held(home: Any, one: Held | None) -> str:
    if one is None:
        return ""
    known = token_of(home, one.token)
    if known is None:
        return f"{one.units} × 10⁻ⁿ {home.who(one.token)}"
    # A stranger's token can call itself whatever ours is called.
    is_ours = one.token in (home.dmo.budget_address, home.dmo.votes_address)
    return known.shown(one.units) if is_ours else f"{known.shown(one.units)} ({home.who(one.token)})"


HELD = Kind("AMOUNT", lambda reader, text: text, _held, lambda one: str(one.units), _UNITS)


def _manifest(home: Home, text: str) -> Manifest:
    return manifests.read(home.file(text))


MANIFEST = Kind(
    "FILE",
    _manifest,
    lambda home, one: one.title if one else "",
    lambda one: "0x" + one.digest.hex() if one else None,
    like="document",
    paper="",
)


@dataclass
class Drop(Fact, key=("drop",), born="Drops.DropCreated"):
    """A drop: who put it up, and what became of it; amounts in units of its token."""

    drop: int = of(DROP)
    creator: str = of(ACCOUNT)
    token: str = of(ACCOUNT)
    amount: int = of(UNITS)
    root: bytes = of(DIGEST)
    manifest: bytes = of(DIGEST)
    starts_at: int = of(TIME)
    expires_at: int = of(TIME)
    paid: int = of(UNITS, 0)
    claims: int = of(NUMBER, 0)
    returned: int = of(UNITS, 0)
    is_cancelled: bool = of(FLAG, False)

    @on("Drops.DropClaimed")
    def claim(self, event: Event) -> None:
        """A share was paid."""
        self.paid += event.arguments["amount"]
        self.claims += 1

    @on("Drops.DropReturned")
    def take_back(self, event: Event) -> None:
        """What was left went back."""
        self.returned, self.is_cancelled = event.arguments["amount"], event.arguments["isCancelled"]

    @property
    def left(self) -> int:
        """What is neither claimed nor returned."""
        return self.amount - self.paid - self.returned

    def state(self, now: int) -> str:
        """Whether claims run, or what came of it."""
        if self.is_cancelled or self.returned:
            return "cancelled" if self.is_cancelled else "returned"
        if now < self.expires_at:
            return "announced" if now < self.starts_at else "open"
        return "ended"


def drop(home: Home, number: int) -> Drop:
    """A drop. Raises Refused, as the contract says it: there is none."""
    from dmo.core import explain

    found = home.facts(Drop).get(number)
    if found is None:
        raise explain.refused("DropsUnknownDrop", {"drop": number})
    return found


def manifest_of(home: Home, one: Drop, given: Manifest | None = None) -> Manifest | None:
    """A drop's manifest: the one that is handed over, or from store, chain or gateways; nothing if it is nowhere.

    Raises:
        BadInput: What is handed over is another drop's.
    """
    if given is not None:
        if given.digest != one.manifest:
            raise words.bad("other_manifest", drop=one.drop)
        home.store.keep(given.raw)
        return given
    try:
        return at_hand(home, one) or _parsed(find(one.manifest, home.store, _gateways()).raw)
    except (NotFound, BadInput):
        return None


def _gateways() -> list[str]:
    return (os.environ.get("DMO_GATEWAYS") or "").split()


_parsed = lru_cache(maxsize=16)(manifests.parse)


def at_hand(home: Home, one: Drop) -> Manifest | None:
    """A drop's manifest from the store or the chain, without asking anybody else."""
    raw = home.store.get(one.manifest) or documents.published(home, one.manifest)
    try:
        return _parsed(raw) if raw else None
    except BadInput:
        return None


def named(home: Home) -> set[bytes]:
    """Manifests that a campaign's accepted work names among its files."""
    found: set[bytes] = set()
    for one in submissions(home) if home.facts(Drop) else ():
        if one.status in ("accepted", "payable") or one.ended == "paid":
            told = documents.document(home, one.evidence)
            if isinstance(told, Document):
                found |= {bytes.fromhex(file["sha256"]) for file in told.fields.get("files", ())}
    return found


# ── from files alone ────────────────────────────────────────────────────────────────────────────────

MADE = {**shape((TEXT, "file cid faults"), (NUMBER, "shares"), total=UNITS), "root": DIGEST, "digest": DIGEST}


def _made(one: Manifest, file: str) -> dict[str, Any]:
    told = {"file": file, "shares": len(one.tree.shares), "total": one.tree.total, "root": one.tree.root}
    return {**told, "digest": one.digest, "cid": one.cid}


class MakeDrop(Query, name="drop make", of_machine=True, needs_chain=False, gives={**MADE, "root_hex": TEXT}):
    table: Path = arg(Kind("FILE", lambda home, text: Path(text), plain=str))
    decimals: int = option(DECIMALS, 18)
    out: str = option(TEXT.called("FILE"), "drop.json")

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = manifests.from_table(self.table, self.decimals)
        write_new(self.out, found.raw)
        return {**_made(found, self.out), "root_hex": "0x" + found.tree.root.hex()}


class CheckDrop(Query, name="drop check", of_machine=True, needs_chain=False, gives=MADE):
    file: Path = arg(Kind("FILE", lambda home, text: Path(text), plain=str))
    amount: int | None = option(UNITS)
    root: bytes | None = option(DIGEST)
    manifest: bytes | None = option(DIGEST)

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = manifests.read(self.file)
        if faults := found.faults(self.amount, self.root, self.manifest):
            raise words.failed("drop_faults", faults)
        return _made(found, str(self.file))


# ── from the chain ──────────────────────────────────────────────────────────────────────────────────

ROW = {
    **shape((HELD, "amount paid left"), (TIME, "starts_at expires_at"), (ACCOUNT, "creator token"), (FLAG, "listed")),
    **{"drop": DROP, "claims": NUMBER, "state": STATE, "manifest": DIGEST, "root": DIGEST},
}
SHARE = choice("share_state", "paid", "unpaid")


def _row(home: Home, one: Drop, listed: bool) -> dict[str, Any]:
    amounts = {key: Held(getattr(one, key), one.token) for key in ("amount", "paid", "left")}
    return {**vars(one), **amounts, "state": one.state(home.now), "listed": listed}


def _listed(home: Home, found: Iterable[Drop]) -> list[Drop]:
    """Those of the treasury, and those that a campaign's accepted work names; who is in another is told elsewhere."""
    found, treasury = list(found), home.dmo.address("Treasury")
    known = named(home) if any(one.creator != treasury for one in found) else set[bytes]()
    return [one for one in found if one.creator == treasury or one.manifest in known]


class ListDrops(Query, name="drop list", gives={"drops": [{**ROW, "mine": HELD, "mine_state": SHARE}]}):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        known = home.facts(Drop).values()
        listed = _listed(home, known)
        return {"drops": [_of_mine(home, one, one in listed) for one in (known if self.everything else listed)]}


def _of_mine(home: Home, one: Drop, is_listed: bool) -> dict[str, Any]:
    """A drop's row, with what is in it for whoever looks, as far as its manifest is at hand."""
    its = share_of(home, one, at_hand(home, one), home.maybe_me) if home.maybe_me else None
    share = {"mine": its["amount"], "mine_state": its["state"]} if its else {}
    return {**_row(home, one, is_listed), **share}


class ShowDrop(
    Query,
    name="drop show",
    gives={
        "item": {**ROW, **shape((TEXT, "manifest_cid root_hex amount_units found")), "shares": NUMBER},
        "mine": {"index": TEXT, "account": ACCOUNT, "amount": HELD, "state": SHARE},
        "faults": [{"fault": TEXT}],
    },
):
    drop: int = arg(DROP)
    file: Manifest | None = option(MANIFEST)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one = drop(home, self.drop)
        found = manifest_of(home, one, self.file)
        faults = found.faults(one.amount, one.root) if found else []
        told = {
            **_row(home, one, bool(_listed(home, [one]))),
            **{"manifest_cid": cid(one.manifest), "root_hex": "0x" + one.root.hex()},
            **{"amount_units": str(one.amount), "shares": len(found.tree.shares) if found else None},
            "found": words.word("drop", "sound" if found and not faults else "unsound" if found else "no_manifest"),
        }
        return {
            "item": told,
            "mine": share_of(home, one, found, home.maybe_me),
            "faults": [{"fault": fault} for fault in faults],
        }

    def code(self, answer: Mapping[str, Any]) -> int:
        return 1 if answer["faults"] else 0


def share_of(home: Home, one: Drop, found: Manifest | None, account: str | None) -> dict[str, Any] | None:
    """An account's share; nothing for nobody, and for who has none."""
    share = found.by_account.get(account) if found and account else None
    if share is None:
        return None
    claimed = home.events("Drops.DropClaimed", drop=one.drop, index=share.index)
    told = {"index": str(share.index), "account": share.account, "amount": Held(share.amount, one.token)}
    return {**told, "state": "paid" if claimed else "unpaid"}


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    """Shares that nobody fetched yet; of drops that are listed alone, for a stranger's would be mail from anybody."""
    running = [one for one in home.facts(Drop).values() if one.state(home.now) == "open"] if account else []
    shares = [(one, share_of(home, one, at_hand(home, one), account)) for one in running]
    mine_of = {one.drop: its["amount"] for one, its in shares if its and its["state"] == "unpaid"}
    for one in _listed(home, (one for one in running if one.drop in mine_of)):
        values = {"drop": DROP(one.drop), "amount": HELD(mine_of[one.drop])}
        yield Item("drop", one.expires_at, True, f"drop claim {one.drop}", values)
