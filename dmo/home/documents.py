"""Documents: markdown with front matter, bound by the digest of their exact bytes.

``parse`` is for what a person is about to use, and says where it is wrong. ``read_document`` is for
what anybody published: it always ends as a value, in bounded time, and that value shows all it
holds: fields are one line each, nothing in it is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from dmo.core import words
from dmo.core.digests import cid, digest
from dmo.core.errors import FAULTS, BadInput
from dmo.core.files import read_bytes
from dmo.core.text import hidden, one_line, printable
from dmo.core.view import Exhibit
from dmo.home.fields import invisible, read_fields

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from dmo.home.papers import Front

MAX_BYTES = 1024 * 1024
_MAX_TITLE = 80
_MAX_BECAUSE = 160
_FENCE = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """A document as it was read.

    Attributes:
        raw: Its exact bytes.
        front: Its fields, checked by the model of its kind; unknown ones are kept. One line each.
        body: The text below the front matter, line ends as line feeds.
        file: The file it was read from, for messages.
    """

    raw: bytes
    front: Front
    body: str
    file: str | None = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """idea, brief, evidence, reason or lesson."""
        return self.front.kind

    @property
    def title(self) -> str:
        """Its title, one line."""
        return self.front.title

    @property
    def lang(self) -> str:
        """Language of the text, a BCP 47 tag."""
        return self.front.lang

    @property
    def digest(self) -> bytes:
        """sha2-256 of the exact bytes."""
        return digest(self.raw)

    @property
    def cid(self) -> str:
        """The same digest as a raw CIDv1."""
        return cid(self.digest)

    @property
    def unknown(self) -> Mapping[str, Any]:
        """Fields that this version does not know."""
        return dict(self.front.model_extra or {})

    @property
    def fields(self) -> dict[str, Any]:
        """Its fields, as JSON has them."""
        return self.front.model_dump(mode="json", exclude_none=True)

    def exhibit(self) -> Exhibit:
        """It as it is shown."""
        note = words.word("document", "from").format(self.cid, words.word("source", "store"))
        pairs = [(key, flat(one)) for key, one in self.fields.items() if key not in ("kind", "title", "lang")]
        shown = tuple((one_line(key), text) for key, text in pairs if text)
        return Exhibit(f"{self.kind}: {self.title}", shown, self.body, note, self.lang)


@dataclass(frozen=True)
class Unreadable:
    """Bytes that somebody published and that are no document.

    Attributes:
        because: Why, in words that follow “unreadable, because”; one line.
    """

    digest: bytes
    raw: bytes
    because: str
    fields: ClassVar[Mapping[str, Any]] = {}  # none that can be read

    @property
    def title(self) -> str:
        """What stands where a document's title would, and is no longer than one."""
        return one_line(words.word("unreadable", "title").format(self.because), _MAX_TITLE)

    @property
    def cid(self) -> str:
        """The digest as a raw CIDv1."""
        return cid(self.digest)

    @property
    def text(self) -> str:
        """The bytes as text, as far as they are."""
        return printable(self.raw[:MAX_BYTES].decode("utf-8", "replace"))

    def exhibit(self) -> Exhibit:
        """It as it is shown."""
        return Exhibit(self.title, body=self.text, note=words.word("document", "bytes").format(self.cid))


def flat(value: Any, apart: str = "\n") -> str:
    """A field as it is shown: a group's members one below another, in a list's rows side by side."""
    if isinstance(value, dict):
        return apart.join(f"{key}: {flat(item, ', ')}" for key, item in value.items())
    if isinstance(value, list):
        rows = [flat(item, ", ") for item in value]
        return ("\n" if any(len(row) > 24 for row in rows) else ", ").join(rows)
    return str(value)


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise words.bad("large_document", bytes=len(raw), most=MAX_BYTES)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise words.bad("no_utf8").at(line=raw.count(b"\n", 0, error.start) + 1) from None
    place = hidden(text)
    if place is not None:
        raise invisible(text[place], text.count("\n", 0, place) + 1)
    return text


def _expected(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    """What a field's model says about it."""
    from dmo.home.papers import parts_of

    text = ""
    for part in location:
        field = model.model_fields.get(str(part))
        if field is not None:
            text = field.description or text
            model = next(iter(parts_of(field.annotation)), model)
    return text


def parse(raw: bytes, file: str | None = None, kind: str | None = None) -> Document:
    """A document of its exact bytes; file and kind where known, for messages. Raises BadInput: with line and field."""
    try:
        return replace(_parse(raw, kind), file=file)
    except BadInput as error:
        raise error.at(file=file) from None


def _parse(raw: bytes, kind: str | None) -> Document:
    from pydantic import ValidationError

    from dmo.home.papers import KINDS

    text = _text(raw)
    fence = _FENCE.match(text)
    if fence is None:
        raise words.bad("no_front").at(line=1)
    fields, lines = read_fields(fence[1])
    found = fields.get("kind")
    if not isinstance(found, str) or found not in KINDS or (kind is not None and found != kind):
        wrong, known = "kind_missing" if found is None else "other_kind", kind or ", ".join(KINDS)
        raise words.bad(wrong, field="kind", given=str(found)[:40], known=known).at(line=lines.get("kind", 1))
    try:
        front = KINDS[found].model_validate(fields)
    except ValidationError as error:
        raise _fault(KINDS[found], error, lines) from None
    except FAULTS:
        raise words.bad("odd_front") from None
    body = printable(text[fence.end() :])
    if found != "evidence" and not body.strip():
        raise words.bad("no_body").at(line=text.count("\n") + 1)
    return Document(raw, front, body)


def _fault(model: type[Front], error: ValidationError, lines: Mapping[str, int]) -> BadInput:
    """What the first field that does not fit is told, at the line of what stands there."""
    first = error.errors()[0]
    place = location = tuple(first["loc"])
    while location and _dotted(location) not in lines:
        location = location[:-1]
    return BadInput(
        words.load()["word"]["fault"].get(first["type"], first["msg"].removeprefix("Value error, ")),
        expected=_expected(model, place),
        line=lines.get(_dotted(location), 1),
        field=_dotted(place if first["type"] == "missing" else location),
    )


def _dotted(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location))


def read(path: Path | str, kind: str | None = None) -> Document:
    """Read a document from a file. Raises BadInput: with file, line and field."""
    try:
        raw = read_bytes(path, MAX_BYTES)
    except FileNotFoundError as error:
        raise words.bad("unreadable", why=error.strerror).at(str(path)) from None
    return parse(raw, str(path), kind)


def read_document(raw: bytes, value: bytes) -> Document | Unreadable:
    """Read what was found under a digest, whoever published it; never raises, reads the same bytes once."""
    return _read_once(raw, value, words.spoken())


@lru_cache(maxsize=2048)
def _read_once(raw: bytes, value: bytes, language: str) -> Document | Unreadable:
    """The same; why it cannot be read is told in a language."""
    if digest(raw) != value:
        return Unreadable(value, raw, words.bad("other_bytes").reason)
    try:
        return parse(raw)
    except BadInput as error:
        return Unreadable(value, raw, _because(error))


def _because(error: BadInput) -> str:
    said = words.load()["word"]["unreadable"]
    is_whole = error.reason.startswith(tuple(said["begins"]))
    reason = f"{error.field} {error.reason}" if error.field else error.reason
    return one_line(reason if error.field or is_whole else said["it"].format(reason), _MAX_BECAUSE)
