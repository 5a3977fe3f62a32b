"""Which commands there are, from the reference that is made of their help."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def known_commands() -> set[str]:
    """Groups (``govern``) and commands (``govern list``), without ``dmo``."""
    reference = (ROOT / "docs" / "cli.md").read_text("utf-8")
    commands = set(re.findall(r"^### dmo (.+)$", reference, re.MULTILINE))
    groups = {command.split()[0] for command in commands}
    return commands | groups | set(re.findall(r"^\| `dmo (\w+)` \|", reference, re.MULTILINE))
