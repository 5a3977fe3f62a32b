"""Due work by seed: who hands in what, how it is judged, and what follows of it when."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.support.calls import call, idea
from tests.support.cli_chain import DAY
from tools.rig.world import BOND, CAMPAIGNS, DIGEST, DOLLAR, LONG, POOR, Key, Wave

if TYPE_CHECKING:
    from tools.rig.world import World

JURORS, ROUNDS = ("bob", "carol"), 2
SALT = b"\x22" * 32
PAY, REFUSE = 1, 2
YEAR = 365 * DAY
LESSONS = 3 * 2 * DAY + DAY + 2 * DAY + 3 * DAY
"""From a campaign's end on, in the terms of the rig's DMO: its fee goes to the pool."""


class Work:
    """What is made due, told in waves: all of a wave is due from its moment on, when the waves before it are done.

    Args:
        world: The world, as it was kept.
        draw: Chance.
        acts: How many acts in all.
    """

    def __init__(self, world: World, draw: random.Random, acts: int) -> None:
        self.world, self.dmo = world, world.dmo
        self.due: dict[int, Counter[Key]] = {}
        expiring, empty = draw.randint(1, 3), draw.randint(3, 7)
        rejected, fallen, upheld = draw.randint(6, 16), draw.randint(1, 3), draw.randint(1, 3)
        closing = [*range(1, CAMPAIGNS + ROUNDS + 1)]
        disputed = fallen + upheld
        more = len(POOR) + ROUNDS + 2 * len(closing) + empty + 2 + rejected + disputed * (1 + len(JURORS))
        start = self._begin(expiring)
        self.note(start + DAY, "deliver", POOR[expiring:])
        self.note(start + 2 * DAY, "reclaim", [world.post_bounty(1 + n % CAMPAIGNS, 1, 2 * DAY) for n in range(empty)])
        loose, sure, tight = (
            world.post_bounty(2 + n, many, 2 * DAY) for n, many in enumerate((rejected, fallen, upheld))
        )
        gone, paid, void = world.submit(loose, rejected), world.submit(sure, fallen), world.submit(tight, upheld)
        silent = self._silent(acts - more)
        self._each("alice", "CampaignEscrow", "rejectWork", [*gone, *paid, *void], DIGEST, DIGEST)
        self._each("dave", "DisputeDesk", "contest", [*paid, *void], BOND, DIGEST)
        self._each("alice", "DisputeDesk", "uphold", [*paid, *void], BOND, DIGEST)
        opened = world.live.now()
        self._ballots(3)
        self._rule(len(paid), len(void), opened)
        self._ballots(4)
        self.note(start + DAY, "release", gone)
        self.note(start + DAY, "settle", [3])
        ruled = opened + DAY + DAY // 2
        self.note(ruled, "pay", paid)
        self.note(ruled, "release", void)
        self.note(ruled, "juror", [f"{one} {world.stage.address(who)}" for one in (*paid, *void) for who in JURORS])
        self.note(start + 2 * DAY, "settle", [4])
        self.note(opened + 3 * DAY, "pay", silent)
        self.note(opened + 3 * DAY, "reclaim", [loose, tight])
        self.note(start + LONG, "sweep", closing)
        self.note(start + LONG + LESSONS, "fee", closing)
        self.note(start + YEAR + DAY, "expire", POOR[:expiring])
        self.waves = [Wave(at, self.due[at]) for at in sorted(self.due)]

    def note(self, at: int, kind: str, about: Iterable[int | str]) -> None:
        """Acts that are due from a moment on."""
        self.due.setdefault(at, Counter()).update((kind, one) for one in about)

    def _each(self, who: str, contract: str, function: str, numbers: Iterable[int], *more: object) -> None:
        """The same act about each of them."""
        self.world.all((who, call(self.dmo, contract, function, number, *more)) for number in numbers)

    def _begin(self, expiring: int) -> int:
        """Pay those who cannot be paid; from then on most of them can. When the round's votes have begun."""
        world = self.world
        world.stage.round_starts(4)
        world.stage.later(600)
        world.does("alice", "IdeaBoard", "post", idea(DIGEST, 1_000 * DOLLAR, 2 * DAY, 500))
        world.does("bob", "CampaignEscrow", "payWork", [*range(1, len(POOR) + 1)])
        world.block(POOR[expiring:], is_blocked=False)
        return world.live.now()

    def _silent(self, count: int) -> list[int]:
        """Work that nobody looks at: accepted by silence."""
        shares = [count // CAMPAIGNS + (place < count % CAMPAIGNS) for place in range(CAMPAIGNS)]
        offers = [(self.world.post_bounty(place, many), many) for place, many in enumerate(shares, 1) if many]
        return [number for offer, many in offers for number in self.world.submit(offer, many)]

    def _ballots(self, number: int) -> None:
        """Vote for a round's only idea."""
        self.world.does("alice", "IdeaBoard", "castBallot", number, [1], [])

    def _rule(self, paid: int, void: int, opened: int) -> None:
        """Jurors commit, and reveal a day later."""
        rulings = [(place, PAY if place <= paid else REFUSE) for place in range(1, paid + void + 1)]
        for who in JURORS:
            juror = self.world.stage.address(who)
            secret = [self.dmo.read("Jury", "commitmentFor", one, juror, ruling, SALT) for one, ruling in rulings]
            acts = [call(self.dmo, "Jury", "commit", one, said) for (one, _), said in zip(rulings, secret, strict=True)]
            self.world.all((who, act) for act in acts)
        self.world.stage.reach(opened + DAY)
        for who in JURORS:
            juror = self.world.stage.address(who)
            shown = [call(self.dmo, "Jury", "reveal", one, juror, ruling, SALT) for one, ruling in rulings]
            self.world.all((who, act) for act in shown)
