"""config/examples: what a founder starts from, for three kinds of token on three test networks."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from dmo.deploy.config import DeployConfig, load_config
from dmo.home.context import chain_facts

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "config" / "examples").glob("*.toml"))
NETWORKS_FILE = ROOT / "config" / "brownie-networks.yaml"
NETWORKS = {
    network["id"]: network
    for group in yaml.safe_load((ROOT / "config" / "brownie-networks.yaml").read_text("utf-8"))["live"]
    for network in group["networks"]
}


def test_there_is_one_for_each_kind_of_token_and_each_network() -> None:
    configs = [load_config(file) for file in EXAMPLES]
    assert {config.token.kind for config in configs} == {"new", "wrap", "votes"}
    assert {config.network.chain_id for config in configs} == {11155111, 11155420, 534351}


@pytest.mark.parametrize("chain_id", [11155111, 11155420, 534351])
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_is_good_on_each_network(file: Path, chain_id: int) -> None:
    data = tomllib.loads(file.read_text("utf-8"))
    data["network"]["chain_id"] = chain_id
    config = DeployConfig.model_validate(data)
    assert config.network.testnet
    assert chain_facts(chain_id).is_test


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_says_how_it_is_deployed(file: Path) -> None:
    text = file.read_text("utf-8")
    chain_id = load_config(file).network.chain_id
    (network,) = (n for n in NETWORKS.values() if n["chainid"] == chain_id and n["id"] != "play")
    assert f"--network {network['id']}" in text
    assert f"export {network['host'].removeprefix('$')}=" in text
    assert "FILL IN" in text


def test_no_node_but_that_of_this_machine_stands_in_a_file() -> None:
    for name, network in NETWORKS.items():
        host = network["host"]
        if name == "play":
            assert host.startswith("http://127.0.0.1:")
        else:
            assert host == f"$DMO_RPC_{name.upper().replace('-', '_')}"
