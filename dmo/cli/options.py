"""The options that commands share, and how a function becomes a command."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from dmo.cli import texts
from dmo.cli.quick import QuickCommand, QuickGroup
from dmo.cli.session import Options, Session
from dmo.core.errors import BadInput, Refused

__all__ = ["ACT", "FREE", "READ", "command", "noun"]

Handler = Callable[..., int | None]

_DEPLOYMENT = Annotated[
    str | None,
    typer.Option("--deployment", metavar="NAME", help=texts.OPTION_DEPLOYMENT, show_default=False),
]
_NETWORK = Annotated[
    str | None,
    typer.Option("--network", metavar="NAME", help=texts.OPTION_NETWORK, show_default=False),
]
_RPC = Annotated[
    str | None, typer.Option("--rpc", metavar="URL", help=texts.OPTION_RPC, show_default=False)
]
_ACCOUNT = Annotated[
    str | None,
    typer.Option("--account", "-a", metavar="NAME", help=texts.OPTION_ACCOUNT, show_default=False),
]
_FORMAT = Annotated[
    str, typer.Option("--format", metavar="text|json", help=texts.OPTION_FORMAT, show_default=False)
]
_CALLDATA = Annotated[
    bool, typer.Option("--calldata", help=texts.OPTION_CALLDATA, show_default=False)
]
_YES = Annotated[bool, typer.Option("--yes", "-y", help=texts.OPTION_YES, show_default=False)]
_DEBUG = Annotated[bool, typer.Option("--debug", help=texts.OPTION_DEBUG, show_default=False)]

_SHARED: dict[str, tuple[Any, Any]] = {
    "deployment": (_DEPLOYMENT, None),
    "network": (_NETWORK, None),
    "rpc": (_RPC, None),
    "account": (_ACCOUNT, None),
    "calldata": (_CALLDATA, False),
    "yes": (_YES, False),
    "form": (_FORMAT, "text"),
    "debug": (_DEBUG, False),
}

FREE = ("form", "debug")
"""Options of a command that needs no chain."""
READ = ("deployment", "network", "rpc", "account", *FREE)
"""Options of a command that reads."""
ACT = tuple(_SHARED)
"""Options of a command that sends."""


def noun(name: str) -> typer.Typer:
    """A noun, to which its verbs are added."""
    return typer.Typer(
        cls=QuickGroup,
        name=name,
        help=texts.NOUNS[name],
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )


def command(
    app: typer.Typer, path: str, shared: tuple[str, ...] = READ, cls: Any = None
) -> Callable[[Handler], Handler]:
    """Make a function a command.

    Its help comes from texts.COMMANDS. It is given a Session first, then its own arguments; what
    it returns is the exit code.

    Args:
        app: The noun.
        path: Noun and verb.
        shared: The shared options it takes.
        cls: Class of the command, where typer's own does not do.
    """
    summary, examples, details = texts.COMMANDS[path]

    def decorate(function: Handler) -> Handler:
        def run(**given: Any) -> int:
            options = Options(**{name: given.pop(name) for name in shared})
            if options.form not in ("text", "json"):
                raise BadInput(
                    f"{options.form!r} is no format", expected="text or json", field="--format"
                )
            session = Session(path, options)
            try:
                code = function(session, **given)
            except Refused as error:
                raise session.explained(error) from error
            session.finish()
            return code or 0

        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        added = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
            )
            for name, (annotation, default) in _SHARED.items()
            if name in shared
        ]
        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + added
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {}
        lines = [summary]
        if details:
            lines += ["", details]
        lines += ["", "\b", "Examples:" if len(examples) > 1 else "Example:"]
        lines += [f"  {example}" for example in examples]
        register = app.command(
            path.split()[-1],
            help="\n".join(lines),
            short_help=summary,
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
            options_metavar="[OPTIONS]",
            cls=cls or QuickCommand,
        )
        register(run)
        return function

    return decorate
