"""Disputes at a glance: how they stand, what moves them on, what is due about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dmo.capabilities.disputes import (
    OPENED,
    PHASE,
    POT_LIFE,
    RULING,
    Dispute,
    disputes,
    look_at,
    moving,
    own_jury,
    phase,
    reads,
)
from dmo.capabilities.documents import TemplateQuery
from dmo.capabilities.jury import (
    Juror,
    juror_reads,
    jurors,
    jurors_due,
    unpaid,
)
from dmo.capabilities.lens import MONEY, WORK
from dmo.capabilities.rulings import HandOver, to_hand_over
from dmo.capabilities.submissions import Submission
from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.chain import Read
from dmo.core.due import Item, due, wanted
from dmo.core.kinds import ACCOUNT, FLAG, NUMBER, TEXT, TIME, choice
from dmo.core.view import Query

if TYPE_CHECKING:
    from dmo.home.home import Home

__all__ = ["ListDisputes", "NewStatement", "following", "state"]


# ── words ───────────────────────────────────────────────────────────────────────────────────────

OVER = choice("dispute_over", "ruled", "unruled")
STATE = {
    "submission": WORK,
    "challenge": FLAG,
    "opener": ACCOUNT,
    "until": TIME,
    "bond": MONEY,
    "ruling": RULING,
    "phase": PHASE,
    "phase_until": TIME,
    "over": OVER,
}
"""What lists and a dispute itself tell alike."""


def state(home: Home, one: Dispute) -> dict[str, Any]:
    """A dispute by the names of ``STATE``."""
    now, until = phase(one, home.now)
    return {
        **vars(one),
        "challenge": one.is_challenge,
        "ruling": one.ruling.text if one.is_ruled else None,
        "phase": now,
        "phase_until": until,
        "over": "ruled" if one.is_ruled else "unruled",
    }


def _said(home: Home, key: str, one: Dispute) -> str:
    """A sentence of what can be done."""
    until = phase(one, home.now)[1]
    values = {
        "submission": WORK(one.submission),
        "until": TIME(one.until),
        "phase_until": TIME(until),
    }
    return words.fill(words.word("dispute_next", key), words.looking(home, values))


def anybodys(home: Home, one: Dispute) -> str:
    """The exact command with which anybody moves a dispute on now; empty if nobody can."""
    now, _ = phase(one, home.now)
    if now == "settled" and one.pot:
        return _said(home, "jurors", one)
    if now == "over":
        return _said(home, "pay" if one.is_paid else "release", one)
    return _said(home, "rule", one) if now == "rule" else ""


def following(home: Home, one: Dispute, mine: Juror | None) -> str:
    """The exact command that comes next for an account."""
    now, _ = phase(one, home.now)
    if now in ("settled", "over", "rule"):
        return anybodys(home, one)
    has_committed = mine is not None and bool(mine.commitment)
    if now == "commit" and mine is not None and mine.weight:
        return _said(home, "committed" if has_committed else "commit", one)
    if now == "reveal":
        return _said(home, "reveal" if has_committed else "waits", one)
    return _said(home, "evidence", one)


# ── queries ─────────────────────────────────────────────────────────────────────────────────────


KIND = choice("statement_kind", "reason", "evidence", name="KIND")


class NewStatement(
    TemplateQuery,
    name="dispute new",
    needs_chain=True,
    gives={"file": TEXT, "kind": TEXT, "follows": KIND},
):
    file: str = arg(TEXT.called("FILE"), default="statement.md")
    written_as: str = option(KIND, "reason", flag="kind")
    lang: str = option(TEXT.called("TAG"), "en")

    def which(self, home: Home) -> tuple[str, str]:
        """A statement, or evidence that names who gives it."""
        name = "statement" if self.written_as == "reason" else self.written_as
        return name, home.maybe_me or "0x…"

    def answer(self, home: Home) -> Mapping[str, Any]:
        """What it was written as says what comes next."""
        return {**super().answer(home), "follows": self.written_as}


class ListDisputes(
    Query,
    name="dispute list",
    gives={
        "disputes": [
            {**STATE, "settled": FLAG, "owed_to_jurors": MONEY, "kind": OPENED, "next": TEXT}
        ],
        "nothing": choice("no_disputes", "none", "settled"),
        "others": NUMBER,
    },
):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        """In the order they were opened; ``others`` counts what is not shown."""
        found = list(disputes(home).values())
        shown = found if self.everything else moving(home)
        look_at(home, [one for one in shown if one.is_open(home.now)])
        rows = [
            {
                **state(home, one),
                "settled": one.is_settled,
                "owed_to_jurors": one.pot,
                "kind": one.kind,
                "next": anybodys(home, one),
            }
            for one in shown
        ]
        others = len(found) - len(shown)
        nothing = None if shown else "settled" if found else "none"
        return {"disputes": rows, "nothing": nothing, "others": others or None}


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    found = moving(home)
    asked = reads(home, found)
    if account is not None:
        for one in found:
            if one.is_open(home.now) and one.arbitrator == own_jury(home):
                asked += juror_reads(one, account)
    return asked


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    found = moving(home)
    look_at(home, found)
    waiting = to_hand_over(home)
    if waiting:
        acts = (HandOver([one.submission for one in waiting]),)
        until = min(one.until for one in waiting)
        yield Item("rule", until, True, "dispute rule", acts=acts, count=len(waiting))
    pays = tuple(jurors_due(home))
    if pays:
        yield Item("jurors", 0, True, "dispute pay", acts=pays, count=len(pays))
    if account is not None:
        yield from _of_open(home, account, [one for one in found if one.is_open(home.now)])
        for number, its in unpaid(home, found).items():
            if account in its:
                until = disputes(home)[number].settled_at + POT_LIFE
                values = {"submission": WORK(number), "amount": MONEY(its[account])}
                yield Item("share", until, True, f"dispute pay {number}", values)


def _of_open(home: Home, account: str, found: Sequence[Dispute]) -> Iterator[Item]:
    known = jurors(home, [(one, account) for one in found])
    work = home.facts(Submission)
    for one in found:
        number, values = one.submission, {"submission": WORK(one.submission)}
        now, until = phase(one, home.now)
        mine = known.get((number, account))
        show = f"dispute show {number}"
        if mine is not None and mine.weight:
            if now == "reveal" and mine.commitment:
                # A ruling that is not revealed in time is lost with its share.
                yield Item("reveal", until, True, f"dispute reveal {number}", values, is_first=True)
            elif now == "commit" and not mine.commitment:
                yield Item("commit", until, True, show, values)
        elif account == one.opener:
            yield Item("opened", one.until, False, show, values)
        elif number in work and account == work[number].worker:
            yield Item("challenged", one.until, False, show, values)
        elif account == one.lead:
            yield Item("contested", one.until, False, show, values)
