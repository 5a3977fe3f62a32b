"""The command line: `dmo <noun> <verb>`. All texts are in dmo.cli.texts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["main"]


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
    from dmo.cli import faults, texts

    print(f"\n{texts.INTERRUPTED}", file=sys.stderr)
    return faults.INTERRUPTED


def _run(given: list[str]) -> int:
    from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError
    from typer.exceptions import Abort
    from typer.main import get_command

    from dmo.cli import texts
    from dmo.cli.app import SHORT, root
    from dmo.core.errors import DmoError

    as_json = _wants_json(given)
    if given and given[0] in SHORT:
        given = [*SHORT[given[0]], *given[1:]]
    try:
        code = get_command(root).main(given, prog_name="dmo", standalone_mode=False)
        if code == 130:
            return _interrupted()
        return code if isinstance(code, int) else 0
    except NoArgsIsHelpError as help_text:
        print(help_text.format_message())
        return 0
    except Abort:
        return _interrupted()
    except ClickException as error:
        from dmo.cli import faults

        where = error.ctx.command_path if isinstance(error, UsageError) and error.ctx else "dmo"
        hint = texts.TRY_HELP.format(where)
        return faults.report(faults.usage(error.format_message(), hint), as_json=as_json)
    except BrokenPipeError:
        raise
    except DmoError as error:
        from dmo.cli import faults

        if "--debug" in given:
            raise
        return faults.report(error, as_json=as_json)
    except Exception as fault:
        from dmo.cli import faults

        if "--debug" in given:
            raise
        return faults.report(faults.unexpected(fault), as_json=as_json)
