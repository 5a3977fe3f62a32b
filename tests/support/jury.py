"""Deploy a jury with its sources of jurors, and drive disputes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dmo.deploy.roles import ROLES
from tests.support.clock import mine_at, now, set_next
from tests.support.governance import DAY, WAD, containers

AWARDER = ROLES["awarder"].number
COMMIT_SECONDS = 3 * DAY
REVEAL_SECONDS = 2 * DAY
QUORUM_BPS = 1_000
MIN_POINTS = 10_000 * WAD
HALF_LIFE_SECONDS = 180 * DAY
ROUND_SECONDS, HOLDING_SECONDS = 7 * DAY, 3 * DAY

# Whole tokens; 650,000 of a million can be jurors', so a quorum is 65,000.
JURORS = {"ann": 300_000, "ben": 200_000, "cem": 100_000, "dee": 50_000}
TREASURY_TOKENS, ESCROW_TOKENS = 250_000, 100_000
QUORUM = 65_000 * WAD

KEEPS, REFUSES, RE_ENTERS, SECRET = range(4)
WAITING, APPEALABLE, SOLVED = range(3)


def salt(number: int) -> str:
    """A salt of 32 bytes; real ones are random."""
    return "0x" + number.to_bytes(32, "big").hex()


def frame(points: Any, /, **changes: Any) -> tuple[Any, ...]:
    """The jury's frame: the defaults above with changes by field name."""
    fields = {
        "reputation": points,
        "minPoints": MIN_POINTS,
        "commitSeconds": COMMIT_SECONDS,
        "revealSeconds": REVEAL_SECONDS,
        "quorumBps": QUORUM_BPS,
        "quorumFloor": 0,
        "holdingSeconds": HOLDING_SECONDS,
    }
    unknown = changes.keys() - fields.keys()
    assert not unknown, unknown
    return tuple((fields | changes).values())


@dataclass(frozen=True)
class Court:
    """A jury, its sources of jurors, and somebody who has disputes.

    Attributes:
        manager: The AccessManager; `admin` is its administrator and awards points.
        token: The votes token.
        reputation: The points.
        jury: The jury.
        arbitrable: Who has disputes.
        admin: Deployed everything.
        excluded: Accounts without votes.
    """

    manager: Any
    token: Any
    reputation: Any
    jury: Any
    arbitrable: Any
    admin: Any
    excluded: tuple[str, ...]

    def open(self, at: int | None = None) -> int:
        """Open a dispute, at this moment (Unix seconds) if one is given; returns its id."""
        if at is not None:
            set_next(at)
        tx = self.arbitrable.open(self.jury, 2, {"from": self.admin})
        return int(tx.events["DisputeCreation"]["_disputeID"])

    def next_round(self) -> int:
        """Pass into a round whose bench is what everybody holds now; returns its start."""
        return start_round(self.reputation)

    def award(self, points: dict[Any, int]) -> None:
        """Award points (WAD) and let them count."""
        self.reputation.awardMany([*points], [*points.values()], {"from": self.admin})
        self.next_round()

    def commit(self, dispute: int, juror: Any, ruling: int, number: int = 1) -> Any:
        """Commit a juror to a ruling with the salt of this number."""
        commitment = self.jury.commitmentFor(dispute, juror, ruling, salt(number))
        return self.jury.commit(dispute, commitment, {"from": juror})

    def reveal(self, dispute: int, juror: Any, ruling: int, number: int = 1, sender: Any = None) -> Any:
        """Reveal what `commit` committed to."""
        return self.jury.reveal(dispute, juror, ruling, salt(number), {"from": sender or juror})

    def windows(self, dispute: int) -> tuple[int, int]:
        """When commitments and when reveals end, Unix seconds."""
        commit_until, reveal_until = self.jury.windowsOf(dispute)
        return int(commit_until), int(reveal_until)

    def start_reveals(self, dispute: int) -> None:
        """Give the next transaction the first second of the reveal window."""
        set_next(self.windows(dispute)[0])

    def end_reveals(self, dispute: int) -> None:
        """Give the next transaction the first second after the reveal window."""
        set_next(self.windows(dispute)[1])

    def hear(self, rulings: dict[Any, int]) -> int:
        """Open a dispute in which these jurors commit and reveal; returns its id."""
        dispute = self.open()
        for juror, ruling in rulings.items():
            self.commit(dispute, juror, ruling)
        if rulings:
            self.start_reveals(dispute)
        for juror, ruling in rulings.items():
            self.reveal(dispute, juror, ruling)
        return dispute


