"""A deployment on the test chain."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from brownie import web3

from dmo.core.calls import make_call
from dmo.core.chain import Chain
from dmo.deploy.artifacts import Artifact, load_artifacts
from dmo.deploy.config import load_config
from dmo.deploy.contracts import contracts_needed
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from tests.scripts.dispute_scene import Scene
from tests.support.cli_chain import Stage, anvil, funded_stage
from tests.support.deployments import EXAMPLE, ROOT, example_in
from tests.support.immutables import places


@pytest.fixture(scope="session")
def node() -> Chain:
    return Chain.connect(str(web3.provider.endpoint_uri))


@pytest.fixture(scope="session")
def fresh_code() -> dict[str, Artifact]:
    """What `check` would compile anew; test_check.py compares some of it with what the compiler really says."""
    build = ROOT / "build"
    code = load_artifacts(build, (*contracts_needed(load_config(EXAMPLE)), "VotesWrapper"))
    return {
        name: dataclasses.replace(one, immutables=places(build / "contracts" / f"{name}.json"))
        for name, one in code.items()
    }


@pytest.fixture(autouse=True)
def _unrehearsed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rehearse where a test is about it (mark ``rehearsed``), not before each of the others' deployments."""
    if request.node.get_closest_marker("rehearsed") is None:
        monkeypatch.setattr(DeployRun, "rehearse", lambda _: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of its own for config, journal and book."""
    return example_in(tmp_path)


@pytest.fixture
def prepare(node: Chain, folder: Path, fresh_code, accounts) -> Callable[..., DeployRun]:
    """Plan, or go on with, the deployment in the folder."""

    def begin(deployer: object = None) -> DeployRun:
        account = str(deployer or accounts[0])
        return DeployRun.prepare(node, folder / "local.toml", account, ROOT, folder, fresh_code)

    return begin


@pytest.fixture
def sender(node: Chain, accounts) -> UnlockedSender:
    return UnlockedSender(node, str(accounts[0]))


@pytest.fixture
def plain_votes(PlainVotesToken):
    return PlainVotesToken


@pytest.fixture
def stablecoin(Stablecoin):
    return Stablecoin


@pytest.fixture
def other_chain() -> Iterator[str]:
    """A chain beside Brownie's, that other processes may use; it keeps no traces."""
    with anvil() as (_, url):
        yield url


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A chain of its own, on which people dispute."""
    with funded_stage(tmp_path_factory.mktemp("disputes")) as stage:
        yield Scene(stage)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A chain of its own, on which bob may fill the pool as governance does."""
    with funded_stage(tmp_path_factory.mktemp("sending")) as stage:
        allow = [0, stage.address("bob"), 0]
        stage.govern(make_call("AccessManager", stage.dmo.address("AccessManager"), "grantRole", allow, "Allow"))
        yield stage


@pytest.fixture
def stage(deployed: Stage) -> Iterator[Stage]:
    """The module's own chain, or else that one, for one test; afterwards as before."""
    request = deployed.chain.transport.request
    before = request("evm_snapshot", [])
    yield deployed
    request("evm_setAutomine", [True])
    deployed.go_back(before)
    request("anvil_setNextBlockBaseFeePerGas", [hex(10**9)])
    for file in (deployed.folder / "home" / "sent").glob("*"):
        file.unlink()
