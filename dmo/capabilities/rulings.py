"""Rulings: committed to in secret, revealed, handed over; and what is due about disputes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.capabilities.disputes import JURY, RULING, Dispute, dispute, disputes, look_at, phase
from dmo.capabilities.ends import Ruling
from dmo.capabilities.jury import WEIGHT, WORKS, Juror, jurors, step_of
from dmo.capabilities.lens import WORK
from dmo.core import words
from dmo.core.act import Act, AlreadyDone, Done, Step, arg, option
from dmo.core.chain import Event
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, Value, choice
from dmo.home.salts import Secret, new_salt, read_secret, write_secret

if TYPE_CHECKING:
    from dmo.home.home import Home

__all__ = ["before_jury", "to_hand_over"]

FILE = TEXT.called("FILE")


def before_jury(home: Home, submission: int) -> Dispute:
    """A dispute before a jury; refusals speak of it by its submission.

    Raises:
        NotFound: The submission is not disputed.
        BadInput: Somebody else rules.
    """
    one = dispute(home, submission)
    if not one.has_jury:
        who = home.names.who(one.arbitrator, long=True)
        raise words.bad("no_jury", submission=submission, arbitrator=who)
    _name(home, [one])
    return one


def _name(home: Home, found: Iterable[Dispute]) -> None:
    known = {one.dispute_id: one.submission for one in found}
    said = words.word("dispute", "about")

    def named(number: int) -> str:
        return said.format(number, known[number]) if number in known else str(number)

    home.written["disputeID"] = named


def _told(home: Home, done: Done, name: str) -> list[Event]:
    """Events of the juries that were called."""
    found = []
    for step, receipt in zip(done.plan.steps, done.receipts, strict=True):
        found += home.chain.events_of(receipt, JURY, step.call.to, name)
    return found


# ── committing ──────────────────────────────────────────────────────────────────────────────────


class CommitRuling(Act, name="dispute commit", call="Jury.commit", told_by="RulingCommitted", who="juror"):
    submission: int = arg(WORK)
    ruling: str = arg(choice("ruling", "pay", "refuse"))
    salt_file: str | None = option(FILE)
    salt: bytes = field(default_factory=new_salt, repr=False)

    def secret(self, home: Home) -> Secret:
        """What is kept."""
        one = before_jury(home, self.submission)
        ruling = Ruling.PAY if self.ruling == "pay" else Ruling.REFUSE
        chain_id, jury = home.dmo.chain_id, one.arbitrator
        return Secret(chain_id, jury, one.dispute_id, home.me, ruling, self.salt)

    def live(self, home: Home) -> bytes:
        """The commitment that counts so far; empty if there is none."""
        one = before_jury(home, self.submission)
        mine = jurors(home, [(one, home.me)]).get((self.submission, home.me))
        if mine is None:
            who = home.names.who(one.arbitrator, long=True)
            raise words.bad("no_jury", submission=self.submission, arbitrator=who)
        return mine.commitment

    def same(self, home: Home) -> Secret | None:
        """What is kept of a commitment that says the same already."""
        kept = home.salts.behind(self.live(home))
        return kept if kept is not None and kept.ruling == self.secret(home).ruling else None

    def check(self, home: Home) -> None:
        """A commitment that says the same already is told, and not sent."""
        kept = self.same(home)
        if kept is None:
            return
        if self.salt_file:
            write_secret(Path(self.salt_file), kept)
        values = {**self.given(), **self.times(home)}
        look = words.looking(home, values)
        raise AlreadyDone("\n".join(words.filled(words.command(self.name)["already"], look)))

    def times(self, home: Home) -> dict[str, Value]:
        """When commitments and reveals end, and where the salt is kept."""
        one = before_jury(home, self.submission)
        return {
            "case": NUMBER(one.dispute_id),
            "commit_until": TIME(one.commit_until),
            "reveal_until": TIME(one.reveal_until),
            "folder": TEXT(str(home.salts.folder)),
        }

    def facts(self, home: Home) -> Mapping[str, Value]:
        """The commitment, and what becomes of it."""
        same = self.same(home)
        replaces = "replaces" if self.live(home) and same is None else None
        return {
            **self.times(home),
            "commitment": DIGEST((same or self.secret(home)).committed),
            "replaces": choice("commitment", "replaces")(replaces),
        }

    def target(self, home: Home) -> str:
        """The jury asked: the arbitrator of the campaign's terms."""
        return before_jury(home, self.submission).arbitrator

    def arguments(self, home: Home) -> Sequence[Any]:
        """The jury's number of the dispute, and the commitment."""
        secret = self.secret(home)
        return [secret.dispute, secret.committed]

    def before(self, home: Home) -> None:
        """Keep the salt; a copy where it was asked for."""
        secret = self.secret(home)
        if self.salt_file:
            write_secret(Path(self.salt_file), secret)
        home.salts.keep(secret)


