"""Rulings: committed to in secret, revealed, handed over; and what is due about disputes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dmo.capabilities import cases
from dmo.capabilities.cases import ABOUT, RULED, SUBJECT, SUBJECTS, VOTE, about
from dmo.capabilities.disputes import JURY, POT_LIFE, Dispute, Judged, phase, reads
from dmo.capabilities.ends import Ruling
from dmo.capabilities.jury import WEIGHT, Each, Juror, Rows, Subject, jurors, jurors_due, unpaid
from dmo.capabilities.lens import MONEY
from dmo.capabilities.submissions import Submission
from dmo.core import kinds, words
from dmo.core.act import Act, AlreadyDone, arg, option
from dmo.core.chain import Event, Read
from dmo.core.compared import Compared
from dmo.core.due import Item, due, wanted
from dmo.core.engine import Done
from dmo.core.errors import BadInput
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, Kind, Value
from dmo.home.home import Home
from dmo.home.salts import Secret, new_salt, read_secret, write_secret

_HEX = re.compile(r"[0-9a-fA-F]{64}")
OUT = Kind("FILE", lambda home, text: str(home.file(text)))
FILE = replace(OUT, like="text", paper="")


def _salt(home: Home, text: str) -> bytes:
    found = text.strip().removeprefix("0x")
    if not _HEX.fullmatch(found):
        raise words.bad("odd_salt")
    return bytes.fromhex(found)


SALT = Kind("SALT", _salt, lambda home, value: "", lambda value: None, {"type": "null"}, like="salt")
"""Told to nobody."""


def before_jury(home: Home, subject: Subject) -> Judged:
    """A dispute before a jury, by whose subject refusals speak. NotFound: there is none; BadInput: others rule."""
    one = cases.case(home, subject)
    if not one.has_jury:
        raise _no_jury(home, one)
    _name(home, [one])
    return one


def _no_jury(home: Home, one: Judged) -> BadInput:
    return words.bad("no_jury", about=about(one.subject), arbitrator=home.names.who(one.arbitrator))


def _name(home: Home, found: Iterable[Judged]) -> None:
    """Let errors tell what a jury's dispute is about."""
    known = {one.dispute_id: words.word("dispute", "about").format(one.dispute_id, about(one.subject)) for one in found}
    home.written["disputeID"] = lambda number: known.get(number, str(number))


def _told(home: Home, done: Done, name: str) -> list[Event]:
    """Events of the juries that were called."""
    pairs = zip(done.plan.steps, done.receipts, strict=True)
    return [event for step, receipt in pairs for event in home.chain.events_of(receipt, JURY, step.call.to, name)]


def _in_phase(home: Home, name: str) -> list[Judged]:
    """All disputes that wait for one thing now."""
    found = [one for one in cases.every(home).values() if one.is_open(home.now)]
    cases.look(home, found)
    return [one for one in found if phase(one, home.now)[0] == name]


def to_hand_over(home: Home) -> list[Judged]:
    """The disputes whose ruling anybody can hand over, and has to before their time is over.

    A report's is asked for where it is settled.
    """
    its = (one for one in _in_phase(home, "rule") if cases.group_of(one.subject) != cases.REPORT)
    return [one for one in its if not one.is_executed]


def _row(one: Judged, ruling: int) -> dict[str, Any]:
    """A ruling on what is disputed, as lines say it."""
    return {"submission": one.subject, "about": about(one.subject), "ruling": cases.said(one.subject, ruling)}


class CommitRuling(Act, name="dispute commit", call="Jury.commit", told_by="RulingCommitted", who="juror"):
    submission: Subject = arg(SUBJECT)
    ruling: str = arg(VOTE)
    salt_file: str | None = option(OUT)
    salt: bytes = option(SALT, default_factory=new_salt, repr=False)
    compared = Compared(
        {"disputeID": "shown.case", "commitment": "commitment"}, unsaid=("submission", "ruling", "salt_file", "salt")
    )

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"case": str(before_jury(home, self.submission).dispute_id)}

    def secret(self, home: Home) -> Secret:
        one, ruling = before_jury(home, self.submission), cases.ruling_on(self.submission, self.ruling)
        return Secret(home.dmo.chain_id, one.arbitrator, one.dispute_id, home.me, ruling, self.salt)

    def live(self, home: Home) -> tuple[bytes, Secret | None]:
        """The commitment that counts so far, empty if none does; what is kept of it, if it says the same."""
        one = before_jury(home, self.submission)
        mine = jurors(home, [(one, home.me)]).get((self.submission, home.me))
        if mine is None:
            raise _no_jury(home, one)
        kept = home.salts.behind(mine.commitment)
        return mine.commitment, kept if kept and kept.ruling == self.secret(home).ruling else None

    def check(self, home: Home) -> None:
        if kept := self.live(home)[1]:
            if self.salt_file:
                write_secret(Path(self.salt_file), kept)
            look = kinds.looking(home, {**self.given(), **self.facts(home)})
            raise AlreadyDone("\n".join(words.filled(words.command(self.name)["already"], look)))

    def facts(self, home: Home) -> Mapping[str, Value]:
        one, (live, same) = before_jury(home, self.submission), self.live(home)
        return {
            **{"about": ABOUT(about(self.submission))},
            **{"case": NUMBER(one.dispute_id), "folder": TEXT(home.salts.place)},
            **{"commit_until": TIME(one.commit_until), "reveal_until": TIME(one.reveal_until)},
            "commitment": DIGEST((same or self.secret(home)).committed),
            "replaces": FLAG(bool(live) and same is None),
        }

    def target(self, home: Home) -> str:
        return before_jury(home, self.submission).arbitrator

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.secret(home).dispute, self.secret(home).committed]

    def before(self, home: Home) -> None:
        secret = self.secret(home)
        if self.salt_file:
            write_secret(Path(self.salt_file), secret)
        home.salts.keep(secret)


