"""A deployment on the test chain, and what it takes to disturb it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from brownie import web3

from dmo.chain import Chain
from dmo.deploy.artifacts import Artifact
from dmo.deploy.check import recompile
from dmo.deploy.config import load_config
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / "config" / "local.toml"


@pytest.fixture(scope="session")
def node() -> Chain:
    return Chain.connect(str(web3.provider.endpoint_uri))


@pytest.fixture(scope="session")
def fresh_code() -> dict[str, Artifact]:
    """The sources compiled anew, once for all tests: it takes most of a minute."""
    return recompile(ROOT, load_config(LOCAL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of its own for config, journal and book."""
    for name in ("local.toml", "local-holders.csv"):
        shutil.copy(ROOT / "config" / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def prepare(node: Chain, folder: Path, accounts) -> Callable[..., DeployRun]:
    """Plan, or go on with, the deployment in the folder."""

    def begin(name: str = "local", deployer: object = None) -> DeployRun:
        account = str(deployer or accounts[0])
        return DeployRun.prepare(node, folder / f"{name}.toml", account, ROOT, folder)

    return begin


@pytest.fixture
def sender(node: Chain, accounts) -> UnlockedSender:
    return UnlockedSender(node, str(accounts[0]))