# ── revealing ───────────────────────────────────────────────────────────────────────────────────

REVEALED = words.lines("ruling_revealed", {"submission": WORK, "juror": ACCOUNT, "ruling": RULING, "weight": WEIGHT})


class RevealRulings(Act, name="dispute reveal", call="Jury.reveal", told_by="RulingRevealed"):
    submission: int | None = arg(WORK, default=None)
    everything: bool = option(FLAG, False, flag="all")
    salt_file: str | None = option(FILE)

    def check(self, home: Home) -> None:
        """Say which are meant."""
        if (self.submission is None) is not self.everything or (self.everything and self.salt_file):
            raise words.bad("reveal_what")

    def found(self, home: Home) -> list[Dispute]:
        """The disputes that are meant."""
        if self.submission is not None:
            return [before_jury(home, self.submission)]
        found = [one for one in disputes(home).values() if one.is_open(home.now)]
        look_at(home, found)
        found = [one for one in found if phase(one, home.now)[0] == "reveal"]
        _name(home, found)
        return found

    def secrets(self, home: Home, one: Dispute) -> list[Secret]:
        """The salts at hand: those on this machine, or the one that was given."""
        if self.salt_file is None:
            return home.salts.of(home.dmo.chain_id, one.arbitrator, one.dispute_id)
        given = read_secret(Path(self.salt_file))
        its = (home.dmo.chain_id, one.arbitrator, one.dispute_id)
        if (given.chain_id, given.jury, given.dispute) != its:
            raise words.bad(
                *("other_salt", "salt_file"), dispute=given.dispute, jury=given.jury, submission=one.submission
            )
        return [given]

    def live(self, home: Home) -> tuple[list[tuple[Dispute, Secret, int]], bool]:
        """What can be revealed, with its weight; and whether one's own salt is missing."""
        found = self.found(home)
        held = [(one, secret) for one in found for secret in self.secrets(home, one)]
        asked = [(one, secret.juror) for one, secret in held]
        if self.submission is not None and home.maybe_me is not None:
            asked.append((found[0], home.me))
        known = jurors(home, asked)
        live = []
        for one, secret in held:
            its = known.get((one.submission, secret.juror))
            if its is not None and secret.committed == its.commitment:
                live.append((one, secret, its.weight))
        keys = [(one.submission, secret.juror) for one, secret in held]
        if not live and any(known[key].is_revealed for key in keys if key in known):
            raise words.bad("all_revealed")
        is_lost = False
        if self.submission is not None and self.salt_file is None:
            is_lost = self._is_lost(home, known, {secret.juror for _, secret, _ in live}, bool(held))
        if self.submission is not None and home.options.is_sending and held and not live:
            # What is not committed to, or revealed already, the jury refuses in its own words.
            live = [(*held[-1], 0)]
        if not live:
            raise words.bad("nothing_to_reveal")
        return live, is_lost

    def _is_lost(self, home: Home, known: Mapping[tuple[int, str], Juror], here: set[str], has_any: bool) -> bool:
        """Whether a juror's own salt is not here; an error where nothing else can be revealed."""
        mine = known.get((self.submission or 0, home.maybe_me or ""))
        if mine is not None and mine.commitment and home.me not in here:
            if not here:
                raise words.bad("no_salt", submission=self.submission)
            return True
        if not has_any:
            raise words.bad("no_commitment", submission=self.submission)
        return False

    def facts(self, home: Home) -> Mapping[str, Value]:
        """Who ruled what, with which weight."""
        live, is_lost = self.live(home)
        numbers = sorted({one.submission for one, _, _ in live})
        return {
            "rulings": REVEALED([_row(*each) for each in live]),
            "lost": choice("salt", "lost")("lost" if is_lost else None),
            "handed_over_from": TIME(max(one.reveal_until for one, _, _ in live)),
            "several": choice("disputes_meant", "one", "many")("many" if numbers[1:] else "one"),
            "handing": choice("handing_over", "one", "many")("many" if numbers[1:] else "one"),
            "first": WORK(numbers[0]),
        }

    def steps(self, home: Home) -> list[Step]:
        """One transaction a ruling."""
        return [
            step_of(
                *(home, self, one.arbitrator),
                [one.dispute_id, secret.juror, secret.ruling, secret.salt],
                submission=WORK(one.submission),
                juror=ACCOUNT(secret.juror),
                ruling=RULING(Ruling(secret.ruling).text),
            )
            for one, secret, _ in self.live(home)[0]
        ]

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        """What was revealed."""
        events = _told(home, done, "RulingRevealed")
        who = [(one.arguments["juror"], Ruling(one.arguments["ruling"]).text) for one in events]
        rows = done.plan.values["rulings"].value
        kept = [row for row in rows if (row["juror"], row["ruling"]) in who]
        numbers = ", ".join(map(str, sorted({row["submission"] for row in kept})))
        counted = choice("rulings_counted", "one", "many")
        return {
            "rulings": REVEALED(kept),
            "count": counted("one" if len(kept) == 1 else "many"),
            "many": TEXT(str(len(kept))),
            "numbers": TEXT(numbers),
        }


