"""The root: nouns are loaded when they are named, so that `dmo --help` is instant."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command

from dmo.cli import texts
from dmo.cli.quick import QuickGroup

__all__ = ["ALONE", "NOUNS", "SHORT", "command_of", "root"]

# noun: its module; later capabilities add a line here and a module beside these
NOUNS = {
    "idea": "idea",
    "ballot": "ballot",
    "round": "rounds",
    "campaign": "campaign",
    "bounty": "bounty",
    "work": "work",
    "dispute": "juror",  # on top of dmo.cli.dispute
    "credit": "credit",
    "lesson": "lesson",
    "token": "token",
    "govern": "govern",
    "points": "points",
    "document": "document",
    "account": "account",
}
# commands without a noun
ALONE = {
    "status": "status",
    "due": "status",
    "report": "history",
    "replay": "history",
    "time": "time",
    "verify": "verify",
}
# short forms of the daily ones
SHORT = {
    "s": ["status"],
    "d": ["due"],
    "ideas": ["idea", "list"],
    "vote": ["ballot", "cast"],
    "campaigns": ["campaign", "list"],
    "bounties": ["bounty", "list"],
    "submit": ["work", "submit"],
    "accept": ["work", "accept"],
    "reject": ["work", "reject"],
    "pay": ["work", "pay"],
    "disputes": ["dispute", "list"],
    "settle": ["round", "settle"],
    "board": ["points", "board"],
}


def command_of(name: str) -> Any:
    """A noun's group, or a command without a noun; nothing if there is none."""
    if name in NOUNS:
        return get_command(import_module(f"dmo.cli.{NOUNS[name]}").app)
    if name in ALONE:
        found: Any = get_command(import_module(f"dmo.cli.{ALONE[name]}").app)
        return getattr(found, "commands", {name: found})[name]
    return None


class RootGroup(QuickGroup):
    """Knows its commands by name, and loads them one by one."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names."""
        return [*ALONE, *NOUNS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by its name."""
        return command_of(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As click does, with the short forms and a suggestion for what is unknown."""
        name = args[0]
        if name not in NOUNS and name not in ALONE and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, [*NOUNS, *ALONE, *SHORT], 1)
            hint = f" {texts.DID_YOU_MEAN.format(near[0])}" if near else ""
            ctx.fail(f"{texts.NO_COMMAND.format(name)}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The nouns by what they are for, without loading any."""
        for title, names in texts.GROUPS:
            with formatter.section(title):
                formatter.write_dl([(name, texts.summary_of(name)) for name in names])
        with formatter.section(texts.SHORT_TITLE):
            formatter.write_dl([(name, " ".join(["dmo", *long])) for name, long in SHORT.items()])


def _version(asked: bool) -> None:
    if asked:
        from dmo import __version__

        print(f"dmo {__version__}")
        raise typer.Exit


root = typer.Typer(
    cls=RootGroup,
    name="dmo",
    help=texts.ROOT,
    epilog=texts.ROOT_EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@root.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Nothing is done without a command."""
