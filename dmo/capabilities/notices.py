"""Notices: telling people in time, by the ways that a file names."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.capabilities.ideas import Idea, Settled
from dmo.capabilities.noticed import GROUPS, NAMES, balances, happened, spare, waits
from dmo.capabilities.rooted import roots
from dmo.capabilities.status import moments
from dmo.capabilities.submissions import Submission
from dmo.core import due, words
from dmo.core.act import arg, option
from dmo.core.errors import BadInput, DmoError
from dmo.core.files import write_again
from dmo.core.ics import Moment, calendar
from dmo.core.kinds import COIN, DURATION, FLAG, NUMBER, TEXT, TIME, choice, listed, shape
from dmo.core.notices import EVERYONE, Notice
from dmo.core.view import Query
from dmo.home import context
from dmo.home.channels import Services, changed, deliver
from dmo.home.following import Follower, until_told
from dmo.home.home import Home
from dmo.home.wants import Wants, read_wants

if TYPE_CHECKING:
    from dmo.core.outbox import NoticeOutbox

FILE = TEXT.called("FILE")
_OF = {kind: group for group, its in GROUPS.items() for kind in its}
_LISTED = 50
DONE = shape((NUMBER, "block new sent failed waiting"), failing=listed(TEXT))
ROW = shape(
    (TEXT, "kind account way title text"), (TIME, "at told_at"), state=choice("notice_state", "told", "waits", "failed")
)
WANT = shape((TEXT, "who what ways calendar"), least=COIN)


def wants_of(home: Home, file: str | None) -> Wants:
    """What the file says: the one that was named, DMO_NOTICES, or ~/.dmo/notices.toml."""
    path = Path(file).expanduser() if file else context.named_path("DMO_NOTICES") or context.home() / "notices.toml"
    return read_wants(path, [*GROUPS], home.account, lambda text: COIN.read(home, text))


def outbox_of(home: Home) -> NoticeOutbox:
    """The deployment's outbox: beside an index in PostgreSQL, else in ~/.dmo/notices. Raises NetworkError."""
    from sqlalchemy import exc

    from dmo.core.outbox import ForeignNotices, NoticeOutbox

    url, board = context.index_url(), home.dmo.address("IdeaBoard")
    owner = f"{home.dmo.chain_id} {board}"
    is_far = url is not None and not url.startswith("sqlite")
    file = context.home() / "notices" / f"{home.dmo.chain_id}-{board}.sqlite"
    try:
        return NoticeOutbox(url if is_far else file, owner)
    except ForeignNotices as error:
        raise words.network("notices_foreign") from error
    except (exc.SQLAlchemyError, ImportError, OSError) as error:
        raise words.network("notices_fail", why=getattr(error, "orig", error)) from error


class Noticer:
    """Finds what there is to tell at each block, and tells it.

    Attributes:
        quiet: How long (seconds of the chain) nobody looks what waits while nothing happens.
    """

    quiet = 60

    def __init__(self, home: Home, wants: Wants) -> None:
        self.home, self.wants, self.outbox = home, wants, outbox_of(home)
        self.follower = Follower(home, owns=False)
        self.services = Services(wants.urls)
        for name in wants.urls:
            self.services.opened(name)
        self._pairs = {pair: {k for group in its for k in GROUPS[group]} for pair, its in wants.pairs().items()}
        self._calendars: dict[Path, list[Moment]] = {}
        self._unwritten: list[str] = []
        self._looked, self._read = 0, -1
        self._seen = ""

    @property
    def depth(self) -> int:
        """How many blocks deep a fact is before it is told."""
        told = self.wants.confirmations
        return self.home.network.confirmations if told is None else told

    def step(self, *, all_of_it: bool = False) -> dict[str, Any]:
        """Bring the outbox to the latest block, and send what is ready. Raises NetworkError."""
        from sqlalchemy import exc

        try:
            return self._step(all_of_it=all_of_it)
        except exc.SQLAlchemyError as error:
            raise words.network("notices_fail", why=getattr(error, "orig", error)) from error

    def _step(self, *, all_of_it: bool) -> dict[str, Any]:
        head = self.follower.step()
        new = None
        if head.hash != self._seen or all_of_it:
            try:
                new = self._gather(all_of_it=all_of_it)
            except LookupError:
                # Another process unwound the index meanwhile; whatever else it is would come again.
                if self.home.index.news((), head.number) is not None:
                    raise
            if new is not None:
                self._seen = head.hash
        channels = list(dict.fromkeys(channel for _, channel in self._pairs))
        sent, failed = deliver(self.outbox, self.home.dmo.name, channels, head, self.services)
        waiting = sum(self.outbox.waiting().values())
        told = {"block": head.number, "new": new or 0, "sent": sent, "waiting": waiting}
        return {**told, "failed": sum(failed.values()), "failing": [*sorted(failed), *self._unwritten]}

    def _gather(self, *, all_of_it: bool) -> int | None:
        """Bring the outbox to what the index says; nothing where another process has moved that on."""
        from dmo.core.outbox import Gathered

        home, index, outbox = self.home, self.home.index, self.outbox
        for kind in (Idea, Settled, Submission):
            home.facts(kind)
        head = home.snapshot.head
        low = head.number if outbox.is_new else index.read_to(outbox.reader)
        news = index.news(NAMES, -1 if all_of_it else low)
        if news is None:
            return None
        head, found = news
        is_new = bool(found) or low != self._read or head.timestamp >= self._looked + self.quiet
        if not is_new and not all_of_it:
            self._read = index.read_to(outbox.reader, head.number, head.hash)
            return 0
        since = outbox.wanted(self._pairs, head, all_of_it=all_of_it)
        accounts = {account for account, _ in self._pairs}
        least = {who: one.least for one in self.wants.wants if one.least for who in one.who if who != EVERYONE}
        notices = [*happened(home, found, accounts), *waits(home, accounts), *balances(home, least)]
        told = Gathered(
            notices=list(self._addressed(notices, since)),
            roots=roots(found),
            low=-1 if all_of_it else low,
            head=head,
            wants=lambda kind, account, channel: kind in self._pairs.get((account, channel), ()),
        )
        new = outbox.bring(told, home, self.depth)
        self._unwritten = self._write_calendars()
        self._looked, self._read = head.timestamp, index.read_to(outbox.reader, head.number, head.hash)
        return new

    def _addressed(
        self, notices: list[Notice], since: Mapping[tuple[str, str], tuple[int, int]]
    ) -> Iterator[tuple[Notice, str]]:
        """Notices by the channels of whom they concern, from when on these want them."""
        for (account, channel), (block, at) in since.items():
            wanted = self._pairs[account, channel]
            for one in notices:
                is_later = one.at >= at if one.lasts else one.block > block
                if one.account == account and one.kind in wanted and is_later:
                    yield one, channel

    def _write_calendars(self) -> list[str]:
        """Write the deadlines of the accounts that want a calendar, where they changed; says which files cannot be."""
        home, failed = self.home, list[str]()
        for want in self.wants.wants:
            if want.calendar is None:
                continue
            items = [item for who in want.who if who != EVERYONE for item in due.items(home, who, spare)]
            found = sorted(set(moments(home, items)))
            if self._calendars.get(want.calendar) == found:
                continue
            try:
                want.calendar.parent.mkdir(parents=True, exist_ok=True)
                write_again(want.calendar, calendar(home.dmo.name, home.now, found))
            except (OSError, BadInput):
                failed.append(f"calendar {want.calendar}")
            else:
                self._calendars[want.calendar] = found
        return failed


