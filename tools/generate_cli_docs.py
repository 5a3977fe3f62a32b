#!/usr/bin/env python3
"""Write docs/cli.md from the command line's own help; with --check, only compare."""

from __future__ import annotations

import sys
from copy import copy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from typer._click.core import Context  # noqa: E402

from dmo.cli import texts  # noqa: E402
from dmo.cli.app import NOUNS, SHORT, command_of  # noqa: E402
from dmo.cli.options import ACT  # noqa: E402

TARGET = ROOT / "docs" / "cli.md"

HEAD = """\
# The command line

Generated from the help of every command by `tools/generate_cli_docs.py`; do not edit. Every example
here runs in `tests/scripts/test_cli_chain.py`.

```
export PATH="$PWD/bin:$PATH"      # once per shell, in this clone after `make setup`
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
| `DMO_DEPLOYMENTS` | folder of address books, instead of `deployments/` |
| `DMO_RPC` | address of the node (`--rpc`) |
| `DMO_RPC_<NAME>` | address of the node for `--network <name>` |
| `DMO_ACCOUNT` | account to act as (`--account`) |
| `DMO_KEYSTORE_DIR` | folder of keystores, instead of `~/.dmo/keystores` |
| `DMO_PASSWORD_FILE`, `DMO_PASSWORD` | password of the keystore, instead of typing it |
| `DMO_PRIVATE_KEY` | key for `dmo account import`, instead of typing it |
| `DMO_YES=1` | do not ask before sending (`--yes`) |
| `DMO_STORE` | folder of documents, instead of `~/.dmo/documents` |
| `DMO_GATEWAYS` | gateways to look for documents at, separated by spaces |
| `DMO_HOME` | instead of `~/.dmo`; jurors' salts are in its folder `salts` |
| `NO_COLOR` | no colours |

Accounts may be named by `me`, a keystore's name, `treasury`, `escrow`, or an address.

## For machines

`--format json` prints one object: `{{"ok": true, "command", "deployment", "chain_id", "data",
"transactions"}}` or `{{"ok": false, "error": {{"code", "args", "message", "hint"}}}}`; see
`docs/schemas/command.json`. Amounts in it are decimal strings in the smallest unit.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | refused by the chain, or a failed check |
| 2 | bad input |
| 3 | network |
| 10 | something is due (`dmo status`) |
| 130 | interrupted |

"""


def _help(command: Any, path: list[str]) -> str:
    """Help of a command, without the options that all share."""
    inner = copy(command)
    inner.params = [one for one in command.params if one.name not in ACT]
    context = Context(
        inner,
        info_name=" ".join(["dmo", *path]),
        terminal_width=100,
        help_option_names=["-h", "--help"],
    )
    return str(inner.get_help(context)).rstrip()


def _shared() -> str:
    """The options that all share."""
    command = command_of("idea").commands["withdraw"]
    context = Context(command, info_name="dmo", terminal_width=100)
    options = [one for one in command.params if one.name in ACT]
    rows = [one.get_help_record(context) for one in options]
    return "".join(f"| `{left.replace('|', chr(92) + '|')}` | {right} |\n" for left, right in rows)


def _section(command: Any, path: list[str]) -> str:
    body = "\n".join(line.rstrip() for line in _help(command, path).splitlines())
    return f"### dmo {' '.join(path)}\n\n```\n{body}\n```\n\n"


def render() -> str:
    """The whole file."""
    parts = [HEAD, SETTINGS.format(shared=_shared())]
    for title, names in texts.GROUPS:
        parts.append(f"## {title}\n\n")
        for name in names:
            command = command_of(name)
            if name in NOUNS:
                for verb, inner in command.commands.items():
                    parts.append(_section(inner, [name, verb]))
            else:
                parts.append(_section(command, [name]))
    parts.append("## Short forms\n\n| short | long |\n|---|---|\n")
    parts += [f"| `dmo {name}` | `dmo {' '.join(long)}` |\n" for name, long in SHORT.items()]
    return "".join(parts)


def main(arguments: list[str]) -> int:
    """Write the file, or compare it."""
    text = render()
    if "--check" in arguments:
        if not TARGET.is_file() or TARGET.read_text("utf-8") != text:
            print("docs/cli.md is not up to date: python tools/generate_cli_docs.py")
            return 1
        return 0
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
