"""The command line: `dmo <noun> <verb>`, generated from the registry."""

import codecs
import difflib
import io
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field
from functools import cache
from itertools import pairwise
from typing import Any

import click

from dmo import __version__
from dmo.core import words
from dmo.core.act import Act, Asked
from dmo.core.errors import BadInput, DmoError
from dmo.core.kinds import FLAG, Kind
from dmo.core.text import plainly

_AGAINST, _KEPT = re.compile(r"-(\d+(?:/\d+)?)"), re.compile(r"^−(?=[\d/]+$)")
_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_READING = ("deployment", "network", "rpc", "account", "format", "debug")
_SIGNING = (*_READING, "calldata", "yes")
_SENDING = (*_SIGNING, "safe", "untried", "again")
_ALONE = ("deployment", "account", "format", "debug")


@cache
def commands() -> dict[str, type[Asked]]:
    """All acts and queries by name, in the order of the words' files."""
    from dmo.capabilities import registry

    known, told = registry(), words.load()
    return {name: known[name] for name in [*told, *known] if name in known}


def _text(*path: str) -> Any:
    found: Any = words.load().get("cli", {})
    for key in path:
        found = found.get(key, "")
    return found


def _shared(name: str) -> click.Option:
    """One of the options that commands share; its value goes into the context's object."""
    said, is_wish = _text("shared", name), name == "publish"
    more: dict[str, Any] = {"is_flag": is_wish or name in ("calldata", "untried", "again", "yes", "debug")}
    if name == "format":
        more |= {"type": click.Choice(["text", "json"]), "default": "text"}
    if is_wish:
        more |= {"default": None}
    flags = [*{"account": ["-a"], "yes": ["-y"]}.get(name, []), f"--{name}/--no-{name}" if is_wish else f"--{name}"]
    return click.Option(
        [*flags, f"shared_{name}"], help=said["help"], metavar=said.get("metavar"), hidden=not is_wish, **more
    )


def _parameter(asked: type[Asked], field: Field[Any]) -> click.Parameter:
    """The click parameter of a field."""
    kind: Kind = field.metadata["kind"]
    said = words.command(asked.name).get("field", {}).get(field.name, "")
    is_needed = field.default is MISSING and field.default_factory is MISSING
    usual = kind.show(None, field.default) if type(field.default) is int else field.default
    if isinstance(usual, str) and usual:
        said = f"{said} {_text('usual').format(usual)}"
    if not field.metadata["is_option"]:
        metavar = kind.name if is_needed or kind.name.startswith("[") else f"[{kind.name}]"
        many = -1 if kind.is_many else 1
        return click.Argument([field.name], required=is_needed, nargs=many, metavar=metavar, help=said)
    flag = "--" + (field.metadata["flag"] or field.name).replace("_", "-")
    if kind is FLAG:
        return click.Option([flag, field.name], is_flag=True, help=said)
    metavar = kind.name.removeprefix("[").removesuffix("]...")
    return click.Option([flag, field.name], required=is_needed, multiple=kind.is_many, metavar=metavar, help=said)


def _typed(value: Any) -> Any:
    """What a person wrote, a list where it is several words."""
    if isinstance(value, tuple):
        return [*map(_typed, value)]
    return _KEPT.sub("-", value) if isinstance(value, str) else value


