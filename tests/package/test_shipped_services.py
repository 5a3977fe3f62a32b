"""What is shipped to run keeper, index and page names what there is.

given the units, the compose file, the image and the proxies
  their commands, options and settings exist
"""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from dmo.capabilities.keeper import KeeperRun
from dmo.capabilities.page import Web
from dmo.faces import cli
from dmo.faces.web.guarded import MOST_BODY

ROOT = Path(__file__).resolve().parents[2]
OPS = ROOT / "ops"
OURS = ("keeper", "index", "page")


def checked(line: list[str]) -> type[Any]:
    """The registry's command of a command line, whose options are all its own."""
    words = 2 if " ".join(line[:2]) in cli.commands() else 1
    name = " ".join(line[:words])
    cli.command(name).make_context(name, list(line[words:]))
    return cli.commands()[name]


def units() -> dict[str, configparser.ConfigParser]:
    found = {}
    for file in OPS.glob("*.service"):
        found[file.name] = configparser.ConfigParser(interpolation=None, strict=True)
        found[file.name].optionxform = str  # type: ignore[assignment,method-assign]
        found[file.name].read_string(file.read_text("utf-8"))
    return found


def test_the_units_run_what_there_is() -> None:
    known = units()
    assert set(known) == {"dmo-keeper.service", "dmo-index.service", "dmo-web.service"}
    for unit in known.values():
        program, *line = shlex.split(unit["Service"]["ExecStart"])
        assert Path(program).name == "dmo"
        checked(line)
        assert (unit["Service"]["Restart"], unit["Service"]["NoNewPrivileges"]) == ("always", "yes")
    assert "Credential" not in (OPS / "dmo-web.service").read_text("utf-8")
    keeper = known["dmo-keeper.service"]["Service"]
    assert checked(shlex.split(keeper["ExecStart"])[1:]) is KeeperRun
    assert "DMO_PASSWORD_FILE=%d/password" in keeper["Environment"]
    assert keeper["LoadCredential"].startswith("password:/")
    with pytest.raises(click.UsageError):
        checked(["keeper", "run", "--password", "play"])


def test_the_compose_file_runs_what_there_is() -> None:
    made = yaml.safe_load((OPS / "compose.yaml").read_text("utf-8"))
    services = made["services"]
    assert set(services) == {"keeper", "index", "page", "database", "chain"}
    for name in OURS:
        checked(services[name]["command"])
        assert set(services[name]["depends_on"]) <= set(services)
        for volume in services[name]["volumes"]:
            source = volume.partition(":")[0]
            assert source.startswith("./") or source in made["volumes"]
        assert services[name]["environment"]["DMO_INDEX"].startswith("postgresql://")
    assert services["keeper"]["environment"]["DMO_PASSWORD_FILE"] == f"/run/secrets/{services['keeper']['secrets'][0]}"
    assert set(services["keeper"]["secrets"]) == set(made["secrets"])
    assert all(place.startswith("127.0.0.1:") for name in OURS for place in services[name].get("ports", ()))
    page = services["page"]
    assert not any("keystores" in volume for volume in page["volumes"])
    assert "secrets" not in page
    wishes = cli.command("web").make_context("web", page["command"][1:]).params
    assert wishes["public"]
    assert wishes["host"] == "0.0.0.0"
    assert page["ports"] == [f"127.0.0.1:{Web.parameters()['port'].default}:8700"]
    asked = re.search(r"http://[^/]+/[^']+", page["healthcheck"]["test"][-1])
    assert asked is not None
    assert asked[0] == "http://127.0.0.1:8700/head.json"
    (folder,) = {
        (OPS / services[name]["build"]["context"] / services[name]["build"]["dockerfile"]).resolve() for name in OURS
    }
    assert folder == OPS / "Containerfile"


def test_the_image_runs_what_there_is() -> None:
    told = re.findall(r"^([A-Z]+) (.*)$", (OPS / "Containerfile").read_text("utf-8"), re.MULTILINE)
    last = dict(told)
    assert last["USER"] != "root"
    assert json.loads(last["ENTRYPOINT"]) == ["dmo"]
    checked(json.loads(last["CMD"]))
    extras = re.search(r"\[([\w,]+)\]", last["RUN"])
    assert extras is not None
    for extra in extras[1].split(","):
        assert f"{extra} = " in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_proxies_of_the_document_lead_to_the_page() -> None:
    told = (ROOT / "docs/hosting.md").read_text("utf-8")
    port = Web.parameters()["port"].default
    caddy, nginx = re.findall(r"```(?:caddy|nginx)\n(.*?)```", told, re.DOTALL)
    for proxy, body in ((caddy, r"max_size (\d+)KB"), (nginx, r"client_max_body_size (\d+)k;")):
        assert proxy.count("{") == proxy.count("}")
        assert f"127.0.0.1:{port}" in proxy
        (most,) = re.findall(body, proxy)
        assert int(most) * 1024 >= MOST_BODY
        assert "Strict-Transport-Security" in proxy
    assert "proxy_set_header Host $host;" in nginx, "under another name nothing is answered"
    (zone,) = re.findall(r"limit_req zone=(\w+)", nginx)
    assert f"zone={zone}:10m" in nginx
    name = re.match(r"\S+", caddy)
    assert name is not None
    assert f"server_name {name[0]};" in nginx
    assert f"--called {name[0]}" in told


def test_settings_that_are_shipped_are_read() -> None:
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "dmo").rglob("*.py"))
    assert "DMO_PAGE" not in sources  # which only the files themselves read
    sources += "DMO_PAGE"
    for file in OPS.iterdir():
        for name in set(re.findall(r"\bDMO_[A-Z_]+", file.read_text("utf-8"))):
            assert name in sources, f"{file.name}: nothing reads {name}"
