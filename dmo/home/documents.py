"""Documents: markdown with front matter, bound by the digest of their exact bytes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.core.digests import cid, digest
from dmo.core.errors import BadInput

if TYPE_CHECKING:
    from dmo.home.papers import Front

__all__ = ["MAX_BYTES", "Document", "parse", "printable", "read"]

MAX_BYTES = 1024 * 1024
_FENCE = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
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
        front: Its fields, checked by the model of its kind; unknown ones are kept.
        body: The text below the front matter.
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
        """Its title."""
        return self.front.title

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


def printable(text: str) -> str:
    """Text safe for a terminal: control and direction characters shown as ``�``."""
    return "".join("�" if _is_hidden(letter) else letter for letter in text)


def _is_hidden(letter: str) -> bool:
    if letter in "\n\r\t":
        return False
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in _HIDDEN


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
    for place, letter in enumerate(text):
        if _is_hidden(letter):
            raise BadInput(
                f"holds the invisible character U+{ord(letter):04X}",
                expected="text that shows all it holds",
                file=file,
                line=text.count("\n", 0, place) + 1,
            )
    return text


def _yaml(source: str, file: str | None) -> tuple[dict[str, Any], dict[str, int]]:
    """Fields and the line of each, by dotted name."""
    import yaml

    class Loader(yaml.SafeLoader):
        """YAML 1.2's idea of true, false, null and numbers; dates and ``no`` stay text."""

    resolvers: Any = {}
    Loader.yaml_implicit_resolvers = resolvers
    for tag, pattern, first in (
        ("bool", r"^(?:true|false)$", "tf"),
        ("null", r"^(?:null|~|)$", ["n", "~", ""]),
        ("int", r"^-?(?:0|[1-9]\d{0,40})$", "-0123456789"),
        ("float", r"^-?(?:0|[1-9]\d{0,40})\.\d{1,40}$", "-0123456789"),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))

    lines: dict[str, int] = {}

    def walk(node: Any, name: str, depth: int) -> None:
        if depth > 20:
            raise BadInput("is nested too deeply", file=file, line=node.start_mark.line + 2)
        lines.setdefault(name, node.start_mark.line + 2)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                label = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
                full = f"{name}.{label}" if name else label
                line = key.start_mark.line + 2
                if not label:
                    raise BadInput("a field has no name", file=file, line=line)
                if label in seen:
                    raise BadInput("stands twice", file=file, line=line, field=full)
                seen.add(label)
                lines[full] = line
                walk(value, full, depth + 1)
        elif isinstance(node, yaml.SequenceNode):
            for place, value in enumerate(node.value):
                walk(value, f"{name}.{place}", depth + 1)

    try:
        for token in yaml.scan(source, Loader=Loader):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
                raise BadInput(
                    "the front matter uses a YAML anchor, alias or tag",
                    expected="plain fields",
                    file=file,
                    line=token.start_mark.line + 2,
                )
        loader = Loader(source)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise BadInput(
                "the front matter has no fields",
                expected="lines such as kind: idea",
                file=file,
                line=2,
            )
        walk(node, "", 0)
        fields = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        is_open = "end of stream" in str(error.problem)
        mark = (error.context_mark if is_open else None) or error.problem_mark
        raise BadInput(
            f"the front matter cannot be read: {error.problem}",
            file=file,
            line=mark.line + 2 if mark else None,
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise BadInput(
            f"the front matter cannot be read ({type(error).__name__})", file=file
        ) from None
    return {str(key): value for key, value in fields.items()}, lines


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
    body = text[fence.end() :]
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
