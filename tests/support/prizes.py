"""A season's prizes, as a proposal of the treasury pays them: a drop that everybody's list has."""

from __future__ import annotations

from pathlib import Path

from dmo.capabilities.dropping import CreateDrop
from dmo.core import act, engine
from dmo.core.calls import make_call
from dmo.core.sender import KeySender
from dmo.home.manifests import read
from tests.support.cli_chain import Stage


def by_the_treasury(stage: Stage, manifest: Path, starts: str, ends: str) -> None:
    """Do what the proposal would call, as the treasury; carol gives it what is paid out."""
    treasury, budget = stage.dmo.address("Treasury"), stage.dmo.budget_token.address
    gift = make_call("ERC20", budget, "transfer", [treasury, read(manifest).tree.total], "Give")
    KeySender(stage.chain, stage.keys["carol"]).send(gift)
    given = {"file": str(manifest), "starts": starts, "ends": ends}
    home = stage.home().acting_as(treasury)
    for step in engine.plan(home, act.read(CreateDrop, home, given)).steps:
        stage.govern(step.call)
