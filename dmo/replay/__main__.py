"""``python -m dmo.replay``: replay another DAO's history from two files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from dmo.core.errors import DmoError
from dmo.replay import check_out, save
from dmo.replay.rules import parse_options
from dmo.replay.screen import report, run_with_bar

_given = partial(click.option, required=True, metavar="FILE")
_rule = partial(click.option, show_default=True)


@click.command()
@_given("--holders", help="CSV file: address,tokens")
@_given("--votes", help="CSV file: proposal,opened_at,voter,choice")
@_given("--out", help="JSON file to write the answer to")
@_rule("--round-days", default="14", help="length of a round, in days")
@_rule("--ask", default="1000", help="what an idea asks for, in whole tokens")
@_rule("--budget", default="5000", help="what a round may spend, in whole tokens")
@_rule("--threshold-bps", default="400", help="for less against that passes, of the supply")
def replay(out: str, **given: str) -> None:
    """What would we have funded, and what would it have cost?

    Plays the history with the real contracts on a local chain that ends with the command. Exit
    codes: 0 done, 1 contracts and computation disagree, 2 bad input, 3 no local chain, 130
    interrupted. OUT is written only at success.
    """
    try:
        options = parse_options(**given)
        check_out(Path(out), options)
        answer = run_with_bar(options)
        save(answer, Path(out))
    except DmoError as error:
        click.echo(f"replay: {error.message}\n{error.hint}".strip(), err=True)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        click.echo("replay: interrupted", err=True)
        raise SystemExit(130) from None
    report(answer, Path(out))


if __name__ == "__main__":
    replay()
