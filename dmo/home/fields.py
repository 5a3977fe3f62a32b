"""Front matter of documents: a small part of YAML, read in bounded time whoever wrote it."""

import re
from functools import cache
from typing import Any

from dmo.core import words
from dmo.core.errors import FAULTS, BadInput
from dmo.core.text import hidden, one_line

MAX_FRONT = 8 * 1024
"""Characters; YAML is slow, and everybody pays for reading."""
_MAX_OPENED = 128
_MAX_DEPTH = 12
_MAX_TOKENS = 1536
_MAX_NAME = 60


def invisible(letter: str, line: int, field: str | None = None) -> BadInput:
    """The error for a character that is not shown."""
    return words.bad("invisible", field=field, letter=f"{ord(letter):04X}").at(line=line)


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


def _scan(source: str) -> None:
    """Refuse what would take YAML long before it sees it: too long, too deep; and anchors, aliases, tags."""
    import yaml

    if len(source) > MAX_FRONT:
        raise words.bad("long_front", count=len(source), most=MAX_FRONT).at(line=1)
    # The scanner looks 1,024 characters ahead and takes quadratic time for open brackets.
    if source.count("[") + source.count("{") > _MAX_OPENED:
        raise words.bad("deep_fields").at(line=2)
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
            raise words.bad("deep_fields").at(line=line)
        if count > _MAX_TOKENS:
            raise words.bad("many_fields").at(line=line)
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            raise words.bad("no_plain_field").at(line=line)


def read_fields(source: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Fields between the fences, and the line of each by dotted name. Raises BadInput: with line and field."""
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
                    raise words.bad("no_field_name").at(line=at)
                place = hidden(written)
                if place is not None:
                    raise invisible(written[place], at, full)
                if label in seen:
                    raise words.bad("field_twice", field=full).at(line=at)
                seen.add(label)
                lines[full] = at
                walk(value, full)
        elif isinstance(node, yaml.SequenceNode):
            for place, value in enumerate(node.value):
                walk(value, f"{name}.{place}")
        elif (place := hidden(str(node.value))) is not None:
            raise invisible(node.value[place], line, name or None)

    try:
        _scan(source)
        loader = _loader()(source)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise words.bad("no_fields").at(line=2)
        walk(node, "")
        fields = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        is_open = "end of stream" in str(error.problem)
        mark = (error.context_mark if is_open else None) or error.problem_mark
        line = mark.line + 2 if mark else None
        raise words.bad("broken_front", why=error.problem).at(line=line) from None
    except (OverflowError, ValueError):
        # What PyYAML makes of \\UFFFFFFFF.
        raise words.bad("bad_escape") from None
    except (yaml.YAMLError, *FAULTS):
        raise words.bad("odd_front") from None
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
