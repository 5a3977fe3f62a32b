"""Documents: markdown with front matter, bound by the digest of their exact bytes.

``parse`` is for what a person is about to use, and says where it is wrong. ``read_document`` is for
what anybody published: it always ends as a value, in bounded time, and that value shows all it
holds: fields are one line each, nothing in it is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.core.digests import cid, digest
from dmo.core.errors import BadInput
from dmo.core.text import hidden, one_line, printable

if TYPE_CHECKING:
    from dmo.home.papers import Front

__all__ = ["MAX_BYTES", "MAX_FRONT", "Document", "Unreadable", "parse", "read", "read_document"]

MAX_BYTES = 1024 * 1024
MAX_FRONT = 8 * 1024
"""Characters of the front matter; YAML is slow, and everybody pays for reading."""
_MAX_OPENED = 128
_MAX_DEPTH = 12
_MAX_TOKENS = 1536
_MAX_NAME = 60
_MAX_TITLE = 80
_MAX_BECAUSE = 160
_FENCE = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
# What parsers made for honest files may end in.
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_PLAIN = {
    "missing": "is missing",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "does not have the right form",
    "string_too_long": "is too long",
    "string_type": "is not a text",
    "too_short": "is empty",
    "list_type": "is not a list",
    "model_type": "is not a group of fields",
    "int_parsing": "is not a whole number",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "finite_number": "is not a number",
    "literal_error": "is none of the possible values",
    "greater_than_equal": "is too small",
    "date_from_datetime_parsing": "is not a date",
    "date_parsing": "is not a date",
    "date_type": "is not a date",
}


@dataclass(frozen=True)
class Document:
    """A document as it was read.

    Attributes:
        raw: Its exact bytes.
        front: Its fields, checked by the model of its kind; unknown ones are kept. One line each.
        body: The text below the front matter, line ends as line feeds.
    """

    raw: bytes
    front: Front
    body: str

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


@dataclass(frozen=True)
class Unreadable:
    """Bytes that somebody published and that are no document.

    Attributes:
        digest: sha2-256 that they are found by.
        raw: The bytes.
        because: Why, in words that follow “unreadable, because”; one line.
    """

    digest: bytes
    raw: bytes
    because: str

    @property
    def title(self) -> str:
        """What stands where a document's title would, and is no longer than one."""
        return one_line(f"(unreadable, because {self.because})", _MAX_TITLE)

    @property
    def cid(self) -> str:
        """The digest as a raw CIDv1."""
        return cid(self.digest)

    @property
    def text(self) -> str:
        """The bytes as text, as far as they are."""
        return printable(self.raw[:MAX_BYTES].decode("utf-8", "replace"))