HANDED = {"submission": SUBJECT, "about": ABOUT, "ruling": RULED}
HEARD = {**HANDED, "juror": ACCOUNT, "weight": WEIGHT}
REVEALED = kinds.lines("ruling_revealed", HEARD)
NOBODY = Juror(0, b"", is_revealed=False)


class RevealRulings(Each, name="dispute reveal", call="Jury.reveal", told_by="RulingRevealed", row=HEARD):
    submission: Subject | None = arg(SUBJECT, default=None)
    everything: bool = option(FLAG, False, flag="all")
    salt_file: str | None = option(FILE)
    compared = Compared(
        {"disputeID": "shown.case", **{key: f"salt_file.{key}" for key in ("juror", "ruling", "salt")}},
        unsaid=("submission",),
    )

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {} if self.submission is None else {"case": str(before_jury(home, self.submission).dispute_id)}

    def check(self, home: Home) -> None:
        if (self.submission is None) is not self.everything or (self.everything and self.salt_file):
            raise words.bad("reveal_what")

    def found(self, home: Home) -> list[Judged]:
        found = _in_phase(home, "reveal") if self.submission is None else [before_jury(home, self.submission)]
        _name(home, found)
        return found

    def secrets(self, home: Home, one: Judged) -> list[Secret]:
        """The salts at hand: those on this machine, or the one that was given."""
        its = home.dmo.chain_id, one.arbitrator, one.dispute_id
        if self.salt_file is None:
            return home.salts.of(*its)
        given = read_secret(Path(self.salt_file))
        if (given.chain_id, given.jury, given.dispute) != its:
            told = {"dispute": given.dispute, "jury": given.jury, "about": about(one.subject)}
            raise words.bad("other_salt", "salt_file", **told)
        return [given]

    def live(self, home: Home) -> tuple[list[tuple[Judged, Secret, int]], bool]:
        """What can be revealed, with its weight; and whether one's own salt is missing."""
        found, me = self.found(home), None if self.everything else home.maybe_me
        held = [(one, secret) for one in found for secret in self.secrets(home, one)]
        asked = [(one, secret.juror) for one, secret in held]
        known = jurors(home, [*asked, *([(found[0], me)] if me else [])])
        heard = [(one, secret, known.get((one.subject, secret.juror), NOBODY)) for one, secret in held]
        live = [(one, secret, its.weight) for one, secret, its in heard if its.commitment == secret.committed]
        has_mine = self.salt_file or any(secret.juror == me for _, secret, _ in live)
        is_lost = bool(known.get((self.submission or 0, me or ""), NOBODY).commitment) and not has_mine
        if live:
            return live, is_lost
        if any(its.is_revealed for *_, its in heard):
            raise words.bad("all_revealed")
        if is_lost:
            raise words.bad("no_salt", about=about(self.submission or 0))
        if self.submission is not None and not held:
            raise words.bad("no_commitment", about=about(self.submission), submission=self.submission)
        if self.submission is None or not home.options.is_sending:
            raise words.bad("nothing_to_reveal")
        # What is not committed to, or revealed already, the jury refuses in its own words.
        return [(*held[-1], 0)], is_lost

    def rows(self, home: Home) -> Rows:
        rows: Rows = []
        for one, secret, weight in self.live(home)[0]:
            row = {**_row(one, secret.ruling), "juror": secret.juror}
            arguments = [one.dispute_id, secret.juror, secret.ruling, secret.salt]
            rows.append((one.arbitrator, arguments, {**row, "weight": (one.is_from_reputation, weight)}))
        return rows

    def facts(self, home: Home) -> Mapping[str, Value]:
        live, is_lost = self.live(home)
        rulings = REVEALED([row for *_, row in self.rows(home)])
        latest = max(one.reveal_until for one, _, _ in live)
        mine = {} if self.submission is None else {"about": ABOUT(about(self.submission))}
        return {**mine, "rulings": rulings, "lost": FLAG(is_lost), "handed_over_from": TIME(latest)}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        told = [event.arguments for event in _told(home, done, "RulingRevealed")]
        kept = [
            row
            for row in done.plan.values["rulings"].value
            if any(
                (its["juror"], cases.said(row["submission"], its["ruling"])) == (row["juror"], row["ruling"])
                for its in told
            )
        ]
        numbers = sorted({row["submission"] for row in kept}, key=cases.in_order)
        return {"rulings": REVEALED(kept), "count": NUMBER(len(kept)), "numbers": SUBJECTS(numbers)}


