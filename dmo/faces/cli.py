"""The command line: `dmo <noun> <verb>`, generated from the registry."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field
from functools import cache
from itertools import pairwise
from typing import Any

import click

from dmo.core import words
from dmo.core.act import Act, Asked
from dmo.core.errors import DmoError
from dmo.core.kinds import FLAG, Kind

__all__ = ["command", "commands", "main", "root"]

_AGAINST = re.compile(r"-(\d+)")
_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_READING = ("deployment", "network", "rpc", "account", "format", "debug")
_SENDING = (*_READING, "calldata", "yes")
_ALONE = ("deployment", "format", "debug")


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


# ── parameters ──────────────────────────────────────────────────────────────────────────────────


def _shared(name: str) -> click.Option:
    """One of the options that commands share; its value goes into the context's object."""
    said = _text("shared", name)
    is_flag = name in ("calldata", "yes", "debug", "publish")
    flags = [f"--{name}/--no-{name}"] if name == "publish" else [f"--{name}"]
    short = {"account": ["-a"], "yes": ["-y"]}.get(name, [])
    more: dict[str, Any] = {"type": click.Choice(["text", "json"]), "default": "text"}
    return click.Option(
        [*short, *flags, f"shared_{name}"],
        help=said["help"],
        metavar=None if is_flag else said.get("metavar"),
        is_flag=is_flag,
        hidden=name != "publish",
        **(more if name == "format" else {"default": None} if name == "publish" else {}),
    )


def _parameter(asked: type[Asked], field: Field[Any]) -> click.Parameter:
    """The click parameter of a field."""
    kind: Kind = field.metadata["kind"]
    said = words.command(asked.name).get("field", {}).get(field.name, "")
    is_needed = field.default is MISSING and field.default_factory is MISSING
    if not field.metadata["is_option"]:
        metavar = kind.name if is_needed or kind.name.startswith("[") else f"[{kind.name}]"
        return click.Argument(
            [field.name], required=is_needed, nargs=-1 if kind.is_many else 1, metavar=metavar, help=said
        )
    flag = "--" + (field.metadata["flag"] or field.name).replace("_", "-")
    if kind is FLAG:
        return click.Option([flag, field.name], is_flag=True, help=said)
    return click.Option(
        [flag, field.name],
        required=is_needed,
        multiple=kind.is_many,
        metavar=kind.name.removeprefix("[").removesuffix("]..."),
        help=said,
    )


class Command(click.Command):
    """A command of the registry; ``-4`` is a word here, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, once ``-4`` is written with a minus sign that it leaves alone."""
        words_of = [_AGAINST.sub("−\\1", a) if _AGAINST.fullmatch(a) else a for a in args]
        return super().parse_args(ctx, words_of)


def command(name: str) -> click.Command:
    """The click command of an act or a query."""
    return _command(commands()[name])


def _command(asked: type[Asked]) -> click.Command:
    said = words.command(asked.name)
    example = words.texts(said.get("example"))
    lines = [said.get("help", ""), "", said.get("more", ""), "", "\b"]
    lines += [_text("example" if len(example) < 2 else "examples")]
    lines += [f"  {one}" for one in example]
    signs = issubclass(asked, Act) or getattr(asked, "signs", False)
    shared = _SENDING if signs else _READING if getattr(asked, "needs_chain", True) else _ALONE
    extra = ("publish",) if getattr(asked, "has_document", False) else ()
    return Command(
        asked.name.split()[-1],
        params=[
            *(_parameter(asked, one) for one in asked.parameters().values()),
            *(_shared(name) for name in (*extra, *shared)),
        ],
        help="\n".join(lines),
        short_help=said.get("help", ""),
        context_settings=_SETTINGS,
        callback=_runner(asked),
    )


def _runner(asked: type[Asked]) -> Callable[..., int]:
    def run(**given: Any) -> int:
        from dmo.faces import running

        shared = {key[7:]: given.pop(key) for key in list(given) if key.startswith("shared_")}
        asked_for = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in given.items()
            if value not in (None, (), False)
        }
        return running.run(asked, asked_for, shared)

    return run


