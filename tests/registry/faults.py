"""What can be wrong with the registry and its words, each fault a sentence; no act is named."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import click

from dmo.core import abi, act, words
from dmo.core.act import Act, Asked
from dmo.core.errors import BadInput, DmoError
from dmo.core.view import Query
from dmo.faces import script
from tests.registry.watching import parsed

ROOT = Path(__file__).resolve().parents[2]
NOT_ACTS = Path(__file__).with_name("not_acts.toml")
LISTED = ("contract to contract", "wallets", "by contract call", "another act does it")
NO_EVENT = "no event of its own"
SPOKEN = ("call", "effect", "done", "next", "heading", "notes")
ERRORS = ("words.bad", "words.failed", "words.missing", "words.network", "words.stopped", "_words")
SHARED_WORDS = ("cli", "word", "item", "wrong", "enum", "error", "config")


# ── contracts ───────────────────────────────────────────────────────────────────────────────────


def not_acts() -> dict[str, dict[str, str]]:
    """What no act calls, and why: heading → ``Contract.function`` → reason."""
    found: dict[str, dict[str, str]] = tomllib.loads(NOT_ACTS.read_text("utf-8"))
    return found


def writing(contracts: Iterable[str]) -> set[str]:
    """All external functions that write, as ``Contract.function``."""
    return {
        f"{contract}.{one.name}"
        for contract in contracts
        for one in abi.load(contract)
        if one.kind == "function" and not one.is_read
    }


def _constants(code: CodeType) -> Iterator[str]:
    for one in code.co_consts:
        if isinstance(one, str):
            yield one
        elif isinstance(one, CodeType):
            yield from _constants(one)


def called(one: type[Act]) -> set[str]:
    """The functions that an act calls: its own, and those that its methods name."""
    contract, function = one.call
    found = {function.partition("(")[0]}
    for method in vars(one).values():
        method = method.__func__ if isinstance(method, staticmethod) else method
        if isinstance(method, FunctionType):
            found |= {text.partition("(")[0] for text in _constants(method.__code__)}
    return {f"{contract}.{name}" for name in found} & writing(set(abi.names()) & {contract})


def contract_faults(
    acts: Iterable[type[Act]], listed: Mapping[str, Mapping[str, str]], contracts: Iterable[str]
) -> list[str]:
    """Functions that nobody says, and entries that are of nothing."""
    said = {name for one in acts for name in called(one)}
    functions = writing(contracts)
    excused = {name: why for heading in LISTED for name, why in listed[heading].items()}
    return [
        *(f"{name} is no act's call and stands on no list" for name in functions - said - {*excused}),
        *(f"{name} is on a list and an act's call" for name in {*excused} & said),
        *(f"{name} is on a list and in no ABI" for name in {*excused} - functions),
        *(f"{name} is on a list without a reason" for name, why in excused.items() if not why),
        *(f"{heading} is no list" for heading in {*listed} - {*LISTED, NO_EVENT}),
    ]


# ── acts and queries ────────────────────────────────────────────────────────────────────────────


def call_faults(one: type[Act], excused: Mapping[str, str]) -> list[str]:
    """What is wrong with an act's call and its event."""
    contract, function = one.call
    if not contract:
        return [] if one.name in excused else [f"{one.name} calls nothing"]
    found = []
    try:
        if abi.entry(contract, function).is_read:
            found.append(f"{one.name} calls {contract}.{function}, which is a view")
        if one.told_by and one.told is Act.told:  # others work it out themselves
            names = [field.name for field in abi.entry(contract, one.told_by, "event").inputs]
            inputs = {*names, *map(abi.snake, names)}
            found += [f"{one.name}: {key} is not in {one.told_by}" for key in one.tells if key not in inputs]
    except BadInput as error:
        return [f"{one.name}: {error.message}"]
    if not one.told_by and one.name not in excused:
        found.append(f"{one.name} is told by no event")
    if one.told_by and one.name in excused:
        found.append(f"{one.name} stands on the list {NO_EVENT}, and has one")
    if one.pays and one.pays not in one.parameters():
        found.append(f"{one.name} pays {one.pays}, which is no field")
    return found


