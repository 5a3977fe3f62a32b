"""What is looked for while examples run: placeholders, calldata by script, JSON by its schema."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from dmo.capabilities import registry
from dmo.capabilities.acts import data_schema
from dmo.core import act, engine, kinds, words
from dmo.core.act import Act, AlreadyDone, Asked
from dmo.core.kinds import FLAG
from dmo.faces import cli
from dmo.faces.terminal import Screen, envelope
from dmo.home.home import Home, Options
from tests.registry.comparing import differences
from tests.support.cli_chain import Stage

SALT = b"\x5a" * 32


def parsed(line: str) -> tuple[type[Asked], list[str]]:
    """A command line as the script has it: what is asked, and ``field=value`` …

    Raises:
        click.ClickException: It cannot be parsed.
    """
    given = shlex.split(line)[1:]
    short = words.load()["cli"]["short"]
    given = [*short.get(given[0], given[0]).split(), *given[1:]]
    pair = " ".join(given[:2])
    name = pair if pair in registry() or given[0] not in registry() else given[0]
    command = cli.command(name)
    context = command.make_context(name, given[len(name.split()) :])
    pairs = []
    for key, value in context.params.items():
        shown = shlex.join(value) if isinstance(value, tuple) else value
        if key == "shared_publish" and value is not None:
            pairs.append(f"publish={'yes' if value else 'no'}")
        elif not key.startswith("shared_") and value not in (None, (), False):
            pairs.append(f"{key}={'yes' if shown is True else shown}")
    return registry()[name], pairs


def _first(placeholder: str) -> str:
    return re.split("[.:]", placeholder)[0]


@dataclass
class Watch:
    """What was noticed.

    Attributes:
        known: Act or query → the values that its words could speak of.
        asked_for: Act or query, and a placeholder that was not known when it was asked for.
        scripted: Commands that a script was compared with.
        differences: Where a script sends something else.
        faults: JSON that its schema does not know.
        compared: Acts whose calls were held against what they say that these are.
        unlike: Where they are not.
    """

    known: dict[str, set[str]] = field(default_factory=dict)
    asked_for: set[tuple[str, str]] = field(default_factory=set)
    scripted: set[str] = field(default_factory=set)
    differences: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    compared: set[str] = field(default_factory=set)
    unlike: list[str] = field(default_factory=list)
    line: str = ""
    asked: str = ""

    @property
    def unknown(self) -> set[tuple[str, str]]:
        """Placeholders that were never known; an act may know some only of a step of its own."""
        return {(asked, name) for asked, name in self.asked_for if _first(name) not in self.known[asked]}

    def before(self, stage: Stage, line: str, who: str) -> None:
        """Compare an act with the script's, before it is done."""
        self.line = line
        asked, pairs = parsed(line)
        self.asked = asked.name
        if not issubclass(asked, Act):
            return
        self.scripted.add(asked.name)
        answer = self._aside(stage, who, lambda: stage_json(stage, f"{line} --calldata", who))
        calls = self._aside(stage, who, lambda: self.script_calls(stage, asked, pairs, who))
        if answer.get("calls") != calls:
            self.differences.append(f"{line}: {answer.get('calls')} by script {calls}")

    def script_calls(self, stage: Stage, asked: type[Act], pairs: list[str], who: str) -> list[dict[str, Any]] | None:
        """The calls of an act as the script reads it; nothing where there is nothing to do."""
        fields = act.given(asked, pairs)
        publish = FLAG.read(None, fields.pop("publish")) if "publish" in fields else None
        book = str(stage.folder / "deployments" / f"{stage.dmo.name}.json")
        home = Home(Options(book, rpc=stage.url, account=who, publish=publish, is_sending=False))
        try:
            one = act.read(asked, home, fields)
            calls = [step.call for step in engine.plan(home, one).steps]
        except AlreadyDone:
            return None
        if not vars(one).get("keep"):
            self.compared.add(asked.name)
            self.unlike += [told for call in calls for told in differences(one, call, home)]
        return [call.calldata() for call in calls]

    @staticmethod
    def _aside(stage: Stage, who: str, run: Callable[[], Any]) -> Any:
        """Run it in a copy of what lies at home, with salts that are known."""
        there, copy = stage.folder / "home", stage.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        if there.is_dir():
            shutil.copytree(there, copy)
        folder = stage.folder / who
        files = set(folder.rglob("*"))
        try:
            with (
                mock.patch.object(Stage, "home_folder", "copy"),
                mock.patch("secrets.token_bytes", return_value=SALT),
                stage.acting(who, folder),
            ):
                return run()
        finally:
            for file in set(folder.rglob("*")) - files:
                file.unlink()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Listen to what sentences ask for, and hold what machines are told to its schema."""
        looking = kinds.looking

        def listen(reader: Any, values: Mapping[str, Any]) -> Callable[[str], str]:
            self.known.setdefault(self.asked, set()).update(values)
            look = looking(reader, values)

            def ask(name: str) -> str:
                if _first(name) not in values:
                    self.asked_for.add((self.asked, name))
                return look(name)

            return ask

        finish = Screen.finish

        def finished(screen: Screen, command: str, *where: Any) -> None:
            data = json.loads(envelope(screen.data))
            found = misfits(data_schema(registry()[command]), data)
            self.faults += [f"{self.line or command}: {one}" for one in found]
            finish(screen, command, *where)

        with mock.patch.object(kinds, "looking", listen), mock.patch.object(Screen, "finish", finished):
            yield


def stage_json(stage: Stage, line: str, who: str) -> dict[str, Any]:
    """What a command tells a machine."""
    found = stage.ok(f"{line} --format json", who, cwd=stage.folder / who)
    data: dict[str, Any] = found.json["data"]
    return data


def misfits(schema: Mapping[str, Any], value: Any, at: str = "data") -> list[str]:
    """Where a value is not as its schema says; the part of JSON Schema that kinds use."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    kinds = schema.get("type", [])
    told = names.get(type(value), "array" if isinstance(value, list) else "object")
    if kinds and told not in ([kinds] if isinstance(kinds, str) else kinds):
        return [f"{at} is {told}, not {kinds}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at} is {value!r}, none of {schema['enum']}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{at} is {value!r}, not {schema['pattern']}")
    if told == "integer" and value < schema.get("minimum", value):
        found.append(f"{at} is {value}, below {schema['minimum']}")
    if isinstance(value, list):
        inner = schema.get("items", {})
        found += [one for n, each in enumerate(value) for one in misfits(inner, each, f"{at}[{n}]")]
    if isinstance(value, dict):
        parts, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        found += [f"{at} lacks {key}" for key in schema.get("required", ()) if key not in value]
        for key, each in value.items():
            if key in parts or isinstance(more, dict):
                found += misfits(parts.get(key, more), each, f"{at}.{key}")
            elif not more:
                found.append(f"{at} has {key}")
    return found