def _row(one: Dispute, secret: Secret, weight: int) -> dict[str, Any]:
    return {
        "submission": one.submission,
        "juror": secret.juror,
        "ruling": Ruling(secret.ruling).text,
        "weight": (one.is_from_reputation, weight),
        "said": "line",
    }


# ── handing over ────────────────────────────────────────────────────────────────────────────────

HANDED = {"submission": WORK, "ruling": RULING}
RULINGS = words.lines("ruling_handed_over", HANDED)
MEANS = words.lines("ruling_means", HANDED)
FOLLOWS = words.lines("ruling_follows", HANDED)


class HandOver(Act, name="dispute rule", call="Jury.executeRuling", told_by="RulingExecuted"):
    submissions: Sequence[int] = arg(WORKS, default=())

    def found(self, home: Home) -> list[Dispute]:
        """The disputes that are meant."""
        if self.submissions:
            found = [before_jury(home, number) for number in dict.fromkeys(self.submissions)]
        else:
            found = to_hand_over(home)
        if not found:
            raise words.bad("nothing_to_rule")
        _name(home, found)
        return found

    def facts(self, home: Home) -> Mapping[str, Value]:
        """What each comes to."""
        rows = [
            {"submission": one.submission, "ruling": one.jury_ruling.text, "said": "line"} for one in self.found(home)
        ]
        return {"rulings": RULINGS(rows), "means": MEANS([{**row, "said": row["ruling"]} for row in rows])}

    def steps(self, home: Home) -> list[Step]:
        """One transaction a ruling."""
        return [
            step_of(
                *(home, self, one.arbitrator, [one.dispute_id]),
                submission=WORK(one.submission),
                ruling=RULING(one.jury_ruling.text),
            )
            for one in self.found(home)
        ]

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        """What was handed over, and what comes next."""
        known = {(one.arbitrator, one.dispute_id): one for one in disputes(home).values()}
        rows = []
        for event in _told(home, done, "RulingExecuted"):
            one = known[event.address, event.arguments["disputeID"]]
            ruling = Ruling(event.arguments["ruling"])
            is_paid = one.is_challenge if ruling is Ruling.NONE else ruling is Ruling.PAY
            said = "pay" if is_paid else "release"
            rows.append({"submission": one.submission, "ruling": ruling.text, "said": said})
        handed = [{**row, "said": "line"} for row in rows]
        return {"rulings": RULINGS(handed), "follows": FOLLOWS(rows)}


def to_hand_over(home: Home) -> list[Dispute]:
    """The disputes whose ruling anybody can hand over, and has to before their time is over."""
    found = [one for one in disputes(home).values() if one.is_open(home.now)]
    look_at(home, found)
    return [one for one in found if phase(one, home.now)[0] == "rule" and not one.is_executed]
