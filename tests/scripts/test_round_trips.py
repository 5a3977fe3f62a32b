"""How often `dmo status` asks the node: a phone far from it waits for every time.

given a deployment without ideas -> test_an_empty_deployment_takes_five
  when it runs in a process of its own -> test_a_status_loads_nothing_heavy
given a thousand ideas and a thousand submissions
  when nothing of them is known here -> test_a_thousand_ideas_and_submissions_take_twelve
  when logs come by a hundredth of its age -> test_a_capped_provider_takes_twelve_once_the_store_is_warm
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmo.core.rpc import HttpTransport
from tests.support import crowd
from tests.support.cli_chain import ROOT, Stage, anvil

EMPTY, CROWDED = 5, 12
HEAVY = {
    *{"brownie", "web3", "eth_account", "eth_abi", "eth_utils", "pydantic", "yaml", "langcodes", "jinja2"},
    *{"sqlalchemy.dialects.postgresql", "psycopg", "apprise", "starlette", "uvicorn", "fastapi", "flask"},
}
"""What takes longer to load than the rest of a command takes altogether."""
STATUS = "import sys; from dmo.faces.cli import main; main(['status']); print(*sys.modules)"


class Provider:
    """Counts what is sent to the node, and gives logs of so many blocks at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trips = 0
        self.most: int | None = None
        self.refused = 0
        post = HttpTransport._post

        def counted(transport: HttpTransport, body: bytes, *given: Any, **more: Any) -> Any:
            self.trips += 1
            return self.capped(json.loads(body), post(transport, body, *given, **more))

        monkeypatch.setattr(HttpTransport, "_post", counted)

    def capped(self, asked: Any, reply: Any) -> Any:
        """The reply, with an error where too many blocks of logs were asked for."""
        if isinstance(asked, list):
            by_id = {one["id"]: one for one in asked}
            return [self.capped(by_id[one["id"]], one) for one in reply]
        if asked["method"] != "eth_getLogs" or self.most is None:
            return reply
        low, high = (int(asked["params"][0][key], 16) for key in ("fromBlock", "toBlock"))
        if high - low < self.most:
            return reply
        self.refused += 1
        message = f"query exceeds max block range {self.most}"
        return {"id": reply["id"], "error": {"code": -32000, "message": message}}

    def status(self, stage: Stage, who: str) -> int:
        """The trips that a status takes."""
        self.trips = 0
        result = stage.run("status --format json", who)
        assert result.code in (0, 10), result.out
        return self.trips


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    return Provider(monkeypatch)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with anvil() as (chain, url):
        stage = Stage(chain, url, tmp_path_factory.mktemp("crowd"))
        crowd.build(stage)
        yield stage


def test_an_empty_deployment_takes_five(provider: Provider, tmp_path: Path) -> None:
    with anvil() as (chain, url):
        stage = Stage(chain, url, tmp_path)
        stage.deploy()
        for number in (0, 1, 4):
            if number:
                stage.round_starts(number)
            assert 0 < provider.status(stage, "alice") <= EMPTY


def test_a_status_loads_nothing_heavy(tmp_path: Path) -> None:
    with anvil() as (chain, url):
        stage = Stage(chain, url, tmp_path)
        stage.deploy()
        stage.round_starts(1)
        known = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
        done = subprocess.run(
            [sys.executable, "-c", STATUS],
            env={**known, **stage.environment("alice"), "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
    *said, modules = done.stdout.splitlines()
    assert "dmo idea new" in said[-1]
    assert not set(modules.split()) & HEAVY


@pytest.mark.parametrize("who", ["alice", "dave"])
def test_a_thousand_ideas_and_submissions_take_twelve(provider: Provider, crowded: Stage, who: str) -> None:
    crowded.home_folder = f"home-{who}"
    assert 0 < provider.status(crowded, who) <= CROWDED
    items = crowded.run("status --all --format json", who).json["data"]["items"]
    judged = [one for one in items if one["kind"] in ("judge", "review")]
    assert len(judged) == {"alice": 1_000, "dave": 1}[who]
    assert "1000 ideas" in next(one["text"] for one in items if one["kind"] == "vote")


def test_a_capped_provider_takes_twelve_once_the_store_is_warm(provider: Provider, crowded: Stage) -> None:
    request = crowded.chain.transport.request
    age = crowded.chain.block().number - crowded.dmo.birth
    provider.most = age // 100
    crowded.home_folder = "home-bob"  # who has seen nothing yet
    provider.status(crowded, "bob")
    assert provider.refused
    provider.refused = 0
    for blocks in (0, 1, provider.most):
        request("anvil_mine", [hex(blocks)])
        assert 0 < provider.status(crowded, "bob") <= CROWDED
    assert provider.refused == 0, "the range was learnt, and is not tried again"
