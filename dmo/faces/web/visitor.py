"""A home for whoever looks at the page: nothing of this machine is theirs, and nothing they do is kept."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.chain import Block
from dmo.core.digests import digest
from dmo.core.errors import BadInput
from dmo.core.kinds import Value
from dmo.faces.web import marks, pages
from dmo.faces.web.locales import locale
from dmo.home import context
from dmo.home.context import LocalFacts
from dmo.home.home import Home, Options
from dmo.home.names import Names
from dmo.home.salts import Salts, Secret
from dmo.home.store import Store

_PERCENT = re.compile(r"\d+\.\d+%")
_NUMBERS = ("AMOUNT", "POINTS", "COIN", "WEIGHT")
_SHARED = ("book", "local", "url", "network", "snapshot", "index")


class _Names(Names):
    """Names of contracts, and on one's own machine those that its owner has given; never who its owner is."""

    def __init__(self, account: str | None, contracts: Mapping[str, str], known: Mapping[str, str]) -> None:
        super().__init__(account, LocalFacts(), contracts)
        self.__dict__["watched"] = {name: at for at, name in known.items()}
        self.__dict__["named"] = account or ""

    @cached_property
    def keystores(self) -> Any:
        return _NoKeys()

    @property
    def me(self) -> str:
        """Who looks. Raises BadInput: nobody said who they are."""
        if self.maybe_me is None:
            raise words.bad("web_nobody")
        return self.maybe_me


class _NoKeys:
    """The keystores of somebody who has none here."""

    def addresses(self) -> dict[str, str]:
        return {}

    def names(self) -> list[str]:
        return []


class _Drafts(Store):
    """The store of this machine to read from; what is put stays with one request."""

    def __init__(self, below: Store) -> None:
        super().__init__(below.root)
        self._below = below
        self.held: dict[bytes, bytes] = {}

    def put(self, raw: bytes) -> bytes:
        value = digest(raw)
        self.held[value] = raw
        return value

    def get(self, value: bytes) -> bytes | None:
        return self.held.get(value) or self._below.get(value)


class _NoSalts(Salts):
    """Salts stay with their jurors."""

    place = ""

    def of(self, chain_id: int, jury: str, dispute: int) -> list[Secret]:
        return []

    def behind(self, committed: bytes) -> Secret | None:
        return None

    def keep(self, secret: Secret) -> Path:
        raise words.bad("web_keeps")


class Visitor(Home):
    """The deployment at the block that the page shows, seen by an account or nobody.

    Args:
        base: The home that follows the chain.
        account: Whose eyes these are.
        known: Address → name, of those that the owner of this machine knows.
        is_marking: Whether shown values carry what they lead to.
        publish: Whether texts are published on the chain; None for where coins cost nothing.
    """

    def __init__(
        self,
        base: Home,
        account: str | None = None,
        known: Mapping[str, str] | None = None,
        *,
        is_marking: bool = True,
        publish: bool | None = None,
    ) -> None:
        options = Options(account=account, publish=publish, is_sending=False)
        super().__init__(options, base.dmo)
        self.__dict__.update({key: base.__dict__[key] for key in _SHARED if key in base.__dict__})
        self.__dict__["names"] = _Names(account, base.dmo.addresses, known or {})
        self.__dict__["store"] = _Drafts(base.store)
        self.__dict__["salts"] = _NoSalts(Path("/nowhere"))
        self.is_marking = is_marking
        self._files: dict[str, Path] = {}

    @property
    def is_live(self) -> bool:
        """What others see is never played with."""
        return True

    def file(self, text: str) -> Path:
        """One of the texts that were handed over; nothing of this machine."""
        if text not in self._files:
            raise words.bad("web_no_file", given=text[:40])
        return self._files[text]

    @contextmanager
    def handed(self, texts: Mapping[str, str]) -> Iterator[None]:
        """While these texts lie here as files of their names, for whatever reads files."""
        with tempfile.TemporaryDirectory(prefix="dmo-web-") as folder:
            for place, (name, text) in enumerate(texts.items()):
                file = Path(folder) / str(place)
                file.write_bytes(text.encode())
                self._files[name] = file
            try:
                yield
            except BadInput as error:
                raise self._named(error) from None
            finally:
                self._files.clear()

    def _named(self, error: BadInput) -> BadInput:
        """The same without where it lay here."""
        ours = {str(file): name for name, file in self._files.items()}
        if error.file not in ours:
            return error
        name = ours[error.file]
        field = f"{name}.{error.field}" if error.field and error.field != name else name
        return BadInput(error.reason, expected=error.expected, line=error.line, field=field)

    def acting_as(self, account: str) -> Visitor:
        """The same for somebody who sends nothing from here."""
        other = Visitor(self, account, self.names.people, is_marking=self.is_marking)
        other.options = replace(self.options, account=account, is_tried=False)
        return other

    def plainly(self) -> Visitor:
        """The same where shown values are texts alone."""
        self.is_marking = False
        return self

    def marked(self, name: str, one: Value, shown: str) -> str:
        """A shown value, in the order of the language that is spoken, with what it leads to."""
        text, value = (shown if name.endswith("next") else marks.plain(shown)), one.value
        kind = one.kind.name
        if not text or not self.is_marking:  # 1,500 would be one and a half to many
            plain = marks.plain(text)
            return locale().amount(plain) if kind in _NUMBERS else plain
        if kind == "TIME":
            is_moment = bool(value) and one.kind.plain(0) is None
            if is_moment:
                return marks.marked(marks.TIME, str(value), self._when(value))
            return locale().duration(value)
        if kind in _NUMBERS:
            return marks.marked(marks.NUMBER, "", locale().amount(text))
        if kind in ("SHARE", "PPM") or _PERCENT.fullmatch(text):
            return text.replace(".", locale().point)
        if kind in ("WHO", "TO"):
            return marks.marked(marks.WHO, checksum(value), text)
        if kind == "[WHO]...":
            return ", ".join(marks.marked(marks.WHO, checksum(one), self.names.who(one)) for one in value)
        if kind == "TITLE":
            return marks.marked(marks.TITLE, "", text)
        if kind == "TEXT" and "dmo " in text and not name.endswith("next"):
            return marks.marked(marks.OTHERS, "", text)
        if to := pages.leads(kind, one.kind.plain(value)):
            return marks.marked(marks.LINK, to, text)
        return text

    def spoken(self, text: str) -> str:
        """What is said with amounts as a command line writes them, as this language does: 1,500 would be too little."""
        if locale().point == ".":
            return text
        symbols = "|".join(re.escape(self.unit(token)[1]) for token in ("budget", "votes", "points", "coin"))
        number = r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)"
        amount = rf"{number}(?=%| (?:{symbols})\b)"
        return re.sub(amount, lambda found: locale().amount(found[0]), text)

    def _when(self, at: int) -> str:
        return locale().moment(at, self.now)


class Still(Visitor):
    """What everybody sees alike, whatever the machine and the day: by the chain's texts alone, times as dates.

    Args:
        base: A home at some block.
        last: The block that is told, in which something happened last.
    """

    def __init__(self, base: Home, last: Block) -> None:
        dmo = copy(base.dmo)
        dmo.__dict__["name"] = base.token("votes").symbol  # an address book's name is its owner's
        super().__init__(base)
        network = context.chain_facts(dmo.chain_id)
        store = _Drafts(Store(Path("/nowhere")))
        self.__dict__.update(dmo=dmo, local=LocalFacts(), network=network, store=store)
        self._last = last

    @property
    def now(self) -> int:
        return self._last.timestamp

    def _when(self, at: int) -> str:
        return locale().day(at)
