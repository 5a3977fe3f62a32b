"""What is done with drops: put up, claimed, cancelled, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING
from typing import Any

from dmo.capabilities.documents import DocumentAct, publication, published
from dmo.capabilities.drops import DROP, HELD, MANIFEST, Held, drop, manifest_of
from dmo.core import words
from dmo.core.act import Act, Step, arg, option
from dmo.core.calls import make_call
from dmo.core.compared import Compared
from dmo.core.engine import Done
from dmo.core.kinds import ACCOUNT, NUMBER, TIME, Timestamp, Value, choice
from dmo.core.merkle import Share
from dmo.home.home import Home
from dmo.home.manifests import Manifest

CURRENCY = choice("drop_token", "budget", "votes")


class CreateDrop(DocumentAct, name="drop create", call="Drops.create", told_by="DropCreated", tells={"drop": DROP}):
    file: Manifest = arg(MANIFEST)
    starts_at: Timestamp = option(TIME, MISSING, flag="starts", kw_only=True)
    expires_at: Timestamp = option(TIME, MISSING, flag="ends", kw_only=True)
    paid_in: str = option(CURRENCY, "budget", flag="token")

    def _address(self, home: Home) -> str:
        return home.dmo.votes_address if self.paid_in == "votes" else home.dmo.budget_address

    def arguments(self, home: Home) -> Sequence[Any]:
        tree = self.file.tree
        return [self._address(home), tree.root, self.file.digest, tree.total, self.starts_at, self.expires_at]

    def check(self, home: Home) -> None:
        if faults := self.file.faults():
            raise words.failed("drop_faults", faults)
        super().check(home)

    def bond(self, home: Home) -> int:
        return self.file.tree.total

    def facts(self, home: Home) -> Mapping[str, Value]:
        told = {"amount": HELD(Held(self.file.tree.total, self._address(home))), "shares": NUMBER(self._count)}
        return {**super().facts(home), **told, "starts_at": TIME(self.starts_at), "expires_at": TIME(self.expires_at)}

    @property
    def _count(self) -> int:
        return len(self.file.tree.shares)

    def steps(self, home: Home) -> list[Step]:
        approvals = home.approvals(self.paid_in, "Drops", self.bond(home))
        call = make_call("Drops", self.target(home), "create", self.arguments(home), "")
        steps = [*(Step(one, is_behind_approval=place > 0) for place, one in enumerate(approvals))]
        steps.append(Step(call, is_behind_approval=True))
        text: Any = self.file  # published as documents are, though it is none
        if self._publishes(home, text) and published(home, self.file.digest) is None:
            steps.append(Step(publication(home, text)))
        return steps


class ClaimDrop(
    Act, name="drop claim", call="Drops.claim", told_by="DropClaimed", tells={"amount": HELD, "to": ACCOUNT}
):
    drop: int = arg(DROP)
    account: str | None = option(ACCOUNT, flag="for")
    to: str | None = option(ACCOUNT.called("TO"))
    file: Manifest | None = option(MANIFEST)
    compared = Compared(
        {"index": "shown.index", "account": "account or me", "amount": "shown.units", "proof": "shown.proof"},
        also=("claimTo",),
        unsaid=("file",),
    )

    def _share(self, home: Home) -> tuple[Share, list[bytes]]:
        """Whose share it is, and its proof."""
        one = drop(home, self.drop)
        found = manifest_of(home, one, self.file)
        if found is None:
            raise words.bad("no_drop_manifest", drop=self.drop)
        share = found.by_account.get(self.account or home.me)
        if share is None:
            raise words.bad("no_share_of", account=home.who(self.account or home.me), drop=self.drop)
        return share, found.tree.proof(share)

    def function(self, home: Home) -> str:
        return "claimTo" if self.to else "claim"

    def arguments(self, home: Home) -> Sequence[Any]:
        share, proof = self._share(home)
        return [self.drop, *share, proof, *([self.to] if self.to else [])]

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        share, proof = self._share(home)
        return {"index": str(share.index), "units": str(share.amount), "proof": ["0x" + one.hex() for one in proof]}

    def facts(self, home: Home) -> Mapping[str, Value]:
        share, _ = self._share(home)
        amount = HELD(Held(share.amount, drop(home, self.drop).token))
        return {"amount": amount, "to": ACCOUNT(self.to or share.account)}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        event = done.event(self.told_by)
        amount = Held(event.arguments["amount"], drop(home, self.drop).token) if event else None
        return {"amount": HELD(amount), "to": ACCOUNT(event.arguments["to"] if event else None)}


class _Back(Act, told_by="DropReturned", tells={"amount": HELD, "to": ACCOUNT}):
    drop: int = arg(DROP)
    to: str | None = option(ACCOUNT.called("TO"))

    def facts(self, home: Home) -> Mapping[str, Value]:
        one = drop(home, self.drop)
        return {"amount": HELD(Held(one.left, one.token)), "to": ACCOUNT(self.to or one.creator)}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        event = done.event(self.told_by)
        amount = Held(event.arguments["amount"], drop(home, self.drop).token) if event else None
        return {"amount": HELD(amount), "to": ACCOUNT(event.arguments["to"] if event else None)}


class CancelDrop(_Back, name="drop cancel", call="Drops.cancel", who="its creator"):
    compared = Compared({"to": "to or me"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.drop, self.to or home.me]


class TakeBackDrop(_Back, name="drop take-back", call="Drops.takeBack"):
    compared = Compared({"to": "to"}, also=("takeBackTo",))

    def function(self, home: Home) -> str:
        return "takeBackTo" if self.to else "takeBack"

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.drop, self.to] if self.to else [self.drop]
