"""The documents are true, where a machine can tell: what they name exists, what exists is named."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

import dmo
from tools import measure_gas

ROOT = Path(__file__).resolve().parents[2]
# Made of commands' help, and checked by what makes it.
GENERATED = {"docs/cli.md"}
PEOPLE = {"founder", "holder", "lead", "worker", "juror", "anybody"}
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\(([^)\s]+)\)")


@cache
def documents() -> dict[str, str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())
    return {name: (ROOT / name).read_text("utf-8") for name in names}


def document(name: str) -> str:
    return documents()[name]


@cache
def make_targets() -> dict[str, bool]:
    """Every target of the Makefile, and whether `make help` lists it."""
    found = re.findall(r"^([a-z-]+):[^=\n]*?(##.*)?$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return {target: bool(help_) for target, help_ in found}


@cache
def contracts() -> dict[str, str]:
    """Contracts that can be deployed, mocks aside: the file's text by name."""
    found = {}
    for file in sorted((ROOT / "contracts").rglob("*.sol")):
        text = file.read_text("utf-8")
        if "mocks" not in file.parts and re.search(rf"^contract {file.stem}\b", text, re.MULTILINE):
            found[file.stem] = text
    return found


def anchors(text: str) -> set[str]:
    """Names of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.+?)\s*$", _FENCE.sub("", text), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("name", sorted(documents()))
def test_every_link_leads_somewhere(name: str) -> None:
    dead = []
    for target in _LINK.findall(_FENCE.sub("", document(name))):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        if (
            not file.exists()
            or not file.is_relative_to(ROOT)
            or (anchor and anchor not in anchors(file.read_text("utf-8")))
        ):
            dead.append(target)
    assert not dead


@pytest.mark.parametrize("name", sorted(set(documents()) - GENERATED))
def test_every_make_target_exists(name: str) -> None:
    code = "\n".join(re.findall(r"`[^`\n]+`|^make .*$", document(name), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code))
    assert named <= set(make_targets())


def test_every_listed_make_target_is_told_of() -> None:
    told = document("README.md") + document("CONTRIBUTING.md")
    listed = {target for target, is_listed in make_targets().items() if is_listed}
    assert {target for target in listed if f"make {target}" not in told} == {"help"}


def test_readme_names_commands_that_exist() -> None:
    reference = document("docs/cli.md")
    known = set(re.findall(r"^### dmo (.+)$", reference, re.MULTILINE))
    known |= set(re.findall(r"^\| `dmo (\w+)` \|", reference, re.MULTILINE))
    named = re.findall(r"`dmo ([a-z][^`]*)`", document("README.md"))
    named += re.findall(r"^dmo ([a-z].*)$", document("README.md"), re.MULTILINE)
    assert len(named) > 20
    nouns = {command.split()[0] for command in known}
    for command in named:
        words = command.split()
        is_noun = len(words) == 1 and command in nouns  # which shows its commands
        assert is_noun or words[0] in known or " ".join(words[:2]) in known, command


def test_readme_speaks_to_everybody() -> None:
    table = re.findall(r"^\| ([a-z]+) \|", document("README.md"), re.MULTILINE)
    assert set(table) >= PEOPLE
    assert "Unaudited" in document("README.md").split("\n## ")[0]


def test_readme_shows_every_room() -> None:
    tree = document("README.md")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    rooms = {name.split("/")[0] for name in files if "/" in name and not name.startswith(".")}
    hidden = {"bin", "requirements"}
    assert {room for room in rooms - hidden if f"\n{room}/ " not in tree} == set()
    inner = {file.parent.name for file in (ROOT / "contracts").rglob("*.sol")} - {"mocks"}
    assert {room for room in inner if f"\n  {room}/ " not in tree} == set()


def test_every_contract_is_in_the_architecture() -> None:
    text = document("docs/architecture.md")
    assert {name for name in contracts() if f"`{name}`" not in text} == set()


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    newest = re.search(r"^## \[(\d[^\]]*)\]", document("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert newest[1] == project["version"] == dmo.__version__
    assert newest[1] == json.loads((ROOT / "package.json").read_text())["version"]


def test_changelog_begins_with_what_is_not_released() -> None:
    text = document("CHANGELOG.md")
    headings = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    assert headings[0] == "Unreleased"
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_every_public_name_is_explained() -> None:
    """Errors, events, structs and functions of the interfaces carry a notice."""
    bare = []
    for file in sorted((ROOT / "interfaces").glob("*.sol")):
        note = False
        for line in file.read_text("utf-8").split("\n"):
            words = line.strip().split(" ")
            if words[0] in {"error", "event", "struct", "enum", "function"} and not note:
                bare.append(f"{file.name}: {line.strip()}")
            note = "@notice" in line or (note and words[0] == "///")
    assert not bare


def test_threat_model_cites_tests_that_exist() -> None:
    known = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        known |= set(re.findall(r"def (test_\w+)", file.read_text("utf-8")))
    cited = set(re.findall(r"`(test_\w+)`", document("docs/threat-model.md")))
    assert len(cited) > 30
    assert cited <= known


def test_threat_model_explains_findings_about_code_that_exists() -> None:
    found = re.findall(r"^- `([a-z-]+): (\w+)(?:\.(\w+))?`", document("docs/threat-model.md"), re.M)
    assert found
    for _, contract, function in found:
        files = list((ROOT / "contracts").rglob(f"{contract}.sol"))
        assert len(files) == 1, contract
        assert not function or re.search(rf"\b{function}\b", files[0].read_text("utf-8")), function


def test_readme_quotes_the_recorded_gas() -> None:
    keys = measure_gas.between(document("docs/gas.md"), "keys")
    recorded = set(re.findall(r"^(\| .+? \| [\d,]+ \|)", keys, re.M))
    quoted = re.findall(r"^\| .+ \| +[\d,]+ \|$", document("README.md"), re.M)
    assert len(quoted) >= 3
    assert set(quoted) <= recorded
    printed = re.findall(r"^  gas: (\S+) +(\w+) +([\d,]+)$", document("README.md"), re.M)
    assert printed
    cells = measure_gas.recorded()
    assert [f"{cells[act][column]:,}" for act, column, _ in printed] == [used for *_, used in printed]


def test_contributing_shows_an_act_that_exists() -> None:
    shown = re.findall(
        r"```(?:python|toml)\n(.*?)```", document("CONTRIBUTING.md").partition("## A new act")[2], re.DOTALL
    )[:2]
    act, words = shown
    assert len(act.splitlines()) <= 15
    assert act in (ROOT / "dmo/capabilities/campaigns.py").read_text("utf-8")
    assert words in (ROOT / "dmo/words/en/campaigns.toml").read_text("utf-8")