def _text(raw: bytes, file: str | None) -> str:
    if len(raw) > MAX_BYTES:
        raise BadInput(
            f"the document has {len(raw)} bytes", expected=f"at most {MAX_BYTES}", file=file
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput("is not UTF-8", expected="text in UTF-8", file=file, line=line) from None
    place = hidden(text)
    if place is not None:
        raise _invisible(text[place], file, text.count("\n", 0, place) + 1)
    return text


def _invisible(letter: str, file: str | None, line: int, field: str | None = None) -> BadInput:
    return BadInput(
        f"holds the invisible character U+{ord(letter):04X}",
        expected="text that shows all it holds",
        file=file,
        line=line,
        field=field,
    )


@cache
def _loader() -> Any:
    """YAML 1.2's idea of true, false, null and numbers; dates and ``no`` stay text."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    resolvers: Any = {}
    Loader.yaml_implicit_resolvers = resolvers
    for tag, pattern, first in (
        ("bool", r"^(?:true|false)$", "tf"),
        ("null", r"^(?:null|~|)$", ["n", "~", ""]),
        ("int", r"^-?(?:0|[1-9]\d{0,40})$", "-0123456789"),
        ("float", r"^-?(?:0|[1-9]\d{0,40})\.\d{1,40}$", "-0123456789"),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))
    return Loader


def _scan(source: str, file: str | None) -> None:
    """Refuse what would take YAML long, before it sees it; and what fields do not need.

    Raises:
        BadInput: It is too long, too deep, or holds an anchor, alias or tag.
    """
    import yaml

    if len(source) > MAX_FRONT:
        raise BadInput(
            f"the front matter has {len(source)} characters",
            expected=f"at most {MAX_FRONT}",
            file=file,
            line=1,
        )
    # The scanner looks 1,024 characters ahead and takes quadratic time for open brackets.
    if source.count("[") + source.count("{") > _MAX_OPENED:
        raise BadInput("is nested too deeply", file=file, line=2)
    opening = (
        yaml.BlockMappingStartToken,
        yaml.BlockSequenceStartToken,
        yaml.FlowMappingStartToken,
        yaml.FlowSequenceStartToken,
    )
    closing = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
    depth = 0
    for count, token in enumerate(yaml.scan(source, Loader=_loader())):
        line = token.start_mark.line + 2
        depth += isinstance(token, opening) - isinstance(token, closing)
        if depth > _MAX_DEPTH:
            raise BadInput("is nested too deeply", file=file, line=line)
        if count > _MAX_TOKENS:
            raise BadInput("has too many fields", file=file, line=line)
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            raise BadInput(
                "the front matter uses a YAML anchor, alias or tag",
                expected="plain fields",
                file=file,
                line=line,
            )


def _yaml(source: str, file: str | None) -> tuple[dict[str, Any], dict[str, int]]:
    """Fields and the line of each, by dotted name."""
    import yaml

    lines: dict[str, int] = {}

    def walk(node: Any, name: str) -> None:
        line = node.start_mark.line + 2
        lines.setdefault(name, line)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                at = key.start_mark.line + 2
                written = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
                label = one_line(written, _MAX_NAME)
                full = f"{name}.{label}" if name else label
                if not label:
                    raise BadInput("a field has no name", file=file, line=at)
                place = hidden(written)
                if place is not None:
                    raise _invisible(written[place], file, at, full)
                if label in seen:
                    raise BadInput("stands twice", file=file, line=at, field=full)
                seen.add(label)
                lines[full] = at
                walk(value, full)
        elif isinstance(node, yaml.SequenceNode):
            for place, value in enumerate(node.value):
                walk(value, f"{name}.{place}")
        elif (place := hidden(str(node.value))) is not None:
            raise _invisible(node.value[place], file, line, name or None)

    try:
        _scan(source, file)
        loader = _loader()(source)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise BadInput(
                "the front matter has no fields",
                expected="lines such as kind: idea",
                file=file,
                line=2,
            )
        walk(node, "")
        fields = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        is_open = "end of stream" in str(error.problem)
        mark = (error.context_mark if is_open else None) or error.problem_mark
        raise BadInput(
            f"the front matter cannot be read: {error.problem}",
            file=file,
            line=mark.line + 2 if mark else None,
        ) from None
    except (OverflowError, ValueError):
        # What PyYAML makes of \\UFFFFFFFF.
        raise BadInput("an escape stands for no character", file=file) from None
    except (yaml.YAMLError, *_FAULTS) as error:
        raise BadInput(
            f"the front matter cannot be read ({type(error).__name__})", file=file
        ) from None
    return {one_line(str(key), _MAX_NAME): _lined(value) for key, value in fields.items()}, lines


def _lined(value: Any) -> Any:
    """A field's value with every text in it on one line."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [_lined(item) for item in value]
    if isinstance(value, dict):
        return {one_line(str(key), _MAX_NAME): _lined(item) for key, item in value.items()}
    return value


def _expected(model: type[Front], location: tuple[int | str, ...]) -> str:
    """What a field's model says about it."""
    from pydantic import BaseModel

    current: Any = model
    text = ""
    for part in location:
        if isinstance(part, int):
            continue
        fields = getattr(current, "model_fields", {})
        if part not in fields:
            break
        text = fields[part].description or text
        inner = fields[part].annotation
        options = [inner, *getattr(inner, "__args__", ())]
        current = next(
            (one for one in options if isinstance(one, type) and issubclass(one, BaseModel)), None
        )
    return text


def parse(raw: bytes, file: str | None = None, kind: str | None = None) -> Document:
    """Read a document.

    Args:
        raw: Its exact bytes.
        file: Its name, for messages.
        kind: The kind it has to be, if that is known.

    Raises:
        BadInput: With line and field.
    """
    from pydantic import ValidationError

    from dmo.home.papers import KINDS

    text = _text(raw, file)
    fence = _FENCE.match(text)
    if fence is None:
        raise BadInput(
            "does not begin with front matter",
            expected="a line ---, fields such as kind: idea, and a line ---",
            file=file,
            line=1,
        )
    fields, lines = _yaml(fence[1], file)
    found = fields.get("kind")
    possible = kind or ", ".join(KINDS)
    if not isinstance(found, str) or found not in KINDS or (kind is not None and found != kind):
        reason = (
            "is missing" if found is None else f"{str(found)[:40]!r} is not what is needed here"
        )
        raise BadInput(
            reason, expected=possible, file=file, line=lines.get("kind", 1), field="kind"
        )
    model = KINDS[found]
    try:
        front = model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        location = tuple(first["loc"])
        while location and ".".join(map(str, location)) not in lines:
            location = location[:-1]
        name = ".".join(map(str, (first["loc"] if first["type"] == "missing" else location)))
        known = _PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise BadInput(
            known,
            expected=_expected(model, tuple(first["loc"])),
            file=file,
            line=lines.get(".".join(map(str, location)), 1),
            field=name,
        ) from None
    except _FAULTS as error:
        raise BadInput(
            f"the front matter cannot be read ({type(error).__name__})", file=file
        ) from None
    body = printable(text[fence.end() :])
    if found != "evidence" and not body.strip():
        raise BadInput(
            "has no text below the front matter",
            expected="what the document is about, in markdown",
            file=file,
            line=text.count("\n") + 1,
        )
    return Document(raw, front, body)


def read(path: Path | str, kind: str | None = None) -> Document:
    """Read a document from a file.

    Raises:
        BadInput: With file, line and field.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(
            f"cannot be read ({error.strerror or type(error).__name__})", file=str(path)
        ) from None
    return parse(raw, str(path), kind)


@lru_cache(maxsize=1024)
def read_document(raw: bytes, value: bytes) -> Document | Unreadable:
    """Read what anybody published; never raises, and reads the same bytes once a process.

    Args:
        raw: The bytes that were found.
        value: The digest they were looked for by.
    """
    if digest(raw) != value:
        return Unreadable(value, raw, "these are other bytes than their digest says")
    try:
        return parse(raw)
    except BadInput as error:
        return Unreadable(value, raw, _because(error))


def _because(error: BadInput) -> str:
    if error.field:
        reason = f"{error.field} {error.reason}"
    elif error.reason.startswith(("the ", "a ", "an ")):
        reason = error.reason
    else:
        reason = f"it {error.reason}"
    return one_line(reason, _MAX_BECAUSE)