def deploy_court(admin: Any, jurors: dict[str, Any], treasury: Any, escrow: Any) -> Court:
    """Deploy everything, with tokens spread as in JURORS and no points."""
    has = containers()
    excluded = (str(treasury), str(escrow))
    manager = has.AccessManager.deploy(admin, {"from": admin})
    token = has.HolderToken.deploy("Holder", "HOLD", 1_000_000 * WAD, admin, excluded, {"from": admin})
    reputation = has.Reputation.deploy(manager, HALF_LIFE_SECONDS, now(), ROUND_SECONDS, {"from": admin})
    arbitrable = has.PlainArbitrable.deploy({"from": admin})
    jury = has.Jury.deploy(manager, token, excluded, arbitrable, frame(reputation), {"from": admin})
    manager.setTargetFunctionRole(reputation, [reputation.awardMany.signature], AWARDER, {"from": admin})
    manager.grantRole(AWARDER, admin, 0, {"from": admin})
    amounts = (*JURORS.values(), TREASURY_TOKENS, ESCROW_TOKENS)
    token.transferBatch(
        [*(jurors[name] for name in JURORS), treasury, escrow], [amount * WAD for amount in amounts], {"from": admin}
    )
    start_round(reputation)
    return Court(manager, token, reputation, jury, arbitrable, admin, excluded)


def start_round(reputation: Any) -> int:
    """Pass into the first round whose bench is what everybody holds now; returns its start."""
    start = int(reputation.boundaryOf(now() + HOLDING_SECONDS)) + int(reputation.roundSeconds())
    mine_at(start + 1)  # in its very first second the last bench still sits
    return start


def seat_jury(world: Any, weights: dict[Any, int], **changes: Any) -> Any:
    """Deploy a jury for a world of tests/support/campaigns.py; its desk may have disputes there.

    Args:
        world: The escrow, its desk and its neighbours.
        weights: Whole votes by juror.
        changes: To the jury's frame.
    """
    has, deployer = containers(), {"from": world.governance}
    excluded = (str(world.treasury), str(world.escrow))
    token = has.HolderToken.deploy("Holder", "HOLD", sum(weights.values()) * WAD, world.governance, excluded, deployer)
    jury = has.Jury.deploy(world.manager, token, excluded, world.desk, frame(world.reputation, **changes), deployer)
    token.transferBatch([*weights], [weight * WAD for weight in weights.values()], deployer)
    start_round(world.reputation)
    return jury


def commit(jury: Any, juror: Any, ruling: int, number: int = 1, dispute: int = 1) -> Any:
    """Commit a juror to a ruling with the salt of this number; returns the commitment."""
    commitment = jury.commitmentFor(dispute, juror, ruling, salt(number))
    jury.commit(dispute, commitment, {"from": juror})
    return commitment


def decide(jury: Any, dispute: int, rulings: dict[Any, int]) -> Any:
    """Let jurors commit and reveal, and execute the ruling; returns that transaction."""
    commit_until, reveal_until = jury.windowsOf(dispute)
    for juror, ruling in rulings.items():
        commit(jury, juror, ruling, dispute=dispute)
    set_next(commit_until)
    for juror, ruling in rulings.items():
        jury.reveal(dispute, juror, ruling, salt(1), {"from": juror})
    set_next(reveal_until)
    return jury.executeRuling(dispute, {"from": next(iter(rulings))})


def judged(world: Any, jury: Any, ruling: int, jurors: tuple[str, ...] = ("other", "giver")) -> None:
    """Let people of a world, named by role, rule the jury's last dispute alike."""
    decide(jury, jury.disputes(), {getattr(world, role): ruling for role in jurors})
