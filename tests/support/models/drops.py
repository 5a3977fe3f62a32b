"""Drops as a plain model: what each holds, and what an act would do to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dmo.core.merkle import Tree


@dataclass
class Drop:
    """One drop; amounts in units of its token, times in Unix seconds."""

    tree: Tree
    creator: int
    amount: int
    starts_at: int
    expires_at: int
    paid: dict[int, int] = field(default_factory=dict)
    returned: int = 0

    @property
    def left(self) -> int:
        return self.amount - sum(self.paid.values()) - self.returned

    def claim(self, at: int, place: int) -> str:
        """Why a share is not paid; empty where it is."""
        share = self.tree.shares[place]
        if not self.starts_at <= at < self.expires_at:
            return "NotOpen"
        if share.index in self.paid:
            return "AlreadyClaimed"
        if share.amount > self.left:
            return "NotEnough"
        self.paid[share.index] = share.amount
        return ""

    def cancel(self, at: int, who: int) -> str:
        """Why it is not cancelled; empty where it is."""
        if who != self.creator:
            return "NotOwner"
        return "HasStarted" if at >= self.starts_at else self._return()

    def take_back(self, at: int) -> str:
        """Why nothing returns; empty where it does."""
        return "HasNotEnded" if at < self.expires_at else self._return()

    def _return(self) -> str:
        if not self.left:
            return "NothingLeft"
        self.returned += self.left
        return ""
