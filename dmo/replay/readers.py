"""Reads holders and votes: the project's own files, and what explorers, Snapshot and Governors leave behind.

docs/replay.md describes them. Whatever is wrong is told with file, line and reason, and nothing is guessed.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dmo.core import rows, words
from dmo.core.errors import BadInput
from dmo.core.rows import Column, Rows
from dmo.core.text import one_line
from dmo.core.units import format_amount
from dmo.home import holders as lists
from dmo.replay.records import MAX_UNITS, UNIT, Holder, Holders, PastProposal, Side, Vote, Votes

_DECIMALS = len(str(UNIT)) - 1
_FOR, _AGAINST, _ABSTAIN = Side.FOR, Side.AGAINST, Side.ABSTAIN
_CHOICES = {"yes": _FOR, "no": _AGAINST, "veto": _AGAINST, "abstain": _ABSTAIN, "for": _FOR, "against": _AGAINST}
_SNAPSHOT = {"1": _FOR, "2": _AGAINST, "3": _ABSTAIN}
"""Places of the choices of its basic votes."""
_GOVERNOR = {"0": _AGAINST, "1": _FOR, "2": _ABSTAIN, "false": _AGAINST, "true": _FOR}
"""What ``support`` holds in the events of OpenZeppelin's and Compound's."""
_REPORT = "snapshot-votes-report-"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,77}")
_NAME = re.compile(r"(?=.*[a-zA-Z])[0-9a-zA-Z-]{20,80}")
_NAMED = 10**78
"""Proposals with names instead of numbers are counted from here on."""
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):\d\d:\d\d)(?:\.(\d{1,9}))? ?(Z|UTC|[+-]\d\d:[0-5]\d)?", re.ASCII
)
_SECONDS = re.compile(r"\d{9,10}", re.ASCII)
_YEARS = (2000, 2099)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = format_amount(MAX_UNITS // UNIT, 0)


def _bad(name: str, text: str = "", **values: Any) -> BadInput:
    return words.bad(f"replay_{name}", text=rows.shown(text), **values)


def _moment(text: str) -> int:
    """Nanoseconds since 1970."""
    if _SECONDS.fullmatch(text):
        text = datetime.fromtimestamp(int(text), UTC).isoformat()
    match = _MOMENT.fullmatch(text)
    if match is None or match[4] is None:
        raise _bad("no_zone" if match else "no_moment", text)
    try:
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[4].replace('UTC', 'Z')}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise _bad("no_moment", text) from None
    first, last = _YEARS
    if not first <= moment.year <= last:
        raise _bad("absurd", text, first=first, last=last)
    return (moment - _EPOCH) // timedelta(seconds=1) * 10**9 + int((match[3] or "").ljust(9, "0"))


def _proposal(text: str) -> str:
    if not _NUMBER.fullmatch(text) and not _NAME.fullmatch(text):
        raise _bad("no_number", text)
    return text


def read_holders(path: Path, *, is_equal: bool = False) -> Holders:
    """Read who holds how much; or who has a vote like everybody else, and counts one token.

    Raises:
        BadInput: A row cannot be used, or all together hold more than a votes token can.
    """
    table = lists.holders_table(path, _DECIMALS, has_amounts=not is_equal)
    holders: list[Holder] = []
    supply = 0
    try:
        for line, address, units in lists.read_holders(table):
            amount = UNIT if is_equal else units
            supply += amount
            if supply > MAX_UNITS:
                raise _bad("large_supply", most=_MOST).at(line=line, field="tokens")
            holders.append(Holder(address, amount))
    except BadInput as error:
        raise error.at(str(path)) from None
    if not holders:
        raise table.bad("table_no_rows")
    return Holders(holders, supply, table.digest.hexdigest())


def read_votes(path: Path, holders: Holders) -> Votes:
    """Read what the holders voted on, when and how; from a file, or from all files of a folder.

    Raises:
        BadInput: A row cannot be used, or contradicts another.
    """
    votes = _Votes(holders)
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise _bad("no_reports").at(str(path))
    for file in files:
        votes.read(file)
    if not votes.proposals:
        raise _bad("no_voters").at(str(path))
    return Votes({one.number: one for one in votes.proposals.values()}, votes.count, votes.digest, votes.left_out)


class _Votes:
    """Votes so far. A file of another program's tells when each vote was cast: its first one opens the proposal."""

    def __init__(self, holders: Holders) -> None:
        self.places = {holder.address: place for place, holder in enumerate(holders.rows)}
        self.proposals: dict[str, PastProposal] = {}
        self.count = self.left_out = 0
        self._digest = hashlib.sha256()

    @property
    def digest(self) -> str:
        """Of the bytes of all files."""
        return self._digest.hexdigest()

    def read(self, path: Path) -> None:
        """Read a file: a proposal's, which it is named after, or one with a column for the proposal."""
        columns = {
            "proposal": Column(_proposal, "proposalid", is_needed=False),
            "opened_at": Column(_moment, is_needed=False),
            "voted_at": Column(_moment, "timestamp evtblocktime blocktime blocktimestamp created", is_needed=False),
            "voter": Column(lists.account, "address voteraddress"),
            "choice": Column(str, "support"),
        }
        table = Rows(path, columns)
        table.header = "proposal,opened_at,voter,choice"
        table.digest = self._digest
        for line, row in table:
            self._add(table, line, row)
        self.count += table.count

    def _add(self, table: Rows, line: int, row: Mapping[str, Any]) -> None:
        is_own, is_report = "opened_at" in row, "proposal" not in row
        if is_report if is_own else "voted_at" not in row:
            missing = "proposal" if is_own else "opened_at"
            raise table.bad("table_header", 1, found=",".join(table.called.values()), missing=missing)
        name = one_line(table.path.stem.removeprefix(_REPORT), 80) if is_report else row["proposal"]
        moment, voter = row["opened_at" if is_own else "voted_at"], row["voter"]
        about = {"voter": voter, "proposal": name if len(name) <= 24 else f"{name[:12]}…{name[-8:]}"}

        def bad(wrong: str, field: str, text: str = "", **values: Any) -> BadInput:
            return _bad(wrong, text, **about, **values).at(str(table.path), line, field)

        numbers = _GOVERNOR if table.called["choice"].casefold() == "support" else _SNAPSHOT if is_report else {}
        choice = (_CHOICES | numbers).get(row["choice"].casefold())
        if choice is None:
            raise bad("no_choice", table.called["choice"], row["choice"], choices=", ".join(_CHOICES | numbers))
        place = self.places.get(voter)
        if place is None:
            if is_own:
                raise bad("no_holder", "voter")
            self.left_out += 1
            return
        number = _NAMED + len(self.proposals) if is_report or not _NUMBER.fullmatch(name) else int(name)
        proposal = self.proposals.setdefault(name, PastProposal(number, moment, line, named=name))
        if is_own and proposal.opened_ns != moment:
            raise bad("other_moment", "opened_at", first=proposal.line)
        if place in proposal.votes:
            raise bad("voted_twice", "voter", first=proposal.votes[place].line)
        proposal.opened_ns = min(proposal.opened_ns, moment)
        proposal.votes[place] = Vote(choice, line)