def word_faults(one: type[Asked]) -> list[str]:
    """What is wrong with the words of an act or a query."""
    said = words.command(one.name)
    needed = ("help", "call", "done") if issubclass(one, Act) else ("help",)
    found = [f"{one.name} has no {key}" for key in (*needed, "example") if not said.get(key)]
    told = said.get("field", {})
    found += [f"{one.name}: field {key} has no words" for key in one.parameters() if not told.get(key)]
    found += [f"{one.name}: {key} is no field" for key in told if key not in one.parameters()]
    for example in words.texts(said.get("example")):
        found += [f"{one.name}: {fault}" for fault in example_faults(one.name, example)]
    speakable = known(one)
    found += [
        f"{one.name}: {{{name}}} is neither field nor fact nor told"
        for name in _placeholders(said)
        if name.partition(".")[0] not in speakable
    ]
    return found


def example_faults(name: str, example: str) -> list[str]:
    """What keeps an example from being typed, or from being one of this command."""
    try:
        asked, pairs = parsed(example)
        given = act.given(asked, pairs)
        named = {asked.name}
        for text in given.get("acts", ()):
            inner = script.named(" ".join(text.split()[:2]))
            act.given(inner, _pairs(text))
            named.add(inner.name)
    except (click.ClickException, BadInput, KeyError) as error:
        return [f"{example} cannot be typed: {error}"]
    return [] if name in named else [f"{example} is no example of it"]


def _pairs(text: str) -> list[str]:
    return text.split()[2:]


def _placeholders(said: Mapping[str, Any]) -> set[str]:
    sentences = [one for key in SPOKEN for one in words.texts(said.get(key))]
    sentences += [one for pair in said.get("fields", ()) for one in pair]
    for table in said.get("tables", ()):
        sentences += [table.get("title", ""), table.get("empty", "")]
        sentences += [one for pair in table["columns"] for one in pair]
    return {name for one in sentences for name in words.names_in(one)}


def known(one: type[Asked]) -> set[str]:
    """All that its words may speak of: fields, what it gives or tells, what its modules name."""
    found = set(one.parameters())
    if issubclass(one, Query):
        found |= set(_keys(one.gives))
    else:
        found |= set(getattr(one, "tells", {}))
    for each in one.__mro__:
        if each.__module__.startswith(("dmo.capabilities", "tests.")):
            found |= module(each.__module__).names
            for other in vars(sys.modules[each.__module__]).values():
                origin = getattr(other, "__module__", None) or ""
                if origin.startswith("dmo.capabilities."):
                    found |= module(origin).names
    return found


def _keys(shape: Any) -> Iterator[str]:
    if isinstance(shape, list):
        yield from _keys(shape[0])
    elif isinstance(shape, Mapping):
        for key, part in shape.items():
            yield key
            yield from _keys(part)


# ── what the code names ─────────────────────────────────────────────────────────────────────────


@dataclass
class Module:
    """What a module names.

    Attributes:
        names: Its texts, keywords, fields and parameters.
        patterns: Its texts with a part of which the code decides.
        prefixes: What stands before such a part, where nothing follows it.
        calls: Name of a called function, its texts as arguments, its keywords.
    """

    names: set[str] = field(default_factory=set)
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    prefixes: set[str] = field(default_factory=set)
    calls: list[tuple[str, list[str | None], set[str]]] = field(default_factory=list)

    def names_word(self, text: str, group: str = "") -> bool:
        """Whether it may mean this word; where it names the word's group, as a part of a text."""
        patterns = self.patterns if group and group in self.names else ()
        return text in self.names or any(one.fullmatch(text) for one in patterns)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _ways(args: list[ast.expr]) -> list[list[ast.expr]]:
    """A call's arguments; twice where the first is one of two."""
    first = args[0] if args else None
    return [[first.body, *args[1:]], [first.orelse, *args[1:]]] if isinstance(first, ast.IfExp) else [args]