# ── groups ──────────────────────────────────────────────────────────────────────────────────────


class Group(click.Group):
    """A group that guesses what was mistyped."""

    def guesses(self, ctx: click.Context) -> list[str]:
        """What may have been meant."""
        return self.list_commands(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion for what is unknown."""
        if args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.guesses(ctx), 1)
            hint = _text("did_you_mean").format(near[0]) if near else ""
            ctx.fail(f"{_text('no_command').format(args[0])} {hint}".strip())
        return super().resolve_command(ctx, args)


class Noun(Group):
    """The verbs of a noun."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return [name.split()[1] for name in commands() if name.startswith(f"{self.name} ")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        asked = commands().get(f"{self.name} {cmd_name}")
        return _command(asked) if asked is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their summaries, from the words alone."""
        with formatter.section(_text("commands")):
            formatter.write_dl(
                [(verb, words.command(f"{self.name} {verb}").get("help", "")) for verb in self.list_commands(ctx)]
            )


class Root(Group):
    """Knows nouns by their words, and builds commands when they are named."""

    def guesses(self, ctx: click.Context) -> list[str]:
        """Commands and short forms."""
        return [*self.list_commands(ctx), *_text("short")]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return [name for _, names in _text("groups") for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A noun, or a command without one."""
        if cmd_name in _text("nouns"):
            return Noun(cmd_name, help=_text("nouns", cmd_name), no_args_is_help=True, context_settings=_SETTINGS)
        asked = commands().get(cmd_name) if " " not in cmd_name else None
        return _command(asked) if asked is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The nouns by what they are for, from the words alone."""
        for title, names in _text("groups"):
            with formatter.section(title):
                summary = {n: _text("nouns", n) or words.command(n).get("help", "") for n in names}
                formatter.write_dl(list(summary.items()))
        with formatter.section(_text("short_title")):
            formatter.write_dl([(k, f"dmo {v}") for k, v in _text("short").items()])


def _version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from dmo import __version__

        click.echo(f"dmo {__version__}")
        ctx.exit()


def root() -> click.Group:
    """The command line as a click group."""
    return Root(
        "dmo",
        help=_text("root"),
        epilog=_text("epilog"),
        no_args_is_help=True,
        context_settings=_SETTINGS,
        params=[
            click.Option(
                ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help=_text("version")
            )
        ],
    )


# ── running ─────────────────────────────────────────────────────────────────────────────────────


def _wants_json(arguments: Sequence[str]) -> bool:
    pairs = pairwise([*arguments, ""])
    return any(one == "--format=json" or (one, two) == ("--format", "json") for one, two in pairs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(given)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more can be said to them.
        sys.stdout = None
        return 1


def _interrupted() -> int:
    from dmo.faces.terminal import INTERRUPTED

    print(f"\n{_text('interrupted')}", file=sys.stderr)
    return INTERRUPTED


def _run(given: list[str]) -> int:
    as_json = _wants_json(given)
    short = _text("short")
    if given and given[0] in short:
        given = [*str(short[given[0]]).split(), *given[1:]]
    try:
        code = root().main(given, prog_name="dmo", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as help_text:
        print(help_text.format_message())
        return 0
    except click.Abort:
        return _interrupted()
    except click.ClickException as error:
        from dmo.faces import terminal

        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "dmo"
        wrong = terminal.usage(error.format_message(), _text("try_help").format(where))
        return terminal.report(wrong, as_json=as_json)
    except BrokenPipeError:
        raise
    except DmoError as error:
        from dmo.faces import terminal

        if "--debug" in given:
            raise
        return terminal.report(error, as_json=as_json)
    except Exception as fault:
        from dmo.faces import terminal

        if "--debug" in given:
            raise
        return terminal.report(terminal.unexpected(fault), as_json=as_json)
