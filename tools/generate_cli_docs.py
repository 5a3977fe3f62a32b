#!/usr/bin/env python3
"""Write docs/cli.md and docs/permissions.md from the registry; with --check, only compare."""

from __future__ import annotations

import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dmo.capabilities.acts import acts, described  # noqa: E402
from dmo.core import words  # noqa: E402
from dmo.core.act import Act  # noqa: E402
from dmo.deploy.roles import BETWEEN_CONTRACTS  # noqa: E402
from dmo.faces.cli import root  # noqa: E402

DOCS = ROOT / "docs"

HEAD = """\
# The command line

Generated from the help of every command by `tools/generate_cli_docs.py`; do not edit. Every example
here runs in `tests/registry/test_examples.py`.

```
export PATH="$PWD/bin:$PATH"      # once per shell, in a clone after `make setup`; installed, the README's *Taking part*
dmo status                        # what I can do now, and until when
```

"""

SETTINGS = """\
## Options that commands share

They may stand anywhere after the verb. Commands that only read know no `--calldata` and no `--yes`.

| option | what it does |
|---|---|
{shared}
## Settings

Options win over the environment. Nothing here is needed on the playground's chain, which tells its
node and keystores in `deployments/<name>.local.json` (nodes on this machine only).

| variable | what it is |
|---|---|
| `DMO_DEPLOYMENT` | deployment to use, when there are several (`--deployment`) |
| `DMO_DEPLOYMENTS` | folder of address books, instead of `deployments/` (installed: `~/.dmo/deployments`) |
| `DMO_RPC` | address of the node (`--rpc`) |
| `DMO_RPC_<NAME>` | address of the node for `--network <name>` |
| `DMO_ACCOUNT` | account to act as (`--account`) |
| `DMO_KEYSTORE_DIR` | folder of keystores, instead of `~/.dmo/keystores` |
| `DMO_PASSWORD_FILE`, `DMO_PASSWORD` | password of the keystore, instead of typing it |
| `DMO_PRIVATE_KEY` | key for `dmo account import`, instead of typing it |
| `DMO_YES=1` | do not ask before sending (`--yes`) |
| `DMO_STORE` | folder of documents, instead of `~/.dmo/documents` |
| `DMO_INDEX` | the database of the index, a file or `postgresql://…`, instead of one in `~/.cache/dmo` |
| `DMO_NOTICES` | who wants to be told what, instead of `~/.dmo/notices.toml` ([notices](notices.md)) |
| `DMO_GATEWAYS` | gateways to look for documents at, separated by spaces |
| `DMO_HOME` | instead of `~/.dmo`; in its folders: `salts` of jurors, `sent`: what was sent and not told to the end |
| `NO_COLOR` | no colours |

Accounts may be named by `me`, a keystore's name, a name of `dmo account name`, `treasury`, `escrow`, an address, or
a name of the ENS where the chain has it.

## For machines

`--format json` prints one object: `{{"ok": true, "command", "deployment", "chain_id", "data",
"transactions"}}` or `{{"ok": false, "error": {{"code", "args", "message", "hint"}}}}`; see
`docs/schemas/command.json`. `"sent"` stands beside both where a transaction left before it was told to
the end: its hash, step and state. Amounts in it are decimal strings in the smallest unit.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | refused by the chain, or a failed check |
| 2 | bad input |
| 3 | network |
| 10 | something is due (`dmo status`) |
| 130 | interrupted |

"""


PERMISSIONS = """\
# Who may do what

Generated from the acts by `tools/generate_cli_docs.py`; do not edit. Whoever is named here is
checked by the contract, in the call itself. `governance` is the treasury by a proposal that passed:
`dmo govern propose why.md "<act> field=value …"`. What no act does, `dmo contract call` in a
proposal does. Roles and their holders: `./brownie run check main <name>`.

| who | act | calls | what it does |
|---|---|---|---|
{rows}
## What contracts call of each other

`funder`, `awarder`, `arbitrable`, `guardian` and `governance` are roles of the AccessManager; the
others are checked by the called contract itself. `setAuthority` is the AccessManager's everywhere.

| who | calls |
|---|---|
{between}"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _section(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=f"dmo {path}", terminal_width=100, help_option_names=["-h", "--help"])
    body = "\n".join(line.rstrip() for line in command.get_help(context).rstrip().splitlines())
    return f"### dmo {path}\n\n```\n{body}\n```\n\n"


def _shared() -> str:
    """The options that commands share: those of an act that its own help leaves out."""
    nouns = root()
    context = click.Context(nouns)
    command = nouns.get_command(context, "idea").get_command(context, "withdraw")  # type: ignore[union-attr, attr-defined]
    rows = []
    for one in command.params:
        if isinstance(one, click.Option) and one.hidden:
            one.hidden = False
            left, right = one.get_help_record(click.Context(command)) or ("", "")
            rows.append(f"| `{_cell(left)}` | {_cell(right)} |\n")
    return "".join(rows)


def cli() -> str:
    """docs/cli.md."""
    said, top = words.load()["cli"], root()
    context = click.Context(top, info_name="dmo")
    parts = [HEAD, SETTINGS.format(shared=_shared())]
    for title, names in said["groups"]:
        parts.append(f"## {title}\n\n")
        for name in names:
            command = top.get_command(context, name)
            if isinstance(command, click.Group):
                inner = click.Context(command, parent=context)
                if command.invoke_without_command:
                    parts.append(_section(command, name))
                for verb in command.list_commands(inner):
                    found = command.get_command(inner, verb)
                    assert found is not None, verb  # noqa: S101
                    parts.append(_section(found, f"{name} {verb}"))
            elif command is not None:
                parts.append(_section(command, name))
    parts.append("## Short forms\n\n| short | long |\n|---|---|\n")
    parts += [f"| `dmo {name}` | `dmo {long}` |\n" for name, long in said["short"].items()]
    return "".join(parts)


def permission_row(one: type[Act]) -> str:
    """An act's row in docs/permissions.md."""
    told = described(one)
    calls = f"`{told['contract']}.{told['function']}`" if one.call[0] else "what its fields name"
    return f"| {_cell(one.who)} | `{one.name}` | {calls} | {_cell(told['help'] or '')} |\n"


def permissions() -> str:
    """docs/permissions.md."""
    found = sorted(acts(), key=lambda one: (one.who, one.name))
    between = sorted((by, f"{at}.{name}") for (at, name), by in BETWEEN_CONTRACTS.items())
    return PERMISSIONS.format(
        rows="".join(map(permission_row, found)), between="".join(f"| {by} | `{call}` |\n" for by, call in between)
    )


def main(arguments: list[str]) -> int:
    """Write the files, or compare them."""
    stale = 0
    for name, text in {"cli.md": cli(), "permissions.md": permissions()}.items():
        file = DOCS / name
        if file.is_file() and file.read_text("utf-8") == text:
            continue
        if "--check" in arguments:
            print(f"docs/{name} is not up to date: python tools/generate_cli_docs.py")
            stale = 1
        else:
            file.write_text(text, "utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
