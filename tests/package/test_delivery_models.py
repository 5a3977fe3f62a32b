"""The founder's page on delivery models: its commands are commands, its roles are those of a deployment.

given every command line of docs/delivery-models.md
├── its command is known, and takes what it is given
└── acts that it proposes are acts, with fields that they have
given the numbers of roles in it: they are those that a deployment grants
"""

from __future__ import annotations

import re
import shlex
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from dmo.capabilities import registry
from dmo.core.act import Act, given
from dmo.faces import cli

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "delivery-models.md").read_text("utf-8")
LINES = [line for block in re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines() if line]
ROLES = tomllib.loads(resources.files("dmo.deploy").joinpath("roles.toml").read_text("utf-8"))["roles"]


def parsed(line: str) -> tuple[str, dict[str, object]]:
    """A command line's name and what it gives. Raises click's errors: it cannot be typed so."""
    _, *parts = shlex.split(line)
    name = next(" ".join(parts[:count]) for count in (2, 1) if " ".join(parts[:count]) in registry())
    context = cli.command(name).make_context(name, parts[len(name.split()) :])
    return name, context.params


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_page_can_be_typed(line: str) -> None:
    name, told = parsed(line)
    if name != "govern propose":
        return
    for text in (text for value in told.values() if isinstance(value, tuple | list) for text in value):
        words = shlex.split(str(text))
        act = " ".join(words[:2])
        assert issubclass(registry()[act], Act)
        fields = given(registry()[act], words[2:])
        assert {*fields} <= {*registry()[act].parameters()}
        assert {*registry()[act].required()} <= {*fields}


def test_it_shows_all_three_models() -> None:
    assert re.findall(r"^## (\w+)$", TEXT, re.MULTILINE) == ["Open", "Central", "Hybrid"]
    assert len(LINES) >= 20
    assert {parsed(line)[0] for line in LINES} >= {"govern propose", "bounty post", "asset endorse", "need answer"}


def test_the_roles_of_the_page_are_those_of_a_deployment() -> None:
    said = dict(re.findall(r"(\d) (brand|plan|claims|core)\b", TEXT))
    assert said == {str(ROLES[name]["number"]): name for name in ("brand", "plan", "claims", "core")}
    used = {number for line in LINES for number in re.findall(r"role=(\d)", line)}
    assert used == {*said}