class Command(click.Command):
    """A command of the registry; ``-4`` is a word here, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # With a minus sign that click leaves alone.
        return super().parse_args(ctx, [_AGAINST.sub("−\\1", a) if _AGAINST.fullmatch(a) else a for a in args])


def command(name: str) -> click.Command:
    """The click command of an act or a query."""
    asked = commands()[name]
    said = words.command(name)
    example = words.texts(said.get("example"))
    lines = [said.get("help", ""), "", said.get("more", ""), "", "\b"]
    lines += [_text("example" if len(example) < 2 else "examples"), *(f"  {one}" for one in example)]
    reads = _READING if getattr(asked, "needs_chain", True) else _ALONE
    known = _SENDING if issubclass(asked, Act) else _SIGNING if getattr(asked, "signs", False) else reads
    wishes = ("publish",) if getattr(asked, "has_document", False) else ()
    fields = [_parameter(asked, one) for one in asked.parameters().values()]

    def run(**given: Any) -> int:
        from dmo.faces import running

        options = {key[7:]: given.pop(key) for key in list(given) if key.startswith("shared_")}
        texts = {key: _typed(value) for key, value in given.items() if value not in (None, (), False)}
        return running.run(asked, texts, options)

    return Command(
        name.split()[-1],
        params=[*fields, *map(_shared, (*wishes, *known))],
        help="\n".join(lines),
        short_help=said.get("help", ""),
        context_settings=_SETTINGS,
        callback=run,
    )


class Group(click.Group):
    """A group that guesses what was mistyped."""

    short: Mapping[str, str] = {}

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], [*self.list_commands(ctx), *self.short], 1)
            hint = _text("did_you_mean").format(near[0]) if near else ""
            ctx.fail(f"{_text('no_command').format(args[0])} {hint}".strip())
        return super().resolve_command(ctx, args)


class Noun(Group):
    """The verbs of a noun."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name.split()[1] for name in commands() if name.startswith(f"{self.name} ")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = f"{self.name} {cmd_name}"
        return command(name) if name in commands() else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        verbs = self.list_commands(ctx)
        with formatter.section(_text("commands")):
            formatter.write_dl([(verb, words.command(f"{self.name} {verb}").get("help", "")) for verb in verbs])


def _noun(name: str) -> Noun:
    """A noun's verbs; what it does without one, where that is a command too."""
    if name not in commands():
        return Noun(name, help=_text("nouns", name), no_args_is_help=True, context_settings=_SETTINGS)
    alone = command(name)

    def run(**given: Any) -> Any:
        is_alone = click.get_current_context().invoked_subcommand is None
        return alone.callback(**given) if is_alone and alone.callback else None

    more: dict[str, Any] = {"help": alone.help, "params": alone.params, "context_settings": _SETTINGS}
    return Noun(name, callback=run, invoke_without_command=True, **more)


class Root(Group):
    """Knows nouns by their words, and builds commands when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for _, names in _text("groups") for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _text("nouns"):
            return _noun(cmd_name)
        return command(cmd_name) if " " not in cmd_name and cmd_name in commands() else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in _text("groups"):
            with formatter.section(title):
                formatter.write_dl([(n, _text("nouns", n) or words.command(n).get("help", "")) for n in names])
        with formatter.section(_text("short_title")):
            formatter.write_dl([(short, f"dmo {name}") for short, name in self.short.items()])


def root() -> Group:
    """The command line as a click group."""
    about: dict[str, Any] = {"help": _text("root"), "epilog": _text("epilog"), "no_args_is_help": True}
    group = Root("dmo", context_settings=_SETTINGS, **about)
    group.short = _text("short")
    return click.version_option(__version__, message="dmo %(version)s", help=_text("version"))(group)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code."""
    codecs.register_error("dmo.plain", plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="dmo.plain")  # a terminal without a sign shows another
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except (KeyboardInterrupt, click.Abort):
        from dmo.faces.terminal import INTERRUPTED

        print(f"\n{_text('interrupted')}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more can be said to them.
        sys.stdout = None
        return 1


def _run(given: list[str]) -> int:
    group = root()
    line = [*group.short.get(given[0], given[0]).split(), *given[1:]] if given else given
    try:
        code = group.main(line, prog_name="dmo", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as help_text:
        print(help_text.format_message())
        return 0
    except (click.Abort, BrokenPipeError):
        raise
    except Exception as fault:
        from dmo.faces import terminal

        if isinstance(fault, click.ClickException):
            where = fault.ctx.command_path if isinstance(fault, click.UsageError) and fault.ctx else "dmo"
            error: DmoError = BadInput(fault.format_message().rstrip("."))
            error.hint = _text("try_help").format(where)
        elif isinstance(fault, DmoError) and "--debug" not in given:
            error = fault
        elif "--debug" in given:
            raise
        else:
            error = terminal.unexpected(fault)
        as_json = "--format=json" in given or ("--format", "json") in pairwise(given)
        name = next((one for one in (" ".join(line[:2]), line[0]) if one in commands()), "")
        return terminal.report(error, as_json=as_json, command=name)