class NoticeOnce(Query, name="notice once", of_machine=True, gives=DONE):
    file: str | None = arg(FILE, default=None)
    history: bool = option(FLAG, False)

    def answer(self, home: Home) -> Mapping[str, Any]:
        return Noticer(home, wants_of(home, self.file)).step(all_of_it=self.history)

    def code(self, answer: Mapping[str, Any]) -> int:
        return int(bool(answer["failing"]))


class NoticeRun(Query, name="notice run", of_machine=True, gives=DONE):
    file: str | None = arg(FILE, default=None)
    every: int = option(DURATION, 12)

    def answer(self, home: Home) -> Mapping[str, Any]:
        noticer = Noticer(home, wants_of(home, self.file))
        told: dict[str, Any] = {}
        with until_told() as over:
            while True:
                try:
                    told = noticer.step()
                except DmoError as error:
                    _say("asked_again", error.message)
                else:
                    if told["sent"]:
                        _say("sent", told["sent"])
                    for channel in told["failing"]:
                        _say("failing", channel)
                if over.wait(self.every):
                    return {**dict.fromkeys(DONE), **told}


def _say(what: str, value: Any) -> None:
    print(words.word("notice", what).format(value), file=sys.stderr, flush=True)


class NoticeList(Query, name="notice list", of_machine=True, gives={"notices": [ROW], "waiting": NUMBER}):
    waiting: bool = option(FLAG, False)

    def answer(self, home: Home) -> Mapping[str, Any]:
        outbox = outbox_of(home)
        found = outbox.latest(count=10 * _LISTED, is_told=False)
        rows = [
            {
                **one._asdict(),
                **{"way": one.channel, "title": changed(one), "told_at": one.told_at or None},
                "state": ("failed" if one.tries else "waits") if one.pending else "told",
            }
            for one in found
            if one.pending or not self.waiting
        ]
        return {"notices": rows[:_LISTED], "waiting": sum(outbox.waiting().values())}


class NoticeCheck(
    Query, name="notice check", of_machine=True, gives={"file": TEXT, "confirmations": NUMBER, "wants": [WANT]}
):
    file: str | None = arg(FILE, default=None)
    send: bool = option(FLAG, False)

    def answer(self, home: Home) -> Mapping[str, Any]:
        wants = wants_of(home, self.file)
        services, failed = Services(wants.urls), list[str]()
        for name in wants.urls:
            services.opened(name)
            title = words.word("notice", "test").format(home.dmo.name)
            if self.send and not services(name, title, words.word("notice", "test_text")):
                failed.append(name)
        if failed:
            raise words.bad("notice_not_sent", names=", ".join(failed)).at(str(wants.file), field="send")
        rows = [
            {
                "who": ", ".join(home.who(who) if who != EVERYONE else who for who in one.who),
                "what": ", ".join(group for group in GROUPS if group in one.what),
                "ways": ", ".join(one.channels),
                "calendar": str(one.calendar) if one.calendar else None,
                "least": one.least or None,
            }
            for one in wants.wants
        ]
        depth = home.network.confirmations if wants.confirmations is None else wants.confirmations
        return {"file": str(wants.file), "confirmations": depth, "wants": rows}