def read_module(text: str) -> Module:
    """What a module's source names."""
    found = Module()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.names.add(node.value)
        elif isinstance(node, ast.arg):
            found.names.add(node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.names.add(node.target.id)
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(_text(one) or "") if _text(one) else ".+" for one in node.values]
            found.patterns.append(re.compile("".join(parts)))
            if len(parts) == 2 and re.fullmatch("[a-z]+_", parts[0]):
                found.prefixes.add(parts[0])
        elif isinstance(node, ast.Call):
            keywords = {one.arg or "**" for one in node.keywords}
            found.names |= keywords
            name = ast.unparse(node.func)
            found.calls += [(name, [_text(one) for one in args], keywords) for args in _ways(node.args)]
    return found


@cache
def module(name: str) -> Module:
    """A module that is loaded."""
    return read_module(inspect.getsource(sys.modules[name]))


@cache
def modules() -> dict[str, Module]:
    """All modules that say words."""
    files = [*(ROOT / "dmo").rglob("*.py"), *(ROOT / "scripts").glob("*.py")]
    return {str(one.relative_to(ROOT)): read_module(one.read_text("utf-8")) for one in files}


def spoken(text: str) -> list[str]:
    """The errors to which a module's source gives a sentence itself, instead of naming words."""
    kinds = {"DmoError", *(one.__name__ for one in _heirs(DmoError))}
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in kinds:
            said = [one.value for one in node.keywords if one.arg in ("message", "hint", "expected")]
            # a contract's error is named without a space
            if any(isinstance(one, ast.JoinedStr) or " " in (_text(one) or "") for one in (*node.args[:1], *said)):
                found.append(ast.unparse(node))
    return found


def _heirs(kind: type[DmoError]) -> Iterator[type[DmoError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _heirs(one)


def code_faults(known: Mapping[str, Module], said: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Words that are used and do not exist, and words that nothing uses.

    Args:
        known: The modules.
        said: The words.
        names: Names of acts and queries.
    """
    return [
        *(f"{file}: {fault}" for file, one in known.items() for fault in _missing(one, said)),
        *_unused(known, said, set(names)),
    ]


def _missing(one: Module, said: Mapping[str, Any]) -> Iterator[str]:
    for function, texts, keywords in one.calls:
        if function == "words.stopped":  # its first argument is the kind of error
            texts = texts[1:]
        first = texts[0] if texts else None
        if first is None:
            continue
        if function.endswith(".word") and len(texts) == 2 and texts[1] is not None:
            if texts[1] not in said["word"].get(first, {}):
                yield f"there is no word.{first}.{texts[1]}"
        elif function in ("Item", "chores") and first not in said["item"]:
            yield f"there is no item.{first}"
        elif function in ERRORS:
            entry = said["wrong"].get(first)
            if entry is None:
                yield f"there is no wrong.{first}"
                continue
            asked = {name for text in entry.values() for name in words.names_in(text)}
            asked -= {"count"} if function == "words.failed" else set()
            if "**" not in keywords:
                yield from (f"wrong.{first} is given no {name}" for name in asked - keywords)


def _unused(known: Mapping[str, Module], said: Mapping[str, Any], names: set[str]) -> Iterator[str]:
    every = known.values()
    prefixes = {prefix for one in every for prefix in one.prefixes}
    for group in ("item", "wrong"):
        for key in said[group]:
            ways = {key, *(key.removeprefix(one) for one in prefixes)}
            if not any(ways & one.names for one in every):
                yield f"nothing uses {group}.{key}"
    folders = {file: Path(file).parent for file in known}
    named = set(re.findall(r"\{[\w.]+:(\w+)\}", str(said)))
    yield from (f"there is no word.{group}" for group in named - {*said["word"]})
    for group, entries in said["word"].items():
        if group in named:
            continue
        naming = {folders[file] for file, one in known.items() if one.names_word(group)}
        users = [one for file, one in known.items() if folders[file] in naming]
        for key in entries:
            if not any(one.names_word(key, group) for one in users):
                yield f"nothing uses word.{group}.{key}"
    for name in {*said} - names - {*SHARED_WORDS}:
        if not any(one.names_word(name) for one in every):
            yield f"nothing uses [{name}]"