RULINGS = kinds.lines("ruling_handed_over", HANDED)
MEANS = kinds.lines("ruling_means", HANDED)
FOLLOWS = kinds.lines("ruling_follows", {**HANDED, "follows": TEXT})


class HandOver(Each, name="dispute rule", call="Jury.executeRuling", told_by="RulingExecuted", row=HANDED):
    submissions: Sequence[Subject] = arg(SUBJECTS, default=())
    compared = Compared({"disputeID": "among shown.cases"}, unsaid=("submissions",))

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"cases": [str(one.dispute_id) for one in self.found(home)]}

    def found(self, home: Home) -> list[Judged]:
        named = [before_jury(home, number) for number in dict.fromkeys(self.submissions)]
        found = named or to_hand_over(home)
        if not found:
            raise words.bad("nothing_to_rule")
        _name(home, found)
        return found

    def rows(self, home: Home) -> Rows:
        return [(one.arbitrator, [one.dispute_id], _row(one, one.jury_ruling)) for one in self.found(home)]

    def facts(self, home: Home) -> Mapping[str, Value]:
        rows = [row for *_, row in self.rows(home)]
        means = [{**row, "said": cases.group_of(row["submission"])} for row in rows]
        return {"rulings": RULINGS(rows), "means": MEANS(means)}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        known = {(one.arbitrator, one.dispute_id): one for one in cases.every(home).values()}
        told = [(event.address, event.arguments) for event in _told(home, done, "RulingExecuted")]
        over = [(replace(known[at, its["disputeID"]], ruling=Ruling(its["ruling"]))) for at, its in told]
        rows = [_row(one, one.ruling) for one in over]
        work = [
            {**row, "follows": one.follows} for one, row in zip(over, rows, strict=True) if isinstance(one, Dispute)
        ]
        return {"rulings": RULINGS(rows), "follows": FOLLOWS(work)}


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return reads(home, cases.moving(home), account)


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    found = cases.moving(home)
    cases.look(home, found)
    if waiting := to_hand_over(home):
        until, act = min(one.until for one in waiting), HandOver([one.subject for one in waiting])
        yield Item("rule", until, True, "dispute rule", acts=(act,), count=len(waiting))
    if pays := jurors_due(home):
        yield Item("jurors", 0, True, "dispute pay", acts=tuple(pays), count=len(pays))
    if account is not None:
        yield from _of_open(home, account, [one for one in found if one.is_open(home.now)])
        settled = {one.subject: one.settled_at for one in found}
        for subject, its in unpaid(home, found).items():
            if account in its:
                told = {**_named(subject), "amount": MONEY(its[account])}
                pay = f"{'outcome' if cases.group_of(subject) == cases.REPORT else 'dispute'} pay"
                until, command = settled[subject] + POT_LIFE, f"{pay} {cases.number_of(subject)}"
                yield Item("share", until, True, command, told)


def _named(subject: Subject) -> dict[str, Value]:
    """What is disputed; work by its number, which notices look up."""
    told = {"about": ABOUT(about(subject))}
    return {**told, "submission": SUBJECT(subject)} if isinstance(subject, int) else told


def _values(one: Judged) -> dict[str, Value]:
    times = {key: TIME(getattr(one, key)) for key in ("opened_at", "commit_until", "reveal_until", "until")}
    return {**(one.said() if isinstance(one, Dispute) else times), **_named(one.subject)}


def _roles(home: Home, one: Judged) -> dict[str, str]:
    """Who is what in a dispute, as items call it; parties to reports are told with their outcome."""
    if not isinstance(one, Dispute):
        return {}
    worker = home.facts(Submission)[one.submission].worker
    roles = {one.lead: "contested", worker: "challenged", one.opener: "opened"}
    return roles | ({one.upholder: "upheld"} if one.upholder else {})


def _of_open(home: Home, account: str, found: Sequence[Judged]) -> Iterator[Item]:
    known = jurors(home, [(one, account) for one in found])
    for one in found:
        if one.is_contested:  # told with the work
            continue
        number, values, roles = one.subject, _values(one), _roles(home, one)
        mine, show = known.get((number, account)), f"dispute show {number}"
        if mine is not None and mine.weight:
            now, until = phase(one, home.now)
            if now == "reveal" and mine.commitment:
                # A ruling that is not revealed in time is lost with its share.
                yield Item("reveal", until, True, f"dispute reveal {number}", values, is_first=True)
            elif now == "commit":
                coming = Item("reveal_later", one.reveal_until, False, show, values)
                yield coming if mine.commitment else Item("commit", until, True, show, values)
        elif account in roles:
            yield Item(roles[account], one.until, False, show, values)
